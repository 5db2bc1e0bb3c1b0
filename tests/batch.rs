//! Reading and cutting apart from indexing: shards together are what one run gives, are finished once, and are
//! never half believed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tipsearch::engine::Engine;
use tipsearch::engine::local::LocalEngine;
use tipsearch::error::{Error, Result};
use tipsearch::examine::examine;
use tipsearch::index::{
    ChunkReport, ChunkRequest, FromRequest, IndexReport, Part, chunk, index_from,
};
use tipsearch::search::{SearchRequest, Searcher};

use crate::support::{Shelf, guard, index_of, shared, shown};

/// The shards of a folder, and the index made of them.
struct Batch {
    folder: TempDir,
    corpus: PathBuf,
    of: u32,
}

impl Batch {
    fn new(corpus: &Path, of: u32) -> Batch {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Batch { folder, corpus: corpus.to_owned(), of }
    }

    fn request(&self, number: u32) -> ChunkRequest {
        ChunkRequest {
            part: Part { number, of: self.of },
            guard: guard(),
            ..ChunkRequest::new(vec![self.corpus.clone()], self.data(number))
        }
    }

    fn data(&self, number: u32) -> PathBuf {
        self.folder.path().join(format!("shard-{number}.jsonl.zst"))
    }

    fn beside(&self, number: u32, end: &str) -> PathBuf {
        self.folder.path().join(format!("shard-{number}.{end}"))
    }

    fn chunk(&self, number: u32) -> ChunkReport {
        chunk(&self.request(number), &AtomicBool::new(false), &|_, _| {}).expect("a shard")
    }

    /// What was edited has a manifest that fits.
    fn chunk_anew(&self, number: u32) {
        let request = ChunkRequest { force: true, ..self.request(number) };
        chunk(&request, &AtomicBool::new(false), &|_, _| {}).expect("a shard");
    }

    fn chunk_all(&self) -> Vec<ChunkReport> {
        (1..=self.of).map(|number| self.chunk(number)).collect()
    }

