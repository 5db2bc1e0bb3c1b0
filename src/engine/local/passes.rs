//! A search in two passes, where words have phrases among their forms: `trafficking in persons` for
//! `human trafficking`. A union of nothing but words skips most passages by what their blocks can score
//! at most (Ding and Suel 2011, "Faster top-k document retrieval using block-max indexes"), and one phrase
//! in it ends that. So the words alone are looked for first, then the passages that have one of the
//! phrases, and of these only what can still be among the best is looked at closely (Turtle and Flood 1995,
//! "Query evaluation: strategies and optimizations").
//!
//! The best of both are the best of all: a passage without any of the phrases scores by its words, and the
//! others are all met in the second pass.

use rustc_hash::FxHashSet;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::postings::SegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, PhraseQuery, Query, Scorer, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocId, DocSet, InvertedIndexReader, Score, Searcher, SeekDangerResult, SegmentReader,
    TERMINATED, Term,
};

use super::careful::matches;
use super::collect::{Best, Candidate, Kept};
use super::compile::{flat, weight_of};
use crate::query::{Clause, Form, PhraseClause, TextField, WordClause};

/// Sums that were taken in another order differ by less.
const SLACK: Score = 1.0 / 1024.0;

/// Prose whose words have phrases among their forms. The score of a passage is the sum over all parts.
pub struct Prose<'c> {
    parts: Vec<Part<'c>>,
    field: Field,
}

/// A word, and phrases beside it: what scores best of them counts.
#[derive(Default)]
struct Part<'c> {
    word: Option<(&'c WordClause, Score)>,
    phrases: Vec<(&'c PhraseClause, Score)>,
}

/// The parts of a clause as [`flat`] gives them.
pub struct Flat(Vec<Clause>);

impl Flat {
    /// `None` for what is not a row of alternatives.
    pub fn of(clause: &Clause, is_known: &dyn Fn(&str) -> bool) -> Option<Flat> {
        match clause {
            Clause::Boolean { must, should, not } if must.is_empty() && not.is_empty() => {
                Some(Flat(flat(should, is_known)))
            }
            Clause::Forms(_) => Some(Flat(flat(std::slice::from_ref(clause), is_known))),
            _ => None,
        }
    }

    /// The clause with words only.
    pub fn words(&self) -> Clause {
        let words = self.0.iter().filter_map(|clause| match clause {
            Clause::Forms(forms) => forms.iter().find(|form| !is_added_phrase(form)).cloned(),
            word => Some(word.clone()),
        });
        Clause::Boolean { must: Vec::new(), should: words.collect(), not: Vec::new() }
    }

    /// `None` where there is anything beside words and phrases that were added to them, or no phrase: then
    /// one pass does.
    pub fn prose(&self, field: Field) -> Option<Prose<'_>> {
        let parts = self.0.iter().map(|clause| match clause {
            Clause::Forms(forms) => Part::of(forms),
            word => Part::of(std::slice::from_ref(word)),
        });
        let parts = parts.collect::<Option<Vec<_>>>()?;
        let has_phrases = parts.iter().any(|part| !part.phrases.is_empty());
        has_phrases.then_some(Prose { parts, field })
    }
}

/// Whether a form is a phrase that was not typed.
fn is_added_phrase(form: &Clause) -> bool {
    match form {
        Clause::Phrase(phrase) => phrase.form != Form::Typed,
        Clause::Boosted(form, _) => is_added_phrase(form),
        _ => false,
    }
}

