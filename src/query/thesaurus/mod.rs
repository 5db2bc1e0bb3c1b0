//! A thesaurus: what else a word or a phrase is called. Groups, any of whose members stands for any other,
//! and rules that hold in one direction, from TOML, from lists of words, or from SKOS in Turtle.
//!
//! ```
//! use tipsearch::query::Thesaurus;
//! let own = "built_in = false\ngroups = [['border guards', 'frontier guards']]";
//! let thesaurus = Thesaurus::of(&[(own.to_owned(), "own.toml".into())])?;
//! assert_eq!(thesaurus.len(), 2);
//! # Ok::<(), tipsearch::error::Error>(())
//! ```

mod csv;
mod skos;
mod toml;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use super::PhraseTerm;
use super::chunk::single_file;
use crate::analyze::{self, Analyzer};
use crate::error::{Error, Result};

/// The largest file that is read, in bytes.
pub const LARGEST_THESAURUS: u64 = 1 << 20;

/// The most entries of a thesaurus, all files together.
const MOST_ENTRIES: usize = 10_000;

/// The most words of an entry: the names of treaties have so many.
const MOST_WORDS: usize = 8;

/// The most synonyms of an entry: each is one more part of every query that has it.
const MOST_SYNONYMS: usize = 20;

/// The vocabulary of reports on human trafficking, from public sources; see the file. Each of its lines is
/// a whole group or rule, or has none.
const BUILT_IN: &str = include_str!("built-in.toml");

/// All of it.
static WHOLE: LazyLock<Arc<Thesaurus>> =
    LazyLock::new(|| Arc::new(Thesaurus::of_built_in(BUILT_IN)));

/// Words and phrases with their synonyms.
#[derive(Clone, Debug, Default)]
pub struct Thesaurus {
    entries: Vec<Entry>,
    /// The entries by their terms, with blanks between them.
    places: FxHashMap<String, usize>,
    /// The entries by the first of their content terms, those with most words first.
    first: FxHashMap<String, Vec<usize>>,
    /// Of everything that was added; see [`Thesaurus::digest`].
    digest: u32,
}

/// A word or phrase, and what else it is called.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The word or phrase itself.
    pub name: Arc<Synonym>,
    /// Where those of its words are that are no stop words: prose leaves these out.
    pub content: Vec<usize>,
    /// `TIP` and `NGO`: their other forms (`tipped`) are other words.
    pub is_abbreviation: bool,
    /// What else it is called.
    pub synonyms: Vec<Arc<Synonym>>,
}

/// What else something is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Synonym {
    /// As it was written.
    pub written: String,
    /// Its words; at least one.
    pub terms: Vec<PhraseTerm>,
}

/// What a file says.
struct Rule {
    /// Where it stands in the file, for messages.
    place: String,
    /// Words and phrases that are also called by any of `to`; none: those of `to` are a group.
    from: Vec<String>,
    to: Vec<String>,
}

/// Rules, and whether they stand beside those built in.
struct File {
    rules: Vec<Rule>,
    is_beside: bool,
}

/// A fault of a file: the line, and what is wrong there.
type Faulty<T> = std::result::Result<T, String>;

impl Thesaurus {
    /// The thesaurus in the program: the vocabulary of reports on human trafficking.
    pub fn built_in() -> Arc<Thesaurus> {
        Arc::clone(&WHOLE)
    }

    /// What of the thesaurus in the program a query can be about. To read and analyze all of it takes longer
    /// than most searches.
    pub fn built_in_for(query: &str) -> Thesaurus {
        let words = query.split(|c: char| !c.is_alphanumeric()).map(analyze::folded);
        // Words with one stem begin alike: `dying` as `die`, and longer ones in three letters.
        let start = |word: String| -> String {
            let most = if word.chars().count() > 3 { 3 } else { 2 };
            word.chars().take(most).collect()
        };
        let starts: Vec<String> = words.filter(|word| !word.is_empty()).map(start).collect();
        let begins = |word: &str| starts.iter().any(|start| word.starts_with(start.as_str()));
        let is_about = |line: &&str| {
            let line = line.to_ascii_lowercase();
            !line.contains('"') || line.split(|c: char| !c.is_alphanumeric()).any(begins)
        };
        let lines = BUILT_IN.lines().filter(is_about).flat_map(|line| [line, "\n"]);
        Thesaurus::of_built_in(&lines.collect::<String>())
    }

    fn of_built_in(text: &str) -> Thesaurus {
        let mut thesaurus = Thesaurus::default();
        // A test reads it; a search goes on without it.
        let rules = toml::rules(text).map(|file| file.rules);
        let _ = rules.and_then(|rules| thesaurus.add(&rules));
        thesaurus
    }

    /// The rules of some files, each a text with its path; TOML, CSV or Turtle by the end of its name. They
    /// stand beside those built in, unless one of the files says otherwise.
    ///
    /// # Errors
    /// `Config` where a file is malformed or beyond a limit: what, in which line, and what to do.
    pub fn of(files: &[(String, PathBuf)]) -> Result<Thesaurus> {
        let fault = |path: &PathBuf| {
            let path = path.clone();
            move |message| Error::Config { path, message }
        };
        let mut read = Vec::with_capacity(files.len());
        for (text, path) in files {
            read.push((rules(path, text).map_err(fault(path))?, path));
        }
        let mut thesaurus = match read.iter().all(|(file, _)| file.is_beside) {
            true => (*Thesaurus::built_in()).clone(),
            false => Thesaurus::default(),
        };
        for (file, path) in &read {
            thesaurus.add(&file.rules).map_err(fault(path))?;
        }
        Ok(thesaurus)
    }

