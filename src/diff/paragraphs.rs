//! The paragraphs of a report, each with the passages that it stands in.

use super::notes::{highest, without_notes};
use crate::analyze::{Analyzer, folded, word_ranges};
use crate::passage::Passage;
use crate::query::fold_value;

/// A paragraph, or a list or table as far as a passage holds it.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// The passage that it begins in.
    pub passage: Passage,
    /// Where it goes on, if it was too long for one passage: from which byte of its text on it stands in which.
    more: Vec<(usize, Passage)>,
    /// Its text; white space is as it stands there.
    pub text: String,
    /// Its words, folded, without the numbers of notes, unless it has no others.
    pub(super) words: Vec<String>,
    /// The highest number of the notes of its report.
    pub(super) highest: u32,
}

impl Paragraph {
    /// The passages that it stands in, in order.
    pub fn passages(&self) -> impl Iterator<Item = &Passage> {
        std::iter::once(&self.passage).chain(self.more.iter().map(|(_, passage)| passage))
    }

    /// The passage that a byte of its text stands in.
    pub fn passage_at(&self, byte: usize) -> &Passage {
        let last = self.more.iter().rev().find(|(start, _)| *start <= byte);
        last.map_or(&self.passage, |(_, passage)| passage)
    }

    /// All of it as a passage would be: its own text, at a place that reaches over all of its passages. The id is that of
    /// the first.
    pub fn whole(&self) -> Passage {
        let last = self.more.last().map(|(_, passage)| &passage.location);
        let location = self.passage.location.clone();
        let location = last.map_or(location, |last| self.passage.location.to(last));
        Passage { text: self.text.clone(), location, ..self.passage.clone() }
    }
}

/// The paragraphs of passages that follow one another. A paragraph that was too long for one passage is one again,
/// where the source says so.
pub fn paragraphs(passages: &[Passage]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut before: Option<&Passage> = None;
    for passage in passages {
        let goes_on = before.is_some_and(|before| goes_on(before, passage));
        let blocks = passage.text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
        for (place, block) in blocks.enumerate() {
            match paragraphs.last_mut() {
                Some(last) if place == 0 && goes_on => {
                    // A line or a blank, whatever it was there.
                    last.text.push(' ');
                    last.more.push((last.text.len(), passage.clone()));
                    last.text.push_str(block);
                }
                _ => paragraphs.push(Paragraph {
                    passage: passage.clone(),
                    more: Vec::new(),
                    text: block.to_owned(),
                    words: Vec::new(),
                    highest: 0,
                }),
            }
        }
        before = Some(passage);
    }
    let highest = highest(paragraphs.iter().map(|paragraph| paragraph.text.as_str()));
    for paragraph in &mut paragraphs {
        paragraph.highest = highest;
        paragraph.words = words(&without_notes(&paragraph.text, highest));
        if paragraph.words.is_empty() {
            paragraph.words = words(&paragraph.text);
        }
    }
    paragraphs
}

/// The words of a text, folded; of one that has none, as a `✓` in a table, what it has.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = word_ranges(text).into_iter().filter_map(|bytes| text.get(bytes)).map(folded);
    let words: Vec<String> = words.collect();
    if words.is_empty() { text.split_whitespace().map(str::to_owned).collect() } else { words }
}

/// Whether the paragraph that ends a passage goes on in the next: in the source nothing but one character of white
/// space stands between the two.
fn goes_on(before: &Passage, after: &Passage) -> bool {
    let (end, start) = (&before.location.bytes, &after.location.bytes);
    let is_next = end.as_ref().zip(start.as_ref()).is_some_and(|(a, b)| a.end + 1 >= b.start);
    before.anchor == after.anchor && is_next
}

/// Whether a passage has the role of this name, or stands under a heading with these words.
pub fn is_of_section(passage: &Passage, section: &str) -> bool {
    let role = passage.role.as_deref();
    if role.is_some_and(|role| fold_value(role) == fold_value(section)) {
        return true;
    }
    let terms = |text: &str| -> Vec<String> {
        Analyzer::default().tokens(text).into_iter().map(|token| token.term).collect()
    };
    let wanted = terms(section);
    let headings = passage.trail.get(1..).unwrap_or_default();
    !wanted.is_empty()
        && headings.iter().any(|heading| {
            terms(heading).windows(wanted.len()).any(|words| words == wanted.as_slice())
        })
}
