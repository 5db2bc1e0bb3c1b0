//! What the texts of an index have in common, as dictionaries for Zstandard: a passage by itself is too short to repeat
//! itself. Each has a number and a file in the folder of segments, which lasts as long as that: what was packed with it
//! is unpacked with it.

use std::fs;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use sha2::{Digest, Sha256};

use super::current::replace;
use crate::engine::held;
use crate::error::Result;

/// A dictionary has at most so many bytes. Of the texts of 757 reports 16 KiB leave .389, 32 .369, 64 .355 and these .346
/// (passages one by one, level 3); 220 leave .342. Blocks of 16 KiB of passages without a dictionary leave .381.
const LARGEST: usize = 112 << 10;
/// And a byte for so many bytes of text.
const TEXT_OF_A_BYTE: usize = 9;
/// With less text there is none.
const LEAST_TEXT: usize = 256 << 10;
/// So many passages are looked at, which takes 0.05 s. Three times as many leave .003 less.
const SAMPLES: usize = 1000;
/// A dictionary of few texts gives way to one of so many times as much text.
const OUTGROWN: usize = 2;
/// Numbers have a byte; 0 is for what is packed without a dictionary.
const MOST: u8 = 99;

/// The length of a SHA-256, bytes.
const DIGEST: usize = 32;

/// The dictionary of a number.
pub struct Dictionary {
    pub number: u8,
    pub bytes: Vec<u8>,
}

impl Dictionary {
    /// Whether there is nothing to be had by a larger one.
    pub fn is_large(&self) -> bool {
        self.bytes.len() >= LARGEST / 2 || self.number >= MOST
    }

    /// The next dictionary of an index, for texts of so many bytes, of some of them: these one behind the other, and
    /// their lengths. `None` where `last`, if any, does as well, or nothing is found that they have in common.
    pub fn of(
        text: usize,
        last: Option<&Dictionary>,
        samples: impl FnOnce() -> (Vec<u8>, Vec<usize>),
    ) -> Option<Dictionary> {
        let known = last.map_or(0, |last| last.bytes.len() * TEXT_OF_A_BYTE * OUTGROWN);
        if text < LEAST_TEXT.max(known) {
            return None;
        }
        let (samples, lengths) = samples();
        let largest = LARGEST.min(text / TEXT_OF_A_BYTE);
        let bytes = zstd::dict::from_continuous(&samples, &lengths, largest).ok()?;
        Some(Dictionary { number: last.map_or(0, |last| last.number) + 1, bytes })
    }

    /// Which of so many passages, by their places, are looked at: these are spread evenly.
    pub fn samples_of(passages: usize) -> impl Iterator<Item = usize> {
        (0..passages).step_by(passages.div_ceil(SAMPLES).max(1))
    }

    /// Writes the dictionary, its SHA-256 before it.
    ///
    /// # Errors
    /// `Io`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let digest = Sha256::digest(&self.bytes);
        replace(&path(folder, self.number), &[digest.as_slice(), &self.bytes].concat())
    }
}

/// The name of the file of a dictionary.
pub fn name(number: u8) -> String {
    format!("dictionary-{number}.bin")
}

fn path(folder: &Path, number: u8) -> PathBuf {
    folder.join(name(number))
}

/// The file of a dictionary, which is read when it is first asked for.
pub struct Kept {
    pub number: u8,
    /// Open from the beginning: a writer may remove the folder while somebody searches.
    file: Mutex<fs::File>,
    /// What it has, its checksum before it.
    content: OnceLock<Vec<u8>>,
}

impl Kept {
    /// The dictionaries of a folder, in the order of their numbers.
    pub fn all(folder: &Path) -> Vec<Kept> {
        let open = |number| Some((number, fs::File::open(path(folder, number)).ok()?));
        let kept = (1..=MOST).map_while(open).map(|(number, file)| {
            let (file, content) = (Mutex::new(file), OnceLock::new());
            Kept { number, file, content }
        });
        kept.collect()
    }

    /// The dictionary, held against its checksum.
    ///
    /// # Errors
    /// The reason, where its file is damaged.
    pub fn bytes(&self) -> std::result::Result<&[u8], String> {
        let (digest, bytes) = self.content()?.split_at_checked(DIGEST).unwrap_or_default();
        match Sha256::digest(bytes).as_slice() == digest {
            true => Ok(bytes),
            false => Err("does not have its checksum".to_owned()),
        }
    }

    /// The same as it stands in its file: for what has a checksum of its own when it is unpacked.
    ///
    /// # Errors
    /// The reason, where the file cannot be read.
    pub fn unchecked(&self) -> std::result::Result<&[u8], String> {
        Ok(self.content()?.get(DIGEST..).unwrap_or_default())
    }

    fn content(&self) -> std::result::Result<&[u8], String> {
        if let Some(content) = self.content.get() {
            return Ok(content);
        }
        let content = self.read().map_err(|error| format!("cannot be read: {error}"))?;
        Ok(self.content.get_or_init(|| content))
    }

    fn read(&self) -> std::io::Result<Vec<u8>> {
        let mut file = held(&self.file);
        file.rewind()?;
        // In one piece: what grows is copied, and a page that is touched for the first time costs microseconds.
        let length = file.metadata()?.len().min(2 * LARGEST as u64);
        let mut content = Vec::with_capacity(length as usize + 1);
        (&*file).take(length).read_to_end(&mut content)?;
        Ok(content)
    }
}
