//! The shape of a file of values, seen from its beginning: what separates values, what stands above
//! the table, whether the first row names the columns.

use std::collections::{HashMap, HashSet};

use super::fields::{Field, Fields, content};

/// How much of a file (bytes) shows its shape, and how many rows of it.
const SAMPLE: usize = 256 * 1024;
const SAMPLE_ROWS: usize = 200;

/// The name of a column is no longer than this (characters).
const LONGEST_NAME: usize = 100;

/// Lines above a table that are tolerated.
const MOST_BEFORE: usize = 20;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What the beginning of a file shows.
pub struct Shape {
    pub delimiter: u8,
    /// Where the first row begins: after a line `sep=;`.
    pub start: usize,
    /// How many rows that are not blank stand above the table.
    pub before: usize,
    /// Whether the first row of the table names the columns.
    pub has_header: bool,
}

type Rows = Vec<Vec<String>>;

/// Finds the shape of a file.
pub fn shape(id: &str, source: &str) -> Shape {
    let declared = declared(source);
    let start = declared.map_or(0, |(_, start)| start);
    let is_tabbed = id.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "tsv" | "tab"));
    let tried = DELIMITERS.map(|delimiter| (delimiter, sample(source, start, delimiter)));
    // Of equals the last is the greatest: comma before the others, a tab where the name says so.
    let best = tried.iter().rev().max_by_key(|(delimiter, rows)| {
        let (share, columns) = regularity(rows);
        let is_named = is_tabbed && *delimiter == b'\t' && columns > 1;
        (declared.is_some_and(|(named, _)| named == *delimiter), is_named, share, columns)
    });
    let Some((delimiter, rows)) = best else {
        return Shape { delimiter: b',', start, before: 0, has_header: false };
    };
    let columns = usual_columns(rows);
    let before = before(rows, columns);
    let table = rows.get(before..).unwrap_or_default();
    Shape { delimiter: *delimiter, start, before, has_header: has_header(table) }
}

/// A table has at least so many rows.
const FEWEST_ROWS: usize = 3;

/// Whether the beginning of a text is a table with names above its columns, and nothing else.
pub fn is_table(text: &str) -> bool {
    DELIMITERS.iter().any(|&delimiter| {
        let rows = sample(text, 0, delimiter);
        let (share, columns) = regularity(&rows);
        let least = if matches!(delimiter, b',' | b'|') { 3 } else { 2 };
        let sign = char::from(delimiter);
        let parts = text.matches(sign).count();
        let in_prose = text.matches(&format!("{sign} ")).count();
        rows.len() >= FEWEST_ROWS
            && share == 100
            && columns >= least
            && in_prose * 3 < parts
            && has_header(&rows)
            && has_numbers(&rows)
    })
}

/// Whether a column holds numbers under a name that is none: then the first row names the columns.
fn has_numbers(rows: &Rows) -> bool {
    let Some((names, rest)) = rows.split_first() else { return false };
    (0..names.len()).any(|column| {
        let numbers = rest.iter().filter(|row| row.get(column).is_some_and(|it| is_number(it)));
        !is_number(&names[column]) && numbers.count() * 2 > rest.len()
    })
}

/// The line by which spreadsheet programs are told the delimiter.
fn declared(source: &str) -> Option<(u8, usize)> {
    let line = source.split_inclusive(['\n', '\r']).next()?;
    let mark = line.trim().strip_prefix("sep=")?;
    let delimiter = if mark.is_empty() { b'\t' } else { *mark.as_bytes().first()? };
    let end = line.len() + usize::from(source[line.len()..].starts_with('\n'));
    (mark.len() <= 1 && DELIMITERS.contains(&delimiter)).then_some((delimiter, end))
}

/// The first rows that are not blank; the last one may be cut off by the end of the sample, and goes.
fn sample(source: &str, start: usize, delimiter: u8) -> Rows {
    let end = source.floor_char_boundary(source.len().min(start + SAMPLE));
    let mut fields = Fields::new(source, start..end, delimiter);
    let mut rows = Rows::new();
    let mut row: Vec<Field> = Vec::new();
    while rows.len() < SAMPLE_ROWS && fields.row(&mut row) {
        let values: Vec<String> =
            row.iter().map(|field| content(source, field).trim().to_owned()).collect();
        if values.iter().any(|value| !value.is_empty()) {
            rows.push(values);
        }
    }
    if end < source.len() && fields.position() >= end && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// The number of columns that most rows have.
fn usual_columns(rows: &Rows) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        *counts.entry(row.len()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(columns, count)| (count, columns)).map_or(1, |pair| pair.0)
}

/// How many in a hundred rows have the usual number of columns, and that number; nothing speaks for a
/// delimiter that parts no row.
fn regularity(rows: &Rows) -> (usize, usize) {
    let columns = usual_columns(rows);
    if columns < 2 || rows.is_empty() {
        return (0, columns);
    }
    let usual = rows.iter().filter(|row| row.len() == columns).count();
    (usual * 100 / rows.len(), columns)
}

/// How many rows above the table have fewer values than it has columns: titles and comments.
fn before(rows: &Rows, columns: usize) -> usize {
    let is_before = |row: &&Vec<String>| {
        let values = row.iter().filter(|value| !value.is_empty()).count();
        let is_comment = row.first().is_some_and(|first| first.starts_with('#'));
        let is_short = row.len() < columns || values == 1 && columns > 2;
        (columns > 1 && is_short && values <= 2.max(columns / 3))
            || is_comment && row.len() != columns
            || is_comment && columns == 1
    };
    let count = rows.iter().take(MOST_BEFORE).take_while(is_before).count();
    if count == rows.len() { 0 } else { count }
}

/// Whether the first row names the columns: distinct short texts that are no numbers, and that do not
/// come again in their columns.
fn has_header(table: &[Vec<String>]) -> bool {
    let Some((first, rest)) = table.split_first() else { return false };
    let mut seen = HashSet::new();
    let is_name = |(column, value): (usize, &String)| {
        (!is_number(value) || is_year(value) && !has_years(rest, column))
            && value.chars().count() <= LONGEST_NAME
            && !value.contains('\n')
            && (value.is_empty() || seen.insert(value.to_lowercase()))
    };
    let named = first.iter().filter(|value| !value.is_empty()).count();
    if named == 0 || named * 2 < first.len() || !first.iter().enumerate().all(is_name) {
        return false;
    }
    let again = |(column, name): (usize, &String)| {
        !name.is_empty() && rest.iter().any(|row| row.get(column) == Some(name))
    };
    if first.iter().enumerate().any(again) {
        return false;
    }
    // A single column has a header only if it is of another kind than what is under it.
    let numbers = rest.iter().filter(|row| row.first().is_some_and(|value| is_number(value)));
    first.len() > 1 || !rest.is_empty() && numbers.count() * 2 > rest.len()
}

/// A year names a column often, unless years are what stands under it.
pub fn is_year(value: &str) -> bool {
    value.len() == 4 && matches!(value.get(..2), Some("18" | "19" | "20")) && is_number(value)
}

fn has_years(rows: &[Vec<String>], column: usize) -> bool {
    let years =
        rows.iter().filter(|row| row.get(column).is_some_and(|value| is_year(value))).count();
    rows.is_empty() || years * 2 > rows.len()
}

/// Numbers, amounts, percentages, dates: what a column has as values and not as a name.
pub fn is_number(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let others = value.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0 && others == 0
}
