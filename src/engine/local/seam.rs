//! Phrases, and words near one another, over the seam of two passages that follow one another in a section: they
//! begin in the text of the first and end in that of the second, and the first is what they match.
//!
//! The passages of a document are handed over together and stay side by side ([`super::write`]), so that the next
//! passage is the next number. A column of bytes tells of each passage whether the section goes on behind it, and, by a
//! hash, which words stand on either side of the seam: of a phrase only passages are looked at that have two of its
//! words there.

use std::sync::{Arc, OnceLock};

use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, Searcher, SeekDangerResult, SegmentReader, TERMINATED};

use super::careful::matches;
use super::node::Node;
use super::over::{OverScorer, OverWeight};
use crate::analyze::{Analyzer, Edges};
use crate::query::Clause;
use crate::rank::Deadline;

/// In the column: the section ends with this passage, or nothing can go over the seam.
pub const NONE: u8 = 0;
/// In the column: more than one token stands at the seam on one side of it.
pub const SEVERAL: u8 = u8::MAX;

/// What the column has for two texts that follow one another in a section.
pub fn of(analyzer: &mut Analyzer, before: (&str, &Edges), after: (&str, &Edges)) -> u8 {
    if before.1.words == 0 || after.1.words == 0 {
        return NONE;
    }
    match (&before.1.last, &after.1.first) {
        (Some(last), Some(first)) => {
            let last = analyzer.term_of(before.0, last).to_owned();
            hash(&last, analyzer.term_of(after.0, first))
        }
        _ => SEVERAL,
    }
}

/// A number from 1 to 254 for two terms (FNV-1a, Fowler, Noll and Vo).
pub fn hash(last: &str, first: &str) -> u8 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in last.bytes().chain([0]).chain(first.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    ((hash ^ hash >> 32) % 254 + 1) as u8
}

/// What a query finds inside passages, and what of it goes over a seam.
#[derive(Debug)]
pub struct SeamQuery {
    inside: Box<dyn Query>,
    field: Field,
    root: Node,
    width: u32,
    seams: Arc<Seams>,
    until: Deadline,
}

impl Clone for SeamQuery {
    fn clone(&self) -> SeamQuery {
        SeamQuery {
            inside: self.inside.box_clone(),
            field: self.field,
            root: self.root.clone(),
            width: self.width,
            seams: Arc::clone(&self.seams),
            until: self.until.clone(),
        }
    }
}

impl SeamQuery {
    /// `inside` finds where a phrase or [`Clause::Near`] stands without going over a seam. It ends when the time is over.
    pub fn new(
        clause: &Clause,
        inside: Box<dyn Query>,
        seams: &Arc<Seams>,
        field: Field,
        until: &Deadline,
    ) -> SeamQuery {
        let (root, width, seams) = (Node::of(clause, field), clause.width(), Arc::clone(seams));
        SeamQuery { inside, field, root, width, seams, until: until.clone() }
    }
}

impl Query for SeamQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let SeamQuery { root, width, seams, field, until, .. } = self;
        let over = OverWeight::new(root, *width, seams, *field, &scoring, until)?;
        Ok(Box::new(SeamWeight { inside: self.inside.weight(scoring)?, over }))
    }
}

struct SeamWeight {
    inside: Box<dyn Weight>,
    over: OverWeight,
}

impl Weight for SeamWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let inside = self.inside.scorer(reader, boost)?;
        Ok(match self.over.scorer(reader, boost)? {
            Some(over) => {
                let inside_doc = inside.doc();
                Box::new(SeamScorer { inside, inside_doc, is_lost: false, over })
            }
            None => inside,
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let Some(mut over) = self.over.scorer(reader, 1.0)? else {
            return self.inside.explain(reader, doc);
        };
        if !matches(&mut over, doc) {
            return self.inside.explain(reader, doc);
        }
        let mut inside = self.inside.scorer(reader, 1.0)?;
        if matches(inside.as_mut(), doc) && inside.score() >= over.score() {
            return self.inside.explain(reader, doc);
        }
        Ok(over.explanation())
    }
}

