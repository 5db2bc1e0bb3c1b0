//! Wikitext, as MediaWiki writes it: headings, paragraphs, lists and tables of a page's source.
//!
//! Text is kept and markup goes; targets of links, references, categories and names of templates
//! become metadata. The scanner is linear: constructs that enclose others are paired up once
//! (`spans`), and what is left open is text. Language: <https://www.mediawiki.org/wiki/Help:Formatting>.

mod inline;
mod spans;
mod table;
mod template;

use std::ops::Range;

use super::builder::{DocumentBuilder, names_a_chapter};
use super::numbers::{Numerals, Ordered, Pattern};
use crate::document::{BlockKind, Document};
use inline::{Inline, Place};
use spans::{Kind, Spans};

/// How many values of one key of metadata are kept.
const MOST_VALUES: usize = 1000;

/// Reads wikitext.
pub fn read(id: &str, source: &str) -> Document {
    let spans = Spans::of(source);
    let mut reader = Reader {
        source,
        spans: &spans,
        inline: Inline::new(source, &spans),
        builder: DocumentBuilder::new(id, source),
        has_chapters: has_chapters(source),
        list: Vec::new(),
    };
    reader.blocks(0..source.len());
    reader.finish()
}

struct Reader<'a> {
    source: &'a str,
    spans: &'a Spans,
    inline: Inline<'a>,
    builder: DocumentBuilder<'a>,
    /// Whether several headings are of the first level: chapters rather than the title.
    has_chapters: bool,
    /// The open lists, the innermost last: the mark of each, and the number of its next item.
    list: Vec<(u8, Ordered)>,
}

