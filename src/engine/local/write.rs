//! Writing the local index: one writer at a time, atomic commits.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use rustc_hash::FxHashSet;
use tantivy::indexer::UserOperation;
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, Term};

use super::current::{Current, replace};
use super::entry::{Entry, entries};
use super::group;
use super::in_writing;
use super::read::LocalEngine;
use super::retired;
use super::schema::{Schemas, schema, tokenizers};
use super::waiting::{Batch, Ready, Waiting};
use crate::engine::record::{doc_term, meta_text};
use crate::engine::words::{self, NewWords, Words};
use crate::engine::{Catalog, Engine, Writer, WriterOptions, held};
use crate::error::{Error, Result};
use crate::passage::Passage;

/// A one-shot search opens each segment anew, which costs it 0.15 ms each; see ARCHITECTURE.md.
const MOST_SEGMENTS: usize = 8;

/// The one process that writes an index. Nothing is visible to readers before [`Writer::commit`];
/// dropping a writer without it leaves the last commit as it was.
pub struct LocalWriter {
    path: PathBuf,
    folder: PathBuf,
    /// To be written when the first commit of a new folder is done.
    new_current: Option<Current>,
    writer: IndexWriter<Entry>,
    /// Held while a deletion is numbered and queued. tantivy does the two one after the other, and
    /// takes its queue to be in the order of the numbers: a deletion that is queued after one with a
    /// greater number would also take the passages that replace what it deletes.
    deleting: Mutex<()>,
    schemas: Schemas,
    words: NewWords,
    waiting: Waiting,
    replaced: Mutex<Replaced>,
    catalog: Catalog,
    /// Of the last commit, even where its index is given up: generations never repeat.
    generation: u64,
    _lock: fs::File,
}

/// Documents that are replaced or removed, and the ids that their passages have now.
#[derive(Debug, Default)]
struct Replaced {
    documents: BTreeSet<String>,
    ids: FxHashSet<String>,
}

impl LocalWriter {
    /// Opens the index at a path for writing, creating what is missing.
    ///
    /// # Errors
    /// `IndexLocked` while another process writes; `IndexRefused` when what is there was made by
    /// another version (`fresh` starts anew); `IndexDamaged` and `Io` as they come.
    pub fn open(path: &Path, options: WriterOptions) -> Result<LocalWriter> {
        fs::create_dir_all(path).map_err(|error| Error::io("create", path, error))?;
        let lock = lock(path)?;
        let generation = Catalog::last_summary(path).map_or(0, |summary| summary.generation);
        let current = match options.fresh {
            true => None,
            false => Current::read(path)?,
        };
        if let Some(current) = &current {
            current.check(path)?;
        }
        remove_leftovers(path, current.as_ref(), options.fresh);
        let wrap = in_writing(path);
        let (mut index, folder, new_current) = open_or_create(path, current)?;
        let words = NewWords::default();
        index.set_tokenizers(tokenizers(&words));
        let catalog = match &new_current {
            Some(_) => Catalog::default(),
            None => {
                let payload = index.load_metas().map_err(&wrap)?.payload.unwrap_or_default();
                Catalog::read(&folder, &payload)?
            }
        };
        let waiting = Waiting::of(&folder)?;
        let threads = options.threads.clamp(1, 64);
        // tantivy refuses less than 15 MB and 4 GiB or more a thread.
        let memory = options.memory.clamp(threads * 16_000_000, threads * 4_000_000_000);
        let writer = index.writer_with_num_threads(threads, memory).map_err(&wrap)?;
        // tantivy 0.27 numbers the first operation as it did the last commit. A merge up to that commit, which
        // a killed process left undone, would then apply a deletion to some of its segments and count it as
        // applied to all: what was replaced first would be there twice. Nothing is no operation and has a number.
        writer.run(Vec::new()).map_err(&wrap)?;
        // What a killed process left would be in the way of files of the same name.
        writer.garbage_collect_files().wait().map_err(&wrap)?;
        Ok(LocalWriter {
            path: path.to_owned(),
            folder,
            new_current,
            writer,
            deleting: Mutex::new(()),
            schemas: schema().1,
            words,
            waiting,
            replaced: Mutex::default(),
            catalog,
            generation,
            _lock: lock,
        })
    }

