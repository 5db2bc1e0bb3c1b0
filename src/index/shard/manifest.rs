//! The manifest of a shard: what it was made of and what is in it. A shard that has one is finished.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Names, Part, VERSION};
use crate::document::name_text;
use crate::error::{Error, Result};

/// What stands in `shard-1.manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// See [`VERSION`].
    pub version: u32,
    /// Which shard, from 1 on.
    pub shard: u32,
    /// Of how many.
    pub of: u32,
    /// The folders and files that were read, as absolute paths.
    pub roots: Vec<String>,
    /// What else the passages depend on: configuration, readers, size of passages.
    pub config: String,
    /// A digest of the names, sizes and times of the shard's own files.
    pub stamp: String,
    /// What holds for the whole shelf, of which this is a part.
    pub whole: Whole,
    /// How much is in it.
    pub counts: Counts,
    /// Size of the data, bytes.
    pub bytes: u64,
    /// SHA-256 of the data.
    pub sha256: String,
    /// SHA-256 of the errors.
    pub errors_sha256: String,
}

/// What all shards of a shelf have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// How many files there are.
    pub files: u64,
    /// A digest of their names and sizes.
    pub digest: String,
    /// A digest of their names, sizes and times: on another machine it may be another one.
    pub stamp: String,
    /// Links, which are not followed, with the reason.
    pub skipped: Vec<(String, String)>,
    /// Folders that could not be listed, with the reason.
    pub unlisted: Vec<(String, String)>,
}

/// How much is in a shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Files that were read.
    pub files: u64,
    /// Documents.
    pub documents: u64,
    /// Passages.
    pub passages: u64,
    /// Files and records that could not be read.
    pub failed: u64,
    /// Lines of the data.
    pub lines: u64,
}

/// Just enough of a manifest to see whether the rest can be understood.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Manifest {
    /// Reads the manifest of a shard; `None` where there is none: the shard is not finished.
    ///
    /// # Errors
    /// `Shard` where it is malformed or of another version, `Io`.
    pub fn read(names: &Names) -> Result<Option<Manifest>> {
        let path = &names.manifest;
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path, error)),
        };
        let malformed = |error: serde_json::Error| {
            Error::shard(path, None, format!("the manifest is malformed: {error}"))
        };
        let Versioned { version } = serde_json::from_str(&text).map_err(malformed)?;
        check_version(path, None, version)?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(malformed)?;
        if !(1..=manifest.of).contains(&manifest.shard) {
            let message = format!("there is no shard {} of {}", manifest.shard, manifest.of);
            return Err(Error::shard(path, None, message));
        }
        Ok(Some(manifest))
    }

    /// Which part of the shelf it is of.
    pub fn part(&self) -> Part {
        Part { number: self.shard, of: self.of }
    }

    /// Whether the data of a finished shard would be made again as it is.
    pub fn is_of_same(&self, wanted: &Manifest) -> bool {
        self.part() == wanted.part()
            && self.roots == wanted.roots
            && self.config == wanted.config
            && self.stamp == wanted.stamp
    }

    /// What another shard of the same shelf cannot have otherwise.
    pub fn differs(&self, other: &Manifest) -> Option<&'static str> {
        let is_other = |is_other: bool, what| is_other.then_some(what);
        is_other(self.of != other.of, "is one of another number of shards")
            .or(is_other(self.roots != other.roots, "is of other folders"))
            .or(is_other(self.config != other.config, "was cut with another configuration"))
            .or(is_other(self.whole.digest != other.whole.digest, "was made of other files"))
    }
}

/// Whether this program can read what is of this version.
///
/// # Errors
/// `Shard`.
pub fn check_version(path: &Path, line: Option<u64>, version: u32) -> Result<()> {
    if version == VERSION {
        return Ok(());
    }
    let age = if version > VERSION { "newer" } else { "older" };
    let message = format!("its version {version} is {age} than this program's, {VERSION}");
    Err(Error::shard(path, line, message))
}

/// The paths of roots as a manifest names them.
pub fn root_names(roots: &[PathBuf]) -> Vec<String> {
    roots.iter().map(|root| name_text(root.as_os_str()).into_owned()).collect()
}
