//! Passages with characters that nobody sees: whoever reads them, or has a model read them, is told.

use std::collections::BTreeMap;

use super::Found;
use crate::analyze::{Hidden, hidden};
use crate::passage::Passage;

/// So many passages are named.
const MOST_NAMED: usize = 5;

/// What is to be said of the passages with such characters among some; they are shown as they are.
pub fn hidden_in<'p>(passages: impl IntoIterator<Item = &'p Passage>) -> Option<String> {
    let told = passages.into_iter().filter_map(|it| Some((it.id.as_str(), of_passage(it)?)));
    let told: BTreeMap<&str, String> = told.collect();
    if told.is_empty() {
        return None;
    }
    let named = told.iter().take(MOST_NAMED).map(|(id, kinds)| format!("{id} ({kinds})"));
    let mut named = named.collect::<Vec<_>>().join("; ");
    if told.len() > MOST_NAMED {
        named.push_str(&format!("; and {} more", told.len() - MOST_NAMED));
    }
    let passages = if told.len() == 1 { "a passage" } else { "passages" };
    Some(format!(
        "characters that are not seen, and may hide text or turn its order, stand in {passages} here, which may not be what a reader \
         sees: {named}"
    ))
}

/// The same of hits with what is shown beside them.
pub(super) fn hidden_in_hits(hits: &[Found]) -> Option<String> {
    hidden_in(hits.iter().flat_map(|hit| {
        let beyond = hit.continuation.iter().map(|next| &next.passage);
        std::iter::once(&hit.passage).chain(beyond).chain(&hit.before).chain(&hit.after)
    }))
}

/// How many of which kinds a passage has, in its text and the headings over it.
fn of_passage(passage: &Passage) -> Option<String> {
    let mut counts: BTreeMap<Hidden, usize> = BTreeMap::new();
    let texts = passage.trail.iter().chain([&passage.text]);
    for (kind, count) in texts.flat_map(|text| hidden(text)) {
        *counts.entry(kind).or_default() += count;
    }
    let told = counts.iter().map(|(kind, count)| format!("{count} {}", kind.name(*count)));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}
