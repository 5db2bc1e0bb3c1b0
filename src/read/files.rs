//! The files of a corpus: found under its roots in a fixed order, each with the document it becomes.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::corpus::CONFIG_NAME;
use super::format::{Format, format_of_name};
use crate::error::{Error, Result};

/// A file to be read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The id its document will have.
    pub doc_id: String,
    pub path: PathBuf,
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

fn walk(root: &Path, prefix: &str, index: Option<&Path>, found: &mut Files) {
    let is_shown = |name: &std::ffi::OsStr| !name.to_string_lossy().starts_with('.');
    let entries = WalkDir::new(root).into_iter();
    let is_index = |path: &Path| index.is_some_and(|index| path == index);
    let entries = entries.filter_entry(|entry| {
        entry.depth() == 0 || is_shown(entry.file_name()) && !is_index(entry.path())
    });
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root).display().to_string();
                found.failed.push((path, error.to_string()));
                continue;
            }
        };
        let kind = entry.file_type();
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let relative = relative.components().map(|part| part.as_os_str().to_string_lossy());
        let doc_id = format!("{prefix}{}", relative.collect::<Vec<_>>().join("/"));
        if kind.is_symlink() {
            found.skipped.push((doc_id, "it is a link".to_owned()));
            continue;
        }
        if !kind.is_file() || entry.file_name() == CONFIG_NAME {
            continue;
        }
        if let Format::NotRead(name) = format_of_name(&doc_id) {
            found.skipped.push((doc_id, format!("{name} is not read")));
            continue;
        }
        match entry.metadata() {
            Ok(metadata) => {
                found.files.push(SourceFile { doc_id, path: entry.into_path(), metadata });
            }
            Err(error) => found.failed.push((doc_id, error.to_string())),
        }
    }
}
