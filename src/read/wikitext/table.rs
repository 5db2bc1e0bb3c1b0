//! Tables: `{|` ... `|}`, a row for each `|-`, cells after `|` and `!`. A table in a cell gives rows of
//! its own after the row that it stands in.

use std::ops::Range;

use super::{Kind, Reader};
use crate::document::BlockKind;

impl Reader<'_> {
    pub(super) fn table(&mut self, table: Range<usize>) {
        self.builder.end();
        let (mut rows, mut captions, mut nested) = (vec![Vec::new()], Vec::new(), Vec::new());
        let first = self.spans.line_end(self.source, table.start + 2).min(table.end);
        let mut at = first + 1;
        // Cut off, it need not end with `|}`.
        let end = self.source.floor_char_boundary(table.end.saturating_sub(2));
        while at < end {
            let line_end = self.spans.line_end(self.source, at).min(end);
            self.table_line(at..line_end, &mut rows, &mut captions);
            self.nested_tables(at..line_end, &mut nested);
            at = line_end + 1;
        }
        for caption in captions {
            self.paragraph(caption);
            self.builder.end();
        }
        let mut tight = false;
        for row in rows.into_iter().filter(|row| !row.is_empty()) {
            self.row(row, tight);
            tight = true;
        }
        nested.into_iter().for_each(|table| self.inner_table(table));
    }

    fn inner_table(&mut self, table: Range<usize>) {
        // Spans are nested properly, so that this ends; the inline depth bounds how deep.
        if self.inline.enter() {
            self.table(table);
            self.inline.leave();
        }
    }

    fn nested_tables(&self, line: Range<usize>, nested: &mut Vec<Range<usize>>) {
        let mut at = line.start;
        while at < line.end {
            match self.spans.at(at) {
                Some((Kind::Table, end)) => {
                    nested.push(at..end);
                    at = end;
                }
                Some((_, end)) => at = end,
                None => at += 1,
            }
        }
    }

    /// A line of a table: a row's start, a caption, cells, or more text of the last cell.
    fn table_line(
        &self,
        line: Range<usize>,
        rows: &mut Vec<Vec<Range<usize>>>,
        captions: &mut Vec<Range<usize>>,
    ) {
        let text = &self.source[line.clone()];
        let blank = text.len() - text.trim_start().len();
        let start = line.start + blank;
        match &text.as_bytes()[blank..] {
            [b'|', b'-', ..] => rows.push(Vec::new()),
            [b'|', b'+', ..] => captions.push(self.without_attributes(start + 2..line.end)),
            [mark @ (b'|' | b'!'), ..] => {
                let cells = self.cells(start + 1..line.end, *mark == b'!');
                if let Some(row) = rows.last_mut() {
                    row.extend(cells);
                }
            }
            [] => {}
            _ => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.end = line.end;
                }
            }
        }
    }

    /// The cells of a line: between `||`, in a line of headers also `!!`.
    fn cells(&self, line: Range<usize>, is_header: bool) -> Vec<Range<usize>> {
        let bytes = self.source.as_bytes();
        let (mut cells, mut start, mut at) = (Vec::new(), line.start, line.start);
        while at < line.end {
            let pair = bytes.get(at..(at + 2).min(line.end)).unwrap_or_default();
            match pair {
                b"||" => {
                    cells.push(self.without_attributes(start..at));
                    at += 2;
                    start = at;
                }
                b"!!" if is_header => {
                    cells.push(self.without_attributes(start..at));
                    at += 2;
                    start = at;
                }
                [b'{' | b'[' | b'<', ..] => at = self.spans.at(at).map_or(at + 1, |(_, end)| end),
                _ => at += 1,
            }
        }
        cells.push(self.without_attributes(start..line.end));
        cells
    }

    /// `style="..." | text`: what stands before the first bar is attributes.
    fn without_attributes(&self, cell: Range<usize>) -> Range<usize> {
        match self.inline.parts(cell.clone()).as_slice() {
            [_, second, ..] => second.start..cell.end,
            _ => cell,
        }
    }

    fn row(&mut self, cells: Vec<Range<usize>>, tight: bool) {
        self.builder.begin(BlockKind::TableRow, tight);
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                self.builder.push_made("\t");
            }
            self.cell(cell);
        }
        self.builder.end();
    }
}
