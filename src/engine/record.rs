//! A passage as engines store it: compact records of what it shares with its report and of what is its own, and the
//! terms of its metadata.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::analyze::PART_SEPARATOR;
use crate::document::{Location, slug};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report, id_number, id_text};
use crate::query::{Filter, FilterValue, fold_value};

/// Words of a value of metadata are terms of their own up to so many: names of countries, of publishers and titles of
/// laws, not paragraphs, which would cost every passage a posting for each word.
const MOST_VALUE_WORDS: usize = 16;

/// The years that an open end of a range reaches to.
const YEARS: RangeInclusive<i64> = 1500..=2200;

/// What the passages of a report share.
#[derive(Serialize, Deserialize)]
struct ReportRecord<'a> {
    doc_id: &'a str,
    title: &'a str,
    lang: Option<&'a str>,
    #[serde(borrow)]
    metadata: Vec<(&'a str, Vec<&'a str>)>,
    sha256: [u8; 32],
}

/// What a record of a passage begins with. Then come the report, if it is there, the section, the place and the text.
#[derive(Serialize, Deserialize)]
struct Head {
    /// The last bytes of the id: in a damaged place nobody finds another passage.
    id: [u8; 2],
    ordinal: usize,
    has_report: bool,
}

/// What the passages of a section share.
#[derive(Serialize, Deserialize)]
struct SectionRecord<'a> {
    /// Whether the headings begin with the title of the report, which is not repeated.
    is_under_title: bool,
    #[serde(borrow)]
    trail: Vec<&'a str>,
    role: Option<&'a str>,
    /// Whether the anchor begins with that of the nearest heading, which is not repeated.
    is_of_heading: bool,
    anchor: &'a str,
}

#[derive(Serialize, Deserialize)]
struct PlaceRecord<'a> {
    bytes: Option<(usize, usize)>,
    lines: Option<(usize, usize)>,
    pages: Option<(usize, usize)>,
    page_labels: Option<(&'a str, &'a str)>,
    part: Option<&'a str>,
    paragraphs: Option<(usize, usize)>,
}

/// A [`SectionRecord`] as it is stored with each passage of the section.
#[derive(Debug)]
pub struct About(Vec<u8>);

/// The terms that all passages of a report share, as one text for the field `meta`.
pub fn meta_text(report: &Report) -> String {
    let mut terms = vec![doc_term(&report.doc_id)];
    for Value { key, folded, has_words } in written(report).map(Value::of) {
        if has_words {
            terms.extend(words_of(&folded).map(|word| word_term(key, word)));
        }
        terms.push(meta_term(key, &folded));
    }
    terms.sort_unstable();
    terms.dedup();
    terms.join(&PART_SEPARATOR.to_string())
}

/// Whether the metadata of a passage are what a filter asks for: by the values that become the terms of an index.
pub fn holds(passage: &Passage, filter: &Filter) -> bool {
    let role = passage.role.as_deref().map(|role| ("role", role, false));
    let own = written(&passage.report).chain(role).filter(|(key, ..)| *key == filter.field);
    let own: Vec<Value<'_>> = own.map(Value::of).collect();
    filter.values.iter().any(|wanted| own.iter().any(|value| value.is(wanted)))
}

/// A value of metadata as filters compare it.
struct Value<'a> {
    key: &'a str,
    folded: String,
    /// Whether its words are found too.
    has_words: bool,
}

