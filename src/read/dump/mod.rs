//! Dumps of wikis in MediaWiki's XML: each page of the encyclopedia itself is a document,
//! `dump.xml#Page title`.
//!
//! A dump of a large wiki has many gigabytes: it is read as a stream, of which one page is held at a
//! time. Elements are found by their tags and nothing is validated, so that a dump that was cut off, or
//! put together from others, gives what is whole. Format: <https://www.mediawiki.org/wiki/Help:Export>.

mod page;
mod xml;

use std::io::Read;
use std::ops::Range;

use memchr::memmem::Finder;

use super::container::{Names, Place, failure, give};
use super::corpus::Corpus;
use super::encoding::{Charset, detect};
use super::limits::LARGEST_MEMBER;
use super::metadata::Dated;
use super::source::Source;
use super::title::entitle;
use super::window::{Window, width};
use super::{Content, Each, Input, Record, Refusal, finish, metadata, wikitext};
use crate::document::{Document, Origin};
use page::Page;

/// The longest text of a page, bytes: it, what it means and its tokens are held at once. MediaWiki's own
/// limit is 2 MiB (`$wgMaxArticleSize`).
const LONGEST_TEXT: usize = 8 * 1024 * 1024;

/// How much of a page that is not whole is looked at for its title, bytes.
const TITLE_WITHIN: usize = 4096;

/// Reads the pages of a dump as they come.
///
/// Pages of the encyclopedia itself only (namespace 0, or none given): no talk, users, templates,
/// files. No redirects, which have no text. Of a page with its history, the last revision. Who wrote it
/// is left out: it is about a person, and not about the page.
///
/// # Errors
/// Why nothing more comes out of it.
pub fn read(
    id: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    // A character that the head cuts in two is no sign of another encoding.
    let whole = input.head().iter().rposition(u8::is_ascii).map_or(0, |at| at + 1);
    let (charset, _) = detect(input.head().get(..whole).unwrap_or_default());
    let mut window = Window::new(input.reader(), &charset);
    let begin = Mark::new("<page", &charset);
    window.fill().map_err(|error| failure(&error))?;
    let wiki = Wiki::of(begin.before(window.held()), &charset);
    let names = Names::default();
    let mut pages = Pages { id, corpus: place.corpus, wiki, names, charset };
    let end = Mark::new("</page>", &pages.charset);
    while find_page(&mut window, &begin)? {
        match end_of_page(&mut window, &end)? {
            Length::Whole(length) => {
                let slice = window.held().get(..length).unwrap_or_default();
                if let Some(record) = pages.read(slice, window.origin()) {
                    give(record, each)?;
                }
                window.skip(length);
            }
            Length::TooLong(length) => {
                let reason = format!("the page has more than {} MiB", LARGEST_MEMBER >> 20);
                give(pages.failed(window.held(), reason), each)?;
                window.skip(length);
                pass_page(&mut window, &end)?;
            }
            Length::CutOff => {
                let reason = "the file ends within this page".to_owned();
                give(pages.failed(window.held(), reason), each)?;
                break;
            }
        }
    }
    Ok(Content::Container)
}

/// Goes to where the next page begins; `false` where there is none.
fn find_page(window: &mut Window<impl Read>, begin: &Mark) -> Result<bool, Refusal> {
    loop {
        let held = window.held();
        match begin.find(held, 0, window.origin().bytes) {
            Some(at) => {
                // `<page>` and `<page id="1">`, not `<pages>`.
                let after = begin.character_at(held, at + begin.length());
                if after.is_none() && more(window)? {
                    continue;
                }
                let is_page = after.is_some_and(|c| c == b'>' || c.is_ascii_whitespace());
                window.skip(if is_page { at } else { at + begin.length() });
                if is_page {
                    return Ok(true);
                }
            }
            None => {
                window.skip(begin.passed(held));
                if !more(window)? {
                    return Ok(false);
                }
            }
        }
    }
}

