//! Which numbers of a text name something and count nothing: those of sections, laws, pages, notes and items, days,
//! times, periods, surveys, and parts of compounds.

use std::ops::Range;

use super::ages::is_age;
use super::notes::is_note;
use super::stated::{counts, counts_word, year};
use crate::verify::numbers::may_be_number;
use crate::verify::words::Words;

/// What a number names; what stands in a row with it may name the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A section, a law, a page; whether the word before it is a plural: `Articles 125, 126 and 127`.
    Label { is_plural: bool },
    /// A day of a month.
    Date,
    /// Something that has no row.
    Other,
}

/// What stands before a number that counts nothing: `section 5`, `No. 182`, `p. 12`, `tier 2`.
const BEFORE_LABELS: [&str; 107] = [
    "act",
    "acts",
    "agenda",
    "annex",
    "annexes",
    "appendices",
    "appendix",
    "art",
    "article",
    "articles",
    "arts",
    "bill",
    "box",
    "cap",
    "category",
    "ch",
    "chapter",
    "chapters",
    "chart",
    "circular",
    "cl",
    "clause",
    "cls",
    "convention",
    "conventions",
    "decree",
    "decrees",
    "directive",
    "directives",
    "ed",
    "edition",
    "endnote",
    "endnotes",
    "exhibit",
    "fig",
    "figs",
    "figure",
    "figures",
    "fn",
    "footnote",
    "footnotes",
    "goal",
    "grade",
    "grades",
    "ibid",
    "item",
    "items",
    "law",
    "laws",
    "level",
    "line",
    "lines",
    "map",
    "no",
    "nos",
    "note",
    "notes",
    "number",
    "option",
    "order",
    "ordinance",
    "p",
    "page",
    "pages",
    "para",
    "paragraph",
    "paragraphs",
    "paras",
    "part",
    "parts",
    "phase",
    "pp",
    "proclamation",
    "protocol",
    "protocols",
    "question",
    "questions",
    "recommendation",
    "recommendations",
    "regulation",
    "regulations",
    "resolution",
    "resolutions",
    "round",
    "rule",
    "rules",
    "schedule",
    "sdg",
    "sdgs",
    "sec",
    "sect",
    "section",
    "sections",
    "ss",
    "step",
    "steps",
    "subparagraph",
    "subsection",
    "subsections",
    "table",
    "tables",
    "tier",
    "version",
    "vol",
    "vols",
    "volume",
    "wave",
];

/// With a capital, as `may` and `march` are other words without.
const MONTHS: [&str; 23] = [
    "apr",
    "april",
    "aug",
    "august",
    "dec",
    "december",
    "feb",
    "february",
    "jan",
    "january",
    "jul",
    "july",
    "jun",
    "june",
    "mar",
    "march",
    "may",
    "nov",
    "november",
    "oct",
    "october",
    "sept",
    "september",
];

/// French and Spanish, which write them small.
const MONTHS_WRITTEN_SMALL: [&str; 24] = [
    "abril",
    "agosto",
    "août",
    "avril",
    "diciembre",
    "décembre",
    "enero",
    "febrero",
    "février",
    "janvier",
    "juillet",
    "juin",
    "julio",
    "junio",
    "mai",
    "mars",
    "marzo",
    "mayo",
    "noviembre",
    "novembre",
    "octobre",
    "octubre",
    "septembre",
    "septiembre",
];

/// What comes before the length of a period (`the first 6 months`), and what such lengths are of.
const BEFORE_PERIODS: [&str; 9] =
    ["coming", "final", "first", "following", "last", "next", "past", "preceding", "previous"];
const PERIODS: [&str; 12] = [
    "day", "days", "decades", "hours", "month", "months", "quarter", "quarters", "week", "weeks",
    "year", "years",
];

/// Parts of one: `two thirds` counts nothing.
const PARTS: [&str; 10] = [
    "eighths", "fifths", "fourths", "halves", "ninths", "quarters", "sevenths", "sixths", "tenths",
    "thirds",
];