impl<'a> Value<'a> {
    fn of((key, value, may_have_words): Written<'a>) -> Value<'a> {
        let folded = fold_value(value);
        let words = words_of(&folded).count();
        Value { key, folded, has_words: may_have_words && (2..=MOST_VALUE_WORDS).contains(&words) }
    }

    fn is(&self, wanted: &FilterValue) -> bool {
        match wanted {
            FilterValue::Is(value) => {
                meta_term(self.key, value) == meta_term(self.key, &self.folded)
            }
            FilterValue::HasWord(word) => {
                self.has_words && words_of(&self.folded).any(|own| own == word)
            }
            FilterValue::Years(from, to) => self.folded.parse().is_ok_and(|year: i64| {
                between(*from, *to).contains(&year) && year.to_string() == self.folded
            }),
        }
    }
}

/// A key, a value as it is written, and whether its words may be found too.
type Written<'a> = (&'a str, &'a str, bool);

/// What is said of a report: its names, its language and its metadata.
fn written(report: &Report) -> impl Iterator<Item = Written<'_>> {
    let name = report.doc_id.rsplit('/').next().unwrap_or(&report.doc_id);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let names = [report.doc_id.as_str(), name, stem].into_iter().map(|name| ("doc", name, false));
    // `en` is what `en-US` is too.
    let langs = report.lang.as_deref().into_iter().chain(report.language());
    let metadata = report
        .metadata
        .iter()
        .flat_map(|(key, values)| values.iter().map(|value| (key.as_str(), value.as_str(), true)));
    names.chain(langs.map(|lang| ("lang", lang, false))).chain(metadata)
}

fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ')
}

/// The years from one to another, as far as there are reports of any.
pub fn between(from: Option<i64>, to: Option<i64>) -> RangeInclusive<i64> {
    let from = from.unwrap_or(*YEARS.start()).max(*YEARS.start());
    from..=to.unwrap_or(*YEARS.end()).min(*YEARS.end())
}

/// The term of the kind of a passage's section, where that is known.
pub fn role_term(passage: &Passage) -> Option<String> {
    passage.role.as_ref().map(|role| meta_term("role", &fold_value(role)))
}

/// Title and nearest heading as parts of the ranked field, each behind a [`PART_SEPARATOR`].
pub fn around(passage: &Passage) -> String {
    let mut around = String::new();
    for part in [Some(passage.report.title.as_str()), passage.heading()].into_iter().flatten() {
        around.push(PART_SEPARATOR);
        around.push_str(part);
    }
    around
}

/// The term of a whole value of metadata.
pub fn meta_term(key: &str, folded: &str) -> String {
    limited(format!("{key}={folded}"))
}

/// The term of a word that a value of several has.
pub fn word_term(key: &str, folded: &str) -> String {
    limited(format!("{key}~{folded}"))
}

fn limited(mut term: String) -> String {
    // Engines refuse much longer terms; nobody types a longer filter.
    if let Some(end) = (0..=500).rev().find(|&end| term.is_char_boundary(end)) {
        term.truncate(end);
    }
    term
}

/// The term by which the passages of a document are found and deleted.
pub fn doc_term(doc_id: &str) -> String {
    match doc_id.len() {
        0..=400 => format!("#{doc_id}"),
        _ => format!("#{:x}", doc_number(doc_id)),
    }
}

/// A number for a document's id: 64 bits of its SHA-256.
pub fn doc_number(doc_id: &str) -> u64 {
    let digest = Sha256::digest(doc_id.as_bytes());
    digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

impl ReportRecord<'_> {
    fn of(report: &Report) -> ReportRecord<'_> {
        let metadata = report.metadata.iter();
        ReportRecord {
            doc_id: &report.doc_id,
            title: &report.title,
            lang: report.lang.as_deref(),
            metadata: metadata
                .map(|(key, values)| (key.as_str(), values.iter().map(String::as_str).collect()))
                .collect(),
            sha256: report.sha256,
        }
    }

    fn report(&self) -> Report {
        let metadata = self.metadata.iter();
        Report {
            doc_id: self.doc_id.to_owned(),
            title: self.title.to_owned(),
            lang: self.lang.map(str::to_owned),
            metadata: metadata.map(|(key, values)| ((*key).to_owned(), owned(values))).collect(),
            sha256: self.sha256,
        }
    }
}

impl About {
    /// What the passages of this one's section share.
    pub fn of(passage: &Passage) -> Result<About> {
        let of_heading = passage.trail.last().map(|heading| slug(heading)).unwrap_or_default();
        let rest = passage.anchor.strip_prefix(&of_heading);
        let first = passage.trail.first();
        let is_under_title = first.is_some_and(|first| *first == passage.report.title);
        let record = SectionRecord {
            is_under_title,
            trail: passage
                .trail
                .iter()
                .skip(usize::from(is_under_title))
                .map(String::as_str)
                .collect(),
            role: passage.role.as_deref(),
            is_of_heading: rest.is_some(),
            anchor: rest.unwrap_or(&passage.anchor),
        };
        Ok(About(append(Vec::new(), &record)?))
    }
}

