//! Prose as it is ranked: words, and phrases beside them that were added to them, as `trafficking in persons` to `human
//! trafficking`. Of a passage the score is the sum over all parts, and `windows.rs` adds it up.

use std::ops::RangeInclusive;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;
use tantivy::{Score, Searcher, SegmentReader};

use super::among::{Among, Restriction};
use super::bm25::{Saturation, Terms, lengths};
use super::closely;
use super::collect::{Best, Candidate, Kept};
use super::lists::Opening;
use super::schema::Schemas;
use super::weighed::{Weighed, WeighedPart, rarest};
use super::windows::Windows;
use crate::engine::flat::{flat, weight_of};
use crate::query::{Clause, Form, TextField, WordClause};

/// Words of other weights are not added up in rows: in these a passage that scores nothing is none, and sums have an end.
const WEIGHTS: RangeInclusive<Score> = 1e-6..=1e6;

/// Words, and phrases that were added to them. The score of a passage is the sum over all parts.
pub struct Prose<'q> {
    parts: Vec<Part>,
    /// What passages must be beside.
    restriction: Restriction<'q>,
    schemas: &'q Schemas,
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

impl<'q> Prose<'q> {
    /// The parts of a clause as [`flat`] gives them: alternatives, of which a passage has any, and the fields that it must
    /// have. `None` for what is no row of these, or has anything beside words and phrases that were added to them.
    pub fn of(
        clause: &'q Clause,
        schemas: &'q Schemas,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Option<Prose<'q>> {
        let (restriction, alternatives) = Restriction::of(clause)?;
        let parts = flat(alternatives, is_known).into_iter().map(Part::of);
        Some(Prose { parts: parts.collect::<Option<_>>()?, restriction, schemas })
    }

    /// Whether it is restricted by fields.
    pub fn is_restricted(&self) -> bool {
        !self.restriction.is_empty()
    }

    /// The same over an index.
    pub fn open<'a>(
        &self,
        searcher: &'a Searcher,
        saturation: &Arc<Saturation>,
    ) -> tantivy::Result<Opened<'a>> {
        let field = self.schemas.main;
        let mut terms = Terms::of(searcher, saturation)?;
        let weighed = |part: &Part| part.weighed(&mut terms, searcher, field);
        let parts = self.parts.iter().map(weighed).collect::<tantivy::Result<Vec<_>>>()?;
        let among = |reader| self.restriction.among(reader, self.schemas.meta);
        let among = searcher.segment_readers().iter().map(among);
        let among = among.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Opened { searcher, field, terms, parts, among })
    }
}

/// Prose over an index: its parts weighed, its fields looked up.
pub struct Opened<'a> {
    pub(super) searcher: &'a Searcher,
    field: Field,
    terms: Terms,
    pub(super) parts: Vec<WeighedPart>,
    /// Of each segment the passages that are asked for, where not all are.
    among: Vec<Option<Among>>,
}

impl Opened<'_> {
    /// The best passages, best first.
    pub fn best(&self, best: &Best) -> tantivy::Result<Vec<Candidate>> {
        let mut kept = best.kept();
        if let Some(rarest) = rarest(&self.parts, &self.terms, best.limit()) {
            kept.raise(self.pass(&rarest, best, best.kept())?);
        }
        Ok(self.pass(&self.parts, best, kept)?.sorted())
    }

    /// The best passages: of each segment all by their words, then those that may be among the best by phrases.
    fn pass(&self, parts: &[WeighedPart], best: &Best, mut kept: Kept) -> tantivy::Result<Kept> {
        for segment in 0..self.searcher.segment_readers().len() {
            let Over { reader, opening, lengths, among } = self.over(segment)?;
            best.enter(&mut kept, segment as u32, reader)?;
            let windows = Windows::open(reader, &lengths, parts, &opening, among)?;
            let hopefuls = windows.run(&mut kept);
            if !hopefuls.is_empty() {
                // From its first passage on, once more.
                best.enter(&mut kept, segment as u32, reader)?;
                closely::collect(&hopefuls, parts, &lengths, &opening, &mut kept)?;
            }
        }
        Ok(kept)
    }

    /// A segment by its number.
    pub(super) fn over(&self, segment: usize) -> tantivy::Result<Over<'_>> {
        let reader = self.searcher.segment_reader(segment as u32);
        Ok(Over {
            reader,
            opening: Opening::new(segment, reader, self.field, &self.terms)?,
            lengths: lengths(reader, self.field)?,
            among: self.among.get(segment).and_then(Option::as_ref),
        })
    }
}

/// What is read of one segment.
pub(super) struct Over<'a> {
    pub reader: &'a SegmentReader,
    pub opening: Opening<'a>,
    /// How long its passages are.
    pub lengths: FieldNormReader,
    /// The passages that are asked for, where not all are.
    pub among: Option<&'a Among>,
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
