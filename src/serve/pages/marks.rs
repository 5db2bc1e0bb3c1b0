//! Text with its marks, for a page.

use std::ops::Range;

use maud::{Markup, PreEscaped, html};

use super::text::{Piece, piece};
use crate::render::{Lit, html};

/// Around what is marked in an excerpt so many bytes are shown on each side, up to a word.
const AROUND: usize = 200;

/// Paragraphs that are shorter are cells of a table, or labels: they do not help to understand what is beside them.
const SHORTEST: usize = 60;

/// What stands between paragraphs.
pub const BETWEEN: &str = "\n\n";

/// Text with what matched in `<mark>`.
pub fn marked(text: &str, marks: impl Iterator<Item = impl Into<Lit>>) -> Markup {
    PreEscaped(html::marked(text, marks))
}

/// A range of a text in `<mark>`, with so much around it that it can be understood.
pub fn excerpt(text: &str, bytes: &Range<usize>) -> Markup {
    let start = before(text, bytes.start).max(prose_before(text, bytes.start));
    let end = after(text, bytes.end).min(prose_after(text, bytes.end));
    let mark = bytes.start - start..bytes.end.min(end) - start;
    let before = if start > 0 { "… " } else { "" };
    let after = if end < text.len() { " …" } else { "" };
    let text = text.get(start..end).unwrap_or_default();
    piece(&Piece { before, text, after }, std::iter::once(mark))
}

/// Where the first word begins that is near enough before a place.
fn before(text: &str, place: usize) -> usize {
    let Some(least) = place.checked_sub(AROUND) else { return 0 };
    let room = (least..place).find(|&at| text.is_char_boundary(at)).unwrap_or(place);
    let blank = text.get(room..place).and_then(|text| text.find(char::is_whitespace));
    blank.map_or(place, |blank| room + blank).min(place)
}

/// Where the last word ends that is near enough behind a place.
fn after(text: &str, place: usize) -> usize {
    let most = place.saturating_add(AROUND);
    if most >= text.len() {
        return text.len();
    }
    let room = (place..=most).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(place);
    let blank = text.get(place..room).and_then(|text| text.rfind(char::is_whitespace));
    blank.map_or(place, |blank| place + blank)
}

/// Where the prose begins that leads to a place: its own paragraph, and those before it that are long enough.
fn prose_before(text: &str, place: usize) -> usize {
    let head = text.get(..place).unwrap_or_default();
    let mut begin = head.rfind(BETWEEN).map_or(0, |at| at + BETWEEN.len());
    while let Some(head) = begin.checked_sub(BETWEEN.len()).and_then(|end| text.get(..end)) {
        let before = head.rfind(BETWEEN).map_or(0, |at| at + BETWEEN.len());
        if head.len() - before < SHORTEST {
            break;
        }
        begin = before;
    }
    begin
}

/// Where the prose ends that goes on behind a place.
fn prose_after(text: &str, place: usize) -> usize {
    let end_of = |from: usize| {
        text.get(from..).and_then(|tail| tail.find(BETWEEN)).map_or(text.len(), |at| from + at)
    };
    let mut end = end_of(place);
    while end < text.len() {
        let next = end + BETWEEN.len();
        let end_of_next = end_of(next);
        if end_of_next.saturating_sub(next) < SHORTEST {
            break;
        }
        end = end_of_next;
    }
    end
}

/// A message with what stands between backticks as code.
pub fn message(text: &str) -> Markup {
    html! {
        @for (at, piece) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}
