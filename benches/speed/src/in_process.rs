//! The speed of a search inside a process, and what `benches/run.sh` needs for its comparator.
//!
//! ```text
//! in_process export INDEX OUT.jsonl          the passages of an index, one JSON object to a line
//! in_process terms INDEX QUERIES.txt         the terms that each query has in the main field
//! in_process time INDEX QUERIES.txt ROUNDS   median microseconds of each query and of its stages
//! in_process each INDEX QUERIES.txt          the time of every query once, warm: median, p99, the slowest
//! ```

#![forbid(unsafe_code)]
// A program of its own: what it measures goes to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};
use tipsearch::engine::Engine;
use tipsearch::engine::local::LocalEngine;
use tipsearch::error::{Error, Result};
use tipsearch::highlight::{Marker, SNIPPET_CHARACTERS, fragments};
use tipsearch::index::staleness;
use tipsearch::query::{Clause, Query, TextField};
use tipsearch::search::{SearchRequest, Searcher};

const USAGE: &str = "usage: in_process export INDEX OUT.jsonl
       in_process terms INDEX QUERIES.txt
       in_process time INDEX QUERIES.txt ROUNDS
       in_process each INDEX QUERIES.txt
`benches/run.sh` calls it and shows what it measures";

/// How many passages a search finds.
const BEST: usize = 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("in_process: {error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["export", index, out] => export(&LocalEngine::open(Path::new(index))?, Path::new(out)),
        ["terms", index, queries] => {
            let engine = LocalEngine::open(Path::new(index))?;
            lines(queries)?.iter().try_for_each(|query| {
                println!("{}", terms(&engine, query)?);
                Ok(())
            })
        }
        ["time", index, queries, rounds] => {
            let rounds = rounds.parse().map_err(|_| Error::usage(USAGE))?;
            time(Path::new(index), &lines(queries)?, rounds)
        }
        ["each", index, queries] => each(Path::new(index), &lines(queries)?),
        _ => Err(Error::usage(USAGE)),
    }
}

/// How many of the slowest queries are named.
const NAMED: usize = 10;

/// Answers every query of a list, and prints how long that took and which took longest.
fn each(index: &Path, queries: &[String]) -> Result<()> {
    let searcher = Searcher::new(LocalEngine::open(index)?);
    let mut times: Vec<(f64, &str)> = Vec::with_capacity(queries.len());
    let (mut failed, mut empty) = (Vec::new(), 0);
    for query in queries {
        let request = SearchRequest::new(query);
        // The second time counts: the first has the files read.
        let answer = searcher.search(&request).and_then(|_| {
            let start = Instant::now();
            let found = searcher.search(&request)?;
            Ok((start.elapsed().as_secs_f64() * 1e6, found.hits.is_empty()))
        });
        match answer {
            Ok((time, is_empty)) => {
                times.push((time, query));
                empty += usize::from(is_empty);
            }
            Err(error) => failed.push(format!("{query}: {error}")),
        }
    }
    times.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let at = |part: usize| times.get(times.len() * part / 100).map_or(f64::NAN, |time| time.0);
    let slowest = times.iter().rev().take(NAMED).map(|(time, query)| json!([query, time]));
    println!(
        "{}",
        json!({
            "queries": queries.len(),
            "empty": empty,
            "failed": failed,
            "median_us": at(50),
            "p99_us": at(99),
            "slowest_us": slowest.collect::<Vec<_>>(),
        })
    );
    Ok(())
}

