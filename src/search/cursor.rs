//! Cursors: where an answer ended, for the same request over the same state of the index.

use super::{SearchRequest, Searcher};
use crate::engine::Engine;
use crate::error::{Error, Result};

impl<E: Engine> Searcher<E> {
    /// The cursor of a request for the hits after the first `offset`: `generation-request-offset`, since it fits one
    /// request and one state of the index.
    pub fn cursor(&self, request: &SearchRequest, offset: usize) -> String {
        format!("{}-{:x}-{offset}", self.engine.summary().generation, self.digest(request))
    }

    /// Where the request begins: how many hits its cursor passes over.
    pub(super) fn offset(&self, request: &SearchRequest) -> Result<usize> {
        let Some(cursor) = &request.cursor else { return Ok(0) };
        let stale = |reason: &str| Error::CursorStale { reason: reason.to_owned() };
        let parts: Vec<&str> = cursor.split('-').collect();
        let [generation, request_digest, offset] = parts.as_slice() else {
            return Err(stale("it is malformed"));
        };
        if generation.parse() != Ok(self.engine.summary().generation) {
            return Err(stale("the index has changed since"));
        }
        if *request_digest != format!("{:x}", self.digest(request)) {
            return Err(stale("it belongs to another query or another index"));
        }
        let offset: usize = offset.parse().map_err(|_| stale("it is malformed"))?;
        match offset as u64 <= self.engine.summary().passages {
            true => Ok(offset),
            false => Err(stale("it is malformed")),
        }
    }

    /// What a cursor must agree on with its request.
    fn digest(&self, request: &SearchRequest) -> u32 {
        let text = format!(
            "{}\0{}\0{:?}\0{:?}\0{:?}\0{}\0{}\0{:?}\0{:?}\0{}\0{}\0{}\0{}\0{:?}",
            self.engine.summary().digest,
            request.query,
            request.filter,
            request.section,
            request.per_document,
            request.literal,
            request.forms,
            request.sort,
            request.synonyms.then(|| self.thesaurus().digest()),
            request.copies,
            request.exhaustive,
            request.feedback,
            request.lexical,
            request.like
        );
        // FNV-1a (Fowler, Noll and Vo), 32 bits: a check against mix-ups, not against malice.
        text.bytes()
            .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}
