//! Searching an index on a cluster: the cluster finds, and what it finds is scored here.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::address::Address;
use super::client::{Client, Content};
use super::compile::{Compiler, among_passages, field, is_exact};
use super::document;
use super::ranking::Looked;
use super::score::Statistics;
use super::state::{self, State};
use super::write::{behind, held, refuse};
use crate::engine::record::{doc_number, doc_term, meta_term};
use crate::engine::retired::List;
use crate::engine::words::Words;
use crate::engine::{Catalog, Engine, Listed, Retired, Storage, Summary};
use crate::error::{Error, Result};
use crate::passage::{Passage, id_number, id_text};
use crate::query::{Clause, Pattern, Query, TextField, Vocabulary};
use crate::rank::{Explanation, Hit, Ranking, Total};

/// OpenSearch gives no more at a time.
const PAGE: usize = 10_000;

/// So many passages are loaded at a time.
const LOADED_AT_ONCE: usize = 500;

/// So long the cluster keeps a state for whoever goes through all of it.
const KEPT_FOR: &str = "2m";

/// What is asked of a passage; the terms that were made of it are not.
pub(super) const SOURCE: [&str; 5] = ["text", "record", "meaning", "words", "next"];

/// What this engine does otherwise than the one on this machine.
const DIFFERENCES: [&str; 3] = [
    "the cluster may be written to while it is searched: a search sees what was committed when it was asked, and two searches may see different states",
    "of very many passages the cluster chooses by its own scores which are scored here: where thousands have almost the same score, another of them may be the last that is shown",
    "a deadline ends what is done here, not what the cluster does",
];

/// An index on a cluster, open for searching.
pub struct OpenSearchEngine {
    pub(super) client: Client,
    /// The index behind the name.
    pub(super) index: String,
    state: State,
    pub(super) summary: Summary,
    pub(super) means: [f32; 3],
    shards: usize,
    words: OnceLock<Words>,
    listed: OnceLock<Vec<Listed>>,
    counts: Mutex<FxHashMap<(TextField, String), u64>>,
    /// Of passages that were found: the number of the document, and how many words.
    columns: Mutex<FxHashMap<u64, (u64, u64)>>,
    /// The passages of the last ranking, which are mostly shown next.
    texts: Mutex<FxHashMap<u64, Passage>>,
}

/// A passage as the cluster gives it.
#[derive(Clone)]
pub struct Found {
    pub id: u64,
    pub passage: Passage,
    /// The id of the next of its section.
    pub next: Option<String>,
    pub source: Value,
}

impl OpenSearchEngine {
    /// Opens the index behind the name of an address.
    ///
    /// # Errors
    /// `IndexMissing` where there is none; `IndexRefused` where this program cannot use it; `Engine` where the cluster
    /// cannot be reached.
    pub fn open(address: &Address) -> Result<OpenSearchEngine> {
        let client = Client::new(address)?;
        let path = || PathBuf::from(&client.address);
        let behind = behind(&client, &address.name)?;
        let (index, mappings) =
            behind.into_iter().next().ok_or_else(|| Error::IndexMissing { path: path() })?;
        refuse(&client, &mappings)?;
        let (state, _) =
            State::read(&client, &index)?.ok_or_else(|| Error::IndexMissing { path: path() })?;
        let asked = json!({
            "size": 0, "track_total_hits": true, "query": { "term": { "kind": "passage" } },
            "aggs": {
                "main": { "sum": { "field": "main_length" } },
                "title": { "sum": { "field": "title_length" } },
                "heading": { "sum": { "field": "heading_length" } },
            },
        });
        let told = client.search(&index, &asked, "")?;
        let passages = told["hits"]["total"]["value"].as_u64().unwrap_or(0);
        let mean = |name: &str| {
            let sum = told["aggregations"][name]["value"].as_f64().unwrap_or(0.0) as f32;
            sum / passages.max(1) as f32
        };
        let means = [mean("main"), mean("title"), mean("heading")];
        let shards = told["_shards"]["total"].as_u64().unwrap_or(1) as usize;
        let summary = Summary { passages, ..state.summary() };
        Ok(OpenSearchEngine {
            client,
            index,
            state,
            summary,
            means,
            shards,
            words: OnceLock::new(),
            listed: OnceLock::new(),
            counts: Mutex::default(),
            columns: Mutex::default(),
            texts: Mutex::default(),
        })
    }

