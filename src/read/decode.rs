//! A file's bytes as UTF-8 text, with the way back from each character to its bytes.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding};

use super::encoding::{Charset, high};

/// Decoded text and where it came from.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text without a byte order mark; borrowed where the file is UTF-8.
    pub text: Cow<'a, str>,
    pub offsets: Offsets,
    /// How many sequences of bytes were not characters, and the first of them in the file.
    pub invalid: usize,
    pub first_invalid: Option<usize>,
}

/// Which bytes of the file the characters of the text came from: stretches of characters of one
/// width here and one width there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    stretches: Vec<Stretch>,
    /// Lengths of text and file.
    ends: (usize, usize),
}

/// A stretch of characters of the same width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Offset of its first byte in the text.
    pub text: usize,
    /// Offset of its first byte in the file.
    pub source: usize,
    /// Bytes of each character in the text; 1 where both are 1, which stands for equal bytes.
    pub text_width: u8,
    /// Bytes of each character in the file.
    pub source_width: u8,
}

impl Offsets {
    /// The map of a text that equals the file from `skip` on.
    pub fn identity(length: usize, skip: usize) -> Offsets {
        let whole = Stretch { text: 0, source: skip, text_width: 1, source_width: 1 };
        Offsets { stretches: vec![whole], ends: (length, length + skip) }
    }

    /// Whether every offset in the text is the same in the file.
    pub fn is_identity(&self) -> bool {
        let is_equal = |s: &Stretch| (s.source, s.text_width, s.source_width) == (0, 1, 1);
        self.ends.0 == self.ends.1 && matches!(self.stretches.as_slice(), [only] if is_equal(only))
    }

    /// The stretches that a range of text touches, each cut to the range: start and length in the
    /// text, start and length in the file, and the stretch's widths.
    pub fn pieces(
        &self,
        text: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (Stretch, usize, usize)> {
        let first = self.stretches.partition_point(|stretch| stretch.text <= text.start);
        let touched = self.stretches.get(first.saturating_sub(1)..).unwrap_or_default();
        let ends = touched.iter().skip(1).map(|stretch| stretch.text).chain([self.ends.0]);
        touched.iter().zip(ends).take_while(move |(stretch, _)| stretch.text < text.end).map(
            move |(stretch, end)| {
                let (start, end) = (stretch.text.max(text.start), end.min(text.end));
                let widths = (usize::from(stretch.text_width), usize::from(stretch.source_width));
                let from = stretch.source + (start - stretch.text) / widths.0 * widths.1;
                let to = stretch.source + (end - stretch.text).div_ceil(widths.0) * widths.1;
                (Stretch { text: start, source: from, ..*stretch }, end - start, to - from)
            },
        )
    }

    /// The offset in the file of an offset in the text.
    pub fn to_source(&self, text: usize) -> usize {
        if text >= self.ends.0 {
            return self.ends.1;
        }
        let at = self.stretches.partition_point(|stretch| stretch.text <= text);
        self.stretches.get(at.saturating_sub(1)).map_or(text, |stretch| {
            let width = usize::from(stretch.text_width);
            stretch.source
                + (text - stretch.text.min(text)) / width * usize::from(stretch.source_width)
        })
    }

    /// The offset in the text of an offset in the file, which must be where a character begins.
    pub fn to_text(&self, source: usize) -> usize {
        if source >= self.ends.1 {
            return self.ends.0;
        }
        let at = self.stretches.partition_point(|stretch| stretch.source <= source);
        self.stretches.get(at.saturating_sub(1)).map_or(0, |stretch| {
            let width = usize::from(stretch.source_width);
            stretch.text
                + source.saturating_sub(stretch.source) / width * usize::from(stretch.text_width)
        })
    }
}

impl Offsets {
    /// The least range of the file that holds the sources of a range of the text.
    pub fn cover(&self, text: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let (mut first, mut end) = (usize::MAX, 0);
        for (piece, _, source_len) in self.pieces(text.clone()) {
            first = first.min(piece.source);
            end = end.max(piece.source + source_len);
        }
        if first < end {
            first..end
        } else {
            self.to_source(text.start)..self.to_source(text.start)
        }
    }

