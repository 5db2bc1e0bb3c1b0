//! Which numbers say how old somebody is.

use std::ops::Range;

use super::stated::counts_word;
use crate::verify::numbers::{is_number_word, may_be_number};
use crate::verify::words::Words;

/// Who has an age.
const PERSONS: [&str; 24] = [
    "adolescents",
    "anyone",
    "boys",
    "child",
    "children",
    "females",
    "girls",
    "individuals",
    "laborers",
    "males",
    "men",
    "minors",
    "people",
    "persons",
    "recruits",
    "students",
    "teenagers",
    "those",
    "victims",
    "women",
    "workers",
    "young",
    "youth",
    "youths",
];

/// `ages 5`, `the age of 15`, `16 years old`, `children under 16`, `children between 5 and 17`, `as young as 13 years`.
pub fn is_age(words: &Words, number: &Range<usize>) -> bool {
    let key = |back: usize| number.start.checked_sub(back).and_then(|at| words.key(at));
    let next = |ahead: usize| words.key(number.end + ahead).unwrap_or_default();
    let is_word = |key: Option<&str>| matches!(key, Some("age" | "aged" | "ages"));
    let is_before = is_word(key(1))
        || matches!(key(1), Some("of" | "between" | "from" | "under" | "over")) && is_word(key(2))
        || matches!((key(2), key(1)), (Some("younger" | "older"), Some("than")))
        || matches!((key(3), key(2), key(1)), (Some("as"), Some("young" | "old"), Some("as")));
    let is_old = matches!(next(1), "old" | "olds")
        || next(1) == "of" && next(2) == "age"
        || matches!(next(1), "and" | "or") && matches!(next(2), "older" | "younger");
    let is_joined = key(1) == Some("to")
        || matches!(words.gap(number.start), "-" | "–") && key(1).is_some_and(may_be_number);
    let is_range = is_joined && matches!(next(0), "yrs" | "yr");
    is_before
        || matches!(next(0), "year" | "years") && is_old
        || is_range
        || is_of_persons(words, number)
}

/// `children under 16`, `boys 16 and older`, `children between 5 and 17`, `children 5 to 14`.
fn is_of_persons(words: &Words, number: &Range<usize>) -> bool {
    let is_person = |back: usize| {
        let key = number.start.checked_sub(back).and_then(|at| words.key(at));
        key.is_some_and(|key| PERSONS.contains(&key))
    };
    let before = number.start.checked_sub(1).and_then(|at| words.key(at)).unwrap_or_default();
    let next = |ahead: usize| words.key(number.end + ahead).unwrap_or_default();
    let is_short = words.written(number.start).len() <= 2 && !counts_things(words, number);
    let is_side =
        |key: &str| matches!(key, "under" | "below" | "over" | "above" | "older" | "younger");
    let goes_on = may_be_number(next(0)) && matches!(words.gap(number.end), "-" | "–")
        || matches!(next(0), "to" | "and") && is_number_word(next(1));
    let is_joined = matches!(next(0), "and" | "or") && is_side(next(1));
    is_short
        && (is_person(2) && (is_side(before) || before == "between" && goes_on)
            || is_person(1) && (is_joined || goes_on && next(0) != "and"))
}

/// Whether what stands before a number is `between`, with the ages that are meant: `between the ages of 5 and 17`.
pub fn is_between(words: &Words, number: &Range<usize>) -> bool {
    let is_of_age =
        |&at: &usize| matches!(words.key(at), Some("the" | "age" | "ages" | "aged" | "of"));
    let before = (0..number.start).rev().find(|at| !is_of_age(at));
    before.is_some_and(|at| words.key(at) == Some("between"))
}

/// Whether a number that nothing beside it tells to be an age may be one: it counts nothing, and its sentence speaks of
/// ages.
pub fn may_be_age(words: &Words, number: &Range<usize>) -> bool {
    let counts_years = matches!(words.key(number.end), Some("year" | "years" | "yr" | "yrs"));
    (counts_years || !counts_word(words, number)) && speaks_of_ages(words)
}

/// Whether a sentence says how old somebody is.
pub fn speaks_of_ages(words: &Words) -> bool {
    const OF_AGES: [&str; 6] = ["age", "aged", "ages", "old", "older", "younger"];
    words.keys().any(|key| OF_AGES.contains(&key))
}

/// Whether a number is followed by things or persons, in the plural; years are none.
pub fn counts_things(words: &Words, number: &Range<usize>) -> bool {
    let is_blank = words.gap(number.end).chars().all(char::is_whitespace);
    let next = words.key(number.end).unwrap_or_default();
    let is_plural =
        next.len() > 3 && next.ends_with('s') && !next.ends_with("ss") || PERSONS.contains(&next);
    is_blank
        && is_plural
        && !matches!(next, "years" | "those" | "young")
        && words.written(number.end).starts_with(char::is_lowercase)
}
