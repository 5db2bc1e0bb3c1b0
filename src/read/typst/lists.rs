//! Numbered lists of Typst: `+ item`, `3. item`, and how the file sets their numbers.

use super::Reader;
use crate::read::numbers::{Numerals, Ordered, Pattern};

/// How lists are numbered: `#set enum(numbering: "1.a)", start: 3)`.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    /// What counts in each level, the last in all deeper ones too.
    levels: Vec<Numerals>,
    before: String,
    after: String,
    /// The number of the first item.
    pub first: Option<i64>,
}

impl Numbering {
    /// Takes a pattern: what stands before its first counter and after its last stands around each number.
    pub fn set(&mut self, pattern: &str) {
        let counts = |c: char| Numerals::like(c).is_some();
        self.levels = pattern.chars().filter_map(Numerals::like).collect();
        let [before, after] = [pattern.split(counts).next(), pattern.rsplit(counts).next()]
            .map(|it| it.unwrap_or_default().to_owned());
        (self.before, self.after) = (before, after);
    }

    fn list(&self, depth: usize) -> Ordered {
        let pattern = match self.levels.get(depth).or(self.levels.last()) {
            Some(numerals) => Pattern::new(&self.before, *numerals, &self.after),
            None => Pattern::new("", Numerals::Decimal, "."),
        };
        Ordered::new(pattern, self.first.unwrap_or(1))
    }
}

impl Reader<'_> {
    /// The label of an item whose mark begins here. `is_new`: whether it is the first of its list.
    pub fn label_item(&mut self, length: usize, is_new: bool) {
        if self.stream.is_taken() {
            return;
        }
        let (level, mark) = (self.items.len(), self.at..self.at + length);
        let written = self.source.get(mark.clone()).unwrap_or_default();
        let is_numbered = written.starts_with(|c: char| c == '+' || c.is_ascii_digit());
        let kept = level + usize::from(is_numbered && !is_new);
        self.lists.truncate(self.lists.partition_point(|(items, _)| *items < kept));
        if !is_numbered {
            return self.stream.sheet.builder.unlabel(level);
        }
        if self.lists.last().is_none_or(|(items, _)| *items < level) {
            self.lists.push((level, self.numbering.list(self.lists.len())));
        }
        let Some((_, list)) = self.lists.last_mut() else { return };
        list.next = written.trim_end_matches('.').parse().unwrap_or(list.next);
        let label = list.count();
        self.stream.sheet.builder.label(level, &label, Some(mark));
    }

    /// The items here have ended.
    pub fn end_lists(&mut self) {
        let level = self.items.len();
        self.lists.truncate(self.lists.partition_point(|(items, _)| *items <= level));
        self.stream.sheet.builder.unlabel(level + 1);
    }
}
