//! Whether a figure of the corpus is the one that a draft states: the words around both, what they count, when, on
//! which side, and what is denied.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::ages::may_be_age;
use super::context::{Content, Sentence};
use super::counted::{are_alike, is_anybody};
use super::deeds::{exclude, is_beside_same};
use super::durations::{Period, is_as_long, may_be_time};
use super::sense::{Said, is_unreal, rises, speaks_of_unreal};
use super::stated::{Bound, Stated, Unit};
use super::when::Places;

/// What the words of a claim weigh: the logarithm of how few passages have them.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// By term; 0 where it is no part of the context.
    pub terms: FxHashMap<String, f64>,
    /// Those of figures, by value.
    pub values: FxHashMap<String, f64>,
    /// The years of the headings over the claim.
    pub headings: Vec<i64>,
}

/// A figure with what it must go with.
#[derive(Clone, Debug)]
pub struct Wanted {
    sentence: Rc<Sentence>,
    figure: usize,
    /// The terms nearest to it.
    own: Vec<String>,
    /// The terms of its sentence that weigh something.
    weighed: FxHashSet<String>,
    /// All that are asked for, each with its weight and how it is written.
    terms: Vec<(String, f64, String)>,
    /// The years of the headings over its sentence.
    headings: Vec<i64>,
    /// What the figure itself weighs: one that stands in few passages tells itself which it is.
    value: f64,
}

/// How a figure of the corpus fits one that is wanted.
#[derive(Clone, Debug)]
pub struct Fit {
    /// It has the same value and counts the same.
    pub is_same: bool,
    /// It is of a year that is asked for, or nothing is known about that.
    pub is_of_year: bool,
    /// Not one is at least, and the other at most.
    pub is_of_side: bool,
    /// Both say so, or both say that it is not so.
    pub is_of_sense: bool,
    /// Not one says that it became more, and the other less.
    pub is_of_direction: bool,
    /// Not one says what was done to it, and the other what excludes that.
    pub is_of_deed: bool,
    /// It counts what is asked for, as far as its sentence tells.
    pub is_of_thing: bool,
    /// The share of the words, by weight.
    pub share: f64,
    /// How near to the figures the words stand that both have.
    pub closeness: f64,
    /// The words that do not stand there, as they are written.
    pub missing: Vec<String>,
}

/// What the sentences before a sentence say, of which it may be understood.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Their terms.
    pub terms: FxHashSet<String>,
    /// The years of the last that names any.
    pub years: Vec<i64>,
    /// Whether what follows is of these years too: that sentence begins with one, or is the one right before.
    pub goes_on: bool,
}

/// What is known of a sentence's surroundings.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The terms of title and headings.
    pub terms: FxHashSet<String>,
    /// The years that title and headings name, and that of the report.
    pub years: Vec<i64>,
    /// The year before that of the report, where it tells of that.
    pub year_before: Option<i64>,
}

/// Fewer words around a figure do not tell which it is: then all of its sentence are asked for.
const FEWEST_OWN: usize = 3;

/// What is then nearer to other figures counts for less.
const SHARE_OF_OTHERS: f64 = 0.5;

/// So much of the words, by weight, must go with a figure.
const LEAST_SHARE: f64 = 0.7;

/// Of the same figure, so much with its own weight.
const LEAST_SHARE_OF_SAME: f64 = 0.55;

/// And so much of those nearest to it.
const LEAST_OWN: f64 = 0.5;

/// So many figures before and behind one are looked at: what a long row says of others is far from it.
const MOST_BESIDE: usize = 8;

/// So many words must stand in the sentence itself.
const FEWEST_HERE: usize = 2;

