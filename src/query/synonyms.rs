//! Where entries of a thesaurus stand in a query: single words anywhere, several words side by side in prose
//! or as a whole quotation. The longest entry wins, so that no word belongs to two.

use std::sync::Arc;

use super::thesaurus::{Entry, Synonym};
use super::{Clause, Form, PhraseClause, TextField, Thesaurus, WordClause};
use crate::analyze;

/// An entry that stands in a query.
pub(super) struct Match<'t> {
    /// The number of the first of its clauses.
    pub first: usize,
    /// The number of the last, which takes the synonyms.
    pub last: usize,
    /// As typed.
    pub written: String,
    /// The terms of its content words.
    pub terms: Vec<String>,
    /// What else it is called, in the order of the thesaurus.
    pub synonyms: Vec<&'t Arc<Synonym>>,
}

/// The entries that stand in a clause as it was parsed, not in what it excludes. What stands near something
/// is meant as it is typed.
pub(super) fn matches<'t>(clause: &Clause, thesaurus: &'t Thesaurus) -> Vec<Match<'t>> {
    let mut found = Vec::new();
    if !thesaurus.is_empty() {
        visit(clause, thesaurus, &mut found);
    }
    found
}

fn visit<'t>(clause: &Clause, thesaurus: &'t Thesaurus, found: &mut Vec<Match<'t>>) {
    match clause {
        Clause::Boolean { must, should, .. } => {
            must.iter().for_each(|clause| visit(clause, thesaurus, found));
            row(should, thesaurus, found);
        }
        Clause::Boosted(clause, _) => visit(clause, thesaurus, found),
        Clause::Word(_) => {
            let only = longest(std::slice::from_ref(clause), thesaurus);
            found.extend(only.map(|(_, entry)| entry));
        }
        Clause::Phrase(phrase) => found.extend(whole(phrase, thesaurus)),
        _ => {}
    }
}

/// Clauses side by side. Words joined by `OR` look the same as prose; then too a passage with the synonym
/// is one with what is asked for.
fn row<'t>(clauses: &[Clause], thesaurus: &'t Thesaurus, found: &mut Vec<Match<'t>>) {
    let mut at = 0;
    while let Some(clause) = clauses.get(at) {
        match longest(&clauses[at..], thesaurus) {
            Some((length, entry)) => {
                found.push(entry);
                at += length;
            }
            None => {
                if !matches!(clause, Clause::Word(_)) {
                    visit(clause, thesaurus, found);
                }
                at += 1;
            }
        }
    }
}

/// The longest entry that begins with the first of these clauses, and how many of them it takes.
fn longest<'t>(clauses: &[Clause], thesaurus: &'t Thesaurus) -> Option<(usize, Match<'t>)> {
    let first = word(clauses.first()?)?;
    let mut best: Option<(usize, Match<'t>)> = None;
    for entry in thesaurus.beginning_with(&first.term) {
        let Some(words) = standing(entry, clauses) else { continue };
        match &mut best {
            // Entries that differ in stop words only are one in prose.
            Some((length, known)) if *length == words.len() => known.add(&entry.synonyms),
            Some((length, _)) if *length > words.len() => break,
            _ => best = Some((words.len(), Match::of(&words, entry))),
        }
    }
    best
}

/// The words that an entry takes from the first clause on, if it stands there. Stop words, which are left
/// out of prose but not of what has operators, are passed over on both sides.
fn standing<'c>(entry: &Entry, clauses: &'c [Clause]) -> Option<Vec<&'c WordClause>> {
    let mut words: Vec<&WordClause> = Vec::with_capacity(entry.content.len());
    for &place in &entry.content {
        let wanted = entry.name.terms.get(place)?;
        loop {
            let next = word(clauses.get(words.len())?)?;
            let follows = words.last().is_none_or(|last| last.number + 1 == next.number);
            let is_same = next.term == wanted.term
                && (!entry.is_abbreviation || is_abbreviated(&next.folded, &wanted.folded));
            words.push(next);
            match (follows, is_same) {
                (true, true) => break,
                (true, false) if words.len() > 1 && analyze::is_stop_word(&next.folded) => {}
                _ => return None,
            }
        }
    }
    Some(words)
}

/// `NGO` and `NGOs`, but not `tipped` for `TIP`.
fn is_abbreviated(typed: &str, abbreviation: &str) -> bool {
    typed.strip_prefix(abbreviation).is_some_and(|end| end.is_empty() || end == "s")
}

/// A word as typed, of the text itself.
fn word(clause: &Clause) -> Option<&WordClause> {
    match clause {
        Clause::Word(word) if word.field == TextField::Main && word.form == Form::Typed => {
            Some(word)
        }
        _ => None,
    }
}

/// A quotation that is an entry from end to end, stop words and all.
fn whole<'t>(phrase: &PhraseClause, thesaurus: &'t Thesaurus) -> Option<Match<'t>> {
    let is_same = |entry: &&Entry| {
        entry.name.terms.len() == phrase.terms.len()
            && entry.name.terms.iter().zip(&phrase.terms).all(|(one, other)| one.term == other.term)
    };
    let first = phrase.terms.iter().find(|term| !analyze::is_stop_word(&term.folded));
    let first = first.or(phrase.terms.first()).filter(|_| phrase.field == TextField::Main)?;
    let entry = thesaurus.beginning_with(&first.term).find(is_same)?;
    Some(Match {
        first: phrase.number,
        last: phrase.number,
        written: phrase.written.clone(),
        terms: entry.content_terms(),
        synonyms: entry.synonyms.iter().collect(),
    })
}

impl<'t> Match<'t> {
    fn of(words: &[&WordClause], entry: &'t Entry) -> Match<'t> {
        let typed: Vec<&str> = words.iter().map(|word| word.written.as_str()).collect();
        // The stop words that the parser left out stand in the entry.
        let written = match typed.len() < entry.name.terms.len() {
            true => entry.name.written.clone(),
            false => typed.join(" "),
        };
        Match {
            first: words.first().map_or(0, |word| word.number),
            last: words.last().map_or(0, |word| word.number),
            written,
            terms: entry.content_terms(),
            synonyms: entry.synonyms.iter().collect(),
        }
    }

    fn add(&mut self, synonyms: &'t [Arc<Synonym>]) {
        for synonym in synonyms {
            if !self.synonyms.contains(&synonym) {
                self.synonyms.push(synonym);
            }
        }
    }
}

impl Entry {
    fn content_terms(&self) -> Vec<String> {
        let terms = self.content.iter().filter_map(|&place| self.name.terms.get(place));
        terms.map(|term| term.term.clone()).collect()
    }
}

impl Synonym {
    /// The synonym as a clause.
    pub(super) fn clause(&self, number: usize) -> Clause {
        let (field, form, written) = (TextField::Main, Form::Synonym, self.written.clone());
        match self.terms.as_slice() {
            [only] => Clause::Word(WordClause {
                number,
                field,
                form,
                written,
                folded: only.folded.clone(),
                term: only.term.clone(),
            }),
            _ => Clause::Phrase(PhraseClause {
                number,
                field,
                form,
                written,
                terms: self.terms.clone(),
            }),
        }
    }
}
