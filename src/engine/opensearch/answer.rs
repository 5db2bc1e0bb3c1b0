//! What every engine answers, answered by a cluster.

use std::collections::BTreeSet;

use serde_json::json;

use super::client::Content;
use super::compile::{among_passages, is_exact};
use super::ranking::{Looked, all_that_match};
use super::read::{DIFFERENCES, LOADED_AT_ONCE, OpenSearchEngine, PAGE, groups};
use super::state;
use crate::engine::flat::filter_terms;
use crate::engine::record::{doc_number, doc_term, meta_term};
use crate::engine::retired::List;
use crate::engine::{Catalog, Engine, Listed, Retired, Storage, Summary, held, once};
use crate::error::{Error, Result};
use crate::passage::{Passage, id_number, id_text};
use crate::query::{Filter, Pattern, Query, TextField, Vocabulary};
use crate::rank::{Explanation, Hit, Ranking, Total};

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
        Ok(Ranking { hits, total: None })
    }

    fn every(&self, query: &Query) -> Result<Vec<Hit>> {
        let hits = match is_exact(&query.clause) {
            true => self.every_exact(query)?,
            false => all_that_match(self, query)?,
        };
        if query.until.has_cut() { Err(Error::TimedOut) } else { Ok(hits) }
    }

    fn has(&self, filter: &Filter) -> Result<bool> {
        let asked = json!({
            "size": 0, "track_total_hits": 1,
            "query": { "terms": { "meta": filter_terms(filter) } },
        });
        let told = self.client.search(&self.index, &asked, "")?;
        Ok(told["hits"]["total"]["value"].as_u64().unwrap_or(0) > 0)
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
            let hits = all_that_match(self, query)?;
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
            "query": { "term": { "document": doc_term(doc_id) } }, "sort": ["ordinal", "id"],
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
        self.listed.of(|| self.catalog())
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
        let counted = self.count_all(vec![(field, term.to_owned())])?;
        Ok(counted.into_values().next().unwrap_or(0))
    }

    fn prepare(&self, terms: &mut dyn FnMut() -> Vec<(TextField, String)>) -> Result<()> {
        self.count_all(terms()).map(|_| ())
    }

    fn words_like(&self, pattern: &Pattern, limit: usize) -> Result<Vec<(String, String)>> {
        self.list()?.like(pattern, limit)
    }

    fn have_only(&self, terms: &[String], words: &[String]) -> Result<bool> {
        self.list()?.have_only(terms, words)
    }

    fn languages(&self) -> Result<Vec<String>> {
        once(&self.languages, || self.values("lang")).cloned()
    }

    fn passages_in(&self, language: &str, terms: &[&str]) -> Result<Vec<u64>> {
        let of_language = json!({ "term": { "meta": meta_term("lang", language) } });
        let terms: Vec<_> = terms.iter().map(|term| (TextField::Main, *term)).collect();
        self.buckets(&of_language, &terms)
    }

    fn is_written(&self, word: &str) -> Result<bool> {
        self.list()?.has(word)
    }
}
