//! Paragraphs of two reports in the order of both: those that are most like one another stand side by side.

use std::collections::HashMap;

/// Paragraphs that share less of their words are two, and not one that was edited (Dice 1945: twice what they share,
/// over all words of both). Sentences of one report that have nothing to do with one another share a quarter: its
/// common words.
const LEAST_ALIKE: f32 = 0.5;

/// What stands elsewhere with so much of its words the same has moved.
const LEAST_MOVED: f32 = 0.9;

/// A place in the alignment, by indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aligned {
    /// Side by side.
    Both(usize, usize),
    /// The same, in another place.
    Moved(usize, usize),
    /// In the older report only.
    Old(usize),
    /// In the newer only.
    New(usize),
}

/// Aligns two rows of paragraphs, given by their words, so that the sum of likeness is greatest (Needleman and Wunsch
/// 1970, without a price for gaps). Every paragraph comes once.
pub fn align(old: &[Vec<String>], new: &[Vec<String>]) -> Vec<Aligned> {
    let (old_bags, new_bags) = numbered(old, new);
    let likeness: Vec<Vec<f32>> = old_bags
        .iter()
        .map(|one| new_bags.iter().map(|other| alike(one, other)).collect())
        .collect();
    let at =
        |i: usize, j: usize| likeness.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0.0);
    let best = sums(old.len(), new.len(), &at);
    let mut aligned = walk(old.len(), new.len(), &best, &at);
    find_moved(&mut aligned, &at);
    aligned
}

/// Which of some texts, given by their words, is most like one; `None` where none is like it.
pub fn most_alike(one: &[String], others: &[Vec<String>]) -> Option<usize> {
    let (one, others) = numbered(&[one.to_vec()], others);
    let one = one.first()?;
    let alike = others.iter().map(|other| alike(one, other)).enumerate();
    let best = alike.max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.filter(|(_, alike)| *alike > 0.0).map(|(place, _)| place)
}

/// The words as numbers, sorted: bags that are quickly compared.
fn numbered(old: &[Vec<String>], new: &[Vec<String>]) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut bags = |paragraphs: &[Vec<String>]| -> Vec<Vec<u32>> {
        let mut bag = |words: &Vec<String>| {
            let mut bag: Vec<u32> = Vec::with_capacity(words.len());
            for word in words {
                let next = numbers.len() as u32;
                bag.push(*numbers.entry(word.clone()).or_insert(next));
            }
            bag.sort_unstable();
            bag
        };
        paragraphs.iter().map(&mut bag).collect()
    };
    (bags(old), bags(new))
}

/// How much of their words two bags share; 0 where it is less than [`LEAST_ALIKE`].
fn alike(one: &[u32], other: &[u32]) -> f32 {
    let all = one.len() + other.len();
    // Of lengths too different not enough can be shared.
    if all == 0 || (2 * one.len().min(other.len())) as f32 / (all as f32) < LEAST_ALIKE {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        shared += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    let share = 2.0 * shared as f32 / all as f32;
    if share < LEAST_ALIKE { 0.0 } else { share }
}

/// The greatest sum of likeness from each pair of places to the ends.
fn sums(rows: usize, columns: usize, at: &dyn Fn(usize, usize) -> f32) -> Vec<Vec<f32>> {
    let mut best = vec![vec![0.0f32; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let alike = at(i, j);
            let apart = best[i + 1][j].max(best[i][j + 1]);
            let both = if alike > 0.0 { alike + best[i + 1][j + 1] } else { 0.0 };
            best[i][j] = apart.max(both);
        }
    }
    best
}

fn walk(
    rows: usize,
    columns: usize,
    best: &[Vec<f32>],
    at: &dyn Fn(usize, usize) -> f32,
) -> Vec<Aligned> {
    let (mut i, mut j) = (0, 0);
    let mut aligned = Vec::with_capacity(rows.max(columns));
    while i < rows || j < columns {
        let alike = if i < rows && j < columns { at(i, j) } else { 0.0 };
        if alike > 0.0 && best[i][j] <= alike + best[i + 1][j + 1] {
            aligned.push(Aligned::Both(i, j));
            (i, j) = (i + 1, j + 1);
        } else if i < rows && (j == columns || best[i + 1][j] >= best[i][j + 1]) {
            // What was dropped stands before what came for it.
            aligned.push(Aligned::Old(i));
            i += 1;
        } else {
            aligned.push(Aligned::New(j));
            j += 1;
        }
    }
    aligned
}

/// Joins what is new with what was dropped elsewhere, where it is the same; it stands where it is now.
fn find_moved(aligned: &mut Vec<Aligned>, at: &dyn Fn(usize, usize) -> f32) {
    let mut dropped: Vec<usize> = aligned
        .iter()
        .filter_map(|place| if let Aligned::Old(i) = place { Some(*i) } else { None })
        .collect();
    for place in aligned.iter_mut() {
        let Aligned::New(j) = *place else { continue };
        let best =
            dropped.iter().enumerate().max_by(|(_, a), (_, b)| at(**a, j).total_cmp(&at(**b, j)));
        if let Some((taken, &i)) = best
            && at(i, j) >= LEAST_MOVED
        {
            *place = Aligned::Moved(i, j);
            dropped.remove(taken);
        }
    }
    aligned.retain(|place| !matches!(place, Aligned::Old(i) if !dropped.contains(i)));
}
