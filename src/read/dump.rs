//! Dumps of wikis in MediaWiki's XML: each page a document, read as a stream, so that a dump may be of
//! any size.
//!
//! Pages of articles are read (namespace 0, or none given), in their last revision; redirects, talk,
//! templates and the like are not.

use std::io::Read;
use std::ops::Range;

use memchr::memmem;
use sha2::{Digest, Sha256};

use super::corpus::Corpus;
use super::source::Source;
use super::{Content, Each, Input, Record, Refusal, complete, wikitext};
use crate::document::{Document, Origin};

/// A page larger than this (bytes) is not read.
const LARGEST_PAGE: usize = 64 << 20;

/// How much is read at a time.
const PIECE: usize = 256 * 1024;

/// Reads the pages of a dump.
///
/// # Errors
/// Where it cannot be read to its end, after the pages before.
pub fn read(
    id: &str,
    input: Input<'_>,
    corpus: &Corpus,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    if input.head().contains(&0) {
        return Err(Refusal::Failed("it is not in UTF-8; convert it first".to_owned()));
    }
    let lang = attribute(input.head(), b"xml:lang");
    let mut pages = Pages::new(input.reader());
    while let Some(page) = pages.next()? {
        let record = match page {
            Page::TooLarge(number) => Record::Failed(
                format!("{id}#page {number}"),
                format!("the page has more than {} MiB", LARGEST_PAGE >> 20),
            ),
            Page::Whole(origin, page) => {
                match document(id, page, origin, lang.as_deref(), corpus) {
                    Some(document) => Record::Document(Box::new(document), page),
                    None => continue,
                }
            }
        };
        if each(record).is_break() {
            return Err(Refusal::Stopped);
        }
    }
    Ok(Content::Container)
}

/// The document of a page; `None` for one that is not an article.
fn document(
    id: &str,
    page: &[u8],
    origin: Origin,
    lang: Option<&str>,
    corpus: &Corpus,
) -> Option<Document> {
    let namespace = inside(page, "ns").map_or(&b"0"[..], |ns| ns.trim_ascii());
    let revision = last_revision(page);
    let head = &page[..revision.start];
    let is_redirect = memmem::find(head, b"<redirect").is_some();
    if namespace != b"0" || is_redirect {
        return None;
    }
    let title = unescaped(inside(head, "title")?);
    let within = &page[revision.clone()];
    let text = element(within, "text")?;
    let text = revision.start + text.start..revision.start + text.end;
    let lines_before = memchr::memchr_iter(b'\n', &page[..text.start]).count();
    let source = Source::escaped(page, text);
    let mut document = source.locate(wikitext::read(&format!("{id}#{title}"), &source.text));
    document.title = title.clone();
    if let Some(root) = document.sections.first_mut() {
        root.heading = title;
    }
    document.origin = Origin { bytes: origin.bytes, lines: origin.lines + lines_before };
    document.lang = lang.map(str::to_owned);
    if let Some(time) = inside(within, "timestamp") {
        document.metadata.insert("date".to_owned(), vec![unescaped(time)]);
    }
    document.sha256 = Sha256::digest(page).into();
    Some(complete(document, corpus))
}

/// The last revision of a page; all of it where it has none.
fn last_revision(page: &[u8]) -> Range<usize> {
    let start = memmem::rfind(page, b"<revision>").unwrap_or(0);
    start..page.len()
}

fn inside<'x>(xml: &'x [u8], name: &str) -> Option<&'x [u8]> {
    xml.get(element(xml, name)?)
}

/// Where the content of the first element of this name stands. It holds no `<`.
fn element(xml: &[u8], name: &str) -> Option<Range<usize>> {
    let open = format!("<{name}");
    let mut from = 0;
    loop {
        let start = from + memmem::find(&xml[from..], open.as_bytes())? + open.len();
        let tag = start + memchr::memchr(b'>', &xml[start..])?;
        let is_name = matches!(xml.get(start), Some(b'>' | b' ' | b'\t' | b'\n' | b'\r' | b'/'));
        if !is_name {
            from = start;
            continue;
        }
        if xml[tag - 1] == b'/' {
            return None;
        }
        let end = tag + 1 + memchr::memchr(b'<', &xml[tag + 1..])?;
        return Some(tag + 1..end);
    }
}

fn unescaped(xml: &[u8]) -> String {
    htmlize::unescape(String::from_utf8_lossy(xml).trim()).into_owned()
}

/// The value of the first attribute of this name.
fn attribute(head: &[u8], name: &[u8]) -> Option<String> {
    let start = memmem::find(head, name)? + name.len();
    let value = head.get(start..)?.strip_prefix(b"=\"")?;
    let end = memchr::memchr(b'"', value)?;
    super::metadata::language_tag(&String::from_utf8_lossy(&value[..end]))
}

/// The pages of a dump, one at a time in memory.
struct Pages<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where in the buffer the next page is looked for.
    at: usize,
    /// Where the buffer begins in the dump.
    origin: Origin,
    number: usize,
}

enum Page<'p> {
    /// Where it begins, and its bytes.
    Whole(Origin, &'p [u8]),
    /// Its number in the dump.
    TooLarge(usize),
}

impl<R: Read> Pages<R> {
    fn new(reader: R) -> Pages<R> {
        Pages { reader, buffer: Vec::new(), at: 0, origin: Origin::default(), number: 0 }
    }

    fn next(&mut self) -> Result<Option<Page<'_>>, Refusal> {
        if !self.skip_to(b"<page>")? {
            return Ok(None);
        }
        self.number += 1;
        let mut searched = 0;
        loop {
            let from = searched.max(b"</page>".len()) - b"</page>".len();
            if let Some(found) = memmem::find(&self.buffer[from..], b"</page>") {
                self.at = from + found + b"</page>".len();
                return Ok(Some(Page::Whole(self.origin, &self.buffer[..self.at])));
            }
            searched = self.buffer.len();
            if searched > LARGEST_PAGE {
                self.at = searched;
                return match self.skip_to(b"</page>")? {
                    true => Ok(Some(Page::TooLarge(self.number))),
                    false => Err(Refusal::Failed("it ends within a page".to_owned())),
                };
            }
            if !self.fill()? {
                return Err(Refusal::Failed("it ends within a page".to_owned()));
            }
        }
    }

    /// Drops what is before the next of these signs; whether there is one.
    fn skip_to(&mut self, sign: &[u8]) -> Result<bool, Refusal> {
        loop {
            self.drop_to(self.at);
            if let Some(found) = memmem::find(&self.buffer, sign) {
                self.drop_to(found);
                return Ok(true);
            }
            // The sign may begin in the last bytes.
            self.at = self.buffer.len().saturating_sub(sign.len());
            self.drop_to(self.at);
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    fn drop_to(&mut self, end: usize) {
        self.origin.bytes += end;
        self.origin.lines += memchr::memchr_iter(b'\n', &self.buffer[..end]).count();
        self.buffer.drain(..end);
        self.at = 0;
    }

    /// Reads on; whether there was more.
    fn fill(&mut self) -> Result<bool, Refusal> {
        let before = self.buffer.len();
        let piece = (&mut self.reader).take(PIECE as u64).read_to_end(&mut self.buffer);
        piece.map_err(|error| Refusal::Failed(error.to_string()))?;
        Ok(self.buffer.len() > before)
    }
}
