//! Searching an index on a cluster: the cluster finds, and what it finds is scored here.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::address::Address;
use super::client::{Client, TRIES, pause};
use super::compile::{Compiler, among_passages, field};
use super::document;
use super::names::{behind, refuse};
use super::score::Statistics;
use super::state::State;
use crate::engine::catalog::ListedOnce;
use crate::engine::record::doc_number;
use crate::engine::words::Words;
use crate::engine::{Summary, held};
use crate::error::{Error, Result};
use crate::meaning::Vector;
use crate::passage::{Passage, id_number, id_text};
use crate::query::{Clause, Query, TextField};
use crate::rank::Hit;

/// OpenSearch gives no more at a time.
pub(super) const PAGE: usize = 10_000;

/// So many passages are loaded at a time.
pub(super) const LOADED_AT_ONCE: usize = 500;

/// The shards tell one another how often words stand, so that they score alike.
pub(super) const ALL_ALIKE: &str = "search_type=dfs_query_then_fetch";

/// So many terms, and passages, are remembered with what is known of them.
const MOST_COUNTS: usize = 20_000;
const MOST_COLUMNS: usize = 4_000_000;

/// What this engine does otherwise than the one on this machine.
pub(super) const DIFFERENCES: [&str; 3] = [
    "the cluster may be written to while it is searched: a search sees what was committed when it was asked, and two searches may see different states",
    "of very many passages the cluster chooses by its own scores which are scored here: where thousands have almost the same score, another of them may be the last that is shown",
    "a deadline ends what is done here, not what the cluster does",
];

/// An index on a cluster, open for searching.
pub struct OpenSearchEngine {
    pub(super) client: Client,
    /// The index behind the name.
    pub(super) index: String,
    pub(super) state: State,
    pub(super) summary: Summary,
    pub(super) means: [f32; 3],
    pub(super) shards: usize,
    pub(super) words: OnceLock<Words>,
    pub(super) listed: ListedOnce,
    /// Those of its reports, which every query asks for.
    pub(super) languages: OnceLock<Vec<String>>,
    counts: Mutex<FxHashMap<(TextField, String), u64>>,
    /// Of passages that were found: the number of the document, and how many words.
    columns: Mutex<FxHashMap<u64, (u64, u64)>>,
    /// The passages of the last ranking, which are mostly shown next.
    pub(super) texts: Mutex<FxHashMap<u64, Passage>>,
}

/// A passage as the cluster gives it.
#[derive(Clone)]
pub struct Found {
    pub id: u64,
    pub passage: Passage,
    /// The id of the next of its section.
    pub next: Option<String>,
    /// How many words its text has.
    pub words: u64,
    pub meaning: Option<Vector>,
}

