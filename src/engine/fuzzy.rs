//! Words of a sorted list that are near another one in spelling, by themselves or by their terms, without
//! looking at all of them: where the letters so far are too far from what is asked for, all words that begin so
//! are passed over, as in a trie (Schulz and Mihov 2002, "Fast string correction with Levenshtein automata").

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

/// A stem differs from the beginning of its word in so many letters at its end, at most, and is irregular
/// otherwise: `polici` of `policy`, `die` of `dying`.
const CHANGED_LETTERS: usize = 2;

/// What makes automata of words, by distance; they take longer to make than a list to go through.
static BUILDERS: [LazyLock<LevenshteinAutomatonBuilder>; 3] = [
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(0, true)),
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true)),
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true)),
];

/// A sorted list of lines, each a word, a tab and its term, with what it takes to find near ones.
#[derive(Debug)]
pub struct Lines {
    /// Where each line begins, and the end of the list.
    starts: Vec<u32>,
    /// The numbers of lines whose term is no stem of the word: `35000` of `35,000`.
    irregular: Vec<u32>,
}

impl Lines {
    /// Goes through a list once.
    pub fn of(list: &str) -> Lines {
        let mut lines = Lines { starts: vec![0], irregular: Vec::new() };
        let mut at = 0;
        for (number, line) in list.lines().enumerate() {
            let (word, term) = line.split_once('\t').unwrap_or((line, line));
            if shared(word.as_bytes(), term.as_bytes()) + CHANGED_LETTERS < term.len() {
                lines.irregular.push(number as u32);
            }
            at += line.len() + 1;
            lines.starts.push(at as u32);
        }
        lines
    }

    /// The lines whose word is within a distance of `word`, or whose term is of `term` where one is given, in their
    /// order. Distances beyond 2 are taken for 2.
    pub fn near<'l>(
        &self,
        list: &'l str,
        word: &str,
        term: Option<&str>,
        distance: u8,
    ) -> Vec<&'l str> {
        let mut search = Search::new(word, term, distance);
        let mut found: Vec<u32> = self
            .irregular
            .iter()
            .copied()
            .filter(|&at| search.is_near(self.line(list, at)))
            .collect();
        let mut at = 0;
        while at + 1 < self.starts.len() as u32 {
            let line = self.line(list, at);
            match search.dead(line) {
                Some(depth) => {
                    at = self.after(list, at, line.as_bytes().get(..depth).unwrap_or_default());
                    continue;
                }
                None if search.is_last_near(line) => found.push(at),
                None => {}
            }
            at += 1;
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| self.line(list, at)).collect()
    }

    fn line<'l>(&self, list: &'l str, number: u32) -> &'l str {
        let start =
            |number: u32| self.starts.get(number as usize).map_or(list.len(), |&at| at as usize);
        list.get(start(number)..start(number + 1)).unwrap_or_default().trim_end_matches('\n')
    }

    /// The first line behind one that does not begin as that does; steps grow until it is passed.
    fn after(&self, list: &str, from: u32, beginning: &[u8]) -> u32 {
        let begins = |at: u32| self.line(list, at).as_bytes().starts_with(beginning);
        let end = self.starts.len() as u32 - 1;
        let (mut low, mut step) = (from, 1);
        while low + step < end && begins(low + step) {
            low += step;
            step *= 2;
        }
        // `low` begins so; `high` does not, or is the end.
        let mut high = (low + step).min(end);
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            *(if begins(middle) { &mut low } else { &mut high }) = middle;
        }
        high
    }
}

