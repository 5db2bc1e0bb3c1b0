//! Numbers as numbers: `nineteen` and `19`, `35,000` and `35 thousand`, `third` and `3rd` are the same.

use std::ops::Range;

use super::words::Words;
use crate::analyze::is_stop_word;

/// A number as it is written in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// How many words it has.
    pub length: usize,
    /// Its value in digits, without grouping and needless zeros; `th` behind it for an ordinal.
    pub value: String,
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ORDINAL_UNITS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
/// From twenty on.
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINAL_TENS: [&str; 8] = [
    "twentieth",
    "thirtieth",
    "fortieth",
    "fiftieth",
    "sixtieth",
    "seventieth",
    "eightieth",
    "ninetieth",
];
const SCALES: [(&str, u32); 5] =
    [("hundred", 2), ("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)];

/// One word of a number.
#[derive(Clone, Copy)]
enum Part {
    /// 0 to 19.
    Unit(u128),
    /// 20 to 90.
    Tens(u128),
    /// A power of ten, from hundred on.
    Scale(u32),
}

/// The part that a word is, and whether it is an ordinal, which ends the number.
fn part(word: &str) -> Option<(Part, bool)> {
    let at = |list: &[&str]| list.iter().position(|known| *known == word).map(|at| at as u128);
    let tens = |at: u128| Part::Tens(20 + 10 * at);
    let scale = |name: &str| SCALES.iter().find(|(known, _)| *known == name).map(|&(_, by)| by);
    if let Some(unit) = at(&UNITS) {
        return Some((Part::Unit(unit), false));
    }
    if let Some(unit) = at(&ORDINAL_UNITS) {
        return Some((Part::Unit(unit), true));
    }
    if let Some(at) = at(&TENS) {
        return Some((tens(at), false));
    }
    if let Some(at) = at(&ORDINAL_TENS) {
        return Some((tens(at), true));
    }
    if let Some(by) = scale(word) {
        return Some((Part::Scale(by), false));
    }
    word.strip_suffix("th").and_then(scale).map(|by| (Part::Scale(by), true))
}

/// Whether a word alone is a number, or a part of one that says how many: not `million`.
pub fn is_number_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric())
        || matches!(part(word), Some((Part::Unit(_) | Part::Tens(_), _)))
}

/// Whether a word is a number, a part of one, or has a digit.
pub fn may_be_number(word: &str) -> bool {
    word.contains(|c: char| c.is_numeric()) || part(word).is_some()
}

/// How a value may be written: in digits, with grouped thousands, in a word where it has one.
pub fn forms(value: &str) -> Vec<String> {
    let mut forms = vec![value.to_owned()];
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if whole.len() > 3 {
        let digits: Vec<u8> = whole.bytes().rev().collect();
        let groups: Vec<&[u8]> = digits.chunks(3).collect();
        let grouped: Vec<u8> = groups.join(&b',').into_iter().rev().collect();
        let grouped = String::from_utf8(grouped).unwrap_or_default();
        forms.push(if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") });
    }
    // `1500000` is `1.5 million`.
    for (zeros, digits) in [(3, "thousand"), (6, "million"), (9, "billion")] {
        if fraction.is_empty() && whole.len() > zeros && whole.ends_with("00") {
            let (head, tail) = whole.split_at(whole.len() - zeros);
            let tail = tail.trim_end_matches('0');
            let short = if tail.is_empty() { head.to_owned() } else { format!("{head}.{tail}") };
            forms.push(format!("{short} {digits}"));
        }
    }
    if let Ok(value) = value.parse::<usize>() {
        forms.extend(UNITS.get(value).map(|&word| word.to_owned()));
        let tens = value.checked_sub(20).filter(|over| over % 10 == 0);
        forms.extend(tens.and_then(|over| TENS.get(over / 10)).map(|&word| word.to_owned()));
    }
    forms
}

/// The longest number that begins with a word of a text.
pub fn number_at(words: &Words, at: usize) -> Option<Number> {
    let first = words.key(at)?;
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        return digits_at(words, at, first);
    }
    match part(first)? {
        (Part::Scale(_), _) => None,
        (first, is_ordinal) => Some(spelled_at(words, at, first, is_ordinal)),
    }
}