    /// The way from the text to the file where these offsets lead to another text only, and `outer` from
    /// that to the file.
    pub fn through(&self, outer: &Offsets) -> Offsets {
        let mut composed =
            Stretches { list: Vec::new(), ends: (self.ends.0, outer.to_source(self.ends.1)) };
        for (stretch, text_len, _) in self.pieces(0..self.ends.0) {
            let widths = (usize::from(stretch.text_width), usize::from(stretch.source_width));
            let between = stretch.source..stretch.source + text_len / widths.0 * widths.1;
            if widths == (1, 1) {
                // What equals its bytes there has here the widths that it has there.
                for (piece, _, _) in outer.pieces(between.clone()) {
                    let text = stretch.text + (piece.text - between.start);
                    composed.push(Stretch { text, ..piece });
                }
                continue;
            }
            for unit in 0..text_len / widths.0 {
                let start = between.start + unit * widths.1;
                let source = outer.cover(start..start + widths.1);
                composed.push(Stretch {
                    text: stretch.text + unit * widths.0,
                    source: source.start,
                    text_width: stretch.text_width,
                    source_width: source.len().min(255) as u8,
                });
            }
        }
        Offsets { stretches: composed.list, ends: composed.ends }
    }
}

/// Stretches one after another.
#[derive(Default)]
pub struct Stretches {
    list: Vec<Stretch>,
    ends: (usize, usize),
}

impl Stretches {
    /// None so far, of a text that begins at its beginning.
    pub fn new() -> Stretches {
        Stretches::default()
    }

    /// Adds a stretch, unless it goes on as the last one does.
    fn push(&mut self, stretch: Stretch) {
        let goes_on = self.list.last().is_some_and(|last| {
            let widths = (usize::from(last.text_width), usize::from(last.source_width));
            let units = (stretch.text - last.text) / widths.0;
            (last.text_width, last.source_width) == (stretch.text_width, stretch.source_width)
                && (stretch.text - last.text).is_multiple_of(widths.0)
                && stretch.source == last.source + units * widths.1
        });
        if !goes_on {
            self.list.push(stretch);
        }
    }

    /// Adds text of so many bytes that equals the bytes of the source from here on.
    pub fn equal(&mut self, length: usize, source: usize) {
        if length > 0 {
            self.push(Stretch { text: self.ends.0, source, text_width: 1, source_width: 1 });
            self.ends = (self.ends.0 + length, source + length);
        }
    }

    /// Adds text that stands for some bytes of the source, as a unit. Both are short.
    pub fn unit(&mut self, length: usize, source: std::ops::Range<usize>) {
        let width = |length: usize| length.clamp(1, 255) as u8;
        let (text_width, source_width) = (width(length), width(source.len()));
        self.push(Stretch { text: self.ends.0, source: source.start, text_width, source_width });
        self.ends = (self.ends.0 + length, source.end);
    }

    /// The offsets of the text that was added.
    pub fn finish(self) -> Offsets {
        Offsets { stretches: self.list, ends: self.ends }
    }
}

/// Decodes a file whose byte order mark, if any, has `skip` bytes.
pub fn decode<'a>(bytes: &'a [u8], charset: &Charset, skip: usize) -> Decoded<'a> {
    let content = bytes.get(skip..).unwrap_or_default();
    if matches!(charset, Charset::Utf8)
        && let Ok(text) = std::str::from_utf8(content)
    {
        let offsets = Offsets::identity(text.len(), skip);
        return Decoded { text: Cow::Borrowed(text), offsets, invalid: 0, first_invalid: None };
    }
    let mut sink = Sink::new(content.len(), skip);
    match charset {
        Charset::Utf8 => utf8(content, &mut sink),
        Charset::Utf16 { big_endian } => utf16(content, *big_endian, &mut sink),
        Charset::Utf32 { big_endian } => utf32(content, *big_endian, &mut sink),
        Charset::SingleByte { table, .. } => {
            content.iter().for_each(|&byte| sink.character(high(byte, table), 1));
        }
        Charset::MultiByte(encoding) => multi_byte(content, encoding, &mut sink),
    }
    sink.finish()
}

/// Collects characters with the number of bytes that each came from.
struct Sink {
    text: String,
    stretches: Vec<Stretch>,
    source: usize,
    invalid: usize,
    first_invalid: Option<usize>,
}

