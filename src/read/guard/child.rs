//! The child's side of the guard: confines itself, then reads what it is sent.

use std::cell::RefCell;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::frame::{self, Answer, Request};
use super::{STOP, confine, here};
use crate::read::container::Listener;
use crate::read::corpus::Corpus;
use crate::read::{Content, Input, Record, Refusal};

/// Parsers that recurse get more room than a main thread has.
const STACK: usize = 64 << 20;

/// How much a chunk of a file has.
pub const CHUNK: usize = 256 * 1024;

/// Reads files from standard input and answers on standard output until the input ends. `memory`: the
/// most that this process may use, bytes.
///
/// # Errors
/// Where the parent has gone, or speaks otherwise.
pub fn serve(memory: u64) -> io::Result<()> {
    confine::confine(memory)?;
    // What a reader panics over is told to the parent; nobody reads a child's standard error.
    std::panic::set_hook(Box::new(|_| {}));
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(answer_all)?;
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the reader failed")))
}

fn answer_all() -> io::Result<()> {
    let mut from = BufReader::with_capacity(CHUNK, io::stdin().lock());
    let mut to = BufWriter::with_capacity(CHUNK, io::stdout().lock());
    loop {
        let request: Request = match frame::read(&mut from) {
            Ok(request) => request,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut chunks = Chunks { from: &mut from, chunk: Vec::new(), at: 0, is_done: false };
        let outcome = answer(&request, &mut chunks, &mut to)?;
        // What the reader did not ask for is in the way of the next request.
        io::copy(&mut chunks, &mut io::sink())?;
        frame::write(&mut to, &Answer::Outcome(outcome))?;
    }
}

/// Reads one file; the error is one of speaking to the parent.
fn answer(
    request: &Request,
    chunks: &mut impl Read,
    to: &mut impl Write,
) -> io::Result<Result<Content, Refusal>> {
    let corpus = Corpus::parse(&request.config, Path::new("corpus.toml"));
    let mut corpus = corpus.map_err(|error| io::Error::other(error.to_string()))?;
    corpus.keep_all |= request.keep_all;
    let input = match Input::new(chunks) {
        Ok(input) => input,
        Err(error) => return Ok(Err(Refusal::Failed(error.to_string()))),
    };
    let speaker = Speaker { to: RefCell::new(to), trouble: RefCell::default(), request };
    let mut each = |record: Record<'_>| {
        speaker.say(&match record {
            Record::Document(document, source) if request.with_source => {
                Answer::Document(document, source.to_vec())
            }
            Record::Document(document, _) => Answer::Document(document, Vec::new()),
            Record::Failed(id, reason) => Answer::Failed(id, reason),
            Record::PassedOver(id, what) => Answer::PassedOver(id, what),
        })
    };
    let outcome = here(&request.id, input, &corpus, &speaker, &mut each);
    speaker.trouble.into_inner().map_or(Ok(outcome), Err)
}

/// Speaks to the parent, until that fails.
struct Speaker<'s, W> {
    to: RefCell<&'s mut W>,
    trouble: RefCell<Option<io::Error>>,
    request: &'s Request,
}

impl<W: Write> Speaker<'_, W> {
    fn say(&self, answer: &Answer) -> ControlFlow<()> {
        match frame::write(*self.to.borrow_mut(), answer) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.trouble.replace(Some(error));
                STOP
            }
        }
    }
}

impl<W: Write> Listener for Speaker<'_, W> {
    fn begins(&self, id: &str) -> Option<String> {
        let avoided = self.request.avoid.iter().find(|(avoided, _)| avoided == id);
        if let Some((_, reason)) = avoided {
            return Some(reason.clone());
        }
        // Where the parent has gone, the next record tells.
        let _ = self.say(&Answer::Begins(id.to_owned()));
        None
    }

    fn ends(&self) {
        let _ = self.say(&Answer::Ends);
    }
}

/// The bytes of a file as they come in frames.
struct Chunks<'r, R> {
    from: &'r mut R,
    chunk: Vec<u8>,
    at: usize,
    is_done: bool,
}

impl<R: Read> Read for Chunks<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() && !self.is_done {
            self.chunk = frame::read_bytes(self.from)?;
            self.at = 0;
            self.is_done = self.chunk.is_empty();
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
