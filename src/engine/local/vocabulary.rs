//! The words of the local index: counts, prefixes, near spellings.

use std::collections::BTreeMap;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy::query::{Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::TermMerger;
use tantivy::{Result, Searcher, SegmentReader, Term};
use tantivy_fst::Automaton;

use super::schema::Schemas;
use crate::analyze::Analyzer;
use crate::passage::Passage;

/// How many near spellings are looked at.
const MOST_SIMILAR: usize = 64;

/// How many different terms a field has.
pub fn terms(searcher: &Searcher, field: Field) -> Result<u64> {
    let readers: Result<Vec<_>> =
        searcher.segment_readers().iter().map(|reader| reader.inverted_index(field)).collect();
    let readers = readers?;
    let streams: std::io::Result<Vec<_>> =
        readers.iter().map(|reader| reader.terms().stream()).collect();
    let mut merged = TermMerger::new(streams?);
    let mut number = 0;
    while merged.advance() {
        number += 1;
    }
    Ok(number)
}

/// In how many passages a term of a field stands.
pub fn passages_with(searcher: &Searcher, field: Field, term: &str) -> Result<u64> {
    let term = Term::from_field_text(field, term);
    let count = searcher.doc_freq(&term)?;
    let has_deletes = || searcher.segment_readers().iter().any(SegmentReader::has_deletes);
    if count > 0 && has_deletes() {
        // The counts of the dictionary include what has been removed since.
        return Ok(TermQuery::new(term, IndexRecordOption::Basic).count(searcher)? as u64);
    }
    Ok(count)
}

/// Terms of a field that begin so, in order, at most `limit + 1`.
pub fn terms_with_prefix(
    searcher: &Searcher,
    field: Field,
    prefix: &str,
    limit: usize,
) -> Result<Vec<String>> {
    let mut terms: Vec<String> = Vec::new();
    for reader in searcher.segment_readers() {
        let inverted = reader.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(prefix).into_stream()?;
        let mut taken = 0;
        while taken <= limit && stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
            terms.extend(std::str::from_utf8(stream.key()).ok().map(str::to_owned));
            taken += 1;
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms.truncate(limit + 1);
    Ok(terms)
}

/// Terms of the main field within an edit distance (a swap of neighbours counts one), the most
/// frequent first.
pub fn similar_terms(
    searcher: &Searcher,
    schemas: &Schemas,
    term: &str,
    distance: u8,
) -> Result<Vec<(String, u64)>> {
    let builder = LevenshteinAutomatonBuilder::new(distance, true);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for reader in searcher.segment_readers() {
        let inverted = reader.inverted_index(schemas.main)?;
        let automaton = Spelling(builder.build_dfa(term));
        let mut stream = inverted.terms().search(automaton).into_stream()?;
        while stream.advance() {
            if let Ok(similar) = std::str::from_utf8(stream.key()) {
                *counts.entry(similar.to_owned()).or_default() +=
                    u64::from(stream.value().doc_freq);
            }
        }
    }
    let mut similar: Vec<(String, u64)> = counts.into_iter().collect();
    similar.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    similar.truncate(MOST_SIMILAR);
    Ok(similar)
}

/// The word of a passage that has this term, as written there, in lower case where it is not a name.
pub fn written_in(passage: &Passage, term: &str) -> Option<String> {
    let mut analyzer = Analyzer::default();
    let nearest = passage.trail.last().filter(|_| passage.trail.len() > 1);
    let texts = [Some(&passage.text), nearest, Some(&passage.report.title)];
    texts.into_iter().flatten().find_map(|text| {
        let token = analyzer.tokens(text).into_iter().find(|token| token.term == term)?;
        let word = text.get(token.bytes)?;
        Some(crate::analyze::folded(word))
    })
}

/// A Levenshtein automaton as the term dictionary walks it.
struct Spelling(DFA);

impl Automaton for Spelling {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}
