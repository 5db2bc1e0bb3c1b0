//! Indexing: files in, one commit out. Only what changed is read.
//!
//! find files, compare with the catalog, read and cut in parallel, hand over, commit.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::engine::local::{Catalog, FileStamp, LocalEngine, Writer, WriterOptions};
use crate::engine::{Listed, Summary};
use crate::error::{Error, Result};
use crate::passage::{PassageSize, passages};
use crate::read::corpus::Corpus;
use crate::read::files::{Files, SourceFile, find};
use crate::read::{self, LARGEST_FILE};

/// What to index and how.
#[derive(Clone, Debug)]
pub struct IndexRequest {
    /// Folders and files; the index will hold what is under them and nothing else.
    pub roots: Vec<PathBuf>,
    /// The folder of the index.
    pub index: PathBuf,
    /// Read everything again, whatever has changed.
    pub force: bool,
    /// How long passages are to be.
    pub size: PassageSize,
    /// How the index is written.
    pub options: WriterOptions,
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
    /// The same content under another name; counted as added or removed as well.
    pub renamed: usize,
    /// Files that could not be read, with the reason.
    pub failed: Vec<(String, String)>,
    /// Files that were passed over, with the reason.
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
    let corpus = Corpus::of(&roots[0])?;
    let config = format!("{}:{:?}", corpus.digest, request.size);
    let files = find(&roots, &request.index)?;
    let stamp = stamp(&files, &corpus.digest);
    let options = WriterOptions { fresh: request.force, ..request.options };
    let writer = Writer::open(&request.index, options)?;
    let known = writer.catalog().clone();
    let is_same_config = known.config == config && known.roots == roots;
    let plan = plan(&files, &known, is_same_config, true);
    let mut report = IndexReport { unchanged: plan.unchanged.len(), ..IndexReport::default() };
    let is_same = plan.removed.is_empty() && is_same_config && known.skipped == files.skipped;
    let work = Work {
        writer: &writer,
        corpus: &corpus,
        known: &known,
        is_same_config,
        size: request.size,
        stop,
        progress,
    };
    let read = work.all(&plan.to_read)?;
    let is_as_before = |(doc_id, entry): (&String, &(Listed, FileStamp))| {
        entry.0.failure.is_some() && known.documents.get(doc_id) == Some(entry)
    };
    if is_same && read.iter().all(is_as_before) && known.summary.generation > 0 {
        // Nothing but files that still cannot be read.
        fill(&mut report, &known, &files, start);
        return Ok(report);
    }
    for doc_id in &plan.removed {
        writer.remove(doc_id);
    }
    count(&mut report, &plan, &known, &read);
    let mut catalog =
        Catalog { roots, config, stamp, skipped: files.skipped.clone(), ..Catalog::default() };
    catalog.documents = plan.unchanged;
    catalog.documents.extend(read);
    let catalog = writer.commit(catalog)?;
    report.committed = true;
    fill(&mut report, &catalog, &files, start);
    Ok(report)
}

/// Whether the files under the roots of an index, by name, size and time, and the configuration are
/// those that were indexed. Reads the folders and nothing else.
pub fn is_fresh(summary: &Summary, index: &Path) -> Result<bool> {
    let Some(first) = summary.roots.first().filter(|_| summary.roots.iter().all(|r| r.exists()))
    else {
        return Ok(true); // The reports are elsewhere now; the index is what there is.
    };
    let files = find(&summary.roots, index)?;
    Ok(stamp(&files, &Corpus::digest_of(first)?) == summary.stamp)
}

/// See [`Summary::stamp`].
fn stamp(files: &Files, config: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(config);
    for file in &files.files {
        let stamp = FileStamp::of(&file.metadata);
        hash.update(file.doc_id.as_bytes());
        hash.update([0]);
        hash.update(stamp.size.to_be_bytes());
        hash.update(stamp.modified.to_be_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The files whose content differs from what an index holds, without reading any: how many were
/// changed or added, and how many are gone.
pub fn staleness(engine: &LocalEngine) -> Result<usize> {
    let catalog = engine.catalog()?;
    if catalog.roots.iter().any(|root| !root.exists()) {
        return Ok(0);
    }
    let files = find(&catalog.roots, engine.path())?;
    let config = catalog.roots.first().map(|root| Corpus::of(root)).transpose()?;
    // Another configuration means that every file is to be read again.
    let is_same_config =
        config.is_none_or(|corpus| catalog.config.starts_with(&format!("{}:", corpus.digest)));
    let plan = plan(&files, &catalog, is_same_config, false);
    Ok(plan.to_read.len() + plan.removed.len())
}

fn absolute(roots: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let absolute =
        |root: &PathBuf| root.canonicalize().map_err(|error| Error::io("read", root, error));
    match roots.is_empty() {
        true => Err(Error::usage("there is nothing to index: name a folder or a file")),
        false => roots.iter().map(absolute).collect(),
    }
}

type Documents = BTreeMap<String, (Listed, FileStamp)>;

/// What has to be done.
struct Plan<'f> {
    to_read: Vec<&'f SourceFile>,
    removed: Vec<String>,
    unchanged: Documents,
}

/// Compares files with the catalog by size and time of change. `retries`: files that could not be read
/// are tried again.
fn plan<'f>(files: &'f Files, known: &Catalog, is_same_config: bool, retries: bool) -> Plan<'f> {
    let mut plan = Plan { to_read: Vec::new(), removed: Vec::new(), unchanged: BTreeMap::new() };
    let mut gone: std::collections::BTreeSet<&String> = known.documents.keys().collect();
    for file in &files.files {
        gone.remove(&file.doc_id);
        match known.documents.get(&file.doc_id) {
            Some(document)
                if is_same_config
                    && !(retries && document.0.failure.is_some())
                    && document.1 == FileStamp::of(&file.metadata) =>
            {
                plan.unchanged.insert(file.doc_id.clone(), document.clone());
            }
            _ => plan.to_read.push(file),
        }
    }
    plan.removed = gone.into_iter().cloned().collect();
    plan
}

