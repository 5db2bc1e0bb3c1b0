//! The values that filters ask for: which of the index they mean, and what is said where they mean none.

use std::collections::BTreeSet;

use super::Searcher;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::query::{
    AskedWord, Fields, Filter, FilterValue, Query, TextField, edit_distance, fold_value,
};

/// So many values are named.
const MOST_NAMED: usize = 5;

/// A value is meant that begins with so many of the same letters, or half of what was typed.
const FEWEST_ALIKE: usize = 4;

/// A value of fewer bytes that is a letter apart is another one.
const SHORTEST_SLIP: usize = 5;

/// What becomes of a value.
#[derive(PartialEq)]
enum Meant {
    /// It is one.
    Itself,
    /// Values of several words have it.
    Word,
    /// Nothing has it.
    Nothing,
}

impl<E: Engine> Searcher<E> {
    /// Looks up the values of all filters. One that is a word of values, and none itself, means these; what is said of
    /// others is added to the notes.
    pub(super) fn with_known_values(&self, mut query: Query) -> Result<Query> {
        let (mut asked, mut notes) = (Vec::new(), Vec::new());
        let mut unknown = 0;
        query.clause.visit_filters(&mut |filter| {
            let field = filter.field.clone();
            notes.extend(self.call_countries(filter)?);
            for value in &mut filter.values {
                let meant = match value {
                    FilterValue::Is(value) => self.meant(&field, value)?,
                    FilterValue::Years(..) if !self.has_value(&field, value)? => Meant::Nothing,
                    FilterValue::Years(..) | FilterValue::HasWord(_) => Meant::Itself,
                };
                if meant == Meant::Nothing {
                    unknown += 1;
                    if unknown <= MOST_NAMED && !query.until.is_over() {
                        notes.push(self.unknown_value(&field, value)?);
                    }
                } else if let FilterValue::Is(typed) = value {
                    let typed = typed.clone();
                    if meant == Meant::Word {
                        *value = FilterValue::HasWord(typed.clone());
                    }
                    asked.push((field.clone(), typed));
                }
            }
            Ok::<(), Error>(())
        })?;
        if unknown > MOST_NAMED {
            notes.push(format!("nothing has {} more of these values", unknown - MOST_NAMED));
        }
        notes.extend(self.left_out(&asked)?);
        query.notes.extend(notes);
        Ok(query)
    }

