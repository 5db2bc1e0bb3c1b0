//! Which numbers of a text say how many or how much: not years, dates, ordinals, marks of notes, numbers of
//! sections, pages, laws and lists.

use std::ops::Range;

use crate::verify::numbers::number_at;
use crate::verify::words::Words;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Persons, cases, things.
    Count,
    /// Hundredths.
    Percent,
    /// An amount of money, whatever the currency.
    Money,
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
}

/// What stands before a number that counts nothing: `section 5`, `No. 182`, `p. 12`, `tier 2`.
const BEFORE_LABELS: [&str; 59] = [
    "act",
    "age",
    "aged",
    "ages",
    "annex",
    "appendix",
    "art",
    "article",
    "articles",
    "arts",
    "chapter",
    "chapters",
    "clause",
    "convention",
    "conventions",
    "decree",
    "directive",
    "ed",
    "edition",
    "fig",
    "figure",
    "figures",
    "footnote",
    "goal",
    "grade",
    "grades",
    "ibid",
    "item",
    "law",
    "level",
    "line",
    "no",
    "nos",
    "note",
    "notes",
    "number",
    "option",
    "order",
    "p",
    "page",
    "pages",
    "para",
    "paragraph",
    "paragraphs",
    "part",
    "phase",
    "pp",
    "protocol",
    "question",
    "resolution",
    "rule",
    "sdg",
    "sec",
    "section",
    "sections",
    "step",
    "table",
    "tier",
    "vol",
];

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

const CURRENCIES: [&str; 12] = [
    "birr", "dollar", "dollars", "eur", "euro", "euros", "pound", "pounds", "rupees", "rubles",
    "tenge", "usd",
];

/// The figures of a text, in order.
pub fn stated(words: &Words) -> Vec<Stated> {
    let mut figures = Vec::new();
    let mut is_list = false;
    let mut at = 0;
    while at < words.len() {
        let Some(number) = number_at(words, at) else {
            at += 1;
            continue;
        };
        let range = at..at + number.length.max(1);
        at = range.end;
        // `Articles 125, 126 and 127`: what follows a label in a row is one too.
        let is_label = is_labelled(words, &range) || is_list && goes_on(words, range.start);
        is_list = is_label;
        if is_label || is_ordinal(&number.value) || is_no_figure(words, &range, &number.value) {
            continue;
        }
        let unit = unit(words, &range);
        figures.push(Stated { words: range, value: number.value, unit });
    }
    figures
}

/// The year that a word is, if it is one: four digits, from 1900 to 2099, nothing counted by it.
pub fn year(words: &Words, at: usize) -> Option<i64> {
    let written = words.written(at);
    let is_year = written.len() == 4 && written.bytes().all(|byte| byte.is_ascii_digit());
    let year = written.parse().ok().filter(|year| is_year && (1900..2100).contains(year))?;
    (unit(words, &(at..at + 1)) == Unit::Count).then_some(year)
}

fn is_ordinal(value: &str) -> bool {
    value.ends_with("th")
}

/// Whether what stands before a number makes it the name of something.
fn is_labelled(words: &Words, number: &Range<usize>) -> bool {
    let Some(before) = number.start.checked_sub(1) else { return false };
    let gap = words.gap(number.start);
    let is_near = !gap.contains([',', ';', ':', '(', ')']);
    gap.contains(['#', '§', '№'])
        || is_near && words.key(before).is_some_and(|key| BEFORE_LABELS.contains(&key))
}

/// Whether only a comma, a dash or `and` parts a word from the number before it.
fn goes_on(words: &Words, at: usize) -> bool {
    let gap = words.gap(at).trim();
    let is_joined = gap.is_empty() || matches!(gap, "," | "-" | "–" | "/");
    let is_and = |at: usize| matches!(words.key(at), Some("and" | "or" | "to"));
    let before = |back: usize| at.checked_sub(back).and_then(|at| words.key(at));
    let is_number =
        |key: Option<&str>| key.is_some_and(|key| key.starts_with(|c: char| c.is_ascii_digit()));
    is_joined
        && (is_number(before(1)) || at.checked_sub(1).is_some_and(is_and) && is_number(before(2)))
}

