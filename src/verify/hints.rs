//! What a draft says a quotation is from: the note that is marked behind it, or a name in brackets.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::verify::words::is_superscript;

/// A longer text in brackets is text.
const LONGEST_HINT: usize = 300;

/// The hint behind a quotation that ends at `end` of a block's text, its closing quotation mark included.
pub fn hint(draft: &Document, block: usize, end: usize) -> Option<String> {
    let range = draft.blocks.get(block)?.range.clone();
    let text = draft.text.get(range.clone())?;
    let after = text.get(end..)?;
    if let Some(note) = marked_note(draft, &range, range.start + end) {
        return Some(note);
    }
    let is_between =
        |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ' ' | '\n' | '\u{A0}');
    let after = after.trim_start_matches(is_between);
    let first = after.chars().next()?;
    if is_superscript(first) {
        let raised: String =
            after.chars().take_while(|&c| is_superscript(c)).map(lowered).collect();
        return numbered(draft, &raised);
    }
    let close = match first {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let inside = after.get(1..after.find(close)?)?.trim();
    let is_number = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
    match is_number {
        true if first == '[' => numbered(draft, inside),
        true => None,
        false => is_hint(inside).then(|| inside.to_owned()),
    }
}

/// Whether a text in brackets may name a source: it has letters, and is no sign of what was left out.
fn is_hint(inside: &str) -> bool {
    inside.len() <= LONGEST_HINT
        && inside.contains(char::is_alphabetic)
        && !matches!(
            inside.to_lowercase().as_str(),
            "sic" | "emphasis added" | "emphasis in original"
        )
}

/// The note whose mark stands behind a quotation, with nothing but punctuation between.
fn marked_note(draft: &Document, block: &Range<usize>, end: usize) -> Option<String> {
    let is_behind = |text: &str| !text.contains(char::is_alphanumeric);
    let first = draft.note_marks.partition_point(|mark| mark.text < end);
    let mark = draft.note_marks.get(first).filter(|mark| mark.text <= block.end)?;
    is_behind(draft.text.get(end..mark.text)?).then(|| text_of(draft, mark.block))?
}

fn text_of(draft: &Document, block: usize) -> Option<String> {
    draft.text.get(draft.blocks.get(block)?.range.clone()).map(str::to_owned)
}

/// The note or entry of a list of sources with a number: `[3] Source`, `3. Source`, or the third of a list.
fn numbered(draft: &Document, number: &str) -> Option<String> {
    let is_of_sources = |index: &usize| {
        let Some(block) = draft.blocks.get(*index) else { return false };
        let role = draft.sections.get(block.section).and_then(|section| section.role.as_deref());
        block.kind == BlockKind::Note || role == Some("references")
    };
    let starts: Vec<String> =
        ["[N]", "N.", "N)", "N:", "(N)"].iter().map(|form| form.replace('N', number)).collect();
    let has_number = |text: &str| starts.iter().any(|start| text.starts_with(start.as_str()));
    let all = 0..draft.blocks.len();
    let bracketed = |index: &usize| {
        text_of(draft, *index).is_some_and(|text| text.starts_with(&format!("[{number}]")))
    };
    let written = all
        .clone()
        .filter(is_of_sources)
        .find(|&index| text_of(draft, index).is_some_and(|text| has_number(&text)));
    let written = written.or_else(|| all.clone().rev().find(bracketed));
    if let Some(index) = written {
        return text_of(draft, index);
    }
    let is_item = |index: &usize| {
        draft.blocks.get(*index).is_some_and(|block| block.kind == BlockKind::ListItem)
    };
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    text_of(draft, all.filter(is_of_sources).filter(is_item).nth(place)?)
}

/// A raised digit on the line.
fn lowered(c: char) -> char {
    match c {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(4 + (c as u32 - '⁴' as u32), 10).unwrap_or(c),
        _ => '0',
    }
}
