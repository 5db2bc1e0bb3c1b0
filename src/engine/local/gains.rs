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

/// What the best gain, in their order by words; each part as far as it was looked at.
struct Gains {
    /// Of each passage what each pair of neighbours adds.
    nearness: Vec<Vec<f32>>,
    likenesses: Vec<f32>,
    /// The best score without meaning.
    highest: f32,
}

impl LocalEngine {
    /// The best passages of a query.
    pub(super) fn best(&self, query: &Query, limit: usize) -> Result<Vec<Candidate>> {
        let pairs = self.pairs(query)?;
        let mut best = self.best_by_words(query, limit.max(looked_at(query, pairs.as_ref())))?;
        self.add_gains(query, pairs.as_ref(), &mut best)?;
        // What is not looked at has less by its words, and nothing loses.
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(limit);
        Ok(best)
    }

    /// The score of a passage, if it is one of those that are looked at for what they gain.
    pub(super) fn with_gains(&self, query: &Query, address: DocAddress) -> Result<Option<f32>> {
        let Some((pairs, mut best)) = self.looked_at(query)? else { return Ok(None) };
        self.add_gains(query, pairs.as_ref(), &mut best)?;
        let found = best.into_iter().find(|found| found.address == address);
        Ok(found.map(|found| found.score))
    }

    /// What a passage gains in a query, each part with its reason.
    pub(super) fn gains_of(&self, query: &Query, address: DocAddress) -> Result<Vec<Explanation>> {
        let Some((pairs, mut best)) = self.looked_at(query)? else { return Ok(Vec::new()) };
        let place = best.iter().position(|found| found.address == address);
        let Some(place) = place else { return Ok(Vec::new()) };
        let gains = self.add_gains(query, pairs.as_ref(), &mut best)?;
        let mut explained = Vec::new();
        let mut explain = |value: f32, description| {
            if value > 0.0 {
                explained.push(Explanation { value, description, parts: Vec::new() });
            }
        };
        let names = pairs.iter().flat_map(Pairs::names);
        for (&gain, words) in gains.nearness.get(place).into_iter().flatten().zip(names) {
            explain(gain, format!("`{words}` near one another, which few of the best have so"));
        }
        if let Some(&likeness) = gains.likenesses.get(place) {
            let gain = by_meaning(likeness, gains.highest);
            explain(gain, format!("its meaning is like the query's: {likeness:.2} of 1"));
        }
        Ok(explained)
    }

    /// The best by their words that are looked at, with the pairs; `None` for a query in which nothing gains.
    fn looked_at<'q>(
        &self,
        query: &'q Query,
    ) -> Result<Option<(Option<Pairs<'q>>, Vec<Candidate>)>> {
        let pairs = self.pairs(query)?;
        match looked_at(query, pairs.as_ref()) {
            0 => Ok(None),
            looked_at => Ok(Some((pairs, self.best_by_words(query, looked_at)?))),
        }
    }

    /// Adds to the scores of the best by words what they gain, and tells it.
    fn add_gains(
        &self,
        query: &Query,
        pairs: Option<&Pairs<'_>>,
        best: &mut [Candidate],
    ) -> Result<Gains> {
        let nearness = pairs.map_or(Ok(Vec::new()), |pairs| self.by_nearness(pairs, best))?;
        add(best, nearness.iter().map(|gains| gains.iter().sum()));
        let highest = best.iter().map(|found| found.score).fold(0.0, f32::max);
        let likenesses = self.likenesses(query, best)?;
        add(best, likenesses.iter().map(|&likeness| by_meaning(likeness, highest)));
        Ok(Gains { nearness, likenesses, highest })
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

    /// How like the query's the meaning of each of the best is; nothing where a query has none.
    fn likenesses(&self, query: &Query, best: &[Candidate]) -> Result<Vec<f32>> {
        let Some(meaning) = &query.meaning else { return Ok(Vec::new()) };
        let head = &best[..best.len().min(MEANING_LOOKED_AT)];
        let look = || likenesses(meaning, self.searcher(), head).map_err(from_tantivy(self.path()));
        guarded(self.path(), look)
    }
}

/// What meaning adds to a score, where the best score without it is `highest`: on that scale, since a weighted sum of the
/// two ranks better than a fusion of ranks (Bruch, Gai and Ingber 2023, "An analysis of fusion functions for hybrid
/// retrieval").
fn by_meaning(likeness: f32, highest: f32) -> f32 {
    MEANING_WEIGHT * highest * likeness.max(0.0)
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
