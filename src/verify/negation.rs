//! Words that turn what a sentence says into its opposite.

use super::words::Words;

/// Folded as [`super::words`] does; sorted. English, and the commonest of French, Spanish, Russian and
/// Arabic.
const NEGATIONS: [&str; 37] = [
    "aucun",
    "aucune",
    "barely",
    "cannot",
    "hardly",
    "jamais",
    "ne",
    "neither",
    "never",
    "ni",
    "ninguna",
    "ninguno",
    "ningún",
    "no",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "nowhere",
    "nunca",
    "pas",
    "sans",
    "scarcely",
    "sin",
    "unless",
    "without",
    "без",
    "не",
    "нет",
    "ни",
    "никогда",
    "ничего",
    "لا",
    "لم",
    "لن",
    "ليس",
];

/// Whether a word negates; `n't` and `n’t` at its end do.
pub fn is_negation(word: &str) -> bool {
    NEGATIONS.binary_search(&word).is_ok() || word.ends_with("n't")
}

/// So near before a quotation a negation is a part of what is quoted: `No longer`, `Not one of the`.
const NEAREST: usize = 3;

/// The negation that a quotation leaves out which begins like a sentence and does not in its source, where it would
/// begin at a word: `Instances were reported` for `No instances were reported`. `starts` gives the words of the source
/// that begin a sentence, in order.
pub fn left_out_before(
    quote: &Words,
    source: &Words,
    at: usize,
    starts: impl FnOnce() -> Vec<usize>,
) -> Option<usize> {
    let first = |words: &Words, at| words.written(at).chars().find(|c| c.is_alphabetic());
    let is_capital = at > 0 && first(quote, 0).is_some_and(char::is_uppercase);
    if !is_capital || !first(source, at).is_some_and(char::is_lowercase) {
        return None;
    }
    let negates = |at: &usize| source.key(*at).is_some_and(is_negation);
    let near = at.saturating_sub(NEAREST)..at;
    near.clone().find(negates)?;
    let sentence = starts().into_iter().rev().find(|start| *start < at).unwrap_or(0);
    (near.start.max(sentence)..at).find(negates)
}
