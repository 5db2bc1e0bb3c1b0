//! What holds for a whole document: its headings, what it says of itself, what it defines.

use std::ops::Range;

use super::inline::{Definitions, inline, key};
use super::{Reader, marks};
use crate::document::BlockKind;
use crate::read::builder::collapse;
use crate::read::light::{Flat, indent, trimmed};

/// A replacement is a word or a few; longer texts (bytes) are not put in for their names.
const LONGEST_REPLACEMENT: usize = 400;

/// The styles of headings, in the order in which they came: that is their rank.
#[derive(Default)]
pub struct Headings {
    styles: Vec<(char, bool)>,
    /// The line of the heading that is the document's subtitle.
    subtitle: Option<usize>,
}

impl Headings {
    fn level(&mut self, style: (char, bool)) -> u8 {
        let known = self.styles.iter().position(|known| *known == style);
        let index = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        u8::try_from(index + 1).unwrap_or(u8::MAX)
    }
}

/// A heading's style, the line of its text, and how many lines it takes.
type Found = ((char, bool), usize, usize);

impl Reader<'_> {
    fn heading_at(&self, at: usize) -> Option<Found> {
        let line = self.line(at);
        if line.starts_with([' ', '\t']) || line.trim().is_empty() {
            return None;
        }
        if let Some(sign) = marks::adornment(line) {
            let (text, under) = (self.line(at + 1), self.line(at + 2));
            let is_text = !text.trim().is_empty() && marks::adornment(text).is_none();
            let is_over = is_text && marks::adornment(under) == Some(sign) && fits(text, under);
            return is_over.then_some(((sign, true), at + 1, 3));
        }
        let under = self.line(at + 1);
        let sign = marks::adornment(under)?;
        let is_item = marks::bullet(line).is_some() || line.starts_with(".. ");
        (fits(line, under) && !is_item).then_some(((sign, false), at, 2))
    }

    /// Reads a heading that begins on the current line.
    pub fn heading(&mut self) -> bool {
        let Some((style, line, count)) = self.heading_at(self.at) else { return false };
        self.at += count;
        self.list = None;
        let range = trimmed(self.sheet.source, self.lines[line].clone());
        let flat = Flat::of(self.sheet.source, range.clone());
        let pieces = inline(&flat.text, &mut self.definitions);
        self.sheet.links(&pieces);
        let text = pieces.text(&flat);
        if self.headings.subtitle == Some(line) {
            self.headings.level(style);
            self.sheet.metadata("subtitle", &collapse(&text));
            return true;
        }
        let level = self.headings.level(style);
        self.sheet.heading(level, &text, range);
        true
    }

    /// A second heading directly under the title, of a style of its own, is the subtitle where the
    /// text does not begin under it (Docutils takes it so even then, and loses a heading by it).
    pub fn find_subtitle(&mut self) {
        let mut found: Vec<(Found, usize)> = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            match self.heading_at(at) {
                Some(heading) => {
                    found.push((heading, at));
                    at += heading.2;
                }
                None => at += 1,
            }
        }
        let [(title, start), (subtitle, next), rest @ ..] = found.as_slice() else { return };
        let is_own = |style| found.iter().filter(|((other, ..), _)| *other == style).count() == 1;
        let is_blank = |lines: Range<usize>| lines.into_iter().all(|index| self.is_blank(index));
        let end = next + subtitle.2;
        let after = (end..self.lines.len()).find(|&index| !self.is_blank(index));
        let is_alone = after.is_none_or(|index| {
            marks::field(self.line(index)).is_some()
                || rest.first().is_some_and(|(_, start)| *start == index)
        });
        let is_subtitle =
            is_own(title.0) && is_own(subtitle.0) && is_blank(start + title.2..*next) && is_alone;
        self.headings.subtitle = is_subtitle.then_some(subtitle.1);
    }

    /// A field before all text tells of the document.
    pub fn document_field(&mut self, name: Range<usize>, body: usize, column: usize) {
        let key = self.sheet.source[name].trim().to_lowercase();
        let first = body.min(self.lines[self.at].end)..self.lines[self.at].end;
        self.at += 1;
        let region = self.region(column);
        let source = self.sheet.source;
        let mut flat = Flat::of(source, first);
        for line in self.lines.get(region).unwrap_or_default() {
            flat.line(source, trimmed(source, line.clone()));
        }
        let pieces = inline(&flat.text, &mut self.definitions);
        if matches!(key.as_str(), "abstract" | "dedication") {
            return self.sheet.block(BlockKind::Paragraph, false, &flat, &pieces);
        }
        self.sheet.links(&pieces);
        let value = pieces.text(&flat);
        match key.as_str() {
            "title" if self.sheet.builder.is_untouched() => self.sheet.builder.title(&value, None),
            "author" | "authors" => self.authors(&value),
            _ => self.sheet.metadata(&key, &keyword(&collapse(&value))),
        }
    }

    /// Names parted by semicolons, or the items of a list.
    fn authors(&mut self, value: &str) {
        let is_list = value.trim_start().starts_with(['-', '*', '+']);
        let folded = collapse(value);
        let names: Vec<&str> = match is_list {
            true => value.lines().collect(),
            false => folded.split(';').collect(),
        };
        for name in names {
            let name = name.trim().trim_start_matches(['-', '*', '+']);
            self.sheet.metadata("author", &collapse(name));
        }
    }
}

