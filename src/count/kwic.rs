//! Keyword in context: every occurrence on a line of its own, between what stands before and behind it.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use super::visit::{Seen, visit};
use super::{Asked, CountRequest, Counts, Tally};
use crate::analyze;
use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::search::Searcher;

/// How many words beside the keyword decide the order of lines; more are the same in quotations only.
const SORTED_BY_WORDS: usize = 8;

/// How much text beside the keyword is looked at for these words, in bytes.
const SORTED_BY_BYTES: usize = 160;

/// What lines are asked for.
#[derive(Clone, Debug)]
pub struct KwicRequest {
    /// What is looked for.
    pub count: CountRequest,
    /// How many lines at most: the first in the order asked for. `None`: all, however many they are.
    pub limit: Option<usize>,
    /// The order of the lines.
    pub order: Order,
}

/// The order of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By the words before the keyword, the nearest first.
    Left,
    /// By the words behind the keyword, the nearest first.
    Right,
    /// By document and place in it.
    #[default]
    Document,
}

/// An occurrence in its passage.
#[derive(Clone, Debug)]
pub struct Line {
    /// The passage that it begins in.
    pub passage: Arc<Passage>,
    /// Where in [`Line::text`], in bytes.
    pub keyword: Range<usize>,
    /// What the passage goes on with, where the occurrence ends there.
    pub beyond: Option<Arc<Beyond>>,
}

/// A passage with the next one behind it.
#[derive(Debug)]
pub struct Beyond {
    /// The id of the next passage.
    pub id: String,
    /// Both texts, with a blank between them.
    pub text: String,
    /// Where the next one begins.
    pub start: usize,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Concordance {
    /// The question.
    pub asked: Asked,
    /// The first lines, in the order asked for.
    pub lines: Vec<Line>,
    /// How much there is in all.
    pub total: Counts,
}

impl Beyond {
    fn of(passage: &Passage, next: Passage) -> Beyond {
        let start = passage.text.len() + 1;
        Beyond { id: next.id, text: format!("{} {}", passage.text, next.text), start }
    }
}

impl Line {
    /// The text that the occurrence stands in: that of its passage, and of the next where it ends there.
    pub fn text(&self) -> &str {
        self.beyond.as_ref().map_or(&self.passage.text, |beyond| &beyond.text)
    }

    /// The text before the keyword, from the beginning of the passage.
    pub fn left(&self) -> &str {
        self.text().get(..self.keyword.start).unwrap_or_default()
    }

    /// What matched.
    pub fn word(&self) -> &str {
        self.text().get(self.keyword.clone()).unwrap_or_default()
    }

    /// The text behind the keyword, up to the end of the passage.
    pub fn right(&self) -> &str {
        self.text().get(self.keyword.end..).unwrap_or_default()
    }
}

/// A line with what decides its place: the words beside it, then document, passage and place in it.
struct Sorted {
    words: Vec<String>,
    line: Line,
}

impl Sorted {
    fn key(&self) -> (&[String], &str, usize, usize) {
        let passage = &self.line.passage;
        (&self.words, &passage.report.doc_id, passage.ordinal, self.line.keyword.start)
    }
}

impl Ord for Sorted {
    fn cmp(&self, other: &Sorted) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Sorted) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sorted {
    fn eq(&self, other: &Sorted) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Sorted {}

/// The first lines so far, the last of them on top, and the counts of all.
#[derive(Default)]
struct Gathered {
    first: BinaryHeap<Sorted>,
    tally: Tally,
}

impl Gathered {
    fn add(&mut self, seen: Seen, order: Order, limit: usize) {
        self.tally.add(seen.document, seen.occurrences.len());
        let beyond = seen.next.map(|next| Arc::new(Beyond::of(&seen.passage, next)));
        let passage = Arc::new(seen.passage);
        for found in seen.occurrences {
            let beyond = beyond.clone().filter(|_| found.end_in_next.is_some());
            let end = beyond.as_ref().zip(found.end_in_next);
            let end = end.map_or(found.bytes.end, |(beyond, end)| beyond.start + end);
            let keyword = found.bytes.start..end;
            let line = Line { passage: Arc::clone(&passage), keyword, beyond };
            self.first.push(Sorted { words: words_beside(&line, order), line });
            if self.first.len() > limit {
                self.first.pop();
            }
        }
    }
}

/// Every occurrence of a query in its context.
///
/// # Errors
/// As [`super::count`].
pub fn kwic<E: Engine>(searcher: &Searcher<E>, request: &KwicRequest) -> Result<Concordance> {
    let (query, asked) = request.count.asked(searcher)?;
    let limit = request.limit.unwrap_or(usize::MAX);
    let gathered = visit(searcher.engine(), &query, Gathered::default, |gathered, seen| {
        gathered.add(seen, request.order, limit);
        Ok(())
    })?;
    let mut tally = Tally::default();
    let mut lines: Vec<Sorted> = Vec::new();
    for part in gathered {
        tally.merge(&part.tally);
        lines.extend(part.first);
    }
    lines.sort_unstable();
    lines.truncate(limit);
    let lines = lines.into_iter().map(|sorted| sorted.line).collect();
    Ok(Concordance { asked, lines, total: tally.counts() })
}

/// The words that decide the place of a line, folded, the nearest to the keyword first.
fn words_beside(line: &Line, order: Order) -> Vec<String> {
    let folded = |text: &str, word: Range<usize>| analyze::folded(&text[word]);
    match order {
        Order::Document => Vec::new(),
        Order::Right => {
            let text = line.right();
            let text = &text[..text.floor_char_boundary(SORTED_BY_BYTES)];
            let words = analyze::word_ranges(text).into_iter().take(SORTED_BY_WORDS);
            words.map(|word| folded(text, word)).collect()
        }
        Order::Left => {
            let text = line.left();
            let start = text.len().saturating_sub(SORTED_BY_BYTES);
            let text = &text[text.floor_char_boundary(start)..];
            let words = analyze::word_ranges(text).into_iter().rev().take(SORTED_BY_WORDS);
            words.map(|word| folded(text, word)).collect()
        }
    }
}
