//! AsciiDoc.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads AsciiDoc.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
