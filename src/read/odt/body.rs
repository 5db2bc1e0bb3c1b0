//! The text of OpenDocument: the elements of its body, as a flow.

use std::collections::HashMap;
use std::rc::Rc;

use super::object::Object;
use super::styles::{Style, Styles};
use crate::read::flow::{Flow, Item, Role, Text};
use crate::read::languages::Languages;
use crate::read::opc::Parts;
use crate::read::raised::raised;
use crate::read::xml::{Tag, Token, Xml, decode};

/// Blanks that one element may stand for: nobody reads more, and a number is soon written.
const MOST_BLANKS: usize = 100;

/// A paragraph or heading that has begun and not yet ended.
#[derive(Default)]
struct Paragraph {
    /// The level of a heading, and its number.
    heading: Option<usize>,
    number: Option<String>,
    /// What stands before an item.
    label: Option<String>,
    style: Style,
    ordinal: usize,
    text: String,
    /// Where in the text notes are referred to, and their numbers.
    notes: Vec<(usize, usize)>,
    /// What the frames in it hold, and those in the paragraphs in it: it follows. `None`: the place of such
    /// a paragraph, which has not ended, or has no text.
    frames: Vec<Option<Item>>,
    /// Its own place in the frames of the paragraph around it; the outermost has none.
    place: Option<usize>,
    /// The outermost paragraph around it, which has the frames of all: were they handed outwards level by level,
    /// it would take time that grows with the square of their number.
    outermost: usize,
    /// Frames and notes that were open when it began.
    depth: usize,
    /// What the open spans say of their text, from the outermost on.
    spans: Vec<Style>,
}

/// A list that is open.
struct List {
    /// The style that it names, or the one around it does.
    style: Option<Rc<str>>,
    /// What others that go on with it call it.
    id: Option<String>,
    level: usize,
}

/// Where the numbers of a list have got to, at each level.
type Counts = Vec<Option<usize>>;

/// Reads the main part into a flow.
pub struct Body<'s, 'p> {
    flow: Flow,
    styles: &'s Styles,
    parts: &'s mut Parts<'p>,
    /// Styles that were resolved before, by their names.
    resolved: HashMap<String, Style>,
    spans: HashMap<String, Style>,
    count: usize,
    /// Where the numbers of headings have got to.
    counts: Counts,
    paragraphs: Vec<Paragraph>,
    /// Frames and notes that are open.
    depth: usize,
    /// Who wrote each open comment, where that is said.
    authors: Vec<Option<String>>,
    /// Lists that are open, and the number of the outermost.
    lists: Vec<List>,
    list: u64,
    /// Where the numbers of the outermost have got to, and whether it has none of its own so far.
    items: Counts,
    resumes: bool,
    /// Where those of lists that have ended got to, by their ids and by their styles.
    ended: HashMap<String, Counts>,
    ended_of_style: HashMap<Rc<str>, Counts>,
    /// An item that has begun and has no paragraph so far, and the number that it is said to have.
    item: Option<Option<usize>>,
    languages: Languages,
}

impl<'s, 'p> Body<'s, 'p> {
    /// A body without text.
    pub fn new(flow: Flow, styles: &'s Styles, parts: &'s mut Parts<'p>) -> Body<'s, 'p> {
        Body {
            flow,
            styles,
            parts,
            resolved: HashMap::new(),
            spans: HashMap::new(),
            count: 0,
            counts: Vec::new(),
            paragraphs: Vec::new(),
            depth: 0,
            authors: Vec::new(),
            lists: Vec::new(),
            list: 0,
            items: Counts::new(),
            resumes: false,
            ended: HashMap::new(),
            ended_of_style: HashMap::new(),
            item: None,
            languages: Languages::default(),
        }
    }

    /// Reads the main part.
    pub fn read(&mut self, text: &str) {
        let mut xml = Xml::new(text);
        while let Some(token) = xml.token() {
            match token {
                Token::Open(tag) => self.open(&tag, &mut xml),
                Token::Close(end) => self.close(end.name()),
                Token::Text(text) => self.text(&text),
            }
        }
        // Only damaged parts leave something open.
        while !self.paragraphs.is_empty() {
            self.close_paragraph();
        }
        if let Some(fault) = xml.fault() {
            self.flow.builder.warn(fault, None);
        }
    }

