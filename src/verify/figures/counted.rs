//! Other words for what is counted: which nouns may stand for one another beside a number.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::context::Sentence;
use crate::analyze::{Analyzer, is_stop_word};

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

impl Sentence {
    /// Whether a noun stands only among the kinds of what is counted at a place: `252 persons, including judges`.
    pub fn lists(&self, noun: &str, counted: usize) -> bool {
        let key = |at: usize| self.words.key(at).unwrap_or_default();
        let begins = |&at: &usize| match key(at) {
            "among" | "included" | "includes" | "including" => true,
            "such" => key(at + 1) == "as",
            _ => false,
        };
        let Some(list) = (counted..self.words.len()).find(begins) else { return false };
        let mut places = self.content.iter().filter(|word| are_alike(noun, &word.term)).peekable();
        places.peek().is_some() && places.all(|word| word.at > list)
    }

    /// Whether the sentence says of what is counted at a place that it is called so: `45 girls identified as victims`,
    /// `12 boys who were laborers`, but not `12 men who abused girls`.
    pub fn is_said_to_be(&self, noun: &str, counted: usize) -> bool {
        const FARTHEST: usize = 8;
        let is_near = |at: usize| {
            let mut between = counted + 1..at + 1;
            let is_apart = |at: usize| self.words.gap(at).contains([',', ';', ':', '(', '.']);
            (counted + 1..=counted + FARTHEST).contains(&at)
                && between.clone().any(|says| self.equates(says, at))
                && !between.any(is_apart)
        };
        self.content.iter().any(|word| are_alike(noun, &word.term) && is_near(word.at))
    }

    /// Whether a word says that what stands before it is what a noun behind it names.
    fn equates(&self, at: usize, noun: usize) -> bool {
        const FARTHEST: usize = 2;
        let key = |at: usize| self.words.key(at).unwrap_or_default();
        match key(at) {
            "as" => !matches!(key(at.saturating_sub(1)), "such" | "well") && key(at + 1) != "well",
            "who" => {
                let verb = match (key(at + 1), key(at + 2)) {
                    ("are" | "was" | "were", _) => at + 1,
                    ("had" | "have", "been") => at + 2,
                    _ => return false,
                };
                (verb + 1..=verb + FARTHEST).contains(&noun)
            }
            _ => false,
        }
    }

    /// Whether a noun is the verb of which a figure is the object, or that says what was done to what it counts: `15
    /// convictions` of `convicted 15 offenders`.
    pub fn is_done_to(&self, noun: &str, figure: &Range<usize>, counted: usize) -> bool {
        const FARTHEST: usize = 4;
        let key = |at: usize| self.words.key(at).unwrap_or_default();
        let is_verb = |at: usize| key(at).ends_with("ed");
        let is_blank = |at: usize| self.words.gap(at).chars().all(char::is_whitespace);
        let before = (figure.start.saturating_sub(FARTHEST)..figure.start).rev();
        let mut before = before.take_while(|&at| is_blank(at + 1));
        let active = before.find(|&at| !is_stop_word(key(at))).filter(|&at| is_verb(at));
        let is_passive = matches!(key(counted + 1), "was" | "were") && is_blank(counted + 1);
        let passive = Some(counted + 2).filter(|&at| is_passive && is_verb(at));
        let is_own = |at: usize| self.content.iter().any(|it| it.at == at && it.term == noun);
        active.is_some_and(is_own) || passive.is_some_and(is_own)
    }
}
