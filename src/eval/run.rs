//! Asks topics as users would, and keeps what was found.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::known::Unit;
use super::{Asking, Topic};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::id_text;
use crate::query::{LONGEST_QUERY, Query};
use crate::rank::Hit;
use crate::search::{MOST_HITS, SearchRequest, Searcher};

/// What was found for a list of topics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// In the order asked.
    pub topics: Vec<TopicRun>,
}

/// What was found for a topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicRun {
    /// The topic's id.
    pub topic: String,
    /// Best first, each once.
    pub documents: Vec<Ranked>,
    /// From text to ranking.
    pub took: Duration,
}

/// A document (or passage) in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Of the document, or of the passage where passages are judged.
    pub id: String,
    /// Never above the score before it.
    pub score: f32,
}

/// Asks each topic for `depth` documents or passages; gives with the run what was odd.
///
/// # Errors
/// Where the index cannot be read; `Interrupted` when `stop` is set. No text of a topic is an error.
pub fn run<E: Engine>(
    searcher: &Searcher<E>,
    topics: &[&Topic],
    unit: Unit,
    depth: usize,
    asking: Asking<'_>,
) -> Result<(Run, Vec<String>)> {
    let (feedback, lexical) = (asking.feedback, asking.lexical);
    let (names, warnings) = (HashMap::new(), Vec::new());
    let mut asker = Asker { searcher, unit, depth, feedback, lexical, names, warnings };
    let mut run = Run::default();
    for topic in topics {
        if asking.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        run.topics.push(asker.ask(topic)?);
    }
    Ok((run, asker.warnings))
}

struct Asker<'a, E> {
    searcher: &'a Searcher<E>,
    unit: Unit,
    depth: usize,
    feedback: bool,
    lexical: bool,
    /// Ids of documents by the engine's number for them.
    names: HashMap<u64, String>,
    warnings: Vec<String>,
}

