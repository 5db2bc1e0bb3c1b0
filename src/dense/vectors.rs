//! The vectors of an index's passages by one model, in a file of their own beside the segments.
//!
//! A head of 56 bytes: `tipdense`, the version of the form, the dimensions (32 bits each, little endian), the SHA-256 of
//! the model's weights, and a sum over all that. Then records of 400 bytes: the id of a passage (64 bits, little endian),
//! its numbers, and a sum over these. Ids are made of what a passage says, so that a vector is never out of date; they
//! are appended in any order. A record that is not whole, as a killed process leaves it, does not count.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::vector::{DIMENSIONS, Encoded};
use crate::error::{Error, Result};

const MAGIC: &[u8; 8] = b"tipdense";
const VERSION: u32 = 1;
const HEAD: usize = 56;
const RECORD: usize = 8 + DIMENSIONS + 8;

/// The name of the file for a model, by the digest of its weights: another model has another file.
pub fn file_name(weights: &str) -> String {
    format!("dense-{}.bin", weights.get(..12).unwrap_or(weights))
}

/// The vectors that a file has.
#[derive(Default)]
pub struct Vectors {
    numbers: Vec<Encoded>,
    /// By the number of the passage's id.
    places: FxHashMap<u64, u32>,
}

impl Vectors {
    /// Reads the file of a model, of which the SHA-256 of the weights is given in hexadecimal digits. Where there is no
    /// file, there are no vectors.
    ///
    /// # Errors
    /// `Model` where it is of another model or form, or its head is damaged; `Io`.
    pub fn read(path: &Path, weights: &str) -> Result<Vectors> {
        match fs::File::open(path) {
            Ok(mut file) => Ok(Vectors::of_file(&mut file, path, weights)?.0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vectors::default()),
            Err(error) => Err(Error::io("read", path, error)),
        }
    }

    /// The vectors, and up to where records are whole.
    fn of_file(file: &mut fs::File, path: &Path, weights: &str) -> Result<(Vectors, u64)> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| Error::io("read", path, error))?;
        let fault = |message: &str| Error::Model {
            path: path.to_owned(),
            message: message.to_owned(),
            hint: Some("remove the file and run `tipsearch model encode`".to_owned()),
        };
        let expected = head(weights);
        // What was cut off while the head was written, has nothing.
        if bytes.len() < HEAD && expected.starts_with(&bytes) {
            return Ok((Vectors::default(), 0));
        }
        let (found, records) =
            bytes.split_at_checked(HEAD).ok_or_else(|| fault("it is no file of vectors"))?;
        if found != expected {
            let is_sound = found.starts_with(MAGIC) && sum(&found[..HEAD - 8]) == found[HEAD - 8..];
            return Err(fault(match is_sound {
                true => "its vectors are of another model or another version of this program",
                false => "its head is damaged",
            }));
        }
        let mut vectors = Vectors::default();
        let records = records.as_chunks::<RECORD>().0;
        for record in records {
            if let Some((id, encoded)) = of_record(record) {
                vectors.insert(id, encoded);
            }
        }
        Ok((vectors, (HEAD + records.len() * RECORD) as u64))
    }

    fn insert(&mut self, id: u64, encoded: Encoded) {
        self.places.insert(id, self.numbers.len() as u32);
        self.numbers.push(encoded);
    }

    /// How many passages have vectors.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where the vector of a passage is, by the number of its id.
    pub fn place(&self, id: u64) -> Option<u32> {
        self.places.get(&id).copied()
    }

    /// The vector at a place.
    pub fn at(&self, place: u32) -> Option<&Encoded> {
        self.numbers.get(place as usize)
    }
}

/// The one process that adds to a file of vectors.
pub struct Keeper {
    path: PathBuf,
    file: fs::File,
    vectors: Vectors,
    _lock: fs::File,
}

impl Keeper {
    /// Opens the file of a model, creating it where it is missing, and cuts off a record that is not whole.
    ///
    /// # Errors
    /// `IndexLocked` while another process encodes; else as [`Vectors::read`].
    pub fn open(path: &Path, weights: &str) -> Result<Keeper> {
        let lock = lock(path)?;
        let options =
            fs::File::options().create(true).truncate(false).read(true).write(true).open(path);
        let mut file = options.map_err(|error| Error::io("open", path, error))?;
        let (vectors, end) = Vectors::of_file(&mut file, path, weights)?;
        let prepare = || {
            file.set_len(end)?;
            file.seek(SeekFrom::Start(end))?;
            if end == 0 { file.write_all(&head(weights)) } else { Ok(()) }
        };
        let mut prepare = prepare;
        prepare().map_err(|error| Error::io("write", path, error))?;
        Ok(Keeper { path: path.to_owned(), file, vectors, _lock: lock })
    }

