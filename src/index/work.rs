//! Reading and cutting, in parallel: files in, what is listed of them and their passages out.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::Progress;
use crate::document::Document;
use crate::engine::{Catalog, Documents, FileStamp, Listed, Outcome, Writer, held};
use crate::error::{Error, Result};
use crate::passage::{Passage, PassageSize, passages};
use crate::read::corpus::Corpus;
use crate::read::files::SourceFile;
use crate::read::guard::{Guard, Reading, Worker};
use crate::read::{Content, Record, Refusal, digest};

/// What reading needs to know.
pub struct Work<'a> {
    pub corpus: &'a Corpus,
    /// What is not to be handed over again: nothing where this is empty.
    pub known: &'a Catalog,
    pub is_same_config: bool,
    pub size: PassageSize,
    pub guard: &'a Guard,
    /// How many threads read.
    pub threads: usize,
    pub stop: &'a AtomicBool,
    pub progress: Progress<'a>,
}

/// What came out of one file, by id.
pub type Entries = BTreeMap<String, Listed>;

/// Takes a document as it is read: what is listed of it, its passages, and whether it was not known before.
pub type Take<'t> = &'t mut dyn FnMut(&Listed, Vec<Passage>, bool) -> Result<()>;

/// Does something with a file; the number is its place among all.
pub type Visit<'v> = &'v (dyn Fn(usize, &SourceFile, &mut Worker) -> Result<()> + Sync);

impl Work<'_> {
    /// Reads all these files into an index: what became of each, and of the records in them. `run`: what the catalog will
    /// be, but for the documents.
    pub fn all(
        &self,
        files: &[&SourceFile],
        run: &Catalog,
        writer: &dyn Writer,
    ) -> Result<Documents> {
        let documents = Mutex::new(Documents::new());
        self.each(files, &|_, file, worker| {
            let mut add = |_: &Listed, passages, is_new| writer.add(passages, is_new);
            let entries = self.one(file, worker, &mut add)?;
            let stamp = FileStamp::of(&file.metadata);
            let entries = entries.into_iter().map(|(id, listed)| (id, (listed, stamp)));
            let entries: Documents = entries.collect();
            writer.note(run, &entries)?;
            held(&documents).extend(entries);
            Ok(())
        })?;
        Ok(std::mem::take(&mut *held(&documents)))
    }

    /// Goes through files with [`in_parallel`].
    pub fn each(&self, files: &[&SourceFile], visit: Visit<'_>) -> Result<()> {
        let begin = || Worker::new(self.guard);
        in_parallel(files, self.threads, self.stop, self.progress, begin, |number, file, worker| {
            visit(number, file, worker)
        })
    }

    /// Reads one file and hands its documents over. What cannot be read is listed with the reason; only
    /// a fault of what takes them is an error.
    pub fn one(&self, file: &SourceFile, worker: &mut Worker, take: Take<'_>) -> Result<Entries> {
        if let Some(entries) = self.as_known(file) {
            return Ok(entries);
        }
        let mut entries = Entries::new();
        let mut fault = None;
        let mut each = |record: Record<'_>| {
            if self.stop.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            match self.record(file, record, &mut entries, take) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    fault = Some(error);
                    ControlFlow::Break(())
                }
            }
        };
        let reading = worker.read(&file.doc_id, &file.path, self.corpus, false, &mut each);
        fault.map_or(Ok(()), Err)?;
        let (outcome, sha256) = match reading {
            Ok(Reading { content: Content::Document, .. }) => return Ok(entries),
            Ok(Reading { content: Content::Container, sha256 }) => (Outcome::Container, sha256),
            Err(Refusal::PassedOver(what)) => {
                (Outcome::PassedOver(format!("{what} is not read")), [0; 32])
            }
            Err(Refusal::Failed(reason)) => (Outcome::Failed(reason), [0; 32]),
            Err(Refusal::Stopped) => return Err(Error::Interrupted),
        };
        // Where the file's own name is that of a record, as of a message with attachments, that is it.
        entries.entry(file.doc_id.clone()).or_insert_with(|| Listed {
            outcome,
            sha256,
            ..listed(file, &file.doc_id)
        });
        Ok(entries)
    }

    /// Takes one record of a file.
    fn record(
        &self,
        file: &SourceFile,
        record: Record<'_>,
        entries: &mut Entries,
        take: Take<'_>,
    ) -> Result<()> {
        let (id, outcome) = match record {
            Record::Document(document, _) => return self.document(file, *document, entries, take),
            Record::Failed(id, reason) => (id, Outcome::Failed(reason)),
            Record::PassedOver(id, what) => {
                (id, Outcome::PassedOver(format!("{what} is not read")))
            }
        };
        let listed = Listed { outcome, ..listed(file, &id) };
        entries.insert(id, listed);
        Ok(())
    }

    fn document(
        &self,
        file: &SourceFile,
        document: Document,
        entries: &mut Entries,
        take: Take<'_>,
    ) -> Result<()> {
        let mut listed = listed(file, &document.id);
        let known = self.known.documents.get(&document.id).map(|(known, _)| known);
        let known = known.filter(|known| known.is_document());
        let is_record = listed.container.is_some();
        if let Some(same) = known
            .filter(|known| is_record && self.is_same_config && known.sha256 == document.sha256)
        {
            entries.insert(document.id, same.clone());
            return Ok(());
        }
        let passages = passages(&document, self.size);
        listed.passages = passages.len() as u64;
        listed.title = document.title;
        listed.lang = document.lang;
        listed.metadata = document.metadata;
        listed.sha256 = document.sha256;
        listed.hides_text = document.warnings.iter().any(|warning| warning.hides_text);
        listed.warnings = document.warnings.into_iter().map(|warning| warning.message).collect();
        take(&listed, passages, known.is_none())?;
        entries.insert(document.id, listed);
        Ok(())
    }

    /// What is known of a file that was touched and has the content that is indexed.
    fn as_known(&self, file: &SourceFile) -> Option<Entries> {
        let (known, _) = self.known.documents.get(&file.doc_id).filter(|_| self.is_same_config)?;
        let may_be = matches!(known.outcome, Outcome::Document | Outcome::Container)
            && known.bytes == file.metadata.len();
        if !may_be || digest(&file.path).ok()? != known.sha256 {
            return None;
        }
        let records = self.known.records_of(&file.doc_id);
        let records = records.map(|(id, (listed, _))| (id.clone(), listed.clone()));
        Some([(file.doc_id.clone(), known.clone())].into_iter().chain(records).collect())
    }
}

