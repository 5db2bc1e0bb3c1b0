//! What of the candidates is taken, and the sources that it makes.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::candidates::{Candidate, Candidates};
use super::{Piece, Source};
use crate::document::Location;
use crate::engine::Engine;

/// So many passages that say the same are named with a source.
const MOST_COPIES: usize = 5;

/// Sentences of candidates.
#[derive(Clone, Default)]
pub struct Taken {
    /// The candidate that is looked at next.
    pub next: usize,
    /// Those that were passed over.
    pub too_long: Vec<usize>,
    /// Candidates with the numbers of their sentences, in order.
    parts: Vec<(usize, Vec<usize>)>,
    /// Candidates that say what a part says, with the number of the part.
    copies: Vec<(usize, usize)>,
    /// The sentences that are taken, with the numbers of their parts.
    seen: FxHashMap<String, usize>,
}

/// A sentence to add: the number of the part, that of the sentence.
pub type Step = (usize, usize);

impl Taken {
    /// Takes the first sentences of the next candidate, but for those that are there; false where there is none.
    pub fn take<E: Engine>(&mut self, candidates: &Candidates<'_, E>) -> bool {
        let Some(candidate) = candidates.get(self.next) else { return false };
        let known = |&index: &usize| candidate.words.get(index).and_then(|w| self.seen.get(w));
        let new: Vec<usize> =
            candidate.first.iter().copied().filter(|index| known(index).is_none()).collect();
        match candidate.first.iter().find_map(known) {
            Some(&part) if new.is_empty() => self.copies.push((self.next, part)),
            _ => {
                self.remember(candidate, self.parts.len(), &new);
                self.parts.push((self.next, new));
            }
        }
        self.next += 1;
        true
    }

    /// Leaves the next candidate out.
    pub fn pass_over(&mut self) {
        self.too_long.push(self.next);
        self.next += 1;
    }

    fn remember(&mut self, candidate: &Candidate, part: usize, sentences: &[usize]) {
        for &index in sentences {
            if let Some(words) = candidate.words.get(index).filter(|words| !words.is_empty()) {
                self.seen.entry(words.clone()).or_insert(part);
            }
        }
    }

    /// Notes the sentences that have been added.
    pub fn see<E: Engine>(&mut self, candidates: &Candidates<'_, E>) {
        for part in 0..self.parts.len() {
            let (index, sentences) = self.parts[part].clone();
            if let Some(candidate) = candidates.get(index) {
                self.remember(candidate, part, &sentences);
            }
        }
    }

    /// All that could be added, in the order in which it is: the nearest sentence of each part, then the second
    /// nearest of each, but for those that are there.
    pub fn steps<E: Engine>(&self, candidates: &Candidates<'_, E>) -> Vec<Step> {
        let around: Vec<(&Candidate, Vec<usize>)> = self
            .parts
            .iter()
            .filter_map(|(index, chosen)| {
                let candidate = candidates.get(*index)?;
                Some((candidate, nearest(candidate.sentences.len(), chosen)))
            })
            .collect();
        let rounds = around.iter().map(|(_, sentences)| sentences.len()).max().unwrap_or(0);
        let mut seen: FxHashMap<&str, ()> =
            self.seen.keys().map(|words| (words.as_str(), ())).collect();
        let mut steps = Vec::new();
        for round in 0..rounds {
            for (part, (candidate, sentences)) in around.iter().enumerate() {
                let Some(&sentence) = sentences.get(round) else { continue };
                let words = candidate.words.get(sentence).map_or("", String::as_str);
                if words.is_empty() || seen.insert(words, ()).is_none() {
                    steps.push((part, sentence));
                }
            }
        }
        steps
    }

