//! Prose as it is ranked: words, and phrases beside them that were added to them, as `trafficking in persons` to `human
//! trafficking`. Of a passage the score is the sum over all parts, and `windows.rs` adds it up.

use std::ops::RangeInclusive;
use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::{Score, Searcher};

use super::bm25::{Saturation, Terms, lengths};
use super::closely;
use super::collect::{Best, Candidate, Kept};
use super::lists::Opening;
use super::weighed::{Weighed, WeighedPart, rarest};
use super::windows::Windows;
use crate::engine::flat::{flat, weight_of};
use crate::query::{Clause, Form, TextField, WordClause};

/// Words of other weights are not added up in rows: in these a passage that scores nothing is none, and sums have an end.
const WEIGHTS: RangeInclusive<Score> = 1e-6..=1e6;

/// Words, and phrases that were added to them. The score of a passage is the sum over all parts.
pub struct Prose {
    parts: Vec<Part>,
    field: Field,
}

/// A word, and phrases beside it: what scores best of them counts.
#[derive(Default)]
struct Part {
    word: Option<(WordClause, Score)>,
    /// Their terms; one term where it is two words written together.
    phrases: Vec<(Vec<String>, Score)>,
}

impl Part {
    /// `None` where there is anything beside a word and phrases that were added to it.
    fn of(clause: Clause) -> Option<Part> {
        let forms = if let Clause::Forms(forms) = clause { forms } else { vec![clause] };
        let mut part = Part::default();
        forms.into_iter().all(|form| part.add(form, 1.0)).then_some(part)
    }

    /// Whether a form is one that a part has.
    fn add(&mut self, form: Clause, weight: Score) -> bool {
        match form {
            Clause::Boosted(form, by) => self.add(*form, weight * by),
            _ if !WEIGHTS.contains(&weight) => false,
            Clause::Word(word) if word.field == TextField::Main && word.form == Form::Compound => {
                self.phrases.push((vec![word.term], weight));
                true
            }
            Clause::Word(word) if word.field == TextField::Main && self.word.is_none() => {
                let weight = weight * weight_of(word.form);
                self.word = Some((word, weight));
                true
            }
            Clause::Phrase(phrase)
                if phrase.field == TextField::Main && phrase.form != Form::Typed =>
            {
                let terms = phrase.terms.into_iter().map(|place| place.term);
                self.phrases.push((terms.collect(), weight));
                true
            }
            _ => false,
        }
    }
}

impl Prose {
    /// The parts of a clause as [`flat`] gives them: alternatives, of which a passage has any. `None` for what is no row
    /// of these, or has anything beside words and phrases that were added to them.
    pub fn of(clause: &Clause, field: Field, is_known: &dyn Fn(&str) -> bool) -> Option<Prose> {
        let alternatives = match clause {
            Clause::Boolean { must, should, not } if must.is_empty() && not.is_empty() => should,
            Clause::Forms(_) => std::slice::from_ref(clause),
            _ => return None,
        };
        let parts = flat(alternatives, is_known).into_iter().map(Part::of);
        Some(Prose { parts: parts.collect::<Option<_>>()?, field })
    }

    /// The best passages, best first.
    pub fn collect(
        &self,
        searcher: &Searcher,
        saturation: &Arc<Saturation>,
        best: &Best,
    ) -> tantivy::Result<Vec<Candidate>> {
        let mut terms = Terms::of(searcher, saturation)?;
        let weighed = |part: &Part| part.weighed(&mut terms, searcher, self.field);
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
            let lengths = lengths(reader, self.field)?;
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

impl Part {
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
        let word = match &self.word {
            Some((word, by)) => weigh(&mut std::iter::once(word.term.as_str()), *by)?,
            None => None,
        };
        let phrases = self.phrases.iter();
        let phrases = phrases.map(|(terms, by)| weigh(&mut terms.iter().map(String::as_str), *by));
        let phrases = phrases.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(WeighedPart { word, phrases: phrases.into_iter().flatten().collect() })
    }
}
