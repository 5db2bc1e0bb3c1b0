//! Where the words of a quotation stand, every one in its place: only what a quotation may change or
//! leave out with a sign is allowed to differ.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::gaps::{self, Difference, Differences, Place};
use super::negation::{is_negation, left_out_before};
use super::numbers::{self, is_number_word, may_be_number, number_at};
use super::pieces::sentence_starts;
use super::stretch::Stretch;
use super::words::{Group, Words};
use crate::analyze::{Disregard, letters};
use crate::passage::sentence_ends;

/// The most words that an ellipsis may stand for: about three passages. What is farther apart is not
/// one quotation.
const LONGEST_OMISSION: usize = 400;

/// A compound has at most so many parts.
const MOST_PARTS: usize = 4;

/// A number is written in at most so many words.
const LONGEST_NUMBER: usize = 12;

/// A place where all words of a quotation stand.
#[derive(Clone, Debug)]
pub struct Found {
    /// The words of the source, by index.
    pub words: Range<usize>,
    /// How it is written otherwise there.
    pub differences: Differences,
}

/// All places in a stretch of text.
#[derive(Debug, Default)]
pub struct Places {
    /// In their order, without overlap.
    pub found: Vec<Found>,
    /// The quotation may go on before or after the stretch.
    pub crosses_edge: bool,
}

/// What stands for some words of the quotation in the source.
#[derive(Clone, Debug)]
struct Step {
    quoted: Range<usize>,
    source: Range<usize>,
    kind: StepKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StepKind {
    /// The same word.
    Same,
    /// Parts of a compound, written together or with hyphens.
    Joined,
    /// The same number.
    Number,
    /// What an ellipsis stands for.
    Ellipsis,
    /// Words that brackets put in.
    Bracket,
    /// A mark of a note that is left out.
    Mark,
    /// The label of a further item, which copying loses.
    Label,
}

/// Finds the places of a quotation in a stretch.
pub fn places(quote: &Words, stretch: &Stretch) -> Places {
    let mut search = Search {
        quote,
        source: &stretch.words,
        stretch,
        numbers: quote.keys().map(may_be_number).collect(),
        failed: FxHashSet::default(),
        ran_off: false,
    };
    let mut places = Places::default();
    let mut at = 0;
    while at < search.source.len() {
        let end = match search.may_begin(at).then(|| search.found(at)).flatten() {
            Some(found) => {
                let end = found.words.end;
                places.found.push(found);
                end.max(at + 1)
            }
            None => at + 1,
        };
        at = end;
    }
    places.crosses_edge = search.ran_off || search.begins_before();
    places
}

/// Whether no word of a bracket says anything that must not be put in: numbers and negations.
fn is_harmless(words: &Words, group: &Group) -> bool {
    let mut keys = group.words.clone().filter_map(|at| words.key(at));
    keys.all(|key| !is_negation(key) && !may_be_number(key))
}

struct Search<'a> {
    quote: &'a Words,
    source: &'a Words,
    stretch: &'a Stretch,
    /// For each word of the quotation whether it may be a number.
    numbers: Vec<bool>,
    /// From these words of quotation and source on, nothing fits.
    failed: FxHashSet<(usize, usize, bool)>,
    /// The source ended before the quotation did.
    ran_off: bool,
}

