//! Rows of values (CSV, TSV): each row a record with the names of its columns.

mod fields;
mod shape;

use std::collections::HashMap;

use super::builder::DocumentBuilder;
use crate::document::{BlockKind, Document};
pub(super) use fields::{Field, Fields, content};
use shape::{Shape, is_number, is_year, shape};

/// Names of columns repeat in every row: they may make the text longer by this many times the source,
/// beyond which rows hold their values alone (a wide header over tiny values would fill any memory).
const MOST_NAMES: usize = 2;

/// Files shorter than this (bytes) keep the names of their columns whatever they cost.
const SMALL: usize = 1024 * 1024;

/// Reads rows of values.
pub fn read(id: &str, source: &str) -> Document {
    let shape = shape(id, source);
    let mut rows = Rows {
        source,
        builder: DocumentBuilder::new(id, source),
        names: Vec::new(),
        budget: source.len().saturating_mul(MOST_NAMES).max(SMALL),
        delimiter: shape.delimiter,
        is_first: true,
        table: Table::default(),
    };
    rows.all(&shape);
    rows.builder.finish()
}

/// Whether a text whose name says nothing is rows of values under the names of their columns: as many on
/// each line, and not as in prose, where a blank follows a comma.
pub fn is_table(sample: &str) -> bool {
    shape::is_table(sample)
}

struct Rows<'a> {
    source: &'a str,
    builder: DocumentBuilder<'a>,
    names: Vec<String>,
    /// Bytes that names of columns may still take.
    budget: usize,
    delimiter: u8,
    is_first: bool,
    table: Table,
}

/// What is known of the table that is being read.
#[derive(Default)]
struct Table {
    /// The columns that have numbers, and whether these are years.
    numbers: HashMap<usize, bool>,
    /// Whether rows of it follow each other with nothing between: where all are a line apart, none of these ends it.
    is_dense: bool,
    /// Whether the last row was blank.
    is_behind_blank: bool,
    /// Whether another has ended above it.
    is_below: bool,
    /// A row below that one that may name the columns of another.
    waiting: Option<Vec<Field>>,
}

