//! How often words and phrases stand in the texts of passages, by the positions that the index has: no text is
//! read.
//!
//! The body comes first in the field `main`, and the title a gap behind it: positions below the number of its words
//! are those of the body. One phrase is counted so, or any number of words; of several phrases one may stand inside
//! another, which the text tells. A phrase that goes over the seam of two passages is one of the first.

use std::sync::Arc;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Query as TantivyQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, TERMINATED, Term};

use super::careful::matches;
use super::node::Node;
use super::over::{OverScorer, OverWeight};
use super::seam::Seams;
use crate::query::{Clause, Query, TextField};
use crate::rank::Deadline;

/// The words and phrases of the text that a query asks for, where each of them counts wherever it stands in a
/// passage that matches, and none can stand inside another. `None` where only the text can tell.
pub fn countable(query: &Query, field: Field) -> Option<Vec<Vec<Term>>> {
    let mut asked = Vec::new();
    if query.needs_a_look() || !add(&query.clause, &mut asked) {
        return None;
    }
    asked.sort_unstable();
    asked.dedup();
    // The joined form of a legal reference, which has digits, has its parts inside it.
    let is_plain = |terms: &Vec<&str>| {
        terms.len() == 1 && !terms.iter().any(|term| term.contains(char::is_numeric))
    };
    let is_countable = asked.len() == 1 || (!asked.is_empty() && asked.iter().all(is_plain));
    let term = |text: &&str| Term::from_field_text(field, text);
    is_countable.then(|| asked.iter().map(|terms| terms.iter().map(term).collect()).collect())
}

/// Adds the words and phrases of a clause that matches; says whether each counts wherever it stands.
fn add<'c>(clause: &'c Clause, asked: &mut Vec<Vec<&'c str>>) -> bool {
    match clause {
        Clause::Word(word) if word.field == TextField::Main => {
            asked.push(vec![&word.term]);
            true
        }
        Clause::Phrase(phrase) if phrase.goes_over() => {
            asked.push(phrase.terms.iter().map(|term| term.term.as_str()).collect());
            true
        }
        Clause::Boosted(clause, _) => add(clause, asked),
        Clause::Boolean { must, should, .. } => {
            let is_leaf = |clause: &Clause| matches!(clause, Clause::Word(_) | Clause::Phrase(_));
            // One of several that has parts of its own may not match, and then none of its parts counts.
            let all_may_stand =
                should.iter().all(is_leaf) || (must.is_empty() && should.len() == 1);
            all_may_stand && must.iter().chain(should).all(|clause| add(clause, asked))
        }
        Clause::Everything | Clause::Filter(_) => true,
        leaf => leaf.field().is_some_and(|field| field != TextField::Main),
    }
}

/// The postings of the terms of a word or phrase in one segment.
struct Places {
    postings: Vec<SegmentPostings>,
    /// Where the phrase may begin.
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Places {
    /// `None` where the segment lacks one of the terms.
    pub fn open(inverted: &InvertedIndexReader, terms: &[Term]) -> tantivy::Result<Option<Places>> {
        let mut postings = Vec::with_capacity(terms.len());
        for term in terms {
            let option = IndexRecordOption::WithFreqsAndPositions;
            match inverted.read_postings(term, option)? {
                Some(found) => postings.push(found),
                None => return Ok(None),
            }
        }
        Ok(Some(Places { postings, starts: Vec::new(), positions: Vec::new() }))
    }

    /// Of all the phrases of a query that the segment has.
    fn of_all(
        inverted: &InvertedIndexReader,
        phrases: &[Vec<Term>],
    ) -> tantivy::Result<Vec<Places>> {
        let opened = phrases.iter().map(|terms| Places::open(inverted, terms));
        let opened: tantivy::Result<Vec<Option<Places>>> = opened.collect();
        Ok(opened?.into_iter().flatten().collect())
    }

    /// How often it stands in the text of a passage, which has so many words. Passages come in order.
    fn count(&mut self, doc: DocId, words: u64) -> u64 {
        self.starts.clear();
        for (offset, postings) in (0u32..).zip(&mut self.postings) {
            if !matches(postings, doc) {
                return 0;
            }
            self.positions.clear();
            postings.positions(&mut self.positions);
            let inside = self.positions.partition_point(|&position| u64::from(position) < words);
            self.positions.truncate(inside);
            if offset == 0 {
                std::mem::swap(&mut self.starts, &mut self.positions);
            } else {
                let positions = &self.positions;
                self.starts.retain(|start| positions.binary_search(&(start + offset)).is_ok());
            }
        }
        self.starts.len() as u64
    }
}

/// Every passage of a segment that a query matches, in order, with its id and how often the words and phrases stand
/// in its text.
pub fn each(
    query: &dyn TantivyQuery,
    phrases: &[Vec<Term>],
    field: Field,
    searcher: &tantivy::Searcher,
    seams: &Arc<Seams>,
    until: &Deadline,
    mut sink: impl FnMut(DocAddress, u64, u64),
) -> tantivy::Result<()> {
    let scoring = tantivy::query::EnableScoring::disabled_from_searcher(searcher);
    let weight = query.weight(scoring)?;
    let over_seams = phrases.iter().filter(|terms| terms.len() > 1).map(|terms| {
        let (root, width) = (Node::Phrase(terms.clone()), terms.len() as u32);
        OverWeight::new(&root, width, seams, field, &scoring, until)
    });
    let over_seams = over_seams.collect::<tantivy::Result<Vec<_>>>()?;
    let mut watch = until.watch();
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let mut places = Places::of_all(reader.inverted_index(field)?.as_ref(), phrases)?;
        if places.is_empty() {
            continue;
        }
        let (ids, words) = (reader.fast_fields().u64("id")?, reader.fast_fields().u64("words")?);
        let over = over_seams.iter().map(|over| over.scorer(reader, 1.0));
        let over = over.collect::<tantivy::Result<Vec<_>>>()?;
        let mut over: Vec<OverScorer> = over.into_iter().flatten().collect();
        let alive = reader.alive_bitset();
        let mut scorer = weight.scorer(reader, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED && !watch.is_over() {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let words = words.first(doc).unwrap_or(0);
                let inside: u64 = places.iter_mut().map(|places| places.count(doc, words)).sum();
                let over = over.iter_mut().map(|over| u64::from(over.count_at(doc)));
                let count = inside + over.sum::<u64>();
                if count > 0 {
                    let id = ids.first(doc).unwrap_or(u64::MAX);
                    sink(DocAddress::new(segment as u32, doc), id, count);
                }
            }
            doc = scorer.advance();
        }
    }
    Ok(())
}
