//! Whatever ends the indexer, the last commit stays whole; readers are never blocked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tipsearch::engine::local::{LocalEngine, LocalWriter};
use tipsearch::engine::{Engine, WriterOptions};
use tipsearch::error::Error;
use tipsearch::search::{SearchRequest, Searcher};

use crate::cli::{Ran, copy, program, tipsearch};
use crate::support::{Shelf, shared};

const SEED: u64 = 20_140_601;
const KILLS: usize = 100;

/// Pseudo-random numbers: SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A time between nothing and a little more than this.
    fn within(&mut self, time: Duration) -> Duration {
        time.mul_f64(1.1 * self.below(10_000) as f64 / 10_000.0)
    }
}

/// Document ids with the digests of their files.
type Reports = BTreeMap<String, [u8; 32]>;

/// Reports that change, and the index that follows them.
struct Rack {
    folder: TempDir,
    random: Random,
    /// What the files hold now.
    reports: Reports,
}

/// A report of its own for each number.
fn generated(number: usize, random: &mut Random) -> String {
    const WORDS: [&str; 8] =
        ["labor", "children", "police", "border", "guards", "law", "inspection", "convicted"];
    let mut text = format!("# Report {number}\n");
    for part in 0..20 {
        text.push_str(&format!("\n## Part {part}\n\n"));
        for _ in 0..30 + random.below(60) {
            text.push_str(WORDS[random.below(WORDS.len())]);
            text.push(' ');
        }
        text.push_str("ended.\n");
    }
    text
}

impl Rack {
    fn new() -> Rack {
        let folder = tempfile::tempdir().expect("a folder");
        let mut rack = Rack { folder, random: Random(SEED), reports: Reports::new() };
        match shared("reports/child-labor/2014") {
            Some(reports) => copy(&reports, &rack.corpus()),
            None => {
                fs::create_dir(rack.corpus()).expect("a folder");
                for number in 0..300 {
                    let text = generated(number, &mut rack.random);
                    fs::write(rack.corpus().join(format!("{number}.md")), text).expect("a file");
                }
            }
        }
        rack.reports = reports_in(&rack.corpus());
        rack
    }

    fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Changes, adds and removes some reports; those changed and added have the word. How many.
    fn change(&mut self, word: &str) -> u64 {
        let mut names: Vec<String> = self.reports.keys().cloned().collect();
        for _ in 0..self.random.below(3) {
            let name = names.swap_remove(self.random.below(names.len()));
            fs::remove_file(self.corpus().join(&name)).expect("removed");
        }
        let mut touched = 0;
        for _ in 0..1 + self.random.below(5) {
            let name = names.swap_remove(self.random.below(names.len()));
            let path = self.corpus().join(&name);
            let text = fs::read_to_string(&path).expect("a report");
            fs::write(&path, format!("{text}\n\nWritten in {word}.\n")).expect("a file");
            touched += 1;
        }
        for number in 0..self.random.below(4) {
            let text = generated(number, &mut self.random);
            let path = self.corpus().join(format!("new-{word}-{number}.md"));
            fs::write(path, format!("{text}\nWritten in {word}.\n")).expect("a file");
            touched += 1;
        }
        self.reports = reports_in(&self.corpus());
        touched
    }

    /// Starts the indexer.
    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = program(self.folder.path());
        command.arg("index").args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("a process")
    }

    /// Runs the indexer to its end, and says how long it took.
    fn run(&self, arguments: &[&str]) -> Duration {
        let start = Instant::now();
        let ran = tipsearch(self.folder.path(), &[&["index"], arguments].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        start.elapsed()
    }

    /// Starts the indexer, kills it at a random moment, and says whether it was still at work.
    fn kill(&mut self, arguments: &[&str], time: Duration) -> bool {
        let mut child = self.start(arguments);
        std::thread::sleep(self.random.within(time));
        child.kill().expect("killed");
        !child.wait().expect("an end").success()
    }
}

fn reports_in(corpus: &Path) -> Reports {
    let entries = fs::read_dir(corpus).expect("a folder").map(|entry| entry.expect("an entry"));
    let report = |entry: fs::DirEntry| {
        let bytes = fs::read(entry.path()).expect("a report");
        (entry.file_name().to_string_lossy().into_owned(), Sha256::digest(&bytes).into())
    };
    entries.map(report).collect()
}

