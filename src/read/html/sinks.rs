//! The two ways into a document: with the bytes of a page, or at a place of a package.

use std::ops::Range;

use super::write::Sink;
use crate::document::BlockKind;
use crate::read::builder::DocumentBuilder;

/// How many link targets are kept.
const MOST_LINKS: usize = 1000;

/// Text with its bytes in the source of the document.
pub struct Located<'b, 'a> {
    builder: &'b mut DocumentBuilder<'a>,
    links: usize,
}

impl<'b, 'a> Located<'b, 'a> {
    /// Adds to this document.
    pub fn new(builder: &'b mut DocumentBuilder<'a>) -> Located<'b, 'a> {
        Located { builder, links: 0 }
    }
}

impl Sink for Located<'_, '_> {
    fn title(&mut self, title: &str, source: Range<usize>) {
        self.builder.title(title, Some(source));
    }

    fn heading(&mut self, level: u8, heading: &str, anchor: Option<&str>, source: Range<usize>) {
        if let Some(anchor) = anchor {
            self.builder.anchor(anchor);
        }
        self.builder.heading(level, heading, source);
    }

    fn begin(&mut self, kind: BlockKind, tight: bool) {
        self.builder.begin(kind, tight);
    }

    fn text(&mut self, text: &str, source: Range<usize>) {
        self.builder.push(text, source);
    }

    fn made(&mut self, text: &str) {
        self.builder.push_made(text);
    }

    fn label(&mut self, depth: usize, label: &str, source: Range<usize>) {
        self.builder.label(depth, label, Some(source));
    }

    fn unlabel(&mut self, depth: usize) {
        self.builder.unlabel(depth);
    }

    fn end(&mut self) {
        self.builder.end();
    }

    fn link(&mut self, target: &str) {
        if self.links < MOST_LINKS {
            self.links += 1;
            self.builder.metadata("links", target);
        }
    }

    fn page(&mut self, _: &str) {}

    fn note_mark(&mut self, name: &str) {
        self.builder.note_mark(name, 0);
    }

    fn note(&mut self, name: &str) {
        self.builder.note_here(name);
    }
}

/// What is counted over all parts of a package.
#[derive(Debug, Default)]
pub struct Tally {
    /// Printed pages that have begun.
    pub pages: usize,
    /// Link targets that were kept.
    pub links: usize,
    /// The own level of the last heading whose level the contents told, and the one told.
    pub level: Option<(u8, u8)>,
}

/// Text at the place where the builder is: a part of a package, a message.
pub struct Placed<'b, 'a> {
    builder: &'b mut DocumentBuilder<'a>,
    tally: &'b mut Tally,
    /// Paragraphs and headings of the part so far, where they are counted.
    paragraphs: Option<usize>,
}

impl<'b, 'a> Placed<'b, 'a> {
    /// Adds to this document.
    pub fn new(
        builder: &'b mut DocumentBuilder<'a>,
        tally: &'b mut Tally,
        counts_paragraphs: bool,
    ) -> Placed<'b, 'a> {
        Placed { builder, tally, paragraphs: counts_paragraphs.then_some(0) }
    }

    fn count(&mut self) {
        if let Some(paragraphs) = &mut self.paragraphs {
            *paragraphs += 1;
            self.builder.paragraph(*paragraphs);
        }
    }
}

impl Sink for Placed<'_, '_> {
    fn title(&mut self, title: &str, _: Range<usize>) {
        self.count();
        self.builder.add_title(title);
    }

    fn heading(&mut self, level: u8, heading: &str, _: Option<&str>, _: Range<usize>) {
        self.count();
        self.builder.add_heading(level, heading);
    }

    fn begin(&mut self, kind: BlockKind, tight: bool) {
        self.count();
        self.builder.begin(kind, tight);
    }

    fn text(&mut self, text: &str, _: Range<usize>) {
        self.builder.add(text);
    }

    fn made(&mut self, text: &str) {
        self.builder.push_made(text);
    }

    fn label(&mut self, depth: usize, label: &str, _: Range<usize>) {
        self.builder.label(depth, label, None);
    }

    fn unlabel(&mut self, depth: usize) {
        self.builder.unlabel(depth);
    }

    fn end(&mut self) {
        self.builder.end();
    }

    /// Links inside a package lead to no other document.
    fn link(&mut self, target: &str) {
        if self.tally.links < MOST_LINKS && (target.contains("://") || target.contains("mailto:")) {
            self.tally.links += 1;
            self.builder.metadata("links", target);
        }
    }

    fn page(&mut self, label: &str) {
        self.tally.pages += 1;
        self.builder.page(self.tally.pages, Some(label));
    }

    fn is_open(&self, heading: &str) -> bool {
        self.builder.is_open(heading)
    }

    /// The names of notes are those of one part, and of a message nothing is asked.
    fn note_mark(&mut self, _: &str) {}

    fn note(&mut self, _: &str) {}
}
