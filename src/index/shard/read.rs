//! Reading shards: all of a shelf, each whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use super::line::{Line, report};
use super::manifest::check_version;
use super::{Counts, Manifest, Names};
use crate::engine::Listed;
use crate::engine::{FileStamp, hex};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report};

/// The longest line that is read, bytes: a document lists what is known of it, however much.
const LONGEST_LINE: u64 = 256 << 20;

/// A finished shard.
#[derive(Clone, Debug)]
pub struct Shard {
    names: Names,
    /// What is said of it.
    pub manifest: Manifest,
}

/// A document of a shard, or what became of a file that is none.
pub struct Taken {
    /// What is listed of it.
    pub listed: Listed,
    /// The stamp of its file.
    pub stamp: FileStamp,
    /// All its passages, in order.
    pub passages: Vec<Passage>,
}

/// The files that these names and patterns (`shard-*.jsonl.zst`) stand for.
///
/// # Errors
/// `Usage` where there is none for one of them.
pub fn expand(patterns: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for pattern in patterns {
        let found = if pattern.exists() { vec![pattern.clone()] } else { fitting(pattern) };
        if found.is_empty() {
            return Err(Error::usage(format!("there is no file `{}`", pattern.display())));
        }
        all.extend(found);
    }
    Ok(all)
}

/// The files whose name fits that of a pattern, sorted.
fn fitting(pattern: &Path) -> Vec<PathBuf> {
    let Some(name) = pattern.file_name() else { return Vec::new() };
    let name = name.to_string_lossy().into_owned();
    let folder = pattern.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let fitting = names.filter(|other| {
        let other = other.to_string_lossy();
        fits(name.as_bytes(), other.as_bytes()) && !other.starts_with('.')
    });
    let mut found: Vec<PathBuf> = fitting.map(|other| pattern.with_file_name(other)).collect();
    found.sort();
    found
}

/// Whether a name fits a pattern, in which `*` stands for any bytes and `?` for one. Goes back to the last
/// `*` only, so that it takes no longer than the product of both.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut done) = (0, 0);
    let mut back = None;
    while done < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                back = Some((at, done));
                at += 1;
            }
            Some(&byte) if byte == b'?' || Some(&byte) == name.get(done) => {
                at += 1;
                done += 1;
            }
            _ => {
                let Some((star, from)) = back else { return false };
                back = Some((star, from + 1));
                at = star + 1;
                done = from + 1;
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|&byte| byte == b'*')
}

/// All shards of a shelf, by their numbers.
///
/// # Errors
/// `Shard` where one is not finished, where they are not of one shelf, and where one is missing or there twice.
pub fn shards(paths: &[PathBuf]) -> Result<Vec<Shard>> {
    let mut shards: BTreeMap<u32, Shard> = BTreeMap::new();
    for path in paths {
        let shard = open(path)?;
        let first = shards.values().next();
        let fault = first.and_then(|first| Some((first, shard.manifest.differs(&first.manifest)?)));
        if let Some((first, fault)) = fault {
            let message = format!("the shard {fault} than `{}`", first.names.data.display());
            return Err(Error::shard(path, None, message));
        }
        if let Some(twin) = shards.insert(shard.manifest.shard, shard.clone()) {
            let (part, twin) = (shard.manifest.part(), twin.names.data);
            let message = format!("shard {part} is `{}` already", twin.display());
            return Err(Error::shard(path, None, message));
        }
    }
    let Some(last) = shards.values().last() else {
        return Err(Error::usage("there are no shards to index"));
    };
    let missing = (1..=last.manifest.of).filter(|number| !shards.contains_key(number));
    let missing: Vec<String> = missing.map(|number| number.to_string()).collect();
    if let Some(first) = missing.first() {
        let (path, of) = (&last.names.data, last.manifest.of);
        let message =
            format!("of {of} shards {} are missing, the first is {first}/{of}", missing.len());
        return Err(Error::shard(path, None, message));
    }
    Ok(shards.into_values().collect())
}

