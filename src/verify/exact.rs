//! Where the words of a quotation stand, every one in its place: only what a quotation may change or
//! leave out with a sign is allowed to differ.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::brackets::{Nearby, Replaced, is_auxiliary, may_be_put_in, may_stand_for};
use super::figures::is_label;
use super::gaps::Differences;
use super::negation::{denies, ends_clause, is_negation, left_out_before};
use super::numbers::{self, is_number_word, may_be_number, number_at};
use super::omissions::Omissions;
use super::stretch::Stretch;
use super::words::{Group, Words};
use super::written::Written;

/// The most words that an ellipsis may stand for: about three passages. What is farther apart is not
/// one quotation.
const LONGEST_OMISSION: usize = 400;

/// Words in brackets may stand for so many words of the source: `[its]` for `the government's`.
const MOST_REPLACED: usize = 4;

/// So many words in brackets are looked at in a quotation.
const MOST_GROUPS: usize = 24;

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
    /// What words in brackets stand for there.
    pub replaced: Vec<Replaced>,
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
pub struct Step {
    pub quoted: Range<usize>,
    pub source: Range<usize>,
    pub kind: StepKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The same word.
    Same,
    /// Parts of a compound, written together or with hyphens.
    Joined,
    /// The same number.
    Number,
    /// What an ellipsis stands for.
    Ellipsis,
    /// Words in brackets, that were put in or stand for others.
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
        omissions: OnceCell::new(),
        nearby: OnceCell::new(),
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

/// Whether none of some words says anything that must not be put in or left out: numbers and what denies.
fn is_harmless(words: &Words, range: &Range<usize>) -> bool {
    let is_number = |at: usize| words.key(at).is_some_and(may_be_number);
    range.clone().all(|at| !denies(words, at) && !is_number(at))
}

struct Search<'a> {
    quote: &'a Words,
    source: &'a Words,
    stretch: &'a Stretch,
    /// For each word of the quotation whether it may be a number.
    numbers: Vec<bool>,
    /// Once that is asked: an ellipsis may stand for what lies before each of many words.
    omissions: OnceCell<Omissions>,
    /// Once that is asked: what words in brackets may name.
    nearby: OnceCell<Nearby>,
    /// From these words of quotation and source on, nothing fits.
    failed: FxHashSet<(usize, usize, bool)>,
    /// The source ended before the quotation did.
    ran_off: bool,
}

