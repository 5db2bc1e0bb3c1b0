//! From a text to the numbers of its word pieces, as BERT's tokenizer does it for uncased English (Devlin et al. 2019).
//! [`crate::meaning`] cuts words likewise, but for a table that has no punctuation, no stop words and its own numbers.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::network::MOST_PIECES;

/// What pieces begin with that do not begin a word.
const INSIDE: &str = "##";
/// Longer words (characters) are not cut but unknown.
const LONGEST_WORD: usize = 100;

/// The pieces that a text may be cut into.
pub struct Tokens {
    numbers: FxHashMap<String, i32>,
    unknown: i32,
    first: i32,
    last: i32,
}

impl Tokens {
    /// The pieces of a vocabulary, one a line; `None` where it lacks those that every text has.
    pub fn of(vocabulary: &str) -> Option<Tokens> {
        let numbers: FxHashMap<String, i32> =
            vocabulary.lines().map(str::trim_end).map(str::to_owned).zip(0..).collect();
        let number = |name: &str| numbers.get(name).copied();
        let (unknown, first, last) = (number("[UNK]")?, number("[CLS]")?, number("[SEP]")?);
        Some(Tokens { numbers, unknown, first, last })
    }

    /// How many pieces there are.
    pub fn count(&self) -> usize {
        self.numbers.len()
    }

    /// The numbers of a text's pieces, from the one that begins every text to the one that ends it. What goes beyond
    /// 256 pieces is left out.
    pub fn of_text(&self, text: &str) -> Vec<i32> {
        let mut numbers = vec![self.first];
        let mut word = String::new();
        for c in text.chars() {
            if numbers.len() >= MOST_PIECES {
                break;
            }
            match Class::of(c) {
                Class::Dropped => {}
                Class::Blank => self.cut(&mut word, &mut numbers),
                Class::Alone => {
                    self.cut(&mut word, &mut numbers);
                    word.push(c);
                    self.cut(&mut word, &mut numbers);
                }
                Class::Letter => word.push(c),
            }
        }
        self.cut(&mut word, &mut numbers);
        numbers.truncate(MOST_PIECES - 1);
        numbers.push(self.last);
        numbers
    }

    /// Appends the numbers of a word's pieces: the longest first, from its beginning. Leaves the word empty.
    fn cut(&self, word: &mut String, out: &mut Vec<i32>) {
        let folded: String = match word.is_ascii() {
            true => word.to_ascii_lowercase(),
            false => word.nfd().filter(|&c| !is_mark(c)).flat_map(char::to_lowercase).collect(),
        };
        word.clear();
        if folded.is_empty() {
            return;
        }
        let before = out.len();
        let mut rest = folded.as_str();
        while !rest.is_empty() {
            let is_first = rest.len() == folded.len();
            match self.longest(rest, is_first).filter(|_| folded.chars().count() <= LONGEST_WORD) {
                Some((number, length)) => {
                    out.push(number);
                    rest = &rest[length..];
                }
                None => {
                    out.truncate(before);
                    return out.push(self.unknown);
                }
            }
        }
    }

    /// The longest piece that a text begins with, and its length.
    fn longest(&self, text: &str, is_first: bool) -> Option<(i32, usize)> {
        let mut piece = if is_first { String::new() } else { INSIDE.to_owned() };
        piece.push_str(text);
        let prefix = piece.len() - text.len();
        while piece.len() > prefix {
            if let Some(&number) = self.numbers.get(&piece) {
                return Some((number, piece.len() - prefix));
            }
            piece.pop();
        }
        None
    }
}

/// What a character is to the tokenizer.
enum Class {
    Dropped,
    Blank,
    /// A word of its own.
    Alone,
    Letter,
}

impl Class {
    fn of(c: char) -> Class {
        match c {
            '\t' | '\n' | '\r' | ' ' => Class::Blank,
            '\0' | '\u{FFFD}' => Class::Dropped,
            _ if c.is_ascii_alphanumeric() => Class::Letter,
            _ if c.is_ascii_punctuation() || is_ideograph(c) => Class::Alone,
            _ if c.is_whitespace() => Class::Blank,
            _ if is_of(c, r"\p{C}", &CONTROL) => Class::Dropped,
            _ if is_of(c, r"\p{P}", &PUNCTUATION) => Class::Alone,
            _ => Class::Letter,
        }
    }
}

static CONTROL: OnceLock<Option<Regex>> = OnceLock::new();
static PUNCTUATION: OnceLock<Option<Regex>> = OnceLock::new();
static MARK: OnceLock<Option<Regex>> = OnceLock::new();

fn is_mark(c: char) -> bool {
    !c.is_ascii() && is_of(c, r"\p{Mn}", &MARK)
}

/// Whether a character is of a category of Unicode.
fn is_of(c: char, category: &str, known: &OnceLock<Option<Regex>>) -> bool {
    let category = known.get_or_init(|| Regex::new(category).ok());
    category.as_ref().is_some_and(|category| category.is_match(c.encode_utf8(&mut [0; 4])))
}

/// The ideographs that the tokenizer sets apart: a block of them each.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{2A6DF}'
        | '\u{2A700}'..='\u{2B73F}' | '\u{2B740}'..='\u{2B81F}' | '\u{2B820}'..='\u{2CEAF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}
