//! Prose as it is ranked: words, and phrases beside them that were added to them, as `trafficking in persons` to `human
//! trafficking`. Of a passage the score is the sum over all parts, and `windows.rs` adds it up.

use std::ops::RangeInclusive;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;
use tantivy::{Score, Searcher};

use super::bm25::{Saturation, Terms};
use super::closely;
use super::collect::{Best, Candidate, Kept};
use super::lists::Opening;
use super::weighed::{Weighed, WeighedPart, rarest};
use super::windows::Windows;
use crate::engine::flat::{flat, weight_of};
use crate::query::{Clause, Form, PhraseClause, TextField, WordClause};

/// Words of other weights are not added up in rows: in these a passage that scores nothing is none, and sums have an end.
const WEIGHTS: RangeInclusive<Score> = 1e-6..=1e6;

/// The parts of a clause as [`flat`] gives them: alternatives, of which a passage has any.
pub struct Flat(Vec<Clause>);

/// Words, and phrases that were added to them. The score of a passage is the sum over all parts.
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

    /// `None` where there is anything beside words and phrases that were added to them.
    pub fn prose(&self, field: Field) -> Option<Prose<'_>> {
        let parts = self.0.iter().map(|clause| match clause {
            Clause::Forms(forms) => Part::of(forms),
            word => Part::of(std::slice::from_ref(word)),
        });
        Some(Prose { parts: parts.collect::<Option<_>>()?, field })
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
            _ if !WEIGHTS.contains(&weight) => false,
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
    /// The best passages, best first.
    pub fn collect(
        &self,
        searcher: &Searcher,
        saturation: &Arc<Saturation>,
        best: &Best,
    ) -> tantivy::Result<Vec<Candidate>> {
        let mut terms = Terms::of(searcher, saturation)?;
        let weighed = |part: &Part<'_>| part.weighed(&mut terms, searcher, self.field);
        let parts = self.parts.iter().map(weighed).collect::<tantivy::Result<Vec<_>>>()?;
        let pass = Pass { searcher, field: self.field, terms: &terms, best };
        let mut kept = best.kept();
        if let Some(rarest) = rarest(&parts, &terms, best.limit()) {
            kept.raise(pass.run(&rarest, best.kept())?);
        }
        Ok(pass.run(&parts, kept)?.sorted())
    }
}

/// A pass over all segments.
struct Pass<'a> {
    searcher: &'a Searcher,
    field: Field,
    terms: &'a Terms,
    best: &'a Best,
}

impl Pass<'_> {
    /// The best passages: of each segment all by their words, then those that may be among the best by phrases.
    fn run(&self, parts: &[WeighedPart], mut kept: Kept) -> tantivy::Result<Kept> {
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            self.best.enter(&mut kept, segment as u32, reader)?;
            let opening = Opening::new(segment, reader, self.field, self.terms)?;
            let lengths = reader.fieldnorms_readers().get_field(self.field)?;
            let lengths = lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
            let hopefuls = Windows::open(reader, &lengths, parts, &opening)?.run(&mut kept);
            if !hopefuls.is_empty() {
                // From its first passage on, once more.
                self.best.enter(&mut kept, segment as u32, reader)?;
                closely::collect(&hopefuls, parts, &lengths, &opening, &mut kept)?;
            }
        }
        Ok(kept)
    }
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
