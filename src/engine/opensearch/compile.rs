//! A query as OpenSearch runs it: what finds at least the passages that match, the likely ones first. Which of them do,
//! and what they score, is told from their words ([`super::score`]).

use serde_json::{Map, Value, json};

use super::document::{BEHIND, HEAD, TAIL};
use super::intervals::{self, Side};
use crate::engine::flat::{MOST_SCORED_TERMS, filter_terms, flat, weight_of};
use crate::query::{Clause, NearClause, PatternClause, PhraseClause, TextField};
use crate::rank::{DEMOTED_ROLE, DEMOTED_WEIGHT};

/// Makes requests of clauses.
pub struct Compiler<'a> {
    /// Words count as written, which the index does not know.
    pub literal: bool,
    /// Whether a term of the ranked field is in the index.
    pub is_known: &'a dyn Fn(&str) -> bool,
}

/// The field of the cluster that has the words of a part of passages.
pub fn field(field: TextField) -> &'static str {
    match field {
        TextField::Main => "main",
        TextField::Title => "title",
        TextField::Heading => "heading",
    }
}

/// Whether what a clause finds is just what matches it.
pub fn is_exact(clause: &Clause) -> bool {
    let mut exact = true;
    clause.visit(&mut |clause| {
        exact &= match clause {
            Clause::Near(near) => near.field != TextField::Main,
            Clause::Phrase(phrase) => phrase.terms.len() <= TAIL || !phrase.goes_over(),
            _ => true,
        };
    });
    exact
}

/// Among passages only.
pub fn among_passages(query: Value) -> Value {
    json!({ "bool": { "must": [query], "filter": [{ "term": { "kind": "passage" } }] } })
}

/// The same where passages in sections of sources count less.
pub fn demoting(query: Value) -> Value {
    let role = crate::engine::record::meta_term("role", DEMOTED_ROLE);
    json!({ "boosting": {
        "positive": query, "negative": { "term": { "meta": role } }, "negative_boost": DEMOTED_WEIGHT,
    } })
}

impl Compiler<'_> {
    /// The request of a clause.
    pub fn compile(&self, clause: &Clause) -> Value {
        self.weighed(clause, 1.0)
    }

    fn weighed(&self, clause: &Clause, boost: f32) -> Value {
        match clause {
            Clause::Everything => json!({ "match_all": { "boost": boost } }),
            Clause::Word(word) => term(word.field, &word.term, boost * weight_of(word.form)),
            Clause::Phrase(clause) => phrase(clause, boost),
            Clause::Near(near) => self.near(near, boost),
            Clause::Pattern(clause) => pattern(clause, boost),
            Clause::Boosted(clause, by) => self.weighed(clause, boost * by),
            Clause::Forms(forms) => {
                any(forms.iter().map(|form| self.weighed(form, boost)).collect())
            }
            Clause::Filter(filter) => {
                json!({ "bool": { "filter": [{ "terms": { "meta": filter_terms(filter) } }] } })
            }
            Clause::Boolean { must, should, not } => self.boolean(must, should, not, boost),
        }
    }

    fn boolean(&self, must: &[Clause], should: &[Clause], not: &[Clause], boost: f32) -> Value {
        let each = |clauses: &[Clause]| -> Vec<Value> {
            clauses.iter().map(|clause| self.weighed(clause, boost)).collect()
        };
        let decides = |clause: &&Clause| {
            (!self.literal || matches!(clause, Clause::Filter(_))) && is_exact(clause)
        };
        let not: Vec<Value> =
            not.iter().filter(decides).map(|clause| self.weighed(clause, 1.0)).collect();
        let should = flat(should, self.is_known);
        let mut parts = Map::new();
        let least = usize::from(must.is_empty() && !should.is_empty());
        parts.insert("minimum_should_match".to_owned(), json!(least));
        let is_alone = must.len() == 1;
        let required = |clause: &Clause| match clause {
            // What every passage has adds nothing to what else is required.
            Clause::Everything if !is_alone => {
                json!({ "bool": { "filter": [{ "match_all": {} }] } })
            }
            clause => self.weighed(clause, boost),
        };
        let mut must: Vec<Value> = must.iter().map(required).collect();
        if must.is_empty() && should.is_empty() {
            // Nothing matches nothing, and all but something is all of it.
            must.push(if not.is_empty() {
                json!({ "match_none": {} })
            } else {
                json!({ "match_all": {} })
            });
        }
        for (name, clauses) in [("must", must), ("should", each(&should)), ("must_not", not)] {
            if !clauses.is_empty() {
                parts.insert(name.to_owned(), Value::Array(clauses));
            }
        }
        json!({ "bool": parts })
    }

    /// Words near one another: those inside, and those that may be so over the seam.
    fn near(&self, near: &NearClause, boost: f32) -> Value {
        if near.field != TextField::Main {
            return all(near.operands.iter().map(|operand| self.inside(operand, boost)).collect());
        }
        let width = Clause::Near(near.clone()).width() as usize;
        let inside = intervals::of_near(near, Side::Inside)
            .map(|rule| json!({ "intervals": { "main": rule } }))
            .unwrap_or_else(|| {
                all(near.operands.iter().map(|it| self.inside(it, boost)).collect())
            });
        let over = intervals::of_near(near, Side::Over).filter(|_| width <= TAIL);
        let over = over.map(|rule| json!({ "intervals": { "seam": rule } }));
        any(vec![inside, over.unwrap_or_else(|| over_seam(near, width))])
    }

    fn inside(&self, clause: &Clause, boost: f32) -> Value {
        match clause {
            Clause::Phrase(clause) => phrase_inside(clause, boost),
            Clause::Boosted(clause, by) => self.inside(clause, boost * by),
            Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => {
                any(clauses.iter().map(|clause| self.inside(clause, boost)).collect())
            }
            Clause::Near(near) => {
                all(near.operands.iter().map(|it| self.inside(it, boost)).collect())
            }
            leaf => self.weighed(leaf, boost),
        }
    }
}

