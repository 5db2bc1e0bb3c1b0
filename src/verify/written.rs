//! How the words of a quotation are written otherwise where they stand, each in its place.

use std::ops::Range;

use super::exact::{Step, StepKind};
use super::gaps::{self, Difference, Differences, Place};
use super::numbers::may_be_number;
use super::words::Words;
use crate::analyze::{Disregard, SOFT_HYPHEN, is_invisible, letters};

/// A quotation and its source.
pub struct Written<'a> {
    pub quote: &'a Words,
    pub source: &'a Words,
}

impl Written<'_> {
    /// How the words found are written otherwise.
    pub fn differences(&self, steps: &[Step]) -> Differences {
        let mut found = Differences::new();
        let mut gap = GapBetween::default();
        for step in steps {
            let is_first = gap.quoted.is_none();
            self.add_gap(step, &mut gap, &mut found);
            match step.kind {
                StepKind::Bracket if !step.source.is_empty() => {
                    found.insert(Difference::Brackets);
                    gap = GapBetween::after(step);
                    continue;
                }
                StepKind::Bracket => found.insert(Difference::Brackets),
                StepKind::Mark => found.insert(Difference::ReferenceMarks),
                StepKind::Ellipsis => found.insert(Difference::Ellipsis),
                StepKind::Label => false,
                _ => {
                    self.words_differ(step, &mut found);
                    gap = GapBetween::after(step);
                    continue;
                }
            };
            gap.has_break |= step.kind == StepKind::Ellipsis;
            gap.quoted = gap.quoted.or(is_first.then_some(0));
        }
        let end = steps.iter().rev().find(|step| !step.source.is_empty());
        if let Some(end) = end.filter(|_| gap.skipped_quoted.is_empty()) {
            let after_digit = self.source.key(end.source.end - 1).is_some_and(may_be_number);
            let (own, other) = (self.quote.gap(self.quote.len()), self.source.gap(end.source.end));
            gaps::compare_end(own, other, after_digit, &mut found);
        }
        found
    }

    /// Compares what stands before a step, from the last word on, without what is skipped.
    fn add_gap(&self, step: &Step, gap: &mut GapBetween, found: &mut Differences) {
        let own = self.quote.gap(step.quoted.start);
        let other = self.source.gap(step.source.start);
        let before_digit = self.source.key(step.source.start).is_some_and(starts_with_digit);
        match step.kind {
            StepKind::Bracket if step.source.is_empty() => {
                gap.skipped_quoted.push(step.quoted.clone());
            }
            StepKind::Mark | StepKind::Label => {
                gap.skipped_source.push(step.source.clone());
            }
            StepKind::Ellipsis => {}
            _ if gap.has_break => {}
            // `45%` and `45 percent` differ as numbers do.
            _ if self.is_percent_written_otherwise(step) => {}
            _ if gap.quoted.is_none() => gaps::compare_start(own, other, before_digit, found),
            _ => {
                let own = without(self.quote, step.quoted.start, &gap.skipped_quoted);
                let other = without(self.source, step.source.start, &gap.skipped_source);
                let is_seam = self.source.has_seam(step.source.start);
                gaps::compare(&own, &other, Place { is_seam, before_digit }, found);
            }
        }
    }

    fn is_percent_written_otherwise(&self, step: &Step) -> bool {
        let (own, other) = (step.quoted.start, step.source.start);
        self.quote.key(own) == Some("percent")
            && self.quote.written(own) != self.source.written(other)
    }

    /// How the words of a step are written otherwise.
    fn words_differ(&self, step: &Step, found: &mut Differences) {
        if step.kind == StepKind::Number {
            let own = self.quote.span(&step.quoted);
            let other = self.source.span(&step.source);
            let (own, other) = (self.quote.text.get(own), self.source.text.get(other));
            if own != other {
                found.insert(Difference::Numbers);
            }
            return;
        }
        let own = written(self.quote, &step.quoted, found);
        let other = written(self.source, &step.source, found);
        if own == other {
            return;
        }
        if own.contains(['[', ']']) || other.contains(['[', ']']) {
            found.insert(Difference::Brackets);
        }
        if self.quote.key(step.quoted.start) == Some("percent") {
            found.insert(Difference::Numbers);
            return;
        }
        let plain = |word: &str| word.replace(['[', ']'], "");
        found.extend(letter_differences(&plain(&own), &plain(&other)));
    }
}

/// What stands between the last word and the next.
#[derive(Debug, Default)]
struct GapBetween {
    /// `None` before the first word.
    quoted: Option<usize>,
    has_break: bool,
    skipped_quoted: Vec<Range<usize>>,
    skipped_source: Vec<Range<usize>>,
}

impl GapBetween {
    fn after(step: &Step) -> GapBetween {
        GapBetween { quoted: Some(step.quoted.end), ..GapBetween::default() }
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric())
}

/// What stands before a word, without the groups skipped between it and the word before them.
fn without(words: &Words, at: usize, skipped: &[Range<usize>]) -> String {
    let first = skipped.first().map_or(at, |skipped| skipped.start);
    let mut start = first.checked_sub(1).map_or(0, |before| words.bytes(before).end);
    let mut gap = String::new();
    for group in skipped.iter().filter_map(|skipped| words.skippable(skipped)) {
        gap.push_str(words.text.get(start..group.bytes.start).unwrap_or_default());
        start = group.bytes.end;
        // The blank that stood on both sides of it.
        let rest = words.text.get(start..).unwrap_or_default();
        if gap.ends_with(char::is_whitespace) && rest.starts_with(char::is_whitespace) {
            gap.pop();
        }
    }
    gap.push_str(words.text.get(start..words.bytes(at).start).unwrap_or_default());
    gap
}

/// Some words as they are written, put together where they are parts of one.
fn written(words: &Words, range: &Range<usize>, found: &mut Differences) -> String {
    if range.len() > 1 {
        let gaps = range.clone().skip(1).map(|at| words.gap(at));
        found.insert(gaps.filter_map(unseen).next().unwrap_or(Difference::Dashes));
    }
    range.clone().map(|at| words.written(at)).collect()
}

/// What a text has that is not seen: what may hide something rather than soft hyphens.
fn unseen(text: &str) -> Option<Difference> {
    let is_hidden = |c: char| is_invisible(c) && c != SOFT_HYPHEN;
    let soft = text.contains(SOFT_HYPHEN).then_some(Difference::SoftHyphens);
    if text.contains(is_hidden) { Some(Difference::Invisible) } else { soft }
}

/// In which ways the letters of two words differ that are the same word.
fn letter_differences(own: &str, other: &str) -> Vec<Difference> {
    let ways = [
        (Difference::Case, Disregard { case: false, ..Disregard::ALL }),
        (Difference::Quotes, Disregard { apostrophes: false, ..Disregard::ALL }),
        (Difference::Ligatures, Disregard { ligatures: false, ..Disregard::ALL }),
        (
            unseen(&format!("{own}{other}")).unwrap_or(Difference::SoftHyphens),
            Disregard { invisible: false, ..Disregard::ALL },
        ),
    ];
    let differs = |all_but: Disregard| letters(own, all_but) != letters(other, all_but);
    ways.into_iter().filter(|(_, all_but)| differs(*all_but)).map(|(way, _)| way).collect()
}
