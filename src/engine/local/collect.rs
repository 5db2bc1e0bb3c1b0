//! Collectors: the best passages with ties broken by id, every passage, and counts of passages and documents.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
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

/// Collects the best `limit` passages, best first. Unlike tantivy's own collector it breaks ties by
/// the passage's id and not by where the passage happens to lie, so that a ranking does not depend
/// on the order of indexing. Block-max pruning stays on, with a threshold just below the worst kept
/// score, so that equal scores are still seen.
pub struct Best {
    limit: usize,
    /// A term whose passages count less; see [`DEMOTED_WEIGHT`].
    demoted: Option<Term>,
    until: Deadline,
    /// The threshold reached in the segments done so far, as bits of an `f32` that is not negative.
    threshold: AtomicU32,
}

impl Best {
    pub fn new(limit: usize, demoted: Option<Term>, until: &Deadline) -> Best {
        let until = until.clone();
        Best { limit: limit.max(1), demoted, until, threshold: AtomicU32::new(0) }
    }

    /// Collects what can be among the best beside those that are known.
    pub fn beside(
        known: &[Candidate],
        limit: usize,
        demoted: Option<Term>,
        until: &Deadline,
    ) -> Best {
        let best = Best::new(limit, demoted, until);
        if let Some(worst) = known.get(best.limit - 1) {
            let threshold = (worst.score - 2.0 * GRAIN).max(0.0);
            best.threshold.store(threshold.to_bits(), Memory::Relaxed);
        }
        best
    }

    /// What `run` keeps of a segment; the next segment begins with the threshold that it reached.
    pub fn collect_with(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        run: impl FnOnce(&mut Kept) -> tantivy::Result<()>,
    ) -> tantivy::Result<Vec<Candidate>> {
        let mut kept = self.for_segment(segment, reader)?;
        run(&mut kept)?;
        if kept.threshold > 0.0 {
            self.threshold.fetch_max(kept.threshold.to_bits(), Memory::Relaxed);
        }
        Ok(kept.harvest())
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
        let ids = reader.fast_fields().u64("id")?;
        let start = match self.threshold.load(Memory::Relaxed) {
            0 => Score::MIN,
            bits => Score::from_bits(bits),
        };
        let demoted = self.demoted.as_ref().map(|term| postings_of(reader, term));
        let demoted = demoted.transpose()?.flatten();
        let (limit, kept) = (self.limit, BinaryHeap::new());
        let watch = self.until.watch();
        Ok(Kept { segment, ids, demoted, limit, kept, threshold: start, watch })
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
        self.collect_with(segment, reader, |kept| {
            weight.for_each_pruning(kept.threshold, reader, &mut |doc, score| {
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    kept.collect(doc, score);
                }
                kept.threshold
            })
        })
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

/// The best passages of one segment so far.
pub struct Kept {
    segment: SegmentOrdinal,
    ids: Column<u64>,
    demoted: Option<SegmentPostings>,
    limit: usize,
    /// The worst on top.
    kept: BinaryHeap<std::cmp::Reverse<Candidate>>,
    /// Only higher scores are worth collecting.
    threshold: Score,
    watch: Watch,
}

impl Kept {
    /// Lower scores are not worth collecting.
    pub fn threshold(&self) -> Score {
        self.threshold
    }

    /// Whether the time is over: then nothing more is worth collecting.
    pub fn is_over(&mut self) -> bool {
        let is_over = self.watch.is_over();
        if is_over {
            self.threshold = Score::MAX;
        }
        is_over
    }

    /// Whether a passage counts less. Passages are asked for in their order.
    fn is_demoted(&mut self, doc: DocId) -> bool {
        self.demoted.as_mut().is_some_and(|demoted| matches(demoted, doc))
    }
}

impl SegmentCollector for Kept {
    type Fruit = Vec<Candidate>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.is_over() {
            return;
        }
        let weight = if self.is_demoted(doc) { DEMOTED_WEIGHT } else { 1.0 };
        let score = rounded(score * weight);
        let is_full = self.kept.len() == self.limit;
        let worst = self.kept.peek().filter(|_| is_full).map(|worst| worst.0);
        if worst.is_some_and(|worst| score < worst.score) {
            return;
        }
        let id = self.ids.first(doc).unwrap_or(u64::MAX);
        let address = DocAddress::new(self.segment, doc);
        let found = Candidate { score, weight, id, address };
        // Where a word stands nearly everywhere, most have the same score and a greater id.
        if worst.is_some_and(|worst| found < worst) {
            return;
        }
        if is_full {
            self.kept.pop();
        }
        self.kept.push(std::cmp::Reverse(found));
        if self.kept.len() == self.limit
            && let Some(worst) = self.kept.peek()
        {
            self.threshold = self.threshold.max(worst.0.score - 2.0 * GRAIN);
        }
    }

    fn harvest(self) -> Vec<Candidate> {
        self.kept.into_iter().map(|reversed| reversed.0).collect()
    }
}

/// Counts passages and the documents they belong to.
pub struct Counts(pub Deadline);

/// The counts of one segment so far.
pub struct SegmentCounts {
    docs: Column<u64>,
    passages: u64,
    documents: FxHashSet<u64>,
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
        Ok(SegmentCounts { docs, passages: 0, documents, watch })
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
            self.documents.extend(self.docs.first(doc));
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
