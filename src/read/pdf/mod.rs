//! PDF: pages of glyphs become words, lines, columns, blocks and headings.
//!
//! A page says where glyphs stand, and not much else: reading order, paragraphs, tables and headings are
//! found here, from the structure tree and the outline where a file has them, else from places and looks.

mod annotations;
mod blocks;
mod canvas;
mod cmap;
mod content;
mod emit;
mod ends;
mod fonts;
mod headings;
mod images;
mod info;
mod labels;
mod lines;
mod margins;
mod matrix;
mod objects;
mod outline;
mod recognized;
mod regions;
mod running;
mod structure;
mod tables;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::builder::DocumentBuilder;
use super::hyphens::Vocabulary;
use super::ocr::Recognize;
use crate::document::Document;
use blocks::{Block, Setting};
use content::Rule;
use fonts::Fonts;
use recognized::Confidence;
use words::Word;

/// Pages that are read: a document with more is no report.
const MOST_PAGES: usize = 20_000;
/// Ranges of pages that a warning names.
const MOST_RANGES: usize = 20;
/// Words of a page that are laid out; more are counted as a page cut off.
const MOST_WORDS: usize = 150_000;

/// What was read of the pages, by page.
#[derive(Default)]
struct Pages {
    /// The words that run as most of the page does.
    words: Vec<Vec<Word>>,
    /// Those that run otherwise.
    turned: Vec<Vec<Vec<Word>>>,
    rules: Vec<Vec<Rule>>,
    heights: Vec<f32>,
    without_text: Vec<usize>,
    cut: Vec<usize>,
    failed: Vec<usize>,
    /// How sure the words are that were recognized in pictures, the pages where that is little, and why
    /// others could not be read so.
    confidence: Confidence,
    unsure: Vec<usize>,
    unrecognized: Option<String>,
}

/// Reads PDF. Pages without text are read as pictures, if there is somebody to recognize words in them.
///
/// # Errors
/// The reason, when it is encrypted with a password or too damaged.
pub fn read(id: &str, bytes: &[u8], recognize: Option<Recognize<'_>>) -> Result<Document, String> {
    let pdf = open(bytes)?;
    let xref = pdf.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default();
    let mut builder = DocumentBuilder::of_pages(id);
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err("it has no pages".to_owned());
    }
    let mut content = Pages::default();
    let off = content::switched_off(&catalog);
    let mut fonts = Fonts::default();
    for (index, page) in pages.iter().take(MOST_PAGES).enumerate() {
        content.add(index + 1, page, &mut fonts, &off);
    }
    if let Some(recognize) = recognize {
        content.recognize(pages, &mut fonts, &off, recognize);
    }
    let ids: HashMap<ObjectIdentifier, usize> = pages
        .iter()
        .take(MOST_PAGES)
        .enumerate()
        .filter_map(|(index, page)| Some((page.raw().obj_id()?, index)))
        .collect();
    let size = content.body().0;
    let (offset, running) = margins::strip(&mut content.words, &content.heights, size);
    let labels = page_labels(&catalog, content.words.len(), offset);
    let tags = structure::tags(&catalog, xref, &ids);
    let outline = outline::outline(&catalog, xref, &ids);
    let title = info::describe(&pdf, &catalog, &mut builder);
    content.warn(pages.len(), &mut builder);
    let body = content.body();
    let mut vocabulary = Vocabulary::default();
    let page_count = content.words.len();
    let mut blocks = blocks::join(content.blocks(&tags, body.0, &mut vocabulary));
    headings::find(&mut blocks, &outline, body, page_count);
    match &title {
        Some(title) => {
            headings::drop_title(&mut blocks, title);
            builder.title(title, None);
        }
        None => {
            let index = headings::title(&mut blocks, body.0);
            if let Some(block) = index.and_then(|index| blocks.get_mut(index)) {
                block.kind = blocks::Kind::Title;
            }
        }
    }
    running.put(title.as_deref(), &mut blocks);
    emit::emit(&blocks, &labels, &vocabulary, &mut builder);
    let mut document = builder.finish();
    document.lang = info::language(&catalog);
    Ok(document)
}

/// Opens a file. What the library does not survive is a file too damaged.
fn open(bytes: &[u8]) -> Result<Pdf, String> {
    if !ends::are_near(bytes) {
        return Err("it is too damaged to be read as PDF: its objects have no end".to_owned());
    }
    let opened = catch_unwind(AssertUnwindSafe(|| Pdf::new(bytes.to_vec())));
    opened.unwrap_or(Err(LoadPdfError::Invalid)).map_err(reason)
}

fn reason(error: LoadPdfError) -> String {
    let reason = match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => crate::read::LOCKED,
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            "it is encrypted in a way that is not read"
        }
        LoadPdfError::Decryption(_) => "it is encrypted, and its encryption is damaged",
        LoadPdfError::Invalid => "it is too damaged to be read as PDF",
    };
    reason.to_owned()
}

