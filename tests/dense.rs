//! The sentence encoder as an option: adding a model, the file of vectors, and what answers when.
//!
//! Tests that need the model take it from the file or folder that `TIPSEARCH_MODEL` names (a wheel, or a folder with
//! `model.safetensors`); where it is not set they say that they skip. There is no stand-in for it.

use std::fs;
use std::path::Path;

use tempfile::tempdir;
use tipsearch::dense::{DIMENSIONS, Encoded, Keeper, Model, Vectors, WEIGHTS, file_name};
use tipsearch::error::Error;

use crate::cli::{copy, tipsearch};
use crate::support::report_folder;

/// Some vector of its own for each number.
fn vector(number: usize) -> Encoded {
    let numbers: Vec<f32> =
        (0..DIMENSIONS).map(|at| ((at * 7 + number * 13) % 29) as f32 - 14.0).collect();
    Encoded::of(&numbers).unwrap()
}

/// A file with vectors for these passages.
fn kept(path: &Path, ids: std::ops::Range<u64>) {
    let mut keeper = Keeper::open(path, WEIGHTS).unwrap();
    let new: Vec<(u64, Encoded)> = ids.map(|id| (id, vector(id as usize))).collect();
    keeper.append(&new).unwrap();
    keeper.sync().unwrap();
}

#[test]
fn vectors_come_back_as_they_were_kept() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(file_name(WEIGHTS));
    assert_eq!(path.file_name().unwrap(), "dense-53aa51172d14.bin");
    assert!(Vectors::read(&path, WEIGHTS).unwrap().is_empty());
    kept(&path, 0..3);
    kept(&path, 3..5);
    let vectors = Vectors::read(&path, WEIGHTS).unwrap();
    assert_eq!(vectors.len(), 5);
    for id in 0..5 {
        let place = vectors.place(id).unwrap();
        assert_eq!(vectors.at(place), Some(&vector(id as usize)));
    }
    assert_eq!(vectors.place(5), None);
    assert_eq!(vectors.at(5), None);
}

#[test]
fn a_direction_is_kept_in_a_byte_a_number() {
    let numbers: Vec<f32> = (0..DIMENSIONS).map(|at| (at as f32 * 0.37).sin()).collect();
    let longer: Vec<f32> = numbers.iter().map(|number| number * 3.0).collect();
    let one = Encoded::of(&numbers).unwrap();
    assert!(one.likeness(&Encoded::of(&longer).unwrap()) > 0.9999);
    let opposite: Vec<f32> = numbers.iter().map(|number| -number).collect();
    assert!(one.likeness(&Encoded::of(&opposite).unwrap()) < -0.9999);
    assert_eq!(Encoded::from_bytes(&one.to_bytes()), Some(one));
    assert_eq!(Encoded::of(&[0.0; DIMENSIONS]), None);
    assert_eq!(Encoded::of(&[f32::NAN; DIMENSIONS]), None);
    assert_eq!(Encoded::of(&[1.0]), None);
    assert_eq!(Encoded::from_bytes(&[0; DIMENSIONS]), None);
}

#[test]
fn what_a_killed_process_leaves_of_a_record_does_not_count() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vectors.bin");
    kept(&path, 0..3);
    let whole = fs::read(&path).unwrap();
    let record = (whole.len() - 56) / 3;
    for length in [whole.len() - 1, whole.len() - record + 1, 56 + 2 * record] {
        fs::write(&path, &whole[..length]).unwrap();
        let vectors = Vectors::read(&path, WEIGHTS).unwrap();
        assert_eq!((vectors.len(), vectors.place(2)), (2, None), "{length} bytes");
        kept(&path, 2..3);
        assert_eq!(fs::read(&path).unwrap(), whole, "the rest is written over");
    }
    // Of a head that is not whole nothing is left.
    for length in [0, 1, 55] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(Vectors::read(&path, WEIGHTS).unwrap().is_empty());
        kept(&path, 0..3);
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    // Blocks that the system has not written yet are zeros, and a bit may turn over.
    for (at, mask) in [(56 + record + 9, 0xff), (56 + record, 1), (56 + 2 * record - 1, 0x80)] {
        let mut damaged = whole.clone();
        damaged[at] ^= mask;
        fs::write(&path, &damaged).unwrap();
        let vectors = Vectors::read(&path, WEIGHTS).unwrap();
        assert_eq!((vectors.len(), vectors.place(1)), (2, None), "byte {at}");
    }
}

