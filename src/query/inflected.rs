//! Forms of a word in another language than English: terms have English stems, and the words of an index tell what else a
//! word's own stem stands for there (conflation over a corpus; Xu and Croft 1998, "Corpus-based stemming using co-occurrence of
//! word variants").

use std::cmp::Reverse;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::expand::{Expander, Expansion, ExpansionSource};
use super::{Clause, Form, Pattern, TextField, WordClause};
use crate::analyze::Inflected;
use crate::error::Result;
use crate::rank::{INFLECTED_WEIGHT, rarity};

/// Stems of fewer letters stand for too many words.
const SHORTEST_STEM: usize = 3;

/// So many words are looked at that begin as a stem does.
const MOST_BEGINNING: usize = 5000;

/// A word has so many forms at most, the most frequent.
const MOST_FORMS: usize = 64;

/// The languages of an index whose forms of words are known, by their tags.
pub(super) type Languages = Rc<[(String, Inflected)]>;

/// Another form of a word.
struct Inflection {
    term: String,
    /// As the index has it.
    folded: String,
    passages: u64,
}

impl Expander<'_> {
    /// The forms of a word in the language that it is of here: most of the passages that have it are in that language, or
    /// none has it and most that have its forms are.
    pub(super) fn inflected(&mut self, word: &WordClause) -> Result<Vec<Clause>> {
        let is_word = word.folded.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_word || word.form != Form::Typed || self.until.is_over() {
            return Ok(Vec::new());
        }
        let passages = self.passages_with(TextField::Main, &word.term)?;
        for (language, inflected) in self.languages()?.iter() {
            if passages > 0 && self.mostly_in(language, &[&word.term])? == [0] {
                continue;
            }
            let forms = self.forms_in(word, language, inflected)?;
            if passages > 0 || !forms.is_empty() {
                return self.weighed(word, passages, forms);
            }
        }
        Ok(Vec::new())
    }

    /// Whether a word was found in other forms.
    pub(super) fn has_inflected(&self, number: usize) -> bool {
        let is_own = |it: &Expansion| it.number == number && it.by == ExpansionSource::Inflection;
        self.found.iter().any(is_own)
    }

    fn languages(&mut self) -> Result<Languages> {
        if let Some(known) = &self.languages {
            return Ok(Rc::clone(known));
        }
        let languages = self.vocabulary.languages()?.into_iter();
        let known = languages.filter_map(|tag| Inflected::of(&tag).map(|language| (tag, language)));
        let known: Languages = known.collect();
        self.languages = Some(Rc::clone(&known));
        Ok(known)
    }

    /// Of some terms those of which most passages are in a language, each with how many have it.
    fn mostly_in(&mut self, language: &str, terms: &[&str]) -> Result<Vec<u64>> {
        let key = |term: &&str| (TextField::Main, (*term).to_owned());
        self.vocabulary.prepare(&mut || terms.iter().map(key).collect())?;
        let within = self.vocabulary.passages_in(language, terms)?;
        let mut mostly = Vec::with_capacity(terms.len());
        for (term, within) in terms.iter().zip(within) {
            let all = self.passages_with(TextField::Main, term)?;
            mostly.push(if 2 * within > all { all } else { 0 });
        }
        Ok(mostly)
    }

    /// The words of the index with the stem of a word, one of each term but for its own; the most frequent first.
    fn forms_in(
        &mut self,
        word: &WordClause,
        language: &str,
        inflected: &Inflected,
    ) -> Result<Vec<Inflection>> {
        let stem = inflected.stem(&word.folded);
        let common = word.folded.bytes().zip(stem.bytes()).take_while(|(one, two)| one == two);
        let beginning = word.folded.get(..common.count()).unwrap_or_default();
        if beginning.len() < SHORTEST_STEM {
            return Ok(Vec::new());
        }
        let pattern = Pattern::Prefix(beginning.to_owned());
        let mut words = self.vocabulary.words_like(&pattern, MOST_BEGINNING)?;
        let mut met = FxHashSet::default();
        words.retain(|(folded, term)| {
            *term != word.term && inflected.stem(folded) == stem && met.insert(term.clone())
        });
        let terms: Vec<&str> = words.iter().map(|(_, term)| term.as_str()).collect();
        let passages = self.mostly_in(language, &terms)?;
        let form = |((folded, term), passages)| Inflection { term, folded, passages };
        let mut forms: Vec<Inflection> = words.into_iter().zip(passages).map(form).collect();
        forms.retain(|form| form.passages > 0);
        forms.sort_by_key(|form| Reverse(form.passages));
        forms.truncate(MOST_FORMS);
        Ok(forms)
    }

    /// Forms as clauses: none scores more than the word as typed would.
    fn weighed(
        &mut self,
        word: &WordClause,
        passages: u64,
        forms: Vec<Inflection>,
    ) -> Result<Vec<Clause>> {
        if forms.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.vocabulary.passages();
        let most = forms.iter().map(|form| form.passages).max().unwrap_or_default().max(passages);
        let typed = rarity(most, all);
        let to = forms.iter().map(|form| form.folded.clone()).collect();
        self.note_all(word, to, ExpansionSource::Inflection);
        let clause = |form: Inflection| {
            let weight = INFLECTED_WEIGHT * typed / rarity(form.passages, all);
            let own = WordClause { form: Form::Inflected, term: form.term, ..word.clone() };
            Clause::Boosted(Box::new(Clause::Word(own)), weight)
        };
        Ok(forms.into_iter().map(clause).collect())
    }
}
