//! A hit as a row of a table: one list of columns for every form that has columns.

use crate::render::{location_text, short_citation};
use crate::search::Found;

/// The names of the columns, in their order.
pub const COLUMNS: [&str; 14] = [
    "rank", "score", "title", "country", "year", "section", "role", "place", "text", "missing",
    "citation", "lang", "doc_id", "id",
];

/// The column of the text, which is the widest.
pub const TEXT: usize = 8;

/// A cell.
pub enum Cell {
    /// A number.
    Number(f64),
    /// A text; empty where there is none.
    Text(String),
}

/// The cells of a hit, one for each of [`COLUMNS`].
pub fn cells(found: &Found) -> [Cell; COLUMNS.len()] {
    let passage = &found.passage;
    let text = |value: Option<&str>| Cell::Text(value.unwrap_or_default().to_owned());
    let year = passage.year().map_or(Cell::Text(String::new()), |year| Cell::Number(year as f64));
    [
        Cell::Number(found.rank as f64),
        // As it is rounded for ranking: to 1/1024.
        Cell::Number((f64::from(found.score) * 1e4).round() / 1e4),
        text(Some(&passage.report.title)),
        text(passage.metadata("country")),
        year,
        Cell::Text(passage.trail.get(1..).unwrap_or_default().join(" › ")),
        text(passage.role.as_deref()),
        Cell::Text(location_text(passage)),
        text(Some(&passage.text)),
        Cell::Text(found.missing.join(", ")),
        Cell::Text(short_citation(passage)),
        text(passage.report.lang.as_deref()),
        text(Some(&passage.report.doc_id)),
        text(Some(&passage.id)),
    ]
}
