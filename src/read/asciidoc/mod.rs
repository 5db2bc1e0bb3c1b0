//! AsciiDoc: the header, sections, delimited blocks, lists, tables.
//!
//! Blocks inside of blocks are a stack of open delimiters, so that nothing recurses. Formulas keep their
//! source; conditions are not judged: what stands under them is read.

mod blocks;
mod header;
mod inline;
mod lists;
mod numbers;
mod table;

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::read::light::{Flat, Sheet, lines, trimmed};
use inline::{Attributes, inline};

/// Reads AsciiDoc.
pub fn read(id: &str, source: &str) -> Document {
    let mut reader = Reader {
        sheet: Sheet::new(id, source),
        lines: lines(source),
        at: 0,
        open: Vec::new(),
        style: Style::default(),
        is_in_list: false,
        lists: Vec::new(),
        looked: (0, false),
        is_attached: false,
        attributes: Attributes { budget: source.len(), ..Attributes::default() },
        cell_notes: Vec::new(),
    };
    reader.header();
    while reader.at < reader.lines.len() {
        reader.step();
    }
    reader.sheet.finish()
}

/// What the lines above a block say of it.
#[derive(Default)]
struct Style {
    /// The first attribute: `quote`, `source`, `NOTE`.
    name: String,
    /// All attributes.
    list: Option<Range<usize>>,
}

/// A block whose end is a line like the one that it began with.
struct Open<'a> {
    delimiter: &'a str,
    kind: Option<BlockKind>,
    /// The lists around it, where they go on after it.
    around: Option<Lists>,
}

/// The open lists, the innermost last.
type Lists = Vec<numbers::List>;

struct Reader<'a> {
    sheet: Sheet<'a>,
    lines: Vec<Range<usize>>,
    at: usize,
    open: Vec<Open<'a>>,
    style: Style,
    is_in_list: bool,
    lists: Lists,
    /// Up to which line numbers of items have been looked at, and whether all from there on say `1.`
    looked: (usize, bool),
    /// Whether a line `+` joins the next block to the item before it.
    is_attached: bool,
    attributes: Attributes,
    /// Notes in the cells of a table, which stand after it.
    cell_notes: Vec<Range<usize>>,
}

impl<'a> Reader<'a> {
    fn line(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", |line| &self.sheet.source[line.clone()])
    }

    fn is_blank(&self, index: usize) -> bool {
        self.line(index).trim().is_empty()
    }

    /// One block, or a line that is none.
    fn step(&mut self) {
        let line = self.line(self.at).trim_end();
        if line.is_empty() {
            self.at += 1;
            return;
        }
        if line.trim_start() == "+" && self.is_in_list {
            self.is_attached = true;
            self.at += 1;
            return;
        }
        if self.is_about(line) || self.delimited(line) || self.section(line) {
            return;
        }
        if self.is_rule(line) {
            self.at += 1;
            return self.end_list();
        }
        if self.block_macro(line) || self.item(line) {
            return;
        }
        self.paragraph(line);
    }

    /// Comments, attributes, and titles of blocks.
    fn is_about(&mut self, line: &str) -> bool {
        if line.starts_with("//") && !line.starts_with("////") {
            self.at += 1;
            return true;
        }
        if header::entry(line).is_some() {
            self.attribute_entry();
            return true;
        }
        let start = self.lines[self.at].start;
        if line.starts_with('[') && line.ends_with(']') && !line.starts_with("[ ") {
            if let Some(anchor) = line.strip_prefix("[[") {
                self.sheet.builder.anchor(anchor.split([',', ']']).next().unwrap_or_default());
            } else {
                self.attribute_list(start + 1..start + line.len() - 1);
            }
            self.at += 1;
            if !self.is_attached {
                self.end_list();
            }
            return true;
        }
        let title = line.strip_prefix('.').filter(|rest| !rest.starts_with(['.', ' ', '\t']));
        if title.is_some() && !line.starts_with("....") {
            self.at += 1;
            let kind = self.kind();
            self.end_list();
            self.text(kind, false, start + 1..start + line.len());
            self.sheet.end_list();
            return true;
        }
        false
    }

