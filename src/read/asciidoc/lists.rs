//! Items of lists, terms, and paragraphs of AsciiDoc.

use super::{Reader, Style};
use crate::document::BlockKind;
use crate::read::light::{Flat, trimmed};

/// How an item begins.
enum Mark {
    /// With a sign of this length, the blanks after it included.
    Sign(usize),
    /// With a term of this length, and so long a mark after it.
    Term(usize, usize),
}

impl Reader<'_> {
    /// An item of a list, or a term, that begins on the current line.
    pub fn item(&mut self, line: &str) -> bool {
        let indent = line.len() - line.trim_start().len();
        let text = &line[indent..];
        let Some(mark) = sign(text).map(Mark::Sign).or_else(|| term(text)) else { return false };
        let start = self.lines[self.at].start + indent;
        let end = self.lines[self.at].end;
        if !self.is_in_list {
            self.end_list();
        }
        self.is_in_list = true;
        self.is_attached = false;
        self.at += 1;
        self.label(
            start,
            match mark {
                Mark::Sign(length) => text[..length].trim_end(),
                Mark::Term(length, mark) => text[length..length + mark].trim_end(),
            },
        );
        self.style = Style::default();
        match mark {
            Mark::Sign(length) => {
                let check = check_mark(&text[length..]);
                self.item_text((start + length + check).min(end)..end);
            }
            Mark::Term(length, mark) => {
                self.text(BlockKind::ListItem, true, start..start + length);
                self.item_text((start + length + mark).min(end)..end);
            }
        }
        true
    }

    /// The text of an item: up to a blank line, or one that begins something else.
    fn item_text(&mut self, first: std::ops::Range<usize>) {
        let mut flat = Flat::default();
        if !self.sheet.source[first.clone()].trim().is_empty() {
            flat.line(self.sheet.source, first);
        }
        while self.at < self.lines.len() && !self.breaks_item(self.at) {
            let line = self.lines[self.at].clone();
            flat.line(self.sheet.source, trimmed(self.sheet.source, line));
            self.at += 1;
        }
        if !flat.text.trim().is_empty() {
            self.flat(BlockKind::ListItem, true, &flat);
        }
    }

    fn breaks_item(&self, index: usize) -> bool {
        let line = self.line(index).trim_end();
        let text = line.trim_start();
        text.is_empty()
            || text == "+"
            || sign(text).is_some()
            || term(text).is_some()
            || self.breaks_paragraph(line)
    }

    /// Lines that end a paragraph although no blank one stands before them.
    fn breaks_paragraph(&self, line: &str) -> bool {
        self.is_delimiter(line)
            || line.starts_with("//") && !line.starts_with("///")
            || line.starts_with('[') && line.ends_with(']') && !line.contains("] ")
            || super::blocks::is_preprocessor(line)
    }

    /// A paragraph, by its style a quotation, code, or nothing.
    pub fn paragraph(&mut self, line: &str) {
        let style = std::mem::take(&mut self.style);
        let is_code =
            matches!(
                style.name.as_str(),
                "source" | "listing" | "literal" | "stem" | "latexmath" | "asciimath"
            ) || style.list.is_some() && style.name.is_empty() && self.is_language(&style);
        let is_literal = line.starts_with([' ', '\t']);
        let start = self.at;
        self.at += 1;
        while !self.is_blank(self.at) && !self.breaks_paragraph(self.line(self.at).trim_end()) {
            let next = self.line(self.at).trim();
            let goes_on = is_literal || is_code || !self.is_in_list;
            if !goes_on && (next == "+" || sign(next).is_some()) {
                break;
            }
            self.at += 1;
        }
        if style.name == "comment" || style.name == "pass" {
            return;
        }
        if is_code || is_literal {
            self.is_attached = false;
            return self.code(start..self.at, is_literal);
        }
        let is_quote = matches!(style.name.as_str(), "quote" | "verse" | "epigraph");
        let is_marked = line.starts_with("> ");
        let kind = match is_quote || is_marked {
            true => BlockKind::Quotation,
            false => self.kind(),
        };
        if !self.is_attached {
            self.end_list();
        }
        self.is_attached = false;
        let mut flat = Flat::default();
        for line in self.lines.get(start..self.at).unwrap_or_default() {
            let mut line = trimmed(self.sheet.source, line.clone());
            if is_marked && self.sheet.source[line.clone()].starts_with('>') {
                line = trimmed(self.sheet.source, line.start + 1..line.end);
            }
            flat.line(self.sheet.source, line);
        }
        self.flat(kind, true, &flat);
        if is_quote {
            self.attribution(&style);
        }
    }

    /// `[,ruby]` names a language.
    pub fn is_language(&self, style: &Style) -> bool {
        let list = style.list.clone().and_then(|range| self.sheet.source.get(range));
        list.is_some_and(|list| list.starts_with(',') && !list.contains('='))
    }

    /// Who said what is quoted.
    pub fn attribution(&mut self, style: &Style) {
        let Some(range) = style.list.clone() else { return };
        let text = &self.sheet.source[range.clone()];
        let Some(comma) = text.find(',') else { return };
        let shown = trimmed(self.sheet.source, range.start + comma + 1..range.end);
        if !self.sheet.source[shown.clone()].contains('=') {
            self.text(BlockKind::Quotation, false, shown);
        }
    }
}

/// The length of the sign of an item: `* `, `.. `, `1. `, `<1> `.
pub fn sign(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = *bytes.first()?;
    let length = match first {
        b'*' | b'.' => bytes.iter().take_while(|&&byte| byte == first).count(),
        b'-' => 1,
        b'<' => text.get(..text.floor_char_boundary(6))?.find('>').map(|end| end + 1)?,
        b'0'..=b'9' => {
            let digits = bytes.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
            digits + usize::from(matches!(bytes.get(digits), Some(b'.')))
        }
        b'a'..=b'z' | b'A'..=b'Z' => {
            let letters =
                bytes.iter().take(6).take_while(|byte| byte.is_ascii_alphabetic()).count();
            let is_roman = bytes[..letters].iter().all(|byte| b"ivxIVX".contains(byte));
            let fits = letters == 1 && bytes.get(1) == Some(&b'.')
                || is_roman && bytes.get(letters) == Some(&b')');
            if fits { letters + 1 } else { return None }
        }
        _ if text.starts_with('•') => '•'.len_utf8(),
        _ => return None,
    };
    let is_number = first.is_ascii_digit() && bytes.get(length - 1) != Some(&b'.');
    let is_callout = first == b'<'
        && !text[1..length - 1].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let rest = text.get(length..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (blanks > 0 && blanks < rest.len() && !is_number && !is_callout).then_some(length + blanks)
}

/// `term::`, with `::::`, `:::` or `;;` for deeper ones.
fn term(text: &str) -> Option<Mark> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b':', b';', bytes.get(from..)?) {
        let at = from + found;
        let sign = bytes[at];
        let length = bytes[at..].iter().take_while(|&&byte| byte == sign).count();
        let after = &bytes[at + length..];
        let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let fits = (2..=4).contains(&length) && at > 0 && (sign == b':' || length == 2);
        if fits && (blanks > 0 || after.is_empty()) && bytes[at - 1] != b' ' {
            return Some(Mark::Term(at, length + blanks));
        }
        from = at + length;
    }
    None
}

fn check_mark(text: &str) -> usize {
    let is_box = ["[x] ", "[*] ", "[ ] ", "[X] "].iter().any(|mark| text.starts_with(mark));
    if is_box { 4 } else { 0 }
}