impl Wanted {
    /// A figure of a sentence.
    pub fn of(sentence: Rc<Sentence>, figure: usize, weights: &Weights) -> Wanted {
        let weight = |term: &str| weights.terms.get(term).copied().unwrap_or_default();
        let own: FxHashSet<&str> = sentence.own(figure, &FxHashSet::default());
        let mut own: Vec<String> = own.into_iter().map(str::to_owned).collect();
        own.retain(|term| weight(term) > 0.0);
        own.sort_unstable();
        let mut terms: Vec<(String, f64, String)> = Vec::new();
        for word in sentence.content.iter().filter(|word| weight(&word.term) > 0.0) {
            let is_own = own.contains(&word.term);
            let is_wanted = own.len() < FEWEST_OWN || is_own;
            if is_wanted && !terms.iter().any(|(term, _, _)| *term == word.term) {
                let written = sentence.words.written(word.at).to_owned();
                let share = if is_own { 1.0 } else { SHARE_OF_OTHERS };
                terms.push((word.term.clone(), share * weight(&word.term), written));
            }
        }
        let weighed = sentence.content.iter().filter(|word| weight(&word.term) > 0.0);
        let weighed = weighed.map(|word| word.term.clone()).collect();
        let value = sentence.figures.get(figure).and_then(|it| weights.values.get(&it.value));
        let value = value.copied().unwrap_or_default();
        let headings = weights.headings.clone();
        Wanted { sentence, figure, own, weighed, terms, headings, value }
    }