    /// What is said of each field of which one value is asked for. Who asks for several tells them apart; numbers and names of
    /// files are what they are, and `en` has `en-US`.
    fn left_out(&self, asked: &[(String, String)]) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        for (field, value) in asked {
            let is_only = asked.iter().filter(|(other, _)| other == field).count() == 1;
            let is_name = !matches!(field.as_str(), "doc" | "lang");
            if is_only && is_name && value.contains(char::is_alphabetic) {
                notes.extend(self.alone(field, value)?);
            }
        }
        Ok(notes)
    }

    /// Puts all that metadata call a country in the place of one of its names, whether that is one of these (`Gambia` beside
    /// `Gambia, The`) or another (`Myanmar`, `DR Congo`), and says so.
    fn call_countries(&self, filter: &mut Filter) -> Result<Vec<String>> {
        let (field, mut notes) = (filter.field.clone(), Vec::new());
        if field != "country" {
            return Ok(notes);
        }
        let mut values = Vec::with_capacity(filter.values.len());
        for value in std::mem::take(&mut filter.values) {
            let called = match &value {
                FilterValue::Is(typed) => self.called(&field, typed, &mut notes)?,
                _ => Vec::new(),
            };
            match called.is_empty() {
                true => values.push(value),
                false => values.extend(called.into_iter().map(FilterValue::Is)),
            }
        }
        filter.values = values;
        Ok(notes)
    }

    /// What metadata call a country that was typed so, and what is said of that; nothing where that is nothing else.
    fn called(&self, field: &str, typed: &str, notes: &mut Vec<String>) -> Result<Vec<String>> {
        let meant = self.meant(field, typed)?;
        let called = match meant {
            Meant::Word => Vec::new(),
            Meant::Itself | Meant::Nothing => self.names(field)?.of_country(typed),
        };
        let others: Vec<&str> =
            called.iter().map(String::as_str).filter(|value| *value != typed).collect();
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let is = if meant == Meant::Itself { "is also" } else { "is" };
        notes.push(format!("{} {is} {}", written(field, typed), all_written(field, &others)));
        Ok(called)
    }

    fn meant(&self, field: &str, asked: &str) -> Result<Meant> {
        let has =
            |value: fn(String) -> FilterValue| self.has_value(field, &value(asked.to_owned()));
        Ok(match (has(FilterValue::Is)?, has(FilterValue::HasWord)?) {
            (true, _) => Meant::Itself,
            (false, true) => Meant::Word,
            (false, false) => Meant::Nothing,
        })
    }

    fn has_value(&self, field: &str, value: &FilterValue) -> Result<bool> {
        self.engine.has(&Filter { field: field.to_owned(), values: vec![value.clone()] })
    }

    /// What is said where a value is one, and others have its words or are a slip or a blank away from it: reports write one
    /// country in several ways. The same where values are meant that have it as a word.
    fn alone(&self, field: &str, asked: &str) -> Result<Option<String>> {
        let values = self.engine.values(field)?;
        let has = |value: &str| format!(" {value} ").contains(&format!(" {asked} "));
        let (meant, others): (Vec<&String>, Vec<&String>) =
            match values.iter().any(|it| it == asked) {
                true => values.iter().partition(|value| *value == asked),
                false => values.iter().partition(|value| has(value)),
            };
        // Each is held against each of these.
        let few = meant.get(..).filter(|meant| meant.len() <= MOST_NAMED).unwrap_or_default();
        let is_other =
            |value: &&String| has(value) || few.iter().any(|meant| is_spelled_nearly(value, meant));
        let others: Vec<&str> =
            others.into_iter().filter(is_other).take(MOST_NAMED).map(String::as_str).collect();
        let alone = || {
            format!("{} alone is meant, not {}", written(field, asked), all_written(field, &others))
        };
        Ok((!others.is_empty()).then(alone))
    }

    /// What is said of a section whose name no heading has.
    pub(super) fn unknown_section(&self, section: &Query, name: &str) -> Result<Option<String>> {
        let vocabulary = self.engine.vocabulary();
        for word in &section.words {
            if vocabulary.passages_with(word.field, &word.term)? > 0 {
                continue;
            }
            return self.no_heading_has(word, name).map(Some);
        }
        Ok(None)
    }

    /// What is said of words of an expanded query that are asked of titles and headings, and stand in none.
    pub(super) fn unknown_in_headings(&self, query: &Query) -> Result<Vec<String>> {
        let unknown = query.words.iter().filter(|word| !word.is_known);
        let told = unknown.filter_map(|word| match word.field {
            TextField::Main => None,
            TextField::Title => Some(Ok(format!("no title has the word `{}`", word.written))),
            TextField::Heading => Some(self.no_heading_has(word, &word.written)),
        });
        told.collect()
    }

    /// `name`: of the section that was asked for.
    fn no_heading_has(&self, word: &AskedWord, name: &str) -> Result<String> {
        let role = fold_value(name);
        let hint = match self.has_value("role", &FilterValue::Is(role.clone()))? {
            true => format!("; sections of that kind are {}", written("role", &role)),
            false => String::new(),
        };
        Ok(format!("no heading has the word `{}`{hint}", word.written))
    }

    fn unknown_value(&self, field: &str, asked: &FilterValue) -> Result<String> {
        let FilterValue::Is(asked) = asked else { return self.unknown_years(asked) };
        let values = self.engine.values(field)?;
        let near = near_values(&values, asked);
        let nothing = format!("nothing has {}", written(field, asked));
        Ok(match near.as_slice() {
            [] if values.len() <= MOST_NAMED && !values.is_empty() => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                format!("{nothing}; there is {}", all_written(field, &values))
            }
            [] => nothing,
            near => format!("{nothing}; did you mean {}?", all_written(field, near)),
        })
    }

    fn unknown_years(&self, asked: &FilterValue) -> Result<String> {
        let mut years: Vec<i64> =
            self.engine.values("year")?.iter().filter_map(|year| year.parse().ok()).collect();
        years.sort_unstable();
        let filter = Filter { field: "year".to_owned(), values: vec![asked.clone()] };
        Ok(match years.is_empty() {
            false => format!("nothing has `{filter}`; the years are {}", spans(&years)),
            true => format!("nothing has `{filter}`: no report has a year"),
        })
    }
}

