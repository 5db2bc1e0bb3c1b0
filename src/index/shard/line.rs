//! The lines of a shard, as they are written and read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::VERSION;
use crate::document::{Location, Metadata, name_text, path_of};
use crate::engine::{FileStamp, hex};
use crate::engine::{Listed, Outcome};
use crate::passage::{Passage, Report, carried, id_number};

/// A line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line<'a> {
    /// The first.
    Header(Header),
    /// A document, before its passages; or a file that is none.
    Document(Box<DocumentLine<'a>>),
    /// A passage of the last document.
    Passage(Box<PassageLine<'a>>),
}

/// What the lines are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// See [`VERSION`].
    pub version: u32,
    /// Which shard, from 1 on.
    pub shard: u32,
    /// Of how many.
    pub of: u32,
}

/// What became of a file, or of a record in one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentLine<'a> {
    doc_id: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    title: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lang: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    metadata: Cow<'a, Metadata>,
    sha256: Cow<'a, str>,
    bytes: u64,
    modified: i128,
    /// Of the file that it stands in.
    size: u64,
    passages: u64,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    warnings: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    hides_text: bool,
    #[serde(default, skip_serializing_if = "Is::is_document")]
    is: Is,
    /// Why it is no document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<Cow<'a, str>>,
}

/// [`Outcome`] without its reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Is {
    #[default]
    Document,
    Container,
    PassedOver,
    Failed,
}

impl Is {
    fn is_document(&self) -> bool {
        *self == Is::Document
    }
}

/// A passage.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassageLine<'a> {
    id: Cow<'a, str>,
    doc_id: Cow<'a, str>,
    ordinal: usize,
    trail: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Cow<'a, str>>,
    anchor: Cow<'a, str>,
    text: Cow<'a, str>,
    location: LocationLine<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationLine<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lines: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pages: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page_labels: Option<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paragraphs: Option<(usize, usize)>,
}

impl Header {
    /// The header of a shard as this program writes it.
    pub fn new(part: super::Part) -> Header {
        Header { version: VERSION, shard: part.number, of: part.of }
    }
}

