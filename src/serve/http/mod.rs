//! HTTP: the door first, then the routes, which come from the table of operations; every answer goes the same way out.

mod door;
pub mod etag;
mod export;
mod listen;
mod metrics;
mod openapi;
pub mod pairs;
mod protocol;
mod rate;
mod routes;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use serde_json::Value;
use tokio::sync::Semaphore;
use tower::ServiceExt;

pub use door::Door;
pub use listen::listen;
use metrics::Metrics;
pub use openapi::{Named, document as openapi};
pub use rate::Rate;
pub use routes::{body, router};

use super::Server;
use super::log;
use super::problem::Problem;

/// The most bytes of a body.
pub const LARGEST_BODY: usize = 1 << 20;
/// How long a request may take from its head to the beginning of its answer, with its body and its time to wait.
const LONGEST_REQUEST: Duration = Duration::from_secs(20);

/// What a page may use: itself. There is nothing inline, and nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer says to browsers.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With `no-referrer` browsers send forms of our own pages with the origin `null`.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The server over HTTP.
pub struct Http {
    /// What answers.
    pub server: Arc<Server>,
    /// Who may ask.
    pub door: Door,
    /// What has been counted.
    pub metrics: Metrics,
    /// Places for exports.
    exports: Arc<Semaphore>,
}

impl Http {
    /// A server behind a door.
    pub fn new(server: Arc<Server>, door: Door) -> Http {
        let exports = Arc::new(Semaphore::new(export::MOST_EXPORTS));
        Http { server, door, metrics: Metrics::default(), exports }
    }

    /// Answers a request: whoever may not come in gets no further than this.
    pub async fn handle(
        &self,
        router: Router,
        client: IpAddr,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let start = Instant::now();
        let method = request.method().clone();
        let (foreign, checked) = self.door.check(client, &method, request.uri(), request.headers());
        let mut response = match checked {
            Err(problem) => problem_response(&problem),
            Ok(()) if method == Method::OPTIONS && foreign.is_some() => preflight(),
            Ok(()) => routed(router, request).await,
        };
        finish(response.headers_mut(), foreign.as_deref());
        let matched = response.extensions().get::<MatchedPath>();
        let route = matched.map_or("other", |matched| matched.as_str()).to_owned();
        let (status, took) = (response.status().as_u16(), start.elapsed());
        self.metrics.count(&route, status, took);
        log::answered(method.as_str(), &route, status, took);
        response
    }
}

async fn routed(router: Router, request: Request<Incoming>) -> Response<Body> {
    let request = request.map(Body::new);
    match tokio::time::timeout(LONGEST_REQUEST, router.oneshot(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => {
            let problem = Problem::new(503, "timed_out", "the request took too long");
            problem_response(&problem.retry_after(2))
        }
    }
}

/// The answer to a browser that asks whether a page of another origin may ask.
fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST");
    set(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, if-none-match, mcp-protocol-version, mcp-method, mcp-name",
    );
    set(header::ACCESS_CONTROL_MAX_AGE, "600");
    response
}

fn finish(headers: &mut HeaderMap, foreign: Option<&str>) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(Ok(origin)) = foreign.map(HeaderValue::from_str) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("etag, retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        let anyone = HeaderValue::from_static("cross-origin");
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), anyone);
    }
}

/// A failure as an answer.
pub fn problem_response(problem: &Problem) -> Response<Body> {
    let mut response = json_response(&problem.json());
    *response.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.status == 401 {
        let challenge = "Bearer realm=\"tipsearch\", Basic realm=\"tipsearch\", charset=\"UTF-8\"";
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

/// An answer as JSON.
pub fn json_response(value: &Value) -> Response<Body> {
    text_response("application/json", json_bytes(value))
}

/// A value as it is sent: half the time that it takes as a string.
fn json_bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A text of this type.
pub fn text_response(content_type: &'static str, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
