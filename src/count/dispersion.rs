//! Dispersion: where in each report something is said, and how evenly it is spread over all reports.

use rustc_hash::FxHashMap;

use super::compare::words_by_document;
use super::visit::visit;
use super::{Asked, CountRequest, Counts, Tally};
use crate::engine::Engine;
use crate::error::Result;
use crate::search::Searcher;

/// What is asked.
#[derive(Clone, Debug)]
pub struct DispersionRequest {
    /// What is looked for.
    pub count: CountRequest,
    /// How many reports at most, those with the most occurrences first. `None`: all.
    pub limit: Option<usize>,
}

/// A report and where it says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Its id.
    pub doc_id: String,
    /// Its title.
    pub title: String,
    /// Its year, where known.
    pub year: Option<String>,
    /// For each occurrence (or passage, where nothing is asked of the text) its place: 0 is the beginning of the
    /// report, 1 its end, and every passage takes as much. In order.
    pub places: Vec<f64>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Dispersion {
    /// The question.
    pub asked: Asked,
    /// The reports that say it most often first, then by id.
    pub reports: Vec<Spread>,
    /// How much there is in all.
    pub total: Counts,
    /// How unevenly it is spread over all reports: the deviation of proportions DP (Gries 2008). 0 where every
    /// report has as many as its length would have it, towards 1 where one short report has all. `None` without
    /// occurrences.
    pub deviation: Option<f64>,
}

#[derive(Default)]
struct Gathered {
    tally: Tally,
    /// By the number of the document: ordinals of passages, and places in them.
    places: FxHashMap<u64, Vec<(usize, f64)>>,
}

/// Where reports say what a query matches.
///
/// # Errors
/// As [`super::count`].
pub fn dispersion<E: Engine>(
    searcher: &Searcher<E>,
    request: &DispersionRequest,
) -> Result<Dispersion> {
    let engine = searcher.engine();
    let (query, asked) = request.count.asked(searcher)?;
    let parts = visit(engine, &query, Gathered::default, |gathered, seen| {
        gathered.tally.add(seen.document, seen.occurrences.len());
        let places = gathered.places.entry(seen.document).or_default();
        let length = seen.passage.text.len().max(1) as f64;
        match seen.occurrences.is_empty() {
            true => places.push((seen.passage.ordinal, 0.0)),
            false => places.extend(
                seen.occurrences
                    .iter()
                    .map(|found| (seen.passage.ordinal, found.bytes.start as f64 / length)),
            ),
        }
        Ok(())
    })?;
    let mut tally = Tally::default();
    let mut places: FxHashMap<u64, Vec<(usize, f64)>> = FxHashMap::default();
    for part in parts {
        tally.merge(&part.tally);
        for (document, found) in part.places {
            places.entry(document).or_default().extend(found);
        }
    }
    let words = words_by_document(engine, &query.restriction())?;
    let words: FxHashMap<u64, u64> =
        words.into_iter().map(|(document, amount)| (document, amount.words)).collect();
    let deviation = deviation(&places, &words);
    let mut reports = Vec::with_capacity(places.len());
    for listed in engine.documents()?.iter().filter(|listed| listed.is_document()) {
        let Some(found) = places.remove(&engine.document_number(&listed.doc_id)) else { continue };
        let passages = listed.passages.max(1) as f64;
        let place = |(ordinal, within): (usize, f64)| (ordinal as f64 + within) / passages;
        let mut places: Vec<f64> = found.into_iter().map(place).collect();
        places.sort_by(f64::total_cmp);
        let year = listed.metadata.get("year").and_then(|years| years.first()).cloned();
        reports.push(Spread {
            doc_id: listed.doc_id.clone(),
            title: listed.title.clone(),
            year,
            places,
        });
    }
    reports.sort_by(|a, b| (b.places.len(), &a.doc_id).cmp(&(a.places.len(), &b.doc_id)));
    reports.truncate(request.limit.unwrap_or(usize::MAX));
    Ok(Dispersion { asked, reports, total: tally.counts(), deviation })
}

/// Half the sum, over all reports, of how far their share of the occurrences is from their share of the words.
fn deviation(
    places: &FxHashMap<u64, Vec<(usize, f64)>>,
    words: &FxHashMap<u64, u64>,
) -> Option<f64> {
    let occurrences: usize = places.values().map(Vec::len).sum();
    let all: u64 = words.values().sum();
    if occurrences == 0 || all == 0 {
        return None;
    }
    let off = words.iter().map(|(document, &words)| {
        let here = places.get(document).map_or(0, Vec::len);
        (here as f64 / occurrences as f64 - words as f64 / all as f64).abs()
    });
    // Added up in one order: the same question has the same answer.
    let mut off: Vec<f64> = off.collect();
    off.sort_by(f64::total_cmp);
    Some(off.iter().sum::<f64>() / 2.0)
}