impl Search<'_> {
    /// Whether the quotation may begin at a word of the source.
    fn may_begin(&self, at: usize) -> bool {
        let after = self.quote.brackets.iter().find(|group| group.words.start == 0);
        self.is_start(0, at) || after.is_some_and(|group| self.is_start(group.words.end, at))
    }

    fn found(&mut self, at: usize) -> Option<Found> {
        let steps = self.follow(0, at)?;
        let end = steps.last()?.source.end;
        let has_cut_number = self.cuts_number_before(at)
            || self.cuts_number_after(end)
            || steps.iter().any(|step| {
                step.kind == StepKind::Ellipsis
                    && !step.source.is_empty()
                    && (self.cuts_number_after(step.source.start)
                        || self.cuts_number_before(step.source.end))
            });
        let is_whole = !has_cut_number && !self.leaves_out_negation(at);
        (is_whole && end > at)
            .then(|| Found { words: at..end, differences: self.differences(&steps) })
    }

    /// Whether the end of the quotation stands at the beginning of the source.
    fn begins_before(&mut self) -> bool {
        let ran_off = self.ran_off;
        let begins = (1..self.quote.len())
            .any(|from| self.is_start(from, 0) && self.follow(from, 0).is_some());
        self.ran_off = ran_off;
        begins
    }

    /// The steps from a word of the quotation to its end, where the source has them from a word on.
    fn follow(&mut self, quoted: usize, source: usize) -> Option<Vec<Step>> {
        let mut steps: Vec<Step> = Vec::new();
        let mut open = Vec::new();
        let mut at = (quoted, source, false);
        loop {
            if at.0 == self.quote.len() {
                return Some(steps);
            }
            if self.failed.insert(at) {
                if at.1 == self.source.len() && source < at.1 {
                    self.ran_off = true;
                }
                let moves = self.moves(at.0, at.1, at.2);
                open.extend(moves.into_iter().rev().map(|step| (steps.len(), step)));
            }
            let (length, step) = open.pop()?;
            steps.truncate(length);
            at = (step.quoted.end, step.source.end, step.kind == StepKind::Ellipsis);
            steps.push(step);
        }
    }

    /// What may come next, best first.
    fn moves(&self, quoted: usize, source: usize, has_jumped: bool) -> Vec<Step> {
        let mut moves = Vec::new();
        let is_break = quoted > 0 && self.quote.has_break(quoted) && !has_jumped;
        if !is_break || self.source.has_break(source) {
            self.words_at(quoted, source, &mut moves);
        }
        if is_break {
            self.jumps(quoted, source, &mut moves);
        }
        let groups = self.quote.brackets.iter().filter(|group| group.words.start == quoted);
        for group in groups.filter(|group| is_harmless(self.quote, group)) {
            moves.push(Step {
                quoted: group.words.clone(),
                source: source..source,
                kind: StepKind::Bracket,
            });
        }
        let labels = self.source.labels.iter().filter(|_| quoted > 0);
        let labels = labels.map(|group| (group, StepKind::Label));
        let marks = self.source.marks.iter().map(|group| (group, StepKind::Mark));
        let skipped = marks.chain(labels).filter(|(group, _)| group.words.start == source);
        moves.extend(skipped.map(|(group, kind)| Step {
            quoted: quoted..quoted,
            source: group.words.clone(),
            kind,
        }));
        moves
    }

    fn is_start(&self, quoted: usize, source: usize) -> bool {
        let same = self.quote.key(quoted).is_some_and(|key| self.source.key(source) == Some(key));
        same || {
            let mut moves = Vec::new();
            self.words_at(quoted, source, &mut moves);
            !moves.is_empty()
        }
    }

    /// The words of the quotation that the source has here too.
    fn words_at(&self, quoted: usize, source: usize, moves: &mut Vec<Step>) {
        let (Some(own), Some(other)) = (self.quote.key(quoted), self.source.key(source)) else {
            return;
        };
        let mut add = |own: usize, other: usize, kind| {
            moves.push(Step { quoted: quoted..quoted + own, source: source..source + other, kind });
        };
        if own == other || self.quote.short(quoted) == Some(other) {
            add(1, 1, StepKind::Same);
        } else if other.starts_with(own)
            && let Some(parts) = parts(self.quote, quoted, other)
        {
            add(parts, 1, StepKind::Joined);
        } else if own.starts_with(other)
            && let Some(parts) = parts(self.source, source, own)
        {
            add(1, parts, StepKind::Joined);
        }
        let may_be_number = self.numbers.get(quoted).copied().unwrap_or(false);
        if may_be_number
            && numbers::may_be_number(other)
            && let Some(own) = number_at(self.quote, quoted)
            && let Some(other) = number_at(self.source, source)
            && own.value == other.value
        {
            add(own.length, other.length, StepKind::Number);
        }
    }

    /// Where the quotation may go on after an ellipsis: the nearest place first.
    fn jumps(&self, quoted: usize, source: usize, moves: &mut Vec<Step>) {
        let end = (source + LONGEST_OMISSION).min(self.source.len());
        for next in source..end {
            let is_within = source == 0 || self.stretch.is_one_section(source - 1, next);
            if !is_within {
                break;
            }
            if self.is_start(quoted, next) && !self.hides_negation(source, next) {
                moves.push(Step {
                    quoted: quoted..quoted,
                    source: source..next,
                    kind: StepKind::Ellipsis,
                });
            }
        }
    }

    /// Whether leaving out words turns a sentence into its opposite: a negation in what is left out of
    /// the sentence before or of the one after. Whole sentences may go.
    fn hides_negation(&self, from: usize, to: usize) -> bool {
        let negates = |at: usize| self.source.key(at).is_some_and(is_negation);
        if !(from..to).any(negates) {
            return false;
        }
        // Whether a number ends a sentence, the words before it tell.
        let start = self.source.bytes(from.saturating_sub(LONGEST_NUMBER)).start;
        let text = self.source.text.get(start..self.source.bytes(to).end).unwrap_or_default();
        let ends: Vec<usize> = sentence_ends(text).into_iter().map(|end| start + end).collect();
        let begins = |at: usize| {
            self.source.has_seam(at)
                || at > 0
                    && ends.iter().any(|&end| {
                        self.source.bytes(at - 1).end <= end && end <= self.source.bytes(at).start
                    })
        };
        let first = (from..=to).find(|&at| begins(at)).unwrap_or(to);
        let last = (from..=to).rev().find(|&at| begins(at)).unwrap_or(from);
        (from..first).any(negates) || (last..to).any(negates)
    }

    /// Whether the quotation, which begins like a sentence, leaves out a negation that the sentence begins with.
    fn leaves_out_negation(&self, at: usize) -> bool {
        left_out_before(self.quote, self.source, at, || sentence_starts(self.source)).is_some()
    }

    /// Whether a piece that begins here begins within a number: `one` of `twenty-one`.
    fn cuts_number_before(&self, at: usize) -> bool {
        let is_number = self.source.key(at).is_some_and(is_number_word);
        let before = at.saturating_sub(LONGEST_NUMBER)..at;
        is_number && self.numbers(before).any(|number| number.end > at)
    }

    /// Whether a piece that ends here ends within a number: `two` of `two million`, `45` of `45%`.
    fn cuts_number_after(&self, end: usize) -> bool {
        if self.source.written(end) == "%" {
            return true;
        }
        self.source.is_one_number(end)
            && self.numbers(end.saturating_sub(LONGEST_NUMBER)..end).any(|number| number.end > end)
    }

    fn numbers(&self, words: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        words.filter_map(|at| number_at(self.source, at).map(|number| at..at + number.length))
    }

    /// How the words found are written otherwise.
    fn differences(&self, steps: &[Step]) -> Differences {
        let mut found = Differences::new();
        let mut gap = GapBetween::default();
        for step in steps {
            let is_first = gap.quoted.is_none();
            self.add_gap(step, &mut gap, &mut found);
            match step.kind {
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
            StepKind::Bracket => {
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
        found.insert(match gaps.into_iter().any(|gap| gap.contains('\u{AD}')) {
            true => Difference::SoftHyphens,
            false => Difference::Dashes,
        });
    }
    range.clone().map(|at| words.written(at)).collect()
}

/// How many words from one on, with hyphens between them, make a word when put together.
fn parts(words: &Words, at: usize, whole: &str) -> Option<usize> {
    let mut rest = whole.strip_prefix(words.key(at)?)?;
    let mut count = 1;
    while count < MOST_PARTS && words.is_one_word(at + count) {
        let part = words.key(at + count)?;
        // `19-18` is not `1918`.
        if part.contains(|c: char| c.is_numeric()) || is_negation(words.key(at)?) {
            return None;
        }
        rest = rest.strip_prefix(part)?;
        count += 1;
        if rest.is_empty() {
            return Some(count);
        }
    }
    None
}

/// In which ways the letters of two words differ that are the same word.
fn letter_differences(own: &str, other: &str) -> Vec<Difference> {
    let ways = [
        (Difference::Case, Disregard { case: false, ..Disregard::ALL }),
        (Difference::Quotes, Disregard { apostrophes: false, ..Disregard::ALL }),
        (Difference::Ligatures, Disregard { ligatures: false, ..Disregard::ALL }),
        (Difference::SoftHyphens, Disregard { invisible: false, ..Disregard::ALL }),
    ];
    let differs = |all_but: Disregard| letters(own, all_but) != letters(other, all_but);
    ways.into_iter().filter(|(_, all_but)| differs(*all_but)).map(|(way, _)| way).collect()
}
