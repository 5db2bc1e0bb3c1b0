//! Which numbers of a text say how many or how much, of what, and whether at least or at most so many.

use std::ops::Range;

use super::ages::{counts_things, is_age, is_between};
use super::durations::{Period, duration};
use super::money::currency;
use super::names::{Name, name, named_by};
use crate::analyze::is_stop_word;
use crate::verify::numbers::number_at;
use crate::verify::words::Words;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Persons, cases, things.
    Count,
    /// Hundredths.
    Percent,
    /// An amount of money, with what its currency is known by.
    Money(&'static str),
    /// How old somebody is.
    Age,
    /// How long something takes.
    Time(Period),
}

/// On which side of a figure what is meant lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// There, as far as is said.
    None,
    /// There or above.
    Least,
    /// There or below.
    Most,
    /// Above.
    More,
    /// Below, and near it perhaps: `nearly 15`.
    Less,
}

impl Bound {
    /// Whether a figure of this bound may be said of what a source states with another: of an exact one only what that is
    /// within.
    pub fn holds_for(self, stated: Bound) -> bool {
        let side = |bound: Bound| match bound {
            Bound::None => None,
            Bound::Least | Bound::More => Some(true),
            Bound::Most | Bound::Less => Some(false),
        };
        match stated {
            Bound::None => !matches!(self, Bound::More | Bound::Less),
            _ => self == Bound::None || side(self) == side(stated),
        }
    }
}

/// A figure that a text states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its words, by index.
    pub words: Range<usize>,
    /// Its value in digits, as `Number::value`.
    pub value: String,
    /// What it counts.
    pub unit: Unit,
    /// `more than 19`, `at most 19`.
    pub bound: Bound,
}

/// The numbers of a text.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The figures, in order.
    pub figures: Vec<Stated>,
    /// Words that only say what another number names, or its unit of time: `Article`, `June`, `months`.
    pub named_by: Vec<usize>,
}

/// How a number stands in a row with the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joiner {
    Comma,
    /// `12–14`, `12 to 14`.
    Range,
    And,
}

struct Number {
    words: Range<usize>,
    value: String,
    name: Option<Name>,
    unit: Unit,
    /// How it goes on from the number before.
    joiner: Option<Joiner>,
}

/// The numbers of a text: figures, and what names others.
pub fn numbers(words: &Words) -> Numbers {
    let all = row(words);
    let mut numbers = Numbers::default();
    for number in all {
        if let Some(name) = number.name {
            numbers.named_by.extend(named_by(words, &number.words, name));
            continue;
        }
        if matches!(number.unit, Unit::Time(_)) {
            numbers.named_by.extend(duration(words, &number.words).map(|(_, at)| at));
        }
        let bound = bound(words, &number.words);
        let (words, value, unit) = (number.words, number.value, number.unit);
        numbers.figures.push(Stated { words, value, unit, bound });
    }
    numbers
}

/// All numbers, each with what it names, by itself or because its neighbours in a row do.
fn row(words: &Words) -> Vec<Number> {
    let mut all: Vec<Number> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some(number) = number_at(words, at) else {
            at += 1;
            continue;
        };
        let range = at..at + number.length.max(1);
        at = range.end;
        let name = name(words, &range, &number.value);
        let unit = unit(words, &range);
        let before = all.last().map(|before| (&before.words, before.value.as_str()));
        let joiner =
            before.and_then(|before| joiner(words, before, (&range, number.value.as_str())));
        all.push(Number { words: range, value: number.value, name, unit, joiner });
    }
    for at in 1..all.len() {
        let (before, rest) = all.split_at_mut(at);
        if let (Some(before), Some(number)) = (before.last(), rest.first_mut()) {
            go_on(words, before, number);
        }
    }
    for at in (1..all.len()).rev() {
        let (before, rest) = all.split_at_mut(at);
        if let (Some(before), Some(number)) = (before.last_mut(), rest.first()) {
            go_back(before, number);
        }
    }
    all
}

