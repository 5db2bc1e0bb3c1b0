//! What stands inside what: a file may hold files, which may hold files, within the limits.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::{cell::Cell, io};

use super::corpus::Corpus;
use super::format::{self, Format};
use super::limits::{Budget, DEEPEST, MOST_MEMBERS};
use super::metadata::Dated;
use super::ocr::Recognize;
use super::{Content, Each, Input, LARGEST_FILE, Record, Refusal};
use super::{LOCKED, archive, compressed, document, dump, finish, jsonl, mail, not_read};

/// Hears of each member of a container before and after it is read.
pub trait Listener {
    /// A member of this id begins; the reason, where it is not to be read.
    fn begins(&self, id: &str) -> Option<String>;

    /// The member that began last has been read.
    fn ends(&self);
}

/// Nobody: every member is read.
struct Nobody;

impl Listener for Nobody {
    fn begins(&self, _: &str) -> Option<String> {
        None
    }

    fn ends(&self) {}
}

/// Where a reader is: how deep inside of what, and what the archives around it may still become.
#[derive(Clone)]
pub struct Place<'c> {
    /// How reports are to be understood.
    pub corpus: &'c Corpus,
    /// Who recognizes words in pictures, if anybody.
    pub recognize: Option<Recognize<'c>>,
    listener: &'c dyn Listener,
    archives: usize,
    compressions: usize,
    budgets: Vec<Budget>,
    members: Rc<Cell<usize>>,
}

impl<'c> Place<'c> {
    /// Outside of everything, with nobody who recognizes or listens.
    pub fn outside(corpus: &'c Corpus) -> Place<'c> {
        Place {
            corpus,
            recognize: None,
            listener: &Nobody,
            archives: 0,
            compressions: 0,
            budgets: Vec::new(),
            members: Rc::default(),
        }
    }

    /// The same place with somebody who recognizes words in pictures.
    pub fn recognizing(self, recognize: Option<Recognize<'c>>) -> Place<'c> {
        Place { recognize, ..self }
    }

    /// The same place with somebody who hears of members.
    pub fn heard_by(self, listener: &'c dyn Listener) -> Place<'c> {
        Place { listener, ..self }
    }

    /// The place inside of an archive whose members count against this budget and all those around.
    ///
    /// # Errors
    /// `Failed` where it is too deep.
    pub fn inside(&self, budget: Budget) -> Result<Place<'c>, Refusal> {
        if self.archives >= DEEPEST {
            return failed(format!("it stands in more than {DEEPEST} archives, one in another"));
        }
        let mut inside = self.clone();
        inside.archives += 1;
        inside.budgets.push(budget);
        if self.archives == 0 {
            inside.members = Rc::default();
        }
        Ok(inside)
    }

    /// The place inside of a compressed file, which is no archive: only files that are compressed over
    /// and over are too deep.
    ///
    /// # Errors
    /// `Failed` where it is too deep.
    pub fn inflated(&self) -> Result<Place<'c>, Refusal> {
        if self.compressions >= DEEPEST {
            return failed(format!("it is compressed more than {DEEPEST} times over"));
        }
        Ok(Place { compressions: self.compressions + 1, ..self.clone() })
    }

    /// What is read through it counts against the archives around.
    pub fn counted<'r>(&self, reader: impl Read + 'r) -> Box<dyn Read + 'r> {
        let counted: Box<dyn Read + 'r> = Box::new(reader);
        self.budgets.iter().fold(counted, |inner, budget| Box::new(budget.count(inner)))
    }

    /// Counts one more member of the archives around.
    ///
    /// # Errors
    /// `Failed` where a limit has been reached, so that the archive must end.
    pub fn next_member(&self) -> Result<(), Refusal> {
        self.within_limits()?;
        let count = self.members.get() + 1;
        self.members.set(count);
        match count > MOST_MEMBERS {
            true => {
                failed(format!("it has more than {MOST_MEMBERS} members; the rest is not read"))
            }
            false => Ok(()),
        }
    }

    /// # Errors
    /// `Failed` where the archives around may become no more.
    pub fn within_limits(&self) -> Result<(), Refusal> {
        self.budgets.iter().find_map(Budget::excess).map_or(Ok(()), failed)
    }

    /// Reads a member: its documents, or else why there are none.
    ///
    /// # Errors
    /// `Stopped` only.
    pub fn member(
        &self,
        id: &str,
        name: &str,
        reader: impl Read,
        each: Each<'_>,
    ) -> Result<(), Refusal> {
        if let Some(reason) = self.listener.begins(id) {
            return report(id, failed(reason), each);
        }
        let input = Input::new(self.counted(reader)).map_err(|error| failure(&error));
        let outcome = input.and_then(|input| open(id, name, input, self, each));
        self.listener.ends();
        report(id, outcome.map(drop), each)
    }
}