/// Years in order, those that follow one another as a span: `2013-2014, 2016, 2019-2021`.
pub fn spans(years: &[i64]) -> String {
    let follows = |one: &i64, next: &i64| *next <= *one + 1;
    let spans = years.chunk_by(follows).filter_map(|span| match span {
        [first, .., last] if first < last => Some(format!("{first}-{last}")),
        [first, ..] => Some(first.to_string()),
        [] => None,
    });
    spans.collect::<Vec<_>>().join(", ")
}

/// Whether two values are the same but for blanks, `and` and `the`, or long enough and a slip apart behind the first letter.
fn is_spelled_nearly(one: &str, other: &str) -> bool {
    let letters = |value: &str| -> String {
        value.split(' ').filter(|word| !matches!(*word, "and" | "the" | "of")).collect()
    };
    let is_long = one.len().min(other.len()) >= SHORTEST_SLIP;
    letters(one) == letters(other) || is_long && is_slip(one, other)
}

/// Whether one has a letter more than the other, or another vowel in its place (`Yeman`; `Ireland` is not Iceland), behind the
/// first letter. In linear time, as all values are asked.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) =
        (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    let is_vowel = |letter: &char| "aeiouy".contains(*letter);
    let has_more = long.get(1..) == Some(short);
    let has_another = long.get(1..).is_some()
        && long.get(1..) == short.get(1..)
        && long.first().is_some_and(is_vowel)
        && short.first().is_some_and(is_vowel);
    same > 0 && (has_more || has_another)
}

fn all_written(field: &str, values: &[&str]) -> String {
    let written: Vec<String> = values.iter().map(|value| written(field, value)).collect();
    written.join(", ")
}

/// A filter as it is typed.
fn written(field: &str, value: &str) -> String {
    let values = vec![FilterValue::Is(value.to_owned())];
    format!("`{}`", Filter { field: field.to_owned(), values })
}

/// The values that may be meant: those that have what was typed; else those of the same words (`Gambia, The`); else those
/// that begin like it; else those spelled nearly so.
fn near_values<'v>(values: &'v [String], asked: &str) -> Vec<&'v str> {
    let length = asked.chars().count();
    let alike = |value: &str| value.chars().zip(asked.chars()).take_while(|(a, b)| a == b).count();
    let has = |value: &&str| value.contains(asked);
    let begins = |value: &&str| alike(value) >= FEWEST_ALIKE.max(length.div_ceil(2));
    let most = (length / 3).max(1);
    // The difference in length is the least that it can be, and known at once.
    let is_near = |value: &&str| {
        value.chars().count().abs_diff(length) <= most && edit_distance(value, asked) <= most
    };
    let words = |value: &str| -> BTreeSet<String> {
        let words = value.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let own = words(asked);
    let is_turned = |value: &&str| words(value) == own;
    let kinds: [&dyn Fn(&&str) -> bool; 4] = [&has, &is_turned, &begins, &is_near];
    let named = kinds.into_iter().map(|is_meant| {
        let mut meant: Vec<&str> = values.iter().map(String::as_str).filter(is_meant).collect();
        meant.sort_by_key(|value| edit_distance(value, asked));
        meant.truncate(MOST_NAMED);
        meant
    });
    named.into_iter().find(|meant| !meant.is_empty()).unwrap_or_default()
}

/// Says what of a filter is none: a name that is no field, or words beside the fields.
pub(super) fn no_filter(filter: &Query, fields: &Fields) -> Error {
    let beside = filter.words.iter().filter(|word| word.field == TextField::Main);
    let beside: Vec<&str> = beside.map(|word| word.written.as_str()).collect();
    for name in &beside {
        if let Some(at) = filter.text.find(&format!("{name}:")) {
            if let Some(field) = fields.canonical(name) {
                return no_value(&filter.text, &field);
            }
            let column = filter.text.get(..at).unwrap_or_default().chars().count() + 1;
            return fields.unknown(&filter.text, column, name);
        }
    }
    let text = &filter.text;
    Error::Usage {
        message: format!(
            "the filter `{text}` has words that are not in a field: {}",
            beside.join(", ")
        ),
        hint: Some(
            "write `field:value`, as in `year:2020..2024 country:\"Burkina Faso\"`".to_owned(),
        ),
    }
}

/// Says of a filter that a field has no value: behind its colon stands a blank, or nothing.
fn no_value(text: &str, field: &str) -> Error {
    Error::Usage {
        message: format!("the filter `{text}` has nothing directly behind `{field}:`"),
        hint: Some(format!(
            "write the value without a blank before it, as in `{field}:{}`",
            match field {
                "year" => "2019",
                _ => "\"two words\"",
            }
        )),
    }
}
