//! From a text to its vector.

use std::ops::Range;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::table::Table;
use super::{DIMENSIONS, Vector};
use crate::analyze::{Number, each_word, short};

/// All is forgotten when so many words are known: a bound on memory where a text never repeats itself.
const MOST_WORDS: usize = 131_072;

/// Turns texts into vectors. Cheap to make; remembers the pieces of words, so reuse one over many texts.
#[derive(Default)]
pub struct Embedder {
    /// The short words, as written.
    short: FxHashMap<Number, Place>,
    /// The other words.
    long: FxHashMap<Box<str>, Place>,
    pieces: Vec<u16>,
}

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
                for &piece in self.pieces_of(text, &bytes) {
                    table.add(piece, &mut sum);
                }
            });
        }
        Vector::of_sum(&sum)
    }

    /// The pieces of the word that stands in a text at a range.
    fn pieces_of(&mut self, text: &str, range: &Range<usize>) -> &[u16] {
        let number = short(text.as_bytes(), range);
        let known = match number {
            Some(number) => self.short.get(&number),
            None => self.long.get(&text[range.clone()]),
        };
        let Place { start, count } = match known {
            Some(&known) => known,
            None => self.cut(&text[range.clone()], number),
        };
        self.pieces.get(start as usize..(start + count) as usize).unwrap_or_default()
    }

    #[cold]
    fn cut(&mut self, word: &str, number: Option<Number>) -> Place {
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
        match number {
            Some(number) => self.short.insert(number, place),
            None => self.long.insert(word.into(), place),
        };
        place
    }
}
