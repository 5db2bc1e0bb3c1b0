//! What a query word also means in this index: compounds written apart or together, near spellings of
//! words the index does not have, the words behind a prefix, and what a thesaurus calls it. Nothing is added silently: every
//! expansion is recorded and shown.

use rustc_hash::FxHashMap;

use super::chunk::single_file;
use super::inflected::Languages;
use super::joined::{Apart, PREFIXES, is_reference};
use super::spelled::Near;
use super::synonyms::{self, Match};
use super::{
    Clause, Form, NearClause, NearWritten, Pattern, PatternClause, PhraseClause, PhraseTerm, Query,
    TextField, Thesaurus, WordClause,
};
use crate::analyze::{self, Analyzer, Token};
use crate::error::{Error, Result};
use crate::rank::{Deadline, SYNONYM_WEIGHT, rarity};

/// The words of an index, as expansion needs them.
pub trait Vocabulary {
    /// How many passages there are.
    fn passages(&self) -> u64;
    /// In how many passages a term stands in a field.
    fn passages_with(&self, field: TextField, term: &str) -> Result<u64>;
    /// Says that many of these will be asked about: where asking takes long, all are asked about at once.
    ///
    /// # Errors
    /// As [`Vocabulary::passages_with`].
    fn prepare(&self, _terms: &mut dyn FnMut() -> Vec<(TextField, String)>) -> Result<()> {
        Ok(())
    }
    /// The words of the index that a pattern means, folded, each with its term: at most `limit + 1`, in
    /// the order of the alphabet. Some may stand in no passage any more.
    fn words_like(&self, pattern: &Pattern, limit: usize) -> Result<Vec<(String, String)>>;

    /// Whether some terms stand for none but these words. Both are sorted, and the words folded.
    ///
    /// # Errors
    /// As [`Vocabulary::words_like`].
    fn have_only(&self, terms: &[String], words: &[String]) -> Result<bool>;
    /// The languages of its reports, as tags; of `es-MX` also `es`.
    ///
    /// # Errors
    /// As [`Vocabulary::passages_with`].
    fn languages(&self) -> Result<Vec<String>>;
    /// In how many passages of reports in a language each of some terms stands.
    ///
    /// # Errors
    /// As [`Vocabulary::passages_with`].
    fn passages_in(&self, language: &str, terms: &[&str]) -> Result<Vec<u64>>;

    /// Whether the index has a word as it is written, folded.
    fn is_written(&self, word: &str) -> Result<bool> {
        let first = self.words_like(&Pattern::Prefix(word.to_owned()), 0)?;
        Ok(first.first().is_some_and(|(first, _)| first == word))
    }
}

/// Something that expansion added to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// The number of the clause that has it.
    pub number: usize,
    /// The number of the first clause that it stands for: another one where several words have a synonym.
    pub first: usize,
    /// The word or words as typed.
    pub from: String,
    /// What is searched for as well, or instead.
    pub to: Vec<String>,
    /// Why it was added.
    pub by: ExpansionSource,
}

/// Where an expansion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpansionSource {
    /// Written apart or together.
    Compound,
    /// The nearest word of the index, for one it does not have.
    Spelling,
    /// A thesaurus.
    Thesaurus,
    /// The best passages have it.
    Feedback,
    /// Another form of the word in a language that is not English.
    Inflection,
}

impl ExpansionSource {
    /// The name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            ExpansionSource::Compound => "compound",
            ExpansionSource::Spelling => "spelling",
            ExpansionSource::Thesaurus => "thesaurus",
            ExpansionSource::Feedback => "feedback",
            ExpansionSource::Inflection => "inflection",
        }
    }
}

/// The most terms that a prefix may stand for.
pub(super) const MOST_EXPANSIONS: usize = 1024;

/// Longer words (bytes) are not taken apart: every cut asks the index twice.
pub(super) const LONGEST_COMPOUND: usize = 64;

/// The most terms that all patterns of a query may stand for.
const MOST_EXPANSIONS_IN_ALL: usize = 10_000;

impl Query {
    /// Adds the forms that the words of this query take in an index, and their synonyms, unless it is
    /// literal.
    ///
    /// # Errors
    /// `QueryTooLarge` for a pattern that stands for more than 1,024 words, or more than 10,000 in all.
    pub fn expand(self, vocabulary: &dyn Vocabulary, thesaurus: &Thesaurus) -> Result<Query> {
        let as_typed = self.literal;
        self.expand_with(vocabulary, thesaurus, as_typed)
    }

