//! Tables of Org.

use super::{Reader, inline::inline};
use crate::document::BlockKind;
use crate::read::light::{Flat, trimmed};
use std::ops::Range;

impl Reader<'_> {
    /// The table that begins on the current line.
    pub fn table(&mut self, text: &str) -> bool {
        if !text.starts_with('|') {
            return false;
        }
        self.sheet.end_list();
        let mut notes = Vec::new();
        while self.at < self.lines.len() {
            let line = trimmed(self.sheet.source, self.lines[self.at].clone());
            if !self.sheet.source[line.clone()].starts_with('|') {
                break;
            }
            self.at += 1;
            self.row(line, &mut notes);
        }
        self.notes(notes);
        self.sheet.end_list();
        true
    }

    fn row(&mut self, line: Range<usize>, notes: &mut Vec<Range<usize>>) {
        let text = &self.sheet.source[line.clone()];
        let inside = text[1..].strip_suffix('|').unwrap_or(&text[1..]);
        let mut cells = inside.split('|').map(str::trim);
        let is_width = |cell: &str| cell.is_empty() || cell.starts_with('<') && is_cookie(cell);
        // Rules, and rows that say how columns look.
        if text.starts_with("|-") || cells.clone().all(is_width) || cells.next() == Some("/") {
            return;
        }
        self.sheet.begin(BlockKind::TableRow, true);
        let mut start = line.start + 1;
        for cell in inside.split('|') {
            if start > line.start + 1 {
                self.sheet.builder.push_made("\t");
            }
            let range = trimmed(self.sheet.source, start..start + cell.len());
            let flat = Flat::of(self.sheet.source, range);
            let pieces = inline(&flat.text, &mut self.definitions);
            self.sheet.pieces(&flat, &pieces);
            notes.extend(pieces.note_sources(&flat));
            start += cell.len() + 1;
        }
        self.sheet.builder.end();
    }
}

/// `<r10>` and its like.
fn is_cookie(cell: &str) -> bool {
    let inside = cell.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inside.is_some_and(|inside| {
        let digits = inside.strip_prefix(['l', 'r', 'c']).unwrap_or(inside);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
