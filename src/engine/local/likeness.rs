//! How like a query the meaning of passages is. Their vectors are values of a column, so that merges and deletions take
//! them along.

use tantivy::columnar::Column;
use tantivy::{Searcher, SegmentOrdinal};

use super::collect::Candidate;
use crate::meaning::Vector;

/// The likeness of each passage; 0 where its meaning is not known.
pub fn likenesses(
    meaning: &Vector,
    searcher: &Searcher,
    passages: &[Candidate],
) -> tantivy::Result<Vec<f32>> {
    let mut columns: Vec<Option<Column<u64>>> = Vec::new();
    for reader in searcher.segment_readers() {
        columns.push(reader.fast_fields().column_opt("meaning")?);
    }
    let column = |segment: SegmentOrdinal| columns.get(segment as usize).and_then(Option::as_ref);
    let likeness = |passage: &Candidate| {
        let column = column(passage.address.segment_ord)?;
        let vector = Vector::from_words(column.values_for_doc(passage.address.doc_id))?;
        Some(meaning.likeness(&vector))
    };
    Ok(passages.iter().map(|passage| likeness(passage).unwrap_or_default()).collect())
}
