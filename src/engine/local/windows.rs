//! What passages score by the words of a query, so many passages at a time: what each word scores is added to a row of
//! sums, which takes a small part of what it takes to go from passage to passage (Turtle and Flood 1995, "Query
//! evaluation: strategies and optimizations": term at a time, but for a window, as in Lucene's `BooleanScorer`). Parts
//! that bring no passage among the best by themselves are looked up only where others stand (MaxScore, ibid.), if they
//! are so common that this takes less time.

use tantivy::collector::SegmentCollector;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, Score, SegmentReader};

use super::among::Among;
use super::collect::Kept;
use super::lists::Opening;
use super::part::{Part, Word};
use super::weighed::{COMMONER, WeighedPart};

/// So many passages are scored at a time: their rows stay in the nearest cache.
const WINDOW: usize = 2048;

/// So many sums are compared with the threshold at a time.
const STRIP: usize = 16;

/// How many strips a window has.
const STRIPS: usize = WINDOW / STRIP;

/// So many passages that may have a phrase are held before those are left out that the threshold has passed.
const MOST_HOPEFULS: usize = 4096;

/// Scores added up. A few numbers of 32 bits, of which none is 2^29 times another, are added up in 64 without a rest, so
/// that the order does not matter: which parts are common depends on how the passages are divided into segments.
pub type Sum = f64;

/// A threshold and a score that comes below it differ by more; so much a score may be rounded.
pub const SLACK: Sum = 1.0 / 1024.0;

/// A passage that may have a phrase.
#[derive(Clone, Copy, Debug)]
pub struct Hopeful {
    pub doc: DocId,
    /// What it scores without its phrases.
    pub score: Sum,
    /// The most that it can score with them.
    pub most: Sum,
}

impl Hopeful {
    /// Whether it can be among the best, of which none is below the threshold.
    pub fn can_reach(&self, threshold: Score) -> bool {
        reaches(self.most, threshold)
    }
}

/// Whether what scores so much at most can be among the best, of which none is below the threshold.
pub fn reaches(most: Sum, threshold: Score) -> bool {
    most + SLACK >= Sum::from(threshold)
}

/// A query over the passages of one segment.
pub struct Windows<'a> {
    reader: &'a SegmentReader,
    lengths: &'a FieldNormReader,
    /// The passages that are asked for, where not all are.
    among: Option<&'a Among>,
    /// Those that can score least come first.
    parts: Vec<Ordered<'a>>,
    rows: Rows,
    hopefuls: Vec<Hopeful>,
}

struct Ordered<'a> {
    part: Part<'a>,
    /// The most that it can score together with all before it.
    most_so_far: Sum,
    /// How many passages have it.
    passages: u64,
}

/// What is known of each passage of a window.
struct Rows {
    /// The number of the first one.
    base: DocId,
    /// What its words score.
    sums: Row<Sum>,
    /// What phrases can add to that.
    hopes: Row<Score>,
    /// Of the part that is being added: what its word scores, and what its phrases can score at most.
    of_part: (Row<Score>, Row<Score>),
    /// The strips that are not empty.
    touched: Touched,
}

type Row<T> = Box<[[T; STRIP]; STRIPS]>;

/// A bit for each strip of a window.
#[derive(Clone, Copy, Default)]
struct Touched([u64; STRIPS / 64]);

