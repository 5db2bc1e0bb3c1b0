//! The guard: formats whose parsers could be led astray are read in a child process, this same program,
//! with limits of memory, time and output. What kills the child costs one file, or one member of an
//! archive: the child says which it begins to read, and the rest is read by another one.
//!
//! ```text
//! Worker ---- request, the file's bytes in chunks ----> child::serve (confined)
//!        <--- members, documents as they are read, outcome
//!        <--- a picture, if the parent runs tesseract --
//!        ---- its words ------------------------------->
//! ```

mod attempts;
mod child;
mod confine;
mod frame;
mod process;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use child::serve;
pub use process::COMMAND;

use super::container::{Place, open};
use super::corpus::Corpus;
use super::format::{Format, HEAD, format_of};
use super::input::Hashed;
use super::ocr::{Recognize, Tesseract};
use super::{Content, Each, Input, Record, Refusal};
use crate::error::Error;
use attempts::Attempts;
use process::{Lost, Process, Request, Sent};

/// How a child is bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The program to run as a child: one that calls [`serve`] when its first argument is [`COMMAND`].
    /// `None`: everything is read in this process, without limits.
    pub program: Option<PathBuf>,
    /// The most memory of a child, bytes.
    pub memory: u64,
    /// The longest that a child may be silent while it reads.
    pub silence: Duration,
    /// The program that recognizes words in pictures, where `Corpus::ocr` asks for that.
    pub tesseract: PathBuf,
}

impl Default for Guard {
    /// No child, because only the caller knows a program that serves as one.
    fn default() -> Guard {
        Guard {
            program: None,
            memory: 2 << 30,
            silence: Duration::from_secs(60),
            tesseract: "tesseract".into(),
        }
    }
}

impl Guard {
    /// Whether words can be recognized in pictures, where a corpus asks for that.
    ///
    /// # Errors
    /// Why not.
    pub fn can_recognize(&self, corpus: &Corpus) -> crate::error::Result<()> {
        let Some(languages) = &corpus.ocr else { return Ok(()) };
        let checked = Tesseract::new(&self.tesseract, languages).check();
        checked.map_err(|reason| Error::Usage {
            message: format!("pages that are pictures cannot be read: {reason}"),
            hint: Some(
                "install it (in Debian `tesseract-ocr`, and `tesseract-ocr-fra` for French), or index \
                 with `--force` and without `--ocr`"
                    .to_owned(),
            ),
        })
    }
}

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it turned out to be.
    pub content: Content,
    /// SHA-256 of the file; zeros where it is a document, which knows its own.
    pub sha256: [u8; 32],
}

/// Reads one file after another, each in the process that fits its format.
#[derive(Debug)]
pub struct Worker {
    guard: Guard,
    child: Option<Process>,
}

impl Worker {
    /// A worker that has no child yet: it starts one when the first file needs it.
    pub fn new(guard: &Guard) -> Worker {
        Worker { guard: guard.clone(), child: None }
    }

