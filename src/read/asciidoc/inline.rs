//! Inline markup of AsciiDoc: quotes, macros, attributes, passthroughs. Dashes and dots stay as they
//! are written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::read::light::{Pieces, address_end, around};
use crate::read::raised::raised;
use crate::read::strip::Stripped;

/// The attributes of a document, and how much text they may still put in.
#[derive(Debug, Default)]
pub struct Attributes {
    pub values: HashMap<String, String>,
    pub budget: usize,
}

/// Attributes that every document has (Asciidoctor, *Character replacement attributes*).
const BUILT_IN: [(&str, &str); 29] = [
    ("blank", ""),
    ("empty", ""),
    ("sp", " "),
    ("nbsp", "\u{a0}"),
    ("zwsp", "\u{200b}"),
    ("wj", "\u{2060}"),
    ("apos", "'"),
    ("quot", "\""),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("deg", "°"),
    ("plus", "+"),
    ("brvbar", "¦"),
    ("vbar", "|"),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("startsb", "["),
    ("endsb", "]"),
    ("caret", "^"),
    ("asterisk", "*"),
    ("tilde", "~"),
    ("backslash", "\\"),
    ("backtick", "`"),
    ("two-colons", "::"),
    ("two-semicolons", ";;"),
    ("cpp", "C++"),
];

/// Macros, and what of them is text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Macro {
    Link,
    Reference,
    /// The text in its brackets.
    Text,
    /// The target too.
    Menu,
    Picture,
    Note,
    /// What goes to the output as it is.
    Raw,
    Nothing,
}

const MACROS: [(&str, Macro); 20] = [
    ("link:", Macro::Link),
    ("mailto:", Macro::Link),
    ("xref:", Macro::Reference),
    ("image:", Macro::Picture),
    ("icon:", Macro::Nothing),
    ("kbd:", Macro::Text),
    ("btn:", Macro::Text),
    ("menu:", Macro::Menu),
    ("footnoteref:", Macro::Note),
    ("footnote:", Macro::Note),
    ("anchor:", Macro::Nothing),
    ("indexterm2:", Macro::Text),
    ("indexterm:", Macro::Nothing),
    ("stem:", Macro::Text),
    ("latexmath:", Macro::Text),
    ("asciimath:", Macro::Text),
    ("pass:", Macro::Raw),
    ("span:", Macro::Text),
    ("a2s:", Macro::Nothing),
    ("autolink:", Macro::Text),
];

/// Reads the inline markup of a text.
pub fn inline(text: &str, attributes: &mut Attributes) -> Pieces {
    let mut reader = Inline { text, stripped: Stripped::new(text), attributes };
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        at = match reader.stripped.close(at) {
            Some(after) => after,
            None => reader.at(at, byte).unwrap_or(at + 1),
        };
    }
    reader.stripped.finish()
}

struct Inline<'t, 'a> {
    text: &'t str,
    stripped: Stripped<'t>,
    attributes: &'a mut Attributes,
}

impl Inline<'_, '_> {
    fn at(&mut self, at: usize, byte: u8) -> Option<usize> {
        match byte {
            b'\\' => self.escape(at),
            b'*' => self.quote(at, "*", "**"),
            b'_' => self.quote(at, "_", "__"),
            b'`' => self.quote(at, "`", "``"),
            b'#' => self.quote(at, "#", "##"),
            b'+' => self.plus(at),
            b'$' if self.text[at..].starts_with("$$") => self.literal(at, "$$"),
            b'~' | b'^' => self.script(at, byte),
            b'[' => self.bracket(at),
            b'<' => self.angle(at),
            b'(' if self.text[at..].starts_with("((") => self.index_term(at),
            b'{' => self.attribute(at),
            b'&' => self.entity(at),
            b'a'..=b'z' => self.word(at),
            _ => None,
        }
    }

    fn escape(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        let next = rest.chars().next()?;
        let is_macro = MACROS.iter().any(|(name, _)| rest.starts_with(name));
        if "*_`#+~^[<{&'\"(\\|-.".contains(next) || is_macro || rest.starts_with("http") {
            self.stripped.drop(at..at + 1);
            let same = rest.bytes().take_while(|&byte| byte == rest.as_bytes()[0]).count();
            return Some(at + 1 + same.max(next.len_utf8()));
        }
        None
    }

