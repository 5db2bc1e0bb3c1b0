//! Indexing: files in, one commit out. Only what changed is read.
//!
//! find files, compare with the catalog, read and cut in parallel, hand over, commit.
//!
//! The same in two steps, for many machines: [`chunk`] reads and cuts a part of the files into a shard,
//! [`index_from`] hands over what stands in shards, and commits.

mod chunk;
mod encode;
mod fresh;
mod from;
mod ordered;
mod plan;
mod shard;
mod work;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub use chunk::{ChunkReport, ChunkRequest, chunk};
pub use encode::{EncodeReport, encode, text_of};
pub use fresh::{changed_files, is_fresh, staleness};
pub use from::{FromRequest, index_from};
pub use shard::{Counts, Part};

use crate::engine::{Catalog, Documents, Outcome, Store, WriterOptions};
use crate::error::{Error, Result};
use crate::passage::PassageSize;
use crate::read::corpus::{CONFIG_NAME, Corpus};
use crate::read::files::find;
use crate::read::guard::Guard;
use crate::read::ocr::{noted, noted_in};
use plan::{Plan, plan};
use work::Work;

/// The version of the readers: with other readers, files are read again.
const READERS: u32 = 6;

/// What to index and how.
#[derive(Clone, Debug)]
pub struct IndexRequest {
    /// Folders and files; the index will hold what is under them and nothing else.
    pub roots: Vec<PathBuf>,
    /// Where the index is kept.
    pub store: Store,
    /// Read everything again, whatever has changed.
    pub force: bool,
    /// Recognize words in pages that are pictures, in these languages: see `Corpus::ocr`. Where it is
    /// not said, an index goes on as it was made.
    pub ocr: Option<String>,
    /// How long passages are to be.
    pub size: PassageSize,
    /// How the index is written.
    pub options: WriterOptions,
    /// How formats are read whose parsers could be led astray.
    pub guard: Guard,
}

impl IndexRequest {
    /// A request with the measured defaults.
    pub fn new(roots: Vec<PathBuf>, store: impl Into<Store>) -> IndexRequest {
        IndexRequest {
            roots,
            store: store.into(),
            force: false,
            ocr: None,
            size: PassageSize::default(),
            options: WriterOptions::default(),
            guard: Guard::default(),
        }
    }
}

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct IndexReport {
    /// Documents in the index now.
    pub documents: u64,
    /// Passages in the index now.
    pub passages: u64,
    /// Bytes of the files that were read.
    pub bytes_read: u64,
    /// Documents that were not there before.
    pub added: usize,
    /// Documents whose content differs.
    pub changed: usize,
    /// Documents whose files are gone.
    pub removed: usize,
    /// Documents that were left as they are.
    pub unchanged: usize,
    /// Of these, documents that a run had written which was interrupted.
    pub resumed: usize,
    /// The same content under another name; counted as added or removed as well.
    pub renamed: usize,
    /// Files and members that could not be read, with the reason.
    pub failed: Vec<(String, String)>,
    /// Files and members that were passed over, with the reason.
    pub skipped: Vec<(String, String)>,
    /// Documents about which something was odd: id and what.
    pub warnings: Vec<(String, String)>,
    /// Whether anything was written.
    pub committed: bool,
    /// How long it took.
    pub took: Duration,
}