    /// Finds the words that patterns mean, and adds nothing: words count in the forms that share their stem,
    /// and are neither written apart or together nor spelled otherwise.
    ///
    /// # Errors
    /// As [`Query::expand`].
    pub fn expand_patterns(self, vocabulary: &dyn Vocabulary) -> Result<Query> {
        self.expand_with(vocabulary, &Thesaurus::default(), true)
    }

    fn expand_with(
        mut self,
        vocabulary: &dyn Vocabulary,
        thesaurus: &Thesaurus,
        as_typed: bool,
    ) -> Result<Query> {
        let (corrects, until) = (self.corrects, self.until.clone());
        let mut expander = Expander { corrects, until, ..Expander::new(vocabulary) };
        let entries = match as_typed {
            true => Vec::new(),
            false => synonyms::matches(&self.clause, thesaurus),
        };
        vocabulary.prepare(&mut || expander.mostly_asked(&self, &entries))?;
        if !as_typed {
            for entry in &entries {
                expander.synonyms(entry)?;
            }
            expander.pairs(&mut self.clause)?;
        }
        self.clause = expander.clause(self.clause, as_typed)?;
        for word in &mut self.words {
            word.is_known = expander.passages_with(word.field, &word.term)? > 0
                || expander.has_inflected(word.number);
        }
        self.expansions = expander.found;
        Ok(self)
    }
}

pub(super) struct Expander<'a> {
    pub(super) vocabulary: &'a dyn Vocabulary,
    /// In how many passages the terms asked for so far stand: most are asked for twice.
    counts: FxHashMap<(TextField, String), u64>,
    /// Until when forms of words are looked for.
    pub(super) until: Deadline,
    /// Those of the index whose forms of words are known, once they have been asked for.
    pub(super) languages: Option<Languages>,
    analyzer: Analyzer,
    /// See [`Query::corrects`].
    corrects: bool,
    pub(super) found: Vec<Expansion>,
    /// How many terms the patterns so far stand for.
    terms: usize,
    /// The synonyms that clauses take, by their numbers.
    synonyms: FxHashMap<usize, Vec<Clause>>,
}

impl<'a> Expander<'a> {
    pub(super) fn new(vocabulary: &'a dyn Vocabulary) -> Expander<'a> {
        Expander {
            vocabulary,
            counts: FxHashMap::default(),
            until: Deadline::default(),
            languages: None,
            analyzer: Analyzer::default(),
            corrects: true,
            found: Vec::new(),
            terms: 0,
            synonyms: FxHashMap::default(),
        }
    }
}

impl Expander<'_> {
    pub(super) fn passages_with(&mut self, field: TextField, term: &str) -> Result<u64> {
        let key = (field, term.to_owned());
        if let Some(&count) = self.counts.get(&key) {
            return Ok(count);
        }
        let count = self.vocabulary.passages_with(field, term)?;
        self.counts.insert(key, count);
        Ok(count)
    }

