//! Blocks of a draft: which are of its sources, where a block quotation ends, and what says whose it is or marks a note begins.

use super::gaps::is_quote;
use super::hints::{LONGEST_HINT, is_hint};
use super::negation::is_negation;
use super::sources::years;
use super::words::{is_list_of_notes, is_superscript};
use crate::document::{BlockKind, Document};

/// The text of a block.
pub fn text_of(draft: &Document, block: usize) -> Option<&str> {
    draft.text.get(draft.blocks.get(block)?.range.clone())
}

/// Whether a block is a note, or an entry of a list of sources.
pub fn is_of_sources(draft: &Document, block: usize) -> bool {
    draft.blocks.get(block).is_some_and(|block| {
        let role = draft.sections.get(block.section).and_then(|section| section.role.as_deref());
        block.kind == BlockKind::Note || role == Some("references")
    }) || is_listed_source(draft, block)
}

/// Whether a block is an item of a list below a line that says that sources follow: `Sources:`.
fn is_listed_source(draft: &Document, block: usize) -> bool {
    const LONGEST_LIST: usize = 200;
    let kind = |at: usize| draft.blocks.get(at).map(|block| block.kind);
    if kind(block) != Some(BlockKind::ListItem) {
        return false;
    }
    let before = (block.saturating_sub(LONGEST_LIST)..block).rev();
    let head = before.into_iter().find(|&at| kind(at) != Some(BlockKind::ListItem));
    let text = head.and_then(|at| text_of(draft, at)).unwrap_or_default();
    let name = text.trim().trim_matches(['*', '_', ':', ' ']).to_lowercase();
    HEADS_OF_SOURCES.contains(&name.as_str())
}

/// Lines above the sources of a text.
const HEADS_OF_SOURCES: [&str; 10] = [
    "bibliography",
    "citations",
    "cited sources",
    "endnotes",
    "footnotes",
    "notes",
    "references",
    "source",
    "sources",
    "works cited",
];

/// Where what is quoted ends in a block: before marks of notes and what says whose it is; 0 where that is all.
pub fn words_end(text: &str) -> usize {
    let end = before_marks(text);
    let text = text.get(..end).unwrap_or(text);
    match attribution(text) {
        Some(end) => before_marks(text.get(..end).unwrap_or(text)),
        None => end,
    }
}

/// What a block says at its end of whose it is, without brackets and dashes around.
pub fn attributed(text: &str) -> Option<String> {
    let text = text.get(..before_marks(text))?;
    let told = text.get(attribution(text)?..)?.trim();
    let is_around = |c: char| is_dash(c) || c.is_whitespace();
    let told = told.trim_matches(is_around);
    let bare = told.strip_suffix('.').unwrap_or(told);
    let bare = bare.strip_prefix(['(', '[']).and_then(|it| it.strip_suffix([')', ']']));
    let told = bare.unwrap_or(told);
    is_hint(told).then(|| told.to_owned())
}

/// Where what says whose a block is begins: a line behind a dash or with a year, brackets behind its last sentence or
/// with a year, or what stands behind a dash or behind its last sentence and can hardly be anything but a source.
pub fn attribution(text: &str) -> Option<usize> {
    let text = text.trim_end();
    on_a_line(text)
        .or_else(|| in_brackets(text))
        .or_else(|| behind_dash(text))
        .or_else(|| behind_sentence(text))
}

fn on_a_line(text: &str) -> Option<usize> {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let (before, last) = (text.get(..line)?.trim_end(), text.get(line..)?);
    // What has a source behind itself is quoted, whatever it looks like.
    let is_source = is_dated_source(last) && in_brackets(last).is_none();
    let is_told = last.starts_with(is_dash) && last.len() <= LONGEST_HINT || is_source;
    (is_told && ends_sentence(before)).then_some(line)
}

fn in_brackets(text: &str) -> Option<usize> {
    let text = text.trim_end_matches('.');
    let open = opening(text)?;
    let inside = text.get(open + 1..text.len() - 1)?;
    let before = text.get(..open)?.trim_end();
    let is_told = ends_sentence(before) && is_hint(inside) || is_dated_source(inside);
    (!before.is_empty() && is_told).then_some(open)
}

