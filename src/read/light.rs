//! What the readers of light markup share: lines, lines joined to one text with the way back to the
//! source, what inline markup leaves of it, and a builder that bounds links and warnings.

use std::ops::Range;

use super::builder::{DocumentBuilder, collapse};
use super::metadata::language_tag;
use crate::document::{BlockKind, Document};

/// Notes in notes are read this deep.
const DEEPEST_NOTE: usize = 3;

/// How many link targets, other values of metadata, and warnings are kept.
const MOST_LINKS: usize = 1000;
const MOST_METADATA: usize = 1000;
const MOST_WARNINGS: usize = 100;

/// Tabs stand for blanks up to the next multiple of this many columns (reStructuredText, Org).
const TAB: usize = 8;

/// The lines of a text without their ends.
pub fn lines(source: &str) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let is_second = bytes[at] == b'\n' && at > 0 && bytes[at - 1] == b'\r';
        if !is_second {
            lines.push(start..at);
        }
        start = at + 1;
    }
    if start < source.len() {
        lines.push(start..source.len());
    }
    lines
}

/// The column of the first character that is not blank, and its byte offset in the line.
pub fn indent(line: &str) -> (usize, usize) {
    let mut column = 0;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += TAB - column % TAB,
            _ => return (column, at),
        }
    }
    (column, line.len())
}

/// How many bytes of blanks stand before a column.
pub fn bytes_before(line: &str, column: usize) -> usize {
    let mut reached = 0;
    for (at, byte) in line.bytes().enumerate() {
        if reached >= column {
            return at;
        }
        match byte {
            b' ' => reached += 1,
            b'\t' => reached += TAB - reached % TAB,
            _ => return at,
        }
    }
    line.len()
}

/// A range without the white space at its ends.
pub fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let text = source.get(range.clone()).unwrap_or_default();
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// Lines as they stand, without the indentation that all of them have.
pub fn outdented(source: &str, lines: &[Range<usize>]) -> Flat {
    let text = |line: &Range<usize>| source.get(line.clone()).unwrap_or_default();
    let full = lines.iter().map(text).filter(|text| !text.trim().is_empty());
    let common = full.map(|text| indent(text).0).min().unwrap_or(0);
    let mut flat = Flat::default();
    for line in lines {
        flat.line(source, line.start + bytes_before(text(line), common)..line.end);
    }
    flat
}

/// Stretches of the source as one text.
#[derive(Debug, Default)]
pub struct Flat {
    pub text: String,
    /// Where stretches begin: in the text, and in the source; `None` for text that was made.
    parts: Vec<(usize, Option<usize>)>,
    end: usize,
}

impl Flat {
    /// One stretch.
    pub fn of(source: &str, range: Range<usize>) -> Flat {
        let mut flat = Flat::default();
        flat.line(source, range);
        flat
    }

    /// Adds a line, after the line end that stands in the source before it.
    pub fn line(&mut self, source: &str, line: Range<usize>) {
        if !self.parts.is_empty() {
            let gap = source.get(self.end..line.start).unwrap_or_default();
            match gap.as_bytes() {
                [b'\r', b'\n', ..] => self.add(source, self.end..self.end + 2),
                [b'\n' | b'\r', ..] => self.add(source, self.end..self.end + 1),
                _ => self.made("\n"),
            }
        }
        self.add(source, line);
    }

    /// Adds text that is not in the source.
    pub fn made(&mut self, text: &str) {
        self.parts.push((self.text.len(), None));
        self.text.push_str(text);
    }

    fn add(&mut self, source: &str, range: Range<usize>) {
        let adjoins = self.parts.last().is_some_and(|(_, start)| start.is_some());
        if !adjoins || self.end != range.start {
            self.parts.push((self.text.len(), Some(range.start)));
        }
        self.text.push_str(source.get(range.clone()).unwrap_or_default());
        self.end = range.end;
    }

    /// The source of a range of the text.
    pub fn source(&self, range: &Range<usize>) -> Range<usize> {
        let place = |offset: usize| {
            let after = self.parts.partition_point(|(start, _)| *start <= offset);
            let mut before = self.parts.get(..after).unwrap_or_default().iter().rev();
            before.find_map(|(start, source)| source.map(|source| source + offset - start))
        };
        let start = place(range.start).unwrap_or(0);
        let last = range.end.saturating_sub(1).max(range.start);
        let end = place(last).map_or(start, |at| at + range.end - last);
        start..end.max(start)
    }

