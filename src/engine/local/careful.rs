//! A query whose explanation asks first whether it matches: tantivy 0.27 explains a phrase, or what has several parts,
//! that begins behind a passage by asking its scorer to go backwards. And one that ends when the time is over: of words that
//! are everywhere it may be a long way from one place where they follow one another to the next.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError};

use crate::rank::{Deadline, Watch};

/// See the module.
#[derive(Clone, Debug)]
pub struct Careful<Q> {
    query: Q,
    /// What it is, for a reader, where its parts do not tell.
    what: Option<String>,
    until: Deadline,
}

impl<Q> Careful<Q> {
    /// A query that is called this.
    pub fn new(query: Q, what: String, until: &Deadline) -> Careful<Q> {
        Careful { query, what: Some(what), until: until.clone() }
    }

    /// A query that is only explained.
    pub fn explaining(query: Q) -> Careful<Q> {
        Careful { query, what: None, until: Deadline::default() }
    }
}

struct CarefulWeight {
    weight: Box<dyn Weight>,
    what: Option<String>,
    until: Deadline,
}

impl<Q: Query + Clone> Query for Careful<Q> {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weight = self.query.weight(scoring)?;
        let (what, until) = (self.what.clone(), self.until.clone());
        Ok(Box::new(CarefulWeight { weight, what, until }))
    }
}

impl Weight for CarefulWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if !self.until.is_set() {
            return self.weight.scorer(reader, boost);
        }
        if self.until.is_over() {
            return Ok(Box::new(EmptyScorer));
        }
        let scorer = self.weight.scorer(reader, boost)?;
        Ok(Box::new(Ending { scorer, watch: self.until.watch(), has_ended: false }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if !matches(self.weight.scorer(reader, 1.0)?.as_mut(), doc) {
            return Err(does_not_match(doc));
        }
        let mut explanation = self.weight.explain(reader, doc)?;
        if let Some(what) = &self.what {
            explanation.add_context(what.clone());
        }
        Ok(explanation)
    }
}

/// A scorer that ends when the time is over.
struct Ending {
    scorer: Box<dyn Scorer>,
    watch: Watch,
    has_ended: bool,
}

impl DocSet for Ending {
    fn advance(&mut self) -> DocId {
        self.has_ended |= self.watch.is_over();
        if self.has_ended { TERMINATED } else { self.scorer.advance() }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.has_ended |= self.watch.is_over();
        if self.has_ended { TERMINATED } else { self.scorer.seek(target) }
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        self.has_ended |= self.watch.is_over();
        match self.has_ended {
            true => SeekDangerResult::SeekLowerBound(TERMINATED),
            false => self.scorer.seek_danger(target),
        }
    }

    fn doc(&self) -> DocId {
        if self.has_ended { TERMINATED } else { self.scorer.doc() }
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}

impl Scorer for Ending {
    fn score(&mut self) -> Score {
        if self.has_ended { 0.0 } else { self.scorer.score() }
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