    /// What the file had when it was opened.
    pub fn vectors(&self) -> &Vectors {
        &self.vectors
    }

    /// Adds vectors of passages, by the numbers of their ids.
    ///
    /// # Errors
    /// `Io`.
    pub fn append(&mut self, new: &[(u64, Encoded)]) -> Result<()> {
        let bytes: Vec<u8> = new.iter().flat_map(|(id, encoded)| record(*id, encoded)).collect();
        self.file.write_all(&bytes).map_err(|error| Error::io("write", &self.path, error))
    }

    /// Makes what was added durable.
    ///
    /// # Errors
    /// `Io`.
    pub fn sync(&self) -> Result<()> {
        self.file.sync_all().map_err(|error| Error::io("write", &self.path, error))
    }

    /// Writes the file anew without the vectors of passages that are not to be kept. Only those count that the file had
    /// when it was opened.
    ///
    /// # Errors
    /// `Io`; the file is as it was then.
    pub fn keep(&mut self, weights: &str, is_kept: impl Fn(u64) -> bool) -> Result<()> {
        let mut kept = Vectors::default();
        let mut bytes = head(weights).to_vec();
        let mut ids: Vec<(u32, u64)> =
            self.vectors.places.iter().map(|(&id, &place)| (place, id)).collect();
        ids.sort_unstable();
        for (place, id) in ids.into_iter().filter(|(_, id)| is_kept(*id)) {
            if let Some(encoded) = self.vectors.at(place) {
                bytes.extend(record(id, encoded));
                kept.insert(id, encoded.clone());
            }
        }
        let partial = self.path.with_extension("partial");
        let write = || {
            let mut file = fs::File::options()
                .create(true)
                .truncate(true)
                .read(true)
                .write(true)
                .open(&partial)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&partial, &self.path)?;
            Ok(file)
        };
        self.file = write().map_err(|error| Error::io("write", &self.path, error))?;
        self.vectors = kept;
        Ok(())
    }
}

/// Takes the lock of a file of vectors; the system frees it when the process ends, however it ends. It is a file of its
/// own, as some systems let nobody read what is locked.
fn lock(path: &Path) -> Result<fs::File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = folder.join("dense.lock");
    let file = fs::File::options().create(true).truncate(false).write(true).open(&name);
    let file = file.map_err(|error| Error::io("open", &name, error))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // As with the lock of the index: a program that is just being started has it until it runs.
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(fs::TryLockError::Error(error)) => return Err(Error::io("lock", name, error)),
        }
    }
    Err(Error::IndexLocked { path: folder.to_owned() })
}

/// How often, and how far apart, a lock is tried before somebody else is said to encode.
const LOCK_TRIES: usize = 5;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

fn head(weights: &str) -> [u8; HEAD] {
    let mut head = Vec::with_capacity(HEAD);
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(&VERSION.to_le_bytes());
    head.extend_from_slice(&(DIMENSIONS as u32).to_le_bytes());
    let digits = weights.as_bytes().as_chunks::<2>().0;
    let byte = |digits: &[u8; 2]| {
        std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .unwrap_or(0)
    };
    head.extend(digits.iter().map(byte).chain(std::iter::repeat(0)).take(32));
    let sum = sum(&head);
    head.extend_from_slice(&sum);
    std::array::from_fn(|at| head.get(at).copied().unwrap_or(0))
}

fn record(id: u64, encoded: &Encoded) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    record[..8].copy_from_slice(&id.to_le_bytes());
    record[8..8 + DIMENSIONS].copy_from_slice(&encoded.to_bytes());
    let sum = sum(&record[..8 + DIMENSIONS]);
    record[8 + DIMENSIONS..].copy_from_slice(&sum);
    record
}

/// The passage and the vector of a record; `None` where it is damaged.
fn of_record(record: &[u8; RECORD]) -> Option<(u64, Encoded)> {
    let (body, written) = record.split_at(8 + DIMENSIONS);
    let (id, numbers) = body.split_first_chunk()?;
    let encoded = Encoded::from_bytes(numbers.first_chunk()?)?;
    (sum(body) == written).then(|| (u64::from_le_bytes(*id), encoded))
}

/// A sum that tells whether bytes are what was written: FNV-1a (Fowler, Noll and Vo), eight bytes at a time.
fn sum(bytes: &[u8]) -> [u8; 8] {
    let words = bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
    let sum = words.fold(0xcbf2_9ce4_8422_2325_u64, |sum, word| {
        (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // The highest bits have heard of all the others.
    (sum ^ sum >> 32).to_le_bytes()
}
