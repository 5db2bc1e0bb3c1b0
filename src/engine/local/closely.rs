//! Looks closely at the passages that may have a phrase: what each scores, unless it is certain to be below what is
//! among the best already. Bounds come before what costs: which words a passage must have, then how often they
//! stand in one of its length, then where (Turtle and Flood 1995).

use std::sync::Arc;

use tantivy::collector::SegmentCollector;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED};

use super::bm25::{Similarity, Terms};
use super::careful::matches;
use super::collect::Kept;
use super::passes::{Weighed, WeighedPart};

/// Sums that were taken in another order differ by less.
const SLACK: Score = 1.0 / 1024.0;

/// The parts of a query over the postings of one segment.
pub struct Scoring<'a> {
    reader: &'a SegmentReader,
    lengths: FieldNormReader,
    opening: Opening<'a>,
    /// Those whose words can score most come first.
    parts: Vec<PartScorer<'a>>,
    /// The rarest words of the phrases, each once: what has none of them has no phrase.
    rarest: Vec<(usize, SegmentPostings)>,
}

struct PartScorer<'a> {
    word: Option<(SegmentPostings, &'a Similarity)>,
    phrases: Vec<PhraseScorer<'a>>,
    /// The most that its word or one of its phrases can score.
    most: Score,
    /// The most that one of its phrases can score.
    phrases_most: Score,
    /// The most that the parts after this one can score together.
    rest_most: Score,
    /// What it scores in the passage that is looked at, so far.
    score: Score,
    /// What one of its phrases can score there.
    bound: Score,
}

struct PhraseScorer<'a> {
    phrase: &'a Weighed,
    /// The place of its rarest word in [`Scoring::rarest`].
    rarest: usize,
    /// Its words, opened for the first passage that is looked at.
    words: Vec<SegmentPostings>,
    positions: Vec<u32>,
    other_positions: Vec<u32>,
}

/// Opens the postings of a segment.
struct Opening<'a> {
    segment: usize,
    inverted: Arc<InvertedIndexReader>,
    terms: &'a Terms,
}

impl Opening<'_> {
    /// `None` where the segment lacks the term.
    fn postings(
        &self,
        term: usize,
        option: IndexRecordOption,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let place = self.terms.place(term, self.segment);
        let open = |place| self.inverted.read_postings_from_terminfo(place, option);
        Ok(place.map(open).transpose()?)
    }

    fn has_all(&self, terms: &[usize]) -> bool {
        terms.iter().all(|&term| self.terms.place(term, self.segment).is_some())
    }
}

impl<'a> Scoring<'a> {
    /// The parts over a segment, by its number and its reader.
    pub fn open(
        segment: usize,
        reader: &'a SegmentReader,
        field: Field,
        terms: &'a Terms,
        parts: &'a [WeighedPart],
    ) -> tantivy::Result<Scoring<'a>> {
        let opening = Opening { segment, inverted: reader.inverted_index(field)?, terms };
        let lengths = reader.fieldnorms_readers().get_field(field)?;
        let lengths = lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
        let mut rarest = Vec::new();
        let open = |part| PartScorer::open(part, &opening, &mut rarest);
        let mut parts = parts.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
        let mut rest = 0.0;
        for part in parts.iter_mut().rev() {
            part.rest_most = rest;
            rest += part.most;
        }
        Ok(Scoring { reader, lengths, opening, parts, rarest })
    }

    /// Collects all passages that can be among the best.
    pub fn run(mut self, kept: &mut Kept) -> tantivy::Result<()> {
        let alive = self.reader.alive_bitset();
        let mut doc = self.nearest();
        while doc != TERMINATED && !kept.is_over() {
            let next = self.next_with_words(doc, kept.threshold());
            if next != doc {
                doc = self.skip_to(next);
                continue;
            }
            if alive.is_none_or(|alive| alive.is_alive(doc))
                && let Some(score) = self.score(doc, kept.threshold())?
            {
                kept.collect(doc, score);
            }
            doc = self.skip_to(doc + 1);
        }
        Ok(())
    }

    /// The next passage that may have a phrase.
    fn nearest(&self) -> DocId {
        self.rarest.iter().map(|(_, postings)| postings.doc()).min().unwrap_or(TERMINATED)
    }

    /// The first passage from this one on that may have a phrase.
    fn skip_to(&mut self, doc: DocId) -> DocId {
        if doc == TERMINATED {
            return TERMINATED;
        }
        for (_, postings) in self.rarest.iter_mut().filter(|(_, postings)| postings.doc() < doc) {
            postings.seek(doc);
        }
        self.nearest()
    }

    /// The first passage from this one on that has enough of the words, whatever phrases it has.
    fn next_with_words(&mut self, doc: DocId, threshold: Score) -> DocId {
        let mut without = self.parts.first().map_or(0.0, |part| part.most + part.rest_most);
        let mut next = TERMINATED;
        for part in &mut self.parts {
            if without + SLACK < threshold {
                return next;
            }
            if let Some((word, _)) = &mut part.word {
                next = next.min(if word.doc() < doc { word.seek(doc) } else { word.doc() });
            }
            without -= part.most - part.phrases_most;
            if next <= doc {
                return doc;
            }
        }
        if without + SLACK < threshold { next } else { doc }
    }

    /// The score of a passage, unless it is certain to be below the threshold.
    fn score(&mut self, doc: DocId, threshold: Score) -> tantivy::Result<Option<Score>> {
        let is_below = |most: Score| most + SLACK < threshold;
        let length = self.lengths.fieldnorm_id(doc);
        let mut most = 0.0;
        for part in &mut self.parts {
            part.look(doc, length, &self.rarest);
            most += part.score.max(part.bound);
            if is_below(most + part.rest_most) {
                return Ok(None);
            }
        }
        for part in self.parts.iter_mut().filter(|part| part.bound > part.score) {
            let others = most - part.bound;
            // What scores no more changes nothing.
            let more_than = part.score.max(threshold - SLACK - others);
            part.add_phrases(doc, length, more_than, &self.rarest, &self.opening)?;
            most = others + part.score;
            if is_below(most) {
                return Ok(None);
            }
        }
        let score: Score = self.parts.iter().map(|part| part.score).sum();
        // The rarest word of a phrase may stand there alone.
        Ok((score > 0.0).then_some(score))
    }
}

