//! Words that turn what a sentence says into its opposite.

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