/// What a number has of the one before it.
fn go_on(words: &Words, before: &Number, number: &mut Number) {
    let Some(joiner) = number.joiner.filter(|_| number.name.is_none()) else { return };
    // `Under Article 127, 12 officials`: what counts something begins anew.
    let counts = counts_word(words, &number.words);
    let is_day = number.value.len() <= 2;
    let is_named = match (before.name, joiner) {
        (Some(Name::Label { .. }), Joiner::Range) => true,
        (Some(Name::Label { is_plural }), Joiner::And) => is_plural || !counts,
        (Some(Name::Label { .. }), Joiner::Comma) => !counts,
        (Some(Name::Date), Joiner::Range) => is_day,
        (Some(Name::Date), Joiner::And) => is_day && !counts,
        _ => false,
    };
    if is_named {
        number.name = before.name;
    }
    let may_be_age = matches!(number.unit, Unit::Count | Unit::Time(Period::Year));
    let is_age = before.name.is_none() && before.unit == Unit::Age && may_be_age;
    let goes_on = match joiner {
        Joiner::Range => true,
        Joiner::And => is_between(words, &before.words) || !counts_things(words, &number.words),
        Joiner::Comma => !counts,
    };
    if is_age && goes_on {
        number.unit = Unit::Age;
    }
}

/// What a number has of the one behind it: `1–12 June`, `12 or 14 years old`, `5 to 10 percent`, `18, 24 and 36 months`.
fn go_back(number: &mut Number, after: &Number) {
    if number.name.is_some() || after.joiner.is_none() {
        return;
    }
    if after.name == Some(Name::Date) && number.value.len() <= 2 {
        number.name = after.name;
    }
    let is_time = matches!(after.unit, Unit::Time(_));
    let is_shared = after.name.is_none() && (is_time || after.joiner != Some(Joiner::Comma));
    if is_shared && number.unit == Unit::Count && !matches!(after.unit, Unit::Money(_)) {
        number.unit = after.unit;
    }
}

