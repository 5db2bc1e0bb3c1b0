//! The proof behind `doctor`: every passage stands in its source where it says.
//!
//! The source is read again and cut again, and for each passage of the index three things must hold:
//! the same passage comes out; every piece of its text equals what stands at the bytes it came from;
//! and every letter of it came from within the bytes that the passage names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};

use crate::document::{BlockKind, Document, Grain, Run};
use crate::engine::{Catalog, Engine, Listed};
use crate::error::Result;
use crate::passage::{Cut, Passage, PassageSize, cut, passages};
use crate::read::Record;
use crate::read::builder::collapse;
use crate::read::corpus::Corpus;
use crate::read::guard::{Guard, Worker};
use crate::read::ocr::noted_in;
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
///
/// # Errors
/// Where the index cannot be read, or the configuration is malformed.
pub fn examine(engine: &dyn Engine, guard: &Guard) -> Result<Examination> {
    let damage = engine.damage()?;
    let mut examination = Examination {
        faults: damage.iter().map(|(name, what)| format!("`{name}` {what}")).collect(),
        damaged_files: damage.into_iter().map(|(name, _)| name).collect(),
        ..Examination::default()
    };
    let catalog = engine.catalog()?;
    let mut corpus = match catalog.roots.first() {
        Some(root) => Corpus::of(root)?,
        None => Corpus::default(),
    };
    corpus.ocr = noted_in(&catalog.config).map(str::to_owned).or(corpus.ocr);
    if catalog.documents.values().any(|(listed, _)| listed.metadata.contains_key("ocr")) {
        guard.can_recognize(&corpus)?;
    }
    let listed = catalog.documents.values().filter(|(listed, _)| listed.is_document());
    let counted = listed.fold((0, 0), |sum, (listed, _)| (sum.0 + 1, sum.1 + listed.passages));
    let summary = engine.summary();
    if counted != (summary.documents, summary.passages) {
        let (documents, passages) = counted;
        examination.faults.push(format!(
            "the last commit says {} documents and {} passages; its catalog has {documents} and {passages}",
            summary.documents, summary.passages
        ));
    }
    if !examination.damaged_files.is_empty() {
        // What stands in damaged files means nothing, and reading it may end anyhow.
        return Ok(examination);
    }
    let mut examiner =
        Examiner { engine, catalog: &catalog, corpus, worker: Worker::new(guard), examination };
    let files = catalog.documents.values().map(|(listed, _)| listed);
    for file in files.filter(|listed| listed.container.is_none()) {
        examiner.file(file);
    }
    Ok(examiner.examination)
}

struct Examiner<'e> {
    engine: &'e dyn Engine,
    catalog: &'e Catalog,
    corpus: Corpus,
    worker: Worker,
    examination: Examination,
}

impl Examiner<'_> {
    /// Reads a file again and holds each of its documents against what is indexed of it.
    fn file(&mut self, file: &Listed) {
        let own = file.is_document().then_some(&file.doc_id);
        let records = self.catalog.records_of(&file.doc_id);
        let records = records.filter(|(_, (listed, _))| listed.is_document()).map(|(id, _)| id);
        let mut expected: BTreeSet<&String> = own.into_iter().chain(records).collect();
        self.examination.documents += expected.len() as u64;
        let (Some(path), false) = (&file.path, expected.is_empty()) else { return };
        let (engine, catalog, examination) = (self.engine, self.catalog, &mut self.examination);
        let mut each = |record: Record<'_>| {
            let Record::Document(again, source) = record else { return ControlFlow::Continue(()) };
            let Some((listed, _)) = catalog.documents.get(&again.id) else {
                return ControlFlow::Continue(());
            };
            if expected.remove(&listed.doc_id) {
                document(engine, listed, &again, source, examination);
            }
            ControlFlow::Continue(())
        };
        // What cannot be read any more is missing among what was expected.
        let _ = self.worker.read(&file.doc_id, path, &self.corpus, true, &mut each);
        for doc_id in expected {
            let passages = catalog.documents.get(doc_id).map_or(0, |(listed, _)| listed.passages);
            self.examination.passages += passages;
            self.examination.stale.push(doc_id.clone());
        }
    }
}