    fn index_path(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn index(&self) -> Result<IndexReport> {
        self.index_these(vec![self.folder.path().join("shard-*.jsonl.zst")])
    }

    fn index_these(&self, shards: Vec<PathBuf>) -> Result<IndexReport> {
        let request = FromRequest {
            shards,
            store: self.index_path().into(),
            force: false,
            options: Default::default(),
        };
        index_from(&request, &AtomicBool::new(false), &|_, _| {})
    }

    fn engine(&self) -> LocalEngine {
        LocalEngine::open(&self.index_path()).expect("an index")
    }

    /// Why indexing fails; what the index had before stays.
    fn refused(&self) -> String {
        let before = LocalEngine::summary_of(&self.index_path());
        let error = self.index().expect_err("a failure");
        assert_eq!(LocalEngine::summary_of(&self.index_path()), before);
        let hint = error.hint().unwrap_or_default();
        assert!(matches!(error, Error::Shard { .. }) && hint.contains("chunk"), "{error:?}");
        error.to_string().replace(&*self.folder.path().to_string_lossy(), "FOLDER")
    }

    /// Changes the lines of a shard as somebody would who also mends its manifest.
    fn edit(&self, number: u32, change: impl FnOnce(&mut Vec<String>)) {
        let text = zstd::decode_all(&*fs::read(self.data(number)).expect("data")).expect("lines");
        let text = String::from_utf8(text).expect("text");
        let mut lines = text.lines().map(str::to_owned).collect();
        change(&mut lines);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let data = zstd::encode_all(text.as_bytes(), 3).expect("compressed");
        fs::write(self.data(number), &data).expect("a file");
        self.edit_manifest(number, |manifest| {
            let digest = Sha256::digest(&data);
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            manifest["sha256"] = digest.into();
        });
    }

    fn edit_manifest(&self, number: u32, change: impl FnOnce(&mut serde_json::Value)) {
        let path = self.beside(number, "manifest.json");
        let mut value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
        change(&mut value);
        fs::write(path, value.to_string()).expect("a file");
    }
}

/// Files of several kinds: with sections and roles, containers, what cannot be read, what is passed over.
fn shelf() -> Shelf {
    let shelf = Shelf::empty();
    shelf.write(
        "corpus.toml",
        b"[[files]]\npattern = \"{country}_{year}.md\"\nsource = \"U.S.\"\n[roles]\nprosecution = [\"prosecution\"]\n",
    );
    let long =
        "The police of the north found \u{201c}complicity\u{201d} among border guards. ".repeat(60);
    for (country, year) in
        [("kazakhstan", 2008), ("kazakhstan", 2009), ("mongolia", 2008), ("georgia", 2020)]
    {
        let text = format!(
            "# {country}\n\nForced labor in {year}.\n\n## Prosecution\n\n{long}\n\n## Empty\n\n## Protection\n\n- shelter\n- law\n"
        );
        shelf.write(&format!("{country}_{year}.md"), text.as_bytes());
    }
    shelf.write("latin.txt", b"Caf\xe9 Almaty, polici\xe8re\n");
    shelf.write("rows.csv", b"name;place\nAida;Almaty\nDana;Astana\n");
    shelf.write(
        "lines.jsonl",
        b"{\"id\":\"a\",\"text\":\"guards\"}\n{\"id\":\"b\",\"text\":\"police\"}\n",
    );
    shelf.write("broken.pdf", b"%PDF-1.7\nnothing\n");
    shelf.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    shelf.write(
        "deep/er/report.html",
        b"<html><title>T</title><h1>A</h1><p>guards &amp; police</p></html>",
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", shelf.corpus().join("link")).expect("a link");
    shelf
}

/// Whether two indexes hold the same, whatever the order in which it was written.
fn is_same(one: &LocalEngine, other: &LocalEngine, queries: &[&str]) {
    let (catalog, expected) = (one.catalog().unwrap(), other.catalog().unwrap());
    assert_eq!(catalog.documents, expected.documents);
    assert_eq!((&catalog.roots, &catalog.config), (&expected.roots, &expected.config));
    assert_eq!((&catalog.stamp, &catalog.skipped), (&expected.stamp, &expected.skipped));
    assert_eq!(one.summary().digest, other.summary().digest);
    for (doc_id, (listed, _)) in &expected.documents {
        let passages = other.document(doc_id).unwrap();
        assert_eq!(one.document(doc_id).unwrap(), passages, "{doc_id}");
        assert_eq!(passages.len() as u64, listed.passages, "{doc_id}");
    }
    let answer = |engine: &LocalEngine, query| {
        let engine = LocalEngine::open(engine.path()).unwrap();
        shown(&Searcher::new(engine).search(&SearchRequest::new(query)).unwrap())
    };
    for query in queries {
        assert_eq!(answer(one, *query), answer(other, *query), "{query}");
    }
}

#[test]
fn shards_together_are_what_one_run_gives() {
    let shelf = shelf();
    shelf.index();
    let queries =
        ["border guards", "\"police of the north\"", "role:prosecution", "year:2008 police"];
    for of in [1, 2, 5, 40] {
        let batch = Batch::new(&shelf.corpus(), of);
        let parts = batch.chunk_all();
        let report = batch.index().expect("an index");
        is_same(&batch.engine(), &shelf.engine(), &queries);
        assert_eq!(batch.engine().terms().unwrap(), shelf.engine().terms().unwrap());
        let sum = |what: fn(&ChunkReport) -> u64| parts.iter().map(what).sum::<u64>();
        assert_eq!(sum(|part| part.counts.documents), report.documents);
        assert_eq!(sum(|part| part.counts.passages), report.passages);
        assert_eq!(sum(|part| part.counts.files), 10);
        assert_eq!((report.failed.len(), sum(|part| part.counts.failed)), (1, 1), "{of} shards");
    }
}

#[test]
fn the_law_holds_for_every_format_there_is() {
    for (folder, of) in [("formats", 3), ("reports/comply-chain", 2), ("reports/udhr", 2)] {
        let Some(corpus) = shared(folder) else { return };
        let batch = Batch::new(&corpus, of);
        index_of(&corpus, &batch.folder.path().join("plain")).expect("an index");
        batch.chunk_all();
        batch.index().expect("an index");
        let plain = LocalEngine::open(&batch.folder.path().join("plain")).unwrap();
        is_same(&batch.engine(), &plain, &["labor", "human rights"]);
    }
}

#[test]
fn a_shard_is_the_same_bytes_each_time_and_by_any_number_of_threads() {
    let shelf = shelf();
    let (one, other) = (Batch::new(&shelf.corpus(), 1), Batch::new(&shelf.corpus(), 1));
    one.chunk_all();
    let request = ChunkRequest { threads: 1, ..other.request(1) };
    chunk(&request, &AtomicBool::new(false), &|_, _| {}).expect("a shard");
    for end in ["jsonl.zst", "errors.jsonl", "manifest.json"] {
        let read = |batch: &Batch| fs::read(batch.beside(1, end)).unwrap();
        assert!(read(&one) == read(&other), "{end}");
    }
    let errors = fs::read_to_string(one.beside(1, "errors.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(errors.trim()).expect("one line of JSON");
    assert_eq!(line["doc_id"], "broken.pdf");
    assert!(line["error"].as_str().is_some_and(|error| !error.is_empty()), "{line}");
    let names = fs::read_dir(one.folder.path()).unwrap();
    assert_eq!(names.count(), 3, "nothing else is left");
}

#[test]
fn what_is_finished_is_not_written_again() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 3);
    batch.chunk_all();
    let times =
        || [1, 2, 3].map(|number| fs::metadata(batch.data(number)).unwrap().modified().unwrap());
    let before = times();
    assert!(batch.chunk_all().iter().all(|report| report.is_kept));
    assert_eq!(times(), before);
    batch.index().expect("an index");

    // A new file changes one shard; the others learn of it.
    shelf.write("tajikistan_2011.md", b"# Tajikistan\n\nNew words.\n");
    let kept: Vec<bool> = batch.chunk_all().iter().map(|report| report.is_kept).collect();
    assert_eq!(kept.iter().filter(|kept| !**kept).count(), 1, "{kept:?}");
    let report = batch.index().expect("an index");
    assert_eq!((report.added, report.changed, report.removed), (1, 0, 0));
    shelf.index();
    is_same(&batch.engine(), &shelf.engine(), &["new words"]);

    // Another configuration changes all.
    shelf.write("corpus.toml", b"[roles]\nprotection = [\"protection\"]\n");
    assert!(batch.chunk_all().iter().all(|report| !report.is_kept));
    let forced = ChunkRequest { force: true, ..batch.request(1) };
    let forced = chunk(&forced, &AtomicBool::new(false), &|_, _| {}).expect("a shard");
    assert!(!forced.is_kept);
}

#[test]
fn what_was_not_finished_is_made_anew() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 1);
    batch.chunk(1);
    let whole = fs::read(batch.data(1)).unwrap();
    let manifest = batch.beside(1, "manifest.json");
    // As a process leaves it that is killed while it writes.
    fs::write(batch.folder.path().join(".shard-1.jsonl.zst.9-9.partial"), b"half").unwrap();
    fs::remove_file(&manifest).unwrap();
    assert!(!batch.chunk(1).is_kept);
    assert_eq!(fs::read_dir(batch.folder.path()).unwrap().count(), 3, "what was left is removed");
    for damage in [&whole[..whole.len() / 2], b"", b"other"] {
        fs::write(batch.data(1), damage).unwrap();
        assert!(!batch.chunk(1).is_kept);
        assert!(fs::read(batch.data(1)).unwrap() == whole);
    }
    fs::write(&manifest, b"{").unwrap();
    assert!(!batch.chunk(1).is_kept);
    fs::write(batch.beside(1, "errors.jsonl"), b"").unwrap();
    assert!(!batch.chunk(1).is_kept);
    assert!(batch.chunk(1).is_kept);
}

