//! How passages are stored: packed a few at a time, with dictionaries of what the texts of an index have in common. What
//! is shown is what was indexed, or an error.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use tipsearch::document::{Location, slug};
use tipsearch::engine::local::{LocalEngine, LocalWriter};
use tipsearch::engine::{Engine, Writer, WriterOptions};
use tipsearch::examine::examine;
use tipsearch::passage::{Passage, Report};
use tipsearch::query::Query;

use crate::cli::index_files;
use crate::support::{Shelf, cases, guard};

/// A report of so many sections of some 700 bytes, in words that many share.
fn report(number: usize, sections: usize) -> String {
    let mut text = format!("# Report {number}\n");
    for section in 0..sections {
        let _ = write!(text, "\n## Section {section}\n\n");
        for sentence in 0..8 {
            let figure = (number * 7919 + section * 104_729 + sentence * 1_299_709) % 99_991;
            let _ = write!(
                text,
                "The authorities of province {figure} convicted {} traffickers, and sheltered {} victims of forced labor. ",
                figure % 97,
                figure % 89
            );
        }
        text.push('\n');
    }
    text
}

fn write_reports(shelf: &Shelf, numbers: std::ops::Range<usize>, sections: usize) {
    for number in numbers {
        shelf.write(&format!("{number}.md"), report(number, sections).as_bytes());
    }
}

/// A shelf whose index has one dictionary.
fn with_dictionary() -> Shelf {
    let shelf = Shelf::empty();
    write_reports(&shelf, 0..45, 20);
    shelf.index();
    shelf
}

/// The dictionaries of an index, by name.
fn dictionaries(shelf: &Shelf) -> Vec<String> {
    let files = index_files(shelf, ".bin");
    let names = files.iter().map(|path| path.file_name().expect("a name").to_string_lossy());
    let mut names: Vec<String> = names.map(|name| name.into_owned()).collect();
    names.sort();
    names
}

/// Proves all passages of an index against their files.
fn prove(shelf: &Shelf) -> u64 {
    let examined = examine(&shelf.engine(), &guard()).expect("an examination");
    assert_eq!((examined.faults, examined.damaged_files), (Vec::new(), Vec::new()));
    assert_eq!(examined.located, examined.passages);
    examined.passages
}

#[test]
fn dictionaries_are_made_as_an_index_grows() {
    let shelf = Shelf::empty();
    write_reports(&shelf, 0..5, 20);
    shelf.index();
    assert_eq!(dictionaries(&shelf), [""; 0]);
    write_reports(&shelf, 5..25, 20);
    shelf.index();
    assert_eq!(dictionaries(&shelf), ["dictionary-1.bin"]);
    // A few more are packed with what there is.
    write_reports(&shelf, 45..50, 20);
    shelf.index();
    assert_eq!(dictionaries(&shelf), ["dictionary-1.bin"]);
    // Many more outgrow it.
    write_reports(&shelf, 100..250, 40);
    shelf.index();
    assert_eq!(dictionaries(&shelf), ["dictionary-1.bin", "dictionary-2.bin"]);
    // What was packed with either is read, and what is replaced with the new one.
    write_reports(&shelf, 0..3, 21);
    shelf.index();
    assert!(prove(&shelf) > 200 * 20);
    assert_eq!(dictionaries(&shelf), ["dictionary-1.bin", "dictionary-2.bin"]);
}

fn changed(path: &PathBuf, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).expect("a file");
    change(&mut bytes);
    fs::write(path, bytes).expect("a file");
}

#[test]
fn a_damaged_dictionary_is_named_and_nothing_is_shown() {
    let shelf = with_dictionary();
    let path = shelf.index_path().join("segments-1/dictionary-1.bin");
    let whole = fs::read(&path).expect("a dictionary");
    // A passage has a checksum of its own: one that nothing damaged was needed for is shown.
    changed(&path, |bytes| bytes[5000..].iter_mut().for_each(|byte| *byte ^= 1));
    let answer = shelf.answer("victims");
    assert!(answer.contains("`dictionary-1.bin` does not have its checksum"), "{answer}");
    assert!(answer.contains("hint: "), "{answer}");
    let damage = shelf.engine().damage().expect("a list");
    let expected = ("dictionary-1.bin".to_owned(), "does not have its checksum".to_owned());
    assert_eq!(damage, [expected]);
    fs::write(&path, &whole[..20]).expect("a file");
    assert!(shelf.answer("victims").contains("`dictionary-1.bin` does not have its checksum"));
    fs::remove_file(&path).expect("a file");
    assert!(shelf.answer("victims").contains("`dictionary-1.bin` is missing"));
    fs::write(&path, whole).expect("a file");
    assert!(shelf.answer("victims").contains("«victims»"));
}

