//! Inline markup of Org: emphasis, links, notes, entities, formulas, macros. Dashes and dots stay as they
//! are written.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::read::light::{Pieces, address_end, around};
use crate::read::raised::raised;
use crate::read::strip::Stripped;

/// What the file defines for its text.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Words that say how far a task is, at the start of a headline.
    pub states: Vec<String>,
    /// Macros and their texts.
    pub macros: HashMap<String, String>,
    /// Bytes that macros may still put into the text.
    pub budget: usize,
}

/// Names of entities and macros, and what macros are called with, are no longer than this (bytes).
const LONGEST_NAME: usize = 40;
const LONGEST_CALL: usize = 1000;

/// The targets of links are no longer than this (bytes).
const LONGEST_TARGET: usize = 2048;

/// Entities of Org that HTML has no name for, or another character (`org-entities`).
const ENTITIES: [(&str, &str); 12] = [
    ("dots", "…"),
    ("ldots", "…"),
    ("EUR", "€"),
    ("under", "_"),
    ("slash", "/"),
    ("equal", "="),
    ("asciicirc", "^"),
    ("tilde", "~"),
    ("star", "*"),
    ("S", "§"),
    ("to", "→"),
    ("gets", "←"),
];

/// Reads the inline markup of a text.
pub fn inline(text: &str, definitions: &mut Definitions) -> Pieces {
    let stripped = Stripped::new(text);
    let mut reader = Inline { text, stripped, line_ends: (0, 0), definitions };
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        at = match reader.stripped.close(at) {
            Some(after) => after,
            None => reader.at(at, byte).unwrap_or(at + 1),
        };
    }
    reader.stripped.finish()
}

struct Inline<'t, 'd> {
    text: &'t str,
    stripped: Stripped<'t>,
    /// The next two ends of lines, as far as they are known.
    line_ends: (usize, usize),
    definitions: &'d mut Definitions,
}

impl Inline<'_, '_> {
    fn at(&mut self, at: usize, byte: u8) -> Option<usize> {
        match byte {
            b'_' | b'^' if self.text[at + 1..].starts_with('{') => self.script(at),
            b'*' => self.emphasis(at, "*", false),
            b'/' => self.emphasis(at, "/", false),
            b'_' => self.emphasis(at, "_", false),
            b'+' => self.emphasis(at, "+", false),
            b'=' => self.emphasis(at, "=", true),
            b'~' => self.emphasis(at, "~", true),
            b'[' => self.bracket(at),
            b'<' => self.angle(at),
            b'\\' => self.backslash(at),
            b'$' => self.dollar(at),
            b'{' if self.text[at..].starts_with("{{{") => self.macro_call(at),
            b'@' if self.text[at..].starts_with("@@") => {
                let end = self.stripped.find(at + 2, "@@")?;
                self.stripped.drop(at..end + 2)
            }
            b'h' | b'f' | b'm' => self.address(at),
            _ => None,
        }
    }

    /// The second end of a line after an offset: emphasis goes over one only.
    fn limit(&mut self, at: usize) -> usize {
        if at >= self.line_ends.0 {
            let bytes = self.text.as_bytes();
            let end = |from: usize| {
                let rest = bytes.get(from..).unwrap_or_default();
                memchr::memchr(b'\n', rest).map_or(bytes.len() + 1, |found| from + found + 1)
            };
            let first = end(at);
            self.line_ends = (first, end(first));
        }
        self.line_ends.1
    }

