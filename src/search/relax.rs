//! A query whose phrases stand nowhere, asked again with the words of the phrases.

use super::copies::Distinct;
use super::{SearchRequest, Searcher};
use crate::analyze::is_stop_word;
use crate::engine::Engine;
use crate::error::Result;
use crate::query::{
    AskedWord, Clause, Form, MOST_CLAUSES, PhraseClause, Query, TextField, WordClause,
};

/// The words of a relaxed phrase are clauses of their own, beyond those of a query, of its filter and of
/// its section.
const RELAXED_NUMBERS: usize = 3 * MOST_CLAUSES;

impl<E: Engine> Searcher<E> {
    /// The words of the phrases of a query in their place, what has them, and what is said of it; `None` where nothing has, or
    /// that is not to be asked.
    pub(super) fn relaxed(
        &self,
        query: &Query,
        request: &SearchRequest,
        needed: usize,
    ) -> Result<Option<(Query, Distinct, String)>> {
        if !may_relax(query, request) {
            return Ok(None);
        }
        let Some((words, said)) = relax(query) else { return Ok(None) };
        let words = self.expand(words, request)?;
        let found = self.rank(&words, request, needed)?;
        Ok((!found.ranking.hits.is_empty()).then_some((words, found, said)))
    }
}

/// Whether passages with the words of a phrase may answer where none has the phrase, as far as is known.
fn may_relax(query: &Query, request: &SearchRequest) -> bool {
    request.relax && !request.exhaustive && !query.literal && !request.until.has_cut()
}

/// The query with its phrases as words, and what is to be said of that; `None` where it has no phrase that is required.
fn relax(query: &Query) -> Option<(Query, String)> {
    let mut relaxed = query.clone();
    relaxed.expansions.clear();
    let mut phrases = Vec::new();
    relaxed.clause = words_for_phrases(relaxed.clause, &mut relaxed.words, &mut phrases);
    (!phrases.is_empty()).then(|| (relaxed, said(query, &phrases)))
}

/// What stands nowhere, or nowhere that the rest of the query allows.
fn said(query: &Query, phrases: &[String]) -> String {
    let quoted: Vec<String> = phrases.iter().map(|phrase| format!("“{phrase}”")).collect();
    let passage = match is_alone(&query.clause) {
        true => "no passage has",
        false => "no passage that the rest of the query allows has",
    };
    let (phrases, each) = match quoted.as_slice() {
        [only] => (only.clone(), "as a phrase"),
        all => (format!("all of {}", all.join(", ")), "as phrases"),
    };
    format!("{passage} {phrases} {each}; these have the words")
}

/// Whether a clause is a phrase, and asks for nothing beside it that a passage must have or must not have.
fn is_alone(clause: &Clause) -> bool {
    match clause {
        Clause::Boolean { must, should, not } => {
            let alone = must.len() + usize::from(must.is_empty()) * should.len() == 1;
            alone && not.is_empty() && must.iter().chain(should).all(is_alone)
        }
        _ => true,
    }
}

fn words_for_phrases(clause: Clause, words: &mut [AskedWord], relaxed: &mut Vec<String>) -> Clause {
    match clause {
        Clause::Forms(mut forms) if !forms.is_empty() => {
            words_for_phrases(forms.swap_remove(0), words, relaxed)
        }
        Clause::Phrase(phrase) if phrase.field == TextField::Main => {
            match words_of(&phrase, words) {
                Some(any) => {
                    relaxed.push(phrase.written);
                    any
                }
                None => Clause::Phrase(phrase),
            }
        }
        Clause::Boolean { must, should, not } => {
            let mut all = |clauses: Vec<Clause>| {
                let each = clauses.into_iter();
                each.map(|clause| words_for_phrases(clause, words, relaxed)).collect()
            };
            Clause::Boolean { must: all(must), should: all(should), not }
        }
        other => other,
    }
}

/// The content words of a phrase as alternatives. Each becomes a clause of its own, so that a passage
/// that lacks one of them says so; stop words are no longer asked for. `None` where nothing is left but single letters: of
/// `AT&T` the `T`.
fn words_of(phrase: &PhraseClause, words: &mut [AskedWord]) -> Option<Clause> {
    let mut clauses = Vec::new();
    let mut says = false;
    for (index, word) in words.iter().enumerate() {
        let Some(place) = phrase.terms.iter().find(|place| place.term == word.term) else {
            continue;
        };
        if word.number != phrase.number || is_stop_word(&place.folded) {
            continue;
        }
        says |= place.folded.chars().nth(1).is_some();
        clauses.push((index, place));
    }
    if !says {
        return None;
    }
    let clauses = clauses.into_iter().filter_map(|(index, place)| {
        let word = words.get_mut(index)?;
        word.number = RELAXED_NUMBERS + index;
        Some(Clause::Word(WordClause {
            number: word.number,
            field: phrase.field,
            form: Form::Typed,
            written: word.written.clone(),
            folded: place.folded.clone(),
            term: place.term.clone(),
        }))
    });
    Some(Clause::any(clauses.collect()))
}
