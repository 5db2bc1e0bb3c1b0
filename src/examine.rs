//! The proof behind `doctor`: every passage stands in its source where it says.
//!
//! The source is read again and cut again, and for each passage of the index three things must hold:
//! the same passage comes out; every verbatim run of it equals the bytes of the source it names; and
//! the words of the passage stand, in order, among the words of its bytes.

use std::collections::BTreeMap;
use std::fs;

use crate::analyze::Analyzer;
use crate::document::Document;
use crate::engine::local::LocalEngine;
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::passage::{Passage, PassageSize, passages};
use crate::read;
use crate::read::corpus::Corpus;
use crate::read::source::Source;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Examination {
    pub documents: u64,
    pub passages: u64,
    /// Passages whose place is proved.
    pub located: u64,
    /// Documents whose file has changed or gone since: not a fault of the index.
    pub stale: Vec<String>,
    /// Files of the index without their checksum.
    pub damaged_files: Vec<String>,
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
    let mut faults = Vec::new();
    runs(&again, &bytes, &mut faults);
    let expected = passages(&again, PassageSize::default());
    let stored = engine.document(&listed.doc_id)?;
    let mut by_id: BTreeMap<&str, &Passage> =
        stored.iter().map(|passage| (passage.id.as_str(), passage)).collect();
    for passage in &expected {
        match by_id.remove(passage.id.as_str()) {
            None => faults.push(format!("passage {} is not in the index", passage.id)),
            Some(found) if found != passage => {
                faults.push(format!("passage {} is stored otherwise than it reads", passage.id));
            }
            Some(_) if !words_stand(passage, &listed.doc_id, &bytes) => {
                faults
                    .push(format!("the words of passage {} do not stand at its bytes", passage.id));
            }
            Some(_) => examination.located += 1,
        }
    }
    faults.extend(by_id.keys().map(|id| format!("passage {id} is not in the source")));
    let named = faults.into_iter().map(|fault| format!("{}: {fault}", listed.doc_id));
    examination.faults.extend(named);
    Ok(())
}

/// Every verbatim run equals its bytes.
fn runs(document: &Document, bytes: &[u8], faults: &mut Vec<String>) {
    for run in document.map.runs.iter().filter(|run| run.verbatim) {
        let text = document.text.as_bytes().get(run.text..run.text + run.text_len);
        let source = bytes.get(run.source..run.source + run.source_len);
        if text.is_none() || text != source {
            faults.push(format!(
                "bytes {}..{} differ from its text",
                run.source,
                run.source + run.source_len
            ));
            return;
        }
    }
}

/// Whether the words of a passage stand in order among those of its bytes, decoded.
fn words_stand(passage: &Passage, doc_id: &str, bytes: &[u8]) -> bool {
    let Some(place) = passage.location.bytes.clone() else { return passage.text.is_empty() };
    let whole = Source::decode(doc_id, bytes);
    let Some(slice) = whole.slice(place) else { return false };
    let mut analyzer = Analyzer::default();
    let asked = analyzer.tokens(&passage.text);
    let mut standing = analyzer.tokens(slice).into_iter();
    asked.iter().all(|word| standing.any(|other| other.term == word.term))
}
