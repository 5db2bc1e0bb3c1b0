//! Where an index is kept: a folder of this machine, or a cluster.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::local::{LocalEngine, LocalWriter};
#[cfg(feature = "opensearch")]
use super::opensearch::{Address, OpenSearchEngine, OpenSearchWriter};
use super::{Engine, Summary, Writer, WriterOptions};
#[cfg(feature = "opensearch")]
use crate::error::Error;
use crate::error::Result;

/// Where an index is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// A folder of this machine.
    Folder(PathBuf),
    /// An index on an OpenSearch cluster.
    #[cfg(feature = "opensearch")]
    Cluster(Address),
}

impl Store {
    /// Opens the index as its last commit left it.
    ///
    /// # Errors
    /// `IndexMissing` where there is none; `IndexRefused` where this program cannot use it; `IndexDamaged` where it
    /// cannot be read.
    pub fn open(&self) -> Result<Arc<dyn Engine>> {
        match self {
            Store::Folder(path) => Ok(Arc::new(LocalEngine::open(path)?)),
            #[cfg(feature = "opensearch")]
            Store::Cluster(address) => Ok(Arc::new(OpenSearchEngine::open(address)?)),
        }
    }

    /// Opens the index for writing, creating what is missing.
    ///
    /// # Errors
    /// As [`LocalWriter::open`].
    pub fn writer(&self, options: WriterOptions) -> Result<Box<dyn Writer>> {
        match self {
            Store::Folder(path) => Ok(Box::new(LocalWriter::open(path, options)?)),
            #[cfg(feature = "opensearch")]
            Store::Cluster(address) => Ok(Box::new(OpenSearchWriter::open(address, options)?)),
        }
    }

    /// What the last commit says of the index, even of one that this program can read no more of than that.
    pub fn summary(&self) -> Option<Summary> {
        match self {
            Store::Folder(path) => LocalEngine::summary_of(path),
            #[cfg(feature = "opensearch")]
            Store::Cluster(address) => OpenSearchEngine::summary_of(address),
        }
    }

    /// The same of an index that this program can use, as far as that shows without opening it.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn usable_summary(&self) -> Result<Summary> {
        match self {
            Store::Folder(path) => LocalEngine::usable_summary_of(path),
            #[cfg(feature = "opensearch")]
            Store::Cluster(address) => {
                OpenSearchEngine::summary_of(address).ok_or_else(|| Error::Engine {
                    engine: address.to_string(),
                    message: "does not say what it holds".to_owned(),
                    hint: None,
                })
            }
        }
    }

    /// The folder, where it is one: it may lie under what is indexed.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Store::Folder(path) => Some(path),
            #[cfg(feature = "opensearch")]
            Store::Cluster(_) => None,
        }
    }
}

impl From<PathBuf> for Store {
    fn from(path: PathBuf) -> Store {
        Store::Folder(path)
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Store::Folder(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "opensearch")]
            Store::Cluster(address) => write!(f, "{address}"),
        }
    }
}
