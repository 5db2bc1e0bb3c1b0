//! How often something is said, year by year.

use super::compare::{Cell, CompareRequest, Comparison, compare};
use super::{CountRequest, Group};
use crate::engine::Engine;
use crate::error::Result;
use crate::search::Searcher;

/// A longer time between the first and the last year is a slip in the metadata, and is not filled.
const MOST_YEARS: i64 = 500;

/// Counts by year, from the first year of the reports to the last; years of which there is no report have no
/// words. Reports without a year come last.
///
/// # Errors
/// As [`super::count`].
pub fn timeline<E: Engine>(searcher: &Searcher<E>, request: &CountRequest) -> Result<Comparison> {
    let request = CompareRequest { count: request.clone(), by: vec!["year".to_owned()] };
    let mut comparison = compare(searcher, &request)?;
    let years: Vec<i64> = comparison
        .rows
        .iter()
        .filter_map(|(group, _)| match group {
            Group::Number(year) => Some(*year),
            _ => None,
        })
        .collect();
    if let (Some(&first), Some(&last)) = (years.first(), years.last())
        && last.saturating_sub(first) < MOST_YEARS
    {
        let missing = (first..=last).filter(|year| years.binary_search(year).is_err());
        comparison.rows.extend(missing.map(|year| (Group::Number(year), Cell::default())));
        comparison.rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    Ok(comparison)
}
