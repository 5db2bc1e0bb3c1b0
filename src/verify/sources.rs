//! Which documents a draft means where it names its source: by id, name of the file, title, country and year, or
//! publisher and year.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::given::{Given, pages};
use super::publishers::{initials, is_of_another, names_only};
use crate::analyze::is_stop_word;
use crate::countries::{Countries, folded_words, has};
use crate::document::Metadata;
use crate::engine::Listed;

/// A document by what it may be called; texts are folded words with a blank around each.
pub(super) struct Named {
    pub doc_id: String,
    /// Id and name of the file, as they are written.
    names: Vec<String>,
    /// The same, and the name without its ending, as words.
    called: Vec<String>,
    title: String,
    /// The title as it is written.
    pub written: String,
    countries: Vec<String>,
    /// Who published it, as metadata says it.
    pub published: Vec<String>,
    publishers: Vec<String>,
    /// The parts of these that name one by themselves: of `Department of Labor, Bureau of Affairs` the first.
    parts: Vec<String>,
    years: Vec<i64>,
}

/// The documents of an index by what drafts call them.
pub struct Sources {
    documents: Vec<Named>,
    pub(super) countries: Countries,
    /// Words of the names of publishers that say something.
    publishing: FxHashSet<String>,
    /// The first letters of their words.
    initials: FxHashSet<String>,
}

/// What a hint names beside the documents that its words name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WordsFit {
    /// Nothing else.
    Own,
    /// A publisher that none of them has.
    Another,
    /// A year that none of them is of: there are no documents.
    NoYear,
}

/// Keys of metadata that say who published a report.
const PUBLISHERS: [&str; 5] = ["source", "publisher", "author", "organization", "institution"];

/// A title of fewer words is named by the whole hint only.
const FEWEST_OF_TITLE: usize = 2;

/// Words that say where in a source something stands, or that it is one: with a country alone they still name
/// its reports.
pub(super) const OF_SOURCES: [&str; 16] = [
    "chapter", "cited", "country", "findings", "ibid", "in", "p", "page", "pages", "para", "pp",
    "quoted", "report", "reports", "section", "see",
];

impl Sources {
    /// The documents of a list.
    pub fn of(listed: &[Listed]) -> Sources {
        let documents: Vec<Named> =
            listed.iter().filter(|listed| listed.is_document()).map(named).collect();
        let values = listed.iter().filter_map(|listed| listed.metadata.get("country")).flatten();
        let countries = Countries::of(values.map(String::as_str));
        let published = documents.iter().flat_map(|document| &document.published);
        let published: FxHashSet<&String> = published.collect();
        let words = published.iter().map(|name| folded_words(name)).collect::<String>();
        let words = words.split_whitespace().filter(|word| !is_stop_word(word));
        let publishing = words.map(str::to_owned).collect();
        let initials = published.iter().flat_map(|name| initials(name)).collect();
        Sources { documents, countries, publishing, initials }
    }

    /// The countries of documents, as metadata has them, folded.
    pub fn countries_of_documents(&self, documents: &[String]) -> Vec<&String> {
        let named = self.documents.iter().filter(|named| documents.contains(&named.doc_id));
        named.flat_map(|named| &named.countries).collect()
    }

    /// Whether a folded word is one of the names of publishers, or their first letters.
    pub fn publishes(&self, word: &str) -> bool {
        let is_short = (3..=6).contains(&word.len());
        self.publishing.contains(word)
            || is_short && self.initials.iter().any(|all| all.contains(word))
    }

    /// Whether there is a report of a year.
    pub fn has_year(&self, year: i64) -> bool {
        self.documents.iter().any(|named| named.years.contains(&year))
    }

    /// The place of the country, the publisher and the years that some words name.
    pub fn of_country_and_year(&self, words: &str, years: Vec<i64>) -> Given {
        let bare = without_years(&folded_words(words));
        let has_country = !self.countries.named(&bare).0.is_empty();
        let mut found = match has_country {
            true => self.by_country(&bare, true),
            false => self.by(|_| true),
        };
        let has_any = has_country && !found.is_empty();
        of_years(&mut found, &years);
        let is_of_no_year = has_any && found.is_empty();
        Given { documents: ids(&found), years, is_of_no_year, ..Given::default() }
    }

