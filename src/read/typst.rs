//! Typst.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads Typst.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
