//! What countries are called: as metadata writes them (`Gambia, The`), and as texts do (`The Gambia`, `Gambia`).

use std::collections::BTreeMap;

use super::words::{folded_words, has};
use super::world::{Mention, mentions};

/// The names of countries; texts are folded words with a blank around each.
pub struct Countries {
    /// What one may be called, longest first (`south sudan` before `sudan`), and how metadata writes it.
    forms: Vec<(String, Vec<String>)>,
}

/// What two states are called: the rest of their names tells which.
const SHARED: &[&str] = &[" china ", " congo ", " korea ", " yemen "];

/// Words behind a comma that tell no country from another of the same name.
const OF_STATES: &[&str] = &[
    "arab",
    "bolivarian",
    "democratic",
    "federal",
    "federated",
    "former",
    "islamic",
    "kingdom",
    "of",
    "people's",
    "plurinational",
    "republic",
    "socialist",
    "state",
    "states",
    "the",
    "union",
    "united",
];

/// The countries that a text is about.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Those that reports of the index are about: what they are called in the text and by metadata, folded.
    pub known: Vec<String>,
    /// The same of those that only what is of them tells: `Ghanaian courts`, but also `Ghanaian children in Togo`.
    pub of_known: Vec<String>,
    /// The short names of countries that no report is about.
    pub others: Vec<&'static str>,
    /// What these may be called, folded.
    pub names: Vec<String>,
}

impl About {
    /// Whether folded words name one of the countries that no report is about.
    pub fn has_other(&self, words: &str) -> bool {
        self.names.iter().any(|name| has(words, name))
    }
}

impl Countries {
    /// The countries that a text names.
    pub fn about(&self, text: &str) -> About {
        self.of_mentions(text, mentions(text))
    }

    /// The countries that a text names, without those that only what is of them tells.
    pub fn about_by_names(&self, text: &str) -> About {
        let mut names = mentions(text);
        names.retain(|mention| !mention.is_adjective);
        self.of_mentions(text, names)
    }

    /// Whether no report says of which country it is.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    fn of_mentions(&self, text: &str, mentions: Vec<Mention>) -> About {
        let mut about = About::default();
        let mut rest = String::new();
        let mut end = 0;
        for Mention { country, is_adjective, bytes } in mentions {
            let own = country.names.iter().filter(|name| self.has(name));
            let own: Vec<String> = own.flat_map(|name| self.named(name).0).collect();
            match (own.is_empty(), is_adjective) {
                (false, false) => about.known.extend(own),
                (false, true) => {
                    about.of_known.extend(own.into_iter().chain(country.adjectives.clone()))
                }
                (true, _) => {
                    // `Guinea` is not named by `Equatorial Guinea`.
                    rest.push_str(text.get(end..bytes.start).unwrap_or_default());
                    rest.push(';');
                    end = bytes.end;
                    about.others.push(country.name);
                    about.names.extend(country.names.iter().chain(&country.adjectives).cloned());
                }
            }
        }
        rest.push_str(text.get(end..).unwrap_or_default());
        about.known.extend(self.named(&folded_words(&rest)).0);
        about.others.sort_unstable();
        about.others.dedup();
        for names in [&mut about.known, &mut about.of_known, &mut about.names] {
            names.sort_unstable();
            names.dedup();
        }
        about
    }

    /// Of the names that metadata has, as they are written.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Countries {
        let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names {
            let folded = folded_words(name);
            for form in forms(name).into_iter().filter(|form| !form.trim().is_empty()) {
                let names = known.entry(form).or_default();
                if !names.contains(&folded) {
                    names.push(folded.clone());
                }
            }
        }
        let mut forms: Vec<_> = known.into_iter().collect();
        forms.sort_by(|(a, _), (b, _)| (b.len(), a).cmp(&(a.len(), b)));
        Countries { forms }
    }

    /// The countries that folded words name, by what they are called there and by how metadata writes them, and the
    /// words without them.
    pub fn named(&self, words: &str) -> (Vec<String>, String) {
        let mut rest = words.to_owned();
        let mut found = Vec::new();
        for (form, names) in &self.forms {
            if has(&rest, form) {
                rest = rest.replace(form.as_str(), " ");
                found.push(form.clone());
                found.extend(names.iter().cloned());
            }
        }
        found.sort_unstable();
        found.dedup();
        (found, rest)
    }

    /// The country that folded words begin with: its names in metadata, and how many words it has.
    pub fn first(&self, words: &[&str]) -> Option<(&[String], usize)> {
        let begins = |form: &str| {
            let mut words = words.iter();
            form.split_whitespace().all(|word| words.next() == Some(&word))
        };
        let (form, names) = self.forms.iter().find(|(form, _)| begins(form))?;
        Some((names, form.split_whitespace().count()))
    }

    /// Whether folded words are what a country is called.
    pub fn has(&self, words: &str) -> bool {
        self.forms.iter().any(|(form, _)| form == words)
    }
}

/// Whether two names that metadata has may be one country's: `Moldova` and `Moldova, Republic of`.
pub fn are_of_one_country(one: &str, other: &str) -> bool {
    let others = forms(other);
    forms(one).iter().any(|form| others.contains(form))
}

/// What a country may be called that metadata writes so.
pub fn forms(name: &str) -> Vec<String> {
    let mut forms = vec![folded_words(name)];
    // `Burma (Myanmar)` is either.
    if let Some((before, inside)) = name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
        forms.extend([before, inside].map(folded_words));
    }
    if let Some((head, tail)) = name.split_once(", ") {
        let (head, tail) = (folded_words(head), folded_words(tail));
        forms.push(format!("{}{}", tail, head.trim_start()));
        if let Some(of) = tail.strip_suffix(" of the ") {
            forms.push(format!("{of} of{head}"));
        }
        let is_of_states = tail.split_whitespace().all(|word| OF_STATES.contains(&word));
        if is_of_states && !SHARED.contains(&head.as_str()) {
            forms.push(head);
        }
    }
    forms.retain(|form| form != " the ");
    forms
}
