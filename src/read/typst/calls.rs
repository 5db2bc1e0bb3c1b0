//! Functions of Typst whose content or arguments mean something for a reader.

use std::ops::Range;

use super::{Open, Reader, Then, What};

/// A table has no more columns than this.
const MOST_COLUMNS: usize = 1000;

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Heading,
    Footnote,
    Link,
    Table,
    /// Cells that are repeated on each page.
    Header,
    Cell,
    /// A line of a table, which is no cell.
    Rule,
    Figure,
    Quote,
    Image,
    /// Sets what the file says of itself; templates take the same.
    Document,
    Date,
    Text,
    /// Sets how pages look.
    Page,
    Title,
    /// A list; each argument is an item.
    List,
    /// Its content is a block.
    Block,
    Other,
}

/// A function with its arguments so far, or parentheses around values.
#[derive(Clone, Debug)]
pub struct Call {
    pub function: Function,
    /// The name of the argument that is being read, if it has one.
    named: Option<Name>,
    /// In parentheses within an argument: the name of that.
    outer: Option<Name>,
    /// Whether anything of the argument has come.
    pub has_value: bool,
    /// Arguments so far.
    count: usize,
    level: u8,
    is_block: bool,
    is_group: bool,
    address: Option<Range<usize>>,
    date: [usize; 3],
}

/// Names of arguments that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Level,
    Depth,
    Caption,
    Title,
    Author,
    Keywords,
    Description,
    Date,
    Language,
    Person,
    Columns,
    Columnspan,
    Block,
    Attribution,
    Alternative,
    Year,
    Month,
    Day,
    Body,
    Abstract,
    Numbering,
    Start,
    Other,
}

/// A table whose cells are being read.
#[derive(Debug)]
pub struct Table {
    columns: usize,
    /// Cells of the row so far.
    cells: usize,
    /// Columns that the cell takes beside its first.
    more: usize,
}

impl Call {
    fn new(function: Function) -> Call {
        Call {
            function,
            named: None,
            outer: None,
            has_value: false,
            count: 0,
            level: 1,
            is_block: false,
            is_group: false,
            address: None,
            date: [0; 3],
        }
    }

    /// The function of this name.
    pub fn of(name: &str) -> Call {
        let function = match name {
            "heading" => Function::Heading,
            "footnote" => Function::Footnote,
            "link" => Function::Link,
            "table" | "grid" => Function::Table,
            "table.header" | "table.footer" | "grid.header" | "grid.footer" => Function::Header,
            "table.cell" | "grid.cell" => Function::Cell,
            "table.hline" | "table.vline" | "grid.hline" | "grid.vline" => Function::Rule,
            "figure" => Function::Figure,
            "quote" => Function::Quote,
            "image" => Function::Image,
            "document" => Function::Document,
            "datetime" => Function::Date,
            "text" | "emph" | "strong" | "raw" | "underline" | "upper" | "smallcaps"
            | "highlight" | "super" | "sub" | "strike" | "overline" | "lower" => Function::Text,
            "page" => Function::Page,
            "title" => Function::Title,
            "list" | "enum" | "terms" | "list.item" | "enum.item" => Function::List,
            "align" | "block" | "par" | "columns" | "pad" | "rect" | "center" | "place"
            | "stack" => Function::Block,
            _ if name.ends_with(".with") => Function::Document,
            _ => Function::Other,
        };
        Call::new(function)
    }

    /// A function that takes the whole file, and what it says of itself.
    pub fn template() -> Call {
        Call::new(Function::Document)
    }

    /// What content directly after the function is.
    pub fn content(&self, start: usize) -> Then {
        match self.function {
            Function::Heading => Then::Heading(self.level, start),
            Function::Footnote => Then::Note,
            Function::Quote if self.is_block => Then::Quotation,
            Function::Title => Then::Title(start),
            Function::List => Then::Item,
            Function::Block | Function::Figure => Then::Block,
            _ => Then::Text,
        }
    }

    /// What content among its arguments is.
    pub fn argument_content(&self, start: usize) -> Then {
        match (self.function, self.named.or(self.outer)) {
            (Function::Page, _) => Then::Nothing,
            (_, Some(Name::Caption)) => Then::Caption,
            (Function::Document, Some(Name::Title)) => Then::Title(start),
            (Function::Document, Some(Name::Author | Name::Person)) => Then::Metadata("author"),
            (Function::Document, Some(Name::Keywords)) => Then::Metadata("keywords"),
            (Function::Document, Some(Name::Description)) => Then::Metadata("description"),
            (Function::Document, Some(Name::Date)) => Then::Metadata("date"),
            (Function::Document, Some(Name::Abstract | Name::Other)) => Then::Block,
            (Function::Quote, Some(Name::Attribution)) => Then::Quotation,
            (_, None | Some(Name::Body)) => self.content(start),
            _ => Then::Text,
        }
    }
}

