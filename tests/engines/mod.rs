//! One list of cases that every engine answers alike: the same passages in the same order, with the same scores, marks
//! and counts. The engine on this machine is one; a cluster is the other, where `TIPSEARCH_OPENSEARCH` names one
//! (`http://127.0.0.1:9200`, several hosts with commas). `benches/cluster/contract.py` starts one and runs these.

mod failures;
mod judged;
mod recovery;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tipsearch::engine::opensearch::{Access, Address};
use tipsearch::engine::{Engine, Store, WriterOptions};
use tipsearch::index::{IndexReport, IndexRequest, index};
use tipsearch::passage::PassageSize;
use tipsearch::search::{SearchRequest, SearchResponse, Searcher, Sort};

use crate::support::{Shelf, guard, shared};

/// Scores are rounded to 1/1024, each part of them; f32 adds up in another order.
const NEAR: f32 = 0.005;

/// A name on the cluster that `TIPSEARCH_OPENSEARCH` names; `None`, said aloud, where it names none.
fn cluster(name: &str) -> Option<Store> {
    let Ok(hosts) = std::env::var("TIPSEARCH_OPENSEARCH") else {
        eprintln!("skipped: TIPSEARCH_OPENSEARCH names no cluster");
        return None;
    };
    let address = format!("opensearch+{hosts}/tipsearch-test-{name}");
    Some(Store::Cluster(Address::parse(&address, Access::default()).expect("an address")))
}

fn try_indexed(
    roots: &[PathBuf],
    store: &Store,
    size: PassageSize,
    fresh: bool,
    shards: u32,
) -> tipsearch::error::Result<IndexReport> {
    let options = WriterOptions { threads: 1, fresh, shards, ..WriterOptions::default() };
    let request = IndexRequest {
        size,
        force: fresh,
        options,
        guard: guard(),
        ..IndexRequest::new(roots.to_vec(), store.clone())
    };
    index(&request, &AtomicBool::new(false), &|_, _| {})
}

fn indexed(
    roots: &[PathBuf],
    store: &Store,
    size: PassageSize,
    fresh: bool,
    shards: u32,
) -> IndexReport {
    try_indexed(roots, store, size, fresh, shards).expect("indexing")
}

/// Two engines with the same reports.
struct Pair {
    local: Searcher<Arc<dyn Engine>>,
    other: Searcher<Arc<dyn Engine>>,
    _folder: tempfile::TempDir,
}

impl Pair {
    fn of(roots: &[PathBuf], name: &str, size: PassageSize, shards: u32) -> Option<Pair> {
        let other = cluster(name)?;
        let folder = tempfile::tempdir().unwrap();
        let local = Store::Folder(folder.path().join("index"));
        let one = indexed(roots, &local, size, true, 1);
        let two = indexed(roots, &other, size, true, shards);
        assert_eq!((one.documents, one.passages), (two.documents, two.passages));
        let open = |store: &Store| Searcher::new(store.open().expect("an index"));
        Some(Pair { local: open(&local), other: open(&other), _folder: folder })
    }

    /// Asks for all cases; those that are answered otherwise are told together.
    fn compare_all(&self) {
        let compare = |case: &SearchRequest| {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.compare(case))).is_err()
        };
        let cases = cases();
        let differ: Vec<&String> =
            cases.iter().filter(|case| compare(case)).map(|case| &case.query).collect();
        assert!(differ.is_empty(), "{} of {} cases: {differ:?}", differ.len(), cases.len());
    }

    fn compare(&self, request: &SearchRequest) {
        let what = format!("{} {:?}", request.query, request.filter);
        match (self.local.search(request), self.other.search(request)) {
            (Ok(one), Ok(two)) => {
                same_answers(&one, &two, &what);
                self.same_sets(request, &what);
            }
            (Err(one), Err(two)) => assert_eq!(one.to_string(), two.to_string(), "{what}"),
            (one, two) => panic!("{what}: {:?} and {:?}", one.err(), two.err()),
        }
    }

    /// All that match, and how many these are.
    fn same_sets(&self, request: &SearchRequest, what: &str) {
        let of = |searcher: &Searcher<Arc<dyn Engine>>| {
            let query = searcher.query(request).expect("a query");
            let hits = searcher.engine().every(&query).expect("all of them");
            let words: u64 = searcher.engine().words(&hits).expect("words").iter().sum();
            let total = searcher.engine().total(&query, true).expect("a total");
            let ids: BTreeSet<u64> = hits.iter().map(|hit| hit.id).collect();
            assert_eq!(ids.len(), hits.len(), "{what}: each once");
            assert_eq!((total.passages, total.is_exact), (hits.len() as u64, true), "{what}");
            (ids, words, total.documents)
        };
        assert_eq!(of(&self.local), of(&self.other), "{what}");
    }
}