    /// The words that are asked for, as they are written.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|(_, _, written)| written.as_str())
    }

    /// Whether a figure of the corpus goes with the words; `None` where it does not. One with the same value may be
    /// understood of the sentences `before` it.
    pub fn fit(
        &self,
        source: &Sentence,
        figure: usize,
        frame: &Frame,
        before: impl FnOnce() -> Before,
    ) -> Option<Fit> {
        let (asked, found) = (self.figure()?, source.figures.get(figure)?);
        let is_same = is_same(asked, found);
        if !self.may_be(source, figure, is_same)
            || !self.is_near(source, figure, is_same)
            || self.is_of_another(source, figure, is_same)
        {
            return None;
        }
        let here = match is_same {
            true => source.content.iter().map(|word| word.term.as_str()).collect(),
            false => self.with(source, figure),
        };
        let count = self.terms.iter().filter(|(term, _, _)| here.contains(term.as_str())).count();
        if count < FEWEST_HERE.min(self.terms.len()) {
            return None;
        }
        let before = if is_same { before() } else { Before::default() };
        let (share, least) = match is_same {
            true => {
                (self.share(self.value, &here, [&frame.terms, &before.terms]), LEAST_SHARE_OF_SAME)
            }
            false => (self.share(0.0, &here, [&frame.terms, &before.terms]), LEAST_SHARE),
        };
        if share.is_nan() || share < least {
            return None;
        }
        let missing = self.terms.iter().filter(|(term, _, _)| !here.contains(term.as_str()));
        Some(Fit {
            is_same,
            is_of_year: self.is_of_year(source, figure, frame, &before),
            is_of_deed: !exclude(&self.sentence, self.figure, source, figure),
            is_of_side: asked.bound.holds_for(found.bound)
                // `children under 15`, and the report has a minimum age of 15.
                || found.bound == Bound::None && asked.unit == Unit::Age,
            is_of_sense: self.is_of_sense(source, figure),
            is_of_direction: self.is_of_direction(source, figure),
            is_of_thing: !is_same || self.is_of_thing(source, figure),
            share,
            closeness: self.closeness(source, figure),
            missing: missing.map(|(_, _, written)| written.clone()).collect(),
        })
    }

    /// Whether the same value stands in a row of a table whose words stand in other rows, so that nothing tells what it
    /// counts there: as rare as any of the words, and for a year that is asked for. The words stand before it, or it is
    /// of the country and the year.
    pub fn is_in_row(
        &self,
        source: &Sentence,
        figure: usize,
        frame: &Frame,
        is_of_country: bool,
        before: impl FnOnce() -> Before,
    ) -> bool {
        let (Some(asked), Some(found)) = (self.figure(), source.figures.get(figure)) else {
            return false;
        };
        let is_asked = |term: &str| self.terms.iter().any(|(known, _, _)| known == term);
        let is_row = source.content.len() <= source.figures.len()
            && !source.content.iter().any(|word| is_asked(&word.term));
        let heaviest = self.terms.iter().map(|(_, weight, _)| *weight).fold(0.0, f64::max);
        if asked.value != found.value
            || !is_cell_of(asked, found)
            || !is_row
            || self.value < heaviest
        {
            return false;
        }
        let before = before();
        let years = self.sentence.years_of(self.figure);
        let named = [source.years_of(figure), before.years, frame.years.clone()];
        let named = named.into_iter().find(|named| !named.is_empty()).unwrap_or_default();
        let is_of_year = years.is_empty() || named.iter().any(|year| years.contains(year));
        let share = self.share(0.0, &FxHashSet::default(), [&frame.terms, &before.terms]);
        is_of_year && (share > LEAST_OWN || is_of_country && !years.is_empty())
    }

    /// The share of the words, by weight, with what is sure.
    fn share(&self, sure: f64, here: &FxHashSet<&str>, more: [&FxHashSet<String>; 2]) -> f64 {
        let is_there = |term: &String| {
            here.contains(term.as_str()) || more.iter().any(|more| more.contains(term))
        };
        let there = self.terms.iter().filter(|(term, _, _)| is_there(term));
        let there: f64 = there.map(|(_, weight, _)| weight).sum();
        let all: f64 = self.terms.iter().map(|(_, weight, _)| weight).sum();
        (there + sure) / (all + sure)
    }

    fn figure(&self) -> Option<&Stated> {
        self.sentence.figures.get(self.figure)
    }

    /// Words that say nothing else: those nearest to the figure, and the country, which all candidates are about.
    fn shared(&self) -> FxHashSet<&str> {
        let words = self.sentence.content.iter().map(|word| word.term.as_str());
        let own = self.own.iter().map(String::as_str);
        let is_asked = |term: &&str| self.weighed.contains(*term);
        own.chain(words.filter(|term| !is_asked(term))).collect()
    }

    /// Whether two figures may be the same, or one stand in the place of the other. An age may be written as a number that
    /// counts nothing, where its sentence speaks of ages: `the minimum age is 16`; and so may a time. The same amount of other
    /// money stands in the place of what is asked for, and so does any other time.
    fn may_be(&self, source: &Sentence, figure: usize, is_same: bool) -> bool {
        let (Some(asked), Some(found)) = (self.figure(), source.figures.get(figure)) else {
            return false;
        };
        let (own, other) = (&self.sentence.words, &source.words);
        let year = Unit::Time(Period::Year);
        match (asked.unit, found.unit) {
            (Unit::Age, unit) if unit == Unit::Count || unit == year => {
                is_same && may_be_age(other, &found.words)
            }
            (unit, Unit::Age) if unit == Unit::Count || unit == year => {
                is_same && may_be_age(own, &asked.words)
            }
            (Unit::Time(period), Unit::Count) => {
                is_same && may_be_time(other, &found.words, period)
            }
            (Unit::Count, Unit::Time(period)) => is_same && may_be_time(own, &asked.words, period),
            (Unit::Time(_), Unit::Time(_)) => true,
            (Unit::Money(one), Unit::Money(other)) => one == other || asked.value == found.value,
            (one, other) => one == other,
        }
    }

    /// Whether a figure goes with more than half of the words nearest to the one that is wanted; of the same value,
    /// with so much of their weight and its own.
    fn is_near(&self, source: &Sentence, figure: usize, is_same: bool) -> bool {
        let shared = self.shared();
        let own = source.own(figure, &shared);
        let near = |term: &&String| own.contains(term.as_str());
        if self.own.is_empty()
            || is_same && is_beside_same(&self.sentence, self.figure, source, figure)
            || self.own.iter().filter(near).count() as f64 > self.own.len() as f64 * LEAST_OWN
        {
            return true;
        }
        let weight = |term: &String| self.weight(term);
        let all: f64 = self.own.iter().map(weight).sum();
        let there: f64 = self.own.iter().filter(near).map(weight).sum();
        // What the sentence says of another figure, it does not say of this one.
        let of_others = |term: &&String| {
            !own.contains(term.as_str()) && source.content.iter().any(|word| word.term == **term)
        };
        let contrary: f64 = self.own.iter().filter(of_others).map(weight).sum();
        is_same && there + self.value > (all + self.value) * LEAST_OWN && there >= contrary
    }

    /// Whether a figure is one of something else. One of what only would be is. One of another value is, where it
    /// counts something else; one of the same value, where its sentence counts by another figure what is asked for, or says it
    /// of a part only.
    fn is_of_another(&self, source: &Sentence, figure: usize, is_same: bool) -> bool {
        let start = source.figures.get(figure).map_or(0, |figure| figure.words.start);
        if is_unreal(&source.words, start) && !speaks_of_unreal(&self.sentence.words) {
            return true;
        }
        if !is_same {
            return self.counts_as(source, figure) == Some(false);
        }
        let own = source.own(figure, &self.shared());
        let of_parts = source.of_parts(figure);
        let is_of_part =
            |term: &String| !own.contains(term.as_str()) && of_parts.contains(term.as_str());
        let unit = |figure: usize| source.figures.get(figure).map(|figure| figure.unit);
        let mut others = (0..source.figures.len())
            .filter(|&other| other != figure && unit(other) == unit(figure));
        self.own.iter().any(is_of_part)
            || !is_beside_same(&self.sentence, self.figure, source, figure)
                && self.is_said_of_another(source, figure)
            || self.counts_as(source, figure) == Some(false)
                && others.any(|other| self.counts_as(source, other) == Some(true))
    }

    /// Whether a sentence says more of what is asked for of another of its figures, which may count the same: in
    /// `Lima arrested 31 traffickers, Cusco 7` what is said of Cusco is not said of the 31.
    fn is_said_of_another(&self, source: &Sentence, figure: usize) -> bool {
        let shared = self.shared();
        let said_of = |figure: usize| {
            let own = source.own(figure, &shared);
            let there = self.own.iter().filter(|term| own.contains(term.as_str()));
            there.map(|term| self.weight(term)).sum::<f64>()
        };
        let Some(found) = source.figures.get(figure) else { return false };
        let here = said_of(figure);
        let first = figure.saturating_sub(MOST_BESIDE);
        let beside = source.figures.iter().enumerate().skip(first).take(2 * MOST_BESIDE + 1);
        beside.into_iter().any(|(at, other)| {
            is_like(other.unit, found.unit)
                && other.value != found.value
                && self.counts_as(source, at) != Some(false)
                && said_of(at) > here
        })
    }

    /// Whether what is asked for is counted, or what may be called so; persons of any kind are persons. Where nothing tells
    /// which noun is counted, one that stands in the sentence may be.
    fn is_of_thing(&self, source: &Sentence, figure: usize) -> bool {
        let counts = self.figure().is_some_and(|figure| figure.unit == Unit::Count);
        let own = self.sentence.thing(self.figure).filter(|_| counts);
        let own = own.filter(|(_, term)| self.weight(term) > 0.0);
        if let (Some((_, own)), Some(thing)) = (own, source.thing(figure)) {
            return self.is_thing(own, source, thing, figure);
        }
        let mut asked = self.sentence.counted(self.figure).filter(|term| self.weight(term) > 0.0);
        let mut found = source.counted(figure).peekable();
        let stands = |term: &str| source.content.iter().any(|word| are_alike(term, &word.term));
        let is_unknown = asked.clone().next().is_none() || found.peek().is_none();
        is_unknown || found.any(is_anybody) || asked.any(|term| is_anybody(term) || stands(term))
    }

    /// Whether a noun may stand for the one that a figure counts.
    fn is_thing(
        &self,
        own: &str,
        source: &Sentence,
        (at, thing): (usize, &str),
        figure: usize,
    ) -> bool {
        let stands = || source.content.iter().any(|word| are_alike(own, &word.term));
        let mut asked = self.sentence.counted(self.figure);
        are_alike(own, thing)
            || is_anybody(own)
            || is_anybody(thing) && !source.lists(own, at)
            || source.counted(figure).any(|term| are_alike(own, term))
            || asked.any(|term| are_alike(term, thing)) && stands()
            || source.is_said_to_be(own, at)
            || (source.figures.get(figure))
                .is_some_and(|figure| source.is_done_to(own, &figure.words, at))
    }

    /// Whether a figure counts what the one that is wanted does: half of the weight of the words right behind that, or
    /// nothing else; `None` where one of them counts nothing.
    fn counts_as(&self, source: &Sentence, figure: usize) -> Option<bool> {
        let found: FxHashSet<&str> = source.counted(figure).collect();
        let asked = self.sentence.counted(self.figure).map(|term| (term, self.weight(term)));
        let asked: Vec<(&str, f64)> = asked.filter(|(_, weight)| *weight > 0.0).collect();
        if found.is_empty() || asked.is_empty() {
            return None;
        }
        let all: f64 = asked.iter().map(|(_, weight)| weight).sum();
        let there: Vec<f64> =
            asked.iter().filter(|it| found.contains(it.0)).map(|it| it.1).collect();
        Some(there.iter().sum::<f64>() >= all * LEAST_OWN || there.len() == found.len())
    }

    /// What a term weighs that is asked for.
    fn weight(&self, term: &str) -> f64 {
        let known = self.terms.iter().find(|(known, _, _)| known == term);
        known.map_or(0.0, |(_, weight, _)| *weight)
    }

    /// The terms that go with a figure, and with others that the claim states too.
    fn with<'s>(&self, source: &'s Sentence, figure: usize) -> FxHashSet<&'s str> {
        let shared = self.shared();
        let stated: FxHashSet<&str> =
            self.sentence.figures.iter().map(|figure| figure.value.as_str()).collect();
        let with = source.content.iter().filter(|word| {
            let owner = source.figures.get(word.owner);
            owner.is_some_and(|owner| stated.contains(owner.value.as_str()))
        });
        let mut here = source.own(figure, &shared);
        here.extend(with.map(|word| word.term.as_str()));
        here
    }

    fn is_of_year(&self, source: &Sentence, figure: usize, frame: &Frame, before: &Before) -> bool {
        let (asked, found) = ((&*self.sentence, self.figure), (source, figure));
        Places { asked, headings: &self.headings, found, frame, before }.are_of_one_year()
    }

    /// Whether both sentences deny the same of the figure. They do not where a word that both have is denied in one
    /// of them only; where the figure itself is; or where one denies in its clause what the other does not speak of.
    fn is_of_sense(&self, source: &Sentence, figure: usize) -> bool {
        let (own, other) = (Said::of(&self.sentence, self.figure), Said::of(source, figure));
        let is_asked = |term: &str| self.terms.iter().any(|(known, _, _)| known == term);
        let differs = |one: &Said<'_>, other: &Said<'_>| {
            let is_only =
                |term: &&&str| !one.affirmed.contains(**term) && !other.denied.contains(**term);
            let mut only = one.denied.iter().filter(is_only);
            only.any(|term| is_asked(term) && other.affirmed.contains(term))
        };
        if differs(&own, &other) || differs(&other, &own) {
            return false;
        }
        let agrees = own.denied.iter().any(|term| other.denied.contains(term));
        agrees || own.denies_figure == other.denies_figure
    }

    /// Whether not one says that the figure became more, and the other less.
    fn is_of_direction(&self, source: &Sentence, figure: usize) -> bool {
        let rises = |sentence: &Sentence, figure: usize| {
            rises(&sentence.words, sentence.figures.get(figure)?.words.start)
        };
        let both = rises(&self.sentence, self.figure).zip(rises(source, figure));
        both.is_none_or(|(own, other)| own == other)
    }

    /// Each word that both have near their figures counts the more the nearer it stands.
    fn closeness(&self, source: &Sentence, figure: usize) -> f64 {
        let distance = |sentence: &Sentence, figure: usize, word: &Content| {
            let start = sentence.figures.get(figure).map_or(0, |figure| figure.words.start);
            start.abs_diff(word.at) as f64
        };
        let near = |word: &&Content| {
            let same = source.content.iter().filter(|other| other.term == word.term);
            let distances = same.map(|other| distance(source, figure, other));
            distances.min_by(f64::total_cmp)
        };
        let own = self.sentence.owned(self.figure);
        own.filter_map(|word| {
            let there = near(&word)?;
            Some(1.0 / (1.0 + distance(&self.sentence, self.figure, word) + there))
        })
        .sum()
    }
}

/// Whether both say the same number, of one currency, or the same time.
fn is_same(asked: &Stated, found: &Stated) -> bool {
    match (asked.unit, found.unit) {
        (Unit::Money(one), Unit::Money(other)) if one != other => false,
        (Unit::Time(one), Unit::Time(other)) => {
            is_as_long((&asked.value, one), (&found.value, other))
        }
        _ => asked.value == found.value,
    }
}

/// Whether a number of a table may be what is asked for: a sign of percent stands in the head of its column.
fn is_cell_of(asked: &Stated, found: &Stated) -> bool {
    let is_share = asked.unit == Unit::Percent && found.unit == Unit::Count;
    asked.unit == found.unit || is_share && found.value.contains('.')
}

/// Whether two units are the same, or both of time.
fn is_like(one: Unit, other: Unit) -> bool {
    one == other || matches!((one, other), (Unit::Time(_), Unit::Time(_)))
}