    /// Pushes a range of the text to the open block.
    fn push(&self, range: Range<usize>, builder: &mut DocumentBuilder<'_>) {
        let first = self.parts.partition_point(|(start, _)| *start <= range.start);
        let mut at = range.start;
        for index in first.saturating_sub(1).. {
            let Some(&(start, source)) = self.parts.get(index) else { return };
            let next = self.parts.get(index + 1).map_or(self.text.len(), |(start, _)| *start);
            let stop = next.min(range.end);
            if at < stop {
                match (self.text.get(at..stop), source) {
                    (Some(text), Some(source)) => {
                        builder.push(text, source + at - start..source + stop - start);
                    }
                    (Some(text), None) => builder.push_made(text),
                    (None, _) => {}
                }
                at = stop;
            }
            if at >= range.end {
                return;
            }
        }
    }
}

/// What inline markup leaves of a text.
#[derive(Debug, Default)]
pub struct Pieces {
    pieces: Vec<(Range<usize>, Option<String>)>,
    /// Targets of links.
    pub links: Vec<String>,
    /// Where notes stand that are written inside of the text.
    pub notes: Vec<Range<usize>>,
    /// The names of notes that are written elsewhere, and where their marks stand, in order.
    pub marks: Vec<(usize, String)>,
}

/// What tells a note that has no name from others: where it stands in the source.
fn name_of_note(source: &Range<usize>) -> String {
    format!("at {}", source.start)
}

impl Pieces {
    /// A range of the text stays as it is.
    pub fn keep(&mut self, range: Range<usize>) {
        if range.start >= range.end {
            return;
        }
        match self.pieces.last_mut() {
            Some((last, None)) if last.end == range.start => last.end = range.end,
            _ => self.pieces.push((range, None)),
        }
    }

    /// Other text stands for a range.
    pub fn put(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.pieces.push((range, Some(text.into())));
    }

    /// Where the notes stand in the source.
    pub fn note_sources(&self, flat: &Flat) -> Vec<Range<usize>> {
        self.notes.iter().map(|note| flat.source(note)).collect()
    }

    /// What is left, as text.
    pub fn text(&self, flat: &Flat) -> String {
        let texts = self.pieces.iter().map(|(range, text)| match text {
            Some(text) => text.as_str(),
            None => flat.text.get(range.clone()).unwrap_or_default(),
        });
        texts.collect()
    }
}

/// A builder that bounds what it is given, and knows the kind of the last block.
pub struct Sheet<'a> {
    pub source: &'a str,
    pub builder: DocumentBuilder<'a>,
    /// Whether anything but the title and metadata has come.
    pub has_body: bool,
    last: Option<BlockKind>,
    links: usize,
    metadata: usize,
    warnings: usize,
}

