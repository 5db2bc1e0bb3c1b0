//! Cuts the text of a document into passages: packs short blocks, splits long ones at sentence ends.

use std::collections::HashMap;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::{id_text, sentence_ends};
use crate::document::{Block, Document, Location};

/// Where a passage lies in its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// See [`super::Passage::id`].
    pub id: String,
    /// Index into `Document::sections`.
    pub section: usize,
    /// Bytes of `Document::text`; empty for a heading without text.
    pub range: Range<usize>,
    /// Where it stands in its source.
    pub location: Location,
}

/// How long passages are, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassageSize {
    /// What packing and splitting aim at.
    pub target: usize,
    /// What no passage exceeds.
    pub max: usize,
}

impl Default for PassageSize {
    /// Measured: see the table of passage sizes in ARCHITECTURE.md.
    fn default() -> PassageSize {
        PassageSize { target: 800, max: 1200 }
    }
}

/// A stretch of text that packing does not divide.
#[derive(Clone, Debug)]
struct Unit {
    range: Range<usize>,
    characters: usize,
}

/// The passages of a document, in order. A section with a heading only gives an empty one, so that
/// its heading is found; so does a document without any text.
pub fn cut(document: &Document, size: PassageSize) -> Vec<Cut> {
    let size = PassageSize { target: size.target.max(1), max: size.max.max(size.target).max(1) };
    let is_parent = parents(document);
    let mut cuts = Vec::new();
    let mut seen = HashMap::new();
    let mut blocks = document.blocks.as_slice();
    for (section, has_children) in is_parent.iter().enumerate() {
        let own = blocks.iter().take_while(|block| block.section == section).count();
        let (own, rest) = blocks.split_at(own);
        let start =
            own.first().or(rest.first()).map_or(document.text.len(), |block| block.range.start);
        blocks = rest;
        let mut ranges = pack(units(&document.text, own, size), &document.text, size);
        let is_bare = ranges.is_empty() && !has_children;
        if is_bare && (section > 0 || is_parent.len() == 1) {
            ranges.push(start..start);
        }
        cuts.extend(ranges.into_iter().map(|range| located(document, section, range, &mut seen)));
    }
    cuts
}

/// For each section, whether another one lies in it.
fn parents(document: &Document) -> Vec<bool> {
    let mut is_parent = vec![false; document.sections.len()];
    for parent in document.sections.iter().filter_map(|section| section.parent) {
        if let Some(flag) = is_parent.get_mut(parent) {
            *flag = true;
        }
    }
    is_parent
}

fn located(
    document: &Document,
    section: usize,
    range: Range<usize>,
    seen: &mut HashMap<u64, u32>,
) -> Cut {
    let slug = &document.sections[section].slug;
    let text = &document.text[range.clone()];
    let first = number(&document.id, slug, text, 0);
    let copies = seen.entry(first).or_insert(0);
    let id = if *copies == 0 { first } else { number(&document.id, slug, text, *copies) };
    *copies += 1;
    let location = match range.is_empty() {
        true => document.locate_heading(section),
        false => document.locate(range.clone()),
    };
    Cut { id: id_text(id), section, range, location }
}

/// The first 64 bits of SHA-256 over what makes a passage the one it is. `copy` tells apart the same
/// text in the same section.
fn number(doc_id: &str, slug: &str, text: &str, copy: u32) -> u64 {
    let mut hash = Sha256::new();
    for part in [doc_id, slug, text] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(copy.to_be_bytes());
    hash.finalize().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The units of a section's blocks: lists and tables that fit whole, blocks, and pieces of blocks
/// that are too long.
fn units(text: &str, blocks: &[Block], size: PassageSize) -> Vec<Unit> {
    let mut units = Vec::new();
    for run in blocks.chunk_by(|_, next| next.tight) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let whole = unit(text, first.range.start..last.range.end);
        if whole.characters <= size.max {
            units.push(whole);
            continue;
        }
        for block in run {
            let own = unit(text, block.range.clone());
            match own.characters <= size.max {
                true => units.push(own),
                false => split(text, own, size, &mut units),
            }
        }
    }
    units
}

