//! Words that the index does not have, in the spelling of the nearest that it has.

use super::expand::{Expander, LONGEST_COMPOUND, MOST_EXPANSIONS};
use super::fields::edit_distance;
use super::{ExpansionSource, Form, Pattern, PhraseClause, PhraseTerm, TextField, WordClause};
use crate::error::Result;

impl Expander<'_> {
    /// The nearest word of the index: smallest distance, then the same first letter, then the most frequent, then the
    /// nearest in its whole length, then by the alphabet; see [`slips`].
    pub(super) fn near(&mut self, word: &WordClause) -> Result<Option<WordClause>> {
        let length = word.folded.chars().count();
        let is_odd = length > LONGEST_COMPOUND || word.folded.contains(char::is_numeric);
        if slips(length) == 0 || is_odd {
            return Ok(None);
        }
        let distance = slips(length);
        // A short stem is near too many: `numb` of `numbness`.
        let is_long = slips(word.term.chars().count()) >= distance;
        let term = if is_long { word.term.clone() } else { word.folded.clone() };
        let pattern = Pattern::Fuzzy { word: word.folded.clone(), term: Some(term), distance };
        let mut candidates = Vec::new();
        for (folded, term) in self.vocabulary.words_like(&pattern, MOST_EXPANSIONS)? {
            let passages = self.passages_with(TextField::Main, &term)?;
            if passages == 0 || folded.contains(char::is_numeric) {
                continue;
            }
            let apart = edit_distance(&word.folded, &folded);
            let distance = edit_distance(&word.term, &term).min(apart);
            let is_far = word.folded.chars().next() != folded.chars().next();
            let often = if is_doubled(&word.folded, &folded) { DOUBLED } else { 1 };
            let written = folded.clone();
            let near = WordClause { form: Form::Spelling, term, folded, written, ..word.clone() };
            let rank = (distance, is_far, std::cmp::Reverse(often * passages), apart);
            candidates.push((rank, near));
        }
        candidates.sort_by(|(a, one), (b, other)| (a, &one.folded).cmp(&(b, &other.folded)));
        Ok(candidates.into_iter().next().map(|(_, near)| near))
    }

    /// A phrase in quotes with the words that are nowhere in their nearest spellings; `None` where none is, or one has none.
    pub(super) fn spelled(&mut self, phrase: &PhraseClause) -> Result<Option<PhraseClause>> {
        // The parts of `il-99` belong to a name.
        let is_quoted = phrase.written.contains(char::is_whitespace);
        if phrase.field != TextField::Main || !is_quoted {
            return Ok(None);
        }
        let mut spelled = PhraseClause { form: Form::Spelling, ..phrase.clone() };
        let mut found = Vec::new();
        for term in &mut spelled.terms {
            if self.passages_with(phrase.field, &term.term)? > 0 {
                continue;
            }
            let word = phrase.word(term);
            let Some(near) = self.near(&word)? else { return Ok(None) };
            found.push((word, near.written));
            *term = PhraseTerm { term: near.term, folded: near.folded };
        }
        for (word, near) in &found {
            self.note(word, near.clone(), ExpansionSource::Spelling);
        }
        let words: Vec<&str> = spelled.terms.iter().map(|term| term.folded.as_str()).collect();
        spelled.written = words.join(" ");
        Ok((!found.is_empty()).then_some(spelled))
    }
}

/// How many slips a word of so many characters may have: 1 from five on, 2 from eight on. Below that, chance
/// neighbours (`come`, `code`) outnumber slips (Damerau 1964: four in five errors are one edit).
pub(super) fn slips(characters: usize) -> u8 {
    match characters {
        0..5 => 0,
        5..8 => 1,
        _ => 2,
    }
}

/// A word is so many times likelier to be meant that differs only in a letter that stands once for twice: `begging`,
/// not `being`, for `beging`. Chosen by hand.
const DOUBLED: u64 = 4;

/// Whether two words of Latin letters differ only in whether a letter stands once or twice. Of Arabic, where a letter
/// twice begins another word, it is not so (xquad_ar).
fn is_doubled(one: &str, other: &str) -> bool {
    let single = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    one.is_ascii() && single(one) == single(other)
}
