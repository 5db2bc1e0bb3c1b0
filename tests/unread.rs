//! What could not be read may say what no passage says: it is kept, named, and nothing is asserted in spite of it.

use tipsearch::engine::{Engine, Outcome};

use super::cli::{Ran, program, ran};
use super::support::Shelf;

/// What compound files of Microsoft's begin with, and one with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more";

fn locked() -> Vec<u8> {
    let stream = b"EncryptedPackage".iter().flat_map(|byte| [*byte, 0]);
    COMPOUND.iter().copied().chain([0; 600]).chain(stream).collect()
}

fn run(shelf: &Shelf, words: &[&str]) -> Ran {
    ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()))
}

/// Names and reasons of what could not be read.
fn failures(shelf: &Shelf) -> Vec<String> {
    let engine = shelf.engine();
    let listed = engine.documents().unwrap().iter();
    let failed = listed.filter_map(|it| Some(format!("{}: {}", it.doc_id, it.failure()?)));
    failed.collect()
}

#[test]
fn formats_that_hold_texts_and_are_not_read_count_as_not_read() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice came.\n");
    shelf.write("b.doc", COMPOUND);
    shelf.write("c.msg", COMPOUND);
    shelf.write("d.docx", &locked());
    shelf.write("e.ods", b"\x01\x02\x03 no package");
    shelf.write("f.rar", b"Rar!\x1A\x07\x00");
    shelf.write("g.tif", b"II*\0\x08\0\0\0");
    shelf.write("h.png", b"\x89PNG\r\n\x1A\n");
    shelf.write("Thumbs.db", COMPOUND);
    shelf.write("i.xlsx", COMPOUND);
    let report = shelf.index();
    let expected = [
        "b.doc: it is an office document of before 2007, which is not read",
        "c.msg: it is a message of Outlook, which is not read",
        "d.docx: it is encrypted, and opens with a password only",
        "e.ods: it is an OpenDocument spreadsheet or presentation, which is not read",
        "f.rar: it is an archive of a kind that is not open, which is not read",
        "g.tif: it is a picture of pages (TIFF), which is not read",
        "i.xlsx: it is an office document of before 2007, or with a password, which is not read",
    ];
    assert_eq!(failures(&shelf), expected);
    assert_eq!(report.failed.len(), expected.len(), "{:?}", report.failed);
    let skipped: Vec<&str> = report.skipped.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(skipped, ["Thumbs.db", "h.png"]);
    let none = run(&shelf, &["search", "zeppelin", "--assert-none"]);
    assert_eq!(none.code, 1, "{}", none.out);
    assert!(none.err.contains("7 files could not be read"), "{}", none.err);
    let status = run(&shelf, &["status"]);
    assert!(status.out.contains("failed    7 files"), "{}", status.out);
    assert!(status.out.contains("`d.docx`: it is encrypted"), "{}", status.out);
    assert!(status.out.contains("skipped   1 file: a picture is not read"), "{}", status.out);
}

#[test]
fn the_note_of_what_was_passed_over_names_several() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice came.\n");
    (1..8).for_each(|number| shelf.write(&format!("p{number}.png"), b"\x89PNG"));
    let ran = run(&shelf, &["index", "."]);
    let expected = "passed over 7 files: a picture is not read (`p1.png`, `p2.png`, `p3.png`, `p4.png`, `p5.png` and more";
    assert!(ran.err.contains(expected), "{}", ran.err);
}

