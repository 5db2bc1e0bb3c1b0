//! Which words of a sentence a figure goes with, and whether two figures go with the same.

use rustc_hash::{FxHashMap, FxHashSet};

use super::stated::{Stated, stated, year};
use crate::analyze::{Analyzer, folded, is_stop_word};
use crate::verify::negation::is_negation;
use crate::verify::numbers::may_be_number;
use crate::verify::words::Words;

/// A word that says something.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its place among the words of the sentence.
    pub at: usize,
    /// As the index knows it.
    pub term: String,
    /// The figure that stands nearest, by index.
    owner: usize,
}

/// A sentence with its figures and the words around them.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its words.
    pub words: Words,
    /// Its figures, in order.
    pub figures: Vec<Stated>,
    /// The words that say something, in order; none where there are no figures.
    pub content: Vec<Content>,
    /// Its years, each with the figure that stands nearest.
    pub years: Vec<(i64, usize)>,
    is_negated: bool,
}

/// Words that compare figures or say how sure they are: they do not tell one figure from another.
const SAY_LITTLE: [&str; 40] = [
    "additional",
    "additionally",
    "almost",
    "approximately",
    "around",
    "compared",
    "comparison",
    "decrease",
    "decreased",
    "during",
    "estimated",
    "fewer",
    "including",
    "increase",
    "increased",
    "last",
    "least",
    "less",
    "more",
    "most",
    "nearly",
    "number",
    "numbers",
    "percent",
    "percentage",
    "period",
    "preceding",
    "previous",
    "previously",
    "prior",
    "report",
    "reported",
    "reporting",
    "respectively",
    "roughly",
    "since",
    "total",
    "versus",
    "year",
    "years",
];

/// What parts two words counts as so many words: a comma, and what ends more than a phrase.
const COMMA: usize = 3;
const CLAUSE: usize = 8;

impl Sentence {
    /// A sentence's figures, and the words that go with each.
    pub fn of(text: &str, analyzer: &mut Analyzer) -> Sentence {
        let words = Words::of(text.to_owned(), Vec::new());
        let figures = stated(&words);
        let is_negated = words.keys().any(is_negation);
        let (content_words, years) = (Vec::new(), Vec::new());
        let mut sentence = Sentence { words, figures, content: content_words, years, is_negated };
        if sentence.figures.is_empty() {
            return sentence;
        }
        let places = places(&sentence.words);
        for at in 0..sentence.words.len() {
            let owner = sentence.nearest(at, &places);
            if let Some(year) = year(&sentence.words, at) {
                sentence.years.push((year, owner));
            } else if let Some(term) = content(&sentence.words, at, analyzer) {
                sentence.content.push(Content { at, term, owner });
            }
        }
        sentence
    }

    /// The figure that stands nearest to a word; of two, the first.
    fn nearest(&self, at: usize, places: &[usize]) -> usize {
        let place = |at: usize| places.get(at).copied().unwrap_or_default();
        let distance = |figure: &Stated| match at < figure.words.start {
            true => place(figure.words.start) - place(at),
            false => place(at).saturating_sub(place(figure.words.end - 1)),
        };
        let nearest = self.figures.iter().enumerate().min_by_key(|(_, figure)| distance(figure));
        nearest.map_or(0, |(index, _)| index)
    }

    /// The terms that go with a figure. What goes with one before it counts where nothing between the two
    /// says something else than `shared`: `convicted 19 offenders in 2013, compared with 12 offenders`.
    fn own(&self, figure: usize, shared: &FxHashSet<&str>) -> FxHashSet<&str> {
        let mut own: FxHashSet<&str> = self.owned(figure).map(|word| word.term.as_str()).collect();
        let start = |index: usize| self.figures.get(index).map_or(0, |figure| figure.words.start);
        for before in (0..figure).rev() {
            let (from, to) = (start(before), start(before + 1));
            let mut between = self.content.iter().filter(|word| (from..to).contains(&word.at));
            if !between.all(|word| shared.contains(word.term.as_str())) {
                break;
            }
            own.extend(self.owned(before).filter(|word| word.at < from).map(|it| it.term.as_str()));
        }
        own
    }

    fn owned(&self, figure: usize) -> impl Iterator<Item = &Content> {
        self.content.iter().filter(move |word| word.owner == figure)
    }

    /// The years of a figure: those that stand nearest to it, else all of the sentence.
    fn years_of(&self, figure: usize) -> Vec<i64> {
        let years = |is_own: bool| {
            let wanted = self.years.iter().filter(move |(_, owner)| !is_own || *owner == figure);
            wanted.map(|(year, _)| *year).collect::<Vec<i64>>()
        };
        let own = years(true);
        if own.is_empty() { years(false) } else { own }
    }
}

/// The places of words on a line on which a comma and the end of a clause take up room.
fn places(words: &Words) -> Vec<usize> {
    let mut place = 0;
    let of = |at: usize| {
        let gap = words.gap(at);
        let is_clause = gap.contains([';', ':', '(', ')', '—']) || gap.contains(" – ");
        place += match (is_clause, gap.contains(',')) {
            (true, _) => CLAUSE,
            (_, true) => COMMA,
            _ => 1,
        };
        place
    };
    (0..words.len()).map(of).collect()
}

/// The term of a word that says something: no stop word, number or word of comparison.
fn content(words: &Words, at: usize, analyzer: &mut Analyzer) -> Option<String> {
    let key = words.key(at)?;
    if may_be_number(key) || SAY_LITTLE.binary_search(&key).is_ok() || is_negation(key) {
        return None;
    }
    let written = words.written(at);
    let word = folded(written);
    if word.len() < 2 || is_stop_word(&word) {
        return None;
    }
    analyzer.tokens(written).into_iter().next_back().map(|token| token.term)
}