fn same_answers(one: &SearchResponse, two: &SearchResponse, what: &str) {
    assert_eq!(one.parsed, two.parsed, "{what}");
    assert_eq!(one.unknown, two.unknown, "{what}");
    assert_eq!(one.did_you_mean, two.did_you_mean, "{what}");
    assert_eq!(one.expansions, two.expansions, "{what}");
    assert_eq!(one.warnings, two.warnings, "{what}");
    let ids = |answer: &SearchResponse| -> Vec<(String, f32)> {
        answer.hits.iter().map(|hit| (hit.passage.id.clone(), hit.score)).collect()
    };
    let names = |answer: &SearchResponse| -> Vec<String> {
        answer.hits.iter().map(|hit| hit.passage.id.clone()).collect()
    };
    assert_eq!(names(one), names(two), "{what}:\n{:?}\n{:?}", ids(one), ids(two));
    for (a, b) in one.hits.iter().zip(&two.hits) {
        assert!((a.score - b.score).abs() < NEAR, "{what}: {} and {}", a.score, b.score);
        assert_eq!(a.passage, b.passage, "{what}");
        assert_eq!((&a.marks, &a.section_marks), (&b.marks, &b.section_marks), "{what}");
        assert_eq!((&a.missing, &a.fragments), (&b.missing, &b.fragments), "{what}");
        let goes_on = |hit: &tipsearch::search::Found| {
            hit.continuation.as_ref().map(|next| (next.passage.id.clone(), next.marks.clone()))
        };
        assert_eq!(goes_on(a), goes_on(b), "{what}");
        for (hit, explanation) in [(a, &a.explanation), (b, &b.explanation)] {
            if let Some(explanation) = explanation {
                let value = explanation.value;
                assert!((value - hit.score).abs() < NEAR, "{what}: {value} of {}", hit.score);
            }
        }
    }
    assert_eq!(one.next_cursor.is_some(), two.next_cursor.is_some(), "{what}");
    if one.total.is_exact && two.total.is_exact {
        assert_eq!(one.total, two.total, "{what}");
    } else {
        assert!(two.total.passages >= one.total.passages, "{what}");
    }
}

