//! The engine on this machine: tantivy for postings, BM25 and storage; everything else is our own.
//!
//! ```text
//! index/
//!   current.json        format version, analyzer fingerprint, and the folder in use; replaced whole
//!   write.lock          held by the process that writes
//!   segments-1/         tantivy's files; the payload of its last commit names the catalog
//!     catalog-7.zst     the documents of generation 7
//!     words-7.zst       the words of its passages as they are written
//!     dictionary-1.bin  what their texts have in common, for packing them
//!   model.json          where its model is, if it has one: see `crate::dense`
//!   dense-53aa….bin     what that has made of its passages
//! ```
//!
//! A commit writes the catalog first and then tantivy's `meta.json`, which names it: whatever
//! happens between the two, the last commit stays whole.

mod alike;
mod among;
mod bm25;
mod careful;
mod catalog;
mod closely;
mod collect;
mod compared;
mod compile;
mod current;
mod dictionary;
mod directory;
mod encoded;
mod entry;
mod explained;
mod gains;
mod group;
mod guarded;
mod likeness;
mod lists;
mod near;
mod node;
mod occurrences;
mod over;
mod packed;
mod part;
mod phrase;
mod prose;
mod proximity;
mod ranked;
mod read;
mod retired;
mod schema;
mod seam;
mod stored;
mod tally;
mod total;
mod vocabulary;
mod waiting;
mod weighed;
mod windows;
mod write;

use std::io;
use std::path::Path;

pub use encoded::Coverage;
pub use guarded::is_guarded;
pub use read::LocalEngine;
pub use write::LocalWriter;

use crate::error::Error;

/// The version of the index's format. Changes when an older program could not read a newer index.
pub const FORMAT: u32 = 10;

/// A failure of tantivy at a path, in our terms.
fn from_tantivy(path: &Path) -> impl Fn(tantivy::TantivyError) -> Error {
    let path = path.to_owned();
    move |error| match error {
        tantivy::TantivyError::LockFailure(..) => Error::IndexLocked { path: path.clone() },
        tantivy::TantivyError::IoError(error) => Error::IndexDamaged {
            path: path.clone(),
            reason: format!("a file of it cannot be read or written: {error}"),
        },
        other => Error::IndexDamaged { path: path.clone(), reason: one_line(&other.to_string()) },
    }
}

/// The same of a failure in writing. A full disk damages nothing, and its own message is lost where a thread met it:
/// tantivy says then that its writer was killed.
fn in_writing(path: &Path) -> impl Fn(tantivy::TantivyError) -> Error {
    let (wrap, path) = (from_tantivy(path), path.to_owned());
    move |error| match disk_fault(&error).or_else(|| probe(&path)) {
        Some(fault) => Error::io("write", &path, fault),
        None => wrap(error),
    }
}

/// What says itself that the disk is full.
fn disk_fault(error: &tantivy::TantivyError) -> Option<io::Error> {
    use tantivy::directory::error::OpenWriteError;
    let fault = match error {
        tantivy::TantivyError::IoError(fault) => fault,
        tantivy::TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => io_error,
        _ => return None,
    };
    is_full(fault).then(|| io::Error::new(fault.kind(), fault.to_string()))
}

/// Tries whether anything more can be written into a folder.
fn probe(folder: &Path) -> Option<io::Error> {
    let path = folder.join("full.tmp");
    let tried = std::fs::write(&path, vec![1; PROBE]);
    // What is there of it is in the way of nothing but room.
    let _ = std::fs::remove_file(&path);
    tried.err().filter(is_full)
}

/// How much is tried, bytes: what tantivy writes at once is more.
const PROBE: usize = 1 << 20;

fn is_full(fault: &io::Error) -> bool {
    matches!(fault.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Messages of libraries go on one line, and not on for ever.
fn one_line(message: &str) -> String {
    const MOST_WORDS: usize = 40;
    let words: Vec<&str> = message.split_whitespace().collect();
    let more = if words.len() > MOST_WORDS { " ..." } else { "" };
    words[..words.len().min(MOST_WORDS)].join(" ") + more
}
