//! Facets of a search: of what matches, how much is of which country, year, role and language. Countries, years and
//! languages belong to reports, so that the catalog answers, and roles are terms of the index: no text is read for them.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::chosen::{is_of, parts, titled};
use super::search::filter_of;
use crate::count::{self, Group};
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::passage::language;
use crate::query::{Query, fold_value};
use crate::rank::Hit;
use crate::search::SearchRequest;
use crate::serve::operations::Open;

/// Of each field so many values are known; a page shows the first.
const MOST_VALUES: usize = 300;

/// So many passages are looked at, where the text decides what matches.
const MOST_LOOKED_AT: usize = 500;

/// The fields.
const FIELDS: [&str; 4] = ["country", "year", ROLE, LANG];
const ROLE: &str = "role";
const LANG: &str = "lang";

/// A field with its values and how many passages, or reports, have each.
pub struct Facet {
    pub field: &'static str,
    pub label: String,
    pub values: Vec<(String, u64)>,
    /// Whether these are the numbers of what matches; otherwise of what may.
    pub is_exact: bool,
}

impl Facet {
    fn of(field: &'static str, values: Vec<(String, u64)>, is_exact: bool) -> Facet {
        Facet { field, label: titled(field), values, is_exact }
    }
}

/// What is known of all that matches.
#[derive(Default)]
pub struct Facets {
    /// The fields that have values.
    pub facets: Vec<Facet>,
    /// How many passages in how many reports match, where the index can tell without their text.
    pub total: Option<(u64, u64)>,
    /// How many passages of each report match, or may, by its id.
    pub of_reports: FxHashMap<String, u64>,
    /// The most passages of one report that the search shows; `None` for all.
    pub most: Option<usize>,
    /// How many words are asked for, and whether what only means something like them is found too.
    pub words: usize,
    pub may_mean: bool,
    /// Whether the hits are those of another query, as where a phrase is nowhere and its words are: nothing else is
    /// known of it then.
    pub is_of_other: bool,
}

/// The passages that match, or may where more would have to be looked at.
struct Matching {
    hits: Vec<Hit>,
    is_exact: bool,
}

impl Matching {
    fn of(open: &Open, query: &Query) -> Result<Matching> {
        let hits = open.engine().every(query)?;
        if !query.needs_a_look() {
            return Ok(Matching { hits, is_exact: true });
        }
        if hits.len() > MOST_LOOKED_AT || query.until.has_cut() {
            return Ok(Matching { hits, is_exact: false });
        }
        let confirmed = open.confirmed(query, hits.clone())?;
        Ok(match query.until.has_cut() {
            true => Matching { hits, is_exact: false },
            false => Matching { hits: confirmed, is_exact: true },
        })
    }

    /// How many of some other hits are among them.
    fn count(&self, others: &[Hit]) -> u64 {
        let ids: FxHashSet<u64> = self.hits.iter().map(|hit| hit.id).collect();
        others.iter().filter(|hit| ids.contains(&hit.id)).count() as u64
    }
}

/// Reports with how much of them matches.
type Found<'l> = Vec<(&'l Listed, u64)>;

/// The facets of a request with the filters that are chosen; none where its hits are those of other words. Values of one
/// field are alternatives, so that those of a field where one is chosen are counted without that choice.
pub fn facets(
    open: &Open,
    request: &SearchRequest,
    chosen: &[String],
    is_relaxed: bool,
) -> Result<Facets> {
    let query = open.query(request)?;
    let most = open.cap(&query, request);
    if is_relaxed {
        return Ok(Facets { most, is_of_other: true, ..Facets::default() });
    }
    let matching = Matching::of(open, &query)?;
    let found = of_documents(open, &matching)?;
    let mut facets = Vec::new();
    for field in FIELDS {
        let others: Vec<String> =
            chosen.iter().filter(|filter| !is_of(filter, field)).cloned().collect();
        if others.len() == chosen.len() {
            let values = match field {
                ROLE => of_roles(open, &query, &matching)?,
                field => values(field, &found),
            };
            facets.push(Facet::of(field, values, matching.is_exact));
            continue;
        }
        let filter = filter_of(&others);
        let query = open.query(&SearchRequest { filter, ..request.clone() })?;
        let matching = Matching::of(open, &query)?;
        let values = match field {
            ROLE => of_roles(open, &query, &matching)?,
            field => values(field, &of_documents(open, &matching)?),
        };
        facets.push(Facet::of(field, values, matching.is_exact));
    }
    facets.retain(|facet| !facet.values.is_empty());
    let total = (found.iter().map(|(_, count)| count).sum(), found.len() as u64);
    let of_reports = found.iter().map(|(listed, count)| (listed.doc_id.clone(), *count)).collect();
    let total = matching.is_exact.then_some(total);
    let words: FxHashSet<&str> = query.words.iter().map(|word| word.written.as_str()).collect();
    let (words, may_mean) = (words.len(), query.meaning.is_some());
    Ok(Facets { facets, total, of_reports, most, words, may_mean, is_of_other: false })
}

