//! How many passages match a query at least, and what counting them would cost, by the counts of its words alone.

use super::read::LocalEngine;
use crate::error::Result;
use crate::query::{Clause, Vocabulary};

impl LocalEngine {
    /// What counting the matches of a clause would cost, in postings, and how many there are at least.
    pub(super) fn estimate(&self, clause: &Clause) -> Result<(u64, u64)> {
        let mut counts = Vec::new();
        let mut failure = None;
        let mut add = |field, term: &str| match self.passages_with(field, term) {
            Ok(count) => counts.push(count),
            Err(error) => failure = Some(error),
        };
        clause.visit_positive(&mut |leaf| {
            if let Some(field) = leaf.field() {
                leaf.visit_terms(&mut |term| add(field, term));
            }
        });
        failure.map_or(Ok(()), Err)?;
        Ok((counts.iter().sum(), self.least(clause)?))
    }

    /// How many passages match a clause at least: those with the most frequent of the words that are enough.
    fn least(&self, clause: &Clause) -> Result<u64> {
        match clause {
            Clause::Word(word) => self.passages_with(word.field, &word.term),
            Clause::Boosted(clause, _) => self.least(clause),
            Clause::Forms(any) => self.most_of_least(any),
            Clause::Boolean { must, should, not } if must.is_empty() && not.is_empty() => {
                self.most_of_least(should)
            }
            _ => Ok(0),
        }
    }

    fn most_of_least(&self, alternatives: &[Clause]) -> Result<u64> {
        alternatives.iter().try_fold(0, |most, clause| Ok(self.least(clause)?.max(most)))
    }
}
