//! What single words mean, to be compared with one another: the vectors of their pieces, added up.

use super::DIMENSIONS;
use super::embed::{added, cut};
use super::table::{HEAD, Squares, TABLE};
use crate::analyze::each_word;

/// The vectors of pieces, added up, of a word or a few.
pub struct Sum {
    /// None is further from 0 than [`FURTHEST`].
    numbers: [i16; DIMENSIONS],
    /// The product with itself: many are compared with one.
    square: i32,
    /// The part of that which the numbers behind the head have.
    tail_square: i32,
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
        Sum::of(&self.pieces)
    }

    /// Of the words of a text.
    pub fn text(&mut self, text: &str) -> Sum {
        self.pieces.clear();
        each_word(text, |word| cut(&text[word], &mut self.pieces));
        Sum::of(&self.pieces)
    }
}

impl Sum {
    /// Of pieces.
    pub(super) fn of(pieces: &[u16]) -> Sum {
        let numbers = added(pieces).map(|number| number.clamp(-FURTHEST, FURTHEST));
        let tail = numbers.split_at(HEAD).1;
        Sum { numbers, square: product(&numbers, &numbers), tail_square: product(tail, tail) }
    }

    /// Whether the vector of a piece, which has these squares, may have such a cosine with this one. The head decides for most: what the rest can
    /// add is not more than the product of its lengths (Cauchy and Schwarz).
    pub(super) fn may_be_like(&self, piece: u16, squares: Squares, likeness: f32) -> bool {
        let Squares { all, tail } = squares;
        let root = |one: i32, other: i32| (one as f32 * other as f32).sqrt();
        let head = self.numbers.first_chunk().map_or(0, |head| TABLE.product(piece, head));
        let most = head as f32 + root(self.tail_square, tail);
        // Roots are rounded.
        most >= 0.999 * likeness * root(self.square, all)
    }

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

fn product(one: &[i16], other: &[i16]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
