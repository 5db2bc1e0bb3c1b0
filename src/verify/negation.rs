//! Words that turn what a sentence says into its opposite, and whether a quotation leaves them out.

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

/// Words that deny what they govern: `failed to provide`, `unable to find`, `lacked resources`, `few officials`. Sorted.
const REFUSALS: [&str; 46] = [
    "absence",
    "absent",
    "avoid",
    "avoided",
    "ceased",
    "decline",
    "declined",
    "denied",
    "denies",
    "deny",
    "denying",
    "fail",
    "failed",
    "failing",
    "fails",
    "failure",
    "few",
    "forbid",
    "forbids",
    "inability",
    "lack",
    "lacked",
    "lacking",
    "lacks",
    "little",
    "neglected",
    "prevent",
    "prevented",
    "preventing",
    "prevents",
    "prohibit",
    "prohibited",
    "prohibiting",
    "prohibits",
    "rarely",
    "refusal",
    "refuse",
    "refused",
    "refuses",
    "refusing",
    "seldom",
    "stopped",
    "unable",
    "unlikely",
    "unwilling",
    "withheld",
];

/// Whether a word negates or denies what it governs.
pub fn denies(words: &Words, at: usize) -> bool {
    let is_some = at > 0 && words.key(at - 1) == Some("a");
    words.key(at).is_some_and(|key| match key {
        "few" | "little" => !is_some,
        _ => is_negation(key) || REFUSALS.binary_search(&key).is_ok(),
    })
}

/// Whether a clause ends in what stands between two words.
pub fn ends_clause(gap: &str) -> bool {
    gap.contains([',', ';', ':', '.', '!', '?', '(', '—', '–', '،', '؛', '。', '\n'])
}

/// So far before what it denies a word is looked for, within its clause.
const FARTHEST: usize = 8;

/// Where the clause of a word denies what follows from there on: the first such word, at most so many words before, and no
/// farther than [`FARTHEST`].
pub fn denied_by(source: &Words, at: usize, most: usize) -> Option<usize> {
    let clause = (at.saturating_sub(most.min(FARTHEST))..at)
        .rev()
        .take_while(|&before| !ends_clause(source.gap(before + 1)) && !source.has_seam(before + 1));
    clause.filter(|&before| denies(source, before)).last()
}

/// What denies a quotation in its source, and is left out, where the quotation begins like a sentence or with words in
/// brackets and its source goes on there: `Instances were reported` for `No instances were reported`, `[It] acceded` for
/// `has not acceded`. `at` is the word of the source that it begins with.
pub fn left_out_before(quote: &Words, source: &Words, at: usize) -> Option<usize> {
    let first = |words: &Words, at| words.written(at).chars().find(|c| c.is_alphabetic());
    let is_put_in = quote.brackets.iter().any(|group| group.words.start == 0);
    let is_capital = first(quote, 0).is_some_and(char::is_uppercase);
    let goes_on = first(source, at).is_some_and(char::is_lowercase);
    let begins = is_put_in || is_capital && goes_on;
    if begins { denied_by(source, at, FARTHEST) } else { None }
}
