//! Org: headlines, keywords, lists, tables, blocks, drawers, notes.
//!
//! Lists nest by indentation: the columns of the open items are a stack, so that nothing recurses. A
//! block of verbatim lines ends where it is closed or before the next headline, as in Org itself.

mod blocks;
mod headline;
mod inline;
mod keywords;
mod lists;
mod table;

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::read::light::{Flat, Sheet, indent, lines, trimmed};
use crate::read::numbers::Ordered;
use inline::{Definitions, inline};

/// Reads Org.
pub fn read(id: &str, source: &str) -> Document {
    let lines = lines(source);
    let is_top = |line: &&Range<usize>| source[(*line).clone()].starts_with("* ");
    let mut reader = Reader {
        sheet: Sheet::new(id, source),
        has_one_top: lines.iter().filter(is_top).take(2).count() == 1,
        lines,
        at: 0,
        items: Vec::new(),
        quotes: 0,
        blanks: 0,
        is_in_note: false,
        title: String::new(),
        open_drawers: 0,
        definitions: Definitions { budget: source.len(), ..Definitions::default() },
    };
    while reader.at < reader.lines.len() {
        reader.step();
    }
    reader.sheet.finish()
}

struct Reader<'a> {
    sheet: Sheet<'a>,
    /// Whether one headline stands above all others, which is then the title of a file without one.
    has_one_top: bool,
    lines: Vec<Range<usize>>,
    at: usize,
    /// The columns of the open items, and the numbers of their lists, where these are counted.
    items: Vec<(usize, Option<Ordered>)>,
    /// How many quotations are open.
    quotes: usize,
    /// How many blank lines stand before the current one.
    blanks: usize,
    is_in_note: bool,
    /// What `#+TITLE` has said so far.
    title: String,
    /// Up to this line no drawer ends: its end is not searched for again.
    open_drawers: usize,
    definitions: Definitions,
}

impl<'a> Reader<'a> {
    fn line(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", |line| &self.sheet.source[line.clone()])
    }

    /// One element, or a line that is none.
    fn step(&mut self) {
        let line = self.line(self.at);
        let (column, skip) = indent(line);
        let text = line[skip..].trim_end();
        if text.is_empty() {
            return self.blank();
        }
        self.blanks = 0;
        if headline::stars(line).is_some() {
            return self.headline();
        }
        if let Some(mark) = lists::bullet(text, column) {
            return self.item(column, skip, mark);
        }
        self.close(column);
        let is_about = self.keyword(text) || self.block(text) || self.drawer(text);
        if is_about || self.table(text) || self.environment(text) {
            return;
        }
        let is_rule = text.len() >= 5 && text.bytes().all(|byte| byte == b'-');
        if is_rule || text == "#" || text.starts_with("# ") {
            self.at += 1;
            return;
        }
        if let Some(name) = note_name(line) {
            self.leave();
            self.is_in_note = true;
            let label = line.get("[fn:".len()..name - 1).unwrap_or_default();
            self.sheet.builder.note(label);
            let start = self.lines[self.at].start + name;
            return self.paragraph(start, 0);
        }
        let start = self.lines[self.at].start + skip;
        self.paragraph(start, self.items.last().map_or(0, |(column, _)| column + 1));
    }

    /// Two blank lines end a list and a note.
    fn blank(&mut self) {
        self.at += 1;
        self.blanks += 1;
        if self.blanks >= 2 {
            self.leave();
        }
    }

    fn leave(&mut self) {
        self.items.clear();
        self.sheet.builder.unlabel(1);
        self.is_in_note = false;
        self.sheet.end_list();
    }

    /// Ends the items that text at this column does not belong to.
    fn close(&mut self, column: usize) {
        let had_items = !self.items.is_empty();
        while self.items.last().is_some_and(|(item, _)| *item >= column) {
            self.items.pop();
        }
        self.sheet.builder.unlabel(self.items.len() + 1);
        if had_items && self.items.is_empty() {
            self.sheet.end_list();
        }
    }

    /// What a text here is.
    fn kind(&self) -> BlockKind {
        match () {
            () if self.is_in_note => BlockKind::Note,
            () if !self.items.is_empty() => BlockKind::ListItem,
            () if self.quotes > 0 => BlockKind::Quotation,
            () => BlockKind::Paragraph,
        }
    }

    /// Whether a line ends a text although no blank one stands before it; `column`: where the text
    /// must at least stand.
    fn breaks(&self, index: usize, column: usize) -> bool {
        let line = self.line(index);
        let (own, skip) = indent(line);
        let text = line[skip..].trim_end();
        text.is_empty()
            || own < column
            || headline::stars(line).is_some()
            || lists::bullet(text, own).is_some()
            || text == "#"
            || ["#+", "# ", "|", ": ", "\\begin{"].iter().any(|mark| text.starts_with(mark))
            || text == ":"
            || blocks::drawer_name(text).is_some()
            || note_name(line).is_some()
            || text.len() >= 5 && text.bytes().all(|byte| byte == b'-')
    }

    /// The lines of a text that begins here.
    fn gather(&mut self, start: usize, column: usize) -> Flat {
        let source = self.sheet.source;
        let mut flat = Flat::default();
        let first = trimmed(source, start.min(self.lines[self.at].end)..self.lines[self.at].end);
        if !first.is_empty() {
            flat.line(source, first);
        }
        self.at += 1;
        while self.at < self.lines.len() && !self.breaks(self.at, column) {
            flat.line(source, trimmed(source, self.lines[self.at].clone()));
            self.at += 1;
        }
        flat
    }

    fn paragraph(&mut self, start: usize, column: usize) {
        let flat = self.gather(start, column);
        let kind = self.kind();
        self.text(kind, &flat);
    }

    /// A block, and the notes in its text after it.
    fn text(&mut self, kind: BlockKind, flat: &Flat) {
        if flat.text.trim().is_empty() {
            return;
        }
        let pieces = inline(&flat.text, &mut self.definitions);
        self.sheet.block(kind, true, flat, &pieces);
        self.notes(pieces.note_sources(flat));
    }

    fn notes(&mut self, notes: Vec<Range<usize>>) {
        self.sheet.notes(notes, &mut |text| inline(text, &mut self.definitions));
    }
}

/// The length of `[fn:name]` at the start of a line.
fn note_name(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("[fn:")?;
    let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let length = rest.find(|c: char| !is_name(c)).filter(|length| *length > 0)?;
    rest[length..].starts_with(']').then_some(4 + length + 1)
}
