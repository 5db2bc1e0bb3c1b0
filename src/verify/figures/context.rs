//! Which words of a sentence a figure goes with.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::money::is_currency;
use super::names::is_month;
use super::sense::{Denial, denials, runs_on};
use super::spelling::american;
use super::stated::{Stated, Unit, numbers, year};
use super::years::{self, Year};
use crate::analyze::{Analyzer, folded, is_stop_word};
use crate::verify::gaps::is_quote;
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
    /// The figure that stands nearest, by index; of several the age counts for less: in `998,000 children ages 5 to 17
    /// engaged in child labor` all words are about the first.
    pub owner: usize,
    /// The figure or age that stands nearest.
    nearest: usize,
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
    /// What each figure counts: the terms right behind it, or of the figure that it is a part of.
    pub counted: Vec<Vec<String>>,
    /// The noun that each figure counts, where it is in the plural: its place and its term.
    pub things: Vec<Option<(usize, String)>>,
    /// Its years, each with the figure that it is of.
    pub years: Vec<Year>,
    /// What it denies.
    pub denials: Vec<Denial>,
}

/// Words that compare figures, say how sure they are or that something was done: they do not tell one figure from
/// another.
const SAY_LITTLE: [&str; 72] = [
    "according",
    "additional",
    "additionally",
    "age",
    "aged",
    "ages",
    "almost",
    "also",
    "another",
    "approximately",
    "around",
    "carried",
    "cent",
    "compared",
    "comparison",
    "decrease",
    "decreased",
    "during",
    "estimated",
    "exceeding",
    "fewer",
    "gave",
    "give",
    "given",
    "gives",
    "greater",
    "held",
    "including",
    "increase",
    "increased",
    "last",
    "least",
    "less",
    "made",
    "make",
    "maximum",
    "minimum",
    "more",
    "most",
    "nearly",
    "number",
    "numbers",
    "old",
    "over",
    "per",
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
    "said",
    "say",
    "says",
    "see",
    "since",
    "some",
    "taken",
    "took",
    "total",
    "under",
    "up",
    "versus",
    "year",
    "years",
    "yet",
];

/// What parts two words counts as so many words: a comma, and what ends more than a phrase.
const COMMA: usize = 3;
const CLAUSE: usize = 8;

impl Sentence {
    /// A sentence's figures, and the words that go with each.
    pub fn of(text: &str, analyzer: &mut Analyzer) -> Sentence {
        let words = Words::of(text.to_owned(), Vec::new());
        let numbers = numbers(&words);
        let mut sentence = Sentence {
            words,
            figures: numbers.figures,
            content: Vec::new(),
            counted: Vec::new(),
            things: Vec::new(),
            years: Vec::new(),
            denials: Vec::new(),
        };
        if sentence.figures.is_empty() {
            return sentence;
        }
        let counted = counted_words(&sentence.words, &sentence.figures);
        let places = places(&sentence.words, &sentence.figures);
        let owner = |sentence: &Sentence, at: usize| {
            let owner = sentence.nearest(at, &places, true);
            // What is said of `5 of 65 officials` is said of the 5.
            let is_behind = counted.get(owner).is_some_and(|counted| at >= counted.end);
            let is_of_part = is_behind && is_whole(&sentence.words, &sentence.figures, owner);
            owner - usize::from(is_of_part && owner > 0)
        };
        for at in 0..sentence.words.len() {
            if year(&sentence.words, at).is_none()
                && !numbers.named_by.contains(&at)
                && let Some(term) = content(&sentence.words, at, analyzer)
            {
                let owner = owner(&sentence, at);
                let nearest = sentence.nearest(at, &places, false);
                sentence.content.push(Content { at, term, owner, nearest });
            }
        }
        let nearest = |at: usize| owner(&sentence, at);
        sentence.years = years::years(&sentence.words, &sentence.figures, nearest);
        let content: Vec<usize> = sentence.content.iter().map(|word| word.at).collect();
        sentence.denials = denials(&sentence.words, &content);
        let place = |at: usize| sentence.content.partition_point(|word| word.at < at);
        let terms = |range: &Range<usize>| {
            let words = sentence.content.get(place(range.start)..place(range.end));
            words.unwrap_or_default().iter().map(|word| word.term.clone()).collect()
        };
        let thing = |range: &Range<usize>| {
            let at = thing_in(&sentence.words, range)?;
            let word = sentence.content.get(place(at)).filter(|word| word.at == at)?;
            Some((at, word.term.clone()))
        };
        sentence.things = counted.iter().map(thing).collect();
        sentence.counted = counted.iter().map(terms).collect();
        sentence
    }

