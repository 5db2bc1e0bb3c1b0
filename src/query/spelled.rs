//! Words that the index does not have, or hardly, in the spelling of the nearest that it has.

use std::cmp::Ordering;

use super::expand::{Expander, LONGEST_COMPOUND, MOST_EXPANSIONS, Vocabulary};
use super::fields::edit_distance;
use super::{
    AskedWord, ExpansionSource, Form, Pattern, PhraseClause, PhraseTerm, Query, TextField,
    WordClause,
};
use crate::analyze::folded;
use crate::error::Result;

impl Expander<'_> {
    /// The word of the index that is meant by one that is a slip; see [`Near::rank`].
    pub(super) fn near(&mut self, word: &WordClause) -> Result<Option<Near>> {
        let near = self.all_near(word)?.into_iter();
        Ok(near.min_by(Near::rank))
    }

    /// The word that is meant by one which is written nowhere though another has its stem: `inspecters` is no form of
    /// `inspect`. It is nearer than all that have the stem, so that `inspectorates` stays a form of `inspectorate`.
    pub(super) fn no_form(&mut self, word: &WordClause, passages: u64) -> Result<Option<Near>> {
        let fewest = fewest_meant(word, passages);
        let may_be = is_inflected(word) && fewest <= self.vocabulary.passages();
        if !may_be || self.vocabulary.is_written(&word.folded)? {
            return Ok(None);
        }
        let (own, others): (Vec<Near>, Vec<Near>) =
            self.all_near(word)?.into_iter().partition(|near| near.word.term == word.term);
        let nearest = own.iter().map(|near| near.slips).min().unwrap_or(usize::MAX);
        let is_meant = |near: &Near| near.slips < nearest && near.passages >= fewest;
        Ok(others.into_iter().filter(is_meant).min_by(Near::rank))
    }

    /// The words of the index that a word may be a slip for; see [`slips`].
    fn all_near(&mut self, word: &WordClause) -> Result<Vec<Near>> {
        let length = word.folded.chars().count();
        let is_odd = length > LONGEST_COMPOUND || word.folded.contains(char::is_numeric);
        if slips(length) == 0 || is_odd {
            return Ok(Vec::new());
        }
        let distance = slips(length);
        // A short stem is near too many: `numb` of `numbness`.
        let is_long_stem = slips(word.term.chars().count()) >= distance;
        let term = if is_long_stem { word.term.clone() } else { word.folded.clone() };
        let pattern = Pattern::Fuzzy { word: word.folded.clone(), term: Some(term), distance };
        let mut found = Vec::new();
        for (folded, term) in self.vocabulary.words_like(&pattern, MOST_EXPANSIONS)? {
            let passages = self.passages_with(TextField::Main, &term)?;
            if passages == 0 || folded.contains(char::is_numeric) || folded == word.folded {
                continue;
            }
            let slips = edit_distance(&word.folded, &folded);
            found.push(Near {
                slips,
                is_far: word.folded.chars().next() != folded.chars().next(),
                is_doubled: is_doubled(&word.folded, &folded),
                passages,
                word: WordClause {
                    form: Form::Spelling,
                    term,
                    written: folded.clone(),
                    folded,
                    ..word.clone()
                },
            });
        }
        let fewest = (self.vocabulary.passages() / ONE_OF + 1).min(ENOUGH);
        found.retain(|near| near.is_likely(word, fewest));
        Ok(found)
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
            let Some(Near { word: near, .. }) = self.near(&word)? else { return Ok(None) };
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

/// A word of the index that another may be a slip for.
pub(super) struct Near {
    pub(super) word: WordClause,
    /// By how many they differ, as they are written: their stems may differ by fewer.
    pub(super) slips: usize,
    /// Whether their first letters differ.
    is_far: bool,
    is_doubled: bool,
    /// In how many passages it stands.
    pub(super) passages: u64,
}

/// Of so many slips one is no slip in the right word but the wrong word: where a word is so many times as frequent, it is
/// meant rather than one a slip nearer (`trafficking` for `trafiking`, and not another's `traficking`). The noisy channel of
/// Kernighan, Church and Gale (1990) with one price for all slips. Of 4,888 topics of three collections with one or two slips
/// each, one is answered otherwise than where fewer slips always come first (measured while the slips of stems counted too).
const PRICE: f64 = 1000.0;

/// The same for the first letter, which is rarely wrong (Yannakoudakis and Fawthrop 1983).
const PRICE_OF_FIRST: f64 = 30.0;

/// A guess from a short word, or by two slips, stands in one of so many passages at least, or in [`ENOUGH`]: otherwise it is
/// as odd as what was typed. Both chosen by hand, over 757 reports in 40,481 passages.
const ONE_OF: u64 = 10_000;
const ENOUGH: u64 = 5;

/// Two slips, and another in an ending that the index does not have.
const MOST_SLIPS: usize = 3;

impl Near {
    /// How likely it is meant, as far as its slips and its frequency tell; only greater or less says something.
    fn likelihood(&self) -> f64 {
        let often = self.passages as f64 * if self.is_doubled { DOUBLED } else { 1.0 };
        let first = if self.is_far { PRICE_OF_FIRST } else { 1.0 };
        often / PRICE.powi(self.slips as i32) / first
    }

    /// The likeliest first; of as likely ones the longest, as letters are left out more often than added, and then by the
    /// alphabet. `governent` and `government` have one stem, and how often each is written is not known.
    pub(super) fn rank(&self, other: &Near) -> Ordering {
        let likelier = other.likelihood().total_cmp(&self.likelihood());
        let (one, two) = (&self.word.folded, &other.word.folded);
        likelier.then_with(|| two.len().cmp(&one.len())).then_with(|| one.cmp(two))
    }

    /// Whether it may be meant at all. Foreign words and names are near to others by chance, short ones most of all:
    /// `SAISIE` is no `saifi`, and `garibous` are not `various`.
    fn is_likely(&self, word: &WordClause, fewest: u64) -> bool {
        let is_long = is_long(&word.folded);
        let is_one = self.slips == 1;
        let is_name = word.written.chars().all(char::is_uppercase);
        (is_long && self.slips <= MOST_SLIPS || is_one)
            && (!self.is_far || is_long && is_one && !is_name)
            && (self.passages >= fewest || is_long && is_one)
    }
}

/// Whether a word may be a slip that has the stem of another: it is longer than its stem, and not by a plural.
fn is_inflected(word: &WordClause) -> bool {
    let ending = word.folded.strip_prefix(word.term.as_str());
    slips(word.folded.chars().count()) > 0 && !matches!(ending, Some("" | "s"))
}

/// The regular endings of English: `farmed` is `farm` and one of these, `exploitation` is `exploit` and another.
const ENDINGS: [&str; 12] =
    ["al", "ation", "ations", "d", "ed", "es", "ing", "ion", "ions", "ly", "ment", "ments"];

/// In how many passages another word must stand to be meant by one that is written nowhere and whose stem stands in so many:
/// far more than that of a regular form, more than that of a short word. Chosen by hand.
fn fewest_meant(word: &WordClause, passages: u64) -> u64 {
    let ending = word.folded.strip_prefix(word.term.as_str());
    match ending.is_some_and(|ending| ENDINGS.contains(&ending)) {
        true => passages * MUCH_OFTENER,
        false if is_long(&word.folded) => passages / 2,
        false => passages * 10,
    }
}

/// Whether a word may have two slips.
fn is_long(word: &str) -> bool {
    slips(word.chars().count()) > 1
}

/// A word in at most so many passages may be a slip that reports have too.
const HARDLY: u64 = 20;

/// In so many where the other has one letter more: `trafficing` has the stem of `traffic`, which is no slip. Chosen by hand.
const HARDLY_SHORTER: u64 = 100;

/// Where another that is near stands in so many times as many.
const MUCH_OFTENER: u64 = 50;

impl Query {
    /// Words that the index hardly has, each with the one that is rather meant: `goverment` stands in some reports, and
    /// `government` in all. What stands somewhere is mostly right: only a long word is told, and only where one letter is wrong.
    ///
    /// # Errors
    /// Those of the vocabulary.
    pub fn hardly_known(&self, vocabulary: &dyn Vocabulary) -> Result<Vec<(String, String)>> {
        let mut expander = Expander::new(vocabulary);
        let mut meant = Vec::new();
        let is_asked = |word: &&AskedWord| word.field == TextField::Main && is_long(&word.written);
        for asked in self.words.iter().filter(is_asked) {
            let passages = expander.passages_with(asked.field, &asked.term)?;
            if passages == 0 || passages > HARDLY_SHORTER {
                continue;
            }
            let word = WordClause {
                number: asked.number,
                field: asked.field,
                form: Form::Typed,
                written: asked.written.clone(),
                folded: folded(&asked.written),
                term: asked.term.clone(),
            };
            let near = expander.all_near(&word)?.into_iter();
            let is_meant = |near: &Near| {
                let is_longer = near.word.folded.len() > word.folded.len();
                let is_hardly = passages <= HARDLY || is_longer;
                is_hardly
                    && near.slips == 1
                    && !near.is_far
                    && near.passages >= passages * MUCH_OFTENER
            };
            let best = near.filter(is_meant).min_by(Near::rank);
            meant.extend(best.map(|near| (asked.written.clone(), near.word.written)));
        }
        Ok(meant)
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
const DOUBLED: f64 = 4.0;

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
