//! PDF: text in the order of reading, with the page and printed label of every piece.
//!
//! ```text
//! content -> glyphs - words -> words - margins -> without headers and footers - regions -> columns
//!         of lines - headings, blocks -> headings, paragraphs, items, rows, notes -> the document
//! ```

mod blocks;
mod cmap;
mod content;
mod fonts;
mod headings;
mod hyphens;
mod info;
mod labels;
mod lines;
mod margins;
mod matrix;
mod objects;
mod outline;
mod regions;
mod structure;
mod words;
mod write;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::builder::DocumentBuilder;
use crate::document::Document;
use blocks::{FlowLine, blocks};
use content::{Content, Rule};
use headings::Headings;
use hyphens::Vocabulary;
use words::Word;
use write::write;

/// Pages beyond this number are not read.
const MOST_PAGES: usize = 20_000;

/// Reads PDF.
///
/// # Errors
/// Why it cannot be opened: it needs a password, or is too damaged.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(reason)?;
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap_or_default();
    let mut builder = DocumentBuilder::of_pages(id);
    let title = info::describe(&pdf, &catalog, &mut builder);
    let mut pages = read_pages(&pdf, &catalog, &mut builder);
    if pages.is_empty() {
        return Err("it has no pages".to_owned());
    }
    let heights: Vec<f32> = pages.iter().map(|page| page.height).collect();
    let mut words: Vec<Vec<Word>> =
        pages.iter_mut().map(|page| std::mem::take(&mut page.words)).collect();
    let offset = margins::strip(&mut words, &heights);
    let labels = page_labels(&catalog, pages.len(), offset);
    let flow = flow(words, &pages);
    let ids = page_ids(&pdf);
    let outline = outline::outline(&catalog, pdf.xref(), &ids);
    let tags = structure::tags(&catalog, pdf.xref(), &ids);
    let headings = Headings::of(&flow, &outline, &tags);
    let vocabulary = Vocabulary::of(&flow);
    let blocks = blocks(flow, &headings, &tags);
    write(blocks, title.or_else(|| headings.title.clone()), &labels, &vocabulary, &mut builder);
    let mut document = builder.finish();
    document.lang = info::language(&catalog);
    Ok(document)
}

fn reason(error: LoadPdfError) -> String {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "it is encrypted, and opens with a password only".to_owned()
        }
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            "it is encrypted in a way that is not read".to_owned()
        }
        LoadPdfError::Decryption(_) => "its encryption is damaged".to_owned(),
        LoadPdfError::Invalid => "it is too damaged to be read as PDF".to_owned(),
    }
}

/// A page as it was drawn.
struct PageText {
    /// Its words that run as most of its text does.
    words: Vec<Word>,
    /// Words that run otherwise: turned tables, marginal notes.
    turned: Vec<Vec<Word>>,
    rules: Vec<Rule>,
    height: f32,
}

/// The text of all pages. A page that the interpreter fails on, or that has no text, is told.
fn read_pages(pdf: &Pdf, catalog: &Dict<'_>, builder: &mut DocumentBuilder<'_>) -> Vec<PageText> {
    let mut fonts = fonts::Fonts::default();
    let off = content::switched_off(catalog);
    let (mut pages, mut failed, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    for (index, page) in pdf.pages().iter().take(MOST_PAGES).enumerate() {
        let run = catch_unwind(AssertUnwindSafe(|| content::run(page, &mut fonts, &off)));
        let content = run.unwrap_or_else(|_| {
            failed.push(index + 1);
            Content { height: page.render_dimensions().1, ..Content::default() }
        });
        let mut turns = words::words(&content, &fonts.faces);
        if turns.iter().all(Vec::is_empty) && has_image(page) {
            empty.push(index + 1);
        }
        let words = if turns.is_empty() { Vec::new() } else { turns.remove(0) };
        let Content { rules, height, .. } = content;
        pages.push(PageText { words, turned: turns, rules, height });
    }
    if !empty.is_empty() {
        let them = if empty.len() == 1 { "it" } else { "they" };
        let pages = spans(&empty, "has", "have");
        builder.warn(format!("{pages} no text: {them} may be scanned"), None);
    }
    if !failed.is_empty() {
        builder.warn(format!("{} not be read", spans(&failed, "could", "could")), None);
    }
    pages
}

fn has_image(page: &Page<'_>) -> bool {
    catch_unwind(AssertUnwindSafe(|| content::has_image(page))).unwrap_or(false)
}

/// `page 3 has`, `pages 1-3, 5 have`; not more than a line's worth of them.
fn spans(pages: &[usize], one: &str, many: &str) -> String {
    const MOST_SPANS: usize = 20;
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for &page in pages {
        match spans.last_mut() {
            Some(last) if last.1 + 1 == page => last.1 = page,
            _ => spans.push((page, page)),
        }
    }
    let more = if spans.len() > MOST_SPANS { ", ..." } else { "" };
    let named = spans.iter().take(MOST_SPANS).map(|&(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    let named: Vec<String> = named.collect();
    match pages.len() {
        1 => format!("page {} {one}", named.join(", ")),
        _ => format!("pages {}{more} {many}", named.join(", ")),
    }
}

/// The label printed on each page: of the document's own table, or else by the numbers in its margins.
fn page_labels(catalog: &Dict<'_>, pages: usize, offset: Option<i64>) -> Vec<String> {
    let labels = labels::labels(catalog, pages);
    match offset {
        Some(offset) if labels.is_empty() && offset != 1 => {
            (0..pages as i64).map(|page| (page + offset).max(1).to_string()).collect()
        }
        _ => labels,
    }
}

fn page_ids(pdf: &Pdf) -> HashMap<ObjectIdentifier, usize> {
    let pages = pdf.pages().iter().enumerate();
    pages.filter_map(|(index, page)| Some((page.raw().obj_id()?, index))).collect()
}

/// The lines of all pages in the order of reading.
fn flow(words: Vec<Vec<Word>>, pages: &[PageText]) -> Vec<FlowLine> {
    let mut flow = Vec::new();
    let mut count = 0;
    for (page, (words, text)) in words.into_iter().zip(pages).enumerate() {
        let turned = text.turned.iter().cloned();
        for words in std::iter::once(words).chain(turned) {
            for region in regions::regions(words, &text.rules) {
                count += 1;
                let (x0, x1) = (region.x0, region.x1);
                let lines = region.lines.into_iter();
                flow.extend(lines.map(|line| FlowLine {
                    page,
                    region: count,
                    x0,
                    x1,
                    height: text.height,
                    line,
                }));
            }
        }
    }
    flow
}
