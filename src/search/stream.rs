//! Every passage that matches, one after another: result sets of any size, with a few passages in memory.

use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Found, LOADED_AT_ONCE, SearchRequest, SearchResponse, Searcher};
use crate::engine::Engine;
use crate::error::Result;
use crate::query::Query;
use crate::rank::{Hit, Ranking, Total};

impl<E: Engine> Searcher<E> {
    /// Hands over all hits of a request in its order, and gives the answer without them, with exact totals.
    ///
    /// Of the request, limit, cursor, merging and the search for other words where a phrase is nowhere are not
    /// regarded; passages with the same text all come; there is a limit for each document where one is asked for.
    ///
    /// # Errors
    /// As [`Searcher::search`], and those of `each`, which end it.
    pub fn stream(
        &self,
        request: &SearchRequest,
        mut each: impl FnMut(&Found) -> Result<()>,
    ) -> Result<SearchResponse> {
        let start = Instant::now();
        let mut query = self.fed_query(request)?;
        let warnings = std::mem::take(&mut query.notes);
        let mut ranking = self.engine.retrieve(&query, usize::MAX)?;
        self.sort(&mut ranking, request.sort)?;
        let one_by_one = SearchRequest { merge_neighbours: false, ..request.clone() };
        let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
        let (mut passages, mut documents) = (0, FxHashSet::default());
        for hits in ranking.hits.chunks(LOADED_AT_ONCE) {
            let hits = self.confirmed(&query, hits)?;
            let mut kept = Vec::with_capacity(hits.len());
            for hit in hits {
                let document = self.engine.document_of(&hit)?;
                documents.insert(document);
                let count = counts.entry(document).or_default();
                *count += 1;
                if request.per_document.is_none_or(|most| most == 0 || *count <= most) {
                    kept.push(hit);
                }
            }
            let found = self.found(&query, &one_by_one, &kept, passages, FxHashMap::default())?;
            passages += found.len();
            found.iter().try_for_each(&mut each)?;
        }
        let exhaustive = match request.exhaustive {
            true => Some(self.exhaustive(&query, request, passages > 0)?),
            false => None,
        };
        Ok(SearchResponse {
            query: request.query.clone(),
            exhaustive,
            parsed: query.to_string(),
            unknown: query.unknown(),
            did_you_mean: super::did_you_mean(&query),
            index: self.engine.summary().clone(),
            total: Total {
                passages: counts.values().sum::<usize>() as u64,
                documents: documents.len() as u64,
                is_exact: true,
            },
            took: start.elapsed(),
            next_cursor: None,
            warnings,
            hits: Vec::new(),
            expansions: query.expansions,
        })
    }

    /// Of some hits those that match to the word.
    fn confirmed(&self, query: &Query, hits: &[Hit]) -> Result<Vec<Hit>> {
        let mut ranking = Ranking { hits: hits.to_vec() };
        if query.needs_a_look() {
            self.keep_confirmed(query, &mut ranking)?;
        }
        Ok(ranking.hits)
    }
}
