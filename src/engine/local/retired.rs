//! The list of retired passages of a local index: a file beside the segments for each generation that has retired any.

use std::fs;
use std::path::{Path, PathBuf};

use super::current::replace;
use crate::engine::retired::List;
use crate::error::{Error, Result};

/// The list as a generation has it.
///
/// # Errors
/// `IndexDamaged` where it is there and cannot be read.
pub fn read(folder: &Path, generation: u64) -> Result<List> {
    let numbers = numbers(folder).into_iter().filter(|number| *number <= generation);
    let Some(number) = numbers.max() else { return Ok(List::default()) };
    let path = path(folder, number);
    let damaged = |reason: String| Error::IndexDamaged { path: path.clone(), reason };
    let bytes = fs::read(&path).map_err(|error| damaged(error.to_string()))?;
    List::from_bytes(&bytes).map_err(damaged)
}

/// Writes the list as a generation has it.
///
/// # Errors
/// `Io`.
pub fn write(list: &List, folder: &Path, generation: u64) -> Result<()> {
    replace(&path(folder, generation), &list.to_bytes()?)
}

/// Removes the lists that neither this generation nor the last one reads.
pub fn remove_old(folder: &Path, generation: u64) {
    let numbers = numbers(folder);
    let last = numbers.iter().copied().filter(|number| *number < generation).max();
    for number in numbers {
        if last.is_some_and(|last| number < last) {
            // What cannot be removed now is tried again at the next commit.
            let _ = fs::remove_file(path(folder, number));
        }
    }
}

fn path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("retired-{generation}.zst"))
}

/// The generations that have a list.
fn numbers(folder: &Path) -> Vec<u64> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let number = |name: &str| name.strip_prefix("retired-")?.strip_suffix(".zst")?.parse().ok();
    entries.filter_map(|entry| number(entry.file_name().to_str()?)).collect()
}
