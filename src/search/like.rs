//! More like this: the words that tell a passage from others, and what it means, as a query.
//!
//! The words are those with the most occurrences times rarity (Salton and Buckley 1988, "Term-weighting approaches in
//! automatic text retrieval").

use std::collections::BTreeMap;

use super::Searcher;
use super::feedback::{self, Fed};
use crate::analyze::Analyzer;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::meaning::Spare;
use crate::passage::Passage;
use crate::query::{Query, TextField};
use crate::rank::rarity;

/// So many of its words stand for a passage.
const WORDS: usize = 25;

impl<E: Engine> Searcher<E> {
    /// A query for what is like a passage, and for what is asked beside that.
    ///
    /// # Errors
    /// `NotFound` where the index has no passage of this id; those of the engine.
    pub(super) fn like(&self, mut query: Query, id: &str) -> Result<Query> {
        let passage = self.engine.passage(id)?.ok_or_else(|| Error::NotFound {
            what: "passage",
            name: id.to_owned(),
            hint: Some("take the id of a hit".to_owned()),
        })?;
        query.meaning = Spare::take().vector(&passage.text);
        let words = feedback::heaviest(self.telling_words(&passage)?, WORDS);
        let most = words.first().map_or(1.0, |(_, word)| word.weight);
        Ok(feedback::with(query, words, 1.0 / most))
    }

    /// The words of a passage, each by its term with what it tells.
    fn telling_words(&self, passage: &Passage) -> Result<BTreeMap<String, Fed>> {
        let vocabulary = self.engine.vocabulary();
        let mut words = BTreeMap::new();
        let tokens = Analyzer::default().tokens(&passage.text);
        feedback::add(&mut words, &passage.text, tokens, 1.0);
        for (term, word) in &mut words {
            let with = vocabulary.passages_with(TextField::Main, term)?;
            word.weight *= f64::from(rarity(with, vocabulary.passages()));
        }
        Ok(words)
    }
}
