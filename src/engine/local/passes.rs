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
use tantivy::collector::Collector;
use tantivy::schema::Field;
use tantivy::{Score, Searcher};

use super::bm25::{Similarity, Terms};
use super::closely::Scoring;
use super::collect::{Best, Candidate};
use crate::engine::flat::{flat, weight_of};
use crate::query::{Clause, Form, PhraseClause, TextField, WordClause};

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
        let mut terms = Terms::of(searcher, self.field)?;
        let weighed = |part: &Part<'_>| part.weighed(&mut terms, searcher, self.field);
        let mut parts = self.parts.iter().map(weighed).collect::<tantivy::Result<Vec<_>>>()?;
        // What can score most is asked for first: passages without it are soon passed over.
        parts.sort_by(|one, other| other.word_most().total_cmp(&one.word_most()));
        let segments = searcher.segment_readers().iter().enumerate();
        let found = segments.map(|(segment, reader)| {
            best.collect_with(segment as u32, reader, |kept| {
                Scoring::open(segment, reader, self.field, &terms, &parts)?.run(kept)
            })
        });
        best.merge_fruits(found.collect::<tantivy::Result<_>>()?)
    }
}

/// A part with what makes its score.
pub struct WeighedPart {
    /// `None` where the index lacks the word.
    pub word: Option<Weighed>,
    /// Those whose words the index has.
    pub phrases: Vec<Weighed>,
}

/// A word, or the words of a phrase, with what makes its score.
pub struct Weighed {
    /// Their numbers, in their order.
    pub terms: Vec<usize>,
    /// The one of them that the fewest passages have.
    pub rarest: usize,
    /// How it scores.
    pub similarity: Similarity,
}

impl Part<'_> {
    fn weighed(
        &self,
        terms: &mut Terms,
        searcher: &Searcher,
        field: Field,
    ) -> tantivy::Result<WeighedPart> {
        let mut weigh = |words: &mut dyn Iterator<Item = &str>, by| -> tantivy::Result<_> {
            let numbers = words.map(|word| terms.number(word, searcher, field));
            let numbers = numbers.collect::<tantivy::Result<Vec<_>>>()?;
            Ok(Weighed::of(numbers, by, terms))
        };
        let word = match self.word {
            Some((word, by)) => weigh(&mut std::iter::once(word.term.as_str()), by)?,
            None => None,
        };
        let phrases = self.phrases.iter().map(|(phrase, by)| {
            weigh(&mut phrase.terms.iter().map(|place| place.term.as_str()), *by)
        });
        let phrases = phrases.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(WeighedPart { word, phrases: phrases.into_iter().flatten().collect() })
    }
}

impl Weighed {
    /// `None` where the index lacks one of the words.
    fn of(numbers: Vec<usize>, by: Score, terms: &Terms) -> Option<Weighed> {
        let rarest = numbers.iter().copied().min_by_key(|&number| terms.count(number))?;
        let similarity = terms.similarity(&numbers, by);
        (terms.count(rarest) > 0).then_some(Weighed { terms: numbers, rarest, similarity })
    }
}

impl WeighedPart {
    /// The most that its word can score.
    pub fn word_most(&self) -> Score {
        self.word.as_ref().map_or(0.0, |word| word.similarity.most)
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
