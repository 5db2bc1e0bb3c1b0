//! What leads a parser astray costs one file: the child that reads it is bounded, and started anew.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tipsearch::read::corpus::Corpus;
use tipsearch::read::guard::{Guard, Worker};
use tipsearch::read::{Record, Refusal};

use crate::support::{Shelf, guard, index_of, shared};

/// Reads a file: the ids of its documents, then why nothing more came.
fn read(worker: &mut Worker, path: &Path) -> (Vec<String>, Option<Refusal>) {
    let corpus = Corpus::parse("", Path::new("corpus.toml")).unwrap();
    let id = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut ids = Vec::new();
    let mut each = |record: Record<'_>| {
        if let Record::Document(document, _) = record {
            ids.push(document.id.clone());
        }
        ControlFlow::Continue(())
    };
    let outcome = worker.read(&id, path, &corpus, false, &mut each);
    (ids, outcome.err())
}

/// Members in a tar archive.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Reads a file: the ids of its documents and of its failures in their order, then why nothing more came.
fn read_all(worker: &mut Worker, path: &Path) -> (Vec<String>, Option<Refusal>) {
    let id = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut records = Vec::new();
    let mut each = |record: Record<'_>| {
        records.push(match record {
            Record::Document(document, _) => document.id.clone(),
            Record::Failed(id, reason) => format!("{id}: {reason}"),
            Record::PassedOver(id, what) => format!("{id} is {what}"),
        });
        ControlFlow::Continue(())
    };
    let outcome = worker.read(&id, path, &Corpus::default(), false, &mut each);
    (records, outcome.err())
}

/// A program that does this when it is started as a child.
#[cfg(unix)]
fn script(shelf: &Shelf, body: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = shelf.folder.path().join("reader.sh");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn reason(refusal: Option<Refusal>) -> String {
    match refusal {
        Some(Refusal::Failed(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

/// The smallest e-book: one chapter.
fn book(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let chapter = format!("<html><body><h1>One</h1><p>{text}</p></body></html>");
    for (name, content) in [
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            r#"<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>"#,
        ),
        (
            "a.opf",
            r#"<package><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>"#,
        ),
        ("c.xhtml", chapter.as_str()),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn one_child_reads_one_file_after_another() {
    let shelf = Shelf::empty();
    let mut worker = Worker::new(&guard());
    for number in 0..5 {
        let name = format!("{number}.epub");
        shelf.write(&name, &book(&format!("Guards of {number}.")));
        assert_eq!(read(&mut worker, &shelf.corpus().join(&name)), (vec![name], None));
    }
}

#[test]
fn what_is_read_in_a_child_is_found_and_proved() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book("Guards came."));
    shelf.write("b.md", b"# B\n\nGuards left.\n");
    let report = shelf.index();
    assert_eq!((report.documents, report.failed), (2, vec![]));
    assert_eq!(shelf.search("guards").hits.len(), 2);
    let examination = tipsearch::examine::examine(&shelf.engine(), &guard()).unwrap();
    assert_eq!((examination.faults, examination.located), (vec![], examination.passages));
}

#[cfg(unix)]
#[test]
fn a_child_that_ends_is_started_anew_for_the_next_file() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book("Guards."));
    let path = shelf.corpus().join("a.epub");
    let mut worker = Worker::new(&Guard {
        program: Some(script(&shelf, "head -c 10 >/dev/null; kill -SEGV $$")),
        ..guard()
    });
    assert_eq!(reason(read(&mut worker, &path).1), "the reader crashed on it (signal 11)");
    // The same worker, now with a program that reads.
    let real = format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_tipsearch"));
    script(&shelf, &real);
    assert_eq!(read(&mut worker, &path), (vec!["a.epub".to_owned()], None));
}

#[cfg(unix)]
#[test]
fn a_child_that_is_silent_for_too_long_is_ended() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book("Guards."));
    let mut worker = Worker::new(&Guard {
        program: Some(script(&shelf, "exec sleep 600")),
        silence: Duration::from_millis(300),
        ..guard()
    });
    let start = Instant::now();
    let (ids, refusal) = read(&mut worker, &shelf.corpus().join("a.epub"));
    assert_eq!(ids, [""; 0]);
    assert_eq!(reason(refusal), "reading it takes more than 300ms");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[cfg(unix)]
#[test]
fn a_child_that_answers_nonsense_is_given_up() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book("Guards."));
    for answer in ["printf 'hello, hello, hello'", "printf '\\001\\000\\000\\000\\177'"] {
        let program = Some(script(&shelf, &format!("{answer}; cat >/dev/null")));
        let mut worker = Worker::new(&Guard { program, ..guard() });
        let (ids, refusal) = read(&mut worker, &shelf.corpus().join("a.epub"));
        assert_eq!((ids, reason(refusal).as_str()), (vec![], "the reader ended over it"));
    }
}

