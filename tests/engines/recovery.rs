//! What goes on after a failure: a walk whose state was lost, a run that was interrupted. And what cannot go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tipsearch::engine::opensearch::{Access, Address};
use tipsearch::engine::{Engine, Store, WriterOptions};
use tipsearch::index::{IndexReport, IndexRequest, index};
use tipsearch::passage::PassageSize;

use super::failures::{Fate, Request, between, request};
use super::{REPORT, cluster, indexed};
use crate::support::{Shelf, guard};

const SIZE: PassageSize = PassageSize { target: 40, max: 100 };

/// The same index behind what decides about each request.
fn behind(
    name: &str,
    decide: impl Fn(usize, &Request) -> Fate + Send + Sync + 'static,
) -> Option<(Store, Store)> {
    let plain = cluster(name)?;
    let hosts = std::env::var("TIPSEARCH_OPENSEARCH").unwrap();
    let door = between(Some(hosts), decide);
    let address =
        Address::parse(&format!("opensearch+{door}/tipsearch-test-{name}"), Access::default());
    Some((plain, Store::Cluster(address.unwrap())))
}

fn passed() -> Fate {
    Fate::Forward { is_cut: false }
}

/// A shelf of so many reports, and one that goes over several pages.
fn shelf(reports: usize) -> Shelf {
    let long: String = (0..1200)
        .map(|number| format!("Border {number} is open on all days of the year.\n\n"))
        .collect();
    let shelf = Shelf::of(&format!("# Longland\n\n{long}"));
    for number in 0..reports {
        let report = REPORT.replace("Northland", &format!("Land {number}"));
        shelf.write(&format!("land{number}.md"), report.as_bytes());
    }
    shelf
}

#[test]
fn a_walk_goes_on_where_the_node_is_lost_that_kept_its_state() {
    let lost = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&lost);
    let stores = behind("walked", move |_, asked| {
        let is_walk = asked.line.starts_with("POST /_search?");
        // The second page, and every third try from there on, in turn of both forms.
        match is_walk.then(|| counted.fetch_add(1, Ordering::SeqCst)) {
            Some(number) if number % 6 == 1 => {
                let gone = r#"{"error": {"reason": "No search context found for id [7]"}}"#;
                Fate::Answer(404, gone.to_owned())
            }
            Some(number) if number % 6 == 4 => {
                let part = r#"{"_shards": {"failed": 1}, "hits": {"hits": []}}"#;
                Fate::Answer(200, part.to_owned())
            }
            _ => passed(),
        }
    });
    let Some((plain, stormy)) = stores else { return };
    let shelf = shelf(3);
    indexed(&[shelf.corpus()], &plain, SIZE, true, 1);
    let expected = plain.open().unwrap().document("report.md").unwrap();
    assert!(expected.len() > 1000, "{}", expected.len());
    let found = stormy.open().unwrap().document("report.md").unwrap();
    assert_eq!(found, expected);
    let again = stormy.open().unwrap().document("report.md").unwrap();
    assert_eq!(again, expected);
    assert!(lost.load(Ordering::SeqCst) > 6, "{lost:?}");
}

/// Indexing with requests so small that a run is many of them.
fn in_small_requests(
    shelf: &Shelf,
    store: &Store,
    fresh: bool,
) -> tipsearch::error::Result<IndexReport> {
    let options = WriterOptions { memory: 240_000, threads: 1, ..WriterOptions::default() };
    let request = IndexRequest {
        size: SIZE,
        force: fresh,
        options,
        guard: guard(),
        ..IndexRequest::new(vec![shelf.corpus()], store.clone())
    };
    index(&request, &std::sync::atomic::AtomicBool::new(false), &|_, _| {})
}

/// What takes so many requests with passages and has then a full disk.
fn takes(requests: usize) -> impl Fn(usize, &Request) -> Fate + Send + Sync + 'static {
    let taken = AtomicUsize::new(0);
    move |_, asked| {
        if !asked.line.contains("/_bulk") || taken.fetch_add(1, Ordering::SeqCst) < requests {
            return passed();
        }
        let full = r#"{"error": {"type": "cluster_block_exception", "reason": "disk full"}}"#;
        Fate::Answer(403, full.to_owned())
    }
}

/// The index has what a plain run over the same reports has, its words too.
fn is_as_plain(store: &Store, shelf: Shelf) -> Shelf {
    shelf.index_passages(SIZE);
    let (plain, other) = (shelf.engine(), store.open().unwrap());
    assert_eq!(plain.summary().digest, other.summary().digest);
    assert_eq!(plain.summary().passages, other.summary().passages);
    assert_eq!(other.damage().unwrap(), Vec::new());
    let pattern = tipsearch::query::Pattern::Prefix(String::new());
    let words = |engine: &dyn Engine| engine.vocabulary().words_like(&pattern, 100_000).unwrap();
    assert_eq!(words(&plain), words(other.as_ref()));
    shelf
}

