//! How like a query the meaning of passages is. Their vectors are values of columns, so that merges and deletions take
//! them along: their signs, which are gone through for what is alike at all, and the rest, for how alike it is.

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, SegmentReader};

use crate::meaning::{PLANE, Vector};
use crate::rank::Deadline;

/// The vectors of an index.
pub struct Meanings {
    /// Of each segment; `None` for one in which no passage has a vector.
    segments: Vec<Option<Columns>>,
}

struct Columns {
    signs: Column<u64>,
    rest: Column<u64>,
}

/// So many vectors' signs are read at a time.
const AT_ONCE: usize = 64;

impl Meanings {
    /// Opens the columns of an index.
    pub fn open(searcher: &Searcher) -> tantivy::Result<Meanings> {
        let columns = |reader: &SegmentReader| -> tantivy::Result<_> {
            let column = |name| reader.fast_fields().column_opt(name);
            let both = column("signs")?.zip(column("meaning")?);
            Ok(both.map(|(signs, rest)| Columns { signs, rest }))
        };
        let segments = searcher.segment_readers().iter().map(columns);
        Ok(Meanings { segments: segments.collect::<tantivy::Result<_>>()? })
    }

    /// How like the meaning of a passage is; 0 where it is not known.
    pub fn likeness(&self, meaning: &Vector, passage: DocAddress) -> f32 {
        let columns = self.segments.get(passage.segment_ord as usize).and_then(Option::as_ref);
        let vector = columns.and_then(|columns| columns.vector(passage.doc_id));
        vector.map_or(0.0, |vector| meaning.likeness(&vector))
    }

    /// The passages that have vectors, as they are stored.
    pub fn passages(&self) -> impl Iterator<Item = DocAddress> {
        let segments = (0..).zip(&self.segments);
        segments.flat_map(|(segment, columns)| {
            let docs = columns.as_ref().map(Columns::docs_with_vectors).unwrap_or_default();
            docs.into_iter().map(move |doc| DocAddress::new(segment, doc))
        })
    }

    /// At least so many passages whose vectors have the most signs in common with one, and those that have as many as
    /// the last of them. Passages are asked about in their order; those count for which `is_asked` holds. The more signs two vectors have in common, the
    /// less is the angle between them (Charikar 2002, "Similarity estimation techniques from rounding algorithms").
    pub fn nearest(
        &self,
        meaning: &Vector,
        many: usize,
        until: &Deadline,
        mut is_asked: impl FnMut(DocAddress) -> tantivy::Result<bool>,
    ) -> tantivy::Result<Vec<DocAddress>> {
        let (signs, _) = meaning.to_words();
        let mut counts = [0_usize; 64 * PLANE + 1];
        let mut distances: Vec<(SegmentOrdinal, Vec<(DocId, u16)>)> = Vec::new();
        for (segment, columns) in (0..).zip(&self.segments) {
            let Some(columns) = columns else { continue };
            let mut asked = Vec::new();
            for (doc, distance) in columns.distances(&signs, until) {
                if is_asked(DocAddress::new(segment, doc))? {
                    counts[usize::from(distance)] += 1;
                    asked.push((doc, distance));
                }
            }
            distances.push((segment, asked));
        }
        let mut left = many;
        let furthest = counts.iter().position(|&count| {
            let is_enough = count >= left;
            left = left.saturating_sub(count);
            is_enough
        });
        let furthest = furthest.unwrap_or(counts.len());
        let near = distances.into_iter().flat_map(|(segment, found)| {
            let near = found.into_iter().filter(|(_, distance)| usize::from(*distance) <= furthest);
            near.map(move |(doc, _)| DocAddress::new(segment, doc))
        });
        Ok(near.collect())
    }
}

impl Columns {
    fn vector(&self, doc: DocId) -> Option<Vector> {
        Vector::from_words(&values_of(&self.signs, doc)?, &values_of(&self.rest, doc)?)
    }

    /// In how many signs the vector of each passage differs.
    fn distances(&self, signs: &[u64; PLANE], until: &Deadline) -> Vec<(DocId, u16)> {
        let values = &self.signs.values;
        let docs = self.docs_with_vectors();
        let mut distances = Vec::with_capacity(docs.len());
        let mut buffer = [0; AT_ONCE * PLANE];
        let mut watch = until.watch();
        for (block, docs) in docs.chunks(AT_ONCE).enumerate() {
            if watch.is_over() {
                break;
            }
            let words = &mut buffer[..docs.len() * PLANE];
            values.get_range((block * AT_ONCE * PLANE) as u64, words);
            for (&doc, words) in docs.iter().zip(words.as_chunks::<PLANE>().0) {
                let differ = words.iter().zip(signs).map(|(a, b)| (a ^ b).count_ones());
                distances.push((doc, differ.sum::<u32>() as u16));
            }
        }
        distances
    }

    /// The passages that have vectors, in the order of these.
    fn docs_with_vectors(&self) -> Vec<DocId> {
        let count = self.signs.values.num_vals() / PLANE as u32;
        if count == self.signs.num_docs() {
            return (0..count).collect();
        }
        let mut rows: Vec<u32> = (0..count).map(|vector| vector * PLANE as u32).collect();
        self.signs.index.select_batch_in_place(0, &mut rows);
        rows
    }
}

/// The values of a passage, which are read at once; `None` where there are not so many.
fn values_of<const COUNT: usize>(column: &Column<u64>, doc: DocId) -> Option<[u64; COUNT]> {
    let rows = column.index.value_row_ids(doc);
    let mut values = [0; COUNT];
    (rows.len() == COUNT).then(|| column.values.get_range(u64::from(rows.start), &mut values))?;
    Some(values)
}
