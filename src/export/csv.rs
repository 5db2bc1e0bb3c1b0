//! Tables in text: values between commas or tabs.

use std::io::Write;

use super::row::{COLUMNS, Cell, cells};
use super::{Export, flush, write};
use crate::error::Result;
use crate::render::count::data::{csv_cell, safe_cell};
use crate::search::{Found, SearchResponse};

/// How cells are told apart.
#[derive(Clone, Copy)]
pub struct Separator {
    between: &'static str,
    cell: fn(&str) -> String,
}

/// RFC 4180.
pub const COMMA: Separator = Separator { between: ",", cell: csv_cell };

/// A tab is in no cell, nor is the end of a line.
pub const TAB: Separator =
    Separator { between: "\t", cell: |text| safe_cell(&words(text)).into_owned() };

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub struct Table<'w> {
    out: Box<dyn Write + 'w>,
    separator: Separator,
}

impl<'w> Table<'w> {
    /// Writes the names of the columns.
    pub fn begin(separator: Separator, mut out: Box<dyn Write + 'w>) -> Result<Table<'w>> {
        write(&mut out, &(COLUMNS.join(separator.between) + "\n"))?;
        Ok(Table { out, separator })
    }
}

impl Export for Table<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        let cells = cells(found).map(|cell| match cell {
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => (self.separator.cell)(&text),
        });
        write(&mut self.out, &(cells.join(self.separator.between) + "\n"))
    }

    fn end(mut self: Box<Self>, _: &SearchResponse) -> Result<()> {
        flush(&mut self.out)
    }
}
