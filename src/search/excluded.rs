//! Why nothing is found where a word is excluded that every passage has: the title of a series stands above all of them.

use super::Searcher;
use crate::engine::Engine;
use crate::error::Result;
use crate::query::{Clause, Query};

impl<E: Engine> Searcher<E> {
    /// What is said of words that a query excludes and no passage is without.
    pub(super) fn excluded_everywhere(&self, query: &Query) -> Result<Option<String>> {
        let vocabulary = self.engine.vocabulary();
        let mut excluded = Vec::new();
        query.clause.visit(&mut |clause| {
            if let Clause::Boolean { not, .. } = clause {
                excluded.extend(not.iter().filter_map(|clause| match clause {
                    Clause::Word(word) => Some(word.clone()),
                    _ => None,
                }));
            }
        });
        for word in excluded {
            let passages = vocabulary.passages_with(word.field, &word.term)?;
            if passages > 0 && passages >= vocabulary.passages() {
                return Ok(Some(format!(
                    "every passage has `{}`, in its text or in the title above it: without it nothing is left",
                    word.written
                )));
            }
        }
        Ok(None)
    }
}
