//! Phrases, and words near one another, over the seam of two passages that follow one another in a section: they
//! begin in the text of the first and end in that of the second, and the first is what they match.
//!
//! The passages of a document are handed over together and stay side by side ([`super::write`]), so that the next
//! passage is the next number. A column of bytes tells of each passage whether the section goes on behind it, and, by a
//! hash, which words stand on either side of the seam: of a phrase only passages are looked at that have two of its
//! words there.

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{
    Bm25Weight, BooleanQuery, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery,
    TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, Term};

use super::careful::matches;
use super::node::{Node, Reading};
use crate::analyze::{Analyzer, Edges};
use crate::query::Clause;
use crate::rank::{Deadline, Watch};

/// In the column: the section ends with this passage, or nothing can go over the seam.
pub const NONE: u8 = 0;
/// In the column: more than one token stands at the seam on one side of it.
const SEVERAL: u8 = u8::MAX;

/// More terms than this are looked up as a set.
const MOST_ALTERNATIVES: usize = 64;

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
fn hash(last: &str, first: &str) -> u8 {
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
    until: Deadline,
}

impl Clone for SeamQuery {
    fn clone(&self) -> SeamQuery {
        SeamQuery {
            inside: self.inside.box_clone(),
            field: self.field,
            root: self.root.clone(),
            width: self.width,
            until: self.until.clone(),
        }
    }
}

impl SeamQuery {
    /// `inside` finds where a phrase or [`Clause::Near`] stands without going over a seam. It ends when the time is over.
    pub fn new(
        clause: &Clause,
        inside: Box<dyn Query>,
        field: Field,
        until: &Deadline,
    ) -> SeamQuery {
        let (root, width) = (Node::of(clause, field), clause.width());
        SeamQuery { inside, field, root, width, until: until.clone() }
    }
}

impl Query for SeamQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SeamWeight {
            over: OverWeight::new(&self.root, self.width, self.field, &scoring, &self.until)?,
            inside: self.inside.weight(scoring)?,
        }))
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
        let Some(mut over) = self.over.scorer(reader, 1.0)?.filter(|over| over.doc <= doc) else {
            return self.inside.explain(reader, doc);
        };
        if !matches(&mut over, doc) {
            return self.inside.explain(reader, doc);
        }
        let score = over.score();
        let mut inside = self.inside.scorer(reader, 1.0)?;
        if matches(inside.as_mut(), doc) && inside.score() >= score {
            return self.inside.explain(reader, doc);
        }
        let what = "words that go on over the seam to the next passage";
        let mut explanation = Explanation::new(what, score);
        if let Some(similarity) = &over.similarity {
            explanation.add_detail(similarity.explain(over.norms.fieldnorm_id(doc), over.count));
        }
        Ok(explanation)
    }
}

/// Finds what goes over a seam.
pub struct OverWeight {
    field: Field,
    root: Node,
    /// How far from the seam its words are at most.
    reach: u32,
    /// Sorted, each once.
    terms: Vec<Term>,
    /// One of each stands in the one passage or in the other.
    required: Vec<Box<dyn Weight>>,
    /// What the column may have; `None`: anything where the section goes on.
    wanted: Option<Vec<u8>>,
    similarity: Option<Bm25Weight>,
    until: Deadline,
}

impl OverWeight {
    pub fn new(
        root: &Node,
        width: u32,
        field: Field,
        scoring: &EnableScoring<'_>,
        until: &Deadline,
    ) -> tantivy::Result<OverWeight> {
        let unscored = EnableScoring::disabled_from_schema(scoring.schema());
        let required = root.required().into_iter().map(|terms| any_of(terms).weight(unscored));
        let wanted = match root {
            Node::Phrase(terms) => {
                let pairs = terms.windows(2).filter_map(|pair| match pair {
                    [last, first] => Some(hash(last.value().as_str()?, first.value().as_str()?)),
                    _ => None,
                });
                Some(pairs.chain([SEVERAL]).collect())
            }
            _ => None,
        };
        Ok(OverWeight {
            field,
            root: root.clone(),
            reach: width.saturating_sub(1),
            terms: root.terms(),
            required: required.collect::<tantivy::Result<_>>()?,
            wanted,
            similarity: root.similarity(scoring)?,
            until: until.clone(),
        })
    }

