//! A shard: the passages of some of the files of a shelf, cut and not yet indexed, as lines of JSON under
//! Zstandard, so that many machines can read and cut and one can index.
//!
//! ```text
//! shard-1.jsonl.zst       a header; then each document with its passages behind it, in order; and what became
//!                         of the files that are none
//! shard-1.errors.jsonl    what could not be read, with the reason
//! shard-1.manifest.json   written last: counts, digests, and what the shard was made of
//! ```
//!
//! Which files are whose is decided by their ids alone, so that a new file changes one shard. Nothing in a shard
//! depends on the analyzer.

mod line;
mod manifest;
mod read;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::{Digest, Sha256};

pub use manifest::{Counts, Manifest, Whole, root_names};
pub use read::{Shard, Taken, expand, finished, shards};
pub use write::{Lines, ShardWriter, write_manifest};

use crate::error::{Error, Result};

/// The version of the lines and of the manifest. Changes when an older program could not read a newer shard.
pub const VERSION: u32 = 1;

/// How the name of a shard ends.
const ENDING: &str = ".jsonl.zst";

/// As many shards as there may be of one shelf.
const MOST: u32 = 100_000;

/// One of so many parts of a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which, from 1 on.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Default for Part {
    /// All of it.
    fn default() -> Part {
        Part { number: 1, of: 1 }
    }
}

impl FromStr for Part {
    type Err = String;

    /// Reads `2/8`.
    fn from_str(text: &str) -> std::result::Result<Part, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) && of <= MOST => {
                Ok(Part { number, of })
            }
            _ => {
                Err(format!("expected a number and how many there are, as in `2/8`, up to {MOST}"))
            }
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Part {
    /// Whether a file belongs to this part.
    pub fn has(self, doc_id: &str) -> bool {
        let digest = Sha256::digest(doc_id.as_bytes());
        let number =
            digest.iter().take(8).fold(0u64, |number, &byte| number << 8 | u64::from(byte));
        number % u64::from(self.of) == u64::from(self.number - 1)
    }
}

/// The files of a shard.
#[derive(Clone, Debug)]
pub struct Names {
    /// Documents and passages.
    pub data: PathBuf,
    /// What could not be read.
    pub errors: PathBuf,
    /// What the shard is.
    pub manifest: PathBuf,
}

impl Names {
    /// The names that go with that of the data.
    ///
    /// # Errors
    /// `Usage` where the name does not end as such names do.
    pub fn of(data: &Path) -> Result<Names> {
        let name = data.file_name().map(|name| name.to_string_lossy().into_owned());
        let stem = name.as_deref().and_then(|name| name.strip_suffix(ENDING));
        let Some(stem) = stem.filter(|stem| !stem.is_empty()) else {
            return Err(Error::Usage {
                message: format!("`{}` is no name for a shard", data.display()),
                hint: Some(format!("let it end with `{ENDING}`: `shard-1{ENDING}`")),
            });
        };
        Ok(Names {
            data: data.to_owned(),
            errors: data.with_file_name(format!("{stem}.errors.jsonl")),
            manifest: data.with_file_name(format!("{stem}.manifest.json")),
        })
    }
}
