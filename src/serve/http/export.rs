//! Export: all hits of a search, as lines of JSON, tables or references, sent as they are marked. So many exports at once,
//! and whoever reads too slowly loses the rest; a stream that ends early ends as a broken one.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use hyper::body::{Bytes, Frame};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::{Http, text_response};
use crate::error::Error;
use crate::export::{self, Export, Form};
use crate::rank::Deadline;
use crate::render::json;
use crate::search::SearchRequest;
use crate::serve::answers::search_request;
use crate::serve::log;
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

/// What hits are exported as: the name of the form, its media type, the end of a file's name.
pub const FORMS: [(&str, Form, &str, &str); 8] = [
    ("jsonl", Form::Jsonl, "application/x-ndjson", "jsonl"),
    ("csv", Form::Csv, "text/csv; charset=utf-8", "csv"),
    ("tsv", Form::Tsv, "text/tab-separated-values; charset=utf-8", "tsv"),
    (
        "xlsx",
        Form::Xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    ("markdown", Form::Markdown, "text/markdown; charset=utf-8", "md"),
    ("bibtex", Form::Bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    ("csl-json", Form::CslJson, "application/vnd.citationstyles.csl+json", "json"),
    ("ris", Form::Ris, "application/x-research-info-systems; charset=utf-8", "ris"),
];

type Piece = Result<Bytes, Error>;

/// The form in which all hits are asked for, by its place in [`FORMS`]; none where some hits are. What `format` says goes
/// before what `Accept` says.
pub fn wanted(values: &Values, headers: &HeaderMap) -> Option<usize> {
    if values.is_given("format") {
        return FORMS.iter().position(|(name, ..)| *name == values.text("format"));
    }
    let lines = accepted(headers, FORMS[0].2);
    (lines > accepted(headers, "application/json")).then_some(0)
}

/// How much a client wants a media type that it names, in thousandths (RFC 9110, 12.4.2); 0 where it does not name it.
pub fn accepted(headers: &HeaderMap, media_type: &str) -> u16 {
    weighed(headers, &header::ACCEPT, media_type).unwrap_or(0)
}

/// The weight of what a header names; none where it does not.
pub fn weighed(headers: &HeaderMap, header: &HeaderName, wanted: &str) -> Option<u16> {
    let texts = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    let kinds = texts.flat_map(|text| text.split(','));
    let weights = kinds.filter_map(|kind| {
        let (name, parameters) = kind.split_once(';').unwrap_or((kind, ""));
        name.trim().eq_ignore_ascii_case(wanted).then(|| weight(parameters))
    });
    weights.max()
}

/// The weight among the parameters of a media type; all of it where there is none.
fn weight(parameters: &str) -> u16 {
    let pairs = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut weights = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let Some((_, text)) = weights.next() else { return 1000 };
    let weight: f32 = text.trim().parse().unwrap_or(0.0);
    (weight.clamp(0.0, 1.0) * 1000.0) as u16
}

/// Answers with all hits. What is wrong with the request is said before the first of them.
///
/// # Errors
/// As a search; `overloaded` where there are too many exports.
pub async fn export(
    http: &Http,
    open: Arc<Open>,
    values: Values,
    form: usize,
) -> Result<Response<Body>, Problem> {
    let slot = Arc::clone(&http.exports).try_acquire_owned().map_err(|_| {
        let problem = Problem::new(503, "overloaded", "too many exports at once");
        problem.retry_after(5)
    })?;
    let (name, form, content_type, end) = FORMS[form];
    let (sender, receiver) = channel(PIECES);
    let (begin, begun) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let deadline = Instant::now() + LONGEST_EXPORT;
        let mut pieces = Pieces { sender, begin: Some(begin), bytes: Vec::new(), deadline };
        let written = written(&open, &values, form, &mut pieces);
        pieces.end(written);
        drop(slot);
    });
    match begun.await {
        Ok(Ok(())) => {
            let mut response = text_response(content_type, Body::new(Stream::of(receiver, name)));
            let name = format!("attachment; filename=\"tipsearch.{end}\"");
            if let (Ok(name), true) = (HeaderValue::from_str(&name), form != Form::Jsonl) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
            }
            Ok(response)
        }
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Problem::new(500, "internal", "a fault of the program")),
    }
}

/// Writes all hits of a search.
fn written(open: &Open, values: &Values, form: Form, pieces: &mut Pieces) -> Result<(), Error> {
    let until = Deadline::after(LONGEST_EXPORT);
    let asked = search_request(values)?;
    let request = match form {
        Form::Jsonl => SearchRequest { until, ..asked },
        // Others have no room for what stands around a hit.
        _ => SearchRequest { until, context: 0, explain: false, ..asked },
    };
    // A workbook is sent when it is whole: nobody may be waiting for it any more.
    let client = pieces.sender.clone();
    let mut export: Box<dyn Export> = match (form, open.asked_as()) {
        // Lines say of which index they are to whoever reads on.
        (Form::Jsonl, Some(index)) => export::lines(Box::new(pieces), move |found| {
            let mut line = json::hit(found);
            json::name_index(&mut line, index);
            line.to_string()
        }),
        _ => export::export(form, &request.query, Box::new(pieces))?,
    };
    let response = open.stream(&request, |found| match client.is_closed() {
        true => Err(Error::Interrupted),
        false => export.hit(found),
    })?;
    export.end(&response)
}

/// The side that writes.
struct Pieces {
    sender: Sender<Piece>,
    /// Told when the first piece is there, or why there is none.
    begin: Option<oneshot::Sender<Result<(), Error>>>,
    bytes: Vec<u8>,
    deadline: Instant,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PIECE {
            self.send().map_err(io::Error::other)?;
        }
        Ok(bytes.len())
    }

    /// What has been written goes out in whole pieces, and the rest at the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pieces {
    /// Sends what has been written, and waits for room as long as it may.
    fn send(&mut self) -> Result<(), Error> {
        if let Some(begin) = self.begin.take() {
            // Nobody may be listening any more.
            let _ = begin.send(Ok(()));
        }
        let mut piece = Ok(Bytes::from(std::mem::take(&mut self.bytes)));
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

/// The side that is read. What became of it is logged when it goes away, which is later than the answer begins.
struct Stream {
    receiver: Receiver<Piece>,
    format: &'static str,
    start: Instant,
    sent: u64,
    is_whole: bool,
}

impl Stream {
    fn of(receiver: Receiver<Piece>, format: &'static str) -> Stream {
        Stream { receiver, format, start: Instant::now(), sent: 0, is_whole: false }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        log::exported(self.format, self.sent, self.is_whole, self.start.elapsed());
    }
}

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let stream = self.get_mut();
        let next = stream.receiver.poll_recv(context);
        match &next {
            Poll::Ready(Some(Ok(piece))) => stream.sent += piece.len() as u64,
            Poll::Ready(None) => stream.is_whole = true,
            _ => {}
        }
        next.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
