//! How many passages of the local index have a word.

use std::collections::BTreeSet;

use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::TermMerger;
use tantivy::{Result, Searcher, SegmentReader, Term};

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

/// What follows a beginning in the terms of a field that have it, sorted.
pub fn beginning_with(searcher: &Searcher, field: Field, start: &str) -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for reader in searcher.segment_readers() {
        let inverted = reader.inverted_index(field)?;
        let mut terms = inverted.terms().range().ge(start.as_bytes()).into_stream()?;
        while terms.advance() {
            let Some(rest) = terms.key().strip_prefix(start.as_bytes()) else { break };
            found.extend(std::str::from_utf8(rest).map(str::to_owned));
        }
    }
    Ok(found.into_iter().collect())
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

/// In how many passages two terms stand.
pub fn passages_with_both(searcher: &Searcher, one: Term, other: Term) -> Result<u64> {
    let query = |term| Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>;
    let both = BooleanQuery::intersection(vec![query(one), query(other)]);
    Ok(both.count(searcher)? as u64)
}