impl<E: Engine> Asker<'_, E> {
    fn ask(&mut self, topic: &Topic) -> Result<TopicRun> {
        let start = Instant::now();
        let Some((request, mut query)) = self.understand(topic)? else {
            return Ok(TopicRun { topic: topic.id.clone(), ..TopicRun::default() });
        };
        query = self.searcher.naming(query)?;
        if self.feedback {
            query = self.searcher.fed_back(query)?;
        }
        let best = self.best(&query)?;
        let relaxed = if best.is_empty() { self.relaxed(request)? } else { Vec::new() };
        let took = start.elapsed();
        let mut documents = relaxed;
        for (number, hit) in best {
            documents.push(Ranked { id: self.name(number, &hit)?, score: hit.score });
        }
        Ok(TopicRun { topic: topic.id.clone(), documents, took })
    }

    /// The topic as a query. One that is too long is cut; one that looks like malformed syntax, which
    /// a user would be told to correct, is read as plain words. `None` where nothing can be asked.
    fn understand(&mut self, topic: &Topic) -> Result<Option<(SearchRequest, Query)>> {
        let whole = topic.text.trim();
        let text = shortened(whole);
        if text.len() < whole.len() {
            self.warnings.push(format!(
                "the topic `{}` has {} bytes; the first {} are asked",
                topic.id,
                whole.len(),
                text.len()
            ));
        }
        let request = SearchRequest { lexical: self.lexical, ..SearchRequest::new(text) };
        match self.searcher.query(&request) {
            Err(Error::Query { message, .. } | Error::QueryTooLarge { message, .. }) => {
                self.warnings
                    .push(format!("the topic `{}` is asked as plain words: {message}", topic.id));
                self.plain(topic, text)
            }
            query => Ok(Some((request, query?))),
        }
    }

    /// As many of the words, without any syntax, as a query may have.
    fn plain(&mut self, topic: &Topic, text: &str) -> Result<Option<(SearchRequest, Query)>> {
        let words = plain_words(text);
        let mut number = words.len();
        loop {
            let words = words.get(..number).unwrap_or_default().join(" ");
            let request = SearchRequest { lexical: self.lexical, ..SearchRequest::new(words) };
            match self.searcher.query(&request) {
                Err(Error::QueryTooLarge { .. }) if number > 0 => number = number * 7 / 8,
                Err(Error::Query { message, .. } | Error::QueryTooLarge { message, .. }) => {
                    let told =
                        format!("the topic `{}` cannot be asked at all: {message}", topic.id);
                    self.warnings.push(told);
                    return Ok(None);
                }
                query => return Ok(Some((request, query?))),
            }
        }
    }

    /// The best hit of each of the best documents (or passages), with the number of its unit.
    fn best(&self, query: &Query) -> Result<Vec<(u64, Hit)>> {
        let engine = self.searcher.engine();
        let summary = engine.summary();
        let is_one_each = self.unit == Unit::Passage || summary.passages == summary.documents;
        let mut fetch = if is_one_each { self.depth } else { self.depth * 4 };
        loop {
            let (ranking, is_all) = self.searcher.best_of(query, fetch)?;
            let mut seen = HashSet::new();
            let mut best = Vec::new();
            for hit in ranking.hits {
                let number = match self.unit {
                    Unit::Document => engine.document_of(&hit)?,
                    Unit::Passage => hit.id,
                };
                if best.len() < self.depth && seen.insert(number) {
                    best.push((number, hit));
                }
            }
            if is_all || best.len() == self.depth {
                return Ok(best);
            }
            fetch *= 4;
        }
    }

    /// What a search answers where nothing matches the query as it stands: its quotations as words.
    fn relaxed(&self, request: SearchRequest) -> Result<Vec<Ranked>> {
        let limit = self.depth.min(MOST_HITS);
        let request = SearchRequest { limit, per_document: Some(0), ..request };
        let mut seen = HashSet::new();
        let mut documents = Vec::new();
        for found in self.searcher.search(&request)?.hits {
            let id = match self.unit {
                Unit::Document => found.passage.report.doc_id.clone(),
                Unit::Passage => found.passage.id,
            };
            if seen.insert(id.clone()) {
                documents.push(Ranked { id, score: found.score });
            }
        }
        Ok(documents)
    }

    /// The id of a hit's unit. A document's is read from the index once.
    fn name(&mut self, number: u64, hit: &Hit) -> Result<String> {
        if self.unit == Unit::Passage {
            return Ok(id_text(number));
        }
        if let Some(name) = self.names.get(&number) {
            return Ok(name.clone());
        }
        let passages = self.searcher.engine().load(std::slice::from_ref(hit))?;
        let name = passages.into_iter().next().map(|passage| passage.report.doc_id.clone());
        let name = name.ok_or_else(|| Error::Internal {
            message: format!("the passage `{}` was found and cannot be loaded", id_text(hit.id)),
        })?;
        self.names.insert(number, name.clone());
        Ok(name)
    }
}

/// The beginning of a text that a query may have, up to the end of a word where there is one.
fn shortened(text: &str) -> &str {
    if text.len() <= LONGEST_QUERY {
        return text;
    }
    let end = (0..=LONGEST_QUERY).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    let start = text.get(..end).unwrap_or_default();
    start.rsplit_once(char::is_whitespace).map_or(start, |(words, _)| words.trim_end())
}

/// The words of a text, without what the query language could take for syntax.
fn plain_words(text: &str) -> Vec<String> {
    let is_syntax = |c: char| c.is_whitespace() || "\"“”„‟«»「」()[]{}:*?/\\^~<>|".contains(c);
    let words = text.split(is_syntax).map(|word| word.trim_start_matches(['+', '-', '−']));
    let words = words.filter(|word| word.contains(char::is_alphanumeric));
    let plain = |word: &str| match word {
        "AND" | "OR" | "NOT" | "NEAR" | "PRE" => word.to_lowercase(),
        word => word.to_owned(),
    };
    words.map(plain).collect()
}
