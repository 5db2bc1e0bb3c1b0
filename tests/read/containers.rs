//! Readers: containers. What comes out of a file is shown as a list of records.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use expect_test::{Expect, expect};
use tipsearch::document::Document;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::{Content, Input, Record, Refusal, records};

/// What came out of a file: each record, then the end.
struct Read_ {
    documents: Vec<(Document, Vec<u8>)>,
    failed: Vec<(String, String)>,
    passed_over: Vec<(String, String)>,
    end: Result<Content, Refusal>,
}

fn read_all(name: &str, reader: impl Read) -> Read_ {
    let corpus = Corpus::parse("", Path::new("corpus.toml")).unwrap();
    let mut all = Read_ {
        documents: Vec::new(),
        failed: Vec::new(),
        passed_over: Vec::new(),
        end: Ok(Content::Document),
    };
    let input = match Input::new(reader) {
        Ok(input) => input,
        Err(error) => {
            all.end = Err(Refusal::Failed(error.to_string()));
            return all;
        }
    };
    let end = records(name, input, &corpus, &mut |record| {
        match record {
            Record::Document(document, bytes) => all.documents.push((*document, bytes.to_vec())),
            Record::Failed(id, reason) => all.failed.push((id, reason)),
            Record::PassedOver(id, what) => all.passed_over.push((id, what)),
        }
        ControlFlow::Continue(())
    });
    all.end = end;
    all
}

/// The records in the order in which they come, a line each, and the end where it is a refusal.
fn listed(name: &str, content: impl AsRef<[u8]>) -> String {
    let corpus = Corpus::parse("", Path::new("corpus.toml")).unwrap();
    let input = Input::new(content.as_ref()).unwrap();
    let mut out = String::new();
    let end = records(name, input, &corpus, &mut |record| {
        let _ = match record {
            Record::Document(document, _) => {
                let start: String = document.text.chars().take(40).collect();
                writeln!(out, "{}: {}", document.id, start.replace('\n', "⏎"))
            }
            Record::Failed(id, reason) => writeln!(out, "{id} failed: {reason}"),
            Record::PassedOver(id, what) => writeln!(out, "{id} is {what}"),
        };
        ControlFlow::Continue(())
    });
    let _ = match end {
        Ok(content) => writeln!(out, "{content:?}"),
        Err(refusal) => writeln!(out, "{refusal:?}"),
    };
    out
}

fn check_list(name: &str, content: impl AsRef<[u8]>, expected: Expect) {
    expected.assert_eq(&listed(name, content));
}

