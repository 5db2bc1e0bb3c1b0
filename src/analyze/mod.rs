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
mod hidden;
mod inflected;
mod letters;
mod stem;
mod stop_words;
mod terms;
mod words;

use std::fmt::Write;
use std::ops::Range;

use sha2::{Digest, Sha256};

pub use hidden::{Hidden, hidden};
pub use inflected::Inflected;
pub use letters::{Disregard, SOFT_HYPHEN, is_invisible, is_unspaced, letters};
pub use stop_words::is_stop_word;
pub use terms::{Number, short};

/// Separates the parts (title, heading, body) of a text that is indexed as one: positions jump by
/// [`PART_GAP`] over it, so that no phrase and no proximity reaches from one part into another.
pub const PART_SEPARATOR: char = '\u{1F}';

/// See [`PART_SEPARATOR`]. Wider than the widest proximity that a query can ask for.
pub const PART_GAP: u32 = 200;

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

/// Turns text into tokens. Cheap to make; remembers the terms of words, so reuse one over many texts.
#[derive(Clone, Debug, Default)]
pub struct Analyzer {
    terms: terms::Terms,
}

/// The first two letters of some terms: a word that begins otherwise gives none of them.
#[derive(Clone, Debug)]
pub struct Beginnings {
    /// By the first letter, a bit for each second one, modulo 64.
    second: [u64; 128],
}

/// Where a term begins with the first pair, a word that begins with the second may have it: `foot` and
/// `feet`, `man` and `men`, `tooth` and `teeth`, `u.s` and `US`.
const CHANGED: [(&[u8; 2], &[u8; 2]); 4] =
    [(b"fo", b"fe"), (b"ma", b"me"), (b"to", b"te"), (b"u.", b"us")];

impl Beginnings {
    /// The beginnings of these terms.
    pub fn of<'t>(terms: impl Iterator<Item = &'t str>) -> Beginnings {
        let mut beginnings = Beginnings { second: [0; 128] };
        for term in terms {
            match *term.as_bytes() {
                [first, second, ..] if second.is_ascii() => {
                    beginnings.add(first, 1 << (second % 64));
                    // `dying` is `die`.
                    if second == b'i' {
                        beginnings.add(first, 1 << (b'y' % 64));
                    }
                    for (_, word) in CHANGED.iter().filter(|(term, _)| **term == [first, second]) {
                        beginnings.add(first, 1 << (word[1] % 64));
                    }
                }
                // A single letter may be all that is left of a word.
                [first, ..] => beginnings.add(first, u64::MAX),
                [] => {}
            }
        }
        beginnings
    }

    fn add(&mut self, first: u8, seconds: u64) {
        if let Some(known) = self.second.get_mut(usize::from(first)) {
            *known |= seconds;
        }
    }

    /// Whether a word that begins with these bytes may give one of the terms: folding changes what is
    /// not a letter or digit of ASCII, and of those only the case; stems begin as their words do.
    fn may_have(&self, first: u8, second: Option<u8>) -> bool {
        let Some(&seconds) = self.second.get(usize::from(first.to_ascii_lowercase())) else {
            return true;
        };
        match second {
            Some(second) if second.is_ascii_alphanumeric() => {
                seconds & 1 << (second.to_ascii_lowercase() % 64) != 0
            }
            _ => seconds != 0,
        }
    }
}

impl Analyzer {
    /// An analyzer that keeps the words it meets for [`Analyzer::take_new_words`].
    pub fn keeping_words() -> Analyzer {
        let mut analyzer = Analyzer::default();
        analyzer.terms.new_words = Some(Vec::new());
        analyzer
    }

