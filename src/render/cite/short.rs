//! Citations in brackets' length, as hits have them.

use super::super::text::place;
use crate::passage::Passage;

/// A citation in brackets' length: title, year where the title lacks it, section, place.
pub fn short_citation(passage: &Passage) -> String {
    let mut citation = passage.report.title.clone();
    if let Some(year) = passage.metadata("year").filter(|year| !citation.contains(*year)) {
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