#[cfg(unix)]
#[test]
fn a_child_that_asks_unasked_for_words_in_a_picture_is_given_up() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book("Guards."));
    // A frame of 5 bytes: the answer `Picture`, and one of no size.
    let picture = "printf '\\005\\000\\000\\000\\003\\000\\000\\000\\000'; cat >/dev/null";
    let program = Some(script(&shelf, picture));
    let mut worker = Worker::new(&Guard { program, ..guard() });
    let refusal = read(&mut worker, &shelf.corpus().join("a.epub")).1;
    assert_eq!(reason(refusal), "the reader asks for what it may not");
}

#[test]
fn without_a_program_to_start_the_file_fails_and_says_so() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book("Guards."));
    let mut worker = Worker::new(&Guard { program: Some("no/such/program".into()), ..guard() });
    let refusal = read(&mut worker, &shelf.corpus().join("a.epub")).1;
    assert!(reason(refusal).starts_with("no reader could be started for it: "));
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_has_no_more_memory_than_it_may() {
    let shelf = Shelf::empty();
    shelf.write("a.epub", &book(&"Guards came and went. ".repeat(3_000_000)));
    let mut worker = Worker::new(&Guard { memory: 160 << 20, ..guard() });
    let refusal = read(&mut worker, &shelf.corpus().join("a.epub")).1;
    let reason = reason(refusal);
    assert!(reason.contains("memory"), "{reason}");
}

/// With so much memory a child reads all but what is as large as this: it holds the bytes, and has no room
/// for their document. Its stack takes 64 MiB, and so may what the allocator keeps for its thread.
#[cfg(target_os = "linux")]
pub const SMALL: (u64, usize) = (260 << 20, 48 << 20);

#[cfg(target_os = "linux")]
#[test]
fn a_member_that_ends_the_child_costs_itself_only() {
    let shelf = Shelf::empty();
    let large = vec![b'a'; SMALL.1];
    let mail =
        b"From: a@example.org\nDate: Sat, 3 Jan 1998 01:05:34 +0100\nSubject: C\n\nGuards.\n";
    let inner = tar(&[("c.md", b"# C"), ("large.txt", &large), ("d.eml", mail)]);
    let all = tar(&[
        ("a.md", b"# A\n\nGuards."),
        ("large.txt", &large),
        ("inner.tar", &inner),
        ("a.md", b"# Another A\n"),
        ("e.exe", b"\x7FELF"),
    ]);
    shelf.write("all.tar", &all);
    let mut worker = Worker::new(&Guard { memory: SMALL.0, ..guard() });
    let (records, refusal) = read_all(&mut worker, &shelf.corpus().join("all.tar"));
    let memory = "reading it takes more than 260 MiB of memory";
    let expected = [
        "all.tar#a.md".to_owned(),
        format!("all.tar#large.txt: {memory}"),
        "all.tar#inner.tar#c.md".to_owned(),
        format!("all.tar#inner.tar#large.txt: {memory}"),
        "all.tar#inner.tar#d.eml".to_owned(),
        "all.tar#a.md (2)".to_owned(),
        "all.tar#e.exe is a program".to_owned(),
    ];
    assert_eq!((records, refusal), (expected.to_vec(), None));
    // The same worker reads on.
    shelf.write("b.epub", &book("Guards."));
    assert_eq!(read(&mut worker, &shelf.corpus().join("b.epub")).1, None);
}

/// A program that says of one member after another that it begins, and then does this. How often it has
/// been started stands in the file beside it.
#[cfg(unix)]
fn counting_script(shelf: &Shelf, then: &str) -> (PathBuf, PathBuf) {
    let count = shelf.folder.path().join("count");
    fs::write(&count, "0").unwrap();
    // A frame of 7 bytes: the answer `Begins`, and a text of 5.
    let body = format!(
        "n=$(($(cat '{0}') + 1)); printf $n >'{0}'; head -c 10 >/dev/null
        printf '\\007\\000\\000\\000\\005\\005x#%03d' $n; {then}",
        count.display()
    );
    (script(shelf, &body), count)
}