/// The record of a passage, which its text follows. `has_report`: with what it shares with its report.
pub fn encode(passage: &Passage, about: &About, has_report: bool) -> Result<Vec<u8>> {
    /// What head and place usually take at most.
    const NUMBERS: usize = 32;
    let location = &passage.location;
    let pair = |range: &Range<usize>| (range.start, range.end);
    let place = PlaceRecord {
        bytes: location.bytes.as_ref().map(pair),
        lines: location.lines,
        pages: location.pages,
        page_labels: location.page_labels.as_ref().map(|(a, b)| (a.as_str(), b.as_str())),
        part: location.part.as_deref(),
        paragraphs: location.paragraphs,
    };
    let record = Vec::with_capacity(about.0.len() + NUMBERS);
    let id = id_number(&passage.id).map_or([0; 2], last_bytes);
    let mut record = append(record, &Head { id, ordinal: passage.ordinal, has_report })?;
    if has_report {
        record = append(record, &ReportRecord::of(&passage.report))?;
    }
    record.extend_from_slice(&about.0);
    append(record, &place)
}

fn append(bytes: Vec<u8>, value: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_extend(value, bytes)
        .map_err(|error| Error::Internal { message: format!("cannot store a passage: {error}") })
}

/// The last bytes of an id.
fn last_bytes(id: u64) -> [u8; 2] {
    (id as u16).to_le_bytes()
}

/// A record and the text behind it, taken apart as far as it is the same for all passages of a report.
pub struct Stored<'a> {
    head: Head,
    report: Option<ReportRecord<'a>>,
    rest: &'a [u8],
}

impl<'a> Stored<'a> {
    /// `None` for what is no record.
    pub fn of(bytes: &'a [u8]) -> Option<Stored<'a>> {
        let (head, mut rest) = postcard::take_from_bytes::<Head>(bytes).ok()?;
        let mut report = None;
        if head.has_report {
            let (found, behind) = postcard::take_from_bytes::<ReportRecord<'_>>(rest).ok()?;
            (report, rest) = (Some(found), behind);
        }
        Some(Stored { head, report, rest })
    }

    /// The place of the passage in its report.
    pub fn ordinal(&self) -> usize {
        self.head.ordinal
    }

    /// The report, where it is there.
    pub fn report(&self) -> Option<Report> {
        self.report.as_ref().map(ReportRecord::report)
    }

    /// The passage with this id; `None` where this is another or none.
    pub fn passage(self, id: u64, report: Arc<Report>) -> Option<Passage> {
        if self.head.id != last_bytes(id) {
            return None;
        }
        let (record, text) = postcard::take_from_bytes(self.rest).ok()?;
        let (section, place): (SectionRecord<'_>, PlaceRecord<'_>) = record;
        let title = section.is_under_title.then(|| report.title.clone());
        let trail: Vec<String> = title.into_iter().chain(owned(&section.trail)).collect();
        let heading = trail.last().filter(|_| section.is_of_heading);
        let of_heading = heading.map(|heading| slug(heading)).unwrap_or_default();
        Some(Passage {
            id: id_text(id),
            ordinal: self.head.ordinal,
            report,
            trail,
            role: section.role.map(str::to_owned),
            anchor: of_heading + section.anchor,
            text: str::from_utf8(text).ok()?.to_owned(),
            location: place.location(),
        })
    }
}

impl PlaceRecord<'_> {
    fn location(self) -> Location {
        Location {
            bytes: self.bytes.map(|(start, end)| start..end),
            lines: self.lines,
            pages: self.pages,
            page_labels: self.page_labels.map(|(a, b)| (a.to_owned(), b.to_owned())),
            part: self.part.map(str::to_owned),
            paragraphs: self.paragraphs,
        }
    }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}