    /// What will mostly be asked about: the words, their synonyms, and neighbours as one word.
    fn mostly_asked(&mut self, query: &Query, entries: &[Match<'_>]) -> Vec<(TextField, String)> {
        let mut terms: Vec<(TextField, String)> = Vec::new();
        query.clause.visit_field_terms(&mut |field, term| terms.push((field, term.to_owned())));
        let synonyms = entries.iter().flat_map(|entry| &entry.synonyms);
        let synonyms = synonyms.flat_map(|synonym| &synonym.terms);
        terms.extend(synonyms.map(|term| (TextField::Main, term.term.clone())));
        for words in query.words.windows(2) {
            let joined = analyze::folded(&(words[0].written.clone() + &words[1].written));
            terms.push((TextField::Main, self.term(&joined).term));
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// Keeps the synonyms of an entry that the index has for the clause that takes them. None scores more
    /// than what it stands for would: a rare synonym would otherwise come before the word as typed.
    fn synonyms(&mut self, entry: &Match<'_>) -> Result<()> {
        let typed = self.rarity(&entry.terms)?;
        let mut to = Vec::new();
        for synonym in &entry.synonyms {
            let terms: Vec<String> = synonym.terms.iter().map(|term| term.term.clone()).collect();
            let own = self.rarity(&terms)?;
            if own.is_infinite() {
                continue;
            }
            let weight = SYNONYM_WEIGHT * (typed / own).min(1.0);
            let clause = Clause::Boosted(Box::new(synonym.clause(entry.last)), weight);
            self.synonyms.entry(entry.last).or_default().push(clause);
            to.push(synonym.written.clone());
        }
        if !to.is_empty() {
            let (number, first) = (entry.last, entry.first);
            let (from, by) = (entry.written.clone(), ExpansionSource::Thesaurus);
            self.found.push(Expansion { number, first, from, to, by });
        }
        Ok(())
    }

    /// How rare these words are together; infinite where the index lacks one of them.
    pub(super) fn rarity(&mut self, terms: &[String]) -> Result<f32> {
        let passages = self.vocabulary.passages();
        let mut sum = 0.0;
        for term in terms {
            sum += match self.passages_with(TextField::Main, term)? {
                0 => f32::INFINITY,
                count => rarity(count, passages),
            };
        }
        Ok(sum)
    }

    fn clause(&mut self, clause: Clause, literal: bool) -> Result<Clause> {
        Ok(match clause {
            Clause::Word(word) if !literal && word.field == TextField::Main => self.word(word)?,
            Clause::Phrase(phrase) if !literal => self.phrase(phrase)?,
            Clause::Pattern(pattern) => Clause::Pattern(self.pattern(pattern)?),
            Clause::Near(near) => Clause::Near(self.near_clause(near, literal)?),
            Clause::Boosted(clause, by) => {
                Clause::Boosted(Box::new(self.clause(*clause, literal)?), by)
            }
            Clause::Forms(forms) => forms_of(self.clauses(forms, literal)?),
            Clause::Boolean { must, should, not } => Clause::Boolean {
                must: self.clauses(must, literal)?,
                should: self.clauses(should, literal)?,
                // What is excluded is excluded as written, not in its near spellings.
                not: self.clauses(not, true)?,
            },
            other => other,
        })
    }

    fn clauses(&mut self, clauses: Vec<Clause>, literal: bool) -> Result<Vec<Clause>> {
        clauses.into_iter().map(|clause| self.clause(clause, literal)).collect()
    }

    /// A word in the other ways to write it.
    fn word(&mut self, word: WordClause) -> Result<Clause> {
        let mut forms = vec![Clause::Word(word.clone())];
        if word.folded == "us" {
            forms.push(self.united_states(&word));
        }
        forms.extend(self.in_parts(&word));
        let inflected = self.inflected(&word)?;
        if inflected.is_empty() {
            forms.extend(self.written_otherwise(&word)?);
        }
        forms.extend(inflected);
        if word.form == Form::Typed {
            forms.extend(self.synonyms.remove(&word.number).unwrap_or_default());
        }
        Ok(forms_of(forms))
    }

    /// `antitrafficking` also as `anti trafficking`; a word that is nowhere, in its nearest spelling. Of a word that may be
    /// either, what is more frequent: `exploitaton` is not `exploit` and a rare `aton`.
    fn written_otherwise(&mut self, word: &WordClause) -> Result<Option<Clause>> {
        let passages = self.passages_with(TextField::Main, &word.term)?;
        let apart = match word.form {
            // What two words were put together to is not taken apart again.
            Form::Compound => None,
            _ => self.apart(word, passages)?,
        };
        let has_synonym = self.synonyms.contains_key(&word.number);
        let near = match (self.corrects && !has_synonym, passages) {
            (false, _) => None,
            (true, 0) => self.near(word)?,
            (true, _) => self.no_form(word, passages)?,
        };
        let often = |near: &Near| apart.as_ref().is_none_or(|apart| apart.rarest < near.passages);
        if let Some(near) = near.filter(often) {
            self.note(word, near.word.written.clone(), ExpansionSource::Spelling);
            return Ok(Some(Clause::Word(near.word)));
        }
        let Some(Apart { phrase, .. }) = apart else { return Ok(None) };
        self.note(word, phrase.written.clone(), ExpansionSource::Compound);
        self.no_more_than(word, phrase).map(Some)
    }

    /// People type `us` for `U.S.`, which is a term of its own beside the pronoun.
    fn united_states(&self, word: &WordClause) -> Clause {
        Clause::Word(WordClause { term: "u.s".into(), folded: "u.s".into(), ..word.clone() })
    }

    /// `18(2)` stands in `18(2)(a)` too: the parts of a legal reference one after another.
    fn in_parts(&mut self, word: &WordClause) -> Option<Clause> {
        if !word.folded.contains('(') || word.form != Form::Typed {
            return None;
        }
        let tokens = single_file(self.analyzer.tokens(&word.written));
        let part = |token: Token| PhraseTerm {
            folded: analyze::folded(word.written.get(token.bytes).unwrap_or_default()),
            term: token.term,
        };
        let terms: Vec<PhraseTerm> = tokens.into_iter().map(part).collect();
        let (number, field, form) = (word.number, word.field, Form::Compound);
        let written = word.written.clone();
        let phrase = PhraseClause { number, field, form, written, terms };
        (phrase.terms.len() > 1).then_some(Clause::Phrase(phrase))
    }

    pub(super) fn term(&mut self, folded: &str) -> PhraseTerm {
        let token = self.analyzer.tokens(folded).into_iter().next();
        let term = token.map_or_else(|| folded.to_owned(), |token| token.term);
        PhraseTerm { term, folded: folded.to_owned() }
    }

    /// A phrase also with two of its words written together.
    fn phrase(&mut self, phrase: PhraseClause) -> Result<Clause> {
        let mut forms = vec![Clause::Phrase(phrase.clone())];
        for index in 0..phrase.terms.len() - 1 {
            let (head, tail) = (&phrase.terms[index].folded, &phrase.terms[index + 1].folded);
            if !PREFIXES.contains(&head.as_str()) && !is_reference(head, tail) {
                continue;
            }
            let joined = self.term(&format!("{head}{tail}"));
            if self.passages_with(TextField::Main, &joined.term)? == 0 {
                continue;
            }
            let mut terms = phrase.terms.clone();
            terms.splice(index..index + 2, [joined]);
            let written =
                terms.iter().map(|term| term.folded.as_str()).collect::<Vec<_>>().join(" ");
            self.found.push(Expansion {
                number: phrase.number,
                first: phrase.number,
                from: phrase.written.clone(),
                to: vec![written.clone()],
                by: ExpansionSource::Compound,
            });
            forms.push(phrase_or_word(PhraseClause {
                form: Form::Compound,
                written,
                terms,
                ..phrase.clone()
            }));
        }
        if self.corrects {
            forms.extend(self.spelled(&phrase)?.map(Clause::Phrase));
        }
        forms.extend(self.synonyms.remove(&phrase.number).unwrap_or_default());
        Ok(forms_of(forms))
    }

    /// The words of a quotation stay as they are typed; other operands take their forms.
    fn near_clause(&mut self, mut near: NearClause, literal: bool) -> Result<NearClause> {
        let as_typed = literal || near.written != NearWritten::Operator;
        near.operands = self.clauses(near.operands, as_typed)?;
        Ok(near)
    }

    /// Finds the words that a pattern means, and their terms.
    fn pattern(&mut self, mut clause: PatternClause) -> Result<PatternClause> {
        let found = self.vocabulary.words_like(&clause.pattern, MOST_EXPANSIONS)?;
        (clause.words, clause.terms) = found.into_iter().unzip();
        clause.words.sort_unstable();
        self.terms += clause.terms.len();
        if clause.terms.len() > MOST_EXPANSIONS || self.terms > MOST_EXPANSIONS_IN_ALL {
            let (what, most) = match clause.terms.len() > MOST_EXPANSIONS {
                true => (format!("`{}` stands for", clause.written), MOST_EXPANSIONS),
                false => ("the query stands for".to_owned(), MOST_EXPANSIONS_IN_ALL),
            };
            return Err(Error::QueryTooLarge {
                message: format!("{what} more than {most} words"),
                hint: "write more of the letters that the words have".to_owned(),
            });
        }
        clause.terms.sort_unstable();
        clause.terms.dedup();
        let mut live = Vec::with_capacity(clause.terms.len());
        for term in std::mem::take(&mut clause.terms) {
            if self.passages_with(clause.field, &term)? > 0 {
                live.push(term);
            }
        }
        clause.terms = live;
        // Then the index knows where they stand, and no text is looked at.
        clause.has_forms =
            clause.has_forms || self.vocabulary.have_only(&clause.terms, &clause.words)?;
        Ok(clause)
    }

    pub(super) fn note(&mut self, word: &WordClause, to: String, by: ExpansionSource) {
        self.note_all(word, vec![to], by);
    }

    pub(super) fn note_all(&mut self, word: &WordClause, to: Vec<String>, by: ExpansionSource) {
        let (number, from) = (word.number, word.written.clone());
        self.found.push(Expansion { number, first: number, from, to, by });
    }
}

fn forms_of(forms: Vec<Clause>) -> Clause {
    let forms = forms.into_iter().flat_map(|form| match form {
        Clause::Forms(forms) => forms,
        form => vec![form],
    });
    let mut forms: Vec<Clause> = forms.collect();
    match (forms.len(), forms.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            forms.extend(last);
            Clause::Forms(forms)
        }
    }
}

/// A phrase of one term is a word.
fn phrase_or_word(phrase: PhraseClause) -> Clause {
    match phrase.terms.as_slice() {
        [only] => {
            let word = phrase.word(only);
            Clause::Word(WordClause { form: phrase.form, written: phrase.written, ..word })
        }
        _ => Clause::Phrase(phrase),
    }
}
