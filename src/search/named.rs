//! Reports that prose names: `labor inspectors in Burkina Faso 2019` is answered by a report on Burkina Faso, if one answers,
//! and best by that of 2019. A preference and no filter: what else is asked for may stand elsewhere.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

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

/// What the values of a field are called: `moldova`, and `republic of moldova`, of a report on `Moldova, Republic of`.
struct Names(FxHashMap<String, Vec<String>>);

/// The words of a question, as they are typed and folded.
struct Typed<'t> {
    text: &'t str,
    words: Vec<Range<usize>>,
    folded: Vec<String>,
    /// Whether any word that says something is in small letters: then a capital tells a name.
    has_small: bool,
}

impl<E: Engine> Searcher<E> {
    /// A query with what it names of the metadata of reports, beside the fields that it asks for, if it is prose.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn naming(&self, mut query: Query) -> Result<Query> {
        if !query.is_plain || query.literal {
            return Ok(query);
        }
        let mut asked = FxHashSet::default();
        query.clause.visit_positive(&mut |clause| {
            if let Clause::Filter(filter) = clause {
                asked.insert(filter.field.clone());
            }
        });
        let metadata = &self.engine.summary().fields.metadata;
        let text = query.text.clone();
        let typed = Typed::of(&text);
        for (field, _) in FIELDS {
            let is_known = metadata.iter().any(|key| key == field) && !asked.contains(field);
            if is_known && !query.until.is_over() {
                let values = self.values_in(&typed, field)?;
                let field = field.to_owned();
                query.named.extend((!values.is_empty()).then_some(Filter { field, values }));
            }
        }
        Ok(query)
    }

    /// The values of a field that a question names.
    fn values_in(&self, typed: &Typed<'_>, field: &str) -> Result<Vec<FilterValue>> {
        let begins =
            |word: &String| [FilterValue::Is(word.clone()), FilterValue::HasWord(word.clone())];
        let may_begin = |word: &&String| word.len() > 1 && !is_stop_word(word);
        let values = typed.folded.iter().filter(may_begin).flat_map(begins).collect();
        // Most questions name nothing, which one look tells.
        if !self.engine.has(&Filter { field: field.to_owned(), values })? {
            return Ok(Vec::new());
        }
        let names = Names::of(self.engine.values(field)?);
        let (mut values, mut at) = (Vec::new(), 0);
        while at < typed.words.len() {
            let named = (1..=LONGEST_NAME)
                .rev()
                .find_map(|length| Some((length, names.0.get(&typed.name(at, length)?)?)));
            let length = named.map_or(1, |(length, _)| length);
            if let Some((_, named)) = named.filter(|_| !typed.is_part_of_name(at, length)) {
                values.extend(named.iter().cloned().map(FilterValue::Is));
            }
            at += length;
        }
        values.dedup();
        Ok(values)
    }

    /// The best passages by the engine, of which those count more that are of a report that the query names. These are
    /// looked for by themselves too, as many as of all.
    pub(super) fn retrieved(&self, query: &Query, fetch: usize) -> Result<Ranking> {
        let all = self.engine.retrieve(query, fetch)?;
        if query.named.is_empty() {
            return Ok(all);
        }
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

    /// What a passage counts in a query for what its report is about.
    pub fn weight_of(&self, query: &Query, passage: &Passage) -> f32 {
        of(query, passage).map_or(1.0, |(_, weight)| weight)
    }

    /// The explanation of a hit's score, with what it counts for what its report is about.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn explained(&self, query: &Query, hit: &Hit, passage: &Passage) -> Result<Explanation> {
        let Some((filters, weight)) = of(query, passage) else {
            return self.engine.explain(query, hit);
        };
        let names: Vec<String> = filters.iter().map(|filter| format!("`{filter}`")).collect();
        let explained = self.engine.explain(&restricted(query, &filters), hit)?;
        Ok(explained.times(weight, &format!("the query names {}", names.join(" and "))))
    }
}

impl Names {
    /// Values are folded, so that of `Moldova, Republic of` the comma is not known: one that ends so has its words turned.
    /// What two such values begin with (`congo`) names neither.
    fn of(values: Vec<String>) -> Names {
        let mut names: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let turned = values.iter().filter_map(|value| {
            let (head, tail) = value.split_once(' ')?;
            let is_turned = tail.ends_with("of") || tail.ends_with("the");
            is_turned.then_some((value, head, tail))
        });
        for (value, head, tail) in turned {
            names.entry(format!("{tail} {head}")).or_default().push(value.clone());
            let begins = |other: &&String| {
                other.strip_prefix(head).is_some_and(|rest| rest.starts_with(' '))
            };
            if values.iter().filter(begins).count() == 1 {
                names.entry(head.to_owned()).or_default().push(value.clone());
            }
        }
        for value in values {
            names.entry(value.clone()).or_default().push(value);
        }
        Names(names)
    }
}

impl Typed<'_> {
    fn of(text: &str) -> Typed<'_> {
        let mut words = word_ranges(text);
        words.truncate(MOST_WORDS);
        let folded: Vec<String> = words
            .iter()
            .map(|word| fold_value(text.get(word.clone()).unwrap_or_default()))
            .collect();
        let mut typed = Typed { text, words, folded, has_small: false };
        typed.has_small = (0..typed.words.len())
            .any(|at| typed.says(at) && typed.begins_with(at, char::is_lowercase));
        typed
    }

    /// So many words from one on, folded as values are.
    fn name(&self, at: usize, length: usize) -> Option<String> {
        let (first, last) = (self.words.get(at)?, self.words.get(at + length - 1)?);
        Some(fold_value(self.text.get(first.start..last.end)?))
    }

    fn says(&self, at: usize) -> bool {
        self.folded.get(at).is_some_and(|word| !is_stop_word(word))
    }

    fn begins_with(&self, at: usize, is: impl Fn(char) -> bool) -> bool {
        let word = self.words.get(at).and_then(|word| self.text.get(word.clone()));
        word.is_some_and(|word| word.starts_with(is))
    }

    /// Whether words are part of a longer name: `Niger` of `Niger Delta`, `Guinea` of `New Guinea`. Where nothing is in small
    /// letters, capitals tell nothing.
    fn is_part_of_name(&self, at: usize, length: usize) -> bool {
        let is_name = |at: usize| self.says(at) && self.begins_with(at, char::is_uppercase);
        let adjoin = |one: usize, other: usize| {
            let (one, other) = (self.words.get(one), self.words.get(other));
            let between =
                one.zip(other).and_then(|(one, other)| self.text.get(one.end..other.start));
            between == Some(" ")
        };
        let is_before = at > 1 && is_name(at - 1) && adjoin(at - 1, at);
        let is_behind = is_name(at + length) && adjoin(at + length - 1, at + length);
        self.has_small && is_name(at) && (is_before || is_behind)
    }
}

/// What a query names and a passage is of, all of it or one, and what the passage counts for it.
fn of<'q>(query: &'q Query, passage: &Passage) -> Option<(Vec<&'q Filter>, f32)> {
    let is_of =
        |(filters, _): &(Vec<&Filter>, f32)| filters.iter().all(|filter| holds(passage, filter));
    narrowed(&query.named).into_iter().find(is_of)
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
