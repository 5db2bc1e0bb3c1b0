//! The routes: those of the table of operations, and those that every server has.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::routing::{MethodRouter, any_service, get};
use serde_json::Value;
use tokio::time::timeout;
use tower_http::compression::CompressionLayer;

use super::etag::{self, etag};
use super::protocol::at_mcp;
use super::{
    Http, LARGEST_BODY, Named, export, json_bytes, json_response, openapi, pairs, problem_response,
    text_response,
};
use crate::render::json::name_index;
use crate::serve::operations::{OPERATIONS, Operation};
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;
use crate::serve::repeated::repeated;
use crate::serve::shelf::Shelf;
use crate::serve::{about, mcp, pages};

/// How long a body may take to arrive.
const LONGEST_BODY: Duration = Duration::from_secs(10);

type Answer = Result<Response<Body>, Problem>;

/// Who takes neither an answer as it is nor in a form that it could have gets it as it is: that is what every client reads.
async fn uncompressed(mut request: Request, next: Next) -> Response<Body> {
    let headers = request.headers_mut();
    let is_refused =
        |name: &str| export::weighed(headers, &header::ACCEPT_ENCODING, name) == Some(0);
    let is_taken = |name: &str| export::weighed(headers, &header::ACCEPT_ENCODING, name) > Some(0);
    if (is_refused("*") || is_refused("identity"))
        && !["*", "br", "gzip", "identity"].iter().any(|it| is_taken(it))
    {
        headers.remove(header::ACCEPT_ENCODING);
    }
    next.run(request).await
}

