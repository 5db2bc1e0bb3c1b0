//! The stretch of a text that a quotation comes nearest to, where it stands nowhere as it is.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::diff::canonical;
use super::words::Words;

/// The words of the source that become the quotation with the fewest words put in, taken out or changed
/// (Sellers 1980, approximate matching), and how many these are; what an ellipsis stands for is free.
pub fn nearest(quote: &Words, source: &Words) -> (Range<usize>, usize) {
    let mut numbers = FxHashMap::default();
    let quoted: Vec<u32> = (0..quote.len())
        .map(|at| {
            let next = numbers.len() as u32 + 1;
            *numbers.entry(canonical(quote, at)).or_insert(next)
        })
        .collect();
    // Words that the quotation does not have are all 0.
    let number = |at| numbers.get(&canonical(source, at)).copied().unwrap_or(0);
    let source_words: Vec<u32> = (0..source.len()).map(number).collect();
    // For each end in the source: how many changes, and the start of the stretch.
    let mut row: Vec<(u32, usize)> = (0..=source_words.len()).map(|end| (0, end)).collect();
    for (at, word) in quoted.iter().enumerate() {
        if at > 0 && quote.has_break(at) {
            skip_freely(&mut row);
        }
        row = next_row(&row, *word, &source_words);
    }
    let best =
        row.iter().enumerate().min_by_key(|(end, (changes, start))| (*changes, end - start, *end));
    best.map_or((0..0, quote.len()), |(end, &(changes, start))| (start..end, changes as usize))
}

fn next_row(row: &[(u32, usize)], word: u32, source: &[u32]) -> Vec<(u32, usize)> {
    let mut next = Vec::with_capacity(row.len());
    let mut left = row.first().map_or((1, 0), |&(changes, start)| (changes + 1, start));
    next.push(left);
    for (other, pair) in source.iter().zip(row.windows(2)) {
        let [diagonal, above] = pair else { continue };
        let kept = (diagonal.0 + u32::from(*other != word), diagonal.1);
        let added = (above.0 + 1, above.1);
        let removed = (left.0 + 1, left.1);
        left = [kept, added, removed]
            .into_iter()
            .min_by_key(|&(changes, start)| (changes, usize::MAX - start))
            .unwrap_or(kept);
        next.push(left);
    }
    next
}

/// Lets the source go on without cost.
fn skip_freely(row: &mut [(u32, usize)]) {
    let mut best: Option<(u32, usize)> = None;
    for cell in row {
        match best {
            Some(before) if before.0 < cell.0 => *cell = before,
            _ => best = Some(*cell),
        }
    }
}
