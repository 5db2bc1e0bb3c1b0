//! Plain text: paragraphs between blank lines, lists, and headings where the layout shows them.
//!
//! A heading is a line of its own that is underlined (`===`, `---`), begins with `#`, is numbered
//! (`II. LEGAL FRAMEWORK`, `2.1 Victims`, `Article 5`), or is in capitals. What is doubtful is text:
//! a heading taken for text costs a trail, text taken for a heading breaks a passage.

use std::ops::Range;

use super::builder::DocumentBuilder;
use super::hyphens::{Vocabulary, ends_with_hyphen};
use super::unspaced::goes_on;
use crate::document::{BlockKind, Document};

/// A heading has at most so many characters.
const LONGEST_HEADING: usize = 120;

/// Lines longer than this (characters) are paragraphs of their own: nobody wraps so late.
const LONGEST_WRAPPED: usize = 160;

/// Reads plain text.
pub fn read(id: &str, source: &str) -> Document {
    let lines = lines(source);
    let (builder, words) = (DocumentBuilder::new(id, source), words(source, &lines));
    let mut reader = Reader { source, builder, chapter: None, words };
    for block in lines.split(|line| source[line.clone()].trim().is_empty()) {
        reader.block(block);
    }
    let mut document = reader.builder.finish();
    super::metadata::key_value_lines(&mut document);
    document
}

/// The lines of a text without their ends. A form feed ends a line, as it ends a page.
fn lines(source: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for at in memchr::memchr3_iter(b'\n', b'\r', b'\x0c', source.as_bytes()) {
        // The line feed of CR LF would otherwise be an empty line.
        let is_second =
            at > 0 && source.as_bytes()[at - 1] == b'\r' && source.as_bytes()[at] == b'\n';
        if !is_second {
            lines.push(start..at);
        }
        start = at + 1;
    }
    lines.push(start..source.len());
    lines
}

/// The words of a text, where any of its lines may break one.
fn words(source: &str, lines: &[Range<usize>]) -> Vocabulary {
    let mut words = Vocabulary::default();
    let mut lines = lines.iter().filter_map(|line| source.get(line.clone())).map(str::trim);
    if lines.clone().any(ends_with_hyphen) {
        lines.by_ref().for_each(|line| words.learn(line));
    }
    words
}

struct Reader<'a> {
    source: &'a str,
    builder: DocumentBuilder<'a>,
    /// The level of the heading before, where it is but a number and no text has come since.
    chapter: Option<u8>,
    /// How the text spells the words that its lines break.
    words: Vocabulary,
}

/// How a line shows that it is a heading.
struct Heading {
    level: u8,
    /// How many lines it takes, an underline included.
    lines: usize,
    text: Range<usize>,
}

