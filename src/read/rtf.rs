//! Rich Text Format.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads Rich Text Format.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
