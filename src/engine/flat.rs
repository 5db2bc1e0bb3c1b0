//! What every engine makes of the alternatives of a query before it asks for them.

use rustc_hash::FxHashMap;

use super::record::{between, meta_term, word_term};
use crate::query::{Clause, Filter, FilterValue, Form, TextField};
use crate::rank::SPELLING_WEIGHT;

/// Patterns that stand for more terms than this score the same wherever they match.
pub const MOST_SCORED_TERMS: usize = 64;

/// What a form of a word weighs beside the word as typed. The weight of a synonym depends on what it stands
/// for; it stands round the word.
pub fn weight_of(form: Form) -> f32 {
    match form {
        Form::Spelling => SPELLING_WEIGHT,
        Form::Typed | Form::Compound | Form::Synonym | Form::Feedback | Form::Inflected => 1.0,
    }
}

/// Alternatives with the words among the forms of words as alternatives of their own: only a union of
/// nothing but terms, of whatever weight, lets the engine skip by block-max. A passage that has two forms
/// of a word scores a little higher for it. Phrases among the forms, and two words written together, stay beside the
/// word as typed: a passage that has both has the better score of the two.
pub fn flat(should: &[Clause], is_known: &dyn Fn(&str) -> bool) -> Vec<Clause> {
    let mut flat = Vec::with_capacity(should.len());
    for clause in should {
        let Clause::Forms(forms) = clause else {
            flat.push(clause.clone());
            continue;
        };
        let (words, mut others): (Vec<Clause>, Vec<Clause>) =
            forms.iter().filter(|form| is_live(form, is_known)).cloned().partition(is_plain_word);
        let mut words = words.into_iter();
        if !others.is_empty() {
            others.extend(words.next());
            flat.push(Clause::Forms(others));
        }
        flat.extend(words);
    }
    together(flat)
}

/// Words that are asked for twice, once, with twice the weight: their postings are read once.
fn together(clauses: Vec<Clause>) -> Vec<Clause> {
    let mut counts: FxHashMap<(TextField, String), f32> = FxHashMap::default();
    let key = |clause: &Clause| match clause {
        Clause::Word(word) if word.form == Form::Typed => Some((word.field, word.term.clone())),
        _ => None,
    };
    for key in clauses.iter().filter_map(key) {
        *counts.entry(key).or_default() += 1.0;
    }
    let once = clauses.into_iter().filter_map(|clause| match key(&clause) {
        None => Some(clause),
        Some(key) => match counts.remove(&key)? {
            1.0 => Some(clause),
            times => Some(Clause::Boosted(Box::new(clause), times)),
        },
    });
    once.collect()
}

/// Whether the index has what a form of a word is.
pub fn is_live(form: &Clause, is_known: &dyn Fn(&str) -> bool) -> bool {
    match form {
        Clause::Word(word) => is_known(&word.term),
        _ => true,
    }
}

/// Whether a form of a word is a word, of whatever weight, and not two written together.
fn is_plain_word(form: &Clause) -> bool {
    match form {
        Clause::Word(word) => word.form != Form::Compound,
        Clause::Boosted(form, _) => !matches!(**form, Clause::Boosted(..)) && is_plain_word(form),
        _ => false,
    }
}

/// What a passage must be, whatever words of prose it has; `None` where that is nothing.
pub fn restriction(clause: &Clause) -> Option<Clause> {
    match clause {
        Clause::Boolean { must, not, .. } if !must.is_empty() || !not.is_empty() => {
            let own = |clause: &Clause| match clause {
                Clause::Boolean { .. } => restriction(clause),
                Clause::Everything => None,
                leaf => Some(leaf.clone()),
            };
            let must: Vec<Clause> = must.iter().filter_map(own).collect();
            let is_any = must.is_empty() && not.is_empty();
            (!is_any).then(|| Clause::Boolean { must, should: Vec::new(), not: not.clone() })
        }
        _ => None,
    }
}

/// The terms of metadata of which a passage must have one.
pub fn filter_terms(filter: &Filter) -> Vec<String> {
    let term = |value: &str| meta_term(&filter.field, value);
    let mut terms = Vec::new();
    for value in &filter.values {
        match value {
            FilterValue::Is(value) => terms.push(term(value)),
            FilterValue::HasWord(word) => terms.push(word_term(&filter.field, word)),
            FilterValue::Years(from, to) => {
                terms.extend(between(*from, *to).map(|year| term(&year.to_string())));
            }
        }
    }
    terms
}