impl<'a> DocumentLine<'a> {
    /// The line of what is listed, of a file with this stamp.
    pub fn of(listed: &'a Listed, stamp: FileStamp) -> DocumentLine<'a> {
        let (is, reason) = match &listed.outcome {
            Outcome::Document => (Is::Document, None),
            Outcome::Container => (Is::Container, None),
            Outcome::PassedOver(what) => (Is::PassedOver, Some(what)),
            Outcome::Failed(reason) => (Is::Failed, Some(reason)),
        };
        DocumentLine {
            doc_id: Cow::from(&listed.doc_id),
            path: listed.path.as_ref().map(|path| name_text(path.as_os_str())),
            title: Cow::from(&listed.title),
            lang: listed.lang.as_deref().map(Cow::from),
            metadata: Cow::Borrowed(&listed.metadata),
            sha256: Cow::from(hex(&listed.sha256)),
            bytes: listed.bytes,
            modified: stamp.modified,
            size: stamp.size,
            passages: listed.passages,
            warnings: Cow::from(&listed.warnings),
            hides_text: listed.hides_text,
            is,
            reason: reason.map(Cow::from),
            container: listed.container.as_deref().map(Cow::from),
        }
    }

    /// What is listed, with the stamp of its file; an error says what makes no sense.
    pub fn listed(self) -> Result<(Listed, FileStamp), String> {
        let reason = self.reason.unwrap_or_default().into_owned();
        let sha256 = unhex(&self.sha256);
        let sha256 = sha256.ok_or_else(|| format!("`{}` is no SHA-256", self.sha256))?;
        let listed = Listed {
            doc_id: self.doc_id.into_owned(),
            path: self.path.map(|path| path_of(path.into_owned())),
            title: self.title.into_owned(),
            lang: self.lang.map(Cow::into_owned),
            metadata: self.metadata.into_owned(),
            sha256,
            bytes: self.bytes,
            passages: self.passages,
            warnings: self.warnings.into_owned(),
            hides_text: self.hides_text,
            outcome: match self.is {
                Is::Document => Outcome::Document,
                Is::Container => Outcome::Container,
                Is::PassedOver => Outcome::PassedOver(reason),
                Is::Failed => Outcome::Failed(reason),
            },
            container: self.container.map(Cow::into_owned),
        };
        let is_document = listed.is_document();
        match is_document == (listed.passages > 0) {
            true => Ok((listed, FileStamp { size: self.size, modified: self.modified })),
            false if is_document => Err(format!("`{}` has no passages", listed.doc_id)),
            false => Err(format!("`{}` is no document and has passages", listed.doc_id)),
        }
    }
}

/// What all passages of a document know of it.
pub fn report(listed: &Listed) -> Arc<Report> {
    Arc::new(Report {
        doc_id: listed.doc_id.clone(),
        title: listed.title.clone(),
        lang: listed.lang.clone(),
        metadata: carried(&listed.metadata),
        sha256: listed.sha256,
    })
}

impl<'a> PassageLine<'a> {
    /// The line of a passage.
    pub fn of(passage: &'a Passage) -> PassageLine<'a> {
        let location = &passage.location;
        let labels = location.page_labels.as_ref();
        PassageLine {
            id: Cow::from(&passage.id),
            doc_id: Cow::from(&passage.report.doc_id),
            ordinal: passage.ordinal,
            trail: Cow::from(&passage.trail),
            role: passage.role.as_deref().map(Cow::from),
            anchor: Cow::from(&passage.anchor),
            text: Cow::from(&passage.text),
            location: LocationLine {
                bytes: location.bytes.as_ref().map(|bytes| (bytes.start, bytes.end)),
                lines: location.lines,
                pages: location.pages,
                page_labels: labels.map(|(first, last)| (Cow::from(first), Cow::from(last))),
                part: location.part.as_deref().map(Cow::from),
                paragraphs: location.paragraphs,
            },
        }
    }

    /// The passage, which is to be this one of its document; an error says what makes no sense.
    pub fn passage(self, report: &Arc<Report>, ordinal: usize) -> Result<Passage, String> {
        if self.doc_id != report.doc_id || self.ordinal != ordinal {
            let (id, number) = (&self.doc_id, self.ordinal);
            return Err(format!(
                "passage {number} of `{id}` stands where passage {ordinal} of `{}` should",
                report.doc_id
            ));
        }
        if id_number(&self.id).is_none() {
            return Err(format!("`{}` is no id of a passage", self.id));
        }
        if self.trail.is_empty() || self.location.is_nonsense() {
            return Err(format!(
                "the headings or the place of passage `{}` make no sense",
                self.id
            ));
        }
        let location = self.location;
        let labels = location.page_labels;
        Ok(Passage {
            id: self.id.into_owned(),
            ordinal,
            report: Arc::clone(report),
            trail: self.trail.into_owned(),
            role: self.role.map(Cow::into_owned),
            anchor: self.anchor.into_owned(),
            text: self.text.into_owned(),
            location: Location {
                bytes: location.bytes.map(|(start, end)| start..end),
                lines: location.lines,
                pages: location.pages,
                page_labels: labels.map(|(first, last)| (first.into_owned(), last.into_owned())),
                part: location.part.map(Cow::into_owned),
                paragraphs: location.paragraphs,
            },
        })
    }
}

impl LocationLine<'_> {
    /// Whether bytes end before they begin, or something is counted from 0 that is counted from 1. Paragraphs of slides
    /// may stand in another order than they are read in.
    fn is_nonsense(&self) -> bool {
        let counted = [self.lines, self.pages, self.paragraphs];
        self.bytes.is_some_and(|(start, end)| start > end)
            || counted.into_iter().flatten().any(|(first, last)| first == 0 || last == 0)
    }
}

/// The 32 bytes that these hexadecimal digits spell.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}
