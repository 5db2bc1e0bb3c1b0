//! A source file: its text for the reader, and the way back from that text to the file.

use std::borrow::Cow;
use std::ops::Range;

use super::decode::{Decoded, Offsets, decode};
use super::encoding::{Charset, detect};
use crate::document::{Document, Grain, Run, SourceMap, Warning};

/// A file's content, decoded to UTF-8.
#[derive(Debug)]
pub struct Source<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding's name.
    pub encoding: &'static str,
    decoded: Decoded<'a>,
    bytes: &'a [u8],
}

impl<'a> Source<'a> {
    /// Finds the encoding of a file and decodes it. Never fails: bytes that are no characters become
    /// U+FFFD, and [`Source::locate`] says so.
    pub fn decode(bytes: &'a [u8]) -> Source<'a> {
        let (charset, skip) = detect(bytes);
        Source::decode_as(bytes, &charset, skip)
    }

    /// Decodes bytes whose encoding is known, and whose byte order mark, if any, has `skip` bytes.
    pub(super) fn decode_as(bytes: &'a [u8], charset: &Charset, skip: usize) -> Source<'a> {
        let mut decoded = decode(bytes, charset, skip);
        let text = std::mem::take(&mut decoded.text);
        Source { text, encoding: charset.name(), decoded, bytes }
    }

    /// A text that was written in this one in an escaped form: `offsets` lead from it to this text.
    pub(super) fn escaped<'t>(&self, text: &'t str, offsets: &Offsets) -> Source<'t>
    where
        'a: 't,
    {
        let offsets = offsets.through(&self.decoded.offsets);
        let text = Cow::Borrowed(text);
        let (invalid, first_invalid) = (self.decoded.invalid, self.decoded.first_invalid);
        let decoded = Decoded { text: Cow::default(), offsets, invalid, first_invalid };
        Source { text, encoding: self.encoding, decoded, bytes: self.bytes }
    }

    /// Whether the content is text at all: many control characters mean a program, a picture, or
    /// sound; so does a content of which most is no character.
    pub fn is_text(&self) -> bool {
        let is_blank = |c: char| "\t\n\r\u{b}\u{c}\u{1b}\u{85}".contains(c);
        let (mut controls, mut odd, mut all) = (0usize, 0usize, 0usize);
        for c in self.text.chars().take(8192).filter(|&c| !is_blank(c)) {
            controls += usize::from(c.is_ascii_control());
            odd += usize::from(c == '\u{FFFD}' || c.is_control());
            all += 1;
        }
        controls * 20 <= all && odd * 2 <= all
    }

    /// Turns the places in a document that was read from the text into places in the file, and adds
    /// what is known of the file: lines, and oddities of its encoding.
    pub fn locate(&self, mut document: Document) -> Document {
        if !self.decoded.offsets.is_identity() {
            document.map = self.map(&document.map);
            let sections =
                document.sections.iter_mut().filter_map(|section| section.source.as_mut());
            let warnings =
                document.warnings.iter_mut().filter_map(|warning| warning.source.as_mut());
            for range in sections.chain(warnings) {
                let offsets = &self.decoded.offsets;
                *range = offsets.to_source(range.start)..offsets.to_source(range.end);
            }
        }
        document.line_starts = self.line_starts();
        document.warnings.extend(self.warning());
        document
    }

    /// The file's bytes of a range of the text.
    pub(super) fn bytes_of(&self, text: Range<usize>) -> Range<usize> {
        self.decoded.offsets.to_source(text.start)..self.decoded.offsets.to_source(text.end)
    }

    /// The text at a range of the file's bytes; `None` where the range is not within the file.
    pub fn slice(&self, bytes: Range<usize>) -> Option<&str> {
        let offsets = &self.decoded.offsets;
        self.text.get(offsets.to_text(bytes.start)..offsets.to_text(bytes.end))
    }

    fn map(&self, map: &SourceMap) -> SourceMap {
        let mut located = SourceMap::default();
        for run in &map.runs {
            let to = (self.bytes, self.text.as_ref());
            place(run, &self.decoded.offsets, to, &mut located);
        }
        located
    }

    /// Where lines begin in the file: after LF, CR LF, or CR.
    pub(super) fn line_starts(&self) -> Vec<usize> {
        let text = self.text.as_bytes();
        let offsets = &self.decoded.offsets;
        let mut starts = vec![offsets.to_source(0)];
        for at in memchr::memchr2_iter(b'\n', b'\r', text) {
            if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') {
                continue;
            }
            if at + 1 < text.len() {
                starts.push(offsets.to_source(at + 1));
            }
        }
        starts
    }

    fn warning(&self) -> Option<Warning> {
        let first = self.decoded.first_invalid?;
        let message = match self.decoded.invalid {
            1 => format!("one place is not {}, shown as `\u{FFFD}`", self.encoding),
            count => format!("{count} places are not {}, shown as `\u{FFFD}`", self.encoding),
        };
        Some(Warning { message, source: Some(first..first + 1), hides_text: true })
    }
}

/// Turns a run whose source is a text into runs whose source is the bytes that the text came from.
pub(super) fn place(
    run: &Run,
    offsets: &Offsets,
    (bytes, text): (&[u8], &str),
    located: &mut SourceMap,
) {
    let source = run.source..run.source + run.source_len;
    if run.grain == Grain::Whole {
        let (start, end) = (offsets.to_source(source.start), offsets.to_source(source.end));
        located.push(Run { source: start, source_len: end - start, ..*run });
        return;
    }
    for (piece, text_len, source_len) in offsets.pieces(source.clone()) {
        // A piece equals its bytes in every encoding that contains ASCII.
        let is_alike = bytes.get(piece.source..piece.source + text_len)
            == text.as_bytes().get(piece.text..piece.text + text_len);
        let grain = match (piece.text_width, piece.source_width) {
            (1, 1) if is_alike => Grain::Verbatim,
            (text, source) => Grain::Characters { text, source },
        };
        let text = run.text + (piece.text - source.start);
        located.push(Run { text, text_len, source: piece.source, source_len, grain });
    }
}
