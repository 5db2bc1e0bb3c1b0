//! Whether what a draft names beside a country or title may be the publisher of a report, or is another.

use super::sources::{Named, OF_SOURCES, years};
use crate::analyze::{folded, is_stop_word, word_ranges};
use crate::countries::{folded_words, without_possessive};

/// Words of sources that name no publisher.
const OTHERS: &[&str] = &[
    "access",
    "accessed",
    "also",
    "annex",
    "annual",
    "appendix",
    "april",
    "august",
    "available",
    "box",
    "cf",
    "dc",
    "december",
    "edition",
    "entry",
    "february",
    "figure",
    "hereafter",
    "january",
    "july",
    "june",
    "key",
    "map",
    "march",
    "may",
    "new",
    "no",
    "note",
    "november",
    "october",
    "online",
    "profile",
    "quotation",
    "quote",
    "september",
    "source",
    "sources",
    "summary",
    "table",
    "text",
    "translation",
    "u.s",
    "united",
    "us",
    "usa",
    "vol",
    "volume",
    "washington",
    "year",
];

/// Words of the names of organizations, which are publishers behind the year too.
const OF_ORGANIZATIONS: &[&str] = &[
    "agency",
    "association",
    "bank",
    "bbc",
    "bureau",
    "center",
    "centre",
    "coalition",
    "commission",
    "committee",
    "council",
    "court",
    "department",
    "embassy",
    "foundation",
    "fund",
    "institute",
    "institution",
    "international",
    "ministry",
    "nation",
    "network",
    "office",
    "organisation",
    "organization",
    "oxfam",
    "press",
    "programme",
    "reuters",
    "society",
    "state",
    "union",
    "university",
    "watch",
    "wikipedia",
    "world",
];

/// Whether a hint names a publisher, an author or a series that a document is not of, as far as the document has a
/// publisher. Before the year that is every name; behind it, where sections and places may stand, only an organization.
pub fn is_of_another(hint: &str, countries: &str, document: &Named) -> bool {
    !document.published.is_empty() && names_another(hint, countries, document)
}

/// Whether a hint is no sentence, and names nothing that a document is not known to be of.
pub fn names_only(hint: &str, countries: &str, document: &Named) -> bool {
    let words = parts(cited(hint)).into_iter().flat_map(words_of);
    words.into_iter().all(may_stand) && !names_another(hint, countries, document)
}

fn names_another(hint: &str, countries: &str, document: &Named) -> bool {
    let known = Known::of(document, countries);
    let mut is_late = false;
    parts(cited(hint)).into_iter().any(|part| {
        let is_other = known.is_foreign(part, is_late);
        is_late |= !years(part).is_empty();
        is_other
    })
}

/// As much of a hint as says what the quotation is from: `Lee, cited in Ghana, 2021`, `Ghana, 2021, quoting Lee`.
fn cited(hint: &str) -> &str {
    let after = [" cited in ", " quoted in ", " cited by ", " quoted by "];
    let after = after.iter().find_map(|words| hint.split_once(words)).map_or(hint, |(_, it)| it);
    let before = [" quoting ", " citing "].iter().find_map(|words| after.split_once(words));
    before.map_or(after, |(before, _)| before)
}

/// The parts of a hint between commas, brackets and the like; without addresses.
fn parts(hint: &str) -> Vec<&str> {
    let is_between = |c: char| {
        matches!(
            c,
            ',' | ';'
                | ':'
                | '('
                | ')'
                | '['
                | ']'
                | '—'
                | '–'
                | '/'
                | '\n'
                | '“'
                | '”'
                | '"'
                | '*'
        )
    };
    let mut parts = Vec::new();
    for piece in
        hint.split(' ').filter(|word| is_address(word)).fold(vec![hint], |pieces, address| {
            pieces.into_iter().flat_map(|piece| piece.split(address)).collect()
        })
    {
        for part in piece.split(is_between) {
            parts.extend(part.split(". ").filter(|part| part.contains(char::is_alphanumeric)));
        }
    }
    parts
}

