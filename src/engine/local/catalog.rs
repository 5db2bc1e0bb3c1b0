//! The catalog of a local index: a file beside the segments, which the payload of a commit names.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::current::{Current, replace};
use crate::document::path_of;
use crate::engine::{Catalog, Summary, hex};
use crate::error::{Error, Result};
use crate::query::Fields;

/// How it is compressed (Zstandard): to a quarter, most of which are checksums.
const LEVEL: i32 = 1;

/// One that claims to have been made smaller than this has been damaged.
const MOST_TIMES_SMALLER: usize = 1000;

/// What a commit's payload says; small, because it is read by every search.
#[derive(Serialize, Deserialize)]
struct Payload {
    generation: u64,
    digest: String,
    documents: u64,
    passages: u64,
    fields: Vec<String>,
    roots: Vec<String>,
    stamp: String,
    catalog: String,
    catalog_sha256: String,
}

impl Catalog {
    /// Writes the catalog beside the segments; the payload names it.
    pub fn write(&self, folder: &Path) -> Result<String> {
        let bytes = zstd::bulk::compress(&self.to_bytes()?, LEVEL).map_err(|error| {
            Error::Internal { message: format!("cannot write the catalog: {error}") }
        })?;
        let name = format!("catalog-{}.zst", self.summary.generation);
        replace(&folder.join(&name), &bytes)?;
        let payload = Payload {
            generation: self.summary.generation,
            digest: self.summary.digest.clone(),
            documents: self.summary.documents,
            passages: self.summary.passages,
            fields: self.summary.fields.metadata.clone(),
            roots: self.root_names(),
            stamp: self.stamp.clone(),
            catalog: name,
            catalog_sha256: hex(&Sha256::digest(&bytes)),
        };
        serde_json::to_string(&payload)
            .map_err(|error| Error::Internal { message: error.to_string() })
    }

    /// The summary in a commit's payload, without reading the catalog.
    pub fn summary_of(payload: &str) -> Option<Summary> {
        let payload: Payload = serde_json::from_str(payload).ok()?;
        Some(Summary {
            generation: payload.generation,
            digest: payload.digest,
            documents: payload.documents,
            passages: payload.passages,
            fields: Fields { metadata: payload.fields },
            roots: payload.roots.into_iter().map(path_of).collect(),
            stamp: payload.stamp,
        })
    }

    /// The summary of the last commit of an index, even one that this program cannot read otherwise.
    pub fn last_summary(index: &Path) -> Option<Summary> {
        let named = match Current::read(index) {
            Ok(current) => Some(current?.path(index)),
            Err(_) => None,
        };
        let read = |folder: PathBuf| fs::read_to_string(folder.join("meta.json")).ok();
        let meta = named.and_then(read).or_else(|| newest_folder(index).and_then(read))?;
        let meta: serde_json::Value = serde_json::from_str(&meta).ok()?;
        Catalog::summary_of(meta.get("payload")?.as_str()?)
    }

    /// The same of an index that this program can use as it stands: what is refused or damaged is no state of it.
    ///
    /// # Errors
    /// `IndexMissing`, `IndexRefused`, `IndexDamaged`, as far as they show without opening it.
    pub fn usable_summary(index: &Path) -> Result<Summary> {
        let current = Current::read(index)?;
        let current = current.ok_or_else(|| Error::IndexMissing { path: index.to_owned() })?;
        current.check(index)?;
        let path = current.path(index).join("meta.json");
        let meta = fs::read_to_string(&path).map_err(|error| Error::io("read", &path, error))?;
        let meta: Option<serde_json::Value> = serde_json::from_str(&meta).ok();
        let payload = meta.as_ref().and_then(|meta| meta.get("payload")?.as_str());
        payload.and_then(Catalog::summary_of).ok_or_else(|| Error::IndexDamaged {
            path: index.to_owned(),
            reason: "its last commit says nothing of what it holds".to_owned(),
        })
    }

    /// Reads the catalog that a commit's payload names.
    ///
    /// # Errors
    /// `IndexDamaged` when it is missing or is not what the payload says.
    pub fn read(folder: &Path, payload: &str) -> Result<Catalog> {
        let index = folder.parent().unwrap_or(folder);
        let damaged = |reason: String| Error::IndexDamaged { path: index.to_owned(), reason };
        let summary = Catalog::summary_of(payload);
        let parsed: Option<Payload> = serde_json::from_str(payload).ok();
        let (Some(summary), Some(payload)) = (summary, parsed) else {
            return Err(damaged("its last commit does not name a catalog".to_owned()));
        };
        if payload.catalog.contains(['/', '\\']) {
            return Err(damaged(format!(
                "its last commit names the catalog `{}`",
                payload.catalog
            )));
        }
        let bytes = fs::read(folder.join(&payload.catalog))
            .map_err(|error| damaged(format!("`{}`: {error}", payload.catalog)))?;
        if hex(&Sha256::digest(&bytes)) != payload.catalog_sha256 {
            return Err(damaged(format!(
                "`{}` does not have the checksum of its commit",
                payload.catalog
            )));
        }
        zstd::bulk::decompress(&bytes, bytes.len().saturating_mul(MOST_TIMES_SMALLER))
            .map_err(|error| error.to_string())
            .and_then(|bytes| Catalog::from_bytes(&bytes, summary))
            .map_err(|reason| damaged(format!("`{}`: {reason}", payload.catalog)))
    }
}

/// The folder of segments with the greatest number, for an index that does not say which is in use.
fn newest_folder(index: &Path) -> Option<PathBuf> {
    let number =
        |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("segments-")?.parse::<u64>().ok();
    let entries = fs::read_dir(index).ok()?.flatten().map(|entry| entry.path());
    entries.filter(|path| number(path).is_some()).max_by_key(number)
}
