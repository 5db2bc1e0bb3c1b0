//! What the best passages by their words gain beside them: by words that stand near one another as in the query, and
//! by meaning what it means. Only so many of the best are looked at: what costs time is for those that may be shown.

use tantivy::DocAddress;

use super::collect::{Candidate, rounded};
use super::from_tantivy;
use super::guarded::guarded;
use super::likeness::Meanings;
use super::proximity::Pairs;
use super::read::{LocalEngine, address};
use crate::error::Result;
use crate::meaning::{Pair, pairs};
use crate::query::{Query, TextField, Vocabulary};
use crate::rank::{
    BM25_K1, Explanation, Hit, LOOKED_AT, MEANING_LOOKED_AT, MEANING_WEIGHT, SURE, rarity,
};

/// What the best passage scores of what is like a passage, against all of its words. By hand: a few in three.
const LIKE_SHARE: f32 = 1.0 / 3.0;

/// So many pairs of words are named in an explanation of what a passage gains by its meaning.
const SHOWN_PAIRS: usize = 8;

/// Passages that may gain, the best by their words first.
struct Looked<'q> {
    /// The pairs of the query's words.
    pairs: Option<Pairs<'q>>,
    passages: Vec<Candidate>,
    /// So many of them are looked at for pairs.
    paired: usize,
    /// So many of them are compared with the query by meaning.
    compared: usize,
    meanings: Option<Meanings>,
    /// On what scale meaning counts.
    scale: f32,
}

/// What passages gain, in their order; each part as far as it was looked at.
struct Gains {
    /// Of each passage what each pair of neighbours adds.
    nearness: Vec<Vec<f32>>,
    likenesses: Vec<f32>,
}

impl LocalEngine {
    /// The best passages of a query.
    pub(super) fn best(&self, query: &Query, limit: usize) -> Result<Vec<Candidate>> {
        let mut looked = self.looked_at(query, limit)?;
        self.add_gains(query, &mut looked)?;
        let mut best = looked.passages;
        // What is not looked at has less by its words, and nothing loses.
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(limit);
        Ok(best)
    }

    /// The score of a passage, if it is one of those that are looked at for what they gain.
    pub(super) fn with_gains(&self, query: &Query, address: DocAddress) -> Result<Option<f32>> {
        let mut looked = self.looked_at(query, 0)?;
        self.add_gains(query, &mut looked)?;
        let found = looked.passages.into_iter().find(|found| found.address == address);
        Ok(found.map(|found| found.score))
    }

    /// What a passage gains in a query, each part with its reason.
    pub(super) fn gains_of(&self, query: &Query, hit: &Hit) -> Result<Vec<Explanation>> {
        let mut looked = self.looked_at(query, 0)?;
        let place = looked.passages.iter().position(|found| found.address == address(hit));
        let Some(place) = place else { return Ok(Vec::new()) };
        let gains = self.add_gains(query, &mut looked)?;
        let mut explained = Vec::new();
        let mut explain = |value: f32, description| {
            if value > 0.0 {
                explained.push(Explanation { value, description, parts: Vec::new() });
            }
        };
        let names = looked.pairs.iter().flat_map(Pairs::names);
        for (&gain, words) in gains.nearness.get(place).into_iter().flatten().zip(names) {
            explain(gain, format!("`{words}` near one another, which few of the best have so"));
        }
        if let Some(&likeness) = gains.likenesses.get(place) {
            let gain = by_meaning(likeness, looked.scale);
            explain(gain, format!("its meaning is like the query's: {likeness:.2} of 1"));
            if let Some(meaning) = explained.last_mut().filter(|_| gain > 0.0) {
                meaning.parts = self.pairs_of_words(query, hit, gain)?;
            }
        }
        Ok(explained)
    }

    /// How much of what a passage gains by its meaning comes from which words of it and of the query.
    fn pairs_of_words(&self, query: &Query, hit: &Hit, gain: f32) -> Result<Vec<Explanation>> {
        let passage = self.passage_at(hit)?;
        let heading = passage.trail.get(1..).and_then(<[String]>::last).map(String::as_str);
        let texts = [Some(passage.report.title.as_str()), heading, Some(passage.text.as_str())];
        let mut pairs = pairs(&query.text, texts.into_iter().flatten());
        let others: f32 =
            pairs.split_off(pairs.len().min(SHOWN_PAIRS)).iter().map(|it| it.share).sum();
        let part = |share: f32, description| Explanation {
            value: gain * share,
            description,
            parts: Vec::new(),
        };
        let pairs = pairs.into_iter();
        let words = |pair: Pair| part(pair.share, format!("`{}` and `{}`", pair.asked, pair.found));
        let mut parts: Vec<Explanation> = pairs.map(words).collect();
        parts.push(part(others, "other pairs of words".to_owned()));
        Ok(parts)
    }

