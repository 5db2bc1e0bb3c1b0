//! Which words of a text carry its likeness to a question: each word of the one is compared with each of the other.
//! Vectors add up, so that what two texts have in common is the sum of what their words have in common, each of the one
//! with each of the other.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::embed::{Cut, Key};
use super::spare::Spare;
use super::sums::{Sum, Sums};
use crate::analyze::{each_word, folded, is_invisible};

/// Two words are alike whose vectors have at least this cosine: `officials` and `authorities` have 0.58, `border`
/// and `patrols` 0.47, `officials` and `arrests` 0.39.
const LEAST_ALIKE: f32 = 0.45;

/// The words of a question, for comparing texts with it. Remembers the words of texts, so reuse one over many.
pub struct Asked {
    /// Each with the number that it was given with.
    words: Vec<(usize, Sum)>,
    embedder: Spare,
    /// Of the words of texts the number of the one that each is like, if any is.
    known: FxHashMap<Key, Option<usize>>,
}

/// A word of a text that is like one of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Half-open byte range in the text.
    pub bytes: Range<usize>,
    /// The number of the word of the question.
    pub asked: usize,
}

/// What a word of a question and one of a text have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The word of the question, folded.
    pub asked: String,
    /// The word of the text, folded.
    pub found: String,
    /// Its part of what question and text have in common, which is 1. May be negative.
    pub share: f32,
}

impl Asked {
    /// The words of a question, each with a number of its own.
    pub fn new<'w>(words: impl IntoIterator<Item = (usize, &'w str)>) -> Asked {
        let mut sums = Sums::default();
        let words = words.into_iter().map(|(number, word)| (number, sums.word(word)));
        let words = words.filter(|(_, sum)| !sum.is_nothing()).collect();
        Asked { words, embedder: Spare::take(), known: FxHashMap::default() }
    }

    /// The words of a text that are like one of the question.
    pub fn alike(&mut self, text: &str) -> Vec<Alike> {
        let mut alike = Vec::new();
        let Asked { words, embedder, known } = self;
        each_word(text, |bytes| {
            // A letter alone, of an initial or of letters set apart, means nothing, and a number is no other.
            let is_number = text.as_bytes().get(bytes.start).is_some_and(u8::is_ascii_digit);
            if bytes.len() == 1 || is_number {
                return;
            }
            let word = embedder.cut(text, &bytes);
            if !word.pieces.is_empty()
                && let Some(asked) =
                    *known.entry(word.key).or_insert_with(|| most_like(words, &word))
            {
                alike.push(Alike { bytes, asked });
            }
        });
        alike
    }
}

/// The number of the word that is most like another, if any is like it.
fn most_like(words: &[(usize, Sum)], word: &Cut<'_>) -> Option<usize> {
    if let &[piece] = word.pieces
        && !words.iter().any(|(_, asked)| asked.may_be_like(piece, word.squares, LEAST_ALIKE))
    {
        return None;
    }
    let sum = Sum::of(word.pieces);
    if sum.is_nothing() {
        return None;
    }
    let likeness = words.iter().map(|(number, asked)| (asked.likeness(&sum), *number));
    let most = likeness.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    most.filter(|(likeness, _)| *likeness >= LEAST_ALIKE).map(|(_, number)| number)
}

/// What each word of a question and each word of some texts have in common, the most first.
pub fn pairs<'t>(question: &str, texts: impl IntoIterator<Item = &'t str>) -> Vec<Pair> {
    let mut sums = Sums::default();
    let asked = counted(&mut sums, [question]);
    let found = counted(&mut sums, texts);
    let mut pairs = Vec::with_capacity(asked.len() * found.len());
    for (one, (sum, count)) in &asked {
        for (other, (found, times)) in &found {
            let common = sum.product(found) as f32 * (count * times) as f32;
            pairs.push(Pair { asked: one.clone(), found: other.clone(), share: common });
        }
    }
    let all: f32 = pairs.iter().map(|pair| pair.share).sum();
    pairs.iter_mut().for_each(|pair| pair.share /= all);
    pairs.sort_by(|a, b| {
        let words = |pair: &Pair| (pair.asked.clone(), pair.found.clone());
        b.share.total_cmp(&a.share).then_with(|| words(a).cmp(&words(b)))
    });
    pairs
}

/// The words of texts, folded, each with its vector and how often it stands there.
fn counted<'t>(
    sums: &mut Sums,
    texts: impl IntoIterator<Item = &'t str>,
) -> FxHashMap<String, (Sum, u32)> {
    let mut counted: FxHashMap<String, (Sum, u32)> = FxHashMap::default();
    for text in texts {
        each_word(text, |bytes| {
            let mut word = folded(&text[bytes]);
            // They are to be read.
            word.retain(|c| !is_invisible(c));
            let sum = sums.word(&word);
            if !sum.is_nothing() {
                counted.entry(word).or_insert((sum, 0)).1 += 1;
            }
        });
    }
    counted
}
