//! The index that answers, and its successor: a new commit is seen and taken over, and whoever is being answered
//! keeps the state that it began with.

use std::ffi::OsString;
use std::fs;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use rustc_hash::FxHashMap;

use super::Shown;
use super::{about, log};
use crate::count::{self, Role};
use crate::engine::{Engine, Listed, Store};
use crate::error::Result;
use crate::index;
use crate::query::{Query, Thesaurus};
use crate::search::{SearchRequest, SearchResponse, Searcher};

/// An index that is looked at again from time to time.
pub struct Shelf {
    /// What it is called.
    pub name: String,
    store: Store,
    thesaurus: Arc<Thesaurus>,
    names: Arc<[String]>,
    now: RwLock<Now>,
    reloads: AtomicU64,
    fault: Mutex<Option<Fault>>,
}

/// So many looks in turn must meet the same fault: a writer may be at it just now.
const LOOKS: u8 = 2;

/// What is new of an index.
enum News {
    /// Its newest state cannot be taken over.
    Stuck,
    /// It can again.
    Mended,
}

/// Why the index as it stands cannot be taken over, and how many looks have met that.
struct Fault {
    why: String,
    looks: u8,
}

/// What answers, and what a model is told of it: made once, as each client asks for it.
struct Now {
    open: Arc<Open>,
    instructions: Arc<str>,
}

impl Now {
    fn of(open: Open) -> Now {
        let instructions = about::instructions(&open).into();
        Now { open: Arc::new(open), instructions }
    }
}

impl Shelf {
    /// Opens an index, one of those with these names.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(shown: &Shown, names: &Arc<[String]>) -> Result<Shelf> {
        let searcher = opened(&shown.store, &shown.thesaurus, &shown.name, names)?;
        Ok(Shelf {
            name: shown.name.clone(),
            store: shown.store.clone(),
            thesaurus: Arc::clone(&shown.thesaurus),
            names: Arc::clone(names),
            now: RwLock::new(Now::of(searcher)),
            reloads: AtomicU64::new(0),
            fault: Mutex::default(),
        })
    }

    /// The index as it is now; stays as it is for whoever has it.
    pub fn now(&self) -> Arc<Open> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).open)
    }

    /// What a model is told of the index as it is now.
    pub fn instructions(&self) -> Arc<str> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).instructions)
    }

    /// How often another state was taken over.
    pub fn reloads(&self) -> u64 {
        self.reloads.load(Ordering::Relaxed)
    }

    /// Takes over a new commit, if there is one. An index that cannot be opened, or is gone, changes nothing: what
    /// is open goes on answering, and it is told that it is no longer what stands there.
    pub fn refresh(&self) {
        let fault = match self.store.usable_summary() {
            Ok(last) if last == *self.now().engine().summary() => None,
            Ok(_) => self.take_over().err(),
            Err(error) => Some(error),
        };
        self.tell(fault.map(|error| error.to_string()));
    }

    fn take_over(&self) -> Result<()> {
        let searcher = opened(&self.store, &self.thesaurus, &self.name, &self.names)?;
        let generation = searcher.engine().summary().generation;
        let now = Now::of(searcher);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = now;
        self.reloads.fetch_add(1, Ordering::Relaxed);
        log::reloaded(&self.name, generation);
        Ok(())
    }

    /// Logs what keeps a state from being taken over, once for as long as it stays the same, and that it is over.
    fn tell(&self, why: Option<String>) {
        match self.noted(why.as_deref()) {
            Some(News::Stuck) => log::stuck(&self.name, why.as_deref().unwrap_or_default()),
            Some(News::Mended) => log::mended(&self.name),
            None => {}
        }
    }

    /// Keeps what it is, and says whether that is news. Who logs may have to wait, and holds no lock meanwhile.
    fn noted(&self, why: Option<&str>) -> Option<News> {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(why) = why else {
            let before = fault.take()?;
            return (before.looks == LOOKS).then_some(News::Mended);
        };
        let looks = fault.as_ref().filter(|before| before.why == why).map_or(0, |it| it.looks);
        *fault = Some(Fault { why: why.to_owned(), looks: (looks + 1).min(LOOKS) });
        (looks + 1 == LOOKS).then_some(News::Stuck)
    }

    /// Whether the index as it stands cannot be taken over, so that an earlier state answers.
    pub fn is_stuck(&self) -> bool {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.as_ref().is_some_and(|fault| fault.looks == LOOKS)
    }
}

