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
    /// The note that is being read, and those that come after the block, list or table.
    note: Option<Vec<Piece>>,
    notes: Vec<Vec<Piece>>,
    /// How many notes were written.
    written: usize,
    /// Notes wait for the end of a list or table.
    pub holds_notes: bool,
}

/// A piece of a note: what it came from, and what stands for it if not that.
type Piece = (Range<usize>, Option<String>);

impl<'a> Stream<'a> {
    pub fn new(id: &str, source: &'a str) -> Stream<'a> {
        let (sheet, kind) = (Sheet::new(id, source), BlockKind::Paragraph);
        Stream {
            sheet,
            kind,
            is_muted: false,
            blank: None,
            captured: None,
            note: None,
            notes: Vec::new(),
            written: 0,
            holds_notes: false,
        }
    }

    pub fn finish(mut self) -> Document {
        self.holds_notes = false;
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
        match (&mut self.captured, &mut self.note) {
            (Some(captured), _) => captured.push_str(text),
            (None, Some(note)) => {
                let is_verbatim = self.sheet.source.get(range.clone()) == Some(text);
                note.push((range, (!is_verbatim).then(|| text.to_owned())));
            }
            _ if self.is_muted => {}
            _ => self.sheet.builder.push(text, range),
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
        if let Some(note) = &mut self.note {
            note.extend(blank.map(|(blank, _)| (blank, Some(" ".to_owned()))));
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
        if !self.is_taken() && self.in_block() {
            self.sheet.builder.push_made("\t");
        }
    }

    /// Whether a block is open.
    pub fn in_block(&self) -> bool {
        self.sheet.builder.in_block()
    }

    /// Ends the open block. A string that is being captured goes on.
    pub fn end_block(&mut self) {
        if self.is_taken() {
            return self.gap(0..0);
        }
        self.blank = None;
        self.sheet.builder.end();
        if self.holds_notes {
            return;
        }
        for note in std::mem::take(&mut self.notes) {
            self.sheet.builder.note(&self.written.to_string());
            self.written += 1;
            self.sheet.begin(BlockKind::Note, false);
            for (range, text) in note {
                let shown = text.as_deref().or(self.sheet.source.get(range.clone()));
                self.sheet.builder.push(shown.unwrap_or_default(), range.clone());
            }
            self.sheet.builder.end();
        }
    }

    /// From here on text goes to a note. Not within another one.
    pub fn begin_note(&mut self) -> bool {
        let begins = !self.is_taken();
        if begins {
            self.blank = None;
            let number = self.written + self.notes.len();
            self.sheet.builder.note_mark(&number.to_string(), 0);
            self.note = Some(Vec::new());
        }
        begins
    }

    /// The note ends.
    pub fn end_note(&mut self) {
        self.blank = None;
        let note = self.note.take().unwrap_or_default();
        let is_empty = note.iter().all(|(range, text)| {
            let shown = text.as_deref().or(self.sheet.source.get(range.clone()));
            shown.unwrap_or_default().trim().is_empty()
        });
        // A note without text has no number; its mark is that of the next one, which is none of this place.
        match is_empty {
            true => self.sheet.builder.unmark_note(),
            false => self.notes.push(note),
        }
    }

    /// Ends the open block, and the list or table that it is in.
    pub fn end_list(&mut self) {
        self.end_block();
        if !self.is_taken() {
            self.sheet.end_list();
        }
    }

    /// From here on text goes to a string. Not within another one.
    pub fn capture(&mut self) -> bool {
        if self.is_taken() {
            return false;
        }
        self.blank = None;
        self.captured = Some(String::new());
        true
    }

    /// Whether text goes to a string or a note.
    pub fn is_taken(&self) -> bool {
        self.captured.is_some() || self.note.is_some()
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
