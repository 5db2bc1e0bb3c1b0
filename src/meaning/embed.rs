//! From a text to its vector.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::known::Known;
use super::table::{Squares, TABLE};
use super::{DIMENSIONS, Vector};
use crate::analyze::{self, each_word, is_stop_word};

/// All is forgotten when so many words are known: a bound on memory where a text never repeats itself.
const MOST_WORDS: usize = 131_072;

/// Turns texts into vectors. Cheap to make; remembers the pieces of words, so reuse one over many texts.
#[derive(Default)]
pub struct Embedder {
    known: Known<Place>,
    pieces: Vec<u16>,
    /// How often all has been forgotten.
    forgotten: u32,
}

/// A word among all that an embedder has met: how often it had forgotten all, and where the word's pieces stand.
pub type Key = (u32, u32);

/// Where the pieces of a word stand among all, how many they are, and the squares of one that is the whole word: beside
/// it, as a table of the squares of all pieces would be touched all over for the few words of a search.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    count: u32,
    squares: Squares,
}

/// A word as it is cut.
pub(super) struct Cut<'e> {
    /// Words that have no pieces may have one key.
    pub key: Key,
    pub pieces: &'e [u16],
    /// Those of the piece, where there is but one.
    pub squares: Squares,
}

/// The pieces of what is to have one vector, in any order.
#[derive(Clone, Debug, Default)]
pub struct Bag(Vec<u16>);

impl Bag {
    /// What it means; `None` where no word of it is known.
    pub fn vector(&self) -> Option<Vector> {
        Vector::of_sum(&added(&self.0))
    }
}

/// The vectors of pieces, added up.
pub(super) fn added(pieces: &[u16]) -> [i16; DIMENSIONS] {
    let mut sum = [0i16; DIMENSIONS];
    // So many numbers at a time as stay in the registers.
    for (part, sum) in sum.as_chunks_mut().0.iter_mut().enumerate() {
        for &piece in pieces {
            TABLE.add(piece, part, sum);
        }
    }
    sum
}

impl Embedder {
    /// The vector of a text; `None` where no word of it is known.
    pub fn vector(&mut self, text: &str) -> Option<Vector> {
        self.bag(text).vector()
    }

    /// The words of a text.
    pub fn bag(&mut self, text: &str) -> Bag {
        let mut bag = Bag::default();
        each_word(text, |word| self.add(text, &word, &mut bag));
        bag
    }

    /// Adds the word that stands in a text at a range, as [`each_word`] gives it. Stop words say nothing.
    #[inline]
    pub fn add(&mut self, text: &str, word: &Range<usize>, bag: &mut Bag) {
        bag.0.extend_from_slice(self.cut(text, word).pieces);
    }

    /// The word that stands in a text at a range.
    #[inline]
    pub(super) fn cut(&mut self, text: &str, range: &Range<usize>) -> Cut<'_> {
        let Place { start, count, squares } = match self.known.get(text, range) {
            Some(known) => known,
            None => self.remember(text, range),
        };
        let pieces = self.pieces.get(start as usize..(start + count) as usize);
        Cut { key: (self.forgotten, start), pieces: pieces.unwrap_or_default(), squares }
    }

    /// How many words it remembers.
    pub(super) fn remembered(&self) -> usize {
        self.known.len()
    }

    #[cold]
    fn remember(&mut self, text: &str, range: &Range<usize>) -> Place {
        if self.known.len() >= MOST_WORDS {
            *self = Embedder { forgotten: self.forgotten + 1, ..Embedder::default() };
        }
        let start = self.pieces.len();
        cut(&text[range.clone()], &mut self.pieces);
        let squares = match self.pieces.get(start..) {
            Some(&[piece]) => TABLE.squares(piece),
            _ => Squares::default(),
        };
        let count = (self.pieces.len() - start) as u32;
        let place = Place { start: start as u32, count, squares };
        self.known.insert(text, range, place);
        place
    }
}

/// Whether the table knows a folded word as it is, and not only by pieces of it.
pub fn is_whole(word: &str) -> bool {
    TABLE.pieces.whole(word).is_some()
}

/// Whether a letter is of a script that the table was not made of: it has letters of these, which say nothing.
fn is_foreign(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{1DFF}' | '\u{2E80}'..='\u{A71F}' | '\u{A800}'..='\u{FAFF}'
        | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{20000}'..='\u{3FFFF}')
}

/// Appends the pieces of a word. Stop words say nothing: the vectors of those that are pieces are 0.
pub(super) fn cut(word: &str, pieces: &mut Vec<u16>) {
    if !word.is_ascii() && word.contains(is_foreign) {
        return;
    }
    let folded = match word.is_ascii() {
        true => word.to_ascii_lowercase(),
        false => {
            word.nfkd().flat_map(char::to_lowercase).filter(|&c| !is_combining_mark(c)).collect()
        }
    };
    // Most words.
    if let Some(piece) = TABLE.pieces.whole(&folded) {
        pieces.extend((!TABLE.says_nothing(piece)).then_some(piece));
    } else if !is_stop_word(&analyze::folded(word)) {
        let parts = folded.split(|c: char| !c.is_alphanumeric());
        parts.for_each(|part| TABLE.pieces.cut(part, pieces));
    }
}
