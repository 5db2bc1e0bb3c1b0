//! Inline markup of AsciiDoc: quotes, macros, attributes, passthroughs. Dashes and dots stay as they
//! are written.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::read::light::{Pieces, address_end, around};

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

/// Closings that may be searched for in vain; each has a number in `Inline::found`.
const CLOSINGS: [&str; 17] =
    ["*", "_", "`", "#", "+", "~", "^", "**", "__", "``", "##", "++", "+++", "]", ">>", "))", "$$"];

/// Reads the inline markup of a text.
pub fn inline(text: &str, attributes: &mut Attributes) -> Pieces {
    let mut reader = Inline {
        text,
        pieces: Pieces::default(),
        kept: 0,
        found: [(0, Some(0)); CLOSINGS.len()],
        closers: [(0, None); 128],
        closings: BTreeMap::new(),
        attributes,
    };
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        at = match reader.close(at) {
            Some(after) => after,
            None => reader.at(at, byte).unwrap_or(at + 1),
        };
    }
    reader.pieces.keep(reader.kept..text.len());
    reader.pieces
}

struct Inline<'t, 'a> {
    text: &'t str,
    pieces: Pieces,
    /// Up to here text has been kept or dropped.
    kept: usize,
    /// For each closing, from where it was last searched for, and where it was found: what is far away
    /// is not searched for again and again.
    found: [(usize, Option<usize>); CLOSINGS.len()],
    /// As `found`, for what closes emphasis, by its byte.
    closers: [(usize, Option<usize>); 128],
    /// Closing marks ahead, which go when they are reached.
    closings: BTreeMap<usize, usize>,
    attributes: &'a mut Attributes,
}

impl Inline<'_, '_> {
    fn at(&mut self, at: usize, byte: u8) -> Option<usize> {
        match byte {
            b'\\' => self.escape(at),
            b'*' | b'_' | b'`' | b'#' => self.quote(at, byte),
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

    /// Keeps the text before a mark, and goes on after it.
    fn drop(&mut self, range: Range<usize>) -> Option<usize> {
        self.pieces.keep(self.kept..range.start.max(self.kept));
        self.kept = range.end.max(self.kept);
        Some(range.end)
    }

    /// Where a closing stands at or after `from`.
    fn find(&mut self, from: usize, closing: &str) -> Option<usize> {
        let number = CLOSINGS.iter().position(|known| *known == closing)?;
        let (from_then, found) = self.found[number];
        let is_known = from_then <= from && found.is_none_or(|found| from <= found);
        if is_known && found != Some(0) {
            return found;
        }
        let found = self.text.get(from..)?.find(closing).map(|found| from + found);
        self.found[number] = (from, found);
        found
    }

    /// Drops a closing mark that has been reached; passes over those that other markup has taken.
    fn close(&mut self, at: usize) -> Option<usize> {
        while let Some((&start, &end)) = self.closings.first_key_value() {
            if start > at {
                return None;
            }
            self.closings.remove(&start);
            if start == at {
                return self.drop(at..end);
            }
        }
        None
    }

    fn escape(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        let next = rest.chars().next()?;
        let is_macro = MACROS.iter().any(|(name, _)| rest.starts_with(name));
        if "*_`#+~^[<{&'\"(\\|-.".contains(next) || is_macro || rest.starts_with("http") {
            self.drop(at..at + 1);
            let same = rest.bytes().take_while(|&byte| byte == rest.as_bytes()[0]).count();
            return Some(at + 1 + same.max(next.len_utf8()));
        }
        None
    }

    /// Emphasis: a single sign beside words, a double one anywhere.
    fn quote(&mut self, at: usize, byte: u8) -> Option<usize> {
        let rest = &self.text[at..];
        let single = char::from(byte).to_string();
        let double = single.repeat(2);
        if rest.starts_with(&double)
            && let Some(end) = self.find(at + 2, &double).filter(|&end| end > at + 2)
        {
            self.mark(at..at + 2, end..end + 2);
            return Some(at + 2);
        }
        let (before, after) = (around(self.text, at).0, around(self.text, at + 1).1);
        let opens = before
            .is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '}' || self.kept == at)
            && after.is_some_and(|c| !c.is_whitespace());
        if !opens {
            return None;
        }
        let end = self.closing(at + 1, &single)?;
        self.mark(at..at + 1, end..end + 1);
        Some(at + 1)
    }

    /// The end of constrained markup: after a word, before what is none.
    fn closing(&mut self, from: usize, mark: &str) -> Option<usize> {
        let byte = usize::from(mark.bytes().next().unwrap_or(0)) % self.closers.len();
        let (from_then, found) = self.closers[byte];
        let is_known = from_then > 0 && from_then <= from;
        if is_known && found.is_none_or(|found| from < found) {
            return found;
        }
        let mut search = from;
        while let Some(end) = self.find(search, mark) {
            let (before, after) = (around(self.text, end).0, around(self.text, end + 1).1);
            let closes = before.is_some_and(|c| !c.is_whitespace() && c != '\\')
                && after.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            if closes && end > from {
                self.closers[byte] = (from, Some(end));
                return Some(end);
            }
            search = end + 1;
        }
        self.closers[byte] = (from, None);
        None
    }

    /// Drops two marks; what is between them is read as it comes. The closing one is known by being
    /// dropped when it is reached.
    fn mark(&mut self, open: Range<usize>, close: Range<usize>) {
        self.drop(open);
        self.closings.insert(close.start, close.end);
    }

    /// `+literal+`, `++literal++`, `+++raw+++`, and ` +` at the end of a line.
    fn plus(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        if rest.starts_with("+++") {
            let end = self.find(at + 3, "+++")?;
            self.drop(at..at + 3);
            self.raw(at + 3..end);
            return self.drop(end..end + 3);
        }
        if rest.starts_with("++") {
            return self.literal(at, "++");
        }
        let before = around(self.text, at).0;
        if before == Some(' ') && rest[1..].starts_with(['\n', '\r'])
            || before == Some(' ') && rest == "+"
        {
            return self.drop(at - 1..at + 1);
        }
        let opens = before.is_none_or(|c| !c.is_alphanumeric())
            && around(self.text, at + 1).1.is_some_and(|c| !c.is_whitespace());
        let end = opens.then(|| self.closing(at + 1, "+")).flatten()?;
        self.drop(at..at + 1);
        self.pieces.keep(at + 1..end);
        self.kept = end;
        self.drop(end..end + 1)
    }

    fn literal(&mut self, at: usize, mark: &str) -> Option<usize> {
        let inside = at + mark.len();
        let end = self.find(inside, mark).filter(|&end| end > inside)?;
        self.drop(at..inside);
        self.pieces.keep(inside..end);
        self.kept = end;
        self.drop(end..end + mark.len())
    }

    /// Text for the output: tags go.
    fn raw(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.text[at..range.end];
            let tag = rest.find('<').filter(|open| rest[*open..].contains('>'));
            let length = tag.unwrap_or(rest.len());
            self.pieces.keep(at..at + length);
            at += length;
            let tag = self.text[at..range.end].find('>').map_or(0, |end| end + 1);
            at += tag;
            if tag == 0 {
                break;
            }
        }
        self.kept = range.end;
    }

