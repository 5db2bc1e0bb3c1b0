//! Collectors: the best passages with ties broken by id, every passage, and counts of passages and documents.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering as Memory};

use rustc_hash::FxHashSet;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::postings::SegmentPostings;
use tantivy::query::Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, Term};

use super::careful::matches;
use crate::engine::gains::{GRAIN, rounded};
use crate::rank::{DEMOTED_WEIGHT, Deadline, Watch};

/// A collected passage. Greater is better: higher score, then smaller id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub score: Score,
    /// What a score counts here: see [`DEMOTED_WEIGHT`].
    pub weight: Score,
    pub id: u64,
    pub address: DocAddress,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.id.cmp(&self.id))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The column of ids of each segment.
pub type Ids = Arc<[Column<u64>]>;

/// The id of a passage.
pub fn id_at(ids: &Ids, passage: DocAddress) -> u64 {
    let ids = ids.get(passage.segment_ord as usize);
    ids.and_then(|ids| ids.first(passage.doc_id)).unwrap_or(u64::MAX)
}

/// Collects the best `limit` passages, best first. Unlike tantivy's own collector it breaks ties by
/// the passage's id and not by where the passage happens to lie, so that a ranking does not depend
/// on the order of indexing. Block-max pruning stays on, with a threshold just below the worst kept
/// score, so that equal scores are still seen.
pub struct Best {
    limit: usize,
    ids: Ids,
    /// A term whose passages count less; see [`DEMOTED_WEIGHT`].
    demoted: Option<Term>,
    until: Deadline,
    /// The threshold reached in the segments done so far, as bits of an `f32` that is not negative.
    threshold: AtomicU32,
}

impl Best {
    pub fn new(limit: usize, ids: &Ids, demoted: Option<Term>, until: &Deadline) -> Best {
        let (ids, until) = (Arc::clone(ids), until.clone());
        Best { limit: limit.max(1), ids, demoted, until, threshold: AtomicU32::new(0) }
    }

    /// How many are collected at most.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// What is kept of all segments, none of which has been entered.
    pub fn kept(&self) -> Kept {
        Kept {
            segment: None,
            ids: Arc::clone(&self.ids),
            limit: self.limit,
            kept: Vec::new(),
            worst: None,
            threshold: Score::MIN,
            watch: self.until.watch(),
        }
    }

    /// Passages are collected from this segment from now on.
    pub fn enter(
        &self,
        kept: &mut Kept,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<()> {
        let demoted = self.demoted.as_ref().map(|term| postings_of(reader, term));
        let demoted = demoted.transpose()?.flatten();
        kept.segment = Some(Segment { number: segment, demoted });
        Ok(())
    }
}

impl Collector for Best {
    type Fruit = Vec<Candidate>;
    type Child = Kept;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Kept> {
        let mut kept = self.kept();
        self.enter(&mut kept, segment, reader)?;
        kept.threshold = match self.threshold.load(Memory::Relaxed) {
            0 => Score::MIN,
            bits => Score::from_bits(bits),
        };
        Ok(kept)
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Candidate>> {
        let alive = reader.alive_bitset();
        let mut kept = self.for_segment(segment, reader)?;
        weight.for_each_pruning(kept.threshold, reader, &mut |doc, score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                kept.collect(doc, score);
            }
            kept.threshold
        })?;
        kept.weed();
        if kept.threshold > 0.0 {
            self.threshold.fetch_max(kept.threshold.to_bits(), Memory::Relaxed);
        }
        Ok(kept.candidates())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Candidate>>) -> tantivy::Result<Vec<Candidate>> {
        let mut all: Vec<Candidate> = fruits.into_iter().flatten().collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.truncate(self.limit);
        Ok(all)
    }
}

/// The passages of a segment that have a term, if any has.
pub fn postings_of(
    reader: &SegmentReader,
    term: &Term,
) -> tantivy::Result<Option<SegmentPostings>> {
    let inverted = reader.inverted_index(term.field())?;
    Ok(inverted.read_postings(term, IndexRecordOption::Basic)?)
}

