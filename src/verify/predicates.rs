//! Which words of a text say that something is or is done, as far as their forms tell, and which of them turn or limit what is
//! said. Nothing here knows grammar: a word too many makes a quotation `near`, which shows what was left out.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::brackets::is_auxiliary;
use super::words::Words;
use crate::analyze::{Analyzer, is_stop_word};

/// What ends, undoes or keeps away: these in each of their forms.
const TURNING: &str = "abandon abolish absence acquit annul ban cancel cease discontinue dismiss disprove exclude \
    exempt exonerate forbid halt impossible inadequate ineligible insufficient nullify oppose outlaw overturn postpone prohibit \
    quash reject repeal rescind revoke suspend terminate unable unclear unknown unlikely veto";

/// Those of which another form means something else (`bars`, `the end`, `false`, `drop`).
const TURNING_FORMS: [&str; 17] = [
    "barred",
    "blocked",
    "dropped",
    "ended",
    "ending",
    "ends",
    "except",
    "excepting",
    "expired",
    "falsely",
    "lapsed",
    "outside",
    "prevented",
    "stopped",
    "unproven",
    "withdrawn",
    "withdrew",
];

/// Two words that do.
const TURNING_PAIRS: [(&str, &str); 9] = [
    ("apart", "from"),
    ("aside", "from"),
    ("free", "from"),
    ("free", "of"),
    ("instead", "of"),
    ("other", "than"),
    ("rather", "than"),
    ("short", "of"),
    ("yet", "to"),
];

/// What at the beginning of an aside takes back what its sentence says.
const WITHDRAWING: [&str; 14] = [
    "allegedly",
    "apparently",
    "except",
    "excepting",
    "excluding",
    "if",
    "only",
    "possibly",
    "purportedly",
    "reportedly",
    "solely",
    "supposedly",
    "unless",
    "until",
];

const WITHDRAWING_PAIRS: [(&str, &str); 3] =
    [("apart", "from"), ("aside", "from"), ("other", "than")];

/// What makes less sure or less what is said of the words behind it.
const LIMITING: [&str; 48] = [
    "alleged",
    "allegedly",
    "almost",
    "apparent",
    "apparently",
    "attempted",
    "attempting",
    "attempts",
    "claimed",
    "could",
    "if",
    "intended",
    "intends",
    "likely",
    "limited",
    "may",
    "merely",
    "might",
    "mostly",
    "nearly",
    "only",
    "partially",
    "partly",
    "perhaps",
    "planned",
    "plans",
    "possible",
    "possibly",
    "potential",
    "potentially",
    "pretended",
    "probable",
    "probably",
    "proposed",
    "purported",
    "purportedly",
    "reported",
    "reportedly",
    "should",
    "solely",
    "supposed",
    "supposedly",
    "suspected",
    "tried",
    "unless",
    "until",
    "whether",
    "would",
];

const LIMITING_PAIRS: [(&str, &str); 6] = [
    ("as", "many"),
    ("at", "least"),
    ("at", "most"),
    ("fewer", "than"),
    ("less", "than"),
    ("up", "to"),
];

/// Forms of verbs that are hardly anything else and do not end in `-ed`.
const VERBS: [&str; 87] = [
    "address",
    "addresses",
    "allow",
    "allows",
    "appears",
    "applies",
    "apply",
    "became",
    "become",
    "becomes",
    "began",
    "begins",
    "bought",
    "brought",
    "built",
    "caught",
    "chose",
    "consists",
    "contain",
    "contains",
    "continue",
    "continues",
    "covers",
    "defines",
    "depends",
    "did",
    "drew",
    "drove",
    "employs",
    "enables",
    "ensure",
    "ensures",
    "establishes",
    "fell",
    "forces",
    "forms",
    "fought",
    "found",
    "gave",
    "gives",
    "grew",
    "held",
    "helps",
    "include",
    "includes",
    "keeps",
    "kept",
    "knew",
    "led",
    "lost",
    "made",
    "makes",
    "mandates",
    "meets",
    "met",
    "needs",
    "occurs",
    "paid",
    "permit",
    "permits",
    "protects",
    "provide",
    "provides",
    "ran",
    "receive",
    "receives",
    "remain",
    "remains",
    "require",
    "requires",
    "rose",
    "said",
    "says",
    "seeks",
    "sent",
    "serves",
    "sets",
    "sold",
    "sought",
    "spent",
    "stood",
    "takes",
    "taught",
    "told",
    "took",
    "won",
    "wrote",
];

/// Words in `-ed` that are none.
const NO_VERBS: [&str; 14] = [
    "advanced", "armed", "based", "compared", "exceed", "hundred", "indeed", "need", "proceed",
    "related", "seed", "speed", "succeed", "united",
];

const PREPOSITIONS: [&str; 24] = [
    "about", "across", "after", "against", "among", "around", "as", "at", "before", "between",
    "by", "during", "for", "from", "in", "into", "of", "on", "over", "through", "to", "under",
    "with", "within",
];