    fn replaced(&self) -> MutexGuard<'_, Replaced> {
        held(&self.replaced)
    }

    /// Remembers what the ids meant that the next commit does away with. An index that cannot be read any more
    /// does not remember, and is mended all the same.
    fn retire(&self) -> Result<()> {
        let replaced = std::mem::take(&mut *self.replaced());
        if replaced.documents.is_empty() || self.new_current.is_some() {
            return Ok(());
        }
        let mut list = retired::read(&self.folder, self.generation).unwrap_or_default();
        let Ok(engine) = LocalEngine::open(&self.path) else { return Ok(()) };
        for doc_id in &replaced.documents {
            let passages = engine.document(doc_id).unwrap_or_default();
            let gone = passages.into_iter().filter(|passage| !replaced.ids.contains(&passage.id));
            gone.for_each(|passage| list.add(passage, self.generation));
        }
        retired::write(&list, &self.folder, self.generation + 1)
    }

    /// See [`LocalWriter::deleting`].
    fn alone(&self) -> MutexGuard<'_, ()> {
        held(&self.deleting)
    }

    fn doc_term(&self, doc_id: &str) -> Term {
        Term::from_field_text(self.schemas.meta, &doc_term(doc_id))
    }

    /// Hands documents over to tantivy, each at once: it puts their passages into one segment.
    fn hand_over(&self, ready: Ready) -> Result<()> {
        for Batch { doc_id, replaces, mut entries } in ready.batches {
            group::pack(&mut entries, &ready.packer)?;
            let mut operations = Vec::with_capacity(entries.len() + 1);
            if replaces {
                operations.push(UserOperation::Delete(self.doc_term(&doc_id)));
            }
            operations.extend(entries.into_iter().map(UserOperation::Add));
            let _alone = replaces.then(|| self.alone());
            self.writer.run(operations).map_err(in_writing(&self.path))?;
        }
        Ok(())
    }

    /// Merges the smallest segments where there are more than [`MOST_SEGMENTS`].
    fn merge_small(&mut self) -> Result<()> {
        let wrap = in_writing(&self.path);
        let mut segments = self.writer.index().searchable_segment_metas().map_err(&wrap)?;
        if segments.len() <= MOST_SEGMENTS {
            return Ok(());
        }
        segments.sort_unstable_by_key(|segment| segment.num_docs());
        let surplus = segments.len() + 1 - MOST_SEGMENTS;
        let ids: Vec<_> = segments.iter().take(surplus).map(|segment| segment.id()).collect();
        // A merge that the merge policy has taken over meanwhile is as good.
        let _ = self.writer.merge(&ids).wait();
        Ok(())
    }
}

impl Writer for LocalWriter {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn add(&self, passages: Vec<Passage>, is_new: bool) -> Result<()> {
        let Some(first) = passages.first() else { return Ok(()) };
        let meta = meta_text(&first.report);
        let doc_id = first.report.doc_id.clone();
        if !is_new {
            let mut replaced = self.replaced();
            replaced.ids.extend(passages.iter().map(|passage| passage.id.clone()));
            replaced.documents.insert(doc_id.clone());
        }
        let entries = entries(passages, &meta, self.schemas).collect::<Result<_>>()?;
        let ready = self.waiting.pass(Batch { doc_id, replaces: !is_new, entries })?;
        ready.map_or(Ok(()), |ready| self.hand_over(ready))
    }

    fn remove(&self, doc_id: &str) -> Result<()> {
        self.replaced().documents.insert(doc_id.to_owned());
        self.waiting.remove(doc_id);
        let _alone = self.alone();
        self.writer.delete_term(self.doc_term(doc_id));
        Ok(())
    }

