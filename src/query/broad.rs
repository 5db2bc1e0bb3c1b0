//! A query in every form that its words may have been written in: for saying that something is not mentioned.

use super::spelled::slips;
use super::{
    Clause, Expansion, ExpansionSource, Form, NearClause, NearWritten, Pattern, PatternClause,
    PhraseClause, Query, TextField, Vocabulary, WordClause,
};
use crate::analyze;
use crate::error::Result;

/// So many words that are spelled nearly as a word are named; the index seldom has a dozen.
const MOST_SPELLINGS: usize = 1000;

/// What a word of a query was searched for as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordForms {
    /// As typed.
    pub written: String,
    /// The words of the index that share its stem, sorted.
    pub forms: Vec<String>,
    /// Those that are spelled nearly so, sorted.
    pub spellings: Vec<String>,
}

impl Query {
    /// An expanded query that also finds its words where one letter is other, too many or missing, or two are
    /// swapped; of prose all words are required, in one form or another.
    ///
    /// # Errors
    /// As [`Query::expand`].
    pub fn broaden(mut self, vocabulary: &dyn Vocabulary) -> Result<Query> {
        let expansions = std::mem::take(&mut self.expansions);
        if !self.has_operators {
            self.clause = required(self.clause, &expansions);
        }
        self.clause = broad(self.clause);
        let broadened = self.expand_patterns(vocabulary)?;
        Ok(Query { expansions, ..broadened })
    }

    /// What the words and patterns of a broadened query were searched for as, each once.
    ///
    /// # Errors
    /// When the words of the index cannot be read.
    pub fn word_forms(&self, vocabulary: &dyn Vocabulary) -> Result<Vec<WordForms>> {
        let mut all: Vec<WordForms> = Vec::new();
        for word in self.words.iter().filter(|word| word.field == TextField::Main) {
            if all.iter().any(|known| known.written == word.written) {
                continue;
            }
            let folded = analyze::folded(&word.written);
            let distance = slips(folded.chars().count()).min(1);
            let of_stem =
                Pattern::Fuzzy { word: folded.clone(), term: Some(word.term.clone()), distance: 0 };
            let mut forms = live(vocabulary, &of_stem)?;
            forms.retain(|(_, term)| *term == word.term);
            let near = Pattern::Fuzzy { word: folded, term: None, distance };
            let mut spellings = live(vocabulary, &near)?;
            spellings.retain(|(_, term)| *term != word.term);
            let words = |found: Vec<(String, String)>| {
                let mut words: Vec<String> = found.into_iter().map(|(folded, _)| folded).collect();
                words.sort_unstable();
                words
            };
            all.push(WordForms {
                written: word.written.clone(),
                forms: words(forms),
                spellings: words(spellings),
            });
        }
        self.clause.visit(&mut |leaf| {
            let Clause::Pattern(pattern) = leaf else { return };
            // Those that were added are the near spellings of a word.
            let is_added = pattern.written.strip_suffix("~1").is_some_and(|word| {
                all.iter().any(|known| analyze::folded(&known.written) == analyze::folded(word))
            });
            if !is_added && !all.iter().any(|known| known.written == pattern.written) {
                let (written, forms) = (pattern.written.clone(), pattern.words.clone());
                all.push(WordForms { written, forms, spellings: Vec::new() });
            }
        });
        Ok(all)
    }
}

/// The words of the index that a pattern means and that stand somewhere, each with its term.
fn live(vocabulary: &dyn Vocabulary, pattern: &Pattern) -> Result<Vec<(String, String)>> {
    let mut live = Vec::new();
    for (folded, term) in vocabulary.words_like(pattern, MOST_SPELLINGS)? {
        if vocabulary.passages_with(TextField::Main, &term)? > 0 {
            live.push((folded, term));
        }
    }
    Ok(live)
}

/// The alternatives of prose as requirements.
fn required(clause: Clause, expansions: &[Expansion]) -> Clause {
    match clause {
        Clause::Boolean { must, should, not } => {
            let mut must: Vec<Clause> =
                must.into_iter().map(|clause| required(clause, expansions)).collect();
            must.extend(shared(should, expansions));
            Clause::Boolean { must, should: Vec::new(), not }
        }
        other => other,
    }
}