/// How long a page is, bytes.
enum Length {
    Whole(usize),
    /// At least so long, and without an end so far.
    TooLong(usize),
    /// The file ends within it.
    CutOff,
}

/// How long the page is that begins where the window does.
fn end_of_page(window: &mut Window<impl Read>, end: &Mark) -> Result<Length, Refusal> {
    let mut searched = 0;
    loop {
        let held = window.held();
        if let Some(at) = end.find(held, searched, window.origin().bytes) {
            return Ok(Length::Whole(at + end.length()));
        }
        searched = held.len().saturating_sub(end.length() - 1);
        if searched as u64 > LARGEST_MEMBER {
            return Ok(Length::TooLong(searched));
        }
        if !more(window)? {
            return Ok(Length::CutOff);
        }
    }
}

/// Goes to the end of a page that is not held.
fn pass_page(window: &mut Window<impl Read>, end: &Mark) -> Result<(), Refusal> {
    loop {
        let held = window.held();
        let found = end.find(held, 0, window.origin().bytes);
        window.skip(found.map_or(end.passed(held), |at| at + end.length()));
        if found.is_some() || !more(window)? {
            return Ok(());
        }
    }
}

fn more(window: &mut Window<impl Read>) -> Result<bool, Refusal> {
    window.fill().map_err(|error| failure(&error))
}

/// A tag in the bytes of a charset.
struct Mark {
    finder: Finder<'static>,
    width: (usize, bool),
}

impl Mark {
    fn new(tag: &str, charset: &Charset) -> Mark {
        let (width, is_little) = width(charset);
        let mut bytes = Vec::new();
        for byte in tag.bytes() {
            let zeros = std::iter::repeat_n(0, width - 1);
            match is_little {
                true => bytes.extend(std::iter::once(byte).chain(zeros)),
                false => bytes.extend(zeros.chain([byte])),
            }
        }
        Mark { finder: Finder::new(&bytes).into_owned(), width: (width, is_little) }
    }

    fn length(&self) -> usize {
        self.finder.needle().len()
    }

    /// Where the tag stands from an offset on; `before` is how many bytes stand before the first.
    fn find(&self, bytes: &[u8], from: usize, before: usize) -> Option<usize> {
        let mut from = from;
        loop {
            let at = from + self.finder.find(bytes.get(from..)?)?;
            if (before + at).is_multiple_of(self.width.0) {
                return Some(at);
            }
            from = at + 1;
        }
    }

    /// How many of some bytes, in which the tag does not stand, hold no beginning of it either: whole
    /// characters.
    fn passed(&self, bytes: &[u8]) -> usize {
        let rest = bytes.len().saturating_sub(self.length() - 1);
        rest / self.width.0 * self.width.0
    }

    /// What stands before the tag.
    fn before<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        let end = self.find(bytes, 0, 0).unwrap_or(bytes.len());
        bytes.get(..end).unwrap_or_default()
    }

    /// The character at an offset, if it is ASCII; 0 if not.
    fn character_at(&self, bytes: &[u8], at: usize) -> Option<u8> {
        let unit = bytes.get(at..at + self.width.0)?;
        let (least, rest) = match self.width.1 {
            true => unit.split_first(),
            false => unit.split_last(),
        }?;
        Some(if rest.iter().all(|byte| *byte == 0) { *least } else { 0 })
    }
}

/// What a dump says of its wiki before the first page.
#[derive(Default)]
struct Wiki {
    lang: Option<String>,
    /// The address of its pages, without a title.
    base: Option<String>,
}

