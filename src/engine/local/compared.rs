//! What passages are compared with a query by: vectors of the table in the program, or those of the encoder that the index
//! has.

use tantivy::DocAddress;

use super::encoded::Meant;
use super::likeness::Meanings;
use super::read::LocalEngine;
use super::{from_tantivy, guarded::guarded};
use crate::dense::Encoded;
use crate::error::Result;
use crate::meaning::Vector;
use crate::query::Query;
use crate::rank::{
    Deadline, ENCODED_LEAST_LIKENESS, ENCODED_SURE, ENCODED_WEIGHT, LEAST_LIKENESS,
    MEANING_NEAREST, MEANING_WEIGHT, MOST_ALIKE, SURE,
};

/// A query's meaning, and those of passages.
pub enum Compared<'q> {
    /// By the table.
    Table(&'q Meanings, &'q Vector),
    /// By the encoder.
    Encoder(&'q Meant, Box<Encoded>),
}

impl LocalEngine {
    /// What the passages are compared by for a query; `None` where it has no meaning.
    pub(super) fn compared<'q>(&'q self, query: &'q Query) -> Result<Option<Compared<'q>>> {
        let Some(meaning) = &query.meaning else { return Ok(None) };
        if let Some(prose) = &query.prose
            && let Some(meant) = self.meant()
            && let Some(encoded) = meant.encode(prose)?
        {
            return Ok(Some(Compared::Encoder(meant, Box::new(encoded))));
        }
        let open = || self.meanings().map_err(from_tantivy(self.path()));
        Ok(Some(Compared::Table(guarded(self.path(), open)?, meaning)))
    }
}

impl Compared<'_> {
    /// How like the query's the meaning of a passage is; 0 where it is not known.
    pub fn likeness(&self, passage: DocAddress) -> f32 {
        match self {
            Compared::Table(meanings, meaning) => meanings.likeness(meaning, passage),
            Compared::Encoder(meant, encoded) => meant.likeness(encoded, passage),
        }
    }

    /// Those that are nearest of all passages for which `is_asked` holds, at least [`MOST_ALIKE`] of them.
    pub fn nearest(
        &self,
        until: &Deadline,
        is_asked: impl FnMut(DocAddress) -> tantivy::Result<bool>,
    ) -> tantivy::Result<Vec<DocAddress>> {
        match self {
            Compared::Table(meanings, meaning) => {
                meanings.nearest(meaning, MEANING_NEAREST, until, is_asked)
            }
            Compared::Encoder(meant, encoded) => {
                meant.nearest(encoded, MOST_ALIKE, until, is_asked)
            }
        }
    }

    /// The name of the model, where it is not the table.
    pub fn model(&self) -> Option<&str> {
        match self {
            Compared::Table(..) => None,
            Compared::Encoder(meant, _) => Some(meant.name()),
        }
    }

    /// What the same meaning adds, against what a passage would score that has nothing but the words of the query.
    pub fn weight(&self) -> f32 {
        match self {
            Compared::Table(..) => MEANING_WEIGHT,
            Compared::Encoder(..) => ENCODED_WEIGHT,
        }
    }

    /// Where the best by its words scores this much of that, not all passages are compared.
    pub fn sure(&self) -> f32 {
        match self {
            Compared::Table(..) => SURE,
            Compared::Encoder(..) => ENCODED_SURE,
        }
    }

    /// A passage without a word of the query is found where it is so like it.
    pub fn least_likeness(&self) -> f32 {
        match self {
            Compared::Table(..) => LEAST_LIKENESS,
            Compared::Encoder(..) => ENCODED_LEAST_LIKENESS,
        }
    }
}
