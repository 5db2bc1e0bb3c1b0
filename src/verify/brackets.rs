//! What words in brackets may stand for in a quotation, so that it still says what its source says: another form of the same
//! words (`[prosecuted]` for `prosecutes`, not for `will prosecute`), a pronoun or determiner for what it points at and back
//! (`[its]` for `the government's`, `[the government]` for `it`), a name of the same passage for a pronoun, and small words
//! that are put in where nothing is left out. Anything else may say something else, so that it is no quotation.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::negation::denies;
use super::numbers::may_be_number;
use super::words::{Words, is_remark};
use crate::analyze::is_stop_word;
use crate::countries::{mentions, without_possessive};

/// Words that stand for what is named elsewhere, by themselves.
const PRONOUNS: [&str; 17] = [
    "he", "hers", "him", "i", "it", "me", "ours", "she", "theirs", "them", "they", "us", "we",
    "which", "who", "whom", "you",
];

/// Words that stand before a noun and only point at it.
const DETERMINERS: [&str; 9] = ["a", "an", "its", "my", "our", "the", "their", "whose", "your"];

/// Words that may be either.
const EITHER: [&str; 6] = ["her", "his", "that", "these", "this", "those"];

const ARTICLES: [&str; 3] = ["a", "an", "the"];

/// Verbs that say whether something is so, and `to`, by which it is only meant to be.
const MOODS: [&str; 10] =
    ["can", "could", "may", "might", "must", "shall", "should", "to", "will", "would"];

/// Forms of `be`: without a form in `-ing` they make who does something the one to whom it is done.
const BEING: [&str; 8] = ["am", "are", "be", "been", "being", "is", "was", "were"];

/// Verbs that only say when.
const TIMES: [&str; 7] = ["did", "do", "does", "had", "has", "have", "having"];

/// Words that add something to a noun, or take something from it.
const JOINING: [&str; 8] = ["and", "but", "except", "later", "nor", "or", "then", "without"];

/// Words that may be put in where nothing is left out.
const PUT_IN: [&str; 12] =
    ["a", "an", "of", "that", "the", "these", "this", "those", "to", "which", "who", "whom"];

/// Words that say how much, how many, how often or how sure: putting one in or taking one away turns what is said.
pub const LIMITS: [&str; 66] = [
    "about",
    "above",
    "after",
    "all",
    "alleged",
    "allegedly",
    "almost",
    "always",
    "any",
    "approximately",
    "around",
    "before",
    "below",
    "beyond",
    "both",
    "each",
    "every",
    "exactly",
    "exceeding",
    "except",
    "few",
    "fewer",
    "fewest",
    "formerly",
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
    "maximum",
    "minimum",
    "minority",
    "more",
    "most",
    "mostly",
    "nearly",
    "occasionally",
    "often",
    "old",
    "older",
    "only",
    "over",
    "partly",
    "possibly",
    "purportedly",
    "reportedly",
    "roughly",
    "several",
    "some",
    "sometimes",
    "supposedly",
    "suspected",
    "than",
    "twice",
    "under",
    "until",
    "up",
    "usually",
    "within",
    "young",
    "younger",
];

/// A noun with what belongs to it has at most so many words.
const LONGEST_NOUN: usize = 4;

/// A step of a quotation in which words in brackets stand for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What the quotation has, with its brackets.
    pub quoted: String,
    /// What its source has there.
    pub source: String,
}

/// Some words of a text.
struct Part<'w> {
    words: &'w Words,
    range: Range<usize>,
}

/// Whether words in brackets may stand for these words of the source, which are some.
pub fn may_stand_for(
    quote: &Words,
    put_in: &Range<usize>,
    source: &Words,
    replaced: &Range<usize>,
    nearby: &Nearby,
) -> bool {
    let own = Part { words: quote, range: put_in.clone() };
    let other = Part { words: source, range: replaced.clone() };
    let is_named = || own.has_no_name() || nearby.names(&own, source, replaced.start);
    !other.range.is_empty()
        && own.all_of(&LIMITS) == other.all_of(&LIMITS)
        && (own.is_form_of(&other)
            || own.only_points() && other.only_points()
            || own.may_point_at(&other, quote.key(put_in.end))
            || other.may_point_at(&own, source.key(replaced.end)) && is_named())
}

