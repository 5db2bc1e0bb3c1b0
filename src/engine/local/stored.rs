//! What the store of a local index gives back of a passage, and the passages that are made of it.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::DocAddress;
use tantivy::schema::OwnedValue;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};

use super::from_tantivy;
use super::guarded::guarded;
use super::read::{LocalEngine, address};
use crate::engine::record::{decode, decode_report, ordinal_of};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report};
use crate::rank::Hit;

/// What the store holds of a passage, in the order of the fields.
#[derive(Default)]
struct Stored {
    /// See [`super::packed`].
    passage: Vec<u8>,
    /// Of the first passage of a report: the report, packed too.
    report: Option<Vec<u8>>,
}

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D>(mut deserializer: D) -> std::result::Result<Stored, DeserializeError>
    where
        D: DocumentDeserializer<'de>,
    {
        let mut values = Vec::with_capacity(2);
        while let Some((_, value)) = deserializer.next_field()? {
            if let OwnedValue::Bytes(bytes) = value {
                values.push(bytes);
            }
        }
        let mut values = values.into_iter();
        Ok(Stored { passage: values.next().unwrap_or_default(), report: values.next() })
    }
}

/// The reports of passages that were read last, by the places of their first passages.
#[derive(Default)]
pub struct Reports(Mutex<FxHashMap<DocAddress, Arc<Report>>>);

/// So many reports are kept: what is shown together, or soon again, is often of the same.
const MOST_REPORTS: usize = 1000;

impl Reports {
    /// The report whose first passage is there.
    fn get(&self, first: DocAddress, read: impl FnOnce() -> Result<Report>) -> Result<Arc<Report>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(&first).map(Arc::clone);
        if let Some(report) = found {
            return Ok(report);
        }
        let report = Arc::new(read()?);
        let mut known = known();
        if known.len() >= MOST_REPORTS {
            known.clear();
        }
        known.insert(first, Arc::clone(&report));
        Ok(report)
    }
}

impl LocalEngine {
    /// The passage of a hit.
    pub(super) fn passage_at(&self, hit: &Hit) -> Result<Passage> {
        let damaged = |reason| Error::IndexDamaged { path: self.path().to_owned(), reason };
        let no_passage = || damaged("a stored passage cannot be read".to_owned());
        let place = address(hit);
        let stored = self.stored(place)?;
        let record = self.unpacker().unpack(&stored.passage).map_err(damaged)?;
        // The passages of a report lie side by side, in order.
        let ordinal = ordinal_of(hit.id, &record).and_then(|ordinal| u32::try_from(ordinal).ok());
        let first = ordinal.and_then(|ordinal| place.doc_id.checked_sub(ordinal));
        let first = first.map(|first| DocAddress::new(place.segment_ord, first));
        let first = first.ok_or_else(no_passage)?;
        let report = self.reports().get(first, || {
            let of_first = if first == place { stored } else { self.stored(first)? };
            let report = of_first.report.ok_or_else(no_passage)?;
            let report = self.unpacker().unpack(&report).map_err(damaged)?;
            decode_report(&report).map(|(report, _)| report).ok_or_else(no_passage)
        })?;
        decode(hit.id, &record, report).ok_or_else(no_passage)
    }

    fn stored(&self, place: DocAddress) -> Result<Stored> {
        let read = || self.searcher().doc(place).map_err(from_tantivy(self.path()));
        guarded(self.path(), read)
    }
}
