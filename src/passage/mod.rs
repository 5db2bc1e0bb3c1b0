//! Passages: the units that are indexed, ranked and shown, cut from a document.
//!
//! The passages of a document tile its text: in order, without overlap, and everything but the white
//! space between blocks is in exactly one. A passage never crosses a heading and never breaks a
//! sentence, a list item or a table row that fits.

mod cut;
mod sentences;

use std::sync::Arc;

pub use cut::{Cut, PassageSize, cut};
pub use sentences::{sentence_ends, sentences};

use crate::document::{Document, Location, Metadata};

/// A passage, with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Thirteen characters; stays the same as long as document id, section and text do.
    pub id: String,
    /// Place in the document, counted from 0.
    pub ordinal: usize,
    /// What all passages of the document share.
    pub report: Arc<Report>,
    /// The headings from the title down to the nearest one.
    pub trail: Vec<String>,
    /// What the section is about (`prosecution`, ...), where known.
    pub role: Option<String>,
    /// The section's anchor in the document.
    pub anchor: String,
    /// Never altered; empty where a section has a heading only.
    pub text: String,
    /// Where it stands in its source.
    pub location: Location,
}

/// What every passage of a document knows of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The id of the document.
    pub doc_id: String,
    /// The title of the report.
    pub title: String,
    /// BCP 47 tag of its language, where known.
    pub lang: Option<String>,
    /// What is known of it: keys and their values.
    pub metadata: Metadata,
    /// SHA-256 of the source file.
    pub sha256: [u8; 32],
}

impl Report {
    /// Its language without what is said of the region.
    pub fn language(&self) -> Option<&str> {
        self.lang.as_deref().map(language)
    }
}

/// A BCP 47 tag without what is said of the region: `en` of `en-US`.
pub fn language(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// The passages of a document, in order.
pub fn passages(document: &Document, size: PassageSize) -> Vec<Passage> {
    let report = Arc::new(Report {
        doc_id: document.id.clone(),
        title: document.title.clone(),
        lang: document.lang.clone(),
        metadata: carried(&document.metadata),
        sha256: document.sha256,
    });
    cut(document, size)
        .into_iter()
        .enumerate()
        .map(|(ordinal, cut)| {
            let section = &document.sections[cut.section];
            Passage {
                id: cut.id,
                ordinal,
                report: Arc::clone(&report),
                trail: document.trail(cut.section),
                role: section.role.clone(),
                anchor: section.slug.clone(),
                text: document.text[cut.range].to_owned(),
                location: cut.location,
            }
        })
        .collect()
}

/// Metadata that each passage carries: what filters and citations need. Long lists stay with the
/// document, which is listed once.
pub fn carried(metadata: &Metadata) -> Metadata {
    const MOST_VALUES: usize = 8;
    const LONGEST_VALUE: usize = 400;
    let is_short = |values: &Vec<String>| {
        values.len() <= MOST_VALUES && values.iter().all(|value| value.len() <= LONGEST_VALUE)
    };
    let short = metadata.iter().filter(|(_, values)| is_short(values));
    short.map(|(key, values)| (key.clone(), values.clone())).collect()
}

impl Passage {
    /// The first value of a key of the report's metadata.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.report.metadata.get(key).and_then(|values| values.first()).map(String::as_str)
    }

    /// The nearest heading, where there is one under the title.
    pub fn heading(&self) -> Option<&str> {
        self.trail.get(1..).and_then(<[String]>::last).map(String::as_str)
    }

    /// The report's (first) year.
    pub fn year(&self) -> Option<i64> {
        self.metadata("year").and_then(|year| year.trim().parse().ok())
    }
}

/// The alphabet of ids: Crockford's base 32 in lower case, so that ids sort as their numbers do.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id as text: 64 bits in thirteen characters.
pub fn id_text(number: u64) -> String {
    (0..13).rev().map(|place| ALPHABET[(number >> (place * 5)) as usize & 31] as char).collect()
}

/// The digit that each byte stands for; [`NO_DIGIT`] for those that are no digits.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        digits[ALPHABET[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};
const NO_DIGIT: u8 = u8::MAX;

/// The number that an id spells; `None` where it is not an id.
pub fn id_number(id: &str) -> Option<u64> {
    if id.len() != 13 {
        return None;
    }
    id.bytes().try_fold(0u64, |number, byte| {
        let digit = DIGITS[usize::from(byte)];
        (digit != NO_DIGIT).then_some(())?;
        number.checked_mul(32)?.checked_add(u64::from(digit))
    })
}
