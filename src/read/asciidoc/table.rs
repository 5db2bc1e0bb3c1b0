//! Tables of AsciiDoc: cells behind bars, or rows of values.

use std::ops::Range;

use super::{Reader, inline::inline, lists::sign};
use crate::document::BlockKind;
use crate::read::csv::Fields;
use crate::read::light::{Flat, trimmed};

/// A table has no more columns than this: a cell may claim any number of them.
const MOST_COLUMNS: usize = 1000;

/// A cell: its text, and how many columns and rows it takes.
struct Cell {
    range: Range<usize>,
    columns: usize,
    rows: usize,
}

impl Reader<'_> {
    /// The table that begins on the current line, up to a line like it.
    pub fn table(&mut self) {
        let style = std::mem::take(&mut self.style);
        let delimiter = self.line(self.at).trim_end();
        let list = style.list.and_then(|range| self.sheet.source.get(range)).unwrap_or_default();
        self.at += 1;
        let start = self.at;
        while self.at < self.lines.len() && self.line(self.at).trim_end() != delimiter {
            self.at += 1;
        }
        let inside = start..self.at;
        self.at += 1;
        let around = self.is_attached.then(|| std::mem::take(&mut self.lists));
        self.end_list();
        self.is_in_list = around.is_some();
        self.lists = around.unwrap_or_default();
        let sign = match (delimiter.as_bytes().first(), named(list, "format")) {
            (Some(b','), _) | (_, Some("csv")) => b',',
            (Some(b':'), _) | (_, Some("dsv")) => b':',
            (_, Some("tsv")) => b'\t',
            (Some(b'!'), _) => b'!',
            _ => b'|',
        };
        let named_sign = named(list, "separator").and_then(|sign| sign.bytes().next());
        let sign = named_sign.unwrap_or(sign);
        let (Some(first), Some(last)) =
            (self.lines.get(inside.start), self.lines.get(inside.end.saturating_sub(1)))
        else {
            return;
        };
        if inside.is_empty() {
            return;
        }
        let range = first.start..last.end;
        match sign {
            b'|' | b'!' => self.cells(range, sign, columns(list)),
            _ => self.values(range, sign),
        }
        let notes = std::mem::take(&mut self.cell_notes);
        self.notes(notes);
        self.sheet.end_list();
    }

    fn values(&mut self, range: Range<usize>, sign: u8) {
        let mut fields = Fields::new(self.sheet.source, range, sign);
        let mut row = Vec::new();
        while fields.row(&mut row) {
            let cells: Vec<Range<usize>> = row.iter().map(|field| field.range.clone()).collect();
            self.row(&cells);
        }
    }

    fn row(&mut self, cells: &[Range<usize>]) {
        if cells.iter().all(|cell| self.sheet.source[cell.clone()].trim().is_empty()) {
            return;
        }
        self.sheet.begin(BlockKind::TableRow, true);
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.sheet.builder.push_made("\t");
            }
            self.cell(cell.clone());
        }
        self.sheet.builder.end();
    }

    /// The lines of a cell, without the marks of the blocks in it.
    fn cell(&mut self, range: Range<usize>) {
        let mut start = range.start;
        let text = &self.sheet.source[range];
        let mut is_first = true;
        for line in text.split_inclusive('\n') {
            let line_range = trimmed(self.sheet.source, start..start + line.len());
            start += line.len();
            let shown = &self.sheet.source[line_range.clone()];
            let is_attributes =
                shown.starts_with('[') && shown.ends_with(']') && !shown.contains(' ');
            let is_mark = self.is_delimiter(shown) || is_attributes;
            if shown.is_empty() || is_mark {
                continue;
            }
            if !is_first {
                self.sheet.builder.push_made(" ");
            }
            is_first = false;
            let mark = sign(shown).unwrap_or(0);
            let flat = Flat::of(self.sheet.source, line_range.start + mark..line_range.end);
            let pieces = inline(&flat.text, &mut self.attributes);
            self.sheet.pieces(&flat, &pieces);
            self.cell_notes.extend(pieces.note_sources(&flat));
        }
    }

    /// Cells behind bars. Without a number of columns, the first line has as many cells as there are.
    fn cells(&mut self, range: Range<usize>, bar: u8, columns: Option<usize>) {
        let source = self.sheet.source;
        let mut cells = Vec::new();
        let mut first_line: Option<usize> = None;
        let first_end = source[range.clone()]
            .split_inclusive('\n')
            .scan(range.start, |at, line| {
                *at += line.len();
                Some((*at, line))
            })
            .find(|(_, line)| !line.trim().is_empty())
            .map_or(range.end, |(end, _)| end);
        let mut open: Option<Cell> = None;
        for at in memchr::memchr_iter(bar, source[range.clone()].as_bytes()) {
            let at = range.start + at;
            let before = &source[range.start..at];
            let Some((length, columns, rows)) = specifier(before) else { continue };
            if first_line.is_none() && at >= first_end {
                first_line = Some(cells.len() + usize::from(open.is_some()));
            }
            if let Some(mut cell) = open.take() {
                cell.range.end = at - length;
                cells.push(cell);
            }
            open = Some(Cell { range: at + 1..range.end, columns, rows });
        }
        cells.extend(open);
        let count = cells.iter().take(first_line.unwrap_or(cells.len()));
        let count: usize = count.map(|cell| cell.columns.min(MOST_COLUMNS)).sum();
        self.rows(&cells, columns.unwrap_or(count).clamp(1, MOST_COLUMNS));
    }

    /// Parts cells into rows of so many columns.
    fn rows(&mut self, cells: &[Cell], columns: usize) {
        // For each column, the rows that a cell above still takes of it.
        let mut taken = vec![0usize; columns];
        let mut row: Vec<Range<usize>> = Vec::new();
        let mut column = 0;
        for cell in cells {
            while taken.get(column).is_some_and(|rows| *rows > 0) {
                taken[column] -= 1;
                column += 1;
            }
            if column >= columns {
                self.row(&std::mem::take(&mut row));
                column = 0;
                while taken.get(column).is_some_and(|rows| *rows > 0) {
                    taken[column] -= 1;
                    column += 1;
                }
            }
            row.push(cell.range.clone());
            for _ in 0..cell.columns.min(columns) {
                if let Some(rows) = taken.get_mut(column) {
                    *rows = cell.rows.saturating_sub(1);
                }
                column += 1;
            }
        }
        self.row(&row);
    }
}

