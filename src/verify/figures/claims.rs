//! The figures of a draft that are not quoted, each with its sentence.

use std::ops::Range;
use std::sync::Arc;

use super::names::ends_with_label;
use super::stated::numbers;
use crate::analyze::{folded, is_stop_word};
use crate::document::{Block, BlockKind, Document, Location};
use crate::passage::sentences;
use crate::verify::numbers::may_be_number;
use crate::verify::quotations::quoted_in;
use crate::verify::words::Words;

/// A figure of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The sentence that states it.
    pub sentence: Arc<str>,
    /// The figure as it is written.
    pub figure: String,
    /// Where the figure's first digit or letter stands in the sentence.
    pub starts: usize,
    /// Where the sentence stands in the draft.
    pub location: Location,
    /// The headings over it in the draft: they say which country it is about where the sentence does not.
    pub place: String,
}

/// A sentence with fewer words that say something tells nothing about its figures.
const FEWEST_WORDS: usize = 2;

/// The figures that paragraphs and items of a draft state outside of quotations, in order. Notes, tables, code
/// and lists of sources state none.
pub fn claims(draft: &Document) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (index, block) in draft.blocks.iter().enumerate() {
        let is_text = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem);
        let role = draft.sections.get(block.section).and_then(|section| section.role.as_deref());
        if !is_text || role == Some("references") {
            continue;
        }
        let text = draft.text.get(block.range.clone()).unwrap_or_default();
        let quoted = quoted_in(draft, index);
        for sentence in whole_sentences(text) {
            claims.extend(of_sentence(draft, block, sentence, &quoted));
        }
    }
    claims
}

/// The sentences of a text; none ends with `Arts.` before a number.
fn whole_sentences(text: &str) -> Vec<Range<usize>> {
    let mut whole: Vec<Range<usize>> = Vec::new();
    for sentence in sentences(text) {
        let is_rest = |before: &Range<usize>| {
            let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
            text.get(sentence.clone()).is_some_and(starts)
                && text.get(before.clone()).is_some_and(ends_with_label)
        };
        match whole.last_mut().filter(|before| is_rest(before)) {
            Some(before) => before.end = sentence.end,
            None => whole.push(sentence),
        }
    }
    whole
}

/// The figures of a sentence of a block.
fn of_sentence(
    draft: &Document,
    block: &Block,
    sentence: Range<usize>,
    quoted: &[Range<usize>],
) -> Vec<Claim> {
    let text = draft.text.get(block.range.clone()).unwrap_or_default();
    let written = text.get(sentence.clone()).unwrap_or_default();
    let words = Words::of(written.to_owned(), Vec::new());
    if content_words(&words) < FEWEST_WORDS {
        return Vec::new();
    }
    let addresses = addresses(written);
    let is_outside = |bytes: &Range<usize>| {
        let within = sentence.start + bytes.start;
        !is_in(quoted, within) && !is_in(&addresses, bytes.start)
    };
    let start = block.range.start;
    // One that is a list of figures has thousands of them.
    let shared: Arc<str> = written.into();
    numbers(&words)
        .figures
        .into_iter()
        .map(|figure| words.span(&figure.words))
        .filter(is_outside)
        .map(|bytes| Claim {
            sentence: Arc::clone(&shared),
            figure: written.get(bytes.clone()).unwrap_or_default().to_owned(),
            starts: bytes.start,
            location: draft.locate(start + sentence.start..start + sentence.end),
            place: draft.trail(block.section).join("\n"),
        })
        .collect()
}

/// Whether a byte is in one of some ranges in order.
fn is_in(ranges: &[Range<usize>], byte: usize) -> bool {
    let first = ranges.partition_point(|range| range.end <= byte);
    ranges.get(first).is_some_and(|range| range.contains(&byte))
}

fn content_words(words: &Words) -> usize {
    let says = |key: &&str| !is_stop_word(&folded(key)) && !may_be_number(key);
    words.keys().filter(says).count()
}

/// Addresses of the web and of mail: their numbers count nothing.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut addresses = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if word.contains("://") || word.starts_with("www.") || word.contains('@') {
            addresses.push(at..at + word.len());
        }
        at += word.len();
    }
    addresses
}