const DETERMINERS: [&str; 18] = [
    "a", "all", "an", "any", "each", "every", "her", "his", "its", "many", "most", "our", "some",
    "such", "the", "their", "these", "those",
];

/// The terms of [`TURNING`].
static TURNING_TERMS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    Analyzer::default().tokens(TURNING).into_iter().map(|token| token.term).collect()
});

/// Whether a word may be a verb.
pub fn is_verb(words: &Words, at: usize) -> bool {
    words.key(at).is_some_and(has_form_of_verb) && !is_attribute(words, at)
}

/// Whether a word of some that are left out up to `end` turns what is said: `rejected`, `except`. One that is said of a noun turns
/// that only: nothing where the noun is left out with it (`in prohibited work`), but the `suspended` of `a … sentence`.
pub fn turns(words: &Words, at: usize, end: usize) -> bool {
    let key = words.key(at).unwrap_or_default();
    let is_spared = || key == "abandoned" || noun_end(words, at) <= end;
    is_pair(words, at, &TURNING_PAIRS)
        || (TURNING_FORMS.binary_search(&key).is_ok() || is_turning(key))
            && !(is_attribute(words, at) && is_spared())
}

/// Where the words end, among them the noun, before which an attribute stands.
fn noun_end(words: &Words, at: usize) -> usize {
    let is_noun = |&at: &usize| {
        let key = words.key(at).unwrap_or_default();
        words.gap(at).trim().is_empty()
            && !key.is_empty()
            && !is_stop_word(key)
            && !is_preposition(key)
            && !has_form_of_verb(key)
    };
    at + 1 + (at + 1..).take_while(is_noun).count()
}

fn is_turning(key: &str) -> bool {
    let begins = |known: &str| known.as_bytes().first_chunk::<3>() == key.as_bytes().first_chunk();
    // To look for the term of each word takes long.
    key.len() > 2
        && TURNING.split_whitespace().any(begins)
        && TURNING_TERMS.contains(Analyzer::default().term_of(key, &(0..key.len())))
}

fn is_pair(words: &Words, at: usize, pairs: &[(&str, &str)]) -> bool {
    let key = |at: usize| words.key(at).unwrap_or_default();
    pairs.contains(&(key(at), key(at + 1)))
}

/// Whether a word limits what stands behind it: `may`, `alleged`, `up to`.
pub fn limits(words: &Words, at: usize) -> bool {
    words.key(at).is_some_and(|key| LIMITING.binary_search(&key).is_ok())
        || is_pair(words, at, &LIMITING_PAIRS)
}

/// Whether an aside that begins with a word takes something back.
pub fn withdraws(words: &Words, at: usize) -> bool {
    words.key(at).is_some_and(|key| WITHDRAWING.binary_search(&key).is_ok())
        || is_pair(words, at, &WITHDRAWING_PAIRS)
}

fn has_form_of_verb(key: &str) -> bool {
    is_auxiliary(key) && key != "to"
        || VERBS.binary_search(&key).is_ok()
        || key.len() > 4 && key.ends_with("ed") && NO_VERBS.binary_search(&key).is_err()
}

/// Whether a word in `-ed` stands before a noun and is said of it: `the displaced children`, `a state-funded school`.
fn is_attribute(words: &Words, at: usize) -> bool {
    let key = words.key(at).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|before| words.key(before)).unwrap_or_default();
    let next = words.key(at + 1).unwrap_or_default();
    let is_after = is_determiner(before) || is_preposition(before);
    let is_noun_next =
        words.gap(at + 1).trim().is_empty() && !next.is_empty() && !is_stop_word(next);
    let is_bound = at > 0 && matches!(words.gap(at), "-" | "‐" | "‑");
    key.ends_with("ed") && (is_bound || is_after && is_noun_next)
}

/// Whether a verb says by itself of whom it is said: not `be` of `may be`.
pub fn is_finite(key: &str) -> bool {
    !matches!(key, "be" | "been" | "being" | "have" | "having")
}

/// Whether a word stands before a noun and says where, when or of what.
pub fn is_preposition(key: &str) -> bool {
    PREPOSITIONS.binary_search(&key).is_ok()
}

/// Whether a word stands before a noun, and says which: `the`, `each`.
pub fn is_determiner(key: &str) -> bool {
    DETERMINERS.binary_search(&key).is_ok()
}

/// Whether a word joins a clause to the one before it.
pub fn joins_clause(key: &str) -> bool {
    matches!(
        key,
        "and" | "or" | "but" | "nor" | "that" | "which" | "who" | "whom" | "whose" | "while"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        let tables: [&[&str]; 7] = [
            &TURNING_FORMS,
            &WITHDRAWING,
            &LIMITING,
            &VERBS,
            &NO_VERBS,
            &PREPOSITIONS,
            &DETERMINERS,
        ];
        for table in tables {
            assert!(table.is_sorted(), "{table:?}");
        }
        for pairs in [&TURNING_PAIRS[..], &WITHDRAWING_PAIRS, &LIMITING_PAIRS] {
            assert!(pairs.is_sorted(), "{pairs:?}");
        }
        assert!(TURNING.split_whitespace().is_sorted());
    }
}
