//! `/mcp` before the protocol itself: what a client accepts is taken generously, a message that is none is answered, and
//! what is refused is a problem as on every other route.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;

use super::export::accepted;
use super::routes::{body, is_json};
use super::{json_response, problem_response};
use crate::serve::mcp;
use crate::serve::problem::Problem;

/// The media types, any of which takes in what is answered: always JSON, never a stream of events.
const TAKE_JSON: [&str; 3] = ["application/json", "application/*", "*/*"];

/// Hands a request over to the protocol.
pub async fn at_mcp(mut request: Request, next: Next) -> Response<Body> {
    if request.method() == Method::POST {
        accept_both(request.headers_mut());
    }
    let version = request.headers().get(VERSION).cloned();
    as_problem(read_message(request, next).await, version.as_ref())
}

/// Where a client says which version of the protocol it speaks.
const VERSION: &str = "mcp-protocol-version";

/// What is wrong with a request that the library refuses without a word of JSON.
fn refused(version: Option<&HeaderValue>) -> Problem {
    let names: Vec<&str> = mcp::VERSIONS.iter().map(|version| version.as_str()).collect();
    let is_known =
        version.is_none_or(|it| it.to_str().is_ok_and(|version| names.contains(&version)));
    let detail = match is_known {
        true => "the request is none of the protocol",
        false => "`MCP-Protocol-Version` is none that there is here",
    };
    Problem::new(400, "bad_request", detail).hint(format!("there are {}", names.join(", ")))
}

/// The protocol has clients accept JSON and streams of events, both by name; its library refuses all others. As JSON is
/// what they get, who takes that is answered.
fn accept_both(headers: &mut HeaderMap) {
    let takes_json = TAKE_JSON.iter().any(|name| accepted(headers, name) > 0);
    if takes_json || !headers.contains_key(header::ACCEPT) {
        let both = HeaderValue::from_static("application/json, text/event-stream");
        headers.insert(header::ACCEPT, both);
    }
}

/// Answers a message that is none as the protocol does, and hands over another with whole characters. What is not said
/// to be JSON is left to the protocol.
async fn read_message(request: Request, next: Next) -> Response<Body> {
    if request.method() != Method::POST || !is_json(&request) {
        return next.run(request).await;
    }
    let (head, bytes) = request.into_parts();
    let read = body(Request::from_parts(head.clone(), bytes)).await;
    let bytes = match read {
        Ok(bytes) => mcp::mended(&bytes).into_owned(),
        Err(problem) => return problem_response(&problem),
    };
    match mcp::read(&bytes) {
        Ok(_) => next.run(Request::from_parts(head, Body::from(bytes))).await,
        Err(answer) => {
            let mut response = json_response(&answer);
            if !mcp::is_of_request(&answer) {
                *response.status_mut() = StatusCode::BAD_REQUEST;
            }
            response
        }
    }
}

/// What the library refuses in plain text, as a problem.
fn as_problem(response: Response<Body>, version: Option<&HeaderValue>) -> Response<Body> {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_json =
        content_type.and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains("json"));
    let problem = match response.status() {
        _ if is_json => return response,
        StatusCode::BAD_REQUEST => refused(version),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(405, "method_not_allowed", "the address takes POST only")
        }
        StatusCode::NOT_ACCEPTABLE => Problem::new(
            406,
            "not_acceptable",
            "the answer is JSON, which the client does not accept",
        )
        .hint("send `Accept: application/json, text/event-stream`"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::new(415, "not_json", "the body is not of type application/json")
                .hint("send `Content-Type: application/json` and a message of JSON-RPC 2.0")
        }
        _ => return response,
    };
    let allowed = response.headers().get(header::ALLOW).cloned();
    let mut response = problem_response(&problem);
    if let Some(allowed) = allowed {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