impl Rows<'_> {
    fn all(&mut self, shape: &Shape) {
        let mut fields = Fields::new(self.source, shape.start..self.source.len(), shape.delimiter);
        let mut row = Vec::new();
        let mut index = 0;
        while fields.row(&mut row) {
            if row.iter().all(|field| self.is_blank(field)) {
                self.table.is_behind_blank = index > shape.before;
                continue;
            }
            match (index < shape.before, index == shape.before && shape.has_header) {
                (true, _) => self.before(&row),
                (_, true) => self.header(&row),
                _ => self.next(&row),
            }
            index += 1;
        }
        if let Some(waiting) = self.table.waiting.take() {
            self.row(&waiting);
        }
        if self.is_first && shape.has_header {
            self.lone_header(shape);
        }
    }

    /// A row under the names of the columns, or under a blank row, which ends a table.
    fn next(&mut self, row: &[Field]) {
        let is_behind_blank = std::mem::take(&mut self.table.is_behind_blank);
        if let Some(waiting) = self.table.waiting.take() {
            // Names stand above numbers.
            match !is_behind_blank && self.has_value(row) && self.names_all(&waiting, row) {
                true => self.header(&waiting),
                false => self.row(&waiting),
            }
        }
        self.table.is_dense |= !is_behind_blank && !self.is_first;
        let ends = is_behind_blank && self.table.is_dense && !self.names.is_empty();
        if ends && !self.goes_on(row) {
            self.names.clear();
            self.table = Table { is_below: true, ..Table::default() };
        }
        let may_name = is_behind_blank && self.table.is_below && self.names.is_empty();
        if may_name && !self.has_value(row) {
            self.table.waiting = Some(row.to_vec());
            return;
        }
        self.row(row);
        if self.names.is_empty() {
            return;
        }
        let numbers: Vec<(usize, bool)> = self.numbers(row).collect();
        for (column, is_year) in numbers {
            *self.table.numbers.entry(column).or_default() |= is_year;
        }
    }

    /// Whether a row has a name for each column that another fills, and more than one: a sentence above numbers has not.
    fn names_all(&self, names: &[Field], row: &[Field]) -> bool {
        let is_filled = |row: &[Field], column: usize| {
            row.get(column).is_some_and(|field| !self.is_blank(field))
        };
        (0..names.len()).filter(|&column| is_filled(names, column)).count() > 1
            && (0..row.len()).all(|column| !is_filled(row, column) || is_filled(names, column))
    }

    /// Whether a row below a blank one can be of no other table: numbers under numbers, words under words. Years may be
    /// names of other columns, but where years stand above.
    fn goes_on(&self, row: &[Field]) -> bool {
        let known = &self.table.numbers;
        let numbers: HashMap<usize, bool> = self.numbers(row).collect();
        let is_value =
            |(column, is_year): (&usize, &bool)| !is_year || known.get(column) == Some(&true);
        let filled = row.iter().enumerate().filter(|(_, field)| !self.is_blank(field));
        let mut columns = filled.map(|(column, _)| column);
        numbers.iter().any(is_value)
            && columns.all(|column| numbers.contains_key(&column) == known.contains_key(&column))
    }

    /// The columns in which a row has numbers, and whether these are years.
    fn numbers(&self, row: &[Field]) -> impl Iterator<Item = (usize, bool)> {
        let texts = row.iter().map(|field| self.text(field)).enumerate();
        texts.filter(|(_, text)| is_number(text)).map(|(column, text)| (column, is_year(text)))
    }

    /// Whether a row has a number that is no year, which may be the name of a column.
    fn has_value(&self, row: &[Field]) -> bool {
        self.numbers(row).any(|(_, is_year)| !is_year)
    }

    fn text(&self, field: &Field) -> &str {
        self.source[field.range.clone()].trim()
    }

    fn is_blank(&self, field: &Field) -> bool {
        self.source[field.range.clone()].trim().is_empty()
    }

    /// A line above the table: the first is its title, further ones and comments are text.
    fn before(&mut self, row: &[Field]) {
        let Some(first) = row.iter().find(|field| !self.is_blank(field)) else { return };
        let is_comment = self.source[first.range.clone()].trim_start().starts_with('#');
        if self.builder.is_untouched() && !is_comment && row.iter().all(|f| !f.has_doubled) {
            let title = self.source[first.range.clone()].trim();
            return self.builder.title(title, Some(first.range.clone()));
        }
        self.builder.begin(BlockKind::Paragraph, false);
        for (index, field) in row.iter().filter(|field| !field.range.is_empty()).enumerate() {
            if index > 0 {
                self.builder.push_made(" ");
            }
            let marks = if index == 0 && is_comment { self.comment_marks(field) } else { 0 };
            let range = field.range.start + marks..field.range.end;
            self.value(&Field { range, ..*field });
        }
        self.builder.end();
    }

    fn comment_marks(&self, field: &Field) -> usize {
        let text = &self.source[field.range.clone()];
        text.len() - text.trim_start().trim_start_matches('#').len()
    }

    fn header(&mut self, row: &[Field]) {
        let name = |field: &Field| super::builder::collapse(&content(self.source, field));
        self.names = row.iter().map(name).collect();
        if let Some(first) = self.names.first_mut() {
            *first = first.trim_start_matches('#').trim().to_owned();
        }
    }

    /// A file that has nothing but a header: its names are its text.
    fn lone_header(&mut self, shape: &Shape) {
        self.names.clear();
        let mut fields = Fields::new(self.source, shape.start..self.source.len(), shape.delimiter);
        let mut row = Vec::new();
        let mut index = 0;
        while fields.row(&mut row) {
            if row.iter().all(|field| self.is_blank(field)) {
                continue;
            }
            if index == shape.before {
                return self.row(&row);
            }
            index += 1;
        }
    }

    fn row(&mut self, row: &[Field]) {
        self.builder.begin(BlockKind::TableRow, !self.is_first);
        self.is_first = false;
        let mut is_open = false;
        let mut previous = 0;
        for (column, field) in row.iter().enumerate() {
            if self.is_blank(field) {
                continue;
            }
            if is_open {
                self.tab(previous, field.range.start);
            }
            is_open = true;
            previous = field.range.end;
            if let Some(name) = self.names.get(column).filter(|name| !name.is_empty())
                && let Some(rest) = self.budget.checked_sub(name.len() + 2)
            {
                self.budget = rest;
                self.builder.add(name);
                self.builder.push_made(": ");
            }
            self.value(field);
        }
        self.builder.end();
    }

    /// What separates two values; a tab of the source is the same tab.
    fn tab(&mut self, start: usize, end: usize) {
        match self.delimiter == b'\t' && self.source.get(start..end) == Some("\t") {
            true => self.builder.push("\t", start..end),
            false => self.builder.push_made("\t"),
        }
    }

    fn value(&mut self, field: &Field) {
        let text = self.source[field.range.clone()].trim();
        let start = field.range.start
            + (self.source[field.range.clone()].len()
                - self.source[field.range.clone()].trim_start().len());
        if !field.has_doubled {
            return self.builder.push(text, start..start + text.len());
        }
        let mut rest = 0;
        while let Some(at) = text[rest..].find("\"\"") {
            let quote = rest + at;
            self.builder.push(&text[rest..quote], start + rest..start + quote);
            self.builder.push("\"", start + quote..start + quote + 2);
            rest = quote + 2;
        }
        self.builder.push(&text[rest..], start + rest..start + text.len());
    }
}
