//! Markup of Typst within a line: emphasis, raw text, formulas, references, signs.

use std::ops::Range;

use super::literals::{comment, name};
use super::{Open, Reader, Then, What};
use crate::document::BlockKind;
use crate::read::light::{Flat, address_end, around, lines, outdented, trimmed};

/// Labels are no longer than this (bytes).
const LONGEST_NAME: usize = 200;

impl Reader<'_> {
    pub fn markup(&mut self) {
        let byte = self.source.as_bytes()[self.at];
        match byte {
            b'\n' | b'\r' => self.line_end(),
            b'#' => self.hash(),
            b'[' => self.bracket(true),
            b']' => self.bracket(false),
            b'*' | b'_' => self.emphasis(),
            b'`' => self.raw(),
            b'$' => self.formula(),
            b'<' => self.label(),
            b'@' => self.reference(),
            b'\\' => self.escape(),
            b'~' => self.sign("\u{a0}", 1),
            b'-' | b'.' => self.shorthand(),
            b':' if matches!(self.open.last(), Some(Open { what: What::Line(Then::Term), .. })) => {
                self.close();
                self.at += 1;
            }
            b'/' if comment(self.source, self.at).is_some() => self.comment(),
            _ => self.run(),
        }
    }

    /// Text up to the next sign, or an address.
    pub fn run(&mut self) {
        if matches!(self.source.as_bytes()[self.at], b'h' | b'f' | b'm')
            && let Some(end) = address_end(self.source, self.at)
        {
            self.stream.sheet.link(&self.source[self.at..end]);
            self.stream.text(self.at..end);
            self.at = end;
            return;
        }
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        if blanks > 0 {
            return self.keep(blanks);
        }
        let is_end = |byte: &u8| b"\n\r#[]*_`$<@\\~-.:/ (\"".contains(byte);
        let length = self.rest().bytes().skip(1).position(|byte| is_end(&byte));
        let length = length.map_or(self.rest().len(), |length| length + 1);
        self.stream.text(self.at..self.at + length);
        self.at += length;
    }

    pub fn keep(&mut self, length: usize) {
        self.stream.text(self.at..self.at + length);
        self.at += length;
    }

    pub fn sign(&mut self, text: &str, length: usize) {
        self.stream.put(text, self.at..self.at + length);
        self.at += length;
    }

    pub fn comment(&mut self) {
        let end = comment(self.source, self.at).unwrap_or(self.at + 1);
        let skipped = &self.source[self.at..end];
        if let Some(line) = skipped.rfind('\n') {
            self.line = self.at + line + 1;
        }
        self.at = end;
    }

    pub fn bracket(&mut self, opens: bool) {
        while let (false, Some(Open { what: What::Line(_), nesting: 0, .. })) =
            (opens, self.open.last())
        {
            self.close();
        }
        let is_root = self.open.len() == 1;
        let Some(open) = self.open.last_mut() else { return };
        match (opens, open.nesting) {
            (true, _) => open.nesting += 1,
            (false, 0) if !is_root => {
                self.at += 1;
                return self.close();
            }
            (false, nesting) => open.nesting = nesting.saturating_sub(1),
        }
        self.keep(1);
    }

    /// Marks of emphasis are text within a word only.
    pub fn emphasis(&mut self) {
        let (before, after) = (around(self.source, self.at).0, around(self.source, self.at + 1).1);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if is_word(before) && is_word(after) {
            return self.keep(1);
        }
        self.at += 1;
    }

    pub fn raw(&mut self) {
        let Some((inside, after)) = self.literals.raw(self.source, self.at) else {
            self.at += self.rest().bytes().take_while(|byte| *byte == b'`').count();
            return;
        };
        let is_block = inside.start >= self.at + 3;
        self.at = after;
        let text = &self.source[inside.clone()];
        // `lang` stands directly after three backticks.
        let tag = if is_block { name(text, "") } else { 0 };
        let inside = inside.start + tag..inside.end;
        let lines_inside = match text[tag..].split_once('\n') {
            Some((first, _)) if first.trim().is_empty() && is_block => first.len() + 1,
            _ => return self.stream.text(trimmed(self.source, inside)),
        };
        self.line = after;
        let body = inside.start + lines_inside..inside.end;
        let lines: Vec<Range<usize>> = lines(&self.source[body.clone()])
            .into_iter()
            .map(|line| body.start + line.start..body.start + line.end)
            .collect();
        if self.stream.is_taken() || !self.tables.is_empty() {
            return self.stream.text(body);
        }
        self.stream.end_block();
        let flat: Flat = outdented(self.source, &lines);
        self.stream.sheet.verbatim(BlockKind::Code, &flat);
    }

    /// A formula shows its source.
    pub fn formula(&mut self) {
        match self.literals.quoted(self.source, self.at) {
            Some(inside) => {
                self.at = inside.end + 1;
                self.stream.text(trimmed(self.source, inside));
            }
            None => self.at += 1,
        }
    }

    /// `<label>` says nothing in the text.
    pub fn label(&mut self) {
        let length = self.rest()[1..].len().min(LONGEST_NAME);
        let window = &self.rest()[1..1 + self.rest()[1..].floor_char_boundary(length)];
        let length = name(window, ".:");
        if length > 0 && window[length..].starts_with('>') {
            self.at += length + 2;
            return;
        }
        self.keep(1);
    }

    /// `@label` shows the label.
    pub fn reference(&mut self) {
        let rest = &self.rest()[1..];
        let is_mail = around(self.source, self.at).0.is_some_and(char::is_alphanumeric);
        let length = name(rest, ".:");
        let label = rest[..length].trim_end_matches(['.', ':']);
        if is_mail || label.is_empty() {
            return self.keep(1);
        }
        self.at += 1;
        self.keep(label.len());
        if self.rest().starts_with('[') {
            self.stream.gap(self.at..self.at);
            self.at += 1;
            self.enter(What::Markup(Then::Text));
        }
    }

    pub fn escape(&mut self) {
        let rest = &self.rest()[1..];
        let Some(next) = rest.chars().next() else {
            self.at += 1;
            return;
        };
        if let Some(digits) = rest.strip_prefix("u{") {
            let length = digits.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let number = u32::from_str_radix(&digits[..length], 16).ok().and_then(char::from_u32);
            if let Some(c) = number.filter(|_| digits[length..].starts_with('}')) {
                return self.sign(c.encode_utf8(&mut [0; 4]), length + 4);
            }
        }
        if next.is_whitespace() {
            self.stream.gap(self.at..self.at + 1);
            self.at += 1;
            return;
        }
        self.at += 1;
        self.keep(next.len_utf8());
    }

    /// Signs that are typed as several.
    pub fn shorthand(&mut self) {
        const SHORTHANDS: [(&str, &str); 4] =
            [("---", "—"), ("--", "–"), ("-?", "\u{ad}"), ("...", "…")];
        match SHORTHANDS.iter().find(|(typed, _)| self.rest().starts_with(typed)) {
            Some((typed, shown)) => self.sign(shown, typed.len()),
            None => self.keep(1),
        }
    }
}