/// What a number names, if it names something. `value` as `Number::value`.
pub fn name(words: &Words, number: &Range<usize>, value: &str) -> Option<Name> {
    let first = number.start;
    let before = first.checked_sub(1);
    if is_labelled(words, first) {
        let key = before.and_then(|at| words.key(at)).unwrap_or_default();
        let is_plural = key == "pp" || key.len() > 2 && key.ends_with('s');
        return Some(Name::Label { is_plural });
    }
    if is_date(words, number, value) {
        return Some(Name::Date);
    }
    let is_one = number.len() == 1;
    let (gap_before, gap_after) = (words.gap(first), words.gap(number.end));
    // `one of them`, `no one`: a pronoun more often than a number.
    let is_pronoun = is_one && words.key(first) == Some("one");
    let is_other = value.ends_with("th")
        || is_one && year(words, first).is_some()
        || is_pronoun
        || is_note(words, number)
        || is_one && is_item(words, first)
        || is_end_of_years(words, first)
        || is_period(words, number)
        || is_time(words, number)
        || is_one && is_of_series(words, first)
        || is_of_title(words, number)
        || is_page_cited(words, first)
        || is_part_of_name(words, number, gap_before, gap_after);
    is_other.then_some(Name::Other)
}

/// The words beside a number that only say what it names.
pub fn named_by(words: &Words, number: &Range<usize>, name: Name) -> Vec<usize> {
    let (before, after) = (number.start.checked_sub(1), Some(number.end));
    let months = [before, after].into_iter().flatten().filter(|&at| is_month(words, Some(at)));
    match name {
        Name::Label { .. } => before.into_iter().collect(),
        Name::Date => months.collect(),
        Name::Other if is_period(words, number) => after.into_iter().collect(),
        Name::Other if number.len() == 1 && is_of_series(words, number.start) => {
            before.into_iter().collect()
        }
        Name::Other => Vec::new(),
    }
}

