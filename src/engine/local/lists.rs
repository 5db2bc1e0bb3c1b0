//! The postings of a segment, opened by the numbers of terms, and gone through by blocks: of each passage that has a term,
//! how often it stands there.

use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, InvertedIndexReader, SegmentReader};

use super::bm25::Terms;

/// Opens the postings of a segment.
pub struct Opening<'a> {
    segment: usize,
    inverted: Arc<InvertedIndexReader>,
    terms: &'a Terms,
}

impl<'a> Opening<'a> {
    /// Of a segment, by its number and its reader.
    pub fn new(
        segment: usize,
        reader: &SegmentReader,
        field: Field,
        terms: &'a Terms,
    ) -> tantivy::Result<Opening<'a>> {
        Ok(Opening { segment, inverted: reader.inverted_index(field)?, terms })
    }

    /// The passages that have a term; `None` where the segment lacks it.
    pub fn list(&self, term: usize) -> tantivy::Result<Option<List>> {
        let Some(place) = self.terms.place(term, self.segment) else { return Ok(None) };
        let option = IndexRecordOption::WithFreqs;
        let postings = self.inverted.read_block_postings_from_terminfo(place, option)?;
        Ok(Some(List { postings, at: 0 }))
    }

    /// Where a term stands in its passages; `None` where the segment lacks it.
    pub fn positions(&self, term: usize) -> tantivy::Result<Option<SegmentPostings>> {
        let Some(place) = self.terms.place(term, self.segment) else { return Ok(None) };
        let option = IndexRecordOption::WithFreqsAndPositions;
        Ok(Some(self.inverted.read_postings_from_terminfo(place, option)?))
    }

    /// Whether the segment has all of these terms.
    pub fn has_all(&self, terms: &[usize]) -> bool {
        terms.iter().all(|&term| self.terms.place(term, self.segment).is_some())
    }
}

/// The passages that have a term, gone through in their order.
pub struct List {
    postings: BlockSegmentPostings,
    /// The next one in the block.
    at: usize,
}

impl List {
    /// How many there are.
    pub fn passages(&self) -> u64 {
        u64::from(self.postings.doc_freq())
    }

    /// The first passage from one on; `None` behind the last.
    pub fn next_from(&mut self, doc: DocId) -> Option<DocId> {
        if self.next().is_some_and(|next| next < doc) {
            self.at = self.postings.seek(doc);
        }
        self.next()
    }

    fn next(&self) -> Option<DocId> {
        self.postings.docs().get(self.at).copied()
    }

    /// How often the term stands in a passage. Passages are asked for in their order.
    pub fn times_at(&mut self, doc: DocId) -> u32 {
        match self.next_from(doc) {
            Some(next) if next == doc => self.postings.freqs().get(self.at).copied().unwrap_or(1),
            _ => 0,
        }
    }

    /// Tells of each passage before `end` how often the term stands there.
    pub fn each_before(&mut self, end: DocId, mut tell: impl FnMut(DocId, u32)) {
        loop {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let Some(&last) = docs.last() else { return };
            let is_whole = last < end;
            let count = if is_whole { docs.len() } else { docs.partition_point(|&doc| doc < end) };
            let times = self.postings.freqs().get(self.at..).unwrap_or_default();
            for (&doc, &times) in docs.iter().zip(times).take(count) {
                tell(doc, times);
            }
            if !is_whole {
                self.at += count;
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}
