//! Where the words of a query stand in the best passages, by the positions of the local index.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Searcher, SegmentOrdinal, SegmentReader, Term};

use super::careful::matches;
use super::collect::Candidate;
use crate::engine::pairs::{Nearness, Pairs, nearness};

/// How the words of each pair stand in each of some passages.
///
/// # Errors
/// Where positions cannot be read.
pub fn nearness_in(
    pairs: &Pairs<'_>,
    field: Field,
    searcher: &Searcher,
    passages: &[Candidate],
) -> tantivy::Result<Vec<Vec<Nearness>>> {
    let terms: Vec<Term> = pairs.terms().map(|term| Term::from_field_text(field, term)).collect();
    // Postings are read forwards, each segment's once.
    let mut order: Vec<usize> = (0..passages.len()).collect();
    order.sort_unstable_by_key(|&place| passages[place].address);
    let mut nearness = vec![Vec::new(); passages.len()];
    let mut opened: Option<(SegmentOrdinal, Positions)> = None;
    for place in order {
        let address = passages[place].address;
        let positions = match &mut opened {
            Some((segment, positions)) if *segment == address.segment_ord => positions,
            _ => {
                let reader = searcher.segment_reader(address.segment_ord);
                let positions = Positions::open(reader, field, &terms)?;
                &mut opened.insert((address.segment_ord, positions)).1
            }
        };
        nearness[place] = positions.nearness(address.doc_id);
    }
    Ok(nearness)
}

/// Where the words of a query stand in the passages of a segment.
struct Positions {
    /// `None` for a word that the segment lacks.
    postings: Vec<Option<SegmentPostings>>,
    /// Of each word those in the passage that is looked at.
    positions: Vec<Vec<u32>>,
}

impl Positions {
    fn open(reader: &SegmentReader, field: Field, terms: &[Term]) -> tantivy::Result<Positions> {
        let inverted = reader.inverted_index(field)?;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let postings = terms.iter().map(|term| inverted.read_postings(term, option));
        let postings = postings.collect::<std::io::Result<Vec<_>>>()?;
        Ok(Positions { positions: vec![Vec::new(); postings.len()], postings })
    }

    /// How the words of each pair stand in a passage. Passages come in order.
    fn nearness(&mut self, doc: DocId) -> Vec<Nearness> {
        for (postings, positions) in self.postings.iter_mut().zip(&mut self.positions) {
            positions.clear();
            if let Some(postings) = postings
                && matches(postings, doc)
            {
                postings.positions(positions);
            }
        }
        let pairs = self.positions.windows(2).map(|words| match words {
            [first, second] => nearness(first, second),
            _ => Nearness::Absent,
        });
        pairs.collect()
    }
}