/// How many bytes two words begin with alike.
fn shared(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

struct Search {
    words: DFA,
    terms: Option<DFA>,
    /// The word of the last line, and the states after each of its bytes.
    last: Vec<u8>,
    states: Vec<State>,
    /// Of states of `terms`, whether a near term may be reached by a few other letters.
    may_end: Vec<Option<bool>>,
    /// The bytes that lead anywhere.
    letters: Vec<u8>,
}

#[derive(Clone, Copy)]
struct State {
    word: u32,
    term: u32,
    /// Whether a stem of this beginning may be near, though longer beginnings are not.
    has_near_stem: bool,
}

impl State {
    fn is_dead(self) -> bool {
        self.word == SINK_STATE && self.term == SINK_STATE && !self.has_near_stem
    }
}

impl Search {
    fn new(word: &str, term: Option<&str>, distance: u8) -> Search {
        let builder = BUILDERS.get(usize::from(distance)).unwrap_or(&BUILDERS[2]);
        let (words, terms) = (builder.build_dfa(word), term.map(|term| builder.build_dfa(term)));
        // Letters that the term has not are all alike.
        let mut letters: Vec<u8> = term.unwrap_or_default().bytes().chain([b'\0']).collect();
        letters.sort_unstable();
        letters.dedup();
        let first = State {
            word: words.initial_state(),
            term: terms.as_ref().map_or(SINK_STATE, DFA::initial_state),
            has_near_stem: false,
        };
        let states = terms.as_ref().map_or(0, DFA::num_states);
        let (last, may_end) = (Vec::new(), vec![None; states]);
        let mut search = Search { words, terms, last, states: vec![first], may_end, letters };
        search.states[0].has_near_stem = search.may_end(first.term, CHANGED_LETTERS);
        search
    }

    /// After how many bytes of a line nothing near can follow. Lines are asked for in their order.
    fn dead(&mut self, line: &str) -> Option<usize> {
        let word = line.split('\t').next().unwrap_or_default().as_bytes();
        let shared = shared(word, &self.last);
        self.states.truncate(shared + 1);
        self.last.truncate(shared);
        let mut state = *self.states.last()?;
        for &byte in word.iter().skip(shared) {
            state = self.step(state, byte);
            if state.is_dead() {
                return Some(self.last.len() + 1);
            }
            self.states.push(state);
            self.last.push(byte);
        }
        None
    }

    /// [`Search::is_near`] of a line that [`Search::dead`] has gone through, whose term is a stem.
    fn is_last_near(&self, line: &str) -> bool {
        let near = |dfa: &DFA, state| matches!(dfa.distance(state), Distance::Exact(_));
        let Some(last) = self.states.last() else { return false };
        near(&self.words, last.word) || last.has_near_stem && self.is_near(line)
    }

    fn is_near(&self, line: &str) -> bool {
        let (word, term) = line.split_once('\t').unwrap_or((line, line));
        let is_near = |dfa: &DFA, text: &str| matches!(dfa.eval(text), Distance::Exact(_));
        is_near(&self.words, word) || self.terms.as_ref().is_some_and(|terms| is_near(terms, term))
    }

    /// The state of `terms` after a byte.
    fn term_after(&self, state: u32, byte: u8) -> u32 {
        self.terms.as_ref().map_or(SINK_STATE, |terms| terms.transition(state, byte))
    }

    fn step(&mut self, state: State, byte: u8) -> State {
        let term = self.term_after(state.term, byte);
        State {
            word: self.words.transition(state.word, byte),
            term,
            has_near_stem: state.has_near_stem || self.may_end(term, CHANGED_LETTERS),
        }
    }

    /// Whether a state accepts, or another within so many letters.
    fn may_end(&mut self, state: u32, letters: usize) -> bool {
        if state == SINK_STATE {
            return false;
        }
        let ends = |terms: &DFA| matches!(terms.distance(state), Distance::Exact(_));
        if self.terms.as_ref().is_some_and(ends) {
            return true;
        }
        if letters == 0 {
            return false;
        }
        let known = self.may_end.get(state as usize).copied().flatten();
        if let Some(known) = known.filter(|_| letters == CHANGED_LETTERS) {
            return known;
        }
        let next: Vec<u32> =
            self.letters.iter().map(|&byte| self.term_after(state, byte)).collect();
        let found = next.into_iter().any(|next| self.may_end(next, letters - 1));
        if letters == CHANGED_LETTERS
            && let Some(known) = self.may_end.get_mut(state as usize)
        {
            *known = Some(found);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{DFA, Distance, Lines, Search};

    /// Words of a few letters, so that many are near one another, with stems and what is none.
    fn list() -> String {
        let (mut seed, mut lines) = (5u32, Vec::new());
        let mut next = |most: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % most
        };
        for _ in 0..4_000 {
            let letters = ["a", "b", "c", "i", "y", "é", "щ"];
            let word: String = (0..1 + next(9)).map(|_| letters[next(letters.len())]).collect();
            let cut = word.char_indices().map(|(at, _)| at).nth(next(12)).unwrap_or(word.len());
            let term = match next(8) {
                0 => word.chars().rev().collect(),
                1 => format!("{}i", &word[..cut]),
                2 => format!("{}ie", &word[..cut]),
                3 => word[..cut].to_owned(),
                _ => word.clone(),
            };
            lines.push(format!("{word}\t{term}\n"));
        }
        lines.sort_unstable();
        lines.dedup();
        lines.concat()
    }

    #[test]
    fn what_is_near_is_what_a_look_at_every_line_finds() {
        let list = list();
        let lines = Lines::of(&list);
        let mut count = 0;
        for asked in list.lines().step_by(17) {
            let (word, term) = asked.split_once('\t').unwrap_or_default();
            for (distance, term) in (0..=2).flat_map(|it| [(it, Some(term)), (it, None)]) {
                let search = Search::new(word, term, distance);
                let is_near = |dfa: &DFA, text: &str| matches!(dfa.eval(text), Distance::Exact(_));
                let slowly = list.lines().filter(|line| {
                    let (word, term) = line.split_once('\t').unwrap_or_default();
                    let has_near_term = |terms| is_near(terms, term);
                    is_near(&search.words, word) || search.terms.as_ref().is_some_and(has_near_term)
                });
                let slowly: Vec<&str> = slowly.collect();
                count += slowly.len();
                assert_eq!(lines.near(&list, word, term, distance), slowly, "`{asked}`~{distance}");
            }
        }
        assert!(count > 1_000, "{count}");
    }
}
