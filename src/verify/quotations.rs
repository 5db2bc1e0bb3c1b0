//! The quotations of a draft: what stands between quotation marks of any kind, and block quotations.

use std::ops::Range;

use super::blocks::{self, is_of_sources, words_end};
use super::gaps::is_quote;
use super::hints::{behind, hint, within_brackets};
use super::marks::{Quoted, quoted};
use super::pinpoints::with_marks;
use super::titles::is_title;
use crate::analyze::word_ranges;
use crate::document::{BlockKind, Document, Location};
use crate::error::{Error, Result};
use crate::passage::sentence_ends;
use crate::rank::Deadline;

/// What stands between quotation marks and has fewer words is a term or a title, not a quotation.
pub const FEWEST_WORDS: usize = 4;

/// So much before a quotation may say what it is from, bytes: each of many quotations of a sentence keeps a copy.
const LONGEST_LEAD: usize = 600;

/// So much before and behind a title in a list of sources may be of the same source, bytes: a list may be one block.
const LONGEST_CITATION: usize = 600;

/// A quotation in a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// What is quoted, without its quotation marks.
    pub text: String,
    /// Where it stands in the draft.
    pub location: Location,
    /// It is set off as a block.
    pub is_block: bool,
    /// What the draft says it is from: the text of the note marked behind it, or a name in brackets.
    pub hint: Option<String>,
    /// What its sentence says before it, other quotations left out: `The 2016 report on Kenya says that`.
    pub(super) lead: String,
    /// What the next quotation of its sentence is said to be from, where it has nothing of its own.
    pub(super) shared: Option<Shared>,
    /// The note or the brackets with a source that it stands in, which may name a heading so.
    pub(super) citation: Option<String>,
}

/// A hint behind a later quotation of a sentence: `“A,” the report says, “B” (Kenya, 2020)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shared {
    pub hint: String,
    /// What the sentence says before that quotation, other quotations left out.
    pub lead: String,
}

/// Where quotations may stand.
#[derive(Clone, Copy)]
enum Place {
    /// The heading of a section.
    Heading(usize),
    Block(usize),
}

/// What is quoted in a text of a draft, however short.
struct Piece {
    range: Range<usize>,
    hint: Option<String>,
    lead: String,
    shared: Option<Shared>,
}

/// What a draft quotes.
#[derive(Default)]
pub struct Quotations {
    /// Those of at least four words, in order.
    pub long: Vec<Quotation>,
    /// How many are shorter and have more than one word: terms and titles, or what nobody has checked.
    pub short: usize,
    /// How many begin with a mark that nothing closes, so that nothing tells where they end.
    pub open: usize,
}

/// The quotations of a draft. Code is passed over, and so are titles in notes; of quotations within quotations the outer one
/// counts.
pub fn quotations(draft: &Document) -> Quotations {
    // Without an end to the time nothing fails.
    quotations_within(draft, usize::MAX, &Deadline::default()).unwrap_or_default()
}