fn document(
    engine: &dyn Engine,
    listed: &Listed,
    again: &Document,
    source: &[u8],
    examination: &mut Examination,
) {
    examination.passages += listed.passages;
    if again.sha256 != listed.sha256 {
        return examination.stale.push(listed.doc_id.clone());
    }
    let source = Source::decode(source);
    let (wrong, mut faults) = runs(again, &source);
    let stored = match engine.document(&listed.doc_id) {
        Ok(stored) => stored,
        Err(error) => return examination.faults.push(format!("{}: {error}", listed.doc_id)),
    };
    let mut by_id: BTreeMap<&str, &Passage> =
        stored.iter().map(|passage| (passage.id.as_str(), passage)).collect();
    let cuts = cut(again, PassageSize::default());
    for (passage, cut) in passages(again, PassageSize::default()).iter().zip(&cuts) {
        match by_id.remove(passage.id.as_str()) {
            None => faults.push(format!("passage {} is not in the index", passage.id)),
            Some(found) if found != passage => {
                faults.push(format!("passage {} is stored otherwise than it reads", passage.id));
            }
            Some(_) if !is_covered(again, cut) => {
                faults.push(format!("words of passage {} have no place in its source", passage.id));
            }
            Some(_) if wrong.iter().any(|run| is_within(run, &cut.range)) => {}
            Some(_) => examination.located += 1,
        }
    }
    faults.extend(by_id.keys().map(|id| format!("passage {id} is not in the source")));
    let named = faults.into_iter().map(|fault| format!("{}: {fault}", listed.doc_id));
    examination.faults.extend(named);
}

/// The runs of the text that are not what stands at their bytes, and what is told of the first: the same
/// characters, or, where the run stands for its source as a whole, what its source may stand for.
fn runs(document: &Document, source: &Source<'_>) -> (Vec<Run>, Vec<String>) {
    let is_wrong = |run: &&Run| {
        let text = document.text.get(run.text..run.text + run.text_len);
        let (Some(text), Some(standing)) =
            (text, source.slice(run.source..run.source + run.source_len))
        else {
            return true;
        };
        match run.grain {
            Grain::Verbatim => text != standing,
            // In XML a character may stand for an entity, in mail for bytes that are written out.
            Grain::Characters { .. } => {
                text != standing && !means(standing, text) && !is_written_out(standing)
            }
            Grain::Whole => !means(standing, text) && is_plain(standing),
        }
    };
    let wrong: Vec<Run> = document.map.runs.iter().filter(is_wrong).copied().collect();
    let told = wrong.first().map(|run| {
        let end = run.source + run.source_len;
        format!("bytes {}..{end} differ from the text that came from them", run.source)
    });
    (wrong, told.into_iter().collect())
}

/// Whether a piece of source is words and no more, which stand for themselves. For markup, an escape or an
/// encoding of bytes a reader puts what the format says; that is proved by reading it again to the same
/// text.
fn is_plain(standing: &str) -> bool {
    let is_of_words = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',');
    standing.trim().contains(' ') && standing.chars().all(is_of_words)
}

/// Whether a piece of source is bytes in hexadecimal digits, as quoted-printable writes them: `=C3=B8`.
fn is_written_out(standing: &str) -> bool {
    let (bytes, rest) = standing.as_bytes().as_chunks();
    let is_byte = |[sign, high, low]: &[u8; 3]| {
        *sign == b'=' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
    };
    rest.is_empty() && bytes.iter().all(is_byte)
}

fn is_within(run: &Run, text: &Range<usize>) -> bool {
    run.text < text.end && text.start < run.text + run.text_len
}

/// Whether a piece of source may stand for a text: once its entities are resolved, or once more, where
/// markup with entities stands in XML.
fn means(standing: &str, text: &str) -> bool {
    let text = collapse(text);
    let once = htmlize::unescape(standing);
    collapse(&once).contains(&text) || collapse(&htmlize::unescape(&*once)).contains(&text)
}

/// Whether every letter and digit of a passage came from the bytes that it names; in a source that is
/// not text, whether each stands on a page or in a part.
fn is_covered(document: &Document, cut: &Cut) -> bool {
    let text = &document.text[cut.range.clone()];
    let Some(place) = &cut.location.bytes else {
        let location = &cut.location;
        return text.is_empty() || location.pages.is_some() || location.part.is_some();
    };
    let runs = &document.map.runs;
    let origin = document.origin.bytes;
    text.char_indices().filter(|(_, c)| c.is_alphanumeric()).all(|(at, _)| {
        let at = cut.range.start + at;
        let run = runs.get(runs.partition_point(|run| run.text + run.text_len <= at));
        let Some(run) = run.filter(|run| run.text <= at) else { return is_in_row(document, at) };
        document.map.locate(at..(at + 1).min(run.text + run.text_len)).is_some_and(|bytes| {
            place.start <= origin + bytes.start && origin + bytes.end <= place.end
        })
    })
}

/// Whether an offset of the text is in a row of values: the reader puts the names of the columns, which
/// stand in the first row, in front of the values.
fn is_in_row(document: &Document, at: usize) -> bool {
    let block = document.blocks.partition_point(|block| block.range.end <= at);
    document.blocks.get(block).is_some_and(|block| block.kind == BlockKind::TableRow)
}