    /// What the last commit says of the index behind a name.
    pub fn summary_of(address: &Address) -> Option<Summary> {
        let client = Client::new(address).ok()?;
        let index = behind(&client, &address.name).ok()?.into_keys().next()?;
        Some(State::read(&client, &index).ok()??.0.summary())
    }

    /// The request of a clause.
    pub(super) fn compiled(&self, query: &Query, clause: &Clause) -> Result<Value> {
        self.count_terms(clause)?;
        let counts = held(&self.counts).clone();
        let is_known = |term: &str| {
            counts.get(&(TextField::Main, term.to_owned())).is_some_and(|&count| count > 0)
        };
        Ok(Compiler { literal: query.needs_a_look(), is_known: &is_known }.compile(clause))
    }

    /// What the index knows of the words of a query.
    pub(super) fn statistics(&self, query: &Query) -> Result<Statistics> {
        self.count_terms(&query.clause)?;
        for word in &query.words {
            self.passages_with(word.field, &word.term)?;
        }
        let counts = held(&self.counts).clone();
        Ok(Statistics { passages: self.summary.passages, means: self.means, counts })
    }

    /// Asks in one request in how many passages the terms of a clause stand that were not asked about yet.
    fn count_terms(&self, clause: &Clause) -> Result<()> {
        let mut asked: BTreeSet<(TextField, String)> = BTreeSet::new();
        clause.visit(&mut |leaf| {
            if let Some(text) = leaf.field() {
                leaf.visit_terms(&mut |term| {
                    asked.insert((text, term.to_owned()));
                });
            }
        });
        let known = held(&self.counts);
        let asked: Vec<_> = asked.into_iter().filter(|term| !known.contains_key(term)).collect();
        drop(known);
        self.count_all(&asked)
    }

    fn count_all(&self, terms: &[(TextField, String)]) -> Result<()> {
        // Each is a bucket, of which OpenSearch has so many.
        for terms in terms.chunks(1000) {
            let filters: serde_json::Map<String, Value> = terms
                .iter()
                .enumerate()
                .map(|(number, (text, term))| {
                    (number.to_string(), json!({ "term": { field(*text): term } }))
                })
                .collect();
            let asked = json!({
                "size": 0, "track_total_hits": false, "aggs": { "of": { "filters": { "filters": filters } } },
            });
            let told = self.client.search(&self.index, &asked, "")?;
            let buckets = &told["aggregations"]["of"]["buckets"];
            let mut counts = held(&self.counts);
            for (number, term) in terms.iter().enumerate() {
                let count = buckets[number.to_string()]["doc_count"].as_u64().unwrap_or(0);
                counts.insert(term.clone(), count);
            }
        }
        Ok(())
    }

    /// A passage of an answer.
    pub(super) fn found(&self, hit: &Value) -> Option<Found> {
        let id = hit["_id"].as_str()?;
        let source = hit["_source"].clone();
        let passage = document::passage(id, &source)?;
        let number = id_number(id)?;
        let columns = (doc_number(&passage.report.doc_id), source["words"].as_u64().unwrap_or(0));
        held(&self.columns).insert(number, columns);
        let next = source["next"].as_str().map(str::to_owned);
        Some(Found { id: number, passage, next, source })
    }

    /// The passages with these ids, which are there, by id.
    pub(super) fn by_ids(&self, ids: &[String]) -> Result<FxHashMap<u64, Found>> {
        let mut all = FxHashMap::default();
        for ids in ids.chunks(LOADED_AT_ONCE) {
            let asked = json!({
                "size": ids.len(), "track_total_hits": false, "query": { "ids": { "values": ids } },
                "_source": SOURCE,
            });
            let told = self.client.search(&self.index, &asked, "")?;
            for hit in told["hits"]["hits"].as_array().into_iter().flatten() {
                if let Some(found) = self.found(hit) {
                    all.insert(found.id, found);
                }
            }
        }
        Ok(all)
    }

    /// Remembers the passages of a ranking for whoever shows them.
    pub(super) fn remember(&self, passages: impl Iterator<Item = (u64, Passage)>) {
        *held(&self.texts) = passages.collect();
    }