/// The labels that the document gives its pages, or else the numbers printed on them.
fn page_labels(catalog: &Dict<'_>, pages: usize, offset: Option<i64>) -> Vec<String> {
    let labels = labels::labels(catalog, pages);
    // A page whose printed number is its place needs no label.
    let offset = offset.filter(|&offset| labels.is_empty() && offset != 1);
    let Some(offset) = offset else { return labels };
    let number = |page: usize| (page as i64).saturating_add(offset);
    (0..pages)
        .map(number)
        .map(|label| if label > 0 { label.to_string() } else { String::new() })
        .collect()
}

impl Pages {
    fn add<'a>(
        &mut self,
        number: usize,
        page: &Page<'a>,
        fonts: &mut Fonts<'a>,
        off: &HashSet<ObjectIdentifier>,
    ) {
        // A panic of a library costs its page.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let content = content::run(page, fonts, off);
            let words = words::words(&content, &fonts.faces);
            (content, words)
        }));
        let (content, words) = read.unwrap_or_else(|_| {
            self.failed.push(number);
            Default::default()
        });
        let count: usize = words.iter().map(Vec::len).sum();
        if content.is_cut || count > MOST_WORDS {
            self.cut.push(number);
        } else if count == 0 && self.failed.last() != Some(&number) {
            self.without_text.push(number);
        }
        let mut words = words.into_iter();
        let mut upright = words.next().unwrap_or_default();
        upright.truncate(MOST_WORDS);
        self.words.push(upright);
        self.turned.push(
            words
                .map(|mut words| {
                    words.truncate(MOST_WORDS);
                    words
                })
                .take(16)
                .collect(),
        );
        self.rules.push(content.rules);
        self.heights.push(content.height);
    }

    fn warn(&self, pages: usize, builder: &mut DocumentBuilder<'_>) {
        let warnings = [
            (&self.without_text, "no text: they may be scanned", "no text: it may be scanned"),
            (
                &self.cut,
                "more than can be read: they are cut off",
                "more than can be read: it is cut off",
            ),
            (&self.failed, "content too damaged to be read", "content too damaged to be read"),
            (
                &self.unsure,
                "words recognized with low confidence: they may be wrong",
                "words recognized with low confidence: they may be wrong",
            ),
        ];
        for (numbers, many, one) in warnings {
            match numbers.as_slice() {
                [] => {}
                [page] => builder.warn(format!("page {page} has {one}"), None),
                numbers => builder.warn(format!("pages {} have {many}", ranges(numbers)), None),
            }
        }
        if let Some(reason) = &self.unrecognized {
            builder.warn(format!("pages could not be recognized: {reason}"), None);
        }
        if let Some(mean) = self.confidence.mean() {
            builder.metadata("ocr", &format!("tesseract, mean confidence {mean}"));
        }
        if pages > MOST_PAGES {
            builder.warn(format!("only the first {MOST_PAGES} of {pages} pages are read"), None);
        }
    }

    /// The size that running text has, and whether most of these are bold.
    fn body(&self) -> (f32, bool) {
        let mut letters: BTreeMap<i32, (usize, usize)> = BTreeMap::new();
        for word in self.words.iter().flatten() {
            let entry = letters.entry((word.size * 2.0).round() as i32).or_default();
            entry.0 += word.text.len();
            entry.1 += if word.bold { word.text.len() } else { 0 };
        }
        // Tables and references may hold more letters than the text does, but they are smaller.
        let most = letters.values().map(|(all, _)| *all).max().unwrap_or(0);
        let body = letters.into_iter().rfind(|(_, (all, _))| all * 5 >= most * 2);
        body.map_or((10.0, false), |(size, (all, bold))| (size as f32 / 2.0, bold * 2 > all))
    }

    fn blocks(self, tags: &structure::Tags, body: f32, vocabulary: &mut Vocabulary) -> Vec<Block> {
        let mut blocks = Vec::new();
        let pages = self.words.into_iter().zip(self.turned).zip(self.rules).zip(self.heights);
        for (index, (((words, turned), rules), height)) in pages.enumerate() {
            let setting = Setting { tags, body, height };
            for (layer, words) in std::iter::once(words).chain(turned).enumerate() {
                let rules = if layer == 0 { rules.as_slice() } else { &[] };
                for region in regions::regions(words, rules) {
                    region.lines.iter().for_each(|line| vocabulary.learn(&line.text()));
                    blocks.extend(blocks::blocks(&region, index + 1, layer == 0, &setting, rules));
                }
            }
        }
        blocks
    }
}

/// Numbers in order as ranges: `1-3, 7`.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == number => last.1 = number,
            _ => ranges.push((number, number)),
        }
    }
    let more = ranges.len().saturating_sub(MOST_RANGES);
    let shown = ranges.iter().take(MOST_RANGES);
    let shown: Vec<String> = shown
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") })
        .collect();
    let rest = if more > 0 { format!(" and {more} more ranges") } else { String::new() };
    shown.join(", ") + &rest
}
