//! Nearness as tantivy runs it: a query that reads the positions of words and asks
//! [`crate::query::near`] whether they are near.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::bm25::lengths;
use super::careful::{does_not_match, matches};
use super::node::{Node, Reading};
use crate::rank::{Deadline, Watch};

/// Operands near one another in a field with positions, inside a passage.
#[derive(Debug)]
pub struct NearQuery {
    field: Field,
    root: Node,
    /// Finds the passages that have all operands somewhere.
    candidates: Box<dyn Query>,
    until: Deadline,
}

impl Clone for NearQuery {
    fn clone(&self) -> NearQuery {
        NearQuery {
            field: self.field,
            root: self.root.clone(),
            candidates: self.candidates.box_clone(),
            until: self.until.clone(),
        }
    }
}

impl NearQuery {
    /// The query of a node. `candidates` finds at least every passage that it stands in. It ends when the time is
    /// over.
    pub fn new(
        root: Node,
        field: Field,
        candidates: Box<dyn Query>,
        until: &Deadline,
    ) -> NearQuery {
        NearQuery { field, root, candidates, until: until.clone() }
    }
}

impl Query for NearQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms = self.root.terms();
        let similarity = self.root.similarity(&scoring)?;
        let candidates =
            self.candidates.weight(EnableScoring::disabled_from_schema(scoring.schema()))?;
        let (field, root, until) = (self.field, self.root.clone(), self.until.clone());
        Ok(Box::new(NearWeight { field, root, terms, similarity, candidates, until }))
    }
}

struct NearWeight {
    field: Field,
    root: Node,
    /// Sorted, each once.
    terms: Vec<Term>,
    similarity: Option<Bm25Weight>,
    candidates: Box<dyn Weight>,
    until: Deadline,
}

impl NearWeight {
    fn near_scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<NearScorer> {
        let inverted = reader.inverted_index(self.field)?;
        let mut scorer = NearScorer {
            candidates: self.candidates.scorer(reader, 1.0)?,
            reading: Reading::open(&inverted, &self.terms)?,
            root: self.root.clone(),
            count: 0,
            watch: self.until.watch(),
            has_ended: false,
            norms: lengths(reader, self.field)?,
            similarity: self.similarity.as_ref().map(|similarity| similarity.boost_by(boost)),
        };
        scorer.settle();
        Ok(scorer)
    }
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.terms.is_empty() {
            true => Ok(Box::new(EmptyScorer)),
            false => Ok(Box::new(self.near_scorer(reader, boost)?)),
        }
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.near_scorer(reader, 1.0)?;
        if !matches(&mut scorer, doc) {
            return Err(does_not_match(doc));
        }
        let mut explanation = Explanation::new("words near one another", scorer.score());
        if let Some(similarity) = &self.similarity {
            explanation
                .add_detail(similarity.explain(scorer.norms.fieldnorm_id(doc), scorer.count));
        }
        Ok(explanation)
    }
}

/// Passes from candidate to candidate and stops where the words are near.
struct NearScorer {
    candidates: Box<dyn Scorer>,
    reading: Reading,
    root: Node,
    /// How often the words are near in this passage.
    count: u32,
    norms: FieldNormReader,
    similarity: Option<Bm25Weight>,
    watch: Watch,
    has_ended: bool,
}

impl NearScorer {
    /// Goes on from this candidate to the first whose words are near, or to the end when the time is over.
    fn settle(&mut self) -> DocId {
        loop {
            self.has_ended |= self.watch.is_over();
            let doc = self.doc();
            if doc == TERMINATED {
                return doc;
            }
            self.reading.read(doc);
            self.count = self.reading.spans(&self.root).len() as u32;
            if self.count > 0 {
                return doc;
            }
            self.candidates.advance();
        }
    }
}

impl DocSet for NearScorer {
    fn advance(&mut self) -> DocId {
        self.candidates.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.candidates.seek(target);
            return self.settle();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        if self.has_ended { TERMINATED } else { self.candidates.doc() }
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.doc());
        self.similarity.as_ref().map_or(1.0, |similarity| similarity.score(norm, self.count))
    }
}
