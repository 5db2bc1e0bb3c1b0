//! Blocks to the document: pages with their labels, divided words joined, ligatures resolved.

use super::blocks::Piece;
use super::hyphens::{Seam, Vocabulary};
use crate::document::BlockKind;
use crate::read::builder::{DocumentBuilder, collapse};

/// Writes all pieces.
pub fn write(
    pieces: Vec<Piece>,
    title: Option<String>,
    labels: &[String],
    vocabulary: &Vocabulary,
    builder: &mut DocumentBuilder<'_>,
) {
    let mut page = Pages { labels, last: None };
    let mut is_titled = false;
    if let Some(title) = &title {
        page.go(0, builder);
        builder.add_title(&clean(title));
    }
    let mut is_item = false;
    for piece in pieces {
        let was_item = std::mem::take(&mut is_item);
        match piece {
            Piece::Heading(level, number, text) => {
                page.go(number, builder);
                let text = collapse(&clean(&text));
                let is_title = title.as_ref().is_some_and(|title| collapse(&clean(title)) == text);
                if is_title && !std::mem::replace(&mut is_titled, true) {
                    continue;
                }
                builder.add_heading(level, &text);
            }
            Piece::Block(kind, lines) => {
                is_item = kind == BlockKind::ListItem;
                page.go(lines.first().map_or(0, |line| line.0), builder);
                builder.begin(kind, is_item && was_item);
                paragraph(&lines, &mut page, vocabulary, builder);
                builder.end();
            }
            Piece::Row(number, cells, tight) => {
                page.go(number, builder);
                builder.begin(BlockKind::TableRow, tight);
                for (index, cell) in cells.iter().enumerate() {
                    if index > 0 {
                        builder.add("\t");
                    }
                    builder.add(&clean(cell));
                }
                builder.end();
            }
        }
    }
}

/// The lines of a block, each on its page, divided words joined.
fn paragraph(
    lines: &[(usize, String)],
    page: &mut Pages<'_>,
    vocabulary: &Vocabulary,
    builder: &mut DocumentBuilder<'_>,
) {
    for (index, (number, text)) in lines.iter().enumerate() {
        page.go(*number, builder);
        let next = lines.get(index + 1).map(|line| line.1.as_str());
        let seam = next.map(|next| vocabulary.seam(text, next));
        let mut text = clean(text);
        if seam == Some(Seam::Joined) {
            text.pop();
        }
        builder.add(&text);
        if seam == Some(Seam::Blank) {
            builder.add(" ");
        }
    }
}

/// Which page is written.
struct Pages<'l> {
    labels: &'l [String],
    last: Option<usize>,
}

impl Pages<'_> {
    fn go(&mut self, page: usize, builder: &mut DocumentBuilder<'_>) {
        if self.last != Some(page) {
            self.last = Some(page);
            let label = self.labels.get(page).map(String::as_str).filter(|label| !label.is_empty());
            builder.page(page + 1, label);
        }
    }
}

/// Text without what stands for the look of letters only: ligatures, and soft hyphens within a line.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let last = text.trim_end().len();
    for (at, c) in text.char_indices() {
        match c {
            'ﬀ' => clean.push_str("ff"),
            'ﬁ' => clean.push_str("fi"),
            'ﬂ' => clean.push_str("fl"),
            'ﬃ' => clean.push_str("ffi"),
            'ﬄ' => clean.push_str("ffl"),
            'ﬅ' | 'ﬆ' => clean.push_str("st"),
            '\u{ad}' if at + c.len_utf8() < last => {}
            '\u{ad}' => clean.push('-'),
            '\0' => {}
            c => clean.push(c),
        }
    }
    clean
}
