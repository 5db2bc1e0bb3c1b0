//! Excel.

use super::builder::DocumentBuilder;
use crate::document::Document;

/// Reads Excel.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let _ = bytes;
    Ok(DocumentBuilder::of_pages(id).finish())
}