#[cfg(unix)]
#[test]
fn an_archive_that_ends_one_child_after_another_is_given_up() {
    let shelf = Shelf::empty();
    shelf.write("x.tar", &tar(&[("a.md", b"# A")]));
    let cases = [
        ("kill -SEGV $$", 21, "the reader crashed on it (signal 11), once more over `x#021`"),
        ("exec sleep 600", 4, "reading it takes more than 300ms, once more over `x#004`"),
    ];
    for (then, starts, expected) in cases {
        let (program, count) = counting_script(&shelf, then);
        let silence = Duration::from_millis(if starts > 4 { 60_000 } else { 300 });
        let mut worker = Worker::new(&Guard { program: Some(program), silence, ..guard() });
        let (records, refusal) = read_all(&mut worker, &shelf.corpus().join("x.tar"));
        assert_eq!((records, reason(refusal).as_str()), (vec![], expected));
        assert_eq!(fs::read_to_string(count).unwrap(), starts.to_string());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_small_pdf_whose_page_comes_to_much_needs_little() {
    use std::io::Write;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"BT /F 12 Tf 10 50 Td (Guards) Tj ET\n").unwrap();
    let blanks = vec![b' '; 1 << 20];
    (0..500).for_each(|_| packed.write_all(&blanks).unwrap());
    let packed = packed.finish().unwrap();
    let head = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
                2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
                3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources\
                <</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>\nendobj\n";
    let object = format!("4 0 obj\n<</Filter/FlateDecode/Length {}>>stream\n", packed.len());
    let mut file = [head.as_bytes(), object.as_bytes(), &packed].concat();
    file.extend(b"\nendstream\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF");
    let shelf = Shelf::empty();
    shelf.write("a.pdf", &file);
    let mut worker = Worker::new(&Guard { memory: 400 << 20, ..guard() });
    let path = shelf.corpus().join("a.pdf");
    assert_eq!(read(&mut worker, &path), (vec!["a.pdf".to_owned()], None));
}

#[test]
fn a_child_confines_itself() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_tipsearch"))
        .args(["read-in-child", &(1u64 << 30).to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    if cfg!(target_os = "linux") {
        // By the time that it waits for its first request, it has given everything up.
        let status = || fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let limits = || fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        let start = Instant::now();
        while !status().contains("NoNewPrivs:\t1") && start.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(status().contains("NoNewPrivs:\t1"), "{}", status());
        let memory = limits();
        let memory = memory.lines().find(|line| line.starts_with("Max address space")).unwrap();
        assert!(memory.contains("1073741824"), "{memory}");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success(), "it ends when there is no more to read");
}

#[test]
fn damaged_and_hostile_files_cost_themselves_only() {
    let Some(script) = shared("formats/make-hostile.py") else { return };
    let folder = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("python3").arg(script).current_dir(&folder).output();
    if !made.is_ok_and(|made| made.status.success()) {
        return eprintln!("skipped: there is no `python3` to make hostile files");
    }
    let hostile = folder.path().join("hostile");
    for entry in fs::read_dir(shared("formats/pdf-broken").unwrap()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, hostile.join(path.file_name().unwrap())).unwrap();
    }
    fs::write(hostile.join("good.md"), "# Good\n\nGuards came.\n").unwrap();
    let index = folder.path().join("index");
    let start = Instant::now();
    let report = index_of(&hostile, &index).unwrap();
    assert!(start.elapsed() < Duration::from_secs(300), "{:?}", start.elapsed());
    assert!(report.documents > 60, "{report:?}");
    let refused = |name: &str| {
        let found = report.failed.iter().find(|(failed, _)| failed == name);
        found.map(|(_, reason)| reason.as_str()).unwrap_or_default()
    };
    assert!(refused("bomb1g.docx").contains("more than 100 times its size"));
    let ours = report.failed.iter().filter(|(_, reason)| reason.contains("please report"));
    assert_eq!(ours.count(), 0, "{:?}", report.failed);
    let engine = tipsearch::engine::local::LocalEngine::open(&index).unwrap();
    let searcher = tipsearch::search::Searcher::new(engine);
    let request = tipsearch::search::SearchRequest::new("guards");
    assert_eq!(searcher.search(&request).unwrap().hits[0].passage.report.title, "Good");
    let again = index_of(&hostile, &index).unwrap();
    assert!(!again.committed, "what failed is not tried again until it changes");
}
