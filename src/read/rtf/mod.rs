//! Rich Text Format, by the specification 1.9.1 and what Word, WordPad, LibreOffice and TextEdit make
//! of it.

mod charset;
mod entries;
mod reader;
mod state;
mod tables;
mod token;
mod words;
mod write;

use super::builder::DocumentBuilder;
use crate::document::Document;
use reader::Reader;

/// Reads Rich Text Format.
pub fn read(id: &str, source: &str) -> Document {
    Reader::new(source, DocumentBuilder::new(id, source)).read()
}