    /// The figure that stands nearest to a word; of two, the first. Without ages, where there are others.
    fn nearest(&self, at: usize, places: &[usize], without_ages: bool) -> usize {
        let place = |at: usize| places.get(at).copied().unwrap_or_default();
        let distance = |figure: &Stated| match at < figure.words.start {
            true => place(figure.words.start) - place(at),
            false => place(at).saturating_sub(place(figure.words.end - 1)),
        };
        let is_age = |figure: &Stated| figure.unit == Unit::Age;
        let without_ages = without_ages && !self.figures.iter().all(is_age);
        let figures = self.figures.iter().enumerate();
        let figures = figures.filter(|(_, figure)| !(without_ages && is_age(figure)));
        figures.min_by_key(|(_, figure)| distance(figure)).map_or(0, |(index, _)| index)
    }

    /// The terms that go with a figure. What goes with another counts where nothing between the two says something
    /// else than `shared`: `convicted 19 offenders in 2013, compared with 12 offenders`, `90 percent of Argentina’s and
    /// 60 percent of the world’s tea`.
    pub fn own(&self, figure: usize, shared: &FxHashSet<&str>) -> FxHashSet<&str> {
        let mut own: FxHashSet<&str> = self.owned(figure).map(|word| word.term.as_str()).collect();
        own.extend(self.counted(figure));
        let is_part = |figure: usize| is_part(&self.words, &self.figures, figure);
        let start = |index: usize| self.figures.get(index).map_or(0, |figure| figure.words.start);
        let counts = |other: &usize| !self.is_age(*other) || self.is_age(figure);
        let says_else = |from: usize, to: usize| {
            let mut between = self.content.iter().filter(|word| (from..to).contains(&word.at));
            between.any(|word| !shared.contains(word.term.as_str()))
        };
        let mut last = figure;
        for before in (0..figure).rev().filter(counts) {
            let from = start(before);
            if is_part(last) || says_else(from, start(last)) {
                break;
            }
            own.extend(self.owned(before).filter(|word| word.at < from).map(|it| it.term.as_str()));
            last = before;
        }
        last = figure;
        for after in (figure + 1..self.figures.len()).filter(counts) {
            let from = start(after);
            if is_part(after) || says_else(start(last), from) {
                break;
            }
            own.extend(self.owned(after).filter(|word| word.at > from).map(|it| it.term.as_str()));
            last = after;
        }
        own
    }

    /// What a figure counts, as terms.
    pub fn counted(&self, figure: usize) -> impl Iterator<Item = &str> + Clone {
        self.counted.get(figure).into_iter().flatten().map(String::as_str)
    }

    /// The noun that a figure counts, where it is in the plural: its place and its term.
    pub fn thing(&self, figure: usize) -> Option<(usize, &str)> {
        let thing = self.things.get(figure)?.as_ref();
        thing.map(|(at, term)| (*at, term.as_str()))
    }

    /// The terms that are said of parts of what figures count, other than one: `65 officials, 5 of whom were
    /// prosecuted`.
    pub fn of_parts(&self, figure: usize) -> FxHashSet<&str> {
        let parts = (0..self.figures.len())
            .filter(|&part| part != figure && is_part(&self.words, &self.figures, part));
        let said = parts.flat_map(|part| {
            let start = self.figures.get(part).map_or(0, |part| part.words.start);
            self.owned(part).filter(move |word| word.at > start)
        });
        said.map(|word| word.term.as_str()).collect()
    }

    fn is_age(&self, figure: usize) -> bool {
        self.figures.get(figure).is_some_and(|figure| figure.unit == Unit::Age)
    }