    fn emphasis(&mut self, at: usize, mark: &'static str, is_literal: bool) -> Option<usize> {
        let (before, after) = (around(self.text, at).0, around(self.text, at + 1).1);
        let fits = |c: char| c.is_whitespace() || "-({'\"".contains(c) || is_sign(c);
        let opens = before.is_none_or(fits) || self.stripped.is_after_mark(at);
        if !opens || after.is_none_or(char::is_whitespace) {
            return None;
        }
        let limit = self.limit(at);
        let end = self.stripped.find_where(at + 2, mark, |text, end| {
            let (before, after) = (around(text, end).0, around(text, end + 1).1);
            let fits = |c: char| c.is_whitespace() || "-.,;:!?'\")}[]\\*/_+".contains(c);
            before.is_some_and(|c| !c.is_whitespace())
                && after.is_none_or(|c| fits(c) || is_sign(c))
        });
        let end = end.filter(|&end| end < limit)?;
        match is_literal {
            true => self.stripped.literal(at..at + 1, end..end + 1),
            false => self.stripped.pair(at..at + 1, end..end + 1),
        }
    }

    /// `x_{1}` and `x^{2}`.
    fn script(&mut self, at: usize) -> Option<usize> {
        if around(self.text, at).0.is_none_or(char::is_whitespace) {
            return None;
        }
        let limit = self.limit(at);
        let end = self.stripped.find(at + 2, "}").filter(|&end| end < limit)?;
        match raised(&self.text[at + 2..end]) {
            Cow::Owned(text) if self.text[at..].starts_with('^') => {
                self.stripped.put(at..end + 1, text)
            }
            _ => self.stripped.pair(at..at + 2, end..end + 1),
        }
    }

    fn bracket(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        if rest.starts_with("[[") {
            return self.link(at);
        }
        if rest.starts_with("[fn:") {
            return self.note(at);
        }
        let window = self.stripped.window(at, LONGEST_NAME);
        let colon = window.find(':').filter(|_| rest.starts_with("[cite"))?;
        let is_style = |c: char| c.is_ascii_alphanumeric() || "/-_".contains(c);
        let end = self.stripped.find(at + colon, "]")?;
        let fits = window[1..colon].chars().all(is_style);
        fits.then(|| self.stripped.pair(at..at + colon + 1, end..end + 1)).flatten()
    }

    /// `[[target][text]]`.
    fn link(&mut self, at: usize) -> Option<usize> {
        let mut end = self.stripped.find(at + 2, "]]")?;
        let middle = self.stripped.find(at + 2, "][").filter(|&middle| middle < end);
        let target_end = middle.unwrap_or(end);
        if target_end - at > LONGEST_TARGET {
            return None;
        }
        let target = &self.text[at + 2..target_end];
        let is_here = target.starts_with(['#', '*']) || target.starts_with("id:");
        if !is_here {
            self.stripped.pieces.links.push(target.replace(char::is_whitespace, " "));
        }
        if let Some(middle) = middle {
            // `[[a][b [c]]]`
            end += usize::from(self.text[end..].starts_with("]]]"));
            return self.stripped.pair(at..middle + 2, end..end + 2);
        }
        if is_picture(target) {
            return self.stripped.drop(at..end + 2);
        }
        let sign = target.len() - target.trim_start_matches(['#', '*']).len();
        self.stripped.literal(at..at + 2 + sign, end..end + 2)
    }

    /// `[fn:name]` says nothing in the text, `[fn:name:text]` is a note.
    fn note(&mut self, at: usize) -> Option<usize> {
        let end = self.stripped.balanced(at)?;
        let name = &self.text[at + 4..end];
        if let Some(colon) = name.find(':') {
            self.stripped.pieces.notes.push(at + 5 + colon..end);
        } else if name.contains(char::is_whitespace) {
            return None;
        } else {
            self.stripped.pieces.marks.push((at, name.to_owned()));
        }
        self.stripped.drop(at..end + 1)
    }

    /// `<<target>>`, `<<<target that is text>>>`, `<https://address>`.
    fn angle(&mut self, at: usize) -> Option<usize> {
        if self.text[at..].starts_with("<<<") {
            let end = self.stripped.find(at + 3, ">>>")?;
            return self.stripped.pair(at..at + 3, end..end + 3);
        }
        if self.text[at..].starts_with("<<") {
            let limit = self.limit(at);
            let end = self.stripped.find(at + 2, ">>").filter(|&end| end < limit)?;
            return self.stripped.drop(at..end + 2);
        }
        self.stripped.angled_address(at)
    }

