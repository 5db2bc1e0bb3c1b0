//! What a draft says a quotation is from: the note that is marked behind it, or a name in brackets.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::verify::gaps::is_quote;
use crate::verify::words::{is_remark, is_superscript};

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
    if let Some(number) = raised(after)
        && let Some(note) = numbered(draft, number)
    {
        return Some(note);
    }
    let is_between =
        |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ' ' | '\n' | '\u{A0}');
    let after = after.trim_start_matches(|c| is_between(c) || is_quote(c));
    let Some(first) = after.chars().next() else { return below(draft, block, after) };
    if is_superscript(first) {
        let raised: String =
            after.chars().take_while(|&c| is_superscript(c)).map(lowered).collect();
        return numbered(draft, &raised);
    }
    let close = match first {
        '[' => ']',
        '(' => ')',
        _ => return draft.blocks.get(block).and_then(|_| below(draft, block, after)),
    };
    let inside = after.get(1..after.find(close)?)?.trim();
    let is_number = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
    match is_number {
        true if first == '[' => numbered(draft, inside),
        true => None,
        false => is_hint(inside).then(|| inside.to_owned()),
    }
}

/// The mark of a note right behind a quotation, where nothing tells any more that it was raised: `”.1 The`.
fn raised(after: &str) -> Option<&str> {
    let after = after.trim_start_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?') || is_quote(c)
    });
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = after.get(..after.len() - rest.len())?;
    let is_alone = !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '.' | ','));
    ((1..=3).contains(&number.len()) && is_alone).then_some(number)
}

/// Where a block quotation ends and what says whose it is begins: a line behind a dash, or brackets behind its last
/// sentence; 0 where that is all.
pub fn attribution(text: &str) -> Option<usize> {
    let ends_sentence = |text: &str| {
        text.is_empty()
            || text.ends_with(['.', '!', '?', '…', ')', ']'])
            || text.ends_with(is_quote)
    };
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let (before, last) = (text.get(..line)?.trim_end(), text.get(line..)?);
    if last.starts_with(is_attributing) && is_short(last) && ends_sentence(before) {
        return Some(line);
    }
    let text = text.trim_end().trim_end_matches('.');
    let open = text.ends_with([')', ']']).then(|| text.rfind(['(', '[']))??;
    let inside = text.get(open + 1..text.len() - 1)?;
    let before = text.get(..open)?.trim_end();
    (!before.is_empty() && ends_sentence(before) && is_hint(inside)).then_some(open)
}

fn is_attributing(c: char) -> bool {
    matches!(c, '—' | '–' | '―' | '-')
}

fn is_short(text: &str) -> bool {
    text.len() <= LONGEST_HINT
}

/// What a line behind a dash says at the end of a block quotation, or in the one below it.
fn below(draft: &Document, block: usize, after: &str) -> Option<String> {
    if draft.blocks.get(block)?.kind != BlockKind::Quotation {
        return None;
    }
    let told = match after.trim().is_empty() {
        false => after.to_owned(),
        true => {
            let next = draft.blocks.get(block + 1)?;
            let text = text_of(draft, block + 1)?;
            (next.kind == BlockKind::Quotation && attribution(&text) == Some(0)).then_some(text)?
        }
    };
    let told = told.trim();
    let name = told.strip_prefix(is_attributing)?.trim_start_matches(is_attributing).trim();
    is_hint(name).then(|| name.to_owned())
}

/// Whether a text in brackets may name a source: it has letters, and is no sign of what was left out.
fn is_hint(inside: &str) -> bool {
    is_short(inside) && inside.contains(char::is_alphabetic) && !is_remark(inside)
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
