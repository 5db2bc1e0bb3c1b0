//! What the store of a local index gives back of a passage, and the passages that are made of it.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, Searcher};

use super::from_tantivy;
use super::group::{Member, passage_of};
use super::guarded::guarded;
use super::packed::Unpacker;
use super::read::{LocalEngine, address};
use crate::engine::record::Stored;
use crate::engine::{held, once};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report};
use crate::rank::Hit;

/// What tantivy puts before the bytes of a document's only value: one field, its number (32 bits), and that bytes follow.
const ONE_FIELD: u8 = 1 | STOP;
const FIELD_NUMBER: usize = 4;
const BYTES: u8 = 4;

/// The last byte of a number has this bit; each has seven bits of it, the lowest first.
const STOP: u8 = 0x80;

/// The bytes that are the only stored value of a document; `None` where it is no such document. tantivy's own reader
/// believes what damaged bytes say of how many follow, and asks for so much memory.
fn only_value(document: &[u8]) -> Option<&[u8]> {
    let rest = document.strip_prefix(&[ONE_FIELD])?.get(FIELD_NUMBER..)?;
    let rest = rest.strip_prefix(&[BYTES])?;
    let mut length = 0;
    for (at, &byte) in rest.iter().enumerate().take(4) {
        length |= usize::from(byte & !STOP) << (7 * at);
        if byte & STOP != 0 {
            return rest.get(at + 1..).filter(|value| value.len() == length);
        }
    }
    None
}

/// What unpacks the passages of an index, and what was read of them last: what is shown together, or soon again, often
/// stands together.
pub struct PassageStore {
    /// Of each segment, opened when it is first asked for.
    segments: Vec<OnceLock<StoreReader>>,
    unpacker: Unpacker,
    /// Groups, unpacked, by the places of their first passages.
    groups: Recent<Vec<u8>>,
    /// Reports by the places of their first passages.
    reports: Recent<Report>,
}

impl PassageStore {
    /// The passages of so many segments in a folder.
    pub fn open(folder: &Path, segments: usize) -> PassageStore {
        let segments = (0..segments).map(|_| OnceLock::new()).collect();
        let (groups, reports) = (Recent::default(), Recent::default());
        PassageStore { segments, unpacker: Unpacker::open(folder), groups, reports }
    }

    /// What is stored of a passage; `None` where it is damaged.
    fn member(&self, searcher: &Searcher, place: DocAddress) -> tantivy::Result<Option<Member>> {
        let Some(segment) = self.segments.get(place.segment_ord as usize) else { return Ok(None) };
        let open = || searcher.segment_reader(place.segment_ord).get_store_reader(0);
        let store = once(segment, open)?;
        let document = store.get_document_bytes(place.doc_id)?;
        Ok(only_value(&document).map(|value| Member::of(value.to_vec())))
    }

    /// See [`Unpacker::damage`].
    pub fn damage(&self) -> impl Iterator<Item = (String, String)> {
        self.unpacker.damage()
    }
}

/// A few values by their places.
struct Recent<V>(Mutex<FxHashMap<DocAddress, Arc<V>>>);

/// So many groups, and so many reports, are kept.
const MOST_KEPT: usize = 500;

impl<V> Default for Recent<V> {
    fn default() -> Recent<V> {
        Recent(Mutex::default())
    }
}

impl<V> Recent<V> {
    fn get(&self, place: DocAddress, read: impl FnOnce() -> Result<V>) -> Result<Arc<V>> {
        let kept = || held(&self.0);
        let found = kept().get(&place).map(Arc::clone);
        if let Some(value) = found {
            return Ok(value);
        }
        let value = Arc::new(read()?);
        let mut kept = kept();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(place, Arc::clone(&value));
        Ok(value)
    }
}

impl LocalEngine {
    /// The passage of a hit.
    pub(super) fn passage_at(&self, hit: &Hit) -> Result<Passage> {
        let place = address(hit);
        self.with_record(place, |stored| {
            // The passages of a report lie side by side, in order.
            let first = self.before(place, stored.ordinal())?;
            let report = self.store.reports.get(first, || match stored.report() {
                Some(report) => Ok(report),
                None => self.report_at(first),
            })?;
            stored.passage(hit.id, report).ok_or_else(|| self.no_passage())
        })
    }

    /// The report whose first passage is there.
    fn report_at(&self, first: DocAddress) -> Result<Report> {
        self.with_record(first, |stored| stored.report().ok_or_else(|| self.no_passage()))
    }

    /// What is made of the record of a passage.
    fn with_record<T>(
        &self,
        place: DocAddress,
        make: impl FnOnce(Stored<'_>) -> Result<T>,
    ) -> Result<T> {
        let (first, nth, packed) = match self.member(place)? {
            Member::First(packed) => (place, 0, Some(packed)),
            Member::Behind(distance) => {
                (self.before(place, usize::from(distance))?, distance, None)
            }
        };
        let group = self.store.groups.get(first, || {
            let packed = packed.map_or_else(|| self.packed_at(first), Ok)?;
            self.store.unpacker.unpack(&packed).map_err(|reason| self.damaged(reason))
        })?;
        let stored = passage_of(&group, nth).and_then(Stored::of);
        make(stored.ok_or_else(|| self.no_passage())?)
    }

    /// The group whose first passage is there, packed.
    fn packed_at(&self, first: DocAddress) -> Result<Vec<u8>> {
        match self.member(first)? {
            Member::First(packed) => Ok(packed),
            Member::Behind(_) => Err(self.no_passage()),
        }
    }

    /// The place so many passages before another.
    fn before(&self, place: DocAddress, distance: usize) -> Result<DocAddress> {
        let distance = u32::try_from(distance).ok();
        let doc = distance.and_then(|distance| place.doc_id.checked_sub(distance));
        Ok(DocAddress::new(place.segment_ord, doc.ok_or_else(|| self.no_passage())?))
    }

    fn member(&self, place: DocAddress) -> Result<Member> {
        let read = || self.store.member(&self.searcher, place);
        let member = guarded(self.path(), || read().map_err(from_tantivy(self.path())))?;
        member.ok_or_else(|| self.no_passage())
    }

    fn no_passage(&self) -> Error {
        self.damaged("a stored passage cannot be read".to_owned())
    }

    fn damaged(&self, reason: String) -> Error {
        Error::IndexDamaged { path: self.path().to_owned(), reason }
    }
}

#[cfg(test)]
mod tests {
    use super::only_value;

    #[test]
    fn only_bytes_of_the_length_that_is_told_are_a_value() {
        let document = [0x81, 0, 0, 0, 0, 4, 0x83, 7, 8, 9];
        assert_eq!(only_value(&document), Some(&[7, 8, 9][..]));
        for length in 0..document.len() {
            assert_eq!(only_value(&document[..length]), None, "{length} bytes");
        }
        // Another number of values, another type, a length of another value, one that never ends.
        for (at, byte) in [(0, 0x82), (5, 1), (5, 255), (6, 0x82), (6, 0x84), (6, 3), (6, 0)] {
            let mut damaged = document;
            damaged[at] = byte;
            assert_eq!(only_value(&damaged), None, "{byte:#x} at {at}");
        }
        assert_eq!(only_value(&[0x81, 0, 0, 0, 0, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f]), None);
    }
}
