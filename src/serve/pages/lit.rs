//! What a question finds in a report: the passages that a search counts, lit as its hits are.

use std::convert::Infallible;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::question::Question;
use super::search::filter_of;
use crate::engine::{Engine, holds};
use crate::error::Result;
use crate::highlight::{Mark, Marker, Passed};
use crate::passage::{Passage, id_number};
use crate::query::{Clause, Filter, FilterValue, Query, fold_value};
use crate::rank::Deadline;
use crate::search::{Found, MOST_HITS, SearchRequest};
use crate::serve::operations::Open;

/// A passage with what matched in it.
pub struct Shown<'p> {
    pub passage: &'p Passage,
    pub passed: Option<Passed>,
    /// Its number among the hits of the report, from 1.
    pub hit: Option<usize>,
}

/// The passages of a page with what matched, and what to know of it.
pub struct Evaluated<'p> {
    pub shown: Vec<Shown<'p>>,
    /// Where the hits of the whole report stand among its passages.
    pub hits: Vec<usize>,
    pub warnings: Vec<String>,
}

/// A report of which a page shows a part. `wanted`: the id of the passage that the reader comes for, which may have been
/// found by its meaning alone.
pub struct Part<'p> {
    pub passages: &'p [Passage],
    pub here: Range<usize>,
    pub wanted: &'p str,
}

impl<'p> Part<'p> {
    fn on_page(&self) -> &'p [Passage] {
        self.passages.get(self.here.clone()).unwrap_or_default()
    }

    /// The part as it is, of which nothing is asked.
    pub fn plain(&self) -> Evaluated<'p> {
        let passages = self.on_page().iter();
        let shown = passages.map(|passage| Shown { passage, passed: None, hit: None });
        Evaluated { shown: shown.collect(), hits: Vec::new(), warnings: Vec::new() }
    }

    /// The place of the passage before it.
    fn before(&self) -> Option<usize> {
        self.here.start.checked_sub(1)
    }

    /// The part with what matched in it. `before`: what matched in the passage before it, which may go on here; `hits`: those
    /// of the whole report.
    fn evaluated(
        &self,
        passed: impl Iterator<Item = Option<Passed>>,
        before: Option<Passed>,
        hits: Vec<usize>,
        warnings: Vec<String>,
    ) -> Evaluated<'p> {
        let earlier = hits.partition_point(|&at| at < self.here.start);
        let begun = before.map(|passed| passed.next_marks).unwrap_or_default();
        Evaluated { shown: numbered(self.on_page(), passed, earlier, begun), hits, warnings }
    }
}

/// Marks a question in a part of a report, and finds the hits of all of it.
pub fn evaluated<'p>(
    open: &Open,
    question: &Question<'_>,
    part: &Part<'p>,
    until: &Deadline,
) -> Result<Evaluated<'p>> {
    let Part { passages, here, wanted } = part;
    let Some(first) = passages.first().filter(|_| !question.is_nothing()) else {
        return Ok(part.plain());
    };
    let doc_id = &first.report.doc_id;
    let query = open.query(&question.request(until))?;
    let found = found(open, &query, doc_id)?;
    if found.is_empty() && open.engine().total(&query, false)?.passages == 0 {
        let (mut relaxed, warnings) = relaxed(open, question, doc_id, until)?;
        let hits = places(passages, |_, passage| relaxed.contains_key(&passage.id));
        let before = part.before().and_then(|at| passages.get(at));
        let before = before.and_then(|passage| relaxed.remove(&passage.id));
        let passed = part.on_page().iter().map(|passage| relaxed.remove(&passage.id));
        return Ok(part.evaluated(passed, before, hits, warnings));
    }
    let is_found = |passage: &Passage| id_number(&passage.id).is_some_and(|id| found.contains(&id));
    let mut marker = Marker::new(&query);
    let mut look = |at: usize| {
        let passage = passages.get(at)?;
        let may_mean = passage.id == *wanted && query.meaning.is_some();
        let is_asked = (is_found(passage) || may_mean) && !until.is_over();
        is_asked.then(|| passed(&mut marker, &query, passages, at, is_found(passage))).flatten()
    };
    // Those that are shown come first: the time may end.
    let here_passed: Vec<Option<Passed>> = here.clone().map(&mut look).collect();
    let before = part.before().and_then(&mut look);
    let needs_a_look = query.needs_a_look();
    let hits = places(passages, |at, passage| match here.contains(&at) {
        true => here_passed.get(at - here.start).is_some_and(Option::is_some),
        false => is_found(passage) && (!needs_a_look || look(at).is_some()),
    });
    Ok(part.evaluated(here_passed.into_iter(), before, hits, Vec::new()))
}

/// Where the passages stand that are hits.
fn places(passages: &[Passage], mut is_hit: impl FnMut(usize, &Passage) -> bool) -> Vec<usize> {
    let places = passages.iter().enumerate();
    places.filter_map(|(at, passage)| is_hit(at, passage).then_some(at)).collect()
}

