//! Meaning: a text as a vector, so that a passage in other words than the question's can be told from one about
//! something else.
//!
//! The vector of a text is the sum of the vectors of its word pieces, which stand in a table in the program
//! (`table.bin`, distilled from a sentence encoder by `benches/make_meaning.py`; `NOTICE` says from which). It needs no model to be
//! run, no network and no more memory than the table. The table is of English: other languages have no vectors.

mod embed;
mod known;
mod pairs;
mod pieces;
mod spare;
mod sums;
mod table;

pub use embed::{Bag, Embedder, is_whole};
pub use pairs::{Alike, Asked, Pair, pairs};
pub use spare::Spare;
pub use sums::Sums;

/// The SHA-256 of the table, in hexadecimal digits: vectors of two tables do not go together. A test compares the two, so
/// that a search need not compute it.
pub const DIGEST: &str = "511e46ddca1dd1076bd527170471005c2c86f9e6e81e5f1681c823697cb1d056";

/// How many numbers a vector has.
pub const DIMENSIONS: usize = 256;

/// How many words of 64 bits one bit of each number takes.
pub const PLANE: usize = DIMENSIONS / 64;

/// A vector is stored with so many bits a number. With 8, 4 and 3 bits it ranks as well, with 2 not quite; ARCHITECTURE.md has
/// the figures.
const BITS: usize = 3;

/// So many words of 64 bits a vector has behind its signs.
pub const REST: usize = (BITS - 1) * PLANE;

/// The greatest number that is stored. Its code is one more than that greater.
const MOST_STORED: i8 = 3;

/// What is stored are multiples of this: of .85 times what numbers are on average (root mean square). Of .65, .75, .85 and 1
/// the third ranks the judged collections best.
const STEP: f32 = 0.85 * i8::MAX as f32 / FURTHEST;

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
        let scaled = |number| {
            let scaled = (f32::from(number) / furthest * most).clamp(-most, most);
            // To the nearest: `round` is a call where the processor is not known to have it.
            (scaled + 0.5_f32.copysign(scaled)) as i8
        };
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

    /// The vector as it is stored: of each number the first bit, which is set where it is not negative, then of each
    /// the second, and so on; the first number in the lowest bits.
    pub fn to_words(&self) -> ([u64; PLANE], [u64; REST]) {
        let codes = self.numbers.map(|number| {
            let steps = f32::from(number) / STEP;
            // To the nearest: `round` is a call where the processor is not known to have it.
            let nearest = (steps + 0.5_f32.copysign(steps)) as i8;
            (nearest.clamp(-MOST_STORED, MOST_STORED) + MOST_STORED + 1) as u8
        });
        let mut words = [0; BITS * PLANE];
        for (at, codes) in codes.as_chunks::<8>().0.iter().enumerate() {
            let codes = u64::from_le_bytes(*codes);
            for (plane, words) in words.chunks_mut(PLANE).enumerate() {
                let bits = gathered(codes >> (BITS - 1 - plane));
                words[at / 8] |= bits << (8 * (at % 8));
            }
        }
        let (signs, rest) = words.split_at(PLANE);
        (std::array::from_fn(|at| signs[at]), std::array::from_fn(|at| rest[at]))
    }

    /// The vector that is stored so; `None` where it has no direction.
    pub fn from_words(signs: &[u64; PLANE], rest: &[u64; REST]) -> Option<Vector> {
        let bytes = |words: &[u64]| {
            let mut bytes = [0; 8 * PLANE];
            for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
                *bytes = word.to_le_bytes();
            }
            bytes
        };
        let mut codes = bytes(signs).map(|byte| SPREAD[usize::from(byte)]);
        for plane in rest.chunks(PLANE) {
            for (code, byte) in codes.iter_mut().zip(bytes(plane)) {
                *code = *code << 1 | SPREAD[usize::from(byte)];
            }
        }
        let mut numbers = [0; DIMENSIONS];
        for (numbers, codes) in numbers.as_chunks_mut::<8>().0.iter_mut().zip(codes) {
            *numbers = codes.to_le_bytes().map(|code| code as i8 - MOST_STORED - 1);
        }
        let vector = Vector::new(numbers);
        (vector.square > 0).then_some(vector)
    }
}

/// The lowest bit of each byte, those of the lowest bytes in the lowest bits.
const fn gathered(bytes: u64) -> u64 {
    // Each bit comes to a place of the highest byte where no other comes.
    (bytes & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Of each byte its bits, one to a byte, the lowest first.
const SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut byte = 0;
    while byte < spread.len() {
        let mut bit = 0;
        while bit < 8 {
            spread[byte] |= (byte as u64 >> bit & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    spread
};

fn product(one: &[i8; DIMENSIONS], other: &[i8; DIMENSIONS]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