/// A figure with what it must go with.
#[derive(Clone, Debug)]
pub struct Wanted {
    sentence: Sentence,
    figure: usize,
    /// The terms nearest to it.
    own: Vec<String>,
    /// All that are asked for, each with its weight and how it is written.
    terms: Vec<(String, f64, String)>,
}

/// How a figure of the corpus fits one that is wanted.
#[derive(Clone, Debug)]
pub struct Fit {
    /// It has the same value and counts the same.
    pub is_same: bool,
    /// It is of a year that is asked for, or nothing is known about that.
    pub is_of_year: bool,
    /// Both say so, or both say that it is not so.
    pub is_of_sense: bool,
    /// The share of the words, by weight.
    pub share: f64,
    /// The words that do not stand there, as they are written.
    pub missing: Vec<String>,
}

/// What is known of a sentence's surroundings.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The terms of title and headings.
    pub terms: FxHashSet<String>,
    /// The years that title and headings name, and that of the report.
    pub years: Vec<i64>,
}

/// Fewer words around a figure do not tell which it is: then all of its sentence are asked for.
const FEWEST_OWN: usize = 3;

/// So much of the words, by weight, must go with a figure.
const LEAST_SHARE: f64 = 0.7;

/// And so much of those nearest to it.
const LEAST_OWN: f64 = 0.5;

/// So many words must stand in the sentence itself.
const FEWEST_HERE: usize = 2;

impl Wanted {
    /// A figure of a sentence; `weights` says how much a term counts, 0 where it is no part of the context.
    pub fn of(sentence: Sentence, figure: usize, weights: &FxHashMap<String, f64>) -> Wanted {
        let weight = |word: &Content| weights.get(&word.term).copied().unwrap_or_default();
        let own: FxHashSet<&str> = sentence.own(figure, &FxHashSet::default());
        let mut own: Vec<String> = own.into_iter().map(str::to_owned).collect();
        own.retain(|term| weights.get(term).is_some_and(|&weight| weight > 0.0));
        own.sort_unstable();
        let mut terms: Vec<(String, f64, String)> = Vec::new();
        for word in sentence.content.iter().filter(|word| weight(word) > 0.0) {
            let is_wanted = own.len() < FEWEST_OWN || own.contains(&word.term);
            if is_wanted && !terms.iter().any(|(term, _, _)| *term == word.term) {
                let written = sentence.words.written(word.at).to_owned();
                terms.push((word.term.clone(), weight(word), written));
            }
        }
        Wanted { sentence, figure, own, terms }
    }

    /// The words that are asked for, as they are written.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|(_, _, written)| written.as_str())
    }

    /// Whether a figure of the corpus goes with the words; `None` where it does not.
    pub fn fit(&self, source: &Sentence, figure: usize, frame: &Frame) -> Option<Fit> {
        let (asked, found) = (self.figure()?, source.figures.get(figure)?);
        if asked.unit != found.unit {
            return None;
        }
        let shared: FxHashSet<&str> = self.own.iter().map(String::as_str).collect();
        let own = source.own(figure, &shared);
        let near = self.own.iter().filter(|term| own.contains(term.as_str())).count() as f64;
        if near <= self.own.len() as f64 * LEAST_OWN && !self.own.is_empty() {
            return None;
        }
        let stated: FxHashSet<&str> =
            self.sentence.figures.iter().map(|figure| figure.value.as_str()).collect();
        let with = source.content.iter().filter(|word| {
            let owner = source.figures.get(word.owner);
            owner.is_some_and(|owner| stated.contains(owner.value.as_str()))
        });
        let mut here = own;
        here.extend(with.map(|word| word.term.as_str()));
        let is_here = |term: &String| here.contains(term.as_str());
        let all: f64 = self.terms.iter().map(|(_, weight, _)| weight).sum();
        let there =
            self.terms.iter().filter(|(term, _, _)| is_here(term) || frame.terms.contains(term));
        let share = there.map(|(_, weight, _)| weight).sum::<f64>() / all;
        let count = self.terms.iter().filter(|(term, _, _)| is_here(term)).count();
        if share < LEAST_SHARE || count < FEWEST_HERE.min(self.terms.len()) {
            return None;
        }
        let missing = self.terms.iter().filter(|(term, _, _)| !is_here(term));
        Some(Fit {
            is_same: asked.value == found.value,
            is_of_year: self.is_of_year(source, figure, frame),
            is_of_sense: self.sentence.is_negated == source.is_negated,
            share,
            missing: missing.map(|(_, _, written)| written.clone()).collect(),
        })
    }

    fn figure(&self) -> Option<&Stated> {
        self.sentence.figures.get(self.figure)
    }

    /// The years that are asked for against those of a figure, or, where its sentence has none, of its report,
    /// which may tell of the year before.
    fn is_of_year(&self, source: &Sentence, figure: usize, frame: &Frame) -> bool {
        let asked = self.sentence.years_of(self.figure);
        let found = source.years_of(figure);
        let is_asked = |year: &i64| asked.contains(year);
        match (asked.is_empty(), found.is_empty()) {
            (true, _) => true,
            (false, false) => found.iter().any(is_asked),
            (false, true) => {
                frame.years.is_empty()
                    || frame.years.iter().any(|year| is_asked(year) || is_asked(&(year - 1)))
            }
        }
    }
}
