//! What single words mean, to be compared with one another: the vectors of their pieces, added up.

use super::DIMENSIONS;
use super::embed::{added, cut};
use crate::analyze::each_word;

/// The vectors of pieces, added up, of a word or a few.
pub struct Sum {
    /// None is further from 0 than [`FURTHEST`].
    numbers: [i16; DIMENSIONS],
    /// The product with itself: many are compared with one.
    square: i32,
}

/// A product of two has 31 bits. Only the sum of more than twenty pieces can come so far.
const FURTHEST: i16 = 2800;

/// Adds up the pieces of words; a buffer that is used again.
#[derive(Default)]
pub struct Sums {
    pieces: Vec<u16>,
}

impl Sums {
    /// Of a word.
    pub fn word(&mut self, word: &str) -> Sum {
        self.pieces.clear();
        cut(word, &mut self.pieces);
        self.sum()
    }

    /// Of the words of a text.
    pub fn text(&mut self, text: &str) -> Sum {
        self.pieces.clear();
        each_word(text, |word| cut(&text[word], &mut self.pieces));
        self.sum()
    }

    fn sum(&self) -> Sum {
        let numbers = added(&self.pieces).map(|number| number.clamp(-FURTHEST, FURTHEST));
        Sum { numbers, square: product(&numbers, &numbers) }
    }
}

impl Sum {
    /// Whether it has no direction.
    pub fn is_nothing(&self) -> bool {
        self.square == 0
    }

    /// The scalar product.
    pub fn product(&self, other: &Sum) -> i32 {
        product(&self.numbers, &other.numbers)
    }

    /// The cosine; 0 where one of them has no direction.
    pub fn likeness(&self, other: &Sum) -> f32 {
        let squares = self.square as f32 * other.square as f32;
        if squares > 0.0 { self.product(other) as f32 / squares.sqrt() } else { 0.0 }
    }
}

fn product(one: &[i16; DIMENSIONS], other: &[i16; DIMENSIONS]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