impl Wiki {
    fn of(head: &[u8], charset: &Charset) -> Wiki {
        let skip = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let source = Source::decode_as(head, charset, skip);
        let mut wiki = Wiki::default();
        for tag in xml::tags(&source.text) {
            if tag.name == "mediawiki" {
                wiki.lang = xml::attribute(tag.text, "xml:lang").and_then(metadata::language_tag);
            }
            if tag.name == "base" && !tag.is_end {
                let content = source.text.get(tag.end..).unwrap_or_default();
                let address = content.split('<').next().unwrap_or_default().trim();
                wiki.base = address.rsplit_once('/').map(|(base, _)| base.to_owned());
            }
        }
        wiki
    }

    /// The address of a page, written as MediaWiki does.
    fn url(&self, title: &str) -> Option<String> {
        let mut url = format!("{}/", self.base.as_ref()?);
        for c in title.chars() {
            match c {
                ' ' => url.push('_'),
                '%' | '?' | '#' | '"' | '<' | '>' | '&' | '+' | '\\' | '^' | '`' | '{' | '|'
                | '}' => {
                    url.push_str(&format!("%{:02X}", u32::from(c)));
                }
                c => url.push(c),
            }
        }
        Some(url)
    }
}

/// What turns pages into documents.
struct Pages<'a> {
    id: &'a str,
    corpus: &'a Corpus,
    wiki: Wiki,
    names: Names,
    charset: Charset,
}

impl Pages<'_> {
    /// The record of a page; `None` for pages that are not for readers.
    fn read<'s>(&mut self, slice: &'s [u8], origin: Origin) -> Option<Record<'s>> {
        let source = Source::decode_as(slice, &self.charset, 0);
        let page = Page::of(&source.text);
        let is_article = page.namespace.is_none_or(|namespace| namespace.trim() == "0");
        let text = page.revision.text.clone().filter(|_| is_article && !page.is_redirect)?;
        let title = page.title(&source.text);
        let id = format!("{}#{}", self.id, self.names.unique(&title));
        if let Some(model) = page.revision.model.filter(|model| *model != "wikitext") {
            return Some(Record::PassedOver(id, format!("a page of `{model}`, not of wikitext")));
        }
        if text.len() > LONGEST_TEXT {
            let reason = format!("its text has more than {} MiB", LONGEST_TEXT >> 20);
            return Some(Record::Failed(id, reason));
        }
        let mut document = self.document(&id, &source, text);
        entitle(&mut document, &title);
        if let Some(root) = document.sections.first_mut() {
            root.source = Some(source.bytes_of(page.title.clone()));
        }
        self.describe(&mut document, &page, &title);
        document.origin = origin;
        Some(Record::Document(
            Box::new(finish(document, slice, Dated::ByItsFile, self.corpus)),
            slice,
        ))
    }

    /// The document that the text of a page is, with the places of the page.
    fn document(&self, id: &str, source: &Source<'_>, text: Range<usize>) -> Document {
        let (text, offsets) = xml::unescaped(&source.text, text);
        let document = wikitext::read(id, &text);
        let mut document = source.escaped(&text, &offsets).locate(document);
        document.line_starts = source.line_starts();
        document
    }

    fn describe(&self, document: &mut Document, page: &Page<'_>, title: &str) {
        let entries = [
            ("page_id", page.id.map(str::to_owned)),
            ("revision_id", page.revision.id.map(str::to_owned)),
            ("date", page.revision.timestamp.map(str::to_owned)),
            ("url", self.wiki.url(title)),
        ];
        for (key, value) in entries {
            let value = value.filter(|value| !value.is_empty());
            document.metadata.extend(value.map(|value| (key.to_owned(), vec![value])));
        }
        if document.lang.is_none() {
            document.lang = self.wiki.lang.clone();
        }
    }

    /// The record of a page of which only the beginning is looked at.
    fn failed(&mut self, held: &[u8], reason: String) -> Record<'static> {
        let source = Source::decode_as(&held[..held.len().min(TITLE_WITHIN)], &self.charset, 0);
        let title = Page::of(&source.text).title(&source.text);
        Record::Failed(format!("{}#{}", self.id, self.names.unique(&title)), reason)
    }
}