/// The best passages so far.
pub struct Kept {
    segment: Option<Segment>,
    ids: Ids,
    limit: usize,
    /// The best, and up to as many more: they are weeded out together, which takes less time than to keep an order.
    kept: Vec<Scored>,
    worst: Option<Worst>,
    /// Only higher scores are worth collecting.
    threshold: Score,
    watch: Watch,
}

/// A passage with its score, whose id is read where it decides.
#[derive(Clone, Copy)]
struct Scored {
    score: Score,
    /// What a score counts here: see [`DEMOTED_WEIGHT`].
    weight: Score,
    address: DocAddress,
}

/// The last of the best when they were weeded out: what is worse is not among them.
#[derive(Clone, Copy)]
struct Worst {
    score: Score,
    /// Of those with this score, greater ids are not among the best; `None` where that is not known.
    id: Option<u64>,
}

impl Worst {
    /// Below the score, so that equal ones are still seen.
    fn threshold(self) -> Score {
        self.score - 2.0 * GRAIN
    }
}

/// What is asked of the segment from which passages are collected.
struct Segment {
    number: SegmentOrdinal,
    demoted: Option<SegmentPostings>,
}

impl Segment {
    /// What a score counts in a passage. Passages are asked for in their order.
    fn weight(&mut self, doc: DocId) -> Score {
        let demoted = self.demoted.as_mut();
        let is_demoted = demoted.is_some_and(|demoted| matches(demoted, doc));
        if is_demoted { DEMOTED_WEIGHT } else { 1.0 }
    }
}

impl Kept {
    /// Lower scores are not worth collecting.
    pub fn threshold(&self) -> Score {
        self.threshold
    }

    /// What scores less than the last of these is not worth collecting, if there are as many as are to be kept.
    pub fn raise(&mut self, mut known: Kept) {
        known.weed();
        if let Some(worst) = known.worst {
            self.threshold = self.threshold.max(worst.threshold());
        }
    }

    /// Whether the time is over: then nothing more is worth collecting.
    pub fn is_over(&mut self) -> bool {
        let is_over = self.watch.is_over();
        if is_over {
            self.threshold = Score::MAX;
        }
        is_over
    }

    /// Collects passages of the segment, which are in their order, of which some may be kept already: they have these
    /// scores then, which are not lower.
    pub fn improve(&mut self, found: &[(DocId, Score)]) {
        let number = self.segment.as_ref().map(|segment| segment.number);
        let mut is_kept = vec![false; found.len()];
        for kept in self.kept.iter_mut().filter(|it| Some(it.address.segment_ord) == number) {
            let place = found.binary_search_by_key(&kept.address.doc_id, |found| found.0);
            if let Some((score, is_kept)) =
                place.ok().and_then(|at| Some((found.get(at)?.1, is_kept.get_mut(at)?)))
            {
                kept.score = rounded(score * kept.weight);
                *is_kept = true;
            }
        }
        let more = found.iter().zip(is_kept).filter(|(_, is_kept)| !is_kept);
        more.for_each(|(&(doc, score), _)| self.collect(doc, score));
    }

    /// The best, best first.
    pub fn sorted(self) -> Vec<Candidate> {
        let mut found = self.harvest();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found
    }

    /// All that are kept, in any order.
    fn candidates(&self) -> Vec<Candidate> {
        let candidate = |&Scored { score, weight, address }: &Scored| Candidate {
            score,
            weight,
            id: id_at(&self.ids, address),
            address,
        };
        self.kept.iter().map(candidate).collect()
    }

    fn is_too_low(&self, score: Score) -> bool {
        self.worst.is_some_and(|worst| score < worst.score)
    }

    /// Whether a passage has the score of the last of the best, and comes behind it.
    fn is_behind(&self, found: &Scored) -> bool {
        let same = self.worst.filter(|worst| worst.score == found.score);
        same.and_then(|worst| worst.id).is_some_and(|id| id_at(&self.ids, found.address) > id)
    }

    /// Leaves the best, if there are as many.
    fn weed(&mut self) {
        if self.kept.len() < self.limit {
            return;
        }
        let by_score = |a: &Scored, b: &Scored| b.score.total_cmp(&a.score);
        let (_, worst, rest) = self.kept.select_nth_unstable_by(self.limit - 1, by_score);
        let score = worst.score;
        let is_tied = rest.iter().any(|found| found.score == score);
        let id = is_tied.then(|| self.break_ties(score));
        self.kept.truncate(self.limit);
        let worst = Worst { score, id };
        self.worst = Some(worst);
        self.threshold = self.threshold.max(worst.threshold());
    }