/// Passages that have all words of what is near, on one side of the seam or the other.
fn over_seam(near: &NearClause, width: usize) -> Value {
    let sets = near.operands.iter().map(required).collect::<Vec<_>>().concat();
    match width <= HEAD {
        true => all(sets.iter().map(|terms| either_side(terms)).collect()),
        // Beyond what is kept of the next passage: any that has a word of it.
        false => any(sets.iter().flatten().map(|term| plain(TextField::Main, term)).collect()),
    }
}

fn term(text: TextField, term: &str, boost: f32) -> Value {
    json!({ "term": { field(text): { "value": term, "boost": boost } } })
}

fn plain(text: TextField, word: &str) -> Value {
    term(text, word, 1.0)
}

/// What is best among these counts.
fn any(mut queries: Vec<Value>) -> Value {
    match (queries.len(), queries.pop()) {
        (0, _) => json!({ "match_none": {} }),
        (1, Some(only)) => only,
        (_, last) => {
            queries.extend(last);
            json!({ "dis_max": { "queries": queries } })
        }
    }
}

fn all(queries: Vec<Value>) -> Value {
    json!({ "bool": { "must": queries } })
}

fn pattern(pattern: &PatternClause, boost: f32) -> Value {
    match pattern.terms.len() {
        0..=MOST_SCORED_TERMS => {
            any(pattern.terms.iter().map(|word| term(pattern.field, word, boost)).collect())
        }
        _ => json!({ "constant_score": {
            "filter": { "terms": { field(pattern.field): pattern.terms } }, "boost": boost,
        } }),
    }
}

fn phrase(phrase: &PhraseClause, boost: f32) -> Value {
    let inside = phrase_inside(phrase, boost);
    if !phrase.goes_over() {
        return inside;
    }
    let terms: Vec<&str> = phrase.terms.iter().map(|place| place.term.as_str()).collect();
    let splits = (1..terms.len()).map(|at| {
        let (before, after) = terms.split_at(at);
        let before =
            before[before.len().saturating_sub(TAIL)..].iter().map(|term| (*term).to_owned());
        let after = after[..after.len().min(TAIL)].iter().map(|term| format!("{BEHIND}{term}"));
        let words: Vec<String> = before.chain(after).collect();
        row("seam", &words.join(" "), boost)
    });
    any([inside].into_iter().chain(splits).collect())
}

fn phrase_inside(phrase: &PhraseClause, boost: f32) -> Value {
    let terms = || phrase.terms.iter().map(|place| place.term.as_str());
    match phrase.field {
        TextField::Main => row("main", &terms().collect::<Vec<_>>().join(" "), boost),
        // All its words; whether they stand as a phrase, the passage tells.
        other => all(terms().map(|word| term(other, word, boost)).collect()),
    }
}

/// Terms one directly after another.
fn row(field: &str, terms: &str, boost: f32) -> Value {
    json!({ "match_phrase": { field: { "query": terms, "analyzer": "whitespace", "boost": boost } } })
}

/// Sets of terms: where a clause stands, there is a term of each.
fn required(clause: &Clause) -> Vec<Vec<&str>> {
    match clause {
        Clause::Phrase(phrase) => {
            phrase.terms.iter().map(|place| vec![place.term.as_str()]).collect()
        }
        Clause::Near(near) => near.operands.iter().flat_map(required).collect(),
        other => {
            let mut terms = Vec::new();
            other.visit_terms(&mut |term| terms.push(term));
            vec![terms]
        }
    }
}

/// Passages that have one of these terms, or behind whose seam one stands.
fn either_side(terms: &[&str]) -> Value {
    let here = terms.iter().map(|word| plain(TextField::Main, word));
    let behind = terms.iter().map(|word| json!({ "term": { "seam": format!("{BEHIND}{word}") } }));
    any(here.chain(behind).collect())
}
