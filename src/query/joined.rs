//! Two words side by side that an index also has written together.

use super::expand::{Expander, Expansion, ExpansionSource};
use super::{Clause, Form, TextField, WordClause};
use crate::analyze;
use crate::error::Result;

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

impl Expander<'_> {
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
