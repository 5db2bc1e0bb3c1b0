//! Indexing of passages that somebody else has read and cut.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use tantivy::indexer::UserOperation;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{Index, IndexWriter, TantivyDocument};

use crate::Result;

/// The one field.
pub const TEXT: &str = "text";

const TOKENIZER: &str = "english";

/// Bytes for postings not yet written, all threads together: what tipsearch takes by default.
const MEMORY: usize = 96_000_000;

/// Passages handed over at a time, about as many as tipsearch cuts from one report.
const BATCH: usize = 64;

/// Indexes the passages of a file, one JSON object to a line; waits for merges. `options`: threads
/// (2) and memory in bytes.
pub fn index(passages: &Path, folder: &Path, options: &[&str]) -> Result<()> {
    let threads = options.first().map_or(Ok(2), |threads| threads.parse())?;
    let memory = options.get(1).map_or(Ok(MEMORY), |memory| memory.parse())?;
    fs::create_dir_all(folder)?;
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing).set_stored();
    let field = builder.add_text_field(TEXT, options);
    let index = Index::create_in_dir(folder, builder.build())?;
    let analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::English))
        .build();
    index.tokenizers().register(TOKENIZER, analyzer);
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, memory)?;
    let mut batch = Vec::with_capacity(BATCH);
    let mut count = 0u64;
    for line in BufReader::new(fs::File::open(passages)?).lines() {
        let mut document = TantivyDocument::new();
        document.add_text(field, text(&line?)?);
        batch.push(UserOperation::Add(document));
        count += 1;
        if batch.len() == BATCH {
            writer.run(batch.drain(..))?;
        }
    }
    writer.run(batch)?;
    writer.commit()?;
    writer.wait_merging_threads()?;
    let segments = index.searchable_segment_ids()?.len();
    println!("{}", serde_json::json!({"passages": count, "segments": segments}));
    Ok(())
}

fn text(line: &str) -> Result<String> {
    let mut passage: serde_json::Value = serde_json::from_str(line)?;
    match passage.get_mut(TEXT).map(serde_json::Value::take) {
        Some(serde_json::Value::String(text)) => Ok(text),
        _ => Err("a line of the passages has no `text`".into()),
    }
}
