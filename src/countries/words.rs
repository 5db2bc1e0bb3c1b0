//! Words as the names of countries are compared: folded, with a blank around each, without the endings of possessives.

use crate::analyze::{folded, word_ranges};

/// A word without the ending of a possessive.
pub fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word)
}

/// The words of a text, folded, with a blank around each.
pub fn folded_words(text: &str) -> String {
    let mut words = String::from(" ");
    for word in word_ranges(text) {
        let word = folded(text.get(word).unwrap_or_default());
        // `Kenya’s inspectors` are of Kenya.
        words.push_str(without_possessive(&word));
        words.push(' ');
    }
    words
}

/// Whether some folded words have others in a row.
pub fn has(words: &str, others: &str) -> bool {
    !others.trim().is_empty() && words.contains(others)
}