    /// The passages that are looked at for what they gain, and what else is among the best `limit` by words.
    fn looked_at<'q>(&self, query: &'q Query, limit: usize) -> Result<Looked<'q>> {
        let pairs = self.pairs(query)?;
        let for_pairs = pairs.as_ref().map_or(0, |_| LOOKED_AT);
        let for_meaning = query.meaning.as_ref().map_or(0, |_| MEANING_LOOKED_AT);
        let needed = limit.max(for_pairs).max(for_meaning);
        let mut looked = Looked {
            pairs,
            passages: Vec::new(),
            paired: 0,
            compared: 0,
            meanings: None,
            scale: 0.0,
        };
        if needed > 0 {
            looked.passages = self.best_by_words(query, needed)?;
            looked.paired = looked.passages.len().min(for_pairs);
        }
        if let Some(meaning) = &query.meaning {
            let open = || Meanings::open(self.searcher()).map_err(from_tantivy(self.path()));
            let meanings = guarded(self.path(), open)?;
            looked.compared = looked.passages.len().min(MEANING_LOOKED_AT);
            let highest = looked.passages.first().map_or(0.0, |best| best.score);
            looked.scale = self.scale(query, highest)?;
            // What is to be like a passage asks for no words.
            if query.words.is_empty() || highest < SURE * looked.scale {
                looked.compared =
                    self.add_alike(query, meaning, &meanings, &mut looked.passages)?;
            }
            looked.meanings = Some(meanings);
        }
        Ok(looked)
    }

    /// Adds to the scores of passages what they gain, and tells it.
    fn add_gains(&self, query: &Query, looked: &mut Looked<'_>) -> Result<Gains> {
        let nearness = match &looked.pairs {
            Some(pairs) => self.by_nearness(pairs, &looked.passages[..looked.paired])?,
            None => Vec::new(),
        };
        let scale = looked.scale;
        let best = &mut looked.passages;
        add(best, nearness.iter().map(|gains| gains.iter().sum()));
        let likenesses = match query.meaning.as_ref().zip(looked.meanings.as_ref()) {
            Some((meaning, meanings)) => {
                let compared = best[..looked.compared].iter();
                compared.map(|found| meanings.likeness(meaning, found.address)).collect()
            }
            None => Vec::new(),
        };
        add(best, likenesses.iter().map(|&likeness| by_meaning(likeness, scale)));
        Ok(Gains { nearness, likenesses })
    }

    /// What a passage would score that consists of the words of a query. What the best one scores would be another
    /// measure; but where no passage has more than one of the words, that is little, and meaning should count then.
    fn scale(&self, query: &Query, highest: f32) -> Result<f32> {
        if query.words.is_empty() {
            return Ok(highest / LIKE_SHARE);
        }
        let passages = self.passages();
        let mut scale = 0.0;
        for word in &query.words {
            let with = self.passages_with(TextField::Main, &word.term)?;
            scale += rarity(with, passages) * (1.0 + BM25_K1);
        }
        Ok(scale)
    }

    fn pairs<'q>(&self, query: &'q Query) -> Result<Option<Pairs<'q>>> {
        Pairs::of(query, self.main(), self.searcher()).map_err(from_tantivy(self.path()))
    }

    /// What each pair of neighbours adds to the score of each of these.
    fn by_nearness(&self, pairs: &Pairs<'_>, passages: &[Candidate]) -> Result<Vec<Vec<f32>>> {
        let gains = || pairs.gains(self.searcher(), passages).map_err(from_tantivy(self.path()));
        guarded(self.path(), gains)
    }
}

/// What meaning adds to a score: a weighted sum of the two on one scale ranks better than a fusion of ranks (Bruch, Gai
/// and Ingber 2023, "An analysis of fusion functions for hybrid retrieval").
fn by_meaning(likeness: f32, scale: f32) -> f32 {
    MEANING_WEIGHT * scale * likeness.max(0.0)
}

/// Adds gains to scores, as far as there are any.
fn add(best: &mut [Candidate], gains: impl Iterator<Item = f32>) {
    for (found, gain) in best.iter_mut().zip(gains) {
        found.score = rounded(found.score + found.weight * gain);
    }
}
