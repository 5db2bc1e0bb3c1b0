//! Words of the index that mean something like a query, for who looks for other words to ask with.

use std::collections::BTreeMap;

use super::Searcher;
use crate::analyze::{Analyzer, each_word, folded, is_stop_word};
use crate::engine::Engine;
use crate::error::Result;
use crate::meaning::{Sums, is_whole};
use crate::query::{Pattern, TextField};

/// Words that fewer passages have are slips of the pen.
const FEWEST_PASSAGES: u64 = 2;

/// A word that the table knows by its pieces only is two that were written as one (`laborlaw`), a name or a slip, unless
/// one in so many passages has it.
const RARE: u64 = 2000;

/// Words that are less like the query (cosine) have nothing to do with it.
const LEAST_LIKENESS: f32 = 0.3;

/// A word of the index that means something like a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// Its form that is most like the query, folded.
    pub word: String,
    /// The cosine of the two, up to 1.
    pub likeness: f32,
    /// How many passages have it in any form.
    pub passages: u64,
}

impl<E: Engine> Searcher<E> {
    /// The words of the index that are most like some words in meaning, the most first, without their own forms. Nothing
    /// where none of the words is known to the table, which is of English. Beside words that it has whole, those count
    /// nothing that it knows by pieces only: see [`known_words`].
    ///
    /// # Errors
    /// Those of the engine.
    pub fn related(&self, words: &str, limit: usize) -> Result<Vec<Related>> {
        let mut sums = Sums::default();
        let (whole, _) = known_words(words);
        let asked = sums.text(&if whole.is_empty() { words.to_owned() } else { whole.join(" ") });
        let own: Vec<String> =
            Analyzer::default().tokens(words).into_iter().map(|token| token.term).collect();
        let is_told = |word: &str| word.len() > 2 && !is_stop_word(word);
        let told: Vec<&String> = own.iter().filter(|own| is_told(own)).collect();
        // Of the forms of a word the one that is most like.
        let mut best: BTreeMap<String, (f32, String)> = BTreeMap::new();
        let all = Pattern::Prefix(String::new());
        let vocabulary = self.engine.vocabulary();
        for (word, term) in vocabulary.words_like(&all, usize::MAX - 1)? {
            let is_word = is_told(&word) && word.chars().all(char::is_alphabetic);
            if !is_word || own.contains(&term) {
                continue;
            }
            // `theguardian`, for guards.
            if !is_whole(&word) && told.iter().any(|told| word.contains(told.as_str())) {
                continue;
            }
            let likeness = asked.likeness(&sums.word(&word));
            let known = best.get(&term).is_some_and(|(known, _)| *known >= likeness);
            if likeness >= LEAST_LIKENESS && !known {
                best.insert(term, (likeness, word));
            }
        }
        let mut order: Vec<(f32, String, String)> =
            best.into_iter().map(|(term, (likeness, word))| (likeness, word, term)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut related = Vec::with_capacity(limit.min(order.len()));
        for (likeness, word, term) in order {
            if related.len() == limit {
                break;
            }
            let passages = vocabulary.passages_with(TextField::Main, &term)?;
            let fewest = if is_whole(&word) { 0 } else { vocabulary.passages() / RARE };
            if passages >= fewest.max(FEWEST_PASSAGES) {
                related.push(Related { word, likeness, passages });
            }
        }
        Ok(related)
    }
}

/// The words of a text that the table has whole, and those that it knows by pieces only, which may be like other words
/// in spelling and no more (`kilns`, `kiosks`).
pub fn known_words(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut whole, mut in_pieces) = (Vec::new(), Vec::new());
    each_word(text, |bytes| {
        let word = text.get(bytes).unwrap_or_default();
        let known = folded(word);
        if !is_stop_word(&known) {
            (if is_whole(&known) { &mut whole } else { &mut in_pieces }).push(word);
        }
    });
    (whole, in_pieces)
}
