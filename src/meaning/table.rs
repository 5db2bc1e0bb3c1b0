//! The table: the vector of each word piece, as numbers of one scale, so that vectors add up without being weighed.
//! How much a piece says is the length of its vector.

use super::DIMENSIONS;
use super::pieces::{Pieces, Slots};

/// The number of pieces; where each begins in their text, and where the last one ends; a vector for each; the text.
/// Numbers have 32 bits and are little endian.
static FILE: &[u8] = include_bytes!("table.bin");

/// A vector has parts of so many numbers.
pub const PART: usize = 64;

/// The numbers of a vector that are compared first: of words at random 97 of 100 cannot be alike by these.
pub const HEAD: usize = 128;

/// What a vector has as a product with itself, and the part of that which the numbers behind the head have.
#[derive(Clone, Copy, Default)]
pub struct Squares {
    pub all: i32,
    pub tail: i32,
}

/// The table in the program. A file that is not one does not compile.
pub static TABLE: Table = {
    let (starts, vectors, text) = parts(FILE);
    Table { pieces: Pieces::new(text, starts, &SLOTS), vectors }
};

#[expect(long_running_const_eval, reason = "30,000 pieces, byte by byte: a second")]
static SLOTS: Slots = {
    let (starts, _, text) = parts(FILE);
    Slots::of(text, starts)
};

/// The vectors of the pieces.
pub struct Table {
    pub pieces: Pieces,
    vectors: &'static [[u8; DIMENSIONS]],
}

type Parts = (&'static [[u8; 4]], &'static [[u8; DIMENSIONS]], &'static [u8]);

/// Where pieces begin, their vectors and their text.
const fn parts(file: &'static [u8]) -> Parts {
    let (numbers, _) = file.as_chunks();
    let count = u32::from_le_bytes(numbers[0]) as usize;
    let (starts, rest) = file.split_at(4).1.split_at(4 * (count + 1));
    let (vectors, text) = rest.split_at(count * DIMENSIONS);
    (starts.as_chunks().0, vectors.as_chunks().0, text)
}

impl Table {
    /// Whether the vector of a piece is 0.
    pub fn says_nothing(&self, piece: u16) -> bool {
        let vector = self.vectors.get(usize::from(piece));
        vector.is_none_or(|vector| vector.iter().all(|&number| number == 0))
    }

    /// The squares of a piece.
    pub fn squares(&self, piece: u16) -> Squares {
        let vector = self.vectors.get(usize::from(piece)).map_or(&[][..], |vector| vector);
        let square = |numbers: &[u8]| {
            numbers.iter().map(|&number| i32::from(number as i8).pow(2)).sum::<i32>()
        };
        let tail = square(vector.get(HEAD..).unwrap_or_default());
        Squares { all: square(vector), tail }
    }

    /// The product of the head of a piece's vector with other numbers.
    pub fn product(&self, piece: u16, head: &[i16; HEAD]) -> i32 {
        let vector = self.vectors.get(usize::from(piece)).and_then(|vector| vector.first_chunk());
        let products = |numbers: &[u8; HEAD]| -> i32 {
            let both = numbers.iter().zip(head);
            both.map(|(&one, &other)| i32::from(one as i8) * i32::from(other)).sum()
        };
        vector.map_or(0, products)
    }

    /// Adds a part of the vector of a piece to a sum.
    #[inline]
    pub fn add(&self, piece: u16, part: usize, sum: &mut [i16; PART]) {
        let vector = self.vectors.get(usize::from(piece));
        if let Some(numbers) = vector.and_then(|vector| vector.as_chunks().0.get(part)) {
            let numbers: &[u8; PART] = numbers;
            for (sum, &number) in sum.iter_mut().zip(numbers) {
                *sum = sum.saturating_add(i16::from(number as i8));
            }
        }
    }
}
