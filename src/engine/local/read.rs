//! Searching the local index.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::columnar::Column;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Index, ReloadPolicy, Term};

use super::bm25::Saturation;
use super::collect::{self, Best, Candidate, Every, Ids};
use super::current::Current;
use super::directory::ReadOnly;
use super::encoded::Dense;
use super::explained::explanation_of;
use super::guarded::guarded;
use super::likeness::Meanings;
use super::schema::{Schemas, schema};
use super::seam::Seams;
use super::stored::PassageStore;
use super::{from_tantivy, occurrences, retired, seam, vocabulary};
use crate::engine::catalog::ListedOnce;
use crate::engine::flat::filter_terms;
use crate::engine::record::{doc_number, doc_term, meta_term};
use crate::engine::words::{self, Words};
use crate::engine::{Catalog, Engine, Listed, Retired, Storage, Summary, once};
use crate::error::{Error, Result};
use crate::passage::{Passage, id_number};
use crate::query::{Filter, Pattern, Query, TextField, Vocabulary};
use crate::rank::{Deadline, Explanation, Hit, Ranking, Total};

/// An index on this machine, open for searching at one commit.
pub struct LocalEngine {
    pub(super) path: PathBuf,
    /// The folder of segments in use.
    folder: PathBuf,
    payload: String,
    summary: Summary,
    pub(super) searcher: tantivy::Searcher,
    /// Of each segment the column that groups its passages by document.
    documents: Vec<Column<u64>>,
    /// Of each segment the column of ids.
    pub(super) ids: Ids,
    /// How words are weighed by the lengths of its passages, once that has been asked for.
    pub(super) saturation: OnceLock<Arc<Saturation>>,
    /// What its passages mean, once that has been asked for.
    pub(super) meanings: OnceLock<Meanings>,
    pub(super) schemas: Schemas,
    pub(super) seams: Arc<Seams>,
    words: Words,
    pub(super) store: PassageStore,
    /// The documents, once they have been asked for: a later commit takes the catalog of this one away.
    listed: ListedOnce,
    pub(super) dense: Dense,
}

impl LocalEngine {
    /// Opens the index at a path as its last commit left it. Nothing is written and no lock is taken.
    ///
    /// # Errors
    /// `IndexMissing` when there is none; `IndexRefused` when this program cannot use it;
    /// `IndexDamaged` when it cannot be read.
    pub fn open(path: &Path) -> Result<LocalEngine> {
        let open = || guarded(path, || LocalEngine::try_open(path));
        match open() {
            // A writer may have replaced the folder or a segment just now: the next try sees the new one.
            Err(Error::IndexDamaged { .. } | Error::Io { .. }) => open(),
            opened => opened,
        }
    }

    fn try_open(path: &Path) -> Result<LocalEngine> {
        let current = Current::read(path)?;
        let current = current.ok_or_else(|| Error::IndexMissing { path: path.to_owned() })?;
        current.check(path)?;
        let folder = current.path(path);
        let wrap = from_tantivy(path);
        let directory = ReadOnly::open(&folder).map_err(|error| wrap(error.into()))?;
        let index = Index::open(directory).map_err(&wrap)?;
        let (expected, schemas) = schema();
        if index.schema() != expected {
            let reason = "its fields are not those of this version".to_owned();
            return Err(Error::IndexRefused { path: path.to_owned(), reason });
        }
        let payload = index.load_metas().map_err(&wrap)?.payload.unwrap_or_default();
        let summary = Catalog::summary_of(&payload).ok_or_else(|| Error::IndexDamaged {
            path: path.to_owned(),
            reason: "its last commit says nothing of what it holds".to_owned(),
        })?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: tantivy::IndexReader = reader.try_into().map_err(&wrap)?;
        let searcher = reader.searcher();
        let column = |name| {
            let segments = searcher.segment_readers().iter();
            let columns = segments.map(|segment| segment.fast_fields().u64(name));
            columns.collect::<tantivy::Result<Vec<_>>>().map_err(&wrap)
        };
        let (documents, ids) = (column("doc")?, Ids::from(column("id")?));
        let seams = Arc::new(Seams::of(&searcher));
        let words = Words::open(&folder, summary.generation)?;
        let store = PassageStore::open(&folder, searcher.segment_readers().len());
        let path = path.to_owned();
        let listed = ListedOnce::default();
        Ok(LocalEngine {
            path,
            folder,
            payload,
            summary,
            searcher,
            documents,
            ids,
            saturation: OnceLock::new(),
            meanings: OnceLock::new(),
            schemas,
            seams,
            words,
            store,
            listed,
            dense: Dense::default(),
        })
    }

