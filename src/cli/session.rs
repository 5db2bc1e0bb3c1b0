//! Opens the index a command works on; builds one where there is none yet.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tempfile::TempDir;

use super::args::{Common, SynonymArgs};
use super::fresh::Freshness;
use super::output::Output;
use super::thesaurus::thesaurus;
#[cfg(feature = "opensearch")]
use crate::engine::opensearch::{Access, Address};
use crate::engine::{Engine, Store, WriterOptions};
use crate::error::{Error, Result};
use crate::index::{self, IndexRequest};
use crate::read::guard::Guard;
use crate::search::Searcher;

/// The report that answers where there is no other, and what is known of it.
const EMBEDDED: [(&str, &str); 2] = [
    (
        "human-trafficking-in-kazakhstan.wiki",
        include_str!("../../corpus/human-trafficking-in-kazakhstan.wiki"),
    ),
    ("corpus.toml", include_str!("../../corpus/corpus.toml")),
];

/// The names of the default folders.
const INDEX: &str = "index";
const CORPUS: &str = "corpus";

/// An open index; a temporary one is removed with it.
pub struct Session {
    pub searcher: Searcher<Arc<dyn Engine>>,
    /// Where its index is kept.
    pub store: Store,
    /// Whether its files have changed, where that is to be said.
    freshness: Option<Freshness>,
    _temporary: Option<TempDir>,
}

/// Whether no place was named: then an index may be built.
fn is_default(common: &Common) -> bool {
    #[cfg(feature = "opensearch")]
    if common.engine.is_some() {
        return false;
    }
    common.index.is_none()
}

/// The folder of an index on this machine.
pub fn index_path(common: &Common) -> PathBuf {
    common.index.clone().unwrap_or_else(|| PathBuf::from(INDEX))
}

/// Where the index of a command is kept.
///
/// # Errors
/// Where what is named is no such place.
pub fn store(common: &Common) -> Result<Store> {
    #[cfg(feature = "opensearch")]
    if let Some(address) = &common.engine {
        return cluster(address);
    }
    Ok(Store::Folder(index_path(common)))
}

/// An index on a cluster, with what opens it from the environment, where other users of the machine do not see it.
#[cfg(feature = "opensearch")]
fn cluster(address: &str) -> Result<Store> {
    let variable = |name: &str| std::env::var(format!("TIPSEARCH_ENGINE_{name}")).ok();
    let user = variable("USER").map(|user| (user, variable("PASSWORD").unwrap_or_default()));
    let authorities = variable("CA").map(PathBuf::from);
    let access = Access { user, token: variable("TOKEN"), authorities };
    Ok(Store::Cluster(Address::parse(address, access)?))
}

/// How files are read: what could lead a parser astray, in children of this same program.
pub fn guard() -> Guard {
    Guard { program: std::env::current_exe().ok(), ..Guard::default() }
}

impl Session {
    /// Opens the index as [`Session::unwatched`] does, for a command that says in the end whether files have changed since:
    /// see [`Session::leave`].
    pub fn open(common: &Common, output: &Output) -> Result<Session> {
        let freshness = if output.quiet { None } else { Some(Freshness::look_at(store(common)?)) };
        let session = Session::unwatched(common, output)?;
        Ok(Session { freshness, ..session })
    }

    /// Opens the index. Where none was named and there is none, builds one: of `corpus/`, else of the
    /// embedded report; both are said on standard error.
    pub fn unwatched(common: &Common, output: &Output) -> Result<Session> {
        let store = store(common)?;
        match store.open() {
            Err(Error::IndexMissing { .. }) if is_default(common) => {}
            opened => return Ok(Session::of(opened?, store)),
        }
        if Path::new(CORPUS).is_dir() {
            output.note(&format!("there is no index yet; building one of `{CORPUS}` in `{INDEX}`"));
            build(vec![PathBuf::from(CORPUS)], &store)?;
            return Ok(Session::of(store.open()?, store));
        }
        output.note(
            "there is no index and no `corpus` here; answering from the report in the program \
             (run `tipsearch index PATH` to index your own)",
        );
        Session::of_embedded()
    }

    /// Opens the index for a query, with the synonyms that these arguments ask for.
    pub fn searching(
        arguments: &SynonymArgs,
        common: &Common,
        output: &Output,
        query: &str,
    ) -> Result<Session> {
        let session = Session::open(common, output)?;
        let roots = &session.searcher.engine().summary().roots;
        let thesaurus = thesaurus(arguments, roots, Some(query))?;
        Ok(Session { searcher: session.searcher.with_thesaurus(thesaurus), ..session })
    }

    /// The same without a word of files that have changed.
    pub fn silent(self) -> Session {
        Session { freshness: None, ..self }
    }

    /// Leaves the index for a process that has answered and ends now: says whether files have changed since; the system
    /// frees what the engine holds faster than the engine would.
    pub fn leave(self, common: &Common, output: &Output) {
        if let Some(freshness) = &self.freshness {
            freshness.say(&self, common, output);
        }
        std::mem::forget(self.searcher);
    }

    fn of(engine: Arc<dyn Engine>, store: Store) -> Session {
        Session { searcher: Searcher::new(engine), store, freshness: None, _temporary: None }
    }

    fn of_embedded() -> Result<Session> {
        let folder = tempfile::tempdir()
            .map_err(|error| Error::io("create", std::env::temp_dir(), error))?;
        let corpus = folder.path().join(CORPUS);
        fs::create_dir(&corpus).map_err(|error| Error::io("create", &corpus, error))?;
        for (name, text) in EMBEDDED {
            let path = corpus.join(name);
            fs::write(&path, text).map_err(|error| Error::io("write", path, error))?;
        }
        let store = Store::Folder(folder.path().join(INDEX));
        build(vec![corpus], &store)?;
        Ok(Session { _temporary: Some(folder), ..Session::of(store.open()?, store) })
    }
}

fn build(roots: Vec<PathBuf>, store: &Store) -> Result<()> {
    let request = IndexRequest {
        options: WriterOptions { threads: 1, ..WriterOptions::default() },
        guard: guard(),
        ..IndexRequest::new(roots, store.clone())
    };
    index::index(&request, &AtomicBool::new(false), &|_, _| {}).map(|_| ())
}
