//! What a run has written so far, noted in the index beside its passages: one that was interrupted is gone on with.
//! A note counts when all that it speaks of has arrived, and when all notes before it are there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Mutex;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::client::Client;
use super::outbox::push;
use super::state::damaged;
use crate::engine::{Catalog, Documents, Summary, held};
use crate::error::Result;

/// The notes of a run.
pub struct Journal {
    /// Of the commit to come.
    generation: u64,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    /// What is whole, and the words met, since the last request began.
    next: Note,
    /// The number of the request that begins next.
    request: u64,
    /// The requests that have not arrived.
    open: BTreeSet<u64>,
    /// Each with the request that it waits for, in order.
    waiting: Vec<(u64, Note)>,
    /// How many have been written.
    written: u64,
}

/// Files that are whole in the index.
#[derive(Default)]
pub struct Note {
    /// The run, with these files.
    pub catalog: Catalog,
    /// Lines of words, as the list of an index has them.
    pub words: String,
}

impl Journal {
    /// A journal for the run that makes this generation, of which so many notes are there.
    pub fn new(generation: u64, written: u64) -> Journal {
        Journal { generation, notes: Mutex::new(Notes { written, ..Notes::default() }) }
    }

    /// Words that were met for the first time.
    pub fn meet(&self, words: &[Box<str>]) {
        let mut notes = held(&self.notes);
        for word in words {
            let _ = writeln!(notes.next.words, "{word}");
        }
    }

    /// Files that are whole when all requests that have begun, and the next one, have arrived.
    pub fn note(&self, run: &Catalog, files: Documents) {
        let catalog = &mut held(&self.notes).next.catalog;
        catalog.roots.clone_from(&run.roots);
        catalog.config.clone_from(&run.config);
        catalog.documents.extend(files);
    }

    /// The number of a request that begins with all that was to be sent.
    pub fn begins(&self) -> u64 {
        let mut notes = held(&self.notes);
        let number = notes.request;
        notes.request += 1;
        notes.open.insert(number);
        let note = std::mem::take(&mut notes.next);
        notes.waiting.push((number, note));
        number
    }

    /// A request has arrived: the lines of the notes that count now.
    ///
    /// # Errors
    /// `Internal`, for what should not happen.
    pub fn arrived(&self, request: u64) -> Result<Vec<u8>> {
        let mut notes = held(&self.notes);
        notes.open.remove(&request);
        let first = notes.open.first().copied().unwrap_or(u64::MAX);
        let ready = notes.waiting.iter().take_while(|(waits_for, _)| *waits_for < first).count();
        let ready: Vec<Note> = notes.waiting.drain(..ready).map(|(_, note)| note).collect();
        let mut lines = Vec::new();
        for note in ready.iter().filter(|note| !note.is_empty()) {
            let id = id(self.generation, notes.written);
            push(&mut lines, &json!({ "index": { "_id": id } }), Some(&note.document()?));
            notes.written += 1;
        }
        Ok(lines)
    }
}

impl Note {
    fn is_empty(&self) -> bool {
        self.catalog.documents.is_empty() && self.words.is_empty()
    }

    fn document(&self) -> Result<Value> {
        let catalog = BASE64_STANDARD.encode(self.catalog.to_bytes()?);
        Ok(json!({ "kind": "note", "state": { "catalog": catalog, "words": self.words } }))
    }

    fn read(client: &Client, source: &Value) -> Result<Note> {
        let catalog = source["state"]["catalog"].as_str().unwrap_or_default();
        let catalog = BASE64_STANDARD.decode(catalog).map_err(|error| error.to_string());
        let catalog = catalog.and_then(|bytes| Catalog::from_bytes(&bytes, Summary::default()));
        let catalog = catalog.map_err(|error| damaged(client, format!("a note: {error}")))?;
        let words = source["state"]["words"].as_str().unwrap_or_default().to_owned();
        Ok(Note { catalog, words })
    }
}

/// What a run that was interrupted has noted for this generation of an index, put together, and how many notes that
/// is; `None` where there is none.
///
/// # Errors
/// As [`Client::done`]; `IndexDamaged` where a note cannot be read.
pub fn read(client: &Client, index: &str, generation: u64) -> Result<Option<(Note, u64)>> {
    let mut all: Option<(Note, u64)> = None;
    for number in 0.. {
        let path = format!("/{index}/_doc/{}", id(generation, number));
        let Some(found) = client.find(&path)? else { break };
        let note = Note::read(client, &found["_source"])?;
        let (whole, count) = all.get_or_insert_default();
        if !note.catalog.documents.is_empty() {
            let mut documents = std::mem::take(&mut whole.catalog.documents);
            // A run with another configuration has written everything anew.
            if !whole.catalog.is_of_same(&note.catalog) {
                documents.clear();
            }
            documents.extend(note.catalog.documents);
            whole.catalog = Catalog { documents, ..note.catalog };
        }
        whole.words.push_str(&note.words);
        *count += 1;
    }
    Ok(all)
}

fn id(generation: u64, number: u64) -> String {
    format!("note-{generation}-{number}")
}
