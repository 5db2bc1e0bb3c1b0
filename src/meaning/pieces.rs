//! Word pieces: a word is cut from its beginning into the longest pieces that the table has (WordPiece; Schuster and
//! Nakajima 2012, "Japanese and Korean voice search").

/// What pieces begin with that do not begin a word.
const INSIDE: &str = "##";

/// Longer words (bytes) are data, not language.
const LONGEST_WORD: usize = 100;

/// The pieces by their bytes. Nothing is made of them when a program starts: a search has a few words.
pub struct Pieces {
    /// One after another.
    text: &'static [u8],
    /// Where each begins, and where the last one ends; little endian.
    starts: &'static [[u8; 4]],
    slots: &'static Slots,
}

/// Where to look for a piece by its bytes: its number stands in the slot of its hash, or in one of the next that are
/// taken (open addressing; Knuth 6.4).
pub struct Slots([u16; SLOTS]);

/// Less than half of them are taken.
const SLOTS: usize = 1 << 16;

/// A slot that is not taken.
const FREE: u16 = u16::MAX;

/// The hash of no bytes.
const NOTHING: u32 = 0x811c_9dc5;

/// The hash of some bytes and one more (FNV-1a).
const fn and(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// The hash of some bytes, and of others behind them.
const fn and_all(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut at = 0;
    while at < bytes.len() {
        hash = and(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// The first slot of a hash.
const fn slot(hash: u32) -> usize {
    (hash ^ hash >> 16) as usize % SLOTS
}

impl Slots {
    /// Of pieces that stand one after another in a text, and where each begins. Runs when the program is compiled.
    pub const fn of(text: &[u8], starts: &[[u8; 4]]) -> Slots {
        let mut slots = [FREE; SLOTS];
        let mut piece = 0;
        while piece + 1 < starts.len() {
            let (start, end) =
                (u32::from_le_bytes(starts[piece]), u32::from_le_bytes(starts[piece + 1]));
            let bytes = text.split_at(end as usize).0.split_at(start as usize).1;
            let mut at = slot(and_all(NOTHING, bytes));
            while slots[at] != FREE {
                at = (at + 1) % SLOTS;
            }
            slots[at] = piece as u16;
            piece += 1;
        }
        Slots(slots)
    }
}

impl Pieces {
    /// Pieces that stand one after another in a text, where each begins, and their slots.
    pub const fn new(
        text: &'static [u8],
        starts: &'static [[u8; 4]],
        slots: &'static Slots,
    ) -> Pieces {
        Pieces { text, starts, slots }
    }

    fn piece(&self, number: u16) -> &[u8] {
        let number = usize::from(number);
        let start =
            |number| self.starts.get(number).map(|bytes| u32::from_le_bytes(*bytes) as usize);
        let piece = start(number).zip(start(number + 1));
        piece.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    /// The number of the piece that is a word from its beginning to its end. The word is folded.
    pub fn whole(&self, word: &str) -> Option<u16> {
        self.find(and_all(NOTHING, word.as_bytes()), "", word.as_bytes())
    }

    /// The number of the piece that consists of two texts and has this hash.
    fn find(&self, hash: u32, begin: &str, rest: &[u8]) -> Option<u16> {
        let mut at = slot(hash);
        loop {
            let number = *self.slots.0.get(at)?;
            if number == FREE {
                return None;
            }
            if self.piece(number).strip_prefix(begin.as_bytes()) == Some(rest) {
                return Some(number);
            }
            at = (at + 1) % SLOTS;
        }
    }

    /// Appends the numbers of a word's pieces; of a word that cannot be cut so, nothing. The word is folded.
    pub fn cut(&self, word: &str, out: &mut Vec<u16>) {
        let before = out.len();
        let (mut begin, mut rest) = ("", word.as_bytes());
        while !rest.is_empty() {
            match self.longest(begin, rest).filter(|_| word.len() <= LONGEST_WORD) {
                Some((piece, length)) => {
                    out.push(piece);
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => return out.truncate(before),
            }
            begin = INSIDE;
        }
    }

    /// The longest piece that is `begin` and what a text begins with, and how long that is.
    fn longest(&self, begin: &str, text: &[u8]) -> Option<(u16, usize)> {
        let text = text.get(..LONGEST_WORD).unwrap_or(text);
        let mut hashes = [0; LONGEST_WORD];
        let mut hash = and_all(NOTHING, begin.as_bytes());
        for (place, &byte) in hashes.iter_mut().zip(text) {
            hash = and(hash, byte);
            *place = hash;
        }
        let beginnings = (1..=text.len()).rev().zip(hashes[..text.len()].iter().rev());
        let mut pieces = beginnings.map(|(length, &hash)| (hash, length));
        pieces.find_map(|(hash, length)| Some((self.find(hash, begin, &text[..length])?, length)))
    }
}
