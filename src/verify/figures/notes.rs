//! Which numbers of a text are marks of notes: in brackets, raised, or stuck to what ends a quotation or a sentence.

use std::ops::Range;

use crate::verify::gaps::is_quote;
use crate::verify::words::{Words, is_of_notes};

/// Whether a number is the mark of a note, or one of several.
pub fn is_note(words: &Words, number: &Range<usize>) -> bool {
    let first = number.start;
    words.marks.iter().any(|mark| mark.words.contains(&first))
        || is_listed(words, first)
        || number.len() == 1 && (is_raised(words, first) || is_behind_year(words, first))
}

/// Whether a year that ends a sentence has run together with a note: `in 2013.5 The police`.
fn is_behind_year(words: &Words, at: usize) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((year, note)) = words.written(at).split_once('.') else { return false };
    let before = at.checked_sub(1).and_then(|before| words.key(before));
    let is_when = matches!(before, Some("in" | "during" | "by" | "since" | "until" | "and"));
    let ends = at + 1 == words.len() || words.written(at + 1).starts_with(char::is_uppercase);
    let is_year = year.len() == 4 && matches!(year.get(..2), Some("19" | "20"));
    is_year && is_digits(year) && is_digits(note) && note.len() <= 3 && is_when && ends
}

/// Whether a number stands with nothing but numbers in brackets or between carets: `(24; 25)`, `^8^`.
fn is_listed(words: &Words, at: usize) -> bool {
    let bytes = words.bytes(at);
    let before = words.text.get(..bytes.start).unwrap_or_default();
    let after = words.text.get(bytes.end..).unwrap_or_default();
    let open = before.trim_end_matches(is_of_notes);
    let closes = after.trim_start_matches(is_of_notes).chars().next();
    match (open.chars().next_back(), closes) {
        (Some('('), Some(')')) => !is_amount(words, at),
        (Some('['), Some(']')) => true,
        // Markdown raises what stands between two; the second may be missing.
        (Some('^'), closes) => {
            let is_first = open.matches('^').count() % 2 == 1;
            is_first && (closes == Some('^') || before.ends_with('^'))
        }
        _ => false,
    }
}

/// Whether thousands are set off in what stands in brackets, as in `13.0 (927,591)`, and not one note from the next. Notes
/// ascend, and stand behind no percentage.
fn is_amount(words: &Words, at: usize) -> bool {
    let groups: Vec<&str> = words.written(at).split(',').collect();
    let (Some(before), true) = (at.checked_sub(1), groups.len() > 1) else { return false };
    let ascends = groups.windows(2).all(|pair| match pair {
        &[one, other] => one.parse::<u32>().ok() < other.parse().ok() && !other.starts_with('0'),
        _ => true,
    });
    let is_behind_share = words.key(before) == Some("percent")
        || words.written(before).starts_with(|c: char| c.is_ascii_digit())
            && words.written(before).contains('.');
    !ascends || is_behind_share
}

/// The mark of a note that nothing tells any more was raised: `in fishing,1 and`, `“cocoa”2`, `“in 2013.”5–7`.
fn is_raised(words: &Words, at: usize) -> bool {
    // No sentence has more notes.
    const MOST: usize = 9;
    let is_joined = |&at: &usize| {
        matches!(words.gap(at), "," | ";" | "-" | "–")
            && words.written(at - 1).bytes().all(|byte| byte.is_ascii_digit())
    };
    let joined = (1..=at).rev().take(MOST).take_while(is_joined).count();
    let all = at - joined..=at;
    let is_short = |at: usize| {
        let written = words.written(at);
        written.len() <= 3 && written.bytes().all(|byte| byte.is_ascii_digit())
    };
    all.clone().all(is_short) && is_stuck(words, *all.start())
}

/// Whether nothing but signs that end a quotation, a clause or a sentence parts a number from the word before it; from another
/// number, a quotation mark.
fn is_stuck(words: &Words, at: usize) -> bool {
    let gap = words.gap(at);
    let is_sign =
        |c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '*') || is_quote(c);
    let Some(before) = at.checked_sub(1) else { return false };
    let is_behind_letter = words.written(before).ends_with(char::is_alphabetic);
    !gap.is_empty() && gap.chars().all(is_sign) && (is_behind_letter || gap.contains(is_quote))
}