#[test]
fn a_killed_process_leaves_nothing_half_done() {
    let shelf = Shelf::empty();
    for number in 0..300 {
        let text = format!("# Report {number}\n\n{}", "Police and border guards. ".repeat(200));
        shelf.write(&format!("{number}.md"), text.as_bytes());
    }
    let (clean, batch) = (Batch::new(&shelf.corpus(), 1), Batch::new(&shelf.corpus(), 1));
    clean.chunk(1);
    for _ in 0..5 {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tipsearch"));
        command.arg("chunk").arg(&batch.corpus).arg("-o").arg(batch.data(1)).arg("--force");
        let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("a process");
        let is_partial = |entry: std::io::Result<fs::DirEntry>| {
            entry.is_ok_and(|entry| entry.file_name().to_string_lossy().contains(".partial"))
        };
        while child.try_wait().unwrap().is_none() {
            if fs::read_dir(batch.folder.path()).unwrap().any(is_partial) {
                break;
            }
        }
        child.kill().expect("a kill");
        child.wait().expect("an end");
        // Where a manifest is, the shard is whole.
        assert_eq!(batch.beside(1, "manifest.json").exists(), batch.index().is_ok());
    }
    batch.chunk(1);
    let read = |batch: &Batch| fs::read(batch.data(1)).unwrap();
    assert!(read(&batch) == read(&clean));
    batch.index().expect("an index");
}