    /// What has been read, and what it says of its language.
    pub fn end(self) -> (Flow, Languages) {
        (self.flow, self.languages)
    }

    fn open(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>) {
        match tag.name() {
            "h" => {
                let level = tag.number("outline-level").unwrap_or(1).clamp(1, 10);
                self.open_paragraph(tag, Some(level));
                self.number(tag, level);
            }
            "p" => self.open_paragraph(tag, None),
            "span" => self.open_span(tag),
            "s" => {
                let count = tag.number("c").unwrap_or(1).min(MOST_BLANKS);
                self.push(&" ".repeat(count));
            }
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "a" => self.flow.link(&tag.attribute("href").unwrap_or_default()),
            // The number of a heading; those of items are counted.
            "number" if !self.lists.is_empty() || self.paragraphs.is_empty() => self.skip(xml),
            "object" => self.object(tag),
            "section" if tag.attribute("display").as_deref() == Some("none") => self.skip(xml),
            "title" if tag.prefix() == "svg" => self.skip(xml),
            // Who wrote a comment, and when: no text of it.
            "creator" if tag.prefix() == "dc" => self.author(xml),
            "date" | "date-string" | "creator-initials"
                if matches!(tag.prefix(), "dc" | "meta") =>
            {
                self.skip(xml);
            }
            // Deleted text, what stands beside the text, and lists of what is in it.
            "tracked-changes" | "note-citation" | "desc" | "binary-data" | "ruby-text"
            | "hidden-text" | "hidden-paragraph" | "script" | "scripts" | "event-listeners"
            | "forms" | "automatic-styles" | "font-face-decls" | "table-of-content"
            | "illustration-index" | "table-index" | "object-index" => {
                self.skip(xml);
            }
            _ => self.open_container(tag),
        }
    }