impl Search<'_> {
    /// Whether the quotation may begin at a word of the source.
    fn may_begin(&self, at: usize) -> bool {
        let after = self.groups().iter().find(|group| group.words.start == 0);
        self.is_start(0, at) || after.is_some_and(|group| self.is_start(group.words.end, at))
    }

    /// The words in brackets that may stand for others. Nobody edits a quotation in so many places: with more, which would
    /// be tried at each word of each passage, they are words like others.
    fn groups(&self) -> &[Group] {
        let groups = self.quote.brackets.as_slice();
        if groups.len() <= MOST_GROUPS { groups } else { &[] }
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
        (is_whole && end > at).then(|| Found {
            words: at..end,
            differences: Written { quote: self.quote, source: self.source }.differences(&steps),
            replaced: steps.iter().filter_map(|step| self.replaced(step)).collect(),
        })
    }

    /// What words in brackets stand for.
    fn replaced(&self, step: &Step) -> Option<Replaced> {
        let is_one = step.kind == StepKind::Bracket;
        let group = self.quote.skippable(&step.quoted).filter(|_| is_one)?;
        let at = step.source.start;
        let is_put_in = || may_be_put_in(self.quote, &step.quoted, self.source, at);
        let words = match step.source.is_empty() {
            true if is_put_in() => return None,
            true => self.replaced_before(&step.quoted, at)?,
            false => step.source.clone(),
        };
        let quoted = self.quote.text.get(group.bytes.clone())?.to_owned();
        let source = self.source.text.get(self.source.span(&words))?.to_owned();
        Some(Replaced { quoted, source })
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
        let groups = self.groups().iter().filter(|group| group.words.start == quoted);
        for group in groups.filter(|group| is_harmless(self.quote, &group.words)) {
            let put_in = self.may_put_in(&group.words, source, has_jumped);
            let replaced = (1..=MOST_REPLACED).map(|count| source..source + count);
            let replaced = replaced.filter(|replaced| self.may_replace(&group.words, replaced));
            let replaced = put_in.then_some(source..source).into_iter().chain(replaced);
            moves.extend(replaced.map(|replaced| Step {
                quoted: group.words.clone(),
                source: replaced,
                kind: StepKind::Bracket,
            }));
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

    /// Whether words in brackets may be put in before a word of the source; at the beginning of what is quoted they may also
    /// stand for what is not quoted before it.
    fn may_put_in(&self, group: &Range<usize>, source: usize, has_jumped: bool) -> bool {
        let is_first = group.start == 0 || has_jumped;
        may_be_put_in(self.quote, group, self.source, source)
            || is_first && self.replaced_before(group, source).is_some()
    }

    /// What words in brackets at the beginning stand for, before a word of the source: all of a verb with what goes with it.
    fn replaced_before(&self, group: &Range<usize>, at: usize) -> Option<Range<usize>> {
        let is_inside = |at: usize| !ends_clause(self.source.gap(at)) && !self.source.has_seam(at);
        let is_verb = |at: usize| self.source.key(at).is_some_and(is_auxiliary);
        let is_cut = |start: usize| start > 0 && is_inside(start) && is_verb(start - 1);
        let starts = (1..=MOST_REPLACED).map_while(|count| at.checked_sub(count));
        let mut starts = starts.filter(|_| is_inside(at)).filter(|&start| !is_cut(start));
        starts.find(|&start| self.may_replace(group, &(start..at))).map(|start| start..at)
    }

    /// Whether words in brackets may stand for these words of the source: for a part of one clause.
    fn may_replace(&self, quoted: &Range<usize>, source: &Range<usize>) -> bool {
        let is_inside = |at: usize| !ends_clause(self.source.gap(at)) && !self.source.has_seam(at);
        source.end <= self.source.len()
            && source.clone().skip(1).all(is_inside)
            && is_harmless(self.source, source)
            && may_stand_for(self.quote, quoted, self.source, source, self.nearby())
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
            && !self.is_other_label(quoted, source)
        {
            add(own.length, other.length, StepKind::Number);
        }
    }

    /// Whether numbers of one value name different things: Section 271.20 is not 271.2.
    fn is_other_label(&self, quoted: usize, source: usize) -> bool {
        let (own, other) = (self.quote.written(quoted), self.source.written(source));
        own != other
            && (own.contains('.') || other.contains('.'))
            && (is_label(self.quote, quoted) || is_label(self.source, source))
    }

    /// Where the quotation may go on after an ellipsis: the nearest place first.
    fn jumps(&self, quoted: usize, source: usize, moves: &mut Vec<Step>) {
        let end = (source + LONGEST_OMISSION).min(self.source.len());
        for next in source..end {
            let is_within = source == 0 || self.stretch.is_one_section(source - 1, next);
            if !is_within {
                break;
            }
            if self.is_start(quoted, next) && !self.changes(source, next) {
                moves.push(Step {
                    quoted: quoted..quoted,
                    source: source..next,
                    kind: StepKind::Ellipsis,
                });
            }
        }
    }

    fn nearby(&self) -> &Nearby {
        self.nearby.get_or_init(|| Nearby::of(self.source))
    }

    /// Whether leaving out words of the source changes what it says.
    fn changes(&self, from: usize, to: usize) -> bool {
        let omissions = self.omissions.get_or_init(|| Omissions::of(self.source));
        omissions.change(self.source, from, to)
    }

    /// Whether the quotation begins like a sentence, and leaves out what denies it in its source.
    fn leaves_out_negation(&self, at: usize) -> bool {
        left_out_before(self.quote, self.source, at).is_some()
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
