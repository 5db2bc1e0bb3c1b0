//! The best passages by the words of a query alone, before anything is gained by what they mean or by how near its words
//! stand: what a query is compiled to, and what a passage counts in it.

use std::sync::Arc;

use tantivy::query::Query as TantivyQuery;
use tantivy::{DocAddress, Term};

use super::bm25::Saturation;
use super::collect::{Best, Candidate, Counts, postings_of};
use super::compile::Compiler;
use super::guarded::guarded;
use super::prose::Prose;
use super::read::LocalEngine;
use super::total::{is_gone_through, total_of};
use super::{careful, from_tantivy, vocabulary};
use crate::engine::gains::rounded;
use crate::engine::once;
use crate::engine::record::meta_term;
use crate::error::Result;
use crate::query::{Clause, Query};
use crate::rank::{DEMOTED_ROLE, DEMOTED_WEIGHT, Total};

impl LocalEngine {
    pub(super) fn compiled(&self, query: &Query) -> Box<dyn TantivyQuery> {
        self.compiled_as(query, &query.clause)
    }

    /// A clause in place of the query's own.
    pub(super) fn compiled_as(&self, query: &Query, clause: &Clause) -> Box<dyn TantivyQuery> {
        self.compiled_for(query, clause, false)
    }

    pub(super) fn compiled_for(
        &self,
        query: &Query,
        clause: &Clause,
        explains: bool,
    ) -> Box<dyn TantivyQuery> {
        let is_known = |term: &str| self.is_known(term);
        let (schemas, seams) = (&self.schemas, &self.seams);
        let (literal, until) = (query.needs_a_look(), &query.until);
        Compiler { schemas, seams, literal, is_known: &is_known, until, explains }.compile(clause)
    }

    pub(super) fn collect<C: tantivy::collector::Collector>(
        &self,
        query: &dyn TantivyQuery,
        collector: &C,
    ) -> Result<C::Fruit> {
        let search = || self.searcher.search(query, collector).map_err(from_tantivy(&self.path));
        guarded(&self.path, search)
    }

    /// The best passages by their words and phrases, wherever these stand, and how many match, where all of them were
    /// gone through.
    pub(super) fn best_by_words(
        &self,
        query: &Query,
        limit: usize,
    ) -> Result<(Vec<Candidate>, Option<Total>)> {
        let best = Best::new(limit, &self.ids, self.demoted_by(query), &query.until);
        if let Some(prose) = self.prose(query) {
            let collect = || prose.open(&self.searcher, self.saturation()?)?.best(&best);
            let found = guarded(&self.path, || collect().map_err(from_tantivy(&self.path)))?;
            return Ok((found, None));
        }
        let compiled = self.compiled(query);
        if is_gone_through(&query.clause) || self.is_counted(query)? {
            let counts = Counts(query.until.clone());
            let (found, counted) = self.collect(compiled.as_ref(), &(best, counts))?;
            return Ok((found, Some(total_of(counted, &query.until))));
        }
        Ok((self.collect(compiled.as_ref(), &best)?, None))
    }

    /// A query as prose, if it is no more than that.
    pub(super) fn prose<'q>(&'q self, query: &'q Query) -> Option<Prose<'q>> {
        Prose::of(&query.clause, &self.schemas, &|term| self.is_known(term))
    }

    pub(super) fn saturation(&self) -> tantivy::Result<&Arc<Saturation>> {
        let of_index = || Saturation::of(&self.searcher, self.schemas.main).map(Arc::new);
        once(&self.saturation, of_index)
    }

    /// The term of passages that count less in a query.
    fn demoted_by(&self, query: &Query) -> Option<Term> {
        let role = || meta_term("role", DEMOTED_ROLE);
        (!query.names_references()).then(|| Term::from_field_text(self.schemas.meta, &role()))
    }

    /// What a passage counts in a query.
    pub(super) fn weight_of(&self, query: &Query, address: DocAddress) -> tantivy::Result<f32> {
        let Some(term) = self.demoted_by(query) else { return Ok(1.0) };
        let reader = self.searcher.segment_reader(address.segment_ord);
        let postings = postings_of(reader, &term)?;
        let is_demoted =
            postings.is_some_and(|mut postings| careful::matches(&mut postings, address.doc_id));
        Ok(if is_demoted { DEMOTED_WEIGHT } else { 1.0 })
    }

    /// What a passage scores without what it gains; `None` where it does not match.
    pub(super) fn score_by_words(
        &self,
        query: &Query,
        address: DocAddress,
    ) -> tantivy::Result<Option<f32>> {
        let score = self.scorers(query, &query.clause)?.score(address)?;
        let weight = self.weight_of(query, address)?;
        Ok(score.map(|score| rounded(score * weight)))
    }

    fn is_known(&self, term: &str) -> bool {
        let count = vocabulary::passages_with(&self.searcher, self.schemas.main, term);
        count.is_ok_and(|count| count > 0)
    }
}
