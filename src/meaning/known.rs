//! What is known of words, so that each is looked up but once.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::analyze::{Number, short};

/// A value for each word, as written. Short words are their own numbers, so that none of their bytes is hashed.
pub struct Known<T> {
    short: FxHashMap<Number, T>,
    long: FxHashMap<Box<str>, T>,
}

impl<T> Default for Known<T> {
    fn default() -> Known<T> {
        Known { short: FxHashMap::default(), long: FxHashMap::default() }
    }
}

impl<T: Copy> Known<T> {
    /// What is known of the word that stands in a text at a range.
    #[inline]
    pub fn get(&self, text: &str, range: &Range<usize>) -> Option<T> {
        match short(text.as_bytes(), range) {
            Some(number) => self.short.get(&number).copied(),
            None => self.long.get(&text[range.clone()]).copied(),
        }
    }

    /// Keeps what is known of the word that stands there.
    pub fn insert(&mut self, text: &str, range: &Range<usize>, value: T) {
        match short(text.as_bytes(), range) {
            Some(number) => self.short.insert(number, value),
            None => self.long.insert(text[range.clone()].into(), value),
        };
    }

    /// Of how many words something is known.
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}
