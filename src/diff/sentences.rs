//! The sentences of a paragraph, by which reports are told from one another.

use std::ops::Range;

use super::notes::notes;
use crate::passage::sentences as whole_sentences;

/// Shorter sentences stand anywhere; a quotation has as many words at least.
pub const FEWEST_WORDS: usize = 4;

/// The sentences of a text, trimmed, in order. `highest`: the highest number of the notes of its report, whose marks end items
/// of a cell that have no full stop (`weeding (3, 4) Fishing`).
pub fn sentences(text: &str, highest: u32) -> Vec<Range<usize>> {
    let items = items_behind_notes(text, highest);
    let mut sentences = Vec::new();
    for sentence in whole_sentences(text) {
        let mut stops = stops_without_blank(text, &sentence);
        stops.extend(items.iter().filter(|&&at| sentence.start < at && at < sentence.end));
        stops.sort_unstable();
        let mut start = sentence.start;
        for stop in stops {
            sentences.push(start..start + text[start..stop].trim_end().len());
            start = stop;
        }
        sentences.push(start..sentence.end);
    }
    sentences
}

/// Where what begins with a capital letter follows the marks of notes.
fn items_behind_notes(text: &str, highest: u32) -> Vec<usize> {
    let begins = |mark: Range<usize>| {
        let rest = text[mark.end..].trim_start_matches(['†', '‡', '*', ' ']);
        let is_apart = text[mark.end..text.len() - rest.len()].contains(' ');
        (is_apart && rest.starts_with(char::is_uppercase)).then(|| text.len() - rest.len())
    };
    notes(text, highest).into_iter().filter_map(begins).collect()
}

/// Where sentences end whose blank was lost when a page was set (`child labor.The government`).
fn stops_without_blank(text: &str, sentence: &Range<usize>) -> Vec<usize> {
    let is_end = |&at: &usize| {
        let (before, after) = (&text[sentence.start..at], &text[at + 1..sentence.end]);
        let (mut last, mut next) = (before.chars().rev(), after.chars());
        let ends = last.next().is_some_and(char::is_lowercase)
            && last.next().is_some_and(char::is_lowercase);
        let begins = next.next().is_some_and(char::is_uppercase)
            && next.next().is_some_and(|c| c.is_lowercase() || c.is_whitespace());
        ends && begins
    };
    let stops = text[sentence.clone()].match_indices('.').map(|(at, _)| sentence.start + at);
    stops.filter(is_end).map(|at| at + 1).collect()
}
