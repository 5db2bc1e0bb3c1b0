//! Marks of hits, and where what matches goes on in the next passage.

use std::ops::Range;

use super::Found;
use crate::engine::{Engine, holds};
use crate::error::Result;
use crate::highlight::{self, Mark, Marker, Passed};
use crate::passage::Passage;
use crate::query::Filter;
use crate::rank::Hit;

/// Where a match that begins in a passage goes on: the next passage of its section.
#[derive(Clone, Debug)]
pub struct Continuation {
    /// That passage.
    pub passage: Passage,
    /// In its text.
    pub marks: Vec<Mark>,
    /// What is worth showing of its text: its first sentences, up to the end of the match.
    pub bytes: Range<usize>,
}

/// Evaluates a query over the passage of a hit. The next passage is given where something goes on there.
///
/// # Errors
/// When the next passage cannot be loaded.
pub fn marked<E: Engine>(
    engine: &E,
    marker: &mut Marker<'_>,
    passage: &Passage,
    hit: &Hit,
) -> Result<Option<(Passed, Option<Passage>)>> {
    let mut next = None;
    let holds = |filter: &Filter| holds(passage, filter);
    let passed = marker.mark_with_next(&passage.trail, &passage.text, &holds, || {
        next = engine.next_in_section(hit)?;
        Ok(next.as_ref().map(|next| next.text.clone()))
    })?;
    Ok(passed.map(|passed| {
        let next = next.filter(|_| !passed.next_marks.is_empty());
        (passed, next)
    }))
}

impl Found {
    /// Marks the passage and chooses its snippet. A passage that the engine found and the evaluator does not confirm
    /// lacks all the words; lit is what means the same, where it was found by that.
    pub(super) fn mark<E: Engine>(
        &mut self,
        engine: &E,
        marker: &mut Marker<'_>,
        characters: usize,
    ) -> Result<()> {
        let passed = marked(engine, marker, &self.passage, &self.last)?;
        let (mut passed, next) = passed.unwrap_or_else(|| (marker.without_words(), None));
        marker.mark_meant(&self.passage.text, &mut passed);
        self.fragments = highlight::fragments(&self.passage.text, &passed.marks, characters);
        self.continuation = next.map(|passage| {
            let marks = passed.next_marks;
            let bytes = highlight::beginning(&passage.text, &marks, characters);
            Continuation { passage, marks, bytes }
        });
        self.marks = passed.marks;
        self.section_marks = passed.section_marks;
        self.missing = passed.missing;
        Ok(())
    }
}
