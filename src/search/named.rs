//! What prose names of the metadata of reports: of `labor inspectors in Burkina Faso 2019` the country and the year. `kinds.rs`
//! prefers the reports that have them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Searcher;
use crate::analyze::{is_stop_word, word_ranges};
use crate::countries::{Country, Mention, country_called, mentions_in_question};
use crate::engine::{Engine, once};
use crate::error::Result;
use crate::query::{Clause, Filter, FilterValue, Named, Query, fold_value};

/// The fields of metadata whose values are names of what a report is about.
const FIELDS: [&str; 2] = ["country", "year"];

/// A name has no more words.
const LONGEST_NAME: usize = 6;

/// So many words of a question are looked up.
const MOST_WORDS: usize = 64;

/// Behind these a place is named, and no report: `girls taken from Nepal to India`.
const ON_A_WAY: [&str; 7] = ["from", "into", "through", "to", "toward", "towards", "via"];

/// Who is of a country and elsewhere: `Venezuelan migrants`.
const ABROAD: [&str; 10] = [
    "diaspora",
    "emigrants",
    "expatriates",
    "immigrant",
    "immigrants",
    "migrant",
    "migrants",
    "nationals",
    "refugee",
    "refugees",
];

/// What the values of a field are called: `moldova`, and `republic of moldova`, of a report on `Moldova, Republic of`.
pub(super) struct Names(FxHashMap<String, Vec<String>>);

/// The names of an index, of each of the fields once a question may name any.
#[derive(Default)]
pub(super) struct KnownNames([OnceLock<Arc<Names>>; FIELDS.len()]);

impl KnownNames {
    fn of(&self, field: &str) -> Option<&OnceLock<Arc<Names>>> {
        let at = FIELDS.iter().position(|known| *known == field)?;
        self.0.get(at)
    }
}

/// The words of a question, as they are typed and folded.
struct Typed<'t> {
    text: &'t str,
    words: Vec<Range<usize>>,
    folded: Vec<String>,
    /// Whether any word that says something is in small letters: then a capital tells a name.
    has_small: bool,
}

impl<E: Engine> Searcher<E> {
    /// A query with what it names of the metadata of reports, beside the fields that it asks for, if it is prose.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn naming(&self, mut query: Query) -> Result<Query> {
        if !query.is_plain || query.literal {
            return Ok(query);
        }
        let mut asked = FxHashSet::default();
        query.clause.visit_positive(&mut |clause| {
            if let Clause::Filter(filter) = clause {
                asked.insert(filter.field.clone());
            }
        });
        let metadata = &self.engine.summary().fields.metadata;
        let text = query.text.clone();
        let typed = Typed::of(&text);
        for field in FIELDS {
            let is_known = metadata.iter().any(|key| key == field) && !asked.contains(field);
            if is_known && !query.until.is_over() {
                query.named.extend(self.named_in(&typed, field)?);
            }
        }
        Ok(query)
    }

    /// What a question names of the values of a field.
    fn named_in(&self, typed: &Typed<'_>, field: &str) -> Result<Option<Named>> {
        let mentions = if field == "country" { typed.mentions() } else { Vec::new() };
        // Most questions name nothing, which one look tells.
        let is_read = self.names.of(field).is_some_and(|known| known.get().is_some());
        if !is_read && mentions.is_empty() && !self.may_name(typed, field)? {
            return Ok(None);
        }
        let names = self.names(field)?;
        let mut found = names.typed(typed, field == "country");
        found.extend(names.mentioned(typed, &mentions));
        let (mut values, mut words) = (BTreeSet::new(), BTreeSet::new());
        for (own, named) in found {
            values.extend(named);
            words.extend(typed.folded.get(own).into_iter().flatten().cloned());
        }
        let values: Vec<FilterValue> = values.into_iter().map(FilterValue::Is).collect();
        let filter = Filter { field: field.to_owned(), values };
        Ok((!filter.values.is_empty())
            .then(|| Named { filter, words: words.into_iter().collect() }))
    }

    /// What the values of a field are called, read once where prose may name them.
    pub(super) fn names(&self, field: &str) -> Result<Arc<Names>> {
        let names = || Ok(Arc::new(Names::of(self.engine.values(field)?)));
        self.names.of(field).map_or_else(names, |known| once(known, names).cloned())
    }

    /// Whether any word of a question is one of a value.
    fn may_name(&self, typed: &Typed<'_>, field: &str) -> Result<bool> {
        let begins =
            |word: &String| [FilterValue::Is(word.clone()), FilterValue::HasWord(word.clone())];
        let may_begin = |word: &&String| word.len() > 1 && !is_stop_word(word);
        let values = typed.folded.iter().filter(may_begin).flat_map(begins).collect();
        self.engine.has(&Filter { field: field.to_owned(), values })
    }
}

impl Names {
    /// Values are folded, so that of `Moldova, Republic of` the comma is not known: one that ends so has its words turned.
    /// What two such values begin with (`congo`) names neither.
    fn of(values: Vec<String>) -> Names {
        let mut names: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let turned = values.iter().filter_map(|value| {
            let (head, tail) = value.split_once(' ')?;
            let is_turned = tail.ends_with("of") || tail.ends_with("the");
            is_turned.then_some((value, head, tail))
        });
        for (value, head, tail) in turned {
            names.entry(format!("{tail} {head}")).or_default().push(value.clone());
            let begins = |other: &&String| {
                other.strip_prefix(head).is_some_and(|rest| rest.starts_with(' '))
            };
            if values.iter().filter(begins).count() == 1 {
                names.entry(head.to_owned()).or_default().push(value.clone());
            }
        }
        for value in values {
            names.entry(value.clone()).or_default().push(value);
        }
        Names(names)
    }

