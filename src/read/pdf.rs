//! PDF.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads PDF.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let _ = bytes;
    Ok(DocumentBuilder::of_pages(id).finish())
}
