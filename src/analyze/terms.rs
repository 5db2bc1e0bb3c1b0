//! Terms of words seen before: most words of a text have just been read in the same spelling, so that
//! folding and stemming happen once and the rest is a look into a small table.

use std::fmt;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::fold::fold;
use super::is_word;
use super::stem::Stems;

/// Words longer than this (bytes, folded) are cut at it: they are data, not language, and tantivy
/// refuses terms of more than 65,530 bytes.
const LONGEST_TERM: usize = 120;

/// All is forgotten when so many words are known: enough for the vocabulary of a shelf, a bound on
/// memory (about 5 MB) where a hostile text never repeats itself.
const MOST_WORDS: usize = 65_536;

/// Words of up to so many bytes are known by one number, without a walk over their letters: 999 in
/// 1,000 words of a report.
const SHORT: usize = 16;

/// The table of short words begins with so many places: a query needs few.
const FEWEST_PLACES: usize = 256;

/// The terms of words, worked out once.
#[derive(Default)]
pub struct Terms {
    stems: Stems,
    /// The short words, each in the first free place from its own on; at most half of them are taken.
    places: Vec<Place>,
    taken: usize,
    /// The other words.
    long: FxHashMap<Box<str>, Span>,
    /// The terms, one after another.
    terms: String,
    folded: String,
    /// Words met since they were last taken, folded, each with its term behind a tab; kept only where
    /// somebody takes them.
    pub new_words: Option<Vec<Box<str>>>,
}

/// Where a term stands in [`Terms::terms`]. Empty for what has no letter or digit and is no word.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    end: u32,
}

/// The bytes of a short word as a number, the lower half first: a `u128` would make each place of the
/// table a third larger.
pub type Number = [u64; 2];

/// The number of no word.
const NONE: Number = [0, 0];

#[derive(Clone, Copy, Default)]
struct Place {
    /// [`NONE`] where the place is free.
    word: Number,
    span: Span,
}

impl Terms {
    /// The term of the word that stands in a text at a range, which is not empty. An empty term means
    /// that it is no word: a lone modifier or a joined emoji.
    #[inline]
    pub fn of(&mut self, text: &str, range: &Range<usize>) -> &str {
        let span = match short(text.as_bytes(), range) {
            Some(number) => match self.places.get(self.place(number)) {
                Some(place) if place.word == number => place.span,
                _ => self.new_short(number, &text[range.clone()]),
            },
            None => self.long(&text[range.clone()]),
        };
        self.terms.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The place where a short word stands, or the free one where it will.
    #[inline]
    fn place(&self, number: Number) -> usize {
        let last = self.places.len().wrapping_sub(1);
        let mut at = scattered(number) & last;
        while self.places.get(at).is_some_and(|place| place.word != number && place.word != NONE) {
            at = (at + 1) & last;
        }
        at
    }

    #[cold]
    fn new_short(&mut self, number: Number, word: &str) -> Span {
        self.make_room();
        if 2 * self.taken >= self.places.len() {
            self.grow();
        }
        let span = self.term(word);
        let at = self.place(number);
        if let Some(place) = self.places.get_mut(at) {
            *place = Place { word: number, span };
            self.taken += 1;
        }
        span
    }

    fn grow(&mut self) {
        let more = vec![Place::default(); (self.places.len() * 2).max(FEWEST_PLACES)];
        for old in std::mem::replace(&mut self.places, more) {
            let at = self.place(old.word);
            if let Some(place) = self.places.get_mut(at).filter(|_| old.word != NONE) {
                *place = old;
            }
        }
    }

    fn long(&mut self, word: &str) -> Span {
        if let Some(&span) = self.long.get(word) {
            return span;
        }
        self.make_room();
        let span = self.term(word);
        self.long.insert(word.into(), span);
        span
    }

    fn make_room(&mut self) {
        if self.taken + self.long.len() >= MOST_WORDS {
            self.places.fill(Place::default());
            self.taken = 0;
            self.long.clear();
            self.terms.clear();
        }
    }

    /// Works out the term of a word.
    fn term(&mut self, word: &str) -> Span {
        fold(word, &mut self.folded);
        if self.folded.len() > LONGEST_TERM {
            let end = (0..=LONGEST_TERM).rev().find(|&end| self.folded.is_char_boundary(end));
            self.folded.truncate(end.unwrap_or(0));
        }
        let start = self.terms.len();
        self.stems.stem(&self.folded, &mut self.terms);
        if !self.terms.get(start..).is_some_and(is_word) {
            self.terms.truncate(start);
        }
        if let Some(new) = self.new_words.as_mut().filter(|_| self.terms.len() > start) {
            let term = self.terms.get(start..).unwrap_or_default();
            new.push(format!("{}\t{term}", self.folded).into());
        }
        Span { start: start as u32, end: self.terms.len() as u32 }
    }
}

/// A word of up to 16 bytes as a number, `None` for a longer one; no two have the same, as no word has a byte 0.
#[inline]
pub fn short(text: &[u8], range: &Range<usize>) -> Option<Number> {
    let length = range.len();
    if length > SHORT {
        return None;
    }
    let window = text.get(range.start..range.start + SHORT);
    let bytes = match window.and_then(|window| <[u8; SHORT]>::try_from(window).ok()) {
        Some(bytes) => bytes,
        // The text ends before that.
        None => {
            let mut bytes = [0; SHORT];
            for (to, from) in bytes.iter_mut().zip(text.get(range.clone())?) {
                *to = *from;
            }
            bytes
        }
    };
    let unused = 8 * (SHORT - length) as u32;
    let number = u128::from_le_bytes(bytes) & u128::MAX.checked_shr(unused)?;
    Some([number as u64, (number >> 64) as u64])
}

/// A number whose low bits depend on all bits of a word's (multiplicative hashing, Knuth 6.4, with the
/// golden ratio and the factor of `FxHasher`).
#[inline]
fn scattered([low, high]: Number) -> usize {
    let low = low.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let high = high.wrapping_mul(0xF135_7AEA_2E62_A9C5);
    let mixed = (low ^ low >> 32).wrapping_add(high).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as usize
}

impl Clone for Terms {
    /// A clone begins with nothing known.
    fn clone(&self) -> Terms {
        Terms { new_words: self.new_words.as_ref().map(|_| Vec::new()), ..Terms::default() }
    }
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terms").field("known", &(self.taken + self.long.len())).finish()
    }
}