impl<'a> Windows<'a> {
    /// The parts of a query over a segment.
    pub fn open(
        reader: &'a SegmentReader,
        lengths: &'a FieldNormReader,
        parts: &'a [WeighedPart],
        opening: &Opening<'_>,
        among: Option<&'a Among>,
    ) -> tantivy::Result<Windows<'a>> {
        let parts = parts.iter().map(|part| Part::open(part, opening));
        let mut parts = parts.collect::<tantivy::Result<Vec<_>>>()?;
        parts.retain(|part| part.most > 0.0);
        parts.sort_by(|one, other| one.most.total_cmp(&other.most));
        let mut most_so_far = 0.0;
        let ordered = |part: Part<'a>| {
            most_so_far += Sum::from(part.most);
            Ordered { passages: part.passages(), part, most_so_far }
        };
        let parts = parts.into_iter().map(ordered).collect();
        let (rows, hopefuls) = (Rows::new(), Vec::new());
        Ok(Windows { reader, lengths, among, parts, rows, hopefuls })
    }

    /// Collects what all passages score without their phrases that can be among the best. Those that can be so with
    /// phrases that they may have, in their order.
    pub fn run(mut self, kept: &mut Kept) -> Vec<Hopeful> {
        let (mut next, mut most_hopefuls) = (0, MOST_HOPEFULS);
        while !kept.is_over() {
            let common = self.common(kept.threshold());
            let Some(base) = self.first_from(next, common) else { break };
            if base >= self.reader.max_doc() {
                // Damaged: there are no such passages.
                break;
            }
            next = base.saturating_add(WINDOW as u32).min(self.reader.max_doc());
            self.rows.base = base;
            for Ordered { part, .. } in self.parts.iter_mut().skip(common) {
                self.rows.add(part, self.lengths, next);
            }
            self.collect(common, kept);
            if self.hopefuls.len() > most_hopefuls {
                self.hopefuls.retain(|hopeful| hopeful.can_reach(kept.threshold()));
                most_hopefuls = MOST_HOPEFULS.max(2 * self.hopefuls.len());
            }
        }
        self.hopefuls.retain(|hopeful| hopeful.can_reach(kept.threshold()));
        self.hopefuls
    }

    /// The first passage from one on that is asked for and has a part that is not common. These parts have been moved
    /// there.
    fn first_from(&mut self, next: DocId, common: usize) -> Option<DocId> {
        let mut first = next;
        loop {
            let parts = self.parts.iter_mut().skip(common);
            let found = parts.filter_map(|it| it.part.next_from(first)).min()?;
            match self.among {
                None => return Some(found),
                Some(among) => {
                    let asked = among.next_from(found)?;
                    if asked == found {
                        return Some(found);
                    }
                    first = asked;
                }
            }
        }
    }

    /// How many of the parts are looked up only where others stand.
    fn common(&self, threshold: Score) -> usize {
        let is_lesser = |it: &&Ordered<'_>| !reaches(it.most_so_far, threshold);
        let lesser = self.parts.iter().take_while(is_lesser).count();
        let mut others = self.parts.iter().skip(lesser).map(|it| it.passages).sum::<u64>();
        let mut common = lesser;
        for it in self.parts.iter().take(lesser).rev() {
            if it.passages > COMMONER * others {
                break;
            }
            others += it.passages;
            common -= 1;
        }
        common
    }

    /// The most that parts can score that are common.
    fn most_of_common(&self, common: usize) -> Sum {
        common.checked_sub(1).and_then(|last| self.parts.get(last)).map_or(0.0, |it| it.most_so_far)
    }

    /// Collects the passages of a window that can be among the best. The rows are empty afterwards.
    fn collect(&mut self, common: usize, kept: &mut Kept) {
        let most_of_common = self.most_of_common(common);
        while let Some(strip) = self.rows.touched.take() {
            let least = Sum::from(kept.threshold()) - SLACK - most_of_common;
            let least = least.max(Sum::MIN_POSITIVE);
            let mut reaching = self.rows.reaching(strip, least);
            while reaching != 0 {
                let place = strip * STRIP + reaching.trailing_zeros() as usize;
                reaching &= reaching - 1;
                let found = self.rows.at(place);
                if self.among.is_none_or(|among| among.has(found.doc))
                    && let Some(found) = self.with_common(common, found, kept.threshold())
                    && self.reader.alive_bitset().is_none_or(|alive| alive.is_alive(found.doc))
                {
                    self.add(found, kept);
                }
            }
            self.rows.empty(strip);
        }
    }

    fn add(&mut self, found: Hopeful, kept: &mut Kept) {
        if found.score > 0.0 {
            kept.collect(found.doc, found.score as Score);
        }
        if found.most > found.score {
            self.hopefuls.push(found);
        }
    }

    /// What a passage scores with the common parts, unless it is certain to be below the threshold.
    fn with_common(
        &mut self,
        common: usize,
        mut found: Hopeful,
        threshold: Score,
    ) -> Option<Hopeful> {
        let length = self.lengths.fieldnorm_id(found.doc);
        for place in (0..common).rev() {
            let part = &mut self.parts.get_mut(place)?.part;
            let it = part.look(found.doc, length);
            found.score += Sum::from(it.word);
            found.most += Sum::from(it.most());
            if !reaches(found.most + self.most_of_common(place), threshold) {
                return None;
            }
        }
        Some(found)
    }
}