/// `35,000`, `35 000`, `1.5 million`, `$1.5m`, `3rd`.
fn digits_at(words: &Words, at: usize, first: &str) -> Option<Number> {
    if let Some(number) = short(words, at) {
        return Some(number);
    }
    // `3.1m` that is a length is no 3.
    let is_whole = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
    let is_cut = |key: &str| key.starts_with(|c: char| c.is_ascii_digit()) && !is_whole(key);
    if words.gap(at + 1) == "." && words.key(at + 1).is_some_and(is_cut) {
        return None;
    }
    if let Some(digits) = ["st", "nd", "rd", "th"].iter().find_map(|end| first.strip_suffix(end)) {
        let value = digits.replace(',', "").parse::<u128>().ok()?;
        return Some(Number { length: 1, value: format!("{value}th") });
    }
    let (plain, mut length) = grouped(words, at, first);
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let mut by = 0;
    while words.is_one_number(at + length)
        && let Some(scale) = words.key(at + length).and_then(scale)
    {
        by += scale;
        length += 1;
    }
    Some(Number { length, value: shifted(whole, fraction, by as usize) })
}

/// The power of ten that a word behind digits stands for: `million`, `bn`.
fn scale(word: &str) -> Option<u32> {
    match (part(word), word) {
        (Some((Part::Scale(scale), false)), _) => Some(scale),
        (_, "mn") => Some(6),
        (_, "bn") => Some(9),
        (_, "tn") => Some(12),
        _ => None,
    }
}

/// No number has more groups of three digits behind its first; a row of a table may have thousands.
const MOST_GROUPS: usize = 4;

/// The digits of a number whose thousands a comma or a blank may set off, and how many words it has. A blank that breaks
/// lines does so only where a sign of money stands before the number, or what is counted behind it.
fn grouped(words: &Words, at: usize, first: &str) -> (String, usize) {
    let mut digits = first.replace(',', "");
    let mut length = 1;
    let is_digits = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
    let is_group = |at: usize, is_blank: fn(&str) -> bool| {
        is_blank(words.gap(at))
            && words.key(at).is_some_and(|key| {
                let (whole, fraction) = key.split_once('.').unwrap_or((key, ""));
                whole.len() == 3 && is_digits(whole) && is_digits(fraction)
            })
    };
    if first.len() > 3 || !is_digits(first) {
        return (digits, length);
    }
    let end_of = |is_blank: fn(&str) -> bool| {
        (at + 1..=at + MOST_GROUPS)
            .take_while(|&at| is_group(at, is_blank))
            .last()
            .map_or(at + 1, |last| last + 1)
    };
    let mut end = end_of(|gap| matches!(gap, "\u{A0}" | "\u{2009}" | "\u{202F}"));
    let plain = end_of(|gap| matches!(gap, " " | "\u{A0}" | "\u{2009}" | "\u{202F}"));
    if plain > end && !first.starts_with('0') && is_one(words, at..plain) {
        end = plain;
    }
    while at + length < end && !digits.contains('.') {
        digits.push_str(words.key(at + length).unwrap_or_default());
        length += 1;
    }
    (digits, length)
}

/// Whether groups of digits with plain blanks between are one number, and not cells of a row or a label and a number:
/// a sign of money stands before them, or what is counted behind them, and no number before.
fn is_one(words: &Words, groups: Range<usize>) -> bool {
    let before = groups.start.checked_sub(1).map_or("", |at| words.written(at));
    let is_first = groups.start < 2 || words.gap(groups.start - 1).contains(['.', '!', '?', '\n']);
    let is_apart = !before.ends_with(|c: char| c.is_numeric())
        && (words.gap(groups.start) == " " || groups.start == 0)
        && (is_first || !before.starts_with(char::is_uppercase));
    let next = words.written(groups.end);
    let is_counted = words.gap(groups.end) == " "
        && next.starts_with(char::is_lowercase)
        && !is_stop_word(next)
        && !may_be_number(next);
    words.gap(groups.start).ends_with(is_money) || is_apart && is_counted
}

/// Whether a character is the sign of a currency.
pub(super) fn is_money(c: char) -> bool {
    matches!(c, '$' | '£' | '¥' | '\u{20A0}'..='\u{20CF}')
}

