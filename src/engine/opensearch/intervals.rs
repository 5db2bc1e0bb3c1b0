//! Words near one another as rules of OpenSearch's `intervals`: what they find has all that are near by our definition
//! ([`crate::query::near`]), and some more, as where one word stands for two operands.

use serde_json::{Value, json};

use super::document::BEHIND;
use crate::query::{Clause, NearClause};

/// More alternatives than this in one rule cost the cluster more than passages that are looked at for nothing.
const MOST_ALTERNATIVES: usize = 128;

/// Where the words stand that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In one passage.
    Inside,
    /// On both sides of a seam, in the field that has these words.
    Over,
}

/// The rule of operands near one another; `None` where it would be too large.
pub fn of_near(near: &NearClause, side: Side) -> Option<Value> {
    let operands = near.operands.iter().map(|operand| rule(operand, side));
    let operands = operands.collect::<Option<Vec<Value>>>()?;
    Some(json!({ "all_of": {
        "intervals": operands, "max_gaps": near.extra, "ordered": near.ordered,
    } }))
}

fn rule(clause: &Clause, side: Side) -> Option<Value> {
    match clause {
        Clause::Word(word) => Some(row(&[&word.term], side)),
        Clause::Phrase(phrase) => {
            let terms: Vec<&str> = phrase.terms.iter().map(|place| place.term.as_str()).collect();
            Some(row(&terms, side))
        }
        Clause::Pattern(pattern) => {
            let is_small = (1..=MOST_ALTERNATIVES).contains(&pattern.terms.len());
            is_small.then(|| any(pattern.terms.iter().map(|term| row(&[term], side)).collect()))
        }
        Clause::Near(near) => of_near(near, side),
        Clause::Boosted(clause, _) => rule(clause, side),
        Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => {
            let rules = clauses.iter().map(|clause| rule(clause, side));
            rules.collect::<Option<Vec<Value>>>().filter(|rules| !rules.is_empty()).map(any)
        }
        Clause::Everything | Clause::Filter(_) => None,
    }
}

/// Terms one directly after another, wherever the seam is between them.
fn row(terms: &[&str], side: Side) -> Value {
    let as_split = |at: usize| {
        let behind = |(number, term): (usize, &&str)| match number < at {
            true => (*term).to_owned(),
            false => format!("{BEHIND}{term}"),
        };
        let words: Vec<String> = terms.iter().enumerate().map(behind).collect();
        json!({ "match": {
            "query": words.join(" "), "max_gaps": 0, "ordered": true, "analyzer": "whitespace",
        } })
    };
    match side {
        Side::Inside => as_split(terms.len()),
        Side::Over => any((0..=terms.len()).map(as_split).collect()),
    }
}

fn any(mut rules: Vec<Value>) -> Value {
    match (rules.len(), rules.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            rules.extend(last);
            json!({ "any_of": { "intervals": rules } })
        }
    }
}
