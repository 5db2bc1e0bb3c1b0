//! The least that a server on axum and tantivy does to answer a query, over an index of tipsearch.
//!
//! ```text
//! minimal INDEX ADDRESS:PORT
//! ```
//!
//! `GET /search?query=...` answers with the ids of the ten best passages and the first 240 characters of their text. The
//! words of the query are terms of which any may stand in the main field, as BM25 weighs them: no synonyms, no
//! neighbours, no filters, no marks, no citations. It has neither limits, nor a log, nor a check of who asks.

#![forbid(unsafe_code)]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{Index, ReloadPolicy, Searcher, TantivyDocument, Term};
use tipsearch::analyze::{Analyzer, folded, is_stop_word};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// So many characters of a passage.
const CHARACTERS: usize = 240;

struct Opened {
    searcher: Searcher,
    main: Field,
    record: Field,
}

#[derive(Deserialize)]
struct Asked {
    query: String,
}

#[derive(Serialize)]
struct Hit {
    id: String,
    score: f32,
    text: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [index, address] = arguments.as_slice() else {
        eprintln!("usage: minimal INDEX ADDRESS:PORT");
        return ExitCode::from(2);
    };
    match serve(Path::new(index), address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("minimal: {error}");
            ExitCode::from(2)
        }
    }
}

async fn serve(index: &Path, address: &str) -> Result<()> {
    let opened = Arc::new(open(index)?);
    let router = Router::new().route("/search", get(search)).with_state(opened);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

fn open(folder: &Path) -> Result<Opened> {
    let current = std::fs::read(folder.join("current.json"))?;
    let current: serde_json::Value = serde_json::from_slice(&current)?;
    let name = current["folder"].as_str().ok_or("`current.json` names no folder")?;
    let index = Index::open_in_dir(folder.join(name))?;
    let schema = index.schema();
    let (main, record) = (schema.get_field("main")?, schema.get_field("record")?);
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Opened { searcher: reader.searcher(), main, record })
}

/// The search runs where it is asked for: two threads of the runtime, and nothing beside to be done.
async fn search(State(opened): State<Arc<Opened>>, asked: Query<Asked>) -> Json<Vec<Hit>> {
    Json(best(&opened, &asked.query).unwrap_or_default())
}

fn best(opened: &Opened, query: &str) -> Result<Vec<Hit>> {
    let terms = terms(query).into_iter().map(|term| {
        let term = Term::from_field_text(opened.main, &term);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(query) as Box<dyn tantivy::query::Query>)
    });
    let query = BooleanQuery::new(terms.collect());
    let found = opened.searcher.search(&query, &TopDocs::with_limit(10).order_by_score())?;
    let mut hits = Vec::with_capacity(found.len());
    for (score, address) in found {
        let reader = opened.searcher.segment_reader(address.segment_ord);
        let id = reader.fast_fields().u64("id")?.first(address.doc_id).unwrap_or_default();
        let stored: TantivyDocument = opened.searcher.doc(address)?;
        let record = stored.get_first(opened.record).and_then(|value| value.as_bytes());
        // What stands around the text in a record is shown as it is: the work is the same.
        let text = String::from_utf8_lossy(record.unwrap_or_default());
        let text = text.chars().take(CHARACTERS).collect();
        hits.push(Hit { id: format!("{id:x}"), score, text });
    }
    Ok(hits)
}

/// The terms of a query, each once, without the words that tipsearch leaves out of prose.
fn terms(query: &str) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for token in Analyzer::default().tokens(query) {
        let word = folded(query.get(token.bytes).unwrap_or_default());
        if !is_stop_word(&word) && !terms.contains(&token.term) {
            terms.push(token.term);
        }
    }
    terms
}
