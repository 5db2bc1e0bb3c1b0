//! Engines: what keeps passages and ranks them. Above this module nothing knows which one answers.

mod blocks;
mod catalog;
mod flat;
mod fuzzy;
mod gains;
pub mod local;
#[cfg(feature = "opensearch")]
pub mod opensearch;
mod pairs;
mod record;
mod retired;
mod shared;
mod store;
mod words;

use std::path::PathBuf;

pub use catalog::{Catalog, Documents, FileStamp, hex};
pub use record::holds;
pub use shared::{held, once};
pub use store::Store;

use serde::{Deserialize, Serialize};

use crate::document::Metadata;
use crate::error::Result;
use crate::passage::Passage;
use crate::query::{Fields, Filter, Query, Vocabulary};
use crate::rank::{Explanation, Hit, Ranking, Total};

/// Keeps passages and ranks them. Every method sees one committed state of the index.
pub trait Engine: Send + Sync {
    /// What is indexed, in short.
    fn summary(&self) -> &Summary;

    /// How many different terms the texts have, with title and headings.
    ///
    /// # Errors
    /// `IndexDamaged` or `Internal` where the index cannot be read.
    fn terms(&self) -> Result<u64>;

    /// The words of the index.
    fn vocabulary(&self) -> &dyn Vocabulary;

    /// The best `limit` passages for an expanded query, of those that are found before its deadline.
    ///
    /// # Errors
    /// `IndexDamaged` or `Internal` where the index cannot be read.
    fn retrieve(&self, query: &Query, limit: usize) -> Result<Ranking>;

    /// All passages that match an expanded query, without scores, in the order in which [`Engine::load`] is
    /// fastest: one after another as they are stored.
    ///
    /// # Errors
    /// As [`Engine::retrieve`]; `TimedOut` where the query's deadline comes first, since some of all is not all.
    fn every(&self, query: &Query) -> Result<Vec<Hit>>;

    /// Whether some passage passes a filter.
    ///
    /// # Errors
    /// As [`Engine::retrieve`].
    fn has(&self, filter: &Filter) -> Result<bool>;

    /// The whole values of a field of metadata, folded and sorted, as far as the index has had them.
    ///
    /// # Errors
    /// As [`Engine::retrieve`].
    fn values(&self, field: &str) -> Result<Vec<String>>;

    /// How often the words or the phrase that a query asks for stand in the text of each passage that matches and
    /// has one there, or the beginning of one that ends in the next of its section, in the order of [`Engine::every`]; `None` where the engine cannot tell without the text.
    ///
    /// # Errors
    /// As [`Engine::every`].
    fn occurrences(&self, query: &Query) -> Result<Option<Vec<(Hit, u64)>>>;

    /// How many passages and documents match. `exact`: count them all; otherwise a lower bound where
    /// counting would cost more than the search.
    fn total(&self, query: &Query, exact: bool) -> Result<Total>;

    /// The passage behind that of a hit where it is of the same section: what begins in the one may end in the other.
    ///
    /// # Errors
    /// As [`Engine::retrieve`].
    fn next_in_section(&self, hit: &Hit) -> Result<Option<Passage>>;

    /// The passages of hits, in their order.
    fn load(&self, hits: &[Hit]) -> Result<Vec<Passage>>;

    /// A number for the document of a hit: equal for hits of the same document.
    fn document_of(&self, hit: &Hit) -> Result<u64>;

    /// The number that [`Engine::document_of`] has for the hits of a document.
    fn document_number(&self, doc_id: &str) -> u64;

    /// How many words the texts of hits have, in their order: [`crate::analyze::count_words`], counted when they
    /// were indexed.
    fn words(&self, hits: &[Hit]) -> Result<Vec<u64>>;

    /// The passage with this id.
    fn passage(&self, id: &str) -> Result<Option<Passage>>;

    /// All passages of a document, in order; empty when there is none of that id.
    fn document(&self, doc_id: &str) -> Result<Vec<Passage>>;

    /// The documents of the index, by id, with what became of files that are none. They are read once.
    ///
    /// # Errors
    /// `IndexDamaged` where the catalog cannot be read.
    fn documents(&self) -> Result<&[Listed]>;

    /// The catalog of this state.
    ///
    /// # Errors
    /// `IndexDamaged` where it cannot be read.
    fn catalog(&self) -> Result<Catalog>;

    /// What the index takes, and what this engine does otherwise than the one on this machine.
    ///
    /// # Errors
    /// As [`Engine::retrieve`].
    fn storage(&self) -> Result<Storage>;

    /// What of the index is not as it was written: the names of its pieces, each with what is wrong with it.
    ///
    /// # Errors
    /// As [`Engine::retrieve`].
    fn damage(&self) -> Result<Vec<(String, String)>>;

    /// What an id meant that the index had and has no more, as far as is remembered.
    ///
    /// # Errors
    /// `IndexDamaged` where what is remembered cannot be read.
    fn retired(&self, id: &str) -> Result<Option<Retired>>;

    /// Why a passage has its score.
    fn explain(&self, query: &Query, hit: &Hit) -> Result<Explanation>;

    /// The hit of a passage for a query, wherever it ranks; `None` where it does not match.
    fn hit_of(&self, query: &Query, id: &str) -> Result<Option<Hit>>;
}

/// Takes the passages of an index, one writer at a time. Nothing that one process has not committed is to be relied on.
pub trait Writer: Sync {
    /// The documents of the last commit.
    fn catalog(&self) -> &Catalog;

