//! Whether an index is up to date with its files: asked by every search, so it reads no file and lists
//! none that it need not.

use std::hash::Hasher;
use std::path::Path;

use rustc_hash::FxHasher;
use sha2::{Digest, Sha256};

use super::plan::plan;
use crate::engine::{Engine, FileStamp, Store, Summary, hex};
use crate::error::Result;
use crate::read::corpus::Corpus;
use crate::read::files::{Files, Met, SourceFile, find, walk};

/// Whether the files under the roots of an index, by name, size and time, and the configuration are
/// those that were indexed. Reads the folders and nothing else.
pub fn is_fresh(summary: &Summary, store: &Store) -> Result<bool> {
    let Some(first) = summary.roots.first().filter(|_| summary.roots.iter().all(|r| r.exists()))
    else {
        return Ok(true); // The reports are elsewhere now; the index is what there is.
    };
    let mut sum = 0u128;
    walk(&summary.roots, folder(store), &mut |met| {
        match met {
            Met::File(file) => {
                let (prefix, name) = file.id_parts();
                // A file that is gone by now has no stamp, which none that was indexed has.
                let stamp =
                    file.metadata().map_or_else(|_| FileStamp::default(), |m| FileStamp::of(&m));
                sum = sum.wrapping_add(of_file(prefix, name, stamp));
            }
            Met::Failed(name, _) => {
                sum = sum.wrapping_add(of_file(&name, "", FileStamp::default()));
            }
            Met::Link(_) => {}
        }
    })?;
    Ok(text(sum, &Corpus::digest_of(first)?) == summary.stamp)
}

/// The files whose content may differ from what an index holds, without reading any: how many were
/// changed or added, and how many are gone.
pub fn staleness(engine: &dyn Engine, store: &Store) -> Result<usize> {
    let catalog = engine.catalog()?;
    if catalog.roots.iter().any(|root| !root.exists()) {
        return Ok(0);
    }
    let files = find(&catalog.roots, folder(store))?;
    let config = catalog.roots.first().map(|root| Corpus::of(root)).transpose()?;
    // Another configuration means that every file is to be read again.
    let is_same_config =
        config.is_none_or(|corpus| catalog.config.starts_with(&format!("{}:", corpus.digest)));
    let plan = plan(&files, &catalog, is_same_config);
    Ok(plan.to_read.len() + plan.removed.len() + usize::from(plan.has_new_failures))
}

/// How many files have changed since an index was made of them; `None` where that cannot be known, as they are not here.
pub fn changed_files(engine: &dyn Engine, store: &Store) -> Option<usize> {
    let summary = engine.summary();
    if summary.roots.is_empty() || !summary.roots.iter().all(|root| root.exists()) {
        return None;
    }
    match is_fresh(summary, store).ok()? {
        true => Some(0),
        false => staleness(engine, store).ok(),
    }
}

/// The folder of an index, which is not for reading; nothing where it is kept elsewhere.
pub(super) fn folder(store: &Store) -> &Path {
    store.folder().unwrap_or(Path::new(""))
}

/// See [`Summary::stamp`].
pub fn stamp_of_all(files: &Files, config: &str) -> String {
    stamp_of(files.files.iter().chain(&files.doubles), &files.unlisted(), config)
}

/// The same of some of the files.
pub fn stamp_of<'f>(
    files: impl Iterator<Item = &'f SourceFile>,
    unlisted: &[&str],
    config: &str,
) -> String {
    let files = files.map(|file| {
        // The halves of an id need not be told apart: what is hashed is one after the other.
        of_file(&file.doc_id, "", FileStamp::of(&file.metadata))
    });
    let unlisted = unlisted.iter().map(|name| of_file(name, "", FileStamp::default()));
    text(files.chain(unlisted).fold(0, u128::wrapping_add), config)
}

/// 128 bits for a file, by a fast hash: a check against change, not against malice. The sum over all
/// files does not depend on their order, so that nothing need be kept and sorted.
fn of_file(prefix: &str, name: &str, stamp: FileStamp) -> u128 {
    let half = |seed: u64| {
        let mut hash = FxHasher::default();
        hash.write_u64(seed);
        // Byte by byte of the id, wherever it is divided.
        prefix.bytes().chain(name.bytes()).for_each(|byte| hash.write_u8(byte));
        hash.write_u64(stamp.size);
        hash.write_i128(stamp.modified);
        u128::from(hash.finish())
    };
    half(1) << 64 | half(2)
}

fn text(sum: u128, config: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(config);
    hash.update(sum.to_be_bytes());
    let digest = hash.finalize();
    hex(&digest[..16])
}