/// The column of seams in memory, a byte for each passage, once it is asked for.
pub struct Seams(Vec<(SegmentId, OnceLock<Arc<[u8]>>)>);

impl Seams {
    /// Those of the segments of a searcher.
    pub fn of(searcher: &Searcher) -> Seams {
        let segments = searcher.segment_readers().iter();
        Seams(segments.map(|reader| (reader.segment_id(), OnceLock::new())).collect())
    }

    /// Those of one segment.
    ///
    /// # Errors
    /// When the column cannot be read.
    pub fn in_segment(&self, reader: &SegmentReader) -> tantivy::Result<Arc<[u8]>> {
        let known = self.0.iter().find(|(segment, _)| *segment == reader.segment_id());
        if let Some(seams) = known.and_then(|(_, seams)| seams.get()) {
            return Ok(Arc::clone(seams));
        }
        let column = reader.fast_fields().u64("seam")?;
        let seams: Arc<[u8]> =
            (0..reader.max_doc()).map(|doc| column.values.get_val(doc) as u8).collect();
        if let Some((_, place)) = known {
            // Another thread may have done the same.
            let _ = place.set(Arc::clone(&seams));
        }
        Ok(seams)
    }
}

impl std::fmt::Debug for Seams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seams of {} segments", self.0.len())
    }
}

/// What stands inside passages and what goes over their seams, in one order. A passage with both has the better
/// score of the two.
struct SeamScorer {
    inside: Box<dyn Scorer>,
    /// Where `inside` is; where it is lost, it is not before this.
    inside_doc: DocId,
    /// Whether `inside` only answers to [`DocSet::seek_danger`] now.
    is_lost: bool,
    over: OverScorer,
}

impl SeamScorer {
    /// Moves `inside` to its first passage from where it may be.
    fn find_inside(&mut self) {
        while self.is_lost {
            self.seek_inside(self.inside_doc);
        }
    }

    /// Asks `inside`, which is before it, for a passage.
    fn seek_inside(&mut self, target: DocId) {
        match self.inside.seek_danger(target) {
            SeekDangerResult::Found => (self.inside_doc, self.is_lost) = (target, false),
            SeekDangerResult::SeekLowerBound(doc) => {
                (self.inside_doc, self.is_lost) = (doc, doc < TERMINATED);
            }
        }
    }
}

impl DocSet for SeamScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.doc();
        if doc == TERMINATED {
            return TERMINATED;
        }
        self.find_inside();
        if self.inside_doc == doc {
            self.inside_doc = self.inside.advance();
        }
        if self.over.doc() == doc {
            self.over.advance();
        }
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.find_inside();
        if self.inside_doc < target {
            self.inside_doc = self.inside.seek(target);
        }
        self.over.seek(target);
        self.doc()
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        self.over.seek(target);
        if self.inside_doc < target || self.is_lost && self.inside_doc == target {
            self.seek_inside(target);
        }
        match self.doc() {
            doc if doc == target => SeekDangerResult::Found,
            doc => SeekDangerResult::SeekLowerBound(doc),
        }
    }

    /// Where `inside` is lost, it has no passage that `over` has not, up to this one.
    fn doc(&self) -> DocId {
        self.inside_doc.min(self.over.doc())
    }

    fn size_hint(&self) -> u32 {
        self.inside.size_hint()
    }

    fn cost(&self) -> u64 {
        self.inside.cost() + self.over.cost()
    }
}

impl Scorer for SeamScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc();
        let is_inside = !self.is_lost && self.inside_doc == doc;
        let inside = if is_inside { self.inside.score() } else { 0.0 };
        if self.over.doc() == doc { inside.max(self.over.score()) } else { inside }
    }
}
