//! What the best passages by their words gain beside them: by words that stand near one another as in the query, and
//! by meaning what it means. Only so many of the best are looked at: what costs time is for those that may be shown.

use tantivy::DocAddress;

use super::collect::Candidate;
use super::compared::Compared;
use super::from_tantivy;
use super::guarded::guarded;
use super::proximity::nearness_in;
use super::read::{LocalEngine, address};
use crate::engine::gains::{by_meaning, pairs_of_words, rounded, scale as scale_of};
use crate::engine::pairs::Pairs;
use crate::error::Result;
use crate::query::Query;
use crate::rank::{Explanation, Hit, LOOKED_AT, MEANING_LOOKED_AT, Total};

/// Passages that may gain, the best by their words first.
struct Looked<'q> {
    /// By what meaning is compared, where it is.
    compared: Option<Compared<'q>>,
    /// The pairs of the query's words.
    pairs: Option<Pairs<'q>>,
    passages: Vec<Candidate>,
    /// How many match, where that is known.
    total: Option<Total>,
    /// So many of them are looked at for pairs.
    paired: usize,
    /// How like the query's the meaning of each is, as far as they are compared by that.
    likenesses: Vec<f32>,
    /// What the same meaning adds.
    scale: f32,
}

impl LocalEngine {
    /// The best passages of a query, and how many have what it asks for, where that was found on the way.
    pub(super) fn best(
        &self,
        query: &Query,
        limit: usize,
    ) -> Result<(Vec<Candidate>, Option<Total>)> {
        let mut looked = self.looked_at(query, limit)?;
        self.add_gains(&mut looked)?;
        let mut best = looked.passages;
        // What is not looked at has less by its words, and nothing loses.
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(limit);
        Ok((best, looked.total))
    }

    /// The score of a passage, if it is one of those that are looked at for what they gain.
    pub(super) fn with_gains(&self, query: &Query, address: DocAddress) -> Result<Option<f32>> {
        let mut looked = self.looked_at(query, 0)?;
        self.add_gains(&mut looked)?;
        let found = looked.passages.into_iter().find(|found| found.address == address);
        Ok(found.map(|found| found.score))
    }

    /// What a passage gains in a query, each part with its reason.
    pub(super) fn gains_of(&self, query: &Query, hit: &Hit) -> Result<Vec<Explanation>> {
        let mut looked = self.looked_at(query, 0)?;
        let place = looked.passages.iter().position(|found| found.address == address(hit));
        let Some(place) = place else { return Ok(Vec::new()) };
        let nearness = self.add_gains(&mut looked)?;
        let mut explained = Vec::new();
        let mut explain = |value: f32, description| {
            if value > 0.0 {
                explained.push(Explanation { value, description, parts: Vec::new() });
            }
        };
        let names = looked.pairs.iter().flat_map(Pairs::names);
        for (&gain, words) in nearness.get(place).into_iter().flatten().zip(names) {
            explain(gain, format!("`{words}` near one another, which few of the best have so"));
        }
        if let Some(&likeness) = looked.likenesses.get(place) {
            let gain = by_meaning(likeness, looked.scale);
            let model = looked.compared.as_ref().and_then(Compared::model);
            let by = model.map(|model| format!(" by {model}")).unwrap_or_default();
            explain(gain, format!("its meaning is like the query's{by}: {likeness:.2} of 1"));
            if let Some(meaning) = explained.last_mut().filter(|_| gain > 0.0 && model.is_none()) {
                meaning.parts = pairs_of_words(query, &self.passage_at(hit)?, gain);
            }
        }
        Ok(explained)
    }

    /// The passages that are looked at for what they gain, and what else is among the best `limit` by words.
    fn looked_at<'q>(&'q self, query: &'q Query, limit: usize) -> Result<Looked<'q>> {
        let pairs = self.pairs(query)?;
        let for_pairs = pairs.as_ref().map_or(0, |_| LOOKED_AT);
        let for_meaning = query.meaning.as_ref().map_or(0, |_| MEANING_LOOKED_AT);
        let needed = limit.max(for_pairs).max(for_meaning);
        let (mut passages, total) = match needed {
            0 => (Vec::new(), None),
            _ => self.best_by_words(query, needed)?,
        };
        let paired = passages.len().min(for_pairs);
        let highest = passages.first().map_or(0.0, |best| best.score);
        let (mut likenesses, mut scale) = (Vec::new(), 0.0);
        let compared = self.compared(query)?;
        if let Some(compared) = &compared {
            let of_all = scale_of(self, query, highest)?;
            scale = compared.weight() * of_all;
            // What is to be like a passage asks for no words.
            let is_sure = !query.words.is_empty() && highest >= compared.sure() * of_all;
            likenesses = self.by_likeness(query, compared, is_sure, &mut passages)?;
        }
        Ok(Looked { compared, pairs, passages, total, paired, likenesses, scale })
    }

    /// How like the query's the meaning of the best by their words is. Where these are not sure to be what is asked for,
    /// what is most like it of all is put behind them and told too.
    fn by_likeness(
        &self,
        query: &Query,
        compared: &Compared<'_>,
        is_sure: bool,
        passages: &mut Vec<Candidate>,
    ) -> Result<Vec<f32>> {
        let mut compare = || {
            let head = passages.iter().take(MEANING_LOOKED_AT);
            let likenesses = head.map(|found| compared.likeness(found.address));
            let mut likenesses: Vec<f32> = likenesses.collect();
            if !is_sure {
                likenesses.extend(self.add_alike(query, compared, passages)?);
            }
            Ok(likenesses)
        };
        guarded(self.path(), || compare().map_err(from_tantivy(self.path())))
    }

    /// Adds to the scores of passages what they gain. Of each passage what each pair of neighbours adds, as far as they
    /// were looked at for that.
    fn add_gains(&self, looked: &mut Looked<'_>) -> Result<Vec<Vec<f32>>> {
        let Looked { pairs, passages, paired, likenesses, scale, .. } = looked;
        let nearness = match pairs {
            Some(pairs) => self.by_nearness(pairs, &passages[..*paired])?,
            None => Vec::new(),
        };
        add(passages, nearness.iter().map(|gains| gains.iter().sum()));
        add(passages, likenesses.iter().map(|&likeness| by_meaning(likeness, *scale)));
        Ok(nearness)
    }

    fn pairs<'q>(&self, query: &'q Query) -> Result<Option<Pairs<'q>>> {
        let count = |term: &str| {
            self.searcher.doc_freq(&tantivy::Term::from_field_text(self.schemas.main, term))
        };
        Pairs::of(query, self.searcher.num_docs(), count).map_err(from_tantivy(self.path()))
    }

    /// What each pair of neighbours adds to the score of each of these.
    fn by_nearness(&self, pairs: &Pairs<'_>, passages: &[Candidate]) -> Result<Vec<Vec<f32>>> {
        let nearness = || {
            nearness_in(pairs, self.schemas.main, &self.searcher, passages)
                .map_err(from_tantivy(self.path()))
        };
        Ok(pairs.gains(&guarded(self.path(), nearness)?))
    }
}

/// Adds gains to scores, as far as there are any.
fn add(best: &mut [Candidate], gains: impl Iterator<Item = f32>) {
    for (found, gain) in best.iter_mut().zip(gains) {
        found.score = rounded(found.score + found.weight * gain);
    }
}
