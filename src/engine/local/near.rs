//! Nearness as tantivy runs it: a query that reads the positions of words and asks
//! [`crate::query::near`] whether they are near.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    Bm25StatisticsProvider, Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::careful::{does_not_match, matches};
use crate::query::near::{Span, near};
use crate::query::{Clause, NearClause};
use crate::rank::{Deadline, Watch};

/// Operands near one another in a field with positions.
#[derive(Debug)]
pub struct NearQuery {
    field: Field,
    root: Node,
    /// Finds the passages that have all operands somewhere.
    candidates: Box<dyn Query>,
    until: Deadline,
}

/// What an operand is to the postings. Terms are numbers of [`NearQuery::terms`].
#[derive(Clone, Debug)]
enum Node {
    /// Any of these words.
    Word(Vec<Term>),
    /// Words one directly after another.
    Phrase(Vec<Term>),
    Any(Vec<Node>),
    Near {
        ordered: bool,
        extra: u32,
        operands: Vec<Node>,
    },
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
    /// The query of a clause. `candidates` finds at least every passage that the clause does. It ends when the time is
    /// over.
    pub fn new(
        near: &NearClause,
        field: Field,
        candidates: Box<dyn Query>,
        until: &Deadline,
    ) -> NearQuery {
        NearQuery { field, root: Node::of_near(near, field), candidates, until: until.clone() }
    }
}

impl Node {
    fn of_near(near: &NearClause, field: Field) -> Node {
        let operands = near.operands.iter().map(|operand| Node::of(operand, field)).collect();
        Node::Near { ordered: near.ordered, extra: near.extra, operands }
    }

    fn of(clause: &Clause, field: Field) -> Node {
        let term = |text: &str| Term::from_field_text(field, text);
        match clause {
            Clause::Word(word) => Node::Word(vec![term(&word.term)]),
            Clause::Pattern(pattern) => {
                Node::Word(pattern.terms.iter().map(|text| term(text)).collect())
            }
            Clause::Phrase(phrase) => {
                Node::Phrase(phrase.terms.iter().map(|place| term(&place.term)).collect())
            }
            Clause::Near(near) => Node::of_near(near, field),
            Clause::Boosted(clause, _) => Node::of(clause, field),
            Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => {
                Node::Any(clauses.iter().map(|clause| Node::of(clause, field)).collect())
            }
            Clause::Everything | Clause::Filter(_) => Node::Any(Vec::new()),
        }
    }

    /// The words whose rarity makes the score, as those of a phrase do: of alternatives the most frequent.
    fn weighing(
        &self,
        statistics: &dyn Bm25StatisticsProvider,
        out: &mut Vec<Term>,
    ) -> tantivy::Result<()> {
        match self {
            Node::Word(terms) => {
                let mut most: Option<(u64, &Term)> = None;
                for term in terms {
                    let count = statistics.doc_freq(term)?;
                    most = most.max(Some((count, term)));
                }
                out.extend(most.map(|(_, term)| term.clone()));
            }
            Node::Phrase(terms) => out.extend(terms.iter().cloned()),
            Node::Any(nodes) => {
                let mut words = Vec::new();
                for node in nodes {
                    let mut own = Vec::new();
                    node.weighing(statistics, &mut own)?;
                    words.extend(own);
                }
                Node::Word(words).weighing(statistics, out)?;
            }
            Node::Near { operands, .. } => {
                for operand in operands {
                    operand.weighing(statistics, out)?;
                }
            }
        }
        Ok(())
    }

    fn visit_terms(&self, visit: &mut dyn FnMut(&Term)) {
        match self {
            Node::Word(terms) | Node::Phrase(terms) => terms.iter().for_each(visit),
            Node::Any(nodes) | Node::Near { operands: nodes, .. } => {
                nodes.iter().for_each(|node| node.visit_terms(visit));
            }
        }
    }
}

impl Query for NearQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut terms = Vec::new();
        self.root.visit_terms(&mut |term| terms.push(term.clone()));
        terms.sort_unstable();
        terms.dedup();
        let similarity = match &scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                let mut weighing = Vec::new();
                self.root.weighing(*statistics_provider, &mut weighing)?;
                match weighing.is_empty() {
                    true => None,
                    false => Some(Bm25Weight::for_terms(*statistics_provider, &weighing)?),
                }
            }
            EnableScoring::Disabled { .. } => None,
        };
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
        let mut postings = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            let option = IndexRecordOption::WithFreqsAndPositions;
            postings.push(inverted.read_postings(term, option)?);
        }
        let norms = reader.fieldnorms_readers().get_field(self.field)?;
        let mut scorer = NearScorer {
            candidates: self.candidates.scorer(reader, 1.0)?,
            reading: Reading { terms: self.terms.clone(), postings, positions: Vec::new() },
            root: self.root.clone(),
            count: 0,
            watch: self.until.watch(),
            has_ended: false,
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
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

/// The positions of the words in one passage.
struct Reading {
    terms: Vec<Term>,
    /// As many as `terms`; `None` for a word that the segment does not have.
    postings: Vec<Option<SegmentPostings>>,
    positions: Vec<u32>,
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
            self.count = self.reading.spans(&self.root, doc).len() as u32;
            if self.count > 0 {
                return doc;
            }
            self.candidates.advance();
        }
    }
}

impl Reading {
    /// Where a node stands in a passage.
    fn spans(&mut self, node: &Node, doc: DocId) -> Vec<Span> {
        match node {
            Node::Word(terms) => {
                let mut spans = Vec::new();
                for term in terms {
                    self.read(term, doc);
                    spans.extend(self.positions.iter().map(|&position| Span::word(position, None)));
                }
                spans
            }
            Node::Phrase(terms) => {
                let words = terms.iter().map(|term| {
                    self.read(term, doc);
                    self.positions.iter().map(|&position| Span::word(position, None)).collect()
                });
                let words: Vec<Vec<Span>> = words.collect();
                near(&words, true, 0)
            }
            Node::Any(nodes) => nodes.iter().flat_map(|node| self.spans(node, doc)).collect(),
            Node::Near { ordered, extra, operands } => {
                let operands: Vec<Vec<Span>> =
                    operands.iter().map(|operand| self.spans(operand, doc)).collect();
                near(&operands, *ordered, *extra)
            }
        }
    }

    /// Reads where a word stands in a passage: each place once, however often it counts.
    fn read(&mut self, term: &Term, doc: DocId) {
        self.positions.clear();
        let Ok(place) = self.terms.binary_search(term) else { return };
        let Some(Some(postings)) = self.postings.get_mut(place) else { return };
        if matches(postings, doc) {
            postings.positions(&mut self.positions);
            self.positions.dedup();
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