    fn open_container(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "list" | "numbered-paragraph" => self.open_list(tag),
            "list-item" => self.item = Some(tag.number("start-value")),
            "list-header" => self.item = None,
            "table" => self.flow.open_table(),
            "table-row" => self.flow.open_row(),
            "table-cell" | "covered-table-cell" => {
                self.flow.open_cell(tag.number("number-columns-repeated").unwrap_or(1));
            }
            "annotation" => {
                self.depth += 1;
                self.authors.push(None);
                self.flow.open_box();
            }
            "note-body" | "text-box" => {
                self.depth += 1;
                self.flow.open_box();
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => self.close_paragraph(),
            "span" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.spans.pop();
                }
            }
            "number" => self.push(" "),
            "list" | "numbered-paragraph" => self.close_list(),
            "list-item" => self.item = None,
            "table" => self.flow.close_table(),
            "table-row" => self.flow.close_row(false),
            "table-cell" => self.flow.close_cell(true),
            "covered-table-cell" => self.flow.close_cell(false),
            "note-body" => {
                self.depth = self.depth.saturating_sub(1);
                let items = self.flow.close_box();
                if !items.is_empty() {
                    let number = self.flow.note(super::MAIN, items);
                    if let Some(paragraph) = self.paragraphs.last_mut() {
                        paragraph.notes.push((paragraph.text.len(), number));
                    }
                }
            }
            "annotation" => self.close_remark(),
            "text-box" => {
                self.depth = self.depth.saturating_sub(1);
                let items = self.flow.close_box();
                match self.frames() {
                    Some(frames) => frames.extend(items.into_iter().map(Some)),
                    None => self.flow.add_all(items),
                }
            }
            _ => {}
        }
    }

    fn author(&mut self, xml: &mut Xml<'_>) {
        let mut name = String::new();
        xml.text_into(&mut name);
        if let Some(author) = self.authors.last_mut() {
            *author = Some(name).filter(|name| !name.trim().is_empty());
        }
    }

    fn close_remark(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let author = self.authors.pop().flatten();
        let items = self.flow.close_box();
        if let Some(number) = self.flow.remark_of(super::MAIN, author.as_deref(), items)
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.notes.push((paragraph.text.len(), number));
        }
    }

    fn open_list(&mut self, tag: &Tag<'_>) {
        let around = self.lists.last();
        let depth = around.map_or(0, |around| around.level);
        let own = tag.attribute("style-name").map(Rc::from);
        let style = own.or_else(|| around.and_then(|around| around.style.clone()));
        let goes_on = tag.attribute("continue-numbering").as_deref() == Some("true");
        let id = tag.attribute("list-id");
        let before = tag.attribute("continue-list").or_else(|| id.clone());
        if self.lists.is_empty() {
            let named = before.and_then(|id| self.ended.get(&id));
            let like = || self.ended_of_style.get(style.as_ref().filter(|_| goes_on)?);
            let counts = named.or_else(like).cloned();
            self.list += u64::from(counts.is_none() && !goes_on);
            self.resumes = counts.is_some();
            self.items = counts.unwrap_or_default();
        } else if !self.resumes {
            self.items.truncate(depth);
        }
        if tag.name() == "numbered-paragraph" {
            self.item = Some(tag.number("start-value"));
        }
        let level = tag.number("level").unwrap_or(depth.saturating_add(1));
        self.lists.push(List { style, id: id.or_else(|| tag.attribute("id")), level });
    }

    fn close_list(&mut self) {
        self.item = None;
        let Some(List { style, id, .. }) = self.lists.pop() else { return };
        if self.lists.is_empty() {
            let counts = std::mem::take(&mut self.items);
            id.and_then(|id| self.ended.insert(id, counts.clone()));
            style.and_then(|style| self.ended_of_style.insert(style, counts));
        }
    }

    /// The label of the first paragraph of an item.
    fn label(&mut self, style: &Style) -> Option<String> {
        let (first, list) = (self.item.take()?, self.lists.last()?);
        self.resumes = false;
        let named = list.style.as_deref().or(style.list.as_deref())?;
        self.styles.label(named, list.level, first, &mut self.items)
    }

    /// Leaves out an element; its paragraphs count.
    fn skip(&mut self, xml: &mut Xml<'_>) {
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            self.count += usize::from(matches!(tag.name(), "p" | "h"));
        }
    }

    fn open_paragraph(&mut self, tag: &Tag<'_>, heading: Option<usize>) {
        self.count += 1;
        let name = tag.attribute("style-name").unwrap_or_default();
        if !self.resolved.contains_key(&name) {
            self.resolved.insert(name.clone(), self.styles.paragraph(&name));
        }
        // A paragraph of a shape stands inside that of the text around it.
        let outer = self.paragraphs.last().filter(|outer| outer.depth == self.depth);
        let outermost = outer.map_or(self.paragraphs.len(), |outer| outer.outermost);
        let place = self.paragraphs.get_mut(outermost).map(|outermost| {
            outermost.frames.push(None);
            outermost.frames.len() - 1
        });
        let style = self.resolved.get(&name).cloned().unwrap_or_default();
        let label = self.label(&style);
        self.paragraphs.push(Paragraph {
            place,
            outermost,
            heading,
            label,
            style,
            ordinal: self.count,
            depth: self.depth,
            ..Paragraph::default()
        });
    }

    /// The number of a heading, where its level has one.
    fn number(&mut self, tag: &Tag<'_>, level: usize) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let is_bare = tag.attribute("is-list-header").as_deref() == Some("true");
        if is_bare || paragraph.style.is_unnumbered {
            return;
        }
        paragraph.number = self.styles.number(level, &mut self.counts);
    }

    fn close_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else { return };
        if let Some(number) = paragraph.number.take()
            && !paragraph.text.trim().is_empty()
            && !paragraph.text.starts_with(&number)
        {
            paragraph.text.insert_str(0, &format!("{number} "));
        }
        let Paragraph { heading, style, label, ordinal, text, notes, frames, .. } = paragraph;
        let (place, outermost) = (paragraph.place, paragraph.outermost);
        let role = match (heading, style.role) {
            (Some(level), _) => Role::Heading(level as u8),
            (None, None | Some(Role::Paragraph)) if !self.lists.is_empty() => Role::Item(self.list),
            (None, role) => role.unwrap_or_default(),
        };
        let is_blank = text.trim().is_empty();
        let label = label.filter(|_| heading.is_none());
        let text = Text { role, label, text, paragraph: ordinal, notes, is_bold: false };
        let outermost = self.paragraphs.get_mut(outermost);
        match place.zip(outermost).and_then(|(place, outermost)| outermost.frames.get_mut(place)) {
            Some(place) => *place = Some(Item::Text(text)).filter(|_| !is_blank),
            None => {
                self.flow.add(text);
                self.flow.add_all(frames.into_iter().flatten().collect());
            }
        }
    }

    /// What follows the outermost of the open paragraphs.
    fn frames(&mut self) -> Option<&mut Vec<Option<Item>>> {
        let outermost = self.paragraphs.last()?.outermost;
        self.paragraphs.get_mut(outermost).map(|outermost| &mut outermost.frames)
    }

    fn open_span(&mut self, tag: &Tag<'_>) {
        let name = tag.attribute("style-name").unwrap_or_default();
        if !self.spans.contains_key(&name) {
            self.spans.insert(name.clone(), self.styles.span(&name));
        }
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let outer = paragraph.spans.last();
        let mut style = self.spans.get(&name).cloned().unwrap_or_default();
        style.is_hidden |= outer.is_some_and(|outer| outer.is_hidden);
        style.is_raised = style.is_raised.or(outer.and_then(|outer| outer.is_raised));
        style.lang = style.lang.or_else(|| outer.and_then(|outer| outer.lang.clone()));
        paragraph.spans.push(style);
    }

    /// Adds text; white space counts once, and at the beginning of a paragraph not at all.
    fn text(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let style = paragraph.spans.last().unwrap_or(&paragraph.style);
        if style.is_hidden {
            return;
        }
        let lang =
            style.lang.as_ref().or(paragraph.style.lang.as_ref()).or(self.styles.lang.as_ref());
        self.languages.count(lang.map(String::as_str), text);
        let is_raised = style.is_raised.or(paragraph.style.is_raised) == Some(true);
        match is_raised {
            true => collapse_into(&raised(text), &mut paragraph.text),
            false => collapse_into(text, &mut paragraph.text),
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut()
            && !paragraph.spans.last().unwrap_or(&paragraph.style).is_hidden
        {
            paragraph.text.push_str(text);
        }
    }

    /// The text of an equation or chart, which is a document of its own.
    fn object(&mut self, tag: &Tag<'_>) {
        let target = tag.attribute("href").unwrap_or_default();
        let name = target.trim_start_matches("./").trim_end_matches('/');
        if self.paragraphs.is_empty() || target.is_empty() {
            return;
        }
        let bytes = self.parts.optional(&format!("{name}/content.xml"), &mut self.flow.builder);
        let object = Object::parse(&decode(&bytes));
        self.push(&object.equation);
        let Some(paragraph) = self.paragraphs.last() else { return };
        let ordinal = paragraph.ordinal;
        let cell = |text| vec![Item::Text(Text { text, paragraph: ordinal, ..Text::default() })];
        let row = |row: Vec<String>| row.into_iter().map(cell).collect();
        if !object.rows.is_empty() {
            let table = Item::Table(object.rows.into_iter().map(row).collect());
            if let Some(frames) = self.frames() {
                frames.push(Some(table));
            }
        }
    }
}

/// Adds text in which white space counts once.
fn collapse_into(text: &str, collapsed: &mut String) {
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let is_after_blank = |text: &String| text.bytes().next_back().is_none_or(is_blank);
    let mut rest = text;
    while !rest.is_empty() {
        if is_after_blank(collapsed) {
            rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        }
        // Up to a blank after a blank, all is as it should be, if it is no line end.
        let bytes = rest.as_bytes();
        let line = memchr::memchr3(b'\t', b'\n', b'\r', bytes).unwrap_or(bytes.len());
        let double = memchr::memmem::find(&bytes[..line], b"  ");
        let end = double.map_or(line, |at| at + 1);
        collapsed.push_str(&rest[..end]);
        rest = &rest[end..];
        if double.is_none() && !rest.is_empty() {
            if !is_after_blank(collapsed) {
                collapsed.push(' ');
            }
            rest = &rest[1..];
        }
    }
}
