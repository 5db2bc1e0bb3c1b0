//! LaTeX: sections, environments, notes; commands are taken for what they show.
//!
//! The source is read from left to right. Where a command's argument goes elsewhere (a heading, the
//! title) or is something else (a note), a frame says where it ends and what follows: nothing recurses,
//! and each byte is read once. Formulas keep their source. What the preamble says is metadata.

mod commands;
mod definitions;
mod environments;
mod groups;
mod lists;
mod symbols;

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use memchr::memmem;

use crate::document::Document;
use crate::read::stream::Stream;
use definitions::Definitions;
use environments::Environments;
use groups::{Groups, line_end};

/// Reads LaTeX.
pub fn read(id: &str, source: &str) -> Document {
    let mut reader = Reader {
        source,
        stream: Stream::new(id, source),
        groups: Groups::of(source),
        at: 0,
        frames: Vec::new(),
        notes: VecDeque::new(),
        environments: Environments::default(),
        definitions: Definitions { budget: source.len(), ..Definitions::default() },
        dead: HashMap::new(),
    };
    let has_preamble = memmem::find(source.as_bytes(), b"\\begin{document}").is_some();
    reader.stream.is_muted = has_preamble;
    while !reader.is_done() {
        reader.step();
    }
    reader.stream.finish()
}

/// An argument that is being read, and what becomes of it at its end.
struct Frame {
    end: usize,
    /// Where the text goes on.
    after: usize,
    then: Then,
}

/// What becomes of an argument.
enum Then {
    Heading(u8, Range<usize>),
    Title(Range<usize>),
    Authors,
    Metadata(&'static str),
    /// A block of its own.
    Block,
    /// An item of its own.
    Term,
    /// Text before that which follows.
    Text,
    /// What `\enquote` quotes, by the places of its braces.
    Quoted(Range<usize>),
    /// A note, which stood in these many environments.
    Note(usize),
}

struct Reader<'a> {
    source: &'a str,
    stream: Stream<'a>,
    groups: Groups,
    at: usize,
    frames: Vec<Frame>,
    /// Notes that come after the block, list or table in which they stand.
    notes: VecDeque<Range<usize>>,
    environments: Environments,
    definitions: Definitions,
    /// Ends that were searched for in vain: from where, and how far.
    dead: HashMap<String, Range<usize>>,
}

impl<'a> Reader<'a> {
    fn limit(&self) -> usize {
        self.frames.last().map_or(self.source.len(), |frame| frame.end)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.source.as_bytes().get(at).copied()
    }

    fn is_done(&mut self) -> bool {
        if self.at < self.source.len() || !self.frames.is_empty() {
            return false;
        }
        self.stream.end_block();
        self.environments.leave_all();
        self.stream.is_muted = false;
        let is_done = self.notes.is_empty();
        if !is_done {
            self.enter_note();
        }
        is_done
    }

    /// One piece of text, or one command.
    fn step(&mut self) {
        if self.at >= self.limit() {
            return self.leave();
        }
        let may_have_notes =
            !self.stream.in_block() && !self.stream.is_capturing() && !self.stream.is_muted;
        if may_have_notes && !self.notes.is_empty() && !self.environments.holds_notes() {
            return self.enter_note();
        }
        let at = self.at;
        match self.source.as_bytes()[at] {
            b'\\' => self.command(),
            b'%' => self.comment(),
            b'\n' | b'\r' => self.line_end(),
            b'{' | b'}' => self.at += 1,
            b'$' => self.formula(),
            b'&' if self.environments.in_table() => {
                self.at += 1;
                self.stream.next_cell();
            }
            b'~' => self.sign("\u{a0}", 1),
            b'`' | b'\'' | b'-' | b'!' | b'?' => self.ligature(),
            _ => {
                let bytes = &self.source.as_bytes()[at..self.limit()];
                let is_special = |byte: &u8| b"\\%\n\r{}$&~`'-!?".contains(byte);
                // The first byte is text, whatever it is.
                let length =
                    bytes.iter().skip(1).position(is_special).map_or(bytes.len(), |n| n + 1);
                self.stream.text(at..at + length);
                self.at += length;
            }
        }
    }

    /// A sign stands for so many bytes.
    fn sign(&mut self, text: &str, length: usize) {
        self.stream.put(text, self.at..self.at + length);
        self.at += length;
    }

    /// Signs that are typed as several.
    fn ligature(&mut self) {
        const LIGATURES: [(&str, &str); 7] = [
            ("---", "—"),
            ("--", "–"),
            ("``", "“"),
            ("''", "”"),
            ("`", "‘"),
            ("!`", "¡"),
            ("?`", "¿"),
        ];
        let rest = &self.source[self.at..self.limit()];
        match LIGATURES.iter().find(|(typed, _)| rest.starts_with(typed)) {
            Some((typed, shown)) => self.sign(shown, typed.len()),
            None => {
                self.stream.text(self.at..self.at + 1);
                self.at += 1;
            }
        }
    }

