//! What the best passages by their words gain beside them: by words that stand near one another as in the query, and
//! by meaning what it means. Only so many of the best are looked at: what costs time is for those that may be shown.

use tantivy::DocAddress;

use super::collect::{Candidate, rounded};
use super::from_tantivy;
use super::guarded::guarded;
use super::likeness::likenesses;
use super::proximity::Pairs;
use super::read::LocalEngine;
use crate::error::Result;
use crate::query::Query;
use crate::rank::{Explanation, LOOKED_AT, MEANING_LOOKED_AT, MEANING_WEIGHT};

impl LocalEngine {
    /// The best passages of a query.
    pub(super) fn best(&self, query: &Query, limit: usize) -> Result<Vec<Candidate>> {
        let pairs = self.pairs(query)?;
        let mut best = self.best_by_words(query, limit.max(looked_at(query, pairs.as_ref())))?;
        if let Some(pairs) = &pairs {
            let gains = self.by_nearness(pairs, &best)?;
            add(&mut best, gains.iter().map(|gains| gains.iter().sum()));
        }
        let gains = self.by_meaning(query, &best)?;
        add(&mut best, gains.into_iter());
        // What is not looked at has less by its words, and nothing loses.
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(limit);
        Ok(best)
    }

    /// The score of a passage, if it is one of those that are looked at for what they gain.
    pub(super) fn with_gains(&self, query: &Query, address: DocAddress) -> Result<Option<f32>> {
        let best = self.best(query, LOOKED_AT.max(MEANING_LOOKED_AT))?;
        let found = best.into_iter().find(|found| found.address == address);
        Ok(found.map(|found| found.score))
    }

    /// What a passage gains in a query, each part with its reason.
    pub(super) fn gains_of(&self, query: &Query, address: DocAddress) -> Result<Vec<Explanation>> {
        let pairs = self.pairs(query)?;
        let looked_at = looked_at(query, pairs.as_ref());
        let mut best = match looked_at {
            0 => return Ok(Vec::new()),
            looked_at => self.best_by_words(query, looked_at)?,
        };
        let place = best.iter().position(|found| found.address == address);
        let Some(place) = place else { return Ok(Vec::new()) };
        let mut explained = Vec::new();
        let mut explain = |value: &f32, description| {
            if *value > 0.0 {
                explained.push(Explanation { value: *value, description, parts: Vec::new() });
            }
        };
        if let Some(pairs) = &pairs {
            let gains = self.by_nearness(pairs, &best)?;
            for (gain, words) in gains.get(place).into_iter().flatten().zip(pairs.names()) {
                explain(gain, format!("`{words}` near one another, which few of the best have so"));
            }
            add(&mut best, gains.iter().map(|gains| gains.iter().sum()));
        }
        if let Some(gain) = self.by_meaning(query, &best)?.get(place) {
            explain(gain, "means what the query means, as far as it does".to_owned());
        }
        Ok(explained)
    }

    fn pairs<'q>(&self, query: &'q Query) -> Result<Option<Pairs<'q>>> {
        Pairs::of(query, self.main(), self.searcher()).map_err(from_tantivy(self.path()))
    }

    /// What each pair of neighbours adds to the score of each of the best.
    fn by_nearness(&self, pairs: &Pairs<'_>, best: &[Candidate]) -> Result<Vec<Vec<f32>>> {
        let head = &best[..best.len().min(LOOKED_AT)];
        let gains = || pairs.gains(self.searcher(), head).map_err(from_tantivy(self.path()));
        guarded(self.path(), gains)
    }

    /// What meaning adds to the score of each of the best; nothing where a query has none. It is on the scale of the
    /// scores by words: a weighted sum of the two ranks better than a fusion of ranks (Bruch, Gai and Ingber 2023, "An
    /// analysis of fusion functions for hybrid retrieval").
    fn by_meaning(&self, query: &Query, best: &[Candidate]) -> Result<Vec<f32>> {
        let Some(meaning) = &query.meaning else { return Ok(Vec::new()) };
        let head = &best[..best.len().min(MEANING_LOOKED_AT)];
        let likenesses =
            || likenesses(meaning, self.searcher(), head).map_err(from_tantivy(self.path()));
        let likenesses = guarded(self.path(), likenesses)?;
        let highest = head.iter().map(|found| found.score).fold(0.0, f32::max);
        let gain = |likeness: f32| MEANING_WEIGHT * highest * likeness.max(0.0);
        Ok(likenesses.into_iter().map(gain).collect())
    }
}

/// How many of the best by their words are looked at.
fn looked_at(query: &Query, pairs: Option<&Pairs<'_>>) -> usize {
    let for_pairs = pairs.map_or(0, |_| LOOKED_AT);
    let for_meaning = query.meaning.as_ref().map_or(0, |_| MEANING_LOOKED_AT);
    for_pairs.max(for_meaning)
}

/// Adds gains to scores, as far as there are any.
fn add(best: &mut [Candidate], gains: impl Iterator<Item = f32>) {
    for (found, gain) in best.iter_mut().zip(gains) {
        found.score = rounded(found.score + found.weight * gain);
    }
}
