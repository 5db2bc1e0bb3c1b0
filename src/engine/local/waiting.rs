//! Passages that wait until there is a dictionary to pack them with: of a new index those of the first megabyte.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::dictionary::{Dictionary, Kept, name};
use super::entry::Entry;
use super::packed::Packer;
use crate::engine::held;
use crate::error::{Error, Result};

/// With so many bytes of text a dictionary is made: one of four times as much leaves .003 less of the text, and keeps
/// what indexes waiting.
const ENOUGH: usize = 1 << 20;

/// The entries of a document, which are handed over at once.
pub struct Batch {
    pub doc_id: String,
    /// Whether they replace others.
    pub replaces: bool,
    pub entries: Vec<Entry>,
}

/// Documents to be handed over, and what packs them.
pub struct Ready {
    pub batches: Vec<Batch>,
    pub packer: Arc<Packer>,
}

/// What waits.
pub struct Waiting {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Once it is known.
    packer: Option<Arc<Packer>>,
    /// The newest dictionary, while it is not known whether it is outgrown.
    last: Option<Dictionary>,
    batches: Vec<Batch>,
    text: usize,
}

impl Waiting {
    /// For the index in a folder, with the dictionaries that are there.
    ///
    /// # Errors
    /// `IndexDamaged` where the last of them cannot be read.
    pub fn of(folder: &Path) -> Result<Waiting> {
        let mut state = State::default();
        if let Some(kept) = Kept::all(folder).pop() {
            let name = name(kept.number);
            let damaged = |reason| Error::IndexDamaged {
                path: folder.to_owned(),
                reason: format!("`{name}` {reason}"),
            };
            let bytes = kept.bytes().map_err(damaged)?.to_vec();
            let last = Dictionary { number: kept.number, bytes };
            match last.is_large() {
                true => state.packer = Some(Arc::new(Packer::of(Some(last)))),
                false => state.last = Some(last),
            }
        }
        Ok(Waiting { folder: folder.to_owned(), state: Mutex::new(state) })
    }

    /// Takes a document; gives what can be handed over now.
    ///
    /// # Errors
    /// `Io` where a dictionary cannot be written.
    pub fn pass(&self, batch: Batch) -> Result<Option<Ready>> {
        let mut state = self.state();
        if let Some(packer) = &state.packer {
            return Ok(Some(Ready { batches: vec![batch], packer: Arc::clone(packer) }));
        }
        state.text += batch.entries.iter().map(Entry::size).sum::<usize>();
        state.batches.push(batch);
        if state.text < ENOUGH {
            return Ok(None);
        }
        state.ready(&self.folder).map(Some)
    }

    /// All that waits, as nothing more comes.
    ///
    /// # Errors
    /// As [`Waiting::pass`].
    pub fn rest(&self) -> Result<Ready> {
        self.state().ready(&self.folder)
    }

    /// Drops what waits of a document.
    pub fn remove(&self, doc_id: &str) {
        self.state().batches.retain(|batch| batch.doc_id != doc_id);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        held(&self.state)
    }
}

impl State {
    /// What waits, with a dictionary of it where that does better than what there is.
    fn ready(&mut self, folder: &Path) -> Result<Ready> {
        let packer = match &self.packer {
            Some(packer) => Arc::clone(packer),
            None => {
                let last = self.last.take();
                let new = Dictionary::of(self.text, last.as_ref(), || self.samples());
                if let Some(new) = &new {
                    new.write(folder)?;
                }
                Arc::new(Packer::of(new.or(last)))
            }
        };
        self.packer = Some(Arc::clone(&packer));
        Ok(Ready { batches: std::mem::take(&mut self.batches), packer })
    }

    /// Some passages, one behind the other, and their lengths.
    fn samples(&self) -> (Vec<u8>, Vec<usize>) {
        let entries: Vec<&Entry> = self.batches.iter().flat_map(|batch| &batch.entries).collect();
        let (mut samples, mut lengths) = (Vec::new(), Vec::new());
        for entry in Dictionary::samples_of(entries.len()).filter_map(|at| entries.get(at)) {
            entry.append_to(&mut samples);
            lengths.push(entry.size());
        }
        (samples, lengths)
    }
}
