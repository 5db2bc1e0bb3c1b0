//! The stretch of a text that a quotation comes nearest to, where it stands nowhere as it is.

use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::diff::canonical;
use super::negation::left_out_before;
use super::words::Words;

/// How many words are put in, taken out or changed; of as many, those where more words are the same come first.
type Cost = (u32, Reverse<u32>);

/// With how few words put in, taken out or changed some stretch of the source becomes the quotation (Sellers 1980,
/// approximate matching); what an ellipsis stands for is free.
pub fn fewest_changes(quote: &Words, source: &Words) -> usize {
    Compared::of(quote, source).costs_of_ends().into_iter().min().map_or(0, |cost| cost.0 as usize)
}

/// The words of the source that become the quotation with the fewest changes, and how many these are. What was changed
/// at the beginning or the end of it belongs to it as well, as far as the sentence goes.
pub fn nearest(quote: &Words, source: &Words) -> (Range<usize>, usize) {
    let compared = Compared::of(quote, source);
    let costs = compared.costs_of_ends();
    let Some(fewest) = costs.iter().min().copied() else { return (0..0, quote.len()) };
    // Marks of notes follow the end of a sentence.
    let is_inside = |at: usize| !source.gap(at).contains(['.', '!', '?', '\n']);
    let end = furthest(&costs, fewest, is_inside);
    let lengths = compared.costs_of_lengths(end);
    let length = furthest(&lengths, fewest, |length| is_inside(end - length));
    let start = end - length;
    let start = left_out_before(quote, source, start).unwrap_or(start);
    (start..end, fewest.0 as usize)
}

/// The first place of the fewest changes; or of as many the furthest that follows it without a gap, while it is inside
/// a sentence: there words are changed that would otherwise be put in.
fn furthest(costs: &[Cost], fewest: Cost, is_inside: impl Fn(usize) -> bool) -> usize {
    let first = costs.iter().position(|cost| *cost == fewest).unwrap_or(0);
    let more = costs.iter().enumerate().skip(first + 1);
    let more = more.take_while(|(at, cost)| **cost == fewest && is_inside(at - 1));
    more.last().map_or(first, |(at, _)| at)
}

/// Quotation and source as numbers; words that the quotation does not have are all 0.
struct Compared {
    quote: Vec<u32>,
    source: Vec<u32>,
    /// For each word of the quotation whether an ellipsis stands before it.
    breaks: Vec<bool>,
}

impl Compared {
    fn of(quote: &Words, source: &Words) -> Compared {
        let mut numbers = FxHashMap::default();
        let own = (0..quote.len()).map(|at| {
            let next = numbers.len() as u32 + 1;
            *numbers.entry(canonical(quote, at)).or_insert(next)
        });
        let own = own.collect();
        let number = |at| numbers.get(&canonical(source, at)).copied().unwrap_or(0);
        Compared {
            quote: own,
            source: (0..source.len()).map(number).collect(),
            breaks: (0..quote.len()).map(|at| at > 0 && quote.has_break(at)).collect(),
        }
    }

    /// What the quotation costs that ends before each word of the source, or after the last, wherever it begins.
    fn costs_of_ends(&self) -> Vec<Cost> {
        let free = vec![(0, Reverse(0)); self.source.len() + 1];
        let quote = self.quote.iter().copied().zip(self.breaks.iter().copied());
        quote.fold(free, |row, (word, has_break)| {
            next_row(after_break(row, has_break), word, self.source.iter())
        })
    }

    /// What the quotation costs that ends before a word of the source, by how many words before that it begins.
    fn costs_of_lengths(&self, end: usize) -> Vec<Cost> {
        let before = self.source.get(..end).unwrap_or_default();
        let removed = (0..=before.len() as u32).map(|words| (words, Reverse(0))).collect();
        // Read backwards, an ellipsis stands before the word that it follows.
        let breaks = std::iter::once(false).chain(self.breaks.iter().rev().copied());
        let quote = self.quote.iter().rev().copied().zip(breaks);
        quote.fold(removed, |row, (word, has_break)| {
            next_row(after_break(row, has_break), word, before.iter().rev())
        })
    }
}

fn next_row<'s>(row: Vec<Cost>, word: u32, source: impl Iterator<Item = &'s u32>) -> Vec<Cost> {
    let one_more = |cost: Cost| (cost.0 + 1, cost.1);
    let mut left = row.first().map_or((1, Reverse(0)), |first| one_more(*first));
    let mut next = Vec::with_capacity(row.len());
    next.push(left);
    for (other, pair) in source.zip(row.windows(2)) {
        let &[diagonal, above] = pair else { continue };
        let kept = match *other == word {
            true => (diagonal.0, Reverse(diagonal.1.0 + 1)),
            false => one_more(diagonal),
        };
        left = kept.min(one_more(above)).min(one_more(left));
        next.push(left);
    }
    next
}

/// Lets the source go on without cost where an ellipsis stands.
fn after_break(mut row: Vec<Cost>, has_break: bool) -> Vec<Cost> {
    if has_break {
        let mut best: Option<Cost> = None;
        for cost in &mut row {
            *cost = best.map_or(*cost, |before| before.min(*cost));
            best = Some(*cost);
        }
    }
    row
}