    /// Leaves of those with a score the smallest ids, and of all no more than are to be kept. The greatest id that is left.
    fn break_ties(&mut self, score: Score) -> u64 {
        let (tied, better): (Vec<Scored>, Vec<Scored>) = std::mem::take(&mut self.kept)
            .into_iter()
            .filter(|found| found.score >= score)
            .partition(|found| found.score == score);
        let mut tied: Vec<(u64, Scored)> =
            tied.into_iter().map(|found| (id_at(&self.ids, found.address), found)).collect();
        tied.sort_unstable_by_key(|(id, _)| *id);
        tied.truncate(self.limit - better.len());
        let last = tied.last().map_or(u64::MAX, |(id, _)| *id);
        self.kept = better;
        self.kept.extend(tied.into_iter().map(|(_, found)| found));
        last
    }
}

impl SegmentCollector for Kept {
    type Fruit = Vec<Candidate>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.is_over() || self.is_too_low(rounded(score)) {
            return;
        }
        let Some(segment) = &mut self.segment else { return };
        let (weight, address) = (segment.weight(doc), DocAddress::new(segment.number, doc));
        let found = Scored { score: rounded(score * weight), weight, address };
        // Where a word stands nearly everywhere, most have the same score and a greater id.
        if self.is_too_low(found.score) || self.is_behind(&found) {
            return;
        }
        self.kept.push(found);
        // The first threshold comes as soon as it can.
        let most = if self.worst.is_none() { 1 } else { 2 };
        if self.kept.len() >= self.limit.saturating_mul(most) {
            self.weed();
        }
    }

    fn harvest(mut self) -> Vec<Candidate> {
        self.weed();
        self.candidates()
    }
}

/// Counts passages and the documents they belong to.
pub struct Counts(pub Deadline);

/// The counts of one segment so far.
pub struct SegmentCounts {
    docs: Column<u64>,
    passages: u64,
    documents: FxHashSet<u64>,
    /// That of the last passage: those of a document lie side by side.
    last: Option<u64>,
    watch: Watch,
}

impl Collector for Counts {
    type Fruit = (u64, FxHashSet<u64>);
    type Child = SegmentCounts;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentCounts> {
        let docs = reader.fast_fields().u64("doc")?;
        let (documents, watch) = (FxHashSet::default(), self.0.watch());
        Ok(SegmentCounts { docs, passages: 0, documents, last: None, watch })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().fold(Default::default(), |(passages, mut documents), fruit| {
            documents.extend(fruit.1);
            (passages + fruit.0, documents)
        }))
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = (u64, FxHashSet<u64>);

    fn collect(&mut self, doc: DocId, _: Score) {
        if !self.watch.is_over() {
            self.passages += 1;
            let document = self.docs.first(doc);
            if document != self.last {
                self.documents.extend(document);
                self.last = document;
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.passages, self.documents)
    }
}

/// Collects every passage that matches, in the order in which they are stored.
pub struct Every(pub Deadline);

/// The passages of one segment so far.
pub struct SegmentEvery {
    segment: SegmentOrdinal,
    ids: Column<u64>,
    found: Vec<Candidate>,
    watch: Watch,
}

impl Collector for Every {
    type Fruit = Vec<Candidate>;
    type Child = SegmentEvery;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentEvery> {
        let (ids, watch) = (reader.fast_fields().u64("id")?, self.0.watch());
        Ok(SegmentEvery { segment, ids, found: Vec::new(), watch })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        let mut all: Vec<Candidate> = fruits.into_iter().flatten().collect();
        all.sort_unstable_by_key(|found| found.address);
        Ok(all)
    }
}

impl SegmentCollector for SegmentEvery {
    type Fruit = Vec<Candidate>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if self.watch.is_over() {
            return;
        }
        let id = self.ids.first(doc).unwrap_or(u64::MAX);
        let address = DocAddress::new(self.segment, doc);
        self.found.push(Candidate { score: 0.0, weight: 1.0, id, address });
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}