impl<'c> Part<'c> {
    fn of(forms: &'c [Clause]) -> Option<Part<'c>> {
        let mut part = Part::default();
        forms.iter().all(|form| part.add(form, 1.0)).then_some(part)
    }

    /// Whether a form is one that a part has.
    fn add(&mut self, form: &'c Clause, weight: Score) -> bool {
        match form {
            Clause::Boosted(form, by) => self.add(form, weight * by),
            Clause::Word(word) if word.field == TextField::Main && self.word.is_none() => {
                self.word = Some((word, weight * weight_of(word.form)));
                true
            }
            Clause::Phrase(phrase) if phrase.field == TextField::Main && is_added_phrase(form) => {
                self.phrases.push((phrase, weight));
                true
            }
            _ => false,
        }
    }
}

impl Prose<'_> {
    /// The best of the passages that may have one of the phrases.
    pub fn collect(&self, searcher: &Searcher, best: &Best) -> tantivy::Result<Vec<Candidate>> {
        let term = |text: &str| Term::from_field_text(self.field, text);
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let word = part.word.map(|(word, by)| (vec![term(&word.term)], by));
            let word = word.map(|(terms, by)| Weighed::of(terms, by, searcher)).transpose()?;
            let phrases = part.phrases.iter().map(|(phrase, by)| {
                let terms = phrase.terms.iter().map(|place| term(&place.term)).collect();
                Weighed::of(terms, *by, searcher)
            });
            parts.push((word, phrases.collect::<tantivy::Result<Vec<_>>>()?));
        }
        // What can score most is asked for first: passages without it are soon passed over. The rarest word of
        // a phrase comes last, for it is known to stand there.
        let rarest: Vec<Term> = parts
            .iter()
            .flat_map(|(_, phrases)| phrases)
            .map(|phrase| phrase.rarest.clone())
            .collect();
        let stands = |word: &Option<Weighed>| {
            word.as_ref().is_some_and(|word| rarest.contains(&word.rarest))
        };
        parts.sort_by(|(one, _), (other, _)| {
            stands(one).cmp(&stands(other)).then(most(other).total_cmp(&most(one)))
        });
        let segments = searcher.segment_readers().iter().enumerate();
        let found = segments.map(|(ordinal, reader)| {
            best.collect_with(ordinal as u32, reader, |kept| {
                Scoring::open(reader, self.field, &parts)?.run(kept)
            })
        });
        best.merge_fruits(found.collect::<tantivy::Result<_>>()?)
    }
}

/// A word or a phrase with what makes its score.
struct Weighed {
    /// Of its terms the one that the fewest passages have.
    rarest: Term,
    weight: Box<dyn Weight>,
    by: Score,
    /// The most that it can score.
    most: Score,
}

impl Weighed {
    fn of(terms: Vec<Term>, by: Score, searcher: &Searcher) -> tantivy::Result<Weighed> {
        let query: Box<dyn Query> = match terms.as_slice() {
            [only] => Box::new(TermQuery::new(only.clone(), IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new(terms.clone())),
        };
        let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
        let most = Bm25Weight::for_terms(searcher, &terms)?.max_score() * by;
        let mut rarest = (u64::MAX, Term::from_field_text(Field::from_field_id(0), ""));
        for term in terms {
            rarest = rarest.min((searcher.doc_freq(&term)?, term));
        }
        Ok(Weighed { rarest: rarest.1, weight, by, most })
    }
}

fn most(word: &Option<Weighed>) -> Score {
    word.as_ref().map_or(0.0, |word| word.most)
}

/// The parts over the postings of one segment.
struct Scoring<'a> {
    reader: &'a SegmentReader,
    parts: Vec<PartScorer<'a>>,
}

struct PartScorer<'a> {
    word: Option<Box<dyn Scorer>>,
    phrases: Vec<PhraseCursor<'a>>,
    /// The most that one of the phrases can score.
    phrases_most: Score,
    /// The most that the parts after this one can score together.
    rest_most: Score,
    /// What the part scores at the passage that is looked at, so far.
    score: Score,
}

/// Goes through the passages that have the rarest word of a phrase.
struct PhraseCursor<'a> {
    rarest: SegmentPostings,
    phrase: &'a Weighed,
    /// Made for the first passage that is looked at.
    scorer: Option<Box<dyn Scorer>>,
    /// The phrase stands in no passage before this one: the scorer is not asked to go backwards.
    not_before: DocId,
}

