//! reStructuredText.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads reStructuredText.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