    /// Whether there is a report for a year of the countries and publishers that some metadata names.
    pub fn has_of_year(&self, metadata: &Metadata, year: i64) -> bool {
        let countries = values_of(metadata, &["country"]);
        let publishers = values_of(metadata, &PUBLISHERS);
        let is_one = |named: &Named| {
            named.years.contains(&year)
                && named.countries == countries
                && named.publishers == publishers
        };
        self.documents.iter().any(is_one)
    }

    /// The place that a hint names.
    pub fn named(&self, hint: &str) -> Given {
        let words = folded_words(hint);
        let mut found = self.by(|named| {
            named.names.iter().any(|name| hint.contains(name.as_str()))
                || named.called.contains(&words)
        });
        let mut rest = hint.to_owned();
        for name in found.iter().flat_map(|named| &named.names) {
            rest = rest.replace(name.as_str(), " ");
        }
        let is_called = found.iter().any(|named| named.called.contains(&words));
        let mut years = years(&rest);
        let mut fit = WordsFit::Own;
        let bare = without_years(&words);
        if found.is_empty() {
            (found, fit) = self.by_words(hint, &words, &years);
        } else if is_called && self.countries.has(&bare) {
            // `Ghana` and `Ghana 2021` are files, and any report on Ghana.
            let mut others = self.by_country(&bare, true);
            of_years(&mut others, &years);
            found.extend(others);
        } else if is_called {
            years = Vec::new();
        }
        let (is_of_another, is_of_no_year) = (fit == WordsFit::Another, fit == WordsFit::NoYear);
        Given {
            documents: ids(&found),
            years,
            pages: pages(&rest),
            is_of_another,
            is_of_no_year,
            ..Given::default()
        }
    }

    /// Those that a hint names by title, by country and year, or by publisher and year, and what it names beside them.
    fn by_words(&self, hint: &str, words: &str, years: &[i64]) -> (Vec<&Named>, WordsFit) {
        let bare = without_years(words);
        let mut found = self.by_title(words, &bare);
        if found.is_empty() {
            found = self.by_country(&bare, !years.is_empty());
        }
        if found.is_empty() && !years.is_empty() && says_something(&bare) {
            found = self.by(|named| {
                named.publishers.iter().any(|known| has(known, &bare) || has(&bare, known))
            });
            of_years(&mut found, years);
        }
        let countries = self.countries.named(&bare).0.concat();
        let of_any_year = found.clone();
        of_years(&mut found, years);
        if found.is_empty() {
            // What is not known of a work may be another one, with a year of its own.
            let is_known = |named: &&Named| names_only(hint, &countries, named);
            return match !countries.is_empty() && of_any_year.iter().any(is_known) {
                true => (found, WordsFit::NoYear),
                false => (found, WordsFit::Own),
            };
        }
        let is_other = |named: &Named| is_of_another(hint, &countries, named);
        let own: Vec<&Named> = found.iter().copied().filter(|named| !is_other(named)).collect();
        match own.is_empty() {
            true => (found, WordsFit::Another),
            false => (own, WordsFit::Own),
        }
    }

    /// Where a text has the names of files, as bytes.
    pub fn names_in(&self, text: &str) -> Vec<Range<usize>> {
        let names = self.documents.iter().flat_map(|named| &named.names);
        let found = names.flat_map(|name| text.match_indices(name.as_str()));
        found.map(|(at, name)| at..at + name.len()).collect()
    }

    fn by(&self, is: impl Fn(&Named) -> bool) -> Vec<&Named> {
        self.documents.iter().filter(|document| is(document)).collect()
    }

    /// Those whose title the hint has, the longest titles of these, or that have the hint in their titles.
    fn by_title(&self, words: &str, bare: &str) -> Vec<&Named> {
        let is_long = |title: &str| title.split_whitespace().count() >= FEWEST_OF_TITLE;
        let mut found = self
            .by(|named| named.title == words || is_long(&named.title) && has(words, &named.title));
        let longest = found.iter().map(|named| named.title.len()).max();
        found.retain(|named| Some(named.title.len()) == longest);
        if found.is_empty() && is_long(bare) && says_something(bare) {
            found = self.by(|named| has(&named.title, bare));
        }
        found
    }

