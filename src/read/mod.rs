//! Readers: a file's bytes in, [`Document`]s and warnings out.
//!
//! Reading never fails on content: odd content gives a document and warnings. A format that is not
//! read is said to be so. Each format is one file or folder here; [`records`] is the one door.

mod archive;
pub mod asciidoc;
mod bold;
pub mod builder;
mod compressed;
mod container;
pub mod corpus;
pub mod csv;
mod decode;
pub mod docx;
mod drawing;
mod dump;
mod encoding;
pub mod epub;
mod equation;
pub mod files;
mod flow;
pub mod format;
pub mod guard;
pub mod html;
mod hyphens;
mod input;
pub mod jsonl;
mod language;
mod languages;
pub mod latex;
mod light;
pub mod limits;
mod looks;
mod mail;
pub mod markdown;
mod metadata;
mod numbers;
pub mod ocr;
pub mod odt;
mod opc;
pub mod org;
pub mod package;
pub mod pdf;
pub mod plain;
pub mod pptx;
mod raised;
mod roles;
pub mod rst;
pub mod rtf;
pub mod source;
mod stream;
mod strip;
mod style_names;
mod styled;
mod symbol;
mod title;
pub mod typst;
mod unspaced;
pub mod wikitext;
mod window;
pub mod xlsx;
mod xml;

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::Document;
use container::Place;
use corpus::Corpus;
use format::Format;
pub use input::{Input, digest};
pub use language::detect as language_of;
use metadata::Dated;
use source::Source;

/// Files larger than this are refused, except where they are read as a stream: the text, its map and
/// its tokens are held in memory at once.
pub const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// What comes out of a file.
pub enum Record<'a> {
    /// A document, and the bytes that its locations count in, without those before its origin.
    Document(Box<Document>, &'a [u8]),
    /// A member of a container that cannot be read: its id and the reason.
    Failed(String, String),
    /// A member of a container that is not for reading: its id and what it is.
    PassedOver(String, String),
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// One document, whose id is that of the file.
    Document,
    /// Documents whose ids are that of the file, `#`, and a name. A message keeps the file's own id,
    /// beside those of what is attached to it.
    Container,
}

/// Why nothing, or nothing more, came out of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// It is not for reading: what it is, as in "a picture".
    PassedOver(String),
    /// It should be, and cannot be read: the reason, as in "it is encrypted".
    Failed(String),
    /// Whoever takes the records wants no more.
    Stopped,
}

/// Takes the records of a file as they are read.
pub type Each<'e> = &'e mut dyn FnMut(Record<'_>) -> ControlFlow<()>;

/// Reads a file: its content, or else the end of its id, decides the format. Containers give their
/// records one by one.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn records(
    id: &str,
    input: Input<'_>,
    corpus: &Corpus,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    container::open(id, id, input, &Place::outside(corpus), each)
}

/// Reads the bytes of one document.
///
/// # Errors
/// The reason, in a few words, when the format is not that of one document, or it is too damaged.
pub fn read(id: &str, bytes: &[u8], corpus: &Corpus) -> Result<Document, String> {
    let head = &bytes[..bytes.len().min(format::HEAD)];
    document(id, bytes, format::format_of(head, id), &Place::outside(corpus))
}

/// Reads a text as Markdown, whatever it looks like: no other reader is given what comes from strangers.
///
/// # Errors
/// The reason, in a few words, where it is no text.
pub fn markdown_text(id: &str, markdown: &str, corpus: &Corpus) -> Result<Document, String> {
    text(id, markdown.as_bytes(), Format::Markdown, corpus)
}

fn document(id: &str, bytes: &[u8], format: Format, place: &Place<'_>) -> Result<Document, String> {
    let corpus = place.corpus;
    let document = match format {
        Format::NotRead(name) | Format::Unread(name) => return Err(not_read(name)),
        Format::Locked => return Err(LOCKED.to_owned()),
        Format::Pdf => pdf::read(id, bytes, place.recognize)?,
        Format::Docx => docx::read(id, bytes)?,
        Format::Odt => odt::read(id, bytes)?,
        Format::Pptx => pptx::read(id, bytes)?,
        Format::Xlsx => xlsx::read(id, bytes)?,
        Format::Epub => epub::read(id, bytes)?,
        Format::Mail => mail::message(id, bytes),
        Format::WikiDump | Format::Mbox | Format::Zip | Format::Tar => {
            return Err("it is a container of documents".to_owned());
        }
        Format::Gzip | Format::Bzip2 | Format::Xz | Format::Zstd => {
            return Err("it is compressed".to_owned());
        }
        _ => return text(id, bytes, format, corpus),
    };
    Ok(finish(document, bytes, dated(format), corpus))
}

/// Why a document with a password is not read.
const LOCKED: &str = "it is encrypted, and opens with a password only";

/// Why a document of a format that is not read is none.
fn not_read(format: &str) -> String {
    format!("it is {format}, which is not read")
}

/// Who says the date that a reader of a format finds.
fn dated(format: Format) -> Dated {
    match format {
        Format::Pdf | Format::Docx | Format::Odt | Format::Pptx | Format::Xlsx | Format::Rtf => {
            Dated::ByItsFile
        }
        _ => Dated::ByItself,
    }
}

/// Reads a format that is text: its bytes are decoded, and each piece of the document keeps its place
/// among them.
fn text(id: &str, bytes: &[u8], format: Format, corpus: &Corpus) -> Result<Document, String> {
    let source = Source::decode(bytes);
    if !source.is_text() {
        return Err("it is not text, and of no format that is read".to_owned());
    }
    let text = &source.text;
    let format = if format == Format::Plain { looks::of_text(text) } else { format };
    let document = match format {
        Format::Wikitext => wikitext::read(id, text),
        Format::Markdown => markdown::read(id, text),
        Format::Html => html::read(id, text, corpus.keep_all),
        Format::Rst => rst::read(id, text),
        Format::Asciidoc => asciidoc::read(id, text),
        Format::Org => org::read(id, text),
        Format::Latex => latex::read(id, text),
        Format::Typst => typst::read(id, text),
        Format::Rtf => rtf::read(id, text),
        Format::Csv => csv::read(id, text),
        _ => plain::read(id, text),
    };
    Ok(finish(source.locate(document), bytes, dated(format), corpus))
}

/// What holds for every document, whatever its format.
fn finish(mut document: Document, bytes: &[u8], dated: Dated, corpus: &Corpus) -> Document {
    document.sha256 = Sha256::digest(bytes).into();
    complete(document, dated, corpus)
}

/// Adds what the configuration, the text and the names tell of a document.
fn complete(mut document: Document, dated: Dated, corpus: &Corpus) -> Document {
    metadata::drop_absurd(&mut document);
    corpus.complete(&mut document);
    // What the configuration says may be as absurd.
    metadata::drop_absurd(&mut document);
    if document.lang.is_none() {
        document.lang = language_of(&document.text);
    }
    metadata::year(&mut document, dated);
    document
}