/// Opens an index and proves it whole: each document has the passages that the catalog says, in
/// order, and they are all that is there. Its generation and reports.
fn whole(index: &Path) -> (u64, Reports) {
    let engine = LocalEngine::open(index).expect("an index that opens");
    let catalog = engine.catalog().expect("a catalog");
    let mut passages = 0;
    for (doc_id, (listed, _)) in &catalog.documents {
        assert_eq!(listed.failure(), None);
        let found = engine.document(doc_id).expect("a document");
        assert_eq!(found.len() as u64, listed.passages, "passages of {doc_id}");
        for (ordinal, passage) in found.iter().enumerate() {
            assert_eq!((passage.ordinal, passage.report.sha256), (ordinal, listed.sha256));
        }
        passages += listed.passages;
    }
    assert_eq!(engine.summary().passages, passages);
    let generation = engine.summary().generation;
    assert_eq!(found(index, "*"), (generation, passages, catalog.documents.len() as u64));
    let reports = catalog.documents.into_iter();
    (generation, reports.map(|(doc_id, (listed, _))| (doc_id, listed.sha256)).collect())
}

/// Searches: the generation that answered, and how many passages and documents match.
fn found(index: &Path, query: &str) -> (u64, u64, u64) {
    let engine = LocalEngine::open(index).expect("an index that opens");
    let request = SearchRequest { exact_total: true, ..SearchRequest::new(query) };
    let response = Searcher::new(engine).search(&request).expect("an answer");
    (response.index.generation, response.total.passages, response.total.documents)
}

/// Kills that happen while an index is brought up to date or rebuilt.
fn kill_updates(rack: &mut Rack, kills: usize) -> usize {
    rack.run(&[]);
    let mut before = whole(&rack.index());
    rack.change("warmup");
    let update = rack.run(&[]);
    let rebuild = rack.run(&["--force"]);
    before = (before.0 + 2, rack.reports.clone());
    let mut at_work = 0;
    for round in 0..kills {
        let word = format!("roundxq{round}");
        let touched = rack.change(&word);
        let (arguments, time): (&[&str], _) =
            if round % 10 == 9 { (&["--force"], rebuild) } else { (&[], update) };
        at_work += usize::from(rack.kill(arguments, time));
        let after = (before.0 + 1, rack.reports.clone());
        let now = whole(&rack.index());
        assert!(now == before || now == after, "round {round}: generation {} is mixed", now.0);
        let documents = if now == after { touched } else { 0 };
        assert_eq!(found(&rack.index(), &word).2, documents, "round {round}");
        assert!(found(&rack.index(), "labor children").1 > 0);
        rack.run(&[]);
        assert_eq!(found(&rack.index(), &word), (after.0, touched, touched), "round {round}");
        before = after;
    }
    assert_eq!(whole(&rack.index()), before);
    at_work
}

/// Kills while there is no commit yet.
fn kill_first_runs(rack: &mut Rack, kills: usize) -> usize {
    let few = rack.folder.path().join("few");
    fs::create_dir(&few).expect("a folder");
    for name in rack.reports.keys().take(12) {
        fs::copy(rack.corpus().join(name), few.join(name)).expect("a copy");
    }
    let expected = (1, reports_in(&few));
    let index = rack.folder.path().join("first");
    let arguments = ["few", "--index", "first"];
    let time = rack.run(&arguments);
    let mut at_work = 0;
    for round in 0..kills {
        fs::remove_dir_all(&index).expect("removed");
        at_work += usize::from(rack.kill(&arguments, time));
        match LocalEngine::open(&index) {
            Err(Error::IndexMissing { .. }) => {}
            Ok(_) => assert_eq!(whole(&index), expected, "round {round}"),
            Err(error) => panic!("round {round}: {error}"),
        }
        rack.run(&arguments);
        assert_eq!(whole(&index), expected, "round {round}");
    }
    at_work
}

#[test]
fn killed_at_any_moment_the_last_commit_stays_whole() {
    eprintln!("seed {SEED}");
    let mut rack = Rack::new();
    let first_runs = KILLS / 10;
    let at_work =
        kill_updates(&mut rack, KILLS - first_runs) + kill_first_runs(&mut rack, first_runs);
    eprintln!("{at_work} of {KILLS} kills met the indexer at work");
    assert!(at_work >= KILLS / 2, "{at_work} of {KILLS} kills met the indexer at work");
    let doctor = tipsearch(rack.folder.path(), &["doctor"]);
    assert_eq!(doctor.code, 0, "{}", doctor.out);
    nothing_is_left_over(&rack);
}

/// Killed runs leave no files that nobody removes.
fn nothing_is_left_over(rack: &Rack) {
    let folders = || {
        let entries = fs::read_dir(rack.index()).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names.filter(|name| name.to_string_lossy().starts_with("segments-")).count()
    };
    assert_eq!(folders(), 1);
    let size = |index: &Path| {
        LocalEngine::open(index).expect("an index").storage().expect("its size").bytes
    };
    rack.run(&["corpus", "--index", "fresh"]);
    let (old, fresh) = (size(&rack.index()), size(&rack.folder.path().join("fresh")));
    assert!(old < fresh * 4, "{old} bytes after {KILLS} kills, {fresh} when made anew");
}

fn search(shelf: &Shelf, query: &str) -> Ran {
    tipsearch(shelf.folder.path(), &[query])
}