/// Whether only a comma, a dash or a small word parts a number from the one before it. `age 16 to 6 hours` is no
/// range.
fn joiner(
    words: &Words,
    before: (&Range<usize>, &str),
    number: (&Range<usize>, &str),
) -> Option<Joiner> {
    let (start, end) = (before.0.end, number.0.start);
    let value = |text: &str| text.parse::<f64>().ok();
    let ascends = value(before.1) <= value(number.1);
    let is_blank = |at: usize| words.gap(at).trim().is_empty();
    match end - start {
        0 => match words.gap(end).trim() {
            "," => Some(Joiner::Comma),
            "-" | "–" | "—" | "/" | "‐" | "‑" => Some(Joiner::Range),
            _ => None,
        },
        1 if is_blank(end) => match words.key(start)? {
            "and" | "or" if is_blank(start) || words.gap(start).trim() == "," => Some(Joiner::And),
            "to" | "through" | "until" if is_blank(start) && ascends => Some(Joiner::Range),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a number is followed by what it counts.
pub fn counts_word(words: &Words, number: &Range<usize>) -> bool {
    let is_blank = words.gap(number.end).chars().all(char::is_whitespace);
    let next = words.key(number.end).unwrap_or_default();
    is_blank
        && words.written(number.end).starts_with(char::is_lowercase)
        && !is_stop_word(next)
        && !matches!(next, "and" | "or" | "to")
}

/// The year that a word is, if it is one: four digits, from 1900 to 2099, nothing counted by it.
pub fn year(words: &Words, at: usize) -> Option<i64> {
    let written = words.written(at);
    let is_year = written.len() == 4 && written.bytes().all(|byte| byte.is_ascii_digit());
    let year = written.parse().ok().filter(|year| is_year && (1900..2100).contains(year))?;
    counts(words, &(at..at + 1)).then_some(year)
}

/// Whether a number has no sign of percent or money.
pub fn counts(words: &Words, number: &Range<usize>) -> bool {
    !is_percent(words, number) && currency(words, number).is_none()
}

/// What a number counts, by the signs and words beside it.
fn unit(words: &Words, number: &Range<usize>) -> Unit {
    if is_percent(words, number) {
        return Unit::Percent;
    }
    if let Some(currency) = currency(words, number) {
        return Unit::Money(currency);
    }
    match duration(words, number) {
        None | Some((Period::Year, _)) if is_age(words, number) => Unit::Age,
        Some((period, _)) => Unit::Time(period),
        None => Unit::Count,
    }
}

/// Whether nothing but blanks and hyphens follows a number before the next word.
fn is_near(words: &Words, number: &Range<usize>) -> bool {
    words.gap(number.end).chars().all(|c| c.is_whitespace() || c == '-')
}

fn is_percent(words: &Words, number: &Range<usize>) -> bool {
    let next = |ahead: usize| words.key(number.end + ahead).unwrap_or_default();
    words.gap(number.end).trim_start().starts_with('%')
        || is_near(words, number)
            && (next(0).starts_with("percent") || next(0) == "per" && next(1) == "cent")
}

/// On which side of a figure what is meant lies, by the words around it.
fn bound(words: &Words, number: &Range<usize>) -> Bound {
    let key = |at: Option<usize>| at.and_then(|at| words.key(at)).unwrap_or_default();
    // `under the age of 15`
    let is_of_age = |&at: &usize| matches!(key(Some(at)), "the" | "age" | "ages" | "aged" | "of");
    let start = (0..number.start).rev().find(|at| !is_of_age(at)).map_or(0, |at| at + 1);
    let has_age = (start..number.start).any(|at| key(Some(at)).starts_with("age"));
    let start = if has_age { start } else { number.start };
    let back = |by: usize| key(start.checked_sub(by));
    // `over 5 years` may be as long as that.
    let over = match duration(words, number) {
        Some(_) => Bound::Least,
        None => Bound::More,
    };
    let before = match (back(2), back(1)) {
        (how, "than") => side(how, matches!(back(3), "no" | "not")),
        ("at", how @ ("least" | "most")) => or_there(side(how, false)),
        ("up", "to") | ("maximum", "of") => Bound::Most,
        ("minimum", "of") => Bound::Least,
        ("excess", "of") => Bound::More,
        (not, "exceeding" | "exceed") => side("over", not == "not"),
        // `handed over 60` says what became of them.
        (verb, "over") if is_with_over(verb) => Bound::None,
        (_, "over") => over,
        (_, how @ ("above" | "under" | "below")) => side(how, false),
        (_, "nearly" | "almost") => Bound::Less,
        _ => Bound::None,
    };
    let ahead = |by: usize| key(Some(number.end + by));
    let or = (0..3).find(|&by| ahead(by) == "or");
    let after = or.map_or(Bound::None, |by| or_there(side(ahead(by + 1), false)));
    if before == Bound::None { after } else { before }
}

/// Whether a verb is another one with `over`.
fn is_with_over(verb: &str) -> bool {
    let stems = ["carr", "hand", "turn"];
    let endings = ["", "ed", "ied", "ing", "s", "y", "ying", "ies"];
    let rest = stems.iter().find_map(|stem| verb.strip_prefix(stem));
    rest.is_some_and(|rest| endings.contains(&rest))
        || matches!(verb, "take" | "taken" | "takes" | "taking" | "took")
}

/// The same side, with the figure itself.
fn or_there(bound: Bound) -> Bound {
    match bound {
        Bound::More => Bound::Least,
        Bound::Less => Bound::Most,
        bound => bound,
    }
}

/// The side that a word names, or the other one and the figure where it is denied.
fn side(word: &str, is_denied: bool) -> Bound {
    let side = match word {
        "more" | "greater" | "higher" | "older" | "over" | "above" | "least" => Bound::More,
        "less" | "fewer" | "lower" | "younger" | "under" | "below" | "most" => Bound::Less,
        _ => Bound::None,
    };
    match (side, is_denied) {
        (Bound::More, true) => Bound::Most,
        (Bound::Less, true) => Bound::Least,
        (side, _) => side,
    }
}