#[test]
fn vectors_of_another_model_are_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vectors.bin");
    kept(&path, 0..2);
    let other = WEIGHTS.replace('5', "6");
    assert_ne!(file_name(&other), file_name(WEIGHTS));
    let refused = |weights: &str, expected: &str| {
        for error in [Vectors::read(&path, weights).err(), Keeper::open(&path, weights).err()] {
            let error = error.expect("an error").to_string();
            assert!(error.contains(expected), "{error}");
        }
    };
    refused(&other, "of another model");
    let mut bytes = fs::read(&path).unwrap();
    bytes[9] ^= 1;
    fs::write(&path, &bytes).unwrap();
    refused(WEIGHTS, "its head is damaged");
    fs::write(&path, "something else").unwrap();
    refused(WEIGHTS, "no file of vectors");
}

#[test]
fn what_the_index_no_longer_has_can_be_dropped() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vectors.bin");
    kept(&path, 0..6);
    let mut keeper = Keeper::open(&path, WEIGHTS).unwrap();
    keeper.keep(WEIGHTS, |id| id % 3 == 1).unwrap();
    keeper.append(&[(9, vector(9))]).unwrap();
    let vectors = Vectors::read(&path, WEIGHTS).unwrap();
    let ids: Vec<u64> = (0..12).filter(|id| vectors.place(*id).is_some()).collect();
    assert_eq!(ids, [1, 4, 9]);
    assert_eq!(vectors.at(vectors.place(4).unwrap()), Some(&vector(4)));
}

#[test]
fn one_process_encodes_at_a_time() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vectors.bin");
    let _keeper = Keeper::open(&path, WEIGHTS).unwrap();
    assert!(matches!(Keeper::open(&path, WEIGHTS), Err(Error::IndexLocked { .. })));
    assert!(Vectors::read(&path, WEIGHTS).is_ok());
}

/// A folder that looks like a published model.
fn published(folder: &Path, weights: &[u8], card: &str) {
    fs::create_dir_all(folder.join("a/model")).unwrap();
    fs::write(folder.join("a/model/model.safetensors"), weights).unwrap();
    fs::write(folder.join("a/model/vocab.txt"), "[UNK]\n[CLS]\n[SEP]\n").unwrap();
    fs::write(folder.join("a/model/README.md"), card).unwrap();
}

#[test]
fn a_model_that_is_not_known_is_refused_with_what_was_expected() {
    let folder = tempdir().unwrap();
    let (source, index) = (folder.path().join("source"), folder.path().join("index"));
    published(&source, b"something else", "---\nlicense: apache-2.0\n---\n");
    let error = Model::add(&source, None, &index).unwrap_err();
    assert!(error.to_string().contains(WEIGHTS), "{error}");
    assert!(!index.exists(), "nothing is written");
    fs::remove_file(source.join("a/model/vocab.txt")).unwrap();
    let error = Model::add(&source, None, &index).unwrap_err();
    assert!(error.to_string().contains("it has no `vocab.txt`"), "{error}");
    let file = folder.path().join("file.whl");
    fs::write(&file, "no archive").unwrap();
    let error = Model::add(&file, None, &index).unwrap_err();
    assert!(error.to_string().contains("neither a folder nor a wheel"), "{error}");
    assert!(matches!(Model::add(&folder.path().join("none"), None, &index), Err(Error::Io { .. })));
}

