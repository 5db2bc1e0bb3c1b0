//! The pages: search, reading, comparing, verifying, as HTML that works without JavaScript. One style sheet and one
//! script are in the program; nothing comes from elsewhere, and nothing is inline.

mod chosen;
mod compare;
mod facets;
mod folded;
mod hits;
mod language;
mod lit;
mod marks;
mod question;
mod reading;
mod search;
mod start;
mod text;
mod total;
mod verify;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use super::http::etag::{self, etag};
use super::http::{Http, body, pairs, problem_response, text_response};
use super::operations::Open;
use super::parameters::{Parameter, Values};
use super::problem::{Problem, title};
use crate::engine::Engine;
use crate::render::terminal::count;
use marks::message;
use question::report_path;

/// The id of an answer, for who passes over what is before it.
const ANSWER: &str = "answer";

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1d4f91"/><circle cx="14" cy="14" r="7" fill="none" stroke="#fff" stroke-width="3"/><path d="M19 19l7 7" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>"##;

/// A page: what it may be given, and how it is made.
struct Page {
    parameters: &'static [Parameter],
    make: fn(&Open, &Values) -> Result<Made, Problem>,
}

/// A page that is made, with its status: it may show what is wrong with the question beside the question, to be mended.
struct Made {
    markup: Markup,
    status: StatusCode,
}

impl From<Markup> for Made {
    fn from(markup: Markup) -> Made {
        Made { markup, status: StatusCode::OK }
    }
}

impl Made {
    /// A page that shows what is wrong with its question.
    fn refusing(markup: Markup) -> Made {
        Made { markup, status: StatusCode::BAD_REQUEST }
    }
}

/// The routes of the pages.
pub fn router() -> Router<Arc<Http>> {
    Router::new()
        .route("/", get(at_search))
        .route("/d/{*id}", get(at_reading))
        .route("/compare", get(at_compare))
        .route("/compare.svg", get(picture))
        .route("/verify", get(at_verify).post(post_verify))
        .route("/assets/style.css", get(|headers| asset(headers, "text/css; charset=utf-8", STYLE)))
        .route(
            "/assets/script.js",
            get(|headers| asset(headers, "text/javascript; charset=utf-8", SCRIPT)),
        )
        .route("/favicon.svg", get(|headers| asset(headers, "image/svg+xml", ICON)))
}

async fn asset(
    headers: HeaderMap,
    content_type: &'static str,
    text: &'static str,
) -> Response<Body> {
    let tag = format!("W/\"{}\"", env!("CARGO_PKG_VERSION"));
    let is_known = etag::is_known(&headers, &tag);
    let mut response = text_response(content_type, if is_known { "" } else { text });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    etag::add(response.headers_mut(), &tag);
    response
}

async fn at_search(State(http): State<Arc<Http>>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let page = Page { parameters: search::PARAMETERS, make: search::page };
    shown(&http, &page, pairs::of_address(&uri), &headers).await
}

async fn at_reading(
    State(http): State<Arc<Http>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let page = Page { parameters: reading::PARAMETERS, make: reading::page };
    let fault = |_| Problem::new(400, "bad_request", "the address is not UTF-8");
    let pairs = id.map_err(fault).and_then(|Path(id)| {
        let mut pairs = pairs::of_address(&uri)?;
        pairs.push(("id".to_owned(), id));
        Ok(pairs)
    });
    shown(&http, &page, pairs, &headers).await
}

async fn at_compare(State(http): State<Arc<Http>>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let page = Page { parameters: compare::PARAMETERS, make: compare::page };
    shown(&http, &page, pairs::of_address(&uri), &headers).await
}

async fn at_verify(State(http): State<Arc<Http>>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let page = Page { parameters: verify::PARAMETERS, make: verify::page };
    shown(&http, &page, pairs::of_address(&uri), &headers).await
}

async fn post_verify(State(http): State<Arc<Http>>, request: Request) -> Response<Body> {
    let page = Page { parameters: verify::PARAMETERS, make: verify::page };
    let bytes = body(request).await.map_err(verify::told_of_draft);
    let pairs = bytes.and_then(|bytes| pairs::of_form(&bytes));
    shown(&http, &page, pairs, &HeaderMap::new()).await
}

/// The picture of a comparison.
async fn picture(State(http): State<Arc<Http>>, uri: Uri) -> Response<Body> {
    let values =
        pairs::of_address(&uri).and_then(|pairs| Values::of_pairs(compare::PARAMETERS, pairs));
    let asked = values.and_then(|values| Ok((http.server.named(&values)?, values)));
    let drawn = match asked {
        Ok((open, values)) => http.server.pool.run(move || compare::picture(&open, &values)).await,
        Err(problem) => Err(problem),
    };
    match drawn {
        Ok(svg) => text_response("image/svg+xml", svg),
        Err(problem) => problem_response(&problem),
    }
}