impl Reader<'_> {
    /// A block of lines without a blank one among them: headings, then text.
    fn block(&mut self, block: &[Range<usize>]) {
        let mut rest = block;
        while let Some(heading) = self.heading(rest) {
            self.add_heading(&heading);
            rest = rest.get(heading.lines..).unwrap_or_default();
        }
        if rest.is_empty() {
            return;
        }
        if self.is_title(block, rest) {
            let line = self.trimmed(&rest[0]);
            return self.builder.title(&self.source[line.clone()], Some(line));
        }
        self.chapter = None;
        self.text(rest);
    }

    fn add_heading(&mut self, heading: &Heading) {
        let text = &self.source[heading.text.clone()];
        if self.builder.is_untouched() && heading.level == 1 {
            return self.builder.title(text, Some(heading.text.clone()));
        }
        // What a chapter is about stands under its number.
        let is_numbered = numbered(text, true).is_some();
        let is_name = !is_numbered && capitals(text) == Some(heading.level);
        let level = match self.chapter.filter(|_| is_name) {
            Some(above) => above + 1,
            None => heading.level,
        };
        self.chapter = (is_numbered && is_only_number(text)).then_some(level);
        self.builder.heading(level, text, heading.text.clone());
    }

    /// A short line alone at the beginning that does not end as a sentence does.
    fn is_title(&self, block: &[Range<usize>], rest: &[Range<usize>]) -> bool {
        let [line] = rest else { return false };
        let text = self.source[line.clone()].trim();
        let is_last = self.source[line.end..].trim().is_empty();
        block.len() == 1
            && self.builder.is_untouched()
            && !is_last
            && text.chars().count() <= LONGEST_HEADING
            && !text.ends_with(['.', ',', ';', ':', '!', '?'])
            && text.chars().any(char::is_alphabetic)
    }

    fn trimmed(&self, line: &Range<usize>) -> Range<usize> {
        let text = &self.source[line.clone()];
        let start = line.start + text.len() - text.trim_start().len();
        start..start + text.trim().len()
    }

    fn heading(&self, block: &[Range<usize>]) -> Option<Heading> {
        let line = self.trimmed(block.first()?);
        let text = &self.source[line.clone()];
        if text.len() > LONGEST_HEADING * 4 || text.chars().count() > LONGEST_HEADING {
            return None;
        }
        let marks = text.len() - text.trim_start_matches('#').len();
        if (1..=6).contains(&marks) && text[marks..].starts_with(' ') {
            let text = line.start + marks + 1..line.end;
            return Some(Heading { level: marks as u8, lines: 1, text });
        }
        if let Some(level) =
            block.get(1).and_then(|next| underline(self.source[next.clone()].trim()))
        {
            let is_text = text.chars().any(char::is_alphabetic);
            return is_text.then_some(Heading { level, lines: 2, text: line });
        }
        let ends_as_text = text.ends_with(['.', ',', ';', ':', '?', '!']) || text.contains('\t');
        // A sentence that goes on in the next line.
        let goes_on = block.get(1).is_some_and(|next| {
            self.source[next.clone()].trim_start().starts_with(char::is_lowercase)
        });
        let level = numbered(text, block.len() == 1).or_else(|| capitals(text));
        let is_heading = !goes_on && (!ends_as_text || is_bare_number(text));
        level.filter(|_| is_heading).map(|level| Heading { level, lines: 1, text: line })
    }

    fn text(&mut self, lines: &[Range<usize>]) {
        let is_table = lines.len() > 1
            && lines.iter().all(|line| self.source[line.clone()].trim().contains('\t'));
        let mut previous: Option<&Range<usize>> = None;
        let mut is_broken = false;
        for (at, line) in lines.iter().enumerate() {
            let text = self.trimmed(line);
            if let (true, tight) = (is_table, previous.is_some()) {
                self.builder.begin(BlockKind::TableRow, tight);
            } else if is_item(&self.source[text.clone()]) {
                self.builder.begin(BlockKind::ListItem, previous.is_some());
            } else if previous.is_none_or(|previous| self.begins_paragraph(previous, line)) {
                self.builder.begin(BlockKind::Paragraph, false);
            } else if !is_broken && !self.is_inside_word(previous, &text) {
                // The end of the wrapped line, as it stands.
                let before = previous.map_or(text.start, |previous| self.trimmed(previous).end);
                self.builder.push(&self.source[before..text.start], before..text.start);
            }
            is_broken = !is_table && self.breaks_word(line, lines.get(at + 1));
            let hyphen = match self.source[text.clone()].chars().next_back() {
                Some(hyphen) if is_broken => hyphen.len_utf8(),
                _ => 0,
            };
            let text = text.start..text.end - hyphen;
            self.builder.push(&self.source[text.clone()], text);
            previous = Some(line);
        }
        self.builder.end();
    }

    /// Whether a line breaks between letters of a script without blanks.
    fn is_inside_word(&self, previous: Option<&Range<usize>>, text: &Range<usize>) -> bool {
        let next = &self.source[text.clone()];
        previous.is_some_and(|previous| goes_on(&self.source[previous.clone()], next))
    }

    /// Whether a line ends with the hyphen of a word that goes on in the next, which is the line's and not the word's.
    fn breaks_word(&self, line: &Range<usize>, next: Option<&Range<usize>>) -> bool {
        let text = self.source[line.clone()].trim();
        ends_with_hyphen(text)
            && next.is_some_and(|next| {
                !self.begins_paragraph(line, next)
                    && !is_item(self.source[next.clone()].trim())
                    && self.words.is_surely_broken(text, self.source[next.clone()].trim())
            })
    }

    /// Whether a line starts a paragraph although no blank line stands before it: it is indented and
    /// the one before is not, or the one before is too long to have been wrapped.
    fn begins_paragraph(&self, previous: &Range<usize>, line: &Range<usize>) -> bool {
        let indent = |line: &Range<usize>| {
            let text = &self.source[line.clone()];
            text.len() - text.trim_start_matches([' ', '\t']).len()
        };
        let is_in_item = is_item(self.source[previous.clone()].trim());
        let is_indented = indent(line) >= 2 && indent(previous) < 2 && !is_in_item;
        let is_long = previous.len() > LONGEST_WRAPPED
            && self.source[previous.clone()].chars().count() > LONGEST_WRAPPED;
        is_indented || is_long
    }
}

