//! The places where a quotation stands, as they are told: in passages that follow one another, in headings, piece by piece.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::exact::{self, Found};
use super::gaps::{Difference, Differences};
use super::pieces::Piece;
use super::stretch::Stretch;
use super::verdict::Match;
use super::words::Words;
use crate::passage::Passage;

/// What is only near is never wholly the same.
pub const MOST_NEAR: f64 = 0.99;

pub fn found_in(quote: &Words, stretch: &Stretch, found: Vec<Found>) -> Vec<Match> {
    let of = |found: Found| {
        let place = match_of(quote, stretch, found.words, found.differences)?;
        Some(Match { replaced: found.replaced, ..place })
    };
    found.into_iter().filter_map(of).collect()
}

/// A quotation so many times as long as a heading does not stand in it, however it is written.
const SHORTEST_HEADING: usize = 3;

/// The matches in the headings over a passage that have not been looked at.
pub fn in_headings(quote: &Words, passage: &Passage, seen: &mut FxHashSet<String>) -> Vec<Match> {
    let mut matches = Vec::new();
    let mut trail = passage.report.doc_id.clone();
    for (part, heading) in passage.trail.iter().enumerate() {
        trail.push('\n');
        trail.push_str(heading);
        let is_too_short = heading.len() * SHORTEST_HEADING < quote.text.len();
        if is_too_short || !seen.insert(trail.clone()) {
            continue;
        }
        let alone = Passage { text: heading.clone(), ..passage.clone() };
        let stretch = Stretch::of(&[alone]);
        for found in exact::places(quote, &stretch).found {
            let replaced = found.replaced;
            if let Some(found) = match_of(quote, &stretch, found.words, found.differences) {
                let passage = passage.clone();
                matches.push(Match { heading: Some(part), passage, replaced, ..found });
            }
        }
    }
    matches
}

pub fn match_of(
    quote: &Words,
    stretch: &Stretch,
    words: Range<usize>,
    differences: Differences,
) -> Option<Match> {
    let source = &stretch.words;
    let mut bytes = source.span(&words);
    // With the punctuation around it, where that is the same.
    let (before, after) = (quote.gap(0), quote.gap(quote.len()));
    if source.gap(words.start).ends_with(before) {
        bytes.start -= before.len();
    }
    if source.gap(words.end).starts_with(after) {
        bytes.end += after.len();
    }
    let first = stretch.passage_at(bytes.start);
    let last = stretch.passage_at(bytes.end.saturating_sub(1));
    let goes_on = stretch.passages.get(first + 1..=last).unwrap_or_default();
    Some(Match {
        passage: stretch.passages.get(first)?.clone(),
        goes_on: goes_on.iter().map(|passage| passage.id.clone()).collect(),
        heading: None,
        text: source.text.get(bytes.clone()).unwrap_or_default().to_owned(),
        bytes: stretch.within_first(&bytes),
        similarity: match differences.contains(&Difference::Punctuation) {
            true => MOST_NEAR,
            false => 1.0,
        },
        differences,
        replaced: Vec::new(),
        quoted: 0..quote.text.len(),
    })
}

pub fn piece_match(quote: &Words, piece: &Piece, stretches: &[Stretch]) -> Option<Match> {
    let stretch = stretches.get(piece.stretch)?;
    let quoted = quote.span(&piece.quoted);
    let part = Words::of(quote.text.get(quoted.clone())?.to_owned(), Vec::new());
    let found = match_of(&part, stretch, piece.source.clone(), Differences::new())?;
    Some(Match { quoted, ..found })
}
