//! What tests share: a corpus from a string, a search over it, the answer as text with «marks».

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use tempfile::TempDir;
use tipsearch::engine::WriterOptions;
use tipsearch::engine::local::LocalEngine;
use tipsearch::index::{IndexReport, IndexRequest, index};
use tipsearch::passage::PassageSize;
use tipsearch::read::guard::Guard;
use tipsearch::search::{Found, SearchRequest, SearchResponse, Searcher};

/// A corpus on disk with its index; both go away with it.
pub struct Shelf {
    pub folder: TempDir,
}

impl Shelf {
    /// A shelf of files written as `--- path` lines, each followed by the file's content. A text
    /// without such a line is one file, `report.md`.
    pub fn of(corpus: &str) -> Shelf {
        Shelf::of_passages(corpus, PassageSize::default())
    }

    /// The same, cut into passages of some size.
    pub fn of_passages(corpus: &str, size: PassageSize) -> Shelf {
        let shelf = Shelf::empty();
        let mut path = "report.md".to_owned();
        let mut content = String::new();
        for line in corpus.lines().chain(["--- end"]) {
            match line.strip_prefix("--- ") {
                Some(next) => {
                    if !content.is_empty() {
                        shelf.write(&path, content.as_bytes());
                    }
                    path = next.trim().to_owned();
                    content.clear();
                }
                None => {
                    content.push_str(line);
                    content.push('\n');
                }
            }
        }
        shelf.index_passages(size);
        shelf
    }

    pub fn empty() -> Shelf {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("corpus")).expect("a folder");
        Shelf { folder }
    }

    pub fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    pub fn index_path(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub fn write(&self, path: &str, content: &[u8]) {
        let path = self.corpus().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    /// Brings the index up to date.
    pub fn index(&self) -> IndexReport {
        self.index_passages(PassageSize::default())
    }

    /// The same, cut into passages of some size.
    pub fn index_passages(&self, size: PassageSize) -> IndexReport {
        index_passages_of(&self.corpus(), &self.index_path(), size).expect("indexing")
    }

    pub fn engine(&self) -> LocalEngine {
        LocalEngine::open(&self.index_path()).expect("an index")
    }

    pub fn searcher(&self) -> Searcher<LocalEngine> {
        Searcher::new(self.engine())
    }

    pub fn search(&self, query: &str) -> SearchResponse {
        self.searcher().search(&SearchRequest::new(query)).expect("an answer")
    }

    /// The answer to a query, as [`shown`].
    pub fn answer(&self, query: &str) -> String {
        match self.searcher().search(&SearchRequest::new(query)) {
            Ok(response) => shown(&response),
            Err(error) => format!(
                "error: {error}\n{}",
                error.hint().map_or(String::new(), |hint| format!("hint: {hint}\n"))
            ),
        }
    }
}

/// Children of the program itself.
pub fn guard() -> Guard {
    Guard { program: Some(env!("CARGO_BIN_EXE_tipsearch").into()), ..Guard::default() }
}

/// Indexes a folder with one thread, so that runs are alike.
pub fn index_of(corpus: &Path, index_path: &Path) -> tipsearch::error::Result<IndexReport> {
    index_passages_of(corpus, index_path, PassageSize::default())
}

fn index_passages_of(
    corpus: &Path,
    index_path: &Path,
    size: PassageSize,
) -> tipsearch::error::Result<IndexReport> {
    let request = IndexRequest {
        size,
        options: WriterOptions { threads: 1, ..WriterOptions::default() },
        guard: guard(),
        ..IndexRequest::new(vec![corpus.to_owned()], index_path.to_owned())
    };
    index(&request, &AtomicBool::new(false), &|_, _| {})
}

/// A response as text: notes, then each hit's trail and text with «marks», and the words it lacks.
pub fn shown(response: &SearchResponse) -> String {
    let mut text = String::new();
    if !response.unknown.is_empty() {
        let _ = writeln!(text, "nowhere: {}", response.unknown.join(", "));
    }
    if let Some(meant) = &response.did_you_mean {
        let _ = writeln!(text, "did you mean: {meant}");
    }
    for warning in &response.warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    for found in &response.hits {
        text.push_str(&hit(found));
    }
    if response.hits.is_empty() {
        text.push_str("nothing found\n");
    }
    text
}

/// A hit as text.
pub fn hit(found: &Found) -> String {
    let trail: Vec<String> = found
        .passage
        .trail
        .iter()
        .enumerate()
        .map(|(part, heading)| {
            let inside = found.section_marks.iter().filter(|mark| mark.part == part);
            marked(heading, inside.map(|mark| mark.mark.bytes.clone()))
        })
        .collect();
    let body = marked(&found.passage.text, found.marks.iter().map(|mark| mark.bytes.clone()));
    let mut text = format!("{}. {}\n{body}\n", found.rank, trail.join(" > "));
    if let Some(next) = &found.continuation {
        let shown = &next.passage.text[next.bytes.clone()];
        let marks = next.marks.iter().map(|mark| mark.bytes.clone());
        let _ = writeln!(text, "goes on: {}", marked(shown, marks));
    }
    if !found.missing.is_empty() {
        let _ = writeln!(text, "without: {}", found.missing.join(", "));
    }
    for passage in &found.copies {
        let _ = writeln!(text, "the same: {}", passage.report.title);
    }
    text
}

/// Text with «marks»; a mark that begins inside another is left out.
pub fn marked(text: &str, marks: impl Iterator<Item = std::ops::Range<usize>>) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for mark in marks.filter(|mark| !mark.is_empty()) {
        if mark.start >= at {
            let _ = write!(out, "{}«{}»", &text[at..mark.start], &text[mark.clone()]);
            at = mark.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// The folder with collections and shelves; `None`, and said so, where it is absent.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TIPSEARCH_SHARED").unwrap_or_else(|| "../shared".into());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(root).join(folder);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: there is no `{}` (set TIPSEARCH_SHARED)", path.display());
    None
}

/// The project's own report.
pub fn report_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// How many cases a law is tried on: the number that the project promises, unless `PROPTEST_CASES`
/// says otherwise.
pub fn cases() -> proptest::test_runner::Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = cases.unwrap_or(10_000);
    // The same cases at every run: a change breaks a law or it does not. `PROPTEST_RNG_SEED` tries others.
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|seed| seed.parse().ok());
    let rng_seed = proptest::test_runner::RngSeed::Fixed(seed.unwrap_or(2008));
    proptest::test_runner::Config {
        cases,
        rng_seed,
        failure_persistence: None,
        ..Default::default()
    }
}