    /// The same with sentences added.
    pub fn grown<'s>(&self, steps: impl Iterator<Item = &'s Step>) -> Taken {
        let mut taken = self.clone();
        for &(part, sentence) in steps {
            if let Some((_, sentences)) = taken.parts.get_mut(part) {
                sentences.push(sentence);
            }
        }
        for (_, sentences) in &mut taken.parts {
            sentences.sort_unstable();
        }
        taken
    }

    /// The sources: parts that follow one another in a section are one, at the place of the best.
    pub fn sources<E: Engine>(&self, candidates: &Candidates<'_, E>) -> Vec<Source> {
        let mut groups: Vec<Vec<(usize, &Candidate)>> = Vec::new();
        for (part, (index, _)) in self.parts.iter().enumerate() {
            let Some(candidate) = candidates.get(*index) else { continue };
            let adjoins = |group: &Vec<(usize, &Candidate)>| {
                group.iter().any(|(_, other)| adjoin(candidate, other))
            };
            // One that stands between two groups makes them one.
            let mut own = groups.iter().position(adjoins);
            if let Some(first) = own {
                while let Some(other) = groups.iter().skip(first + 1).position(adjoins) {
                    let other = groups.remove(first + 1 + other);
                    groups[first].extend(other);
                }
            }
            let own = *own.get_or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[own].push((part, candidate));
        }
        groups
            .iter()
            .zip(1..)
            .map(|(group, number)| self.source(number, group, candidates))
            .collect()
    }

    fn source<E: Engine>(
        &self,
        number: usize,
        group: &[(usize, &Candidate)],
        candidates: &Candidates<'_, E>,
    ) -> Source {
        let score = group.iter().map(|(_, candidate)| candidate.found.score).fold(0.0, f32::max);
        let lacks =
            |word: &String| group.iter().all(|(_, other)| other.found.missing.contains(word));
        let missing = group[0].1.found.missing.iter().filter(|word| lacks(word)).cloned().collect();
        let own = group.iter().flat_map(|(_, candidate)| &candidate.found.copies);
        let copies =
            self.copies.iter().filter(|(_, part)| group.iter().any(|(own, _)| own == part));
        let copies = copies.filter_map(|&(index, _)| candidates.get(index));
        let copies = copies.flat_map(|candidate| {
            std::iter::once(&candidate.found.passage).chain(&candidate.found.copies)
        });
        let mut copies: Vec<_> = own.chain(copies).cloned().collect();
        let more_copies = copies.len().saturating_sub(MOST_COPIES);
        copies.truncate(MOST_COPIES);
        let pieces = self.pieces(group);
        let mut passage = group[0].1.found.passage.clone();
        if let Some(first) = pieces.first() {
            passage = first.passage.clone();
            for piece in pieces.iter().skip(1) {
                widen(&mut passage.location, &piece.passage.location);
            }
        }
        Source { number, score, passage, pieces, missing, copies, more_copies }
    }

    fn pieces(&self, group: &[(usize, &Candidate)]) -> Vec<Piece> {
        let mut group = group.to_vec();
        group.sort_by_key(|(_, candidate)| candidate.found.passage.ordinal);
        let mut pieces: Vec<Piece> = Vec::with_capacity(group.len());
        for (part, candidate) in group {
            let passage = candidate.found.passage.clone();
            let chosen = self.parts.get(part).map_or(&[][..], |(_, sentences)| sentences);
            let before = pieces.last().map(|piece| &piece.passage.location);
            let separator = match before {
                Some(before) if is_same_paragraph(before, &passage.location) => " ",
                _ => "\n\n",
            };
            pieces.push(Piece { shown: spans(candidate, chosen), passage, separator });
        }
        pieces
    }
}

/// The sentences that are not chosen, those nearest to chosen ones first; of two as near the later.
fn nearest(sentences: usize, chosen: &[usize]) -> Vec<usize> {
    let mut others: Vec<usize> = (0..sentences).filter(|index| !chosen.contains(index)).collect();
    others.sort_by_key(|&index| {
        let distances = chosen.iter().map(|&chosen| (index.abs_diff(chosen), index < chosen));
        (distances.min(), index)
    });
    others
}

/// Ranges of text; sentences that follow one another are one.
fn spans(candidate: &Candidate, chosen: &[usize]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for &index in chosen {
        let Some(sentence) = candidate.sentences.get(index) else { continue };
        match spans.last_mut() {
            Some(span) if last.is_some_and(|last: usize| last + 1 == index) => {
                span.end = sentence.end;
            }
            _ => spans.push(sentence.clone()),
        }
        last = Some(index);
    }
    spans
}

fn adjoin(a: &Candidate, b: &Candidate) -> bool {
    let (a, b) = (&a.found.passage, &b.found.passage);
    a.report.doc_id == b.report.doc_id
        && a.anchor == b.anchor
        && a.trail == b.trail
        && a.ordinal.abs_diff(b.ordinal) == 1
}

/// One byte apart: the two are pieces of one paragraph.
fn is_same_paragraph(before: &Location, after: &Location) -> bool {
    let bytes = before.bytes.as_ref().zip(after.bytes.as_ref());
    bytes.is_some_and(|(before, after)| before.end + 1 == after.start)
}

fn widen(location: &mut Location, other: &Location) {
    if let (Some(own), Some(other)) = (&mut location.bytes, &other.bytes) {
        own.end = own.end.max(other.end);
    }
    let last = |own: &mut Option<(usize, usize)>, other: &Option<(usize, usize)>| {
        if let (Some(own), Some(other)) = (own, other) {
            own.1 = own.1.max(other.1);
        }
    };
    last(&mut location.lines, &other.lines);
    last(&mut location.pages, &other.pages);
    last(&mut location.paragraphs, &other.paragraphs);
    if let (Some(own), Some(other)) = (&mut location.page_labels, &other.page_labels) {
        own.1.clone_from(&other.1);
    }
}