/// Whether a line is long enough to lie under or over a text.
fn fits(text: &str, line: &str) -> bool {
    let line = line.trim_end().len();
    line >= 4 || line >= marks::width(text.trim())
}

/// `$Date: 2006/07/17 $` of old version control.
fn keyword(value: &str) -> String {
    let inside = value.strip_prefix('$').and_then(|value| value.strip_suffix('$'));
    let inside = inside.and_then(|inside| inside.split_once(':'));
    inside.map_or(value.to_owned(), |(_, value)| value.trim().to_owned())
}

/// The substitutions and roles that a file defines, wherever in it.
pub fn definitions(source: &str, lines: &[Range<usize>]) -> Definitions {
    let mut definitions = Definitions { budget: source.len(), ..Definitions::default() };
    for (index, line) in lines.iter().enumerate() {
        let text = source[line.clone()].trim_start();
        let Some(rest) = text.strip_prefix(".. ").map(str::trim_start) else { continue };
        if let Some((name, kind)) = rest.strip_prefix('|').and_then(|rest| rest.split_once("| ")) {
            let text = replacement(kind.trim(), source, lines, index);
            if text.len() <= LONGEST_REPLACEMENT {
                definitions.substitutions.insert(key(name), text);
            }
        }
        if let Some(role) = rest.strip_prefix("role::")
            && let Some(name) = role.trim().strip_suffix("(raw)")
        {
            definitions.raw_roles.insert(name.to_owned());
        }
    }
    definitions
}

/// What a substitution stands for; for a picture its text.
fn replacement(kind: &str, source: &str, lines: &[Range<usize>], index: usize) -> String {
    let base = lines.get(index).map_or(0, |line| indent(&source[line.clone()]).0);
    let deeper = lines.iter().skip(index + 1).map(|line| &source[line.clone()]);
    let deeper = deeper.take_while(|line| !line.trim().is_empty() && indent(line).0 > base);
    // Longer ones are not put in, so no more of them is looked at.
    let deeper = deeper.take(8);
    let Some((name, text)) = kind.split_once("::") else { return String::new() };
    match name {
        "replace" => {
            let mut whole = text.to_owned();
            for line in deeper {
                whole.push(' ');
                whole.push_str(line);
            }
            let flat = Flat::of(&whole, 0..whole.len());
            collapse(&inline(&flat.text, &mut Definitions::default()).text(&flat))
        }
        "unicode" => unicode(text),
        "image" => {
            let alt = { deeper }.find_map(|line| line.trim().strip_prefix(":alt:"));
            alt.unwrap_or_default().trim().to_owned()
        }
        _ => String::new(),
    }
}

/// `0xA9 U+2122 text`: the characters of the numbers, the rest as it stands, up to a comment.
fn unicode(text: &str) -> String {
    let text = text.split(".. ").next().unwrap_or_default();
    let mut out = String::new();
    for word in text.split_whitespace() {
        let digits =
            ["0x", "U+", "u+", "\\x", "\\u"].iter().find_map(|sign| word.strip_prefix(sign));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => out.push(c),
            None => out.push_str(word),
        }
    }
    out
}
