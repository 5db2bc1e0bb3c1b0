//! What went wrong, for programs: a status, a code that stays the same, what to do about it (RFC 9457).

use serde_json::{Map, Value, json};

use crate::error::Error;

/// A failure as an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Stays the same from version to version.
    pub code: &'static str,
    /// What happened, for people.
    pub detail: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// After how many seconds to try again.
    pub retry_after: Option<u64>,
    /// What a program may want to know beside.
    more: Map<String, Value>,
}

/// The codes with their statuses, for the documentation: a test compares them with those in this source.
pub const CODES: [(u16, &str, &str); 25] = [
    (400, "bad_request", "The request is malformed."),
    (400, "bad_parameter", "A parameter is missing or may not have this value."),
    (400, "bad_query", "The query is malformed; `column` says where."),
    (400, "query_too_large", "The query goes beyond a cap."),
    (400, "unknown_parameter", "There is no such parameter; `nearest` is one that there is."),
    (401, "unauthorized", "The token is missing or wrong."),
    (403, "host_refused", "The server does not answer to this `Host`."),
    (403, "origin_refused", "Pages of this `Origin` may not use the server."),
    (404, "not_found", "There is no such document, passage or page."),
    (405, "method_not_allowed", "The address does not take this method."),
    (406, "not_acceptable", "The client does not accept JSON, which is what is answered."),
    (408, "too_slow", "The request did not arrive in time."),
    (409, "cursor_stale", "The cursor belongs to another query or state of the index."),
    (409, "index_unusable", "The index is missing, locked or of another format."),
    (413, "body_too_large", "The body has more than 1 MiB."),
    (415, "body_encoded", "The body is compressed, and taken only as it is."),
    (415, "not_json", "The body is not of type application/json."),
    (422, "too_costly", "The request by itself takes longer than a request may: ask for less."),
    (429, "too_many_requests", "This client asks too often; `Retry-After` says when to go on."),
    (500, "index_damaged", "The index cannot be read."),
    (500, "internal", "A fault of the program."),
    (503, "engine_unavailable", "The cluster that keeps the index does not answer."),
    (503, "overloaded", "Too much is being asked at once."),
    (503, "timed_out", "There was no answer in the time that a request has."),
    (503, "stopping", "The server is being stopped."),
];

impl Problem {
    /// A failure with this code and message.
    pub fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Problem {
        let detail = detail.into();
        Problem { status, code, detail, hint: None, retry_after: None, more: Map::new() }
    }

    /// The same with what to do about it.
    pub fn hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }

    /// The same with something that programs may want to know.
    pub fn with(mut self, name: &str, value: Value) -> Problem {
        self.more.insert(name.to_owned(), value);
        self
    }

    /// The same, to be tried again after so many seconds.
    pub fn retry_after(self, seconds: u64) -> Problem {
        Problem { retry_after: Some(seconds), ..self }
    }

    /// The same, where it took too long though it had all the time that there is: to ask again would not help.
    pub fn of_request(self) -> Problem {
        if self.code != "timed_out" {
            return self;
        }
        let detail = "the request took longer than a request may, from its beginning to its end";
        let problem = Problem::new(422, "too_costly", detail);
        Problem { hint: self.hint, ..problem }
    }

    /// A name that stands for nothing.
    pub fn not_found(what: &'static str, name: &str, hint: Option<String>) -> Problem {
        Problem::from(Error::NotFound { what, name: name.to_owned(), hint })
    }

    /// As `application/problem+json`.
    pub fn json(&self) -> Value {
        let mut value = json!({
            "type": "about:blank",
            "title": title(self.status),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        });
        if let Some(hint) = &self.hint {
            value["hint"] = json!(hint);
        }
        for (name, more) in &self.more {
            value[name] = more.clone();
        }
        value
    }

    /// In one text, for a model or a page.
    pub fn text(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}\n{hint}", self.detail),
            None => self.detail.clone(),
        }
    }
}

/// The phrase of a status (RFC 9110).
pub fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

impl From<Error> for Problem {
    /// What a failure of the search is to a client. Paths of this machine are not told.
    fn from(error: Error) -> Problem {
        let status = error.kind().http_status();
        let hint = error.hint();
        let told = |code, detail: String| {
            let problem = Problem::new(status, code, detail);
            match hint.clone() {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        };
        match &error {
            Error::Query { column, .. } => {
                told("bad_query", error.to_string()).with("column", json!(column))
            }
            Error::QueryTooLarge { .. } => told("query_too_large", error.to_string()),
            Error::Usage { .. } | Error::Evaluation { .. } => {
                told("bad_parameter", error.to_string())
            }
            Error::NotFound { .. } => told("not_found", error.to_string()),
            Error::CursorStale { .. } => Problem::new(status, "cursor_stale", error.to_string())
                .hint("search again without `cursor`"),
            Error::IndexMissing { .. } | Error::IndexRefused { .. } | Error::IndexLocked { .. } => {
                Problem::new(status, "index_unusable", "the index cannot be used now")
            }
            Error::IndexDamaged { .. } => {
                Problem::new(status, "index_damaged", "the index cannot be read")
            }
            Error::Engine { .. } => Problem::new(
                503,
                "engine_unavailable",
                "the cluster that keeps the index does not answer",
            )
            .retry_after(5),
            Error::Interrupted => {
                Problem::new(status, "stopping", "the server is being stopped").retry_after(1)
            }
            Error::TimedOut => told("timed_out", error.to_string()).retry_after(2),
            Error::Config { .. }
            | Error::Shard { .. }
            | Error::Model { .. }
            | Error::Io { .. }
            | Error::Internal { .. } => Problem::new(500, "internal", "a fault of the program"),
        }
    }
}
