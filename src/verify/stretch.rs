//! Neighbouring passages of a document as one text, and the way back to each.

use std::ops::Range;

use super::words::Words;
use crate::passage::Passage;

/// What stands between two passages in a stretch; what stood there in the document is white space.
const SEAM: &str = "\n\n";

/// Passages that follow one another in a document, as one text.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The passages, in order.
    pub passages: Vec<Passage>,
    /// Where each begins in the text.
    starts: Vec<usize>,
    /// Their words.
    pub words: Words,
}

impl Stretch {
    /// The passages as one text.
    pub fn of(passages: &[Passage]) -> Stretch {
        let mut text = String::new();
        let (mut starts, mut seams) = (Vec::new(), Vec::new());
        for (index, passage) in passages.iter().enumerate() {
            if index > 0 {
                seams.push(text.len());
                text.push_str(SEAM);
            }
            starts.push(text.len());
            text.push_str(&passage.text);
        }
        Stretch { passages: passages.to_vec(), starts, words: Words::of(text, seams) }
    }

    /// The index of the passage with a byte of the text.
    pub fn passage_at(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start <= byte).saturating_sub(1)
    }

    /// Whether two words stand under the same heading.
    pub fn is_one_section(&self, one: usize, other: usize) -> bool {
        let anchor = |word: usize| {
            let passage = self.passage_at(self.words.bytes(word).start);
            self.passages.get(passage).map(|passage| &passage.anchor)
        };
        anchor(one) == anchor(other)
    }

    /// The bytes of a range of the text within the passage that it begins in; cut at the passage's end.
    pub fn within_first(&self, bytes: &Range<usize>) -> Range<usize> {
        let index = self.passage_at(bytes.start);
        let start = self.starts.get(index).copied().unwrap_or(0);
        let length = self.passages.get(index).map_or(0, |passage| passage.text.len());
        let within = |byte: usize| byte.saturating_sub(start).min(length);
        within(bytes.start)..within(bytes.end)
    }

    /// The part under the same heading as a passage.
    pub fn same_section(&self, passage: &Passage) -> Stretch {
        let is_own = |other: &&Passage| other.anchor == passage.anchor;
        Stretch::of(&self.passages.iter().filter(is_own).cloned().collect::<Vec<_>>())
    }
}