/// One state of an index, open for searching, with what requests need of its documents at hand.
pub struct Open {
    searcher: Searcher<Arc<dyn Engine>>,
    store: Store,
    /// What answers depend on beside the commit: with another thesaurus the same question has another answer.
    pub options: String,
    /// Where the document of each number stands in the list.
    by_number: FxHashMap<u64, usize>,
    /// What it is called, and all that are served beside it, with it.
    pub name: String,
    pub names: Arc<[String]>,
    roles: OnceLock<Vec<Role>>,
    examples: OnceLock<Vec<Example>>,
}

/// A query, and what it finds.
pub type Example = (String, &'static str);

impl Deref for Open {
    type Target = Searcher<Arc<dyn Engine>>;

    fn deref(&self) -> &Searcher<Arc<dyn Engine>> {
        &self.searcher
    }
}

impl Open {
    /// The name to give to ask this index again; the first needs none.
    pub fn asked_as(&self) -> Option<&str> {
        let is_first = self.names.first().is_none_or(|first| *first == self.name);
        (!is_first).then_some(&self.name)
    }

    /// Answers a search. Of one in every form it is said too what the index itself cannot know: whether its files are
    /// still those that it was made of, and whether this server has synonyms.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse> {
        let mut response = self.searcher.search(request)?;
        if let Some(exhaustive) = &mut response.exhaustive {
            exhaustive.changed_files = index::changed_files(self.engine(), &self.store);
            exhaustive.has_synonyms &= !self.thesaurus().is_empty();
        }
        Ok(response)
    }

    /// The documents that have passages, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Listed> {
        let listed = self.searcher.engine().documents().unwrap_or_default();
        listed.iter().filter(|listed| listed.is_document())
    }

    /// The roles that sections of this state have, looked for once.
    ///
    /// # Errors
    /// As [`count::roles`].
    pub fn roles(&self, query: &Query) -> Result<&[Role]> {
        if let Some(roles) = self.roles.get() {
            return Ok(roles);
        }
        let roles = count::roles(self.searcher.engine(), query)?;
        Ok(self.roles.get_or_init(|| roles))
    }

    /// How this state can be asked, thought of once.
    pub fn examples(&self, think: impl FnOnce(&Open) -> Vec<Example>) -> &[Example] {
        self.examples.get_or_init(|| think(self))
    }

    /// The document of a number; see [`Engine::document_of`].
    pub fn numbered(&self, number: u64) -> Option<&Listed> {
        let listed = self.searcher.engine().documents().unwrap_or_default();
        listed.get(*self.by_number.get(&number)?)
    }
}

/// What a model has made of the passages, which is no part of a commit: the names of its files, with sizes and times.
fn encoded(store: &Store) -> Vec<(OsString, u64, Option<SystemTime>)> {
    let entries = store.folder().and_then(|folder| fs::read_dir(folder).ok());
    let files = entries.into_iter().flatten().flatten();
    let files = files.filter(|file| file.file_name().as_encoded_bytes().starts_with(b"dense-"));
    let mut files: Vec<_> = files
        .filter_map(|file| {
            let about = file.metadata().ok()?;
            Some((file.file_name(), about.len(), about.modified().ok()))
        })
        .collect();
    files.sort();
    files
}

/// Opens an index so that nothing more need be opened to answer: a later commit may take its files away.
fn opened(
    store: &Store,
    thesaurus: &Arc<Thesaurus>,
    name: &str,
    names: &Arc<[String]>,
) -> Result<Open> {
    let engine = store.open()?;
    let listed = engine.documents()?.iter().enumerate().filter(|(_, listed)| listed.is_document());
    let by_number =
        listed.map(|(at, listed)| (engine.document_number(&listed.doc_id), at)).collect();
    let searcher = Searcher::new(engine).with_thesaurus(Arc::clone(thesaurus));
    let options = format!("{name} {names:?} {:08x} {:?}", thesaurus.digest(), encoded(store));
    let (name, names, store) = (name.to_owned(), Arc::clone(names), store.clone());
    let (roles, examples) = (OnceLock::new(), OnceLock::new());
    Ok(Open { searcher, store, options, by_number, name, names, roles, examples })
}
