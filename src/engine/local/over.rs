//! Finds the passages in which a phrase, or words near one another, begin that end in the next passage: see
//! [`super::seam`].

use std::sync::{Arc, OnceLock};

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::query::{
    Bm25Weight, BooleanQuery, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery,
    TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocId, DocSet, InvertedIndexReader, Score, Searcher, SegmentReader, TERMINATED, Term,
};

use super::bm25::lengths;
use super::careful::matches;
use super::node::{Node, Reading, Seam};
use super::seam::{NONE, SEVERAL, Seams, hash};
use crate::engine::once;
use crate::rank::{Deadline, Watch};

/// More terms than this are looked up as a set.
const MOST_ALTERNATIVES: usize = 64;

/// Finds what goes over a seam.
pub struct OverWeight {
    field: Field,
    root: Node,
    /// How far from the seam its words are at most.
    reach: u32,
    /// Sorted, each once.
    terms: Vec<Term>,
    /// Of words near one another: one of each set stands in the one passage or in the other.
    required: Vec<Box<dyn Weight>>,
    /// By what the column has: whether the passage is looked at.
    is_wanted: [bool; 256],
    seams: Arc<Seams>,
    /// Where scores are asked for.
    searcher: Option<Searcher>,
    /// Made when something is found, which is seldom.
    similarity: OnceLock<Option<Bm25Weight>>,
    until: Deadline,
}

impl OverWeight {
    /// `width`: how many positions it takes at most.
    pub fn new(
        root: &Node,
        width: u32,
        seams: &Arc<Seams>,
        field: Field,
        scoring: &EnableScoring<'_>,
        until: &Deadline,
    ) -> tantivy::Result<OverWeight> {
        let mut is_wanted = [true; 256];
        let mut required = Vec::new();
        match root {
            Node::Phrase(terms) => {
                is_wanted = [false; 256];
                is_wanted[usize::from(SEVERAL)] = true;
                for pair in terms.windows(2) {
                    let [last, first] = [&pair[0], &pair[1]].map(Term::value);
                    if let (Some(last), Some(first)) = (last.as_str(), first.as_str()) {
                        is_wanted[usize::from(hash(last, first))] = true;
                    }
                }
            }
            _ => {
                let unscored = EnableScoring::disabled_from_schema(scoring.schema());
                for terms in root.required() {
                    required.push(any_of(terms).weight(unscored)?);
                }
            }
        }
        is_wanted[usize::from(NONE)] = false;
        Ok(OverWeight {
            field,
            root: root.clone(),
            reach: width.saturating_sub(1),
            terms: root.terms(),
            required,
            is_wanted,
            seams: Arc::clone(seams),
            searcher: scoring.searcher().cloned(),
            similarity: OnceLock::new(),
            until: until.clone(),
        })
    }

    /// `None` where there is nothing in the segment.
    pub fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Option<OverScorer>> {
        let inverted = reader.inverted_index(self.field)?;
        let (required, near_seam) = match &self.root {
            Node::Phrase(terms) => {
                (Vec::from_iter(rarest(terms, &inverted)?), self.root.required())
            }
            _ => self.all_required(reader)?.into_iter().unzip(),
        };
        if required.is_empty() {
            return Ok(None);
        }
        let seams = self.seams.in_segment(reader)?;
        let mut candidates = Candidates::new(required, seams, self.is_wanted, &self.root);
        let first = candidates.next(0);
        if first == TERMINATED {
            return Ok(None);
        }
        let mut scorer = OverScorer {
            doc: 0,
            candidates,
            reading: Reading::open(&inverted, &self.terms)?,
            near_seam,
            root: self.root.clone(),
            reach: self.reach,
            words: reader.fast_fields().u64("words")?,
            count: 0,
            norms: lengths(reader, self.field)?,
            similarity: None,
            watch: self.until.watch(),
        };
        if scorer.settle(first) == TERMINATED {
            return Ok(None);
        }
        scorer.similarity = self.similarity()?.map(|similarity| similarity.boost_by(boost));
        Ok(Some(scorer))
    }

    /// What is required of words near one another, the rarest first; nothing where the segment lacks some of it.
    fn all_required(&self, reader: &SegmentReader) -> tantivy::Result<Vec<(Either, Vec<Term>)>> {
        let mut required = Vec::with_capacity(self.required.len());
        for (weight, terms) in self.required.iter().zip(self.root.required()) {
            let docs = weight.scorer(reader, 1.0)?;
            if docs.doc() == TERMINATED {
                return Ok(Vec::new());
            }
            required.push((Either { docs, is_here: true, is_behind: true }, terms));
        }
        required.sort_by_key(|(either, _)| either.docs.size_hint());
        Ok(required)
    }

    fn similarity(&self) -> tantivy::Result<Option<&Bm25Weight>> {
        let Some(searcher) = &self.searcher else { return Ok(None) };
        let scoring = EnableScoring::enabled_from_searcher(searcher);
        once(&self.similarity, || self.root.similarity(&scoring)).map(Option::as_ref)
    }
}

