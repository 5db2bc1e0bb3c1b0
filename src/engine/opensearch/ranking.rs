//! A ranking of what a cluster finds: scored by their words, and by what the best of these gain beside, as on one machine.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::compile::{among_passages, demoting, is_exact};
use super::mapping::sign;
use super::read::{ALL_ALIKE, Found, OpenSearchEngine};
use super::score::{Scoring, Statistics};
use super::view::{View, Wanted};
use crate::analyze::Analyzer;
use crate::engine::flat::restriction;
use crate::engine::gains::{by_meaning, pairs_of_words, rounded, scale};
use crate::engine::pairs::{Nearness, Pairs, nearness};
use crate::error::Result;
use crate::meaning::Vector;
use crate::passage::{Passage, id_text};
use crate::query::{Clause, Query, TextField};
use crate::rank::{
    Explanation, Hit, LEAST_LIKENESS, LOOKED_AT, MEANING_LOOKED_AT, MEANING_NEAREST,
    MEANING_WEIGHT, MOST_ALIKE, MOST_MEANT_PASSAGES, SURE,
};

/// So many more passages are scored than are needed: the scores of the cluster are not quite ours, and where a word stands
/// in many short passages, a hundred of them differ less than that. With 60, one question of 59 had another tenth hit.
const BESIDE: usize = 300;

/// So many are asked for at a time.
const PAGE: usize = 500;

/// So many of those that are nearest by signs are asked for, lest some be missing that are as near as the last.
const WITH_EQUALS: usize = 4 * MEANING_NEAREST;

/// The best first; of equals the one with the smaller id.
const BEST: [&str; 2] = ["_score", "id"];

/// A passage that is ranked.
struct Candidate {
    id: u64,
    score: f32,
    weight: f32,
    passage: Passage,
    view: View,
    vector: Option<Vector>,
}

/// Passages that may be the best.
pub struct Looked<'q> {
    pairs: Option<Pairs<'q>>,
    /// Of each of the first what each pair of neighbours adds.
    gains: Vec<Vec<f32>>,
    likenesses: Vec<f32>,
    scale: f32,
    statistics: Statistics,
    /// In the order of their words' scores; the gains are added.
    candidates: Vec<Candidate>,
}