/// All routes of a server.
pub fn router(http: &Arc<Http>) -> Router {
    let mut router: Router<Arc<Http>> = Router::new();
    for operation in &OPERATIONS {
        router = router.route(operation.path, operated(operation));
    }
    let mcp = mcp::over_http(Arc::clone(&http.server));
    router
        .route("/healthz", get(|| async { text_response("text/plain", "ok\n") }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(described))
        .route("/llms.txt", get(llms))
        .merge(pages::router())
        .route("/mcp", any_service(mcp).layer(from_fn(at_mcp)))
        .fallback(nowhere)
        .method_not_allowed_fallback(otherwise)
        .route_layer(from_fn(name_route))
        .layer(CompressionLayer::new())
        .layer(from_fn(uncompressed))
        .with_state(Arc::clone(http))
}

/// Leaves the pattern of the address with the answer, for the log.
async fn name_route(matched: MatchedPath, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(matched);
    response
}

/// A browser that follows a wrong link shows a page; programs, and who asks for what is theirs, are told as ever.
async fn nowhere(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let problem = Problem::new(404, "not_found", "there is nothing at this address");
    let is_for_programs = uri.path().starts_with("/v1/");
    let mut response = match !is_for_programs && is_page_accepted(&headers) {
        true => pages::failed(&problem),
        false => problem_response(&problem.hint("the addresses are in /openapi.json")),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

fn is_page_accepted(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accepts| {
        accepts.split(',').any(|kind| kind.trim().split(';').next() == Some("text/html"))
    })
}

async fn otherwise(method: Method) -> Response<Body> {
    let detail = format!("the address does not take {method}");
    problem_response(&Problem::new(405, "method_not_allowed", detail))
}

/// Ready is a server that has an index; without one it does not start.
async fn ready(State(http): State<Arc<Http>>) -> Response<Body> {
    let generation = crate::engine::Engine::summary(http.server.now().engine()).generation;
    let mut text = format!("ready, generation {generation}\n");
    if http.server.shelves.iter().any(Shelf::is_stuck) {
        text.push_str("stale: an index as it stands cannot be opened, and the state before it answers; the log says why\n");
    }
    text_response("text/plain", text)
}

async fn metrics(State(http): State<Arc<Http>>) -> Response<Body> {
    text_response("text/plain; version=0.0.4", http.metrics.text(&http.server))
}

/// The document names the indexes and fields that there are.
async fn described(State(http): State<Arc<Http>>) -> Response<Body> {
    let indexes = http.server.now().names.to_vec();
    json_response(&openapi(&Named { indexes, fields: http.server.fields() }))
}

async fn llms(State(http): State<Arc<Http>>) -> Response<Body> {
    let open = http.server.now();
    let told = http.server.pool.run(move || Ok(about::llms(&open))).await;
    match told {
        Ok(text) => text_response("text/plain; charset=utf-8", text),
        Err(problem) => problem_response(&problem),
    }
}

/// The methods of an operation.
fn operated(operation: &'static Operation) -> MethodRouter<Arc<Http>> {
    let mut methods = MethodRouter::new();
    if operation.by_get {
        methods = methods.get(
            move |State(http): State<Arc<Http>>,
                  path: Result<RawPathParams, RawPathParamsRejection>,
                  uri: Uri,
                  headers: HeaderMap| async move {
                let values = addressed(operation, path, &uri);
                let answer = match values {
                    Ok(values) => answered(&http, operation, values, &headers, true).await,
                    Err(problem) => Err(problem),
                };
                answer.unwrap_or_else(|problem| problem_response(&problem))
            },
        );
    }
    if operation.by_post {
        methods = methods.post(move |State(http): State<Arc<Http>>, request: Request| async move {
            let headers = request.headers().clone();
            let answer = match posted(operation, request).await {
                Ok(values) => answered(&http, operation, values, &headers, false).await,
                Err(problem) => Err(problem),
            };
            answer.unwrap_or_else(|problem| problem_response(&problem))
        });
    }
    methods
}

fn addressed(
    operation: &'static Operation,
    path: Result<RawPathParams, RawPathParamsRejection>,
    uri: &Uri,
) -> Result<Values, Problem> {
    let fault = |_| Problem::new(400, "bad_request", "the address is not UTF-8");
    let path = path.map_err(fault)?;
    let mut pairs = pairs::of_address(uri)?;
    pairs.extend(path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    Values::of_pairs(operation.parameters, pairs)
}

/// Whether a request says that its body is JSON.
pub fn is_json(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn posted(operation: &'static Operation, request: Request) -> Result<Values, Problem> {
    if request.uri().query().is_some_and(|query| !query.is_empty()) {
        let detail = "the parameters of a POST stand in its body, not in the address";
        return Err(Problem::new(400, "bad_request", detail));
    }
    if !is_json(&request) {
        let problem = Problem::new(415, "not_json", "the body is not of type application/json");
        return Err(problem.hint("send `Content-Type: application/json` and a JSON object"));
    }
    let bytes = body(request).await?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => match repeated(&bytes) {
            Some(told) => Err(Problem::new(400, "bad_parameter", format!("in the body {told}"))
                .hint("leave one of them out: which one is meant, nobody can tell")),
            None => Values::of_object(operation.parameters, &object),
        },
        Ok(_) => Err(Problem::new(400, "bad_request", "the body is not a JSON object")),
        Err(error) => {
            Err(Problem::new(400, "bad_request", format!("the body is not JSON: {error}")))
        }
    }
}

/// The body of a request, as far as it may go.
///
/// # Errors
/// `body_encoded`, `body_too_large`, `too_slow`.
pub async fn body(request: Request) -> Result<Vec<u8>, Problem> {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let problem =
            Problem::new(415, "body_encoded", "the body is compressed, and taken only as it is");
        return Err(problem.hint("send it without `Content-Encoding`"));
    }
    let too_large = || Problem::new(413, "body_too_large", "the body has more than 1 MiB");
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length: Option<u64> = length.and_then(|length| length.parse().ok());
    if length.is_some_and(|length| length > LARGEST_BODY as u64) {
        return Err(too_large());
    }
    match timeout(LONGEST_BODY, to_bytes(request.into_body(), LARGEST_BODY)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(Problem::new(408, "too_slow", "the body did not arrive in time")),
    }
}

/// Runs an operation. `is_get`: what has been asked so can be asked again.
async fn answered(
    http: &Http,
    operation: &'static Operation,
    values: Values,
    headers: &HeaderMap,
    is_get: bool,
) -> Answer {
    let open = http.server.named(&values)?;
    let is_search = operation.name == "search";
    let form = is_search.then(|| export::wanted(&values, headers)).flatten();
    let question = format!("{} {form:?} {}", operation.name, values.canonical());
    // Whether files have changed since indexing is looked at anew.
    let is_of_now = values.flag("exhaustive");
    let tag = (is_get && !is_of_now).then(|| etag(&open, &question));
    if let Some(tag) = tag.as_ref().filter(|tag| etag::is_known(headers, tag)) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        etag::add(response.headers_mut(), tag);
        return Ok(response);
    }
    let until = values.until.clone();
    let mut response = match form {
        Some(form) => export::export(http, open, values, form).await?,
        None => {
            let work = move || {
                let mut answer = (operation.run)(&open, &values)?;
                if let Some(index) = open.asked_as() {
                    name_index(&mut answer, index);
                }
                Ok(json_bytes(&answer))
            };
            text_response("application/json", http.server.pool.run(work).await?)
        }
    };
    if is_search {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    }
    // With more time there is another answer.
    if let Some(tag) = tag.filter(|_| !until.has_cut()) {
        etag::add(response.headers_mut(), &tag);
    }
    Ok(response)
}