fn open(path: &Path) -> Result<Shard> {
    let names = Names::of(path)?;
    let Some(manifest) = Manifest::read(&names)? else {
        let message = "it has no manifest beside it, so it is not finished";
        return Err(Error::shard(path, None, message));
    };
    Ok(Shard { names, manifest })
}

/// A shard whose manifest and data agree, where there is one under these names.
pub fn finished(names: &Names) -> Option<Manifest> {
    let manifest = Manifest::read(names).ok().flatten()?;
    let is_same =
        digest(&names.data)? == manifest.sha256 && digest(&names.errors)? == manifest.errors_sha256;
    is_same.then_some(manifest)
}

fn digest(path: &Path) -> Option<String> {
    let mut hashing = Hashing { file: File::open(path).ok()?, hash: Sha256::new() };
    io::copy(&mut hashing, &mut io::sink()).ok()?;
    Some(hex(&hashing.hash.finalize()))
}

impl Shard {
    /// Goes through all that is in it. What was handed over means nothing where there is an error in the end.
    ///
    /// # Errors
    /// `Shard` where the data is damaged or is not what the manifest says, `Io`, and those of `take`.
    pub fn each(&self, take: &mut dyn FnMut(Taken) -> Result<()>) -> Result<()> {
        let mut data = Data::open(&self.names.data)?;
        data.header(&self.manifest)?;
        let mut counts = Counts::default();
        let mut document = None;
        loop {
            let line = data.line()?;
            if let Some(Line::Passage(passage)) = line {
                let Some(Document { taken, report }) = &mut document else {
                    return Err(data.fault("a passage stands before any document"));
                };
                let passage = passage.passage(report, taken.passages.len());
                taken.passages.push(passage.map_err(|message| data.fault(message))?);
                continue;
            }
            if let Some(Document { taken, .. }) = document.take() {
                if taken.passages.len() as u64 != taken.listed.passages {
                    let (all, id) = (taken.listed.passages, &taken.listed.doc_id);
                    let message =
                        format!("`{id}` ends after {} of {all} passages", taken.passages.len());
                    return Err(data.fault(message));
                }
                count(&mut counts, &taken);
                take(taken)?;
            }
            document = match line {
                Some(Line::Document(line)) => {
                    let listed = line.listed().map_err(|message| data.fault(message))?;
                    self.is_own(&listed.0).map_err(|message| data.fault(message))?;
                    Some(Document::new(listed))
                }
                Some(_) => return Err(data.fault("a second header")),
                None => break,
            };
        }
        counts.lines = data.number;
        // How many files there were is not to be seen from what came out of them.
        counts.files = self.manifest.counts.files;
        self.check(counts, data)
    }

    /// Whether a document is one of this shard's, so that none is in two of them.
    fn is_own(&self, listed: &Listed) -> std::result::Result<(), String> {
        let part = self.manifest.part();
        match part.has(listed.container.as_ref().unwrap_or(&listed.doc_id)) {
            true => Ok(()),
            false => Err(format!("`{}` is not one of shard {part}", listed.doc_id)),
        }
    }

    /// Whether the manifest is of what was read.
    fn check(&self, counts: Counts, data: Data) -> Result<()> {
        let Counts { documents, passages, lines, .. } = self.manifest.counts;
        let message = if counts != self.manifest.counts {
            format!(
                "it has {} documents, {} passages and {} lines; its manifest says {documents}, {passages} and {lines}",
                counts.documents, counts.passages, counts.lines
            )
        } else if data.digest()? != self.manifest.sha256 {
            "it does not have the SHA-256 that its manifest says".to_owned()
        } else {
            return Ok(());
        };
        Err(Error::shard(&self.names.data, None, message))
    }
}

fn count(counts: &mut Counts, taken: &Taken) {
    counts.documents += u64::from(taken.listed.is_document());
    counts.passages += taken.passages.len() as u64;
    counts.failed += u64::from(taken.listed.failure().is_some());
}