impl<'q> Looked<'q> {
    /// The passages that are looked at for what they gain, and what else is among the best `limit`.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub fn at(engine: &OpenSearchEngine, query: &'q Query, limit: usize) -> Result<Looked<'q>> {
        let statistics = engine.statistics(query)?;
        let count = |term: &str| Ok(statistics.count(TextField::Main, term));
        let pairs = Pairs::of(query, statistics.passages, count)?;
        let for_pairs = pairs.as_ref().map_or(0, |_| LOOKED_AT);
        let for_meaning = query.meaning.as_ref().map_or(0, |_| MEANING_LOOKED_AT);
        let needed = limit.max(for_pairs).max(for_meaning);
        let candidates = match needed {
            0 => Vec::new(),
            _ => best_by_words(engine, query, &statistics, needed)?,
        };
        let mut looked = Looked {
            pairs,
            gains: Vec::new(),
            likenesses: Vec::new(),
            scale: 0.0,
            statistics,
            candidates,
        };
        looked.add_gains(engine, query, for_pairs)?;
        Ok(looked)
    }

    fn add_gains(
        &mut self,
        engine: &OpenSearchEngine,
        query: &Query,
        for_pairs: usize,
    ) -> Result<()> {
        let highest = self.candidates.first().map_or(0.0, |best| best.score);
        if let Some(meaning) = &query.meaning {
            let of_all = scale(engine, query, highest)?;
            self.scale = MEANING_WEIGHT * of_all;
            let likeness =
                |found: &Candidate| found.vector.as_ref().map_or(0.0, |it| meaning.likeness(it));
            self.likenesses =
                self.candidates.iter().take(MEANING_LOOKED_AT).map(likeness).collect();
            let is_sure = !query.words.is_empty() && highest >= SURE * of_all;
            if !is_sure && engine.summary.passages <= MOST_MEANT_PASSAGES {
                self.add_alike(engine, query, meaning)?;
            }
        }
        if let Some(pairs) = &self.pairs {
            let of = |found: &Candidate| -> Vec<Nearness> {
                let words: Vec<&str> = pairs.terms().collect();
                let pair = |pair: &[&str]| {
                    nearness(found.view.places(pair[0]), found.view.places(pair[1]))
                };
                words.windows(2).map(pair).collect()
            };
            let all: Vec<Vec<Nearness>> = self.candidates.iter().take(for_pairs).map(of).collect();
            self.gains = pairs.gains(&all);
        }
        for (found, gains) in self.candidates.iter_mut().zip(&self.gains) {
            found.score = rounded(found.score + found.weight * gains.iter().sum::<f32>());
        }
        for (found, &likeness) in self.candidates.iter_mut().zip(&self.likenesses) {
            found.score = rounded(found.score + found.weight * by_meaning(likeness, self.scale));
        }
        Ok(())
    }

    /// Puts passages that mean most like a query, whatever their words, behind the best that are compared by that.
    fn add_alike(
        &mut self,
        engine: &OpenSearchEngine,
        query: &Query,
        meaning: &Vector,
    ) -> Result<()> {
        let mut near = nearest(engine, query, meaning)?;
        near.truncate(MOST_ALIKE);
        let rest = self.candidates.split_off(self.candidates.len().min(MEANING_LOOKED_AT));
        let known = |candidates: &[Candidate], id| candidates.iter().any(|found| found.id == id);
        let (scoring, wanted) = (Scoring::of(query, &self.statistics), Wanted::of(query));
        near.retain(|(_, found)| !known(&self.candidates, found.id));
        let (likenesses, found): (Vec<f32>, Vec<Found>) = near.into_iter().unzip();
        for (likeness, mut found) in
            likenesses.into_iter().zip(viewed(engine, query, found, &wanted)?)
        {
            let by_words = scoring.by_words(&found.view);
            if by_words.is_none() && likeness < LEAST_LIKENESS {
                continue;
            }
            found.weight = scoring.weight(&found.view);
            found.score = rounded(by_words.map_or(0.0, |it| it.value) * found.weight);
            self.likenesses.push(likeness);
            self.candidates.push(found);
        }
        let more = rest.into_iter().filter(|found| !known(&self.candidates, found.id));
        let more: Vec<Candidate> = more.collect();
        self.candidates.extend(more);
        Ok(())
    }

    /// The hits, the best first.
    pub fn hits(&self) -> Vec<Hit> {
        let hit = |found: &Candidate| Hit { id: found.id, address: found.id, score: found.score };
        let mut hits: Vec<Hit> = self.candidates.iter().map(hit).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        hits
    }

    /// The passages, by id.
    pub fn into_texts(self) -> FxHashMap<u64, Passage> {
        self.candidates.into_iter().map(|found| (found.id, found.passage)).collect()
    }

    /// The hit of a passage, wherever it ranks; `None` where it does not match.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub fn hit_of(&self, engine: &OpenSearchEngine, query: &Query, id: u64) -> Result<Option<Hit>> {
        if let Some(found) = self.candidates.iter().find(|found| found.id == id) {
            return Ok(Some(Hit { id, address: id, score: found.score }));
        }
        let scoring = Scoring::of(query, &self.statistics);
        let Some(found) = one(engine, query, id)? else { return Ok(None) };
        let by_words = scoring.by_words(&found.view);
        Ok(by_words.map(|by_words| {
            let score = rounded(by_words.value * scoring.weight(&found.view));
            Hit { id, address: id, score }
        }))
    }

    /// Why a passage has its score.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub fn explain(
        &self,
        engine: &OpenSearchEngine,
        query: &Query,
        hit: &Hit,
    ) -> Result<Explanation> {
        let scoring = Scoring::of(query, &self.statistics);
        let place = self.candidates.iter().position(|found| found.id == hit.id);
        let other;
        let found = match place.and_then(|place| self.candidates.get(place)) {
            Some(found) => found,
            None => {
                other = one(engine, query, hit.id)?;
                let Some(found) = &other else {
                    return Ok(Explanation::nothing("no passage of the index"));
                };
                found
            }
        };
        let by_words = scoring.by_words(&found.view);
        let mut explained =
            by_words.unwrap_or_else(|| Explanation::nothing("no word of the query"));
        let gains = place.map_or_else(Vec::new, |place| self.gains_of(query, place));
        if !gains.is_empty() {
            explained = explained.plus(gains);
        }
        Ok(match scoring.weight(&found.view) {
            1.0 => explained,
            weight => explained.times(weight, "a section of references"),
        })
    }

    fn gains_of(&self, query: &Query, place: usize) -> Vec<Explanation> {
        let mut explained = Vec::new();
        let names = self.pairs.iter().flat_map(Pairs::names);
        for (&gain, words) in self.gains.get(place).into_iter().flatten().zip(names) {
            if gain > 0.0 {
                let description =
                    format!("`{words}` near one another, which few of the best have so");
                explained.push(Explanation { value: gain, description, parts: Vec::new() });
            }
        }
        if let Some((&likeness, found)) = self.likenesses.get(place).zip(self.candidates.get(place))
        {
            let gain = by_meaning(likeness, self.scale);
            if gain > 0.0 {
                let description = format!("its meaning is like the query's: {likeness:.2} of 1");
                let parts = pairs_of_words(query, &found.passage, gain);
                explained.push(Explanation { value: gain, description, parts });
            }
        }
        explained
    }
}