    fn commit(mut self: Box<Self>, mut catalog: Catalog) -> Result<Catalog> {
        let path = self.path.clone();
        let wrap = in_writing(&path);
        self.hand_over(self.waiting.rest()?)?;
        self.retire()?;
        catalog.summarize(self.generation + 1);
        let payload = catalog.write(&self.folder)?;
        let mut prepared = self.writer.prepare_commit().map_err(&wrap)?;
        // All passages have been analyzed by now.
        let before = match self.new_current {
            Some(_) => String::new(),
            None => Words::open(&self.folder, self.generation)?.list()?.to_owned(),
        };
        let words = self.words.list(&before)?;
        replace(&self.folder.join(words::name(self.generation + 1)), &words)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(&wrap)?;
        if let Some(current) = &self.new_current {
            current.write(&self.path)?;
            remove_leftovers(&self.path, Some(current), false);
        }
        self.merge_small()?;
        remove_old_catalogs(&self.folder, catalog.summary.generation);
        retired::remove_old(&self.folder, catalog.summary.generation);
        self.writer.wait_merging_threads().map_err(&wrap)?;
        Ok(catalog)
    }
}

/// Opens the index that is in use, or creates one in a folder of its own, to be named when it is committed.
fn open_or_create(
    path: &Path,
    current: Option<Current>,
) -> Result<(Index, PathBuf, Option<Current>)> {
    let wrap = in_writing(path);
    if let Some(current) = current {
        let folder = current.path(path);
        return Ok((Index::open_in_dir(&folder).map_err(&wrap)?, folder, None));
    }
    let current = Current::of_folder(next_folder(path));
    let folder = current.path(path);
    fs::create_dir_all(&folder).map_err(|error| Error::io("create", &folder, error))?;
    let new = Index::builder().schema(schema().0).settings(settings());
    Ok((new.create_in_dir(&folder).map_err(&wrap)?, folder, Some(current)))
}

/// Passages come packed: see [`super::packed`].
fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::None,
        // A block is copied to read one passage of it.
        docstore_blocksize: 4 * 1024,
        // Threads that read and index are as many as there are cores; a third kind would only be in the way.
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// Takes the lock of an index; the system frees it when the process ends, however it ends.
fn lock(index: &Path) -> Result<fs::File> {
    let path = index.join("write.lock");
    let file = fs::File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| Error::io("open", &path, error))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // A program that this one is just starting has the lock until it runs: as long as the file
            // descriptors of its parent are its own.
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(fs::TryLockError::Error(error)) => return Err(Error::io("lock", path, error)),
        }
    }
    Err(Error::IndexLocked { path: index.to_owned() })
}

/// How often, and how far apart, a lock is tried before somebody else is said to write.
const LOCK_TRIES: usize = 5;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

fn is_segments_folder(name: &str) -> bool {
    name.strip_prefix("segments-").is_some_and(|number| number.parse::<u64>().is_ok())
}

/// The folders of segments under an index.
fn segments_folders(index: &Path) -> Vec<String> {
    let entries = fs::read_dir(index).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| is_segments_folder(name)).collect()
}

fn next_folder(index: &Path) -> String {
    let numbers = segments_folders(index)
        .into_iter()
        .filter_map(|name| name["segments-".len()..].parse::<u64>().ok());
    format!("segments-{}", numbers.max().unwrap_or(0) + 1)
}

/// Removes folders of segments that no commit uses: what a killed `--force` or the first run left.
/// `keep_all`: a fresh index is being built beside one that is still in use.
fn remove_leftovers(index: &Path, current: Option<&Current>, keep_all: bool) {
    if keep_all {
        return;
    }
    for name in segments_folders(index) {
        if current.is_none_or(|current| current.folder != name) {
            // What cannot be removed now is tried again at the next run.
            let _ = fs::remove_dir_all(index.join(name));
        }
    }
}

/// Keeps the catalogs and words of this and the last generation: a reader may still have the last one open.
fn remove_old_catalogs(folder: &Path, generation: u64) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| {
            let of_a_generation = ["catalog-", "words-"];
            let rest = of_a_generation.iter().find_map(|prefix| name.strip_prefix(prefix));
            rest?.strip_suffix(".zst")?.parse::<u64>().ok()
        });
        if number.is_some_and(|number| number + 1 < generation) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