    /// `None` where the segment lacks what is required.
    pub fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Option<OverScorer>> {
        let mut required = Vec::with_capacity(self.required.len());
        for weight in &self.required {
            let docs = weight.scorer(reader, 1.0)?;
            if docs.doc() == TERMINATED {
                return Ok(None);
            }
            required.push(Either(docs));
        }
        if required.is_empty() {
            return Ok(None);
        }
        required.sort_by_key(|docs| docs.0.size_hint());
        let norms = reader.fieldnorms_readers().get_field(self.field)?;
        let mut scorer = OverScorer {
            doc: 0,
            required,
            reading: Reading::open(reader.inverted_index(self.field)?.as_ref(), &self.terms)?,
            root: self.root.clone(),
            reach: self.reach,
            seams: reader.fast_fields().u64("seam")?,
            words: reader.fast_fields().u64("words")?,
            wanted: self.wanted.clone(),
            count: 0,
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
            similarity: self.similarity.as_ref().map(|similarity| similarity.boost_by(boost)),
            watch: self.until.watch(),
        };
        scorer.settle(0);
        Ok(Some(scorer))
    }
}

/// Passages with any of some terms.
fn any_of(mut terms: Vec<Term>) -> Box<dyn Query> {
    let one = |term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
    match (terms.len(), terms.pop()) {
        (1, Some(only)) => one(only),
        (..=MOST_ALTERNATIVES, last) => {
            let each = terms.into_iter().chain(last).map(|term| (Occur::Should, one(term)));
            Box::new(BooleanQuery::new(each.collect()))
        }
        (_, last) => Box::new(TermSetQuery::new(terms.into_iter().chain(last))),
    }
}

/// Passages that have something, or whose next one has it.
struct Either(Box<dyn Scorer>);

impl Either {
    /// The first of them from `target` on. Targets do not go backwards.
    fn seek(&mut self, target: DocId) -> DocId {
        if self.0.doc() < target {
            self.0.seek(target);
        }
        match self.0.doc() {
            TERMINATED => TERMINATED,
            doc if doc == target => doc,
            doc => doc - 1,
        }
    }
}

/// Passes from one passage to the next in which something begins that ends in the passage behind it.
pub struct OverScorer {
    doc: DocId,
    /// The rarest first.
    required: Vec<Either>,
    reading: Reading,
    root: Node,
    reach: u32,
    seams: Column<u64>,
    words: Column<u64>,
    wanted: Option<Vec<u8>>,
    /// How often it goes over the seam here.
    count: u32,
    norms: FieldNormReader,
    similarity: Option<Bm25Weight>,
    watch: Watch,
}

impl OverScorer {
    /// How often it goes over the seam behind a passage. Passages are asked for in order.
    pub fn count_at(&mut self, doc: DocId) -> u32 {
        if matches(self, doc) { self.count } else { 0 }
    }

    /// Goes to the first passage from `target` on, or to the end when the time is over.
    fn settle(&mut self, mut target: DocId) -> DocId {
        self.doc = loop {
            if self.watch.is_over() {
                break TERMINATED;
            }
            target = self.candidate(target);
            if target == TERMINATED {
                break TERMINATED;
            }
            self.count = self.counted(target);
            if self.count > 0 {
                break target;
            }
            target += 1;
        };
        self.doc
    }

    /// The first passage from `target` on that has what is required, together with the next one of its section.
    fn candidate(&mut self, mut target: DocId) -> DocId {
        let Some((rarest, others)) = self.required.split_first_mut() else { return TERMINATED };
        loop {
            target = rarest.seek(target);
            if target == TERMINATED {
                return TERMINATED;
            }
            let seam = self.seams.first(target).unwrap_or_default() as u8;
            let is_wanted = |wanted: &Vec<u8>| wanted.contains(&seam);
            if seam == NONE || !self.wanted.as_ref().is_none_or(is_wanted) {
                target += 1;
                continue;
            }
            match others.iter_mut().map(|docs| docs.seek(target)).find(|&doc| doc != target) {
                Some(TERMINATED) => return TERMINATED,
                Some(further) => target = further,
                None => return target,
            }
        }
    }

    fn counted(&mut self, doc: DocId) -> u32 {
        let words = |doc| self.words.first(doc).unwrap_or_default() as u32;
        let (before, after) = (words(doc), words(doc + 1));
        self.reading.read_over(doc, before, after, self.reach);
        let spans = self.reading.spans(&self.root);
        spans.iter().filter(|span| span.first < before && before <= span.last).count() as u32
    }
}

impl DocSet for OverScorer {
    fn advance(&mut self) -> DocId {
        match self.doc {
            TERMINATED => TERMINATED,
            doc => self.settle(doc + 1),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            return self.settle(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.required.first().map_or(0, |rarest| rarest.0.size_hint())
    }
}

impl Scorer for OverScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.doc);
        self.similarity.as_ref().map_or(1.0, |similarity| similarity.score(norm, self.count))
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
        if self.over.doc == doc {
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
        self.inside_doc.min(self.over.doc)
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
        if self.over.doc == doc { inside.max(self.over.score()) } else { inside }
    }
}
