//! reStructuredText: sections by adornment, body elements by indentation, directives.
//!
//! Elements nest by indentation: the open ones are a stack, so that nothing recurses. Formulas keep
//! their source, in which the names in them can be found.

mod directives;
mod document;
mod inline;
mod marks;
mod tables;

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::read::light::{Flat, Sheet, indent, lines, outdented, trimmed};
use crate::read::numbers::Ordered;
use document::Headings;
use inline::{Definitions, inline};

/// Reads reStructuredText.
pub fn read(id: &str, source: &str) -> Document {
    let lines = lines(source);
    let definitions = document::definitions(source, &lines);
    let mut reader = Reader {
        sheet: Sheet::new(id, source),
        headings: Headings::default(),
        lines,
        at: 0,
        open: Vec::new(),
        counts: [0; 4],
        numbers: Vec::new(),
        list: None,
        literal: None,
        definitions,
    };
    reader.find_subtitle();
    while reader.at < reader.lines.len() {
        reader.step();
    }
    reader.sheet.finish()
}

/// What an open element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Item,
    Quote,
    Note,
    /// The content of a directive, text like that around it.
    Content,
}

/// An open element: lines deeper than `base` belong to it.
struct Open {
    element: Element,
    base: usize,
    /// The column of its text, once a line of it has been seen.
    indent: Option<usize>,
}

struct Reader<'a> {
    sheet: Sheet<'a>,
    headings: Headings,
    lines: Vec<Range<usize>>,
    at: usize,
    open: Vec<Open>,
    /// How many elements of each kind are open.
    counts: [usize; 4],
    /// The columns of numbered lists, and where their numbers have got to.
    numbers: Vec<(usize, Ordered)>,
    /// The column of the outermost list that has just ended, or is open.
    list: Option<usize>,
    /// The column of a paragraph that announces a literal block.
    literal: Option<usize>,
    definitions: Definitions,
}

impl<'a> Reader<'a> {
    fn line(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", |line| &self.sheet.source[line.clone()])
    }

    fn is_blank(&self, index: usize) -> bool {
        self.line(index).trim().is_empty()
    }

    fn column(&self, index: usize) -> usize {
        indent(self.line(index)).0
    }

    /// One element, or a blank line.
    fn step(&mut self) {
        if self.is_blank(self.at) {
            self.at += 1;
            return;
        }
        let (column, skip) = indent(self.line(self.at));
        if let Some(base) = self.literal.take()
            && self.literal_block(base, column)
        {
            return;
        }
        self.close(column);
        self.deepen(column);
        if column == 0 && self.heading() {
            return;
        }
        let start = self.lines[self.at].start + skip;
        self.elements(start, column);
    }

    /// Ends the elements that a line at this column does not belong to.
    fn close(&mut self, column: usize) {
        while let Some(last) = self.open.last().filter(|last| last.base >= column) {
            self.counts[last.element as usize] -= 1;
            self.open.pop();
        }
        self.sheet.builder.unlabel(self.counts[Element::Item as usize] + 1);
    }

    /// A line deeper than the text around it is quoted.
    fn deepen(&mut self, column: usize) {
        let outside = match self.open.last_mut() {
            None => 0,
            Some(last) => {
                let known = last.indent.map_or(column, |known| known.min(column));
                last.indent = Some(known);
                known
            }
        };
        if column > outside {
            self.enter(Element::Quote, outside, Some(column));
        }
    }

    fn enter(&mut self, element: Element, base: usize, indent: Option<usize>) {
        self.counts[element as usize] += 1;
        self.open.push(Open { element, base, indent });
    }

    /// What a text in the open elements is.
    fn kind(&self) -> BlockKind {
        let has = |element: Element| self.counts[element as usize] > 0;
        match () {
            () if has(Element::Note) => BlockKind::Note,
            () if has(Element::Item) => BlockKind::ListItem,
            () if has(Element::Quote) => BlockKind::Quotation,
            () => BlockKind::Paragraph,
        }
    }

    /// The elements that begin on the current line: several where an item begins with an item.
    fn elements(&mut self, start: usize, column: usize) {
        let end = self.lines[self.at].end;
        let (mut start, mut column) = (start, column);
        let mut is_after_mark = false;
        loop {
            let text = &self.sheet.source[start..end];
            if text.trim().is_empty() {
                self.at += 1;
                return;
            }
            if !is_after_mark && self.whole_lines(start, column) {
                return;
            }
            let Some(mark) = self.mark(text, column) else {
                self.end_numbers(if is_after_mark { column + 1 } else { column });
                break;
            };
            self.enter_item(column);
            self.label(start..start + text[..mark].trim_end().len(), column);
            column += marks::width(&text[..mark]);
            start += mark;
            is_after_mark = true;
        }
        if let Some(rest) = self.sheet.source[start..end].strip_prefix("..")
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
        {
            let blanks = rest.len() - rest.trim_start().len();
            return self.explicit(start + 2 + blanks, column);
        }
        self.paragraph(start, column, is_after_mark);
    }

