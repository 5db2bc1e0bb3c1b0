//! Terms to a tantivy query.

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema};

use crate::Result;
use crate::write::TEXT;

/// The main field of tipsearch.
const MAIN: &str = "main";

/// A query of terms that each score and of `"phrases"` that are required.
pub fn parse(text: &str, schema: &Schema) -> Result<BooleanQuery> {
    let field = schema.get_field(MAIN).or_else(|_| schema.get_field(TEXT))?;
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (place, part) in text.split('"').enumerate() {
        let terms = part.split_whitespace().map(|term| Term::from_field_text(field, term));
        if place % 2 == 1 {
            clauses.push((Occur::Must, phrase(field, part)));
            continue;
        }
        for term in terms {
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            clauses.push((Occur::Should, Box::new(query)));
        }
    }
    Ok(BooleanQuery::new(clauses))
}

/// A phrase has two terms at least.
fn phrase(field: Field, text: &str) -> Box<dyn Query> {
    let terms: Vec<Term> =
        text.split_whitespace().map(|term| Term::from_field_text(field, term)).collect();
    match terms.as_slice() {
        [only] => Box::new(TermQuery::new(only.clone(), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}
