//! Receipts: what was asked of what, when, and what was found, so that a search can be reported (PRISMA-S, Rethlefsen
//! et al. 2021), kept with the work that rests on it, and run again.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::diff::{Fate, Known, fate};
use crate::engine::Engine;
use crate::engine::local::FORMAT;
use crate::error::{Error, Result};
use crate::search::{Found, SearchRequest, SearchResponse, Searcher, Sort};

/// The schema of a receipt; later ones only add fields.
const SCHEMA: &str = "tipsearch.receipt/1";

/// A search and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// `tipsearch.receipt/1`.
    pub schema: String,
    /// Name and version of the program.
    pub program: String,
    /// The format of the index.
    pub index_format: u32,
    /// When it was asked: UTC, RFC 3339, to the second.
    pub time: String,
    /// What was asked.
    pub request: Request,
    /// The query as understood.
    pub parsed: String,
    /// What was searched for beside the words as typed.
    pub expanded: Vec<Expanded>,
    /// Words that were nowhere in the index.
    pub unknown: Vec<String>,
    /// A digest of the thesaurus, in hexadecimal; empty where none was asked.
    pub thesaurus: String,
    /// What was searched.
    pub index: Index,
    /// How much matched.
    pub total: Totals,
    /// Files that could not be read, where the search was exhaustive.
    pub not_read: Vec<String>,
    /// What was returned, in its order.
    pub results: Vec<Returned>,
}

/// A search request as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields of a `SearchRequest`")]
pub struct Request {
    pub query: String,
    pub filter: Option<String>,
    pub section: Option<String>,
    /// `None`: all.
    pub limit: Option<usize>,
    pub per_document: Option<usize>,
    pub sort: String,
    pub copies: bool,
    pub literal: bool,
    pub synonyms: bool,
    pub exhaustive: bool,
    pub feedback: bool,
    pub lexical: bool,
    pub like: Option<String>,
}

/// Words that were added to a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of an `Expansion`")]
pub struct Expanded {
    pub from: String,
    pub to: Vec<String>,
    pub by: String,
}

/// An index in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of a `Summary`")]
pub struct Index {
    pub generation: u64,
    pub digest: String,
    pub documents: u64,
    pub passages: u64,
}

/// How much matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of a `Total`")]
pub struct Totals {
    pub passages: u64,
    pub documents: u64,
    pub is_exact: bool,
}

/// A passage that was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of a `Found` and its `Passage`")]
pub struct Returned {
    pub rank: usize,
    pub id: String,
    pub doc_id: String,
    pub section: Vec<String>,
    pub text: String,
}

impl Returned {
    /// What is kept of a hit.
    pub fn of(found: &Found) -> Returned {
        let passage = &found.passage;
        Returned {
            rank: found.rank,
            id: passage.id.clone(),
            doc_id: passage.report.doc_id.clone(),
            section: passage.trail.clone(),
            text: passage.text.clone(),
        }
    }

    fn known(&self) -> Known {
        Known {
            id: self.id.clone(),
            doc_id: self.doc_id.clone(),
            trail: self.section.clone(),
            text: self.text.clone(),
        }
    }
}

