//! Typst: markup is read, code is passed over; content in code is markup again.
//!
//! Content in code in content nests as deep as one likes: what is open is a stack, so that nothing
//! recurses, and no deeper than `MOST_OPEN`. Formulas keep their source.

mod calls;
mod code;
mod lists;
mod literals;
mod markup;

use std::collections::HashMap;
use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::read::light::{lines, trimmed};
use crate::read::numbers::Ordered;
use crate::read::stream::Stream;
use calls::{Call, Table};
use lists::Numbering;
use literals::Literals;

/// What is nested deeper is not told apart: each level takes some memory.
const MOST_OPEN: usize = 10_000;

/// Reads Typst.
pub fn read(id: &str, source: &str) -> Document {
    let tops = lines(source).into_iter().filter(|line| source[line.clone()].starts_with("= "));
    let mut reader = Reader {
        source,
        stream: Stream::new(id, source),
        has_one_top: tops.take(2).count() == 1,
        has_title: false,
        literals: Literals::default(),
        at: 0,
        line: 0,
        open: vec![Open { what: What::Markup(Then::Text), nesting: 0, items: 0, shows: true }],
        items: Vec::new(),
        lists: Vec::new(),
        numbering: Numbering::default(),
        tables: Vec::new(),
        quotations: 0,
        captions: 0,
        pending: None,
        ended: 0,
        numbers: HashMap::new(),
        texts: HashMap::new(),
        budget: source.len().max(1024 * 1024),
    };
    reader.line_start();
    while reader.at < source.len() {
        reader.step();
    }
    while reader.open.len() > 1 {
        reader.close();
    }
    reader.stream.finish()
}

/// What becomes of content at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// It is text like that around it.
    Text,
    /// It is a block, or several.
    Block,
    /// A heading of this level that begins here.
    Heading(u8, usize),
    /// A term, which a colon ends.
    Term,
    Title(usize),
    Metadata(&'static str),
    Note,
    Caption,
    Quotation,
    Item,
    /// Not for reading.
    Nothing,
}

/// Something that has begun.
#[derive(Debug)]
enum What {
    /// Content in brackets, or the whole file.
    Markup(Then),
    /// Markup up to the end of the line.
    Line(Then),
    /// Code in parentheses.
    Call(Call),
    /// Code in braces.
    Braces,
    /// Code up to the end of the line.
    Statement,
    /// A name with what directly follows it.
    Expression,
}

#[derive(Debug)]
struct Open {
    what: What,
    /// Brackets that are text.
    nesting: usize,
    /// How many items were open outside.
    items: usize,
    /// Whether formulas and the like in code are shown.
    shows: bool,
}

