//! The larger shelves: everything indexes, and every passage is proved to stand where it says.

use std::path::Path;

use tipsearch::engine::Engine;
use tipsearch::engine::local::LocalEngine;
use tipsearch::examine::examine;

use crate::support::{guard, index_of, report_folder, shared};

fn prove(folder: &Path) -> (u64, u64) {
    let index = tempfile::tempdir().unwrap();
    let report = index_of(folder, index.path()).unwrap();
    assert_eq!(report.failed, [], "in {}", folder.display());
    let engine = LocalEngine::open(index.path()).unwrap();
    let examination = examine(&engine, &guard()).unwrap();
    assert_eq!(examination.faults, [""; 0]);
    assert_eq!(examination.stale, [""; 0]);
    assert_eq!(examination.located, examination.passages);
    assert_eq!(engine.summary().passages, examination.passages);
    (examination.documents, examination.passages)
}

#[test]
fn the_report_stands_where_it_says() {
    let (documents, passages) = prove(&report_folder());
    assert_eq!(documents, 1);
    assert!(passages >= 8);
}

#[test]
fn every_shelf_of_reports_stands_where_it_says() {
    let Some(folder) = shared("reports") else { return };
    let (documents, passages) = prove(&folder);
    eprintln!("{documents} documents, {passages} passages proved");
    assert!(documents > 1200);
}

#[test]
fn wikitext_and_odd_encodings_stand_where_they_say() {
    for name in ["formats/wikitext", "formats/encodings"] {
        let Some(folder) = shared(name) else { return };
        prove(&folder);
    }
}