    /// What the last commit of an index says of it, without opening it: even of an index that this
    /// program can read no more of than that.
    pub fn summary_of(path: &Path) -> Option<Summary> {
        Catalog::last_summary(path)
    }

    /// The same of an index that this program can use; see [`Catalog::usable_summary`].
    ///
    /// # Errors
    /// Where it cannot be used, as far as that shows without opening it.
    pub fn usable_summary_of(path: &Path) -> Result<Summary> {
        Catalog::usable_summary(path)
    }

    /// The folder of the index.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What its passages mean.
    pub(super) fn meanings(&self) -> tantivy::Result<&Meanings> {
        once(&self.meanings, || Meanings::open(&self.searcher))
    }

    /// The id of a passage.
    pub(super) fn id_at(&self, passage: DocAddress) -> u64 {
        collect::id_at(&self.ids, passage)
    }

    /// Looks through the column of ids: an index for the few who ask by id would cost every index.
    fn by_id(&self, id: &str) -> Result<Option<Hit>> {
        let Some(number) = id_number(id) else { return Ok(None) };
        let segments = self.searcher.segment_readers().iter().zip(self.ids.iter());
        for (segment, (reader, ids)) in segments.enumerate() {
            let found = reader.doc_ids_alive().find(|&doc| ids.first(doc) == Some(number));
            if let Some(doc) = found {
                return Ok(Some(hit_at(DocAddress::new(segment as u32, doc), number, 0.0)));
            }
        }
        Ok(None)
    }
}

/// What is all there is, unless the time was over before it was found.
fn all<T>(query: &Query, found: T) -> Result<T> {
    if query.until.has_cut() { Err(Error::TimedOut) } else { Ok(found) }
}

fn hit(candidate: &Candidate) -> Hit {
    hit_at(candidate.address, candidate.id, candidate.score)
}

pub(super) fn hit_at(passage: DocAddress, id: u64, score: f32) -> Hit {
    let address = u64::from(passage.segment_ord) << 32 | u64::from(passage.doc_id);
    Hit { id, address, score }
}

pub(super) fn address(hit: &Hit) -> DocAddress {
    DocAddress::new((hit.address >> 32) as u32, hit.address as u32)
}

impl Engine for LocalEngine {
    fn summary(&self) -> &Summary {
        &self.summary
    }

