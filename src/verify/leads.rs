//! What a sentence says before a quotation of what it is from, in the forms that can hardly mean anything else:
//! `according to the 2016 report on Kenya`, `the report on Kenya says that`, `Ghana (2021):`.

use std::ops::Range;

use super::given::Given;
use super::negation::is_negation;
use super::sources::{Sources, years};
use crate::analyze::{is_stop_word, word_ranges};
use crate::countries::folded_words;

/// A source that is named before a quotation, and the place that it means.
pub struct Led {
    pub hint: String,
    pub given: Given,
}

/// What says that a text says something.
const SAYING: &[&str] = &[
    "add",
    "added",
    "adds",
    "argued",
    "argues",
    "asserted",
    "asserts",
    "called",
    "calls",
    "claimed",
    "claims",
    "concluded",
    "concludes",
    "describes",
    "described",
    "explained",
    "explains",
    "finds",
    "found",
    "mentions",
    "noted",
    "notes",
    "observed",
    "observes",
    "pointed",
    "points",
    "put",
    "puts",
    "read",
    "reads",
    "reported",
    "reports",
    "said",
    "says",
    "speaks",
    "spoke",
    "stated",
    "states",
    "stressed",
    "stresses",
    "warned",
    "warns",
    "writes",
    "wrote",
];

/// Words between the determiner of a report and it.
const OF_REPORTS: &[&str] = &[
    "annual",
    "child",
    "country",
    "final",
    "findings",
    "first",
    "labor",
    "labour",
    "last",
    "latest",
    "most",
    "new",
    "official",
    "own",
    "previous",
    "recent",
    "said",
    "same",
    "trafficking",
    "updated",
];

/// Words of what a report on a country is about: `the report on child labor in Kenya`.
const OF_TOPICS: &[&str] = &[
    "child",
    "children",
    "concerning",
    "for",
    "forced",
    "forms",
    "human",
    "in",
    "labor",
    "labour",
    "of",
    "on",
    "persons",
    "regarding",
    "situation",
    "the",
    "trafficking",
    "worst",
];

/// Words between a report and what it is about, or who wrote it.
const JOINING: &[&str] =
    &["about", "by", "concerning", "for", "from", "in", "of", "on", "regarding"];

const DETERMINERS: &[&str] = &["a", "an", "her", "his", "its", "our", "that", "the", "their"];

/// What of a sentence names a report.
struct Phrase {
    /// From the determiner to the end.
    words: Range<usize>,
    years: Vec<i64>,
    has_country: bool,
}

impl Sources {
    /// What the beginning of a sentence says that a quotation behind it is from, where it says so clearly.
    pub fn led(&self, lead: &str) -> Option<Led> {
        self.dated_country(lead).or_else(|| self.report(lead))
    }

    /// `Ghana (2021): `, `(Ghana, 2021: `, `Ghana 2021 says that `.
    fn dated_country(&self, lead: &str) -> Option<Led> {
        let clause = lead.trim_end();
        let clause = clause.rsplit([';', '\n']).next().unwrap_or(clause);
        let clause = match clause.rsplit_once('(') {
            Some((_, inside)) if !inside.contains(')') => inside,
            _ => clause,
        };
        let head = match clause.strip_suffix(':') {
            Some(head) => head,
            None => before_verb(clause)?,
        };
        let words = folded_words(head);
        let told = years(head);
        let names: Vec<&str> =
            words.split_whitespace().filter(|word| years(word).is_empty()).collect();
        let names = names.strip_prefix(&["see"]).unwrap_or(&names);
        let names = names.strip_prefix(&["the"]).unwrap_or(names);
        let is_all = |(_, length): (&[String], usize)| length == names.len();
        let is_country = self.countries.first(names).is_some_and(is_all);
        (is_country && told.len() == 1).then(|| self.led_to(head.trim(), head, told))
    }

    /// `according to the 2016 report on Kenya`, `in its report on Kenya the Department says that`.
    fn report(&self, lead: &str) -> Option<Led> {
        let folded = folded_words(lead);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let is_report =
            |word: &&str| matches!(*word, "report" | "findings" | "profile" | "entry" | "chapter");
        let mut nouns = (0..words.len()).filter(|&at| words.get(at).is_some_and(is_report));
        let noun = nouns.next_back()?;
        // Of two reports, or of two countries, nothing tells which is meant.
        let phrase = self
            .phrase(&words, noun)
            .filter(|phrase| !nouns.any(|other| !phrase.words.contains(&other)))?;
        let (before, after) = (words.get(..phrase.words.start)?, words.get(phrase.words.end..)?);
        let is_said =
            before.ends_with(&["according", "to"]) || after.iter().any(|it| SAYING.contains(it));
        let is_denied = words.iter().any(|it| is_negation(it) || it.ends_with("n’t"));
        let is_one_country = self.countries_in(&words).len() <= 1;
        let told = words.get(phrase.words.clone())?.join(" ");
        let is_of_index =
            phrase.has_country || phrase.years.iter().any(|year| self.has_year(*year));
        (is_said && !is_denied && is_one_country && is_of_index)
            .then(|| self.led_to(&as_written(lead, &phrase.words), &told, phrase.years))
    }

