//! How much is found: what has the words, and whether more follows that only means something like them.

use maud::{Markup, html};

use super::facets::Facets;
use crate::render::terminal::count;
use crate::search::{Found, SearchResponse};

/// How much is found, as a heading. `shown`: how many hits there are up to the end of this page.
pub fn total(response: &SearchResponse, facets: &Facets, shown: u64) -> Markup {
    let has_others = has_others(response, facets, shown);
    let (passages, _) = matching(response, facets);
    html! {
        @if has_others && passages == 0 { "No passage has the words; these mean something like them" }
        @else { (counted(response, facets)) @if has_others { " with the words, and others like them in meaning" } }
    }
}

/// How many passages have the words, in how many reports.
pub fn counted(response: &SearchResponse, facets: &Facets) -> Markup {
    let (passages, documents) = matching(response, facets);
    html! {
        @if response.total.is_exact || facets.total.is_some() { (count(passages, "passage")) " in " (count(documents, "report")) }
        @else { "At least " (count(passages, "passage")) }
    }
}

fn matching(response: &SearchResponse, facets: &Facets) -> (u64, u64) {
    facets.total.unwrap_or((response.total.passages, response.total.documents))
}

/// Whether hits go beyond what has the words, as far as this page can tell.
fn has_others(response: &SearchResponse, facets: &Facets, shown: u64) -> bool {
    if !facets.may_mean {
        return false;
    }
    let known = shown + u64::from(response.next_cursor.is_some());
    let has_none = |found: &Found| found.missing.len() == facets.words && facets.words > 0;
    response.hits.iter().any(has_none) || facets.total.is_some_and(|(passages, _)| known > passages)
}
