//! From a text to its vector.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::table::Table;
use super::{DIMENSIONS, Vector};
use crate::analyze::each_word;

/// All is forgotten when so many words are known: a bound on memory where a text never repeats itself.
const MOST_WORDS: usize = 65_536;

/// Turns texts into vectors. Cheap to make; remembers the pieces of words, so reuse one over many texts.
#[derive(Default)]
pub struct Embedder {
    /// By the word as written: where its pieces stand in `pieces`, and how many they are.
    words: FxHashMap<Box<str>, (u32, u32)>,
    pieces: Vec<u16>,
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
        let (start, count) = match self.words.get(word) {
            Some(&known) => known,
            None => self.cut(word),
        };
        self.pieces.get(start as usize..(start + count) as usize).unwrap_or_default()
    }

    fn cut(&mut self, word: &str) -> (u32, u32) {
        if self.words.len() >= MOST_WORDS {
            *self = Embedder::default();
        }
        let start = self.pieces.len();
        let folded: String =
            word.nfkd().flat_map(char::to_lowercase).filter(|&c| !is_combining_mark(c)).collect();
        for part in folded.split(|c: char| !c.is_alphanumeric()) {
            Table::get().pieces.cut(part, &mut self.pieces);
        }
        let place = (start as u32, (self.pieces.len() - start) as u32);
        self.words.insert(word.into(), place);
        place
    }
}
