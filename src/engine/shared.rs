//! What several hold: an engine, and what a mutex guards.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Catalog, Engine, Listed, Retired, Storage, Summary};
use crate::error::Result;
use crate::passage::Passage;
use crate::query::{Filter, Query, Vocabulary};
use crate::rank::{Explanation, Hit, Ranking, Total};

/// The content of a mutex, whether or not a thread that held it panicked.
pub fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a cell holds, which is made when it is first asked for. Where several make it at once, one of them counts.
///
/// # Errors
/// As `make`; then it is made anew the next time.
pub fn once<T, E>(
    cell: &OnceLock<T>,
    make: impl FnOnce() -> std::result::Result<T, E>,
) -> std::result::Result<&T, E> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}

impl<E: Engine + ?Sized> Engine for Arc<E> {
    fn summary(&self) -> &Summary {
        (**self).summary()
    }

    fn terms(&self) -> Result<u64> {
        (**self).terms()
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        (**self).vocabulary()
    }

    fn retrieve(&self, query: &Query, limit: usize) -> Result<Ranking> {
        (**self).retrieve(query, limit)
    }

    fn every(&self, query: &Query) -> Result<Vec<Hit>> {
        (**self).every(query)
    }

    fn has(&self, filter: &Filter) -> Result<bool> {
        (**self).has(filter)
    }

    fn values(&self, field: &str) -> Result<Vec<String>> {
        (**self).values(field)
    }

    fn occurrences(&self, query: &Query) -> Result<Option<Vec<(Hit, u64)>>> {
        (**self).occurrences(query)
    }

    fn total(&self, query: &Query, exact: bool) -> Result<Total> {
        (**self).total(query, exact)
    }

    fn next_in_section(&self, hit: &Hit) -> Result<Option<Passage>> {
        (**self).next_in_section(hit)
    }

    fn load(&self, hits: &[Hit]) -> Result<Vec<Passage>> {
        (**self).load(hits)
    }

    fn document_of(&self, hit: &Hit) -> Result<u64> {
        (**self).document_of(hit)
    }

    fn document_number(&self, doc_id: &str) -> u64 {
        (**self).document_number(doc_id)
    }

    fn words(&self, hits: &[Hit]) -> Result<Vec<u64>> {
        (**self).words(hits)
    }

    fn passage(&self, id: &str) -> Result<Option<Passage>> {
        (**self).passage(id)
    }

    fn document(&self, doc_id: &str) -> Result<Vec<Passage>> {
        (**self).document(doc_id)
    }

    fn documents(&self) -> Result<&[Listed]> {
        (**self).documents()
    }

    fn catalog(&self) -> Result<Catalog> {
        (**self).catalog()
    }

    fn storage(&self) -> Result<Storage> {
        (**self).storage()
    }

    fn damage(&self) -> Result<Vec<(String, String)>> {
        (**self).damage()
    }

    fn retired(&self, id: &str) -> Result<Option<Retired>> {
        (**self).retired(id)
    }

    fn explain(&self, query: &Query, hit: &Hit) -> Result<Explanation> {
        (**self).explain(query, hit)
    }

    fn hit_of(&self, query: &Query, id: &str) -> Result<Option<Hit>> {
        (**self).hit_of(query, id)
    }
}
