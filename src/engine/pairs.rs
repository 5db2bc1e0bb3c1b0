//! Words that stand near one another as they were asked for. Of the best passages by their words, those gain in
//! which neighbours of the query are neighbours of the text too: the pairs of a sequential dependence (Metzler
//! and Croft 2005, "A Markov random field model for term dependencies").
//!
//! A pair tells as much as its words are rare, and as few of the passages that have both have them so: where
//! nearly all that has *privacy* and *policy* has them side by side, standing so says nothing more than the words.

use crate::query::{Clause, Form, Query, TextField, WordClause};
use crate::rank::{ADJACENT_WEIGHT, NEAR_REACH, NEAR_WEIGHT, rarity};

/// The pairs of words that follow one another in a query.
pub struct Pairs<'q> {
    words: Vec<Word<'q>>,
}

struct Word<'q> {
    asked: &'q WordClause,
    rarity: f32,
}

/// How two words stand in a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// One of them, or both, do not stand there.
    Absent,
    Apart,
    /// With at most [`NEAR_REACH`] positions from one to the other, in any order.
    Near,
    /// One after the other, as they were asked for.
    Adjacent,
}

impl<'q> Pairs<'q> {
    /// `None` where there are no two words that may stand near one another. `count`: in how many of the passages a
    /// term stands.
    ///
    /// # Errors
    /// As `count`.
    pub fn of<E>(
        query: &'q Query,
        passages: u64,
        count: impl Fn(&str) -> Result<u64, E>,
    ) -> Result<Option<Pairs<'q>>, E> {
        let mut asked: Vec<&WordClause> = Vec::new();
        typed(&query.clause, &mut asked);
        let mut words: Vec<Word<'_>> = Vec::with_capacity(asked.len());
        for asked in asked {
            let count = count(&asked.term)?;
            if count > 0 {
                words.push(Word { asked, rarity: rarity(count, passages) });
            }
        }
        Ok((words.len() > 1).then_some(Pairs { words }))
    }

    /// The terms of the words, in their order: each is of a pair with the next.
    pub fn terms(&self) -> impl Iterator<Item = &'q str> {
        self.words.iter().map(|word| word.asked.term.as_str())
    }

    /// What each pair adds to the score of each of some passages, by how their words stand there.
    pub fn gains(&self, nearness: &[Vec<Nearness>]) -> Vec<Vec<f32>> {
        let count = |pair: usize, least: Nearness| {
            nearness.iter().filter(|pairs| pairs.get(pair).is_some_and(|&it| it >= least)).count()
        };
        let mut gains = vec![Vec::with_capacity(self.words.len()); nearness.len()];
        for (pair, words) in self.words.windows(2).enumerate() {
            let rarity = words.iter().map(|word| word.rarity).sum::<f32>() / 2.0;
            let both = count(pair, Nearness::Apart).max(1) as f32;
            let gain =
                |least, weight: f32| weight * rarity * (1.0 - count(pair, least) as f32 / both);
            let near = gain(Nearness::Near, NEAR_WEIGHT);
            let adjacent = near + gain(Nearness::Adjacent, ADJACENT_WEIGHT);
            for (gains, nearness) in gains.iter_mut().zip(nearness) {
                gains.push(match nearness.get(pair) {
                    Some(Nearness::Adjacent) => adjacent,
                    Some(Nearness::Near) => near,
                    _ => 0.0,
                });
            }
        }
        gains
    }

    /// The two words of each pair, as they were typed.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.words.windows(2).map(|words| {
            let written: Vec<&str> = words.iter().map(|word| word.asked.written.as_str()).collect();
            written.join(" ")
        })
    }
}

/// The words of the text that were typed, in their order.
fn typed<'q>(clause: &'q Clause, words: &mut Vec<&'q WordClause>) {
    match clause {
        Clause::Word(word) if word.field == TextField::Main && word.form == Form::Typed => {
            words.push(word);
        }
        Clause::Forms(forms) => forms.iter().for_each(|form| typed(form, words)),
        Clause::Boosted(clause, _) => typed(clause, words),
        Clause::Boolean { must, should, .. } => {
            must.iter().chain(should).for_each(|clause| typed(clause, words));
        }
        _ => {}
    }
}

/// How two words stand to one another, by their positions, which ascend.
pub fn nearness(first: &[u32], second: &[u32]) -> Nearness {
    if first.is_empty() || second.is_empty() {
        return Nearness::Absent;
    }
    let mut nearest = Nearness::Apart;
    let mut from = 0;
    for &position in first {
        while second.get(from).is_some_and(|&other| other + NEAR_REACH < position) {
            from += 1;
        }
        let within = second.iter().skip(from).take_while(|&&other| other <= position + NEAR_REACH);
        for &other in within.filter(|&&other| other != position) {
            if other == position + 1 {
                return Nearness::Adjacent;
            }
            nearest = Nearness::Near;
        }
    }
    nearest
}