#[test]
fn a_second_run_over_shards_changes_what_differs() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 2);
    batch.chunk_all();
    assert!(batch.index().unwrap().committed);
    let again = batch.index().unwrap();
    assert_eq!((again.committed, again.unchanged as u64), (false, again.documents));

    shelf.write("georgia_2020.md", b"# Georgia\n\nOther words.\n");
    fs::remove_file(shelf.corpus().join("mongolia_2008.md")).unwrap();
    batch.chunk_all();
    let report = batch.index().unwrap();
    assert_eq!((report.added, report.changed, report.removed), (0, 1, 1));
    shelf.index();
    is_same(&batch.engine(), &shelf.engine(), &["other words", "mongolia"]);

    // The index is one of the folder: indexing it finds nothing to do, and its places are proved.
    let plain = index_of(&shelf.corpus(), &batch.index_path()).expect("an index");
    assert!(!plain.committed && plain.bytes_read == 0);
    let examination = examine(&batch.engine(), &guard()).expect("an examination");
    assert_eq!((examination.faults, examination.stale), (vec![], vec![]));
    assert_eq!(examination.located, examination.passages);
}

#[test]
fn damaged_data_is_named_with_its_line() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 1);
    batch.chunk(1);
    batch.index().expect("an index");
    let whole = fs::read(batch.data(1)).unwrap();
    let with = |data: &[u8]| {
        fs::write(batch.data(1), data).unwrap();
        batch.refused()
    };
    let cut = with(&whole[..whole.len() / 2]);
    assert!(
        cut.starts_with("`FOLDER/shard-1.jsonl.zst`, line ") && cut.contains("damaged here"),
        "{cut}"
    );
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    let flipped = with(&flipped);
    assert!(flipped.starts_with("`FOLDER/shard-1.jsonl.zst`"), "{flipped}");
    assert!(with(&[&whole[..], b"more"].concat()).contains("damaged here"));
    assert!(with(b"{\"header\":{}}\n").contains("line 1: the file is damaged here"));
    assert!(with(b"").contains("line 1: the file is damaged here"));
    assert!(with(&zstd::encode_all(&b""[..], 3).unwrap()).ends_with("line 1: it is empty"));
    // The same lines, compressed otherwise.
    let text = zstd::decode_all(&*whole).unwrap();
    let other = with(&zstd::encode_all(&*text, 1).unwrap());
    assert_eq!(
        other,
        "`FOLDER/shard-1.jsonl.zst`: it does not have the SHA-256 that its manifest says"
    );
    let unended = zstd::encode_all(&text[..text.len() - 1], 3).unwrap();
    assert!(with(&unended).ends_with("the line does not end"));
    fs::write(batch.data(1), whole).unwrap();
    batch.index().expect("an index");
}

#[test]
fn no_changed_byte_is_believed() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 1);
    batch.chunk(1);
    batch.index().expect("an index");
    let whole = fs::read(batch.data(1)).unwrap();
    let mut number: usize = 7;
    for _ in 0..60 {
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut data = whole.clone();
        data[(number >> 16) % whole.len()] ^= 1 << (number >> 61);
        fs::write(batch.data(1), &data).unwrap();
        batch.refused();
    }
}