/// Called with the number of files done and to do.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Brings an index up to date with its roots.
///
/// # Errors
/// Where a root cannot be read, the configuration is malformed, the index is locked or refused, or
/// nothing can be written; `Interrupted` when `stop` is set. The last commit stays as it was then.
pub fn index(
    request: &IndexRequest,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Result<IndexReport> {
    let start = Instant::now();
    let roots = absolute(&request.roots)?;
    let mut corpus = Corpus::of(&roots[0])?;
    let files = find(&roots, fresh::folder(&request.store))?;
    let stamp = fresh::stamp_of_all(&files, &corpus.digest);
    let options = WriterOptions { fresh: request.force, ..request.options };
    let writer = request.store.writer(options)?;
    let known = writer.catalog().clone();
    let before = if known.roots == roots { noted_in(&known.config) } else { None };
    let own = request.ocr.as_deref().or(before.filter(|_| !request.force)).map(str::to_owned);
    let config = config(&corpus, request.size, own.as_deref());
    corpus.ocr = own.or(corpus.ocr);
    let is_same_config = known.config == config && known.roots == roots;
    let plan = plan(&files, &known, is_same_config);
    let is_same = plan.removed.is_empty()
        && !plan.has_new_failures
        && is_same_config
        && known.skipped == files.skipped;
    if is_same && plan.to_read.is_empty() && known.summary.generation > 0 {
        let unchanged = plan.unchanged.values().filter(|(listed, _)| listed.is_document());
        let mut report = IndexReport { unchanged: unchanged.count(), ..IndexReport::default() };
        fill(&mut report, &known, start);
        report.warnings.extend(in_vain(&corpus, &known));
        return Ok(report);
    }
    if !plan.to_read.is_empty() {
        request.guard.can_recognize(&corpus)?;
    }
    let work = Work {
        corpus: &corpus,
        known: &known,
        is_same_config,
        size: request.size,
        guard: &request.guard,
        threads: work::threads(),
        stop,
        progress,
    };
    let mut catalog =
        Catalog { roots, config, stamp, skipped: files.skipped.clone(), ..Catalog::default() };
    let read = work.all(&plan.to_read, &catalog, writer.as_ref())?;
    for doc_id in gone(&plan, &known, &read) {
        writer.remove(doc_id)?;
    }
    let mut report = counted(&plan, &known, &read);
    report.resumed = writer.resumed();
    catalog.documents = plan.unchanged;
    catalog.documents.extend(read);
    let catalog = writer.commit(catalog)?;
    report.committed = true;
    fill(&mut report, &catalog, start);
    report.warnings.extend(in_vain(&corpus, &catalog));
    Ok(report)
}

/// What the configuration asks for in vain, each by the name of its file.
pub fn in_vain(corpus: &Corpus, catalog: &Catalog) -> Vec<(String, String)> {
    // What is beside a file that is indexed alone is not looked at.
    let Some(root) = catalog.roots.first().filter(|root| root.is_dir()) else { return Vec::new() };
    let warnings = corpus.in_vain(root, catalog.documents.keys());
    warnings.into_iter().map(|warning| (CONFIG_NAME.to_owned(), warning)).collect()
}

/// What else the content of an index depends on.
fn config(corpus: &Corpus, size: PassageSize, ocr: Option<&str>) -> String {
    format!("{}:{READERS}:{size:?}{}", corpus.digest, noted(ocr))
}

fn absolute(roots: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let absolute =
        |root: &PathBuf| root.canonicalize().map_err(|error| Error::io("read", root, error));
    match roots.is_empty() {
        true => Err(Error::usage("there is nothing to index: name a folder or a file")),
        false => roots.iter().map(absolute).collect(),
    }
}

/// The documents of the last commit that are in none of the files any more.
fn gone<'c>(plan: &Plan<'_>, known: &'c Catalog, read: &Documents) -> Vec<&'c String> {
    let is_gone = |doc_id: &&String| {
        // One that cannot be looked at any more is there as a failure, and no document.
        plan.unchanged.get(*doc_id).is_none_or(|(listed, _)| !listed.is_document())
            && read.get(*doc_id).is_none_or(|(listed, _)| !listed.is_document())
    };
    let documents = known.documents.iter().filter(|(_, (listed, _))| listed.is_document());
    documents.map(|(doc_id, _)| doc_id).filter(is_gone).collect()
}

/// Counts what changed.
fn counted(plan: &Plan<'_>, known: &Catalog, read: &Documents) -> IndexReport {
    let is_document = |entry: &&(crate::engine::Listed, _)| entry.0.is_document();
    let unchanged = plan.unchanged.values().filter(is_document).count();
    let mut report = IndexReport { unchanged, ..IndexReport::default() };
    let gone = gone(plan, known, read);
    let digests: Vec<[u8; 32]> = gone
        .iter()
        .filter(|doc_id| !read.contains_key(**doc_id))
        .filter_map(|doc_id| known.documents.get(*doc_id))
        .map(|(listed, _)| listed.sha256)
        .collect();
    report.removed = digests.len();
    for (doc_id, (listed, stamp)) in read {
        if listed.container.is_none() {
            report.bytes_read += stamp.size;
        }
        match known.documents.get(doc_id) {
            Some((same, _)) if same == listed && listed.is_document() => report.unchanged += 1,
            Some((was, _)) if was.is_document() => report.changed += 1,
            _ if listed.is_document() => report.added += 1,
            _ => {}
        }
        report.renamed += usize::from(listed.is_document() && digests.contains(&listed.sha256));
    }
    report
}

fn fill(report: &mut IndexReport, catalog: &Catalog, start: Instant) {
    report.documents = catalog.summary.documents;
    report.passages = catalog.summary.passages;
    report.skipped = catalog.skipped.clone();
    for (doc_id, (listed, _)) in &catalog.documents {
        match &listed.outcome {
            Outcome::Failed(reason) => report.failed.push((doc_id.clone(), reason.clone())),
            Outcome::PassedOver(what) => report.skipped.push((doc_id.clone(), what.clone())),
            Outcome::Document | Outcome::Container => {}
        }
        let warnings = listed.warnings.iter().map(|warning| (doc_id.clone(), warning.clone()));
        report.warnings.extend(warnings);
    }
    report.skipped.sort();
    report.took = start.elapsed();
}
