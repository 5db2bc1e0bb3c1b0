//! Indexing what was read and cut before: shards in, one commit out.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::plan::{self, Plan};
use super::shard::{Manifest, Shard, Taken, expand, shards};
use super::work::{in_parallel, threads};
use super::{IndexReport, Progress, counted, fill, gone};
use crate::document::path_of;
use crate::engine::{Catalog, Documents, Listed, Store, Writer, WriterOptions, held};
use crate::error::{Error, Result};

/// Which shards to index and how.
#[derive(Clone, Debug)]
pub struct FromRequest {
    /// The files of all shards of a shelf, or patterns of their names: `shard-*.jsonl.zst`.
    pub shards: Vec<PathBuf>,
    /// Where the index is kept.
    pub store: Store,
    /// Write everything again, whatever is there.
    pub force: bool,
    /// How the index is written.
    pub options: WriterOptions,
}

/// Brings an index up to date with shards: it has then what indexing their files would have given it.
///
/// # Errors
/// `Shard` where one is missing, not finished, damaged, or does not fit the others; where the index is locked
/// or refused, or nothing can be written; `Interrupted` when `stop` is set. The last commit stays as it was then.
pub fn index_from(
    request: &FromRequest,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Result<IndexReport> {
    let start = Instant::now();
    let shards = shards(&expand(&request.shards)?)?;
    let options = WriterOptions { fresh: request.force, ..request.options };
    let writer = request.store.writer(options)?;
    let known = writer.catalog().clone();
    let mut catalog = catalog(&shards);
    let is_same_config = known.is_of_same(&catalog);
    let (run, writing) = (&catalog, writer.as_ref());
    let hand_over =
        HandOver { writer: writing, run, known: &known, is_same_config, stop, progress };
    let mut documents = hand_over.all(&shards)?;
    let told = unlisted(&shards);
    documents.extend(told.map(|(name, reason)| (name.clone(), plan::unlisted(name, reason))));
    let plan = Plan::default();
    let gone = gone(&plan, &known, &documents);
    let is_same = gone.is_empty()
        && is_same_config
        && known.summary.generation > 0
        && known.skipped == catalog.skipped
        && known.documents == documents;
    gone.into_iter().try_for_each(|doc_id| writer.remove(doc_id))?;
    let mut report = counted(&plan, &known, &documents);
    report.resumed = writer.resumed();
    if is_same {
        fill(&mut report, &known, start);
        return Ok(report);
    }
    catalog.documents = documents;
    let catalog = writer.commit(catalog)?;
    report.committed = true;
    fill(&mut report, &catalog, start);
    Ok(report)
}

/// The catalog, but for the documents. The time of a file may differ where shards were made on several machines;
/// then nothing can tell that the index is up to date without reading the files.
fn catalog(shards: &[Shard]) -> Catalog {
    let Some(Manifest { roots, config, whole, .. }) = shards.first().map(|shard| &shard.manifest)
    else {
        return Catalog::default();
    };
    let is_common = shards.iter().all(|shard| shard.manifest.whole.stamp == whole.stamp);
    Catalog {
        roots: roots.iter().cloned().map(path_of).collect(),
        config: config.clone(),
        stamp: if is_common { whole.stamp.clone() } else { String::new() },
        skipped: whole.skipped.clone(),
        ..Catalog::default()
    }
}

/// Folders that could not be listed, wherever.
fn unlisted(shards: &[Shard]) -> impl Iterator<Item = &(String, String)> {
    shards.iter().flat_map(|shard| &shard.manifest.whole.unlisted)
}

/// Puts documents into an index.
struct HandOver<'a> {
    writer: &'a dyn Writer,
    /// What the catalog will be, but for the documents.
    run: &'a Catalog,
    known: &'a Catalog,
    is_same_config: bool,
    stop: &'a AtomicBool,
    progress: Progress<'a>,
}

impl HandOver<'_> {
    /// Goes through the shards with as many threads as there are processors, a shard each.
    fn all(&self, shards: &[Shard]) -> Result<Documents> {
        let documents = Mutex::new(Documents::new());
        let visit = |_: usize, shard: &Shard, (): &mut ()| {
            // The documents of a file stand together.
            let mut file = Documents::new();
            shard.each(&mut |taken| {
                let is_other = file
                    .values()
                    .next()
                    .is_some_and(|(listed, _)| file_of(listed) != file_of(&taken.listed));
                if is_other {
                    self.end_of_file(std::mem::take(&mut file), &documents)?;
                }
                self.one(taken, &mut file)
            })?;
            self.end_of_file(file, &documents)
        };
        in_parallel(shards, threads(), self.stop, self.progress, || (), visit)?;
        Ok(std::mem::take(&mut *held(&documents)))
    }

    /// Takes a document. One that the index has with the same content is left as it is.
    fn one(&self, taken: Taken, documents: &mut Documents) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        let Taken { listed, stamp, passages } = taken;
        let known = self.known.documents.get(&listed.doc_id).map(|(known, _)| known);
        let known = known.filter(|known| known.is_document());
        if known.is_none_or(|known| !self.is_same_config || *known != listed) {
            self.writer.add(passages, known.is_none())?;
        }
        documents.insert(listed.doc_id.clone(), (listed, stamp));
        Ok(())
    }

    fn end_of_file(&self, file: Documents, documents: &Mutex<Documents>) -> Result<()> {
        self.writer.note(self.run, &file)?;
        held(documents).extend(file);
        Ok(())
    }
}

/// The id of the file that a document was read from.
fn file_of(listed: &Listed) -> &String {
    listed.container.as_ref().unwrap_or(&listed.doc_id)
}