    /// Emphasis: a single sign beside words, a double one anywhere.
    fn quote(&mut self, at: usize, single: &'static str, double: &'static str) -> Option<usize> {
        if self.text[at..].starts_with(double)
            && let Some(end) = self.stripped.find(at + 2, double).filter(|&end| end > at + 2)
        {
            return self.stripped.pair(at..at + 2, end..end + 2);
        }
        let (before, after) = (around(self.text, at).0, around(self.text, at + 1).1);
        let opens = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '}')
            || self.stripped.is_after_mark(at);
        if !opens || after.is_none_or(char::is_whitespace) {
            return None;
        }
        let end = self.closing(at + 1, single)?;
        self.stripped.pair(at..at + 1, end..end + 1)
    }

    /// The end of constrained markup: after a word, before what is none.
    fn closing(&mut self, from: usize, mark: &'static str) -> Option<usize> {
        self.stripped.find_where(from + 1, mark, |text, end| {
            let (before, after) = (around(text, end).0, around(text, end + 1).1);
            before.is_some_and(|c| !c.is_whitespace() && c != '\\')
                && after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    }

    /// `+literal+`, `++literal++`, `+++raw+++`, and ` +` at the end of a line.
    fn plus(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        if rest.starts_with("+++") {
            let end = self.stripped.find(at + 3, "+++")?;
            self.stripped.drop(at..at + 3);
            self.raw(at + 3..end);
            return self.stripped.drop(end..end + 3);
        }
        if rest.starts_with("++") {
            return self.literal(at, "++");
        }
        let before = around(self.text, at).0;
        if before == Some(' ') && rest[1..].starts_with(['\n', '\r'])
            || before == Some(' ') && rest == "+"
        {
            return self.stripped.drop(at - 1..at + 1);
        }
        let opens = before.is_none_or(|c| !c.is_alphanumeric())
            && around(self.text, at + 1).1.is_some_and(|c| !c.is_whitespace());
        let end = opens.then(|| self.closing(at + 1, "+")).flatten()?;
        self.stripped.literal(at..at + 1, end..end + 1)
    }

    fn literal(&mut self, at: usize, mark: &'static str) -> Option<usize> {
        let inside = at + mark.len();
        let end = self.stripped.find(inside, mark).filter(|&end| end > inside)?;
        self.stripped.literal(at..inside, end..end + mark.len())
    }

    /// Text for the output: tags go.
    fn raw(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.text[at..range.end];
            let tag = rest.find('<').filter(|open| rest[*open..].contains('>'));
            let length = tag.unwrap_or(rest.len());
            self.stripped.keep(at..at + length);
            at += length;
            let tag = self.text[at..range.end].find('>').map_or(0, |end| end + 1);
            at += tag;
            if tag == 0 {
                break;
            }
            self.stripped.drop(at - tag..at);
        }
    }

    /// Sub- and superscript hold no blank.
    fn script(&mut self, at: usize, byte: u8) -> Option<usize> {
        let mark = char::from(byte);
        let window = self.stripped.window(at + 1, LONGEST_SCRIPT);
        let length = window.find(|c: char| c == mark || c.is_whitespace())?;
        if length == 0 || !window[length..].starts_with(mark) {
            return None;
        }
        let end = at + 1 + length;
        match raised(&window[..length]) {
            Cow::Owned(text) if byte == b'^' => self.stripped.put(at..end + 1, text),
            _ => self.stripped.pair(at..at + 1, end..end + 1),
        }
    }

    /// Anchors, and the attributes of the quoted text that follows.
    fn bracket(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let open = rest.bytes().take(3).take_while(|&byte| byte == b'[').count();
        let end = self.stripped.find(at + open, "]")?;
        let after =
            end + self.text[end..].bytes().take(open).take_while(|&byte| byte == b']').count();
        if open >= 2 && after - end >= 2 {
            return self.stripped.drop(at..after);
        }
        let next = self.text[end + 1..].chars().next();
        let is_plain = !self.text[at + 1..end].contains([' ', '\n', '[']);
        let is_attributes = open == 1 && is_plain && matches!(next, Some('#' | '*' | '_' | '`'));
        is_attributes.then(|| self.stripped.drop(at..end + 1)).flatten()
    }

    /// `<<reference,text>>` and `<https://address>`.
    fn angle(&mut self, at: usize) -> Option<usize> {
        if let Some(after) = self.stripped.angled_address(at) {
            return Some(after);
        }
        if !self.text[at..].starts_with("<<") {
            return None;
        }
        let end = self.stripped.find(at + 2, ">>")?;
        let inside = &self.text[at + 2..end];
        if inside.is_empty() || inside.contains("<<") || inside.starts_with(char::is_whitespace) {
            return None;
        }
        let label = inside.find(',').map_or(at + 2, |comma| at + 3 + comma);
        let hash = usize::from(self.text[label..end].starts_with('#'));
        self.stripped.pair(at..label + hash, end..end + 2)
    }

    /// `((term))` is text, `(((term, other)))` is for the index alone.
    fn index_term(&mut self, at: usize) -> Option<usize> {
        let end = self.stripped.find(at + 2, "))")?;
        if self.text[at..].starts_with("(((") {
            let length = 2 + usize::from(self.text[end + 2..].starts_with(')'));
            return self.stripped.drop(at..end + length);
        }
        self.stripped.pair(at..at + 2, end..end + 2)
    }

    /// `{name}`; an unknown name stays as it is.
    fn attribute(&mut self, at: usize) -> Option<usize> {
        let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let window = self.stripped.window(at + 1, LONGEST_SCRIPT);
        let length = window.find(|c| !is_name(c)).filter(|&length| length > 0)?;
        if !window[length..].starts_with('}') {
            return None;
        }
        let name = window[..length].to_lowercase();
        let after = at + length + 2;
        let built_in = BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        let value = self.attributes.values.get(&name).map(String::as_str).or(built_in)?;
        if value.len() > self.attributes.budget {
            return None;
        }
        let value = value.to_owned();
        self.attributes.budget -= value.len();
        self.stripped.put(at..after, value)
    }

    fn entity(&mut self, at: usize) -> Option<usize> {
        let window = self.stripped.window(at, LONGEST_ENTITY);
        let end = window.find(';')? + 1;
        let meant = htmlize::unescape(&window[..end]);
        if meant == window[..end] {
            return None;
        }
        self.stripped.put(at..at + end, meant.into_owned())
    }

    /// Addresses and macros begin a word.
    fn word(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let run =
            rest.bytes().take(LONGEST_ENTITY).take_while(u8::is_ascii_lowercase).count().max(1);
        // A note stands directly after a word.
        let next = rest[1..run].find("footnote").map_or(at + run, |found| at + 1 + found);
        let is_inside = around(self.text, at).0.is_some_and(char::is_alphanumeric);
        let found = MACROS.iter().find(|(name, _)| rest.starts_with(name));
        if let Some((name, kind)) = found
            && (!is_inside || *kind == Macro::Note)
            && let Some(after) = self.call(at, name, *kind)
        {
            return Some(after);
        }
        match address_end(self.text, at).filter(|_| !is_inside) {
            Some(end) => self.address(at, end),
            None => Some(next),
        }
    }

    fn address(&mut self, at: usize, end: usize) -> Option<usize> {
        self.stripped.pieces.links.push(self.text[at..end].to_owned());
        let has_text = self.text[end..].starts_with('[');
        let Some(close) = has_text.then(|| self.bracket_end(end + 1)).flatten() else {
            return Some(end);
        };
        if close - end > LONGEST_TARGET {
            return Some(end);
        }
        let label = label(self.text, end + 1..close);
        if label.is_empty() {
            return self.stripped.drop(end..close + 1);
        }
        self.stripped.pair(at..label.start, label.end..close + 1)
    }

    fn bracket_end(&mut self, from: usize) -> Option<usize> {
        self.stripped.find_where(from, "]", |text, end| !text[..end].ends_with('\\'))
    }

    fn call(&mut self, at: usize, name: &str, kind: Macro) -> Option<usize> {
        let start = at + name.len();
        if let Some(after) = self.passed_target(start, kind, at) {
            return Some(after);
        }
        let window = self.stripped.window(start, LONGEST_TARGET);
        let stop = window.find(|c: char| c == '[' || c.is_whitespace() && kind != Macro::Menu)?;
        if !window[stop..].starts_with('[') {
            return None;
        }
        let open = start + stop;
        let close = match kind {
            Macro::Note => self.stripped.balanced(open).or_else(|| self.bracket_end(open + 1))?,
            _ => self.bracket_end(open + 1)?,
        };
        self.finish_call(at, start..open, open + 1..close, kind)
    }

    /// `link:pass:[a b][text]` and `link:++a b++[text]`.
    fn passed_target(&mut self, start: usize, kind: Macro, at: usize) -> Option<usize> {
        let rest = &self.text[start..];
        let (open, close, closing) = match () {
            () if kind != Macro::Link => return None,
            () if rest.starts_with("pass:[") => (start + 6, "][", 1),
            () if rest.starts_with("++") => (start + 2, "++[", 2),
            () => return None,
        };
        let window = self.stripped.window(open, LONGEST_TARGET);
        let end = open + window.find(close)?;
        let bracket = end + closing + 1;
        let last = self.bracket_end(bracket)?;
        self.finish_call(at, open..end, bracket..last, kind)
    }

    fn finish_call(
        &mut self,
        at: usize,
        target: Range<usize>,
        inside: Range<usize>,
        kind: Macro,
    ) -> Option<usize> {
        let after = inside.end + 1;
        if kind != Macro::Note && inside.len() > LONGEST_TARGET {
            return None;
        }
        match kind {
            Macro::Nothing => self.stripped.drop(at..after),
            Macro::Raw => {
                self.stripped.drop(at..inside.start);
                self.raw(inside.clone());
                self.stripped.drop(inside.end..after)
            }
            Macro::Note => {
                self.stripped.pieces.notes.push(note(self.text, inside, at));
                self.stripped.drop(at..after)
            }
            Macro::Text | Macro::Picture => {
                let shown = match kind {
                    Macro::Picture => label(self.text, inside),
                    _ => inside,
                };
                self.stripped.literal(at..shown.start, shown.end..after)
            }
            Macro::Menu => {
                self.stripped.drop(at..target.start);
                self.stripped.keep(target.clone());
                self.stripped.put(target.end..target.end + 1, " ");
                self.stripped.keep(inside.clone());
                self.stripped.drop(inside.end..after)
            }
            Macro::Link | Macro::Reference => {
                if kind == Macro::Link {
                    self.stripped.pieces.links.push(self.text[target.clone()].to_owned());
                }
                let shown = label(self.text, inside.clone());
                if shown.is_empty() {
                    return self.stripped.literal(at..target.start, target.end..after);
                }
                self.stripped.pair(at..shown.start, shown.end..after)
            }
        }
    }
}

