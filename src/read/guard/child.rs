//! The child's side of the guard: confines itself, then reads what it is sent.

use std::cell::RefCell;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::frame::{self, Answer, Recognized, Request};
use super::{STOP, confine, here};
use crate::read::container::{Listener, Place};
use crate::read::corpus::Corpus;
use crate::read::ocr::{Picture, Recognize};
use crate::read::{Content, Input, LARGEST_FILE, Record, Refusal};

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
        let chunks = Chunks { from: &mut from, chunk: Vec::new(), at: 0, is_done: false };
        let chunks = RefCell::new(chunks);
        let outcome = answer(&request, &chunks, &RefCell::new(&mut to))?;
        // What the reader did not ask for is in the way of the next request.
        io::copy(&mut Shared(&chunks), &mut io::sink())?;
        frame::write(&mut to, &Answer::Outcome(outcome))?;
    }
}

/// Reads one file; the error is one of speaking to the parent.
fn answer(
    request: &Request,
    chunks: &RefCell<Chunks<'_, impl Read>>,
    to: &RefCell<&mut impl Write>,
) -> io::Result<Result<Content, Refusal>> {
    let corpus = Corpus::parse(&request.config, Path::new("corpus.toml"));
    let mut corpus = corpus.map_err(|error| io::Error::other(error.to_string()))?;
    corpus.keep_all |= request.keep_all;
    let input = match Input::new(Shared(chunks)) {
        Ok(input) => input,
        Err(error) => return Ok(Err(Refusal::Failed(error.to_string()))),
    };
    let speaker = Speaker { to, trouble: RefCell::default(), request };
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
    let ask = |picture| ask(picture, chunks, to);
    let recognize: Option<Recognize<'_>> = if request.recognizes { Some(&ask) } else { None };
    let place = Place::outside(&corpus).recognizing(recognize).heard_by(&speaker);
    let outcome = here(&request.id, input, &place, &mut each);
    speaker.trouble.into_inner().map_or(Ok(outcome), Err)
}

/// Speaks to the parent, until that fails.
struct Speaker<'s, 't, W> {
    to: &'s RefCell<&'t mut W>,
    trouble: RefCell<Option<io::Error>>,
    request: &'s Request,
}

impl<W: Write> Speaker<'_, '_, W> {
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

impl<W: Write> Listener for Speaker<'_, '_, W> {
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

/// Has the parent recognize the words of a picture: no other program can be started from here.
fn ask(
    picture: Picture,
    chunks: &RefCell<Chunks<'_, impl Read>>,
    to: &RefCell<&mut impl Write>,
) -> Recognized {
    let mut chunks = chunks.borrow_mut();
    let failed = |error: io::Error| error.to_string();
    // The parent's answer comes after the file.
    if !chunks.hold_rest(LARGEST_FILE as usize).map_err(failed)? {
        return Err("it stands in too large a file".to_owned());
    }
    frame::write(*to.borrow_mut(), &Answer::Picture(picture)).map_err(failed)?;
    frame::read::<Recognized>(&mut chunks.from).map_err(failed)?
}

/// The bytes of a file, which one reads while another may ask for the rest.
struct Shared<'s, 'r, R>(&'s RefCell<Chunks<'r, R>>);

impl<R: Read> Read for Shared<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// The bytes of a file as they come in frames.
struct Chunks<'r, R> {
    from: &'r mut R,
    chunk: Vec<u8>,
    at: usize,
    is_done: bool,
}

impl<R: Read> Chunks<'_, R> {
    /// Takes all that is still to come, unless that is more than so many bytes.
    fn hold_rest(&mut self, most: usize) -> io::Result<bool> {
        self.chunk.drain(..self.at);
        self.at = 0;
        while !self.is_done && self.chunk.len() <= most {
            let more = frame::read_bytes(self.from)?;
            self.is_done = more.is_empty();
            self.chunk.extend(more);
        }
        Ok(self.is_done)
    }
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
