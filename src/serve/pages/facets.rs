//! Facets of a search: of what matches, how much is of which country, year, language and role. Countries, years and
//! languages belong to reports, so that the catalog answers and no text is read for them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::count::{self, CountRequest, FacetsRequest};
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::query::Query;
use crate::search::SearchRequest;
use crate::serve::operations::Open;

/// Of each field so many values are shown.
const MOST_VALUES: usize = 12;
/// Roles belong to passages, which are read for them: no more than so many.
const MOST_READ: u64 = 1000;

/// A field with its values and how many passages have each.
pub struct Facet {
    pub field: &'static str,
    pub label: &'static str,
    pub values: Vec<(String, u64)>,
}

/// What is known of all that matches.
#[derive(Default)]
pub struct Facets {
    /// The fields that have values.
    pub facets: Vec<Facet>,
    /// How many passages in how many reports match, where the index can tell without their text.
    pub total: Option<(u64, u64)>,
}

/// The facets of a request. Where the text decides what matches, they count what may.
pub fn facets(open: &Open, request: &SearchRequest) -> Result<Facets> {
    let query = open.query(request)?;
    let (mut facets, total) = of_documents(open, &query)?;
    let is_small = open.engine().total(&query, false)?.passages <= MOST_READ;
    if is_small && !request.query.trim().is_empty() {
        facets.extend(of_roles(open, request)?);
    }
    facets.retain(|facet| !facet.values.is_empty());
    Ok(Facets { facets, total: (!query.needs_a_look()).then_some(total) })
}

/// The facets that the catalog knows, and how many passages and reports match.
fn of_documents(open: &Open, query: &Query) -> Result<(Vec<Facet>, (u64, u64))> {
    let engine = open.engine();
    let mut passages: FxHashMap<u64, u64> = FxHashMap::default();
    for hit in engine.every(query)? {
        *passages.entry(engine.document_of(&hit)?).or_default() += 1;
    }
    let found: Vec<(&Listed, u64)> = passages
        .iter()
        .filter_map(|(number, count)| Some((open.numbered(*number)?, *count)))
        .collect();
    let of_key = |key: &str| {
        let values = found.iter().flat_map(|(listed, count)| {
            listed.metadata.get(key).into_iter().flatten().map(|value| (value.clone(), *count))
        });
        tallied(values)
    };
    let languages = found.iter().filter_map(|(listed, count)| Some((listed.lang.clone()?, *count)));
    let mut years = of_key("year");
    years.sort_by(|a, b| b.0.cmp(&a.0));
    let total = (passages.values().sum(), passages.len() as u64);
    let facets = vec![
        Facet { field: "country", label: "Country", values: of_key("country") },
        Facet { field: "year", label: "Year", values: years },
        Facet { field: "lang", label: "Language", values: tallied(languages) },
    ];
    Ok((facets, total))
}

/// The values with most passages.
fn tallied(values: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut tally: BTreeMap<String, u64> = BTreeMap::new();
    for (value, count) in values.filter(|(value, _)| !value.trim().is_empty()) {
        *tally.entry(value).or_default() += count;
    }
    let mut values: Vec<(String, u64)> = tally.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(MOST_VALUES);
    values
}

fn of_roles(open: &Open, request: &SearchRequest) -> Result<Vec<Facet>> {
    let count = CountRequest {
        filter: request.filter.clone(),
        literal: request.literal,
        synonyms: request.synonyms,
        until: request.until.clone(),
        ..CountRequest::new(request.query.clone())
    };
    let request = FacetsRequest { count, by: vec!["role".to_owned()], limit: Some(MOST_VALUES) };
    let counted = count::facets(open, &request)?;
    let values = counted.facets.into_iter().flat_map(|facet| facet.values);
    let values = values.filter_map(|(group, counts)| match group {
        count::Group::Text(role) => Some((role, counts.passages)),
        _ => None,
    });
    Ok(vec![Facet { field: "role", label: "Section", values: values.collect() }])
}