/// Reads what is at a place: its content, or else the end of its name, decides the format.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn open(
    id: &str,
    name: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    match format::format_of(input.head(), name) {
        Format::NotRead(what) => Err(Refusal::PassedOver(what.to_owned())),
        Format::Unread(what) => failed(not_read(what)),
        Format::Locked => failed(LOCKED.to_owned()),
        format @ (Format::Gzip | Format::Bzip2 | Format::Xz | Format::Zstd) => {
            compressed::read(id, name, format, input, place, each)
        }
        Format::Zip => archive::zip(id, input, place, each),
        Format::Tar => archive::tar(id, input, place, each),
        Format::WikiDump => dump::read(id, input, place, each),
        Format::Jsonl => lines(id, input, place, each),
        Format::Mbox if format::format_of_name(name) != Format::Mail => {
            mail::read_box(id, input, place, each)
        }
        Format::Mail | Format::Mbox => mail::read(id, input, place, each),
        format => {
            let bytes = input.bytes(LARGEST_FILE).map_err(Refusal::Failed)?;
            let document = document(id, &bytes, format, place).map_err(Refusal::Failed)?;
            give(Record::Document(Box::new(document), &bytes), each)?;
            Ok(Content::Document)
        }
    }
}

/// Reads the records of a file of JSON lines.
///
/// # Errors
/// Where it is too large or is not UTF-8, which JSON has to be (RFC 8259, section 8.1).
fn lines(
    id: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let bytes = input.bytes(LARGEST_FILE).map_err(Refusal::Failed)?;
    let start = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let text = std::str::from_utf8(&bytes[start..])
        .map_err(|error| Refusal::Failed(format!("it is not UTF-8: {error}")))?;
    let mut records = jsonl::Lines::new(id, &place.corpus.jsonl);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match records.record(line.trim_end_matches(['\n', '\r']), at) {
            None => {}
            Some(jsonl::Record::Malformed(number, reason)) => {
                give(Record::Failed(format!("{id}#line {number}"), reason), each)?;
            }
            Some(jsonl::Record::Document(mut document, line)) => {
                document.origin.bytes += start;
                let document = finish(*document, line.as_bytes(), Dated::ByItself, place.corpus);
                give(Record::Document(Box::new(document), line.as_bytes()), each)?;
            }
        }
        at += line.len();
    }
    Ok(Content::Container)
}

/// Hands a record over.
///
/// # Errors
/// `Stopped`.
pub fn give(record: Record<'_>, each: Each<'_>) -> Result<(), Refusal> {
    match each(record) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Refusal::Stopped),
    }
}

/// Says of a member why nothing, or nothing more, came out of it.
///
/// # Errors
/// `Stopped`.
pub fn report(id: &str, outcome: Result<(), Refusal>, each: Each<'_>) -> Result<(), Refusal> {
    match outcome {
        Ok(()) => Ok(()),
        Err(Refusal::Stopped) => Err(Refusal::Stopped),
        Err(Refusal::PassedOver(what)) => give(Record::PassedOver(id.to_owned(), what), each),
        Err(Refusal::Failed(reason)) => give(Record::Failed(id.to_owned(), reason), each),
    }
}

/// The refusal with this reason.
///
/// # Errors
/// Always.
pub fn failed<T>(reason: String) -> Result<T, Refusal> {
    Err(Refusal::Failed(reason))
}

/// The refusal for what cannot be read.
pub fn failure(error: &io::Error) -> Refusal {
    Refusal::Failed(error.to_string())
}

/// How many names are remembered. A name that comes again after so many others may share its id: a
/// dump of a whole encyclopedia must not fill the memory, and gives each title once.
const MOST_NAMES: usize = 3_000_000;

/// Makes names unique: the second `a.md` is `a.md (2)`.
#[derive(Default)]
pub struct Names {
    /// Digests, which take less room than names; two that meet cost a needless number.
    known: HashSet<u64>,
    copies: HashMap<u64, u32>,
}

impl Names {
    /// The name, or, where it has been used, the name and a number.
    pub fn unique(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        while !self.is_new(&unique) {
            let copies = self.copies.entry(digest(name)).or_insert(1);
            *copies += 1;
            unique = format!("{name} ({copies})");
        }
        unique
    }

    fn is_new(&mut self, name: &str) -> bool {
        let digest = digest(name);
        match self.known.len() < MOST_NAMES {
            true => self.known.insert(digest),
            false => !self.known.contains(&digest),
        }
    }
}

fn digest(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// The longest name in an id, bytes: as long as a path may be on Linux.
const LONGEST_NAME: usize = 4096;

/// The name of a member for its id: a name is just a name, and nothing is written anywhere. Roots, `.`,
/// `..` and control characters go.
pub fn clean(name: &str) -> String {
    let name = name.replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':') && name.is_char_boundary(2);
    let parts = name.get(if drive { 2 } else { 0 }..).unwrap_or_default().split('/');
    let kept: Vec<&str> = parts.filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let mut clean: String = kept.join("/").chars().filter(|c| !c.is_control()).collect();
    clean.truncate(clean.floor_char_boundary(LONGEST_NAME));
    clean
}