/// The reports of the catalog that chosen filters leave, and the facets over them, which count reports. Filters of what
/// only passages have leave all.
pub fn of_catalog<'o>(open: &'o Open, chosen: &[String]) -> (Vec<&'o Listed>, Vec<Facet>) {
    let left = |but: &str| -> Vec<&'o Listed> {
        let fields = FIELDS.into_iter().filter(|field| *field != ROLE && *field != but);
        let fields: Vec<&str> = fields.collect();
        let is_left = |listed: &&Listed| {
            fields.iter().all(|field| {
                let wanted: Vec<String> = chosen
                    .iter()
                    .filter(|filter| is_of(filter, field))
                    .filter_map(|filter| Some(fold_value(parts(filter)?.1)))
                    .collect();
                let is_wanted = |value: String| wanted.contains(&fold_value(&value));
                wanted.is_empty() || of(field, listed).any(is_wanted)
            })
        };
        open.documents().filter(is_left).collect()
    };
    let facets = FIELDS.into_iter().filter(|field| *field != ROLE).map(|field| {
        let found: Found<'_> = left(field).into_iter().map(|listed| (listed, 1)).collect();
        Facet::of(field, values(field, &found), true)
    });
    (left(""), facets.filter(|facet| !facet.values.is_empty()).collect())
}

fn of_documents<'o>(open: &'o Open, matching: &Matching) -> Result<Found<'o>> {
    let engine = open.engine();
    let mut passages: FxHashMap<u64, u64> = FxHashMap::default();
    for hit in &matching.hits {
        *passages.entry(engine.document_of(hit)?).or_default() += 1;
    }
    let found = passages.iter();
    Ok(found.filter_map(|(number, count)| Some((open.numbered(*number)?, *count))).collect())
}

/// The values that a filter finds a report by: a language also without its region, as the index has it.
fn of<'l>(field: &str, listed: &'l Listed) -> impl Iterator<Item = String> + use<'l> {
    let lang = listed.lang.as_deref().filter(|_| field == LANG);
    let general = lang.map(language);
    let values = listed.metadata.get(field).filter(|_| field != LANG).into_iter().flatten();
    let values = lang.into_iter().chain(general).chain(values.map(String::as_str));
    let mut known = BTreeSet::new();
    values.filter(move |value| known.insert(fold_value(value))).map(str::to_owned)
}

fn values(field: &str, found: &[(&Listed, u64)]) -> Vec<(String, u64)> {
    let values = found
        .iter()
        .flat_map(|(listed, count)| of(field, listed).map(move |value| (value, *count)));
    let mut values = tallied(values);
    if field == "year" {
        values.sort_by(|a, b| b.0.cmp(&a.0));
    }
    values
}

/// The values with most passages first. Those that a filter does not tell apart are one, written as most often.
fn tallied(values: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut tally: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (value, count) in values.filter(|(value, _)| !value.trim().is_empty()) {
        *tally.entry(fold_value(&value)).or_default().entry(value).or_default() += count;
    }
    let joined = |spellings: BTreeMap<String, u64>| {
        let all = spellings.values().sum();
        let most = spellings.into_iter().rev().max_by_key(|(_, count)| *count);
        most.map(|(value, _)| (value, all))
    };
    let mut values: Vec<(String, u64)> = tally.into_values().filter_map(joined).collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(MOST_VALUES);
    values
}

fn of_roles(open: &Open, query: &Query, matching: &Matching) -> Result<Vec<(String, u64)>> {
    let engine = open.engine();
    let mut counts = Vec::new();
    for (group, of_role) in count::by_roles(open.roles(query)?, query) {
        if let Group::Text(role) = group {
            let hits = engine.every(&of_role)?;
            let is_as_found = matching.is_exact && query.needs_a_look();
            let number = if is_as_found { matching.count(&hits) } else { hits.len() as u64 };
            counts.push((role, number));
        }
    }
    Ok(tallied(counts.into_iter().filter(|(_, count)| *count > 0)))
}
