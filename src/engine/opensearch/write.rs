//! Writing an index on a cluster: passages under their own ids, many in a request, what is refused because the cluster is
//! busy sent again. A new index is searched when its name is moved to it, which is one step.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::address::Address;
use super::client::{Client, Content, reason};
use super::document::{Maker, passage};
use super::journal::{self, Journal, Note};
use super::outbox::{Outbox, push};
use super::state::{self, Kept, STATE, State};
use super::{mapping, names};
use crate::engine::record::doc_term;
use crate::engine::retired::List;
use crate::engine::words::{NewWords, Words};
use crate::engine::{Catalog, Documents, FileStamp, Listed, Summary, Writer, WriterOptions, held};
use crate::error::{Error, Result};
use crate::passage::Passage;

/// So many passages are asked for at a time.
const PAGE: usize = 1000;

/// Writes an index on a cluster.
pub struct OpenSearchWriter {
    client: Arc<Client>,
    name: String,
    /// What is on its way to the index that is written.
    outbox: Outbox,
    /// The indexes that searches use until the name is moved; none where that is the one that is written.
    old: Vec<String>,
    keep_old: bool,
    known: Catalog,
    /// Of the last commit of the index that is written, with its version.
    state: Option<(State, (u64, u64))>,
    generation: u64,
    words: NewWords,
    makers: Mutex<Vec<Maker>>,
    retired: Mutex<List>,
    /// How many documents a run that was interrupted has written, which are left as they are.
    resumed: usize,
}

impl OpenSearchWriter {
    /// Opens an index for writing; makes one where there is none, or where it is to be written anew.
    ///
    /// # Errors
    /// `Engine` where the cluster cannot be reached or refuses; `IndexRefused` where the index is another's.
    pub fn open(address: &Address, options: WriterOptions) -> Result<OpenSearchWriter> {
        let client = Arc::new(Client::new(address)?);
        names::check_version(&client)?;
        let behind = names::behind(&client, &address.name)?;
        let last = match behind.keys().next() {
            Some(index) => State::read(&client, index)?,
            None => None,
        };
        let generation = last.as_ref().map_or(0, |(state, _)| state.generation);
        let mut writer = OpenSearchWriter {
            outbox: Outbox::new(
                Arc::clone(&client),
                options.memory,
                Journal::new(generation + 1, 0),
            ),
            old: behind.keys().cloned().collect(),
            keep_old: options.keep_old,
            known: Catalog::default(),
            state: None,
            generation,
            words: NewWords::default(),
            makers: Mutex::default(),
            retired: Mutex::default(),
            resumed: 0,
            client,
            name: address.name.clone(),
        };
        match (behind.iter().next(), last) {
            (Some((index, mappings)), Some(last)) if !options.fresh => {
                names::refuse(&writer.client, mappings)?;
                writer.go_on(index.clone(), last)?;
            }
            (Some((_, mappings)), _) if mappings["_meta"]["tipsearch"].is_null() => {
                names::refuse(&writer.client, mappings)?;
            }
            _ => writer.begin(options.shards)?,
        }
        Ok(writer)
    }

    fn index(&self) -> &str {
        &self.outbox.index
    }

    /// Goes on with the index that searches use.
    fn go_on(&mut self, index: String, last: (State, (u64, u64))) -> Result<()> {
        self.known = state::catalog(&self.client, &index, &last.0)?;
        let retired = last.0.retired.read(&self.client, &index)?;
        if !retired.is_empty() {
            self.retired = Mutex::new(List::from_bytes(&retired).unwrap_or_default());
        }
        (self.outbox.index, self.old, self.state) = (index, Vec::new(), Some(last));
        if let Some((note, count)) = journal::read(&self.client, self.index(), self.generation + 1)?
        {
            let is_same = self.known.is_of_same(&note.catalog);
            self.outbox.journal = Journal::new(self.generation + 1, count);
            if is_same {
                self.resume(note);
            }
        }
        self.undo()
    }

    /// Takes over what a run that was interrupted has written: its files are known as it has read them.
    fn resume(&mut self, note: Note) {
        let Note { catalog, words } = note;
        self.words.add(words.lines().map(Box::from).collect());
        self.resumed =
            catalog.documents.values().filter(|(listed, _)| listed.is_document()).count();
        for file in catalog.documents.keys() {
            let records = self.known.records_of(file).map(|(id, _)| id.clone());
            for record in records.collect::<Vec<String>>() {
                self.known.documents.remove(&record);
            }
        }
        self.known.documents.extend(catalog.documents);
        self.known.roots = catalog.roots;
        self.known.config = catalog.config;
        // Nobody has committed that.
        self.known.summary = Summary::default();
    }