/// Clauses each of which has the synonyms that stand for several of them together: expansion gives a synonym to
/// the last, which is enough where any of them may match. Words written together stand beside each of the two already.
fn shared(clauses: Vec<Clause>, expansions: &[Expansion]) -> Vec<Clause> {
    let mut shared = clauses.clone();
    for (place, clause) in clauses.iter().enumerate() {
        let Clause::Forms(forms) = clause else { continue };
        let numbers = |clause: &Clause| first_number(clause).unwrap_or_default();
        let own = numbers(clause);
        let is_synonym = |form: &&Clause| {
            matches!(form, Clause::Boosted(..))
                && !is_of(form, Form::Compound)
                && !is_of(form, Form::Inflected)
        };
        let together: Vec<&Clause> = forms.iter().filter(is_synonym).collect();
        let begins = |expansion: &&Expansion| expansion.number == own;
        let thesaurus = expansions.iter().filter(begins).filter_map(|expansion| {
            (expansion.by == ExpansionSource::Thesaurus).then_some(expansion.first)
        });
        let first = thesaurus.min().unwrap_or(own);
        for other in shared.iter_mut().take(place) {
            if numbers(other) >= first {
                add(other, together.iter().map(|form| (*form).clone()));
            }
        }
    }
    shared
}

fn add(clause: &mut Clause, forms: impl Iterator<Item = Clause>) {
    let own = std::mem::replace(clause, Clause::Everything);
    let mut all = match own {
        Clause::Forms(all) => all,
        one => vec![one],
    };
    all.extend(forms);
    *clause = Clause::Forms(all);
}

fn first_number(clause: &Clause) -> Option<usize> {
    let mut first = None;
    clause.visit(&mut |leaf| first = first.or(leaf.number()));
    first
}

fn is_of(clause: &Clause, wanted: Form) -> bool {
    let mut is = false;
    clause.visit(&mut |leaf| {
        is |= match leaf {
            Clause::Word(word) => word.form == wanted,
            Clause::Phrase(phrase) => phrase.form == wanted,
            _ => false,
        }
    });
    is
}

/// Every word as typed also in near spellings.
fn broad(clause: Clause) -> Clause {
    let all = |clauses: Vec<Clause>| clauses.into_iter().map(broad).collect();
    match clause {
        Clause::Word(word) if word.form == Form::Typed => {
            let near = near_spellings(&word).map(Clause::Pattern);
            match near {
                Some(near) => Clause::Forms(vec![Clause::Word(word), near]),
                None => Clause::Word(word),
            }
        }
        Clause::Phrase(phrase) if phrase.form == Form::Typed => {
            let near = Clause::Near(misspelled(&phrase));
            Clause::Forms(vec![Clause::Phrase(phrase), near])
        }
        Clause::Near(near) => Clause::Near(NearClause { operands: all(near.operands), ..near }),
        Clause::Forms(forms) => {
            let flat = forms.into_iter().map(broad).flat_map(|form| match form {
                Clause::Forms(forms) => forms,
                form => vec![form],
            });
            Clause::Forms(flat.collect())
        }
        Clause::Boosted(clause, by) => Clause::Boosted(Box::new(broad(*clause)), by),
        Clause::Boolean { must, should, not } => {
            Clause::Boolean { must: all(must), should: all(should), not }
        }
        other => other,
    }
}

/// The words that are spelled nearly as a word; `None` for one that is too short to tell slips from words.
fn near_spellings(word: &WordClause) -> Option<PatternClause> {
    let is_word = word.folded.chars().all(char::is_alphabetic);
    (is_word && slips(word.folded.chars().count()) > 0).then(|| PatternClause {
        number: word.number,
        field: word.field,
        written: format!("{}~1", word.written),
        pattern: Pattern::Fuzzy { word: word.folded.clone(), term: None, distance: 1 },
        terms: Vec::new(),
        words: Vec::new(),
        has_forms: true,
    })
}

/// A phrase any of whose words may be misspelled.
fn misspelled(phrase: &PhraseClause) -> NearClause {
    let operands = phrase.terms.iter().map(|term| broad(Clause::Word(phrase.word(term))));
    NearClause {
        number: phrase.number,
        field: phrase.field,
        ordered: true,
        extra: 0,
        operands: operands.collect(),
        written: NearWritten::Quoted(phrase.written.clone()),
    }
}
