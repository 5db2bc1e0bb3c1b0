//! Inline markup of reStructuredText: emphasis, literals, roles, references, substitutions.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use memchr::memmem;

use crate::read::light::{Pieces, address_end, around, is_escaped};

/// What the file defines for its inline markup.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Substitutions and their texts.
    pub substitutions: HashMap<String, String>,
    /// Roles whose content is for another format.
    pub raw_roles: HashSet<String>,
    /// The role of interpreted text without one.
    pub default_role: String,
    /// Bytes that substitutions may still put into the text.
    pub budget: usize,
}

/// Reads the inline markup of a text.
pub fn inline(text: &str, definitions: &mut Definitions) -> Pieces {
    let mut reader =
        Inline { text, pieces: Pieces::default(), kept: 0, dead: [false; 5], definitions };
    reader.all();
    reader.pieces
}

/// Names of references are shorter than this (bytes): longer words are not looked through for one.
const LONGEST_NAME: usize = 200;

/// What begins and ends inline markup; the number is that of `Inline::dead`.
const STRONG: (&str, usize) = ("**", 0);
const EMPHASIS: (&str, usize) = ("*", 1);
const LITERAL: (&str, usize) = ("``", 2);
const INTERPRETED: (&str, usize) = ("`", 3);
const SUBSTITUTION: (&str, usize) = ("|", 4);

struct Inline<'t, 'd> {
    text: &'t str,
    pieces: Pieces,
    /// Up to here text has been kept or dropped.
    kept: usize,
    /// Which markup has no end any more: without this, many starts would be searched for in vain.
    dead: [bool; 5],
    definitions: &'d mut Definitions,
}

