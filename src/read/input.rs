//! What a reader is given: the first bytes at once, the rest as it comes.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::format::HEAD;

/// The bytes of a file, of a member of an archive, or of what a compressed file holds.
pub struct Input<'a> {
    head: Vec<u8>,
    rest: Box<dyn Read + 'a>,
}

impl<'a> Input<'a> {
    /// Reads the first [`HEAD`] bytes. What is damaged further on among them fails when it is read, so
    /// that containers give what is whole.
    ///
    /// # Errors
    /// As the reader says, where not even the first byte can be read.
    pub fn new(mut reader: impl Read + 'a) -> io::Result<Input<'a>> {
        let mut head = Vec::new();
        match (&mut reader).take(HEAD as u64).read_to_end(&mut head) {
            Ok(_) => Ok(Input::with_head(head, reader)),
            Err(error) if head.is_empty() => Err(error),
            Err(error) => Ok(Input::with_head(head, Failing(Some(error)))),
        }
    }

    /// What begins with these bytes, [`HEAD`] of them unless there are fewer in all, and goes on so.
    pub fn with_head(head: Vec<u8>, rest: impl Read + 'a) -> Input<'a> {
        Input { head, rest: Box::new(rest) }
    }

    /// The first bytes, which show the format.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// All bytes, one after another.
    pub fn reader(self) -> impl Read + 'a {
        Cursor::new(self.head).chain(self.rest)
    }

    /// All bytes at once.
    ///
    /// # Errors
    /// The reason: they cannot be read, or there are more than `most`.
    pub fn bytes(mut self, most: u64) -> Result<Vec<u8>, String> {
        let mut bytes = std::mem::take(&mut self.head);
        let left = most.saturating_sub(bytes.len() as u64);
        (&mut self.rest)
            .take(left.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        match bytes.len() as u64 > most {
            true => Err(format!("it has more than {} MiB", most >> 20)),
            false => Ok(bytes),
        }
    }
}

/// A file whose digest is taken as it is read.
pub struct Hashed {
    file: File,
    hash: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

impl Hashed {
    /// A file from its beginning on.
    pub fn new(file: File) -> Hashed {
        Hashed { file, hash: Sha256::new() }
    }

    /// The digest of the whole file, whatever has been read of it.
    pub fn finish(mut self) -> io::Result<[u8; 32]> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.hash.finalize().into())
    }
}

/// SHA-256 of a file, read in pieces.
///
/// # Errors
/// As the system says.
pub fn digest(path: &Path) -> io::Result<[u8; 32]> {
    Hashed::new(File::open(path)?).finish()
}

/// Fails once with an error that came too early.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
