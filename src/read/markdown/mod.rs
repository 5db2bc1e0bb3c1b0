//! Markdown: CommonMark with tables, footnotes, strikethrough, task and definition lists, attributes of
//! headings, by pulldown-cmark, which gives the source bytes of every event.
//!
//! CommonMark is what people write; reports that were converted have signs in their words, which it takes for
//! markup: `signs` and `lists` tell these apart, and such a sign stays in the text.

mod lists;
mod signs;

use std::collections::VecDeque;
use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use self::lists::{Items, List};
use super::builder::{DocumentBuilder, names_a_chapter};
use super::metadata;
use super::styled::Styled;
use super::unspaced;
use crate::document::{BlockKind, Document, Link};

/// A heading longer than this (characters) is a paragraph that was marked as one.
const LONGEST_HEADING: usize = 250;

/// How many link targets are kept.
const MOST_LINKS: usize = 1000;

/// Reads Markdown.
pub fn read(id: &str, source: &str) -> Document {
    let mut builder = DocumentBuilder::new(id, source);
    let start = metadata::front_matter(source, &mut builder);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_TASKLISTS;
    let mut reader = Reader {
        source,
        builder,
        heading: None,
        heading_pieces: Vec::new(),
        lists: Vec::new(),
        coming: VecDeque::new(),
        looked: 0,
        has_sign: false,
        quotes: 0,
        in_note: false,
        cells: 0,
        links: Vec::new(),
        is_in_link: false,
        in_html: false,
        in_tag: false,
        has_chapters: has_chapters(&source[start..]),
        block: None,
        styled: Styled::default(),
    };
    let parser = Parser::new_ext(&source[start..], options).into_offset_iter();
    let mut events = parser.map(|(event, range)| (event, start + range.start..start + range.end));
    let mut ahead = VecDeque::new();
    while let Some((event, range)) = ahead.pop_front().or_else(|| events.next()) {
        if matches!(event, Event::Start(Tag::List(_))) && reader.coming.is_empty() {
            reader.coming = lists::look_ahead(source, &mut events, &mut ahead);
        }
        reader.event(event, range);
    }
    let mut document = reader.builder.finish();
    document.links = links_in(reader.links, &document.text);
    metadata::key_value_lines(&mut document);
    document
}

/// The links of a text with words of it: before a link that begins a block stands what parts that from the one before.
fn links_in(links: Vec<Link>, text: &str) -> Vec<Link> {
    let within = |link: Link| {
        let linked = text.get(link.text.start..link.text.end.min(text.len()))?;
        let start = link.text.start + linked.len() - linked.trim_start().len();
        let end = link.text.start + linked.trim_end().len();
        (start < end).then_some(Link { text: start..end, ..link })
    };
    links.into_iter().filter_map(within).collect()
}