impl Receipt {
    /// The receipt of a search that has just been answered. `all`: every hit was asked for.
    pub fn of<E: Engine>(
        searcher: &Searcher<E>,
        request: &SearchRequest,
        all: bool,
        response: &SearchResponse,
        results: Vec<Returned>,
    ) -> Receipt {
        let index = &response.index;
        let exhaustive = response.exhaustive.as_ref();
        let not_read = exhaustive.map_or(&[][..], |exhaustive| &exhaustive.not_read);
        let uses_thesaurus = request.synonyms && !request.literal;
        Receipt {
            schema: SCHEMA.to_owned(),
            program: format!("tipsearch {}", env!("CARGO_PKG_VERSION")),
            index_format: FORMAT,
            time: now(),
            request: kept(request, all),
            parsed: response.parsed.clone(),
            expanded: response.expansions.iter().map(expanded).collect(),
            unknown: response.unknown.clone(),
            thesaurus: match uses_thesaurus {
                true => format!("{:08x}", searcher.thesaurus().digest()),
                false => String::new(),
            },
            index: Index {
                generation: index.generation,
                digest: index.digest.clone(),
                documents: index.documents,
                passages: index.passages,
            },
            total: Totals {
                passages: response.total.passages,
                documents: response.total.documents,
                is_exact: response.total.is_exact,
            },
            not_read: not_read.iter().map(|(doc_id, _)| doc_id.clone()).collect(),
            results,
        }
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// `Usage`: why the text is none.
    pub fn parse(text: &str) -> Result<Receipt> {
        let wrong = |message: String| Error::Usage {
            message,
            hint: Some("a receipt is written by `tipsearch QUERY --receipt FILE`".to_owned()),
        };
        let receipt: Receipt = serde_json::from_str(text)
            .map_err(|error| wrong(format!("this is no receipt: {error}")))?;
        match receipt.schema == SCHEMA {
            true => Ok(receipt),
            false => Err(wrong(format!("the schema is `{}`, not `{SCHEMA}`", receipt.schema))),
        }
    }
}

fn expanded(expansion: &crate::query::Expansion) -> Expanded {
    let by = expansion.by.name();
    Expanded { from: expansion.from.clone(), to: expansion.to.clone(), by: by.to_owned() }
}

fn kept(request: &SearchRequest, all: bool) -> Request {
    Request {
        query: request.query.clone(),
        filter: request.filter.clone(),
        section: request.section.clone(),
        limit: (!all).then_some(request.limit),
        per_document: request.per_document,
        sort: request.sort.name().to_owned(),
        copies: request.copies,
        literal: request.literal,
        synonyms: request.synonyms,
        exhaustive: request.exhaustive,
        feedback: request.feedback,
        lexical: request.lexical,
        like: request.like.clone(),
    }
}

impl Request {
    fn search(&self) -> Result<SearchRequest> {
        let sort = match self.sort.as_str() {
            "" => Sort::Score,
            name => Sort::named(name)
                .ok_or_else(|| Error::usage(format!("there is no order `{name}`")))?,
        };
        let new = SearchRequest::new(self.query.clone());
        Ok(SearchRequest {
            filter: self.filter.clone(),
            section: self.section.clone(),
            limit: self.limit.unwrap_or(new.limit),
            per_document: self.per_document,
            sort,
            copies: self.copies,
            literal: self.literal,
            synonyms: self.synonyms,
            exhaustive: self.exhaustive,
            feedback: self.feedback,
            lexical: self.lexical,
            relax: false,
            like: self.like.clone(),
            ..new
        })
    }
}

/// The time in UTC as RFC 3339, to the second.
fn now() -> String {
    let now = time::OffsetDateTime::from(SystemTime::now());
    let seconds = now.replace_nanosecond(0).unwrap_or(now);
    seconds.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// A search run again.
#[derive(Clone, Debug)]
pub struct Replay {
    /// As it was.
    pub before: Receipt,
    /// As it is.
    pub now: Receipt,
    /// What became of each result that was, and its rank now, if it has one.
    pub fates: Vec<(Fate, Option<usize>)>,
}

impl Replay {
    /// Whether the same passages came in the same order, of as many.
    pub fn is_same(&self) -> bool {
        self.before.results == self.now.results && self.before.total == self.now.total
    }

    /// The results that were not among those before.
    pub fn added(&self) -> impl Iterator<Item = &Returned> {
        let was = |id: &str| self.before.results.iter().any(|returned| returned.id == id);
        self.now.results.iter().filter(move |returned| !was(&returned.id))
    }
}

/// Asks again what a receipt says was asked.
///
/// # Errors
/// As [`Searcher::search`].
pub fn replay<E: Engine>(searcher: &Searcher<E>, before: Receipt) -> Result<Replay> {
    let request = before.request.search()?;
    let all = before.request.limit.is_none();
    let mut results = Vec::new();
    let response = match all {
        true => searcher.stream(&request, |found| {
            results.push(Returned::of(found));
            Ok(())
        })?,
        false => {
            let response = searcher.search(&request)?;
            results.extend(response.hits.iter().map(Returned::of));
            response
        }
    };
    let ranks: rustc_hash::FxHashMap<&str, usize> =
        results.iter().map(|returned| (returned.id.as_str(), returned.rank)).collect();
    let mut fates = Vec::with_capacity(before.results.len());
    for returned in &before.results {
        let rank = ranks.get(returned.id.as_str()).copied();
        fates.push((fate(searcher.engine(), &returned.known())?, rank));
    }
    let now = Receipt::of(searcher, &request, all, &response, results);
    Ok(Replay { before, now, fates })
}
