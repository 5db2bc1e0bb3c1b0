//! How to ask: the query language by examples that can be followed. Those with a country, a year or a heading have them
//! from the index.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::address;
use crate::engine::Engine;
use crate::search::SearchRequest;
use crate::serve::operations::Open;
use crate::serve::shelf::Example;

const EXAMPLES: [(&str, &str); 6] = [
    (
        "border guards complicity",
        "passages that have most of what the words say; forms and synonyms too",
    ),
    ("\"border guards\"", "these words, one after another"),
    ("police NEAR/5 bribe*", "near one another; words that begin so"),
    ("police AND (bribe* OR complicit*) NOT traffic", "all, any, none"),
    ("+police -smuggling", "must be there, must not"),
    ("traficking~1", "spelled nearly so"),
];

const BY_FIELD: &str =
    "by field: country, year, title, heading, section, role (part of the report), lang, doc";
const UNDER_HEADING: &str = "under headings with this word";

/// Words beside a field: the first that is found there.
const WORDS: [&str; 3] = ["trafficking", "police", "children"];

/// So many reports are looked at for a heading, and so many years of a country are named.
const LOOKED_AT: usize = 3;
const YEARS: usize = 4;

/// Headings that say most of what is asked for, where reports have them.
const COMMON: [&str; 2] = ["section:prosecution", "section:enforcement"];

/// So many others are tried.
const HEADINGS: usize = 8;

/// A heading to ask for has so many letters.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=24;

/// The examples, each a search.
pub fn examples(open: &Open) -> Markup {
    html! {
        dl {
            @for (query, about) in open.examples(made) {
                dt { a href=(address(open, "/", &[("q", query)])) { code { (query) } } }
                dd { (about) }
            }
        }
    }
}

/// The same, to be opened where it is wanted.
pub fn help(open: &Open, is_open: bool) -> Markup {
    html! { details.language open[is_open] { summary { "How to ask" } (examples(open)) } }
}

fn made(open: &Open) -> Vec<Example> {
    let fixed = EXAMPLES.iter().map(|(query, about)| ((*query).to_owned(), *about));
    let by_field = by_field(open).map(|fields| match with_word(open, &fields, &WORDS) {
        Some(query) => (query, BY_FIELD),
        None => (fields, BY_FIELD),
    });
    let mut headings = COMMON.map(str::to_owned).into_iter().chain(headings(open));
    let under = headings.find_map(|heading| with_word(open, &heading, &WORDS[1..]));
    fixed.chain(by_field).chain(under.map(|query| (query, UNDER_HEADING))).collect()
}

/// The country of most reports with its last years, as far as there are such.
fn by_field(open: &Open) -> Option<String> {
    let mut years_of: BTreeMap<Option<&str>, BTreeSet<i64>> = BTreeMap::new();
    for listed in open.documents() {
        let first = |key| listed.metadata.get(key).and_then(|values| values.first());
        let year: Option<i64> = first("year").and_then(|year| year.trim().parse().ok());
        years_of.entry(first("country").map(String::as_str)).or_default().extend(year);
    }
    let most =
        years_of.iter().min_by_key(|(country, years)| (country.is_none(), Reverse(years.len())));
    let (country, years) = most?;
    let country = country.map(|country| format!("country:{}", quoted(country)));
    let (to, from) = (years.last(), years.iter().rev().take(YEARS).next_back());
    let years = from.zip(to).map(|(from, to)| match from == to {
        true => format!("year:{to}"),
        false => format!("year:{from}..{to}"),
    });
    let fields: Vec<String> = country.into_iter().chain(years).collect();
    (!fields.is_empty()).then(|| fields.join(" "))
}

/// Short headings as filters, those first that most of the first reports have.
fn headings(open: &Open) -> Vec<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for listed in open.documents().take(LOOKED_AT) {
        let passages = open.engine().document(&listed.doc_id).unwrap_or_default();
        let headings = passages.iter().filter_map(|passage| passage.trail.get(1..)).flatten();
        let headings: BTreeSet<String> = headings.map(|heading| heading.to_lowercase()).collect();
        for heading in headings.into_iter().filter(|heading| is_short(heading)) {
            *times.entry(heading).or_default() += 1;
        }
    }
    let mut headings: Vec<(String, usize)> = times.into_iter().collect();
    headings
        .sort_by_key(|(heading, times)| (Reverse(*times), heading.contains(' '), heading.len()));
    headings.truncate(HEADINGS);
    headings.iter().map(|(heading, _)| format!("section:{}", quoted(heading))).collect()
}

fn is_short(heading: &str) -> bool {
    LETTERS.contains(&heading.chars().count())
        && heading.chars().all(|c| c.is_alphabetic() || c == ' ')
}

fn quoted(value: &str) -> String {
    match value.chars().all(char::is_alphanumeric) {
        true => value.to_lowercase(),
        false => format!("\"{}\"", value.replace(['"', '\\'], " ")),
    }
}

/// The same with the first word that is found there, if one is.
fn with_word(open: &Open, fields: &str, words: &[&str]) -> Option<String> {
    let is_found = |query: &String| {
        let request =
            SearchRequest { limit: 1, relax: false, ..SearchRequest::new(query.as_str()) };
        open.search(&request)
            .is_ok_and(|response| !response.hits.is_empty() && response.unknown.is_empty())
    };
    words.iter().map(|word| format!("{fields} {word}")).find(is_found)
}
