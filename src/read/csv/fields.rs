//! The fields of rows of values, with the bytes that each stands on: RFC 4180, and what programs write
//! beside it.

use std::borrow::Cow;
use std::ops::Range;

/// One value of a row.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its bytes in the source, without the quotes around it.
    pub range: Range<usize>,
    /// Whether quotes in it are written twice.
    pub has_doubled: bool,
}

/// Reads rows one after another, in one pass.
pub struct Fields<'a> {
    source: &'a str,
    at: usize,
    end: usize,
    delimiter: u8,
    /// From here on no quote is closed: quotes are characters then.
    unclosed_from: usize,
}

impl<'a> Fields<'a> {
    /// Reads the rows in a range of the source.
    pub fn new(source: &'a str, range: Range<usize>, delimiter: u8) -> Fields<'a> {
        Fields { source, at: range.start, end: range.end, delimiter, unclosed_from: range.end }
    }

    /// Where the next row begins.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Reads the next row into `row`; `false` at the end.
    pub fn row(&mut self, row: &mut Vec<Field>) -> bool {
        row.clear();
        if self.at >= self.end {
            return false;
        }
        loop {
            let field = self.quoted().unwrap_or_else(|| self.bare(self.at));
            row.push(field);
            match self.bytes().get(self.at) {
                Some(&byte) if byte == self.delimiter => self.at += 1,
                Some(b'\r') if self.bytes().get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    return true;
                }
                Some(_) => {
                    self.at += 1;
                    return true;
                }
                None => return true,
            }
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.source.as_bytes().get(..self.end).unwrap_or_default()
    }

    /// A value without quotes around it: up to the next delimiter or the end of the line.
    fn bare(&mut self, start: usize) -> Field {
        let rest = self.bytes().get(start..).unwrap_or_default();
        let length = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        self.at = start + length;
        Field { range: start..self.at, has_doubled: false }
    }

    /// A value in quotes. A quote that neither a delimiter nor the end of a line follows belongs to
    /// the value, and so does one that is never closed.
    fn quoted(&mut self) -> Option<Field> {
        let bytes = self.bytes();
        let blanks = bytes[self.at..].iter().take_while(|&&byte| byte == b' ').count();
        let quote = self.at + blanks;
        if bytes.get(quote) != Some(&b'"') || quote >= self.unclosed_from {
            return None;
        }
        let mut has_doubled = false;
        let mut from = quote + 1;
        while let Some(at) = memchr::memchr(b'"', bytes.get(from..).unwrap_or_default()) {
            let close = from + at;
            if bytes.get(close + 1) == Some(&b'"') {
                has_doubled = true;
                from = close + 2;
                continue;
            }
            let blanks = bytes[close + 1..].iter().take_while(|&&byte| byte == b' ').count();
            let next = close + 1 + blanks;
            let is_end = bytes
                .get(next)
                .is_none_or(|&byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
            if is_end {
                self.at = next;
                return Some(Field { range: quote + 1..close, has_doubled });
            }
            from = next;
        }
        self.unclosed_from = quote;
        None
    }
}

/// What a field says: quotes that are written twice stand once.
pub fn content<'a>(source: &'a str, field: &Field) -> Cow<'a, str> {
    let text = source.get(field.range.clone()).unwrap_or_default();
    match field.has_doubled {
        true => Cow::Owned(text.replace("\"\"", "\"")),
        false => Cow::Borrowed(text),
    }
}