#[test]
fn an_index_whose_model_is_gone_says_so() {
    let index = tempdir().unwrap();
    assert_eq!(Model::of_index(index.path()).unwrap(), None);
    let pointer = format!(r#"{{"folder": "model", "weights": "{WEIGHTS}"}}"#);
    fs::write(index.path().join("model.json"), pointer).unwrap();
    let error = Model::of_index(index.path()).unwrap_err();
    assert!(error.to_string().contains("there is no model in it"), "{error}");
    assert!(error.hint().unwrap().contains("tipsearch model add"));
    let model = index.path().join("model");
    fs::create_dir(&model).unwrap();
    let about = |form: u32, weights: &str| {
        format!(
            r#"{{"form": {form}, "name": "m", "weights": "{weights}", "licence": "l", "dimensions": 384,
                "network_bytes": 0, "network": ""}}"#
        )
    };
    for (text, expected) in [
        ("{".to_owned(), "malformed"),
        (about(99, WEIGHTS), "another version"),
        (about(1, "00"), "another model"),
    ] {
        fs::write(model.join("about.json"), text).unwrap();
        let error = Model::of_index(index.path()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn status_says_what_model_an_index_has() {
    let folder = tempdir().unwrap();
    copy(&report_folder(), &folder.path().join("corpus"));
    assert_eq!(tipsearch(folder.path(), &["index", "corpus"]).code, 0);
    let ran = tipsearch(folder.path(), &["model"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("the index has no model; `tipsearch model add FILE`"), "{}", ran.out);
    assert_eq!(tipsearch(folder.path(), &["model", "--json"]).out.trim(), "null");
    assert!(!tipsearch(folder.path(), &["status"]).out.contains("model"));
    let pointer = format!(r#"{{"folder": "gone", "weights": "{WEIGHTS}"}}"#);
    fs::write(folder.path().join("index/model.json"), pointer).unwrap();
    let ran = tipsearch(folder.path(), &["model"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no model in it"), "{}", ran.err);
    let ran = tipsearch(folder.path(), &["status"]);
    assert!(ran.out.contains("there is no model in it"), "{}", ran.out);
    // Searches are answered all the same.
    assert_eq!(tipsearch(folder.path(), &["bribes of border guards"]).code, 0);
}

#[test]
#[cfg(not(feature = "dense"))]
fn a_program_without_the_encoder_says_how_to_build_one_with_it() {
    let folder = tempdir().unwrap();
    copy(&report_folder(), &folder.path().join("corpus"));
    assert_eq!(tipsearch(folder.path(), &["index", "corpus"]).code, 0);
    for arguments in [&["model", "add", "some.whl"][..], &["model", "encode"], &["model"]] {
        let ran = tipsearch(folder.path(), arguments);
        assert_ne!(ran.code, 0);
        assert!(ran.err.contains("built without the encoder"), "{}", ran.err);
        assert!(ran.err.contains("cargo build --release --features dense"), "{}", ran.err);
    }
}

/// What needs the model.
#[cfg(feature = "dense")]
mod with_model {
    use std::path::PathBuf;
    use std::sync::OnceLock;
    use std::sync::atomic::AtomicBool;

    use serde::Deserialize;
    use tempfile::TempDir;
    use tipsearch::dense::{Encoder, Tokens};
    use tipsearch::engine::local::LocalEngine;
    use tipsearch::index::{IndexRequest, encode, index};
    use tipsearch::search::{SearchRequest, Searcher};

    use super::*;
    use crate::cli::{program, ran};

    /// The model, unpacked once.
    fn model() -> Option<&'static Model> {
        static MODEL: OnceLock<Option<(Model, TempDir)>> = OnceLock::new();
        let unpack = || {
            let source = PathBuf::from(std::env::var_os("TIPSEARCH_MODEL")?);
            let folder = tempdir().unwrap();
            Some((Model::unpack(&source, folder.path()).unwrap(), folder))
        };
        let model = MODEL.get_or_init(unpack).as_ref().map(|(model, _)| model);
        if model.is_none() {
            eprintln!("skipped: TIPSEARCH_MODEL names no model");
        }
        model
    }

    /// A sentence as numpy encodes it: see `benches/encoder_reference.py`.
    #[derive(Deserialize)]
    struct Reference {
        text: String,
        pieces: Vec<i32>,
        vector: Vec<f32>,
    }

    fn references() -> Vec<Reference> {
        let lines = include_str!("data/encoder_reference.jsonl").lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn texts_are_cut_into_the_pieces_that_the_model_was_trained_with() {
        let Some(model) = model() else { return };
        let tokens = Tokens::of(&fs::read_to_string(model.vocabulary()).unwrap()).unwrap();
        for Reference { text, pieces, .. } in references() {
            assert_eq!(tokens.of_text(&text), pieces, "{text}");
        }
    }

    #[test]
    fn the_encoder_in_8_bits_says_what_the_published_one_says() {
        let Some(model) = model() else { return };
        let encoder = Encoder::open(model, true).unwrap();
        let worker = encoder.worker();
        let mut least: f32 = 1.0;
        for Reference { text, vector, .. } in references() {
            let encoded = worker.encode(&text).unwrap().unwrap();
            let likeness = encoded.likeness(&Encoded::of(&vector).unwrap());
            assert!(likeness > 0.99, "{likeness}: {text}");
            assert_eq!(encoder.encode(&text).unwrap().as_ref(), Some(&encoded), "on more threads");
            least = least.min(likeness);
        }
        eprintln!("the least likeness is {least}");
        assert_eq!(encoder.encode(" \n").unwrap(), None);
    }

    /// Two passages; the second has no word of the questions below.
    const SHELF: [(&str, &str); 2] = [
        (
            "farms.md",
            "# Farms\n\nFields were watered by the rivers, and cotton was picked by machines.\n",
        ),
        (
            "guards.md",
            "# Crossings\n\nOfficers took bribes and let smugglers of migrants through.\n",
        ),
    ];

    fn indexed(folder: &Path, files: &[(&str, &str)]) -> PathBuf {
        let (corpus, path) = (folder.join("corpus"), folder.join("index"));
        let _ = fs::remove_dir_all(&corpus);
        fs::create_dir(&corpus).unwrap();
        for (name, text) in files {
            fs::write(corpus.join(name), text).unwrap();
        }
        let request = IndexRequest::new(vec![corpus], path.clone());
        index(&request, &AtomicBool::new(false), &|_, _| ()).unwrap();
        path
    }

    /// By what a passage of a search is compared, as the explanation of the first hit says.
    fn explained(path: &Path, lexical: bool) -> String {
        let searcher = Searcher::new(LocalEngine::open(path).unwrap());
        let request = SearchRequest {
            explain: true,
            lexical,
            ..SearchRequest::new("bribes of policemen at the border")
        };
        let response = searcher.search(&request).unwrap();
        format!("{:?}", response.hits[0].explanation)
    }

    #[test]
    fn the_model_answers_where_every_passage_is_encoded() {
        let Some(model) = model() else { return };
        let folder = tempdir().unwrap();
        let path = indexed(folder.path(), &SHELF);
        assert!(explained(&path, false).contains("its meaning is like the query's: "));
        let pointer = serde_json::json!({ "folder": model.folder, "weights": WEIGHTS });
        fs::write(path.join("model.json"), pointer.to_string()).unwrap();
        let open = || LocalEngine::open(&path).unwrap();
        let coverage = open().coverage().unwrap().unwrap();
        assert_eq!((coverage.encoded, coverage.passages), (0, 2));
        assert!(explained(&path, false).contains("its meaning is like the query's: "));
        let stopped = encode(&open(), &AtomicBool::new(true), &|_, _| ());
        assert!(matches!(stopped, Err(Error::Interrupted)));
        let encoded = |path: &Path| {
            let engine = LocalEngine::open(path).unwrap();
            let report = encode(&engine, &AtomicBool::new(false), &|_, _| ()).unwrap();
            (report.encoded, report.all, report.dropped)
        };
        assert_eq!(encoded(&path), (2, 2, 0));
        assert_eq!(encoded(&path), (0, 2, 0));
        assert!(explained(&path, false).contains("the query's by all-MiniLM-L6-v2: "));
        assert!(!explained(&path, true).contains("meaning"));
        // A passage more has no vector yet.
        let more =
            [SHELF[0], SHELF[1], ("more.md", "# Courts\n\nJudges sentenced a trafficker.\n")];
        indexed(folder.path(), &more);
        assert!(explained(&path, false).contains("its meaning is like the query's: "));
        assert_eq!(encoded(&path), (1, 3, 0));
        assert!(explained(&path, false).contains("the query's by all-MiniLM-L6-v2: "));
        // What is left answers; the vectors of what is gone are kept while they are few.
        indexed(folder.path(), &more[1..]);
        assert_eq!(encoded(&path), (0, 2, 0));
        assert!(explained(&path, false).contains("the query's by all-MiniLM-L6-v2: "));
        indexed(folder.path(), &more[1..2]);
        assert_eq!(encoded(&path), (0, 1, 2));
        assert!(explained(&path, false).contains("the query's by all-MiniLM-L6-v2: "));
    }

    #[test]
    fn what_has_no_word_of_a_question_is_found_by_the_model() {
        let Some(model) = model() else { return };
        let folder = tempdir().unwrap();
        let path = indexed(folder.path(), &SHELF);
        let vectors = folder.path().join("vectors.bin");
        let engine = LocalEngine::open(&path).unwrap().with_model(model.clone(), vectors);
        encode(&engine, &AtomicBool::new(false), &|_, _| ()).unwrap();
        let searcher = Searcher::new(engine);
        let request = SearchRequest::new("corrupt policemen helped human traffickers");
        let response = searcher.search(&request).unwrap();
        let found: Vec<&str> =
            response.hits.iter().map(|hit| hit.passage.report.doc_id.as_str()).collect();
        assert_eq!(found, ["guards.md"]);
    }

    #[test]
    fn an_index_is_given_a_model_and_encoded_by_commands() {
        if model().is_none() {
            return;
        }
        let source = std::env::var("TIPSEARCH_MODEL").unwrap();
        let folder = tempdir().unwrap();
        copy(&report_folder(), &folder.path().join("corpus"));
        let run = |arguments: &[&str]| {
            let ran = ran(program(folder.path()).args(arguments));
            assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
            ran
        };
        run(&["index", "corpus"]);
        let added = run(&["model", "add", &source]);
        assert!(added.out.starts_with("all-MiniLM-L6-v2 (apache-2.0) is in "), "{}", added.out);
        assert!(added.out.contains(WEIGHTS), "{}", added.out);
        assert!(folder.path().join("index/model/encoder.onnx").is_file());
        let before = run(&["status"]);
        assert!(
            before.out.contains("encoded 0 of 8: the table in the program answers"),
            "{}",
            before.out
        );
        let encoded = run(&["model", "encode"]);
        assert!(encoded.out.starts_with("encoded 8 passages in "), "{}", encoded.out);
        assert!(run(&["status"]).out.contains("model     all-MiniLM-L6-v2, encoded 8 of 8\n"));
        let status: serde_json::Value =
            serde_json::from_str(&run(&["model", "--json"]).out).unwrap();
        assert_eq!(status["answers"], true);
        // Indexing goes on with it.
        fs::write(
            folder.path().join("corpus/more.md"),
            "# Courts\n\nJudges sentenced a trafficker.\n",
        )
        .unwrap();
        let indexed = run(&["index", "corpus"]);
        assert!(indexed.out.contains("encoded 1 passage in "), "{}", indexed.out);
        let vectors = fs::read(folder.path().join("index/dense-53aa51172d14.bin")).unwrap();
        assert_eq!(vectors.len(), 56 + 9 * 400);
        // So does one that is made anew: ids are what they were.
        let anew = run(&["index", "--force", "corpus"]);
        assert!(!anew.out.contains("encoded"), "{}", anew.out);
        assert!(run(&["status"]).out.contains("encoded 9 of 9"));
        run(&["model", "add", &source, "--to", "elsewhere"]);
        assert!(run(&["model"]).out.contains("elsewhere"));
    }
}
