//! The figures of a draft that are not quoted, each with its sentence.

use std::ops::Range;
use std::rc::Rc;
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

/// A sentence that is longer is looked at in pieces: nobody writes one, and what a figure goes with stands near it. To look
/// at each figure with all of it would take time by the square.
const LONGEST_SENTENCE: usize = 4000;

/// The figures that paragraphs and items of a draft state outside of quotations, in order. Notes, tables, code
/// and lists of sources state none.
pub fn claims(draft: &Document) -> Vec<Claim> {
    each_claim(draft).collect()
}

/// The same one by one: whoever wants so many at most reads no further.
pub fn each_claim(draft: &Document) -> impl Iterator<Item = Claim> + '_ {
    let states = |block: &Block| {
        let is_text = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem);
        let role = draft.sections.get(block.section).and_then(|section| section.role.as_deref());
        is_text && role != Some("references")
    };
    let blocks = draft.blocks.iter().enumerate().filter(move |(_, block)| states(block));
    blocks.flat_map(move |(index, block)| {
        let text = draft.text.get(block.range.clone()).unwrap_or_default();
        let quoted: Rc<[Range<usize>]> = quoted_in(draft, index).into();
        let sentences = whole_sentences(text).into_iter().flat_map(|it| pieces(text, it));
        sentences.flat_map(move |sentence| of_sentence(draft, block, sentence, Rc::clone(&quoted)))
    })
}

/// A sentence, or pieces of whole words where it is too long.
fn pieces(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = sentence.start;
    while sentence.end - start > LONGEST_SENTENCE {
        let reach = text.floor_char_boundary(start + LONGEST_SENTENCE);
        let piece = text.get(start..reach).unwrap_or_default();
        // One word alone that is too long.
        let end =
            piece.rfind(char::is_whitespace).filter(|at| *at > 0).map_or(reach, |at| start + at);
        pieces.push(start..end);
        start = end;
    }
    pieces.push(start..sentence.end);
    pieces
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
fn of_sentence<'d>(
    draft: &'d Document,
    block: &'d Block,
    sentence: Range<usize>,
    quoted: Rc<[Range<usize>]>,
) -> impl Iterator<Item = Claim> + 'd {
    let text = draft.text.get(block.range.clone()).unwrap_or_default();
    let written = text.get(sentence.clone()).unwrap_or_default();
    let words = Words::of(written.to_owned(), Vec::new());
    let figures = match content_words(&words) < FEWEST_WORDS {
        true => Vec::new(),
        false => numbers(&words).figures,
    };
    let addresses = addresses(written);
    let start = sentence.start;
    let is_outside = move |bytes: &Range<usize>| {
        !is_in(&quoted, start + bytes.start) && !is_in(&addresses, bytes.start)
    };
    let within = block.range.start + sentence.start..block.range.start + sentence.end;
    let shared: Arc<str> = written.into();
    let bytes = figures.into_iter().map(move |figure| words.span(&figure.words)).filter(is_outside);
    bytes.map(move |bytes| Claim {
        sentence: Arc::clone(&shared),
        figure: written.get(bytes.clone()).unwrap_or_default().to_owned(),
        starts: bytes.start,
        location: draft.locate(within.clone()),
        place: draft.trail(block.section).join("\n"),
    })
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
