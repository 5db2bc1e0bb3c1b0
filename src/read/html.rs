//! Web pages.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads Web pages.
pub fn read(id: &str, source: &str, keep_all: bool) -> Document {
    let _ = keep_all;
    DocumentBuilder::new(id, source).finish()
}
