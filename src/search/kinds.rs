//! Passages of reports that a question names (`named.rs`) before others: a preference and no filter, as what is asked for may
//! stand elsewhere. These and those are looked for by themselves, and what they score is weighed.

use rustc_hash::FxHashSet;

use super::Searcher;
use crate::engine::{Engine, holds};
use crate::error::Result;
use crate::passage::Passage;
use crate::query::{Clause, Named, Query, fold_value};
use crate::rank::{Explanation, Hit, NAMED_PLACE, NAMED_WORDS, NAMED_YEAR, Ranking};

impl<E: Engine> Searcher<E> {
    /// The best passages by the engine, of which those count more that are of a report that the query names. These are
    /// looked for by themselves, as many as of all others.
    pub(super) fn retrieved(&self, query: &Query, fetch: usize) -> Result<Ranking> {
        if query.named.is_empty() {
            return self.engine.retrieve(query, fetch);
        }
        let mut hits: Vec<Hit> = Vec::new();
        for kind in kinds(query) {
            let found = self.engine.retrieve(&kind.query, fetch)?.hits;
            hits.extend(found.into_iter().map(|hit| kind.weighed(hit)));
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        hits.truncate(fetch);
        Ok(Ranking { hits, total: None })
    }

    /// A passage as a query finds it, with its score; `None` where it does not match.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn hit_of(&self, query: &Query, passage: &Passage) -> Result<Option<Hit>> {
        let kind = kinds(query).into_iter().find(|kind| kind.has(passage));
        let Some(kind) = kind else { return self.engine.hit_of(query, &passage.id) };
        Ok(self.engine.hit_of(&kind.query, &passage.id)?.map(|hit| kind.weighed(hit)))
    }

    /// The explanation of a hit's score, with what it counts for what its report is about.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn explained(&self, query: &Query, hit: &Hit, passage: &Passage) -> Result<Explanation> {
        let kind = kinds(query).into_iter().find(|kind| kind.has(passage));
        let Some(kind) = kind else { return self.engine.explain(query, hit) };
        let explained = self.engine.explain(&kind.query, hit)?;
        if kind.named.is_empty() {
            return Ok(explained);
        }
        let names: Vec<String> = kind.named.iter().map(|it| format!("`{}`", it.filter)).collect();
        Ok(explained.times(kind.weight, &format!("the query names {}", names.join(" and "))))
    }
}

/// The passages of which a query names the same.
struct Kind<'q> {
    /// What all of them have.
    named: Vec<&'q Named>,
    /// What none of them has.
    others: Vec<&'q Named>,
    /// What their scores count.
    weight: f32,
    /// The query among them.
    query: Query,
}

/// First those of which all is named, then those of which the first is, and all the rest: nothing stands in two of them.
/// None where a query names nothing.
fn kinds(query: &Query) -> Vec<Kind<'_>> {
    let Some((first, more)) = query.named.split_first() else { return Vec::new() };
    let lessened = lessened(query);
    let kind = |named, others| Kind::of(&lessened, named, others);
    let mut kinds = vec![kind(query.named.iter().collect(), Vec::new())];
    if !more.is_empty() {
        kinds.push(kind(vec![first], more.iter().collect()));
    }
    kinds.push(kind(Vec::new(), vec![first]));
    kinds
}

/// A query whose words that name a report count less: they stand everywhere in it, and a passage that has them twice is not
/// to come before one with what is asked of it. What is asked for beside is what meaning is measured by.
fn lessened(query: &Query) -> Query {
    let mut lessened = query.clone();
    let names: FxHashSet<&str> =
        query.named.iter().flat_map(|it| &it.words).map(String::as_str).collect();
    lessened.clause.lessen(&names, NAMED_WORDS);
    lessened.words.retain(|word| !names.contains(fold_value(&word.written).as_str()));
    lessened
}

impl<'q> Kind<'q> {
    fn of(query: &Query, named: Vec<&'q Named>, others: Vec<&'q Named>) -> Kind<'q> {
        let filters = |of: &[&Named]| -> Vec<Clause> {
            of.iter().map(|it| Clause::Filter(it.filter.clone())).collect()
        };
        let mut query = query.clone();
        let own = std::mem::replace(&mut query.clause, Clause::Everything);
        let mut must = filters(&named);
        must.push(own);
        query.clause = Clause::Boolean { must, should: Vec::new(), not: filters(&others) };
        let weight = |it: &&Named| match it.filter.field.as_str() {
            "year" => NAMED_YEAR,
            _ => NAMED_PLACE,
        };
        Kind { weight: named.iter().map(weight).product(), named, others, query }
    }

    fn has(&self, passage: &Passage) -> bool {
        let is_of = |named: &&Named| holds(passage, &named.filter);
        self.named.iter().all(is_of) && !self.others.iter().any(is_of)
    }

    fn weighed(&self, hit: Hit) -> Hit {
        Hit { score: hit.score * self.weight, ..hit }
    }
}
