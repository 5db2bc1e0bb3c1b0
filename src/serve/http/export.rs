//! Export: all hits of a search, a line of JSON each, sent as they are marked. So many exports at once, and whoever
//! reads too slowly loses the rest; a stream that ends early ends as a broken one.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, Response, header};
use hyper::body::{Bytes, Frame};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::{Http, text_response};
use crate::error::Error;
use crate::rank::Deadline;
use crate::render::json;
use crate::search::SearchRequest;
use crate::serve::answers::search_request;
use crate::serve::operations::Open;
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;

/// Exports at once.
pub const MOST_EXPORTS: usize = 2;
/// How long an export may take.
const LONGEST_EXPORT: Duration = Duration::from_secs(120);
/// How long it waits for whoever reads it.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A piece has about so many bytes; so many pieces wait to be read.
const PIECE: usize = 32 << 10;
const PIECES: usize = 4;

const CONTENT_TYPE: &str = "application/x-ndjson";

type Piece = Result<Bytes, Error>;

/// Whether all hits are asked for, as lines.
pub fn is_wanted(values: &Values, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_accepted = accepts.is_some_and(|accepts| {
        accepts.split(',').any(|kind| kind.trim().split(';').next() == Some(CONTENT_TYPE))
    });
    values.text("format") == "jsonl" || is_accepted
}

/// Answers with all hits. What is wrong with the request is said before the first of them.
///
/// # Errors
/// As a search; `overloaded` where there are too many exports.
pub async fn export(
    http: &Http,
    open: Arc<Open>,
    values: Values,
) -> Result<Response<Body>, Problem> {
    let slot = Arc::clone(&http.exports).try_acquire_owned().map_err(|_| {
        let problem = Problem::new(503, "overloaded", "too many exports at once");
        problem.retry_after(5)
    })?;
    let (sender, receiver) = channel(PIECES);
    let (begin, begun) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let mut lines = Lines {
            sender,
            begin: Some(begin),
            text: String::new(),
            deadline: Instant::now() + LONGEST_EXPORT,
        };
        let until = Deadline::after(LONGEST_EXPORT);
        let request = SearchRequest { until, ..search_request(&values) };
        let done = open.stream(&request, |found| {
            lines.text.push_str(&json::hit(found).to_string());
            lines.text.push('\n');
            if lines.text.len() < PIECE { Ok(()) } else { lines.send() }
        });
        lines.end(done.map(|_| ()));
        drop(slot);
    });
    match begun.await {
        Ok(Ok(())) => Ok(text_response(CONTENT_TYPE, Body::new(Stream { receiver }))),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Problem::new(500, "internal", "a fault of the program")),
    }
}

/// The side that writes.
struct Lines {
    sender: Sender<Piece>,
    /// Told when the first piece is there, or why there is none.
    begin: Option<oneshot::Sender<Result<(), Error>>>,
    text: String,
    deadline: Instant,
}

impl Lines {
    /// Sends what has been written, and waits for room as long as it may.
    fn send(&mut self) -> Result<(), Error> {
        if let Some(begin) = self.begin.take() {
            // Nobody may be listening any more.
            let _ = begin.send(Ok(()));
        }
        let mut piece = Ok(Bytes::from(std::mem::take(&mut self.text)));
        let patience = self.deadline.min(Instant::now() + LONGEST_PAUSE);
        loop {
            match self.sender.try_send(piece) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Closed(_)) => return Err(Error::Interrupted),
                Err(TrySendError::Full(_)) if Instant::now() > patience => {
                    return Err(Error::Interrupted);
                }
                Err(TrySendError::Full(unsent)) => piece = unsent,
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends the rest, or breaks the stream off.
    fn end(mut self, done: Result<(), Error>) {
        let Err(fault) = done.and_then(|()| self.send()) else { return };
        match self.begin.take() {
            Some(begin) => drop(begin.send(Err(fault))),
            None => drop(self.sender.blocking_send(Err(fault))),
        }
    }
}

/// The side that is read.
struct Stream {
    receiver: Receiver<Piece>,
}

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let next = self.get_mut().receiver.poll_recv(context);
        next.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
