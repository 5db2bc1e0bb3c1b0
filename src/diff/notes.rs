//! The marks of notes in a text (`labor. (3, 4)`, `[12]`) and the labels of items (`2. UCW`), whose numbers are others in
//! each report though nothing else is.

use std::borrow::Cow;
use std::ops::Range;

use crate::verify::{is_list_of_notes, labels};

/// A report with so many marks that can be nothing else has notes, up to the highest of their numbers.
const FEWEST_MARKS: usize = 10;

/// The highest number of the notes of a report, given by its texts; 0 where it has hardly any.
pub fn highest<'t>(texts: impl Iterator<Item = &'t str>) -> u32 {
    let (mut marks, mut highest) = (0, 0);
    for text in texts {
        for mark in notes(text, 0) {
            let numbers = text[mark].split(|c: char| !c.is_ascii_digit());
            highest = numbers.filter_map(|it| it.parse().ok()).max().unwrap_or(0).max(highest);
            marks += 1;
        }
    }
    if marks >= FEWEST_MARKS { highest } else { 0 }
}

/// The bytes of the marks, with their brackets, in order. Only what can hardly be anything else is one, since what is
/// left out of a comparison is not told when it changes: `Article 3(2)`, `3.2 (79,690)` and `12 offenders (19 of
/// them)` have none. `highest`: that of the report.
pub fn notes(text: &str, highest: u32) -> Vec<Range<usize>> {
    let mut notes: Vec<Range<usize>> = Vec::new();
    for (open, bracket) in text.match_indices(['(', '[']) {
        let rest = &text[open + 1..];
        let Some(length) = rest.find(['(', ')', '[', ']']) else { break };
        let (inside, after) = (&rest[..length], &rest[length + 1..]);
        let closer = if bracket == "(" { b')' } else { b']' };
        let is_list = rest.as_bytes()[length] == closer && is_list_of_notes(inside);
        let is_behind_another = notes.last().is_some_and(|last| last.end == open);
        let is_round_mark = || is_behind_another || is_mark(&text[..open], inside, after, highest);
        if is_list && (bracket == "[" || is_round_mark()) {
            notes.push(open..open + length + 2);
        }
    }
    notes
}

/// Whether numbers in round brackets are those of notes, by what stands around them. Behind a word or a comma a single one
/// may be a count; at the end of a sentence, an item or a cell it is a note's in reports that have as many.
fn is_mark(before: &str, inside: &str, after: &str, highest: u32) -> bool {
    let words = before.trim_end();
    let is_apart = words.len() < before.len();
    let Some(last) = words.chars().next_back() else { return false };
    match last {
        '.' | '!' | '?' | ';' | '†' | '‡' | '*' => true,
        ',' | '”' | '"' | '’' => !is_apart || is_several(inside),
        ')' => is_apart,
        _ if last.is_numeric() => is_apart && is_several(inside),
        _ => {
            let is_of_note = || inside.parse().is_ok_and(|number: u32| number <= highest);
            is_several(inside) || is_apart && ends_here(after) && is_of_note()
        }
    }
}

fn is_several(inside: &str) -> bool {
    inside.contains([',', ';']) && !is_grouped(inside)
}

/// Whether it may be one number, written in groups of three digits: `79,690`.
fn is_grouped(inside: &str) -> bool {
    let mut groups = inside.split(',').skip(1).peekable();
    groups.peek().is_some()
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a sentence, an item or a cell ends before this.
fn ends_here(after: &str) -> bool {
    let next = after.trim_start_matches(' ').chars().next();
    next.is_none_or(|c| matches!(c, '\n' | '\t' | '†' | '‡' | '*') || c.is_uppercase())
}

/// A text without the marks of its notes and the labels of its items, and the way back to it.
pub struct Bare<'t> {
    /// What is left.
    pub text: Cow<'t, str>,
    /// Where each piece of it begins: here, and in the text. Nothing where nothing was left out.
    pieces: Vec<(usize, usize)>,
}

impl<'t> Bare<'t> {
    /// A text without them. `highest`: the highest number of the notes of its report.
    pub fn of(text: &'t str, highest: u32) -> Bare<'t> {
        let mut notes = notes(text, highest);
        let labels = labels(text).into_iter();
        notes.extend(labels.filter(|label| label.end < text.len()));
        if notes.is_empty() {
            return Bare { text: Cow::Borrowed(text), pieces: Vec::new() };
        }
        notes.sort_unstable_by_key(|note| note.start);
        notes.dedup_by(|next, note| next.start < note.end);
        let mut rest = String::with_capacity(text.len());
        let mut pieces = Vec::with_capacity(notes.len());
        let mut start = 0;
        for note in notes {
            rest.push_str(text[start..note.start].trim_end_matches(' '));
            // A blank is wanted only where the next word would become part of the last.
            if text[note.end..].starts_with(char::is_alphanumeric) {
                rest.push(' ');
            }
            pieces.push((rest.len(), note.end));
            start = note.end;
        }
        rest.push_str(&text[start..]);
        Bare { text: Cow::Owned(rest), pieces }
    }

    /// Where in the text a byte of what is left stands.
    pub fn place(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|(here, _)| *here <= at);
        let piece = after.checked_sub(1).and_then(|last| self.pieces.get(last));
        piece.map_or(at, |(here, there)| there + (at - here))
    }

    /// Whether something was left out between two bytes of what is left.
    pub fn has_cut(&self, between: Range<usize>) -> bool {
        let first = self.pieces.partition_point(|(here, _)| *here < between.start);
        self.pieces.get(first).is_some_and(|(here, _)| *here <= between.end)
    }
}

/// A text without the marks of its notes and the labels of its items. `highest`: that of its report.
pub fn without_notes(text: &str, highest: u32) -> Cow<'_, str> {
    Bare::of(text, highest).text
}

/// A sentence without the marks at its end, where numbers in brackets are hardly anything else.
pub fn without_last_notes(sentence: &str) -> &str {
    let mut rest = sentence.trim_end();
    while let Some(inside) = rest.strip_suffix([')', ']'])
        && let Some((before, inside)) = inside.rsplit_once(['(', '['])
        && is_list_of_notes(inside)
    {
        rest = before.trim_end();
    }
    rest
}
