//! Pieces of text that several outputs share: cleaned text, places, short citations.

use std::ops::Range;

use crate::document::Location;
use crate::highlight::{Mark, MarkKind};
use crate::passage::Passage;

/// Text from documents made safe for a terminal: control characters, escape sequences and
/// bidirectional overrides become visible or vanish. Tabs and line feeds stay.
pub fn clean(text: &str) -> String {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(|| Some((chars.next()?, chars.peek().copied())))
        .filter_map(|(c, next)| match c {
            '\n' | '\t' => Some(c),
            // CR LF and CR end a line, as LF does.
            '\r' => (next != Some('\n')).then_some('\n'),
            // Controls that change the order of the characters around them.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
            c if c.is_control() => Some('\u{FFFD}'),
            c => Some(c),
        })
        .collect()
}

/// A text around some of its bytes, so many on each side at most, cut between words, and where these bytes begin in it.
pub fn cut_around(text: &str, bytes: &Range<usize>, most: usize) -> (String, usize) {
    let start = text.floor_char_boundary(bytes.start.saturating_sub(most));
    let end = text.ceil_char_boundary(bytes.end.saturating_add(most));
    let before = text.get(start..bytes.start).unwrap_or_default();
    let after = text.get(bytes.end..end).unwrap_or_default();
    let before = match before.split_once(char::is_whitespace).filter(|_| start > 0) {
        Some((_, whole)) => whole,
        None => before,
    };
    let after = match after.rsplit_once(char::is_whitespace).filter(|_| end < text.len()) {
        Some((whole, _)) => whole,
        None => after,
    };
    let lead = if start > 0 { "… " } else { "" };
    let tail = if end < text.len() { " …" } else { "" };
    let inside = text.get(bytes.clone()).unwrap_or_default();
    (format!("{lead}{before}{inside}{after}{tail}"), lead.len() + before.len())
}

/// The beginning of a text that is longer than so many bytes.
pub fn cut(text: &str, most: usize) -> String {
    cut_around(text, &(0..0), most).0
}

/// A name of a file made safe for a line: it may have a line feed in it.
pub fn clean_name(name: &str) -> String {
    clean(name).replace(['\n', '\t'], "\u{FFFD}")
}

/// What stands for a character that would be markup in XML or HTML.
pub fn entity(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => return None,
    })
}

/// A range of a text that is lit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lit {
    /// Half-open, in bytes.
    pub bytes: Range<usize>,
    /// Whether it did not match, but means what was asked for: it is lit less than what matched.
    pub is_faint: bool,
}

impl From<Range<usize>> for Lit {
    fn from(bytes: Range<usize>) -> Lit {
        Lit { bytes, is_faint: false }
    }
}

impl From<&Mark> for Lit {
    fn from(mark: &Mark) -> Lit {
        Lit { bytes: mark.bytes.clone(), is_faint: mark.kind == MarkKind::Semantic }
    }
}

impl Lit {
    /// The same in a text that begins with byte `start` of this one.
    pub fn after(self, start: usize) -> Lit {
        Lit { bytes: self.bytes.start - start..self.bytes.end - start, ..self }
    }
}

/// What of a text is lit: the ranges of marks, in order, those that overlap as one.
pub fn lit(marks: impl Iterator<Item = impl Into<Lit>>) -> Vec<Lit> {
    let mut marks: Vec<Lit> = marks.map(Into::into).filter(|mark| !mark.bytes.is_empty()).collect();
    marks.sort_unstable_by_key(|mark| (mark.bytes.start, mark.bytes.end));
    let mut lit: Vec<Lit> = Vec::with_capacity(marks.len());
    for mark in marks {
        match lit.last_mut() {
            Some(last) if mark.bytes.start < last.bytes.end => {
                last.bytes.end = last.bytes.end.max(mark.bytes.end);
                last.is_faint &= mark.is_faint;
            }
            _ => lit.push(mark),
        }
    }
    lit
}

/// Where a passage stands, for people: `reports/kaz.wiki:21`, `kaz.pdf, p. 43`, `kaz.docx, ¶ 12-14`.
pub fn location_text(passage: &Passage) -> String {
    place_text(&passage.report.doc_id, &passage.location)
}

/// Where text stands in a document, as [`location_text`].
pub fn place_text(doc_id: &str, location: &Location) -> String {
    let doc_id = clean_name(doc_id);
    let doc_id = doc_id.as_str();
    match (location.pages, location.lines) {
        (None, Some((first, last))) if first == last => format!("{doc_id}:{first}"),
        (None, Some((first, last))) => format!("{doc_id}:{first}-{last}"),
        _ => match place(doc_id, location) {
            Some(place) => format!("{doc_id}, {place}"),
            None => doc_id.to_owned(),
        },
    }
}

/// The place in the source as a citation has it: the printed page where there is one, else the page,
/// the lines, or the paragraphs.
pub fn place(doc_id: &str, location: &Location) -> Option<String> {
    let is_deck = is_deck(doc_id);
    let is_sheet = ends_with_one(doc_id, &[".xlsx", ".xlsm"]);
    if let Some((first, last)) = &location.page_labels {
        return Some(span("p.", "pp.", first, last));
    }
    if let Some((first, last)) = location.pages {
        let (one, many) = if is_deck { ("slide", "slides") } else { ("p.", "pp.") };
        return Some(span(one, many, &first.to_string(), &last.to_string()));
    }
    if let Some((first, last)) = location.lines {
        return Some(span("line", "lines", &first.to_string(), &last.to_string()));
    }
    let (first, last) = location.paragraphs?;
    let (one, many) = if is_sheet { ("row", "rows") } else { ("¶", "¶") };
    let span = span(one, many, &first.to_string(), &last.to_string());
    // The one part that a text document consists of says nothing to anybody.
    let part = location.part.as_deref().unwrap_or_default();
    match part.is_empty() || part.starts_with("word/") || part == "content.xml" {
        true => Some(span),
        false => Some(format!("{}, {span}", part.rsplit('/').next().unwrap_or(part))),
    }
}

/// Whether a document is a presentation, whose pages are slides.
pub fn is_deck(doc_id: &str) -> bool {
    ends_with_one(doc_id, &[".pptx", ".pptm", ".ppsx"])
}

fn ends_with_one(doc_id: &str, endings: &[&str]) -> bool {
    let name = doc_id.to_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

fn span(one: &str, many: &str, first: &str, last: &str) -> String {
    match first == last {
        true => format!("{one} {first}"),
        false => format!("{many} {first}-{last}"),
    }
}