#[test]
fn a_text_with_the_name_of_another_format_is_read() {
    let shelf = Shelf::empty();
    shelf.write("a.pdf", b"Police came to the village.\n");
    shelf.write("b.doc", b"Guards left the camp.\n");
    shelf.write("c.docx", b"");
    shelf.write("d.pdf", b"1 0 obj\n<< /Type /Catalog >>\nendobj\n");
    shelf.write("e.txt", b"# tab\n\nhostile\talpha tab \x00 nul here\n");
    shelf.index();
    let engine = shelf.engine();
    let listed = engine.documents().unwrap();
    let read = |id: &str| listed.iter().find(|it| it.doc_id == id).unwrap().outcome.clone();
    assert_eq!((read("a.pdf"), read("b.doc")), (Outcome::Document, Outcome::Document));
    assert!(matches!(read("c.docx"), Outcome::Failed(_)));
    assert!(matches!(read("d.pdf"), Outcome::Failed(_)));
    let text = engine.document("e.txt").unwrap();
    assert!(text.iter().any(|it| it.text.contains("hostile\talpha tab")), "{text:?}");
}

/// A folder whose path is longer than the system takes, for root may list every other.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_listed_is_kept_as_not_read() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice came.\n");
    let name = "d".repeat(250);
    let script =
        format!("for i in $(seq 20); do mkdir {name} && cd {name}; done; echo Guards. > b.md");
    let mut shell = std::process::Command::new("sh");
    assert!(shell.arg("-c").arg(script).current_dir(shelf.corpus()).status().unwrap().success());
    let report = shelf.index();
    assert_eq!(report.failed.len(), 1, "{:?}", report.failed);
    let failed = failures(&shelf);
    assert!(failed.len() == 1 && failed[0].starts_with(&format!("{name}/")), "{failed:?}");
    let again = shelf.index();
    assert!(!again.committed && again.failed == report.failed, "{:?}", again.failed);
    let none = run(&shelf, &["search", "zeppelin", "--assert-none"]);
    assert_eq!(none.code, 1, "{}", none.out);
    std::fs::remove_dir_all(shelf.corpus().join(&name)).unwrap();
    assert!(shelf.index().committed);
    assert_eq!(failures(&shelf), Vec::<String>::new());
    let none = run(&shelf, &["search", "zeppelin", "--assert-none"]);
    assert_eq!(none.code, 0, "{}", none.err);
}

/// Names that are no UTF-8, as old archives unpack to.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_characters_lead_back_to_their_files() {
    use std::os::unix::ffi::OsStrExt;
    let shelf = Shelf::empty();
    for (byte, text) in [(0xFE, "Police came."), (0xFF, "Guards left.")] {
        let name = [b"bad".as_slice(), &[byte], b".txt"].concat();
        let path = shelf.corpus().join(std::ffi::OsStr::from_bytes(&name));
        std::fs::write(path, text).unwrap();
    }
    shelf.write("own\\xFE.txt", b"Nobody came.\n");
    let report = shelf.index();
    assert_eq!((report.added, report.failed), (3, Vec::new()));
    let engine = shelf.engine();
    let ids: Vec<&str> =
        engine.documents().unwrap().iter().map(|listed| listed.doc_id.as_str()).collect();
    assert_eq!(ids, ["bad\\xFE.txt", "bad\\xFF.txt", "own\\xFE.txt"]);
    let doctor = run(&shelf, &["doctor"]);
    assert_eq!(doctor.code, 0, "{}{}", doctor.out, doctor.err);
    assert!(!doctor.out.contains("gone"), "{}", doctor.out);
}

#[test]
fn a_document_in_markup_that_is_not_read_is_no_plain_text() {
    let shelf = Shelf::empty();
    let old = b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Word.Document\"?>\n<w:t>Police kil</w:t><w:t>led nobody.</w:t>";
    shelf.write("a.doc", old);
    shelf.write("b.doc", b"Police came, says this text.\n");
    shelf.write("c.docx", b"<pkg:package><w:t>Police</w:t></pkg:package>");
    shelf.index();
    let failed: Vec<String> = failures(&shelf).iter().map(|it| it[..1].to_owned()).collect();
    assert_eq!(failed, ["a", "c"], "{:?}", failures(&shelf));
    assert_eq!(run(&shelf, &["killed", "--assert-none"]).code, 1);
    assert_eq!(run(&shelf, &["\"this text\""]).code, 0);
}
