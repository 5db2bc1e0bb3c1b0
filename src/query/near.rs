//! Where words stand near one another: one definition, for the engine that finds passages and for the
//! marks that show why.

use std::collections::BTreeMap;

/// A stretch of words that matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The position of its first word.
    pub first: u32,
    /// The position of its last word.
    pub last: u32,
    /// Which words matched, by whatever numbers the caller has for them; may be empty.
    pub words: Vec<usize>,
}

impl Span {
    /// One word.
    pub fn word(position: u32, number: Option<usize>) -> Span {
        Span { first: position, last: position, words: number.into_iter().collect() }
    }
}

/// Where these operands stand near one another: each once, none on the words of another, and with at most
/// `extra` other words between the first and the last. The spans of each operand are in any order; the
/// result is in order, and none has the ends of another. Of more than two operands each span is a word.
pub fn near(operands: &[Vec<Span>], ordered: bool, extra: u32) -> Vec<Span> {
    match operands {
        [] => Vec::new(),
        [only] => only.clone(),
        [first, second] => {
            let mut found = Found::default();
            follow(first, second, extra, &mut found);
            if !ordered {
                follow(second, first, extra, &mut found);
            }
            found.spans()
        }
        _ if ordered => in_a_row(operands),
        _ => in_a_window(operands, extra),
    }
}

/// Spans by their ends: two with the same ends are one, with the words of both.
#[derive(Default)]
struct Found(BTreeMap<(u32, u32), Vec<usize>>);

impl Found {
    fn add(&mut self, first: u32, last: u32, words: impl IntoIterator<Item = usize>) {
        self.0.entry((first, last)).or_default().extend(words);
    }

    fn spans(self) -> Vec<Span> {
        let span = |((first, last), mut words): ((u32, u32), Vec<usize>)| {
            words.sort_unstable();
            words.dedup();
            Span { first, last, words }
        };
        self.0.into_iter().map(span).collect()
    }
}

/// Spans of `before` that one of `after` follows, with at most `extra` words between.
fn follow(before: &[Span], after: &[Span], extra: u32, found: &mut Found) {
    let mut after: Vec<&Span> = after.iter().collect();
    after.sort_unstable_by_key(|span| span.first);
    for span in before {
        let start = after.partition_point(|next| next.first <= span.last);
        let rest = after.get(start..).unwrap_or_default();
        for next in rest.iter().take_while(|next| next.first - span.last - 1 <= extra) {
            let words = span.words.iter().chain(&next.words).copied();
            found.add(span.first, next.last, words);
        }
    }
}

/// Words one directly after another, in the order of the operands.
fn in_a_row(operands: &[Vec<Span>]) -> Vec<Span> {
    let mut rows: Vec<Span> = operands.first().cloned().unwrap_or_default();
    for next in operands.iter().skip(1) {
        let mut found = Found::default();
        follow(&rows, next, 0, &mut found);
        rows = found.spans();
    }
    rows
}

/// A word that may stand for some operands.
struct Place<'s> {
    position: u32,
    operands: Vec<usize>,
    words: Vec<&'s [usize]>,
}

/// Words in any order: from each word on, the shortest stretch that has one for each operand.
fn in_a_window(operands: &[Vec<Span>], extra: u32) -> Vec<Span> {
    let mut places: BTreeMap<u32, Place<'_>> = BTreeMap::new();
    for (operand, spans) in operands.iter().enumerate() {
        for span in spans {
            let new = || Place { position: span.first, operands: Vec::new(), words: Vec::new() };
            let place = places.entry(span.first).or_insert_with(new);
            place.operands.push(operand);
            place.words.push(&span.words);
        }
    }
    let places: Vec<Place<'_>> = places.into_values().collect();
    let most = operands.len() as u32 + extra;
    let mut found = Found::default();
    for start in 0..places.len() {
        let first = places[start].position;
        let inside = places[start..].partition_point(|place| place.position - first < most);
        let window = start..start + inside;
        if let Some(last) = shortest(&places[window.clone()], operands.len()) {
            // Any word of the window could stand in for the one that was chosen for its operand.
            let words = places[window].iter().flat_map(|place| &place.words);
            found.add(first, last, words.flat_map(|words| words.iter().copied()));
        }
    }
    found.spans()
}

/// Where the shortest beginning of a window ends that has a word of its own for each operand: a matching
/// in a bipartite graph, by augmenting paths (Kuhn 1955).
fn shortest(window: &[Place<'_>], operands: usize) -> Option<u32> {
    let mut word_of: Vec<Option<usize>> = vec![None; operands];
    let mut missing = operands;
    for (word, place) in window.iter().enumerate() {
        let mut seen = vec![false; operands];
        if takes(word, window, &mut word_of, &mut seen) {
            missing -= 1;
        }
        if missing == 0 {
            return Some(place.position);
        }
    }
    None
}

/// Gives a word an operand to stand for, moving others to other operands where that makes room. Goes no
/// deeper than there are operands, which are few.
fn takes(
    word: usize,
    window: &[Place<'_>],
    word_of: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for &operand in &window[word].operands {
        if std::mem::replace(&mut seen[operand], true) {
            continue;
        }
        let is_free = match word_of[operand] {
            None => true,
            Some(other) => takes(other, window, word_of, seen),
        };
        if is_free {
            word_of[operand] = Some(word);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Span, near};

    fn words(positions: &[u32]) -> Vec<Span> {
        positions.iter().map(|&position| Span::word(position, Some(position as usize))).collect()
    }

    fn ends(spans: &[Span]) -> Vec<(u32, u32)> {
        spans.iter().map(|span| (span.first, span.last)).collect()
    }

    #[test]
    fn two_are_near_in_both_orders_unless_ordered() {
        let operands = [words(&[3, 20]), words(&[1, 6])];
        assert_eq!(ends(&near(&operands, false, 2)), [(1, 3), (3, 6)]);
        assert_eq!(ends(&near(&operands, true, 2)), [(3, 6)]);
        assert_eq!(ends(&near(&operands, true, 1)), []);
    }

    #[test]
    fn a_word_stands_for_one_operand_only() {
        let twice = [words(&[4, 9]), words(&[4, 9]), words(&[5])];
        assert_eq!(ends(&near(&twice, false, 1)), []);
        assert_eq!(ends(&near(&twice, false, 3)), [(4, 9)]);
        // 4 must stand for the first, as only 5 can stand for the second beside it.
        let either = [words(&[4, 5]), words(&[4]), words(&[6])];
        assert_eq!(ends(&near(&either, false, 0)), [(4, 6)]);
    }
}
