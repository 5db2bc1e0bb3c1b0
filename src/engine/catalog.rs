//! The catalog: the documents of one generation of an index, with what is needed to see whether their files have
//! changed. Every engine keeps it, as these bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Listed, Outcome, Summary, once};
use crate::document::{name_text, path_of};
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
    hides_text: bool,
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

/// The documents of a catalog, read when they are first asked for.
#[derive(Debug, Default)]
pub(super) struct ListedOnce(OnceLock<Vec<Listed>>);

impl ListedOnce {
    /// The documents, by id, of what `catalog` reads.
    ///
    /// # Errors
    /// As `catalog`.
    pub fn of(&self, catalog: impl FnOnce() -> Result<Catalog>) -> Result<&[Listed]> {
        let listed = || {
            let documents = catalog()?.documents.into_values();
            Ok(documents.map(|(listed, _)| listed).collect())
        };
        once(&self.0, listed).map(Vec::as_slice)
    }
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
    /// Whether the same folders and files were indexed in the same way.
    pub fn is_of_same(&self, other: &Catalog) -> bool {
        self.config == other.config && self.roots == other.roots
    }

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

    /// The catalog as it is stored; what [`Catalog::from_bytes`] reads.
    ///
    /// # Errors
    /// `Internal`, for what should not happen.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let stored = Stored {
            roots: self.root_names(),
            config: self.config.clone(),
            entries: self.documents.values().map(|(listed, stamp)| entry(listed, *stamp)).collect(),
            skipped: self.skipped.clone(),
        };
        postcard::to_allocvec(&stored).map_err(|error| Error::Internal {
            message: format!("cannot write the catalog: {error}"),
        })
    }

    /// The catalog of these bytes, which this is the summary of; why they are none otherwise.
    pub(super) fn from_bytes(
        bytes: &[u8],
        summary: Summary,
    ) -> std::result::Result<Catalog, String> {
        let stored: Stored = postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        Ok(Catalog {
            stamp: summary.stamp.clone(),
            summary,
            roots: stored.roots.into_iter().map(path_of).collect(),
            config: stored.config,
            documents: stored.entries.into_iter().map(listed).collect(),
            skipped: stored.skipped,
        })
    }

    /// The roots as text.
    pub(super) fn root_names(&self) -> Vec<String> {
        self.roots.iter().map(|root| name_text(root.as_os_str()).into_owned()).collect()
    }
}

fn entry(listed: &Listed, stamp: FileStamp) -> Entry {
    Entry {
        doc_id: listed.doc_id.clone(),
        path: listed.path.as_ref().map(|path| name_text(path.as_os_str()).into_owned()),
        title: listed.title.clone(),
        lang: listed.lang.clone(),
        metadata: listed.metadata.clone(),
        sha256: listed.sha256,
        bytes: listed.bytes,
        passages: listed.passages,
        warnings: listed.warnings.clone(),
        hides_text: listed.hides_text,
        outcome: listed.outcome.clone(),
        container: listed.container.clone(),
        stamp,
    }
}

fn listed(entry: Entry) -> (String, (Listed, FileStamp)) {
    let listed = Listed {
        doc_id: entry.doc_id.clone(),
        path: entry.path.map(path_of),
        title: entry.title,
        lang: entry.lang,
        metadata: entry.metadata,
        sha256: entry.sha256,
        bytes: entry.bytes,
        passages: entry.passages,
        warnings: entry.warnings,
        hides_text: entry.hides_text,
        outcome: entry.outcome,
        container: entry.container,
    };
    (entry.doc_id, (listed, entry.stamp))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