fn lines(path: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Writes the texts of all passages, and prints how many there are and their length in bytes.
fn export(engine: &LocalEngine, out: &Path) -> Result<()> {
    let failed = |error| Error::io("write", out, error);
    let mut file = BufWriter::new(fs::File::create(out).map_err(failed)?);
    let (mut passages, mut bytes) = (0, 0);
    for listed in engine.documents()? {
        for passage in engine.document(&listed.doc_id)? {
            let line = json!({"id": passage.id, "text": passage.text});
            writeln!(file, "{line}").map_err(failed)?;
            passages += 1;
            bytes += passage.text.len();
        }
    }
    file.flush().map_err(failed)?;
    println!("{}", json!({"passages": passages, "text_bytes": bytes}));
    Ok(())
}

/// The terms of a query, its phrases in quotes, as a program without our analyzer can look them up.
fn terms(engine: &LocalEngine, text: &str) -> Result<String> {
    let query = Query::parse(text, &engine.summary().fields)?;
    let mut terms = Vec::new();
    query.clause.visit_positive(&mut |clause| match clause {
        Clause::Word(word) if word.field == TextField::Main => terms.push(word.term.clone()),
        Clause::Phrase(phrase) if phrase.field == TextField::Main => {
            let phrase: Vec<&str> = phrase.terms.iter().map(|term| term.term.as_str()).collect();
            terms.push(format!("\"{}\"", phrase.join(" ")));
        }
        _ => {}
    });
    Ok(terms.join(" "))
}

/// The times of one query, microseconds.
#[derive(Default)]
struct Times {
    /// Parse, expand and find: the ids of the ten best passages.
    retrieve: Vec<f64>,
    /// The same and everything that is shown of them: passages, marks, snippets, counts.
    search: Vec<f64>,
    stages: Stages,
}

#[derive(Default)]
struct Stages {
    parse: Vec<f64>,
    /// Parsing once more, and whatever is added to what was typed.
    expand: Vec<f64>,
    rank: Vec<f64>,
    load: Vec<f64>,
    mark: Vec<f64>,
    snippets: Vec<f64>,
    count: Vec<f64>,
}

/// Times each query, warm and in turn, and what a process does once.
fn time(index: &Path, queries: &[String], rounds: usize) -> Result<()> {
    let mut open = Vec::new();
    for _ in 0..rounds {
        clocked(&mut open, || LocalEngine::open(index))?;
    }
    let searcher = Searcher::new(LocalEngine::open(index)?);
    let mut stale = Vec::new();
    for _ in 0..rounds.min(30) {
        clocked(&mut stale, || staleness(searcher.engine(), &index.to_owned().into()))?;
    }
    let mut times: Vec<Times> = queries.iter().map(|_| Times::default()).collect();
    for round in 0..rounds + rounds.div_ceil(10) {
        // The first tenth warms up.
        if round == rounds.div_ceil(10) {
            times.fill_with(Times::default);
        }
        for (query, times) in queries.iter().zip(&mut times) {
            one(&searcher, query, times)?;
        }
    }
    println!(
        "{}",
        json!({
            "open_us": median(&mut open),
            "staleness_us": median(&mut stale),
            "retrieve_us": times.iter_mut().map(|t| median(&mut t.retrieve)).collect::<Vec<_>>(),
            "search_us": times.iter_mut().map(|t| median(&mut t.search)).collect::<Vec<_>>(),
            "stages_us": times.iter_mut().map(|t| t.stages.medians()).collect::<Vec<_>>(),
        })
    );
    Ok(())
}

fn one(searcher: &Searcher<LocalEngine>, text: &str, times: &mut Times) -> Result<()> {
    let request = SearchRequest::new(text);
    let engine = searcher.engine();
    clocked(&mut times.retrieve, || engine.retrieve(&searcher.query(&request)?, BEST))?;
    clocked(&mut times.search, || searcher.search(&request))?;
    let stages = &mut times.stages;
    clocked(&mut stages.parse, || Query::parse(text, &engine.summary().fields))?;
    let query = clocked(&mut stages.expand, || searcher.query(&request))?;
    let ranking = clocked(&mut stages.rank, || engine.retrieve(&query, BEST))?;
    let passages = clocked(&mut stages.load, || engine.load(&ranking.hits))?;
    let passed = clocked(&mut stages.mark, || {
        let mut marker = Marker::new(&query);
        let marks = passages.iter().map(|passage| marker.mark(&passage.trail, &passage.text));
        Ok(marks.collect::<Vec<_>>())
    })?;
    clocked(&mut stages.snippets, || {
        for (passage, passed) in passages.iter().zip(&passed) {
            let marks = passed.as_ref().map_or(&[][..], |passed| &passed.marks);
            black_box(fragments(&passage.text, marks, SNIPPET_CHARACTERS));
        }
        Ok(())
    })?;
    clocked(&mut stages.count, || engine.total(&query, false))?;
    Ok(())
}

impl Stages {
    /// Name and median of each stage, in the order of a search.
    fn medians(&mut self) -> Value {
        json!([
            ["parse", median(&mut self.parse)],
            ["expand", median(&mut self.expand)],
            ["rank", median(&mut self.rank)],
            ["load", median(&mut self.load)],
            ["mark", median(&mut self.mark)],
            ["snippets", median(&mut self.snippets)],
            ["count", median(&mut self.count)],
        ])
    }
}

/// What `work` gives; its time is added to `times`.
fn clocked<T>(times: &mut Vec<f64>, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let done = black_box(work()?);
    times.push(start.elapsed().as_secs_f64() * 1e6);
    Ok(done)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
