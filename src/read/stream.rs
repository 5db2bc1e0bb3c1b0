//! Text that comes piece by piece from a language of commands: it goes to a block, to a string (a
//! heading, a title), or nowhere. White space at the joints between pieces is folded.

use std::ops::Range;

use super::light::Sheet;
use crate::document::{BlockKind, Document};

/// A sheet that text streams onto.
pub struct Stream<'a> {
    pub sheet: Sheet<'a>,
    /// What the next block is.
    pub kind: BlockKind,
    /// Text goes nowhere, except where it is captured.
    pub is_muted: bool,
    /// White space that stands before the next text, if any comes; `true`: as it is.
    blank: Option<(Range<usize>, bool)>,
    captured: Option<String>,
}

impl<'a> Stream<'a> {
    pub fn new(id: &str, source: &'a str) -> Stream<'a> {
        let (sheet, kind) = (Sheet::new(id, source), BlockKind::Paragraph);
        Stream { sheet, kind, is_muted: false, blank: None, captured: None }
    }

    pub fn finish(mut self) -> Document {
        self.end_block();
        self.sheet.finish()
    }

    /// A range of the source, as it stands.
    pub fn text(&mut self, range: Range<usize>) {
        let source = self.sheet.source;
        let Some(text) = source.get(range.clone()) else { return };
        let shown = text.trim();
        let start = range.start + text.len() - text.trim_start().len();
        if start > range.start {
            self.blank(range.start..start);
        }
        if !shown.is_empty() {
            self.put(shown, start..start + shown.len());
            if start + shown.len() < range.end {
                self.blank(start + shown.len()..range.end);
            }
        }
    }

    /// Other text stands for a range.
    pub fn put(&mut self, text: &str, range: Range<usize>) {
        self.joint();
        match &mut self.captured {
            Some(captured) => captured.push_str(text),
            None if self.is_muted => {}
            None => self.sheet.builder.push(text, range),
        }
    }

    /// The white space before a text that comes now.
    fn joint(&mut self) {
        let blank = self.blank.take();
        if let Some(captured) = &mut self.captured {
            if blank.is_some() && !captured.is_empty() && !captured.ends_with(char::is_whitespace) {
                captured.push(' ');
            }
            return;
        }
        if self.is_muted {
            return;
        }
        if !self.in_block() {
            self.sheet.begin(self.kind, true);
        }
        if let Some((blank, is_shown)) = blank.filter(|_| !self.sheet.builder.ends_blank()) {
            let whole = is_shown && self.kind != BlockKind::TableRow;
            let white = if whole { self.sheet.source.get(blank.clone()) } else { Some(" ") };
            self.sheet.builder.push(white.unwrap_or(" "), blank);
        }
    }

    /// Signs that are not in the source.
    pub fn made(&mut self, text: &str) {
        match &mut self.captured {
            Some(captured) => captured.push_str(text),
            None => self.sheet.builder.push_made(text),
        }
    }

    /// White space of the source.
    pub fn blank(&mut self, range: Range<usize>) {
        self.blank.get_or_insert((range, true));
    }

    /// Markup that is shown as a blank.
    pub fn gap(&mut self, range: Range<usize>) {
        self.blank.get_or_insert((range, false));
    }

    /// The next cell of a row.
    pub fn next_cell(&mut self) {
        self.blank = None;
        if self.captured.is_none() && self.in_block() {
            self.sheet.builder.push_made("\t");
        }
    }

    /// Whether a block is open.
    pub fn in_block(&self) -> bool {
        self.sheet.builder.in_block()
    }

    /// Ends the open block. A string that is being captured goes on.
    pub fn end_block(&mut self) {
        match &self.captured {
            Some(_) => self.gap(0..0),
            None => {
                self.blank = None;
                self.sheet.builder.end();
            }
        }
    }

    /// Ends the open block, and the list or table that it is in.
    pub fn end_list(&mut self) {
        self.end_block();
        if self.captured.is_none() {
            self.sheet.end_list();
        }
    }

    /// From here on text goes to a string. Not within another one.
    pub fn capture(&mut self) -> bool {
        if self.captured.is_some() {
            return false;
        }
        self.blank = None;
        self.captured = Some(String::new());
        true
    }

    pub fn is_capturing(&self) -> bool {
        self.captured.is_some()
    }

    /// What has been captured.
    pub fn captured(&mut self) -> String {
        self.blank = None;
        self.captured.take().unwrap_or_default()
    }
}
