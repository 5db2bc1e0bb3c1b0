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
        let mut scorer = self.0.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            let message = format!("Document #({doc}) does not match");
            return Err(TantivyError::InvalidArgument(message));
        }
        self.0.explain(reader, doc)
    }
}
