//! Passages that match to the word. The index holds stems, and no positions in headings: where it finds more than a query
//! means, the passages decide.

use super::continuation::marked;
use super::{LOADED_AT_ONCE, Searcher};
use crate::engine::Engine;
use crate::error::Result;
use crate::highlight::Marker;
use crate::query::Query;
use crate::rank::{Hit, Ranking};

impl<E: Engine> Searcher<E> {
    /// Of the best `fetch` passages by the index those that match, and whether the index has no more.
    ///
    /// # Errors
    /// For an index that cannot be read.
    pub fn best_of(&self, query: &Query, fetch: usize) -> Result<(Ranking, bool)> {
        let ranking = self.retrieved(query, fetch)?;
        let is_all = ranking.hits.len() < fetch;
        match query.needs_a_look() {
            true => {
                Ok((Ranking { hits: self.look_at(query, &ranking.hits)?, total: None }, is_all))
            }
            false => Ok((ranking, is_all)),
        }
    }

    /// Of some hits those that match.
    ///
    /// # Errors
    /// For an index that cannot be read.
    pub fn confirmed(&self, query: &Query, hits: Vec<Hit>) -> Result<Vec<Hit>> {
        if query.needs_a_look() { self.look_at(query, &hits) } else { Ok(hits) }
    }

    fn look_at(&self, query: &Query, hits: &[Hit]) -> Result<Vec<Hit>> {
        let mut marker = Marker::new(query);
        let mut confirmed = Vec::new();
        for hits in hits.chunks(LOADED_AT_ONCE) {
            for (passage, hit) in self.engine.load(hits)?.iter().zip(hits) {
                let is_match = marked(&self.engine, &mut marker, passage, hit)?.is_some();
                confirmed.extend(is_match.then_some(*hit));
            }
            if query.until.is_over() {
                break;
            }
        }
        Ok(confirmed)
    }
}
