//! Text in columns of a terminal: cut between graphemes, padded by the width that it has there, and kept from
//! turning the order of its line.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::render::text::clean;

/// First strong isolate and its end (Unicode Standard Annex #9): what stands between has an order of its own and
/// leaves that of the line alone.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Stands for what has been cut off.
const ELLIPSIS: &str = "…";

/// Text on one line: cleaned, and each stretch of white space one blank.
pub fn flat(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    for c in clean(text).chars() {
        let is_blank = c.is_whitespace() || c == '\u{FEFF}';
        if !is_blank {
            flat.push(c);
        } else if !flat.ends_with(' ') {
            flat.push(' ');
        }
    }
    flat
}

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// As much of the beginning of a text as fits, up to the end of a word where that leaves three quarters; an
/// ellipsis stands for the rest.
pub fn beginning(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(width(ELLIPSIS)) else { return String::new() };
    let (mut end, mut used) = (0, 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        used += UnicodeWidthStr::width(grapheme);
        if used > room {
            break;
        }
        end = at + grapheme.len();
    }
    let kept = &text[..end];
    let is_word_end = text[end..].starts_with(' ');
    let word_end = if is_word_end { None } else { kept.rfind(' ') };
    let kept = match word_end.and_then(|at| kept.get(..at)) {
        Some(whole) if 4 * width(whole) >= 3 * room => whole,
        _ => kept,
    };
    format!("{}{ELLIPSIS}", kept.trim_end())
}

/// As much of the end of a text as fits, from the beginning of a word where that leaves three
/// quarters; an ellipsis stands for the rest.
pub fn ending(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(width(ELLIPSIS)) else { return String::new() };
    let (mut start, mut used) = (text.len(), 0);
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += UnicodeWidthStr::width(grapheme);
        if used > room {
            break;
        }
        start = at;
    }
    let kept = &text[start..];
    let is_word_start = text[..start].ends_with(' ');
    let word_start = if is_word_start { None } else { kept.find(' ').map(|at| at + 1) };
    let kept = match word_start.and_then(|at| kept.get(at..)) {
        Some(whole) if 4 * width(whole) >= 3 * room => whole,
        _ => kept,
    };
    format!("{ELLIPSIS}{}", kept.trim_start())
}

/// A text with blanks behind it up to so many columns.
pub fn left_aligned(text: &str, columns: usize) -> String {
    format!("{}{}", isolated(text), blanks(columns.saturating_sub(width(text))))
}

/// A text with blanks before it up to so many columns.
pub fn right_aligned(text: &str, columns: usize) -> String {
    format!("{}{}", blanks(columns.saturating_sub(width(text))), isolated(text))
}

fn blanks(columns: usize) -> String {
    " ".repeat(columns)
}

/// A text that does not change the order of what stands beside it. Only what has letters that are written from
/// right to left needs it; the signs around it have no width.
pub fn isolated(text: &str) -> String {
    match text.chars().any(is_right_to_left) {
        true => format!("{}{text}{}", ISOLATE.0, ISOLATE.1),
        false => text.to_owned(),
    }
}

/// Whether a character is of a block whose scripts are written from right to left, or turns the order by itself:
/// the defaults of Unicode's table `DerivedBidiClass`.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{200F}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// A text in lines of at most so many columns, broken at blanks; a word that is longer has a line of its own.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