/// Whether a number is a year, a date, a time, a mark, the number of an item, or a part of a name.
fn is_no_figure(words: &Words, number: &Range<usize>, value: &str) -> bool {
    let (first, last) = (number.start, number.end - 1);
    let (before, after) = (words.gap(first), words.gap(number.end));
    let is_one = number.len() == 1;
    let is_month = |at: Option<usize>| {
        at.and_then(|at| words.key(at)).is_some_and(|key| MONTHS.contains(&key))
    };
    let is_date = is_month(first.checked_sub(1)) && value.len() <= 2
        || is_month(Some(number.end)) && value.len() <= 2
        || words.key(number.end) == Some("of") && is_month(Some(number.end + 1));
    // `one of them`, `no one`: a pronoun more often than a number.
    let is_pronoun = is_one && words.key(first) == Some("one");
    let is_mark =
        words.marks.iter().any(|mark| mark.words.contains(&first)) || is_listed(words, first);
    let is_item = first == 0
        && is_one
        && words.written(first).len() <= 3
        && after.starts_with(['.', ')', ':']);
    is_one && year(words, first).is_some()
        || is_date
        || is_pronoun
        || is_mark
        || is_item
        || is_part_of_name(before, after, words.written(last))
}

/// Whether a number stands in brackets with nothing but numbers: `(24; 25)` names notes.
fn is_listed(words: &Words, at: usize) -> bool {
    let bytes = words.bytes(at);
    let is_part = |c: &char| c.is_ascii_digit() || matches!(c, ',' | ';' | '-' | '–' | ' ');
    let before = words.text.get(..bytes.start).unwrap_or_default();
    let after = words.text.get(bytes.end..).unwrap_or_default();
    let opens = before.chars().rev().find(|c| !is_part(c));
    let closes = after.chars().find(|c| !is_part(c));
    matches!((opens, closes), (Some('('), Some(')')) | (Some('['), Some(']')))
}

/// Whether a number is joined to what stands beside it: `12:30`, `2019/20`, `14-year-old`, `C-182`.
fn is_part_of_name(before: &str, after: &str, last: &str) -> bool {
    let is_joined =
        |c: Option<char>| c.is_some_and(|c| matches!(c, '/' | ':' | '_' | '=' | '&' | '@'));
    let hyphens = ['-', '‐', '‑'];
    let is_digit = last.ends_with(|c: char| c.is_ascii_digit());
    is_joined(after.chars().next()) && after.chars().count() == 1
        || is_joined(before.chars().next_back()) && before.chars().count() == 1
        || is_digit && (after == "-" || after == "‐" || after == "‑")
        || before.ends_with(hyphens) && before.chars().count() == 1
}

/// What a number counts, by the signs and words beside it.
fn unit(words: &Words, number: &Range<usize>) -> Unit {
    let (before, after) = (words.gap(number.start), words.gap(number.end));
    let next = |ahead: usize| words.key(number.end + ahead).unwrap_or_default();
    let is_near = after.chars().all(|c| c.is_whitespace() || c == '-');
    let is_percent = after.trim_start().starts_with('%')
        || is_near && (next(0).starts_with("percent") || next(0) == "per" && next(1) == "cent");
    let is_money = before.trim_end().ends_with(['$', '€', '£', '¥', '₹'])
        || after.trim_start().starts_with(['$', '€', '£', '¥', '₹'])
        || is_near && (0..2).any(|ahead| CURRENCIES.contains(&next(ahead)))
        || number.start > 0
            && words.key(number.start - 1).is_some_and(|key| CURRENCIES.contains(&key));
    match (is_percent, is_money) {
        (true, _) => Unit::Percent,
        (_, true) => Unit::Money,
        _ => Unit::Count,
    }
}
