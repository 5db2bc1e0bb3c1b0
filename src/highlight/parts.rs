//! A passage taken apart: where the looked-for terms stand in its text and its headings, and in the text of the next
//! passage where something may go on there.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Mark, Passed};
use crate::query::{Clause, Filter, TextField};

/// What may go over the seam to the next passage, by the numbers of its terms: one of them stands there near the end of
/// the text.
pub struct Over {
    terms: Vec<usize>,
    /// How many positions before the end at most.
    reach: u32,
}

/// One occurrence of a looked-for term.
pub struct Place {
    pub position: u32,
    pub bytes: Range<usize>,
}

/// The occurrences in one part of a passage: its text, its title, or a heading.
pub struct Part<'a> {
    /// With the text of the next passage directly behind it, where something may go on there.
    pub text: Cow<'a, str>,
    /// By the number of the term; in order of position.
    pub places: Vec<Vec<Place>>,
    /// How many positions it has by itself; those of the next passage are counted on.
    pub end: u32,
    /// Where it ends by itself, in bytes.
    pub length: usize,
}

/// A passage taken apart: the trail's parts first, the text last.
pub struct Parts<'a> {
    pub parts: Vec<Part<'a>>,
    /// Whether its metadata are what a filter asks for.
    pub holds: &'a dyn Fn(&Filter) -> bool,
}

impl Over {
    /// `None` for what does not go over. `terms`: their numbers.
    pub fn of(clause: &Clause, terms: &FxHashMap<&str, usize>) -> Option<Over> {
        if !clause.goes_over() {
            return None;
        }
        let mut asked: Vec<&str> = Vec::new();
        let mut reach = clause.width().saturating_sub(1);
        clause.visit_terms(&mut |term| asked.push(term));
        if matches!(clause, Clause::Phrase(_)) {
            // One of its words, but not the last, is the last of the text.
            asked.pop();
            reach = 1;
        }
        let terms = asked.into_iter().filter_map(|term| terms.get(term).copied()).collect();
        Some(Over { terms, reach })
    }

    /// Whether something may begin in a text that ends in the next.
    pub fn may_begin(&self, part: &Part<'_>) -> bool {
        let places = self.terms.iter().filter_map(|&term| part.places.get(term)?.last());
        places.into_iter().any(|place| place.position + self.reach >= part.end)
    }
}

impl Part<'_> {
    /// Puts the text of the next passage behind this one.
    pub fn append(&mut self, next: Part<'_>) {
        self.text.to_mut().push_str(&next.text);
        for (places, next) in self.places.iter_mut().zip(next.places) {
            places.extend(next.into_iter().map(|place| Place {
                position: self.end + place.position,
                bytes: self.length + place.bytes.start..self.length + place.bytes.end,
            }));
        }
    }

    /// Adds a mark in the text, in the next one, or in both: then it ends with the last word of the one and goes on
    /// with the first of the other.
    pub fn push(&self, mark: Mark, passed: &mut Passed) {
        let (length, places) = (self.length, || self.places.iter().flatten());
        let Mark { bytes, kind, clause } = mark;
        if bytes.end <= length {
            passed.marks.push(Mark { bytes, kind, clause });
            return;
        }
        let mut start = bytes.start;
        if start < length {
            let ends = places().map(|place| place.bytes.end).filter(|&end| end <= length);
            let end = ends.max().unwrap_or(length);
            passed.marks.push(Mark { bytes: start..end, kind, clause });
            let starts = places().map(|place| place.bytes.start).filter(|&start| start >= length);
            start = starts.min().unwrap_or(length);
        }
        let bytes = start - length..bytes.end - length;
        passed.next_marks.push(Mark { bytes, kind, clause });
    }
}

impl<'a> Parts<'a> {
    /// The parts that a field looks at, with their numbers.
    pub fn of(&self, field: TextField) -> impl Iterator<Item = (usize, &Part<'a>)> {
        let text = self.parts.len().saturating_sub(1);
        self.parts.iter().enumerate().filter(move |(number, _)| match field {
            TextField::Title => *number == 0 && text > 0,
            TextField::Heading => *number > 0 && *number < text,
            // The text, the title, and the nearest heading.
            TextField::Main => *number == text || *number == 0 || *number + 1 == text,
        })
    }
}
