//! Readers: a file's bytes in, a [`Document`] and warnings out.
//!
//! Reading never fails on content: odd content gives a document and warnings. A format that is not
//! read is said to be so. Each format is one file here.

pub mod asciidoc;
pub mod builder;
pub mod corpus;
pub mod csv;
mod decode;
pub mod docx;
mod drawing;
mod encoding;
pub mod epub;
mod equation;
pub mod files;
mod flow;
pub mod format;
pub mod html;
mod languages;
pub mod latex;
pub mod limits;
pub mod markdown;
mod metadata;
mod numbers;
pub mod odt;
mod opc;
pub mod org;
pub mod package;
pub mod pdf;
pub mod plain;
pub mod pptx;
mod roles;
pub mod rst;
pub mod rtf;
pub mod source;
mod style_names;
mod symbol;
pub mod typst;
pub mod wikitext;
pub mod xlsx;
mod xml;

use sha2::{Digest, Sha256};

use crate::document::Document;
use corpus::Corpus;
use format::Format;
use source::Source;

/// Files larger than this are refused: the text, its map and its tokens are held in memory at once.
pub const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// Reads one file's bytes. The content, or else the id's ending, decides the format.
///
/// # Errors
/// The reason, in a few words, when the format is not one that is read, or the file is too damaged.
pub fn read(doc_id: &str, bytes: &[u8], corpus: &Corpus) -> Result<Document, String> {
    let head = &bytes[..bytes.len().min(format::HEAD)];
    let format = format::format_of_content(head).unwrap_or_else(|| format::format_of_name(doc_id));
    let document = match format {
        Format::NotRead(name) => return Err(format!("it is {name}, which is not read")),
        Format::Pdf => pdf::read(doc_id, bytes)?,
        Format::Docx => docx::read(doc_id, bytes)?,
        Format::Odt => odt::read(doc_id, bytes)?,
        Format::Pptx => pptx::read(doc_id, bytes)?,
        Format::Xlsx => xlsx::read(doc_id, bytes)?,
        Format::Epub => epub::read(doc_id, bytes)?,
        _ => return text(doc_id, bytes, format, corpus),
    };
    Ok(finish(document, bytes, corpus))
}

/// Reads a format that is text: its bytes are decoded, and each piece of the document keeps its place
/// among them.
fn text(doc_id: &str, bytes: &[u8], format: Format, corpus: &Corpus) -> Result<Document, String> {
    let source = Source::decode(bytes);
    if !source.is_text() {
        return Err("it is not text, and of no format that is read".to_owned());
    }
    let text = &source.text;
    let document = match format {
        Format::Wikitext => wikitext::read(doc_id, text),
        Format::Markdown => markdown::read(doc_id, text),
        Format::Html => html::read(doc_id, text, false),
        Format::Rst => rst::read(doc_id, text),
        Format::Asciidoc => asciidoc::read(doc_id, text),
        Format::Org => org::read(doc_id, text),
        Format::Latex => latex::read(doc_id, text),
        Format::Typst => typst::read(doc_id, text),
        Format::Rtf => rtf::read(doc_id, text),
        Format::Csv => csv::read(doc_id, text),
        _ if format::is_wikitext(text) => wikitext::read(doc_id, text),
        _ => plain::read(doc_id, text),
    };
    Ok(finish(source.locate(document), bytes, corpus))
}

/// What holds for every document, whatever its format.
fn finish(mut document: Document, bytes: &[u8], corpus: &Corpus) -> Document {
    document.sha256 = Sha256::digest(bytes).into();
    corpus.complete(&mut document);
    document
}