/// Names, scripts, entities, and the targets and texts of macros are no longer than this (bytes).
const LONGEST_SCRIPT: usize = 120;
const LONGEST_ENTITY: usize = 40;
const LONGEST_TARGET: usize = 2048;

/// The text among the attributes of a macro: the first without a name.
pub fn label(text: &str, inside: Range<usize>) -> Range<usize> {
    let all = text.get(inside.clone()).unwrap_or_default();
    if let Some(quoted) = all.strip_prefix('"') {
        let length = quoted.find('"').unwrap_or(quoted.len());
        return inside.start + 1..inside.start + 1 + length;
    }
    if let Some(alt) = all.find("alt=") {
        let start = inside.start + alt + 4;
        let value = &text[start..inside.end];
        let quote = usize::from(value.starts_with('"'));
        let length = value[quote..].find(if quote == 1 { '"' } else { ',' });
        return start + quote..start + quote + length.unwrap_or(value.len() - quote);
    }
    let first = all.split(',').next().unwrap_or_default();
    let has_names =
        all.contains('=') || all.split(',').skip(1).any(|part| part.trim().parse::<u32>().is_ok());
    let shown = if has_names { first } else { all };
    let shown = if shown.contains('=') { "" } else { shown.trim_end_matches('^') };
    inside.start..inside.start + shown.len()
}

/// The text of a note; `footnoteref` has its name before it.
fn note(text: &str, inside: Range<usize>, at: usize) -> Range<usize> {
    let has_name = text.get(at..).is_some_and(|rest| rest.starts_with("footnoteref:"));
    let all = text.get(inside.clone()).unwrap_or_default();
    let name = if has_name { all.find(',').map_or(all.len(), |comma| comma + 1) } else { 0 };
    inside.start + name..inside.end
}
