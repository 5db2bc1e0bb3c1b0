//! Words and phrases of a query with what makes their scores in an index.

use tantivy::Score;

use super::bm25::{Similarity, Terms};

/// A part of a query is more common than others if it has more than so many times their passages: then it is looked up
/// where others stand, and not gone through. With 1 and 2 five queries over 757 reports take the same time, with 4 a
/// twentieth more, with 8 a seventh.
pub const COMMONER: u64 = 2;

/// The rarest words of a query that give a first threshold are in so many times the passages that are looked for. Chosen
/// by hand: it changes no ranking.
const ENOUGH: u64 = 4;

/// That threshold is taken to be about this part of the most that one of them can score. Chosen by hand as well.
const LIKELY: Score = 0.5;

/// A word, and phrases beside it: what scores best of them counts.
pub struct WeighedPart {
    /// `None` where the index lacks the word.
    pub word: Option<Weighed>,
    /// Those whose words the index has.
    pub phrases: Vec<Weighed>,
}

/// A word, or the words of a phrase, with what makes its score.
#[derive(Clone)]
pub struct Weighed {
    /// Their numbers, in their order.
    pub terms: Vec<usize>,
    /// The one of them that the fewest passages have.
    pub rarest: usize,
    /// How it scores.
    pub similarity: Similarity,
}

impl Weighed {
    /// `None` where the index lacks one of the words.
    pub fn of(numbers: Vec<usize>, by: Score, terms: &Terms) -> Option<Weighed> {
        let rarest = numbers.iter().copied().min_by_key(|&number| terms.count(number))?;
        let similarity = terms.similarity(&numbers, by);
        (terms.count(rarest) > 0).then_some(Weighed { terms: numbers, rarest, similarity })
    }
}

impl WeighedPart {
    /// The most that it can score.
    pub fn most(&self) -> Score {
        let words = self.word.iter().chain(&self.phrases);
        words.map(|word| word.similarity.most).fold(0.0, Score::max)
    }

    /// How many passages have its word, or the rarest word of one of its phrases.
    fn passages(&self, terms: &Terms) -> u64 {
        self.word.iter().chain(&self.phrases).map(|word| terms.count(word.rarest)).sum()
    }
}

/// The words that score most, if what the last of the best scores by these alone is likely to make parts common: those
/// that are in most passages are then looked up only where others stand.
pub fn rarest(parts: &[WeighedPart], terms: &Terms, limit: usize) -> Option<Vec<WeighedPart>> {
    let mut parts: Vec<&WeighedPart> = parts.iter().collect();
    parts.sort_by(|one, other| other.most().total_cmp(&one.most()));
    let likely = parts.first()?.most() * LIKELY;
    let (mut so_far, mut common) = (0.0, 0);
    for part in parts.iter().rev() {
        so_far += part.most();
        common += if so_far < likely { part.passages(terms) } else { 0 };
    }
    let all: u64 = parts.iter().map(|part| part.passages(terms)).sum();
    if common <= COMMONER * (all - common) {
        return None;
    }
    let mut so_far = 0;
    let words = parts.into_iter().filter_map(|part| part.word.as_ref());
    let rarest = words.take_while(|word| {
        let is_wanted = so_far < ENOUGH * limit as u64;
        so_far += terms.count(word.rarest);
        is_wanted
    });
    let alone = |word: &Weighed| WeighedPart { word: Some(word.clone()), phrases: Vec::new() };
    Some(rarest.map(alone).collect())
}
