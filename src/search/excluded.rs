//! What is found but for what a query excludes: the title of a series stands above all passages, and who excludes its words
//! leaves out everything.

use super::Searcher;
use crate::engine::Engine;
use crate::error::Result;
use crate::query::{Clause, Query};

/// Why nothing is left.
const EXCLUDED: &str = "has what is excluded, in its text or in the title above it";

impl<E: Engine> Searcher<E> {
    /// What is said where nothing is found that is not excluded.
    pub(super) fn excluded_everywhere(&self, query: &Query) -> Result<Option<String>> {
        Ok(match self.but_for_excluded(query)? {
            0 => None,
            1 => Some(format!("1 passage matches otherwise, and {EXCLUDED}")),
            passages => Some(format!("{passages} passages match otherwise, and each {EXCLUDED}")),
        })
    }

    /// How many passages match a query without what it excludes; 0 where it excludes nothing but values of fields.
    pub(super) fn but_for_excluded(&self, query: &Query) -> Result<u64> {
        let mut clause = query.clause.clone();
        if !without_excluded(&mut clause) {
            return Ok(0);
        }
        let query = Query { clause, ..query.clone() };
        if query.needs_a_look() {
            // The index finds more than matches.
            return Ok(self.best_of(&query, usize::MAX)?.0.hits.len() as u64);
        }
        Ok(self.engine.total(&query, true)?.passages)
    }
}

/// Takes away what is excluded, but for fields; whether anything was.
fn without_excluded(clause: &mut Clause) -> bool {
    match clause {
        Clause::Boolean { must, should, not } => {
            let before = not.len();
            not.retain(Clause::is_restriction);
            let inside = must.iter_mut().chain(should).map(without_excluded);
            inside.fold(before > not.len(), |any, is| any | is)
        }
        Clause::Boosted(clause, _) => without_excluded(clause),
        _ => false,
    }
}