/// A document whose passages are being read.
struct Document {
    taken: Taken,
    report: Arc<Report>,
}

impl Document {
    fn new((listed, stamp): (Listed, FileStamp)) -> Document {
        let report = report(&listed);
        Document { taken: Taken { listed, stamp, passages: Vec::new() }, report }
    }
}

/// The lines of a shard, counted.
struct Data {
    path: PathBuf,
    reader: BufReader<zstd::Decoder<'static, BufReader<Hashing>>>,
    /// Of the last line that was read.
    number: u64,
    line: Vec<u8>,
}

/// Any first line, of which only the version matters.
#[derive(Deserialize)]
struct First {
    header: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Data {
    fn open(path: &Path) -> Result<Data> {
        let failed = |error| Error::io("read", path, error);
        let hashing = Hashing { file: File::open(path).map_err(failed)?, hash: Sha256::new() };
        let reader = BufReader::new(zstd::Decoder::new(hashing).map_err(failed)?);
        Ok(Data { path: path.to_owned(), reader, number: 0, line: Vec::new() })
    }

    /// What is wrong at the last line.
    fn fault(&self, message: impl Into<String>) -> Error {
        Error::shard(&self.path, Some(self.number), message)
    }

    /// Reads the first line, which says what the others are.
    fn header(&mut self, manifest: &Manifest) -> Result<()> {
        let none = "it does not begin with the header of a shard";
        if !self.next()? {
            self.number = 1;
            return Err(self.fault("it is empty"));
        }
        let first: std::result::Result<First, _> = serde_json::from_slice(&self.line);
        let Ok(First { header: Versioned { version } }) = first else {
            return Err(self.fault(none));
        };
        check_version(&self.path, Some(self.number), version)?;
        let Line::Header(header) = self.parse()? else { return Err(self.fault(none)) };
        if (header.shard, header.of) != (manifest.shard, manifest.of) {
            let (number, of, part) = (header.shard, header.of, manifest.part());
            return Err(self.fault(format!("it is shard {number}/{of}; its manifest says {part}")));
        }
        Ok(())
    }

    /// The next line, where there is one.
    fn line(&mut self) -> Result<Option<Line<'static>>> {
        match self.next()? {
            true => self.parse().map(Some),
            false => Ok(None),
        }
    }

    fn parse(&self) -> Result<Line<'static>> {
        let wrong = |error: serde_json::Error| {
            let told = error.to_string();
            let told = told.split(" at line ").next().unwrap_or_default().to_owned();
            match serde_json::from_slice::<IgnoredAny>(&self.line) {
                Ok(_) => self.fault(format!("not a line of a shard: {told}")),
                Err(_) => self.fault(format!("not JSON: {told} at byte {}", error.column())),
            }
        };
        serde_json::from_slice(&self.line).map_err(wrong)
    }

    /// Reads the next line; whether there was one.
    fn next(&mut self) -> Result<bool> {
        self.line.clear();
        self.number += 1;
        let read = (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut self.line);
        if let Err(error) = read {
            return Err(self.fault(format!("the file is damaged here: {error}")));
        }
        if self.line.is_empty() {
            self.number -= 1;
            return Ok(false);
        }
        match self.line.pop() {
            Some(b'\n') => Ok(true),
            // Not counting the byte that was just taken off.
            _ if self.line.len() as u64 + 1 == LONGEST_LINE => {
                Err(self.fault("the line is too long"))
            }
            _ => Err(self.fault("the line does not end")),
        }
    }

    /// The SHA-256 of the file, which has been read to its end.
    fn digest(self) -> Result<String> {
        let mut hashing = self.reader.into_inner().finish().into_inner();
        // Nothing should be left.
        let rest = io::copy(&mut hashing, &mut io::sink());
        rest.map_err(|error| Error::io("read", &self.path, error))?;
        Ok(hex(&hashing.hash.finalize()))
    }
}

/// A file whose digest is taken as it is read.
struct Hashing {
    file: File,
    hash: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
