//! Pseudo-relevance feedback: the words that the best passages have in common are searched for as well.
//!
//! RM3 (Abdul-Jaleel et al. 2004, "UMass at TREC 2004: novelty and HARD"): the relevance model RM1 (Lavrenko and
//! Croft 2001) of the best passages, mixed with the query. Words that more than a tenth of all passages have are left
//! out, as Anserini does.

use std::collections::BTreeMap;

use super::Searcher;
use crate::analyze::{Analyzer, Token, folded, is_stop_word};
use crate::engine::Engine;
use crate::error::Result;
use crate::query::{
    Clause, Expansion, ExpansionSource, Form, MOST_CLAUSES, Query, TextField, WordClause,
};
use crate::rank::{FEEDBACK_PASSAGES, FEEDBACK_WEIGHT, FEEDBACK_WORDS};

/// The numbers of the words that are added, beyond those of a query, its filter, its section and relaxed phrases.
const FEEDBACK_NUMBERS: usize = 4 * MOST_CLAUSES;

/// Words that one in so many passages has say nothing.
const COMMON: u64 = 10;

/// A word that the best passages have.
#[derive(Default)]
pub struct Fed {
    pub weight: f64,
    /// How often each form of it stands there.
    forms: BTreeMap<String, u64>,
}

impl<E: Engine> Searcher<E> {
    /// A query with the words that its best passages have in common; the query itself where it finds nothing or asks
    /// for words as written.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn fed_back(&self, query: Query) -> Result<Query> {
        if query.literal || query.words.is_empty() {
            return Ok(query);
        }
        let words = heaviest(self.common_words(&query)?, FEEDBACK_WORDS);
        let all: f64 = words.iter().map(|(_, word)| word.weight).sum();
        // The query's own words weigh 1 each, and together 1 - FEEDBACK_WEIGHT of the whole.
        let share = f64::from(FEEDBACK_WEIGHT / (1.0 - FEEDBACK_WEIGHT)) * query.words.len() as f64;
        Ok(with(query, words, share / all.max(f64::MIN_POSITIVE)))
    }

    /// The words of the best passages that few others have, by term: RM1 with the scores as likelihoods.
    fn common_words(&self, query: &Query) -> Result<BTreeMap<String, Fed>> {
        let (ranking, _) = self.best_of(query, FEEDBACK_PASSAGES)?;
        let vocabulary = self.engine.vocabulary();
        let most = (vocabulary.passages() / COMMON).max(FEEDBACK_PASSAGES as u64);
        let mut analyzer = Analyzer::default();
        let mut words: BTreeMap<String, Fed> = BTreeMap::new();
        for (passage, hit) in self.engine.load(&ranking.hits)?.iter().zip(&ranking.hits) {
            let tokens = analyzer.tokens(&passage.text);
            let each = f64::from(hit.score) / tokens.len().max(1) as f64;
            add(&mut words, &passage.text, tokens, each);
        }
        let asked: Vec<&str> = query.words.iter().map(|word| word.term.as_str()).collect();
        let mut kept = BTreeMap::new();
        for (term, word) in words {
            let is_new = !asked.contains(&term.as_str());
            if is_new && vocabulary.passages_with(TextField::Main, &term)? <= most {
                kept.insert(term, word);
            }
        }
        Ok(kept)
    }
}

/// Adds to words those of a text that may tell it from another, each time with a weight.
pub fn add(words: &mut BTreeMap<String, Fed>, text: &str, tokens: Vec<Token>, each: f64) {
    for token in tokens {
        let form = folded(text.get(token.bytes).unwrap_or_default());
        if is_telling(&form) {
            let word = words.entry(token.term).or_default();
            word.weight += each;
            *word.forms.entry(form).or_default() += 1;
        }
    }
}

/// The words that weigh the most, the most first; of equal ones the alphabet decides.
pub fn heaviest(words: BTreeMap<String, Fed>, count: usize) -> Vec<(String, Fed)> {
    let mut words: Vec<(String, Fed)> = words.into_iter().collect();
    words
        .sort_by(|(a, one), (b, other)| other.weight.total_cmp(&one.weight).then_with(|| a.cmp(b)));
    words.truncate(count);
    words
}

fn is_telling(form: &str) -> bool {
    form.chars().count() > 2 && form.chars().all(char::is_alphabetic) && !is_stop_word(form)
}

/// The query with words that may stand beside its own. `share`: what a weight of 1 counts.
pub fn with(mut query: Query, words: Vec<(String, Fed)>, share: f64) -> Query {
    let mut added = Vec::with_capacity(words.len());
    for (place, (term, word)) in words.into_iter().enumerate() {
        let number = FEEDBACK_NUMBERS + place;
        let commonest = word.forms.iter().max_by(|(a, m), (b, n)| (m, b).cmp(&(n, a)));
        let written = commonest.map_or_else(|| term.clone(), |(form, _)| form.clone());
        query.expansions.push(Expansion {
            number,
            first: number,
            from: query.text.clone(),
            to: vec![written.clone()],
            by: ExpansionSource::Feedback,
        });
        let clause = Clause::Word(WordClause {
            number,
            field: TextField::Main,
            form: Form::Feedback,
            folded: written.clone(),
            written,
            term,
        });
        added.push(Clause::Boosted(Box::new(clause), (word.weight * share) as f32));
    }
    let own = std::mem::replace(&mut query.clause, Clause::Everything);
    query.clause = match own {
        Clause::Boolean { must, mut should, not } if must.is_empty() && not.is_empty() => {
            should.extend(added);
            Clause::Boolean { must, should, not }
        }
        own => Clause::Boolean { must: vec![own], should: added, not: Vec::new() },
    };
    query
}