    pub fn owned(&self, figure: usize) -> impl Iterator<Item = &Content> {
        let is_age = self.is_age(figure);
        self.content.iter().filter(move |word| match is_age {
            true => word.nearest == figure,
            false => word.owner == figure,
        })
    }

    /// The years of a figure.
    pub fn years_of(&self, figure: usize) -> Vec<i64> {
        years::of_figure(&self.years, figure)
    }

    /// The years that a figure is not of, as the sentence says.
    pub fn other_years(&self, figure: usize) -> Vec<i64> {
        years::not_of_figure(&self.years, figure)
    }
}

/// The places of words on a line on which a comma and the end of a clause take up room, and so does `and` before a
/// figure: `72,332 children raise bovines and 20,680 raise sheep`.
fn places(words: &Words, figures: &[Stated]) -> Vec<usize> {
    let mut place = 0;
    let is_and = |at: usize| matches!(words.key(at), Some("and" | "or" | "but"));
    let parts: FxHashSet<usize> =
        (0..figures.len()).filter_map(|part| start_of_part(words, figures, part)).collect();
    let commas = commas_between(words, figures);
    let of = |at: usize| {
        let gap = words.gap(at);
        let is_clause = gap.contains([';', ':', '(', ')', '—'])
            || gap.contains(" – ")
            || runs_on(words, at)
            || is_and(at) && figures.iter().any(|figure| figure.words.start == at + 1)
            || parts.contains(&at)
            || commas.contains(&at);
        place += match (is_clause, gap.contains(',')) {
            (true, _) => CLAUSE,
            (_, true) => COMMA,
            _ => 1,
        };
        place
    };
    (0..words.len()).map(of).collect()
}

/// The words behind the commas that part one figure's clause from the next: the only comma between two figures, but for
/// those of a list, or the one right before the second.
fn commas_between(words: &Words, figures: &[Stated]) -> FxHashSet<usize> {
    let counts: Vec<&Stated> = figures.iter().filter(|figure| figure.unit != Unit::Age).collect();
    let between = |pair: &[&Stated]| {
        let &[one, other] = pair else { return None };
        let has_comma = |at: &usize| words.gap(*at).contains(',');
        let commas: Vec<usize> = (one.words.end..=other.words.start).filter(has_comma).collect();
        let last = *commas.last()?;
        match commas.get(..commas.len() - length_of_list(words, &commas)) {
            Some(&[only]) => Some(only),
            _ => (last == other.words.start).then_some(last),
        }
    };
    counts.windows(2).filter_map(between).collect()
}

/// How many of some commas, given by the words behind them, part the items of a list at the end: two of
/// `the states of Mu, Oz, and Ur`.
fn length_of_list(words: &Words, commas: &[usize]) -> usize {
    const LONGEST_ITEM: usize = 2;
    let ends = commas.last().is_some_and(|&at| matches!(words.key(at), Some("and" | "or")));
    let mut pairs = commas.windows(2).rev();
    let is_short = |pair: &&[usize]| matches!(pair, [from, to] if to - from <= LONGEST_ITEM);
    match pairs.by_ref().take_while(is_short).count() {
        items if items > 0 && ends => items + 1,
        _ => 0,
    }
}

/// The words that each figure counts: those right behind it, at most four. One with none counts what the figure before
/// it does, and in `5 of 65 officials` what the one behind it does.
fn counted_words(words: &Words, figures: &[Stated]) -> Vec<Range<usize>> {
    let mut counted: Vec<Range<usize>> = Vec::new();
    for (index, figure) in figures.iter().enumerate() {
        let behind = words_behind(words, figure);
        let before = counted.last().filter(|_| behind.is_empty() && figure.unit == Unit::Count);
        counted.push(before.cloned().unwrap_or(behind));
        if let Some(whole) = counted.get(index).cloned()
            && is_whole(words, figures, index)
            && let Some(part) = index.checked_sub(1).and_then(|part| counted.get_mut(part))
        {
            *part = whole;
        }
    }
    counted
}