    /// The mark of an item.
    fn mark(&self, text: &str, column: usize) -> Option<usize> {
        if let Some(mark) = marks::bullet(text) {
            return Some(mark);
        }
        let mark = marks::enumerator(text)?;
        // `A. Smith wrote` is no item where the next line goes on at the same column.
        let next = self.line(self.at + 1);
        let (next_column, skip) = indent(next);
        let is_item = next.trim().is_empty()
            || next_column > column
            || next_column < column
            || marks::enumerator(&next[skip..]).is_some();
        is_item.then_some(mark)
    }

    /// The numbered lists from this column on have ended.
    fn end_numbers(&mut self, column: usize) {
        while self.numbers.last().is_some_and(|(list, _)| *list >= column) {
            self.numbers.pop();
        }
    }

    /// The label of an item with this mark. What is written counts; `#` goes on from there.
    fn label(&mut self, mark: Range<usize>, column: usize) {
        let depth = self.counts[Element::Item as usize];
        let written = &self.sheet.source[mark.clone()];
        self.end_numbers(column + 1);
        if marks::bullet(written).is_some() {
            self.end_numbers(column);
            return self.sheet.builder.unlabel(depth);
        }
        if self.numbers.last().is_none_or(|(list, _)| *list != column) {
            self.numbers.push((column, marks::numbers(written)));
        }
        let Some((_, numbers)) = self.numbers.last_mut() else { return };
        let digits = written.trim_matches(['(', ')', '.']);
        numbers.next = digits.parse().unwrap_or(numbers.next);
        let counted = numbers.count();
        let label = if digits == "#" { counted.as_str() } else { written };
        self.sheet.builder.label(depth, label, Some(mark));
    }

    fn enter_item(&mut self, column: usize) {
        if self.counts[Element::Item as usize] == 0 && self.list != Some(column) {
            self.list = Some(column);
            self.sheet.end_list();
        }
        self.enter(Element::Item, column, None);
    }

    /// Elements that are known by whole lines: tables, fields, lines of verse, rules.
    fn whole_lines(&mut self, start: usize, column: usize) -> bool {
        let text = &self.sheet.source[start..self.lines[self.at].end];
        if marks::is_grid_border(text) || marks::is_simple_border(text) {
            return self.table(column);
        }
        if text.starts_with(">>> ") {
            self.doctest(column);
            return true;
        }
        if text.starts_with("| ") || text.trim_end() == "|" {
            self.verse(column);
            return true;
        }
        if let Some((name, marker)) = marks::field(text) {
            self.field(start + 1..start + 1 + name, start + marker, column);
            return true;
        }
        if text.starts_with("__ ") || text.starts_with(".. ") && text.starts_with(".. __:") {
            self.sheet.link(text.trim_start_matches(['.', ' ', '_', ':']));
            self.at += 1;
            return true;
        }
        let is_rule = marks::adornment(text).is_some() && text.trim_end().len() >= 4;
        if is_rule && self.is_blank(self.at + 1) && (self.at == 0 || self.is_blank(self.at - 1)) {
            self.at += 1;
            return true;
        }
        false
    }

    /// The lines of a text that begins here and goes on at the same column; `is_loose`: at any column
    /// that still belongs to the open element.
    fn gather(&mut self, start: usize, column: usize, is_loose: bool) -> Flat {
        let source = self.sheet.source;
        let base = self.open.last().map(|last| last.base);
        let mut flat = Flat::of(source, start..self.lines[self.at].end);
        self.at += 1;
        while self.at < self.lines.len() && !self.is_blank(self.at) {
            let line = self.lines[self.at].clone();
            let (next, skip) = indent(&source[line.clone()]);
            let goes_on = match is_loose {
                true => base.is_none_or(|base| next > base),
                false => next == column,
            };
            if !goes_on {
                break;
            }
            flat.line(source, line.start + skip..line.end);
            self.at += 1;
        }
        flat
    }