/// The best passages by their words: at least `needed` where there are so many, in order.
fn best_by_words(
    engine: &OpenSearchEngine,
    query: &Query,
    statistics: &Statistics,
    needed: usize,
) -> Result<Vec<Candidate>> {
    let (scoring, wanted) = (Scoring::of(query, statistics), Wanted::of(query));
    let compiled = among_passages(engine.compiled(query, &query.clause)?);
    let asked = if query.names_references() { compiled } else { demoting(compiled) };
    let mut candidates: Vec<Candidate> = Vec::new();
    let enough = needed.saturating_add(BESIDE);
    // The cluster does not know which words are near one another: any of those that have them may be the best.
    let is_in_order = is_exact(&query.clause);
    let mut take = |page: &[Value]| {
        let found: Vec<Found> = page.iter().filter_map(|hit| engine.found(hit)).collect();
        for mut found in viewed(engine, query, found, &wanted)? {
            let Some(by_words) = scoring.by_words(&found.view) else { continue };
            found.weight = scoring.weight(&found.view);
            found.score = rounded(by_words.value * found.weight);
            candidates.push(found);
        }
        Ok((candidates.len() < enough || !is_in_order) && !query.until.is_over())
    };
    match is_in_order && enough <= 2 * PAGE {
        true => {
            // All that is kept of them: to take a part of it costs the cluster more than the rest does.
            let asked = json!({
                "query": asked, "size": enough, "sort": BEST, "track_total_hits": false,
            });
            let told = engine.client.search(&engine.index, &asked, ALL_ALIKE)?;
            take(told["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice))?;
        }
        false => {
            let asked = json!({ "query": asked, "sort": BEST });
            engine.pages(asked, PAGE, &mut take)?;
        }
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    candidates.truncate(needed);
    Ok(candidates)
}

/// The hits of all passages that match, looked at one by one.
///
/// # Errors
/// Where the cluster does not answer.
pub fn all_that_match(engine: &OpenSearchEngine, query: &Query) -> Result<Vec<Hit>> {
    let statistics = engine.statistics(query)?;
    let (scoring, wanted) = (Scoring::of(query, &statistics), Wanted::of(query));
    let asked = json!({
        "query": among_passages(engine.compiled(query, &query.clause)?), "sort": ["id"],
    });
    let mut hits = Vec::new();
    engine.pages(asked, PAGE, &mut |page| {
        let found: Vec<Found> = page.iter().filter_map(|hit| engine.found(hit)).collect();
        let viewed = viewed(engine, query, found, &wanted)?;
        let matching = viewed.iter().filter(|found| scoring.by_words(&found.view).is_some());
        hits.extend(matching.map(|found| Hit { id: found.id, address: found.id, score: 0.0 }));
        Ok(!query.until.is_over())
    })?;
    Ok(hits)
}

/// A passage, wherever it ranks.
fn one(engine: &OpenSearchEngine, query: &Query, id: u64) -> Result<Option<Candidate>> {
    let found: Vec<Found> = engine.by_ids(&[id_text(id)])?.into_values().collect();
    Ok(viewed(engine, query, found, &Wanted::of(query))?.into_iter().next())
}

/// Passages as a query sees them, with the next of their section where something of it may go on there.
fn viewed(
    engine: &OpenSearchEngine,
    query: &Query,
    found: Vec<Found>,
    wanted: &Wanted,
) -> Result<Vec<Candidate>> {
    let mut goes_over = false;
    query.clause.visit(&mut |clause: &Clause| goes_over |= clause.goes_over());
    let next: Vec<String> = match goes_over {
        true => found.iter().filter_map(|found| found.next.clone()).collect(),
        false => Vec::new(),
    };
    let next = engine.by_ids(&next)?;
    let next: FxHashMap<&str, &Found> =
        next.values().map(|found| (found.passage.id.as_str(), found)).collect();
    let mut analyzer = Analyzer::default();
    let candidate = |found: Found| {
        let behind = found.next.as_deref().and_then(|id| next.get(id).copied());
        let view = View::of(&found, behind, wanted, &mut analyzer);
        let vector = found.meaning;
        Candidate { id: found.id, score: 0.0, weight: 1.0, passage: found.passage, view, vector }
    };
    Ok(found.into_iter().map(candidate).collect())
}

/// The passages whose meaning is most like a query's, of those that are nearest by the signs of their vectors
/// (Charikar 2002), the most like first.
fn nearest(
    engine: &OpenSearchEngine,
    query: &Query,
    meaning: &Vector,
) -> Result<Vec<(f32, Found)>> {
    let (signs, _) = meaning.to_words();
    let mut filter =
        vec![json!({ "term": { "kind": "passage" } }), json!({ "exists": { "field": sign(0) } })];
    if let Some(clause) = restriction(&query.clause) {
        filter.push(engine.compiled(query, &clause)?);
    }
    let names: Vec<String> = (0..signs.len()).map(sign).collect();
    let parameters: serde_json::Map<String, Value> =
        names.iter().zip(signs).map(|(name, word)| (name.clone(), json!(word as i64))).collect();
    let differ =
        names.iter().map(|name| format!("Long.bitCount(doc['{name}'].value ^ params.{name})"));
    let script = format!("256 - {}", differ.collect::<Vec<_>>().join(" - "));
    let asked = json!({
        "size": WITH_EQUALS, "track_total_hits": false, "_source": false,
        "query": { "script_score": {
            "query": { "bool": { "filter": filter } },
            "script": { "source": script, "params": parameters },
        } },
    });
    let told = engine.client.search(&engine.index, &asked, "")?;
    let hits = told["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
    let least = hits.get(MEANING_NEAREST - 1).and_then(|hit| hit["_score"].as_f64()).unwrap_or(0.0);
    let is_near = |hit: &&Value| hit["_score"].as_f64().is_some_and(|score| score >= least);
    let ids = hits.iter().filter(is_near).filter_map(|hit| hit["_id"].as_str());
    let found = engine.by_ids(&ids.map(str::to_owned).collect::<Vec<_>>())?;
    let like = |found: Found| {
        (found.meaning.as_ref().map_or(0.0, |vector| meaning.likeness(vector)), found)
    };
    let mut near: Vec<(f32, Found)> = found.into_values().map(like).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    Ok(near)
}