    /// The end of a line, formulas, entities.
    fn backslash(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            let line = after.trim_start_matches([' ', '\t']);
            let ends_line = line.is_empty() || line.starts_with(['\n', '\r']);
            return ends_line.then(|| self.stripped.drop(at..at + 2)).flatten().or(Some(at + 2));
        }
        let closing = match rest.as_bytes().first()? {
            b'(' => "\\)",
            b'[' => "\\]",
            b'-' => return self.stripped.drop(at..at + 2),
            _ => return self.entity(at),
        };
        let end = self.stripped.find(at + 2, closing)?;
        self.stripped.literal(at..at + 2, end..end + 2)
    }

    fn entity(&mut self, at: usize) -> Option<usize> {
        let window = self.stripped.window(at + 1, LONGEST_NAME);
        let length = window.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(window.len());
        let name = &window[..length];
        let own = ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        let written = format!("&{name};");
        let meant = own.map_or_else(|| htmlize::unescape(&written), Into::into);
        if meant == written || name.is_empty() {
            return Some(at + 1 + length);
        }
        let braces = if self.text[at + 1 + length..].starts_with("{}") { 2 } else { 0 };
        self.stripped.put(at..at + 1 + length + braces, meant.into_owned())
    }

    /// `$formula$`; sums of money are none.
    fn dollar(&mut self, at: usize) -> Option<usize> {
        if self.text[at..].starts_with("$$") {
            let end = self.stripped.find(at + 2, "$$")?;
            return self.stripped.literal(at..at + 2, end..end + 2);
        }
        let opens = around(self.text, at + 1).1.is_some_and(|c| !c.is_whitespace())
            && around(self.text, at).0.is_none_or(|c| !c.is_alphanumeric());
        let limit = self.limit(at);
        let end = opens.then(|| {
            self.stripped.find_where(at + 2, "$", |text, end| {
                let (before, after) = (around(text, end).0, around(text, end + 1).1);
                before.is_some_and(|c| !c.is_whitespace() && !".,;$(".contains(c))
                    && after.is_none_or(|c| !c.is_alphanumeric())
            })
        });
        let end = end.flatten().filter(|&end| end < limit)?;
        self.stripped.literal(at..at + 1, end..end + 1)
    }

    /// `{{{name(first,second)}}}`.
    fn macro_call(&mut self, at: usize) -> Option<usize> {
        let end = self.stripped.find(at + 3, "}}}").filter(|end| end - at < LONGEST_CALL)?;
        let call = &self.text[at + 3..end];
        let (name, inside) = call.split_once('(').unwrap_or((call, ""));
        let text = self.definitions.macros.get(&name.trim().to_lowercase())?;
        if text.len() + text.matches('$').count() * inside.len() > self.definitions.budget {
            return None;
        }
        let shown = filled(text, inside.trim_end_matches(')'));
        self.definitions.budget = self.definitions.budget.saturating_sub(shown.len());
        self.stripped.put(at..end + 3, shown)
    }

    fn address(&mut self, at: usize) -> Option<usize> {
        let end = address_end(self.text, at)?;
        self.stripped.pieces.links.push(self.text[at..end].to_owned());
        Some(end)
    }
}

/// A macro's text with its arguments for `$1` to `$9`. What they put in is not looked through again.
fn filled(text: &str, arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
    let mut parts = text.split('$');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number = part.chars().next().and_then(|c| c.to_digit(10)).filter(|number| *number > 0);
        match number {
            Some(number) => {
                shown.push_str(arguments.get(number as usize - 1).unwrap_or(&""));
                shown.push_str(&part[1..]);
            }
            None => {
                shown.push('$');
                shown.push_str(part);
            }
        }
    }
    shown
}

/// Signs of other scripts and typography may stand beside markup as ASCII's may.
fn is_sign(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric()
}

/// Whether a link without a text shows a picture.
fn is_picture(target: &str) -> bool {
    let ending = target.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "bmp" | "tiff")
}