/// The passages of a report that the index finds, by number.
fn found(open: &Open, query: &Query, doc_id: &str) -> Result<FxHashSet<u64>> {
    let values = vec![FilterValue::Is(fold_value(doc_id))];
    let mut query = query.clone();
    query.restrict(Clause::Filter(Filter { field: "doc".to_owned(), values }));
    Ok(open.engine().every(&query)?.iter().map(|hit| hit.id).collect())
}

/// What matched in a passage that the index has found, or that may mean what is asked for.
fn passed(
    marker: &mut Marker<'_>,
    query: &Query,
    passages: &[Passage],
    at: usize,
    is_found: bool,
) -> Option<Passed> {
    let passage = passages.get(at)?;
    let next = passages.get(at + 1).filter(|next| next.anchor == passage.anchor);
    let text = || Ok::<_, Infallible>(next.map(|next| next.text.clone()));
    let holds = |filter: &Filter| holds(passage, filter);
    let Ok(confirmed) = marker.mark_with_next(&passage.trail, &passage.text, &holds, text);
    let mut passed = match confirmed.filter(|_| is_found) {
        Some(passed) => passed,
        None if is_found && query.needs_a_look() => return None,
        None => marker.without_words(),
    };
    marker.mark_meant(&passage.text, &mut passed);
    (is_found || !passed.marks.is_empty()).then_some(passed)
}

/// What a search answers with where no passage has a quoted phrase, by the ids of passages, and what it says of that.
fn relaxed(
    open: &Open,
    question: &Question<'_>,
    doc_id: &str,
    until: &Deadline,
) -> Result<(FxHashMap<String, Passed>, Vec<String>)> {
    let report = format!("doc:{doc_id}");
    let chosen = question.chosen.iter().copied().chain([report.as_str()]);
    let chosen: Vec<String> = chosen.map(str::to_owned).collect();
    let request = SearchRequest {
        filter: filter_of(&chosen),
        limit: MOST_HITS,
        per_document: Some(0),
        copies: true,
        lexical: true,
        ..question.request(until)
    };
    let response = open.search(&request)?;
    let passed = |found: Found| {
        let next_marks = found.continuation.map(|next| next.marks).unwrap_or_default();
        let Found { passage, marks, section_marks, missing, .. } = found;
        (passage.id, Passed { marks, section_marks, missing, next_marks, ..Passed::default() })
    };
    Ok((response.hits.into_iter().map(passed).collect(), response.warnings))
}

/// Counts hits on from those before, and carries over to the next passage what goes on there. `begun`: the marks of what
/// has begun in the passage before the first.
fn numbered<'p>(
    passages: &'p [Passage],
    passed: impl Iterator<Item = Option<Passed>>,
    before: usize,
    mut begun: Vec<Mark>,
) -> Vec<Shown<'p>> {
    let mut hits = before;
    let each = passages.iter().zip(passed).map(|(passage, mut passed)| {
        hits += usize::from(passed.is_some());
        let hit = passed.is_some().then_some(hits);
        let going_on = passed.as_mut().map(|passed| std::mem::take(&mut passed.next_marks));
        if !begun.is_empty() {
            passed.get_or_insert_default().marks.append(&mut begun);
        }
        begun = going_on.unwrap_or_default();
        Shown { passage, passed, hit }
    });
    each.collect()
}

impl Shown<'_> {
    /// The marks in its text.
    pub fn marks(&self) -> &[Mark] {
        self.passed.as_ref().map(|passed| passed.marks.as_slice()).unwrap_or_default()
    }

    /// The marks in a heading of its trail.
    fn heading_marks(&self, part: usize) -> impl Iterator<Item = &Mark> {
        let marks = self.passed.iter().flat_map(|passed| &passed.section_marks);
        marks.filter(move |mark| mark.part == part).map(|mark| &mark.mark)
    }

    /// What of its trail it was found by, where its text has nothing that is asked for.
    pub fn found_by(&self) -> Option<&'static str> {
        let passed = self.passed.as_ref().filter(|passed| passed.marks.is_empty())?;
        let parts = || passed.section_marks.iter().map(|mark| mark.part);
        parts()
            .max()
            .map(|part| if part > 0 { "found by its heading" } else { "found by the title" })
    }
}

/// The marks in a heading that begins before the first of these passages, for all that are under it.
pub fn heading_marks<'s>(shown: &'s [Shown<'_>], part: usize) -> impl Iterator<Item = &'s Mark> {
    let trail = shown.first().and_then(|first| first.passage.trail.get(..=part));
    let is_under = move |one: &&Shown<'_>| one.passage.trail.get(..=part) == trail;
    shown.iter().take_while(is_under).flat_map(move |one| one.heading_marks(part))
}