    /// What belongs to a word for a report: nothing where something is said of it that is not known.
    fn phrase(&self, words: &[&str], noun: usize) -> Option<Phrase> {
        let mut phrase = Phrase { words: noun..noun + 1, years: Vec::new(), has_country: false };
        while let Some(at) = phrase.words.start.checked_sub(1) {
            let word = *words.get(at)?;
            let begins = |from: usize| {
                self.countries
                    .first(words.get(from..at + 1)?)
                    .filter(|(_, length)| *length == at + 1 - from)
            };
            let country = (at.saturating_sub(6)..=at).find(|&from| begins(from).is_some());
            if let Some(from) = country {
                phrase.has_country = true;
                phrase.words.start = from;
            } else if !years(word).is_empty() {
                phrase.years.extend(years(word));
                phrase.words.start = at;
            } else if OF_REPORTS.contains(&word) || self.publishes(word) {
                phrase.words.start = at;
            } else if DETERMINERS.contains(&word) {
                phrase.words.start = at;
                break;
            } else if is_stop_word(word) {
                break;
            } else {
                return None;
            }
        }
        self.extend(words, &mut phrase)?;
        (phrase.years.len() <= 1 && (phrase.has_country || phrase.years.len() == 1))
            .then_some(phrase)
    }

    /// What follows a word for a report: `of 2016`, `on child labor in Kenya (2016)`, `of the Office of Labor`.
    fn extend(&self, words: &[&str], phrase: &mut Phrase) -> Option<()> {
        while let Some(&word) = words.get(phrase.words.end) {
            let is_joined = JOINING.contains(&word);
            let (mut at, mut has_publisher) = (phrase.words.end + usize::from(is_joined), false);
            while let Some(word) = words.get(at).filter(|_| is_joined) {
                let is_country =
                    words.get(at..).is_some_and(|rest| self.countries.first(rest).is_some());
                if is_country || !OF_TOPICS.contains(word) && !self.publishes(word) {
                    break;
                }
                has_publisher |= !OF_TOPICS.contains(word);
                at += 1;
            }
            let rest = words.get(at..)?;
            let year = rest.first().map(|word| years(word)).filter(|years| !years.is_empty());
            match (year, self.countries.first(rest)) {
                (Some(year), _) => {
                    phrase.years.extend(year);
                    phrase.words.end = at + 1;
                }
                (None, Some((_, length))) if is_joined => {
                    phrase.has_country = true;
                    phrase.words.end = at + length.max(1);
                }
                _ if has_publisher => phrase.words.end = at,
                // `the 2016 report of Human Rights Watch`
                _ if is_joined && matches!(word, "of" | "by" | "from") => return None,
                _ => break,
            }
        }
        Some(())
    }

    fn led_to(&self, hint: &str, words: &str, years: Vec<i64>) -> Led {
        Led { hint: hint.to_owned(), given: self.of_country_and_year(words, years) }
    }

    /// Whether all countries that some words name are those of documents.
    pub fn is_about_only(&self, text: &str, documents: &[String]) -> bool {
        let folded = folded_words(text);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let own = self.countries_of_documents(documents);
        let named = self.countries_in(&words);
        named.iter().all(|names| names.iter().any(|name| own.contains(&name)))
    }

    /// The countries that some words name, each by what metadata calls it.
    fn countries_in(&self, words: &[&str]) -> Vec<&[String]> {
        let mut found: Vec<&[String]> = Vec::new();
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.countries.first(rest) {
                Some((names, length)) => {
                    found.push(names);
                    length.max(1)
                }
                None => 1,
            };
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Some words of a text as they are written.
fn as_written(text: &str, words: &Range<usize>) -> String {
    let ranges = word_ranges(text);
    let own = ranges.get(words.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return String::new() };
    text.get(first.start..last.end).unwrap_or_default().to_owned()
}

/// What stands before a verb that says that something is said: `Ghana 2021 says that`.
fn before_verb(clause: &str) -> Option<&str> {
    let clause = clause.trim_end_matches([',', ' ', '\n']);
    let clause = clause.strip_suffix(" that").unwrap_or(clause);
    let (head, verb) = clause.rsplit_once(' ')?;
    SAYING.contains(&verb).then_some(head)
}
