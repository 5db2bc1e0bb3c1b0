//! Which numbers say how long something takes, and in which unit.

use std::ops::Range;

use super::ages::speaks_of_ages;
use super::spelling::american;
use super::stated::counts_word;
use crate::verify::words::Words;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
}

/// What may stand between a number and the unit: `90 working days`.
const BETWEEN: [&str; 14] = [
    "academic",
    "additional",
    "business",
    "calendar",
    "consecutive",
    "credit",
    "full",
    "instructional",
    "more",
    "school",
    "teaching",
    "training",
    "uninterrupted",
    "working",
];

/// The unit of the time that a number says, and the word that names it: `80 months`, `90 working days`.
pub fn duration(words: &Words, number: &Range<usize>) -> Option<(Period, usize)> {
    let is_near = |at: usize| words.gap(at).chars().all(|c| c.is_whitespace() || c == '-');
    let key = |at: usize| words.key(at).filter(|_| is_near(at)).unwrap_or_default();
    let at = number.end + usize::from(BETWEEN.contains(&key(number.end)));
    let period = named(key(at))?;
    // `12 day laborers`, `2 day schools`
    const OF_DAYS: [&str; 6] = ["car", "center", "labor", "nurser", "school", "worker"];
    let is_of_day =
        key(at) == "day" && OF_DAYS.iter().any(|start| american(key(at + 1)).starts_with(start));
    (is_near(number.end) && !is_of_day).then_some((period, at))
}

fn named(key: &str) -> Option<Period> {
    match key {
        "year" | "years" | "yr" | "yrs" => Some(Period::Year),
        "month" | "months" => Some(Period::Month),
        "week" | "weeks" => Some(Period::Week),
        "day" | "days" => Some(Period::Day),
        "hour" | "hours" => Some(Period::Hour),
        "minute" | "minutes" => Some(Period::Minute),
        _ => None,
    }
}

/// Whether both say the same time: 24 months are 2 years.
pub fn is_as_long(one: (&str, Period), other: (&str, Period)) -> bool {
    const MONTHS_OF_YEAR: f64 = 12.0;
    let months = |(value, period): (&str, Period)| match period {
        Period::Year => value.parse::<f64>().ok().map(|years| years * MONTHS_OF_YEAR),
        Period::Month => value.parse::<f64>().ok(),
        _ => None,
    };
    one == other || months(one).is_some_and(|time| months(other) == Some(time))
}

/// Whether a number that nothing beside it tells to be a time may be one: it counts nothing, and its sentence has the
/// unit (`sentences of 18, 24, and 36 months`) or speaks of ages (`the minimum age is 16`).
pub fn may_be_time(words: &Words, number: &Range<usize>, period: Period) -> bool {
    let has_unit = words.keys().any(|key| named(key) == Some(period));
    !counts_word(words, number) && (has_unit || period == Period::Year && speaks_of_ages(words))
}