    /// Takes away what a run that ended too early has left: documents that do not have the passages that were
    /// committed are read again.
    fn undo(&mut self) -> Result<()> {
        self.refresh()?;
        let mut counts: BTreeMap<String, u64> = self.counts()?.into_iter().collect();
        let documents = self.known.documents.iter().filter(|(_, (listed, _))| listed.is_document());
        let is_other = |(id, (listed, _)): &(&String, &(Listed, FileStamp))| {
            counts.remove(&doc_term(id)).unwrap_or(0) != listed.passages
        };
        let other: Vec<String> = documents.filter(is_other).map(|(id, _)| id.clone()).collect();
        let mut lost: Vec<String> = counts.into_keys().collect();
        for id in &other {
            lost.push(doc_term(id));
            let known = self.known.documents.remove(id);
            // Of a file with records only what is not known of it is read again.
            if let Some(file) = known.and_then(|(listed, _)| listed.container) {
                self.known.documents.remove(&file);
            }
        }
        lost.chunks(PAGE).try_for_each(|documents| self.delete(&json!({ "document": documents })))
    }

    /// Deletes what has one of these terms of a field.
    fn delete(&self, terms: &Value) -> Result<()> {
        let asked = json!({ "query": { "terms": terms } });
        let path = format!("/{}/_delete_by_query?conflicts=proceed", self.index());
        let told = self.client.done("POST", &path, Content::Json(&asked))?;
        match told["failures"].get(0) {
            None => Ok(()),
            Some(failure) => {
                let message = format!("does not delete passages: {}", reason(&failure["cause"]));
                Err(self.client.error(message, Some("run the same command again")))
            }
        }
    }

    /// Makes a new index, or goes on with one that a run has begun which ended too early; others of these are removed.
    fn begin(&mut self, shards: u32) -> Result<()> {
        let all = self.client.find(&format!("/{}-*/_mapping", self.name))?.unwrap_or_default();
        let (mut greatest, mut begun) = (0, BTreeMap::new());
        for (index, known) in all.as_object().into_iter().flatten() {
            let number = index
                .strip_prefix(&format!("{}-", self.name))
                .and_then(|rest| rest.parse::<u64>().ok());
            let Some(number) = number else { continue };
            greatest = greatest.max(number);
            let is_own = !known["mappings"]["_meta"]["tipsearch"].is_null();
            if is_own && !self.old.contains(index) && State::read(&self.client, index)?.is_none() {
                let fits = mapping::refusal(&known["mappings"]).is_none();
                begun.insert(
                    number,
                    (index, fits && names::shards_of(&self.client, index)? == shards),
                );
            }
        }
        let last = begun.values().next_back().filter(|(_, fits)| *fits);
        let noted = match last {
            Some((index, _)) => journal::read(&self.client, index, self.generation + 1)?,
            None => None,
        };
        let going_on = noted.as_ref().and(last).map(|(index, _)| *index);
        for (index, _) in begun.values().filter(|(index, _)| Some(*index) != going_on) {
            self.client.ask("DELETE", &format!("/{index}"), Content::Nothing)?;
        }
        if let (Some(index), Some((note, count))) = (going_on, noted) {
            self.outbox.index.clone_from(index);
            self.outbox.journal = Journal::new(self.generation + 1, count);
            self.resume(note);
            return self.undo();
        }
        self.outbox.index = format!("{}-{}", self.name, greatest + 1);
        names::make(&self.client, self.index(), shards)
    }

    /// The passages that a document has in the index: ids and what they are.
    fn passages_of(&self, doc_id: &str) -> Result<Vec<(String, Value)>> {
        let mut found: Vec<(String, Value)> = Vec::new();
        let mut asked = json!({
            "size": PAGE, "sort": ["ordinal", "id"], "track_total_hits": false,
            "query": { "term": { "document": doc_term(doc_id) } }, "_source": ["text", "record"],
        });
        loop {
            let told = self.client.search(self.index(), &asked, "")?;
            let hits = told["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            for hit in hits {
                let id = hit["_id"].as_str().unwrap_or_default().to_owned();
                found.push((id, hit["_source"].clone()));
            }
            match hits.last() {
                Some(last) if hits.len() == PAGE => asked["search_after"] = last["sort"].clone(),
                _ => return Ok(found),
            }
        }
    }

    /// Removes what a document has in the index but for these ids, and remembers what they meant.
    fn remove_but(&self, doc_id: &str, kept: &FxHashSet<&str>) -> Result<()> {
        let mut lines = Vec::new();
        for (id, source) in self.passages_of(doc_id)? {
            if kept.contains(id.as_str()) {
                continue;
            }
            if let Some(gone) = passage(&id, &source) {
                held(&self.retired).add(gone, self.generation);
            }
            push(&mut lines, &json!({ "delete": { "_id": id } }), None);
        }
        self.outbox.push(lines)
    }

    /// Makes all that was sent visible, and sees that it is what the catalog says.
    fn settle(&self, catalog: &Catalog) -> Result<()> {
        self.refresh()?;
        match (self.count()?, catalog.summary.passages) {
            (found, expected) if found == expected => Ok(()),
            (found, expected) => Err(self.client.error(
                format!("has {found} passages where {expected} were written"),
                Some("run `tipsearch index --force` with the same engine"),
            )),
        }
    }

