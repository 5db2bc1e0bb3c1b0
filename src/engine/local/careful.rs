//! A query whose explanation asks first whether it matches: tantivy 0.27 explains a phrase that begins
//! behind a passage by asking its scorer to go backwards.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TantivyError};

/// See the module.
#[derive(Clone, Debug)]
pub struct Careful<Q>(pub Q);

struct CarefulWeight(Box<dyn Weight>);

impl<Q: Query + Clone> Query for Careful<Q> {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(CarefulWeight(self.0.weight(scoring)?)))
    }
}

impl Weight for CarefulWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.0.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match matches(self.0.scorer(reader, 1.0)?.as_mut(), doc) {
            true => self.0.explain(reader, doc),
            false => Err(does_not_match(doc)),
        }
    }
}

/// Moves a scorer or postings to a passage, and tells whether it is one of theirs. They are never asked to
/// go backwards.
pub fn matches(set: &mut (impl DocSet + ?Sized), doc: DocId) -> bool {
    set.doc() <= doc && set.seek(doc) == doc
}

/// The error of an explanation of what does not match, as tantivy has it.
pub fn does_not_match(doc: DocId) -> TantivyError {
    TantivyError::InvalidArgument(format!("Document #({doc}) does not match"))
}
