//! The catalog: the documents of one generation of the index, with what is needed to see whether
//! their files have changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::current::{Current, replace};
use crate::engine::{Listed, Outcome, Summary};
use crate::error::{Error, Result};
use crate::query::Fields;

/// The documents of an index and where they came from.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The catalog in short.
    pub summary: Summary,
    /// The folders and files that were indexed, as absolute paths.
    pub roots: Vec<PathBuf>,
    /// What else the content of the index depends on: the configuration of the corpus, as a digest.
    pub config: String,
    /// See [`Summary::stamp`].
    pub stamp: String,
    /// What became of each file, and of each record in one, by id.
    pub documents: Documents,
    /// Links, which are not followed, with the reason.
    pub skipped: Vec<(String, String)>,
}

/// Files and the records in them, by id, each with the stamp of its file.
pub type Documents = BTreeMap<String, (Listed, FileStamp)>;

/// What tells, without reading a file, that it has not changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// Bytes.
    pub size: u64,
    /// Time of the last change: nanoseconds since 1970.
    pub modified: i128,
}

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

/// A document as it is written to the catalog's file.
#[derive(Serialize, Deserialize)]
struct Entry {
    doc_id: String,
    path: Option<String>,
    title: String,
    lang: Option<String>,
    metadata: BTreeMap<String, Vec<String>>,
    sha256: [u8; 32],
    bytes: u64,
    passages: u64,
    warnings: Vec<String>,
    outcome: Outcome,
    container: Option<String>,
    stamp: FileStamp,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    roots: Vec<String>,
    config: String,
    entries: Vec<Entry>,
    skipped: Vec<(String, String)>,
}

impl FileStamp {
    /// The stamp of a file's metadata.
    pub fn of(metadata: &fs::Metadata) -> FileStamp {
        let modified = metadata.modified().ok().map_or(0, |time| {
            match time.duration_since(std::time::UNIX_EPOCH) {
                Ok(after) => after.as_nanos() as i128,
                Err(before) => -(before.duration().as_nanos() as i128),
            }
        });
        FileStamp { size: metadata.len(), modified }
    }
}

impl Catalog {
    /// What is known of the records in a file.
    pub fn records_of(&self, file: &str) -> impl Iterator<Item = (&String, &(Listed, FileStamp))> {
        // The ids of records begin with that of their file and a `#`; `$` is the next character.
        let records = self.documents.range(format!("{file}#")..format!("{file}$"));
        let file = file.to_owned();
        records.filter(move |(_, (listed, _))| listed.container.as_ref() == Some(&file))
    }

    /// Counts the documents and works out digest and fields for the next generation.
    pub fn summarize(&mut self, generation: u64) {
        let read = || self.documents.values().filter(|(listed, _)| listed.is_document());
        let mut hash = Sha256::new();
        let mut fields: Vec<String> = Vec::new();
        for (listed, _) in read() {
            hash.update(listed.doc_id.as_bytes());
            hash.update([0]);
            hash.update(listed.sha256);
            fields.extend(listed.metadata.keys().cloned());
        }
        fields.sort_unstable();
        fields.dedup();
        self.summary = Summary {
            generation,
            digest: format!("sha256:{}", hex(&hash.finalize())),
            documents: read().count() as u64,
            passages: read().map(|(listed, _)| listed.passages).sum(),
            fields: Fields { metadata: fields },
            roots: self.roots.clone(),
            stamp: self.stamp.clone(),
        };
    }

    /// Writes the catalog beside the segments; the payload names it.
    pub fn write(&self, folder: &Path) -> Result<String> {
        let stored = Stored {
            roots: self.root_names(),
            config: self.config.clone(),
            entries: self.documents.values().map(|(listed, stamp)| entry(listed, *stamp)).collect(),
            skipped: self.skipped.clone(),
        };
        let bytes = postcard::to_allocvec(&stored).map_err(|error| Error::Internal {
            message: format!("cannot write the catalog: {error}"),
        })?;
        let name = format!("catalog-{}.bin", self.summary.generation);
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

    fn root_names(&self) -> Vec<String> {
        self.roots.iter().map(|root| root.to_string_lossy().into_owned()).collect()
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
            roots: payload.roots.into_iter().map(PathBuf::from).collect(),
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
        let stored: Stored = postcard::from_bytes(&bytes)
            .map_err(|error| damaged(format!("`{}`: {error}", payload.catalog)))?;
        Ok(Catalog {
            stamp: summary.stamp.clone(),
            summary,
            roots: stored.roots.into_iter().map(PathBuf::from).collect(),
            config: stored.config,
            documents: stored.entries.into_iter().map(listed).collect(),
            skipped: stored.skipped,
        })
    }
}

/// The folder of segments with the greatest number, for an index that does not say which is in use.
fn newest_folder(index: &Path) -> Option<PathBuf> {
    let number =
        |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("segments-")?.parse::<u64>().ok();
    let entries = fs::read_dir(index).ok()?.flatten().map(|entry| entry.path());
    entries.filter(|path| number(path).is_some()).max_by_key(number)
}

fn entry(listed: &Listed, stamp: FileStamp) -> Entry {
    Entry {
        doc_id: listed.doc_id.clone(),
        path: listed.path.as_ref().map(|path| path.to_string_lossy().into_owned()),
        title: listed.title.clone(),
        lang: listed.lang.clone(),
        metadata: listed.metadata.clone(),
        sha256: listed.sha256,
        bytes: listed.bytes,
        passages: listed.passages,
        warnings: listed.warnings.clone(),
        outcome: listed.outcome.clone(),
        container: listed.container.clone(),
        stamp,
    }
}

fn listed(entry: Entry) -> (String, (Listed, FileStamp)) {
    let listed = Listed {
        doc_id: entry.doc_id.clone(),
        path: entry.path.map(PathBuf::from),
        title: entry.title,
        lang: entry.lang,
        metadata: entry.metadata,
        sha256: entry.sha256,
        bytes: entry.bytes,
        passages: entry.passages,
        warnings: entry.warnings,
        outcome: entry.outcome,
        container: entry.container,
    };
    (entry.doc_id, (listed, entry.stamp))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
