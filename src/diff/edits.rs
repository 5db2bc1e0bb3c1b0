//! What was edited in a paragraph, in words: white space and punctuation are kept, so that both texts can be read off.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, TextDiff};

use super::sentences::FEWEST_WORDS;
use super::standing::Standing;

/// A stretch of an edited paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// In both.
    Same(String),
    /// In the older only.
    Removed(String),
    /// In the newer only.
    Added(String),
    /// In the older only, a sentence that stands elsewhere in the newer report: its text, and the passage with it.
    Left(String, String),
    /// In the newer only, a sentence that stands elsewhere in the older report: its text, and the passage with it.
    Arrived(String, String),
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

/// The edits, with those sentences apart that were removed or added here and stand elsewhere in the other report.
pub fn with_standings(edits: Vec<Edit>, old: &[Standing], new: &[Standing]) -> Vec<Edit> {
    let (mut at_old, mut at_new) = (0, 0);
    let mut told = Vec::with_capacity(edits.len());
    for edit in edits {
        match edit {
            Edit::Same(text) => {
                at_old += text.len();
                at_new += text.len();
                told.push(Edit::Same(text));
            }
            Edit::Removed(text) => {
                told.extend(pieces(&text, at_old, old, Edit::Removed, Edit::Left));
                at_old += text.len();
            }
            Edit::Added(text) => {
                told.extend(pieces(&text, at_new, new, Edit::Added, Edit::Arrived));
                at_new += text.len();
            }
            apart @ (Edit::Left(..) | Edit::Arrived(..)) => told.push(apart),
        }
    }
    told
}

/// A part of a paragraph that begins at `start`, in pieces: its sentences that stand elsewhere, with their passages and the
/// white space around them, and what is between, which is news. Shorter sentences stand anywhere.
fn pieces(
    part: &str,
    start: usize,
    sentences: &[Standing],
    news: fn(String) -> Edit,
    elsewhere: fn(String, String) -> Edit,
) -> Vec<Edit> {
    let mut pieces = Vec::new();
    let mut done = 0;
    let first = sentences.partition_point(|sentence| sentence.bytes.start < start);
    for sentence in &sentences[first..] {
        let from = sentence.bytes.start - start;
        let to = (sentence.bytes.end - start).min(part.len());
        // The numbers of its notes may have come with it or not.
        if from + sentence.said > part.len() {
            break;
        }
        let is_long = part[from..to].split_whitespace().count() >= FEWEST_WORDS;
        let Some(id) = sentence.id.as_ref().filter(|_| is_long) else { continue };
        let before = part[done..from].trim_end().len();
        if before > 0 {
            pieces.push(news(part[done..done + before].to_owned()));
        }
        let rest = &part[to..];
        let end = to + rest.len() - rest.trim_start().len();
        pieces.push(elsewhere(part[done + before..end].to_owned(), id.clone()));
        done = end;
    }
    if done < part.len() {
        pieces.push(news(part[done..].to_owned()));
    }
    pieces
}
