//! Reading and cutting without an index: the passages of a part of a shelf into a file, on whichever machine.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::ordered::Ordered;
use super::shard::{
    Counts, Lines, Manifest, Names, Part, ShardWriter, VERSION, Whole, finished, root_names,
    write_manifest,
};
use super::work::{Work, threads};
use super::{Progress, absolute, config, fresh};
use crate::engine::{Catalog, FileStamp, held, hex};
use crate::engine::{Listed, Outcome};
use crate::error::{Error, Result};
use crate::passage::PassageSize;
use crate::read::corpus::Corpus;
use crate::read::files::{Files, SourceFile, find};
use crate::read::guard::Guard;

/// What to read and cut, and where to write it.
#[derive(Clone, Debug)]
pub struct ChunkRequest {
    /// Folders and files, as for indexing.
    pub roots: Vec<PathBuf>,
    /// Which part of their files.
    pub part: Part,
    /// The file of passages; the others lie beside it. Ends with `.jsonl.zst`.
    pub output: PathBuf,
    /// A folder that is not read: an index may lie among the reports.
    pub index: PathBuf,
    /// Write it again, even where it is finished.
    pub force: bool,
    /// Recognize words in pages that are pictures, in these languages: see `Corpus::ocr`.
    pub ocr: Option<String>,
    /// How long passages are to be.
    pub size: PassageSize,
    /// How many threads read.
    pub threads: usize,
    /// How formats are read whose parsers could be led astray.
    pub guard: Guard,
}

impl ChunkRequest {
    /// A request for all of it with the measured defaults.
    pub fn new(roots: Vec<PathBuf>, output: PathBuf) -> ChunkRequest {
        ChunkRequest {
            roots,
            part: Part::default(),
            output,
            index: PathBuf::from("index"),
            force: false,
            ocr: None,
            size: PassageSize::default(),
            threads: threads(),
            guard: Guard::default(),
        }
    }
}

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct ChunkReport {
    /// What is in the shard.
    pub counts: Counts,
    /// Size of the data, bytes.
    pub bytes: u64,
    /// Whether the shard was finished before and is as it was.
    pub is_kept: bool,
    /// Files and members that could not be read, with the reason. Not told of a shard that is kept.
    pub failed: Vec<(String, String)>,
    /// Documents about which something was odd: id and what. Not told of a shard that is kept.
    pub warnings: Vec<(String, String)>,
    /// How long it took.
    pub took: Duration,
}

/// Writes a shard, unless it is there already.
///
/// # Errors
/// Where a root cannot be read, the configuration is malformed, the shard would lie among the reports, or
/// nothing can be written; `Interrupted` when `stop` is set. A shard that was there is then as it was.
pub fn chunk(
    request: &ChunkRequest,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Result<ChunkReport> {
    let start = Instant::now();
    let names = Names::of(&request.output)?;
    let roots = absolute(&request.roots)?;
    is_elsewhere(&request.output, &roots)?;
    let mut corpus = Corpus::of(&roots[0])?;
    let files = find(&roots, &request.index)?;
    let own: Vec<&SourceFile> =
        files.files.iter().filter(|file| request.part.has(&file.doc_id)).collect();
    let wanted = wanted(request, &roots, &files, &own, &corpus);
    let old = if request.force { None } else { finished(&names) };
    if let Some(old) = old.filter(|old| old.is_of_same(&wanted)) {
        let manifest = Manifest { whole: wanted.whole, ..old.clone() };
        if manifest != old {
            write_manifest(&names, &manifest)?;
        }
        return Ok(report(&manifest, true, start));
    }
    corpus.ocr = request.ocr.clone().or(corpus.ocr);
    if !own.is_empty() {
        request.guard.can_recognize(&corpus)?;
    }
    let work = Work {
        corpus: &corpus,
        known: &Catalog::default(),
        is_same_config: false,
        size: request.size,
        guard: &request.guard,
        threads: request.threads,
        stop,
        progress,
    };
    let output = Ordered::new(ShardWriter::create(&names, request.part)?, stop);
    let odd = write(&work, &own, &output)?;
    let manifest = output.into_writer().finish(wanted)?;
    let mut report = report(&manifest, false, start);
    (report.failed, report.warnings) = odd;
    report.failed.extend(files.failed);
    Ok(report)
}

/// Names and what is to be said of them.
type Told = Vec<(String, String)>;

/// Reads these files and writes what comes out of them, in their order. What could not be read, and what was odd.
fn write(work: &Work<'_>, files: &[&SourceFile], output: &Ordered<'_>) -> Result<(Told, Told)> {
    let odd = std::sync::Mutex::new((Told::new(), Told::new()));
    work.each(files, &|number, file, worker| {
        let stamp = FileStamp::of(&file.metadata);
        let entries = work.one(file, worker, &mut |listed, passages, _| {
            output.take(number, Lines::document(listed, stamp, &passages)?, false)
        })?;
        entries.values().for_each(|listed| tell(listed, &mut held(&odd)));
        output.take(number, Lines::end_of_file(entries.values(), stamp)?, true)
    })?;
    let (mut failed, mut warnings) = std::mem::take(&mut *held(&odd));
    failed.sort();
    warnings.sort();
    Ok((failed, warnings))
}

fn tell(listed: &Listed, (failed, warnings): &mut (Told, Told)) {
    if let Outcome::Failed(reason) = &listed.outcome {
        failed.push((listed.doc_id.clone(), reason.clone()));
    }
    let own = listed.warnings.iter().map(|warning| (listed.doc_id.clone(), warning.clone()));
    warnings.extend(own);
}

/// The manifest that the shard will have, but for what is in it.
fn wanted(
    request: &ChunkRequest,
    roots: &[PathBuf],
    files: &Files,
    own: &[&SourceFile],
    corpus: &Corpus,
) -> Manifest {
    let config = config(corpus, request.size, request.ocr.as_deref());
    Manifest {
        version: VERSION,
        shard: request.part.number,
        of: request.part.of,
        roots: root_names(roots),
        stamp: fresh::stamp_of(own.iter().copied(), &[], &config),
        config,
        whole: Whole {
            files: files.files.len() as u64,
            digest: digest(&files.files),
            stamp: fresh::stamp_of_all(files, &corpus.digest),
            skipped: files.skipped.clone(),
            unlisted: files.failed.clone(),
        },
        ..Manifest::default()
    }
}

/// A digest of the names and sizes of files, which copies on other machines have too.
fn digest(files: &[SourceFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.doc_id.as_bytes());
        hash.update([0]);
        hash.update(file.metadata.len().to_be_bytes());
    }
    hex(&hash.finalize())
}

/// Whether the next run would not read the shard as a report.
fn is_elsewhere(output: &Path, roots: &[PathBuf]) -> Result<()> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    // A folder that is not there yet is made, and lies where the one above it does.
    let above = folder.unwrap_or(Path::new(".")).ancestors();
    let above =
        above.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let folder = above.filter_map(|folder| folder.canonicalize().ok()).next();
    match roots.iter().find(|root| folder.as_ref().is_some_and(|it| it.starts_with(root))) {
        None => Ok(()),
        Some(root) => Err(Error::Usage {
            message: format!(
                "`{}` would lie among the reports in `{}`",
                output.display(),
                root.display()
            ),
            hint: Some("name a file in another folder".to_owned()),
        }),
    }
}

fn report(manifest: &Manifest, is_kept: bool, start: Instant) -> ChunkReport {
    ChunkReport {
        counts: manifest.counts,
        bytes: manifest.bytes,
        is_kept,
        took: start.elapsed(),
        ..ChunkReport::default()
    }
}
