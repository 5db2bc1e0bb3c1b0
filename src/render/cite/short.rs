//! Citations in brackets' length, as hits have them.

use super::super::text::place;
use crate::passage::Passage;

/// A citation in brackets' length: title, year where the title lacks it, the nearest heading, place.
pub fn short_citation(passage: &Passage) -> String {
    let mut citation = passage.report.title.clone();
    if let Some(year) = year_of(passage).filter(|year| !citation.contains(*year)) {
        citation.push_str(&format!(" ({year})"));
    }
    if passage.trail.len() > 1
        && let Some(heading) = passage.trail.last()
    {
        citation.push_str(&format!(", “{heading}”"));
    }
    match place(&passage.report.doc_id, &passage.location) {
        Some(place) => format!("{citation}, {place}"),
        None => citation,
    }
}

/// The year of a passage: that of its report, or a heading over its own that is one, as where a report goes on from year
/// to year.
fn year_of(passage: &Passage) -> Option<&str> {
    let above = passage.trail.get(1..passage.trail.len().saturating_sub(1)).unwrap_or_default();
    let is_year = |heading: &&str| {
        heading.len() == 4 && heading.parse().is_ok_and(|year| (1800..2200).contains(&year))
    };
    let of_heading = || above.iter().rev().map(|heading| heading.trim()).find(is_year);
    passage.metadata("year").or_else(of_heading)
}