    /// Sub- and superscript hold no blank.
    fn script(&mut self, at: usize, byte: u8) -> Option<usize> {
        let mark = char::from(byte);
        let rest = &self.text[at + 1..];
        let window = &rest[..rest.floor_char_boundary(rest.len().min(LONGEST_SCRIPT))];
        let length = window.find(|c: char| c == mark || c.is_whitespace())?;
        if length == 0 || !window[length..].starts_with(mark) {
            return None;
        }
        let end = at + 1 + length;
        self.mark(at..at + 1, end..end + 1);
        Some(at + 1)
    }

    /// Anchors, and the attributes of the quoted text that follows.
    fn bracket(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let open = rest.bytes().take(3).take_while(|&byte| byte == b'[').count();
        let end = self.find(at + open, "]")?;
        let after =
            end + self.text[end..].bytes().take(open).take_while(|&byte| byte == b']').count();
        if open >= 2 && after - end >= 2 {
            return self.drop(at..after);
        }
        let next = self.text[end + 1..].chars().next();
        let is_plain = !self.text[at + 1..end].contains([' ', '\n', '[']);
        let is_attributes = open == 1 && is_plain && matches!(next, Some('#' | '*' | '_' | '`'));
        is_attributes.then(|| self.drop(at..end + 1)).flatten()
    }

    /// `<<reference,text>>` and `<https://address>`.
    fn angle(&mut self, at: usize) -> Option<usize> {
        if let Some(end) = address_end(self.text, at + 1)
            && self.text[end..].starts_with('>')
        {
            self.pieces.links.push(self.text[at + 1..end].to_owned());
            self.drop(at..at + 1);
            return self.drop(end..end + 1);
        }
        if !self.text[at..].starts_with("<<") {
            return None;
        }
        let end = self.find(at + 2, ">>")?;
        let inside = &self.text[at + 2..end];
        if inside.is_empty() || inside.contains("<<") || inside.starts_with(char::is_whitespace) {
            return None;
        }
        let label = inside.find(',').map_or(at + 2, |comma| at + 3 + comma);
        let hash = usize::from(self.text[label..end].starts_with('#'));
        self.drop(at..label + hash);
        self.closings.insert(end, end + 2);
        Some(label + hash)
    }

