//! What a citation says, before any style: who, what, when, where; of a report, and of a passage in it.
//!
//! Only what the metadata says is said. The year in a title or in the name of a file is the year that a report is about,
//! not certainly that of its publication, and the date in the properties of a file is that of the file: such dates are
//! none, or about.

mod date;
mod name;
mod quote;

pub use date::{Date, Issued};
pub use name::Name;
pub use quote::Quote;

use crate::document::{Location, Metadata};
use crate::engine::Listed;
use crate::passage::Passage;

/// What a reference is, in the terms that styles tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A report, or any document that stands for itself.
    Report,
    /// A page of the web.
    WebPage,
}

/// A report as a source, and the place in it.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The id of the document.
    pub doc_id: String,
    /// What it is.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Who wrote it; institutions as they are written.
    pub authors: Vec<Name>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it was published.
    pub place: Option<String>,
    /// The number of the report.
    pub number: Option<String>,
    /// When, as far as its metadata says.
    pub issued: Option<Issued>,
    /// Its address.
    pub url: Option<String>,
    /// Its digital object identifier, without a resolver.
    pub doi: Option<String>,
    /// BCP 47 tag of its language.
    pub lang: Option<String>,
    /// When it was read.
    pub accessed: Date,
    /// The passage that is cited; `None` for the whole.
    pub pinpoint: Option<Pinpoint>,
}

/// A place in a report.
#[derive(Clone, Debug)]
pub struct Pinpoint {
    /// The id of the passage.
    pub passage: String,
    /// The nearest heading, where it is not the title.
    pub section: Option<String>,
    /// The place within the source.
    pub locator: Option<Locator>,
    /// The first physical page, from 1, where it has pages.
    pub page: Option<usize>,
}

/// A page, slide, paragraph or row, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// What is counted.
    pub unit: Unit,
    /// The first, as it is printed.
    pub first: String,
    /// The last; the same where it is one.
    pub last: String,
}

/// What a locator counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pages, by the label that is printed on them.
    Page,
    /// Slides of a presentation.
    Slide,
    /// Paragraphs of a document without pages.
    Paragraph,
    /// Rows of a sheet.
    Row,
}

impl Reference {
    /// The reference to a passage.
    pub fn of_passage(passage: &Passage, accessed: Date) -> Reference {
        let report = &passage.report;
        let section = passage.heading().map(line).filter(|heading| !heading.is_empty());
        let locator = Locator::of(&report.doc_id, &passage.location);
        Reference {
            pinpoint: Some(Pinpoint {
                passage: passage.id.clone(),
                section,
                locator,
                page: passage.location.pages.map(|(first, _)| first),
            }),
            ..Reference::of(
                &report.doc_id,
                &report.title,
                report.lang.as_deref(),
                &report.metadata,
                accessed,
            )
        }
    }

    /// The reference to a whole document.
    pub fn of_document(listed: &Listed, accessed: Date) -> Reference {
        let Listed { doc_id, title, lang, metadata, .. } = listed;
        Reference::of(doc_id, title, lang.as_deref(), metadata, accessed)
    }

    fn of(
        doc_id: &str,
        title: &str,
        lang: Option<&str>,
        metadata: &Metadata,
        accessed: Date,
    ) -> Reference {
        let first = |keys: &[&str]| {
            let values = keys.iter().filter_map(|key| metadata.get(*key)?.first());
            values.map(|value| line(value)).find(|value| !value.is_empty())
        };
        let is_address =
            |text: &String| text.starts_with("http://") || text.starts_with("https://");
        let addresses = ["url", "source", "link"].iter().filter_map(|key| first(&[key]));
        let url = addresses.filter(is_address).find(|address| !address.contains(' '));
        let publisher = first(&["publisher", "institution", "organization"])
            .or_else(|| first(&["source"]).filter(|source| !is_address(source)));
        let ends = |endings: &[&str]| {
            let lower = doc_id.to_lowercase();
            endings.iter().any(|ending| lower.ends_with(ending))
        };
        let is_page = url.is_some() && ends(&[".html", ".htm", ".xhtml", ".wiki", ".mediawiki"]);
        let doi = first(&["doi"]).map(|doi| {
            let bare = ["https://doi.org/", "http://dx.doi.org/", "doi:"];
            bare.iter().find_map(|lead| doi.strip_prefix(lead)).unwrap_or(&doi).trim().to_owned()
        });
        Reference {
            doc_id: doc_id.to_owned(),
            kind: if is_page { Kind::WebPage } else { Kind::Report },
            title: line(title),
            authors: name::names(metadata),
            publisher,
            place: first(&["place", "city", "address"]),
            number: first(&["report_number", "number"]),
            issued: Issued::of(doc_id, metadata),
            url,
            doi,
            lang: lang.map(str::to_owned),
            accessed,
            pinpoint: None,
        }
    }

    /// The key by which texts refer to it: the id of the document, but for characters that keys cannot have.
    pub fn key(&self) -> String {
        let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let key: String = self
            .doc_id
            .chars()
            .map(|c| {
                if c == '/' {
                    ':'
                } else if is_kept(c) {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let is_same = self.doc_id.chars().all(|c| c == '/' || is_kept(c));
        let key = key.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_same && !key.is_empty() {
            return key.to_owned();
        }
        // FNV-1a (Fowler, Noll and Vo), 32 bits: two names that differ in such characters are two keys.
        let digest = self
            .doc_id
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{}{}{digest:08x}", if key.is_empty() { "doc" } else { key }, "-")
    }
}

impl Locator {
    /// The place in a source as its readers count: printed pages, slides, paragraphs or rows; lines of a file are none.
    fn of(doc_id: &str, location: &Location) -> Option<Locator> {
        let lower = doc_id.to_lowercase();
        let ends = |endings: [&str; 3]| endings.iter().any(|ending| lower.ends_with(ending));
        let numbers = |unit: Unit, (first, last): (usize, usize)| {
            Some(Locator { unit, first: first.to_string(), last: last.to_string() })
        };
        if let Some(pages) = location.pages.filter(|_| ends([".pptx", ".pptm", ".ppsx"])) {
            return numbers(Unit::Slide, pages);
        }
        if let Some((first, last)) = &location.page_labels {
            return Some(Locator { unit: Unit::Page, first: line(first), last: line(last) });
        }
        if let Some(pages) = location.pages {
            return numbers(Unit::Page, pages);
        }
        let unit = if ends([".xlsx", ".xlsm", ".ods"]) { Unit::Row } else { Unit::Paragraph };
        numbers(unit, location.paragraphs?)
    }

    /// `12` or `12–14`.
    pub fn numbers(&self) -> String {
        match self.first == self.last {
            true => self.first.clone(),
            false => format!("{}–{}", self.first, self.last),
        }
    }

    /// The abbreviation for one, or for several.
    pub fn label(&self, page: [&'static str; 2], paragraph: [&'static str; 2]) -> String {
        let names = match self.unit {
            Unit::Page => page,
            Unit::Slide => ["slide", "slides"],
            Unit::Paragraph => paragraph,
            Unit::Row => ["row", "rows"],
        };
        let name = names[usize::from(self.first != self.last)];
        let blank = if name.is_empty() { "" } else { " " };
        format!("{name}{blank}{}", self.numbers())
    }
}

/// Text on one line, without control characters.
fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