/// A zip archive; names that end with `!` are stored, not deflated.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let method = match name.ends_with('!') {
            true => zip::CompressionMethod::Stored,
            false => zip::CompressionMethod::Deflated,
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(name.trim_end_matches('!'), options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // Builders refuse names such as `../a`, which is what is to be tried.
        if name.len() < 100 {
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        } else {
            header.set_cksum();
            builder.append_data(&mut header, name, *content).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn bzipped(content: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn xzipped(content: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn zstandard(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

#[test]
fn a_compressed_file_is_the_document_inside() {
    let text = b"# Findings\n\nNobody was paid.\n";
    for (ending, packed) in [
        ("gz", gzipped(text)),
        ("bz2", bzipped(text)),
        ("xz", xzipped(text)),
        ("zst", zstandard(text)),
    ] {
        let all = read_all(&format!("report.md.{ending}"), packed.as_slice());
        assert_eq!(all.end, Ok(Content::Document), "{ending}");
        let [(document, bytes)] = all.documents.as_slice() else { panic!("{ending}") };
        assert_eq!(document.id, format!("report.md.{ending}"));
        assert_eq!(document.title, "Findings");
        assert_eq!(document.text, "Nobody was paid.");
        assert_eq!(bytes, text);
    }
}

#[test]
fn streams_after_one_another_are_one_file() {
    let parts: [&[u8]; 3] = [b"One.\n\n", b"Two.\n\n", b"Three.\n"];
    let joined = |pack: fn(&[u8]) -> Vec<u8>| parts.map(pack).concat();
    for (ending, packed) in [
        ("gz", joined(gzipped)),
        ("bz2", joined(bzipped)),
        ("xz", joined(xzipped)),
        ("zst", joined(zstandard)),
    ] {
        let all = read_all(&format!("a.txt.{ending}"), packed.as_slice());
        assert_eq!(all.documents[0].0.text, "One.\n\nTwo.\n\nThree.", "{ending}");
    }
}

#[test]
fn the_content_of_a_compressed_file_comes_before_its_name() {
    let list = |name: &str, content: &[u8]| listed(name, content);
    assert_eq!(list("noname", &gzipped(b"Plain words.")), "noname: Plain words.\nDocument\n");
    let archive = tarred(&[("a.md", b"# A\n\nWords.")]);
    let expected = |name: &str| format!("{name}#a.md: Words.\nContainer\n");
    for name in ["a.tgz", "a.tar.gz", "a.gz", "a"] {
        assert_eq!(list(name, &gzipped(&archive)), expected(name));
    }
    assert_eq!(list("a.tbz2", &bzipped(&archive)), expected("a.tbz2"));
    check_list(
        "a.png.gz",
        gzipped(b"\x89PNG\r\n\x1a\n"),
        expect![[r#"
        PassedOver("a picture")
    "#]],
    );
}

#[test]
fn members_of_archives_are_documents() {
    let members: &[(&str, &[u8])] = &[
        ("reports/a.md", b"# A\n\nFirst."),
        ("reports/b.txt", b"Second words here."),
        ("/absolute.txt", b"Absolute."),
        ("../../up.txt", b"Up."),
        ("back\\slash.txt", b"Backslash."),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("__MACOSX/reports/._a.md", b"junk"),
        (".DS_Store", b"junk"),
        (".hidden/a.md", b"junk"),
        ("\u{434}\u{43e}\u{43a}\u{43b}\u{430}\u{434}.txt", b"Cyrillic."),
        ("odd.dat", b"\x00\x01\x02\x03\x04\x05\x06\x07\x08"),
        ("empty.txt", b""),
    ];
    let expected = |name: &str| {
        format!(
            "{name}#reports/a.md: First.\n{name}#reports/b.txt: Second words here.\n\
             {name}#absolute.txt: Absolute.\n{name}#up.txt: Up.\n{name}#back/slash.txt: Backslash.\n\
             {name}#a.png is a picture\n{name}#доклад.txt: Cyrillic.\n\
             {name}#odd.dat failed: it is not text, and of no format that is read\n\
             {name}#empty.txt: \nContainer\n"
        )
    };
    assert_eq!(listed("x.zip", zipped(members)), expected("x.zip"));
    assert_eq!(listed("x.tar", tarred(members)), expected("x.tar"));
}

#[test]
fn names_are_unique_and_may_be_long() {
    let long = format!("{}/report.txt", "folder".repeat(30));
    let members: &[(&str, &[u8])] =
        &[("a.txt", b"One."), ("a.txt", b"Two."), ("a.txt", b"Three."), (&long, b"Long.")];
    let listed = listed("x.tar", tarred(members));
    let expected = format!(
        "x.tar#a.txt: One.\nx.tar#a.txt (2): Two.\nx.tar#a.txt (3): Three.\nx.tar#{long}: Long.\nContainer\n"
    );
    assert_eq!(listed, expected);
}

#[test]
fn pax_names_come_before_those_of_the_header() {
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("path", "long/доклад.txt".as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(6);
    header.set_path("short.txt").unwrap();
    header.set_cksum();
    builder.append(&header, &b"Words."[..]).unwrap();
    check_list(
        "x.tar",
        builder.into_inner().unwrap(),
        expect![[r#"
        x.tar#long/доклад.txt: Words.
        Container
    "#]],
    );
}

#[test]
fn links_and_devices_are_passed_over() {
    let mut builder = tar::Builder::new(Vec::new());
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Char,
        tar::EntryType::Directory,
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_path("etc").unwrap();
        if kind == tar::EntryType::Symlink {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, &b""[..]).unwrap();
    }
    check_list(
        "x.tar",
        builder.into_inner().unwrap(),
        expect![[r#"
        Container
    "#]],
    );
}

#[test]
fn archives_in_archives_are_read_to_a_depth() {
    let mut archive = zipped(&[("deep.txt", b"Deep.")]);
    for level in 1..5 {
        let name = format!("{level}.zip");
        archive = zipped(&[(&name, &archive), ("beside.txt", b"Beside.")]);
    }
    check_list(
        "x.zip",
        archive,
        expect![[r#"
        x.zip#4.zip#3.zip#2.zip failed: it stands in more than 3 archives, one in another
        x.zip#4.zip#3.zip#beside.txt: Beside.
        x.zip#4.zip#beside.txt: Beside.
        x.zip#beside.txt: Beside.
        Container
    "#]],
    );
}

#[test]
fn compressed_members_are_documents_too() {
    let archive = zipped(&[
        ("a.md.gz", &gzipped(b"# A\n\nWords.")),
        ("b.tar.bz2", &bzipped(&tarred(&[("b.txt", b"Inner.")]))),
    ]);
    check_list(
        "x.zip",
        archive,
        expect![[r#"
        x.zip#a.md.gz: Words.
        x.zip#b.tar.bz2#b.txt: Inner.
        Container
    "#]],
    );
}

/// An office document that is not packed again shows its members' names in the archive's first bytes.
#[test]
fn a_document_that_is_a_package_is_no_archive() {
    let docx = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    let epub =
        zipped(&[("mimetype!", b"application/epub+zip"), ("META-INF/container.xml", b"<c/>")]);
    use tipsearch::read::format::{Format, format_of};
    assert_eq!(format_of(&docx, "a"), Format::Docx);
    assert_eq!(format_of(&epub, "a"), Format::Epub);
    let stored = zipped(&[("a.docx!", &docx), ("b.epub!", &epub)]);
    assert_eq!(format_of(&stored, "a.zip"), Format::Zip);
    let late = zipped(&[("readme.txt!", b"words"), ("word/list.txt", b"x")]);
    assert_eq!(format_of(&late, "a.zip"), Format::Docx);
}

#[test]
fn damage_costs_the_member() {
    let mut archive =
        zipped(&[("a.txt", &b"Words and words and words. ".repeat(9)), ("b.txt", b"Well.")]);
    archive[40] ^= 0xFF;
    let list = listed("x.zip", &archive);
    assert!(list.contains("x.zip#a.txt failed: "), "{list}");
    assert!(list.ends_with("x.zip#b.txt: Well.\nContainer\n"), "{list}");
    let packed = gzipped("All is well. ".repeat(20_000).as_bytes());
    check_list(
        "a.txt.gz",
        &packed[..packed.len() / 2],
        expect![[r#"
        Failed("its compressed data is damaged: incomplete deflate stream")
    "#]],
    );
    check_list(
        "a.zip",
        b"PK\x03\x04 and nothing more",
        expect![[r#"
        Failed("its zip archive is damaged: invalid Zip archive: Could not find EOCD")
    "#]],
    );
    check_list(
        "a.tar",
        b"no tar",
        expect![[r#"
        Failed("its tar archive is damaged: failed to read entire block")
    "#]],
    );
}

#[test]
fn encrypted_members_are_said_to_be_so() {
    let mut archive = zipped(&[("a.txt", b"Secret."), ("b.txt", b"Open.")]);
    // The flag of encryption, in the local header and in the directory.
    archive[6] |= 1;
    let directory = memchr::memmem::find(&archive, b"PK\x01\x02").unwrap();
    archive[directory + 8] |= 1;
    check_list(
        "x.zip",
        archive,
        expect![[r#"
        x.zip#a.txt failed: it is encrypted, and opens with a password only
        x.zip#b.txt: Open.
        Container
    "#]],
    );
}
