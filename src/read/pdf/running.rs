//! Running headers: what they say and no other text does is kept once, where it first stands.
//!
//! Some reports print their conclusion nowhere but above their pages. Most headers are the title or the
//! heading of a chapter, which is there already.

use std::collections::HashSet;

use super::blocks::{Block, Kind, Piece};
use super::structure::Tag;

/// So many different headers are kept; a file with more has text at the head of its pages.
const MOST_HEADERS: usize = 500;
/// Lines of one header stand at most so far apart, in sizes of their letters.
const PITCH: f32 = 1.6;

/// A line at the head of the pages, where it first stands.
struct Header {
    page: usize,
    texts: Vec<String>,
    y: f32,
    size: f32,
}

/// The headers of a document, each once.
#[derive(Default)]
pub struct Running {
    headers: Vec<Header>,
    seen: HashSet<String>,
}

impl Running {
    /// Adds a line that stands at the head of a page, without the number of the page.
    pub fn add(&mut self, page: usize, text: &str, y: f32, size: f32) {
        let is_new = says_something(text) && self.seen.insert(letters(text));
        if !is_new || self.headers.len() >= MOST_HEADERS {
            return;
        }
        let goes_on = |last: &&mut Header| {
            let distance = y - last.y;
            let is_like = (size - last.size).abs() < 0.08 * size;
            last.page == page && is_like && distance > 0.0 && distance < PITCH * size
        };
        let text = text.to_owned();
        match self.headers.last_mut().filter(goes_on) {
            Some(last) => {
                last.texts.push(text);
                last.y = y;
            }
            None => self.headers.push(Header { page, texts: vec![text], y, size }),
        }
    }

    /// Puts the headers among the blocks, as paragraphs of their pages, but for those whose words stand
    /// in the title, in a heading, or in a block that says little else.
    pub fn put(self, title: Option<&str>, blocks: &mut Vec<Block>) {
        let mut headers = self.headers;
        let longest = headers.iter().map(|header| 2 * header.letters().len()).max().unwrap_or(0);
        let mut known = vec![(letters(title.unwrap_or_default()), true)];
        for block in blocks.iter() {
            let is_head = matches!(block.kind, Kind::Title | Kind::Heading(_));
            if is_head
                || block.pieces.iter().map(|piece| piece.text.len()).sum::<usize>() <= longest
            {
                known.push((letters(&block.text()), is_head));
            }
        }
        headers.retain(|header| {
            let own = header.letters();
            let says = |(text, is_head): &(String, bool)| {
                (*is_head || text.len() <= 2 * own.len()) && text.contains(&own)
            };
            !known.iter().any(says)
        });
        for header in headers.into_iter().rev() {
            let at = place(blocks, header.page);
            blocks.insert(at, header.into_block());
        }
    }
}

impl Header {
    fn letters(&self) -> String {
        letters(&self.texts.concat())
    }

    fn into_block(self) -> Block {
        let Header { page, texts, y, size } = self;
        let piece = |text| Piece { page, text, is_cell: false };
        Block {
            kind: Kind::Paragraph,
            pieces: texts.into_iter().map(piece).collect(),
            tight: false,
            size,
            bold: false,
            italic: false,
            tag: Tag::default(),
            is_full: false,
            depth: 0.0,
            y,
            x0: 0.0,
            is_upright: true,
        }
    }
}

/// Where a header of a page belongs: before the first block that begins on it; under the title or the
/// headings that the page begins with.
fn place(blocks: &[Block], page: usize) -> usize {
    let first = blocks.iter().position(|block| block.page() >= page).unwrap_or(blocks.len());
    let ends_on = |block: &Block| block.pieces.last().map_or(0, |piece| piece.page);
    let before = first.checked_sub(1).and_then(|last| blocks.get(last));
    if before.is_some_and(|before| ends_on(before) >= page) {
        return first;
    }
    let is_head = |block: &&Block| {
        block.page() == page && matches!(block.kind, Kind::Title | Kind::Heading(_))
    };
    first + blocks.iter().skip(first).take_while(is_head).count()
}

/// Letters only, in lower case: how headers are compared. Their numbers change from page to page.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// Whether a line has a word that is neither of a date nor of an address, nor of the number of a page.
fn says_something(text: &str) -> bool {
    const OF_DATES: &str = "page printed last updated pdf \
        jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july \
        august september october november december";
    text.split_whitespace().any(|word| {
        let is_address = word.contains("://") || word.starts_with("www.");
        let word = letters(word);
        !is_address && word.chars().nth(2).is_some() && !OF_DATES.split(' ').any(|it| it == word)
    })
}
