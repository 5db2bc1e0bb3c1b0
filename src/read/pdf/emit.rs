//! Blocks to a document: lines joined, each with its page.

use super::super::builder::DocumentBuilder;
use super::blocks::{Block, Kind, Piece};
use crate::document::BlockKind;
use crate::read::hyphens::Vocabulary;

/// Writes blocks into a document.
pub fn emit(
    blocks: &[Block],
    labels: &[String],
    vocabulary: &Vocabulary,
    builder: &mut DocumentBuilder<'_>,
) {
    let mut page = 0;
    for block in blocks.iter().filter(|block| !block.pieces.is_empty()) {
        turn(block.page(), &mut page, labels, builder);
        match block.kind {
            Kind::Heading(level) => builder.add_heading(level, &joined(&block.pieces, vocabulary)),
            Kind::Title => builder.add_title(&joined(&block.pieces, vocabulary)),
            kind => {
                builder.begin(block_kind(kind), block.tight);
                pieces(&block.pieces, &mut page, labels, vocabulary, builder);
                builder.end();
            }
        }
    }
}

fn block_kind(kind: Kind) -> BlockKind {
    match kind {
        Kind::Item => BlockKind::ListItem,
        Kind::Row => BlockKind::TableRow,
        Kind::Note => BlockKind::Note,
        Kind::Quotation => BlockKind::Quotation,
        Kind::Title | Kind::Heading(_) | Kind::Paragraph => BlockKind::Paragraph,
    }
}

fn turn(to: usize, page: &mut usize, labels: &[String], builder: &mut DocumentBuilder<'_>) {
    if to != *page {
        let label = labels.get(to.saturating_sub(1)).map(String::as_str);
        builder.page(to, label.filter(|label| !label.is_empty()));
        *page = to;
    }
}

fn joined(pieces: &[Piece], vocabulary: &Vocabulary) -> String {
    let mut text = String::new();
    for piece in pieces {
        vocabulary.join(&mut text, &piece.text);
    }
    clean(&text)
}

/// Adds the pieces of a block. A word that goes over a page stands on the page it begins on.
fn pieces(
    pieces: &[Piece],
    page: &mut usize,
    labels: &[String],
    vocabulary: &Vocabulary,
    builder: &mut DocumentBuilder<'_>,
) {
    let mut text = String::new();
    for piece in pieces {
        if piece.is_cell && !text.is_empty() {
            builder.add(&clean(&text));
            builder.add("\t");
            text.clear();
        }
        if piece.page == *page {
            vocabulary.join(&mut text, &piece.text);
            continue;
        }
        vocabulary.join(&mut text, &piece.text);
        // The text of the page before: all but what the new piece brought, to the end of a word.
        let own = piece.text.trim_start().len().min(text.len());
        let at = text.len() - own;
        let end =
            match text.get(..at).is_some_and(|before| before.ends_with(' ') || before.is_empty()) {
                true => at,
                false => text
                    .get(at..)
                    .and_then(|rest| rest.find(' '))
                    .map_or(text.len(), |blank| at + blank),
            };
        let rest = text.split_off(end);
        builder.add(&clean(&text));
        turn(piece.page, page, labels, builder);
        text = rest;
    }
    builder.add(&clean(&text));
}

/// Text without soft hyphens: all that is left of them stands inside words.
fn clean(text: &str) -> String {
    text.replace('\u{ad}', "")
}
