//! Words that stand near one another as they were asked for. Of the best passages by their words, those gain in
//! which neighbours of the query are neighbours of the text too: the pairs of a sequential dependence (Metzler
//! and Croft 2005, "A Markov random field model for term dependencies").
//!
//! A pair tells as much as its words are rare, and as few of the passages that have both have them so: where
//! nearly all that has *privacy* and *policy* has them side by side, standing so says nothing more than the words.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, Searcher, SegmentOrdinal, SegmentReader, Term};

use super::careful::matches;
use super::collect::Candidate;
use crate::query::{Clause, Form, Query, TextField, WordClause};
use crate::rank::{ADJACENT_WEIGHT, NEAR_REACH, NEAR_WEIGHT, rarity};

/// The pairs of words that follow one another in a query.
pub struct Pairs<'q> {
    field: Field,
    words: Vec<Word<'q>>,
}

struct Word<'q> {
    asked: &'q WordClause,
    term: Term,
    rarity: Score,
}

/// How two words stand in a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// One of them, or both, do not stand there.
    Absent,
    Apart,
    /// With at most [`NEAR_REACH`] positions from one to the other, in any order.
    Near,
    /// One after the other, as they were asked for.
    Adjacent,
}

impl<'q> Pairs<'q> {
    /// `None` where there are no two words that may stand near one another.
    pub fn of(
        query: &'q Query,
        field: Field,
        searcher: &Searcher,
    ) -> tantivy::Result<Option<Pairs<'q>>> {
        let mut asked: Vec<&WordClause> = Vec::new();
        typed(&query.clause, &mut asked);
        let mut words: Vec<Word<'_>> = Vec::with_capacity(asked.len());
        for asked in asked {
            let term = Term::from_field_text(field, &asked.term);
            let count = searcher.doc_freq(&term)?;
            if count > 0 {
                words.push(Word { asked, term, rarity: rarity(count, searcher.num_docs()) });
            }
        }
        Ok((words.len() > 1).then_some(Pairs { field, words }))
    }

    /// What each pair adds to the score of each of these passages.
    pub fn gains(
        &self,
        searcher: &Searcher,
        passages: &[Candidate],
    ) -> tantivy::Result<Vec<Vec<Score>>> {
        let nearness = self.nearness(searcher, passages)?;
        let count = |pair: usize, least: Nearness| {
            nearness.iter().filter(|pairs| pairs.get(pair).is_some_and(|&it| it >= least)).count()
        };
        let mut gains = vec![Vec::with_capacity(self.words.len()); passages.len()];
        for (pair, words) in self.words.windows(2).enumerate() {
            let rarity = words.iter().map(|word| word.rarity).sum::<Score>() / 2.0;
            let both = count(pair, Nearness::Apart).max(1) as Score;
            let gain =
                |least, weight: Score| weight * rarity * (1.0 - count(pair, least) as Score / both);
            let near = gain(Nearness::Near, NEAR_WEIGHT);
            let adjacent = near + gain(Nearness::Adjacent, ADJACENT_WEIGHT);
            for (gains, nearness) in gains.iter_mut().zip(&nearness) {
                gains.push(match nearness.get(pair) {
                    Some(Nearness::Adjacent) => adjacent,
                    Some(Nearness::Near) => near,
                    _ => 0.0,
                });
            }
        }
        Ok(gains)
    }

    /// The two words of each pair, as they were typed.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.words.windows(2).map(|words| {
            let written: Vec<&str> = words.iter().map(|word| word.asked.written.as_str()).collect();
            written.join(" ")
        })
    }

    /// How the words of each pair stand in each of the passages.
    fn nearness(
        &self,
        searcher: &Searcher,
        passages: &[Candidate],
    ) -> tantivy::Result<Vec<Vec<Nearness>>> {
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
                    let positions = Positions::open(reader, self)?;
                    &mut opened.insert((address.segment_ord, positions)).1
                }
            };
            nearness[place] = positions.nearness(address.doc_id);
        }
        Ok(nearness)
    }
}

/// The words of the text that were typed, in their order.
fn typed<'q>(clause: &'q Clause, words: &mut Vec<&'q WordClause>) {
    match clause {
        Clause::Word(word) if word.field == TextField::Main && word.form == Form::Typed => {
            words.push(word);
        }
        Clause::Forms(forms) => forms.iter().for_each(|form| typed(form, words)),
        Clause::Boosted(clause, _) => typed(clause, words),
        Clause::Boolean { must, should, .. } => {
            must.iter().chain(should).for_each(|clause| typed(clause, words));
        }
        _ => {}
    }
}

/// Where the words of a query stand in the passages of a segment.
struct Positions {
    /// `None` for a word that the segment lacks.
    postings: Vec<Option<SegmentPostings>>,
    /// Of each word those in the passage that is looked at.
    positions: Vec<Vec<u32>>,
}

impl Positions {
    fn open(reader: &SegmentReader, pairs: &Pairs<'_>) -> tantivy::Result<Positions> {
        let inverted = reader.inverted_index(pairs.field)?;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let postings = pairs.words.iter().map(|word| inverted.read_postings(&word.term, option));
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

/// How two words stand to one another, by their positions, which ascend.
fn nearness(first: &[u32], second: &[u32]) -> Nearness {
    if first.is_empty() || second.is_empty() {
        return Nearness::Absent;
    }
    let mut nearest = Nearness::Apart;
    let mut from = 0;
    for &position in first {
        while second.get(from).is_some_and(|&other| other + NEAR_REACH < position) {
            from += 1;
        }
        let within = second.iter().skip(from).take_while(|&&other| other <= position + NEAR_REACH);
        for &other in within.filter(|&&other| other != position) {
            if other == position + 1 {
                return Nearness::Adjacent;
            }
            nearest = Nearness::Near;
        }
    }
    nearest
}
