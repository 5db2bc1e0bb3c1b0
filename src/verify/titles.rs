//! Titles of articles and chapters in notes and lists of sources: they stand in quotation marks and quote nothing.

use std::ops::Range;

use super::gaps::is_quote;
use crate::analyze::{folded, is_stop_word, word_ranges};

/// Words before a title that follows no comma: `see “…”`, `in “…”`.
const BEFORE: [&str; 7] = ["see", "also", "in", "and", "cf", "e.g", "from"];

/// Whether what is quoted in a note is written like a title and stands where one does: at the beginning or behind a stop
/// or a comma, and before one.
pub fn is_title(text: &str, quoted: &Range<usize>) -> bool {
    let inside = text.get(quoted.clone()).unwrap_or_default();
    let before = text.get(..quoted.start).unwrap_or_default();
    let before = before.trim_end_matches(is_quote).trim_end();
    let after = text.get(quoted.end..).unwrap_or_default();
    let after = after.trim_start_matches(is_quote).trim_start();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_behind = !word.ends_with(char::is_alphabetic) || BEFORE.contains(&folded(word).as_str());
    let is_closed = inside.trim_end().ends_with([',', '.', '?', '!']);
    let is_before =
        !after.starts_with(char::is_alphabetic) || is_closed || after.starts_with("in ");
    is_behind && is_before && is_title_case(inside)
}

/// Whether the words that say something begin with capital letters, and not all are written in capitals.
fn is_title_case(text: &str) -> bool {
    let words: Vec<&str> = word_ranges(text).into_iter().filter_map(|it| text.get(it)).collect();
    let says = |word: &&&str| !is_stop_word(&folded(word)) && word.contains(char::is_alphabetic);
    let mut saying = words.iter().filter(says).peekable();
    let has_lower = text.contains(char::is_lowercase);
    let is_small = |word: &str| word.chars().count() <= 4;
    has_lower
        && saying.peek().is_some()
        && saying.all(|word| {
            word.starts_with(|c: char| !c.is_lowercase()) || is_small(word) && is_preposition(word)
        })
}

fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "over"
            | "upon"
            | "via"
            | "with"
            | "from"
            | "into"
            | "per"
            | "vs"
            | "than"
            | "amid"
            | "like"
            | "near"
    )
}
