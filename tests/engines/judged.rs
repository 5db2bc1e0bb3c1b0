//! Judged collections on a cluster: the measures are those of the engine on this machine.

use std::sync::atomic::AtomicBool;

use tipsearch::engine::Store;
use tipsearch::eval::{Asking, Collection, Evaluation, Measure, evaluate_index};
use tipsearch::query::Thesaurus;
use tipsearch::search::Searcher;

use super::cluster;
use crate::support::shared;

/// Measures to three digits with one shard, and within this with three.
const WITHIN: [(u32, f64); 2] = [(1, 0.0005), (3, 0.005)];

fn evaluated(collection: &Collection, store: &Store, shards: u32) -> Evaluation {
    let stop = AtomicBool::new(false);
    let engine = collection.index(store, shards, &stop).unwrap();
    let searcher = Searcher::new(engine).with_thesaurus(Thesaurus::built_in());
    let measures: Vec<Measure> =
        ["nDCG@10", "R@100", "MRR@10", "MAP"].iter().map(|name| name.parse().unwrap()).collect();
    let asking = Asking { feedback: false, lexical: false, model: None, stop: &stop };
    let (topics, qrels) = (&collection.topics, &collection.qrels);
    evaluate_index(&searcher, topics, qrels, &measures, asking).unwrap()
}

/// How much the measures differ is printed, for whoever wants to see it.
fn is_alike(name: &str) {
    let Some(store) = cluster("judged") else { return };
    let Some(folder) = shared(&format!("collections/{name}")) else { return };
    let collection = Collection::read(&folder, None).unwrap();
    let local = tempfile::tempdir().unwrap();
    let local = evaluated(&collection, &Store::Folder(local.path().to_owned()), 1);
    for (shards, within) in WITHIN {
        let other = evaluated(&collection, &store, shards);
        eprintln!("{name}, {shards} shards: {:?} for {:?}", other.means, local.means);
        assert_eq!(other.index, local.index, "{name}, {shards} shards");
        for (one, two) in local.means.iter().zip(&other.means) {
            assert!((one - two).abs() < within, "{name}, {shards} shards: {two} for {one}");
        }
    }
}

#[test]
fn small_collections_are_measured_alike() {
    is_alike("cranfield");
    is_alike("legalbenchrag_privacy_qa");
}

#[test]
#[ignore = "takes minutes; the one above tries small ones"]
fn all_collections_are_measured_alike() {
    for name in ["scifact", "doc2dial_val", "squad11_dev", "obliqa_dev", "xquad_ru", "xquad_ar"] {
        is_alike(name);
    }
}
