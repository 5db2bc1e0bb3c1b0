//! How many passages match a query: counted, or where that would cost too much, at least so many, by the counts of its
//! words alone.

use super::collect::Counts;
use super::read::LocalEngine;
use crate::engine::Engine;
use crate::error::Result;
use crate::query::{Clause, Query, Vocabulary};
use crate::rank::Total;

/// Up to so many postings in all, matches are counted exactly: that costs less than the search itself.
const CHEAP_TO_COUNT: u64 = 1024;

/// The same for a phrase, an operator or one word alone, where how many match says something. Of several words of
/// prose it says how many passages have any.
const WORTH_COUNTING: u64 = 1 << 18;

impl LocalEngine {
    /// How many passages and documents match. `exact`: all are counted, whatever that costs.
    pub(super) fn counted(&self, query: &Query, exact: bool) -> Result<Total> {
        if !exact {
            let (cost, passages) = self.estimate(&query.clause)?;
            let is_all = passages >= self.summary().passages;
            let says_much = is_all || !query.is_plain || query.words.len() == 1;
            if cost > if says_much { WORTH_COUNTING } else { CHEAP_TO_COUNT } {
                return Ok(Total { passages, documents: 1, is_exact: false });
            }
        }
        let counts = Counts(query.until.clone());
        let (passages, documents) = self.collect(self.compiled(query).as_ref(), &counts)?;
        let is_exact = !query.until.has_cut();
        Ok(Total { passages, documents: documents.len() as u64, is_exact })
    }

    /// What counting the matches of a clause would cost, in postings, and how many there are at least.
    fn estimate(&self, clause: &Clause) -> Result<(u64, u64)> {
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
