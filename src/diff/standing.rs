//! Which sentences of one report stand in the other, word for word, wherever that is.
//!
//! The sentences that are looked for are a tree of words; the other report is followed through it from every place where
//! a sentence may begin. That takes time with the length of both, however many sentences there are.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::heads::{cells, head};
use super::notes::{Bare, without_last_notes};
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
        let found: Vec<(Sought, Option<Place>)> =
            sentences.into_iter().map(|it| tree.found(it)).collect();
        let has_long = found.iter().any(|(it, place)| !it.is_short && place.is_some());
        let standing = |(it, place): (Sought, Option<Place>)| {
            let place = place.filter(|_| has_long);
            let passage = place.and_then(|(at, byte)| Some(report.get(at)?.passage_at(byte)));
            Standing { bytes: it.bytes, said: it.said, id: passage.map(|it| it.id.clone()) }
        };
        found.into_iter().map(standing).collect()
    };
    sought.into_iter().map(told).collect()
}

/// Where a sentence begins in a report: the paragraph, and the byte of its text.
type Place = (usize, usize);

/// A sentence that is looked for.
struct Sought {
    bytes: Range<usize>,
    said: usize,
    is_short: bool,
    /// Its last word in the tree; `None` where it has no words, or too many.
    end: Option<u32>,
    /// The same without the head of a table that it begins with.
    cell: Option<Box<Sought>>,
}

/// Sentences, word by word.
#[derive(Default)]
struct Tree {
    numbers: FxHashMap<String, u32>,
    /// From a node, by a word, to the next. The root is 0.
    next: FxHashMap<(u32, u32), u32>,
    /// The nodes where sentences end, each with the place in the report where such a sentence was found.
    ends: FxHashMap<u32, Option<Place>>,
}

impl Tree {
    fn add_all(&mut self, paragraph: &Paragraph) -> Vec<Sought> {
        let all = sentences(&paragraph.text, paragraph.highest).into_iter();
        let all = all.map(|bytes| {
            let sentence = &paragraph.text[bytes.clone()];
            let bare = without_last_notes(sentence);
            let cell = head(bare, bare.len() < sentence.len());
            let cell = cell.map(|length| self.sought(paragraph, bytes.start + length..bytes.end));
            Sought { cell: cell.map(Box::new), ..self.sought(paragraph, bytes) }
        });
        all.collect()
    }

    fn sought(&mut self, paragraph: &Paragraph, bytes: Range<usize>) -> Sought {
        let sentence = &paragraph.text[bytes.clone()];
        let said = without_last_notes(sentence).len();
        let words: Vec<String> =
            words(sentence, paragraph.highest).into_iter().map(|it| it.word).collect();
        let is_short = words.len() < FEWEST_WORDS;
        Sought { bytes, said, is_short, end: self.add(words), cell: None }
    }

    /// A sentence with where it was found, without the head of a table where it stands only so.
    fn found(&self, sought: Sought) -> (Sought, Option<Place>) {
        let place = |it: &Sought| it.end.and_then(|end| self.ends.get(&end).copied().flatten());
        match (place(&sought), sought.cell) {
            (None, Some(cell)) if place(&cell).is_some() => {
                let place = place(&cell);
                (*cell, place)
            }
            (place, cell) => (Sought { cell, ..sought }, place),
        }
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
        // Of each word its number, its place, and whether a sentence may begin with it.
        let mut all: Vec<(Option<u32>, Place, bool)> = Vec::new();
        for (place, paragraph) in report.iter().enumerate() {
            let own = words(&paragraph.text, paragraph.highest).into_iter();
            let number = |word: &str| self.numbers.get(word).copied();
            all.extend(own.map(|it| (number(&it.word), (place, it.start), it.is_edge)));
        }
        let is_edge = |at: usize| all.get(at).is_none_or(|(_, _, is_edge)| *is_edge);
        for start in (0..all.len()).filter(|&at| is_edge(at)) {
            let mut node = 0;
            for (at, &(number, _, _)) in all.iter().enumerate().skip(start) {
                let next = number.and_then(|number| self.next.get(&(node, number)));
                let Some(&next) = next else { break };
                node = next;
                if is_edge(at + 1)
                    && let Some(found) = self.ends.get_mut(&node)
                {
                    found.get_or_insert(all[start].1);
                }
            }
        }
    }
}

/// A word of a text.
struct Word {
    /// Folded.
    word: String,
    /// Where it begins in the text.
    start: usize,
    /// Whether a sentence may begin with it.
    is_edge: bool,
}

/// The words of a text without the numbers of notes. A sentence may begin with the first, and behind a full stop, however it
/// is set; with a capital letter also behind the marks of notes and behind the head of a table.
fn words(text: &str, highest: u32) -> Vec<Word> {
    let bare = Bare::of(text, highest);
    let ends = |c: char| {
        matches!(
            c,
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '•' | '\n' | '\t'
        )
    };
    let cells = cells(&bare.text, |line| bare.has_cut(line));
    let mut end = None;
    let mut words = Vec::new();
    for bytes in word_ranges(&bare.text) {
        let begins_behind = |end: usize| {
            let is_capital = bare.text[bytes.start..].starts_with(char::is_uppercase);
            bare.text[end..bytes.start].contains(ends)
                || is_capital && bare.has_cut(end..bytes.start)
                || cells.binary_search(&bytes.start).is_ok()
        };
        let is_edge = end.is_none_or(begins_behind);
        end = Some(bytes.end);
        let start = bare.place(bytes.start);
        words.push(Word { word: folded(&bare.text[bytes]), start, is_edge });
    }
    words
}