    /// Goes through all that a query finds, as one state of the index, page by page, until `visit` says that it is enough.
    pub(super) fn pages(
        &self,
        mut asked: Value,
        size: usize,
        visit: &mut dyn FnMut(&[Value]) -> Result<bool>,
    ) -> Result<()> {
        let path = format!("/{}/_search/point_in_time?keep_alive={KEPT_FOR}", self.index);
        let opened = self.client.done("POST", &path, Content::Nothing)?;
        let mut point = opened["pit_id"].clone();
        let mut walk = || loop {
            asked["size"] = json!(size);
            asked["track_total_hits"] = json!(false);
            asked["pit"] = json!({ "id": point, "keep_alive": KEPT_FOR });
            let told = self.client.done("POST", "/_search", Content::Json(&asked))?;
            if told["_shards"]["failed"].as_u64().unwrap_or(0) > 0 {
                return Err(self.client.error("has shards that did not answer".to_owned(), None));
            }
            if told["pit_id"].is_string() {
                point = told["pit_id"].clone();
            }
            let hits = told["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            let is_last = hits.len() < size;
            if !visit(hits)? || is_last {
                return Ok(());
            }
            asked["search_after"] = hits.last().map_or(Value::Null, |hit| hit["sort"].clone());
        };
        let walked = walk();
        // A state that is not given back is kept for two minutes, and no more.
        let _ = self.client.ask(
            "DELETE",
            "/_search/point_in_time",
            Content::Json(&json!({ "pit_id": [point] })),
        );
        walked
    }

    fn list(&self) -> Result<&Words> {
        if let Some(words) = self.words.get() {
            return Ok(words);
        }
        let bytes = self.state.words.read(&self.client, &self.index)?;
        Ok(self.words.get_or_init(|| Words::of_bytes(bytes, PathBuf::from(&self.client.address))))
    }

    /// The columns of a passage.
    fn columns_of(&self, hits: &[Hit]) -> Result<Vec<(u64, u64)>> {
        let known = held(&self.columns);
        let missing: Vec<String> = hits
            .iter()
            .filter(|hit| !known.contains_key(&hit.id))
            .map(|hit| id_text(hit.id))
            .collect();
        drop(known);
        self.by_ids(&missing)?;
        let known = held(&self.columns);
        Ok(hits.iter().map(|hit| known.get(&hit.id).copied().unwrap_or_default()).collect())
    }

    /// The hits of all passages that a query finds, where that is just what matches.
    fn every_exact(&self, query: &Query) -> Result<Vec<Hit>> {
        let compiled = self.compiled(query, &query.clause)?;
        let asked = json!({
            "query": among_passages(compiled), "sort": ["_shard_doc"], "_source": false,
            "docvalue_fields": ["number", "words"],
        });
        let mut hits = Vec::new();
        self.pages(asked, PAGE, &mut |page| {
            let mut columns = held(&self.columns);
            for hit in page {
                let Some(id) = hit["_id"].as_str().and_then(id_number) else { continue };
                let value = |name: &str| hit["fields"][name][0].as_i64().unwrap_or(0) as u64;
                columns.insert(id, (value("number"), value("words")));
                hits.push(Hit { id, address: id, score: 0.0 });
            }
            Ok(!query.until.is_over())
        })?;
        Ok(hits)
    }
}

/// The documents that a query finds passages of, each with how many.
///
/// # Errors
/// As [`Client::search`].
pub fn groups(client: &Client, index: &str, query: &Value) -> Result<Vec<(String, u64)>> {
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let mut of = json!({
            "size": PAGE, "sources": [{ "document": { "terms": { "field": "document" } } }],
        });
        if !after.is_null() {
            of["after"] = after;
        }
        let asked = json!({
            "size": 0, "track_total_hits": false, "query": query, "aggs": { "of": { "composite": of } },
        });
        let told = client.search(index, &asked, "")?;
        let of = &told["aggregations"]["of"];
        for bucket in of["buckets"].as_array().into_iter().flatten() {
            let document = bucket["key"]["document"].as_str().unwrap_or_default().to_owned();
            all.push((document, bucket["doc_count"].as_u64().unwrap_or(0)));
        }
        after = of["after_key"].clone();
        if after.is_null() {
            return Ok(all);
        }
    }
}

impl Engine for OpenSearchEngine {
    fn summary(&self) -> &Summary {
        &self.summary
    }