/// Reading and cutting, in parallel, straight into the writer.
struct Work<'a> {
    writer: &'a Writer,
    corpus: &'a Corpus,
    known: &'a Catalog,
    is_same_config: bool,
    size: PassageSize,
    stop: &'a AtomicBool,
    progress: Progress<'a>,
}

impl Work<'_> {
    fn all(&self, files: &[&SourceFile]) -> Result<Documents> {
        let next = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let documents = Mutex::new(Documents::new());
        let failure = Mutex::new(None);
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get()).min(8);
        std::thread::scope(|scope| {
            for _ in 0..threads.min(files.len()) {
                scope.spawn(|| {
                    while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if self.stop.load(Ordering::Relaxed) {
                            break;
                        }
                        match self.one(file) {
                            Ok(listed) => {
                                let entry = (listed, FileStamp::of(&file.metadata));
                                held(&documents).insert(file.doc_id.clone(), entry);
                            }
                            Err(error) => {
                                held(&failure).get_or_insert(error);
                                self.stop.store(true, Ordering::Relaxed);
                            }
                        }
                        (self.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
                    }
                });
            }
        });
        if let Some(error) = held(&failure).take() {
            return Err(error);
        }
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        Ok(std::mem::take(&mut *held(&documents)))
    }

    /// Reads one file and hands its passages over. A file that cannot be read is listed with the
    /// reason; only a fault of the index is an error.
    fn one(&self, file: &SourceFile) -> Result<Listed> {
        let mut listed = Listed {
            doc_id: file.doc_id.clone(),
            path: Some(file.path.clone()),
            bytes: file.metadata.len(),
            ..Listed::default()
        };
        let known = self.known.documents.get(&file.doc_id);
        if let Some((same, _)) = known.filter(|_| self.is_same_config)
            && self.is_same_content(file, same)
        {
            return Ok(same.clone());
        }
        // A panic in a reader is a fault of ours, but it costs one file, not the run.
        let read = catch_unwind(AssertUnwindSafe(|| self.read(file)))
            .unwrap_or_else(|_| Err("the reader failed on it; please report this file".to_owned()));
        let document = match read {
            Ok(document) => document,
            Err(reason) => {
                listed.failure = Some(reason);
                if known.is_some() {
                    self.writer.remove(&file.doc_id);
                }
                return Ok(listed);
            }
        };
        let passages = passages(&document, self.size);
        listed.passages = passages.len() as u64;
        listed.title = document.title;
        listed.lang = document.lang;
        listed.metadata = document.metadata;
        listed.sha256 = document.sha256;
        listed.warnings = document.warnings.into_iter().map(|warning| warning.message).collect();
        self.writer.add(&passages, known.is_none())?;
        Ok(listed)
    }

    /// Whether a file that was touched has the content that is indexed.
    fn is_same_content(&self, file: &SourceFile, known: &Listed) -> bool {
        known.failure.is_none()
            && known.bytes == file.metadata.len()
            && fs::read(&file.path).is_ok_and(|bytes| Sha256::digest(bytes)[..] == known.sha256)
    }

    fn read(&self, file: &SourceFile) -> std::result::Result<crate::document::Document, String> {
        if file.metadata.len() > LARGEST_FILE {
            return Err(format!(
                "it has {} bytes; at most {LARGEST_FILE} are read",
                file.metadata.len()
            ));
        }
        let bytes = fs::read(&file.path).map_err(|error| error.to_string())?;
        read::read(&file.doc_id, &bytes, self.corpus)
    }
}

/// The content of a mutex, whether or not a thread that held it panicked.
fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn count(report: &mut IndexReport, plan: &Plan<'_>, known: &Catalog, read: &Documents) {
    let gone: Vec<[u8; 32]> = plan
        .removed
        .iter()
        .filter_map(|doc_id| known.documents.get(doc_id))
        .map(|(listed, _)| listed.sha256)
        .collect();
    report.removed = plan.removed.len();
    for (doc_id, (listed, _)) in read {
        report.bytes_read += listed.bytes;
        match known.documents.contains_key(doc_id) {
            true if known.documents.get(doc_id).is_some_and(|(same, _)| same == listed) => {
                report.unchanged += 1;
            }
            true => report.changed += 1,
            false => report.added += 1,
        }
        report.renamed += usize::from(listed.failure.is_none() && gone.contains(&listed.sha256));
    }
}

fn fill(report: &mut IndexReport, catalog: &Catalog, files: &Files, start: Instant) {
    report.documents = catalog.summary.documents;
    report.passages = catalog.summary.passages;
    report.skipped = catalog.skipped.clone();
    report.failed = files.failed.clone();
    for (listed, _) in catalog.documents.values() {
        if let Some(failure) = &listed.failure {
            report.failed.push((listed.doc_id.clone(), failure.clone()));
        }
        let warnings =
            listed.warnings.iter().map(|warning| (listed.doc_id.clone(), warning.clone()));
        report.warnings.extend(warnings);
    }
    report.took = start.elapsed();
}