impl<'a> Scoring<'a> {
    fn open(
        reader: &'a SegmentReader,
        field: Field,
        parts: &'a [(Option<Weighed>, Vec<Weighed>)],
    ) -> tantivy::Result<Scoring<'a>> {
        let inverted = reader.inverted_index(field)?;
        let part = |(word, phrases): &'a (Option<Weighed>, Vec<Weighed>)| {
            let scorer = word.as_ref().map(|word| word.weight.scorer(reader, word.by));
            let cursors = phrases.iter().map(|phrase| PhraseCursor::open(&inverted, phrase));
            let cursors = cursors.collect::<tantivy::Result<Vec<_>>>()?;
            let phrases: Vec<PhraseCursor<'_>> = cursors.into_iter().flatten().collect();
            let phrases_most =
                phrases.iter().map(|cursor| cursor.phrase.most).fold(0.0, Score::max);
            let (word, rest_most, score) = (scorer.transpose()?, 0.0, 0.0);
            Ok(PartScorer { word, phrases, phrases_most, rest_most, score })
        };
        let mut scorers = parts.iter().map(part).collect::<tantivy::Result<Vec<_>>>()?;
        let mut rest = 0.0;
        for (scorer, (word, _)) in scorers.iter_mut().zip(parts).rev() {
            scorer.rest_most = rest;
            rest += most(word).max(scorer.phrases_most);
        }
        Ok(Scoring { reader, parts: scorers })
    }

    /// Collects all passages that can be among the best.
    fn run(mut self, kept: &mut Kept) -> tantivy::Result<()> {
        let alive = self.reader.alive_bitset();
        let mut doc = self.nearest();
        while doc != TERMINATED && !kept.is_over() {
            if alive.is_none_or(|alive| alive.is_alive(doc))
                && let Some(score) = self.score(doc, kept.threshold())?
            {
                kept.collect(doc, score);
            }
            self.cursors().filter(|cursor| cursor.rarest.doc() == doc).for_each(|cursor| {
                cursor.rarest.advance();
            });
            doc = self.nearest();
        }
        Ok(())
    }

    fn cursors(&mut self) -> impl Iterator<Item = &mut PhraseCursor<'a>> {
        self.parts.iter_mut().flat_map(|part| &mut part.phrases)
    }

    /// The next passage that may have a phrase.
    fn nearest(&mut self) -> DocId {
        self.cursors().map(|cursor| cursor.rarest.doc()).min().unwrap_or(TERMINATED)
    }

    /// The score of a passage, unless it is certain to be below the threshold: the words first, then the
    /// phrases, each time with the most that the rest can add.
    fn score(&mut self, doc: DocId, threshold: Score) -> tantivy::Result<Option<Score>> {
        let is_below = |most: Score| most + SLACK < threshold;
        let mut most = 0.0;
        for part in &mut self.parts {
            part.score = part.word_score(doc);
            most += part.score.max(part.phrases_most);
            if is_below(most + part.rest_most) {
                return Ok(None);
            }
        }
        for part in &mut self.parts {
            most -= part.score.max(part.phrases_most);
            part.add_phrases(doc, self.reader)?;
            most += part.score;
            if is_below(most) {
                return Ok(None);
            }
        }
        let score: Score = self.parts.iter().map(|part| part.score).sum();
        // The rarest word of a phrase may stand there alone.
        Ok((score > 0.0).then_some(score))
    }
}

impl PartScorer<'_> {
    fn word_score(&mut self, doc: DocId) -> Score {
        let Some(word) = &mut self.word else { return 0.0 };
        if matches(word.as_mut(), doc) { word.score() } else { 0.0 }
    }

    /// Looks for the phrases, which count where they score more than the word.
    fn add_phrases(&mut self, doc: DocId, reader: &SegmentReader) -> tantivy::Result<()> {
        for cursor in self.phrases.iter_mut().filter(|cursor| cursor.rarest.doc() == doc) {
            if cursor.phrase.most > self.score {
                self.score = self.score.max(cursor.score(doc, reader)?);
            }
        }
        Ok(())
    }
}

impl<'a> PhraseCursor<'a> {
    /// `None` where the segment lacks its rarest word.
    fn open(
        inverted: &InvertedIndexReader,
        phrase: &'a Weighed,
    ) -> tantivy::Result<Option<PhraseCursor<'a>>> {
        let rarest = inverted.read_postings(&phrase.rarest, IndexRecordOption::Basic)?;
        Ok(rarest.map(|rarest| PhraseCursor { rarest, phrase, scorer: None, not_before: 0 }))
    }

    /// What the phrase scores in a passage; 0 where it does not stand there.
    fn score(&mut self, doc: DocId, reader: &SegmentReader) -> tantivy::Result<Score> {
        if doc < self.not_before {
            return Ok(0.0);
        }
        let found = match &mut self.scorer {
            Some(scorer) => scorer.seek_danger(doc),
            None => {
                let weight = &self.phrase.weight;
                let (found, scorer) = weight.scorer_danger(reader, doc, self.phrase.by)?;
                self.scorer = Some(scorer);
                found
            }
        };
        match (&mut self.scorer, found) {
            (Some(scorer), SeekDangerResult::Found) => Ok(scorer.score()),
            (_, SeekDangerResult::SeekLowerBound(next)) => {
                self.not_before = next;
                Ok(0.0)
            }
            _ => Ok(0.0),
        }
    }
}

/// The best of both passes. What the second has found, it has scored in whole.
pub fn merged(
    best: &Best,
    mut words: Vec<Candidate>,
    phrases: Vec<Candidate>,
) -> tantivy::Result<Vec<Candidate>> {
    let seen: FxHashSet<_> = phrases.iter().map(|found| found.address).collect();
    words.retain(|found| !seen.contains(&found.address));
    best.merge_fruits(vec![words, phrases])
}
