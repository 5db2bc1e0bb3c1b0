//! Which sentences of one report stand in the other, word for word, wherever that is.
//!
//! The sentences that are looked for are a tree of words; the other report is followed through it from every place where
//! a sentence may begin. That takes time with the length of both, however many sentences there are.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::notes::{without_last_notes, without_notes};
use super::paragraphs::Paragraph;
use super::sentences::{FEWEST_WORDS, sentences};
use crate::analyze::{folded, word_ranges};

/// Longer sentences are not looked for: none is so long, but a text without a full stop may be, and what repeats itself
/// would be followed through all of it from each of its words.
const LONGEST: usize = 300;

/// A sentence of a paragraph, and where it stands in the other report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its bytes in the text of the paragraph.
    pub bytes: Range<usize>,
    /// How many of them there are before the marks of notes at its end.
    pub(super) said: usize,
    /// The passage of the other report in which it stands, or begins to; `None` where it does not.
    pub id: Option<String>,
}

/// Looks the sentences of some paragraphs up in a report, given by all of its paragraphs. The numbers of notes may
/// differ. Short sentences stand anywhere: they count only beside a longer one of the same paragraph that stands.
pub fn standings<'p>(
    sought: &[Paragraph],
    report: impl Iterator<Item = &'p Paragraph>,
) -> Vec<Vec<Standing>> {
    let mut tree = Tree::default();
    let sought: Vec<Vec<Sought>> = sought.iter().map(|paragraph| tree.add_all(paragraph)).collect();
    let report: Vec<&Paragraph> = report.collect();
    tree.follow(&report);
    let told = |sentences: Vec<Sought>| {
        let place = |it: &Sought| it.end.and_then(|end| tree.ends.get(&end).copied().flatten());
        let has_long = sentences.iter().any(|it| !it.is_short && place(it).is_some());
        let id = |it: &Sought| {
            let paragraph = place(it).filter(|_| has_long).and_then(|at| report.get(at))?;
            Some(paragraph.passage.id.clone())
        };
        let standing =
            |it: &Sought| Standing { bytes: it.bytes.clone(), said: it.said, id: id(it) };
        sentences.iter().map(standing).collect()
    };
    sought.into_iter().map(told).collect()
}

/// A sentence that is looked for.
struct Sought {
    bytes: Range<usize>,
    said: usize,
    is_short: bool,
    /// Its last word in the tree; `None` where it has no words, or too many.
    end: Option<u32>,
}

/// Sentences, word by word.
#[derive(Default)]
struct Tree {
    numbers: FxHashMap<String, u32>,
    /// From a node, by a word, to the next. The root is 0.
    next: FxHashMap<(u32, u32), u32>,
    /// The nodes where sentences end, each with the paragraph of the report in which such a sentence was found.
    ends: FxHashMap<u32, Option<usize>>,
}

impl Tree {
    fn add_all(&mut self, paragraph: &Paragraph) -> Vec<Sought> {
        let text = &paragraph.text;
        let add = |bytes: Range<usize>| {
            let sentence = &text[bytes.clone()];
            let said = without_last_notes(sentence).len();
            let (words, _) = words_and_edges(sentence, paragraph.highest);
            let is_short = words.len() < FEWEST_WORDS;
            Sought { bytes, said, is_short, end: self.add(words) }
        };
        sentences(text).into_iter().map(add).collect()
    }

    fn add(&mut self, words: Vec<String>) -> Option<u32> {
        if words.is_empty() || words.len() > LONGEST {
            return None;
        }
        let mut node = 0;
        for word in words {
            let unused = self.numbers.len() as u32;
            let number = *self.numbers.entry(word).or_insert(unused);
            let unused = self.next.len() as u32 + 1;
            node = *self.next.entry((node, number)).or_insert(unused);
        }
        self.ends.insert(node, None);
        Some(node)
    }

    /// Finds the sentences of the tree in a report, each in its first place.
    fn follow(&mut self, report: &[&Paragraph]) {
        // Of each word its number, its paragraph, and whether a sentence may begin with it.
        let mut words: Vec<(Option<u32>, usize, bool)> = Vec::new();
        for (place, paragraph) in report.iter().enumerate() {
            let (own, edges) = words_and_edges(&paragraph.text, paragraph.highest);
            let number = |word: String| self.numbers.get(&word).copied();
            words.extend(
                own.into_iter().zip(edges).map(|(word, is_edge)| (number(word), place, is_edge)),
            );
        }
        let is_edge = |at: usize| words.get(at).is_none_or(|(_, _, is_edge)| *is_edge);
        for start in (0..words.len()).filter(|&at| is_edge(at)) {
            let mut node = 0;
            for (at, &(number, _, _)) in words.iter().enumerate().skip(start) {
                let next = number.and_then(|number| self.next.get(&(node, number)));
                let Some(&next) = next else { break };
                node = next;
                if is_edge(at + 1)
                    && let Some(found) = self.ends.get_mut(&node)
                {
                    found.get_or_insert(words[start].1);
                }
            }
        }
    }
}

/// The words of a text without the numbers of notes, folded, and for each whether a sentence may begin with it: at the
/// beginning, and behind a full stop, however it is set.
fn words_and_edges(text: &str, highest: u32) -> (Vec<String>, Vec<bool>) {
    let text = without_notes(text, highest);
    let ends = |c: char| {
        matches!(
            c,
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '•' | '\n' | '\t'
        )
    };
    let mut end = None;
    let mut edges = Vec::new();
    let mut words = Vec::new();
    for bytes in word_ranges(&text) {
        edges.push(end.is_none_or(|end: usize| text[end..bytes.start].contains(ends)));
        end = Some(bytes.end);
        words.push(folded(&text[bytes]));
    }
    (words, edges)
}