/// What is asked, of every kind; explained, so that each score adds up.
fn cases() -> Vec<SearchRequest> {
    const QUERIES: [&str; 44] = [
        "border guards complicity",
        "police",
        "what did the police do about border guards' \"complicity",
        "children in hazardous work in agriculture",
        "traficking of childern",
        "officials who helped smugglers",
        "U.A.E. or UAE",
        "anti-trafficking law enforcement funding",
        "$35,000 for victims",
        "article 125(3)(b)",
        "\"border guards\"",
        "\"the government\"",
        "\"of the border guards who\"",
        "\"labor inspectors\" training",
        "\"minimum age for hazardous work\"",
        "police NEAR/5 border",
        "border NEAR/0 guards",
        "police PRE/3 the",
        "(police OR army) NEAR/10 \"border guards\"",
        "\"police border\"~20",
        "\"forc* labor\"",
        "traffick*",
        "wom?n AND child*",
        "/[fg]orced/ labor",
        "complicty~1",
        "police AND guards",
        "police NOT guards",
        "+police -border",
        "police^3 guards",
        "NOT police",
        "police NOT \"border guards\"",
        "police NOT (border NEAR/3 guards)",
        "title:northland",
        "heading:guards",
        "section:\"prosecution\"",
        "title:kazakhstan police",
        "year:2014..2016 police",
        "country:kazakhstan",
        "role:prosecution police",
        "references",
        "*",
        "year:2016 AND *",
        "zebra",
        "human trafficking in persons",
    ];
    let mut cases: Vec<SearchRequest> = QUERIES
        .iter()
        .map(|query| SearchRequest { explain: true, ..SearchRequest::new(*query) })
        .collect();
    let of = |query: &str, change: &dyn Fn(&mut SearchRequest)| {
        let mut request = SearchRequest { explain: true, ..SearchRequest::new(query) };
        change(&mut request);
        request
    };
    cases.extend([
        of("police border", &|it| it.lexical = true),
        of("Border Guards", &|it| it.literal = true),
        of("\"Border guards\"", &|it| it.literal = true),
        of("police", &|it| it.sort = Sort::Date),
        of("police", &|it| it.sort = Sort::Document),
        of("police", &|it| it.sort = Sort::Recent),
        of("police", &|it| it.filter = Some("year:2015".to_owned())),
        of("police", &|it| it.section = Some("enforcement".to_owned())),
        of("police guards", &|it| it.exhaustive = true),
        of("police guards", &|it| it.feedback = true),
        of("children work", &|it| it.per_document = Some(0)),
        of("children work", &|it| it.limit = 100),
        of("forced labor", &|it| it.context = 1),
        of("forced labor", &|it| it.merge_neighbours = true),
        of("forced labor", &|it| it.copies = true),
    ]);
    cases
}

const REPORT: &str = "\
# Northland

## Prosecution

The police looked for some of the border.

Guards who took bribes were convicted by the border

guards’ court, and the border guards paid. Article 125(3)(b) is on it.

## Guards

The shelters are at the border, with $35,000 of the U.A.E.

## Guards of the border

Nobody is there.

## References

Border guards and the police, a report on guards.
";

#[test]
fn small_reports_are_answered_alike() {
    let shelf = Shelf::of(REPORT);
    shelf.write("kazakhstan_2016.md", REPORT.replace("Northland", "Kazakhstan").as_bytes());
    let size = PassageSize { target: 40, max: 100 };
    let Some(pair) = Pair::of(&[shelf.corpus()], "small", size, 1) else { return };
    pair.compare_all();
}

#[test]
fn a_shelf_is_answered_alike_by_one_shard_and_by_three() {
    let Some(folder) = shared("reports/child-labor") else { return };
    let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = inside(folder).map(|entry| entry.path()).filter(|path| path.is_dir());
    let mut reports: Vec<PathBuf> = folders.flat_map(inside).map(|entry| entry.path()).collect();
    reports.sort();
    let shelf = Shelf::empty();
    for report in reports.iter().step_by(12) {
        let name = report.file_name().unwrap().to_string_lossy();
        shelf.write(&name, &std::fs::read(report).unwrap());
    }
    let size = PassageSize::default();
    for shards in [1, 3] {
        let Some(pair) = Pair::of(&[shelf.corpus()], "shelf", size, shards) else { return };
        pair.compare_all();
    }
}

#[test]
fn what_changes_changes_on_the_cluster_too() {
    let Some(store) = cluster("changes") else { return };
    let shelf = Shelf::of(REPORT);
    let roots = [shelf.corpus()];
    let size = PassageSize { target: 40, max: 100 };
    let report = indexed(&roots, &store, size, true, 1);
    assert_eq!((report.added, report.committed), (1, true));
    let again = indexed(&roots, &store, size, false, 1);
    assert_eq!((again.unchanged, again.committed), (1, false));
    let before = store.open().unwrap();
    let gone = ids(&before, "paid");
    shelf.write("b.md", b"# Southland\n\nThe border is open.\n");
    let other = REPORT.replace("the border guards paid", "nobody paid");
    shelf.write("report.md", other.as_bytes());
    let changed = indexed(&roots, &store, size, false, 1);
    assert_eq!((changed.added, changed.changed), (1, 1), "{changed:?}");
    let after = store.open().unwrap();
    assert_eq!(after.summary().generation, before.summary().generation + 1);
    let retired = after.retired(&gone[0]).unwrap().expect("what the id meant");
    assert!(retired.text.contains("the border guards paid"));
    assert!(after.damage().unwrap().is_empty());
    std::fs::remove_file(shelf.corpus().join("b.md")).unwrap();
    let removed = indexed(&roots, &store, size, false, 1);
    assert_eq!(removed.removed, 1);
    assert!(ids(&store.open().unwrap(), "open").is_empty());
}

