//! `current.json`: which folder of the index is in use, and whether this program can read it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::FORMAT;
use crate::analyze;
use crate::error::{Error, Result};
use crate::meaning;

const NAME: &str = "current.json";

/// The content of `current.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Current {
    /// See [`FORMAT`].
    pub format: u32,
    /// See [`analyze::fingerprint`].
    pub analyzer: String,
    /// See [`meaning::DIGEST`]. Older formats lack it.
    #[serde(default)]
    pub meaning: String,
    /// Name of the folder in use, under the index's own.
    pub folder: String,
}

impl Current {
    /// A new state that uses a folder of this name.
    pub fn of_folder(folder: String) -> Current {
        let meaning = meaning::DIGEST.to_owned();
        Current { format: FORMAT, analyzer: analyze::fingerprint(), meaning, folder }
    }

    /// Reads the state of an index; `None` when there is no index.
    ///
    /// # Errors
    /// `IndexDamaged` when the file is not readable.
    pub fn read(index: &Path) -> Result<Option<Current>> {
        let path = index.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path, error)),
        };
        let damaged = |reason| Error::IndexDamaged { path: index.to_owned(), reason };
        let current: Current = serde_json::from_str(&text)
            .map_err(|error| damaged(format!("`{NAME}` is malformed: {error}")))?;
        let is_plain = !current.folder.is_empty()
            && current.folder.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        match is_plain {
            true => Ok(Some(current)),
            false => Err(damaged(format!("`{NAME}` names the folder `{}`", current.folder))),
        }
    }

    /// Whether this program can use the index.
    ///
    /// # Errors
    /// `IndexRefused` with the reason.
    pub fn check(&self, index: &Path) -> Result<()> {
        let refused = |reason| Err(Error::IndexRefused { path: index.to_owned(), reason });
        if self.format != FORMAT {
            let age = if self.format > FORMAT { "newer" } else { "older" };
            return refused(format!(
                "its format {} is {age} than this program's, {FORMAT}",
                self.format
            ));
        }
        if self.analyzer != analyze::FINGERPRINT {
            return refused("it was made by another version of the analyzer".to_owned());
        }
        if self.meaning != meaning::DIGEST {
            return refused("its passages mean what they mean by another table".to_owned());
        }
        Ok(())
    }

    /// Replaces `current.json` in one step.
    pub fn write(&self, index: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::Internal { message: error.to_string() })?;
        replace(&index.join(NAME), text.as_bytes())
    }

    /// The path of the folder in use.
    pub fn path(&self, index: &Path) -> PathBuf {
        index.join(&self.folder)
    }
}

/// Writes a file so that it is there whole or not at all, even over a crash.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("partial");
    let write = || {
        let mut file = fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, path)?;
        match path.parent() {
            Some(parent) => sync_folder(parent),
            None => Ok(()),
        }
    };
    write().map_err(|error| Error::io("write", path, error))
}

/// Makes a renaming durable. Not every system can open a folder for that; there it is left out.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    match fs::File::open(folder) {
        Ok(folder) if cfg!(unix) => folder.sync_all(),
        _ => Ok(()),
    }
}