/// Whether words in brackets may be put in before a word of the source of which nothing is left out: remarks, and small
/// words that set no limit and turn no verb.
pub fn may_be_put_in(quote: &Words, put_in: &Range<usize>, source: &Words, at: usize) -> bool {
    let group = quote.skippable(put_in);
    let inside = group.and_then(|it| quote.text.get(it.bytes.start + 1..it.bytes.end - 1));
    if inside.is_some_and(is_remark) {
        return true;
    }
    let next = source.key(at).unwrap_or_default();
    let is_going_on = next.ends_with("ing");
    let own = Part { words: quote, range: put_in.clone() };
    // `[a] few`, `stopped [to] work`
    let turns = denies(source, at)
        || at.checked_sub(1).is_some_and(|before| denies(source, before))
        || LIMITS.contains(&next)
        || own.keys().any(|key| matches!(key, "a" | "an")) && may_be_number(next);
    let is_small = |key: &str| {
        PUT_IN.contains(&key) || is_going_on && (BEING.contains(&key) || TIMES.contains(&key))
    };
    !turns && own.keys().all(is_small)
}

/// Whether a word is a verb that goes with another: at the beginning of a quotation it belongs to what is replaced.
pub fn is_auxiliary(key: &str) -> bool {
    MOODS.contains(&key) || BEING.contains(&key) || TIMES.contains(&key)
}

fn is_pointing(key: &str) -> bool {
    PRONOUNS.contains(&key) || DETERMINERS.contains(&key) || EITHER.contains(&key)
}

impl Part<'_> {
    fn keys(&self) -> impl Iterator<Item = &str> {
        self.range.clone().filter_map(|at| self.words.key(at))
    }

    /// Those of its words that are in a list, in order of the alphabet.
    fn all_of(&self, list: &[&str]) -> Vec<&str> {
        let mut found: Vec<&str> = self.keys().filter(|key| list.contains(key)).collect();
        found.sort_unstable();
        found
    }

    fn only_points(&self) -> bool {
        self.keys().all(is_pointing)
    }

    /// Whether something is done to what the verb is said of, as far as a form of `be` tells.
    fn is_passive(&self) -> bool {
        let is_active = |key: &str| key.ends_with("ing") && !is_auxiliary(key);
        self.keys().any(|key| BEING.contains(&key)) && !self.keys().any(is_active)
    }

    /// Whether it has a verb of one ending and none that goes with it: `abusing` and `abused` are said of different persons.
    fn is_bare(&self, ending: &str) -> bool {
        !self.keys().any(is_auxiliary) && self.keys().any(|key| key.ends_with(ending))
    }

    /// Whether both have the same words in any form, of one mood and one voice.
    fn is_form_of(&self, other: &Part) -> bool {
        let turns = |one: &Part, other: &Part| one.is_bare("ing") && other.is_bare("ed");
        self.stems() == other.stems()
            && self.all_of(&MOODS) == other.all_of(&MOODS)
            && self.is_passive() == other.is_passive()
            && !turns(self, other)
            && !turns(other, self)
            && self.only_points() == other.only_points()
    }

    /// Its words without their endings, beside articles and verbs that say when; one pronoun is as good as another.
    fn stems(&self) -> Vec<String> {
        let says = |key: &&str| !ARTICLES.contains(key) && !is_auxiliary(key);
        let plain = |key: &str| if is_pointing(key) { "*".to_owned() } else { stem(key) };
        self.keys().filter(says).map(plain).collect()
    }

    /// Whether these words only point, and others are what they may point at. One that stands before a noun points at
    /// whose that is; `next` is the word behind it.
    fn may_point_at(&self, noun: &Part, next: Option<&str>) -> bool {
        let Some(last) = self.keys().last().filter(|_| self.only_points()) else { return false };
        let is_alone = PRONOUNS.contains(&last)
            || EITHER.contains(&last)
                && next.is_none_or(|next| is_stop_word(next) || is_pointing(next));
        noun.is_noun() && (is_alone || noun.is_possessive())
    }

    fn is_possessive(&self) -> bool {
        self.keys().last().is_some_and(|key| {
            ["'s", "’s"].iter().any(|end| key.ends_with(end)) || {
                let after = self.words.gap(self.range.end);
                key.ends_with('s') && after.starts_with(['\'', '’'])
            }
        })
    }

    /// Whether it may be a noun with what belongs to it, and says nothing besides.
    fn is_noun(&self) -> bool {
        let is_more = |key: &str| {
            is_auxiliary(key)
                || JOINING.contains(&key)
                || LIMITS.contains(&key)
                || may_be_number(key)
                || key.ends_with("ly")
        };
        let is_first = |at: usize| {
            let before = self.words.key(at.wrapping_sub(1)).unwrap_or_default();
            at == self.range.start || matches!(before, "at" | "for" | "from" | "in" | "of")
        };
        let points_within =
            |at: usize| self.words.key(at).is_some_and(is_pointing) && !is_first(at);
        let last = self.keys().last().unwrap_or_default();
        !self.range.is_empty()
            && self.range.len() <= LONGEST_NOUN
            && !is_stop_word(last)
            && !is_pointing(last)
            && !self.keys().any(is_more)
            && !self.range.clone().any(|at| denies(self.words, at) || points_within(at))
    }

    /// Whether no word but a first article or preposition has a capital.
    fn has_no_name(&self) -> bool {
        !self.range.clone().any(|at| is_capital(self.words, at))
    }
}

