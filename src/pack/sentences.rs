//! Which sentences of a passage show what matched.

use std::ops::Range;

use crate::highlight::Mark;

/// So many sentences of a passage are taken first, at most.
const MOST_FIRST: usize = 3;

/// The sentences that show the clauses that matched, in order: again and again the one with the most clauses that are
/// not shown yet. A mark that goes over the end of a sentence takes both. Without marks it is the first.
pub fn first(sentences: &[Range<usize>], marks: &[Mark]) -> Vec<usize> {
    let touched = |mark: &Mark| {
        let start = sentences.partition_point(|sentence| sentence.end <= mark.bytes.start);
        let end = sentences.partition_point(|sentence| sentence.start < mark.bytes.end);
        start..end.max(start)
    };
    let mut open: Vec<&Mark> = marks.iter().collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < MOST_FIRST && !open.is_empty() {
        let mut clauses: Vec<(usize, usize)> =
            open.iter().filter_map(|mark| Some((touched(mark).next()?, mark.clause))).collect();
        clauses.sort_unstable();
        clauses.dedup();
        let count = |index: usize| clauses.iter().filter(|(at, _)| *at == index).count();
        let best = clauses.iter().map(|&(index, _)| index);
        let Some(best) = best.max_by_key(|&index| (count(index), std::cmp::Reverse(index))) else {
            break;
        };
        let whole = open.iter().map(|mark| touched(mark)).filter(|range| range.start == best);
        chosen.extend(whole.flatten());
        let shown: Vec<usize> =
            clauses.iter().filter(|(at, _)| *at == best).map(|&(_, clause)| clause).collect();
        open.retain(|mark| !shown.contains(&mark.clause));
    }
    if chosen.is_empty() && !sentences.is_empty() {
        chosen.push(0);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