/// The same of a draft that a stranger sends: where there are more than so many, it reads no further than to know that.
///
/// # Errors
/// `TimedOut` where there is not enough time.
pub fn quotations_within(draft: &Document, most: usize, until: &Deadline) -> Result<Quotations> {
    let mut found = Quotations::default();
    let mut last_hint = None;
    for place in places(draft) {
        let text = text_of(draft, place);
        let quoted = marked(draft, place);
        found.open += quoted.open;
        let has_titles = matches!(place, Place::Block(index) if is_of_sources(draft, index));
        let longer = quoted.ranges.iter().filter(|it| !has_titles && is_long(text, it));
        // What each is from need not be known to count them.
        let count = longer.take(most.saturating_add(1)).count();
        let pieces = match count > most {
            true => bare(quoted.ranges),
            false => pieces(draft, place, &quoted.ranges, until)?,
        };
        let hints: Vec<String> = pieces.iter().filter_map(|piece| piece.hint.clone()).collect();
        for piece in pieces {
            let citation = match has_titles {
                true => Some(around(text, &piece.range)),
                false => within_hint(text, &piece.range, &hints),
            };
            let hint = match piece.hint.as_deref().is_some_and(is_same_again) {
                true => last_hint.clone().or(piece.hint),
                false => piece.hint,
            };
            last_hint = hint.clone().or(last_hint);
            let quote = text.get(piece.range.clone()).unwrap_or_default().trim();
            if has_titles && is_title(text, &piece.range) {
                continue;
            }
            match word_ranges(quote).len() {
                0 | 1 => {}
                // The heading in brackets behind a quotation is none.
                2..FEWEST_WORDS => found.short += usize::from(has_titles || citation.is_none()),
                FEWEST_WORDS.. => found.long.push(Quotation {
                    text: quote.to_owned(),
                    location: located(draft, place, &piece.range),
                    is_block: matches!(place, Place::Block(index) if is_quotation(draft, index)),
                    hint,
                    lead: piece.lead,
                    shared: piece.shared,
                    citation: citation.map(str::to_owned),
                }),
            }
            if found.long.len() > most {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

fn is_long(text: &str, range: &Range<usize>) -> bool {
    text.get(range.clone()).is_some_and(|quote| word_ranges(quote).len() >= FEWEST_WORDS)
}

/// What is quoted, without what stands around it.
fn bare(ranges: Vec<Range<usize>>) -> Vec<Piece> {
    let alone = |range| Piece { range, hint: None, lead: String::new(), shared: None };
    ranges.into_iter().map(alone).collect()
}

/// What stands around a title in a note or a list of sources, and may name its source.
fn around<'t>(text: &'t str, title: &Range<usize>) -> &'t str {
    let start = text.floor_char_boundary(title.start.saturating_sub(LONGEST_CITATION));
    let end = text.ceil_char_boundary(text.len().min(title.end + LONGEST_CITATION));
    text.get(start..end).unwrap_or(text)
}

/// The source behind another quotation of a text that has what is quoted, with its marks.
fn within_hint<'h>(text: &str, quoted: &Range<usize>, hints: &'h [String]) -> Option<&'h str> {
    const MOST_LOOKED_AT: usize = 64;
    let marked = text.get(with_marks(text, quoted))?;
    let mut hints = hints.iter().take(MOST_LOOKED_AT);
    hints.find(|hint| hint.contains(marked)).map(String::as_str)
}

/// Headings and blocks as they follow one another.
fn places(draft: &Document) -> Vec<Place> {
    let mut places = Vec::new();
    let mut next = 0;
    for (index, block) in draft.blocks.iter().enumerate() {
        places.extend((next..=block.section).map(Place::Heading));
        next = next.max(block.section + 1);
        places.push(Place::Block(index));
    }
    places.extend((next..draft.sections.len()).map(Place::Heading));
    places
}

fn text_of(draft: &Document, place: Place) -> &str {
    let text = match place {
        Place::Heading(index) => draft.sections.get(index).map(|it| it.heading.as_str()),
        Place::Block(index) => blocks::text_of(draft, index),
    };
    text.unwrap_or_default()
}

fn located(draft: &Document, place: Place, range: &Range<usize>) -> Location {
    match place {
        Place::Heading(index) => draft.locate_heading(index),
        Place::Block(index) => {
            let start = draft.blocks.get(index).map_or(0, |block| block.range.start);
            draft.locate(start + range.start..start + range.end)
        }
    }
}

fn is_quotation(draft: &Document, index: usize) -> bool {
    draft.blocks.get(index).is_some_and(|block| block.kind == BlockKind::Quotation)
}

/// What is quoted in a heading or block, with what stands around it.
fn pieces(
    draft: &Document,
    place: Place,
    ranges: &[Range<usize>],
    until: &Deadline,
) -> Result<Vec<Piece>> {
    let text = text_of(draft, place);
    let ends = ends_between(text, ranges);
    let piece = |(at, range): (usize, &Range<usize>)| {
        if until.is_over() {
            return Err(Error::TimedOut);
        }
        let after = text.get(range.end..).and_then(|after| after.chars().next());
        let end = range.end + after.map_or(0, char::len_utf8);
        let (hint, lead) = match place {
            Place::Block(index) if is_quotation(draft, index) => {
                (hint(draft, index, block_end(text, range)), lead_before(draft, index))
            }
            Place::Block(index) => (hint(draft, index, end), lead(text, ranges, at, &ends)),
            Place::Heading(_) => {
                let hint = text.get(end..).and_then(|after| behind(draft, after, false));
                (hint, lead(text, ranges, at, &ends))
            }
        };
        let hint = hint.or_else(|| within_brackets(text, range));
        Ok(Piece { range: range.clone(), hint, lead, shared: None })
    };
    let mut pieces = ranges.iter().enumerate().map(piece).collect::<Result<Vec<Piece>>>()?;
    share(text, &ends, &mut pieces);
    Ok(pieces)
}

/// Where the words of a block quotation end: behind them may stand the mark of a note.
fn block_end(text: &str, range: &Range<usize>) -> usize {
    let text = text.get(..range.end).unwrap_or(text);
    word_ranges(text).last().map_or(text.len(), |last| last.end)
}