/// The passages of the rarest of the terms of a phrase; `None` where the segment lacks one of them. The last stands
/// behind the seam always, the first before it.
fn rarest(terms: &[Term], inverted: &InvertedIndexReader) -> tantivy::Result<Option<Either>> {
    let mut rarest: Option<(&Term, TermInfo)> = None;
    for term in terms {
        let Some(info) = inverted.get_term_info(term)? else { return Ok(None) };
        if rarest.as_ref().is_none_or(|(_, known)| info.doc_freq < known.doc_freq) {
            rarest = Some((term, info));
        }
    }
    let Some((rarest, info)) = rarest else { return Ok(None) };
    let docs = inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
    let (before, behind) = (terms.split_last(), terms.split_first());
    Ok(Some(Either {
        docs: Box::new(docs),
        is_here: before.is_some_and(|(_, before)| before.contains(rarest)),
        is_behind: behind.is_some_and(|(_, behind)| behind.contains(rarest)),
    }))
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

/// Passages that have something, or whose next one has it, or both kinds.
struct Either {
    docs: Box<dyn DocSet>,
    is_here: bool,
    is_behind: bool,
}

impl Either {
    /// The first of them from `target` on. Targets do not go backwards.
    fn seek(&mut self, target: DocId) -> DocId {
        let least = if self.is_here { target } else { target + 1 };
        // Mostly it is the next one.
        if self.docs.doc() < least && self.docs.advance() < least {
            self.docs.seek(least);
        }
        match self.docs.doc() {
            TERMINATED => TERMINATED,
            doc if self.is_behind && doc > target => doc - 1,
            doc => doc,
        }
    }
}

/// Passages that may be looked at for what goes over their seams.
struct Candidates {
    /// The rarest first.
    required: Vec<Either>,
    seams: Arc<[u8]>,
    is_wanted: [bool; 256],
    /// Whether more passages have the rarest than have a seam that is wanted: then these are gone through.
    by_seams: bool,
}

/// One look at a posting costs as much as one at so many seams that follow one another.
const SEAMS_OF_A_POSTING: usize = 16;

impl Candidates {
    fn new(
        required: Vec<Either>,
        seams: Arc<[u8]>,
        is_wanted: [bool; 256],
        root: &Node,
    ) -> Candidates {
        let postings = required.first().map_or(0, |rarest| rarest.docs.size_hint() as usize);
        let by_seams =
            matches!(root, Node::Phrase(_)) && postings * SEAMS_OF_A_POSTING > seams.len();
        Candidates { required, seams, is_wanted, by_seams }
    }

    /// The first passage from `target` on that has what is required, together with the next one of its section.
    fn next(&mut self, mut target: DocId) -> DocId {
        let Some((rarest, others)) = self.required.split_first_mut() else { return TERMINATED };
        let is_wanted = |seam: &u8| self.is_wanted[usize::from(*seam)];
        loop {
            if self.by_seams {
                let rest = self.seams.get(target as usize..).unwrap_or_default();
                let Some(skipped) = rest.iter().position(is_wanted) else { return TERMINATED };
                target += skipped as DocId;
            }
            target = rarest.seek(target);
            if target == TERMINATED {
                return TERMINATED;
            }
            let seam = self.seams.get(target as usize).copied().unwrap_or(NONE);
            if !is_wanted(&seam) {
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
}

/// Passes from one passage to the next in which something begins that ends in the passage behind it.
pub struct OverScorer {
    doc: DocId,
    candidates: Candidates,
    reading: Reading,
    /// Sets of terms: one of each stands near the seam.
    near_seam: Vec<Vec<Term>>,
    root: Node,
    reach: u32,
    words: Column<u64>,
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

    /// The explanation of the score.
    pub fn explanation(&mut self) -> Explanation {
        let what = "words that go on over the seam to the next passage";
        let mut explanation = Explanation::new(what, self.score());
        if let Some(similarity) = &self.similarity {
            let norm = self.norms.fieldnorm_id(self.doc);
            explanation.add_detail(similarity.explain(norm, self.count));
        }
        explanation
    }

    /// Goes to the first passage from `target` on, or to the end when the time is over.
    fn settle(&mut self, mut target: DocId) -> DocId {
        self.doc = loop {
            if self.watch.is_over() {
                break TERMINATED;
            }
            target = self.candidates.next(target);
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

    fn counted(&mut self, doc: DocId) -> u32 {
        let words = |doc| self.words.first(doc).unwrap_or_default() as u32;
        let (before, after) = (words(doc), words(doc + 1));
        let seam = Seam { doc, words: before, next_words: after, reach: self.reach };
        if !self.near_seam.iter().all(|terms| self.reading.read_over(terms, &seam)) {
            return 0;
        }
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
        self.candidates.required.first().map_or(0, |rarest| rarest.docs.size_hint())
    }
}

impl Scorer for OverScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.doc);
        self.similarity.as_ref().map_or(1.0, |similarity| similarity.score(norm, self.count))
    }
}