struct Reader<'a> {
    source: &'a str,
    builder: DocumentBuilder<'a>,
    /// The open heading: level, text, range of its line.
    heading: Option<(u8, String, Range<usize>)>,
    /// What the open heading's text is made of, in case it turns out to be a paragraph.
    heading_pieces: Vec<(String, Range<usize>)>,
    lists: Vec<List>,
    /// What is known of the items of the lists that begin next.
    coming: VecDeque<Items>,
    /// How far the text has been looked through for marks of notes, and whether one stands there.
    looked: usize,
    has_sign: bool,
    quotes: usize,
    in_note: bool,
    /// Cells of the open row of a table.
    cells: usize,
    links: Vec<Link>,
    is_in_link: bool,
    in_html: bool,
    /// Whether a tag of a block of HTML goes on in the next line.
    in_tag: bool,
    /// Whether several headings are of the first level: chapters rather than the title.
    has_chapters: bool,
    /// The kind of the next block, and whether it adjoins the one before.
    block: Option<(BlockKind, bool)>,
    styled: Styled,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Some(sign) = signs::sign(self.source, &event, &range) {
            let source = self.source;
            return self.text(source.get(sign.clone()).unwrap_or_default(), sign);
        }
        match event {
            Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough) => {
                // A single tilde means `about` more often.
                let is_open = matches!(event, Event::Start(_));
                if self.source.get(range).is_some_and(|text| text.starts_with("~~")) {
                    self.styled.strike(is_open);
                }
            }
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                self.text(&text, range);
            }
            Event::SoftBreak if self.is_inside_word(&range) => {}
            Event::SoftBreak | Event::HardBreak => self.text("\n", range),
            Event::Html(_) => self.html(range),
            Event::InlineHtml(html) if html.starts_with("<br") => self.text("\n", range),
            Event::Rule => self.builder.end(),
            Event::FootnoteReference(label) if self.heading.is_none() => {
                self.builder.note_mark(&label, 0);
            }
            Event::InlineHtml(tag) => self.styled.tag(&tag),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    /// Whether a line breaks between letters of a script without blanks.
    fn is_inside_word(&self, line_break: &Range<usize>) -> bool {
        let around = self.source.get(..line_break.start).zip(self.source.get(line_break.end..));
        around.is_some_and(|(line, next)| unspaced::goes_on(line, next))
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.builder.end();
                self.heading = Some((level as u8, String::new(), range));
            }
            Tag::Paragraph => self.paragraph(),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::CodeBlock(_) => self.begin(BlockKind::Code, false),
            Tag::List(_) => {
                self.builder.end();
                self.open_list();
            }
            Tag::DefinitionList => {
                self.builder.end();
                self.lists.push(List::default());
            }
            Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {
                let nested = self.lists.len() > 1;
                let tight = self.goes_on();
                self.builder.end();
                if matches!(tag, Tag::Item) {
                    self.label(range);
                }
                self.block = Some((BlockKind::ListItem, tight || nested));
            }
            Tag::FootnoteDefinition(label) => {
                self.builder.note(&label);
                self.in_note = true;
            }
            Tag::Table(_) => self.lists.push(List::default()),
            Tag::TableHead | Tag::TableRow => {
                let tight = self.goes_on();
                self.begin(BlockKind::TableRow, tight);
                self.cells = 0;
            }
            Tag::TableCell => {
                if self.cells > 0 {
                    self.builder.push_made("\t");
                }
                self.cells += 1;
            }
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            Tag::HtmlBlock => {
                self.builder.end();
                (self.in_html, self.in_tag) = (false, false);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if !matches!(tag, TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Image) {
            self.styled.end();
        }
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::TableRow | TagEnd::TableHead => {
                self.builder.end();
            }
            TagEnd::Item
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::HtmlBlock => {
                self.builder.end();
                self.block = None;
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) | TagEnd::DefinitionList | TagEnd::Table => {
                self.builder.end();
                self.builder.unlabel(self.lists.len());
                self.lists.pop();
            }
            TagEnd::FootnoteDefinition => self.in_note = false,
            TagEnd::Link => self.end_link(),
            _ => {}
        }
    }

    /// A paragraph on its own, or one of a list item, a quotation or a note.
    fn paragraph(&mut self) {
        if let Some((kind, tight)) = self.block.take() {
            // Further paragraphs of the same item adjoin the first.
            self.block = Some((kind, true));
            return self.builder.begin(kind, tight);
        }
        let kind = match (self.in_note, self.quotes > 0) {
            (true, _) => BlockKind::Note,
            (false, true) => BlockKind::Quotation,
            (false, false) => BlockKind::Paragraph,
        };
        self.begin(kind, false);
    }

    /// Whether an item or row goes on with one before it.
    fn goes_on(&mut self) -> bool {
        self.lists.last_mut().is_some_and(|list| std::mem::replace(&mut list.has_item, true))
    }

    fn begin(&mut self, kind: BlockKind, tight: bool) {
        self.builder.begin(kind, tight);
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let is_after_blank = match &self.heading {
            Some((_, heading, _)) => heading.ends_with(char::is_whitespace),
            None => self.builder.ends_blank(),
        };
        let Some(text) = self.styled.said(text, is_after_blank) else { return };
        let text: &str = &text;
        if let Some((_, heading, _)) = &mut self.heading {
            heading.push_str(text);
            return self.heading_pieces.push((text.to_owned(), range));
        }
        if !self.builder.in_block() {
            // The text of a tight list item stands in no paragraph.
            let (kind, tight) = self.block.take().unwrap_or((BlockKind::Paragraph, false));
            self.block = (kind == BlockKind::ListItem).then_some((kind, true));
            self.builder.begin(kind, tight);
        }
        self.push(text, range);
    }

    /// Code and escapes have a wider range than their text: the text is looked for in it.
    fn push(&mut self, text: &str, range: Range<usize>) {
        let within = self.source.get(range.clone()).unwrap_or_default();
        if within == text {
            return self.builder.push(text, range);
        }
        if within.contains('\0') && within.replace('\0', "\u{FFFD}") == text {
            // CommonMark replaces NUL; here text is never altered.
            return self.builder.push(within, range);
        }
        match within.find(text) {
            Some(at) => self.builder.push(text, range.start + at..range.start + at + text.len()),
            None => self.builder.push(text, range),
        }
    }

    fn end_heading(&mut self) {
        let Some((level, heading, range)) = self.heading.take() else { return };
        let pieces = std::mem::take(&mut self.heading_pieces);
        let line = range.start..range.start + self.source[range.clone()].trim_end().len();
        if heading.chars().count() > LONGEST_HEADING {
            self.builder.begin(BlockKind::Paragraph, false);
            pieces.into_iter().for_each(|(text, range)| self.push(&text, range));
            self.builder.end();
        } else if level == 1
            && self.builder.is_untouched()
            && !(self.has_chapters && names_a_chapter(&heading))
        {
            self.builder.title(&heading, Some(line));
        } else {
            self.builder.heading(level, &heading, line);
        }
    }

    fn link(&mut self, target: &str) {
        if self.links.len() < MOST_LINKS && !target.is_empty() && !target.starts_with('#') {
            self.is_in_link = true;
            let start = self.builder.text_len();
            self.links.push(Link { text: start..start, target: target.to_owned() });
            self.builder.metadata("links", target);
        }
    }

    fn end_link(&mut self) {
        let link = self.links.last_mut().filter(|_| self.is_in_link);
        if let Some(link) = link {
            link.text.end = self.builder.text_len();
        }
        self.is_in_link = false;
    }

    /// A line of a block of HTML: its tags go, its text stays, comments go whole.
    fn html(&mut self, range: Range<usize>) {
        let source: &'a str = self.source;
        let html = source.get(range.clone()).unwrap_or_default();
        let mut rest = 0;
        if std::mem::take(&mut self.in_tag) {
            let Some(end) = html.find('>') else {
                self.in_tag = true;
                return;
            };
            rest = end + 1;
        }
        while rest < html.len() {
            let tail = &html[rest..];
            let (open, close) =
                if self.in_html || tail.starts_with("<!--") { ("<!--", "-->") } else { ("<", ">") };
            if self.in_html || tail.starts_with(open) {
                match tail.find(close) {
                    Some(at) => {
                        if close == ">" {
                            self.styled.tag(&tail[..at]);
                        }
                        rest += at + close.len();
                        self.in_html = false;
                    }
                    None => {
                        // Comments and tags go on over lines; a sign that begins neither is text no more.
                        self.in_html = close == "-->";
                        let begins =
                            |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
                        self.in_tag = !self.in_html && tail.strip_prefix('<').is_some_and(begins);
                        return;
                    }
                }
                continue;
            }
            let end = tail.find('<').unwrap_or(tail.len());
            let place = range.start + rest..range.start + rest + end;
            rest += end;
            let said = self.styled.said(&tail[..end], self.builder.ends_blank());
            if let Some(text) = said.filter(|it| !it.trim().is_empty() || self.builder.in_block()) {
                self.push(&text, place);
            }
        }
    }
}

/// Whether more than one line begins as a heading of the first level does.
fn has_chapters(source: &str) -> bool {
    // Twice as fast as line by line, and asked of every file.
    let mut later = memmem::find_iter(source.as_bytes(), "\n# ");
    later.nth(usize::from(!source.starts_with("# "))).is_some()
}