fn words_behind(words: &Words, figure: &Stated) -> Range<usize> {
    const MOST: usize = 4;
    let is = |at: usize, keys: &[&str]| words.key(at).is_some_and(|key| keys.contains(&key));
    let mut start = figure.words.end;
    if is(start, &["of"]) {
        start += if is(start + 1, &["the", "its", "these", "those"]) { 2 } else { 1 };
    }
    let goes_on = |at: &usize| {
        let says = |key: &str| !is_stop_word(&folded(key)) && !may_be_number(key);
        words.gap(*at).chars().all(|c| c.is_whitespace() || c == '-' || is_quote(c))
            && words.key(*at).is_some_and(says)
    };
    // `12 companies employing children` are no children.
    let is_verb = |at: usize| {
        let before = at.checked_sub(1).filter(|&before| before >= start);
        before.and_then(|before| words.key(before)).is_some_and(is_plural)
            && words.key(at).is_some_and(|key| key.ends_with("ing") || key.ends_with("ed"))
    };
    let counted = (start..words.len()).take_while(|at| goes_on(at) && !is_verb(*at));
    start..start + counted.take(MOST).count()
}

/// The noun that is counted among the words behind a figure: the first in the plural, or the last of several in a row
/// (`20 human rights violations`).
fn thing_in(words: &Words, counted: &Range<usize>) -> Option<usize> {
    let is_thing = |at: &usize| words.key(*at).is_some_and(is_plural);
    let first = counted.clone().find(is_thing)?;
    (first..counted.end).take_while(is_thing).last()
}

/// Whether a word can hardly be anything but things or persons.
fn is_plural(key: &str) -> bool {
    let ends_otherwise = ["ss", "us", "is", "'s", "’s"].iter().any(|end| key.ends_with(end));
    key.len() > 3 && key.ends_with('s') && !ends_otherwise
        || matches!(key, "children" | "men" | "people" | "policemen" | "women")
}

/// Whether a figure is a part of what another counts: `5 of whom`, `of which 5`, `5 of 65`.
fn is_part(words: &Words, figures: &[Stated], figure: usize) -> bool {
    start_of_part(words, figures, figure).is_some() || is_whole(words, figures, figure + 1)
}

/// Where what is said of a part begins.
fn start_of_part(words: &Words, figures: &[Stated], figure: usize) -> Option<usize> {
    let number = &figures.get(figure)?.words;
    let is_of = |at: usize| {
        words.key(at) == Some("of")
            && matches!(words.key(at + 1), Some("them" | "these" | "which" | "whom"))
    };
    let before = number.start.checked_sub(2);
    match before.filter(|&at| is_of(at)) {
        Some(at) => Some(at),
        // `all three of these cases` are no part.
        None => (is_of(number.end) && !is_all(words, number)).then_some(number.start),
    }
}

fn is_all(words: &Words, number: &Range<usize>) -> bool {
    number.start.checked_sub(1).is_some_and(|before| words.key(before) == Some("all"))
}

/// Whether a figure is that of which the one before it is a part: `5 of 65`, `5 of the 65`.
fn is_whole(words: &Words, figures: &[Stated], figure: usize) -> bool {
    let Some([part, whole]) = figure.checked_sub(1).and_then(|part| figures.get(part..=figure))
    else {
        return false;
    };
    let between: Vec<&str> =
        (part.words.end..whole.words.start).filter_map(|at| words.key(at)).collect();
    part.unit == whole.unit
        && matches!(
            between.as_slice(),
            ["of"] | ["of", "the" | "these" | "its" | "all"] | ["out", "of"] | ["out", "of", "the"]
        )
}

/// The term of a word that says something: no stop word, number or word of comparison.
fn content(words: &Words, at: usize, analyzer: &mut Analyzer) -> Option<String> {
    let key = words.key(at)?;
    let says_little = SAY_LITTLE.binary_search(&key).is_ok() || is_month(words, Some(at));
    if may_be_number(key) || says_little || is_negation(key) || is_currency(words, at) {
        return None;
    }
    let written = words.written(at);
    let word = folded(written);
    if word.len() < 2 || is_stop_word(&word) {
        return None;
    }
    analyzer.tokens(&american(&word)).into_iter().next_back().map(|token| token.term)
}