    fn terms(&self) -> Result<u64> {
        let terms: BTreeSet<&str> = self
            .list()?
            .list()?
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(_, term)| term)
            .collect();
        Ok(terms.len() as u64)
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn retrieve(&self, query: &Query, limit: usize) -> Result<Ranking> {
        let limit = limit.min(self.summary.passages as usize + 1);
        let looked = Looked::at(self, query, limit)?;
        let mut hits: Vec<Hit> = looked.hits();
        hits.truncate(limit);
        let mut texts = looked.into_texts();
        let shown = hits.iter().filter_map(|hit| texts.remove(&hit.id).map(|text| (hit.id, text)));
        self.remember(shown.collect::<Vec<_>>().into_iter());
        Ok(Ranking { hits })
    }

    fn every(&self, query: &Query) -> Result<Vec<Hit>> {
        let hits = match is_exact(&query.clause) {
            true => self.every_exact(query)?,
            false => super::ranking::all_that_match(self, query)?,
        };
        if query.until.has_cut() { Err(Error::TimedOut) } else { Ok(hits) }
    }

    fn values(&self, field: &str) -> Result<Vec<String>> {
        let start = meta_term(field, "");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '=' || !c.is_ascii();
        let escaped: String =
            start.chars().flat_map(|c| if is_plain(c) { vec![c] } else { vec!['\\', c] }).collect();
        let asked = json!({
            "size": 0, "track_total_hits": false,
            "aggs": { "of": { "terms": { "field": "meta", "include": format!("{escaped}.*"), "size": PAGE } } },
        });
        let told = self.client.search(&self.index, &asked, "")?;
        let buckets = told["aggregations"]["of"]["buckets"].as_array().into_iter().flatten();
        let values = buckets.filter_map(|bucket| bucket["key"].as_str()?.strip_prefix(&start));
        let values: BTreeSet<String> = values.map(str::to_owned).collect();
        Ok(values.into_iter().collect())
    }

    fn occurrences(&self, _: &Query) -> Result<Option<Vec<(Hit, u64)>>> {
        Ok(None)
    }

    fn total(&self, query: &Query, _: bool) -> Result<Total> {
        if !is_exact(&query.clause) {
            let hits = super::ranking::all_that_match(self, query)?;
            let columns = self.columns_of(&hits)?;
            let documents: BTreeSet<u64> = columns.iter().map(|(document, _)| *document).collect();
            let is_exact = !query.until.has_cut();
            return Ok(Total {
                passages: hits.len() as u64,
                documents: documents.len() as u64,
                is_exact,
            });
        }
        let query = among_passages(self.compiled(query, &query.clause)?);
        let groups = groups(&self.client, &self.index, &query)?;
        let passages = groups.iter().map(|(_, count)| count).sum();
        Ok(Total { passages, documents: groups.len() as u64, is_exact: true })
    }

    fn load(&self, hits: &[Hit]) -> Result<Vec<Passage>> {
        let known = held(&self.texts);
        let missing: Vec<String> = hits
            .iter()
            .filter(|hit| !known.contains_key(&hit.id))
            .map(|hit| id_text(hit.id))
            .collect();
        drop(known);
        let mut loaded = self.by_ids(&missing)?;
        let known = held(&self.texts);
        let mut one = |hit: &Hit| {
            let passage = known
                .get(&hit.id)
                .cloned()
                .or_else(|| loaded.remove(&hit.id).map(|found| found.passage));
            passage.ok_or_else(|| {
                state::damaged(&self.client, format!("passage {} is gone", id_text(hit.id)))
            })
        };
        hits.iter().map(&mut one).collect()
    }

    fn next_in_section(&self, hit: &Hit) -> Result<Option<Passage>> {
        let mut found = self.by_ids(&[id_text(hit.id)])?;
        let Some(next) = found.remove(&hit.id).and_then(|found| found.next) else {
            return Ok(None);
        };
        let mut found = self.by_ids(&[next])?;
        Ok(found.drain().next().map(|(_, found)| found.passage))
    }

    fn document_of(&self, hit: &Hit) -> Result<u64> {
        Ok(self.columns_of(std::slice::from_ref(hit))?.first().map_or(0, |(document, _)| *document))
    }

