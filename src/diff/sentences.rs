//! The sentences of a paragraph, by which reports are told from one another.

use std::ops::Range;

use crate::passage::sentences as whole_sentences;

/// Shorter sentences stand anywhere; a quotation has as many words at least.
pub const FEWEST_WORDS: usize = 4;

/// The sentences of a text, trimmed, in order.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    for sentence in whole_sentences(text) {
        let mut start = sentence.start;
        for stop in stops_without_blank(text, &sentence) {
            sentences.push(start..stop);
            start = stop;
        }
        sentences.push(start..sentence.end);
    }
    sentences
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