impl<'a> Sheet<'a> {
    pub fn new(id: &str, source: &'a str) -> Sheet<'a> {
        let builder = DocumentBuilder::new(id, source);
        Sheet { source, builder, has_body: false, last: None, links: 0, metadata: 0, warnings: 0 }
    }

    /// The document. Its language is the one that its metadata names.
    pub fn finish(self) -> Document {
        let mut document = self.builder.finish();
        if document.lang.is_none() {
            let named = ["lang", "language"].iter().find_map(|key| document.metadata.get(*key));
            document.lang = named.and_then(|values| language_tag(values.first()?));
        }
        document
    }

    /// Begins a block; it continues a list or table only where one stands before it.
    pub fn begin(&mut self, kind: BlockKind, tight: bool) {
        let goes_on = matches!(kind, BlockKind::ListItem | BlockKind::TableRow);
        self.builder.begin(kind, tight && goes_on && self.last == Some(kind));
        self.last = Some(kind);
        self.has_body = true;
    }

    /// What follows continues no list and no table.
    pub fn end_list(&mut self) {
        self.last = None;
    }

    /// A whole block.
    pub fn block(&mut self, kind: BlockKind, tight: bool, flat: &Flat, pieces: &Pieces) {
        self.begin(kind, tight);
        self.pieces(flat, pieces);
        self.builder.end();
    }

    /// Text as it stands, as a block.
    pub fn verbatim(&mut self, kind: BlockKind, flat: &Flat) {
        let mut pieces = Pieces::default();
        pieces.keep(0..flat.text.len());
        self.block(kind, false, flat, &pieces);
    }

    /// Adds to the open block.
    pub fn pieces(&mut self, flat: &Flat, pieces: &Pieces) {
        let inside = pieces.notes.iter();
        let inside = inside.map(|note| (note.start, name_of_note(&flat.source(note))));
        let mut marks: Vec<(usize, String)> = inside.chain(pieces.marks.iter().cloned()).collect();
        marks.sort_by_key(|(at, _)| *at);
        let mut marks = marks.into_iter().peekable();
        for (range, text) in &pieces.pieces {
            while let Some((_, name)) = marks.next_if(|(at, _)| *at <= range.start) {
                self.builder.note_mark(&name, 0);
            }
            match text {
                Some(text) => self.builder.push(text, flat.source(range)),
                None => flat.push(range.clone(), &mut self.builder),
            }
        }
        marks.for_each(|(_, name)| self.builder.note_mark(&name, 0));
        self.links(pieces);
    }

    /// The notes of a text, at these places in the source, as blocks after it. `inline` reads the markup
    /// of a text.
    pub fn notes(&mut self, notes: Vec<Range<usize>>, inline: &mut dyn FnMut(&str) -> Pieces) {
        let mut waiting: Vec<(usize, Range<usize>)> =
            notes.into_iter().rev().map(|note| (1, note)).collect();
        while let Some((depth, note)) = waiting.pop() {
            let text = self.source.get(note.clone()).unwrap_or_default();
            if text.trim().is_empty() {
                continue;
            }
            self.builder.note(&name_of_note(&note));
            let flat = Flat::of(self.source, note);
            let pieces = inline(&flat.text);
            self.block(BlockKind::Note, false, &flat, &pieces);
            if depth < DEEPEST_NOTE {
                let inner = pieces.notes.iter().rev();
                waiting.extend(inner.map(|note| (depth + 1, flat.source(note))));
            }
        }
    }

    pub fn links(&mut self, pieces: &Pieces) {
        pieces.links.iter().for_each(|target| self.link(target));
    }

    pub fn link(&mut self, target: &str) {
        let target = target.trim();
        if self.links < MOST_LINKS && !target.is_empty() && !target.starts_with('#') {
            self.links += 1;
            self.builder.metadata("links", target);
        }
    }

    /// A value of the metadata.
    pub fn metadata(&mut self, key: &str, value: &str) {
        if self.metadata < MOST_METADATA {
            self.metadata += 1;
            self.builder.metadata(key, value);
        }
    }

    /// A heading. The first, of the highest level, before any text is the title.
    pub fn heading(&mut self, level: u8, heading: &str, source: Range<usize>) {
        let heading = collapse(heading);
        self.last = None;
        if level <= 1 && self.builder.is_untouched() && !heading.is_empty() {
            return self.builder.title(&heading, Some(source));
        }
        self.has_body = true;
        self.builder.heading(level, &heading, source);
    }

    pub fn warn(&mut self, message: String, source: Range<usize>) {
        if self.warnings < MOST_WARNINGS {
            self.warnings += 1;
            self.builder.warn(message, Some(source));
        }
    }
}

/// Whether the byte before this offset is escaped by a backslash.
pub fn is_escaped(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// The character before and the one at an offset.
pub fn around(text: &str, at: usize) -> (Option<char>, Option<char>) {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    (before, text.get(at..).and_then(|after| after.chars().next()))
}

/// Where a web address that begins here ends: at white space or a bracket, without the signs after it
/// that belong to the sentence. `None` where none begins.
pub fn address_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let scheme = ["https://", "http://", "ftp://", "mailto:"]
        .iter()
        .find(|scheme| rest.starts_with(**scheme))?;
    if around(text, at).0.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '[' | ']' | '`' | '|');
    let length = rest.find(stop).unwrap_or(rest.len());
    let mut address =
        rest.get(..length)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
    if address.ends_with(')') && !address.contains('(') {
        address = address.trim_end_matches(')');
    }
    (address.len() > scheme.len()).then_some(at + address.len())
}