/// What stands between a blank and the bar of a cell: `2.3+^.>s`. Its length, and the columns and rows
/// that the cell takes. `None` where the bar is text.
fn specifier(before: &str) -> Option<(usize, usize, usize)> {
    let is_sign = |byte: &u8| byte.is_ascii_digit() || b".+*<>^aehlmsdv".contains(byte);
    let length =
        before.bytes().rev().take(LONGEST_SPECIFIER).take_while(|byte| is_sign(byte)).count();
    let boundary = before.as_bytes().get(..before.len() - length)?.last();
    if boundary == Some(&b'\\') && length == 0 {
        return None;
    }
    let text = before.get(before.len() - length..)?;
    let factor = text.find(['+', '*']);
    let numbers = factor.map_or("", |at| &text[..at]);
    let (columns, rows) = numbers.split_once('.').unwrap_or((numbers, ""));
    let number = |text: &str| text.parse::<usize>().unwrap_or(1).clamp(1, MOST_COLUMNS);
    let rest = &text[factor.map_or(0, |at| at + 1)..];
    let style = rest.trim_start_matches(['<', '>', '^', '.']);
    let is_spec = boundary.is_none_or(|byte| byte.is_ascii_whitespace())
        && style.len() <= 1
        && style.bytes().all(|byte| byte.is_ascii_lowercase());
    match is_spec {
        true => Some((length, number(columns), number(rows))),
        false => Some((0, 1, 1)),
    }
}

/// A specifier is no longer than this (bytes).
const LONGEST_SPECIFIER: usize = 16;

/// The value of an attribute in a list of them.
fn named<'l>(list: &'l str, name: &str) -> Option<&'l str> {
    let at = list.find(name)?;
    let value = list[at + name.len()..].strip_prefix('=')?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(',').next(),
    }
}

/// The number of columns that a list of attributes names: `cols="1,2*,3"`.
fn columns(list: &str) -> Option<usize> {
    let cols = named(list, "cols")?;
    let count = cols.split([',', ';']).map(|part| {
        let repeat = part.trim().split_once('*').map(|(count, _)| count.parse::<usize>());
        repeat.and_then(Result::ok).unwrap_or(1).min(MOST_COLUMNS)
    });
    Some(count.sum::<usize>().min(MOST_COLUMNS))
}