/// The level that an underline gives.
fn underline(line: &str) -> Option<u8> {
    let all = |mark: char| line.len() >= 3 && line.chars().all(|c| c == mark);
    match (all('='), all('-') || all('~')) {
        (true, _) => Some(1),
        (_, true) => Some(2),
        _ => None,
    }
}

/// The level of a line that is numbered as headings are: `2.1 Victims` (by its depth), `IV. PROGRAMS`,
/// `Chapter 3`, `Article 5`. `alone`: nothing follows it without a blank line.
fn numbered(text: &str, alone: bool) -> Option<u8> {
    let (first, rest) = text.split_once([' ', '\t', '\u{a0}']).unwrap_or((text, ""));
    let rest = rest.trim();
    let number = rest.split([' ', '.', ':', ',']).next().unwrap_or_default();
    let keyword = match first.to_lowercase().as_str() {
        "part" | "title" | "часть" | "partie" | "parte" | "teil" => Some(1),
        "chapter" | "annex" | "appendix" | "глава" | "chapitre" | "capítulo" | "kapitel" => {
            Some(2)
        }
        "section" | "раздел" | "sección" | "abschnitt" => Some(3),
        "article" | "статья" | "artículo" | "artikel" | "rule" => Some(4),
        _ => None,
    };
    let starts_so = first.starts_with(char::is_uppercase);
    // `Article 128 prohibits`: a sentence.
    let is_named = !rest
        .trim_start_matches(number)
        .trim_start()
        .starts_with(|c: char| c.is_lowercase() || c == ',');
    if let Some(level) = keyword.filter(|_| starts_so && is_named && is_number(number)) {
        return Some(level);
    }
    let is_title_like = rest.starts_with(|c: char| c.is_uppercase()) && alone;
    let bare = first.trim_end_matches(['.', ')']);
    if is_title_like && is_roman(bare) && first.ends_with('.') {
        return Some(1);
    }
    let is_outline = is_title_like && is_arabic(bare) && bare.len() <= 8;
    (is_outline && (first.ends_with('.') || bare.contains('.')))
        .then(|| (bare.split('.').count() as u8).min(6))
}

/// Whether a numbered heading is but its number: `PART I` is, and `I. INTRODUCTION` is not.
fn is_only_number(text: &str) -> bool {
    let mut words = text.split_whitespace().skip(1);
    let number = words.next().unwrap_or_default().trim_end_matches('.');
    words.next().is_none() && is_number(number)
}

/// `Article 5.` ends with a full stop and is a heading nonetheless.
fn is_bare_number(text: &str) -> bool {
    text.ends_with('.') && text.split_whitespace().count() == 2 && numbered(text, true).is_some()
}

fn is_number(word: &str) -> bool {
    let is_letter = word.len() == 1 && word.chars().all(char::is_uppercase);
    is_arabic(word) || is_roman(word) || is_letter
}

fn is_arabic(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 7 && word.chars().all(|c| "IVXLC".contains(c))
}

/// A line in capitals: words, not a code or a lone initial.
fn capitals(text: &str) -> Option<u8> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_upper = !text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase);
    let is_framed = text.starts_with(['*', '=', '-', '_', '#']);
    (is_upper && !is_framed && letters >= 4 && letters * 2 >= text.chars().count()).then_some(1)
}

/// Whether a line begins as an item of a list does.
fn is_item(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    if matches!(first, Some('-' | '*' | '•' | '–' | '—' | '·' | '▪' | '◦' | '‣')) {
        return chars.next().is_some_and(char::is_whitespace);
    }
    let Some((mark, _)) = text.split_once([' ', '\t']) else { return false };
    let inside = mark.trim_start_matches('(').trim_end_matches([')', '.']);
    let is_label = inside.len() <= 3
        && !inside.is_empty()
        && (inside.chars().all(|c| c.is_ascii_digit())
            || inside.len() == 1 && inside.chars().all(|c| c.is_ascii_lowercase())
            || inside.chars().all(|c| matches!(c, 'i' | 'v' | 'x')));
    is_label && mark.ends_with(')') || is_label && mark.ends_with('.') && mark.len() > inside.len()
}
