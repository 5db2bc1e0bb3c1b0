//! Org mode.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads Org mode.
pub fn read(id: &str, source: &str) -> Document {
    DocumentBuilder::new(id, source).finish()
}
