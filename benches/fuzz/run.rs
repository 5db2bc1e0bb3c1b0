//! One reader under test: inputs in, and what it does wrong with any of them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::mutate::{Material, Random};
use crate::readers::{PROVING, Reader};
use crate::samples::pieces;
use crate::watch::{Watch, memory};

/// How long to go on.
#[derive(Clone, Copy)]
pub struct Extent {
    pub inputs: u64,
    pub time: Duration,
    pub seed: u64,
}

/// Inputs have so many bytes at most: what is said of time needs longer ones, which are made of these.
const LONGEST: usize = 2000;
const LONGEST_BINARY: usize = 64 * 1024;

/// An input is suspicious that takes so many times as long as one of its length does on average.
const SLOW: f64 = 50.0;

/// Nor is one that ends so soon: the machine does other things too. Binary formats have costs that do not
/// depend on length: the key of an encrypted PDF is hashed 64 times and more, xz has a dictionary.
const SOON: Duration = Duration::from_millis(10);
const SOON_BINARY: Duration = Duration::from_millis(100);

/// One input in so many is repeated to these lengths, and the times compared. There are fewer of the binary
/// formats, and it takes more of them to outlast what does not depend on length.
const REPEATED: usize = 4000;
const REPEATED_BINARY: usize = 50;
const LENGTHS: (usize, usize) = (8 * 1024, 64 * 1024);
const LENGTHS_BINARY: (usize, usize) = (32 * 1024, 256 * 1024);

/// Inputs that gave something new are kept, so many.
const MOST_KEPT: usize = 6000;

/// Memory that a reader may take for inputs of such a size, beside what was there before.
const MOST_MEMORY: u64 = 256 << 20;
const MOST_MEMORY_BINARY: u64 = 1 << 30;

/// Faults of one reader that are told; more of them are counted.
const MOST_TOLD: usize = 8;

/// Attempts to make an input smaller that still fails.
const MOST_ATTEMPTS: usize = 3000;

thread_local! {
    /// What a panic said, and where it was.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics are found, not printed.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |place| place.to_string());
        let said = panic.payload_as_str().unwrap_or_default().to_owned();
        PANIC.with(|last| *last.borrow_mut() = Some(format!("panic at {place}: {said}")));
    }));
}

/// A reader's run.
pub struct Run<'r> {
    reader: &'r Reader,
    watch: &'r Watch,
    found_folder: PathBuf,
    random: Random,
    pieces: Vec<Vec<u8>>,
    signs: HashSet<u64>,
    /// What was found, and how short the shortest input is that shows it.
    found: HashMap<String, usize>,
    /// Inputs and what they took, for the average.
    inputs: u64,
    bytes: f64,
    seconds: f64,
    most_memory: u64,
}

