//! Readers: a file's bytes in, a [`Document`] and warnings out.
//!
//! Reading never fails on content: odd content gives a document and warnings. A format that is not
//! read is said to be so. Each format is one file here.

pub mod builder;
pub mod corpus;
mod decode;
mod encoding;
pub mod files;
pub mod format;
pub mod markdown;
mod metadata;
pub mod plain;
mod roles;
pub mod source;
pub mod wikitext;

use crate::document::Document;
use corpus::Corpus;
use format::Format;
use source::Source;

/// Files larger than this are refused: the text, its map and its tokens are held in memory at once.
pub const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// Reads one file's bytes. The id's ending and the content decide the format.
///
/// # Errors
/// The reason, in a few words, when the format is not one that is read.
pub fn read(doc_id: &str, bytes: &[u8], corpus: &Corpus) -> Result<Document, String> {
    let format = format::format_of_content(bytes).unwrap_or_else(|| format::format_of_name(doc_id));
    if let Format::NotRead(name) = format {
        return Err(format!("it is {name}, which is not read"));
    }
    let source = Source::decode(bytes);
    if !source.is_text() {
        return Err("it is not text, and of no format that is read".to_owned());
    }
    let document = match format {
        Format::Wikitext => wikitext::read(doc_id, &source.text),
        Format::Markdown => markdown::read(doc_id, &source.text),
        Format::Plain if format::is_wikitext(&source.text) => wikitext::read(doc_id, &source.text),
        Format::Plain | Format::NotRead(_) => plain::read(doc_id, &source.text),
    };
    let mut document = source.locate(document);
    corpus.complete(&mut document);
    Ok(document)
}
