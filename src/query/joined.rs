//! Two words side by side that an index also has written together, and one that it has as two.

use super::expand::{Expander, Expansion, ExpansionSource, LONGEST_COMPOUND};
use super::{Clause, Form, PhraseClause, PhraseTerm, TextField, WordClause};
use crate::analyze;
use crate::error::Result;

/// First parts of compounds that are written together, with a hyphen, or apart, and that are not
/// words of their own otherwise; others are taken apart only where the whole is not in the index.
pub(super) const PREFIXES: [&str; 23] = [
    "anti", "bi", "co", "counter", "cross", "inter", "mid", "multi", "non", "over", "post", "pre",
    "pro", "pseudo", "re", "self", "semi", "socio", "sub", "trans", "ultra", "under", "well",
];

/// The letters and digits of a reference to a convention or a form, which is written apart and together: `C182`, `C. 182`.
const LONGEST_REFERENCE: (usize, usize) = (3, 4);

/// Whether two folded words are the letters and the number of such a reference.
pub fn is_reference(letters: &str, number: &str) -> bool {
    let (most_letters, most_digits) = LONGEST_REFERENCE;
    (1..=most_letters).contains(&letters.len())
        && (1..=most_digits).contains(&number.len())
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A word is so many times as frequent as the rarer of its parts, at most: `untries` of `co untries` is what a line of a PDF
/// file has left of `countries`. Chosen by hand.
const MOST_OFTENER: u64 = 50;

/// Whether two parts, the rarer of which stands in so many passages, are what a word stands for that is in so many.
fn is_plausible(rarest: u64, passages: u64) -> bool {
    rarest > 0 && rarest.saturating_mul(MOST_OFTENER) >= passages
}

/// Whether two parts of a word may be words of their own. Of a word that the index has, only what begins as a compound does.
fn may_be_apart(head: &str, tail: &str, is_known: bool) -> bool {
    let is_prefix = PREFIXES.contains(&head);
    let is_free = !is_known && head.chars().count() >= 3 && !analyze::is_stop_word(head);
    let is_compound =
        (is_prefix || is_free) && tail.chars().count() >= 4 && !analyze::is_stop_word(tail);
    is_compound || is_reference(head, tail)
}

/// A word as two words one after another.
pub(super) struct Apart {
    pub(super) phrase: PhraseClause,
    /// In how many passages the rarer of the two stands.
    pub(super) rarest: u64,
}

impl Expander<'_> {
    /// The two words that a compound is made of, where the index has both; of several cuts the one whose rarer word is
    /// most frequent. `passages`: in how many it stands as typed.
    pub(super) fn apart(&mut self, word: &WordClause, passages: u64) -> Result<Option<Apart>> {
        let folded = word.folded.as_str();
        if folded.len() > LONGEST_COMPOUND {
            return Ok(None);
        }
        let mut best: Option<Apart> = None;
        for (cut, _) in folded.char_indices().skip(1) {
            let (head, tail) = folded.split_at(cut);
            if !may_be_apart(head, tail, passages > 0) {
                continue;
            }
            let terms: Vec<PhraseTerm> = [head, tail].iter().map(|part| self.term(part)).collect();
            let mut rarest = u64::MAX;
            for part in &terms {
                rarest = rarest.min(self.passages_with(TextField::Main, &part.term)?);
            }
            if is_plausible(rarest, passages)
                && best.as_ref().is_none_or(|best| best.rarest < rarest)
            {
                let (number, field, form) = (word.number, word.field, Form::Compound);
                let written = format!("{head} {tail}");
                best = Some(Apart {
                    phrase: PhraseClause { number, field, form, written, terms },
                    rarest,
                });
            }
        }
        Ok(best)
    }

    /// `anti trafficking` also as `antitrafficking`, wherever two words stand side by side.
    pub(super) fn pairs(&mut self, clause: &mut Clause) -> Result<()> {
        let Clause::Boolean { must, should, .. } = clause else { return Ok(()) };
        for clause in must.iter_mut() {
            self.pairs(clause)?;
        }
        let mut index = 0;
        while index + 1 < should.len() {
            if let (Clause::Word(first), Clause::Word(second)) =
                (&should[index], &should[index + 1])
                && first.field == TextField::Main
                && let Some(joined) = self.joined(first, second)?
            {
                self.note_pair(first, second, joined.written.clone());
                // Each of the two counts as if it stood there: what is written together is rarer than the two, and is no
                // more to the point than they are.
                let forms = [index, index + 1].map(|place| (place, should[place].clone()));
                for (place, apart) in forms {
                    should[place] = self.with_joined(apart, &joined)?;
                }
                index += 1;
            }
            index += 1;
        }
        Ok(())
    }

    /// What is another writing of a word, so that it counts no more than the word, which may be in far more passages.
    pub(super) fn no_more_than(
        &mut self,
        word: &WordClause,
        apart: PhraseClause,
    ) -> Result<Clause> {
        let own = self.rarity(std::slice::from_ref(&word.term))?;
        let terms: Vec<String> = apart.terms.iter().map(|term| term.term.clone()).collect();
        let weight = (own / self.rarity(&terms)?).min(1.0);
        let apart = Clause::Phrase(apart);
        Ok(if weight < 1.0 { Clause::Boosted(Box::new(apart), weight) } else { apart })
    }

    /// A word, and the one that it is a part of.
    fn with_joined(&mut self, apart: Clause, joined: &WordClause) -> Result<Clause> {
        let Clause::Word(word) = &apart else { return Ok(apart) };
        let own = self.rarity(std::slice::from_ref(&word.term))?;
        let weight = (own / self.rarity(std::slice::from_ref(&joined.term))?).min(1.0);
        let joined = WordClause { number: word.number, ..joined.clone() };
        let joined = Clause::Boosted(Box::new(Clause::Word(joined)), weight);
        Ok(Clause::Forms(vec![apart, joined]))
    }

    fn joined(&mut self, first: &WordClause, second: &WordClause) -> Result<Option<WordClause>> {
        let is_word = |word: &WordClause| word.folded.chars().all(char::is_alphabetic);
        let are_words = is_word(first) && is_word(second) && !analyze::is_stop_word(&second.folded);
        if !are_words && !is_reference(&first.folded, &second.folded) {
            return Ok(None);
        }
        let folded = format!("{}{}", first.folded, second.folded);
        let term = self.term(&folded).term;
        let known = self.passages_with(TextField::Main, &term)? > 0;
        Ok(known.then(|| WordClause {
            form: Form::Compound,
            written: folded.clone(),
            folded,
            term,
            ..second.clone()
        }))
    }

    fn note_pair(&mut self, first: &WordClause, second: &WordClause, to: String) {
        let from = format!("{} {}", first.written, second.written);
        let (by, number) = (ExpansionSource::Compound, second.number);
        self.found.push(Expansion { number, first: first.number, from, to: vec![to], by });
    }
}
