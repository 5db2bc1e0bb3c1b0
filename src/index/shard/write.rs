//! Writing a shard: to names of its own until it is whole, the manifest last.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::line::{DocumentLine, Header, Line, PassageLine};
use super::{Counts, Manifest, Names, Part};
use crate::engine::{FileStamp, hex};
use crate::engine::{Listed, Outcome};
use crate::error::{Error, Result};
use crate::passage::Passage;

/// How the lines are compressed (Zstandard): level 3 takes a tenth of the time that reading does.
const LEVEL: i32 = 3;

/// Writes the lines of a shard. Nothing has the shard's name before [`ShardWriter::finish`].
pub struct ShardWriter {
    names: Names,
    data: zstd::Encoder<'static, Hashed>,
    errors: Hashed,
    counts: Counts,
}

impl ShardWriter {
    /// Begins a shard.
    ///
    /// # Errors
    /// `Io`.
    pub fn create(names: &Names, part: Part) -> Result<ShardWriter> {
        if let Some(folder) = names.data.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        }
        let begin =
            |path: &Path| Hashed::create(path).map_err(|error| Error::io("create", path, error));
        let failed = |error| Error::io("write", &names.data, error);
        let mut data = zstd::Encoder::new(begin(&names.data)?, LEVEL).map_err(failed)?;
        data.include_checksum(true).map_err(failed)?;
        let errors = begin(&names.errors)?;
        let mut writer =
            ShardWriter { names: names.clone(), data, errors, counts: Counts::default() };
        let mut header = Vec::new();
        push(&mut header, &Line::Header(Header::new(part)))?;
        writer.write(&Lines { bytes: header, lines: 1, ..Lines::default() })?;
        Ok(writer)
    }

    /// Writes lines.
    ///
    /// # Errors
    /// `Io`.
    pub fn write(&mut self, lines: &Lines) -> Result<()> {
        let (data, errors) = (&self.names.data, &self.names.errors);
        self.data.write_all(&lines.bytes).map_err(|error| Error::io("write", data, error))?;
        self.errors.write_all(&lines.errors).map_err(|error| Error::io("write", errors, error))?;
        self.counts.files += lines.files;
        self.counts.documents += lines.documents;
        self.counts.passages += lines.passages;
        self.counts.failed += lines.failed;
        self.counts.lines += lines.lines;
        Ok(())
    }

    /// Gives the shard its name, and writes its manifest, of which all is known but what was written.
    ///
    /// # Errors
    /// `Io`.
    pub fn finish(self, manifest: Manifest) -> Result<Manifest> {
        let Names { data, errors, .. } = &self.names;
        let written = self.data.finish().and_then(|hashed| hashed.publish(data));
        let (sha256, bytes) = written.map_err(|error| Error::io("write", data, error))?;
        let published = self.errors.publish(errors);
        let (errors_sha256, _) = published.map_err(|error| Error::io("write", errors, error))?;
        let manifest = Manifest { counts: self.counts, bytes, sha256, errors_sha256, ..manifest };
        write_manifest(&self.names, &manifest)?;
        remove_leftovers(&self.names);
        Ok(manifest)
    }
}

/// Writes the manifest of a shard.
///
/// # Errors
/// `Io`.
pub fn write_manifest(names: &Names, manifest: &Manifest) -> Result<()> {
    let text = serde_json::to_string_pretty(manifest)
        .map_err(|error| Error::Internal { message: error.to_string() })?;
    let path = &names.manifest;
    let write = || {
        let mut file = Hashed::create(path)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.publish(path)
    };
    write().map(|_| ()).map_err(|error| Error::io("write", path, error))
}

/// Lines that are to be written together.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    errors: Vec<u8>,
    lines: u64,
    files: u64,
    documents: u64,
    passages: u64,
    failed: u64,
}

/// A line of the errors.
#[derive(Serialize)]
struct ErrorLine<'a> {
    doc_id: &'a str,
    error: &'a str,
}

impl Lines {
    /// The lines of a document with its passages.
    ///
    /// # Errors
    /// `Internal`.
    pub fn document(listed: &Listed, stamp: FileStamp, passages: &[Passage]) -> Result<Lines> {
        let mut lines = Lines { documents: 1, ..Lines::default() };
        lines.line(&Line::Document(Box::new(DocumentLine::of(listed, stamp))))?;
        for passage in passages {
            lines.line(&Line::Passage(Box::new(PassageLine::of(passage))))?;
        }
        lines.passages = passages.len() as u64;
        Ok(lines)
    }

    /// Where a file ends: the lines of what came out of it and is no document.
    ///
    /// # Errors
    /// `Internal`.
    pub fn end_of_file<'l>(
        listed: impl Iterator<Item = &'l Listed>,
        stamp: FileStamp,
    ) -> Result<Lines> {
        let mut lines = Lines { files: 1, ..Lines::default() };
        for listed in listed.filter(|listed| !listed.is_document()) {
            lines.line(&Line::Document(Box::new(DocumentLine::of(listed, stamp))))?;
            if let Outcome::Failed(error) = &listed.outcome {
                lines.failed += 1;
                push(&mut lines.errors, &ErrorLine { doc_id: &listed.doc_id, error })?;
            }
        }
        Ok(lines)
    }

    /// How much they take.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.errors.len()
    }

    /// Adds lines behind these.
    pub fn append(&mut self, other: Lines) {
        self.bytes.extend(other.bytes);
        self.errors.extend(other.errors);
        self.lines += other.lines;
        self.files += other.files;
        self.documents += other.documents;
        self.passages += other.passages;
        self.failed += other.failed;
    }

    fn line(&mut self, line: &Line<'_>) -> Result<()> {
        self.lines += 1;
        push(&mut self.bytes, line)
    }
}

fn push(bytes: &mut Vec<u8>, line: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *bytes, line)
        .map_err(|error| Error::Internal { message: format!("cannot write a line: {error}") })?;
    bytes.push(b'\n');
    Ok(())
}

/// A file that is written under a name of its own and counted; it is removed unless it is published.
struct Hashed {
    path: PathBuf,
    file: File,
    hash: Sha256,
    bytes: u64,
    is_published: bool,
}

impl Hashed {
    /// Process and time are part of the name: a process that was given up and goes on elsewhere is in nobody's way.
    fn create(path: &Path) -> io::Result<Hashed> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let partial = partial(path, &format!("{}-{now}.partial", std::process::id()));
        let file = File::create(&partial)?;
        Ok(Hashed { path: partial, file, hash: Sha256::new(), bytes: 0, is_published: false })
    }

    /// Gives the file its name: it is there whole or not at all. Its digest and its size.
    fn publish(mut self, path: &Path) -> io::Result<(String, u64)> {
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        self.is_published = true;
        Ok((hex(&std::mem::take(&mut self.hash).finalize()), self.bytes))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Hashed {
    fn drop(&mut self) {
        if !self.is_published {
            // What cannot be removed now is, when the shard is finished.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// `.shard-1.jsonl.zst.` and an end, beside the file.
fn partial(path: &Path, end: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{end}"))
}

/// Removes what processes that were killed left of this shard. One that still writes it then fails, and what it
/// would write is there.
fn remove_leftovers(names: &Names) {
    let paths = [&names.data, &names.errors, &names.manifest];
    let beginnings: BTreeSet<PathBuf> = paths.iter().map(|path| partial(path, "")).collect();
    let Some(folder) = names.data.parent() else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let begins = |path: &PathBuf| {
            path.file_name().is_some_and(|begin| name.starts_with(&*begin.to_string_lossy()))
        };
        if name.ends_with(".partial") && beginnings.iter().any(begins) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
