//! Cuts a document into passages.
use crate::document::{Document, Location};
use std::ops::Range;
/// A piece.
pub struct Cut {
    pub id: String,
    pub ordinal: usize,
    pub section: usize,
    pub range: Range<usize>,
    pub location: Location,
}
/// Size.
#[derive(Clone, Copy, Debug)]
pub struct PassageSize {
    pub target: usize,
    pub max: usize,
}
impl Default for PassageSize {
    fn default() -> Self {
        PassageSize { target: 800, max: 1200 }
    }
}
/// stub
pub fn cut(document: &Document, _size: PassageSize) -> Vec<Cut> {
    document
        .blocks
        .iter()
        .enumerate()
        .map(|(ordinal, b)| Cut {
            id: super::id_text(
                ordinal as u64
                    + crate::passage::hash(&document.id, &document.text[b.range.clone()]),
            ),
            ordinal,
            section: b.section,
            range: b.range.clone(),
            location: document.locate(b.range.clone()),
        })
        .collect()
}