impl<'t> Inline<'t, '_> {
    fn all(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.text.as_bytes().get(at) {
            let next = match byte {
                b'\\' => self.escape(at),
                b'*' if self.text[at..].starts_with("**") => {
                    self.simple(at, STRONG).or_else(|| self.simple(at, EMPHASIS))
                }
                b'*' => self.simple(at, EMPHASIS),
                b'`' => self.backtick(at, None),
                b':' => self.role(at),
                b'|' => self.substitution(at),
                b'[' => self.note(at),
                b'_' => self.reference(at),
                b'h' | b'f' | b'm' => self.address(at),
                _ => None,
            };
            at = next.unwrap_or(at + 1);
        }
        self.pieces.keep(self.kept..self.text.len());
    }

    /// Keeps the text before a mark, and goes on after it.
    fn drop(&mut self, range: Range<usize>) -> Option<usize> {
        self.pieces.keep(self.kept..range.start);
        self.kept = range.end.max(self.kept);
        Some(range.end)
    }

    /// `\*` is a star; a blank after a backslash is none.
    fn escape(&mut self, at: usize) -> Option<usize> {
        let next = self.text.get(at + 1..)?.chars().next()?;
        if next.is_whitespace() {
            return self.drop(at..at + 1 + next.len_utf8());
        }
        self.drop(at..at + 1);
        Some(at + 1 + next.len_utf8())
    }

    fn can_start(&self, at: usize, mark: &str) -> bool {
        let before = around(self.text, at).0;
        let after = around(self.text, at + mark.len()).1;
        let fits = |c: char| c.is_whitespace() || "'\"([{<-/:".contains(c) || is_sign(c);
        let is_quoted = matches!(
            (before, after),
            (Some('\''), Some('\'')) | (Some('"'), Some('"')) | (Some('('), Some(')'))
        );
        before.is_none_or(|c| fits(c) || self.kept == at)
            && after.is_some_and(|c| !c.is_whitespace())
            && !is_quoted
    }

    /// Where the markup that begins before `from` ends.
    fn end_of(&mut self, from: usize, mark: (&str, usize)) -> Option<usize> {
        let (mark, number) = mark;
        if self.dead.get(number).copied().unwrap_or(true) {
            return None;
        }
        let mut search = from;
        while let Some(found) = memmem::find(self.text.as_bytes().get(search..)?, mark.as_bytes()) {
            let end = search + found;
            let before = around(self.text, end).0;
            let after = around(self.text, end + mark.len()).1;
            let is_literal = mark == "``";
            let fits_before = before.is_some_and(|c| !c.is_whitespace())
                && (is_literal || !is_escaped(self.text, end));
            let fits_after =
                |c: char| c.is_whitespace() || "'\")]}>-/\\:.,;!?_".contains(c) || is_sign(c);
            if end > from && fits_before && after.is_none_or(fits_after) {
                return Some(end);
            }
            search = end + 1;
        }
        self.dead[number] = true;
        None
    }

    /// Emphasis: its text stays.
    fn simple(&mut self, at: usize, mark: (&str, usize)) -> Option<usize> {
        if !self.can_start(at, mark.0) {
            return None;
        }
        let inside = at + mark.0.len();
        let end = self.end_of(inside, mark)?;
        self.drop(at..inside);
        self.plain(inside..end);
        self.drop(end..end + mark.0.len())
    }

    /// Keeps a text without its backslashes.
    fn plain(&mut self, range: Range<usize>) {
        let mut from = range.start;
        while let Some(found) =
            self.text.get(from..range.end).and_then(|text| memchr::memchr(b'\\', text.as_bytes()))
        {
            let at = from + found;
            from = self.escape(at).unwrap_or(range.end).min(range.end);
        }
        self.pieces.keep(self.kept..range.end);
        self.kept = self.kept.max(range.end);
    }

    /// Literals, interpreted text with or without a role, references.
    fn backtick(&mut self, at: usize, role: Option<Range<usize>>) -> Option<usize> {
        let start = role.as_ref().map_or(at, |role| role.start.saturating_sub(1));
        if role.is_none() && self.text[at..].starts_with("``") {
            let end = self.can_start(at, "``").then(|| self.end_of(at + 2, LITERAL)).flatten()?;
            self.drop(at..at + 2);
            self.pieces.keep(at + 2..end);
            self.kept = end;
            return self.drop(end..end + 2);
        }
        if !self.can_start(at, "`") {
            return None;
        }
        let end = self.end_of(at + 1, INTERPRETED)?;
        let rest = &self.text[end + 1..];
        let suffix = rest.strip_prefix(':').and_then(role_name).filter(|_| role.is_none());
        let after = match (&suffix, rest.starts_with("__"), rest.starts_with('_')) {
            (Some(name), ..) => end + 3 + name.len(),
            (None, true, _) => end + 3,
            (None, false, true) => end + 2,
            _ => end + 1,
        };
        let is_reference = suffix.is_none() && after > end + 1;
        let text: &'t str = self.text;
        let name = role.and_then(|role| text.get(role)).or(suffix).unwrap_or_default();
        self.drop(start..at + 1);
        self.interpreted(name, at + 1..end, is_reference);
        self.drop(end..after)
    }

    fn interpreted(&mut self, role: &str, inside: Range<usize>, is_reference: bool) {
        let role = if role.is_empty() && !is_reference {
            self.definitions.default_role.clone()
        } else {
            role.to_owned()
        };
        let last = role.rsplit(':').next().unwrap_or_default();
        if self.definitions.raw_roles.contains(&role) || last.starts_with("raw-") {
            self.kept = inside.end;
            return;
        }
        if matches!(last, "math" | "code" | "samp" | "literal" | "kbd" | "regexp") {
            self.pieces.keep(inside.clone());
            self.kept = inside.end;
            return;
        }
        let text = &self.text[inside.clone()];
        let target = text.strip_suffix('>').and_then(|text| text.rfind('<'));
        if let Some(open) = target.filter(|_| is_reference || !role.is_empty()) {
            let address = text[open + 1..text.len() - 1].replace(char::is_whitespace, "");
            let is_alias = address.ends_with('_') && !address.ends_with("\\_");
            if is_reference && !is_alias {
                self.pieces.links.push(address.replace('\\', ""));
            }
            let shown = match text[..open].trim_end() {
                "" => inside.start + open + 1..inside.end - 1,
                label => inside.start..inside.start + label.len(),
            };
            self.kept = shown.start;
            self.plain(shown);
            self.kept = inside.end;
            return;
        }
        // `~a.b` shows `b` only; the rest of the name is kept, for it is what names the thing.
        let is_marked = !role.is_empty() && text.starts_with(['~', '!']);
        let hidden = usize::from(is_marked);
        self.kept = inside.start + hidden;
        self.plain(inside.start + hidden..inside.end);
    }

    /// `:role:` before interpreted text.
    fn role(&mut self, at: usize) -> Option<usize> {
        let name = role_name(&self.text[at + 1..])?;
        let tick = at + 2 + name.len();
        if self.text.as_bytes().get(tick) != Some(&b'`') || !self.can_start(at, ":") {
            return None;
        }
        self.backtick(tick, Some(at + 1..at + 1 + name.len()))
    }

    fn substitution(&mut self, at: usize) -> Option<usize> {
        if !self.can_start(at, "|") {
            return None;
        }
        let end = self.end_of(at + 1, SUBSTITUTION)?;
        let name = &self.text[at + 1..end];
        let marks = self.text[end + 1..].bytes().take(2).take_while(|&byte| byte == b'_').count();
        let after = end + 1 + marks;
        let key = key(name);
        self.drop(at..at + 1);
        match self.definitions.substitutions.get(&key) {
            Some(text) if text.len() <= self.definitions.budget => {
                self.definitions.budget -= text.len();
                self.pieces.put(at..after, text.clone());
                self.kept = after;
                Some(after)
            }
            _ => {
                self.plain(at + 1..end);
                self.drop(end..after)
            }
        }
    }

    /// A reference to a note or citation says nothing in the text.
    fn note(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        let is_label = |c: char| c.is_alphanumeric() || "#*-._+:".contains(c);
        let length = rest.find(|c: char| !is_label(c)).filter(|&length| length > 0)?;
        if !rest[length..].starts_with("]_") {
            return None;
        }
        let end = at + 1 + length + 2;
        if around(self.text, end).1.is_some_and(char::is_alphanumeric) {
            return None;
        }
        // `[#]_` and `[*]_` have no name.
        if rest[..length].contains(char::is_alphanumeric) {
            self.pieces.marks.push((at, rest[..length].to_owned()));
        }
        let is_spaced = at > self.kept && self.text.as_bytes().get(at - 1) == Some(&b' ');
        self.drop(at - usize::from(is_spaced)..end)
    }

    /// `name_`, `name__`, and the target `` _`name` ``.
    fn reference(&mut self, at: usize) -> Option<usize> {
        if self.text[at..].starts_with("_`") && self.can_start(at, "_`") {
            let end = self.end_of(at + 2, INTERPRETED)?;
            self.drop(at..at + 2);
            self.plain(at + 2..end);
            return self.drop(end..end + 1);
        }
        let marks = self.text[at..].bytes().take_while(|&byte| byte == b'_').count();
        let after = around(self.text, at + marks).1;
        let run = Some(at + marks);
        if marks > 2 || after.is_some_and(|c| c.is_alphanumeric()) {
            return run;
        }
        let window = self.text.floor_char_boundary(at.saturating_sub(LONGEST_NAME));
        let before = &self.text[self.kept.min(at).max(window)..at];
        let is_word = |c: char| c.is_alphanumeric() || "-._+:".contains(c);
        let start = before
            .rfind(|c: char| !is_word(c))
            .map_or(0, |found| found + before[found..].chars().next().map_or(1, char::len_utf8));
        let word = &before[start..];
        let prefix = before[..start].chars().next_back();
        let is_start = prefix.is_none_or(|c| c.is_whitespace() || "'\"([{</".contains(c));
        let is_name = word.starts_with(char::is_alphanumeric);
        if is_name && word.ends_with(char::is_alphanumeric) && is_start {
            return self.drop(at..at + marks);
        }
        run
    }

    fn address(&mut self, at: usize) -> Option<usize> {
        let end = address_end(self.text, at)?;
        self.pieces.links.push(self.text[at..end].to_owned());
        Some(end)
    }
}

/// Signs of other scripts and typography may stand beside markup as ASCII's may.
fn is_sign(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric()
}

/// The name of a role that ends with a colon.
fn role_name(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.+:".contains(c);
    let window = text.get(..text.floor_char_boundary(60)).unwrap_or(text);
    let run = &window[..window.find(|c| !is_name(c)).unwrap_or(window.len())];
    let name = &run[..run.rfind(':')?];
    (name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(name)
}

/// Names of substitutions differ neither in case nor in blanks.
pub fn key(name: &str) -> String {
    crate::read::builder::collapse(name).to_lowercase()
}
