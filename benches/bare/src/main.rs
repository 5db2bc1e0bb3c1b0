//! The measure of speed: the least that a program on tantivy does to index passages and to search.
//!
//! ```text
//! bare index PASSAGES.jsonl DIR [THREADS [MEMORY]]   lines {"text": "..."}; prints counts as JSON
//! bare search DIR QUERY                              prints the ids of the ten best passages
//! bare loop DIR QUERIES.txt ROUNDS                   prints the median time of each query as JSON
//! ```
//!
//! `DIR` is an index of this program or of tipsearch. A query is terms as they stand in the index:
//! each scores, and those `"in quotes"` must follow one another, which is how tipsearch reads it too.

#![forbid(unsafe_code)]

mod query;
mod write;

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use tantivy::collector::TopDocs;
use tantivy::{Index, ReloadPolicy, Searcher};

/// The result of everything here: a failure ends the program with its message.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "usage: bare index PASSAGES.jsonl DIR [THREADS [MEMORY]]
       bare search DIR QUERY
       bare loop DIR QUERIES.txt ROUNDS";

/// How many passages a search finds.
const BEST: usize = 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bare: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["index", passages, folder, options @ ..] if options.len() <= 2 => {
            write::index(Path::new(passages), Path::new(folder), options)
        }
        ["search", folder, query] => {
            for id in best(&open(Path::new(folder))?, query)? {
                println!("{id}");
            }
            Ok(())
        }
        ["loop", folder, queries, rounds] => {
            let queries = std::fs::read_to_string(queries)?;
            time(&open(Path::new(folder))?, &queries, rounds.parse()?)
        }
        _ => Err(USAGE.into()),
    }
}

/// Opens an index of ours or of tipsearch, whose `current.json` names the folder of its segments.
fn open(folder: &Path) -> Result<Searcher> {
    let folder = match std::fs::read(folder.join("current.json")) {
        Ok(current) => segments(folder, &current)?,
        Err(_) => folder.to_owned(),
    };
    let index = Index::open_in_dir(folder)?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(reader.searcher())
}

fn segments(folder: &Path, current: &[u8]) -> Result<PathBuf> {
    let current: serde_json::Value = serde_json::from_slice(current)?;
    let name = current["folder"].as_str().ok_or("`current.json` names no folder")?;
    Ok(folder.join(name))
}

/// The ids of the best passages: those that tipsearch gave them, else where they lie in the index.
fn best(searcher: &Searcher, text: &str) -> Result<Vec<u64>> {
    let query = query::parse(text, searcher.schema())?;
    let found = searcher.search(&query, &TopDocs::with_limit(BEST).order_by_score())?;
    let mut ids = Vec::with_capacity(found.len());
    for (_, address) in found {
        let reader = searcher.segment_reader(address.segment_ord);
        let given = match searcher.schema().get_field("id") {
            Ok(_) => reader.fast_fields().u64("id")?.first(address.doc_id),
            Err(_) => None,
        };
        let place = u64::from(address.segment_ord) << 32 | u64::from(address.doc_id);
        ids.push(given.unwrap_or(place));
    }
    Ok(ids)
}

/// Times each query, one to a line, warm and in turn.
fn time(searcher: &Searcher, queries: &str, rounds: usize) -> Result<()> {
    let queries: Vec<&str> = queries.lines().filter(|line| !line.is_empty()).collect();
    let mut times = vec![Vec::with_capacity(rounds); queries.len()];
    for round in 0..rounds + rounds.div_ceil(10) {
        for (query, times) in queries.iter().zip(&mut times) {
            let start = Instant::now();
            black_box(best(searcher, query)?);
            // The first tenth warms up.
            if round >= rounds.div_ceil(10) {
                times.push(start.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    println!("{}", serde_json::json!({"search_us": medians}));
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