/// Whether a note names the source of the one before.
fn is_same_again(hint: &str) -> bool {
    let hint = hint.trim_start().to_lowercase();
    hint.starts_with("ibid") || hint.starts_with("id.")
}

/// What is quoted in a block of a draft: byte ranges of its text, however short.
pub fn quoted_in(draft: &Document, index: usize) -> Vec<Range<usize>> {
    marked(draft, Place::Block(index)).ranges
}

/// What is quoted in a heading or block.
fn marked(draft: &Document, place: Place) -> Quoted {
    let text = text_of(draft, place);
    let Place::Block(index) = place else { return quoted(text, false) };
    match draft.blocks.get(index).map(|block| block.kind) {
        None | Some(BlockKind::Code) => Quoted::default(),
        Some(BlockKind::Quotation) => {
            let end = words_end(text);
            Quoted { ranges: (end > 0).then_some(0..end).into_iter().collect(), open: 0 }
        }
        _ => {
            let next = draft.blocks.get(index + 1);
            let next = next.and_then(|next| draft.text.get(next.range.clone()));
            quoted(text, next.is_some_and(|next| next.starts_with('“')))
        }
    }
}

/// Where sentences end outside of quotations, in order.
fn ends_between(text: &str, quoted: &[Range<usize>]) -> Vec<usize> {
    let is_within = |end: &usize| {
        let first = quoted.partition_point(|it| it.end < *end);
        quoted.get(first).is_some_and(|it| it.start < *end)
    };
    let mut ends = sentence_ends(text);
    ends.retain(|end| !is_within(end));
    ends.extend(quoted.iter().filter(|it| ends_sentence(text, it)).map(|it| it.end));
    ends.sort_unstable();
    ends
}

/// What a sentence says before a quotation, at most [`LONGEST_LEAD`] before it, other quotations left out.
fn lead(text: &str, quoted: &[Range<usize>], at: usize, ends: &[usize]) -> String {
    let Some(own) = quoted.get(at) else { return String::new() };
    let before = ends.partition_point(|&end| end <= own.start);
    let mut start = before.checked_sub(1).and_then(|at| ends.get(at)).copied().unwrap_or(0);
    let mut lead = String::new();
    let reach = text.floor_char_boundary(own.start.saturating_sub(LONGEST_LEAD));
    start = start.max(reach);
    let first = quoted.partition_point(|it| it.end <= start);
    for piece in quoted.get(first..at).unwrap_or_default() {
        lead.push_str(text.get(start..piece.start.max(start)).unwrap_or_default());
        start = piece.end;
    }
    lead.push_str(text.get(start..own.start).unwrap_or_default());
    lead.trim_end_matches(is_quote).to_owned()
}

/// What the paragraph before a block quotation says of it: `According to the report of 2016 on Kenya:`.
fn lead_before(draft: &Document, index: usize) -> String {
    let before = index.checked_sub(1).map(|before| text_of(draft, Place::Block(before)));
    let Some(before) = before.map(str::trim_end).filter(|text| text.ends_with([':', ','])) else {
        return String::new();
    };
    let reach = before.floor_char_boundary(before.len().saturating_sub(LONGEST_LEAD));
    let before = before.get(reach..).unwrap_or_default();
    let start = sentence_ends(before).last().copied().unwrap_or(0);
    before.get(start..).unwrap_or_default().to_owned()
}

/// Whether the sentence around a quotation ends with it, where a mark of a note may follow.
fn ends_sentence(text: &str, quoted: &Range<usize>) -> bool {
    let inside = text.get(quoted.clone()).unwrap_or_default().trim_end();
    let after = text.get(quoted.end..).and_then(|after| after.chars().find(|c| c.is_alphabetic()));
    inside.ends_with(['.', '!', '?', '…']) && after.is_none_or(char::is_uppercase)
}

/// Gives pieces without a source what is given behind a later one of their sentence.
fn share(text: &str, ends: &[usize], pieces: &mut [Piece]) {
    let mut later: Option<(Shared, usize)> = None;
    for piece in pieces.iter_mut().rev() {
        if let Some((shared, next)) = later.take() {
            let between = piece.range.end..next;
            let is_parted = text.get(between.clone()).is_some_and(|text| text.contains(';'))
                || ends
                    .get(ends.partition_point(|&end| end < between.start))
                    .is_some_and(|end| *end <= next);
            piece.shared = (!is_parted && piece.hint.is_none()).then_some(shared);
        }
        let own = piece.hint.clone().map(|hint| Shared { hint, lead: piece.lead.clone() });
        later = own.or_else(|| piece.shared.clone()).map(|shared| (shared, piece.range.start));
    }
}