    /// Those of the countries that the hint names, where it says a year too, or nothing but that it is a source.
    fn by_country(&self, bare: &str, has_year: bool) -> Vec<&Named> {
        let (countries, mut rest) = self.countries.named(bare);
        // Who published it is none of what it is about.
        let publishes = |named: &Named| named.parts.iter().any(|part| has(bare, part));
        let has_publisher = self.documents.iter().any(publishes);
        for part in self.documents.iter().flat_map(|named| &named.parts) {
            rest = rest.replace(part.as_str(), " ");
        }
        let is_of_sources = |word: &str| {
            OF_SOURCES.contains(&word)
                || is_stop_word(word)
                || word.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !has_year && !rest.split_whitespace().all(is_of_sources) {
            return Vec::new();
        }
        self.by(|named| {
            named.countries.iter().any(|country| countries.contains(country))
                && (!has_publisher || publishes(named))
        })
    }
}

fn named(listed: &Listed) -> Named {
    let id = listed.doc_id.as_str();
    let file = id.rsplit(['/', '#']).next().unwrap_or(id);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let values = |keys: &[&str]| values_of(&listed.metadata, keys);
    // A name without an ending is a word like others.
    let names = [id, file].into_iter().filter(|name| name.contains(['.', '/', '#']));
    Named {
        doc_id: id.to_owned(),
        names: names.map(str::to_owned).collect(),
        called: [id, file, stem].into_iter().map(folded_words).collect(),
        title: folded_words(&listed.title),
        written: listed.title.clone(),
        countries: values(&["country"]),
        published: published(&listed.metadata),
        publishers: values(&PUBLISHERS),
        parts: parts_of(&listed.metadata),
        years: values(&["year"]).iter().filter_map(|year| year.trim().parse().ok()).collect(),
    }
}

fn values_of(metadata: &Metadata, keys: &[&str]) -> Vec<String> {
    let values = keys.iter().filter_map(|key| metadata.get(*key)).flatten();
    values.map(|value| folded_words(value)).filter(|value| !value.trim().is_empty()).collect()
}

fn published(metadata: &Metadata) -> Vec<String> {
    PUBLISHERS.iter().filter_map(|key| metadata.get(*key)).flatten().cloned().collect()
}

/// Of some documents those of one of some years, or of none that is known.
fn of_years(documents: &mut Vec<&Named>, years: &[i64]) {
    documents.retain(|document| {
        years.is_empty()
            || document.years.is_empty()
            || document.years.iter().any(|year| years.contains(year))
    });
}

fn ids(documents: &[&Named]) -> Vec<String> {
    let mut ids: Vec<String> = documents.iter().map(|named| named.doc_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What of the names of publishers stands between commas and brackets, where it has two words that say something.
fn parts_of(metadata: &Metadata) -> Vec<String> {
    let values = PUBLISHERS.iter().filter_map(|key| metadata.get(*key)).flatten();
    let parts = values.flat_map(|value| value.split([',', ';', ':', '(', ')']));
    let bare = |part: &str| {
        let folded = folded_words(part);
        let words: Vec<&str> =
            folded.split_whitespace().skip_while(|it| is_stop_word(it)).collect();
        let count = words.iter().filter(|word| !is_stop_word(word)).count();
        (count >= 2).then(|| format!(" {} ", words.join(" ")))
    };
    parts.filter_map(bare).collect()
}

fn says_something(words: &str) -> bool {
    words.split_whitespace().any(|word| !is_stop_word(word))
}

/// The years that a text names.
pub fn years(text: &str) -> Vec<i64> {
    text.split(|c: char| !c.is_alphanumeric()).filter_map(year).collect()
}

fn year(word: &str) -> Option<i64> {
    let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|year| is_year && (1900..2100).contains(year))
}

fn without_years(words: &str) -> String {
    let bare = words.split_whitespace().filter(|word| year(word).is_none());
    let mut text = String::from(" ");
    for word in bare {
        text.push_str(word);
        text.push(' ');
    }
    text
}
