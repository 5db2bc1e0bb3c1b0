//! From a text to its vector.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::table::Table;
use super::{DIMENSIONS, Vector};
use crate::analyze::each_word;

/// All is forgotten when so many words are known: a bound on memory where a text never repeats itself.
const MOST_WORDS: usize = 131_072;

/// Turns texts into vectors. Cheap to make; remembers the pieces of words, so reuse one over many texts.
#[derive(Default)]
pub struct Embedder {
    /// By the word as written, up to [`SHORT`] bytes as one number.
    short: FxHashMap<u128, Place>,
    /// The other words.
    long: FxHashMap<Box<str>, Place>,
    pieces: Vec<u16>,
}

/// Words of up to so many bytes are known by one number: 999 in 1,000 words of a report.
const SHORT: usize = 16;

/// Where the pieces of a word stand among all, and how many they are.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    count: u32,
}

impl Embedder {
    /// The vector of what some texts say together; `None` where no word of theirs is known.
    pub fn vector<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Option<Vector> {
        let mut sum = [0i16; DIMENSIONS];
        let table = Table::get();
        for text in texts {
            each_word(text, |bytes| {
                for &piece in self.pieces_of(text.get(bytes).unwrap_or_default()) {
                    table.add(piece, &mut sum);
                }
            });
        }
        Vector::of_sum(&sum)
    }

    fn pieces_of(&mut self, word: &str) -> &[u16] {
        let known = match short(word) {
            Some(number) => self.short.get(&number),
            None => self.long.get(word),
        };
        let Place { start, count } = match known {
            Some(&known) => known,
            None => self.cut(word),
        };
        self.pieces.get(start as usize..(start + count) as usize).unwrap_or_default()
    }

    #[cold]
    fn cut(&mut self, word: &str) -> Place {
        if self.short.len() + self.long.len() >= MOST_WORDS {
            *self = Embedder::default();
        }
        let start = self.pieces.len();
        let folded: String =
            word.nfkd().flat_map(char::to_lowercase).filter(|&c| !is_combining_mark(c)).collect();
        for part in folded.split(|c: char| !c.is_alphanumeric()) {
            Table::get().pieces.cut(part, &mut self.pieces);
        }
        let place = Place { start: start as u32, count: (self.pieces.len() - start) as u32 };
        match short(word) {
            Some(number) => self.short.insert(number, place),
            None => self.long.insert(word.into(), place),
        };
        place
    }
}

/// A word of up to [`SHORT`] bytes as a number; no two have the same, as no word has a byte 0.
fn short(word: &str) -> Option<u128> {
    let mut bytes = [0; SHORT];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
}