    fn refresh(&self) -> Result<()> {
        self.client
            .done("POST", &format!("/{}/_refresh", self.index()), Content::Nothing)
            .map(|_| ())
    }

    fn count(&self) -> Result<u64> {
        let asked = json!({
            "size": 0, "track_total_hits": true, "query": { "term": { "kind": "passage" } },
        });
        let told = self.client.search(self.index(), &asked, "")?;
        Ok(told["hits"]["total"]["value"].as_u64().unwrap_or_default())
    }

    /// The documents that have passages, each with how many.
    fn counts(&self) -> Result<Vec<(String, u64)>> {
        super::read::groups(&self.client, self.index(), &json!({ "term": { "kind": "passage" } }))
    }

    /// Keeps the state, unless another writer has kept one meanwhile.
    fn keep(&self, state: &State) -> Result<()> {
        let condition = match &self.state {
            Some((_, (number, term))) => format!("?if_seq_no={number}&if_primary_term={term}"),
            None => "?op_type=create".to_owned(),
        };
        let path = format!("/{}/_doc/{STATE}{condition}", self.index());
        let answer = self.client.ask("PUT", &path, Content::Json(&state.document()?))?;
        match answer.status {
            200..=299 => self.refresh(),
            409 => Err(Error::IndexLocked { path: PathBuf::from(&self.client.address) }),
            status => {
                Err(self.client.error(format!("answers {status}: {}", reason(&answer.says)), None))
            }
        }
    }

    /// Moves the name to the new index, and away from the old ones, in one step.
    fn move_name(&self) -> Result<()> {
        let mut actions = vec![json!({ "add": { "index": self.index(), "alias": self.name } })];
        for old in &self.old {
            actions.push(match self.keep_old {
                true => json!({ "remove": { "index": old, "alias": self.name } }),
                false => json!({ "remove_index": { "index": old } }),
            });
        }
        let actions = json!({ "actions": actions });
        self.client.done("POST", "/_aliases", Content::Json(&actions)).map(|_| ())
    }

    /// The words of the last commit.
    fn words_before(&self) -> Result<String> {
        let Some((state, _)) = &self.state else { return Ok(String::new()) };
        let bytes = state.words.read(&self.client, self.index())?;
        let words = Words::of_bytes(bytes, PathBuf::from(&self.client.address));
        words.list().map(str::to_owned)
    }
}

impl Writer for OpenSearchWriter {
    fn catalog(&self) -> &Catalog {
        &self.known
    }

    fn add(&self, passages: Vec<Passage>, is_new: bool) -> Result<()> {
        let Some(first) = passages.first() else { return Ok(()) };
        if !is_new {
            let kept = passages.iter().map(|passage| passage.id.as_str()).collect();
            self.remove_but(&first.report.doc_id, &kept)?;
        }
        let mut maker = held(&self.makers).pop().unwrap_or_default();
        let documents = maker.documents(&passages)?;
        let new = maker.take_new_words();
        if !new.is_empty() {
            self.outbox.journal.meet(&new);
            self.words.add(new);
        }
        held(&self.makers).push(maker);
        let mut lines = Vec::new();
        for (id, document) in documents {
            push(&mut lines, &json!({ "index": { "_id": id } }), Some(&document));
        }
        self.outbox.push(lines)
    }

    fn remove(&self, doc_id: &str) -> Result<()> {
        self.remove_but(doc_id, &FxHashSet::default())
    }

    fn note(&self, run: &Catalog, files: &Documents) -> Result<()> {
        self.outbox.journal.note(run, files.clone());
        Ok(())
    }

    fn resumed(&self) -> usize {
        self.resumed
    }

    fn commit(self: Box<Self>, mut catalog: Catalog) -> Result<Catalog> {
        catalog.summarize(self.generation + 1);
        let generation = catalog.summary.generation;
        let words = self.words.list(&self.words_before()?)?;
        let retired = held(&self.retired).to_bytes()?;
        let mut state = State::of(&catalog);
        let mut lines = Vec::new();
        for (name, bytes, kept) in [
            ("catalog", catalog.to_bytes()?, &mut state.catalog),
            ("words", words, &mut state.words),
            ("retired", retired, &mut state.retired),
        ] {
            let (made, pieces) = Kept::pieces(name, generation, &bytes);
            *kept = made;
            for (id, piece) in pieces {
                push(&mut lines, &json!({ "index": { "_id": id } }), Some(&piece));
            }
        }
        self.outbox.flush(&lines)?;
        self.settle(&catalog)?;
        self.keep(&state)?;
        if self.state.is_none() {
            self.move_name()?;
        }
        // What the last commit kept, and what led to this one, is not asked for any more.
        let mut old = Vec::new();
        let before = self.state.iter();
        let before = before.flat_map(|(state, _)| [&state.catalog, &state.words, &state.retired]);
        for id in before.flat_map(Kept::ids) {
            push(&mut old, &json!({ "delete": { "_id": id } }), None);
        }
        self.delete(&json!({ "kind": ["note"] }))?;
        self.outbox.flush(&old)?;
        Ok(catalog)
    }
}
