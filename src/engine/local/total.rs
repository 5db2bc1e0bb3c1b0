//! How many passages match a query: counted, or where that would cost too much, at least so many, by the counts of its
//! words alone.

use rustc_hash::FxHashSet;

use super::collect::Counts;
use super::from_tantivy;
use super::guarded::guarded;
use super::prose::Prose;
use super::read::LocalEngine;
use crate::engine::{Engine, Summary};
use crate::error::Result;
use crate::query::{Clause, Query, Vocabulary};
use crate::rank::{Deadline, Total};

/// Up to so many postings in all, matches are counted exactly: that costs less than the search itself.
const CHEAP_TO_COUNT: u64 = 1024;

/// The same for a phrase, an operator, one word alone or what fields restrict, where how many match says something. Of
/// several words of prose it says how many passages have any.
const WORTH_COUNTING: u64 = 1 << 18;

impl LocalEngine {
    /// How many passages and documents match. `exact`: all are counted, whatever that costs.
    pub(super) fn counted(&self, query: &Query, exact: bool) -> Result<Total> {
        let (cost, least) = self.estimate(&query.clause)?;
        // A word of it stands everywhere, as that of which all reports are.
        if least >= self.summary().passages {
            let Summary { passages, documents, .. } = *self.summary();
            return Ok(Total { passages, documents, is_exact: true });
        }
        let prose = self.prose(query);
        let is_restricted = prose.as_ref().is_some_and(Prose::is_restricted);
        if !exact && cost > most_counted(query, is_restricted) {
            return Ok(Total { passages: least, documents: 1, is_exact: false });
        }
        let counted = match prose {
            Some(prose) => {
                let count = || prose.open(&self.searcher, self.saturation()?)?.count(&query.until);
                guarded(self.path(), || count().map_err(from_tantivy(self.path())))?
            }
            None => {
                let counts = Counts(query.until.clone());
                self.collect(self.compiled(query).as_ref(), &counts)?
            }
        };
        Ok(total_of(counted, &query.until))
    }

    /// Whether the matches of a query are to be counted while the best are found: what takes time is to find its phrases,
    /// which is done once then.
    pub(super) fn is_counted(&self, query: &Query) -> Result<bool> {
        let mut has_phrases = false;
        query.clause.visit_positive(&mut |leaf| {
            has_phrases |= matches!(leaf, Clause::Phrase(_) | Clause::Near(_));
        });
        if !has_phrases {
            return Ok(false);
        }
        let (cost, least) = self.estimate(&query.clause)?;
        Ok(least < self.summary().passages && cost <= most_counted(query, false))
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

/// Up to so many postings matches are counted.
fn most_counted(query: &Query, is_restricted: bool) -> u64 {
    let says_much = !query.is_plain || query.words.len() == 1 || is_restricted;
    if says_much { WORTH_COUNTING } else { CHEAP_TO_COUNT }
}

/// What [`Counts`] has counted.
pub(super) fn total_of((passages, documents): (u64, FxHashSet<u64>), until: &Deadline) -> Total {
    Total { passages, documents: documents.len() as u64, is_exact: !until.has_cut() }
}

/// Whether all passages that match are gone through to find the best: each has something that is required, so that
/// none is left out for what it could score at most.
pub(super) fn is_gone_through(clause: &Clause) -> bool {
    match clause {
        Clause::Boosted(clause, _) => is_gone_through(clause),
        Clause::Boolean { must, .. } => !must.is_empty(),
        Clause::Forms(forms) => forms.iter().all(is_gone_through),
        Clause::Phrase(_) | Clause::Near(_) => true,
        Clause::Word(_) | Clause::Pattern(_) | Clause::Filter(_) | Clause::Everything => false,
    }
}