#[test]
fn lines_that_make_no_sense_are_named() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 1);
    let refused = |change: &dyn Fn(&mut Vec<String>)| {
        batch.chunk_anew(1);
        batch.edit(1, |lines| change(lines));
        batch.refused().replace("`FOLDER/shard-1.jsonl.zst`", "SHARD")
    };
    // A file that could not be read, a document with its passage, one with several.
    let is_passage = |line: &String| line.starts_with("{\"passage\"");
    assert_eq!(
        refused(&|lines| lines[0] = lines[0].replace("\"version\":1", "\"version\":2,\"new\":true")),
        "SHARD, line 1: its version 2 is newer than this program's, 1"
    );
    assert_eq!(
        refused(&|lines| drop(lines.remove(0))),
        "SHARD, line 1: it does not begin with the header of a shard"
    );
    assert_eq!(
        refused(&|lines| lines[0] = lines[0].replace("\"shard\":1", "\"shard\":4")),
        "SHARD, line 1: it is shard 4/1; its manifest says 1/1"
    );
    assert_eq!(
        refused(&|lines| lines[2] = "{\"passage\":{".into()),
        "SHARD, line 3: not JSON: EOF while parsing an object at byte 12"
    );
    assert_eq!(
        refused(&|lines| lines[2] = "{\"other\":1}".into()),
        "SHARD, line 3: not a line of a shard: unknown variant `other`, expected one of `header`, `document`, `passage`"
    );
    assert!(
        refused(&|lines| lines[3].insert_str(12, "\"new\":1,"))
            .starts_with("SHARD, line 4: not a line of a shard: unknown field `new`")
    );
    assert_eq!(
        refused(&|lines| lines.swap(1, 3)),
        "SHARD, line 2: a passage stands before any document"
    );
    assert!(refused(&|lines| lines.swap(6, 7)).starts_with("SHARD, line 7: passage 2 of `"));
    let lost = refused(&|lines| {
        let last = lines.iter().rposition(is_passage).unwrap();
        lines.remove(last);
    });
    assert!(lost.contains(" ends after "), "{lost}");
    let fewer = refused(&|lines| {
        let failed = lines.iter().position(|line| line.contains("\"is\":\"failed\"")).unwrap();
        lines.remove(failed);
    });
    assert!(
        fewer.starts_with("SHARD: it has ") && fewer.contains("; its manifest says "),
        "{fewer}"
    );
    assert!(refused(&|lines| lines.push(lines[0].clone())).ends_with("a second header"));
    let id = refused(&|lines| {
        let passage = lines.iter().position(is_passage).unwrap();
        lines[passage] = lines[passage].replacen("\"id\":\"", "\"id\":\"u", 1);
    });
    assert!(id.ends_with("is no id of a passage"), "{id}");
    let places = [
        ("/passage/trail", serde_json::json!([])),
        ("/passage/location/bytes", serde_json::json!([9, 8])),
        ("/passage/location/lines", serde_json::json!([0, 1])),
    ];
    for (place, value) in places {
        let told = refused(&|lines| {
            let passage = lines.iter().position(is_passage).unwrap();
            let mut line: serde_json::Value = serde_json::from_str(&lines[passage]).unwrap();
            *line.pointer_mut(place).expect("a value") = value.clone();
            lines[passage] = line.to_string();
        });
        assert!(told.ends_with(" make no sense"), "{told}");
    }
    batch.chunk_anew(1);
    batch.index().expect("an index");
}

#[test]
fn only_all_shards_of_one_shelf_are_indexed() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 3);
    batch.chunk_all();
    let parked = batch.folder.path().join("parked");
    let manifest = batch.beside(2, "manifest.json");
    fs::rename(&manifest, &parked).unwrap();
    assert_eq!(
        batch.refused(),
        "`FOLDER/shard-2.jsonl.zst`: it has no manifest beside it, so it is not finished"
    );
    fs::rename(&parked, &manifest).unwrap();
    fs::rename(batch.data(2), &parked).unwrap();
    assert_eq!(
        batch.refused(),
        "`FOLDER/shard-3.jsonl.zst`: of 3 shards 1 are missing, the first is 2/3"
    );
    fs::rename(&parked, batch.data(2)).unwrap();

    for end in ["jsonl.zst", "manifest.json"] {
        fs::copy(batch.beside(2, end), batch.beside(7, end)).unwrap();
    }
    assert_eq!(
        batch.refused(),
        "`FOLDER/shard-7.jsonl.zst`: shard 2/3 is `FOLDER/shard-2.jsonl.zst` already"
    );
    fs::remove_file(batch.data(7)).unwrap();
    batch.edit(1, |lines| {
        lines.extend(["{\"document\":{\"doc_id\":\"georgia_2020.md\",\"sha256\":\"".to_owned()
            + &"0".repeat(64)
            + "\",\"bytes\":0,\"modified\":0,\"size\":0,\"passages\":0,\"is\":\"failed\"}}"])
    });
    let foreign = batch.refused();
    batch.chunk_anew(1);
    assert!(foreign.ends_with("`georgia_2020.md` is not one of shard 1/3"), "{foreign}");
    // Under the name of another.
    fs::copy(batch.data(1), batch.data(2)).unwrap();
    assert_eq!(
        batch.refused(),
        "`FOLDER/shard-2.jsonl.zst`, line 1: it is shard 1/3; its manifest says 2/3"
    );

    batch.chunk_all();
    shelf.write("new.md", b"# New\n");
    batch.chunk(1);
    let other = batch.refused();
    assert_eq!(
        other,
        "`FOLDER/shard-2.jsonl.zst`: the shard was made of other files than `FOLDER/shard-1.jsonl.zst`"
    );
    batch.chunk_all();
    batch.edit_manifest(3, |manifest| manifest["version"] = 9.into());
    assert_eq!(
        batch.refused(),
        "`FOLDER/shard-3.manifest.json`: its version 9 is newer than this program's, 1"
    );
    batch.edit_manifest(3, |manifest| manifest["version"] = "one".into());
    assert!(
        batch.refused().starts_with("`FOLDER/shard-3.manifest.json`: the manifest is malformed: ")
    );
    batch.chunk_all();
    batch.index().expect("an index");
}