    /// Replaces a document by these passages, which are all of it, in order. `is_new`: it was not there before.
    ///
    /// # Errors
    /// Where they cannot be written.
    fn add(&self, passages: Vec<Passage>, is_new: bool) -> Result<()>;

    /// Removes a document.
    ///
    /// # Errors
    /// Where it cannot be removed.
    fn remove(&self, doc_id: &str) -> Result<()>;

    /// Takes note of files that are whole in the index, with all their records: where a run is interrupted, the next one
    /// knows them and goes on. `run`: its catalog, but for the documents. An engine that does not need it does nothing.
    ///
    /// # Errors
    /// Where it cannot be noted.
    fn note(&self, _run: &Catalog, _files: &Documents) -> Result<()> {
        Ok(())
    }

    /// How many documents of [`Writer::catalog`] a run has written that was interrupted. That catalog has then no
    /// summary, as nothing of the kind was committed.
    fn resumed(&self) -> usize {
        0
    }

    /// Makes everything since the last commit visible, with the catalog that describes it, whose summary is filled in.
    ///
    /// # Errors
    /// Where it cannot be written: the last commit counts then.
    fn commit(self: Box<Self>, catalog: Catalog) -> Result<Catalog>;
}

/// How an index is written.
#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// Threads that build postings.
    pub threads: usize,
    /// Memory for postings not yet written, in bytes, all threads together.
    pub memory: usize,
    /// Start from nothing, whatever is there.
    pub fresh: bool,
    /// An index that is replaced as a whole is kept beside the new one, where the engine can.
    pub keep_old: bool,
    /// A new index is divided into so many shards, where the engine can.
    pub shards: u32,
}

impl Default for WriterOptions {
    /// Two threads and 96 MB: with readers and merges that keeps indexing under 300 MB.
    fn default() -> WriterOptions {
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get()).min(4);
        WriterOptions { threads, memory: 96_000_000, fresh: false, keep_old: false, shards: 1 }
    }
}

/// What an index takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// Bytes, without copies that are kept for safety.
    pub bytes: u64,
    /// In so many pieces a search looks: segments here, shards elsewhere.
    pub pieces: usize,
    /// What they are called: `segment`, `shard`.
    pub piece: &'static str,
    /// What this engine does otherwise than the one on this machine, one sentence each.
    pub differences: Vec<String>,
}

/// A passage with so many before and after it in its document.
///
/// # Errors
/// As [`Engine::retrieve`].
pub fn around(
    engine: &dyn Engine,
    passage: &Passage,
    before: usize,
    after: usize,
) -> Result<Vec<Passage>> {
    if before == 0 && after == 0 {
        return Ok(vec![passage.clone()]);
    }
    let all = engine.document(&passage.report.doc_id)?;
    let at = all.iter().position(|other| other.id == passage.id).unwrap_or(0);
    let end = at.saturating_add(after).saturating_add(1).min(all.len());
    Ok(all.get(at.saturating_sub(before)..end).unwrap_or_default().to_vec())
}

/// An index in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Grows by one with each commit that changes anything.
    pub generation: u64,
    /// `sha256:` over the sorted ids and digests of the documents.
    pub digest: String,
    /// How many documents.
    pub documents: u64,
    /// How many passages it has.
    pub passages: u64,
    /// The fields a query may name.
    pub fields: Fields,
    /// The folders and files that were indexed, as absolute paths.
    pub roots: Vec<PathBuf>,
    /// A digest of the names, sizes and times of all files, and of the configuration, as indexed.
    pub stamp: String,
}

/// A passage that the index had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// The document that it was of.
    pub doc_id: String,
    /// The headings that it stood under, the title first.
    pub trail: Vec<String>,
    /// What it said.
    pub text: String,
    /// The last generation of the index that had it.
    pub generation: u64,
}

/// A document as the index lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The id of the document.
    pub doc_id: String,
    /// The file it was read from, where it was one.
    pub path: Option<PathBuf>,
    /// The title of the report.
    pub title: String,
    /// BCP 47 tag of its language, where known.
    pub lang: Option<String>,
    /// What is known of it: keys and their values.
    pub metadata: Metadata,
    /// SHA-256 of the source file.
    pub sha256: [u8; 32],
    /// Size of the file, bytes.
    pub bytes: u64,
    /// How many passages it has.
    pub passages: u64,
    /// What was odd about it.
    pub warnings: Vec<String>,
    /// Whether by any of that it may say what is not read: see `document::Warning`.
    pub hides_text: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// The id of the file that it is a record of, where it is one.
    pub container: Option<String>,
}

impl Listed {
    /// Whether it is a document, which has passages.
    pub fn is_document(&self) -> bool {
        self.outcome == Outcome::Document
    }

    /// Why it may say what no passage of the index says: it could not be read, or not all of it, as far as is known.
    pub fn lacks(&self) -> Option<String> {
        let odd = || self.hides_text.then(|| self.warnings.join("; "));
        self.failure().map(str::to_owned).or_else(odd)
    }

    /// Why it could not be read, if so.
    pub fn failure(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}

/// What became of a file or of a record in one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is a document.
    #[default]
    Document,
    /// It holds records, which are listed by themselves.
    Container,
    /// It is not for reading: what it is.
    PassedOver(String),
    /// It could not be read, or not to its end: the reason.
    Failed(String),
}
