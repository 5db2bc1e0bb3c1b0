//! Facets of a search: of what matches, how much is of which country, year, role and language. Countries, years and
//! languages belong to reports, so that the catalog answers, and roles are terms of the index: no text is read for them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::search::filter_of;
use crate::count::{self, Group};
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::query::Query;
use crate::search::SearchRequest;
use crate::serve::operations::Open;

/// Of each field so many values are known; a page shows the first.
const MOST_VALUES: usize = 300;

/// The fields, with what they are called on a page.
const FIELDS: [(&str, &str); 4] =
    [("country", "Country"), ("year", "Year"), (ROLE, "Section"), (LANG, "Language")];
const ROLE: &str = "role";
const LANG: &str = "lang";

/// A field with its values and how many passages, or reports, have each.
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
    /// How many passages of each report match, or may, by its id.
    pub of_reports: FxHashMap<String, u64>,
    /// The most passages of one report that the search shows; `None` for all.
    pub most: Option<usize>,
}

/// Reports with how much of them matches.
type Found<'l> = Vec<(&'l Listed, u64)>;

/// The facets of a request with the filters that are chosen. Values of one field are alternatives, so that those of a
/// field where one is chosen are counted without that choice. Where the text decides what matches, they count what may.
pub fn facets(open: &Open, request: &SearchRequest, chosen: &[String]) -> Result<Facets> {
    let query = open.query(request)?;
    let found = of_documents(open, &query)?;
    let mut facets = Vec::new();
    for (field, label) in FIELDS {
        let others: Vec<String> =
            chosen.iter().filter(|filter| !is_of(filter, field)).cloned().collect();
        let alone = match others.len() == chosen.len() {
            true => None,
            false => {
                let filter = filter_of(&others);
                Some(open.query(&SearchRequest { filter, ..request.clone() })?)
            }
        };
        let values = match (field, &alone) {
            (ROLE, alone) => of_roles(open, alone.as_ref().unwrap_or(&query))?,
            (field, Some(alone)) => values(field, &of_documents(open, alone)?),
            (field, None) => values(field, &found),
        };
        facets.push(Facet { field, label, values });
    }
    facets.retain(|facet| !facet.values.is_empty());
    let total = (found.iter().map(|(_, count)| count).sum(), found.len() as u64);
    let of_reports = found.iter().map(|(listed, count)| (listed.doc_id.clone(), *count)).collect();
    let total = (!query.needs_a_look()).then_some(total);
    Ok(Facets { facets, total, of_reports, most: open.cap(&query, request) })
}

/// The reports of the catalog that chosen filters leave, and the facets over them, which count reports. Filters of what
/// only passages have leave all.
pub fn of_catalog<'o>(open: &'o Open, chosen: &[String]) -> (Vec<&'o Listed>, Vec<Facet>) {
    let left = |but: &str| -> Vec<&'o Listed> {
        let fields = FIELDS.iter().map(|(field, _)| *field);
        let fields: Vec<&str> = fields.filter(|field| *field != ROLE && *field != but).collect();
        let is_left = |listed: &&Listed| {
            fields.iter().all(|field| {
                let wanted: Vec<&str> = chosen
                    .iter()
                    .filter(|filter| is_of(filter, field))
                    .filter_map(|filter| Some(filter.split_once(':')?.1))
                    .collect();
                wanted.is_empty() || of(field, listed).any(|value| wanted.contains(&value))
            })
        };
        open.documents().filter(is_left).collect()
    };
    let facets = FIELDS.iter().filter(|(field, _)| *field != ROLE).map(|&(field, label)| {
        let found: Found<'_> = left(field).into_iter().map(|listed| (listed, 1)).collect();
        Facet { field, label, values: values(field, &found) }
    });
    (left(""), facets.filter(|facet| !facet.values.is_empty()).collect())
}

fn is_of(filter: &str, field: &str) -> bool {
    filter.split_once(':').is_some_and(|(of, _)| of == field)
}

fn of_documents<'o>(open: &'o Open, query: &Query) -> Result<Found<'o>> {
    let engine = open.engine();
    let mut passages: FxHashMap<u64, u64> = FxHashMap::default();
    for hit in engine.every(query)? {
        *passages.entry(engine.document_of(&hit)?).or_default() += 1;
    }
    let found = passages.iter();
    Ok(found.filter_map(|(number, count)| Some((open.numbered(*number)?, *count))).collect())
}

/// The values that a report has of a field.
fn of<'l>(field: &str, listed: &'l Listed) -> impl Iterator<Item = &'l str> {
    let lang = listed.lang.as_deref().filter(|_| field == LANG);
    let values = listed.metadata.get(field).filter(|_| field != LANG);
    lang.into_iter().chain(values.into_iter().flatten().map(String::as_str))
}

fn values(field: &str, found: &[(&Listed, u64)]) -> Vec<(String, u64)> {
    let values = found
        .iter()
        .flat_map(|(listed, count)| of(field, listed).map(move |value| (value.to_owned(), *count)));
    let mut values = tallied(values);
    if field == "year" {
        values.sort_by(|a, b| b.0.cmp(&a.0));
    }
    values
}

/// The values with most passages first.
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

fn of_roles(open: &Open, query: &Query) -> Result<Vec<(String, u64)>> {
    let engine = open.engine();
    let mut counts = Vec::new();
    for (group, query) in count::by_roles(open.roles(query)?, query) {
        if let Group::Text(role) = group {
            counts.push((role, engine.every(&query)?.len() as u64));
        }
    }
    Ok(tallied(counts.into_iter().filter(|(_, count)| *count > 0)))
}