    fn paragraph(&mut self, start: usize, column: usize, is_loose: bool) {
        let is_term = !is_loose && self.is_term(column);
        if is_term {
            let line = start..self.lines[self.at].end;
            self.at += 1;
            self.enter_item(column);
            let flat = Flat::of(self.sheet.source, line);
            return self.text(&flat);
        }
        if marks::is_option(&self.sheet.source[start..self.lines[self.at].end]) && !is_loose {
            self.enter_item(column);
            let flat = self.gather(start, column, true);
            return self.text(&flat);
        }
        let mut flat = self.gather(start, column, is_loose);
        let trimmed = flat.text.trim_end().len();
        if flat.text[..trimmed].ends_with("::") {
            self.literal = Some(
                self.open.last().map_or(column, |last| if is_loose { last.base } else { column }),
            );
            let shown = flat.text[..trimmed - 2].trim_end().len();
            // `text ::` leaves the text, `text::` a colon too, `::` nothing.
            flat.text.truncate(if shown == trimmed - 2 { trimmed - 1 } else { shown });
            if shown == 0 {
                return;
            }
        }
        self.text(&flat);
    }

    /// Whether the line is a term: its definition stands deeper, on the next line.
    fn is_term(&self, column: usize) -> bool {
        let next = self.at + 1;
        next < self.lines.len() && !self.is_blank(next) && self.column(next) > column
    }

    /// A block of the kind that the open elements make it.
    fn text(&mut self, flat: &Flat) {
        let pieces = inline(&flat.text, &mut self.definitions);
        let kind = self.kind();
        if kind != BlockKind::ListItem {
            self.list = None;
        }
        self.sheet.block(kind, kind == BlockKind::ListItem, flat, &pieces);
    }

    /// The lines after the current one that are blank or deeper than a column, without blank ones at
    /// the end. The reader goes on after them.
    fn region(&mut self, base: usize) -> Range<usize> {
        let start = self.at;
        let mut end = start;
        while self.at < self.lines.len() && (self.is_blank(self.at) || self.column(self.at) > base)
        {
            self.at += 1;
            if !self.is_blank(self.at - 1) {
                end = self.at;
            }
        }
        self.at = end;
        start..end
    }

    fn literal_block(&mut self, base: usize, column: usize) -> bool {
        if column > base || self.open.is_empty() && column > 0 && base == 0 {
            let region = self.region(base);
            self.code(region);
            return true;
        }
        // Without indentation, each line begins with the same sign.
        let first = self.line(self.at).trim_start().chars().next();
        let Some(sign) = first.filter(char::is_ascii_punctuation) else { return false };
        if column != base || sign == '.' || marks::adornment(self.line(self.at)).is_some() {
            return false;
        }
        let start = self.at;
        while self.line(self.at).trim_start().starts_with(sign) {
            self.at += 1;
        }
        self.code(start..self.at);
        true
    }

    /// Lines as they stand, without the indentation that all of them have.
    fn code(&mut self, region: Range<usize>) {
        let flat = outdented(self.sheet.source, self.lines.get(region).unwrap_or_default());
        if flat.text.trim().is_empty() {
            return;
        }
        self.list = None;
        self.sheet.verbatim(BlockKind::Code, &flat);
    }

    fn doctest(&mut self, column: usize) {
        let start = self.at;
        while self.at < self.lines.len()
            && !self.is_blank(self.at)
            && self.column(self.at) >= column
        {
            self.at += 1;
        }
        self.code(start..self.at);
    }

    /// Lines that keep their ends: `| line`.
    fn verse(&mut self, column: usize) {
        let source = self.sheet.source;
        let mut flat = Flat::default();
        while self.at < self.lines.len()
            && !self.is_blank(self.at)
            && self.column(self.at) >= column
        {
            let line = trimmed(source, self.lines[self.at].clone());
            let mark = usize::from(source[line.clone()].starts_with('|'));
            flat.line(source, trimmed(source, line.start + mark..line.end));
            self.at += 1;
        }
        self.text(&flat);
    }

    /// `:name: body`: of the document where nothing stands before it, else an item.
    fn field(&mut self, name: Range<usize>, body: usize, column: usize) {
        if !self.sheet.has_body && self.open.is_empty() {
            return self.document_field(name, body, column);
        }
        self.enter_item(column);
        self.sheet.begin(BlockKind::ListItem, true);
        let mut flat = Flat::of(self.sheet.source, name.start..name.end + 1);
        let pieces = inline(&flat.text, &mut self.definitions);
        self.sheet.pieces(&flat, &pieces);
        flat = self.gather(body.min(self.lines[self.at].end), column, true);
        self.sheet.builder.push_made(" ");
        let pieces = inline(&flat.text, &mut self.definitions);
        self.sheet.pieces(&flat, &pieces);
        self.sheet.builder.end();
    }
}