#[test]
fn one_writer_at_a_time_and_readers_meanwhile() {
    let shelf = Shelf::of("# Report\n\nGuards.\n");
    let writer =
        LocalWriter::open(&shelf.index_path(), WriterOptions::default()).expect("a writer");
    shelf.write("report.md", b"# Report\n\nPolice.\n");
    for arguments in [&["index"][..], &["index", "--force"]] {
        let start = Instant::now();
        let second = tipsearch(shelf.folder.path(), arguments);
        assert_eq!((second.code, second.out.as_str()), (2, ""), "{arguments:?}");
        let message = "error: another process is writing the index at `index`\nhint: wait";
        assert!(second.err.starts_with(message), "{}", second.err);
        assert!(start.elapsed() < Duration::from_secs(5), "it does not wait");
    }
    assert_eq!(search(&shelf, "guards").code, 0);
    assert_eq!(search(&shelf, "police").code, 1);
    // The report has changed, and the index is whole.
    let doctor = tipsearch(shelf.folder.path(), &["doctor"]);
    assert!(doctor.out.contains("every file of the index has its checksum"), "{}", doctor.out);
    drop(writer);
    assert_eq!(tipsearch(shelf.folder.path(), &["index"]).code, 0);
    assert_eq!(search(&shelf, "police").code, 0);
}

#[test]
fn readers_are_answered_while_the_index_is_written() {
    let mut random = Random(SEED);
    let shelf = Shelf::empty();
    for number in 0..60 {
        shelf.write(&format!("{number}.md"), generated(number, &mut random).as_bytes());
    }
    shelf.index();
    let (mut answers, mut last) = (0, 1);
    for round in 0..6 {
        shelf.write("0.md", generated(round + 1000, &mut random).as_bytes());
        let arguments: &[&str] = if round % 2 == 0 { &["index"] } else { &["index", "--force"] };
        let mut command = program(shelf.folder.path());
        let mut child = command.args(arguments).stdout(Stdio::null()).spawn().expect("a process");
        while child.try_wait().expect("a state").is_none() {
            let (generation, _, documents) = found(&shelf.index_path(), "guards");
            assert!(generation == last || generation == last + 1, "{generation} after {last}");
            assert_eq!(documents, 60);
            answers += 1;
        }
        assert!(child.wait().expect("an end").success());
        last += 1;
        assert_eq!(found(&shelf.index_path(), "guards").0, last);
    }
    assert!(answers > 6, "{answers} answers");
}

#[test]
fn documents_replaced_in_parallel_are_all_there() {
    let shelf = Shelf::empty();
    for round in 0..40 {
        for number in 0..16 {
            let text = format!("# Report {number}\n\nGuards in edition {round}x.\n");
            shelf.write(&format!("{number}.md"), text.as_bytes());
        }
        assert_eq!(tipsearch(shelf.folder.path(), &["index"]).code, 0);
        let documents = found(&shelf.index_path(), &format!("{round}x"));
        assert_eq!(documents, (round + 1, 16, 16), "round {round}");
    }
}

/// Starts the indexer and interrupts it as Ctrl-C does once it is at work, which a new folder of
/// segments shows. `None` where it was done before.
#[cfg(unix)]
fn interrupted(shelf: &Shelf) -> Option<Ran> {
    let mut command = program(shelf.folder.path());
    command.args(["index", "--force"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a process");
    let new_folder = shelf.index_path().join("segments-2");
    while !new_folder.exists() && child.try_wait().expect("a state").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &pid]).status();
    assert!(sent.expect("`kill`").success());
    let output = child.wait_with_output().expect("an end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().unwrap_or(-1);
    (code != 0).then(|| Ran { code, out: text(output.stdout), err: text(output.stderr) })
}

#[cfg(unix)]
#[test]
fn interrupted_it_keeps_the_last_commit() {
    let mut random = Random(SEED);
    let shelf = Shelf::empty();
    shelf.write("old.md", b"# Old\n\nGuards.\n");
    shelf.index();
    for number in 0..400 {
        shelf.write(&format!("{number}.md"), generated(number, &mut random).as_bytes());
    }
    let Some(ran) = interrupted(&shelf) else {
        panic!("the indexer was done before it could be interrupted");
    };
    assert_eq!((ran.code, ran.out.as_str()), (130, ""), "{}", ran.err);
    assert!(ran.err.contains("interrupted; the last commit is kept"), "{}", ran.err);
    let (generation, reports) = whole(&shelf.index_path());
    assert_eq!((generation, reports.len()), (1, 1));
    assert_eq!(tipsearch(shelf.folder.path(), &["index"]).code, 0);
    let (generation, reports) = whole(&shelf.index_path());
    assert_eq!((generation, reports.len()), (2, 401));
    assert!(!shelf.index_path().join("segments-2").exists(), "the unfinished folder is gone");
}