/// Whether a year is that of a law: `Decree 171/10 of 12 March 2010`, `the Labor Act (2003)`.
pub fn is_of_law(words: &Words, at: usize) -> bool {
    const LAWS: [&str; 14] = [
        "act",
        "bill",
        "code",
        "convention",
        "decree",
        "directive",
        "law",
        "ordinance",
        "proclamation",
        "protocol",
        "recommendation",
        "regulation",
        "regulations",
        "resolution",
    ];
    const MOST_BETWEEN: usize = 6;
    let is_between = |at: &usize| {
        let key = words.key(*at).unwrap_or_default();
        matches!(key, "of" | "dated" | "the" | "no" | "nos")
            || is_month(words, Some(*at))
            || key.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut before = (at.saturating_sub(MOST_BETWEEN)..at).rev().skip_while(is_between);
    let is_law = |at: usize| words.key(at).is_some_and(|key| LAWS.contains(&key));
    let is_apart = |law: usize| {
        let text = words.text.get(words.bytes(law).end..words.bytes(at).start);
        text.is_none_or(|text| text.contains([';', ':', ')']))
    };
    before.next().is_some_and(|law| is_law(law) && !is_apart(law))
}

/// Whether a text ends with the short form of what numbers are named by: `ss.`, `Arts.`.
pub fn ends_with_label(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else { return false };
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    word.len() <= 5 && BEFORE_LABELS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// Whether a word is the name of a month.
pub fn is_month(words: &Words, at: Option<usize>) -> bool {
    let is_number =
        |at: usize| words.key(at).is_some_and(|key| key.starts_with(|c: char| c.is_ascii_digit()));
    at.is_some_and(|at| {
        let is_of = |months: &[&str]| words.key(at).is_some_and(|key| months.contains(&key));
        is_of(&MONTHS) && words.written(at).starts_with(char::is_uppercase)
            || is_of(&MONTHS_WRITTEN_SMALL) && (is_number(at + 1) || at > 0 && is_number(at - 1))
    })
}

/// Whether a number is the label of a section, a law or a table, or stands in a row with one: the last of `Sections 271.20 through
/// 271.70`. It says how something is called, so that `271.2` is another.
pub fn is_label(words: &Words, at: usize) -> bool {
    const MOST_BEFORE: usize = 12;
    let is_joined = |at: usize| {
        let is_small = matches!(words.key(at), Some("and" | "or" | "to" | "through" | "until"));
        is_small || words.key(at).is_some_and(|key| key.starts_with(|c: char| c.is_ascii_digit()))
    };
    let first = (at.saturating_sub(MOST_BEFORE)..at).rev().take_while(|&at| is_joined(at)).last();
    (first.unwrap_or(at)..=at).any(|at| is_labelled(words, at))
}

fn is_labelled(words: &Words, first: usize) -> bool {
    let Some(before) = first.checked_sub(1) else { return false };
    let gap = words.gap(first);
    // `C. 182`, `C 182`, of the International Labour Organization.
    let letter = words.written(before);
    let is_letter = letter.len() == 1
        && letter.starts_with(|c: char| c.is_ascii_uppercase())
        && (gap.trim_end() == "." || gap == " " && !matches!(letter, "A" | "I"));
    let is_near = !gap.contains([',', ';', ':', '(', ')']) && !is_verb(words, before);
    gap.contains(['#', '§', '№', '¶'])
        || is_letter
        || is_near && words.key(before).is_some_and(|key| BEFORE_LABELS.binary_search(&key).is_ok())
}

/// Whether `number` is what somebody does and not a label: `child laborers number 99,999`, `inspectors in Mu number 12`.
fn is_verb(words: &Words, at: usize) -> bool {
    let key = |back: usize| at.checked_sub(back).and_then(|at| words.key(at)).unwrap_or_default();
    let is_name = at > 0 && words.written(at - 1).starts_with(char::is_uppercase);
    let is_subject = key(1).len() > 3 && key(1).ends_with('s') && !key(1).ends_with("ss")
        || matches!(key(1), "children" | "men" | "people" | "they" | "who" | "women")
        || is_name && matches!(key(2), "across" | "at" | "from" | "in" | "of");
    let is_large = words.written(at + 1).contains(',')
        || may_be_number(words.key(at + 2).unwrap_or_default()) && words.is_one_number(at + 2);
    words.written(at) == "number" && (is_subject || is_large)
}

fn is_date(words: &Words, number: &Range<usize>, value: &str) -> bool {
    let is_day = value.len() <= 2;
    let is_near = |at: usize| !words.gap(at).contains([';', ':', '(', ')', '.']);
    let before = number.start.checked_sub(1);
    is_in_digits(words, number)
        || is_day && is_month(words, before) && !words.gap(number.start).contains([',', ';', '('])
        || is_day && is_month(words, Some(number.end)) && is_near(number.end)
        || words.key(number.end) == Some("of") && is_month(words, Some(number.end + 1))
}

/// Whether a number is the day or the month of a date with full stops: `24.01.2017`.
fn is_in_digits(words: &Words, number: &Range<usize>) -> bool {
    let digits = |at: usize| {
        let written = words.written(at);
        written.bytes().all(|byte| byte.is_ascii_digit()).then_some(written.len())
    };
    let is_short = |at: usize| matches!(digits(at), Some(1 | 2));
    let is_day = |at: usize| {
        is_short(at)
            && is_short(at + 1)
            && digits(at + 2) == Some(4)
            && (at + 1..=at + 2).all(|next| words.gap(next) == ".")
    };
    let at = number.start;
    number.len() == 1 && (is_day(at) || at.checked_sub(1).is_some_and(is_day))
}

/// The number of an item: `1. Offenders`, `1) to inspect, 2) to teach`.
fn is_item(words: &Words, at: usize) -> bool {
    let after = words.gap(at + 1);
    if words.written(at).len() > 3 {
        return false;
    }
    at == 0 && after.starts_with(['.', ')', ':'])
        || after.starts_with(')') && open_bracket(words, at).is_none()
}

/// Where the bracket opens that a word stands in.
fn open_bracket(words: &Words, at: usize) -> Option<usize> {
    let before = words.text.get(..words.bytes(at).start)?;
    before
        .rfind(['(', '['])
        .filter(|&open| before.get(open..).is_some_and(|inside| !inside.contains([')', ']'])))
}

/// A page behind a year, in brackets that end there: `(Ministry 2019, 12–14)`, `[2019: 12]`.
fn is_page_cited(words: &Words, at: usize) -> bool {
    let Some(open) = open_bracket(words, at) else { return false };
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | '–' | ' ' | 'f');
    let after = words.text.get(words.bytes(at).end..).unwrap_or_default();
    let closes = after.trim_start_matches(is_part).starts_with([')', ']']);
    let is_parted = |at: usize| matches!(words.gap(at).trim(), "," | ":" | "-" | "–");
    let mut before = at;
    while before > 0 && is_parted(before) && words.bytes(before).start > open {
        before -= 1;
        if year(words, before).is_some() {
            return closes;
        }
    }
    false
}

/// The last figures of a later year: `2013–14`, `2019/20`.
fn is_end_of_years(words: &Words, at: usize) -> bool {
    let is_dash = matches!(words.gap(at), "-" | "–" | "/" | "‐" | "‑");
    is_dash
        && words.written(at).len() == 2
        && at.checked_sub(1).is_some_and(|before| year(words, before).is_some())
}

/// The length of a period that something else tells: `in the last 12 months`.
fn is_period(words: &Words, number: &Range<usize>) -> bool {
    let before = number.start.checked_sub(1).and_then(|at| words.key(at));
    let after = words.key(number.end);
    before.is_some_and(|key| BEFORE_PERIODS.contains(&key))
        && after.is_some_and(|key| PERIODS.contains(&key))
}

/// `10 a.m.`; and what is cited as `22 U.S.C.`.
fn is_time(words: &Words, number: &Range<usize>) -> bool {
    let after = words.written(number.end);
    let bare = after.replace('.', "");
    matches!(bare.as_str(), "am" | "pm" | "AM" | "PM" | "USC" | "CFR") || after == "o’clock"
}

/// A survey, a convention, a plan of a series behind its name: `MICS 4`, `UNSCR 1325`, `Round 6 of`. In `In the DRC
/// 45 …` that is a place.
fn is_of_series(words: &Words, at: usize) -> bool {
    // In cells of tables, which name nothing.
    const CELLS: [&str; 4] = ["none", "total", "unknown", "yes"];
    let Some(before) = at.checked_sub(1) else { return false };
    if words.key(before).is_some_and(|key| CELLS.contains(&key)) {
        return false;
    }
    let written = words.written(before);
    let is_initials = written.len() > 1 && written.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_name = before > 0 && written.starts_with(char::is_uppercase);
    let key = |back: usize| before.checked_sub(back).and_then(|at| words.key(at));
    let is_in = |key: Option<&str>| {
        matches!(key, Some("in" | "of" | "at" | "for" | "from" | "across" | "throughout"))
    };
    let is_place = is_in(key(1)) || key(1) == Some("the") && is_in(key(2));
    let is_short = words.written(at).len() <= 4 && !words.written(at).contains([',', '.']);
    let number = at..at + 1;
    let is_digits = words.written(at).bytes().all(|byte| byte.is_ascii_digit());
    let acts = matches!(
        words.key(at + 1),
        Some("are" | "did" | "do" | "had" | "has" | "have" | "is" | "was" | "were")
    );
    (is_initials || is_name && !counts_word(words, &number))
        && is_digits
        && is_short
        && !is_place
        && !acts
        && words.gap(at) == " "
        && counts(words, &number)
        && !is_age(words, &number)
}

/// A number that is part of a title: the `Twelve Days Against Child Labor` campaign.
fn is_of_title(words: &Words, number: &Range<usize>) -> bool {
    let is_large = |at: usize| words.written(at).starts_with(char::is_uppercase);
    number.start > 0
        && is_large(number.start)
        && is_large(number.end)
        && words.gap(number.end).chars().all(char::is_whitespace)
}

/// Whether a number is joined to what stands beside it: `12:30`, `2019/20`, `three-year`, `C-182`.
fn is_part_of_name(words: &Words, number: &Range<usize>, before: &str, after: &str) -> bool {
    let is_joined =
        |c: Option<char>| c.is_some_and(|c| matches!(c, '/' | ':' | '_' | '=' | '&' | '@'));
    let is_hyphen = |gap: &str| matches!(gap, "-" | "‐" | "‑");
    let next = words.key(number.end).unwrap_or_default();
    let is_blank = after.chars().all(char::is_whitespace) && !after.is_empty();
    is_joined(after.chars().next()) && after.chars().count() == 1
        || is_joined(before.chars().next_back()) && before.chars().count() == 1
        || is_hyphen(after) && !is_range(words, number.end) && !is_years_old(words, number.end)
        || is_hyphen(before) && !is_range(words, number.start)
        || is_blank && PARTS.contains(&next)
}

/// Whether what follows makes a number an age: `14-year-old`.
fn is_years_old(words: &Words, at: usize) -> bool {
    matches!(words.key(at), Some("year" | "years"))
        && matches!(words.key(at + 1), Some("old" | "olds"))
}

/// Whether a hyphen parts two figures of which the second is greater, and is none of a date or the number of a
/// telephone: `ages 5-17`.
fn is_range(words: &Words, at: usize) -> bool {
    let value = |at: usize| words.written(at).replace(',', "").parse::<u64>().ok();
    let is_joined = |at: usize| {
        let gap = words.gap(at);
        gap.chars().count() == 1 && !gap.starts_with([' ', '\n'])
    };
    let Some(before) = at.checked_sub(1) else { return false };
    let ascends = value(before).zip(value(at)).is_some_and(|(from, to)| from < to);
    let is_alone = (before == 0 || !is_joined(before)) && !is_joined(at + 1);
    ascends && is_alone && year(words, before).is_none()
}
