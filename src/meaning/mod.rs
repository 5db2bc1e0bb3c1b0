//! Meaning: a text as a vector, so that a passage in other words than the question's can be told from one about
//! something else.
//!
//! The vector of a text is the sum of the vectors of its word pieces, which stand in a table in the program
//! (`table.bin`, distilled from a sentence encoder by `table.py`; `NOTICE` says from which). It needs no model to be
//! run, no network and no more memory than the table. The table is of English: other languages have no vectors.

mod embed;
mod pieces;
mod table;

pub use embed::Embedder;

/// The language of the table: what tags of its kinds of English begin with.
pub const LANGUAGE: &str = "en";

/// How many numbers a vector has.
pub const DIMENSIONS: usize = 256;

/// A vector is stored as so many words of eight bytes, four bits to a number. Of 8, 4 and 2 bits the second ranks as well
/// as the first; ARCHITECTURE.md has the table.
pub const STORED_WORDS: usize = DIMENSIONS / NUMBERS_IN_WORD;

const NUMBERS_IN_WORD: usize = 16;

/// The greatest number of four bits.
const MOST_STORED: i8 = 7;

/// Numbers that are further from 0 than so many times what they are on average (root mean square) count as so far: a few
/// that are great leave no room for the others.
const FURTHEST: f32 = 3.0;

/// What a text means: a direction. Its length says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector {
    numbers: [i8; DIMENSIONS],
    /// The product with itself: many are compared with one.
    square: i32,
}

impl Vector {
    /// The direction of a sum; `None` for the sum of nothing.
    fn of_sum(sum: &[i16; DIMENSIONS]) -> Option<Vector> {
        let squares: f32 = sum.iter().map(|&number| f32::from(number).powi(2)).sum();
        let furthest = FURTHEST * (squares / DIMENSIONS as f32).sqrt();
        let most = f32::from(i8::MAX);
        let scaled =
            |number| (f32::from(number) / furthest * most).clamp(-most, most).round() as i8;
        (squares > 0.0).then(|| Vector::new(sum.map(scaled)))
    }

    fn new(numbers: [i8; DIMENSIONS]) -> Vector {
        Vector { numbers, square: product(&numbers, &numbers) }
    }

    /// How alike two meanings are: the cosine, 1 for the same, about 0 for what has nothing in common.
    pub fn likeness(&self, other: &Vector) -> f32 {
        let squares = self.square as f32 * other.square as f32;
        product(&self.numbers, &other.numbers) as f32 / squares.sqrt()
    }

    /// The numbers as they are stored, the first in the lowest bits.
    pub fn to_words(&self) -> [u64; STORED_WORDS] {
        let stored = |number: i8| {
            (f32::from(number) * f32::from(MOST_STORED) / f32::from(i8::MAX)).round() as i8
        };
        let mut words = [0; STORED_WORDS];
        for (word, numbers) in words.iter_mut().zip(self.numbers.chunks(NUMBERS_IN_WORD)) {
            for &number in numbers.iter().rev() {
                *word = *word << 4 | u64::from((stored(number) + MOST_STORED) as u8);
            }
        }
        words
    }

    /// The vector of such words; `None` where there are not as many as one has, or it has no direction.
    pub fn from_words(words: impl IntoIterator<Item = u64>) -> Option<Vector> {
        let mut numbers = [0; DIMENSIONS];
        let mut words = words.into_iter();
        for numbers in numbers.chunks_mut(NUMBERS_IN_WORD) {
            let mut word = words.next()?;
            for number in numbers {
                *number = (word & 0xF) as i8 - MOST_STORED;
                word >>= 4;
            }
        }
        let is_whole = words.next().is_none() && numbers.iter().any(|&number| number != 0);
        is_whole.then(|| Vector::new(numbers))
    }
}

fn product(one: &[i8; DIMENSIONS], other: &[i8; DIMENSIONS]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