/// Whether a word that says something has a capital.
fn is_capital(words: &Words, at: usize) -> bool {
    words.written(at).trim_start_matches('[').starts_with(char::is_uppercase)
        && !words.key(at).is_some_and(|key| is_stop_word(key) || is_pointing(key))
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

    /// Where a word stands near a place; so many are looked at.
    fn places(&self, key: &str, at: usize) -> impl Iterator<Item = usize> {
        const FARTHEST: usize = 200;
        const MOST: usize = 32;
        let places = self.0.get(&stem(key)).map(Vec::as_slice).unwrap_or_default();
        let first = places.partition_point(|place| place + FARTHEST < at);
        let near = places.get(first..).unwrap_or_default().iter().copied();
        near.take_while(move |place| *place < at + FARTHEST).take(MOST)
    }

    /// Whether words with capitals are a whole name that the source has near a place, or nouns that it has there without:
    /// `Lebanese` is no name, nor is a piece of one.
    fn names(&self, part: &Part, source: &Words, at: usize) -> bool {
        let mut capitals = part.range.clone().filter(|&at| is_capital(part.words, at));
        let is_noun = |word: usize| {
            let key = part.words.key(word).unwrap_or_default();
            self.places(key, at).any(|place| !is_capital(source, place))
        };
        let Some(first) = capitals.next() else { return true };
        let written = part.words.text.get(part.words.span(&part.range)).unwrap_or_default();
        let is_adjective = mentions(written).iter().any(|it| it.is_adjective);
        let name = first..part.range.end;
        let is_whole = |place: usize| is_whole_name(part.words, &name, source, place);
        let key = part.words.key(first).unwrap_or_default();
        is_noun(first) && capitals.all(is_noun)
            || !is_adjective && self.places(key, at).any(is_whole)
    }
}

/// Whether a name stands at a place of the source, and no longer one there.
fn is_whole_name(own: &Words, name: &Range<usize>, source: &Words, place: usize) -> bool {
    let end = place + name.len();
    let is_same = |(own_at, at): (usize, usize)| {
        own.key(own_at).map(without_possessive) == source.key(at).map(without_possessive)
    };
    let is_blank = |at: usize| source.gap(at).chars().all(char::is_whitespace);
    let goes_on = end < source.len() && is_blank(end) && is_capital(source, end);
    let before = place.checked_sub(1).filter(|_| is_blank(place));
    let is_same = name.clone().zip(place..end).all(is_same);
    // `Border guards` begins a sentence: nothing tells that the first is a name.
    let is_first = place == 0 || source.gap(place).contains(['.', '!', '?', '\n']);
    let is_alone = || {
        let next = source.key(end).unwrap_or_default();
        !is_blank(end) || is_stop_word(next) || is_auxiliary(next) || name.len() > 1
    };
    let is_ended = ends_possessive(source.key(end - 1));
    let is_whole = is_ended || !goes_on && (!is_first || is_alone());
    is_same
        && is_whole
        && is_capital(source, place)
        && !before.is_some_and(|at| is_capital(source, at))
}

fn ends_possessive(key: Option<&str>) -> bool {
    key.is_some_and(|key| without_possessive(key) != key)
}

/// A word without the ending of a verb: `prosecut` of `prosecuted` and `prosecutes`, `stop` of `stopped`.
fn stem(word: &str) -> String {
    const SHORTEST: usize = 2;
    let endings = ["ing", "ed", "es", "e", "s"];
    let word = without_possessive(word);
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
