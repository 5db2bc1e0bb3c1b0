//! What was done, and to whom: words of which one says what another denies, as `convicted` and `acquitted`. Where a draft says one
//! of a figure and the corpus the other, both may have all other words.

use super::context::Sentence;
use super::sense::is_one_clause;

/// Words that say the same in a line; those of a group exclude one another. One that ends in `*` is the beginning of words.
type Group = [&'static [&'static str]];

/// What was done.
const DEEDS: [&Group; 5] = [
    &[
        &["acquit*", "exonerat*"],
        &["apprehend*", "arrest*", "detain*", "detention*"],
        &["assist", "assistance", "assisted", "assisting", "assists", "rehabilitat*", "repatriat*"],
        &["convict*", "imprison*", "sentenc*"],
        &["release", "released", "releases", "releasing"],
    ],
    &[&["employed", "hire*", "hiring", "recruit*"], &["dismiss*", "fired", "firing"]],
    &[
        &["open", "opened", "opening", "opens"],
        &["closed", "closes", "closing", "closure", "closures"],
    ],
    &[&["accept", "accepted", "accepts", "adopted", "approv*"], &["reject*", "veto*"]],
    &[
        &[
            "began",
            "begin",
            "beginning",
            "begins",
            "begun",
            "launch*",
            "start",
            "started",
            "starts",
        ],
        &["discontinu*", "ended", "halt*", "suspend*"],
    ],
];

/// To whom.
const PERSONS: [&Group; 2] = [
    &[
        &["defendant*", "offender*", "perpetrator*", "suspects", "trafficker*"],
        &["survivors", "victim", "victims"],
    ],
    &[&["boys"], &["girls"]],
];

/// A word of a group: its place, and the line that it is of.
type Told = (usize, usize);

/// Whether what was done with one figure excludes what was done with another, as far as their clauses tell. The number of `818 girls
/// and boys` is that of both; of who was `arrested and released` each holds.
pub fn exclude(own: &Sentence, figure: usize, source: &Sentence, other: usize) -> bool {
    let excludes = |group: &Group, joined: &[&str]| {
        let asked = told(own, figure, group);
        let found = told(source, other, group);
        let has = |line: usize| found.iter().any(|(_, other)| *other == line);
        !asked.is_empty()
            && !found.is_empty()
            && (!asked.iter().any(|(_, line)| has(*line))
                || are_joined(source, &found, joined)
                    && found.iter().any(|it| !is_in(it.1, &asked)))
    };
    DEEDS.iter().any(|group| excludes(group, &["or"]))
        || PERSONS.iter().any(|group| excludes(group, &["or", "and"]))
}

fn is_in(line: usize, told: &[Told]) -> bool {
    told.iter().any(|(_, other)| *other == line)
}

/// The words of a group that go with a figure in its clause.
fn told(sentence: &Sentence, figure: usize, group: &Group) -> Vec<Told> {
    let start = |at: usize| sentence.figures.get(at).map(|figure| figure.words.start);
    let next = start(figure + 1).and_then(|start| verb_before(sentence, start));
    let start = start(figure).unwrap_or_default();
    let line = |at: usize| {
        let key = sentence.words.key(at).filter(|_| !is_published(sentence, at))?;
        group.iter().position(|line| line.iter().any(|known| is_form(key, known)))
    };
    let mut words: Vec<usize> = sentence.owned(figure).map(|word| word.at).collect();
    words.retain(|&at| is_one_clause(&sentence.words, at, start) && next != Some(at));
    words.extend(verb_before(sentence, start));
    words.sort_unstable();
    words.dedup();
    words.into_iter().filter_map(|at| Some((at, line(at)?))).collect()
}

/// The verb right before a figure, which may stand as near to the one before: `paid $60 and assisted about 12 boys`.
fn verb_before(sentence: &Sentence, start: usize) -> Option<usize> {
    const FARTHEST: usize = 3;
    let key = |at: usize| sentence.words.key(at).unwrap_or_default();
    let is_joined = |&at: &usize| at > 0 && matches!(key(at - 1), "and" | "or" | "but");
    let place = (start.saturating_sub(FARTHEST)..start).rev().find(is_joined);
    place.filter(|&at| is_one_clause(&sentence.words, at, start))
}

/// Whether a word is one of a table.
fn is_form(key: &str, known: &str) -> bool {
    known.strip_suffix('*').map_or(key == known, |beginning| key.starts_with(beginning))
}

/// Whether a word says that something was made public: `released data on 12 boys`.
fn is_published(sentence: &Sentence, at: usize) -> bool {
    const PUBLISHED: [&str; 6] =
        ["data", "figures", "information", "report", "reports", "statistics"];
    const FARTHEST: usize = 2;
    let key = |at: usize| sentence.words.key(at).unwrap_or_default();
    key(at).starts_with("releas")
        && (at + 1..=at + FARTHEST).any(|next| PUBLISHED.contains(&key(next)))
}

/// Whether words of two lines stand joined: `acquitted or convicted`.
fn are_joined(sentence: &Sentence, told: &[Told], by: &[&str]) -> bool {
    told.windows(2).any(|pair| match pair {
        [(one, first), (other, second)] => {
            let between = sentence.words.key(one + 1);
            first != second && *other == one + 2 && between.is_some_and(|key| by.contains(&key))
        }
        _ => false,
    })
}

/// Whether the figures beside one stand beside another too, in its clause: of `715 suspects in 414 cases` both are known.
pub fn is_beside_same(own: &Sentence, figure: usize, source: &Sentence, other: usize) -> bool {
    let value = |sentence: &Sentence, at: Option<usize>, of: usize| {
        let (beside, figure) = (sentence.figures.get(at?)?, sentence.figures.get(of)?);
        let is_one = is_one_clause(&sentence.words, beside.words.start, figure.words.start);
        is_one.then(|| (beside.value.clone(), beside.unit))
    };
    let is_same = |own_at: Option<usize>, other_at: Option<usize>| {
        let asked = value(own, own_at, figure);
        asked.is_some() && asked == value(source, other_at, other)
    };
    is_same(figure.checked_sub(1), other.checked_sub(1))
        || is_same(figure.checked_add(1), other.checked_add(1))
}