    /// `((term))` is text, `(((term, other)))` is for the index alone.
    fn index_term(&mut self, at: usize) -> Option<usize> {
        let end = self.find(at + 2, "))")?;
        if self.text[at..].starts_with("(((") {
            let length = 2 + usize::from(self.text[end + 2..].starts_with(')'));
            return self.drop(at..end + length);
        }
        self.mark(at..at + 2, end..end + 2);
        Some(at + 2)
    }

    /// `{name}`; an unknown name stays as it is.
    fn attribute(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let window = &rest[..rest.floor_char_boundary(rest.len().min(LONGEST_SCRIPT))];
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
        self.drop(at..after);
        self.pieces.put(at..after, value);
        Some(after)
    }

    fn entity(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let window = &rest[..rest.floor_char_boundary(rest.len().min(LONGEST_ENTITY))];
        let end = window.find(';')? + 1;
        let meant = htmlize::unescape(&window[..end]);
        if meant == window[..end] {
            return None;
        }
        self.drop(at..at + end);
        self.pieces.put(at..at + end, meant.into_owned());
        Some(at + end)
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
        self.pieces.links.push(self.text[at..end].to_owned());
        let has_text = self.text[end..].starts_with('[');
        let Some(close) = has_text.then(|| self.bracket_end(end + 1)).flatten() else {
            return Some(end);
        };
        if close - end > LONGEST_TARGET {
            return Some(end);
        }
        let label = label(self.text, end + 1..close);
        if label.is_empty() {
            self.pieces.keep(self.kept..end);
            self.kept = close + 1;
            return Some(close + 1);
        }
        self.text_of(at..label.start, label, close + 1)
    }

    /// Drops what is before a label, reads it, and drops what is after it.
    fn text_of(
        &mut self,
        before: Range<usize>,
        label: Range<usize>,
        after: usize,
    ) -> Option<usize> {
        self.drop(before);
        self.closings.insert(label.end, after);
        Some(label.start)
    }

    fn bracket_end(&mut self, from: usize) -> Option<usize> {
        let mut search = from;
        loop {
            let end = self.find(search, "]")?;
            if !self.text[..end].ends_with('\\') {
                return Some(end);
            }
            search = end + 1;
        }
    }

    fn call(&mut self, at: usize, name: &str, kind: Macro) -> Option<usize> {
        let start = at + name.len();
        let rest = &self.text[start..];
        if let Some(after) = self.passed_target(start, kind, at) {
            return Some(after);
        }
        let window = &rest[..rest.floor_char_boundary(rest.len().min(LONGEST_TARGET))];
        let stop = window.find(|c: char| c == '[' || c.is_whitespace() && kind != Macro::Menu)?;
        if !window[stop..].starts_with('[') {
            return None;
        }
        let open = start + stop;
        let close = match kind {
            Macro::Note => balanced(self.text, open).or_else(|| self.bracket_end(open + 1))?,
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
        let window = &self.text[open..];
        let window = &window[..window.floor_char_boundary(window.len().min(LONGEST_TARGET))];
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
            Macro::Nothing => self.drop(at..after),
            Macro::Raw => {
                self.drop(at..inside.start);
                self.raw(inside.clone());
                self.drop(inside.end..after)
            }
            Macro::Note => {
                self.pieces.notes.push(note(self.text, inside, at));
                self.drop(at..after)
            }
            Macro::Text | Macro::Picture => {
                let shown = match kind {
                    Macro::Picture => label(self.text, inside),
                    _ => inside,
                };
                self.drop(at..shown.start);
                self.pieces.keep(shown.clone());
                self.kept = shown.end;
                self.drop(shown.end..after)
            }
            Macro::Menu => {
                self.drop(at..target.start);
                self.pieces.keep(target.clone());
                self.pieces.put(target.end..target.end + 1, " ");
                self.pieces.keep(inside.clone());
                self.kept = inside.end;
                self.drop(inside.end..after)
            }
            Macro::Link | Macro::Reference => {
                if kind == Macro::Link {
                    self.pieces.links.push(self.text[target.clone()].to_owned());
                }
                let shown = label(self.text, inside.clone());
                if shown.is_empty() {
                    self.drop(at..target.start);
                    self.pieces.keep(target.clone());
                    self.kept = target.end;
                    return self.drop(target.end..after);
                }
                self.text_of(at..shown.start, shown, after)
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

/// The bracket that closes the one at an offset, where it is not far away: a note may hold links.
fn balanced(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.as_bytes().iter().enumerate().skip(open).take(LONGEST_TARGET) {
        match *byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}
