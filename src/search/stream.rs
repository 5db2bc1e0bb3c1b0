//! Every passage that matches, one after another: result sets of any size, with a few passages in memory.

use std::time::Instant;

use rustc_hash::FxHashMap;

use super::{Found, LOADED_AT_ONCE, SearchRequest, SearchResponse, Searcher, Sort};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::query::Query;
use crate::rank::{Hit, Total};

impl<E: Engine> Searcher<E> {
    /// Hands over all hits of a request in its order, and gives the answer without them, with exact totals.
    ///
    /// Of the request, limit, cursor, merging and the search for other words or spellings where a word or a
    /// phrase is nowhere are not regarded; passages with the same text all come; there is a limit for each document where one is asked for.
    ///
    /// # Errors
    /// As [`Searcher::search`], and those of `each`, which end it. `TimedOut` where the deadline comes before the first
    /// hit.
    pub fn stream(
        &self,
        request: &SearchRequest,
        mut each: impl FnMut(&Found) -> Result<()>,
    ) -> Result<SearchResponse> {
        let start = Instant::now();
        // What is kept has no words in the place of others.
        let request = &SearchRequest { corrects: false, ..request.clone() };
        let mut query = self.fed_query(request)?;
        let warnings = std::mem::take(&mut query.notes);
        let mut ranking = self.retrieved(&query, usize::MAX)?;
        let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
        // Of each document the best are kept, whatever order they come in.
        let is_sorted = request.sort != Sort::Score;
        if is_sorted {
            ranking.hits = self.kept(&query, request, &ranking.hits, &mut counts)?;
            self.sort(&mut ranking, request)?;
        }
        if request.until.has_cut() {
            return Err(Error::TimedOut);
        }
        let one_by_one = SearchRequest { merge_neighbours: false, ..request.clone() };
        let mut passages = 0;
        for hits in ranking.hits.chunks(LOADED_AT_ONCE) {
            let kept = match is_sorted {
                true => hits.to_vec(),
                false => self.kept(&query, request, hits, &mut counts)?,
            };
            let page = self.engine.load(&kept)?.into_iter().zip(&kept);
            let found = self.found(&query, &one_by_one, page, passages, FxHashMap::default())?;
            passages += found.len();
            found.iter().try_for_each(&mut each)?;
        }
        let total = Total {
            passages: counts.values().sum::<usize>() as u64,
            documents: counts.len() as u64,
            is_exact: true,
        };
        Ok(SearchResponse { warnings, ..self.answer(request, query, total, start)? })
    }

    /// The hits that match, the best of each document as far as that has a limit; `counts` has how many of each matched.
    fn kept(
        &self,
        query: &Query,
        request: &SearchRequest,
        hits: &[Hit],
        counts: &mut FxHashMap<u64, usize>,
    ) -> Result<Vec<Hit>> {
        let mut kept = Vec::with_capacity(hits.len());
        for hits in hits.chunks(LOADED_AT_ONCE) {
            for hit in self.confirmed(query, hits.to_vec())? {
                let count = counts.entry(self.engine.document_of(&hit)?).or_default();
                *count += 1;
                if request.per_document.is_none_or(|most| most == 0 || *count <= most) {
                    kept.push(hit);
                }
            }
        }
        Ok(kept)
    }
}
