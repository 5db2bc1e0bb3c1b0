//! How often words and phrases stand in the texts of passages, by the positions that the index has: no text is
//! read.
//!
//! The body comes first in the field `main`, and the title a gap behind it: positions below the number of its words
//! are those of the body. Only one word or phrase is counted so, beside whatever restricts the passages: of
//! several, one may stand inside another, which the text tells.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Query as TantivyQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, TERMINATED, Term};

use crate::query::{Clause, Query, TextField};

/// The terms of the one word or phrase of the text that a query asks for, where there is no other: every passage
/// that matches and has it in its text counts all of it. `None` where only the text can tell.
pub fn only_phrase(query: &Query, field: Field) -> Option<Vec<Term>> {
    if query.needs_a_look() {
        return None;
    }
    let mut asked = Vec::new();
    let terms = of(&query.clause, &mut asked)?;
    let is_alone = asked.len() == 1;
    is_alone.then(|| terms.iter().map(|term| Term::from_field_text(field, term)).collect())
}

/// The terms of a clause that all passages must match; an empty list where it asks nothing of the text.
/// `asked` has an entry for each word and phrase of the text.
fn of<'c>(clause: &'c Clause, asked: &mut Vec<()>) -> Option<Vec<&'c str>> {
    match clause {
        Clause::Word(word) if word.field == TextField::Main => {
            asked.push(());
            Some(vec![&word.term])
        }
        Clause::Phrase(phrase) if phrase.field == TextField::Main => {
            asked.push(());
            Some(phrase.terms.iter().map(|term| term.term.as_str()).collect())
        }
        Clause::Boosted(clause, _) => of(clause, asked),
        Clause::Boolean { must, should, .. } => {
            let is_one = must.is_empty() && should.len() == 1;
            let all = match is_one {
                true => should,
                false if should.is_empty() => must,
                false => return None,
            };
            let mut terms = Vec::new();
            for clause in all {
                terms.extend(of(clause, asked)?);
            }
            Some(terms)
        }
        Clause::Everything | Clause::Filter(_) => Some(Vec::new()),
        leaf => leaf.field().filter(|field| *field != TextField::Main).map(|_| Vec::new()),
    }
}

/// The postings of the terms of a word or phrase in one segment.
pub struct Places {
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

    /// How often it stands in the text of a passage, which has so many words. Passages come in order.
    pub fn count(&mut self, doc: DocId, words: u64) -> u64 {
        self.starts.clear();
        for (offset, postings) in (0u32..).zip(&mut self.postings) {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            if postings.doc() != doc {
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

/// Every passage of a segment that a query matches, in order, with its id and how often the phrase stands in its
/// text.
pub fn each(
    query: &dyn TantivyQuery,
    terms: &[Term],
    field: Field,
    searcher: &tantivy::Searcher,
    mut sink: impl FnMut(DocAddress, u64, u64),
) -> tantivy::Result<()> {
    let scoring = tantivy::query::EnableScoring::disabled_from_searcher(searcher);
    let weight = query.weight(scoring)?;
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let Some(mut places) = Places::open(reader.inverted_index(field)?.as_ref(), terms)? else {
            continue;
        };
        let (ids, words) = (reader.fast_fields().u64("id")?, reader.fast_fields().u64("words")?);
        let alive = reader.alive_bitset();
        let mut scorer = weight.scorer(reader, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let count = places.count(doc, words.first(doc).unwrap_or(0));
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