#[test]
fn names_that_lead_nowhere_are_told() {
    let shelf = shelf();
    let batch = Batch::new(&shelf.corpus(), 2);
    let told = |shards: &[&str]| {
        let shards = shards.iter().map(|name| batch.folder.path().join(name)).collect();
        batch.index_these(shards).expect_err("a failure").to_string()
    };
    assert!(told(&["shard-*.jsonl.zst"]).starts_with("there is no file `"));
    batch.chunk_all();
    assert!(told(&["shard-1.jsonl.zst", "none-?.jsonl.zst"]).starts_with("there is no file `"));
    assert!(told(&["shard-1.manifest.json"]).ends_with("is no name for a shard"));
    batch.index_these(vec![batch.data(2), batch.data(1)]).expect("an index");

    let to = |output: PathBuf| {
        let request = ChunkRequest { output, ..batch.request(1) };
        chunk(&request, &AtomicBool::new(false), &|_, _| {}).expect_err("a failure").to_string()
    };
    assert!(to(batch.folder.path().join("shard.json")).ends_with("is no name for a shard"));
    assert!(to(shelf.corpus().join("new/shard.jsonl.zst")).contains("would lie among the reports"));
    for wrong in ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/100001"] {
        assert!(wrong.parse::<Part>().is_err(), "{wrong}");
    }
}

#[test]
fn the_commands_do_as_the_functions() {
    let shelf = shelf();
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tipsearch"));
        let ran = command.args(arguments).current_dir(folder.path()).output().expect("a run");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
    };
    let corpus = shelf.corpus();
    let corpus = corpus.to_str().unwrap();
    for part in ["1/2", "2/2"] {
        let name = format!("parts/shard-{}.jsonl.zst", &part[..1]);
        let (code, out, _) = run(&["chunk", "--shard", part, corpus, "-o", &name]);
        assert!(code == Some(0) && out.starts_with(&format!("shard {part}: ")), "{out}");
        let (code, out, _) = run(&["chunk", "--shard", part, corpus, "-o", &name, "--json"]);
        let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((code, &value["kept"], &value["of"]), (Some(0), &true.into(), &2.into()));
    }
    let (code, out, _) = run(&["index", "--from", "parts/shard-*.jsonl.zst"]);
    assert!(code == Some(0) && out.contains(" passages in "), "{out}");
    shelf.index();
    let engine = LocalEngine::open(&folder.path().join("index")).unwrap();
    is_same(&engine, &shelf.engine(), &["police"]);
    let (code, _, error) = run(&["index", "--from", "parts/shard-1.jsonl.zst"]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("of 2 shards 1 are missing") && error.contains("hint: make it anew"),
        "{error}"
    );
    assert_eq!(run(&["index", "--from", "x", corpus]).0, Some(2));
    assert_eq!(run(&["chunk", "--shard", "3/2", corpus, "-o", "x.jsonl.zst"]).0, Some(2));
}
