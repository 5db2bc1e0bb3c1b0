//! What an index on a cluster knows of itself: its summary, and, in pieces, the catalog, the words and what it has no more.
//! They are documents of the index like its passages, so that they come and go with it.

use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::client::Client;
use crate::document::path_of;
use crate::engine::{Catalog, Summary, hex};
use crate::error::{Error, Result};
use crate::query::Fields;

/// The id of the document that names all others.
pub const STATE: &str = "state";

/// So many bytes a piece has.
const PIECE: usize = 3 << 20;

/// The last commit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    pub generation: u64,
    pub digest: String,
    pub documents: u64,
    pub passages: u64,
    pub fields: Vec<String>,
    pub roots: Vec<String>,
    pub stamp: String,
    pub catalog: Kept,
    pub words: Kept,
    pub retired: Kept,
}

/// Bytes in pieces: `NAME-GENERATION-NUMBER`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    pub name: String,
    pub generation: u64,
    pub pieces: usize,
    pub sha256: String,
}

impl State {
    /// The state that a catalog describes.
    pub fn of(catalog: &Catalog) -> State {
        let summary = &catalog.summary;
        State {
            generation: summary.generation,
            digest: summary.digest.clone(),
            documents: summary.documents,
            passages: summary.passages,
            fields: summary.fields.metadata.clone(),
            roots: catalog.root_names(),
            stamp: summary.stamp.clone(),
            ..State::default()
        }
    }

    /// The summary.
    pub fn summary(&self) -> Summary {
        Summary {
            generation: self.generation,
            digest: self.digest.clone(),
            documents: self.documents,
            passages: self.passages,
            fields: Fields { metadata: self.fields.clone() },
            roots: self.roots.iter().cloned().map(path_of).collect(),
            stamp: self.stamp.clone(),
        }
    }

    /// The document that keeps it.
    ///
    /// # Errors
    /// `Internal`, for what should not happen.
    pub fn document(&self) -> Result<Value> {
        let state = serde_json::to_value(self);
        let state = state.map_err(|error| Error::Internal { message: error.to_string() })?;
        Ok(json!({ "kind": "state", "state": state }))
    }

    /// The state of an index, with its sequence number and term, by which another writer would be seen; `None` where
    /// nothing has been committed.
    ///
    /// # Errors
    /// As [`Client::done`]; `IndexDamaged` where it is not one.
    pub fn read(client: &Client, index: &str) -> Result<Option<(State, (u64, u64))>> {
        let Some(found) = client.find(&format!("/{index}/_doc/{STATE}"))? else { return Ok(None) };
        let version = (
            found["_seq_no"].as_u64().unwrap_or_default(),
            found["_primary_term"].as_u64().unwrap_or_default(),
        );
        let state = serde_json::from_value(found["_source"]["state"].clone());
        let state = state.map_err(|error| damaged(client, format!("its last commit: {error}")))?;
        Ok(Some((state, version)))
    }
}

impl Kept {
    /// The pieces of bytes, each with its id, and what names them.
    pub fn pieces(name: &str, generation: u64, bytes: &[u8]) -> (Kept, Vec<(String, Value)>) {
        let pieces = bytes.chunks(PIECE).enumerate().map(|(number, piece)| {
            let content =
                json!({ "kind": "state", "state": { "bytes": BASE64_STANDARD.encode(piece) } });
            (format!("{name}-{generation}-{number}"), content)
        });
        let pieces: Vec<(String, Value)> = pieces.collect();
        let kept = Kept {
            name: name.to_owned(),
            generation,
            pieces: pieces.len(),
            sha256: hex(&Sha256::digest(bytes)),
        };
        (kept, pieces)
    }

    /// The ids of the pieces.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        let (name, generation) = (self.name.clone(), self.generation);
        (0..self.pieces).map(move |number| format!("{name}-{generation}-{number}"))
    }

    /// The bytes; none where nothing was kept.
    ///
    /// # Errors
    /// As [`Client::done`]; `IndexDamaged` where they are not all there.
    pub fn read(&self, client: &Client, index: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for id in self.ids() {
            let found = client.find(&format!("/{index}/_doc/{id}"))?;
            let piece =
                found.as_ref().and_then(|found| found["_source"]["state"]["bytes"].as_str());
            let piece = piece.and_then(|piece| BASE64_STANDARD.decode(piece).ok());
            bytes.extend(piece.ok_or_else(|| damaged(client, format!("`{id}` is missing")))?);
        }
        if self.pieces > 0 && hex(&Sha256::digest(&bytes)) != self.sha256 {
            return Err(damaged(client, format!("`{}` does not have its checksum", self.name)));
        }
        Ok(bytes)
    }
}

/// The catalog of a state.
///
/// # Errors
/// As [`Kept::read`].
pub fn catalog(client: &Client, index: &str, state: &State) -> Result<Catalog> {
    let bytes = state.catalog.read(client, index)?;
    Catalog::from_bytes(&bytes, state.summary())
        .map_err(|error| damaged(client, format!("its catalog: {error}")))
}

/// The index is not what was written.
pub fn damaged(client: &Client, reason: String) -> Error {
    Error::IndexDamaged { path: PathBuf::from(&client.address), reason }
}
