//! What a sentence denies, which way it says that figures went, and whether another says the same of a figure.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::context::Sentence;
use crate::verify::negation::is_negation;
use crate::verify::numbers::number_at;
use crate::verify::words::Words;

/// A negation with the words that it denies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The word that denies.
    pub at: usize,
    /// The words that are denied.
    pub words: Range<usize>,
}

/// What makes a comparison of `no fewer than 5` and `not only`, which deny nothing.
const COMPARISONS: [&str; 15] = [
    "above",
    "earlier",
    "exceeding",
    "fewer",
    "greater",
    "higher",
    "later",
    "least",
    "less",
    "longer",
    "lower",
    "more",
    "older",
    "only",
    "younger",
];

/// Words that begin another clause.
const BEGIN_CLAUSES: [&str; 9] =
    ["although", "because", "but", "however", "though", "whereas", "which", "while", "who"];

/// The denials of a sentence; `content` are its words that say something, sorted. What is denied goes to the end of
/// the clause that has the next of these: `did not, in 2013, convict`.
pub fn denials(words: &Words, content: &[usize]) -> Vec<Denial> {
    let is_one = |at: &usize| words.key(*at).is_some_and(is_negation) && denies(words, *at);
    let scope = |at: usize| {
        let first = content.partition_point(|&word| word <= at);
        let first = content.get(first).map_or(words.len(), |&word| word + 1);
        let end = (first..words.len()).find(|&next| begins_clause(words, next));
        Denial { at, words: at + 1..end.unwrap_or(words.len()) }
    };
    (0..words.len()).filter(is_one).map(scope).collect()
}

/// Whether a negation denies something: `No. 5` names, and `no more than 5` compares.
fn denies(words: &Words, at: usize) -> bool {
    let next = words.key(at + 1).unwrap_or_default();
    let is_number = words.gap(at + 1).starts_with('.') && number_at(words, at + 1).is_some();
    !is_number && !COMPARISONS.contains(&next)
}

/// Whether a clause begins with a word.
fn begins_clause(words: &Words, at: usize) -> bool {
    let gap = words.gap(at);
    gap.contains([',', ';', ':', '(', ')', '—'])
        || gap.contains(" – ")
        || runs_on(words, at)
        || words.key(at).is_some_and(|key| BEGIN_CLAUSES.contains(&key))
}

/// Whether a word stands in the same clause as another.
pub fn is_one_clause(words: &Words, one: usize, other: usize) -> bool {
    let (first, last) = (one.min(other), one.max(other));
    !(first + 1..=last).any(|at| begins_clause(words, at))
}

/// Whether a sentence begins with a word right behind the full stop of another: `in other sectors.Violations were`.
pub fn runs_on(words: &Words, at: usize) -> bool {
    matches!(words.gap(at), "." | ".”" | ".\"") && words.written(at).starts_with(char::is_uppercase)
}

/// Whether a word stands in a clause that says what would be: `Kazakhstan would employ about 449 inspectors`.
pub fn is_unreal(words: &Words, at: usize) -> bool {
    let is_unreal = |word: &usize| matches!(words.key(*word), Some("would" | "should"));
    (0..words.len()).filter(is_unreal).any(|word| is_one_clause(words, word, at))
}

/// Whether a sentence speaks of what is not but would, should or will be.
pub fn speaks_of_unreal(words: &Words) -> bool {
    const BEGINNINGS: [&str; 15] = [
        "advi",
        "aim",
        "announc",
        "could",
        "intend",
        "must",
        "need",
        "ought",
        "plan",
        "pledg",
        "promis",
        "recommend",
        "requir",
        "shall",
        "will",
    ];
    words.keys().any(|key| {
        matches!(key, "would" | "should") || BEGINNINGS.iter().any(|start| key.starts_with(start))
    })
}

/// Verbs and nouns of what became more, sorted.
const RISES: [&str; 15] = [
    "grew",
    "grow",
    "growing",
    "grown",
    "grows",
    "increase",
    "increased",
    "increases",
    "increasing",
    "raised",
    "rise",
    "risen",
    "rises",
    "rising",
    "rose",
];

/// And of what became less.
const FALLS: [&str; 21] = [
    "cut",
    "decline",
    "declined",
    "declines",
    "declining",
    "decrease",
    "decreased",
    "decreases",
    "decreasing",
    "drop",
    "dropped",
    "drops",
    "fall",
    "fallen",
    "falling",
    "falls",
    "fell",
    "lowered",
    "reduce",
    "reduced",
    "reduction",
];

/// Whether the clause of a word says that something became more (or less); `None` where it says nothing of that, or both.
pub fn rises(words: &Words, at: usize) -> Option<bool> {
    let says = |all: &[&str]| {
        let is_one =
            |word: &usize| words.key(*word).is_some_and(|key| all.binary_search(&key).is_ok());
        (0..words.len()).filter(is_one).any(|word| is_one_clause(words, word, at))
    };
    match (says(&RISES), says(&FALLS)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// What a sentence denies, and what not.
pub struct Said<'s> {
    /// Terms that are denied, and others.
    pub denied: FxHashSet<&'s str>,
    pub affirmed: FxHashSet<&'s str>,
    /// Whether the figure itself is denied.
    pub denies_figure: bool,
}

impl Said<'_> {
    /// What a sentence says of one of its figures.
    pub fn of(sentence: &Sentence, figure: usize) -> Said<'_> {
        let is_denied = |at: usize| sentence.denials.iter().any(|it| it.words.contains(&at));
        let terms = |wanted: bool| {
            let words = sentence.content.iter().filter(move |word| is_denied(word.at) == wanted);
            words.map(|word| word.term.as_str()).collect()
        };
        let start = sentence.figures.get(figure).map_or(0, |figure| figure.words.start);
        let is_near = |denial: &Denial| {
            denial.words.contains(&start) || is_one_clause(&sentence.words, denial.at, start)
        };
        Said {
            denied: terms(true),
            affirmed: terms(false),
            denies_figure: sentence.denials.iter().any(is_near),
        }
    }
}