    fn attribute_list(&mut self, range: Range<usize>) {
        let text = &self.sheet.source[range.clone()];
        let first = text.split([',', '%', '#', '.']).next().unwrap_or_default().trim();
        if let Some(anchor) = text.split('#').nth(1).filter(|_| !text.contains('"')) {
            self.sheet
                .builder
                .anchor(anchor.split([',', '.', '%']).next().unwrap_or_default().trim());
        }
        if !first.contains('=') && !first.is_empty() || self.style.name.is_empty() {
            first.clone_into(&mut self.style.name);
        }
        let is_styled = !text.is_empty();
        self.style.list = is_styled.then_some(range);
    }

    fn end_list(&mut self) {
        self.is_in_list = false;
        self.is_attached = false;
        self.lists.clear();
        self.sheet.builder.unlabel(1);
        self.sheet.end_list();
    }

    /// What a paragraph here is.
    fn kind(&self) -> BlockKind {
        if self.is_attached {
            return BlockKind::ListItem;
        }
        self.open.iter().rev().find_map(|open| open.kind).unwrap_or(BlockKind::Paragraph)
    }

    /// `== Heading`, `## Heading`, or a line that is underlined.
    fn section(&mut self, line: &str) -> bool {
        let sign = line.chars().next().filter(|sign| matches!(sign, '=' | '#'));
        let count = sign.map_or(0, |sign| line.len() - line.trim_start_matches(sign).len());
        let start = self.lines[self.at].start;
        let rest = line.get(count..).unwrap_or_default();
        if (1..=6).contains(&count) && rest.starts_with([' ', '\t']) && !rest.trim().is_empty() {
            let text = trimmed(self.sheet.source, start + count..start + line.len());
            self.at += 1;
            self.add_heading(count as u8, text);
            return true;
        }
        let Some(level) = self.underline(line) else { return false };
        self.at += 2;
        self.add_heading(level, start..start + line.len());
        true
    }

    fn underline(&self, line: &str) -> Option<u8> {
        let under = self.line(self.at + 1).trim_end();
        let sign = under.chars().next()?;
        let level = "=-~^+".find(sign)? as u8 + 1;
        let is_line = under.len() >= 3 && under.bytes().all(|byte| byte == sign as u8);
        let is_text = line.starts_with(|c: char| c.is_alphanumeric()) && !line.contains("::");
        let is_near = line.chars().count().abs_diff(under.len()) <= 1;
        (is_line && is_text && is_near && self.open.is_empty()).then_some(level)
    }

    fn add_heading(&mut self, level: u8, range: Range<usize>) {
        self.end_list();
        self.style = Style::default();
        let text = &self.sheet.source[range.clone()];
        // `== Heading ==`
        let shown = text.trim_end_matches('=');
        let is_closed = shown.ends_with(' ') && !shown.trim().is_empty();
        let end = if is_closed { range.start + shown.trim_end().len() } else { range.end };
        let flat = Flat::of(self.sheet.source, range.start..end);
        let pieces = inline(&flat.text, &mut self.attributes);
        self.sheet.links(&pieces);
        self.sheet.heading(level, &pieces.text(&flat), range);
        self.notes(pieces.note_sources(&flat));
    }

    fn is_rule(&self, line: &str) -> bool {
        let line = line.trim();
        let is_spaced = |sign: &str| {
            line.len() >= 5 && line.split(' ').all(|part| part == sign) || line == sign.repeat(3)
        };
        let is_quotes = line.len() >= 3 && line.bytes().all(|byte| byte == b'\'');
        is_quotes || line == "<<<" || is_spaced("-") || is_spaced("*") || is_spaced("_")
    }

    /// A block of one range.
    fn text(&mut self, kind: BlockKind, tight: bool, range: Range<usize>) {
        let flat = Flat::of(self.sheet.source, range);
        self.flat(kind, tight, &flat);
    }

    fn flat(&mut self, kind: BlockKind, tight: bool, flat: &Flat) {
        let pieces = inline(&flat.text, &mut self.attributes);
        self.sheet.block(kind, tight, flat, &pieces);
        self.notes(pieces.note_sources(flat));
    }

    /// The notes of a block stand after it.
    pub fn notes(&mut self, notes: Vec<Range<usize>>) {
        self.sheet.notes(notes, &mut |text| inline(text, &mut self.attributes));
    }
}
