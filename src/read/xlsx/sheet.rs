//! A sheet: its cells, and its rows as records where the first names the columns.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::format::Formats;
use super::strings::{Strings, rich_text, unescape};
use crate::document::BlockKind;
use crate::read::builder::DocumentBuilder;
use crate::read::xml::{Tag, Token, Xml};

/// The name of a column has at most so many characters.
const LONGEST_NAME: usize = 100;

/// Lines above a table, at most; a sheet with more has one column.
const MOST_LINES_ABOVE: usize = 20;

/// What stands between two cells: a tab for each column, at most so many.
const WIDEST_GAP: &str = "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";

/// What the value of a cell is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Truth,
    Error,
    Date,
}

impl Kind {
    fn of(name: &str) -> Kind {
        match name {
            "s" => Kind::Shared,
            "str" | "inlineStr" => Kind::Text,
            "b" => Kind::Truth,
            "e" => Kind::Error,
            "d" => Kind::Date,
            _ => Kind::Number,
        }
    }
}

/// A cell that is not empty.
struct Cell {
    column: usize,
    text: String,
    is_text: bool,
}

/// The names of columns, by their numbers.
type Names = Vec<Option<String>>;

/// Columns with numbers, and whether any of these is a year.
type Columns = HashMap<usize, bool>;

/// A row that is not empty: its number and cells.
struct Row(usize, Vec<Cell>);

/// Reads a sheet into the builder.
pub struct Sheet<'a> {
    builder: &'a mut DocumentBuilder<'static>,
    strings: &'a Strings,
    formats: &'a Formats,
    /// How many bytes may still be written.
    room: &'a mut usize,
    /// Rows that wait for what follows them.
    waiting: Vec<Row>,
    /// The names of columns, once it is known whether there are any.
    names: Option<Names>,
    /// The columns of the table that have numbers, and whether these are years.
    numbers: Columns,
    /// Names and columns with numbers of the table above the empty rows that have just been read.
    above: Option<(Names, Columns)>,
    /// Whether there is a table with names above.
    is_below: bool,
    /// Whether rows of the table have been written.
    has_rows: bool,
    /// The number of the last row that is not empty.
    last: usize,
}

