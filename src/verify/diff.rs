//! What a quotation says otherwise than its source, word by word.

use std::ops::Range;

use super::gaps::{is_joining, is_quote};
use super::numbers::number_at;
use super::words::Words;

/// A stretch of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// In both, as the quotation has it.
    Same(String),
    /// In the source only.
    Removed(String),
    /// In the quotation only.
    Added(String),
    /// In the source only, where an ellipsis says so.
    Omitted(String),
}

/// A quotation compared with a stretch of its source.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// In the order of the quotation.
    pub edits: Vec<Edit>,
    /// Twice the words and signs in both, over those of both: 1 where all are the same (Dice 1945). What an
    /// ellipsis stands for does not count.
    pub similarity: f64,
    /// For each edit the words of the quotation, by index.
    pub quoted: Vec<Range<usize>>,
    /// For each edit the words of the source, by index in its own words.
    pub source: Vec<Range<usize>>,
}

/// A word or sign.
struct Unit {
    key: String,
    bytes: Range<usize>,
    /// The index of the word, or of the word that follows.
    word: usize,
    is_word: bool,
}

/// The name under which an ellipsis is known.
const ELLIPSIS: &str = "…";

/// Compares a quotation with a text.
pub fn compare(quote: &Words, source: &Words) -> Comparison {
    let (own, other) = (units(quote), units(source));
    let common = longest_common(&own, &other);
    let mut comparison = Comparison::default();
    let (mut same, mut omitted) = (0, 0);
    let (mut i, mut j) = (0, 0);
    let ends = (own.len(), other.len());
    let mut runs = common.chunk_by(|a, b| b.0 == a.0 + 1 && b.1 == a.1 + 1).peekable();
    while (i, j) != ends || runs.peek().is_some() {
        let run = runs.next();
        let (to_own, to_other) = run.and_then(<[_]>::first).copied().unwrap_or(ends);
        let is_marked = own[i..to_own].iter().any(|unit| unit.key == ELLIPSIS);
        let is_omission = is_marked && own[i..to_own].iter().all(|unit| !unit.is_word);
        if j < to_other {
            let text = slice(source, &other[j..to_other]);
            omitted += if is_omission { to_other - j } else { 0 };
            let edit = if is_omission { Edit::Omitted(text) } else { Edit::Removed(text) };
            comparison.push(edit, words_of(&own, i..i), words_of(&other, j..to_other));
        }
        if i < to_own && !is_omission {
            let edit = Edit::Added(slice(quote, &own[i..to_own]));
            comparison.push(edit, words_of(&own, i..to_own), words_of(&other, to_other..to_other));
        }
        omitted += if is_omission { to_own - i } else { 0 };
        let Some(run) = run else { break };
        (i, j) = (to_own + run.len(), to_other + run.len());
        same += run.len();
        let edit = Edit::Same(slice(quote, &own[to_own..i]));
        comparison.push(edit, words_of(&own, to_own..i), words_of(&other, to_other..j));
    }
    let all = own.len() + other.len() - omitted;
    comparison.similarity = if all == 0 { 0.0 } else { 2.0 * same as f64 / all as f64 };
    comparison
}

impl Comparison {
    fn push(&mut self, edit: Edit, quoted: Range<usize>, source: Range<usize>) {
        self.edits.push(edit);
        self.quoted.push(quoted);
        self.source.push(source);
    }
}

/// The words among some units, by index.
fn words_of(units: &[Unit], range: Range<usize>) -> Range<usize> {
    let next = units.get(range.start).map_or_else(
        || units.last().map_or(0, |unit| unit.word + usize::from(unit.is_word)),
        |unit| unit.word,
    );
    let words = units.get(range).unwrap_or_default().iter().filter(|unit| unit.is_word);
    next..next + words.count()
}

/// The text from the first to the last of some units, with the square brackets that adjoin them: `[do]`.
fn slice(words: &Words, units: &[Unit]) -> String {
    let (Some(first), Some(last)) = (units.first(), units.last()) else { return String::new() };
    let (mut start, mut end) = (first.bytes.start, last.bytes.end);
    start -= usize::from(words.text.get(..start).is_some_and(|before| before.ends_with('[')));
    end += usize::from(words.text.get(end..).is_some_and(|after| after.starts_with(']')));
    words.text.get(start..end).unwrap_or_default().to_owned()
}

/// The words and signs of a text; quotation marks, dashes, brackets and white space may differ anyway.
fn units(words: &Words) -> Vec<Unit> {
    let mut units = Vec::new();
    for at in 0..=words.len() {
        let gap = words.gap(at);
        let start = words.bytes(at).start - gap.len();
        let is_break = words.has_break(at) || at == words.len() && super::gaps::has_ellipsis(gap);
        let inner = at > 0 && at < words.len();
        if is_break {
            let bytes = start + gap.len() - gap.trim_start().len()..start + gap.trim_end().len();
            units.push(Unit { key: ELLIPSIS.to_owned(), bytes, word: at, is_word: false });
        } else if inner {
            for (offset, c) in gap.char_indices().filter(|(_, c)| is_sign(*c)) {
                let bytes = start + offset..start + offset + c.len_utf8();
                units.push(Unit { key: c.to_string(), bytes, word: at, is_word: false });
            }
        }
        if at < words.len() {
            units.push(Unit {
                key: canonical(words, at),
                bytes: words.bytes(at),
                word: at,
                is_word: true,
            });
        }
    }
    units
}

fn is_sign(c: char) -> bool {
    !c.is_whitespace() && !is_quote(c) && !is_joining(c)
}

/// The letters of a word, or its value where it is a number by itself.
pub fn canonical(words: &Words, at: usize) -> String {
    match number_at(words, at).filter(|number| number.length == 1) {
        Some(number) => number.value,
        None => words.key(at).unwrap_or_default().to_owned(),
    }
}

/// The longest common subsequence, as pairs of indexes.
fn longest_common(own: &[Unit], other: &[Unit]) -> Vec<(usize, usize)> {
    let width = other.len() + 1;
    let mut lengths = vec![0u16; (own.len() + 1) * width];
    for i in (0..own.len()).rev() {
        for j in (0..other.len()).rev() {
            lengths[i * width + j] = match own[i].key == other[j].key {
                true => lengths[(i + 1) * width + j + 1] + 1,
                false => lengths[(i + 1) * width + j].max(lengths[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut common = Vec::new();
    while i < own.len() && j < other.len() {
        if own[i].key == other[j].key {
            common.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}
