//! The table: the vector of each word piece, as numbers of one scale, so that vectors add up without being weighed.
//! How much a piece says is the length of its vector.

use std::sync::OnceLock;

use super::DIMENSIONS;
use super::pieces::Pieces;

/// The number of pieces; where each begins in their text, and where the last one ends; a vector for each; the text.
/// Numbers have 32 bits and are little endian.
static FILE: &[u8] = include_bytes!("table.bin");

/// The vectors of the pieces.
#[derive(Default)]
pub struct Table {
    pub pieces: Pieces,
    vectors: &'static [[u8; DIMENSIONS]],
}

impl Table {
    /// The table in the program. A file that is not one would give a table without pieces; a test looks at it.
    pub fn get() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::read(FILE).unwrap_or_default())
    }

    fn read(file: &'static [u8]) -> Option<Table> {
        let (count, rest) = file.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (starts, rest) = rest.split_at_checked(4 * (count + 1))?;
        let (vectors, text) = rest.split_at_checked(count * DIMENSIONS)?;
        let pieces = Pieces::new(text, starts.as_chunks().0);
        Some(Table { pieces, vectors: vectors.as_chunks().0 })
    }

    /// Adds the vector of a piece to a sum.
    #[inline]
    pub fn add(&self, piece: u16, sum: &mut [i16; DIMENSIONS]) {
        if let Some(vector) = self.vectors.get(usize::from(piece)) {
            for (sum, &number) in sum.iter_mut().zip(vector) {
                *sum = sum.saturating_add(i16::from(number as i8));
            }
        }
    }
}
