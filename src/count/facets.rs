//! What there is, and what of it matches: the most frequent values of the fields of reports and passages.

use rustc_hash::FxHashMap;

use super::groups::{Group, GroupField};
use super::visit::visit;
use super::{Asked, CountRequest, Counts, Tally, asks_for_text};
use crate::engine::Engine;
use crate::error::Result;
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

/// Of each field the groups so far, and all together.
struct Gathered {
    fields: Vec<FxHashMap<Group, Tally>>,
    total: Tally,
}

/// The most frequent values of fields among the passages that match.
///
/// # Errors
/// As [`super::count`]; `Usage` for fields that there are not.
pub fn facets<E: Engine>(searcher: &Searcher<E>, request: &FacetsRequest) -> Result<Facets> {
    let by = GroupField::all(&request.by, &searcher.engine().summary().fields)?;
    let mut question = request.count.clone();
    if question.query.trim().is_empty() {
        "*".clone_into(&mut question.query);
    }
    let (query, asked) = question.asked(searcher)?;
    let new = || Gathered { fields: vec![FxHashMap::default(); by.len()], total: Tally::default() };
    let parts = visit(searcher.engine(), &query, new, |gathered, seen| {
        let occurrences = seen.occurrences.len();
        gathered.total.add(seen.document, occurrences);
        for (field, groups) in by.iter().zip(&mut gathered.fields) {
            for group in field.groups(&seen.passage) {
                groups.entry(group).or_default().add(seen.document, occurrences);
            }
        }
        Ok(())
    })?;
    let mut all = new();
    for part in parts {
        all.total.merge(&part.total);
        for (groups, others) in all.fields.iter_mut().zip(part.fields) {
            for (group, tally) in others {
                groups.entry(group).or_default().merge(&tally);
            }
        }
    }
    let facets = by.into_iter().zip(all.fields);
    let facets = facets.map(|(field, groups)| facet(field, groups, request.limit)).collect();
    let has_occurrences = asks_for_text(&query);
    Ok(Facets { asked, has_occurrences, facets, total: all.total.counts() })
}

fn facet(field: GroupField, groups: FxHashMap<Group, Tally>, limit: Option<usize>) -> Facet {
    let counts = groups.into_iter().map(|(group, tally)| (group, tally.counts()));
    let mut values: Vec<(Group, Counts)> = counts.collect();
    values.sort_by(|(a, x), (b, y)| y.passages.cmp(&x.passages).then_with(|| a.cmp(b)));
    let distinct = values.len();
    values.truncate(limit.unwrap_or(usize::MAX));
    Facet { field, values, distinct }
}
