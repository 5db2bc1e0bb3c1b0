//! Passages as they are stored: compressed a few at a time (Zstandard; [`super::group`]), so that a search unpacks what it
//! shows and little more, with what the texts of the index have in common as a dictionary ([`super::dictionary`]).
//!
//! The first byte is the number of the dictionary, in place of the four that all frames begin with. A frame ends with a
//! checksum, which is looked at whenever a passage is read: nobody is shown a text that is not what was indexed.

use std::io;
use std::path::Path;
use std::sync::Mutex;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::{CParameter, Strategy, compress_bound, get_error_name};

use super::dictionary::{Dictionary, Kept, name};
use crate::engine::held;

/// How passages are compressed: as at level 3, with tables that a processor keeps at hand. Of the texts of 757 reports .344
/// is left so, .350 with the tables of level 3 (1.5 times the time where two threads share a core), .336 at level 6 (three
/// times the time), .402 at level 1.
const PARAMETERS: [CParameter; 7] = [
    CParameter::WindowLog(18),
    CParameter::HashLog(16),
    CParameter::ChainLog(15),
    CParameter::MinMatch(5),
    CParameter::Strategy(Strategy::ZSTD_dfast),
    CParameter::ChecksumFlag(true),
    CParameter::DictIdFlag(false),
];

/// What frames begin with (RFC 8878, section 3.1.1).
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// No group takes more; what claims to has been damaged.
const LARGEST: usize = 256 << 20;

/// Packs passages.
pub struct Packer {
    dictionary: Option<Dictionary>,
    presses: Pool<Press>,
}

/// A compressor, and room for what comes out.
struct Press {
    compressor: Compressor<'static>,
    frame: Vec<u8>,
}

impl Packer {
    pub fn of(dictionary: Option<Dictionary>) -> Packer {
        Packer { dictionary, presses: Pool::default() }
    }

    pub fn pack(&self, passages: &[u8]) -> io::Result<Vec<u8>> {
        let number = self.dictionary.as_ref().map_or(0, |dictionary| dictionary.number);
        self.presses.with(
            || self.press(),
            |Press { compressor, frame }| {
                frame.clear();
                frame.reserve(compress_bound(passages.len()));
                compressor.compress_to_buffer(passages, frame)?;
                Ok([&[number], frame.get(MAGIC.len()..).unwrap_or_default()].concat())
            },
        )
    }

    fn press(&self) -> io::Result<Press> {
        let dictionary = self.dictionary.as_ref().map_or(&[][..], |known| &known.bytes);
        let mut compressor = Compressor::new(0)?;
        PARAMETERS.into_iter().try_for_each(|parameter| compressor.set_parameter(parameter))?;
        compressor.context_mut().load_dictionary(dictionary).map_err(failed)?;
        Ok(Press { compressor, frame: Vec::new() })
    }
}

/// An error that has a number only.
fn failed(code: usize) -> io::Error {
    io::Error::other(get_error_name(code))
}

/// Unpacks passages.
pub struct Unpacker {
    without: Pool<Decompressor<'static>>,
    /// By the number of the dictionary, from 1 on.
    with: Vec<(Kept, Pool<Decompressor<'static>>)>,
}

impl Unpacker {
    /// With the dictionaries that there are in a folder.
    pub fn open(folder: &Path) -> Unpacker {
        let with = Kept::all(folder).into_iter().map(|kept| (kept, Pool::default()));
        Unpacker { without: Pool::default(), with: with.collect() }
    }

    /// # Errors
    /// The reason, where something is damaged.
    pub fn unpack(&self, packed: &[u8]) -> Result<Vec<u8>, String> {
        let Some((&number, packed)) = packed.split_first() else {
            return Err("a stored passage is empty".to_owned());
        };
        let frame = [&MAGIC, packed].concat();
        let unpack = |decompressor: &mut Decompressor<'_>| decompressor.decompress(&frame, LARGEST);
        let damaged = |error: io::Error| format!("a stored passage cannot be read: {error}");
        let Some(place) = usize::from(number).checked_sub(1) else {
            return self.without.with(Decompressor::new, unpack).map_err(damaged);
        };
        let (kept, pool) =
            self.with.get(place).ok_or_else(|| format!("`{}` is missing", name(number)))?;
        let of_dictionary = |reason| format!("`{}` {reason}", name(number));
        let bytes = kept.unchecked().map_err(of_dictionary)?;
        // What is wrong with a passage may be wrong with the dictionary.
        pool.with(|| Decompressor::with_dictionary(bytes), unpack)
            .map_err(|error| kept.bytes().map_or_else(of_dictionary, |_| damaged(error)))
    }

    /// The dictionaries that are damaged, and how.
    pub fn damage(&self) -> impl Iterator<Item = (String, String)> {
        self.with.iter().filter_map(|(kept, _)| Some((name(kept.number), kept.bytes().err()?)))
    }
}

/// What is dear to make and used by one thread at a time.
struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool(Mutex::default())
    }
}

impl<T> Pool<T> {
    fn with<R>(
        &self,
        make: impl FnOnce() -> io::Result<T>,
        work: impl FnOnce(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let free = || held(&self.0);
        let taken = free().pop();
        let mut one = match taken {
            Some(one) => one,
            None => make()?,
        };
        let done = work(&mut one)?;
        free().push(one);
        Ok(done)
    }
}
