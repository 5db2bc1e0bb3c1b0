//! What there is, and what of it matches: the most frequent values of the fields of reports and passages.

use rustc_hash::FxHashMap;

use super::compare::{Amount, Amounts, CellTally, occurrences_by_document, reports};
use super::groups::{Group, GroupField};
use super::roles::by_role;
use super::visit::visit;
use super::{Asked, CountRequest, Counts, asks_for_text};
use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Report;
use crate::query::Query;
use crate::search::Searcher;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct FacetsRequest {
    /// What is counted; an empty query counts everything.
    pub count: CountRequest,
    /// The names of the fields; see [`GroupField::of`].
    pub by: Vec<String>,
    /// How many values of each at most: those with most passages. `None`: all.
    pub limit: Option<usize>,
}

/// The values of a field.
#[derive(Clone, Debug)]
pub struct Facet {
    /// The field.
    pub field: GroupField,
    /// Its values with their counts, those with most passages first.
    pub values: Vec<(Group, Counts)>,
    /// How many values there are in all.
    pub distinct: usize,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Facets {
    /// The question.
    pub asked: Asked,
    /// Whether the query asks for words of the text, so that there are occurrences.
    pub has_occurrences: bool,
    /// The fields in the order asked for.
    pub facets: Vec<Facet>,
    /// All together.
    pub total: Counts,
}

/// By group, what is added up.
type Tallies = FxHashMap<Group, CellTally>;

/// The most frequent values of fields among the passages that match.
///
/// # Errors
/// As [`super::count`]; `Usage` for fields that there are not.
pub fn facets<E: Engine>(searcher: &Searcher<E>, request: &FacetsRequest) -> Result<Facets> {
    let engine = searcher.engine();
    let by = GroupField::all(&request.by, &engine.summary().fields)?;
    let mut question = request.count.clone();
    if question.query.trim().is_empty() {
        "*".clone_into(&mut question.query);
    }
    let (query, asked) = question.asked(searcher)?;
    let amounts = occurrences_by_document(engine, &query)?;
    let reports = match by.iter().any(GroupField::is_of_documents) {
        true => reports(engine)?,
        false => Vec::new(),
    };
    let mut facets = Vec::with_capacity(by.len());
    for field in by {
        let tallies = match (field.is_of_documents(), field.is_role()) {
            (true, _) => by_report(&field, &reports, &amounts),
            (_, true) => by_roles(engine, &query)?,
            _ => by_passage(engine, &query, &field)?,
        };
        facets.push(facet(field, tallies, request.limit));
    }
    let mut total = CellTally::default();
    amounts.into_iter().for_each(|(document, amount)| total.add(document, amount));
    let has_occurrences = asks_for_text(&query);
    Ok(Facets { asked, has_occurrences, facets, total: total.tally.counts() })
}

fn by_report(field: &GroupField, reports: &[(u64, Report)], amounts: &Amounts) -> Tallies {
    let mut tallies = Tallies::default();
    for (document, report) in reports {
        let Some(amount) = amounts.get(document) else { continue };
        for group in field.groups_of_report(report) {
            tallies.entry(group).or_default().add(*document, *amount);
        }
    }
    tallies
}

fn by_roles<E: Engine>(engine: &E, query: &Query) -> Result<Tallies> {
    let mut tallies = Tallies::default();
    for (group, query) in by_role(engine, query)? {
        for (document, amount) in occurrences_by_document(engine, &query)? {
            tallies.entry(group.clone()).or_default().add(document, amount);
        }
    }
    Ok(tallies)
}

/// By what only the passages themselves say.
fn by_passage<E: Engine>(engine: &E, query: &Query, field: &GroupField) -> Result<Tallies> {
    let parts = visit(engine, query, Tallies::default, |tallies, seen| {
        let amount = Amount { occurrences: seen.occurrences.len() as u64, passages: 1, words: 0 };
        for group in field.groups(&seen.passage) {
            tallies.entry(group).or_default().add(seen.document, amount);
        }
        Ok(())
    })?;
    let mut all = Tallies::default();
    for (group, tally) in parts.into_iter().flatten() {
        all.entry(group).or_default().merge(&tally);
    }
    Ok(all)
}

fn facet(field: GroupField, groups: Tallies, limit: Option<usize>) -> Facet {
    let counts = groups.into_iter().map(|(group, tally)| (group, tally.tally.counts()));
    let mut values: Vec<(Group, Counts)> = counts.collect();
    values.sort_by(|(a, x), (b, y)| y.passages.cmp(&x.passages).then_with(|| a.cmp(b)));
    let distinct = values.len();
    values.truncate(limit.unwrap_or(usize::MAX));
    Facet { field, values, distinct }
}