fn name_of(name: &str) -> Name {
    match name {
        "level" => Name::Level,
        "depth" => Name::Depth,
        "caption" => Name::Caption,
        "title" => Name::Title,
        "author" | "authors" => Name::Author,
        "keywords" => Name::Keywords,
        "description" => Name::Description,
        "date" => Name::Date,
        "lang" => Name::Language,
        "name" => Name::Person,
        "columns" => Name::Columns,
        "colspan" => Name::Columnspan,
        "block" => Name::Block,
        "attribution" => Name::Attribution,
        "alt" => Name::Alternative,
        "year" => Name::Year,
        "month" => Name::Month,
        "day" => Name::Day,
        "body" => Name::Body,
        "abstract" => Name::Abstract,
        "numbering" => Name::Numbering,
        "start" => Name::Start,
        _ => Name::Other,
    }
}

impl Reader<'_> {
    fn call(&mut self) -> Option<&mut Call> {
        match self.open.last_mut() {
            Some(Open { what: What::Call(call), .. }) => Some(call),
            _ => None,
        }
    }

    /// Parentheses that call nothing: values of an argument.
    pub fn group(&self) -> Call {
        let mut group = Call::new(Function::Other);
        if let Some(Open { what: What::Call(call), .. }) = self.open.last() {
            let is_own = matches!(call.function, Function::Document);
            group.function = if is_own { call.function } else { Function::Other };
            group.outer = call.named.or(call.outer);
        }
        group.is_group = true;
        group
    }

    pub fn begin_call(&mut self, call: &Call) {
        let is_list = call.function == Function::List && self.items.is_empty();
        if is_list || call.function == Function::Table {
            self.stream.end_list();
        }
        if call.function == Function::Table {
            self.tables.push(Table { columns: 1, cells: 0, more: 0 });
            self.settle();
        }
    }

    /// Whether content in this argument is for reading.
    pub fn shows_argument(&self) -> bool {
        match self.open.last() {
            Some(Open { what: What::Call(call), .. }) => {
                call.function != Function::Page
                    && matches!(call.named, None | Some(Name::Caption | Name::Body))
            }
            _ => true,
        }
    }

    pub fn name_argument(&mut self, name: &str) {
        if let Some(call) = self.call() {
            call.named = Some(name_of(name));
        }
        self.pending = None;
        self.ended = b':';
    }

    /// A comma: the next argument.
    pub fn next_argument(&mut self) {
        self.at += 1;
        self.pending = None;
        self.end_argument();
        self.ended = b',';
    }

    fn end_argument(&mut self) {
        let Some(call) = self.call() else { return };
        let is_cell = matches!(call.function, Function::Table | Function::Header)
            && call.named.is_none()
            && call.has_value;
        call.count += usize::from(call.has_value);
        call.has_value = false;
        call.named = None;
        if is_cell {
            self.end_cell();
        }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        table.cells = table.cells.saturating_add(1 + std::mem::take(&mut table.more));
        if table.cells >= table.columns {
            table.cells = 0;
            self.stream.end_block();
        } else {
            self.stream.next_cell();
        }
    }

    /// A word as an argument.
    pub fn word_argument(&mut self, word: &str) {
        let number = self.numbers.get(word).copied();
        let Some(call) = self.call() else { return };
        match (call.named, number) {
            (Some(Name::Block), _) => call.is_block = word == "true",
            (Some(_), Some(number)) => self.number_argument(number),
            _ => {}
        }
    }

    pub fn number_argument(&mut self, number: usize) {
        let sets_lists = self.sets_lists();
        let Some(call) = self.call() else { return };
        let named = call.named;
        match named {
            Some(Name::Level | Name::Depth) => {
                call.level = u8::try_from(number).unwrap_or(u8::MAX).max(1);
            }
            Some(Name::Year) => call.date[0] = number,
            Some(Name::Month) => call.date[1] = number,
            Some(Name::Day) => call.date[2] = number,
            Some(Name::Start) if sets_lists => self.numbering.first = i64::try_from(number).ok(),
            _ => {}
        }
        let Some(table) = self.tables.last_mut() else { return };
        match named {
            Some(Name::Columns) => table.columns = number.clamp(1, MOST_COLUMNS),
            Some(Name::Columnspan) => table.more = number.clamp(1, MOST_COLUMNS) - 1,
            _ => {}
        }
    }

    /// Whether the arguments are those of `#set enum(`.
    fn sets_lists(&self) -> bool {
        let mut open = self.open.iter().rev().map(|open| &open.what);
        matches!(open.next(), Some(What::Call(call)) if call.function == Function::List)
            && matches!(open.next(), Some(What::Statement))
    }

    /// A string as an argument.
    pub fn string_argument(&mut self, inside: Range<usize>) {
        let shows = self.open.last().is_some_and(|open| open.shows);
        let sets_lists = self.sets_lists();
        let Some(call) = self.call() else { return };
        let name = match (call.named, call.outer) {
            // Authors may be given with more than their names.
            (Some(Name::Person), Some(Name::Author)) => Some(Name::Author),
            (Some(_), Some(_)) => Some(Name::Other),
            (named, outer) => named.or(outer),
        };
        let (function, level, is_first) = (call.function, call.level, call.count == 0);
        if sets_lists && name == Some(Name::Numbering) {
            let pattern = self.plain(inside);
            return self.numbering.set(&pattern);
        }
        if function == Function::Link && is_first && name.is_none() {
            call.address = Some(inside.clone());
            return;
        }
        let key = match (function, name) {
            (Function::Document, Some(Name::Title)) => {
                let title = self.plain(inside.clone());
                return self.set_title(&title, inside);
            }
            (Function::Document, Some(Name::Author)) => "author",
            (Function::Document, Some(Name::Keywords)) => "keywords",
            (Function::Document, Some(Name::Description)) => "description",
            (Function::Document, Some(Name::Date)) => "date",
            (Function::Text | Function::Document, Some(Name::Language)) => "language",
            (Function::Image, Some(Name::Alternative)) if shows => return self.stream.text(inside),
            (Function::Heading, None) if shows => {
                self.stream.end_list();
                let heading = self.plain(inside.clone());
                return self.heading(level, &heading, inside);
            }
            (
                Function::Text
                | Function::Table
                | Function::Header
                | Function::Cell
                | Function::Quote,
                None,
            ) if shows => {
                return self.stream.text(inside);
            }
            _ => return,
        };
        let value = self.plain(inside);
        self.stream.sheet.metadata(key, &value);
    }

    /// A call, or a group of values, ends.
    pub fn end_call(&mut self, mut call: Call) {
        let is_cell = matches!(call.function, Function::Table | Function::Header)
            && call.named.is_none()
            && call.has_value;
        call.count += usize::from(call.has_value);
        if is_cell {
            self.end_cell();
        }
        match call.function {
            Function::Table if !call.is_group => {
                self.stream.end_block();
                self.tables.pop();
                self.settle();
                if self.tables.is_empty() {
                    self.stream.end_list();
                }
            }
            Function::Header | Function::Rule => {
                if let Some(outer) = self.call() {
                    outer.has_value = false;
                }
            }
            Function::Link => self.link(&call),
            Function::Date => self.date(&call),
            _ => {}
        }
        if call.is_group && call.outer == Some(Name::Columns) {
            if let Some(table) = self.tables.last_mut() {
                table.columns = call.count.clamp(1, MOST_COLUMNS);
            }
            return;
        }
        call.named = None;
        self.pending = (!call.is_group).then_some(call);
    }

    fn link(&mut self, call: &Call) {
        let Some(address) = call.address.clone() else { return };
        let target = self.plain(address.clone());
        self.stream.sheet.link(&target);
        let shows = self.open.last().is_some_and(|open| open.shows);
        if call.count == 1 && shows && !self.rest().starts_with('[') {
            self.stream.text(address);
        }
    }

    /// `date: datetime(year: 2025, month: 11, day: 24)`
    fn date(&mut self, call: &Call) {
        let is_of_document = self.call().is_some_and(|outer| {
            outer.function == Function::Document && outer.named == Some(Name::Date)
        });
        if is_of_document && call.date[0] > 0 {
            let [year, month, day] = call.date;
            let date = match (month, day) {
                (0, _) => format!("{year:04}"),
                (_, 0) => format!("{year:04}-{month:02}"),
                _ => format!("{year:04}-{month:02}-{day:02}"),
            };
            self.stream.sheet.metadata("date", &date);
        }
    }
}
