//! Passages that the index no longer has: what their ids meant, so that an id in somebody's notes can still be
//! answered. One compressed list; the oldest are forgotten first.

use std::collections::VecDeque;
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::Retired;
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
    /// The list of these bytes; why they are none otherwise.
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<List, String> {
        let mut unpacked = Vec::new();
        zstd::Decoder::new(bytes)
            .and_then(|decoder| decoder.take(LARGEST).read_to_end(&mut unpacked))
            .map_err(|error| error.to_string())?;
        let passages: VecDeque<Stored> =
            postcard::from_bytes(&unpacked).map_err(|error| error.to_string())?;
        let text = passages.iter().map(Stored::size).sum();
        Ok(List { passages, text })
    }

    /// The list as it is kept.
    ///
    /// # Errors
    /// `Internal`, for what should not happen.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let failed = |error: String| Error::Internal {
            message: format!("cannot write the retired passages: {error}"),
        };
        let bytes =
            postcard::to_allocvec(&self.passages).map_err(|error| failed(error.to_string()))?;
        zstd::bulk::compress(&bytes, LEVEL).map_err(|error| failed(error.to_string()))
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
}
