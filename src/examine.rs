//! The proof behind `doctor`: every passage stands in its source where it says.
//!
//! The source is read again and cut again, and for each passage of the index three things must hold:
//! the same passage comes out; every piece of its text equals what stands at the bytes it came from;
//! and every letter of it came from within the bytes that the passage names.

use std::collections::BTreeMap;
use std::fs;

use crate::document::{Document, Grain, Run};
use crate::engine::local::LocalEngine;
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::passage::{Cut, Passage, PassageSize, cut, passages};
use crate::read;
use crate::read::builder::collapse;
use crate::read::corpus::Corpus;
use crate::read::source::Source;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Examination {
    /// Documents examined.
    pub documents: u64,
    /// Passages examined.
    pub passages: u64,
    /// Passages whose place is proved.
    pub located: u64,
    /// Documents whose file has changed or gone since: not a fault of the index.
    pub stale: Vec<String>,
    /// Files of the index without their checksum.
    pub damaged_files: Vec<String>,
    /// What is wrong, one line each.
    pub faults: Vec<String>,
}

/// Examines an index against its sources and its checksums.
pub fn examine(engine: &LocalEngine) -> Result<Examination> {
    let mut examination =
        Examination { damaged_files: engine.damaged_files()?, ..Examination::default() };
    let damaged = examination.damaged_files.iter();
    examination.faults =
        damaged.map(|file| format!("`{file}` does not have its checksum")).collect();
    let catalog = engine.catalog()?;
    let corpus = match catalog.roots.first() {
        Some(root) => Corpus::of(root)?,
        None => Corpus::default(),
    };
    let listed = catalog.documents.values().filter(|(listed, _)| listed.failure.is_none());
    let counted = listed.fold((0, 0), |sum, (listed, _)| (sum.0 + 1, sum.1 + listed.passages));
    let summary = engine.summary();
    if counted != (summary.documents, summary.passages) {
        let (documents, passages) = counted;
        examination.faults.push(format!(
            "the last commit says {} documents and {} passages; its catalog has {documents} and {passages}",
            summary.documents, summary.passages
        ));
    }
    for (listed, _) in catalog.documents.values().filter(|(listed, _)| listed.failure.is_none()) {
        examination.documents += 1;
        examination.passages += listed.passages;
        document(engine, listed, &corpus, &mut examination)?;
    }
    Ok(examination)
}

fn document(
    engine: &LocalEngine,
    listed: &Listed,
    corpus: &Corpus,
    examination: &mut Examination,
) -> Result<()> {
    let bytes = listed.path.as_ref().and_then(|path| fs::read(path).ok());
    let again = bytes.as_ref().and_then(|bytes| read::read(&listed.doc_id, bytes, corpus).ok());
    let (Some(bytes), Some(again)) = (bytes, again) else {
        examination.stale.push(listed.doc_id.clone());
        return Ok(());
    };
    if again.sha256 != listed.sha256 {
        examination.stale.push(listed.doc_id.clone());
        return Ok(());
    }
    let source = Source::decode(&bytes);
    let mut faults = runs(&again, &source);
    let stored = engine.document(&listed.doc_id)?;
    let mut by_id: BTreeMap<&str, &Passage> =
        stored.iter().map(|passage| (passage.id.as_str(), passage)).collect();
    let cuts = cut(&again, PassageSize::default());
    for (passage, cut) in passages(&again, PassageSize::default()).iter().zip(&cuts) {
        match by_id.remove(passage.id.as_str()) {
            None => faults.push(format!("passage {} is not in the index", passage.id)),
            Some(found) if found != passage => {
                faults.push(format!("passage {} is stored otherwise than it reads", passage.id));
            }
            Some(_) if !is_covered(&again, cut) => {
                faults.push(format!("words of passage {} have no place in its bytes", passage.id));
            }
            Some(_) => examination.located += 1,
        }
    }
    faults.extend(by_id.keys().map(|id| format!("passage {id} is not in the source")));
    let named = faults.into_iter().map(|fault| format!("{}: {fault}", listed.doc_id));
    examination.faults.extend(named);
    Ok(())
}

/// Every run of the text is what stands at its bytes: the same characters, or, where the run stands
/// for its source as a whole, what the source's entities and escapes mean.
fn runs(document: &Document, source: &Source<'_>) -> Vec<String> {
    let is_wrong = |run: &&Run| {
        let text = document.text.get(run.text..run.text + run.text_len);
        let (Some(text), Some(standing)) =
            (text, source.slice(run.source..run.source + run.source_len))
        else {
            return true;
        };
        match run.grain {
            Grain::Verbatim | Grain::Characters { .. } => text != standing,
            // Numbers of control characters mean different things to different readers.
            Grain::Whole if standing.starts_with("&#") => false,
            Grain::Whole => !collapse(&htmlize::unescape(standing)).contains(&collapse(text)),
        }
    };
    let wrong = document.map.runs.iter().find(is_wrong);
    let told = wrong.map(|run| {
        let end = run.source + run.source_len;
        format!("bytes {}..{end} differ from the text that came from them", run.source)
    });
    told.into_iter().collect()
}

/// Whether every letter and digit of a passage came from the bytes that it names.
fn is_covered(document: &Document, cut: &Cut) -> bool {
    let text = &document.text[cut.range.clone()];
    let Some(place) = &cut.location.bytes else { return text.is_empty() };
    let runs = &document.map.runs;
    text.char_indices().filter(|(_, c)| c.is_alphanumeric()).all(|(at, _)| {
        let at = cut.range.start + at;
        let run = runs.get(runs.partition_point(|run| run.text + run.text_len <= at));
        let is_inside = |run: &Run| {
            run.text <= at
                && document
                    .map
                    .locate(at..at + 1)
                    .is_some_and(|bytes| place.start <= bytes.start && bytes.end <= place.end)
        };
        run.is_some_and(is_inside)
    })
}
