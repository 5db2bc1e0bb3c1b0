//! What was edited in a paragraph, in words: white space and punctuation are kept, so that both texts can be read off.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, TextDiff};

/// A stretch of an edited paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// In both.
    Same(String),
    /// In the older only.
    Removed(String),
    /// In the newer only.
    Added(String),
}

/// Words that stay the same between two changes are told as changed with them where they are fewer than this: `on` and
/// `the` are in all sentences.
const FEWEST_SAME: usize = 3;

/// After so long the rest is told as replaced. Paragraphs of a page take a few thousandths of it.
const LONGEST: Duration = Duration::from_secs(1);

/// What is in both, and in one of the texts only, and the share of the words and signs that both have.
///
/// The texts are the concatenation of what is the same with what is removed, or added.
pub fn edits(old: &str, new: &str) -> (Vec<Edit>, f32) {
    let mut config = TextDiff::configure();
    config.algorithm(Algorithm::Myers).deadline(Instant::now() + LONGEST);
    let diff = config.diff_unicode_words(old, new);
    let pieces = diff.ops().iter().map(|op| Piece {
        is_same: matches!(op, DiffOp::Equal { .. }),
        removed: op.old_range().filter_map(|at| diff.old_slice(at)).collect(),
        added: op.new_range().filter_map(|at| diff.new_slice(at)).collect(),
    });
    (written(joined(pieces.collect())), diff.ratio())
}

/// What stands at a place in the older text and in the newer one.
struct Piece {
    is_same: bool,
    removed: String,
    added: String,
}

/// Changes with too little between them are one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    let last = pieces.len().saturating_sub(1);
    for (place, piece) in pieces.into_iter().enumerate() {
        let is_inner = place > 0 && place < last;
        let words = piece.added.split_whitespace().count();
        let is_change = !piece.is_same || (is_inner && words < FEWEST_SAME);
        match joined.last_mut() {
            Some(before) if is_change && !before.is_same => {
                before.removed.push_str(&piece.removed);
                before.added.push_str(&piece.added);
            }
            _ => joined.push(Piece { is_same: !is_change, ..piece }),
        }
    }
    joined
}

/// The edits, with white space that both begin or end with outside.
fn written(pieces: Vec<Piece>) -> Vec<Edit> {
    let mut edits = Vec::with_capacity(2 * pieces.len());
    for piece in pieces {
        if piece.is_same {
            same(&piece.added, &mut edits);
            continue;
        }
        let (before, removed, added, after) = trimmed(&piece.removed, &piece.added);
        same(before, &mut edits);
        if !removed.is_empty() {
            edits.push(Edit::Removed(removed.to_owned()));
        }
        if !added.is_empty() {
            edits.push(Edit::Added(added.to_owned()));
        }
        same(after, &mut edits);
    }
    edits
}

fn same(text: &str, edits: &mut Vec<Edit>) {
    match edits.last_mut() {
        _ if text.is_empty() => {}
        Some(Edit::Same(before)) => before.push_str(text),
        _ => edits.push(Edit::Same(text.to_owned())),
    }
}

/// What both begin with of white space, the two texts without it, and what both end with.
fn trimmed<'t>(removed: &'t str, added: &'t str) -> (&'t str, &'t str, &'t str, &'t str) {
    let start = |text: &'t str| &text[..text.len() - text.trim_start().len()];
    let before = if start(removed) == start(added) { start(added) } else { "" };
    let (removed, added) = (&removed[before.len()..], &added[before.len()..]);
    let end = |text: &'t str| &text[text.trim_end().len()..];
    let after = if end(removed) == end(added) { end(added) } else { "" };
    let inner = |text: &'t str| &text[..text.len() - after.len()];
    (before, inner(removed), inner(added), after)
}