impl Found {
    /// The number of its document, and how many words it has.
    fn columns(&self) -> (u64, u64) {
        (doc_number(&self.passage.report.doc_id), self.words)
    }
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
            listed: ListedOnce::default(),
            languages: OnceLock::new(),
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
        let counts = self.count_terms(clause)?;
        let is_known = |term: &str| {
            counts.get(&(TextField::Main, term.to_owned())).is_some_and(|&count| count > 0)
        };
        Ok(Compiler { literal: query.needs_a_look(), is_known: &is_known }.compile(clause))
    }

    /// What the index knows of the words of a query.
    pub(super) fn statistics(&self, query: &Query) -> Result<Statistics> {
        let counts = self.count_terms(&query.clause)?;
        Ok(Statistics { passages: self.summary.passages, means: self.means, counts })
    }

    /// In how many passages the terms of a clause stand; asks in one request about those that were not asked about yet.
    fn count_terms(&self, clause: &Clause) -> Result<FxHashMap<(TextField, String), u64>> {
        let mut asked: BTreeSet<(TextField, String)> = BTreeSet::new();
        clause.visit_field_terms(&mut |field, term| {
            asked.insert((field, term.to_owned()));
        });
        self.count_all(asked.into_iter().collect())
    }

    /// In how many passages each of these terms stands.
    pub(super) fn count_all(
        &self,
        terms: Vec<(TextField, String)>,
    ) -> Result<FxHashMap<(TextField, String), u64>> {
        let (mut counted, mut missing) = (FxHashMap::default(), Vec::new());
        {
            let known = held(&self.counts);
            for term in terms {
                match known.get(&term) {
                    Some(&count) => drop(counted.insert(term, count)),
                    None => missing.push(term),
                }
            }
        }
        let asked: Vec<(TextField, &str)> =
            missing.iter().map(|(text, term)| (*text, term.as_str())).collect();
        let counts = self.buckets(&json!({ "match_all": {} }), &asked)?;
        let mut known = held(&self.counts);
        forget(&mut known, MOST_COUNTS);
        for (term, count) in missing.into_iter().zip(counts) {
            known.insert(term.clone(), count);
            counted.insert(term, count);
        }
        Ok(counted)
    }

    /// In how many of the passages that a query finds each of some terms stands. Each is a bucket, of which OpenSearch has so many.
    pub(super) fn buckets(&self, among: &Value, terms: &[(TextField, &str)]) -> Result<Vec<u64>> {
        let mut counts = Vec::with_capacity(terms.len());
        for terms in terms.chunks(1000) {
            let filter = |(number, (text, term)): (usize, &(TextField, &str))| {
                (number.to_string(), json!({ "term": { field(*text): term } }))
            };
            let filters: serde_json::Map<String, Value> =
                terms.iter().enumerate().map(filter).collect();
            let asked = json!({
                "size": 0, "track_total_hits": false, "query": among,
                "aggs": { "of": { "filters": { "filters": filters } } },
            });
            let told = self.client.search(&self.index, &asked, "")?;
            let buckets = &told["aggregations"]["of"]["buckets"];
            let bucket =
                |number: usize| buckets[number.to_string()]["doc_count"].as_u64().unwrap_or(0);
            counts.extend((0..terms.len()).map(bucket));
        }
        Ok(counts)
    }

    /// A passage of an answer.
    pub(super) fn found(&self, hit: &Value) -> Option<Found> {
        let id = hit["_id"].as_str()?;
        let source = &hit["_source"];
        let passage = document::passage(id, source)?;
        let number = id_number(id)?;
        let next = source["next"].as_str().map(str::to_owned);
        let words = source["words"].as_u64().unwrap_or(0);
        let meaning = document::vector(source);
        let found = Found { id: number, passage, next, words, meaning };
        let mut known = held(&self.columns);
        forget(&mut known, MOST_COLUMNS);
        known.insert(number, found.columns());
        drop(known);
        Some(found)
    }

    /// The passages with these ids, which are there, by id.
    pub(super) fn by_ids(&self, ids: &[String]) -> Result<FxHashMap<u64, Found>> {
        let mut all = FxHashMap::default();
        for ids in ids.chunks(LOADED_AT_ONCE) {
            let asked = json!({
                "size": ids.len(), "track_total_hits": false, "query": { "ids": { "values": ids } },
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

    /// Goes through all that a query finds, page by page, as one state of the index, until `visit` says that it is enough.
    /// `asked["sort"]` decides between all: where the node is lost that kept the state, the walk goes on in a new one
    /// behind the last that was visited.
    pub(super) fn pages(
        &self,
        mut asked: Value,
        size: usize,
        visit: &mut dyn FnMut(&[Value]) -> Result<bool>,
    ) -> Result<()> {
        asked["size"] = json!(size);
        asked["track_total_hits"] = json!(false);
        let mut lost = 0;
        loop {
            asked["pit"] = self.client.hold(&self.index)?;
            let walked = self.walk(&mut asked, size, visit);
            self.client.release(&asked["pit"]);
            if walked? {
                return Ok(());
            }
            lost += 1;
            if lost == TRIES {
                let message = "lost what was being read again and again".to_owned();
                return Err(self.client.error(message, Some("are its nodes up?")));
            }
            std::thread::sleep(pause(lost));
        }
    }

    /// Goes on with a walk; `false` where its state was lost.
    fn walk(
        &self,
        asked: &mut Value,
        size: usize,
        visit: &mut dyn FnMut(&[Value]) -> Result<bool>,
    ) -> Result<bool> {
        loop {
            let Some(told) = self.client.search_held(asked, ALL_ALIKE)? else { return Ok(false) };
            if told["pit_id"].is_string() {
                asked["pit"]["id"] = told["pit_id"].clone();
            }
            let hits = told["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            let is_last = hits.len() < size;
            if !visit(hits)? || is_last {
                return Ok(true);
            }
            asked["search_after"] = hits.last().map_or(Value::Null, |hit| hit["sort"].clone());
        }
    }

    pub(super) fn list(&self) -> Result<&Words> {
        if let Some(words) = self.words.get() {
            return Ok(words);
        }
        let bytes = self.state.words.read(&self.client, &self.index)?;
        Ok(self.words.get_or_init(|| Words::of_bytes(bytes, PathBuf::from(&self.client.address))))
    }

    /// The number of the document of each passage, and how many words it has.
    pub(super) fn columns_of(&self, hits: &[Hit]) -> Result<Vec<(u64, u64)>> {
        let mut columns: Vec<Option<(u64, u64)>> = {
            let known = held(&self.columns);
            hits.iter().map(|hit| known.get(&hit.id).copied()).collect()
        };
        let missing = hits.iter().zip(&columns).filter(|(_, known)| known.is_none());
        let missing: Vec<String> = missing.map(|(hit, _)| id_text(hit.id)).collect();
        if !missing.is_empty() {
            let found = self.by_ids(&missing)?;
            for (hit, column) in hits.iter().zip(&mut columns) {
                *column = column.or_else(|| found.get(&hit.id).map(Found::columns));
            }
        }
        Ok(columns.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// The hits of all passages that a query finds, where that is just what matches.
    pub(super) fn every_exact(&self, query: &Query) -> Result<Vec<Hit>> {
        let compiled = self.compiled(query, &query.clause)?;
        let asked = json!({
            "query": among_passages(compiled), "sort": ["id"], "_source": false,
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

/// Forgets what is remembered where it is too much; it is asked for again.
fn forget<K, V>(known: &mut FxHashMap<K, V>, most: usize) {
    if known.len() >= most {
        known.clear();
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
