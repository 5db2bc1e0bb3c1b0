//! A query whose phrases stand nowhere, asked again with the words of the phrases.

use crate::analyze::is_stop_word;
use crate::query::{
    AskedWord, Clause, Form, MOST_CLAUSES, PhraseClause, Query, TextField, WordClause,
};

/// The words of a relaxed phrase are clauses of their own, beyond those of a query, of its filter and of
/// its section.
const RELAXED_NUMBERS: usize = 3 * MOST_CLAUSES;

/// The query with its phrases as words; `None` where it has no phrase that is required.
pub fn relax(query: &Query) -> Option<Query> {
    let mut relaxed = query.clone();
    relaxed.expansions.clear();
    let mut changed = false;
    relaxed.clause = words_for_phrases(relaxed.clause, &mut relaxed.words, &mut changed);
    changed.then_some(relaxed)
}

fn words_for_phrases(clause: Clause, words: &mut [AskedWord], changed: &mut bool) -> Clause {
    match clause {
        Clause::Forms(mut forms) if !forms.is_empty() => {
            words_for_phrases(forms.swap_remove(0), words, changed)
        }
        Clause::Phrase(phrase) if phrase.field == TextField::Main => {
            *changed = true;
            words_of(&phrase, words)
        }
        Clause::Boolean { must, should, not } => {
            let mut all = |clauses: Vec<Clause>| {
                let each = clauses.into_iter();
                each.map(|clause| words_for_phrases(clause, words, changed)).collect()
            };
            Clause::Boolean { must: all(must), should: all(should), not }
        }
        other => other,
    }
}

/// The content words of a phrase as alternatives. Each becomes a clause of its own, so that a passage
/// that lacks one of them says so; stop words are no longer asked for.
fn words_of(phrase: &PhraseClause, words: &mut [AskedWord]) -> Clause {
    let mut clauses = Vec::new();
    for (index, word) in words.iter_mut().enumerate() {
        let Some(place) = phrase.terms.iter().find(|place| place.term == word.term) else {
            continue;
        };
        if word.number != phrase.number || is_stop_word(&place.folded) {
            continue;
        }
        word.number = RELAXED_NUMBERS + index;
        clauses.push(Clause::Word(WordClause {
            number: word.number,
            field: phrase.field,
            form: Form::Typed,
            written: word.written.clone(),
            folded: place.folded.clone(),
            term: place.term.clone(),
        }));
    }
    Clause::any(clauses)
}
