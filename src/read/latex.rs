//! LaTeX.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads LaTeX.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
