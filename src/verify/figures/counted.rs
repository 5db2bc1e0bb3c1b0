//! Other words for what is counted: which nouns may stand for one another beside a number.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::analyze::Analyzer;

/// Words for persons of any kind, whatever else they are.
const ANYBODY: &str = "individuals people persons";

/// Words that reports use for the same: those of a line.
const KINDS: [&str; 12] = [
    "adolescents boys children girls juveniles minors pupils students teenagers youth youths",
    "criminals defendants offenders perpetrators suspects traffickers",
    "employees laborers staff workers",
    "agents officers officials policemen",
    "cases incidents investigations",
    "inspections visits",
    "breaches infractions offenses violations",
    "fines penalties sanctions",
    "institutions schools",
    "centers facilities shelters",
    "businesses companies employers enterprises firms",
    "households families",
];

/// The kinds of a term of the index; those of persons of any kind are 0.
static BY_TERM: LazyLock<FxHashMap<String, usize>> = LazyLock::new(|| {
    let mut analyzer = Analyzer::default();
    let mut by_term = FxHashMap::default();
    for (kind, words) in std::iter::once(ANYBODY).chain(KINDS).enumerate() {
        for token in analyzer.tokens(words) {
            by_term.insert(token.term, kind);
        }
    }
    by_term
});

/// Whether a term is one of persons, whatever else they are.
pub fn is_anybody(term: &str) -> bool {
    BY_TERM.get(term) == Some(&0)
}

/// Whether two terms may stand for the same.
pub fn are_alike(one: &str, other: &str) -> bool {
    let kind = |term: &str| BY_TERM.get(term);
    one == other || kind(one).is_some() && kind(one) == kind(other)
}
