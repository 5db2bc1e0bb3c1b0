//! The passages that may come into a pack, in the order in which they do.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::sentences::first;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::sentences;
use crate::rank::PER_DOCUMENT;
use crate::search::{Found, SearchRequest, SearchResponse, Searcher, Sort};

/// So many hits are put in order together. A cursor names a place among them, so that it must not change with the
/// budget.
const WINDOW: usize = 200;

/// A hit with its sentences.
pub struct Candidate {
    pub found: Found,
    /// Never empty.
    pub sentences: Vec<Range<usize>>,
    /// Those that come first.
    pub first: Vec<usize>,
    /// Each as words, to tell copies: empty where it is too short to be one.
    pub words: Vec<String>,
}

/// A sentence of fewer words is no copy of another.
const FEWEST_WORDS: usize = 8;

/// The hits of a request in the order in which they are packed.
pub struct Candidates<'s, E> {
    searcher: &'s Searcher<E>,
    request: SearchRequest,
    /// What the search said; without its hits.
    pub response: SearchResponse,
    all: Vec<Candidate>,
    /// Where the hits of each window begin: in `all`, and among all hits.
    windows: Vec<(usize, usize)>,
    /// How many hits of the first window were in an earlier pack.
    skip: usize,
    /// Where the hits go on that are not loaded.
    next: Option<String>,
    most: usize,
}

impl<'s, E: Engine> Candidates<'s, E> {
    /// Searches for the first of them.
    pub fn of(searcher: &'s Searcher<E>, request: &SearchRequest) -> Result<Candidates<'s, E>> {
        let stale = || Error::CursorStale { reason: "it is not that of a pack".to_owned() };
        let (cursor, skip) = match &request.cursor {
            None => (None, 0),
            Some(cursor) => {
                let (cursor, skip) = cursor.split_once('.').ok_or_else(stale)?;
                (Some(cursor.to_owned()), skip.parse().map_err(|_| stale())?)
            }
        };
        let most = request.limit;
        let request = SearchRequest {
            limit: WINDOW,
            cursor,
            per_document: request.per_document.or(Some(0)),
            merge_neighbours: false,
            context: 0,
            ..request.clone()
        };
        let mut response = searcher.search(&request)?;
        let hits = std::mem::take(&mut response.hits);
        let start = hits.first().map_or(0, |hit| hit.rank - 1);
        let next = response.next_cursor.take();
        let windows = vec![(0, start)];
        let all = Vec::new();
        let mut candidates =
            Candidates { searcher, request, response, all, windows, skip, next, most };
        candidates.add(hits);
        if skip > candidates.all.len() {
            return Err(stale());
        }
        candidates.all.drain(..skip);
        Ok(candidates)
    }

    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.all.len().min(self.most)
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Option<&Candidate> {
        self.all.get(index).filter(|_| index < self.most)
    }

    /// The id of one of them.
    pub fn id(&self, index: usize) -> String {
        self.get(index).map_or_else(String::new, |candidate| candidate.found.passage.id.clone())
    }

    /// Loads the next window; whether there was one.
    pub fn load_more(&mut self) -> Result<bool> {
        if self.all.len() >= self.most {
            return Ok(false);
        }
        let Some(cursor) = self.next.take() else { return Ok(false) };
        let request = SearchRequest { cursor: Some(cursor), ..self.request.clone() };
        let mut response = self.searcher.search(&request)?;
        let start = response.hits.first().map_or(0, |hit| hit.rank - 1);
        self.windows.push((self.all.len(), start));
        self.add(std::mem::take(&mut response.hits));
        self.next = response.next_cursor.take();
        Ok(true)
    }

    /// The cursor of what begins with this candidate.
    pub fn cursor(&self, index: usize) -> Option<String> {
        if index >= self.all.len() {
            return self.next.as_ref().map(|cursor| format!("{cursor}.0"));
        }
        let number = self.windows.partition_point(|&(first, _)| first <= index).checked_sub(1)?;
        let &(first, start) = self.windows.get(number)?;
        let skip = if number == 0 { self.skip } else { 0 };
        Some(format!("{}.{}", self.searcher.cursor(&self.request, start), index - first + skip))
    }

    /// Adds a window: the first few hits of each report, then the next few of each, each time by rank. Where
    /// another order is asked for, that.
    fn add(&mut self, hits: Vec<Found>) {
        let mut seen: FxHashMap<String, usize> = FxHashMap::default();
        let mut rounds: Vec<(usize, Found)> = Vec::with_capacity(hits.len());
        for found in hits {
            let count = seen.entry(found.passage.report.doc_id.clone()).or_default();
            rounds.push((*count / PER_DOCUMENT, found));
            *count += 1;
        }
        if matches!(self.request.sort, Sort::Score | Sort::Recent) {
            rounds.sort_by_key(|(round, _)| *round);
        }
        let all = rounds.into_iter().map(|(_, found)| Candidate::of(found));
        // A heading without text is no evidence.
        self.all.extend(all.filter(|candidate| !candidate.sentences.is_empty()));
    }
}

impl Candidate {
    fn of(found: Found) -> Candidate {
        let text = &found.passage.text;
        let sentences = sentences(text);
        let words = sentences.iter().map(|sentence| words(&text[sentence.clone()])).collect();
        Candidate { first: first(&sentences, &found.marks), sentences, words, found }
    }
}

fn words(sentence: &str) -> String {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    if words.len() < FEWEST_WORDS { String::new() } else { words.join(" ") }
}
