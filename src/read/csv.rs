//! Rows of values (CSV, TSV): each row a record with the names of its columns.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads rows of values.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