impl<'a> Sheet<'a> {
    /// A sheet to be read.
    pub fn new(
        builder: &'a mut DocumentBuilder<'static>,
        strings: &'a Strings,
        formats: &'a Formats,
        room: &'a mut usize,
    ) -> Sheet<'a> {
        Sheet {
            builder,
            strings,
            formats,
            room,
            waiting: Vec::new(),
            names: None,
            numbers: Columns::new(),
            above: None,
            is_below: false,
            has_rows: false,
            last: 0,
        }
    }

    /// Reads the part of the sheet.
    pub fn read(&mut self, text: &str) {
        let mut xml = Xml::new(text);
        let mut row = Row(0, Vec::new());
        let mut column = 0;
        while let Some(token) = xml.token() {
            match token {
                Token::Open(tag) => match tag.name() {
                    "row" => {
                        row = Row(tag.number("r").unwrap_or(row.0.saturating_add(1)), Vec::new());
                        column = 0;
                    }
                    "c" => {
                        column += 1;
                        row.1.extend(self.cell(&mut column, &tag, &mut xml));
                    }
                    "extLst" | "conditionalFormatting" | "dataValidations" | "headerFooter" => {
                        xml.skip();
                    }
                    _ => {}
                },
                Token::Close(end) if end.name() == "row" => {
                    let number = row.0;
                    self.row(std::mem::replace(&mut row, Row(number, Vec::new())));
                    if *self.room == 0 {
                        self.builder.warn(
                            "its cells say far more than the file holds: the rest is left out",
                            None,
                        );
                        break;
                    }
                }
                Token::Close(end) if end.name() == "sheetData" => break,
                _ => {}
            }
        }
        self.row(row);
        self.write_waiting();
        self.builder.end();
        if let Some(fault) = xml.fault() {
            self.builder.warn(fault, None);
        }
    }

    /// A cell; its reference may set the column.
    fn cell(&self, column: &mut usize, tag: &Tag<'_>, xml: &mut Xml<'_>) -> Option<Cell> {
        let (mut kind, mut style) = (Kind::Number, 0);
        tag.each_attribute(|name, value| match name {
            "r" => *column = column_of(value).unwrap_or(*column),
            "s" => style = value.parse().unwrap_or(0),
            "t" => kind = Kind::of(value),
            _ => {}
        });
        let mut value = String::new();
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            match tag.name() {
                "v" => xml.text_into(&mut value),
                "is" => rich_text(xml, &mut value),
                _ => xml.skip(),
            }
        }
        let text = match kind {
            Kind::Shared => self.strings.get(value.trim().parse().ok()?)?.trim().to_owned(),
            Kind::Text => {
                unescape(&mut value, 0);
                value.trim().to_owned()
            }
            Kind::Truth => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            Kind::Date => value.trim().trim_end_matches("T00:00:00").replace('T', " "),
            Kind::Error => value,
            Kind::Number => self.formats.text(&value, style),
        };
        let (column, is_text) = (*column, matches!(kind, Kind::Shared | Kind::Text));
        (!text.is_empty()).then_some(Cell { column, text, is_text })
    }

    /// A row has been read. It waits until the first row that may name the columns has another after it.
    fn row(&mut self, row: Row) {
        if row.1.is_empty() {
            return;
        }
        if self.last > 0 && row.0 > self.last.saturating_add(1) {
            self.end_table();
        }
        self.last = row.0;
        self.resume(&row);
        if self.names.is_some() {
            return self.write(row);
        }
        let candidate = self.waiting.last().filter(|candidate| candidate.1.len() > 1);
        if candidate.is_none() && self.waiting.len() < MOST_LINES_ABOVE {
            return self.waiting.push(row);
        }
        // Below another table, where names may as well be values, they stand above numbers.
        let may_name = !self.is_below || row.1.iter().any(|cell| !cell.is_text);
        let named = candidate.filter(|_| may_name).map(|first| names(first, &row));
        let found = named.unwrap_or_default();
        let is_wider = candidate.is_some_and(|candidate| row.1.len() > candidate.1.len());
        self.write_waiting();
        if found.is_empty() && is_wider {
            return self.waiting.push(row);
        }
        self.names = Some(found);
        self.write(row);
    }

    /// An empty row ends a table: the names of its columns are not those of what comes after it.
    fn end_table(&mut self) {
        let names = self.names.take();
        let numbers = std::mem::take(&mut self.numbers);
        self.above = names.filter(|names| !names.is_empty()).map(|names| (names, numbers));
        if self.waiting.last().is_some_and(|row| row.1.len() > 1) {
            self.write_waiting();
        }
        self.is_below |= self.above.is_some();
    }

    /// A row below an empty one goes on with the table above where it can be nothing else: numbers under those of the
    /// table, and words where it has words. Years may be the names of other columns, but where years stand above.
    fn resume(&mut self, row: &Row) {
        let Some((names, numbers)) = self.above.take() else { return };
        let is_named = |cell: &Cell| names.get(cell.column).is_some_and(Option::is_some);
        let is_alike =
            |cell: &Cell| is_named(cell) && cell.is_text != numbers.contains_key(&cell.column);
        let is_value = |cell: &Cell| !is_year(cell) || numbers.get(&cell.column) == Some(&true);
        let has_number = row.1.iter().any(|cell| !cell.is_text && is_value(cell));
        match has_number && row.1.iter().all(is_alike) {
            true => (self.names, self.numbers) = (Some(names), numbers),
            false => self.has_rows = false,
        }
    }

    /// Writes the rows that waited, which have no names; the lines above a table are paragraphs.
    fn write_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let is_above = waiting.last().is_some_and(|row| row.1.len() > 1);
        self.names = None;
        for row in waiting {
            if let (true, [cell]) = (is_above, row.1.as_slice()) {
                self.builder.begin(BlockKind::Paragraph, false);
                self.builder.paragraph(row.0);
                self.builder.add(&cell.text);
                *self.room = self.room.saturating_sub(cell.text.len());
                continue;
            }
            self.write(row);
        }
        self.numbers.clear();
    }

    fn write(&mut self, Row(number, cells): Row) {
        self.builder.begin(BlockKind::TableRow, self.has_rows);
        self.has_rows = true;
        self.builder.paragraph(number);
        let mut last = None;
        for cell in cells.iter().filter(|cell| !cell.is_text) {
            *self.numbers.entry(cell.column).or_default() |= is_year(cell);
        }
        for Cell { column, text, .. } in cells {
            let name = self.names.as_ref().and_then(|names| names.get(column)?.as_ref());
            let is_record = self.names.as_ref().is_some_and(|names| !names.is_empty());
            if let Some(last) = last {
                let gap = column.saturating_sub(last).clamp(1, WIDEST_GAP.len());
                let gap = if is_record { 1 } else { gap };
                self.builder.push_made(&WIDEST_GAP[..gap]);
            }
            last = Some(column);
            if let Some(name) = name {
                self.builder.add(name);
                self.builder.add(": ");
            }
            let text = match text.contains('\t') {
                true => Cow::Owned(text.replace('\t', " ")),
                false => Cow::Borrowed(text.as_str()),
            };
            self.builder.add(&text);
            let written = text.len() + name.map_or(0, |name| name.len() + 3);
            *self.room = self.room.saturating_sub(written);
            if *self.room == 0 {
                return;
            }
        }
    }
}

fn is_year(cell: &Cell) -> bool {
    cell.text.parse().is_ok_and(|year: u32| (1900..2100).contains(&year))
}

/// The names that a row gives to the columns of those after it; none where it looks like one of them.
fn names(row: &Row, next: &Row) -> Names {
    let cells = &row.1;
    let is_name = |cell: &Cell| {
        let length = cell.text.chars().take(LONGEST_NAME + 1).count();
        let is_day = cell.text.get(4..5) == Some("-") && cell.text.len() >= 10;
        (cell.is_text || is_year(cell) || is_day) && length <= LONGEST_NAME
    };
    let mut seen = HashSet::new();
    let is_header = cells.len() > 1
        && cells.iter().all(|cell| is_name(cell) && seen.insert(cell.text.to_lowercase()))
        && cells.iter().any(|cell| cell.is_text && cell.text.contains(char::is_alphabetic))
        && next.1.len() <= cells.len() + 1;
    if !is_header {
        return Names::new();
    }
    let name = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = |text: &str| name(text).trim_end_matches(':').to_owned();
    let last = cells.iter().map(|cell| cell.column).max().unwrap_or(0);
    let mut names = vec![None; last + 1];
    for cell in cells {
        if let Some(place) = names.get_mut(cell.column) {
            *place = Some(name(&cell.text));
        }
    }
    names
}

/// The column of a cell by its reference: `B7` is in the second.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).take(3);
    let column = letters.fold(0, |column, letter| {
        column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    (column > 0).then_some(column)
}

/// The row of a cell by its reference: `B7` is in the seventh.
pub fn row_of(reference: &str) -> usize {
    let digits = reference.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().unwrap_or(1)
}
