//! The scalars of a JSON object with the bytes that each stands on. The text is known to be JSON.

use std::borrow::Cow;
use std::ops::Range;

/// Names of nested fields grow no longer than this (bytes): a name is made for every value.
const LONGEST_NAME: usize = 200;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In quotes, with escapes.
    Text,
    /// A number, `true`, `false`.
    Scalar,
}

/// A scalar value.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name; those of the objects around it before it, joined by `_`.
    pub name: String,
    pub kind: Kind,
    /// The bytes of the value, without the quotes.
    pub range: Range<usize>,
}

/// Walks over an object.
pub struct Scan<'a> {
    line: &'a str,
    at: usize,
    name: String,
    /// For each open object or array: whether it is an object, and how long the name is outside of it.
    open: Vec<(bool, usize)>,
    is_key_next: bool,
    fields: Vec<Field>,
}

impl<'a> Scan<'a> {
    pub fn new(line: &'a str) -> Scan<'a> {
        let (open, fields) = Default::default();
        Scan { line, at: 0, name: String::new(), open, is_key_next: false, fields }
    }

    /// All scalars but `null`, in the order of the line.
    pub fn fields(mut self) -> Vec<Field> {
        while let Some(&byte) = self.line.as_bytes().get(self.at) {
            match byte {
                b'{' | b'[' => {
                    self.open.push((byte == b'{', self.name.len()));
                    self.is_key_next = byte == b'{';
                    self.at += 1;
                }
                b'}' | b']' => {
                    if let Some((_, length)) = self.open.pop() {
                        self.name.truncate(length);
                    }
                    self.at += 1;
                }
                b',' => {
                    self.is_key_next = self.open.last().is_some_and(|(is_object, _)| *is_object);
                    self.at += 1;
                }
                b'"' => self.string(),
                b':' | b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                _ => self.scalar(),
            }
        }
        self.fields
    }

    fn string(&mut self) {
        let start = self.at + 1;
        let bytes = self.line.as_bytes();
        let mut end = start;
        while let Some(at) = memchr::memchr2(b'"', b'\\', bytes.get(end..).unwrap_or_default()) {
            end += at;
            if bytes.get(end) == Some(&b'"') {
                break;
            }
            end = (end + 2).min(bytes.len());
        }
        self.at = end + 1;
        if self.is_key_next {
            self.is_key_next = false;
            return self.key(start..end);
        }
        self.fields.push(Field { name: self.name.clone(), kind: Kind::Text, range: start..end });
    }

    fn key(&mut self, range: Range<usize>) {
        let outside = self.open.last().map_or(0, |(_, length)| *length);
        self.name.truncate(outside);
        let key: String = pieces(self.line, range).map(|(text, _)| text).collect();
        if self.name.len() + key.len() > LONGEST_NAME {
            return;
        }
        if !self.name.is_empty() {
            self.name.push('_');
        }
        self.name.push_str(&key);
    }

    fn scalar(&mut self) {
        let rest = &self.line[self.at..];
        let end = rest.find([',', '}', ']', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        let range = self.at..self.at + end;
        self.at = range.end;
        if &self.line[range.clone()] != "null" {
            self.fields.push(Field { name: self.name.clone(), kind: Kind::Scalar, range });
        }
    }
}

/// What a value says.
pub fn text_of(line: &str, field: &Field) -> String {
    match field.kind {
        Kind::Text => pieces(line, field.range.clone()).map(|(text, _)| text).collect(),
        Kind::Scalar => line[field.range.clone()].to_owned(),
    }
}

/// The content of a string: stretches as they are, and what escapes stand for, with their bytes.
pub fn pieces(
    line: &str,
    range: Range<usize>,
) -> impl Iterator<Item = (Cow<'_, str>, Range<usize>)> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let rest = line.get(at..range.end).filter(|rest| !rest.is_empty())?;
        let start = at;
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        if plain > 0 {
            at += plain;
            return Some((Cow::Borrowed(&rest[..plain]), start..at));
        }
        let (c, length) = escape(rest);
        at += length;
        Some((Cow::Owned(c.to_string()), start..at))
    })
}

/// What the escape at the start of a text stands for, and how long it is. Half of a pair of surrogates
/// is no character.
fn escape(text: &str) -> (char, usize) {
    let c = match text.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode_escape(text),
        _ => {
            let c = text.chars().nth(1).unwrap_or('\\');
            return (c, (1 + c.len_utf8()).min(text.len()));
        }
    };
    (c, 2)
}

fn unicode_escape(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(0) else { return ('\u{FFFD}', text.len().min(2)) };
    if let Some(second) = unit(6)
        && (0xD800..0xDC00).contains(&first)
        && (0xDC00..0xE000).contains(&second)
    {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(code).unwrap_or('\u{FFFD}'), 12);
    }
    (char::from_u32(first).unwrap_or('\u{FFFD}'), 6)
}