    /// Reads a file. Its documents are handed over as they are read, no two of one id; their sources with them where
    /// `with_source`, else possibly none.
    ///
    /// # Errors
    /// Why nothing, or nothing more, comes out of it.
    pub fn read(
        &mut self,
        id: &str,
        path: &Path,
        corpus: &Corpus,
        with_source: bool,
        each: Each<'_>,
    ) -> Result<Reading, Refusal> {
        let mut file = File::open(path).map_err(failed)?;
        let mut ids = HashSet::new();
        let each: Each<'_> = &mut |mut record| {
            record.make_unique(&mut ids);
            each(record)
        };
        let tesseract = corpus.ocr.as_ref();
        let tesseract = tesseract.map(|languages| Tesseract::new(&self.guard.tesseract, languages));
        let recognize = |picture| tesseract.as_ref().map_or(Ok(Vec::new()), |it| it.read(&picture));
        let recognize: Option<Recognize<'_>> =
            if tesseract.is_some() { Some(&recognize) } else { None };
        let place = Place::outside(corpus).recognizing(recognize);
        let mut attempts = Attempts::default();
        loop {
            file.rewind().map_err(failed)?;
            let mut hashed = Hashed::new(file.try_clone().map_err(failed)?);
            let mut head = Vec::new();
            (&mut hashed).take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
            let is_for_child = self.guard.program.is_some() && needs_child(format_of(&head, id));
            let content = if is_for_child {
                let request = Request::new(id, corpus, with_source, attempts.avoid());
                let mut new = |record: Record<'_>| match attempts.is_new(&record) {
                    true => each(record),
                    false => ControlFlow::Continue(()),
                };
                let file = Sent { head: &head, rest: &mut hashed };
                match self.in_child(&request, file, recognize, &mut new) {
                    Ok(result) => result?,
                    Err(lost) => {
                        attempts.begin_anew(lost).map_err(Refusal::Failed)?;
                        continue;
                    }
                }
            } else {
                here(id, Input::with_head(head, &mut hashed), &place, each)?
            };
            let sha256 = match content {
                Content::Document => [0; 32],
                Content::Container => hashed.finish().map_err(failed)?,
            };
            return Ok(Reading { content, sha256 });
        }
    }

    /// Has a child read; the error says how it was lost.
    fn in_child(
        &mut self,
        request: &Request,
        file: Sent<'_, impl Read + Send>,
        recognize: Option<Recognize<'_>>,
        each: Each<'_>,
    ) -> Result<Result<Content, Refusal>, Lost> {
        let Some(program) = &self.guard.program else {
            return Err(Lost::over("there is no program to read it"));
        };
        let child = match Process::ready(&mut self.child, program, &self.guard) {
            Ok(child) => child,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let result = child.read(request, file, recognize, &self.guard, each);
        if child.is_lost() {
            self.child = None;
        }
        result
    }
}

fn failed(error: io::Error) -> Refusal {
    Refusal::Failed(error.to_string())
}

/// Reads in this process. A panic is a fault of ours, but it costs one file, not the run.
fn here(id: &str, input: Input<'_>, place: &Place<'_>, each: Each<'_>) -> Result<Content, Refusal> {
    let mut checked = |record: Record<'_>| match sound(record) {
        Ok(record) => each(record),
        Err(failure) => each(failure),
    };
    catch_unwind(AssertUnwindSafe(|| open(id, id, input, place, &mut checked))).unwrap_or_else(
        |_| Err(Refusal::Failed("the reader failed on it; please report this file".to_owned())),
    )
}

/// A record whose document holds together; otherwise the failure that stands for it.
fn sound(record: Record<'_>) -> Result<Record<'_>, Record<'_>> {
    if let Record::Document(document, _) = &record
        && let Some(fault) = document.fault()
    {
        let reason = format!("the reader failed on it ({fault}); please report this file");
        return Err(Record::Failed(document.id.clone(), reason));
    }
    Ok(record)
}

impl Record<'_> {
    /// Numbers an id that another record of the file has.
    fn make_unique(&mut self, ids: &mut HashSet<String>) {
        let id = match self {
            Record::Document(document, _) => &mut document.id,
            Record::Failed(id, _) | Record::PassedOver(id, _) => id,
        };
        let base = id.clone();
        let mut copies = 1;
        while !ids.insert(id.clone()) {
            copies += 1;
            *id = format!("{base}-{copies}");
        }
    }
}

/// Whether a format is read by parsers of binary data, or may hold what is.
fn needs_child(format: Format) -> bool {
    match format {
        Format::Wikitext
        | Format::Markdown
        | Format::Plain
        | Format::Html
        | Format::Rst
        | Format::Asciidoc
        | Format::Org
        | Format::Latex
        | Format::Typst
        | Format::Rtf
        | Format::Csv
        | Format::Jsonl
        | Format::WikiDump
        | Format::Locked
        | Format::Unread(_)
        | Format::NotRead(_) => false,
        Format::Pdf
        | Format::Docx
        | Format::Odt
        | Format::Pptx
        | Format::Xlsx
        | Format::Epub
        | Format::Mail
        | Format::Mbox
        | Format::Zip
        | Format::Tar
        | Format::Gzip
        | Format::Bzip2
        | Format::Xz
        | Format::Zstd => true,
    }
}

/// Stops reading.
const STOP: ControlFlow<()> = ControlFlow::Break(());