/// Where the bracket opens that a text ends with.
fn opening(text: &str) -> Option<usize> {
    let (open, close) = match text.chars().next_back()? {
        ')' => ('(', ')'),
        ']' => ('[', ']'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().rev().take(2 * LONGEST_HINT) {
        depth += usize::from(c == close);
        if c == open {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn behind_dash(text: &str) -> Option<usize> {
    let is_told = |&(at, dash): &(usize, &str)| {
        let before = text.get(..at).unwrap_or_default();
        let rest = text.get(at + dash.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(is_dash).trim();
        let is_free = before.ends_with(char::is_whitespace) || dash == "—" || dash == "―";
        let is_behind_all = ends_sentence(before.trim_end());
        is_free && (is_dated_source(rest) || is_behind_all && is_source(rest))
    };
    last_part(text)
        .match_indices(is_dash)
        .map(|(at, dash)| (at + text.len() - last_part(text).len(), dash))
        .find(is_told)
        .map(|(at, _)| at)
}

/// As much of the end of a text as may say whose it is.
fn last_part(text: &str) -> &str {
    let start = text.ceil_char_boundary(text.len().saturating_sub(LONGEST_HINT));
    text.get(start..).unwrap_or_default()
}

/// What an element for the source leaves on the line of the sentence before it: `sector. Ghana, 2021`.
fn behind_sentence(text: &str) -> Option<usize> {
    let part = last_part(text);
    let skipped = text.len() - part.len();
    let stops = part.match_indices(['.', '!', '?', '”', '"', '’', '»']);
    let mut ends = stops.map(|(at, stop)| skipped + at + stop.len());
    ends.find(|&end| {
        let (before, rest) =
            (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        // `U.S.`, `St.`, `Mr.`
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        let is_short = letters.len() <= 2 && letters.first().is_some_and(|c| c.is_uppercase());
        let follows = rest.trim_start();
        !is_short
            && ends_sentence(before)
            && follows.starts_with(char::is_uppercase)
            && !begins_sentence(follows)
            && is_dated_source(follows)
    })
}

/// Whether a text with names and a year is rather a sentence: `No Police in Mali in 2021.`
fn begins_sentence(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "in" | "by" | "from" | "at" | "to" | "on" | "for" | "and" | "a" | "an")
        || text.split_whitespace().any(|word| is_negation(&word.to_lowercase()))
}

fn ends_sentence(text: &str) -> bool {
    text.is_empty() || text.ends_with(['.', '!', '?', '…', ')', ']']) || text.ends_with(is_quote)
}

fn is_dash(c: char) -> bool {
    matches!(c, '—' | '–' | '―' | '-')
}

/// Words in lower case that may stand between the names of a source.
const BETWEEN: [&str; 30] = [
    "of", "the", "and", "on", "for", "in", "to", "a", "an", "by", "from", "at", "de", "la", "du",
    "et", "p", "pp", "page", "pages", "para", "paras", "section", "chapter", "see", "cited",
    "quoted", "note", "vol", "no",
];

/// Whether a text can hardly be anything but a source: its words are names, numbers, or such as stand between them.
pub fn is_source(text: &str) -> bool {
    let is_name = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let letters = bare.trim_end_matches(|c: char| c.is_ascii_digit());
        !bare.contains(char::is_alphabetic)
            || bare.starts_with(char::is_uppercase)
            || bare.contains(['.', '/', '_'])
            || BETWEEN.contains(&letters)
    };
    let has_name = text.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.starts_with(char::is_uppercase) || bare.contains(['.', '/', '_'])
    });
    is_hint(text) && has_name && text.split_whitespace().all(is_name)
}

fn is_dated_source(text: &str) -> bool {
    !years(text).is_empty() && is_source(text)
}

/// Where a text ends before the marks of notes that it ends with: `sector.[1]`, `sector.¹`, `sector.1`, `sector. (1)`.
fn before_marks(text: &str) -> usize {
    let mut text = text.trim_end();
    while let Some(bare) = without_mark(text) {
        text = bare.trim_end();
    }
    text.len()
}

fn without_mark(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches(is_superscript);
    // A power belongs to its number.
    if bare.len() < text.len() && !bare.ends_with(|c: char| c.is_numeric()) {
        return Some(bare);
    }
    let closed = text.strip_suffix('.').filter(|text| text.ends_with(']')).unwrap_or(text);
    if let Some(open) = opening(closed) {
        let inside = closed.get(open + 1..closed.len() - 1)?;
        let before = closed.get(..open)?.trim_end();
        let is_mark = closed.ends_with(']') || ends_sentence(before);
        return (is_list_of_notes(inside) && is_mark && !before.is_empty()).then_some(before);
    }
    without_number(text)
}

/// Without the number of a note right behind the last sentence, where nothing tells any more that it was raised.
fn without_number(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_short = (1..=3).contains(&(text.len() - bare.len()));
    let word = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
    let last = word.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    // `3.5`, `No.1`; but `in 2013.1`
    let is_label = !last.contains(|c: char| c.is_ascii_digit())
        && last.len() <= 3
        && last.starts_with(char::is_uppercase);
    let is_decimal = last.contains(|c: char| c.is_ascii_digit()) && years(last).is_empty();
    let is_mark = is_short && ends_sentence(bare) && !word.is_empty();
    (is_mark && !is_label && !is_decimal).then_some(bare)
}
