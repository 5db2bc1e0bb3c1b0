//! What the store of a local index gives back of a passage, and the passages that are made of it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use tantivy::DocAddress;
use tantivy::schema::OwnedValue;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};

use super::from_tantivy;
use super::group::{Member, passage_of};
use super::guarded::guarded;
use super::packed::Unpacker;
use super::read::{LocalEngine, address};
use crate::engine::held;
use crate::engine::record::Stored;
use crate::error::{Error, Result};
use crate::passage::{Passage, Report};
use crate::rank::Hit;

impl DocumentDeserialize for Member {
    fn deserialize<'de, D>(mut deserializer: D) -> std::result::Result<Member, DeserializeError>
    where
        D: DocumentDeserializer<'de>,
    {
        let value = deserializer.next_field()?.map(|(_, value)| value);
        let bytes = if let Some(OwnedValue::Bytes(bytes)) = value { bytes } else { Vec::new() };
        Ok(Member::of(bytes))
    }
}

/// What unpacks the passages of an index, and what was read of them last: what is shown together, or soon again, often
/// stands together.
pub struct PassageStore {
    unpacker: Unpacker,
    /// Groups, unpacked, by the places of their first passages.
    groups: Recent<Vec<u8>>,
    /// Reports by the places of their first passages.
    reports: Recent<Report>,
}

impl PassageStore {
    /// The passages in a folder of segments.
    pub fn open(folder: &Path) -> PassageStore {
        let (groups, reports) = (Recent::default(), Recent::default());
        PassageStore { unpacker: Unpacker::open(folder), groups, reports }
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
            let report = self.store().reports.get(first, || match stored.report() {
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
        let group = self.store().groups.get(first, || {
            let packed = packed.map_or_else(|| self.packed_at(first), Ok)?;
            self.store().unpacker.unpack(&packed).map_err(|reason| self.damaged(reason))
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
        let read = || self.searcher().doc(place).map_err(from_tantivy(self.path()));
        guarded(self.path(), read)
    }

    fn no_passage(&self) -> Error {
        self.damaged("a stored passage cannot be read".to_owned())
    }

    fn damaged(&self, reason: String) -> Error {
        Error::IndexDamaged { path: self.path().to_owned(), reason }
    }
}
