//! The parent's side of the guard: a child process, its limits, and how it ended.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use super::child::CHUNK;
use super::frame::{self, Answer};
use super::{Guard, sound};
use crate::read::corpus::Corpus;
use crate::read::ocr::{Picture, Recognize};
use crate::read::{Content, Each, Record, Refusal};

pub use super::frame::Request;

/// The first argument of a child; the second is its memory in bytes.
pub const COMMAND: &str = "read-in-child";

/// Documents that wait for the parent while the child reads on.
const MOST_WAITING: usize = 4;

/// Pictures of one file: as many as pages that are read.
const MOST_PICTURES: usize = 20_000;

/// A child that is ready to read.
#[derive(Debug)]
pub struct Process {
    child: Child,
    to: Option<BufWriter<ChildStdin>>,
    answers: Receiver<io::Result<Answer>>,
    memory: u64,
}

impl Request {
    /// What is asked about a file of a corpus.
    pub fn new(
        id: &str,
        corpus: &Corpus,
        with_source: bool,
        avoid: &[(String, String)],
    ) -> Request {
        Request {
            id: id.to_owned(),
            config: corpus.text.clone(),
            keep_all: corpus.keep_all,
            recognizes: corpus.ocr.is_some(),
            with_source,
            avoid: avoid.to_vec(),
        }
    }
}

/// How a child was lost.
#[derive(Debug)]
pub struct Lost {
    /// Why, as a reason why the file, or the member, cannot be read.
    pub reason: String,
    /// The id of the member that it was reading.
    pub member: Option<String>,
    /// Whether nothing was heard of it for too long.
    pub is_silent: bool,
}

impl Lost {
    /// The child has ended, for this reason.
    pub fn over(reason: impl Into<String>) -> Lost {
        Lost { reason: reason.into(), member: None, is_silent: false }
    }

    fn silent(patience: Duration) -> Lost {
        let reason = format!("reading it takes more than {patience:?}");
        Lost { reason, member: None, is_silent: true }
    }
}

/// Members in members: archives and messages stand so deep in one another at most, and half as much more.
const MOST_OPEN: usize = 32;

