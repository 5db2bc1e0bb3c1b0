//! Keyword in context: lines that are aligned on the keyword, each with the passage that it is from.

use std::fmt::Write;
use std::ops::Range;

use serde_json::{Value, json};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::columns::{beginning, ending, flat, isolated, left_aligned, right_aligned, width};
use crate::count::{Concordance, Line};
use crate::passage::Passage;
use crate::render::json::passage;
use crate::render::terminal::{Look, MARK, QUIET, count, paint};

/// How much text JSON has on each side of a keyword unless asked otherwise, in columns: a line or two.
const JSON_COLUMNS: usize = 100;

/// In narrower terminals what a line is from stands under it.
const WIDE: usize = 60;

/// The most columns for what a line is from.
const WIDEST_SOURCE: usize = 60;

/// A passage's id takes so many columns.
const ID: usize = 13;

/// With so many columns beside the id there is room for a heading, not only for year and title.
const WITH_HEADING: usize = 40;

/// The columns of a line.
struct Layout {
    /// Before the keyword.
    left: usize,
    /// From the keyword to the end.
    right: usize,
    /// What it is from; 0: on a line of its own.
    source: usize,
}

impl Layout {
    fn of(columns: usize) -> Layout {
        let source = if columns < WIDE { 0 } else { (columns * 3 / 8).min(WIDEST_SOURCE) };
        let context = if source == 0 { columns } else { columns - source - 2 };
        // What follows is as long as what stands before, and the keyword stands between.
        let left = context * 2 / 5;
        Layout { left, right: context - left, source }
    }
}

/// A concordance for a terminal.
pub fn text(concordance: &Concordance, look: &Look) -> String {
    let mut out = String::new();
    super::write_notes(&concordance.asked, look, &mut out);
    let layout = Layout::of(look.width);
    for line in &concordance.lines {
        write_line(line, &layout, look, &mut out);
    }
    if !concordance.lines.is_empty() {
        out.push('\n');
    }
    super::write_about(&footer(concordance), QUIET, look, &mut out);
    out
}

fn footer(concordance: &Concordance) -> String {
    let total = super::total(&concordance.asked, &concordance.total);
    let (shown, all) = (concordance.lines.len() as u64, concordance.total.occurrences);
    if all == 0 && concordance.total.passages > 0 {
        return format!("no words are asked for; {total} match");
    }
    match shown < all {
        true => format!("{total}; {} shown, `-n 0` for all", count(shown, "line")),
        false => total,
    }
}

fn write_line(line: &Line, layout: &Layout, look: &Look, out: &mut String) {
    let keyword = whole_graphemes(line);
    let text = line.text();
    let (before, behind) = (flat(&text[..keyword.start]), flat(&text[keyword.end..]));
    let left = ending(before.trim_start(), layout.left);
    let marks = if look.color { 0 } else { 2 };
    let word = flat(&text[keyword]);
    let word = shortened(&word, (layout.right.saturating_sub(marks)).max(1));
    let rest = layout.right.saturating_sub(marks + width(&word));
    let right = beginning(behind.trim_end(), rest);
    let word = match look.color {
        true => paint(&isolated(&word), MARK, look),
        false => format!("«{}»", isolated(&word)),
    };
    let _ = write!(out, "{}{word}", right_aligned(&left, layout.left));
    match layout.source {
        0 => {
            let _ = writeln!(out, "{}", isolated(&right));
            let source = source(&line.passage, look.width.saturating_sub(2));
            let _ = writeln!(out, "  {}", paint(&source, QUIET, look));
        }
        columns => {
            let source = source(&line.passage, columns);
            let right = left_aligned(&right, rest);
            let _ = writeln!(out, "{right}  {}", paint(&source, QUIET, look));
        }
    }
}

/// Where a keyword stands, widened to whole graphemes: a mark may stand on the sign before a word.
fn whole_graphemes(line: &Line) -> Range<usize> {
    let text = line.text();
    let boundary = |at: usize, is_start: bool| {
        let mut cursor = GraphemeCursor::new(at, text.len(), true);
        if cursor.is_boundary(text, 0).unwrap_or(true) {
            return at;
        }
        let found = match is_start {
            true => cursor.prev_boundary(text, 0),
            false => cursor.next_boundary(text, 0),
        };
        found.ok().flatten().unwrap_or(at)
    };
    boundary(line.keyword.start, true)..boundary(line.keyword.end, false)
}

/// A keyword that is too long loses its middle: its ends are what was asked for.
fn shortened(word: &str, columns: usize) -> String {
    if width(word) <= columns {
        return word.to_owned();
    }
    let half = columns / 2;
    let first = beginning(word, columns - half);
    let last = ending(word, half);
    format!("{first}{}", last.trim_start_matches('…'))
}

/// What a line is from: year, title and heading as far as they fit, and the passage's id.
fn source(passage: &Passage, columns: usize) -> String {
    if columns < ID + 5 {
        return passage.id.clone();
    }
    let mut label = String::new();
    if let Some(year) = passage.metadata("year") {
        label = format!("{} ", flat(year));
    }
    let room = columns - ID - 1;
    label.push_str(&flat(&passage.report.title));
    if let Some(heading) = passage.trail.last().filter(|_| passage.trail.len() > 1)
        && room >= WITH_HEADING
    {
        let heading = flat(heading);
        // The heading gets half, or what the title leaves.
        let title = beginning(&label, (room / 2).max(room.saturating_sub(width(&heading) + 3)));
        label = format!("{title} › {heading}");
    }
    format!("{} {}", left_aligned(&beginning(&label, room), room), passage.id)
}

/// A concordance as JSON, `tipsearch.kwic/1`. `columns`: how much text on each side of a keyword.
pub fn json(concordance: &Concordance, columns: Option<usize>) -> Value {
    let columns = columns.unwrap_or(JSON_COLUMNS);
    let mut value = super::answer("tipsearch.kwic/1", &concordance.asked, &concordance.total);
    value["lines"] = concordance.lines.iter().map(|line| line_json(line, columns)).collect();
    value
}

/// A line: the passage as everywhere, but for its text, and what stands before and behind the keyword. The three
/// pieces are the text as it is, end to end, with a blank for what parts two passages.
fn line_json(line: &Line, columns: usize) -> Value {
    let mut value = passage(&line.passage);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("text");
    }
    value["left"] = json!(last_columns(line.left(), columns));
    value["keyword"] = json!(line.word());
    value["right"] = json!(first_columns(line.right(), columns));
    let end = line.keyword.end.min(line.passage.text.len());
    value["bytes"] = json!([line.keyword.start, end]);
    if let Some(beyond) = &line.beyond {
        let end = line.keyword.end - beyond.start;
        value["continuation"] = json!({"id": beyond.id, "bytes": [0, end]});
    }
    value
}

fn first_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.grapheme_indices(true).find(|(_, grapheme)| {
        used += width(grapheme);
        used > columns
    });
    text.get(..end.map_or(text.len(), |(at, _)| at)).unwrap_or_default()
}

fn last_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let before = text.grapheme_indices(true).rev().find(|(_, grapheme)| {
        used += width(grapheme);
        used > columns
    });
    text.get(before.map_or(0, |(at, grapheme)| at + grapheme.len())..).unwrap_or_default()
}