impl<'r> Run<'r> {
    pub fn new(reader: &'r Reader, watch: &'r Watch, shared: PathBuf, found: PathBuf) -> Run<'r> {
        let room = if reader.is_binary { MOST_MEMORY_BINARY } else { MOST_MEMORY };
        let pieces = pieces(reader, &shared);
        Run {
            reader,
            watch,
            found_folder: found,
            random: Random(0),
            pieces,
            signs: HashSet::new(),
            found: HashMap::new(),
            inputs: 0,
            bytes: 0.0,
            seconds: 0.0,
            most_memory: memory() + room,
        }
    }

    /// Runs; prints one line; the number of faults.
    pub fn run(mut self, extent: Extent) -> usize {
        self.random = Random(extent.seed);
        let tokens = self.reader.tokens.concat();
        let start = Instant::now();
        for piece in self.pieces.clone() {
            self.input(&piece);
        }
        let repeated = if self.reader.is_binary { REPEATED_BINARY } else { REPEATED };
        while self.inputs < extent.inputs && start.elapsed() < extent.time {
            let material = Material {
                tokens: &tokens,
                pieces: &self.pieces,
                is_binary: self.reader.is_binary,
                longest: if self.reader.is_binary { LONGEST_BINARY } else { LONGEST },
            };
            let mut input = material.input(&mut self.random);
            if !self.reader.is_binary {
                // Else half of them would go to guessing an encoding, which has a run of its own.
                input = String::from_utf8_lossy(&input).into_owned().into_bytes();
            }
            if self.input(&input) {
                self.keep(input);
            } else if self.random.one_in(repeated) {
                self.repeated(&input);
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{:<14} {:>10} inputs {:>8.0}/s {:>6.0} bytes each {:>7} shapes {:>3} found",
            self.reader.name,
            self.inputs,
            self.inputs as f64 / seconds,
            self.bytes / self.inputs as f64,
            self.signs.len(),
            self.found.len()
        );
        self.found.len()
    }

    fn keep(&mut self, input: Vec<u8>) {
        if self.pieces.len() < MOST_KEPT {
            return self.pieces.push(input);
        }
        let place = self.random.below(self.pieces.len());
        self.pieces[place] = input;
    }

    /// Tries an input; whether what comes of it is new.
    fn input(&mut self, input: &[u8]) -> bool {
        let (result, time) = self.tried(input);
        self.inputs += 1;
        let (bytes, seconds) = (input.len() as f64 + 64.0, time.as_secs_f64());
        let usual = self.seconds / self.bytes * bytes;
        if time > self.soon() && seconds > SLOW * usual && self.inputs > 1000 {
            let (_, best) = self.best_of(3, input);
            if best > self.soon() && best.as_secs_f64() > SLOW * usual {
                self.note(
                    format!("slow: {best:?}, {:.0} times the usual", best.as_secs_f64() / usual),
                    input,
                );
            }
        }
        self.bytes += bytes;
        self.seconds += seconds;
        match result {
            Ok(sign) => self.signs.insert(sign),
            Err(fault) => {
                self.fault(&fault, input);
                false
            }
        }
    }

    fn tried(&self, input: &[u8]) -> (Result<u64, String>, Duration) {
        self.watch.begin(self.reader.name, input, self.most_memory);
        PROVING.set(Duration::ZERO);
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| (self.reader.check)(input)));
        let time = start.elapsed().saturating_sub(PROVING.get());
        self.watch.end();
        let panicked = || PANIC.with(|last| last.borrow_mut().take()).unwrap_or_default();
        (result.unwrap_or_else(|_| Err(panicked())), time)
    }

    fn soon(&self) -> Duration {
        if self.reader.is_binary { SOON_BINARY } else { SOON }
    }

    /// The least time of some rounds, on the clock and of the processor. Other programs run meanwhile: what
    /// this one had of the processor counts against it, where that is known; it is told in coarse steps, and
    /// nothing is to be called slow beside a step that was too short to be told.
    fn best_of(&self, rounds: usize, input: &[u8]) -> (Duration, Duration) {
        let round = |_| {
            let start = on_processor();
            let time = self.tried(input).1;
            let used = start.zip(on_processor()).map(|(start, end)| end.saturating_sub(start));
            (time, used.map_or(time, |used| time.min(used)))
        };
        let least =
            |(one, other): (Duration, Duration), (time, used)| (one.min(time), other.min(used));
        (0..rounds).map(round).fold((Duration::MAX, Duration::MAX), least)
    }

    /// Repeats a part of an input: eight times as much must not take much more than eight times as long.
    fn repeated(&mut self, input: &[u8]) {
        let start = self.random.below(input.len());
        let length = 1 + self.random.below(200);
        let unit = &input[start..input.len().min(start + length)];
        if unit.is_empty() {
            return;
        }
        let long = |length: usize| {
            let count = length / unit.len();
            [&input[..start], &unit.repeat(count)].concat()
        };
        let lengths = if self.reader.is_binary { LENGTHS_BINARY } else { LENGTHS };
        let (short, long) = (long(lengths.0), long(lengths.1));
        let soon = self.soon() * 2;
        let is_slow = |short: Duration, long: Duration| long > soon && long > short * 8 * 4;
        let times = (self.tried(&short).1, self.tried(&long));
        if let Err(fault) = &times.1.0 {
            self.fault(fault, &long);
        }
        if is_slow(times.0, times.1.1) {
            let times = (self.best_of(3, &short).0, self.best_of(3, &long).1);
            if is_slow(times.0, times.1) {
                self.note(
                    format!("slow: {:?}, and {:?} for 8 times as much", times.0, times.1),
                    &long,
                );
            }
        }
    }

    /// A fault, which is made small before it is noted.
    fn fault(&mut self, fault: &str, input: &[u8]) {
        let key = key(fault);
        if self.found.contains_key(&key) || self.found.len() >= MOST_TOLD {
            self.found.insert(key, input.len());
            return;
        }
        let mut small = input.to_vec();
        let (mut step, mut at, mut attempts) = (small.len().div_ceil(2), 0, 0);
        while step > 0 && attempts < MOST_ATTEMPTS {
            let end = (at + step).min(small.len());
            let tried = [&small[..at.min(end)], &small[end..]].concat();
            attempts += 1;
            let still = self.tried(&tried).0.is_err_and(|other| self::key(&other) == key);
            match still && !tried.is_empty() {
                true => small = tried,
                false => at += step,
            }
            if at >= small.len() {
                (at, step) = (0, step / 2);
            }
        }
        self.note(fault.to_owned(), &small);
    }

    fn note(&mut self, fault: String, input: &[u8]) {
        let key = key(&fault);
        let count = self.found.len();
        if self.found.insert(key, input.len()).is_some() || count >= MOST_TOLD {
            return;
        }
        let path = self.found_folder.join(format!("{}-{count}.input", self.reader.name));
        let saved =
            std::fs::write(&path, input).map_or(String::new(), |()| path.display().to_string());
        let shown = &input[..input.len().min(400)];
        println!(
            "{}: {fault}\n  {} bytes: {:?}\n  {saved}",
            self.reader.name,
            input.len(),
            String::from_utf8_lossy(shown)
        );
    }
}

/// How long this thread has run.
fn on_processor() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split(' ').next()?.parse().ok()?))
}

/// What makes a fault the same as another: where it was found, or else its words without numbers.
fn key(fault: &str) -> String {
    let panicked = fault.strip_prefix("panic at ").and_then(|rest| rest.split_once(": "));
    if let Some((place, _)) = panicked.or_else(|| Some((fault.rsplit_once(" at ")?.1, ""))) {
        return place.to_owned();
    }
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b':');
    fault.split(' ').filter(is_word).take(3).collect::<Vec<_>>().join(" ")
}
