//! The files of a corpus: found under its roots in a fixed order, each with the document it becomes.

use std::fs;
use std::path::{Path, PathBuf};

use super::corpus::CONFIG_NAME;
use super::format::{Format, format_of_name};
use crate::error::{Error, Result};

/// A file to be read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The id its document will have.
    pub doc_id: String,
    /// Where the file is.
    pub path: PathBuf,
    /// Size and times, as found.
    pub metadata: fs::Metadata,
}

/// What was found under the roots.
#[derive(Debug, Default)]
pub struct Files {
    /// Sorted by id.
    pub files: Vec<SourceFile>,
    /// Files of formats that are not read, links, and the like: path and reason.
    pub skipped: Vec<(String, String)>,
    /// What could not even be listed: path and reason.
    pub failed: Vec<(String, String)>,
}

/// Finds the files under these roots. Hidden files are passed over, and so are links: what a link
/// leads to may lie outside. So is the index itself, where it lies under a root. With several roots,
/// ids begin with the root's own name.
///
/// # Errors
/// `Io` when a root does not exist.
pub fn find(roots: &[PathBuf], index: &Path) -> Result<Files> {
    let index = index.canonicalize().ok();
    let mut found = Files::default();
    for root in roots {
        let metadata = fs::metadata(root).map_err(|error| Error::io("read", root, error))?;
        let prefix = match roots.len() {
            1 => String::new(),
            _ => root
                .file_name()
                .map_or(String::new(), |name| format!("{}/", name.to_string_lossy())),
        };
        if metadata.is_file() {
            let name = root
                .file_name()
                .map_or_else(Default::default, |name| name.to_string_lossy().into_owned());
            found.files.push(SourceFile { doc_id: prefix + &name, path: root.clone(), metadata });
        } else {
            walk(root, &prefix, index.as_deref(), &mut found);
        }
    }
    found.files.sort_by(|a, b| a.doc_id.cmp(&b.doc_id));
    found.skipped.sort();
    found.failed.sort();
    let Files { files, failed, .. } = &mut found;
    files.dedup_by(|next, first| {
        let is_double = next.doc_id == first.doc_id;
        if is_double && next.path != first.path {
            let reason = format!(
                "`{}` has the same name; index a folder that holds both",
                first.path.display()
            );
            failed.push((next.path.display().to_string(), reason));
        }
        is_double
    });
    Ok(found)
}

/// Lists a folder and those under it. By the folder's own entries and not by paths: looking up each
/// path anew would take twice as long, and a search waits for it.
fn walk(folder: &Path, prefix: &str, index: Option<&Path>, found: &mut Files) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            return found.failed.push((folder.display().to_string(), error.to_string()));
        }
    };
    for entry in entries {
        match entry {
            Ok(entry) => one(&entry, prefix, index, found),
            Err(error) => found.failed.push((folder.display().to_string(), error.to_string())),
        }
    }
}

fn one(entry: &fs::DirEntry, prefix: &str, index: Option<&Path>, found: &mut Files) {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    let doc_id = format!("{prefix}{name}");
    let metadata = match entry.metadata() {
        Ok(metadata) => metadata,
        Err(error) => return found.failed.push((doc_id, error.to_string())),
    };
    if name.starts_with('.') {
        return;
    }
    if metadata.is_symlink() {
        return found.skipped.push((doc_id, "it is a link".to_owned()));
    }
    if metadata.is_dir() {
        let folder = entry.path();
        if index.is_none_or(|index| folder != index) {
            walk(&folder, &format!("{doc_id}/"), index, found);
        }
        return;
    }
    if !metadata.is_file() || name == CONFIG_NAME {
        return;
    }
    match format_of_name(&name) {
        Format::NotRead(kind) => found.skipped.push((doc_id, format!("{kind} is not read"))),
        _ => found.files.push(SourceFile { doc_id, path: entry.path(), metadata }),
    }
}