impl Rows {
    fn new() -> Rows {
        let row = || Box::new([[0.0; STRIP]; STRIPS]);
        let (sums, of_part) = (Box::new([[0.0; STRIP]; STRIPS]), (row(), row()));
        Rows { base: 0, sums, hopes: row(), of_part, touched: Touched::default() }
    }

    /// Adds what a part scores in the passages before `end`.
    fn add(&mut self, part: &mut Part<'_>, lengths: &FieldNormReader, end: DocId) {
        let Rows { base, sums, hopes, of_part: (words, bounds), touched } = self;
        let place = |doc: DocId| (doc - *base) as usize;
        let has_phrases = !part.phrases.is_empty();
        let mut of_part = Touched::default();
        if let Some(Word { list, similarity }) = &mut part.word {
            list.each_before(end, |doc, times| {
                let score = similarity.score(lengths.fieldnorm_id(doc), times);
                of_part.touch(place(doc));
                at(sums, place(doc), |sum| *sum += Sum::from(score));
                if has_phrases {
                    at(words, place(doc), |word| *word = score);
                }
            });
        }
        for phrases in &mut part.phrases {
            phrases.list.each_before(end, |doc, times| {
                let bound = phrases.best.score(lengths.fieldnorm_id(doc), times);
                of_part.touch(place(doc));
                at(bounds, place(doc), |most| *most = most.max(bound));
            });
        }
        touched.add(of_part);
        while has_phrases && let Some(strip) = of_part.take() {
            add_hopes(strip, words, bounds, hopes);
        }
    }

    /// A bit for each passage of a strip that can score so much. All are compared, several at once.
    fn reaching(&self, strip: usize, least: Sum) -> u32 {
        let (Some(sums), Some(hopes)) = (self.sums.get(strip), self.hopes.get(strip)) else {
            return 0;
        };
        let mut bits = 0;
        for place in 0..STRIP {
            bits |= u32::from(sums[place] + Sum::from(hopes[place]) >= least) << place;
        }
        bits
    }

    fn at(&self, place: usize) -> Hopeful {
        let score = self.sums.as_flattened().get(place).copied().unwrap_or_default();
        let hope = self.hopes.as_flattened().get(place).copied().unwrap_or_default();
        Hopeful { doc: self.base + place as u32, score, most: score + Sum::from(hope) }
    }

    fn empty(&mut self, strip: usize) {
        self.sums.get_mut(strip).into_iter().for_each(|sums| *sums = [0.0; STRIP]);
        self.hopes.get_mut(strip).into_iter().for_each(|hopes| *hopes = [0.0; STRIP]);
    }
}

/// Adds what the phrases of a part can add to what its word scores; its own rows are empty afterwards.
fn add_hopes(
    strip: usize,
    words: &mut Row<Score>,
    bounds: &mut Row<Score>,
    hopes: &mut Row<Score>,
) {
    let (Some(words), Some(bounds), Some(hopes)) =
        (words.get_mut(strip), bounds.get_mut(strip), hopes.get_mut(strip))
    else {
        return;
    };
    for ((hope, bound), word) in hopes.iter_mut().zip(bounds.iter()).zip(words.iter()) {
        *hope += (bound - word).max(0.0);
    }
    (*words, *bounds) = ([0.0; STRIP], [0.0; STRIP]);
}

fn at<T>(row: &mut Row<T>, place: usize, change: impl FnOnce(&mut T)) {
    if let Some(score) = row.as_flattened_mut().get_mut(place) {
        change(score);
    }
}

impl Touched {
    fn touch(&mut self, place: usize) {
        let strip = place / STRIP;
        if let Some(bits) = self.0.get_mut(strip / 64) {
            *bits |= 1 << (strip % 64);
        }
    }

    fn add(&mut self, other: Touched) {
        self.0.iter_mut().zip(other.0).for_each(|(bits, other)| *bits |= other);
    }

    /// The first strip, which is taken away.
    fn take(&mut self) -> Option<usize> {
        let (word, bits) = self.0.iter_mut().enumerate().find(|(_, bits)| **bits != 0)?;
        let strip = word * 64 + bits.trailing_zeros() as usize;
        *bits &= *bits - 1;
        Some(strip)
    }
}