/// `$5m`, `€1.5bn`, `3.1m children`: a letter or two for a power of ten right behind the digits.
fn short(words: &Words, at: usize) -> Option<Number> {
    let first = words.key(at)?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_parted = words.gap(at + 1) == "." && is_digits(first);
    let (whole, last) = match is_parted {
        true => (first, words.key(at + 1)?),
        false => ("", first),
    };
    let scales = [("bn", 9), ("mn", 6), ("tn", 12), ("m", 6), ("k", 3), ("b", 9)];
    let scale = |(end, by): (&'static str, usize)| Some((last.strip_suffix(end)?, end, by));
    let (digits, letter, by) = scales.into_iter().find_map(scale)?;
    let length = 1 + usize::from(is_parted);
    let is_sum = words.gap(at).ends_with(is_money);
    let is_meant = match letter {
        "m" => is_sum || counts(words, at + length),
        "b" => is_sum || is_parted && counts(words, at + length),
        _ => true,
    };
    let digits = digits.replace(',', "");
    let (whole, fraction) = match (is_parted, digits.split_once('.')) {
        (true, _) => (whole, digits.as_str()),
        (false, Some(parts)) => parts,
        (false, None) => (digits.as_str(), ""),
    };
    let is_number = !whole.is_empty() && is_digits(whole) && is_digits(fraction);
    (is_meant && is_number).then(|| Number { length, value: shifted(whole, fraction, by) })
}

/// Whether a word is what `5m` may count, and none that says what a length is of: `5m high`, `5m from the road`.
fn counts(words: &Words, at: usize) -> bool {
    const OF_LENGTHS: [&str; 12] = [
        "apart", "away", "deep", "high", "long", "parts", "race", "radius", "tall", "thick",
        "wide", "x",
    ];
    let next = words.key(at).unwrap_or_default();
    words.gap(at).chars().all(|c| c.is_whitespace() || c == '-')
        && !next.is_empty()
        && !OF_LENGTHS.contains(&next)
        && !is_stop_word(next)
}

/// A number in digits, times so many powers of ten.
fn shifted(whole: &str, fraction: &str, by: usize) -> String {
    let mut fraction = fraction.to_owned();
    while fraction.len() < by {
        fraction.push('0');
    }
    let (moved, rest) = fraction.split_at(by);
    let whole = format!("{whole}{moved}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

/// `nineteen`, `one hundred and five thousand`, `twenty-first`.
fn spelled_at(words: &Words, at: usize, first: Part, is_ordinal: bool) -> Number {
    let (mut done, mut open) = (0u128, 0u128);
    let mut last = first;
    let mut is_ordinal = is_ordinal;
    if let Part::Unit(value) | Part::Tens(value) = first {
        open = value;
    }
    let mut length = 1;
    while !is_ordinal {
        let Some((next, skip, ends)) = next_part(words, at + length, last) else { break };
        match next {
            Part::Unit(value) | Part::Tens(value) => open += value,
            Part::Scale(2) => open = open.saturating_mul(100),
            Part::Scale(by) => {
                done = done.saturating_add(open.saturating_mul(10u128.saturating_pow(by)));
                open = 0;
            }
        }
        (last, is_ordinal) = (next, ends);
        length += skip;
    }
    let value = done.saturating_add(open);
    Number { length, value: format!("{value}{}", if is_ordinal { "th" } else { "" }) }
}

/// The part at a word where it goes on with a number whose last part is `last`: it, how many words it
/// takes (`and five` takes two), and whether it is an ordinal.
fn next_part(words: &Words, at: usize, last: Part) -> Option<(Part, usize, bool)> {
    if !words.is_one_number(at) {
        return None;
    }
    let is_and = words.key(at) == Some("and") && matches!(last, Part::Scale(_));
    let skip = usize::from(is_and);
    if is_and && !words.is_one_number(at + 1) {
        return None;
    }
    let (next, ends) = words.key(at + skip).and_then(part)?;
    let goes_on = match (last, next) {
        (Part::Tens(_), Part::Unit(unit)) => (1..10).contains(&unit),
        (Part::Scale(_), Part::Unit(_) | Part::Tens(_)) => true,
        (Part::Unit(_) | Part::Tens(_), Part::Scale(_)) => true,
        (Part::Scale(2), Part::Scale(by)) => by > 2,
        _ => false,
    };
    // In `between one hundred and five hundred` the second number begins after `and`.
    let begins_another = is_and
        && words.is_one_number(at + 2)
        && matches!(words.key(at + 2).and_then(part), Some((Part::Scale(_), _)));
    (goes_on && !(is_and && matches!(next, Part::Scale(_))) && !begins_another).then_some((
        next,
        1 + skip,
        ends,
    ))
}