/// Wherever a bit of the store is turned, a passage is as it was or is not shown.
#[test]
fn no_passage_of_a_damaged_store_is_another() {
    let shelf = with_dictionary();
    let store = index_files(&shelf, ".store").remove(0);
    let everything = || {
        let engine = LocalEngine::open(&shelf.index_path()).ok()?;
        let all = Query::parse("*", &engine.summary().fields).ok()?;
        let hits = engine.every(&all).ok()?;
        Some(hits.iter().map(|hit| (hit.id, engine.load(&[*hit]).ok())).collect::<Vec<_>>())
    };
    let expected = everything().expect("passages");
    let whole = fs::read(&store).expect("a store");
    let mut lost = 0;
    let bits = whole.len() * 8;
    let anywhere = (0..150).map(|round| round * 7_368_787 % bits);
    // Where the store ends, it says what it is: that is read when the index is opened.
    for bit in anywhere.chain((bits - 800..bits).step_by(7)) {
        changed(&store, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        for ((id, found), (_, expected)) in everything().unwrap_or_default().iter().zip(&expected) {
            lost += usize::from(found.is_none());
            if found.is_some() {
                assert_eq!(found, expected, "{id} with bit {bit} turned");
            }
        }
        fs::write(&store, &whole).expect("a store");
    }
    assert!(lost > 50, "{lost} passages were lost");
}

fn passage(doc_id: &str, text: &str, number: u64) -> Passage {
    Passage {
        id: tipsearch::passage::id_text(number),
        ordinal: 0,
        report: Arc::new(Report { doc_id: doc_id.to_owned(), ..Report::default() }),
        trail: Vec::new(),
        role: None,
        anchor: String::new(),
        text: text.to_owned(),
        location: Location::default(),
    }
}

#[test]
fn what_is_removed_before_it_is_handed_over_is_not_there() {
    let shelf = Shelf::empty();
    let writer =
        LocalWriter::open(&shelf.index_path(), WriterOptions::default()).expect("a writer");
    writer.add(vec![passage("a.md", "Border guards.", 1)], true).expect("one");
    writer.add(vec![passage("b.md", "Labor inspectors.", 2)], true).expect("one");
    writer.remove("a.md").expect("none");
    writer.add(vec![passage("b.md", "Police officers.", 3)], false).expect("one");
    Box::new(writer).commit(tipsearch::engine::Catalog::default()).expect("a commit");
    let engine = shelf.engine();
    assert!(engine.document("a.md").expect("none").is_empty());
    let texts = engine.document("b.md").expect("one");
    assert_eq!(texts.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["Police officers."]);
}

fn any_passage() -> impl Strategy<Value = Passage> {
    let heading = || "[A-Za-zÉß0-9 .'-]{0,12}";
    let trail = prop::collection::vec(heading(), 0..4);
    let pages = prop::option::of((1_usize..300, 0_usize..3));
    let place = (prop::option::of((0_usize..9_000_000, 0_usize..5000)), pages);
    (
        heading(),
        trail,
        "(-[0-9])?",
        prop::option::of("[a-z]{3,9}"),
        ".{0,200}",
        place,
        any::<bool>(),
    )
        .prop_map(|(title, mut trail, rest, role, text, (bytes, pages), is_titled)| {
            if is_titled {
                trail.insert(0, title.clone());
            }
            let anchor = trail.last().map(|heading| slug(heading) + &rest).unwrap_or(rest);
            let location = Location {
                bytes: bytes.map(|(start, length)| start..start + length),
                pages: pages.map(|(first, more)| (first, first + more)),
                page_labels: pages.map(|(first, _)| (format!("p. {first}"), String::new())),
                ..Location::default()
            };
            let report = Report { title, sha256: [7; 32], ..Report::default() };
            let (id, report) = (String::new(), Arc::new(report));
            Passage { id, ordinal: 0, report, trail, role, anchor, text, location }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..cases() })]
    /// What is stored is what is read.
    #[test]
    fn passages_come_back_as_they_were(reports in prop::collection::vec(prop::collection::vec(any_passage(), 1..5), 1..30)) {
        let shelf = Shelf::empty();
        let writer = LocalWriter::open(&shelf.index_path(), WriterOptions::default()).expect("a writer");
        let mut number = 0;
        let mut expected = Vec::new();
        for (report, passages) in reports.into_iter().enumerate() {
            let mut shared = Report::clone(&passages[0].report);
            shared.doc_id = format!("{report}.md");
            let shared = Arc::new(shared);
            let passages: Vec<Passage> = passages.into_iter().enumerate().map(|(ordinal, passage)| {
                number += 7_919_777_777_777;
                let id = tipsearch::passage::id_text(number);
                Passage { id, ordinal, report: Arc::clone(&shared), ..passage }
            }).collect();
            writer.add(passages.clone(), true).expect("added");
            expected.push(passages);
        }
        Box::new(writer).commit(tipsearch::engine::Catalog::default()).expect("a commit");
        let engine = shelf.engine();
        let all = Query::parse("*", &engine.summary().fields).expect("a query");
        let mut found = engine.load(&engine.every(&all).expect("hits")).expect("passages");
        found.sort_by(|a, b| a.id.cmp(&b.id));
        prop_assert_eq!(found, expected.concat());
    }
}