impl<'a> PartScorer<'a> {
    fn open(
        part: &'a WeighedPart,
        opening: &Opening<'_>,
        rarest: &mut Vec<(usize, SegmentPostings)>,
    ) -> tantivy::Result<PartScorer<'a>> {
        let mut phrases = Vec::with_capacity(part.phrases.len());
        for phrase in part.phrases.iter().filter(|phrase| opening.has_all(&phrase.terms)) {
            let known = rarest.iter().position(|(term, _)| *term == phrase.rarest);
            if known.is_none() {
                let postings = opening.postings(phrase.rarest, IndexRecordOption::WithFreqs)?;
                rarest.extend(postings.map(|postings| (phrase.rarest, postings)));
            }
            let place = known.unwrap_or(rarest.len().saturating_sub(1));
            phrases.push(PhraseScorer::new(phrase, place));
        }
        let most = |phrase: &PhraseScorer<'_>| phrase.phrase.similarity.most;
        let phrases_most = phrases.iter().map(most).fold(0.0, Score::max);
        let mut most = phrases_most;
        let mut word = None;
        if let Some(weighed) = &part.word {
            let postings = opening.postings(weighed.rarest, IndexRecordOption::WithFreqs)?;
            word = postings.map(|postings| (postings, &weighed.similarity));
            most = most.max(word.as_ref().map_or(0.0, |(_, similarity)| similarity.most));
        }
        Ok(PartScorer { word, phrases, most, phrases_most, rest_most: 0.0, score: 0.0, bound: 0.0 })
    }

    /// Finds what its word scores in a passage, and the most that its phrases can.
    fn look(&mut self, doc: DocId, length: u8, rarest: &[(usize, SegmentPostings)]) {
        self.score = self.word.as_mut().map_or(0.0, |(postings, similarity)| {
            let times = if matches(postings, doc) { postings.term_freq() } else { 0 };
            similarity.score(length, times)
        });
        let bounds = self.phrases.iter().map(|phrase| phrase.bound(doc, length, rarest));
        self.bound = bounds.fold(0.0, Score::max);
    }

    /// Looks for the phrases, which count where they score more than that.
    fn add_phrases(
        &mut self,
        doc: DocId,
        length: u8,
        mut more_than: Score,
        rarest: &[(usize, SegmentPostings)],
        opening: &Opening<'_>,
    ) -> tantivy::Result<()> {
        for phrase in &mut self.phrases {
            if phrase.bound(doc, length, rarest) > more_than {
                let score = phrase.score(doc, length, more_than, opening)?;
                more_than = more_than.max(score);
                self.score = self.score.max(score);
            }
        }
        Ok(())
    }
}

impl<'a> PhraseScorer<'a> {
    fn new(phrase: &'a Weighed, rarest: usize) -> PhraseScorer<'a> {
        let (words, positions, other_positions) = (Vec::new(), Vec::new(), Vec::new());
        PhraseScorer { phrase, rarest, words, positions, other_positions }
    }

    /// The most that it scores in a passage: it stands there no oftener than its rarest word.
    fn bound(&self, doc: DocId, length: u8, rarest: &[(usize, SegmentPostings)]) -> Score {
        match rarest.get(self.rarest) {
            Some((_, postings)) if postings.doc() == doc => {
                self.phrase.similarity.score(length, postings.term_freq())
            }
            _ => 0.0,
        }
    }

    /// What it scores in a passage; 0 where it does not stand there or scores no more than that.
    fn score(
        &mut self,
        doc: DocId,
        length: u8,
        more_than: Score,
        opening: &Opening<'_>,
    ) -> tantivy::Result<Score> {
        if self.words.is_empty() {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let words = self.phrase.terms.iter().map(|&term| opening.postings(term, option));
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
