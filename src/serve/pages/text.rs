//! A text as a page shows it: paragraphs with their marks, and rows of cells that tabs part as a table. Tabs and line
//! ends stay between the cells, so that what is copied is the text.

use std::ops::Range;

use maud::{Markup, PreEscaped, html};

use super::marks::{BETWEEN, marked};
use crate::render::Lit;

/// A stretch of a text.
struct Stretch {
    bytes: Range<usize>,
    is_table: bool,
}

/// A text, with what is said before and after it where it is a piece of a longer one.
pub struct Piece<'t> {
    pub before: &'t str,
    pub text: &'t str,
    pub after: &'t str,
}

/// A text with what matched in it.
pub fn shown(text: &str, marks: impl Iterator<Item = impl Into<Lit>>) -> Markup {
    piece(&Piece { before: "", text, after: "" }, marks)
}

/// A piece of a text with what matched in it.
pub fn piece(piece: &Piece<'_>, marks: impl Iterator<Item = impl Into<Lit>>) -> Markup {
    let &Piece { before, text, after } = piece;
    if !text.contains('\t') {
        return html! { p.text dir="auto" { (before) (marked(text, marks)) (after) } };
    }
    let marks: Vec<Lit> = marks.map(Into::into).collect();
    html! {
        div.text {
            (before)
            @for (at, stretch) in stretches(text).iter().enumerate() {
                @if at > 0 { (BETWEEN) }
                @if stretch.is_table { (table(text, &stretch.bytes, &marks)) }
                @else { p dir="auto" { (part(text, &stretch.bytes, &marks)) } }
            }
            (after)
        }
    }
}

/// A part of a text with the marks in it.
fn part(text: &str, bytes: &Range<usize>, marks: &[Lit]) -> Markup {
    let is_here = |mark: &&Lit| mark.bytes.start < bytes.end && mark.bytes.end > bytes.start;
    let here = marks.iter().filter(is_here).map(|mark| {
        let inside = mark.bytes.start.max(bytes.start)..mark.bytes.end.min(bytes.end);
        Lit { bytes: inside, ..mark.clone() }.after(bytes.start)
    });
    marked(text.get(bytes.clone()).unwrap_or_default(), here)
}

/// The paragraphs of a text, those that are no tables and follow one another as one.
fn stretches(text: &str) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for bytes in pieces(text, &(0..text.len()), BETWEEN) {
        let is_table = is_table(text.get(bytes.clone()).unwrap_or_default());
        match stretches.last_mut().filter(|last| !last.is_table && !is_table) {
            Some(last) => last.bytes.end = bytes.end,
            None => stretches.push(Stretch { bytes, is_table }),
        }
    }
    stretches
}

/// Whether a paragraph is rows: half of its lines have several cells. A tab in prose makes no table of it.
fn is_table(paragraph: &str) -> bool {
    let lines = paragraph.split('\n').count();
    let rows = paragraph.split('\n').filter(|line| line.contains('\t')).count();
    rows > 0 && rows * 2 >= lines
}

/// What of a text stands between separators.
fn pieces<'t>(
    text: &'t str,
    bytes: &Range<usize>,
    separator: &'t str,
) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let mut start = bytes.start;
    let pieces = text.get(bytes.clone()).unwrap_or_default().split(separator);
    pieces.map(move |piece| {
        let bytes = start..start + piece.len();
        start = bytes.end + separator.len();
        bytes
    })
}

fn table(text: &str, bytes: &Range<usize>, marks: &[Lit]) -> Markup {
    let rows: Vec<Vec<Range<usize>>> =
        pieces(text, bytes, "\n").map(|row| pieces(text, &row, "\t").collect()).collect();
    let has_head = has_head(text, &rows);
    html! {
        div.rows tabindex="0" role="group" aria-label="Table" {
            table dir="auto" {
                @for (at, row) in rows.iter().enumerate() {
                    @if at > 0 { "\n" }
                    (cells(text, row, marks, has_head && at == 0))
                }
            }
        }
    }
}

fn cells(text: &str, row: &[Range<usize>], marks: &[Lit], is_head: bool) -> Markup {
    html! {
        tr {
            @for (at, cell) in row.iter().enumerate() {
                @if at > 0 { (PreEscaped("\t")) }
                @if is_head { th scope="col" { (part(text, cell, marks)) } }
                @else { td { (part(text, cell, marks)) } }
            }
        }
    }
}

/// Whether the first row names the columns: readers write its names before the cells of the others (`year: 2008`).
fn has_head(text: &str, rows: &[Vec<Range<usize>>]) -> bool {
    let [head, second, ..] = rows else { return false };
    let words = |cell: &Range<usize>| text.get(cell.clone()).unwrap_or_default();
    let is_named = |cell: &Range<usize>| {
        let name = words(cell).split_once(": ").map(|(name, _)| name);
        name.is_some_and(|name| head.iter().any(|cell| words(cell) == name))
    };
    let mut filled = second.iter().filter(|cell| !words(cell).is_empty()).peekable();
    filled.peek().is_some() && filled.all(is_named)
}
