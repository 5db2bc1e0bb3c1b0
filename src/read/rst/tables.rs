//! Tables of reStructuredText: drawn (grid and simple), of values, of lists.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::inline::inline;
use super::{Reader, marks};
use crate::document::BlockKind;
use crate::read::csv::Fields;
use crate::read::light::{Flat, bytes_before, indent, trimmed};

/// A cell: the stretches of its lines.
type Cell = Vec<Range<usize>>;

impl Reader<'_> {
    /// A drawn table that begins on the current line.
    pub fn table(&mut self, column: usize) -> bool {
        let is_grid = self.line(self.at).trim_start().starts_with('+');
        let start = self.at;
        let mut end = start;
        let mut borders = 0;
        while end < self.lines.len() && self.column(end) >= column {
            let line = self.line(end).trim();
            let goes_on = match is_grid {
                true => line.starts_with(['+', '|']),
                false => true,
            };
            if !goes_on || (line.is_empty() && (is_grid || borders == 0)) {
                break;
            }
            end += 1;
            if !is_grid && line.starts_with("==") && marks::is_simple_border(line) {
                borders += 1;
                let is_last = borders == 3 || borders == 2 && self.is_blank(end);
                if is_last {
                    break;
                }
            }
        }
        if end < start + 2 || !is_grid && borders < 2 {
            return false;
        }
        self.at = end;
        self.sheet.end_list();
        match is_grid {
            true => self.grid(start..end),
            false => self.simple(start..end),
        }
        self.list = None;
        true
    }

    /// A table with all its lines drawn. Cells that span rows stand in the row that they begin in.
    fn grid(&mut self, lines: Range<usize>) {
        let stops = self.stops(lines.clone());
        // The open cell of each column, with the line that it begins on; and the closed ones.
        let mut open: BTreeMap<usize, (usize, Cell)> = BTreeMap::new();
        let mut closed: Vec<(usize, usize, Cell)> = Vec::new();
        for index in lines {
            let segments = self.segments(index, &stops);
            let is_rule = |segment: &Range<usize>| {
                let text = self.sheet.source[segment.clone()].trim();
                !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'+'))
            };
            let is_border = !segments.is_empty() && segments.iter().all(|(_, s)| is_rule(s));
            for (stop, segment) in &segments {
                if is_rule(segment) {
                    if let Some((line, cell)) = open.remove(stop) {
                        closed.push((line, *stop, cell));
                    }
                    continue;
                }
                let cell = &mut open.entry(*stop).or_insert((index, Cell::new())).1;
                cell.push(trimmed(self.sheet.source, segment.clone()));
            }
            if is_border {
                closed.extend(std::mem::take(&mut open).into_iter().map(|(s, (l, c))| (l, s, c)));
                self.rows(std::mem::take(&mut closed));
            }
        }
        closed.extend(open.into_iter().map(|(stop, (line, cell))| (line, stop, cell)));
        self.rows(closed);
    }

    /// The columns at which any border line has a corner.
    fn stops(&self, lines: Range<usize>) -> BTreeSet<usize> {
        let mut stops = BTreeSet::new();
        for index in lines {
            let mut column = 0;
            for c in self.line(index).chars() {
                if c == '+' {
                    stops.insert(column);
                }
                column += marks::char_width(c);
            }
        }
        stops
    }

    /// The stretches of a line between borders, each with the column that it begins after.
    fn segments(&self, index: usize, stops: &BTreeSet<usize>) -> Vec<(usize, Range<usize>)> {
        let start = self.lines[index].start;
        let mut segments = Vec::new();
        let mut last: Option<(usize, usize)> = None;
        let mut column = 0;
        for (at, c) in self.line(index).char_indices() {
            if matches!(c, '|' | '+') && stops.contains(&column) {
                if let Some((stop, from)) = last {
                    segments.push((stop, start + from..start + at));
                }
                last = Some((column, at + 1));
            }
            column += marks::char_width(c);
        }
        segments
    }

    /// Rows of cells, by the lines that they begin on.
    fn rows(&mut self, mut cells: Vec<(usize, usize, Cell)>) {
        cells.sort_by_key(|(line, stop, _)| (*line, *stop));
        for row in cells.chunk_by(|cell, next| cell.0 == next.0) {
            let row: Vec<&[Range<usize>]> = row.iter().map(|(.., cell)| cell.as_slice()).collect();
            self.row(&row);
        }
    }

    /// One row; a bullet at the start of a line of a cell is no text.
    pub fn row(&mut self, row: &[&[Range<usize>]]) {
        self.sheet.begin(BlockKind::TableRow, true);
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                self.sheet.builder.push_made("\t");
            }
            for (number, line) in cell.iter().filter(|line| !line.is_empty()).enumerate() {
                if number > 0 {
                    self.sheet.builder.push_made(" ");
                }
                let text = &self.sheet.source[line.clone()];
                let text = if matches!(text, "..." | "\\") { "" } else { text };
                let mark = marks::bullet(text).unwrap_or(0);
                let flat = Flat::of(self.sheet.source, line.end - text.len() + mark..line.end);
                let pieces = inline(&flat.text, &mut self.definitions);
                self.sheet.pieces(&flat, &pieces);
            }
        }
        self.sheet.builder.end();
    }

    /// A table under whose columns a rule is drawn; a line without a first cell goes on with the last.
    fn simple(&mut self, lines: Range<usize>) {
        let border = self.line(lines.start);
        let mut columns: Vec<usize> = Vec::new();
        let mut is_inside = false;
        for (at, byte) in border.bytes().enumerate() {
            if byte == b'=' && !is_inside {
                columns.push(at);
            }
            is_inside = byte == b'=';
        }
        let mut row: Vec<Cell> = Vec::new();
        for index in lines {
            let line = self.line(index).trim();
            let is_rule = !line.is_empty() && line.bytes().all(|byte| matches!(byte, b'=' | b' '))
                || line.starts_with("--") && line.bytes().all(|byte| matches!(byte, b'-' | b' '));
            if is_rule || line.is_empty() {
                self.simple_row(&mut row);
                continue;
            }
            let cells = self.simple_cells(index, &columns);
            if cells.first().is_none_or(|first| !first.is_empty()) || row.is_empty() {
                self.simple_row(&mut row);
                row = cells.into_iter().map(|cell| vec![cell]).collect();
                continue;
            }
            for (column, cell) in cells.into_iter().enumerate() {
                match row.get_mut(column) {
                    Some(open) => open.push(cell),
                    None => row.push(vec![cell]),
                }
            }
        }
        self.simple_row(&mut row);
    }

    fn simple_row(&mut self, row: &mut Vec<Cell>) {
        let cells: Vec<&[Range<usize>]> = row.iter().map(Vec::as_slice).collect();
        if !cells.is_empty() {
            self.row(&cells);
        }
        row.clear();
    }

    /// The cells of a line; text over the blank between two columns makes one cell of them.
    fn simple_cells(&self, index: usize, columns: &[usize]) -> Vec<Range<usize>> {
        let line = self.lines[index].clone();
        let text = &self.sheet.source[line.clone()];
        let mut starts: Vec<usize> = Vec::new();
        let mut next = columns.iter().peekable();
        let (mut column, mut is_blank_before) = (0, true);
        for (at, c) in text.char_indices() {
            if next.peek().is_some_and(|start| **start <= column) {
                next.next();
                if is_blank_before || starts.is_empty() {
                    starts.push(at);
                }
            }
            is_blank_before = c.is_whitespace();
            column += marks::char_width(c);
        }
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let cells = starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| trimmed(self.sheet.source, line.start + start..line.start + end));
        cells.collect()
    }

    /// A table written as values; its title is text, and so is its header among the options.
    pub fn csv_table(&mut self, title: Range<usize>, column: usize) {
        self.table_title(title, column);
        let options = self.options(column);
        let delimiter = options.iter().find(|(name, _)| name == "delim");
        let delimiter = delimiter.map(|(_, value)| self.sheet.source[value.clone()].trim());
        let delimiter = match delimiter {
            Some("tab") => b'\t',
            Some("space") => b' ',
            Some(sign) => sign.bytes().next().unwrap_or(b','),
            None => b',',
        };
        self.sheet.end_list();
        for (name, value) in &options {
            match name.as_str() {
                "header" => self.values(value.clone(), delimiter),
                "file" | "url" => {
                    let name = &self.sheet.source[value.clone()];
                    self.sheet
                        .warn(format!("`{name}` holds a table, which is not read"), value.clone());
                }
                _ => {}
            }
        }
        let region = self.region(column);
        let lines = self.lines.get(region).unwrap_or_default();
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            self.values(first.start..last.end, delimiter);
        }
        self.list = None;
    }

    fn values(&mut self, range: Range<usize>, delimiter: u8) {
        let mut fields = Fields::new(self.sheet.source, range, delimiter);
        let mut row = Vec::new();
        while fields.row(&mut row) {
            let cells: Vec<Cell> =
                row.iter().map(|field| self.cell_lines(field.range.clone())).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                let cells: Vec<&[Range<usize>]> = cells.iter().map(Vec::as_slice).collect();
                self.row(&cells);
            }
        }
    }

    fn cell_lines(&self, range: Range<usize>) -> Cell {
        let mut start = range.start;
        let text = self.sheet.source.get(range).unwrap_or_default();
        let lines = text.split_inclusive('\n').map(|line| {
            start += line.len();
            trimmed(self.sheet.source, start - line.len()..start)
        });
        lines.filter(|line| !line.is_empty()).collect()
    }

    fn table_title(&mut self, title: Range<usize>, column: usize) {
        self.at += 1;
        let title = trimmed(self.sheet.source, title);
        let mut flat = Flat::of(self.sheet.source, title.clone());
        while !self.is_blank(self.at) && self.column(self.at) > column {
            let line = trimmed(self.sheet.source, self.lines[self.at].clone());
            if marks::field(&self.sheet.source[line.clone()]).is_some() {
                break;
            }
            flat.line(self.sheet.source, line);
            self.at += 1;
        }
        if !title.is_empty() {
            self.sheet.end_list();
            self.text(&flat);
        }
    }

    /// A table written as a list of rows, each a list of cells.
    pub fn list_table(&mut self, title: Range<usize>, column: usize) {
        self.table_title(title, column);
        self.options(column);
        self.sheet.end_list();
        let region = self.region(column);
        let mut row: Vec<Cell> = Vec::new();
        let mut outer: Option<usize> = None;
        for index in region {
            let line = self.lines[index].clone();
            let text = &self.sheet.source[line.clone()];
            let (mut depth, mut skip) = indent(text);
            if outer.is_none_or(|outer| depth <= outer)
                && let Some(mark) = marks::bullet(&text[skip..])
            {
                self.simple_row(&mut row);
                outer = Some(depth);
                depth += mark;
                skip += mark;
            }
            let is_cell = outer.is_some_and(|outer| depth <= outer + 4);
            match marks::bullet(&text[skip..]).filter(|_| is_cell) {
                Some(mark) => {
                    row.push(vec![trimmed(self.sheet.source, line.start + skip + mark..line.end)])
                }
                None if !text.trim().is_empty() => {
                    let skip = bytes_before(text, depth).max(skip);
                    let cell = trimmed(self.sheet.source, line.start + skip..line.end);
                    match row.last_mut() {
                        Some(last) => last.push(cell),
                        None => row.push(vec![cell]),
                    }
                }
                None => {}
            }
        }
        self.simple_row(&mut row);
        self.list = None;
    }
}
