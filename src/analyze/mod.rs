//! Text to tokens: one analyzer for indexing, queries, marks and quotation checking.
//!
//! ```
//! use tipsearch::analyze::Analyzer;
//! let terms = |text: &str| -> Vec<String> {
//!     Analyzer::default().tokens(text).into_iter().map(|token| token.term).collect()
//! };
//! assert_eq!(terms("the U.A.E.’s border guards"), terms("The UAE's border guard"));
//! assert_eq!(terms("anti-trafficking"), ["anti", "traffick"]);
//! assert_eq!(terms("$35,000"), ["35000"]);
//! ```
//!
//! The steps, in order: words (`words`, Unicode Standard Annex #29 with our own joints), folding
//! of case, diacritics and punctuation inside words (`fold`), and stems (`stem`). Every token keeps
//! its position and its byte range in the text, so what matched can be marked exactly.

mod fold;
mod stem;
mod stop_words;
mod words;

use std::ops::Range;

use sha2::{Digest, Sha256};

pub use stop_words::is_stop_word;

/// Separates the parts (title, heading, body) of a text that is indexed as one: positions jump by
/// [`PART_GAP`] over it, so that no phrase and no proximity reaches from one part into another.
pub const PART_SEPARATOR: char = '\u{1F}';

/// See [`PART_SEPARATOR`]. Wider than the widest proximity that a query can ask for.
pub const PART_GAP: u32 = 200;

/// Words longer than this (bytes, folded) are cut at it: they are data, not language, and tantivy
/// refuses terms of more than 65,530 bytes.
const LONGEST_TERM: usize = 120;

/// A word of a text as it is indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the index holds: folded and stemmed.
    pub term: String,
    /// Counted in words from 0. Two tokens share a position where one is the joined form of a legal
    /// reference (`125(3)(b)`) and the other its first number.
    pub position: u32,
    /// Half-open byte range in the text.
    pub bytes: Range<usize>,
}

/// Turns text into tokens. Cheap to make; keeps a cache of stems, so reuse one over many texts.
#[derive(Clone, Debug, Default)]
pub struct Analyzer {
    stems: stem::Stems,
    folded: String,
}

/// The first letters of some terms.
#[derive(Clone, Debug)]
pub struct FirstLetters([bool; 128]);

impl FirstLetters {
    /// The first letters of these terms.
    pub fn of<'t>(terms: impl Iterator<Item = &'t str>) -> FirstLetters {
        let mut letters = [false; 128];
        for term in terms {
            if let Some(letter) = term.bytes().next().and_then(|b| letters.get_mut(usize::from(b)))
            {
                *letter = true;
            }
        }
        FirstLetters(letters)
    }

    /// Whether a word that begins with this byte may give one of the terms: folding changes what is
    /// not ASCII, and of ASCII only the case.
    fn may_begin(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte.to_ascii_lowercase())).copied().unwrap_or(true)
    }
}

impl Analyzer {
    /// The tokens of a text, in the order of their byte ranges.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.scan(text, |term, position, bytes| {
            tokens.push(Token { term: term.to_owned(), position, bytes });
        });
        tokens
    }

    /// Calls `sink` with term, position and byte range of each token, in order.
    pub fn scan(&mut self, text: &str, mut sink: impl FnMut(&str, u32, Range<usize>)) {
        let mut position = 0u32;
        words::scan(text, |word| match word {
            words::Word::Plain(bytes) => {
                let term = self.term(&text[bytes.clone()]);
                if is_word(term) {
                    sink(term, position, bytes);
                    position += 1;
                }
            }
            words::Word::Joined(bytes) => sink(self.term(&text[bytes.clone()]), position, bytes),
            words::Word::Gap => position += PART_GAP,
        });
    }

    /// As [`Analyzer::scan`], for the words that may give one of `wanted` only: a word and its term begin
    /// with the same letter, so that most words need not be folded and stemmed.
    pub fn scan_for(
        &mut self,
        text: &str,
        wanted: &FirstLetters,
        mut sink: impl FnMut(&str, u32, Range<usize>),
    ) {
        let bytes = text.as_bytes();
        let mut position = 0u32;
        words::scan(text, |word| match word {
            words::Word::Plain(range) => {
                let is_wanted = wanted.may_begin(bytes[range.start]);
                let term = if is_wanted { self.term(&text[range.clone()]) } else { "" };
                let is_word = !is_wanted || is_word(term);
                if is_wanted && is_word {
                    sink(term, position, range);
                }
                position += u32::from(is_word);
            }
            words::Word::Joined(range) => sink(self.term(&text[range.clone()]), position, range),
            words::Word::Gap => position += PART_GAP,
        });
    }

    /// The term of one word as [`words::scan`] gives it. Public callers use [`Analyzer::tokens`].
    fn term(&mut self, word: &str) -> &str {
        if let Some(found) = self.stems.find(word) {
            return self.stems.get(found);
        }
        fold::fold(word, &mut self.folded);
        if self.folded.len() > LONGEST_TERM {
            let end = (0..=LONGEST_TERM).rev().find(|&end| self.folded.is_char_boundary(end));
            self.folded.truncate(end.unwrap_or(0));
        }
        self.stems.insert(word, &self.folded)
    }
}

/// Whether a term has a letter or digit: a lone modifier or a joined emoji is no word.
fn is_word(term: &str) -> bool {
    term.chars().any(char::is_alphanumeric)
}

/// A word folded (case, diacritics, punctuation inside it) but not stemmed: for spelling, prefixes
/// and stop words.
pub fn folded(word: &str) -> String {
    let mut out = String::new();
    fold::fold(word, &mut out);
    out
}

/// The byte ranges of the words of a text, as the analyzer cuts them.
pub fn word_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    words::scan(text, |word| {
        if let words::Word::Plain(bytes) = word {
            ranges.push(bytes);
        }
    });
    ranges
}

/// What the analyzer makes of a fixed text, as hexadecimal SHA-256: an index made by an analyzer
/// with another fingerprint holds other terms and must be rebuilt.
pub fn fingerprint() -> String {
    let mut hash = Sha256::new();
    Analyzer::default().scan(FIXED_TEXT, |term, position, bytes| {
        hash.update(format!("{term}\t{position}\t{}\t{}\n", bytes.start, bytes.end));
    });
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Touches every rule of the analyzer; see [`fingerprint`].
const FIXED_TEXT: &str = include_str!("fixed.txt");