fn unit(text: &str, range: Range<usize>) -> Unit {
    let characters = text[range.clone()].chars().count();
    Unit { range, characters }
}

/// Splits a block at sentence ends into pieces of about equal length, near the target.
fn split(text: &str, block: Unit, size: PassageSize, units: &mut Vec<Unit>) {
    let sentences = sentences(text, &block.range, size);
    let pieces = (block.characters as f64 / size.target as f64).round().max(1.0) as usize;
    let pieces = pieces.max(block.characters.div_ceil(size.max));
    let share = block.characters / pieces;
    let mut piece: Option<Unit> = None;
    let mut left = block.characters;
    for sentence in sentences {
        piece = Some(match piece.take() {
            None => sentence,
            Some(open) => {
                let gap = text[open.range.end..sentence.range.start].chars().count();
                let joined = open.characters + gap + sentence.characters;
                // Stop where the piece is nearer to its share without the sentence than with it.
                let is_full =
                    open.characters + sentence.characters / 2 >= share && left > share / 2;
                if joined > size.max || is_full {
                    left = left.saturating_sub(open.characters);
                    units.push(open);
                    sentence
                } else {
                    Unit { range: open.range.start..sentence.range.end, characters: joined }
                }
            }
        });
    }
    units.extend(piece);
}

/// The sentences of a block, trimmed; one that alone is too long is cut between words.
fn sentences(text: &str, block: &Range<usize>, size: PassageSize) -> Vec<Unit> {
    let inside = &text[block.clone()];
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in sentence_ends(inside).into_iter().chain([inside.len()]) {
        let Some(sentence) = trimmed(text, block.start + start..block.start + end) else {
            continue;
        };
        start = end;
        match sentence.characters <= size.max {
            true => sentences.push(sentence),
            false => words(text, sentence.range, size.max, &mut sentences),
        }
    }
    sentences
}

/// Cuts a range at the last white space before each `max` characters; where there is none, there.
fn words(text: &str, range: Range<usize>, max: usize, units: &mut Vec<Unit>) {
    let mut start = range.start;
    while start < range.end {
        let rest = &text[start..range.end];
        let reach = rest.char_indices().nth(max).map_or(rest.len(), |(at, _)| at);
        let window = &rest[..reach];
        let end = match reach == rest.len() {
            true => reach,
            false => window.rfind(char::is_whitespace).filter(|&at| at > 0).unwrap_or(reach),
        };
        units.extend(trimmed(text, start..start + end));
        start += end;
        start += text[start..range.end].len() - text[start..range.end].trim_start().len();
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Unit> {
    let inside = &text[range.clone()];
    let start = range.start + inside.len() - inside.trim_start().len();
    let end = start + inside.trim().len();
    (start < end).then(|| unit(text, start..end))
}

/// Joins units up to the target, and a last one that would be tiny to the one before it.
fn pack(units: Vec<Unit>, text: &str, size: PassageSize) -> Vec<Range<usize>> {
    let mut packed: Vec<Unit> = Vec::new();
    let count = units.len();
    for (index, next) in units.into_iter().enumerate() {
        if let Some(open) = packed.last_mut() {
            let gap = text[open.range.end..next.range.start].chars().count();
            let joined = open.characters + gap + next.characters;
            // Joining ends nearer to the target than stopping does.
            let is_nearer = joined.abs_diff(size.target) <= open.characters.abs_diff(size.target);
            let is_tiny_tail = index + 1 == count && next.characters < size.target / 4;
            if joined <= size.max && (is_nearer || is_tiny_tail) {
                *open = Unit { range: open.range.start..next.range.end, characters: joined };
                continue;
            }
        }
        packed.push(next);
    }
    packed.into_iter().map(|unit| unit.range).collect()
}
