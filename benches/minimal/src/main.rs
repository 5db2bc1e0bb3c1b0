//! The least that a server on axum and tantivy does to answer a query, over the passages of an index of tipsearch: it
//! makes an index of its own of them before it listens.
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
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexSettings, Searcher, TantivyDocument, Term};
use tipsearch::analyze::{Analyzer, folded, is_stop_word};
use tipsearch::engine::Engine;
use tipsearch::engine::local::LocalEngine;
use tipsearch::passage::Passage;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// So many characters of a passage.
const CHARACTERS: usize = 240;

/// So many passages are read at a time.
const AT_ONCE: usize = 1000;

struct Opened {
    searcher: Searcher,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    main: Field,
    text: Field,
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
    let engine = LocalEngine::open(folder)?;
    let mut schema = Schema::builder();
    let main = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs);
    let fields = Fields {
        id: schema.add_u64_field("id", FAST),
        main: schema.add_text_field("main", TextOptions::default().set_indexing_options(main)),
        text: schema.add_text_field("text", STORED),
    };
    let compressor = Compressor::Zstd(ZstdCompressor { compression_level: Some(3) });
    let settings = IndexSettings { docstore_compression: compressor, ..IndexSettings::default() };
    let index = Index::builder().schema(schema.build()).settings(settings);
    let index = index.create_from_tempdir()?;
    let mut writer = index.writer_with_num_threads(2, 200_000_000)?;
    let all = tipsearch::query::Query::parse("*", &engine.summary().fields)?;
    let mut analyzer = Analyzer::default();
    for hits in engine.every(&all)?.chunks(AT_ONCE) {
        for (passage, hit) in engine.load(hits)?.into_iter().zip(hits) {
            writer.add_document(document(fields, hit.id, passage, &mut analyzer))?;
        }
    }
    writer.commit()?;
    Ok(Opened { searcher: index.reader()?.searcher(), fields })
}

/// A passage with the terms that tipsearch ranks it by.
fn document(fields: Fields, id: u64, passage: Passage, analyzer: &mut Analyzer) -> TantivyDocument {
    let around = [Some(passage.report.title.as_str()), passage.heading()];
    let mut tokens = Vec::new();
    for text in around.into_iter().flatten().chain([passage.text.as_str()]) {
        let terms = analyzer.tokens(text).into_iter();
        tokens.extend(terms.map(|token| Token { text: token.term, ..Token::default() }));
    }
    let mut document = TantivyDocument::new();
    document.add_u64(fields.id, id);
    let text = String::new();
    document.add_pre_tokenized_text(fields.main, PreTokenizedString { text, tokens });
    document.add_text(fields.text, passage.text);
    document
}

/// The search runs where it is asked for: two threads of the runtime, and nothing beside to be done.
async fn search(State(opened): State<Arc<Opened>>, asked: Query<Asked>) -> Json<Vec<Hit>> {
    Json(best(&opened, &asked.query).unwrap_or_default())
}

fn best(opened: &Opened, query: &str) -> Result<Vec<Hit>> {
    let terms = terms(query).into_iter().map(|term| {
        let term = Term::from_field_text(opened.fields.main, &term);
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
        let text = stored.get_first(opened.fields.text).and_then(|value| value.as_str());
        let text = text.unwrap_or_default().chars().take(CHARACTERS).collect();
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
