//! The files of a corpus: found under its roots in a fixed order, each with the document it becomes.

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::corpus::CONFIG_NAME;
use crate::document::name_text;
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

/// A file met on the way, not yet asked about.
#[derive(Debug)]
pub struct MetFile<'m> {
    /// What its id begins with: the folders above it, each with `/`.
    prefix: &'m str,
    name: &'m str,
    handle: Handle<'m>,
}

/// A folder's own entry is asked about twice as fast as a path, and a search waits for it.
#[derive(Debug)]
enum Handle<'m> {
    Entry(&'m DirEntry),
    Root(&'m Path),
}

impl MetFile<'_> {
    /// The two halves of its document's id.
    pub fn id_parts(&self) -> (&str, &str) {
        (self.prefix, self.name)
    }

    /// Size and times.
    ///
    /// # Errors
    /// As the system says.
    pub fn metadata(&self) -> io::Result<Metadata> {
        match self.handle {
            Handle::Entry(entry) => entry.metadata(),
            Handle::Root(path) => fs::metadata(path),
        }
    }

    fn path(&self) -> PathBuf {
        match self.handle {
            Handle::Entry(entry) => entry.path(),
            Handle::Root(path) => path.to_owned(),
        }
    }
}

/// What stands under a root.
#[derive(Debug)]
pub enum Met<'m> {
    /// A file to read.
    File(MetFile<'m>),
    /// A link, by its name: it is not followed.
    Link(String),
    /// A folder, by its id or the path of a root, that does not let itself be listed, wholly or in part.
    Failed(String, io::Error),
}

/// Walks through the files under these roots, folder by folder, in the order of the system. Hidden files
/// are passed over ([`is_hidden`]), and so are links: what a link leads to may lie outside. So is the index itself,
/// where it lies under a root. With several roots, ids begin with the root's own name. Nothing is kept:
/// a search walks through all files beside its work.
///
/// # Errors
/// `Io` when a root does not exist.
pub fn walk(roots: &[PathBuf], index: &Path, visit: &mut dyn FnMut(Met<'_>)) -> Result<()> {
    let index = index.canonicalize().ok();
    let mut walk = Walk { index: index.as_deref(), visit };
    for root in roots {
        let metadata = fs::metadata(root).map_err(|error| Error::io("read", root, error))?;
        let name = root.file_name().map_or_else(String::new, |name| name_text(name).into());
        let prefix = if roots.len() > 1 { format!("{name}/") } else { String::new() };
        match metadata.is_file() {
            true => {
                let handle = Handle::Root(root);
                (walk.visit)(Met::File(MetFile { prefix: &prefix, name: &name, handle }));
            }
            false => walk.folder(root, &prefix),
        }
    }
    Ok(())
}

/// Whether a file or folder of this name is no report: a hidden one, or what Word leaves beside a report
/// that is open (`~$report.docx`), which has its ending and none of its text.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}

struct Walk<'w> {
    index: Option<&'w Path>,
    visit: &'w mut dyn FnMut(Met<'_>),
}

impl Walk<'_> {
    /// Walks through a folder and those under it.
    fn folder(&mut self, folder: &Path, prefix: &str) {
        let name = match prefix.is_empty() {
            true => name_text(folder.as_os_str()).into_owned(),
            false => prefix.to_owned(),
        };
        let failed = |error| Met::Failed(name.clone(), error);
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return (self.visit)(failed(error)),
        };
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => self.entry(&entry, kind, prefix),
                Err(error) => (self.visit)(failed(error)),
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry, kind: FileType, prefix: &str) {
        let name = entry.file_name();
        let name = name_text(&name);
        if is_hidden(&name) {
            return;
        }
        if kind.is_symlink() {
            return (self.visit)(Met::Link(format!("{prefix}{name}")));
        }
        if kind.is_dir() {
            let folder = entry.path();
            if self.index.is_none_or(|index| folder != index) {
                self.folder(&folder, &format!("{prefix}{name}/"));
            }
            return;
        }
        if kind.is_file() && name != CONFIG_NAME {
            let handle = Handle::Entry(entry);
            (self.visit)(Met::File(MetFile { prefix, name: &name, handle }));
        }
    }
}

/// Finds the files under these roots, with their sizes and times; see [`walk`].
///
/// # Errors
/// `Io` when a root does not exist.
pub fn find(roots: &[PathBuf], index: &Path) -> Result<Files> {
    let mut found = Files::default();
    walk(roots, index, &mut |met| match met {
        Met::File(file) => found.add(&file),
        Met::Link(name) => found.skipped.push((name, "it is a link".to_owned())),
        Met::Failed(name, error) => found.failed.push((name, error.to_string())),
    })?;
    found.files.sort_by(|a, b| a.doc_id.cmp(&b.doc_id));
    found.skipped.sort();
    found.failed.sort();
    refuse_doubles(&mut found);
    Ok(found)
}

impl Files {
    /// The names of what could not be looked at; a double could, and is read by none.
    pub fn unlisted(&self) -> Vec<&str> {
        let is_double = |name: &str| {
            self.doubles.iter().any(|double| name_text(double.path.as_os_str()) == name)
        };
        let names = self.failed.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !is_double(name)).collect()
    }

    fn add(&mut self, file: &MetFile<'_>) {
        let doc_id = format!("{}{}", file.prefix, file.name);
        match file.metadata() {
            Ok(metadata) => self.files.push(SourceFile { doc_id, path: file.path(), metadata }),
            Err(error) => self.failed.push((doc_id, error.to_string())),
        }
    }
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
            failed.push((name_text(next.path.as_os_str()).into_owned(), reason));
        }
        if is_double {
            doubles.push(next.clone());
        }
        is_double
    });
}
