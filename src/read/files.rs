//! The files of a corpus: found under its roots in a fixed order, each with the document it becomes.

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::corpus::CONFIG_NAME;
use crate::error::{Error, Result};

/// A file to be read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The id its document will have.
    pub doc_id: String,
    /// Where the file is.
    pub path: PathBuf,
    /// Size and times, as found.
    pub metadata: Metadata,
}

/// What was found under the roots.
#[derive(Debug, Default)]
pub struct Files {
    /// Sorted by id.
    pub files: Vec<SourceFile>,
    /// Files whose id another one has: they are not read.
    pub doubles: Vec<SourceFile>,
    /// Links: path and reason.
    pub skipped: Vec<(String, String)>,
    /// What could not even be listed: path and reason.
    pub failed: Vec<(String, String)>,
}

/// A file that was listed and not yet asked about.
#[derive(Debug)]
pub struct ListedFile {
    /// What its id begins with: the folders above it, each with `/`.
    prefix: Arc<str>,
    name: String,
    handle: Handle,
}

/// A folder's own entry is asked about twice as fast as a path, and a search waits for it.
#[derive(Debug)]
enum Handle {
    Entry(DirEntry),
    Root(PathBuf),
}

impl ListedFile {
    /// The two halves of its document's id.
    pub fn id_parts(&self) -> (&str, &str) {
        (&self.prefix, &self.name)
    }

    /// Size and times.
    ///
    /// # Errors
    /// As the system says.
    pub fn metadata(&self) -> io::Result<Metadata> {
        match &self.handle {
            Handle::Entry(entry) => entry.metadata(),
            Handle::Root(path) => fs::metadata(path),
        }
    }

    fn path(&self) -> PathBuf {
        match &self.handle {
            Handle::Entry(entry) => entry.path(),
            Handle::Root(path) => path.clone(),
        }
    }
}

/// The names under some roots, without looking at the files.
#[derive(Debug, Default)]
pub struct Listing {
    /// In no order.
    pub files: Vec<ListedFile>,
    skipped: Vec<(String, String)>,
    failed: Vec<(String, String)>,
}

/// Lists the files under these roots. Hidden files are passed over, and so are links: what a link
/// leads to may lie outside. So is the index itself, where it lies under a root. With several roots,
/// ids begin with the root's own name.
///
/// # Errors
/// `Io` when a root does not exist.
pub fn list(roots: &[PathBuf], index: &Path) -> Result<Listing> {
    let index = index.canonicalize().ok();
    let mut listing = Listing::default();
    for root in roots {
        let metadata = fs::metadata(root).map_err(|error| Error::io("read", root, error))?;
        let name = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        let prefix = if roots.len() > 1 { format!("{name}/") } else { String::new() };
        match metadata.is_file() {
            true => listing.files.push(ListedFile {
                prefix: prefix.into(),
                name,
                handle: Handle::Root(root.clone()),
            }),
            false => listing.folder(root, &prefix, index.as_deref()),
        }
    }
    Ok(listing)
}

impl Listing {
    /// Lists a folder and those under it.
    fn folder(&mut self, folder: &Path, prefix: &str, index: Option<&Path>) {
        let prefix: Arc<str> = prefix.into();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.failed(folder.display().to_string(), &error),
        };
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => self.entry(entry, kind, &prefix, index),
                Err(error) => self.failed(folder.display().to_string(), &error),
            }
        }
    }

    fn entry(&mut self, entry: DirEntry, kind: FileType, prefix: &Arc<str>, index: Option<&Path>) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            return;
        }
        if kind.is_symlink() {
            return self.skipped.push((format!("{prefix}{name}"), "it is a link".to_owned()));
        }
        if kind.is_dir() {
            let folder = entry.path();
            if index.is_none_or(|index| folder != index) {
                self.folder(&folder, &format!("{prefix}{name}/"), index);
            }
            return;
        }
        if kind.is_file() && name != CONFIG_NAME {
            let prefix = Arc::clone(prefix);
            self.files.push(ListedFile { prefix, name, handle: Handle::Entry(entry) });
        }
    }

    fn failed(&mut self, name: String, error: &io::Error) {
        self.failed.push((name, error.to_string()));
    }
}

/// Finds the files under these roots, with their sizes and times; see [`list`].
///
/// # Errors
/// `Io` when a root does not exist.
pub fn find(roots: &[PathBuf], index: &Path) -> Result<Files> {
    let Listing { files: listed, skipped, failed } = list(roots, index)?;
    let files = Vec::with_capacity(listed.len());
    let mut found = Files { files, doubles: Vec::new(), skipped, failed };
    for file in listed {
        let doc_id = format!("{}{}", file.prefix, file.name);
        match file.metadata() {
            Ok(metadata) => {
                found.files.push(SourceFile { doc_id, path: file.path(), metadata });
            }
            Err(error) => found.failed.push((doc_id, error.to_string())),
        }
    }
    found.files.sort_by(|a, b| a.doc_id.cmp(&b.doc_id));
    found.skipped.sort();
    found.failed.sort();
    refuse_doubles(&mut found);
    Ok(found)
}

/// Two roots of one name may hold files of one id: the first counts, the other is named.
fn refuse_doubles(found: &mut Files) {
    let Files { files, doubles, failed, .. } = found;
    files.dedup_by(|next, first| {
        let is_double = next.doc_id == first.doc_id;
        if is_double && next.path != first.path {
            let reason = format!(
                "`{}` has the same name; index a folder that holds both",
                first.path.display()
            );
            failed.push((next.path.display().to_string(), reason));
        }
        if is_double {
            doubles.push(next.clone());
        }
        is_double
    });
}
