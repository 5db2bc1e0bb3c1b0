//! A stream of any length, of which a part is held: what a record needs, with the place where it begins.

use std::io::{self, Read};

use super::encoding::Charset;
use crate::document::Origin;

/// How much is read at once, bytes.
const CHUNK: usize = 256 * 1024;

/// The part of a stream that is held, and where it begins.
pub struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where the part begins in the buffer.
    start: usize,
    is_ended: bool,
    lines: Lines,
    bytes: usize,
    /// What went wrong after the last bytes that are held.
    error: Option<io::Error>,
}

impl<R: Read> Window<R> {
    /// Nothing is held so far.
    pub fn new(reader: R, charset: &Charset) -> Window<R> {
        Window {
            reader,
            buffer: Vec::new(),
            start: 0,
            is_ended: false,
            lines: Lines { count: 0, after_return: false, width: width(charset) },
            bytes: 0,
            error: None,
        }
    }

    /// What is held.
    pub fn held(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Where it begins in the stream.
    pub fn origin(&self) -> Origin {
        Origin { bytes: self.bytes, lines: self.lines.count }
    }

    /// Holds more; `false` where there is no more.
    ///
    /// # Errors
    /// As the reader says, once what came before has been held.
    pub fn fill(&mut self) -> io::Result<bool> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if self.is_ended {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let before = self.buffer.len();
        // Growing by a quarter instead of by half keeps the largest records within bounds.
        if self.buffer.capacity() - before < CHUNK {
            self.buffer.reserve_exact(CHUNK.max(before / 4));
        }
        let outcome = (&mut self.reader).take(CHUNK as u64).read_to_end(&mut self.buffer);
        self.error = outcome.err();
        self.is_ended = self.buffer.len() == before && self.error.is_none();
        match self.buffer.len() == before {
            true => self.error.take().map_or(Ok(false), Err),
            false => Ok(true),
        }
    }

    /// Lets go of the first bytes of what is held.
    pub fn skip(&mut self, length: usize) {
        let length = length.min(self.held().len());
        let end = self.start + length;
        self.lines.pass(self.buffer.get(self.start..end).unwrap_or_default());
        self.start = end;
        self.bytes += length;
    }
}

/// The ends of lines that have passed: LF, CR LF, or CR.
struct Lines {
    count: usize,
    after_return: bool,
    /// Bytes of a unit, and whether its first byte is the least.
    width: (usize, bool),
}

impl Lines {
    fn pass(&mut self, bytes: &[u8]) {
        let (width, is_little) = self.width;
        if width == 1 {
            for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
                let is_second = bytes.get(at) == Some(&b'\n')
                    && at
                        .checked_sub(1)
                        .map_or(self.after_return, |at| bytes.get(at) == Some(&b'\r'));
                self.count += usize::from(!is_second);
            }
            if let Some(last) = bytes.last() {
                self.after_return = *last == b'\r';
            }
            return;
        }
        for unit in bytes.chunks_exact(width) {
            let least = if is_little { unit.first() } else { unit.last() };
            let is_plain = unit.iter().filter(|byte| **byte != 0).count() == 1;
            let is_feed = is_plain && least == Some(&b'\n');
            let is_return = is_plain && least == Some(&b'\r');
            self.count += usize::from(is_return || is_feed && !self.after_return);
            self.after_return = is_return;
        }
    }
}

/// The bytes of a unit of a charset, and whether the first byte of a unit is the least.
pub fn width(charset: &Charset) -> (usize, bool) {
    match charset {
        Charset::Utf16 { big_endian } => (2, !big_endian),
        Charset::Utf32 { big_endian } => (4, !big_endian),
        _ => (1, true),
    }
}
