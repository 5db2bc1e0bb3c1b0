//! The passages that a query is restricted to by fields, as a set: what its words score there is added up as without fields
//! (`windows.rs`), where passages outside are passed over.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, Term};

use crate::engine::flat::filter_terms;
use crate::query::{Clause, Filter};

/// The fields that passages must have, and must not have.
#[derive(Debug, Default)]
pub struct Restriction<'q> {
    must: Vec<&'q Filter>,
    not: Vec<&'q Filter>,
}

impl<'q> Restriction<'q> {
    /// Parts a clause in what it asks for by fields, which all passages must have or lack, and the alternatives of which a
    /// passage has any. `None` where anything else is required or excluded.
    pub fn of(clause: &'q Clause) -> Option<(Restriction<'q>, &'q [Clause])> {
        let mut restriction = Restriction::default();
        let alternatives = restriction.parted(clause)?;
        Some((restriction, alternatives))
    }

    fn parted(&mut self, clause: &'q Clause) -> Option<&'q [Clause]> {
        let Clause::Boolean { must, should, not } = clause else {
            let is_row = matches!(clause, Clause::Forms(_)) || !self.is_empty();
            return is_row.then_some(std::slice::from_ref(clause));
        };
        for clause in not {
            self.not.push(filter(clause)?);
        }
        if must.is_empty() {
            return Some(should);
        }
        let mut own = None;
        for clause in must {
            match filter(clause) {
                Some(filter) => self.must.push(filter),
                None if own.is_none() => own = Some(clause),
                None => return None,
            }
        }
        self.parted(own.filter(|_| should.is_empty())?)
    }

    /// Whether it restricts nothing.
    pub fn is_empty(&self) -> bool {
        self.must.is_empty() && self.not.is_empty()
    }

    /// The passages of a segment; `None` where all are.
    pub fn among(&self, reader: &SegmentReader, meta: Field) -> tantivy::Result<Option<Among>> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut among = Among::all(reader.max_doc());
        for filter in &self.must {
            among.keep(&Among::of(filter, reader, meta)?);
        }
        for filter in &self.not {
            among.drop(&Among::of(filter, reader, meta)?);
        }
        Ok(Some(among))
    }
}

fn filter(clause: &Clause) -> Option<&Filter> {
    if let Clause::Filter(filter) = clause { Some(filter) } else { None }
}

/// Passages of a segment: a bit for each.
#[derive(Clone, Debug)]
pub struct Among(Vec<u64>);

impl Among {
    /// No passage of so many.
    pub fn none(passages: DocId) -> Among {
        Among(vec![0; (passages as usize).div_ceil(64)])
    }

    fn all(passages: DocId) -> Among {
        let mut all = Among(vec![u64::MAX; (passages as usize).div_ceil(64)]);
        if let (Some(last), rest @ 1..) = (all.0.last_mut(), passages % 64) {
            *last = (1 << rest) - 1;
        }
        all
    }

    /// The passages that have one of the values of a filter.
    fn of(filter: &Filter, reader: &SegmentReader, meta: Field) -> tantivy::Result<Among> {
        let mut among = Among::none(reader.max_doc());
        let inverted = reader.inverted_index(meta)?;
        for term in filter_terms(filter) {
            let term = Term::from_field_text(meta, &term);
            let postings = inverted.read_block_postings(&term, IndexRecordOption::Basic)?;
            if let Some(mut postings) = postings {
                among.add_all(&mut postings);
            }
        }
        Ok(among)
    }

    fn add_all(&mut self, postings: &mut BlockSegmentPostings) {
        while !postings.docs().is_empty() {
            postings.docs().iter().for_each(|&doc| self.add(doc));
            postings.advance();
        }
    }

    /// Adds a passage.
    pub fn add(&mut self, doc: DocId) {
        if let Some(bits) = self.0.get_mut(doc as usize / 64) {
            *bits |= 1 << (doc % 64);
        }
    }

    /// Keeps what others have too.
    pub fn keep(&mut self, others: &Among) {
        self.0.iter_mut().zip(&others.0).for_each(|(own, other)| *own &= other);
    }

    fn drop(&mut self, others: &Among) {
        self.0.iter_mut().zip(&others.0).for_each(|(own, other)| *own &= !other);
    }

    /// Whether a passage is among them.
    pub fn has(&self, doc: DocId) -> bool {
        self.0.get(doc as usize / 64).is_some_and(|bits| bits >> (doc % 64) & 1 == 1)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = DocId> {
        let mut next = self.next_from(0);
        std::iter::from_fn(move || {
            let own = next?;
            next = self.next_from(own + 1);
            Some(own)
        })
    }

    /// The first from one on.
    pub fn next_from(&self, doc: DocId) -> Option<DocId> {
        let first = doc as usize / 64;
        let own = self.0.get(first)? & (u64::MAX << (doc % 64));
        let rest = self.0.iter().enumerate().skip(first + 1).map(|(at, &bits)| (at, bits));
        let (at, bits) = std::iter::once((first, own)).chain(rest).find(|(_, bits)| *bits != 0)?;
        Some(at as DocId * 64 + bits.trailing_zeros())
    }
}

#[cfg(test)]
mod tests {
    use super::Among;

    #[test]
    fn the_next_is_found_over_empty_words() {
        let mut among = Among::none(300);
        [3, 64, 255, 299].into_iter().for_each(|doc| among.add(doc));
        assert_eq!(among.iter().collect::<Vec<_>>(), [3, 64, 255, 299]);
        assert!(Among::all(65).has(64) && !Among::all(65).has(65));
        assert_eq!(Among::all(0).next_from(0), None);
    }
}
