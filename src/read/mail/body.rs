//! The text of a message that is plain: paragraphs, lists, what it quotes, and its signature.
//!
//! There are no headings in mail: a line in capitals is loud, and no more than that.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::document::{BlockKind, Document};
use crate::read::builder::DocumentBuilder;

/// Lines longer than this (bytes) are paragraphs of their own: nobody wraps so late.
const LONGEST_WRAPPED: usize = 160;

/// Reads the text of a message, which is made of the texts of parts that begin at these offsets.
pub fn read(id: &str, text: &str, starts: &FxHashSet<usize>) -> Document {
    let mut reader = Reader {
        text,
        builder: DocumentBuilder::new(id, text),
        depth: 0,
        is_signature: false,
        last: None,
        was_item: false,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if starts.contains(&at) {
            reader.end();
            reader.is_signature = false;
        }
        reader.line(at..at + line.len());
        at += line.len();
    }
    reader.builder.finish()
}

struct Reader<'a> {
    text: &'a str,
    builder: DocumentBuilder<'a>,
    /// How many times over the open block is quoted.
    depth: usize,
    /// Whether the line `-- ` has come, after which stands the signature.
    is_signature: bool,
    /// The last line of the open block, without blanks around.
    last: Option<Range<usize>>,
    /// Whether the last block is a list item, with nothing between it and what follows.
    was_item: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: Range<usize>) {
        let whole = &self.text[line.clone()];
        let (depth, skip) = quoted(whole);
        let content = &whole[skip..];
        let start = line.start + skip + content.len() - content.trim_start().len();
        let trimmed = start..start + content.trim().len();
        if depth == 0 && matches!(content.trim_end_matches(['\r', '\n']), "-- " | "--") {
            self.end();
            self.is_signature = true;
            return;
        }
        if trimmed.is_empty() {
            return self.end();
        }
        if depth != self.depth {
            self.end();
            self.depth = depth;
        }
        self.add(trimmed);
    }

    fn end(&mut self) {
        self.builder.end();
        self.last = None;
        self.was_item = false;
    }

    /// Adds a line that is not empty to the open block, or begins another.
    fn add(&mut self, line: Range<usize>) {
        let is_item = is_item(&self.text[line.clone()]);
        let goes_on = self.last.clone().filter(|last| !is_item && last.len() <= LONGEST_WRAPPED);
        match goes_on {
            Some(last) => {
                // The end of the line as it stands; the marks of a quotation go.
                let rest = self.text[last.end..line.start].find('\n').map_or(0, |at| at + 1);
                self.builder.push(&self.text[last.end..last.end + rest], last.end..last.end + rest);
            }
            None => {
                let kind = match (self.is_signature, self.depth > 0, is_item) {
                    (true, ..) => BlockKind::Note,
                    (_, true, _) => BlockKind::Quotation,
                    (.., true) => BlockKind::ListItem,
                    _ => BlockKind::Paragraph,
                };
                self.builder.begin(kind, is_item && self.was_item);
                self.was_item = is_item;
            }
        }
        self.builder.push(&self.text[line.clone()], line.clone());
        self.last = Some(line);
    }
}

/// How many times over a line is quoted, and how long its marks are: `>`, with or without blanks.
fn quoted(line: &str) -> (usize, usize) {
    let (mut depth, mut length) = (0, 0);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'>' => {
                depth += 1;
                length = at + 1;
            }
            b' ' if depth > 0 && at == length => {}
            _ => break,
        }
    }
    (depth, length)
}

/// Whether a line begins as an item of a list does: `- `, `* `, `1. `, `(a) `.
fn is_item(line: &str) -> bool {
    let Some((mark, _)) = line.split_once([' ', '\t']) else { return false };
    let inside = mark.trim_start_matches('(').trim_end_matches([')', '.']);
    let is_number = inside.len() <= 3 && inside.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = inside.len() == 1 && inside.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_label = !inside.is_empty()
        && (is_number && mark.ends_with(['.', ')']) || is_letter && mark.ends_with(')'));
    matches!(mark, "-" | "*" | "+" | "•" | "–" | "—" | "·") || is_label
}