struct Reader<'a> {
    source: &'a str,
    stream: Stream<'a>,
    /// Whether one heading stands above all others, which is then the title of a file without one.
    has_one_top: bool,
    has_title: bool,
    literals: Literals,
    at: usize,
    /// Where the current line starts.
    line: usize,
    open: Vec<Open>,
    /// The columns of open items.
    items: Vec<usize>,
    /// The open lists that are numbered, and how many items are open in each.
    lists: Vec<(usize, Ordered)>,
    numbering: Numbering,
    tables: Vec<Table>,
    quotations: usize,
    captions: usize,
    /// The function that has just been named or called.
    pending: Option<Call>,
    /// The last byte of code: a line does not end after an operator.
    ended: u8,
    /// Numbers that the file has given names to.
    numbers: HashMap<String, usize>,
    /// Texts that the file has given names to.
    texts: HashMap<String, String>,
    /// Bytes that these may still take: a short name could make any length of a file.
    budget: usize,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        match self.open.last().map(|open| &open.what) {
            Some(What::Markup(_) | What::Line(_)) => self.markup(),
            _ => self.code(),
        }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Skips the end of a line and the blank ones after it, which end a paragraph.
    fn line_end(&mut self) {
        while let Some(Open { what: What::Line(_), .. }) = self.open.last() {
            self.close();
        }
        let start = self.at;
        let mut ends = 0;
        while let Some(byte) =
            self.source.as_bytes().get(self.at).filter(|b| b.is_ascii_whitespace())
        {
            let is_second =
                *byte == b'\n' && self.at > start && self.source.as_bytes()[self.at - 1] == b'\r';
            ends += usize::from(matches!(byte, b'\n' | b'\r') && !is_second);
            self.at += 1;
            if matches!(byte, b'\n' | b'\r') {
                self.line = self.at;
            }
        }
        let first = if self.source[start..].starts_with("\r\n") { 2 } else { 1 };
        self.stream.blank(start..start + first);
        if ends > 1 && self.tables.is_empty() {
            self.stream.end_block();
        }
        self.line_start();
    }

    /// What the start of a line begins: a heading, an item, a term.
    fn line_start(&mut self) {
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        self.at += blanks;
        let column = self.at - self.line.min(self.at);
        let rest = self.rest();
        if rest.is_empty() || rest.starts_with(['\n', '\r', ']']) || rest.starts_with("//") {
            return;
        }
        let equals = rest.bytes().take_while(|byte| *byte == b'=').count();
        let mark = item(rest);
        let floor = self.open.last().map_or(0, |open| open.items);
        let had_items = self.items.len() > floor;
        while self.items.len() > floor
            && self
                .items
                .last()
                .is_some_and(|item| *item > column || *item == column && mark.is_none())
        {
            self.items.pop();
        }
        if had_items && self.items.len() <= floor {
            self.end_lists();
            self.stream.end_block();
            self.settle();
            self.stream.end_list();
        }
        if equals > 0 && rest[equals..].starts_with([' ', '\t']) {
            let level = u8::try_from(equals).unwrap_or(u8::MAX);
            let start = self.at;
            self.at += equals;
            self.enter(What::Line(Then::Heading(level, start)));
        } else if let Some(length) = mark {
            let is_term = rest.starts_with('/');
            self.begin_item(column, length);
            if is_term {
                self.enter(What::Line(Then::Term));
            }
        }
    }

    fn begin_item(&mut self, column: usize, length: usize) {
        self.stream.end_block();
        let floor = self.open.last().map_or(0, |open| open.items);
        if self.items.len() <= floor && floor == 0 {
            self.stream.end_list();
        }
        let is_new = self.items.len() <= floor || self.items.last() != Some(&column);
        if is_new {
            self.items.push(column);
        }
        self.settle();
        self.label_item(length, is_new);
        self.at += length;
    }

    /// What a text here is.
    fn settle(&mut self) {
        self.stream.kind = match () {
            () if self.captions > 0 => BlockKind::Paragraph,
            () if !self.tables.is_empty() => BlockKind::TableRow,
            () if !self.items.is_empty() => BlockKind::ListItem,
            () if self.quotations > 0 => BlockKind::Quotation,
            () => BlockKind::Paragraph,
        };
        self.stream.holds_notes = !self.tables.is_empty() || !self.items.is_empty();
    }

    fn enter(&mut self, what: What) {
        if self.open.len() >= MOST_OPEN {
            return;
        }
        let shows = match &what {
            What::Markup(_) | What::Line(_) => true,
            What::Statement => false,
            _ => self.open.last().is_some_and(|open| open.shows),
        };
        let what = match what {
            What::Markup(then) => What::Markup(self.begin(then)),
            What::Line(then) => What::Line(self.begin(then)),
            what => what,
        };
        let is_markup = matches!(what, What::Markup(_));
        let items = self.items.len();
        self.open.push(Open { what, nesting: 0, items, shows });
        if is_markup {
            self.line_start();
        }
    }

    /// Content begins.
    fn begin(&mut self, then: Then) -> Then {
        let is_taken = self.stream.is_taken();
        let begins = match then {
            Then::Text => true,
            _ if is_taken => false,
            Then::Note => self.stream.begin_note(),
            Then::Heading(..) | Then::Title(_) => {
                self.stream.end_list();
                self.stream.capture()
            }
            Then::Metadata(_) | Then::Nothing => self.stream.capture(),
            Then::Block | Then::Term | Then::Item | Then::Caption | Then::Quotation => {
                if then == Then::Item {
                    self.items.push(0);
                }
                self.captions += usize::from(then == Then::Caption);
                self.quotations += usize::from(then == Then::Quotation);
                self.stream.end_block();
                true
            }
        };
        self.settle();
        if begins { then } else { Then::Text }
    }

    /// What was opened last ends.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if let What::Call(call) = open.what {
            return self.end_call(call);
        }
        let (What::Markup(then) | What::Line(then)) = open.what else { return };
        self.items.truncate(open.items);
        if matches!(self.open.last(), Some(Open { what: What::Call(_), .. })) {
            self.stream.gap(self.at..self.at);
        }
        match then {
            Then::Text => {}
            Then::Heading(level, start) => {
                let heading = self.stream.captured();
                self.heading(level, &heading, start..self.at);
            }
            Then::Title(start) => {
                let title = self.stream.captured();
                self.set_title(&title, start..self.at);
            }
            Then::Metadata(key) => {
                let value = self.stream.captured();
                self.stream.sheet.metadata(key, &value);
            }
            Then::Nothing => drop(self.stream.captured()),
            Then::Note => self.stream.end_note(),
            Then::Block | Then::Term => self.stream.end_block(),
            Then::Item => {
                self.stream.end_block();
                self.items.pop();
            }
            Then::Caption => {
                self.stream.end_block();
                self.captions = self.captions.saturating_sub(1);
            }
            Then::Quotation => {
                self.stream.end_block();
                self.quotations = self.quotations.saturating_sub(1);
            }
        }
        self.settle();
    }

    fn heading(&mut self, level: u8, heading: &str, range: Range<usize>) {
        let level = if self.has_one_top { level } else { level.saturating_add(1) };
        self.stream.sheet.heading(level, heading, trimmed(self.source, range));
    }

    fn set_title(&mut self, title: &str, range: Range<usize>) {
        if !title.trim().is_empty() && !self.has_title {
            self.has_title = true;
            self.stream.sheet.builder.title(title, Some(range));
        }
    }
}

/// The length of the mark of an item: `- `, `+ `, `1. `, and `/ ` of a term.
fn item(rest: &str) -> Option<usize> {
    let digits = rest.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let mark = match rest.as_bytes() {
        [b'-' | b'+' | b'/', ..] => 1,
        bytes if digits > 0 && bytes.get(digits) == Some(&b'.') => digits + 1,
        _ => return None,
    };
    matches!(rest.as_bytes().get(mark), Some(b' ' | b'\t')).then_some(mark)
}
