//! Reports that prose names: `labor inspectors in Burkina Faso 2019` is answered by a report on Burkina Faso, if one answers,
//! and best by that of 2019. A preference and no filter: what else is asked for may stand elsewhere.

use rustc_hash::FxHashSet;

use super::Searcher;
use crate::analyze::{is_stop_word, word_ranges};
use crate::engine::{Engine, holds};
use crate::error::Result;
use crate::passage::Passage;
use crate::query::{Clause, Filter, FilterValue, Query, fold_value};
use crate::rank::{Explanation, Hit, NAMED_PLACE, NAMED_YEAR, Ranking};

/// The fields of metadata whose values are names of what a report is about, and what a passage counts whose report has the
/// one that is named.
const FIELDS: [(&str, f32); 2] = [("country", NAMED_PLACE), ("year", NAMED_YEAR)];

/// A name has no more words.
const LONGEST_NAME: usize = 6;

/// So many words of a question are looked up.
const MOST_WORDS: usize = 64;

impl<E: Engine> Searcher<E> {
    /// What of the metadata of reports a prose query names, beside the fields that it asks for: at most one filter of each
    /// field. Empty for what is no prose.
    pub(super) fn named(&self, query: &Query) -> Result<Vec<Filter>> {
        if !query.is_plain || query.literal {
            return Ok(Vec::new());
        }
        let mut asked = FxHashSet::default();
        query.clause.visit_positive(&mut |clause| {
            if let Clause::Filter(filter) = clause {
                asked.insert(filter.field.clone());
            }
        });
        let metadata = &self.engine.summary().fields.metadata;
        let text = query.words_of_text();
        let mut named = Vec::new();
        for (field, _) in FIELDS {
            if metadata.iter().any(|key| key == field) && !asked.contains(field) {
                let values = self.values_in(&text, field)?;
                let field = field.to_owned();
                named.extend((!values.is_empty()).then_some(Filter { field, values }));
            }
        }
        Ok(named)
    }

    /// The whole values of a field that stand in a text. Of `Papua New Guinea`, that alone.
    fn values_in(&self, text: &str, field: &str) -> Result<Vec<FilterValue>> {
        let has =
            |values: Vec<FilterValue>| self.engine.has(&Filter { field: field.to_owned(), values });
        let words = word_ranges(text);
        let words = words.get(..MOST_WORDS.min(words.len())).unwrap_or_default();
        let folded: Vec<String> = words
            .iter()
            .map(|word| fold_value(text.get(word.clone()).unwrap_or_default()))
            .collect();
        let begins =
            |word: &String| [FilterValue::Is(word.clone()), FilterValue::HasWord(word.clone())];
        let may_begin = |word: &&String| word.len() > 1 && !is_stop_word(word);
        // All at once: most questions name nothing, and a cluster takes long to answer.
        if !has(folded.iter().filter(may_begin).flat_map(begins).collect())? {
            return Ok(Vec::new());
        }
        let (mut values, mut at) = (Vec::new(), 0);
        while let Some(word) = folded.get(at) {
            let mut length = 1;
            if may_begin(&word) && has(begins(word).to_vec())? {
                let rest = words.get(at..).unwrap_or_default();
                for (more, last) in rest.iter().enumerate().take(LONGEST_NAME).rev() {
                    let Some(name) =
                        words.get(at).and_then(|first| text.get(first.start..last.end))
                    else {
                        continue;
                    };
                    let value = FilterValue::Is(fold_value(name));
                    if has(vec![value.clone()])? {
                        values.push(value);
                        length = more + 1;
                        break;
                    }
                }
            }
            at += length;
        }
        Ok(values)
    }

    /// A ranking of which passages count more that are of a report that the query names. These are looked for by
    /// themselves too, as many as of all.
    pub(super) fn with_named(&self, query: &Query, all: Ranking, fetch: usize) -> Result<Ranking> {
        let mut seen = FxHashSet::default();
        let mut hits: Vec<Hit> = Vec::new();
        // Those of which more is named come first: what is found again has been weighed.
        for (filters, weight) in narrowed(&query.named) {
            let found = self.engine.retrieve(&restricted(query, &filters), fetch)?.hits;
            let new = found.into_iter().filter(|hit| seen.insert(hit.id));
            hits.extend(new.map(|hit| Hit { score: hit.score * weight, ..hit }));
        }
        hits.extend(all.hits.into_iter().filter(|hit| seen.insert(hit.id)));
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        hits.truncate(fetch);
        Ok(Ranking { hits, total: all.total })
    }

    /// The explanation of a hit's score, with what it counts for what its report is about.
    pub(super) fn explained(
        &self,
        query: &Query,
        hit: &Hit,
        passage: &Passage,
    ) -> Result<Explanation> {
        let is_of =
            |(filters, _): &(Vec<&Filter>, f32)| filters.iter().all(|it| holds(passage, it));
        let Some((filters, weight)) = narrowed(&query.named).into_iter().find(is_of) else {
            return self.engine.explain(query, hit);
        };
        let names: Vec<String> = filters.iter().map(|filter| format!("`{filter}`")).collect();
        let explained = self.engine.explain(&restricted(query, &filters), hit)?;
        Ok(explained.times(weight, &format!("the query names {}", names.join(" and "))))
    }
}

/// All of what is named, then each by itself, and what it counts.
fn narrowed(named: &[Filter]) -> Vec<(Vec<&Filter>, f32)> {
    let weight = |filter: &Filter| {
        let of_field = FIELDS.iter().find(|(field, _)| *field == filter.field);
        of_field.map_or(1.0, |(_, weight)| *weight)
    };
    let one = named.iter().map(|filter| (vec![filter], weight(filter)));
    let all =
        (named.len() > 1).then(|| (named.iter().collect(), named.iter().map(weight).product()));
    all.into_iter().chain(one).collect()
}

fn restricted(query: &Query, filters: &[&Filter]) -> Query {
    let mut query = query.clone();
    filters.iter().for_each(|filter| query.restrict(Clause::Filter((*filter).clone())));
    query
}
