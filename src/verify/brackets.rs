//! What words in brackets may stand for in a quotation, so that it still says what its source says: `[its]` for `the
//! government's`, `[the government]` for `it`, `[were]` for `are`, and no noun for another.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::words::{Words, is_remark};
use crate::analyze::is_stop_word;

/// Words that only point at what is named elsewhere, and articles. Sorted.
const POINTING: [&str; 35] = [
    "a", "an", "he", "her", "here", "hers", "him", "his", "i", "it", "its", "me", "my", "our",
    "ours", "she", "such", "that", "the", "their", "theirs", "them", "there", "these", "they",
    "this", "those", "us", "we", "which", "who", "whom", "whose", "you", "your",
];

const ARTICLES: [&str; 3] = ["a", "an", "the"];

/// Verbs that only say when, and `to`. Sorted.
const AUXILIARY: [&str; 19] = [
    "am", "are", "be", "been", "being", "did", "do", "does", "had", "has", "have", "having", "is",
    "shall", "to", "was", "were", "will", "would",
];

/// Words that say how much, how many, how often or how sure: putting one in or taking one away turns what is said. Sorted.
const LIMITS: [&str; 57] = [
    "above",
    "after",
    "all",
    "alleged",
    "allegedly",
    "always",
    "any",
    "before",
    "below",
    "beyond",
    "both",
    "can",
    "could",
    "each",
    "every",
    "except",
    "few",
    "fewer",
    "fewest",
    "frequently",
    "greater",
    "half",
    "higher",
    "least",
    "less",
    "lower",
    "mainly",
    "majority",
    "many",
    "may",
    "might",
    "minority",
    "more",
    "most",
    "mostly",
    "must",
    "occasionally",
    "often",
    "old",
    "older",
    "only",
    "over",
    "partly",
    "possibly",
    "reportedly",
    "several",
    "should",
    "some",
    "sometimes",
    "suspected",
    "than",
    "under",
    "until",
    "usually",
    "within",
    "young",
    "younger",
];

/// A step of a quotation in which words in brackets stand for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What the quotation has, with its brackets.
    pub quoted: String,
    /// What its source has there.
    pub source: String,
}

/// Whether words in brackets may be put in, or stand for these words of the source, as far as their sense goes.
pub fn may_stand_for(
    quote: &Words,
    put_in: &Range<usize>,
    source: &Words,
    replaced: &Range<usize>,
    nearby: &Nearby,
) -> bool {
    let own: Vec<&str> = put_in.clone().filter_map(|at| quote.key(at)).collect();
    let other: Vec<&str> = replaced.clone().filter_map(|at| source.key(at)).collect();
    if limits(&own) != limits(&other) {
        return false;
    }
    let all = |words: &[&str], of: &[&str]| words.iter().all(|word| of.contains(word));
    let has_pronoun = own.iter().any(|word| !ARTICLES.contains(word));
    other.is_empty()
        || all(&other, &POINTING)
        || has_pronoun && all(&own, &POINTING)
        || has_same_stems(&own, &other)
        || is_name_nearby(quote, put_in, nearby, replaced.start)
}

/// Whether words are a name that the source has nearby: `[Ghana’s]` for `the government’s`.
fn is_name_nearby(quote: &Words, name: &Range<usize>, nearby: &Nearby, at: usize) -> bool {
    let is_name =
        |at: usize| quote.written(at).trim_start_matches('[').starts_with(char::is_uppercase);
    let mut says = name.clone().filter(|&at| !quote.key(at).is_none_or(is_joining)).peekable();
    says.peek().is_some()
        && says.all(|word| is_name(word) && quote.key(word).is_some_and(|it| nearby.has(it, at)))
}

/// Whether a word only points or joins.
fn is_joining(key: &str) -> bool {
    is_stop_word(key) || POINTING.contains(&key)
}

/// Where the words of a source stand, whatever their form.
pub struct Nearby(FxHashMap<String, Vec<usize>>);

impl Nearby {
    pub fn of(source: &Words) -> Nearby {
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, key) in source.keys().enumerate() {
            places.entry(stem(key)).or_default().push(at);
        }
        Nearby(places)
    }

    /// Whether a word stands near a place.
    fn has(&self, key: &str, at: usize) -> bool {
        const FARTHEST: usize = 200;
        self.0.get(&stem(key)).is_some_and(|places| {
            let first = places.partition_point(|place| place + FARTHEST < at);
            places.get(first).is_some_and(|place| *place < at + FARTHEST)
        })
    }
}

/// Words in brackets at an end of a quotation, or beside an ellipsis, may stand for what is not quoted there: `[teachers] were
/// beaten` for `Students were beaten`. What they say must then stand nearby, but where the word that is not quoted, given by
/// its index, only points or joins.
pub fn may_stand_beside(
    quote: &Words,
    put_in: &Range<usize>,
    source: &Words,
    beside: usize,
    nearby: &Nearby,
) -> bool {
    let group = quote.skippable(put_in);
    let inside = group.and_then(|it| quote.text.get(it.bytes.start + 1..it.bytes.end - 1));
    if source.key(beside).is_none_or(is_joining) || inside.is_some_and(is_remark) {
        return true;
    }
    let mut own = put_in.clone().filter_map(|at| quote.key(at));
    own.all(|key| is_joining(key) || nearby.has(key, beside))
}

/// The words that set limits, in order; `could` is `can` in the past.
fn limits<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let limits = words.iter().filter(|word| LIMITS.contains(word));
    let mut limits: Vec<&str> = limits
        .map(|word| match *word {
            "could" => "can",
            "might" => "may",
            word => word,
        })
        .collect();
    limits.sort_unstable();
    limits
}

/// Whether both have the same words, each in any form of a verb, beside limits and what only points or says when.
fn has_same_stems(own: &[&str], other: &[&str]) -> bool {
    let says =
        |word: &&&str| ![&POINTING[..], &AUXILIARY, &LIMITS].iter().any(|it| it.contains(word));
    let stems = |words: &[&str]| -> Vec<String> {
        words.iter().filter(says).map(|word| stem(word)).collect()
    };
    stems(own) == stems(other)
}

/// A word without the ending of a verb: `prosecut` of `prosecuted` and `prosecutes`, `stop` of `stopped`.
fn stem(word: &str) -> String {
    const SHORTEST: usize = 2;
    let endings = ["ing", "ed", "es", "e", "s"];
    let word = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    let bare = endings.iter().find_map(|end| word.strip_suffix(end));
    let bare = bare.filter(|bare| bare.chars().count() >= SHORTEST).unwrap_or(word);
    let mut letters: Vec<char> = bare.chars().collect();
    if let [.., before, last] = letters.as_slice()
        && before == last
    {
        letters.pop();
    }
    letters.into_iter().collect()
}