#[test]
fn what_a_run_that_ended_too_early_has_left_is_undone() {
    let Some(store) = cluster("undone") else { return };
    let shelf = Shelf::of(REPORT);
    shelf.write("b.md", REPORT.replace("Northland", "Southland").as_bytes());
    let size = PassageSize { target: 40, max: 100 };
    let before = indexed(&[shelf.corpus()], &store, size, true, 1);
    let engine = store.open().unwrap();
    let passages = engine.document("b.md").unwrap();
    let host = std::env::var("TIPSEARCH_OPENSEARCH").unwrap();
    let host = host.split(',').next().unwrap();
    let delete = |id: &str| {
        failures::request(host, "DELETE", &format!("/tipsearch-test-undone/_doc/{id}"), "");
    };
    // One passage is gone, and one of no document is there.
    delete(&passages[1].id);
    let foreign = r##"{"kind": "passage", "document": "#c.md", "main": ["stray"]}"##;
    failures::request(
        host,
        "PUT",
        "/tipsearch-test-undone/_doc/0000000000000?refresh=true",
        foreign,
    );
    assert_eq!(store.open().unwrap().document("b.md").unwrap().len() + 1, passages.len());
    shelf.write("d.md", b"# Westland\n\nThe border is shut.\n");
    let after = indexed(&[shelf.corpus()], &store, size, false, 1);
    let engine = store.open().unwrap();
    assert_eq!(engine.summary().passages, before.passages + 1);
    assert_eq!((after.added, engine.damage().unwrap()), (2, Vec::new()));
    assert_eq!(engine.document("b.md").unwrap(), passages);
    let plain = Shelf { folder: shelf.folder };
    plain.index_passages(size);
    assert_eq!(plain.engine().summary().digest, engine.summary().digest);
}

fn ids(engine: &Arc<dyn Engine>, query: &str) -> Vec<String> {
    let request = SearchRequest { lexical: true, ..SearchRequest::new(query) };
    let answer = Searcher::new(Arc::clone(engine)).search(&request).unwrap();
    answer.hits.iter().map(|hit| hit.passage.id.clone()).collect()
}

#[test]
fn a_command_may_follow_the_engine() {
    for engine in [&["--engine", "nowhere"][..], &["--engine=nowhere"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tipsearch"));
        let told = command.args(engine).arg("man").output().unwrap();
        assert!(String::from_utf8_lossy(&told.stdout).contains(".TH tipsearch"), "{told:?}");
    }
}

fn read(text: &str) -> Result<Address, String> {
    Address::parse(text, Access::default()).map_err(|error| error.to_string())
}

#[test]
fn an_address_names_hosts_and_an_index() {
    let address = read("opensearch+https://anna:s3:cret@one,two:9201,[::1]:9202/reports").unwrap();
    assert_eq!(address.hosts, ["https://one:9200", "https://two:9201", "https://[::1]:9202"]);
    assert_eq!(address.name, "reports");
    assert_eq!(address.access.user, Some(("anna".to_owned(), "s3:cret".to_owned())));
    let shown = "opensearch+https://one:9200,two:9201,[::1]:9202/reports";
    assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
}

#[test]
fn what_is_no_address_is_told() {
    for (text, told) in [
        ("http://one/reports", "the engine does not begin with `opensearch+`"),
        ("opensearch+ftp://one/reports", "the engine is reached by `http` or `https`"),
        ("opensearch+http://one", "the engine names no index"),
        (
            "opensearch+http://one/Reports",
            "`Reports` is no name of an index: small letters, digits, `-`, `_`, `.`",
        ),
        ("opensearch+http://one:x/reports", "`x` is no port"),
        ("opensearch+http://one,/reports", "`` is no host"),
    ] {
        assert_eq!(read(text), Err(told.to_owned()), "{text}");
    }
}
