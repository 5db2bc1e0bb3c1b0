//! From a text to its vector.

use std::ops::Range;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::table::Table;
use super::{DIMENSIONS, Vector};
use crate::analyze::{self, Number, each_word, is_stop_word, short};

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

/// The pieces of what is to have one vector, in any order.
#[derive(Clone, Debug, Default)]
pub struct Bag(Vec<u16>);

impl Bag {
    /// What it means; `None` where no word of it is known.
    pub fn vector(&self) -> Option<Vector> {
        Vector::of_sum(&self.added())
    }

    /// The vectors of its pieces, added up.
    pub fn sum(&self) -> Sum {
        let numbers = self.added();
        Sum { numbers, square: product(&numbers, &numbers) }
    }

    fn added(&self) -> [i16; DIMENSIONS] {
        let mut sum = [0i16; DIMENSIONS];
        for &piece in &self.0 {
            Table::get().add(piece, &mut sum);
        }
        sum
    }
}

/// Vectors of pieces, added up.
pub struct Sum {
    numbers: [i16; DIMENSIONS],
    /// The product with itself: many are compared with one.
    square: f32,
}

impl Sum {
    /// Whether it has no direction.
    pub fn is_nothing(&self) -> bool {
        self.square == 0.0
    }

    /// The scalar product.
    pub fn product(&self, other: &Sum) -> f32 {
        product(&self.numbers, &other.numbers)
    }

    /// The cosine; 0 where one of them has no direction.
    pub fn likeness(&self, other: &Sum) -> f32 {
        let squares = self.square * other.square;
        if squares > 0.0 { self.product(other) / squares.sqrt() } else { 0.0 }
    }
}

fn product(one: &[i16; DIMENSIONS], other: &[i16; DIMENSIONS]) -> f32 {
    // Eight sums: of one, each addition would wait for the one before it.
    let mut sums = [0.0; 8];
    for (one, other) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        for (sum, (&a, &b)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += (i32::from(a) * i32::from(b)) as f32;
        }
    }
    sums.iter().sum()
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
        bag.0.extend_from_slice(self.pieces_of(text, word));
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
        if !is_stop_word(&analyze::folded(word)) {
            for part in folded.split(|c: char| !c.is_alphanumeric()) {
                Table::get().pieces.cut(part, &mut self.pieces);
            }
        }
        let place = Place { start: start as u32, count: (self.pieces.len() - start) as u32 };
        match number {
            Some(number) => self.short.insert(number, place),
            None => self.long.insert(word.into(), place),
        };
        place
    }
}
