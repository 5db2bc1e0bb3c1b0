//! Passages that mean what a query means, whatever their words: where no passage has much of the words of a query, those of
//! all that are most like it. They are ranked beside the best by their words, with what their own words score.

use rustc_hash::FxHashSet;
use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::{DocAddress, SegmentOrdinal};

use super::among::{Among, Restriction};
use super::careful::matches;
use super::collect::Candidate;
use super::compared::Compared;
use super::read::LocalEngine;
use crate::engine::flat::restriction;
use crate::engine::gains::rounded;
use crate::query::{Clause, Query};
use crate::rank::{MEANING_LOOKED_AT, MEANING_NEAREST, MOST_ALIKE, MOST_MEANT_PASSAGES};

impl LocalEngine {
    /// Puts passages that are most like a query behind the best by their words that are compared by meaning; how like it
    /// each of them is.
    pub(super) fn add_alike(
        &self,
        query: &Query,
        compared: &Compared<'_>,
        best: &mut Vec<Candidate>,
    ) -> tantivy::Result<Vec<f32>> {
        if self.searcher.num_docs() > MOST_MEANT_PASSAGES {
            return Ok(Vec::new());
        }
        let rest = best.split_off(best.len().min(MEANING_LOOKED_AT));
        let known: FxHashSet<DocAddress> = best.iter().map(|found| found.address).collect();
        let (likenesses, alike): (Vec<f32>, Vec<Candidate>) =
            self.alike(query, compared, &known)?.into_iter().unzip();
        best.extend(alike);
        let known: FxHashSet<DocAddress> = best.iter().map(|found| found.address).collect();
        best.extend(rest.into_iter().filter(|found| !known.contains(&found.address)));
        Ok(likenesses)
    }

    /// The passages that are most like a query, beside those that are known, with how like it they are; they score by
    /// their words.
    fn alike(
        &self,
        query: &Query,
        compared: &Compared<'_>,
        known: &FxHashSet<DocAddress>,
    ) -> tantivy::Result<Vec<(f32, Candidate)>> {
        let mut asked = self.asked(query)?;
        let near = match asked.few() {
            Some(few) => few.into_iter().filter(|passage| self.is_alive(*passage)).collect(),
            None => compared.nearest(&query.until, |passage| {
                Ok(self.is_alive(passage) && asked.has(passage)?)
            })?,
        };
        let like = |passage| (compared.likeness(passage), passage);
        let mut near: Vec<(f32, DocAddress)> = near.into_iter().map(like).collect();
        // Of equal ones the id decides, as everywhere; here the place would.
        let id = |passage| self.id_at(passage);
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(&id(b.1))));
        near.truncate(MOST_ALIKE);
        near.retain(|(_, passage)| !known.contains(passage));
        near.sort_unstable_by_key(|(_, passage)| *passage);
        let mut words = self.scorers(query, &query.clause)?;
        let mut alike = Vec::with_capacity(near.len());
        for (likeness, address) in near {
            let score = words.score(address)?;
            if score.is_some() || likeness >= compared.least_likeness() {
                let weight = self.weight_of(query, address)?;
                let score = rounded(score.unwrap_or(0.0) * weight);
                let found = Candidate { score, weight, id: id(address), address };
                alike.push((likeness, found));
            }
        }
        Ok(alike)
    }

    /// The passages that a query is restricted to.
    fn asked(&self, query: &Query) -> tantivy::Result<Asked<'_>> {
        if let Some((restriction, _)) = Restriction::of(&query.clause)
            && !restriction.is_empty()
        {
            let among = |reader| restriction.among(reader, self.schemas.meta);
            let among = self.searcher.segment_readers().iter().map(among);
            return Ok(Asked::Among(among.collect::<tantivy::Result<_>>()?));
        }
        Ok(match restriction(&query.clause) {
            Some(clause) => Asked::Scored(self.scorers(query, &clause)?),
            None => Asked::All,
        })
    }

    fn is_alive(&self, passage: DocAddress) -> bool {
        let alive = self.searcher.segment_reader(passage.segment_ord).alive_bitset();
        alive.is_none_or(|alive| alive.is_alive(passage.doc_id))
    }

    /// What single passages score by a clause of a query.
    pub(super) fn scorers(&self, query: &Query, clause: &Clause) -> tantivy::Result<Scorers<'_>> {
        let compiled = self.compiled_as(query, clause);
        let weight = compiled.weight(EnableScoring::enabled_from_searcher(&self.searcher))?;
        Ok(Scorers { engine: self, weight, opened: None })
    }
}

/// The passages that are asked for.
enum Asked<'e> {
    All,
    /// Of each segment these.
    Among(Vec<Option<Among>>),
    /// Those that something matches.
    Scored(Scorers<'e>),
}

impl Asked<'_> {
    /// All of them, where they are no more than are compared in any case.
    fn few(&self) -> Option<Vec<DocAddress>> {
        let Asked::Among(among) = self else { return None };
        let count: usize = among.iter().flatten().map(Among::len).sum();
        let all = (0..).zip(among).flat_map(|(segment, among)| {
            let docs = among.iter().flat_map(Among::iter);
            docs.map(move |doc| DocAddress::new(segment, doc))
        });
        (count <= MEANING_NEAREST).then(|| all.collect())
    }

    /// Whether a passage is. They come in their order.
    fn has(&mut self, passage: DocAddress) -> tantivy::Result<bool> {
        Ok(match self {
            Asked::All => true,
            Asked::Among(among) => {
                let among = among.get(passage.segment_ord as usize).and_then(Option::as_ref);
                among.is_some_and(|among| among.has(passage.doc_id))
            }
            Asked::Scored(scorers) => scorers.score(passage)?.is_some(),
        })
    }
}

/// What single passages score in a query.
pub(super) struct Scorers<'e> {
    engine: &'e LocalEngine,
    weight: Box<dyn Weight>,
    opened: Option<(SegmentOrdinal, Box<dyn Scorer>)>,
}

impl Scorers<'_> {
    /// The score of a passage; `None` where it does not match. Passages are asked for in their order.
    pub(super) fn score(&mut self, passage: DocAddress) -> tantivy::Result<Option<f32>> {
        let opened = self.opened.take().filter(|(segment, _)| *segment == passage.segment_ord);
        let (segment, mut scorer) = match opened {
            Some(opened) => opened,
            None => {
                let reader = self.engine.searcher.segment_reader(passage.segment_ord);
                (passage.segment_ord, self.weight.scorer(reader, 1.0)?)
            }
        };
        let is_match = matches(scorer.as_mut(), passage.doc_id);
        let score = is_match.then(|| scorer.score());
        self.opened = Some((segment, scorer));
        Ok(score)
    }
}