#[test]
fn a_run_that_was_interrupted_is_gone_on_with() {
    let Some((plain, full)) = behind("resumed", takes(12)) else { return };
    let mut shelf = shelf(120);
    // A run of an earlier test, which had other passages, is not gone on with.
    indexed(&[shelf.corpus()], &plain, PassageSize { target: 50, max: 200 }, true, 1);
    let before = plain.open().unwrap().summary().clone();
    let told = in_small_requests(&shelf, &full, true).expect_err("a full disk");
    assert!(told.to_string().contains("disk full"), "{told}");
    assert_eq!(plain.open().unwrap().summary(), &before, "the name has not moved");
    let report = in_small_requests(&shelf, &plain, true).unwrap();
    assert!((20..120).contains(&report.resumed), "{report:?}");
    assert_eq!((report.documents, report.unchanged), (121, report.resumed));
    shelf = is_as_plain(&plain, shelf);

    // The same where an index is brought up to date.
    let Some((_, full)) = behind("resumed", takes(10)) else { return };
    for number in 0..120 {
        let report = REPORT.replace("bribes", &format!("bribes{number}"));
        shelf.write(&format!("land{number}.md"), report.as_bytes());
        shelf.write(&format!("isle{number}.md"), report.as_bytes());
    }
    in_small_requests(&shelf, &full, false).expect_err("a full disk");
    let report = in_small_requests(&shelf, &plain, false).unwrap();
    assert!(report.resumed > 20, "{report:?}");
    assert_eq!((report.documents, report.committed), (241, true));
    shelf = is_as_plain(&plain, shelf);
    // What was noted is gone with the commit.
    let report = in_small_requests(&shelf, &plain, false).unwrap();
    assert_eq!((report.resumed, report.committed, report.unchanged), (0, false, 241));
}

#[test]
fn a_run_with_other_passages_does_not_take_over_what_was_noted() {
    let Some((plain, full)) = behind("others", takes(12)) else { return };
    let shelf = shelf(120);
    in_small_requests(&shelf, &full, true).expect_err("a full disk");
    let other = PassageSize { target: 50, max: 200 };
    let report = indexed(&[shelf.corpus()], &plain, other, true, 1);
    assert_eq!(plain.open().unwrap().summary().passages, report.passages);
    let local = tempfile::tempdir().unwrap();
    let local = Store::Folder(local.path().join("index"));
    let expected = indexed(&[shelf.corpus()], &local, other, true, 1);
    assert_eq!(report.passages, expected.passages);
    assert_eq!(local.summary().unwrap().digest, plain.summary().unwrap().digest);
}

#[test]
fn a_passage_that_does_not_fit_the_mapping_is_told_and_nothing_is_lost() {
    let stores = behind("unfit", |_, asked| {
        let body = String::from_utf8_lossy(&asked.body);
        if !asked.line.contains("/_bulk") || !body.contains("The border is shut") {
            return passed();
        }
        let item = r#"{"index": {"_id": "abc", "status": 400, "error": {"type": "mapper_parsing_exception", "reason": "failed to parse field [ordinal]"}}}"#;
        Fate::Answer(200, format!(r#"{{"errors": true, "items": [{item}]}}"#))
    });
    let Some((plain, unfit)) = stores else { return };
    let shelf = Shelf::of(REPORT);
    let before = indexed(&[shelf.corpus()], &plain, SIZE, true, 1);
    shelf.write("b.md", b"# Southland\n\nThe border is shut.\n");
    let told = super::try_indexed(&[shelf.corpus()], &unfit, SIZE, false, 1).expect_err("refused");
    assert!(told.to_string().contains("does not take `abc` (400): failed to parse"), "{told}");
    assert_eq!(plain.open().unwrap().summary().passages, before.passages);
}

#[test]
fn an_index_whose_shards_are_nowhere_is_told() {
    let Some(store) = cluster("red") else { return };
    let host = std::env::var("TIPSEARCH_OPENSEARCH").unwrap();
    let host = host.split(',').next().unwrap().to_owned();
    let ask = |method: &str, path: &str, body: &str| request(&host, method, path, body);
    let allocate = |what: &str| {
        let body = format!(r#"{{"transient": {{"cluster.routing.allocation.enable": {what}}}}}"#);
        ask("PUT", "/_cluster/settings", &body);
    };
    let shelf = Shelf::of(REPORT);
    indexed(&[shelf.corpus()], &store, SIZE, true, 1);
    let before = store.open().unwrap().summary().clone();
    // A new index finds no node, and the old one stays.
    allocate(r#""none""#);
    let written = super::try_indexed(&[shelf.corpus()], &store, SIZE, true, 1);
    let kept = store.open().map(|engine| engine.summary().clone());
    // An index with the old one's name that is nowhere.
    let red = r#"{"settings": {"index.routing.allocation.require._name": "nobody"}, "aliases": {"tipsearch-test-red-nowhere": {}}, "mappings": "#;
    let mapping = ask("GET", "/tipsearch-test-red/_mapping", "");
    let mapping: serde_json::Value = serde_json::from_str(&mapping).unwrap();
    let mut mapping = mapping.as_object().unwrap().values().next().unwrap()["mappings"].clone();
    // What its fields are does not matter.
    mapping["properties"] = serde_json::json!({});
    ask("PUT", "/tipsearch-test-red-nowhere-1?timeout=1s", &format!("{red}{mapping}}}"));
    allocate("null");
    let nowhere = cluster("red-nowhere").unwrap().open().map(|_| ()).expect_err("no shard");
    ask("DELETE", "/tipsearch-test-red-nowhere-1", "");
    let told = written.expect_err("no shard");
    assert!(told.to_string().contains("no node"), "{told}");
    assert_eq!(kept.unwrap(), before);
    let hint = nowhere.hint().unwrap_or_default();
    assert!(nowhere.to_string().contains("503"), "{nowhere}");
    assert!(hint.contains("on none of its nodes"), "{hint}");
}
