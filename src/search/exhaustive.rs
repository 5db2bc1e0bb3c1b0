//! Honest absence: what was searched for, over what, what comes near, and what could not be read, so that "not
//! mentioned" is a finding.

use super::{Found, SearchRequest, Searcher};
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::query::{Query, WordForms};
use crate::rank::Total;

/// So many passages that come near are shown.
const MOST_NEAR: usize = 5;

/// What stands beside an answer in every form.
#[derive(Clone, Debug)]
pub struct Exhaustive {
    /// What each word was searched for as; for synonyms and compounds see the expansions of the answer.
    pub forms: Vec<WordForms>,
    /// Where nothing matches: the best passages with some of the words.
    pub near_misses: Vec<Found>,
    /// What there was to search: all that fields and headings leave, whatever words it has.
    pub searched: Total,
    /// Files that could not be read, or not to their end, which may therefore say it: their ids, and why.
    pub not_read: Vec<(String, String)>,
}

impl Exhaustive {
    /// Whether what was searched is all there is, and anything, so that nothing found means not mentioned.
    pub fn is_complete(&self) -> bool {
        self.not_read.is_empty() && self.searched.passages > 0
    }
}

impl<E: Engine> Searcher<E> {
    /// What is to be said beside the answer to a broadened query.
    pub(super) fn exhaustive(
        &self,
        query: &Query,
        request: &SearchRequest,
        is_found: bool,
    ) -> Result<Exhaustive> {
        let forms = query.word_forms(self.engine.vocabulary())?;
        let near_misses = match is_found {
            true => Vec::new(),
            false => {
                let loose = SearchRequest {
                    exhaustive: false,
                    relax: true,
                    exact_total: false,
                    cursor: None,
                    limit: MOST_NEAR,
                    ..request.clone()
                };
                self.search(&loose)?.hits
            }
        };
        let documents = self.engine.documents()?;
        let lacking = |listed: &Listed| Some((listed.doc_id.clone(), listed.lacks()?));
        let not_read = documents.iter().filter_map(lacking).collect();
        // It is the answer's ground, and cheap: a few lists of postings.
        let searched = self.engine.total(&query.restriction().unhurried(), true)?;
        Ok(Exhaustive { forms, near_misses, searched, not_read })
    }
}