impl Process {
    /// The child that is there, or a new one.
    ///
    /// # Errors
    /// Where none can be started.
    pub fn ready<'p>(
        place: &'p mut Option<Process>,
        program: &Path,
        guard: &Guard,
    ) -> Result<&'p mut Process, Refusal> {
        let started = match place.take() {
            Some(process) => process,
            None => Process::start(program, guard).map_err(|error| {
                Refusal::Failed(format!("no reader could be started for it: {error}"))
            })?,
        };
        Ok(place.insert(started))
    }

    fn start(program: &Path, guard: &Guard) -> io::Result<Process> {
        let mut command = Command::new(program);
        command.arg(COMMAND).arg(guard.memory.to_string());
        // The child of a program that was told by its environment what to do is told nothing.
        command.env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let to = child.stdin.take().map(|to| BufWriter::with_capacity(CHUNK, to));
        let from = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
        let (sender, answers) = sync_channel(MOST_WAITING);
        std::thread::spawn(move || receive(from, |answer| sender.send(answer).is_ok()));
        Ok(Process { child, to, answers, memory: guard.memory })
    }

    /// Whether the child has ended or was given up.
    pub fn is_lost(&self) -> bool {
        self.to.is_none()
    }

    /// Has the child read a file, and recognizes pictures for it.
    ///
    /// # Errors
    /// How the child was lost. What it says itself, while it is there, is no error.
    pub fn read(
        &mut self,
        request: &Request,
        file: Sent<'_, impl Read + Send>,
        recognize: Option<Recognize<'_>>,
        guard: &Guard,
        each: Each<'_>,
    ) -> Result<Result<Content, Refusal>, Lost> {
        let Some(mut to) = self.to.take() else {
            return Err(Lost::over("the reader has ended"));
        };
        std::thread::scope(|scope| {
            // Answers may come before all is sent: whoever did both by turns could wait for ever.
            let sending = scope.spawn(|| send(&mut to, request, file).map(|()| to));
            let mut way = Way::Sending(sending);
            let outcome = self.answers(guard, &mut way, recognize, each);
            if matches!(outcome, Ok(Err(Refusal::Stopped)) | Err(_)) {
                self.end();
            }
            match (outcome, way.finish()) {
                (Ok(outcome), Ok(to)) => {
                    self.to = Some(to);
                    Ok(outcome)
                }
                (Ok(Err(Refusal::Stopped)), _) => Ok(Err(Refusal::Stopped)),
                (Ok(_), Err(reason)) => Ok(Err(Refusal::Failed(reason))),
                (Err(lost), _) => Err(lost),
            }
        })
    }

    /// Hands the child's records over until the outcome; the error says how the child was lost.
    fn answers(
        &mut self,
        guard: &Guard,
        way: &mut Way<'_>,
        recognize: Option<Recognize<'_>>,
        each: Each<'_>,
    ) -> Result<Result<Content, Refusal>, Lost> {
        let (mut open, mut pictures): (Vec<String>, usize) = (Vec::new(), 0);
        loop {
            let answer = match self.answers.recv_timeout(guard.silence) {
                Ok(Ok(answer)) => answer,
                Err(RecvTimeoutError::Timeout) => {
                    self.end();
                    return Err(Lost { member: open.pop(), ..Lost::silent(guard.silence) });
                }
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                    let status = self.ended();
                    return Err(Lost { member: open.pop(), ..Lost::over(self.why(status)) });
                }
            };
            let flow = match answer {
                Answer::Outcome(outcome) => return Ok(outcome),
                Answer::Picture(picture) => {
                    pictures += 1;
                    let recognize = recognize.filter(|_| pictures <= MOST_PICTURES);
                    way.answer(picture, recognize, guard.silence)
                        .map_err(|lost| Lost { member: open.pop(), ..lost })?;
                    continue;
                }
                Answer::Failed(id, reason) => each(Record::Failed(id, reason)),
                Answer::PassedOver(id, what) => each(Record::PassedOver(id, what)),
                Answer::Document(document, source) => {
                    match sound(Record::Document(document, &source)) {
                        Ok(record) | Err(record) => each(record),
                    }
                }
                Answer::Begins(id) => {
                    open.push(id);
                    open.truncate(MOST_OPEN);
                    continue;
                }
                Answer::Ends => {
                    open.pop();
                    continue;
                }
            };
            if flow.is_break() {
                return Ok(Err(Refusal::Stopped));
            }
        }
    }

    /// Ends the child; how it ended, if that was by itself.
    fn end(&mut self) -> Option<ExitStatus> {
        self.to = None;
        // It may have ended by itself: then its own status tells, not that of killing it.
        self.waited(Duration::from_millis(50))
    }

    /// As [`Process::end`], for a child that says no more: it is ending, which takes a while where the
    /// machine is busy or much memory is given back.
    fn ended(&mut self) -> Option<ExitStatus> {
        self.to = None;
        self.waited(Duration::from_secs(3))
    }

    /// The status of a child that ends within this time; another one is killed.
    fn waited(&mut self, most: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < most {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        None
    }

    /// Why a child that ended by itself did so, as far as its status tells.
    fn why(&self, status: Option<ExitStatus>) -> String {
        match status.and_then(signal) {
            // An allocation that fails ends a program so.
            Some(6) => {
                format!("reading it takes more than {} MiB of memory", self.memory >> 20)
            }
            Some(signal) => format!("the reader crashed on it (signal {signal})"),
            None => "the reader ended over it".to_owned(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// A file that is sent: its first bytes and what follows them.
pub struct Sent<'f, R> {
    pub head: &'f [u8],
    pub rest: &'f mut R,
}

/// The way to the child while it reads.
enum Way<'s> {
    Sending(ScopedJoinHandle<'s, io::Result<BufWriter<ChildStdin>>>),
    Open(BufWriter<ChildStdin>),
    Lost,
}

impl Way<'_> {
    /// Waits until the file has been sent.
    fn finish(self) -> Result<BufWriter<ChildStdin>, String> {
        let lost = || "it could not be sent".to_owned();
        match self {
            Way::Sending(sending) => {
                sending.join().map_err(|_| lost())?.map_err(|error| error.to_string())
            }
            Way::Open(to) => Ok(to),
            Way::Lost => Err(lost()),
        }
    }

    /// Recognizes a picture and sends what it says. The child has taken all of the file by now, or else it
    /// is not one of ours.
    fn answer(
        &mut self,
        picture: Picture,
        recognize: Option<Recognize<'_>>,
        patience: Duration,
    ) -> Result<(), Lost> {
        let Some(recognize) = recognize else {
            return Err(Lost::over("the reader asks for what it may not"));
        };
        let start = Instant::now();
        while matches!(self, Way::Sending(sending) if !sending.is_finished()) {
            if start.elapsed() > patience {
                return Err(Lost::silent(patience));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut to = std::mem::replace(self, Way::Lost).finish().map_err(Lost::over)?;
        let answer = recognize(picture);
        frame::write(&mut to, &answer).map_err(|error| Lost::over(error.to_string()))?;
        *self = Way::Open(to);
        Ok(())
    }
}

/// Sends a request and a file.
fn send(
    to: &mut impl Write,
    request: &Request,
    Sent { head, rest }: Sent<'_, impl Read>,
) -> io::Result<()> {
    frame::write(to, request)?;
    if !head.is_empty() {
        frame::write_bytes(to, head)?;
    }
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = rest.read(&mut chunk)?;
        frame::write_bytes(to, &chunk[..count])?;
        if count == 0 {
            return to.flush();
        }
    }
}

/// Takes the child's answers until it has no more, or nobody wants them.
fn receive(from: ChildStdout, take: impl Fn(io::Result<Answer>) -> bool) {
    let mut from = BufReader::with_capacity(CHUNK, from);
    loop {
        let answer = frame::read(&mut from);
        let is_last = answer.is_err();
        if !take(answer) || is_last {
            return;
        }
    }
}
