//! How often the words of a phrase follow one another in a passage, where it matters: what costs little comes first,
//! which of its words the passage has, how often these stand there, then where (Turtle and Flood 1995, "Query evaluation:
//! strategies and optimizations").

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, Score};

use super::bm25::Similarity;
use super::careful::matches;
use super::lists::Opening;
use super::weighed::Weighed;

/// A phrase over the postings of one segment.
pub struct PhraseScorer<'a> {
    phrase: &'a Weighed,
    /// Its words, opened for the first passage that is looked at.
    words: Vec<SegmentPostings>,
    positions: Vec<u32>,
    other_positions: Vec<u32>,
}

impl<'a> PhraseScorer<'a> {
    /// Opened when it is first asked for.
    pub fn new(phrase: &'a Weighed) -> PhraseScorer<'a> {
        let (words, positions, other_positions) = (Vec::new(), Vec::new(), Vec::new());
        PhraseScorer { phrase, words, positions, other_positions }
    }

    /// How it scores.
    pub fn similarity(&self) -> &'a Similarity {
        &self.phrase.similarity
    }

    /// What it scores in a passage; 0 where it does not stand there or scores no more than that. Passages are asked for
    /// in their order; `length` is the code of its length.
    pub fn score(
        &mut self,
        doc: DocId,
        length: u8,
        more_than: Score,
        opening: &Opening<'_>,
    ) -> tantivy::Result<Score> {
        if self.words.is_empty() {
            let words = self.phrase.terms.iter().map(|&term| opening.positions(term));
            let words = words.collect::<tantivy::Result<Option<Vec<_>>>>()?;
            self.words = words.unwrap_or_default();
        }
        let mut times = u32::MAX;
        for word in &mut self.words {
            if !matches(word, doc) {
                return Ok(0.0);
            }
            times = times.min(word.term_freq());
        }
        let similarity = &self.phrase.similarity;
        if similarity.score(length, times) <= more_than {
            return Ok(0.0);
        }
        let times = self.times();
        Ok(similarity.score(length, times))
    }

    /// How often its words follow one another in the passage that they have been moved to.
    fn times(&mut self) -> u32 {
        let PhraseScorer { words, positions, other_positions, .. } = self;
        let behind = words.len() as u32;
        let mut words = words.iter_mut().zip((0..behind).rev());
        if let Some((first, offset)) = words.next() {
            first.positions_with_offset(offset, positions);
        }
        for (word, offset) in words {
            word.positions_with_offset(offset, other_positions);
            keep_common(positions, other_positions);
        }
        positions.len() as u32
    }
}

/// Keeps of the first numbers those that the second have; both ascend.
fn keep_common(first: &mut Vec<u32>, second: &[u32]) {
    let mut at = 0;
    first.retain(|&number| {
        while second.get(at).is_some_and(|&other| other < number) {
            at += 1;
        }
        let is_common = second.get(at) == Some(&number);
        at += usize::from(is_common);
        is_common
    });
}