    fn terms(&self) -> Result<u64> {
        let count = || vocabulary::terms(&self.searcher, self.schemas.main);
        guarded(&self.path, || count().map_err(from_tantivy(&self.path)))
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn retrieve(&self, query: &Query, limit: usize) -> Result<Ranking> {
        // One place more than there are passages is enough, and bounds the memory asked for.
        let limit = limit.min(self.summary.passages as usize + 1);
        let (found, total) = self.best(query, limit)?;
        Ok(Ranking { hits: found.iter().map(hit).collect(), total })
    }

    fn every(&self, query: &Query) -> Result<Vec<Hit>> {
        let compiled = self.compiled(query);
        let found = self.collect(compiled.as_ref(), &Every(query.until.clone()))?;
        all(query, found.iter().map(hit).collect())
    }

    fn occurrences(&self, query: &Query) -> Result<Option<Vec<(Hit, u64)>>> {
        let field = self.schemas.main;
        let Some(phrases) = occurrences::countable(query, field) else { return Ok(None) };
        let compiled = self.compiled(query);
        let mut found = Vec::new();
        let mut add = |address, id, count| {
            found.push((hit(&Candidate { score: 0.0, weight: 1.0, id, address }), count));
        };
        let wrap = from_tantivy(&self.path);
        let read = || {
            let (compiled, until) = (compiled.as_ref(), &query.until);
            occurrences::each(
                compiled,
                &phrases,
                field,
                &self.searcher,
                &self.seams,
                until,
                &mut add,
            )
            .map_err(wrap)
        };
        guarded(&self.path, read)?;
        all(query, Some(found))
    }

    fn has(&self, filter: &Filter) -> Result<bool> {
        let count = |term: &str| vocabulary::passages_with(&self.searcher, self.schemas.meta, term);
        for term in filter_terms(filter) {
            if guarded(&self.path, || count(&term).map_err(from_tantivy(&self.path)))? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn values(&self, field: &str) -> Result<Vec<String>> {
        let start = meta_term(field, "");
        let look = || vocabulary::beginning_with(&self.searcher, self.schemas.meta, &start);
        guarded(&self.path, || look().map_err(from_tantivy(&self.path)))
    }

    fn total(&self, query: &Query, exact: bool) -> Result<Total> {
        self.counted(query, exact)
    }

    fn load(&self, hits: &[Hit]) -> Result<Vec<Passage>> {
        hits.iter().map(|hit| self.passage_at(hit)).collect()
    }

    fn next_in_section(&self, hit: &Hit) -> Result<Option<Passage>> {
        let DocAddress { segment_ord, doc_id } = address(hit);
        let columns = self.searcher.segment_reader(segment_ord).fast_fields();
        let seams = columns.u64("seam").map_err(from_tantivy(&self.path))?;
        if seams.first(doc_id).is_none_or(|seam| seam == u64::from(seam::NONE)) {
            return Ok(None);
        }
        // The passages of a document lie side by side.
        let next = Hit {
            id: self.id_at(DocAddress::new(segment_ord, doc_id + 1)),
            address: hit.address + 1,
            score: 0.0,
        };
        self.passage_at(&next).map(Some)
    }

    fn document_of(&self, hit: &Hit) -> Result<u64> {
        let address = address(hit);
        let documents = self.documents.get(address.segment_ord as usize);
        Ok(documents.and_then(|column| column.first(address.doc_id)).unwrap_or(0))
    }

    fn document_number(&self, doc_id: &str) -> u64 {
        doc_number(doc_id)
    }

    fn words(&self, hits: &[Hit]) -> Result<Vec<u64>> {
        let segments = self.searcher.segment_readers().len();
        let mut columns: Vec<Option<Column<u64>>> = vec![None; segments];
        let mut words = Vec::with_capacity(hits.len());
        for hit in hits {
            let address = address(hit);
            let Some(column) = columns.get_mut(address.segment_ord as usize) else { continue };
            let column = match column {
                Some(column) => column,
                None => {
                    let segment = self.searcher.segment_reader(address.segment_ord);
                    let opened = segment.fast_fields().u64("words");
                    column.insert(opened.map_err(from_tantivy(&self.path))?)
                }
            };
            words.push(column.first(address.doc_id).unwrap_or(0));
        }
        Ok(words)
    }

    fn passage(&self, id: &str) -> Result<Option<Passage>> {
        let hit = self.by_id(id)?;
        let passage = hit.map(|hit| self.passage_at(&hit)).transpose()?;
        Ok(passage.filter(|passage| passage.id == id))
    }

    fn document(&self, doc_id: &str) -> Result<Vec<Passage>> {
        let term = Term::from_field_text(self.schemas.meta, &doc_term(doc_id));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let limit = self.summary.passages as usize + 1;
        let best = Best::new(limit, &self.ids, None, &Deadline::default());
        let found = self.collect(&query, &best)?;
        let hits: Vec<Hit> = found.iter().map(hit).collect();
        let mut passages = self.load(&hits)?;
        passages.retain(|passage| passage.report.doc_id == doc_id);
        passages.sort_unstable_by_key(|passage| passage.ordinal);
        Ok(passages)
    }

    fn documents(&self) -> Result<&[Listed]> {
        self.listed.of(|| self.catalog())
    }

    fn catalog(&self) -> Result<Catalog> {
        Catalog::read(&self.folder, &self.payload)
    }

    fn storage(&self) -> Result<Storage> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let sizes = entries.filter_map(|entry| entry.metadata().ok()).map(|file| file.len());
        let pieces = self.searcher.segment_readers().len();
        Ok(Storage { bytes: sizes.sum(), pieces, piece: "segment", differences: Vec::new() })
    }

    fn damage(&self) -> Result<Vec<(String, String)>> {
        let wrap = from_tantivy(&self.path);
        let damaged = self.searcher.index().validate_checksum().map_err(wrap)?.into_iter();
        let mut damaged: Vec<String> =
            damaged.map(|path| path.to_string_lossy().into_owned()).collect();
        if self.words.list().is_err() {
            damaged.push(words::name(self.summary.generation));
        }
        let what = "does not have its checksum";
        let damaged = damaged.into_iter().map(|name| (name, what.to_owned()));
        Ok(damaged.chain(self.store.damage()).collect())
    }

    fn retired(&self, id: &str) -> Result<Option<Retired>> {
        Ok(retired::read(&self.folder, self.summary.generation)?.find(id))
    }

    fn explain(&self, query: &Query, hit: &Hit) -> Result<Explanation> {
        let wrap = from_tantivy(&self.path);
        let address = address(hit);
        let mut explained = match self.score_by_words(query, address).map_err(&wrap)? {
            Some(_) => {
                let compiled = self.compiled_for(query, &query.clause, true);
                let explanation = compiled.explain(&self.searcher, address).map_err(&wrap)?;
                let json = serde_json::to_value(&explanation);
                let json = json.map_err(|error| Error::Internal { message: error.to_string() })?;
                explanation_of(&json)
            }
            None => Explanation::nothing("no word of the query"),
        };
        let gains = self.gains_of(query, hit)?;
        if !gains.is_empty() {
            explained = explained.plus(gains);
        }
        Ok(match self.weight_of(query, address).map_err(wrap)? {
            1.0 => explained,
            weight => explained.times(weight, "a section of references"),
        })
    }

    fn hit_of(&self, query: &Query, id: &str) -> Result<Option<Hit>> {
        let Some(hit) = self.by_id(id)? else { return Ok(None) };
        let address = address(&hit);
        let score = match self.with_gains(query, address)? {
            Some(score) => Some(score),
            None => self.score_by_words(query, address).map_err(from_tantivy(&self.path))?,
        };
        Ok(score.map(|score| Hit { score, ..hit }))
    }
}

impl Vocabulary for LocalEngine {
    fn passages(&self) -> u64 {
        self.summary.passages
    }

    fn passages_with(&self, field: TextField, term: &str) -> Result<u64> {
        let count = || vocabulary::passages_with(&self.searcher, self.schemas.of(field), term);
        guarded(&self.path, || count().map_err(from_tantivy(&self.path)))
    }

    fn words_like(&self, pattern: &Pattern, limit: usize) -> Result<Vec<(String, String)>> {
        self.words.like(pattern, limit)
    }

    fn have_only(&self, terms: &[String], words: &[String]) -> Result<bool> {
        self.words.have_only(terms, words)
    }

    fn languages(&self) -> Result<Vec<String>> {
        self.values("lang")
    }

    fn passages_in(&self, language: &str, terms: &[&str]) -> Result<Vec<u64>> {
        let language = Term::from_field_text(self.schemas.meta, &meta_term("lang", language));
        let count = |term: &&str| {
            let term = Term::from_field_text(self.schemas.main, term);
            vocabulary::passages_with_both(&self.searcher, term, language.clone())
        };
        let counts = || terms.iter().map(count).collect::<tantivy::Result<_>>();
        guarded(&self.path, || counts().map_err(from_tantivy(&self.path)))
    }

    fn is_written(&self, word: &str) -> Result<bool> {
        self.words.has(word)
    }
}
