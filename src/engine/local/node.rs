//! Phrases and words near one another as the postings know them, and the positions that are read for them.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25StatisticsProvider, Bm25Weight, EnableScoring};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, InvertedIndexReader, Term};

use super::careful::matches;
use crate::query::near::{Span, near};
use crate::query::{Clause, NearClause};

/// What a phrase, or words near one another, are to the postings.
#[derive(Clone, Debug)]
pub enum Node {
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

impl Node {
    /// Operands near one another.
    pub fn of_near(near: &NearClause, field: Field) -> Node {
        let operands = near.operands.iter().map(|operand| Node::of(operand, field)).collect();
        Node::Near { ordered: near.ordered, extra: near.extra, operands }
    }

    /// An operand of words near one another, or a phrase.
    pub fn of(clause: &Clause, field: Field) -> Node {
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

    /// The terms, sorted, each once.
    pub fn terms(&self) -> Vec<Term> {
        let mut terms = Vec::new();
        self.visit_terms(&mut |term| terms.push(term.clone()));
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// How it scores; `None` where scores are not asked for, or it has no words.
    pub fn similarity(&self, scoring: &EnableScoring<'_>) -> tantivy::Result<Option<Bm25Weight>> {
        let EnableScoring::Enabled { statistics_provider, .. } = scoring else { return Ok(None) };
        let mut weighing = Vec::new();
        self.weighing(*statistics_provider, &mut weighing)?;
        let weight = || Bm25Weight::for_terms(*statistics_provider, &weighing);
        (!weighing.is_empty()).then(weight).transpose()
    }

    /// Sets of terms: where it stands, there is a term of each.
    pub fn required(&self) -> Vec<Vec<Term>> {
        match self {
            Node::Phrase(terms) => terms.iter().map(|term| vec![term.clone()]).collect(),
            Node::Near { operands, .. } => operands.iter().flat_map(Node::required).collect(),
            Node::Word(_) | Node::Any(_) => vec![self.terms()],
        }
    }
}

/// The positions of words in one passage, or on either side of the seam of two.
pub struct Reading {
    /// Sorted.
    terms: Vec<Term>,
    /// As many as `terms`; `None` for a word that the segment does not have.
    postings: Vec<Option<SegmentPostings>>,
    /// As many as `terms`, each in order.
    positions: Vec<Vec<u32>>,
    /// As many as `terms`: the passage before the seam at which it was read last.
    read_at: Vec<Option<DocId>>,
    /// Of one passage, before they are put behind those of another.
    buffer: Vec<u32>,
}

/// The seam behind a passage.
pub struct Seam {
    pub doc: DocId,
    /// How many words its text has.
    pub words: u32,
    /// How many the next one has.
    pub next_words: u32,
    /// How many positions on either side of it are looked at.
    pub reach: u32,
}

impl Reading {
    /// Opens the postings of terms, which are sorted.
    pub fn open(inverted: &InvertedIndexReader, terms: &[Term]) -> tantivy::Result<Reading> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let postings = terms.iter().map(|term| Ok(inverted.read_postings(term, option)?));
        Ok(Reading {
            terms: terms.to_vec(),
            postings: postings.collect::<tantivy::Result<_>>()?,
            positions: vec![Vec::new(); terms.len()],
            read_at: vec![None; terms.len()],
            buffer: Vec::new(),
        })
    }

    /// Reads where the words stand in a passage: each place once, however often it counts.
    pub fn read(&mut self, doc: DocId) {
        for (postings, positions) in self.postings.iter_mut().zip(&mut self.positions) {
            positions.clear();
            if let Some(postings) = postings
                && matches(postings, doc)
            {
                postings.positions(positions);
                positions.dedup();
            }
        }
    }

    /// Reads where some of the words stand near a seam, each once; whether any does. Those behind it are counted on.
    pub fn read_over(&mut self, terms: &[Term], seam: &Seam) -> bool {
        let Seam { doc, words, next_words, reach } = *seam;
        let mut is_any = false;
        for term in terms {
            let Ok(place) = self.terms.binary_search(term) else { continue };
            let positions = &mut self.positions[place];
            if let Some(postings) = &mut self.postings[place]
                && self.read_at[place] != Some(doc)
            {
                positions.clear();
                for (doc, base, inside) in [
                    (doc, 0, words.saturating_sub(reach)..words),
                    (doc + 1, words, 0..reach.min(next_words)),
                ] {
                    if matches(postings, doc) {
                        self.buffer.clear();
                        postings.positions(&mut self.buffer);
                        self.buffer.dedup();
                        let near = self.buffer.iter().filter(|&position| inside.contains(position));
                        positions.extend(near.map(|position| base + position));
                    }
                }
                self.read_at[place] = Some(doc);
            }
            is_any |= !positions.is_empty();
        }
        is_any
    }

    fn places(&self, term: &Term) -> impl Iterator<Item = Span> {
        let place = self.terms.binary_search(term).ok();
        let positions = place.and_then(|place| self.positions.get(place));
        positions.into_iter().flatten().map(|&position| Span::word(position, None))
    }

    /// Where a node stands, as was read last.
    pub fn spans(&self, node: &Node) -> Vec<Span> {
        match node {
            Node::Word(terms) => terms.iter().flat_map(|term| self.places(term)).collect(),
            Node::Phrase(terms) => {
                let words = terms.iter().map(|term| self.places(term).collect());
                near(&words.collect::<Vec<Vec<Span>>>(), true, 0)
            }
            Node::Any(nodes) => nodes.iter().flat_map(|node| self.spans(node)).collect(),
            Node::Near { ordered, extra, operands } => {
                let operands: Vec<Vec<Span>> =
                    operands.iter().map(|operand| self.spans(operand)).collect();
                near(&operands, *ordered, *extra)
            }
        }
    }
}