/// What is known of a file, or of a record in it, before it is read.
fn listed(file: &SourceFile, doc_id: &str) -> Listed {
    let is_record = doc_id != file.doc_id;
    Listed {
        doc_id: doc_id.to_owned(),
        path: Some(file.path.clone()),
        bytes: file.metadata.len(),
        container: is_record.then(|| file.doc_id.clone()),
        ..Listed::default()
    }
}

/// Goes through things with so many threads, each of which takes the next one. `begin` gives each what it works with. The first failure ends it, and sets `stop`.
///
/// # Errors
/// That failure; `Interrupted` where `stop` is set.
pub fn in_parallel<T: Sync, W>(
    things: &[T],
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
    begin: impl Fn() -> W + Sync,
    visit: impl Fn(usize, &T, &mut W) -> Result<()> + Sync,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, MOST_THREADS).min(things.len()) {
            scope.spawn(|| {
                let mut worker = begin();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(number) else { break };
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    if let Err(error) = visit(number, thing, &mut worker) {
                        held(&failure).get_or_insert(error);
                        stop.store(true, Ordering::Relaxed);
                    }
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1, things.len());
                }
            });
        }
    });
    if let Some(error) = held(&failure).take() {
        return Err(error);
    }
    if stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
}

/// More threads are of no use where all wait for one disk.
const MOST_THREADS: usize = 64;

/// How many threads read where nobody says it: as many as there are processors, up to 8.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get()).min(8)
}