fn is_address(word: &str) -> bool {
    word.contains("://") || word.starts_with("www.")
}

/// What a document itself is called.
struct Known {
    words: Vec<String>,
    /// The first letters of the words of its title and publishers.
    initials: Vec<String>,
}

impl Known {
    fn of(document: &Named, countries: &str) -> Known {
        let own = document.published.iter().chain([&document.written]);
        let text = own.clone().cloned().collect::<Vec<_>>().join(" ");
        let names = [text.as_str(), countries, &document.doc_id].map(folded_words).concat();
        let words = names.split([' ', '_', '-', '/']).map(plain).collect();
        Known { words, initials: own.flat_map(|text| initials(text)).collect() }
    }

    /// Whether a part of a hint names something else.
    fn is_foreign(&self, part: &str, is_late: bool) -> bool {
        let words = words_of(part);
        let is_section = words
            .first()
            .is_some_and(|it| matches!(*it, "section" | "chapter" | "Section" | "Chapter"));
        if is_section || !words.iter().all(|word| may_stand(word)) {
            return false;
        }
        words.into_iter().any(|word| {
            let folded = folded(word);
            let is_known = is_stop_word(&folded) && word != "WHO"
                || is_word_of_sources(&folded)
                || !word.contains(char::is_alphabetic)
                || self.has(word, &folded);
            let is_organization = is_acronym(word) && word.len() > 2
                || OF_ORGANIZATIONS.contains(&plain(&folded).as_str());
            !is_known && (!is_late || is_organization)
        })
    }

    fn has(&self, word: &str, folded: &str) -> bool {
        let own = without_possessive(folded);
        let short: String = own.chars().filter(|c| c.is_alphanumeric()).collect();
        self.words.contains(&plain(own))
            || is_acronym(word) && self.initials.iter().any(|all| all.contains(&short))
    }
}

fn words_of(part: &str) -> Vec<&str> {
    word_ranges(part).into_iter().filter_map(|it| part.get(it)).collect()
}

/// Whether a word may stand in the name of a source.
fn may_stand(word: &str) -> bool {
    let folded = folded(word);
    !word.starts_with(char::is_lowercase) || is_stop_word(&folded) || is_word_of_sources(&folded)
}

fn is_word_of_sources(folded: &str) -> bool {
    OF_SOURCES.contains(&folded) || OTHERS.contains(&folded)
}

fn is_acronym(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() > 1
        && word.chars().all(|c| c.is_uppercase() || c == '.')
}

/// A word without what may be written otherwise in another place.
fn plain(word: &str) -> String {
    match word.strip_suffix('s').unwrap_or(word) {
        "labour" => "labor".to_owned(),
        word => word.to_owned(),
    }
}

/// The first letters of the words of a name, with and without `of` and the like; and of `Bureau of International Labor
/// Affairs` as if it were `International Labor Affairs Bureau`.
pub fn initials(name: &str) -> Vec<String> {
    let folded = folded_words(name);
    let of = |words: &mut dyn Iterator<Item = &str>| -> String {
        let letters = |word: &str| -> String {
            match word.contains('.') {
                true => word.chars().filter(|c| c.is_alphanumeric()).collect(),
                false => word.chars().take(1).collect(),
            }
        };
        words.map(letters).collect()
    };
    let mut all = vec![
        of(&mut folded.split_whitespace()),
        of(&mut folded.split_whitespace().filter(|word| !is_stop_word(word))),
    ];
    for part in name.split([',', ';', ':', '(', ')']) {
        let part = folded_words(part);
        if let Some((head, tail)) = part.trim().split_once(" of ") {
            let says = tail.split_whitespace().filter(|word| !is_stop_word(word));
            all.push(of(&mut says.chain(head.split_whitespace().rev().take(1))));
        }
    }
    all
}