impl Reader<'_> {
    /// The blocks of a range that begins at the start of a line.
    fn blocks(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            if let Some(after) = self.construct(at) {
                at = after;
                continue;
            }
            let end = self.spans.line_end(self.source, at).min(range.end);
            self.line(at..end);
            at = end + 1;
        }
        self.builder.end();
    }

    /// A construct of its own at the start of a line: where the text goes on after it.
    fn construct(&mut self, at: usize) -> Option<usize> {
        let (kind, end) = self.spans.at(at)?;
        let is_alone = self.source[end..].lines().next().is_none_or(|rest| rest.trim().is_empty());
        match kind {
            Kind::Table => {
                self.end_list();
                self.table(at..end);
            }
            Kind::Template if is_alone => {
                self.builder.end();
                self.template(at..end);
            }
            Kind::Comment | Kind::Dropped if is_alone => {}
            Kind::Preformatted | Kind::Gallery => {
                self.builder.end();
                let inside = self.spans.inside(self.source, at..end);
                self.preformatted(kind, inside);
            }
            _ => return None,
        }
        // What follows on the same line is a line of its own.
        let rest = &self.source[end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let is_line_end = rest[blank..].starts_with('\n');
        Some(end + blank + usize::from(is_line_end))
    }

    fn preformatted(&mut self, kind: Kind, inside: Range<usize>) {
        let mut at = inside.start;
        if kind == Kind::Preformatted {
            self.builder.begin(BlockKind::Code, false);
            self.builder.push(&self.source[inside.clone()], inside);
            return self.builder.end();
        }
        // A gallery: `File:Name.jpg|caption` on each line.
        for line in self.source[inside].split_inclusive('\n') {
            if let Some((name, caption)) = line.split_once('|') {
                let start = at + name.len() + 1;
                self.paragraph(start..start + caption.trim_end().len());
                self.builder.end();
            }
            at += line.len();
        }
    }

    fn line(&mut self, line: Range<usize>) {
        let text = &self.source[line.clone()];
        let trimmed = text.trim();
        if trimmed.is_empty() {
            self.end_list();
            return self.builder.end();
        }
        if let Some((level, inside)) = heading(text) {
            self.end_list();
            return self.heading(level, line.start + inside.start..line.start + inside.end, line);
        }
        match text.as_bytes().first() {
            Some(&mark @ (b'*' | b'#' | b':' | b';')) => self.item(mark, line),
            Some(b'-') if trimmed.starts_with("----") => {
                self.builder.end();
                let dashes = text.len() - text.trim_start_matches('-').len();
                self.paragraph(line.start + dashes..line.end);
            }
            _ => {
                self.end_list();
                self.paragraph(line);
            }
        }
    }

    fn heading(&mut self, level: u8, inside: Range<usize>, line: Range<usize>) {
        let heading = self.inline.plain(inside);
        let line = line.start..line.start + self.source[line].trim_end().len();
        let is_chapter = self.has_chapters && names_a_chapter(&heading);
        match level == 1 && self.builder.is_untouched() && !is_chapter {
            true => self.builder.title(&heading, Some(line)),
            false => self.builder.heading(level, &heading, line),
        }
    }

    /// A line of a list: `*`, `#`, `:` and `;` in any depth. `; term : definition` is two items.
    fn item(&mut self, mark: u8, line: Range<usize>) {
        let text = &self.source[line.clone()];
        let marks = text.len() - text.trim_start_matches(['*', '#', ':', ';']).len();
        let content = line.start + marks..line.end;
        let shown = &self.source[content.clone()];
        let redirect = redirect(shown);
        let tight = !self.list.is_empty();
        if let Some(target) = redirect {
            self.builder.metadata("redirect", target);
        } else if mark == b':' || !shown.trim().is_empty() {
            // An item without text is not shown, and not counted.
            self.count(line.start..content.start);
        }
        let kind = match mark {
            b':' if marks == text.len() => return,
            b':' => BlockKind::Paragraph,
            _ => BlockKind::ListItem,
        };
        self.builder.begin(kind, tight);
        self.push(content);
        self.builder.end();
    }

    /// Counts the items that begin with these marks: those of lists that are not open yet, else that of the innermost.
    /// Marks that an item before has too go on with it.
    fn count(&mut self, marks: Range<usize>) {
        let alike = |mark: u8| if mark == b';' { b':' } else { mark };
        let written = &self.source.as_bytes()[marks.clone()];
        let open = self.list.iter().zip(written);
        let known = open.take_while(|((open, _), mark)| alike(*open) == alike(**mark)).count();
        self.list.truncate(known);
        for (place, &mark) in written.iter().enumerate().skip(known.min(written.len() - 1)) {
            let (_, numbers) = match self.list.get_mut(place) {
                Some(list) => list,
                None => {
                    let pattern = Pattern::new("", Numerals::Decimal, ".");
                    self.list.push((mark, Ordered::new(pattern, 1)));
                    &mut self.list[place]
                }
            };
            let label = if mark == b'#' { numbers.count() } else { String::new() };
            let source = marks.start + place..marks.start + place + 1;
            self.builder.label(place + 1, &label, Some(source));
        }
    }

    fn end_list(&mut self) {
        self.list.clear();
        self.builder.unlabel(1);
    }

    /// Text of a paragraph: the line goes on from the one before, if that was one.
    fn paragraph(&mut self, line: Range<usize>) {
        if self.builder.in_block() && !self.builder.ends_blank() && line.start > 0 {
            let newline = line.start - 1..line.start;
            self.builder.push("\n", newline);
        }
        self.push(line);
    }

    /// Text without its markup into the open block.
    fn push(&mut self, range: Range<usize>) {
        let builder = &mut self.builder;
        self.inline.scan(range, &mut |text, place| match place {
            Place::At(source) => builder.push(text, source),
            Place::Made if builder.ends_blank() && text.trim().is_empty() => {}
            Place::Made => builder.push_made(text),
        });
    }

    fn finish(mut self) -> Document {
        let found = std::mem::take(&mut self.inline.found);
        for (key, values) in [
            ("categories", found.categories),
            ("links", found.links),
            ("references", found.references),
            ("templates", found.templates),
        ] {
            values.iter().take(MOST_VALUES).for_each(|value| self.builder.metadata(key, value));
        }
        self.builder.finish()
    }
}

/// Whether more than one heading is of the first level.
fn has_chapters(source: &str) -> bool {
    let is_first =
        |line: &&str| line.starts_with('=') && !line.starts_with("==") && heading(line).is_some();
    source.lines().filter(is_first).nth(1).is_some()
}

/// The level of a heading line and where its text stands in it. Comments may follow the last mark.
fn heading(line: &str) -> Option<(u8, Range<usize>)> {
    let end = line.find("<!--").map_or(line, |at| &line[..at]).trim_end().len();
    let bytes = line.as_bytes();
    let open = bytes.iter().take(6).take_while(|&&byte| byte == b'=').count();
    let close = bytes[..end].iter().rev().take(6).take_while(|&&byte| byte == b'=').count();
    let level = open.min(close);
    (level > 0 && end > 2 * level).then(|| (level as u8, level..end - level))
}

/// The target of `#REDIRECT [[target]]`, whose `#` has gone.
fn redirect(content: &str) -> Option<&str> {
    let word = content.get(..8)?;
    let rest = content[8..].trim_start_matches([':', ' ']);
    let target = rest.strip_prefix("[[")?.split(['|', ']', '#']).next()?;
    word.eq_ignore_ascii_case("REDIRECT").then_some(target)
}
