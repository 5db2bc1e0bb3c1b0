//! A workbook: a sheet of hits, and one that says what was asked, so that a table that is passed on can be made again.

use std::io::{Seek, SeekFrom, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::row::{COLUMNS, Cell, TEXT, cells};
use super::{Export, failed};
use crate::error::{Error, Result};
use crate::render::json;
use crate::search::{Found, SearchResponse};

/// The rows of a sheet that are not its head.
const MOST_ROWS: u32 = 1_048_575;

/// The characters of a cell, which the format counts in UTF-16.
const MOST_CHARACTERS: usize = 32_767;

/// What stands at the end of a text that was too long for a cell.
const CUT: &str = " […]";

const TEXT_WIDTH: f64 = 80.0;
const WIDTH: f64 = 18.0;

pub struct Book<'w> {
    out: Box<dyn Write + 'w>,
    book: Workbook,
    rows: u32,
}

impl<'w> Book<'w> {
    /// Begins the sheet of hits. Its rows go to a temporary file as they come.
    pub fn begin(out: Box<dyn Write + 'w>) -> Result<Book<'w>> {
        let mut book = Workbook::new();
        book.add_worksheet_with_constant_memory().and_then(head).map_err(internal)?;
        Ok(Book { out, book, rows: 0 })
    }
}

fn head(sheet: &mut Worksheet) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name("Hits")?.set_freeze_panes(1, 0)?;
    for (column, name) in (0u16..).zip(COLUMNS) {
        let width = if usize::from(column) == TEXT { TEXT_WIDTH } else { WIDTH };
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    Ok(())
}

impl Export for Book<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        if self.rows == MOST_ROWS {
            return Err(Error::Usage {
                message: format!("a sheet holds {MOST_ROWS} hits, and there are more"),
                hint: Some("narrow the query, or export as CSV".to_owned()),
            });
        }
        self.rows += 1;
        let sheet = self.book.worksheet_from_index(0).map_err(internal)?;
        for (column, cell) in (0u16..).zip(cells(found)) {
            match cell {
                Cell::Number(number) => sheet.write_number(self.rows, column, number),
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => sheet.write_string(self.rows, column, fitting(text)),
            }
            .map_err(internal)?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>, response: &SearchResponse) -> Result<()> {
        asked(self.book.add_worksheet(), response).map_err(internal)?;
        // The format is written with places looked up again, which a pipe does not have.
        let mut file = tempfile::tempfile().map_err(failed)?;
        self.book.save_to_writer(&file).map_err(internal)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        std::io::copy(&mut file, &mut self.out).map_err(failed)?;
        self.out.flush().map_err(failed)
    }
}

/// What was asked of what, one value a row.
fn asked(sheet: &mut Worksheet, response: &SearchResponse) -> std::result::Result<(), XlsxError> {
    let index = json::summary(&response.index);
    let rows = [
        ("query", response.query.clone()),
        ("as understood", response.parsed.clone()),
        ("passages", response.total.passages.to_string()),
        ("documents", response.total.documents.to_string()),
        ("index", index["digest"].as_str().unwrap_or_default().to_owned()),
        ("documents in the index", response.index.documents.to_string()),
        ("passages in the index", response.index.passages.to_string()),
        ("program", format!("tipsearch {}", env!("CARGO_PKG_VERSION"))),
    ];
    sheet.set_name("Search")?.set_column_width(0, WIDTH)?.set_column_width(1, TEXT_WIDTH)?;
    for (row, (name, value)) in (0u32..).zip(rows) {
        sheet.write_string(row, 0, name)?.write_string(row, 1, fitting(value))?;
    }
    Ok(())
}

/// As much of a text as a cell holds; what was cut off is shown.
fn fitting(text: String) -> String {
    if text.len() <= MOST_CHARACTERS || text.encode_utf16().count() <= MOST_CHARACTERS {
        return text;
    }
    let mut room = MOST_CHARACTERS - CUT.len();
    let fits = |c: &char| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).collect::<String>() + CUT
}

fn internal(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => failed(error),
        error => Error::Internal { message: format!("the workbook cannot be written: {error}") },
    }
}
