//! What parent and child say to each other: frames of a length and that many bytes.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::read::ocr::{Picture, RecognizedWord};
use crate::read::{Content, Refusal};

/// No frame is larger: a document with its map, and its source where that is asked for.
const LARGEST: u32 = 1 << 30;

/// What the parent asks; the file's bytes follow as frames, an empty one last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The file's id.
    pub id: String,
    /// The text of `corpus.toml`.
    pub config: String,
    /// See `Corpus::keep_all`.
    pub keep_all: bool,
    /// Whether the parent recognizes words in pictures.
    pub recognizes: bool,
    /// Whether documents come with their sources.
    pub with_source: bool,
    /// Members that are not to be read, by id, and why.
    pub avoid: Vec<(String, String)>,
}

/// What the parent says to an [`Answer::Picture`].
pub type Recognized = Result<Vec<RecognizedWord>, String>;

/// What the child answers: any number of records, with the members that they are of, then one outcome.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// A document, and its source if asked for.
    Document(Box<Document>, Vec<u8>),
    /// See `Record::Failed`.
    Failed(String, String),
    /// See `Record::PassedOver`.
    PassedOver(String, String),
    /// A picture, when all of the file has been taken: the child waits for [`Recognized`].
    Picture(Picture),
    /// The end of the file.
    Outcome(Result<Content, Refusal>),
    /// A member of this id begins: if the child ends now, this is what it ended over.
    Begins(String),
    /// The member that began last has been read.
    Ends,
}

/// Writes one frame.
pub fn write_bytes(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= LARGEST);
    let length = length.ok_or_else(|| io::Error::other("it is too large"))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(bytes)
}

/// Writes one value as a frame.
pub fn write(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_allocvec(value).map_err(io::Error::other)?;
    write_bytes(to, &bytes)?;
    to.flush()
}

/// Reads one frame; the memory for it grows with what really comes.
pub fn read_bytes(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > LARGEST {
        return Err(io::Error::other("a frame is too large"));
    }
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes)?;
    match bytes.len() == length as usize {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Reads one frame as a value.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    postcard::from_bytes(&read_bytes(from)?).map_err(io::Error::other)
}