impl Sink {
    fn new(capacity: usize, skip: usize) -> Sink {
        Sink {
            text: String::with_capacity(capacity),
            stretches: Vec::new(),
            source: skip,
            invalid: 0,
            first_invalid: None,
        }
    }

    /// Adds a character that came from `width` bytes; U+FFFD stands for bytes that are none.
    fn character(&mut self, c: char, width: usize) {
        if c == '\u{FFFD}' {
            self.invalid += 1;
            self.first_invalid.get_or_insert(self.source);
        }
        self.piece(c.encode_utf8(&mut [0; 4]), width);
    }

    /// Adds one or more characters that came from the same `width` bytes, as a unit.
    fn piece(&mut self, text: &str, width: usize) {
        let widths = (text.len() as u8, width.min(255) as u8);
        let is_same = self
            .stretches
            .last()
            .is_some_and(|last| (last.text_width, last.source_width) == widths);
        if !is_same {
            self.stretches.push(Stretch {
                text: self.text.len(),
                source: self.source,
                text_width: widths.0,
                source_width: widths.1,
            });
        }
        self.text.push_str(text);
        self.source += width;
    }

    fn finish(self) -> Decoded<'static> {
        let ends = (self.text.len(), self.source);
        Decoded {
            text: Cow::Owned(self.text),
            offsets: Offsets { stretches: self.stretches, ends },
            invalid: self.invalid,
            first_invalid: self.first_invalid,
        }
    }
}

/// Damaged UTF-8: each maximal part of a sequence that is not valid becomes U+FFFD (Unicode 16,
/// section 3.9, substitution of maximal subparts). Valid text is one stretch of equal bytes.
fn utf8(content: &[u8], sink: &mut Sink) {
    for chunk in content.utf8_chunks() {
        if !chunk.valid().is_empty() {
            let whole = Stretch {
                text: sink.text.len(),
                source: sink.source,
                text_width: 1,
                source_width: 1,
            };
            sink.stretches.push(whole);
            sink.text.push_str(chunk.valid());
            sink.source += chunk.valid().len();
        }
        if !chunk.invalid().is_empty() {
            sink.character('\u{FFFD}', chunk.invalid().len());
        }
    }
}

fn utf16(content: &[u8], big_endian: bool, sink: &mut Sink) {
    let unit = |pair: [u8; 2]| match big_endian {
        true => u16::from_be_bytes(pair),
        false => u16::from_le_bytes(pair),
    };
    let (pairs, rest) = content.as_chunks::<2>();
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        let c = decoded.unwrap_or('\u{FFFD}');
        sink.character(c, c.len_utf16() * 2);
    }
    if !rest.is_empty() {
        sink.character('\u{FFFD}', rest.len());
    }
}

fn utf32(content: &[u8], big_endian: bool, sink: &mut Sink) {
    let (quads, rest) = content.as_chunks::<4>();
    for &quad in quads {
        let number = match big_endian {
            true => u32::from_be_bytes(quad),
            false => u32::from_le_bytes(quad),
        };
        sink.character(char::from_u32(number).unwrap_or('\u{FFFD}'), 4);
    }
    if !rest.is_empty() {
        sink.character('\u{FFFD}', rest.len());
    }
}

/// Feeds the decoder byte by byte: what comes out came from the bytes since the last that came out.
fn multi_byte(content: &[u8], encoding: &'static Encoding, sink: &mut Sink) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut pending = 0;
    let mut out = [0u8; 32];
    for (index, byte) in content.iter().enumerate() {
        let last = index + 1 == content.len();
        let mut input = std::slice::from_ref(byte);
        loop {
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(input, &mut out, last);
            pending += read;
            input = &input[read..];
            let text = std::str::from_utf8(&out[..written]).unwrap_or_default();
            if !text.is_empty() {
                sink.piece(text, pending);
                pending = 0;
            }
            match result {
                DecoderResult::Malformed(..) => {
                    // At least one byte is spent, but the one that showed the fault may be read again.
                    sink.character('\u{FFFD}', pending);
                    pending = 0;
                    if input.is_empty() && !last {
                        break;
                    }
                }
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
            }
        }
    }
    if pending > 0 {
        sink.source += pending;
    }
}