/// Makes a page; a failure is a page too.
async fn shown(
    http: &Http,
    page: &Page,
    pairs: Result<Vec<(String, String)>, Problem>,
    headers: &HeaderMap,
) -> Response<Body> {
    let values = pairs.and_then(|pairs| Values::of_pairs(page.parameters, pairs));
    let asked = values.and_then(|values| Ok((http.server.named(&values)?, values)));
    let (open, values) = match asked {
        Ok(asked) => asked,
        Err(problem) => return failed(&problem),
    };
    let tag = etag(&open, &format!("page {:p} {}", page.parameters, values.canonical()));
    if etag::is_known(headers, &tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        etag::add(response.headers_mut(), &tag);
        return response;
    }
    let (make, until) = (page.make, values.until.clone());
    match http.server.pool.run(move || make(&open, &values)).await {
        Ok(Made { markup, status }) => {
            let mut response = text_response("text/html; charset=utf-8", markup.into_string());
            *response.status_mut() = status;
            // With more time there is more.
            if !until.has_cut() && status == StatusCode::OK {
                etag::add(response.headers_mut(), &tag);
            }
            response
        }
        Err(problem) => failed(&problem),
    }
}

/// A failure as a page.
pub fn failed(problem: &Problem) -> Response<Body> {
    let told = html! {
        h1 { (title(problem.status)) }
        p.notice role="alert" { (message(&problem.detail)) }
        @if let Some(hint) = &problem.hint { p { (message(hint)) } }
        p { a href="/" { "Search the reports" } }
    };
    let markup = layout(title(problem.status), "", None, &told);
    let mut response = text_response("text/html; charset=utf-8", markup.into_string());
    *response.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// The frame of a page. `here`: the address of the part that it belongs to.
fn layout(name: &str, here: &str, open: Option<&Open>, content: &Markup) -> Markup {
    framed(name, here, open, None, content)
}

/// The same of a page that answers something: a second link by which keys come to the answer, by its id.
fn answered(name: &str, here: &str, open: &Open, answer: &str, content: &Markup) -> Markup {
    framed(name, here, Some(open), Some(answer), content)
}

fn framed(
    name: &str,
    here: &str,
    open: Option<&Open>,
    answer: Option<&str>,
    content: &Markup,
) -> Markup {
    let parts = [("/", "Search"), ("/compare", "Compare"), ("/verify", "Verify")];
    let to = |path: &str| match open {
        Some(open) => address(open, path, &[]),
        None => path.to_owned(),
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (name) " – tipsearch" }
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/style.css";
                script src="/assets/script.js" defer {}
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                @if let Some(answer) = answer { a.skip href={ "#" (answer) } { "Skip to the results" } }
                header.top {
                    a.name href=(to("/")) { "tipsearch" }
                    nav aria-label="Parts" {
                        @for (path, label) in parts {
                            a href=(to(path)) aria-current=[(path == here).then_some("page")] {
                                (label)
                            }
                        }
                    }
                }
                main id="content" tabindex="-1" { (content) }
                footer {
                    @if let Some(open) = open {
                        @let summary = open.engine().summary();
                        p {
                            (count(summary.documents, "report")) ", " (count(summary.passages, "passage"))
                            ", generation " (summary.generation) ". "
                            a href="/openapi.json" { "For programs" } " · "
                            a href="/llms.txt" { "For models" }
                        }
                    }
                    p.keys {
                        "Keys: " kbd { "/" } " search, " kbd { "j" } " next, " kbd { "k" } " previous, "
                        kbd { "Enter" } " open"
                    }
                }
                p.said id="said" role="status" aria-live="polite" {}
            }
        }
    }
}

/// An address of an index with these parameters; those without a value are left out.
fn address(open: &Open, path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let index = ("index", open.asked_as().unwrap_or_default());
    for (name, value) in pairs.iter().chain([&index]).filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The choice among several indexes, as a field of a form.
fn indexes(open: &Open) -> Markup {
    html! {
        @if open.names.len() > 1 {
            label { "Collection " select name="index" autocomplete="off" {
                @for name in open.names.iter() { option selected[*name == open.name] { (name) } }
            } }
        }
    }
}

/// The index of a form that asks the same as its page, where it must be named.
fn same_index(open: &Open) -> Markup {
    html! { @if let Some(name) = open.asked_as() { input type="hidden" name="index" value=(name); } }
}

/// The address of a report's page, at a passage of it.
fn reading_address(open: &Open, doc_id: &str, id: Option<&str>) -> String {
    let at = [("at", id.unwrap_or_default())];
    address_at(address(open, &report_path(doc_id), &at), id)
}

/// The address of a passage on a page.
fn address_at(page: String, id: Option<&str>) -> String {
    match id {
        Some(id) => format!("{page}#p-{id}"),
        None => page,
    }
}