    /// The values that are a country by whatever name, if a name of it is what was typed.
    pub(super) fn of_country(&self, typed: &str) -> Vec<String> {
        let typed = fold_value(typed);
        let own = self.0.get(&typed).into_iter().flatten();
        let country = country_called(&typed).or_else(|| self.turned(&typed)).into_iter();
        let others = country.flat_map(|country| self.called(country));
        let values: BTreeSet<&String> = own.chain(others).collect();
        values.into_iter().cloned().collect()
    }

    /// The country of a value whose words are turned: `gambia the`.
    fn turned(&self, value: &str) -> Option<&'static Country> {
        let count = |name: &str| name.split(' ').count();
        let is_it = |values: &Vec<String>| values.iter().any(|it| it == value);
        let names = self.0.iter().filter(|(name, values)| {
            is_it(values) && *name != value && count(name) == count(value)
        });
        names.min().and_then(|(name, _)| country_called(name))
    }

    /// The values that are a country by any of its names.
    fn called<'n>(&'n self, country: &'static Country) -> impl Iterator<Item = &'n String> {
        country.names.iter().filter_map(|name| self.0.get(&fold_value(name))).flatten()
    }

    /// The values that words of a question are, with the words. Places on a way are none.
    fn typed(&self, typed: &Typed<'_>, are_places: bool) -> Vec<(Range<usize>, Vec<String>)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < typed.words.len() {
            let named = (1..=LONGEST_NAME)
                .rev()
                .find_map(|length| Some((length, self.0.get(&typed.name(at, length)?)?)));
            let length = named.map_or(1, |(length, _)| length);
            let is_on_a_way = are_places && typed.is_on_a_way(at);
            let is_meant = !typed.is_part_of_name(at, length) && !is_on_a_way;
            let named = named.filter(|_| is_meant);
            found.extend(named.map(|(_, values)| (at..at + length, values.clone())));
            at += length;
        }
        found
    }

    /// The values that are countries which a question names by whatever name, or by a word for what is of them.
    fn mentioned(
        &self,
        typed: &Typed<'_>,
        mentions: &[Mention],
    ) -> Vec<(Range<usize>, Vec<String>)> {
        let mut found = Vec::new();
        for Mention { country, is_adjective, bytes } in mentions {
            let own = typed.words_at(bytes);
            let is_abroad = *is_adjective
                && typed.folded.get(own.end).is_some_and(|next| ABROAD.contains(&next.as_str()));
            if !is_abroad && !typed.is_on_a_way(own.start) {
                found.push((own, self.called(country).cloned().collect()));
            }
        }
        found
    }
}

impl Typed<'_> {
    fn of(text: &str) -> Typed<'_> {
        let mut words = word_ranges(text);
        words.truncate(MOST_WORDS);
        let folded: Vec<String> = words
            .iter()
            .map(|word| fold_value(text.get(word.clone()).unwrap_or_default()))
            .collect();
        let mut typed = Typed { text, words, folded, has_small: false };
        typed.has_small = (0..typed.words.len())
            .any(|at| typed.says(at) && typed.begins_with(at, char::is_lowercase));
        typed
    }

    /// So many words from one on, folded as values are.
    fn name(&self, at: usize, length: usize) -> Option<String> {
        let (first, last) = (self.words.get(at)?, self.words.get(at + length - 1)?);
        Some(fold_value(self.text.get(first.start..last.end)?))
    }

    fn mentions(&self) -> Vec<Mention> {
        let end = self.words.last().map_or(0, |last| last.end);
        mentions_in_question(self.text.get(..end).unwrap_or_default())
    }

    /// The words that stand at these bytes.
    fn words_at(&self, bytes: &Range<usize>) -> Range<usize> {
        let start = self.words.partition_point(|word| word.end <= bytes.start);
        let end = self.words.partition_point(|word| word.start < bytes.end);
        start..end.max(start)
    }

    /// Whether the word before a place says that something goes there or comes from there: `from the Philippines`, `from
    /// Nepal and Bangladesh`.
    fn is_on_a_way(&self, at: usize) -> bool {
        let before = self.folded.get(..at).unwrap_or_default().iter().enumerate().rev();
        let mut before = before.filter(|(_, word)| !matches!(word.as_str(), "the" | "and" | "or"));
        let is_way = |word: &str| ON_A_WAY.contains(&word);
        match (before.next(), before.next()) {
            (Some((_, word)), _) if is_way(word) => true,
            // Another place stands between.
            (Some((at, _)), Some((_, word))) => {
                is_way(word) && self.begins_with(at, char::is_uppercase)
            }
            _ => false,
        }
    }

    fn says(&self, at: usize) -> bool {
        self.folded.get(at).is_some_and(|word| !is_stop_word(word))
    }

    fn begins_with(&self, at: usize, is: impl Fn(char) -> bool) -> bool {
        let word = self.words.get(at).and_then(|word| self.text.get(word.clone()));
        word.is_some_and(|word| word.starts_with(is))
    }

    /// Whether words are part of a longer name: `Niger` of `Niger Delta`, `Guinea` of `New Guinea`. Where nothing is in small
    /// letters, capitals tell nothing.
    fn is_part_of_name(&self, at: usize, length: usize) -> bool {
        let is_name = |at: usize| self.says(at) && self.begins_with(at, char::is_uppercase);
        let adjoin = |one: usize, other: usize| {
            let (one, other) = (self.words.get(one), self.words.get(other));
            let between =
                one.zip(other).and_then(|(one, other)| self.text.get(one.end..other.start));
            between == Some(" ")
        };
        let is_before = at > 1 && is_name(at - 1) && adjoin(at - 1, at);
        let is_behind = is_name(at + length) && adjoin(at + length - 1, at + length);
        self.has_small && is_name(at) && (is_before || is_behind)
    }
}