    fn document_number(&self, doc_id: &str) -> u64 {
        doc_number(doc_id)
    }

    fn words(&self, hits: &[Hit]) -> Result<Vec<u64>> {
        Ok(self.columns_of(hits)?.into_iter().map(|(_, words)| words).collect())
    }

    fn passage(&self, id: &str) -> Result<Option<Passage>> {
        let Some(number) = id_number(id) else { return Ok(None) };
        let mut found = self.by_ids(&[id.to_owned()])?;
        Ok(found.remove(&number).map(|found| found.passage))
    }

    fn document(&self, doc_id: &str) -> Result<Vec<Passage>> {
        let asked = json!({
            "query": { "term": { "document": doc_term(doc_id) } }, "sort": [{ "ordinal": "asc" }, "_shard_doc"],
            "_source": SOURCE,
        });
        let mut passages = Vec::new();
        self.pages(asked, LOADED_AT_ONCE, &mut |page| {
            let found = page.iter().filter_map(|hit| self.found(hit));
            passages.extend(found.map(|found| found.passage));
            Ok(true)
        })?;
        passages.retain(|passage| passage.report.doc_id == doc_id);
        Ok(passages)
    }

    fn documents(&self) -> Result<&[Listed]> {
        if let Some(listed) = self.listed.get() {
            return Ok(listed);
        }
        let documents = self.catalog()?.documents.into_values();
        let listed: Vec<Listed> = documents.map(|(listed, _)| listed).collect();
        Ok(self.listed.get_or_init(|| listed))
    }

    fn catalog(&self) -> Result<Catalog> {
        state::catalog(&self.client, &self.index, &self.state)
    }

    fn storage(&self) -> Result<Storage> {
        let told =
            self.client.done("GET", &format!("/{}/_stats/store", self.index), Content::Nothing)?;
        let bytes = told["_all"]["primaries"]["store"]["size_in_bytes"].as_u64().unwrap_or(0);
        let differences = DIFFERENCES.iter().map(|&text| text.to_owned()).collect();
        Ok(Storage { bytes, pieces: self.shards, piece: "shard", differences })
    }

    fn damage(&self) -> Result<Vec<(String, String)>> {
        let mut damage = Vec::new();
        let path = format!("/_cluster/health/{}", self.index);
        let health = self.client.done("GET", &path, Content::Nothing)?;
        if health["status"] == "red" {
            damage.push((self.index.clone(), "has shards that are on no node".to_owned()));
        }
        if self.summary.passages != self.state.passages {
            let (found, expected) = (self.summary.passages, self.state.passages);
            damage.push((
                self.index.clone(),
                format!("has {found} passages, {expected} were committed"),
            ));
        }
        Ok(damage)
    }

    fn retired(&self, id: &str) -> Result<Option<Retired>> {
        let bytes = self.state.retired.read(&self.client, &self.index)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let list = List::from_bytes(&bytes);
        Ok(list.map_err(|error| state::damaged(&self.client, error))?.find(id))
    }

    fn explain(&self, query: &Query, hit: &Hit) -> Result<Explanation> {
        Looked::at(self, query, 0)?.explain(self, query, hit)
    }

    fn hit_of(&self, query: &Query, id: &str) -> Result<Option<Hit>> {
        let Some(number) = id_number(id) else { return Ok(None) };
        Looked::at(self, query, 0)?.hit_of(self, query, number)
    }
}

impl Vocabulary for OpenSearchEngine {
    fn passages(&self) -> u64 {
        self.summary.passages
    }

    fn passages_with(&self, field: TextField, term: &str) -> Result<u64> {
        let key = (field, term.to_owned());
        if let Some(&count) = held(&self.counts).get(&key) {
            return Ok(count);
        }
        self.count_all(std::slice::from_ref(&key))?;
        Ok(held(&self.counts).get(&key).copied().unwrap_or(0))
    }

    fn prepare(&self, terms: &mut dyn FnMut() -> Vec<(TextField, String)>) -> Result<()> {
        let known = held(&self.counts);
        let asked: Vec<_> = terms().into_iter().filter(|term| !known.contains_key(term)).collect();
        drop(known);
        self.count_all(&asked)
    }

    fn words_like(&self, pattern: &Pattern, limit: usize) -> Result<Vec<(String, String)>> {
        self.list()?.like(pattern, limit)
    }
}
