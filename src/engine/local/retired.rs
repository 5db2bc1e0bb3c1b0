//! Passages that the index no longer has: what their ids meant, so that an id in somebody's notes can still be
//! answered. One compressed list a generation that has retired any; the oldest are forgotten first.

use std::collections::VecDeque;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::current::replace;
use crate::engine::Retired;
use crate::error::{Error, Result};
use crate::passage::Passage;

/// So much text is kept, bytes: some ten thousand passages, a few megabytes on the disk.
const MOST_TEXT: usize = 16 << 20;

/// How the list is compressed (Zstandard).
const LEVEL: i32 = 3;

/// What a list may at most have, bytes: texts, and as much again for all else.
const LARGEST: u64 = 2 * MOST_TEXT as u64;

/// The retired passages of an index, oldest first.
#[derive(Debug, Default)]
pub struct List {
    passages: VecDeque<Stored>,
    text: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    id: String,
    doc_id: String,
    trail: Vec<String>,
    text: String,
    generation: u64,
}

impl Stored {
    fn size(&self) -> usize {
        let trail: usize = self.trail.iter().map(String::len).sum();
        self.text.len() + self.doc_id.len() + trail
    }
}

impl List {
    /// The list as a generation has it.
    ///
    /// # Errors
    /// `IndexDamaged` where it is there and cannot be read.
    pub fn read(folder: &Path, generation: u64) -> Result<List> {
        let numbers = numbers(folder).into_iter().filter(|number| *number <= generation);
        let Some(number) = numbers.max() else { return Ok(List::default()) };
        let path = path(folder, number);
        let damaged = |reason: String| Error::IndexDamaged { path: path.clone(), reason };
        let file = fs::File::open(&path).map_err(|error| damaged(error.to_string()))?;
        let mut bytes = Vec::new();
        zstd::Decoder::new(file)
            .and_then(|decoder| decoder.take(LARGEST).read_to_end(&mut bytes))
            .map_err(|error| damaged(error.to_string()))?;
        let passages: VecDeque<Stored> =
            postcard::from_bytes(&bytes).map_err(|error| damaged(error.to_string()))?;
        let text = passages.iter().map(Stored::size).sum();
        Ok(List { passages, text })
    }

    /// Adds a passage that a generation was the last to have.
    pub fn add(&mut self, passage: Passage, generation: u64) {
        let stored = Stored {
            id: passage.id,
            doc_id: passage.report.doc_id.clone(),
            trail: passage.trail,
            text: passage.text,
            generation,
        };
        self.text += stored.size();
        self.passages.push_back(stored);
        while self.text > MOST_TEXT {
            let Some(oldest) = self.passages.pop_front() else { break };
            self.text -= oldest.size();
        }
    }

    /// The passage that last had an id.
    pub fn find(self, id: &str) -> Option<Retired> {
        let stored = self.passages.into_iter().rev().find(|stored| stored.id == id)?;
        Some(Retired {
            doc_id: stored.doc_id,
            trail: stored.trail,
            text: stored.text,
            generation: stored.generation,
        })
    }

    /// Writes the list as a generation has it.
    ///
    /// # Errors
    /// `Io`.
    pub fn write(&self, folder: &Path, generation: u64) -> Result<()> {
        let bytes = postcard::to_allocvec(&self.passages).map_err(|error| Error::Internal {
            message: format!("cannot write the retired passages: {error}"),
        })?;
        let path = path(folder, generation);
        let compressed = zstd::bulk::compress(&bytes, LEVEL);
        replace(&path, &compressed.map_err(|error| Error::io("compress", &path, error))?)
    }
}

/// Removes the lists that neither this generation nor the last one reads.
pub fn remove_old(folder: &Path, generation: u64) {
    let numbers = numbers(folder);
    let last = numbers.iter().copied().filter(|number| *number < generation).max();
    for number in numbers {
        if last.is_some_and(|last| number < last) {
            // What cannot be removed now is tried again at the next commit.
            let _ = fs::remove_file(path(folder, number));
        }
    }
}

fn path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("retired-{generation}.zst"))
}

/// The generations that have a list.
fn numbers(folder: &Path) -> Vec<u64> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let number = |name: &str| name.strip_prefix("retired-")?.strip_suffix(".zst")?.parse().ok();
    entries.filter_map(|entry| number(entry.file_name().to_str()?)).collect()
}