    /// The words met for the first time since this was last asked, folded, each with its term behind a
    /// tab; a word may come again.
    pub fn take_new_words(&mut self) -> Vec<Box<str>> {
        match &mut self.terms.new_words {
            Some(words) if !words.is_empty() => std::mem::take(words),
            _ => Vec::new(),
        }
    }

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
                let term = self.terms.of(text, &bytes);
                if !term.is_empty() {
                    sink(term, position, bytes);
                    position += 1;
                }
            }
            words::Word::Joined(bytes) => sink(self.terms.of(text, &bytes), position, bytes),
            words::Word::Gap => position += PART_GAP,
        });
    }

    /// The term of a word that [`edges`] gives.
    pub fn term_of(&mut self, text: &str, word: &Range<usize>) -> &str {
        self.terms.of(text, word)
    }

    /// As [`Analyzer::scan`], for the words that may give one of `wanted` only: a word and its term begin
    /// with the same letters, so that most words need not be folded and stemmed. Returns how many positions the
    /// text has.
    pub fn scan_for(
        &mut self,
        text: &str,
        wanted: &Beginnings,
        mut sink: impl FnMut(&str, u32, Range<usize>),
    ) -> u32 {
        let bytes = text.as_bytes();
        let mut position = 0u32;
        words::scan(text, |word| match word {
            words::Word::Plain(range) => {
                let second = bytes.get(range.start + 1).copied().filter(|_| range.len() > 1);
                if !wanted.may_have(bytes[range.start], second) {
                    position += 1;
                    return;
                }
                let term = self.terms.of(text, &range);
                if !term.is_empty() {
                    sink(term, position, range);
                    position += 1;
                }
            }
            words::Word::Joined(range) => sink(self.terms.of(text, &range), position, range),
            words::Word::Gap => position += PART_GAP,
        });
        position
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
    each_word(text, |bytes| ranges.push(bytes));
    ranges
}

/// Calls `sink` with the byte range of each word of a text, in order.
pub fn each_word(text: &str, mut sink: impl FnMut(Range<usize>)) {
    words::scan(text, |word| {
        if let words::Word::Plain(bytes) = word {
            sink(bytes);
        }
    });
}

/// How many words a text has: as many as it has positions.
pub fn count_words(text: &str) -> u64 {
    edges(text, |_| ()).words
}

/// How many words a text has, and where the first and the last of them stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// As many as the text has positions.
    pub words: u64,
    /// The only token at the first position; `None` where there are two, or no word.
    pub first: Option<Range<usize>>,
    /// The same of the last position.
    pub last: Option<Range<usize>>,
}

/// The words of a text, counted, with the first and the last. Calls `sink` with what [`each_word`] gives.
pub fn edges(text: &str, mut sink: impl FnMut(&Range<usize>)) -> Edges {
    let mut edges = Edges::default();
    let mut is_joined = false;
    words::scan(text, |word| match word {
        words::Word::Plain(bytes) => {
            sink(&bytes);
            let word = &text[bytes.clone()];
            // Folding keeps letters and digits of ASCII; of others it decides.
            if word.bytes().any(|byte| byte.is_ascii_alphanumeric()) || is_word(&folded(word)) {
                edges.last = (!std::mem::take(&mut is_joined)).then_some(bytes);
                if edges.words == 0 {
                    edges.first = edges.last.clone();
                }
                edges.words += 1;
            }
        }
        words::Word::Joined(_) => is_joined = true,
        words::Word::Gap => {}
    });
    edges
}

/// The fingerprint of this version's analyzer, so that a search need not compute it; a test compares the
/// two. A program built with other tables of Unicode than those it was tested with refuses its own
/// indexes, for what it writes into them is computed.
pub const FINGERPRINT: &str = "7660c33a6fda6685afd5623eb1cb6fb37484f25902819779059870c8859c116b";

/// What the analyzer makes of a fixed text, as hexadecimal SHA-256: an index made by an analyzer
/// with another fingerprint holds other terms and must be rebuilt.
pub fn fingerprint() -> String {
    let mut tokens = String::with_capacity(4 * FIXED_TEXT.len());
    Analyzer::default().scan(FIXED_TEXT, |term, position, bytes| {
        // Writing to a string does not fail.
        let _ = writeln!(tokens, "{term}\t{position}\t{}\t{}", bytes.start, bytes.end);
    });
    Sha256::digest(tokens).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Touches every rule of the analyzer; see [`fingerprint`].
const FIXED_TEXT: &str = include_str!("fixed.txt");