    /// A comment goes up to the next line's text.
    fn comment(&mut self) {
        self.at = line_end(self.source.as_bytes(), self.at);
        let end = self.after_line_end(self.at);
        self.at = end;
        self.paragraph_end(end);
    }

    fn after_line_end(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (Some(b'\n' | b'\r'), _) => at + 1,
            _ => at,
        }
    }

    /// The end of a line is a blank, that of a blank line ends the paragraph.
    fn line_end(&mut self) {
        let end = self.after_line_end(self.at);
        self.stream.blank(self.at..end);
        self.at = end;
        self.paragraph_end(end);
    }

    /// Skips the white space at the start of a line; a blank line ends a paragraph.
    fn paragraph_end(&mut self, start: usize) {
        let mut is_blank_line = false;
        let mut at = start;
        while let Some(byte) = self.byte(at).filter(u8::is_ascii_whitespace) {
            is_blank_line |= matches!(byte, b'\n' | b'\r');
            at += 1;
        }
        self.at = at.min(self.limit()).max(start);
        if is_blank_line && !self.environments.in_table() {
            self.stream.end_block();
        }
    }

    /// `$formula$` and `$$formula$$`, within a paragraph.
    fn formula(&mut self) {
        let mark = if self.source[self.at..].starts_with("$$") { "$$" } else { "$" };
        let start = self.at + mark.len();
        let mut at = start;
        let mut is_line_empty = false;
        while let Some(byte) = self.byte(at).filter(|_| at < self.limit()) {
            match byte {
                b'$' if self.source[at..].starts_with(mark) => {
                    return self.math(start..at, at + mark.len());
                }
                b'\\' => at += 1,
                b'\n' if is_line_empty => break,
                _ => {}
            }
            is_line_empty = byte == b'\n' || is_line_empty && byte.is_ascii_whitespace();
            at += 1;
        }
        self.at = start;
    }

    /// A formula shows its source.
    fn math(&mut self, inside: Range<usize>, after: usize) {
        if !matches!(self.frames.last(), Some(Frame { then: Then::Authors, .. })) {
            self.stream.text(inside);
        }
        self.at = after;
    }

    /// Reads a range as an argument.
    fn enter(&mut self, inside: Range<usize>, after: usize, then: Then) {
        self.at = inside.start;
        self.frames.push(Frame { end: inside.end, after, then });
        self.set_kind();
    }

    fn enter_note(&mut self) {
        let Some(note) = self.notes.pop_front() else { return };
        self.stream.end_list();
        let depth = self.environments.enter_note();
        self.stream.sheet.builder.note(&note.start.to_string());
        let after = self.at;
        self.enter(note, after, Then::Note(depth));
    }

    /// An argument ends.
    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        self.at = frame.after;
        match frame.then {
            Then::Heading(level, range) => {
                let heading = self.stream.captured();
                if !self.stream.is_muted {
                    self.stream.sheet.heading(level, &heading, range);
                }
            }
            Then::Title(range) => {
                let title = self.stream.captured();
                if !title.trim().is_empty() {
                    self.stream.sheet.builder.title(&title, Some(range));
                }
            }
            Then::Authors => {
                let authors = self.stream.captured();
                definitions::authors(&authors, &mut self.stream.sheet);
            }
            Then::Metadata(key) => {
                let value = self.stream.captured();
                self.stream.sheet.metadata(key, &value);
            }
            Then::Block | Then::Term => self.stream.end_block(),
            Then::Text => self.stream.gap(self.at..self.at),
            Then::Quoted(end) => self.stream.put("”", end),
            Then::Note(depth) => {
                self.stream.end_list();
                self.environments.leave_note(depth);
            }
        }
        self.set_kind();
    }

    fn set_kind(&mut self) {
        let is_block = matches!(self.frames.last(), Some(Frame { then: Then::Block, .. }));
        self.stream.kind = self.environments.kind(is_block);
    }

    /// Where an end stands within the argument that is being read.
    fn find(&mut self, from: usize, end: &str) -> Option<usize> {
        let limit = self.limit();
        if self.dead.get(end).is_some_and(|dead| dead.start <= from && limit <= dead.end) {
            return None;
        }
        let rest = self.source.as_bytes().get(from..limit).unwrap_or_default();
        let found = memmem::find(rest, end.as_bytes()).map(|at| from + at);
        if found.is_none() {
            self.dead.insert(end.to_owned(), from..limit);
        }
        found
    }
}
