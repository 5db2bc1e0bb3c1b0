//! A fuzzer: hands every reader changed samples, and holds what comes of them to the laws.
//!
//! ```text
//! cargo bench --profile fuzz --bench fuzz -- --one-in 200           all readers, a part of what is promised
//! cargo bench --profile fuzz --bench fuzz -- --seconds 300          all readers, 300 s in all
//! cargo bench --profile fuzz --bench fuzz -- html --inputs 1000000  one
//! cargo bench --profile fuzz --bench fuzz -- html --file INPUT      what comes of one input
//! ```
//!
//! Found must be: a panic, a document that breaks a law of `tests/places.rs`, an input that takes 50 times
//! as long as others of its length, or longer than linear time when it is repeated, one that never ends,
//! and one that takes too much memory. Each is made smaller and saved under `target/fuzz-found`; the exit
//! code is 1 then. Inputs come from samples (`TIPSEARCH_SHARED`), from what gave a document of a new shape
//! before, and from the words of each format (`dictionaries.rs`). The same seed gives the same inputs.

#![forbid(unsafe_code)]
// A program of its own: what it finds goes to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod dictionaries;
mod mutate;
#[path = "../../tests/places.rs"]
mod places;
mod readers;
mod run;
mod samples;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use readers::{READERS, Reader};
use run::{Extent, Run, catch_panics};
use watch::Watch;

const USAGE: &str =
    "usage: fuzz [READER...] [--inputs N] [--one-in N] [--seconds N] [--seed N] [--file PATH]";

/// Inputs a reader, where nothing else is said: what the project promises.
const INPUTS: u64 = 10_000_000;
const INPUTS_BINARY: u64 = 100_000;

#[derive(Default)]
struct Options {
    readers: Vec<&'static Reader>,
    inputs: Option<u64>,
    /// What part of the inputs that are usual.
    one_in: u64,
    seconds: Option<u64>,
    seed: u64,
    file: Option<PathBuf>,
}

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    arguments.retain(|argument| argument != "--bench");
    // `cargo bench` runs every benchmark; there is nothing to do then.
    let Some(options) = options(&arguments).filter(|_| !arguments.is_empty()) else {
        eprintln!("{USAGE}\nreaders: {}", READERS.map_names());
        return ExitCode::from(if arguments.is_empty() { 0 } else { 2 });
    };
    catch_panics();
    if let Some(file) = &options.file {
        return one(&options, file);
    }
    // Parsers that recurse have as much room as in the child that reads for `tipsearch`.
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(move || all(&options));
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(0)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

trait Names {
    fn map_names(&self) -> String;
}

impl Names for [Reader] {
    fn map_names(&self) -> String {
        self.iter().map(|reader| reader.name).collect::<Vec<_>>().join(", ")
    }
}

fn options(arguments: &[String]) -> Option<Options> {
    let mut options = Options { seed: 2008, one_in: 1, ..Options::default() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--inputs" => options.inputs = Some(rest.next()?.parse().ok()?),
            "--one-in" => options.one_in = rest.next()?.parse().ok().filter(|&part| part > 0)?,
            "--seconds" => options.seconds = Some(rest.next()?.parse().ok()?),
            "--seed" => options.seed = rest.next()?.parse().ok()?,
            "--file" => options.file = Some(rest.next()?.into()),
            name => options.readers.push(READERS.iter().find(|reader| reader.name == name)?),
        }
    }
    if options.readers.is_empty() {
        options.readers = READERS.iter().collect();
    }
    Some(options)
}

/// Runs the readers in turn; the number of faults.
fn all(options: &Options) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = root.join("target/fuzz-found");
    if let Err(error) = std::fs::create_dir_all(&found) {
        eprintln!("fuzz: cannot make {}: {error}", found.display());
    }
    let shared = std::env::var_os("TIPSEARCH_SHARED").unwrap_or_else(|| "../shared".into());
    let watch = Watch::start(found.clone());
    let most = options.seconds.map_or(Duration::MAX, Duration::from_secs);
    let mut faults = 0;
    for reader in &options.readers {
        let usual = if reader.is_binary { INPUTS_BINARY } else { INPUTS };
        let extent = Extent {
            inputs: options.inputs.unwrap_or(usual / options.one_in),
            time: most / options.readers.len() as u32,
            seed: options.seed,
        };
        faults += Run::new(reader, &watch, root.join(&shared), found.clone()).run(extent);
    }
    faults
}

fn one(options: &Options, file: &Path) -> ExitCode {
    let (Ok(input), Some(reader)) = (std::fs::read(file), options.readers.first()) else {
        eprintln!("fuzz: cannot read {}", file.display());
        return ExitCode::from(2);
    };
    let start = std::time::Instant::now();
    let result = std::panic::catch_unwind(|| (reader.check)(&input));
    println!("{}: {result:?} in {:?}", reader.name, start.elapsed());
    ExitCode::from(u8::from(!matches!(result, Ok(Ok(_)))))
}