    /// How many words and phrases have synonyms.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A number that another thesaurus has not, but for chance.
    pub fn digest(&self) -> u32 {
        self.digest
    }

    /// The entries that may begin with this term.
    pub(super) fn beginning_with(&self, term: &str) -> impl Iterator<Item = &Entry> {
        let places = self.first.get(term).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|&place| self.entries.get(place))
    }

    fn add(&mut self, rules: &[Rule]) -> Faulty<()> {
        let mut analyzer = Analyzer::default();
        for rule in rules {
            let fault = |message: String| format!("{}: {message}", rule.place);
            let mut read = |words: &[String]| -> Faulty<Vec<Arc<Synonym>>> {
                let read = words.iter().map(|text| synonym(text, &mut analyzer).map(Arc::new));
                read.collect::<Faulty<_>>().map_err(fault)
            };
            let to = read(&rule.to)?;
            // Any member of a group stands for any other.
            let from = if rule.from.is_empty() { to.clone() } else { read(&rule.from)? };
            for entry in &from {
                self.add_entry(entry, &to).map_err(fault)?;
            }
        }
        let entries = &self.entries;
        for places in self.first.values_mut() {
            let words = |&place: &usize| entries.get(place).map_or(0, |entry| entry.content.len());
            places.sort_by_key(|place| std::cmp::Reverse(words(place)));
        }
        Ok(())
    }

    fn add_entry(&mut self, name: &Arc<Synonym>, synonyms: &[Arc<Synonym>]) -> Faulty<()> {
        if synonyms.iter().all(|synonym| same(&synonym.terms, &name.terms)) {
            return Ok(());
        }
        let mut key = String::new();
        name.terms.iter().for_each(|term| key.extend([&term.term, " "]));
        let next = self.entries.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            if next == MOST_ENTRIES {
                return Err(format!(
                    "this is more than {MOST_ENTRIES} entries; leave out what nobody searches for"
                ));
            }
            let entry = Entry::of(name);
            let first = entry.content.first().and_then(|&at| name.terms.get(at));
            let first = first.map(|term| term.term.clone()).unwrap_or_default();
            self.first.entry(first).or_default().push(place);
            self.entries.push(entry);
        }
        let Some(entry) = self.entries.get_mut(place) else { return Ok(()) };
        for synonym in synonyms {
            let known = |known: &Arc<Synonym>| same(&known.terms, &synonym.terms);
            if !known(name) && !entry.synonyms.iter().any(known) {
                entry.synonyms.push(Arc::clone(synonym));
                // FNV-1a (Fowler, Noll and Vo), 32 bits: a check against mix-ups.
                for byte in name.written.bytes().chain([0]).chain(synonym.written.bytes()) {
                    self.digest = (self.digest ^ u32::from(byte)).wrapping_mul(0x0100_0193);
                }
            }
        }
        match entry.synonyms.len() <= MOST_SYNONYMS {
            true => Ok(()),
            false => Err(format!(
                "`{}` has more than {MOST_SYNONYMS} synonyms; keep those that mean the same",
                name.written
            )),
        }
    }
}

impl Entry {
    fn of(name: &Arc<Synonym>) -> Entry {
        let terms = &name.terms;
        let is_content = |&at: &usize| !analyze::is_stop_word(&terms[at].folded);
        let mut content: Vec<usize> = (0..terms.len()).filter(is_content).collect();
        if content.is_empty() {
            content = (0..terms.len()).collect();
        }
        let is_abbreviation = terms.len() == 1 && !name.written.contains(char::is_lowercase);
        Entry { name: Arc::clone(name), content, is_abbreviation, synonyms: Vec::new() }
    }
}

fn same(one: &[PhraseTerm], other: &[PhraseTerm]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.term == other.term)
}

/// A word or phrase of a file, analyzed as a quotation is.
fn synonym(text: &str, analyzer: &mut Analyzer) -> Faulty<Synonym> {
    let tokens = single_file(analyzer.tokens(text));
    let term = |token: analyze::Token| PhraseTerm {
        folded: analyze::folded(&text[token.bytes.clone()]),
        term: token.term,
    };
    let terms: Vec<PhraseTerm> = tokens.into_iter().map(term).collect();
    let written = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match terms.len() {
        0 => Err(format!("`{written}` has no word; leave it out")),
        1..=MOST_WORDS => Ok(Synonym { written, terms }),
        words => Err(format!("`{written}` has {words} words; shorten it to {MOST_WORDS}")),
    }
}

fn rules(path: &Path, text: &str) -> Faulty<File> {
    if text.len() as u64 > LARGEST_THESAURUS {
        return Err(format!(
            "a thesaurus has {LARGEST_THESAURUS} bytes at most, and this one {}; leave out what nobody \
             searches for",
            text.len()
        ));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase());
    match end.as_deref() {
        Some("toml") => toml::rules(text),
        Some("csv" | "txt") => csv::rules(text),
        Some("ttl" | "turtle") => skos::rules(text),
        _ => Err("a thesaurus is named `.toml`, `.csv` or `.ttl` (SKOS in Turtle)".to_owned()),
    }
}
