//! Which figure of a sentence each of its years is of.

use std::ops::RangeInclusive;

use super::money::is_currency;
use super::names::{is_month, is_of_law};
use super::sense::is_one_clause;
use super::stated::{Stated, Unit, year};
use crate::verify::numbers::is_money;
use crate::verify::words::Words;

/// A year of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    pub year: i64,
    /// The figure that it is of, or several in a row: `$60–70 in 2019`.
    owners: RangeInclusive<usize>,
    /// It stands behind and says when that was: `5 percent in 2013`.
    is_behind: bool,
    /// The figure that is of another year: the second of `from 5 percent in 2013 to 7 percent`.
    not_of: Option<usize>,
}

/// The years of a sentence; `nearest`: the figure nearest to a word.
pub fn years(words: &Words, figures: &[Stated], nearest: impl Fn(usize) -> usize) -> Vec<Year> {
    let mut years: Vec<Year> = Vec::new();
    let mut last: Option<usize> = None;
    for at in 0..words.len() {
        let Some(year) = year(words, at).filter(|_| !is_of_law(words, at)) else { continue };
        let before = last.replace(at);
        let goes_on = before.is_some_and(|before| is_row(words, figures, before, at));
        if let Some(known) = years.last().cloned().filter(|_| goes_on) {
            years.push(Year { year, ..known });
            continue;
        }
        let since = before.map_or(0, |before| before + 1);
        let place = Place { words, figures, at, since };
        let (owner, not_of) = match (place.between(), place.behind()) {
            (Some((from, to)), _) => (Some(from), Some(to)),
            (None, behind) => (behind, None),
        };
        let is_behind = owner.is_some();
        let owners = match owner {
            Some(owner) => place.first_of_row(owner)..=owner,
            None => {
                let nearest = nearest(at);
                nearest..=nearest
            }
        };
        years.push(Year { year, owners, is_behind, not_of });
    }
    years
}

/// The years of a figure: those behind it, else those that stand nearest to it, else all of the sentence; none that is only
/// of another.
pub fn of_figure(years: &[Year], figure: usize) -> Vec<i64> {
    let own = |year: &&Year| year.owners.contains(&figure);
    let chosen = |is_chosen: &dyn Fn(&&Year) -> bool| {
        let years = years.iter().filter(|year| year.not_of != Some(figure));
        years.filter(is_chosen).map(|year| year.year).collect::<Vec<i64>>()
    };
    let behind = chosen(&|year| own(year) && year.is_behind);
    let nearest = chosen(&|year| own(year));
    [behind, nearest].into_iter().find(|it| !it.is_empty()).unwrap_or_else(|| chosen(&|_| true))
}

/// The years that a figure is not of, as the sentence says: 2015 of the second of `from 139 in 2015 to 206`.
pub fn not_of_figure(years: &[Year], figure: usize) -> Vec<i64> {
    let others = years.iter().filter(|year| year.not_of == Some(figure));
    others.map(|year| year.year).collect()
}

/// Whether a year goes on with the one before it (`in 2016 and 2017`), and no figure follows, whose year it would be.
fn is_row(words: &Words, figures: &[Stated], before: usize, at: usize) -> bool {
    let is_small =
        |at: usize| matches!(words.key(at), Some("and" | "or" | "to" | "in" | "through"));
    let is_near = |at: usize| words.gap(at).trim_matches([' ', ',', '-', '–', '/']).is_empty();
    (before + 1..at).all(is_small)
        && (before + 1..=at).all(is_near)
        && !figures.iter().any(|figure| figure.words.start == at + 1)
}

/// Where a year stands; `since`: the word behind the year before it.
struct Place<'s> {
    words: &'s Words,
    figures: &'s [Stated],
    at: usize,
    since: usize,
}

impl Place<'_> {
    /// The last figure before the year, and the first behind it; without ages, where there are others.
    fn beside(&self) -> (Option<usize>, Option<usize>) {
        let is_age = |figure: &Stated| figure.unit == Unit::Age;
        let all_ages = self.figures.iter().all(is_age);
        let counts = |&at: &usize| self.figures.get(at).is_some_and(|it| all_ages || !is_age(it));
        let first = self.figures.partition_point(|figure| figure.words.start < self.at);
        ((0..first).rev().find(counts), (first..self.figures.len()).find(counts))
    }

    /// The figure that the year is said of right behind it, in the same clause: `10.6 percent in 2013`. A clause that begins
    /// with the year goes on with what it is of: `and in 2013 10 percent`.
    fn behind(&self) -> Option<usize> {
        const MOST_BETWEEN: usize = 3;
        let words = self.words;
        let is_between = |&at: &usize| {
            matches!(
                words.key(at),
                Some("the" | "year" | "fiscal" | "fy" | "early" | "late" | "mid")
            ) || is_month(words, Some(at))
        };
        let first = self.at.saturating_sub(MOST_BETWEEN + 1);
        let at = (first..self.at).rev().find(|at| !is_between(at))?;
        let is_when =
            matches!(words.key(at), Some("in" | "during" | "for" | "by" | "since" | "until"));
        let begins = at
            .checked_sub(1)
            .is_none_or(|before| matches!(words.key(before), Some("and" | "or" | "but" | "while")));
        let figure = self.beside().0?;
        let end = self.figures.get(figure)?.words.end;
        let is_own = is_when && !begins && end <= at && end > self.since;
        (is_own && is_one_clause(words, end - 1, at)).then_some(figure)
    }

    /// The first of the figures that stand in a row with one and end with it: `$60–70`, `$357,142 (IDR 5 billion)`.
    fn first_of_row(&self, figure: usize) -> usize {
        let words = self.words;
        let is_small = |at: usize| {
            matches!(words.key(at), Some("to" | "and" | "or" | "percent")) || is_currency(words, at)
        };
        let is_sign =
            |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/' | '(') || is_money(c);
        let is_joined = |pair: &&[Stated]| {
            let [one, other] = pair else { return false };
            let (end, start) = (one.words.end, other.words.start);
            one.words.start >= self.since
                && (end..start).all(is_small)
                && (end..=start).all(|at| words.gap(at).chars().all(is_sign))
        };
        let row = self.figures.get(..=figure).unwrap_or_default();
        figure - row.windows(2).rev().take_while(is_joined).count()
    }

    /// The two figures of `from 139 in 2015 to 206`, between which the year stands.
    fn between(&self) -> Option<(usize, usize)> {
        const MOST_BETWEEN: usize = 3;
        let (Some(from), Some(to)) = self.beside() else { return None };
        let start = |figure: usize| self.figures.get(figure).map(|figure| figure.words.start);
        let (first, second) = (start(from)?, start(to)?);
        let mut before = first.saturating_sub(MOST_BETWEEN + 1)..first;
        let is_to = self.words.key(self.at + 1) == Some("to")
            && second <= self.at + 2 + MOST_BETWEEN
            && !self.words.gap(self.at + 1).contains([';', ':', '.']);
        (is_to && before.any(|at| self.words.key(at) == Some("from"))).then_some((from, to))
    }
}
