//! Readers: containers. What comes out of a file is shown as a list of records.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use expect_test::{Expect, expect};
use tipsearch::document::{Document, Grain};
use tipsearch::read::corpus::Corpus;
use tipsearch::read::{Content, Input, Record, Refusal, records};

use super::outline;
use crate::support::shared;

/// What came out of a file: each record, then the end.
struct Outcome {
    documents: Vec<(Document, Vec<u8>)>,
    failed: Vec<(String, String)>,
    passed_over: Vec<(String, String)>,
    end: Result<Content, Refusal>,
}

fn read_all(name: &str, reader: impl Read) -> Outcome {
    let corpus = Corpus::parse("", Path::new("corpus.toml")).unwrap();
    let mut all = Outcome {
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
    let padded = [joined(gzipped), vec![0; 512]].concat();
    let all = read_all("a.txt.gz", padded.as_slice());
    assert_eq!(all.documents[0].0.text, "One.\n\nTwo.\n\nThree.");
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
    let late = zipped(&[("docProps/app.xml!", b"words"), ("word/document.xml", b"x")]);
    assert_eq!(format_of(&late, "a.zip"), Format::Docx);
    assert_eq!(format_of(&zipped(&[("content.xml", b"<o/>")]), "a.odt"), Format::Odt);
    let folder = zipped(&[("word/list.txt", b"x")]);
    assert_eq!(format_of(&folder, "a.zip"), Format::Zip);
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

/// A dump of these pages: title, namespace, text (not escaped so far).
fn dump(pages: &[(&str, &str, &str)]) -> String {
    let mut xml = "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\" version=\"0.11\" xml:lang=\"ru\">\n  <siteinfo>\n    <sitename>Wiki</sitename>\n    <base>https://ru.example.org/wiki/Main</base>\n    <namespaces><namespace key=\"0\" /></namespaces>\n  </siteinfo>\n".to_owned();
    for (number, (title, namespace, text)) in pages.iter().enumerate() {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let text = text.replace('"', "&quot;");
        let _ = write!(
            xml,
            "  <page>\n    <title>{title}</title>\n    <ns>{namespace}</ns>\n    <id>{}</id>\n    <revision>\n      <id>{}</id>\n      <timestamp>2017-10-29T00:56:32Z</timestamp>\n      <contributor><username>Somebody</username><id>777</id></contributor>\n      <model>wikitext</model>\n      <text bytes=\"9\" xml:space=\"preserve\">{text}</text>\n    </revision>\n  </page>\n",
            number + 1,
            number + 100,
        );
    }
    xml + "</mediawiki>\n"
}

fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// What a piece of a dump means: decoded, without XML's escapes.
fn meant(bytes: &[u8], encoding: &str) -> String {
    let decoded = match encoding {
        "UTF-16LE" => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
        "UTF-16BE" => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => String::from_utf8_lossy(bytes),
    };
    let decoded = decoded.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    decoded.replace("&#38;", "&").replace("&#1078;", "\u{436}").replace("&amp;", "&")
}

/// Every run of a document's text is what its bytes in the file mean, and the lines are theirs.
fn prove(file: &[u8], document: &Document, slice: &[u8], encoding: &str) {
    let origin = document.origin;
    assert_eq!(&file[origin.bytes..origin.bytes + slice.len()], slice);
    assert_eq!(document.sha256, <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(slice)));
    assert!(!document.map.runs.is_empty());
    for run in &document.map.runs {
        let text = &document.text[run.text..run.text + run.text_len];
        let bytes = &slice[run.source..run.source + run.source_len];
        let meaning = meant(bytes, encoding);
        match run.grain {
            Grain::Verbatim => assert_eq!(bytes, text.as_bytes()),
            Grain::Characters { .. } => assert_eq!(meaning, text, "{run:?}"),
            Grain::Whole => assert_eq!(htmlize::unescape(meaning.as_str()), text, "{run:?}"),
        }
        let lines = document.locate(run.text..run.text + run.text_len).lines.unwrap();
        let before = meant(&file[..origin.bytes + run.source], encoding);
        assert_eq!(lines.0, 1 + before.matches('\n').count(), "{run:?} {text}");
    }
}

#[test]
fn pages_of_a_dump_are_documents_with_places() {
    let text = "'''Торговля''' людьми &mdash; a < b & \"c\" {{x|y}} [[L|Линк]].<ref>Note</ref>\n\n== Section \"&\" one ==\n* item <b>bold</b>\n* second &lt;\n[[Category:Crime]]\n";
    let pages = [("First page", "0", text), ("Second: a.b & c", "0", "Text.\r\n\r\nMore.")];
    let xml = dump(&pages).replace("Second: a.b & c", "Second: a.b &amp; c");
    let xml = xml.replace("Section", "&#1078;").replace("More.", "More &#38; more.");
    let marked = format!("\u{FEFF}{xml}");
    let mut outlines = Vec::new();
    for (encoding, file) in [
        ("UTF-8", xml.clone().into_bytes()),
        ("UTF-8", marked.clone().into_bytes()),
        ("UTF-16LE", utf_16(&marked, u16::to_le_bytes)),
        ("UTF-16BE", utf_16(&marked, u16::to_be_bytes)),
        ("UTF-16LE", utf_16(&xml, u16::to_le_bytes)),
        ("UTF-16BE", utf_16(&xml, u16::to_be_bytes)),
    ] {
        let all = read_all("dump.xml", file.as_slice());
        assert_eq!(all.end, Ok(Content::Container));
        assert_eq!(all.documents.len(), 2);
        for (document, slice) in &all.documents {
            prove(&file, document, slice, encoding);
        }
        let shown: String = all.documents.iter().map(|(document, _)| outline(document)).collect();
        let [first, second] = all.documents.as_slice() else { panic!() };
        assert_eq!(first.0.id, "dump.xml#First page");
        assert_eq!(second.0.id, "dump.xml#Second: a.b & c");
        assert_eq!(second.0.sections[0].slug, "second-a-b-c");
        let title = second.0.locate_heading(0).bytes.unwrap();
        assert_eq!(meant(&file[title], encoding), "Second: a.b & c");
        outlines.push(shown);
    }
    assert!(outlines.windows(2).all(|pair| pair[0] == pair[1]));
    expect![[r#"
        First page
        @categories: Crime
        @date: 2017-10-29T00:56:32Z
        @links: L
        @page_id: 1
        @references: Note
        @revision_id: 100
        @templates: x
        @url: https://ru.example.org/wiki/First_page
        @year: 2017
        lang ru
        Paragraph: Торговля людьми — a < b & "c"  Линк.
        = ж "&" one
        ListItem: item bold
        ListItem: second <
        Second: a.b & c
        @date: 2017-10-29T00:56:32Z
        @page_id: 2
        @revision_id: 101
        @url: https://ru.example.org/wiki/Second:_a.b_%26_c
        @year: 2017
        lang ru
        Paragraph: Text.
        Paragraph: More & more.
    "#]]
    .assert_eq(&outlines[0]);
}

#[test]
fn only_articles_are_read_and_titles_made_unique() {
    let xml = dump(&[
        ("Talk:A", "1", "Talk."),
        ("A", "0", "One."),
        ("A", "0", "Two."),
        ("Old redirect", "0", "#REDIRECT [[A]]"),
        ("Template:A", "10", "Template."),
        ("Empty", "0", ""),
        ("No namespace", "", "Three."),
    ]);
    let xml = xml.replace("    <ns></ns>\n", "").replace(
        "</mediawiki>",
        "<page><title>New redirect</title><ns>0</ns><redirect title=\"A\" /><revision><text>#ПЕРЕНАПРАВЛЕНИЕ [[A]]</text></revision></page>\
         <page><title>Q1</title><ns>0</ns><revision><model>wikibase-item</model><text>{}</text></revision></page>\
         <page><title>Deleted</title><ns>0</ns><revision><text deleted=\"deleted\" /></revision></page>\
         <page id=\"1\"><title>History</title><ns>0</ns><revision><id>1</id><timestamp>2001-01-01T00:00:00Z</timestamp><text>Old.</text></revision><revision><id>2</id><timestamp>2003-01-01T00:00:00Z</timestamp><text>New.</text></revision><revision><id>3</id><timestamp>2002-01-01T00:00:00Z</timestamp><text>Between.</text></revision></page>\
         <pages><title>No page</title></pages>\
         <page><title>Data</title><ns>0</ns><revision><text><![CDATA[a < b & c]]> &amp; d</text></revision></page>\
         <page><title>Cut</title><ns>0</ns><revision><text>Cut",
    );
    check_list(
        "d.xml",
        &xml,
        expect![[r#"
        d.xml#A: One.
        d.xml#A (2): Two.
        d.xml#Empty: 
        d.xml#No namespace: Three.
        d.xml#Q1 is a page of `wikibase-item`, not of wikitext
        d.xml#History: New.
        d.xml#Data: a < b & c & d
        d.xml#Cut failed: the file ends within this page
        Container
    "#]],
    );
    // What is whole comes before the damage.
    let pages: Vec<(&str, &str, &str)> = vec![("Page", "0", "Words of a page."); 3000];
    let packed = gzipped(dump(&pages).as_bytes());
    let all = read_all("d.xml.gz", &packed[..packed.len() / 2]);
    assert!(all.documents.len() > 1000, "{}", all.documents.len());
    assert_eq!(all.documents[2].0.id, "d.xml.gz#Page (3)");
    assert!(matches!(all.end, Err(Refusal::Failed(_))));
}

#[test]
fn a_dump_of_five_pages_gives_five_documents() {
    let Some(path) = shared("formats/mediawiki-xml/enwiki-table-markup.xml") else { return };
    let file = std::fs::read(path).unwrap();
    let all = read_all("enwiki.xml", file.as_slice());
    let titles: Vec<&str> =
        all.documents.iter().map(|(document, _)| document.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Constructive vote of no confidence",
            "List of Prison Break characters",
            "Academy Award for Best Production Design",
            "Economy of Estonia",
            "Brahui language"
        ]
    );
    for (document, slice) in &all.documents {
        assert_eq!(document.lang.as_deref(), Some("en"));
        for run in &document.map.runs {
            let bytes = &slice[run.source..run.source + run.source_len];
            let text = &document.text[run.text..run.text + run.text_len];
            if run.grain == Grain::Whole {
                continue;
            }
            assert_eq!(meant(bytes, "UTF-8"), text, "{run:?}");
        }
    }
    let packs = [("gz", gzipped(&file)), ("bz2", bzipped(&file)), ("xz", xzipped(&file))];
    for (ending, packed) in packs {
        let same = read_all(&format!("enwiki.xml.{ending}"), packed.as_slice());
        let texts = |all: &Outcome| -> Vec<String> {
            all.documents.iter().map(|(document, _)| document.text.clone()).collect()
        };
        assert_eq!(texts(&same), texts(&all));
    }
}

fn lines(text: &str) -> String {
    text.replace('\n', "\r\n")
}

#[test]
fn a_message_without_attachments_is_one_document() {
    let mail = "From: =?utf-8?q?J=C3=B6rg?= <jorg@example.org>\nTo: a@example.org, \"B, C\" <b@example.org>\nCc: c@example.org\nSubject: =?utf-8?B?0J7RgtGH0ZHRgg==?=\n about labour\nDate: Tue, 1 Jul 2014 10:52:37 +0200\nMessage-ID: <1@example.org>\nIn-Reply-To: <0@example.org>\nContent-Language: de\nKeywords: one, two\n\nDear all,\n\nthe report is out\nand says this:\n\n- first\n- second,\n  longer\n\nOn Monday A wrote:\n> Where is it?\n> Who has it?\n>> Not me.\n\nBest\n-- \nJ. Doe\nOffice 5\n";
    let mut outlines = Vec::new();
    for (end, mail) in [("⏎", mail.to_owned()), ("␍⏎", lines(mail))] {
        let all = read_all("m.eml", mail.as_bytes());
        assert_eq!(all.end, Ok(Content::Document));
        prove_mail(mail.as_bytes(), &all.documents[0], |bytes| bytes.to_vec());
        outlines.push(outline(&all.documents[0].0).replace(end, "⏎"));
    }
    assert_eq!(outlines[0], outlines[1]);
    expect![[r#"
        Отчёт about labour
        @author: Jörg
        @cc: c@example.org
        @date: 2014-07-01T10:52:37+02:00
        @from: Jörg <jorg@example.org>
        @in_reply_to: 0@example.org
        @keywords: one | two
        @message_id: 1@example.org
        @to: a@example.org | B, C <b@example.org>
        @year: 2014
        lang de
        Paragraph: Dear all,
        Paragraph: the report is out⏎and says this:
        ListItem: - first
        ListItem: - second,⏎longer
        Paragraph: On Monday A wrote:
        Quotation: Where is it?⏎Who has it?
        Quotation: Not me.
        Paragraph: Best
        Note: J. Doe⏎Office 5
    "#]]
    .assert_eq(&outlines[0]);
}

/// Every run of a message is what its bytes in the file mean, once decoded, and the lines are theirs.
fn prove_mail(
    file: &[u8],
    (document, slice): &(Document, Vec<u8>),
    decoded: impl Fn(&[u8]) -> Vec<u8>,
) {
    let origin = document.origin;
    assert_eq!(&file[origin.bytes..origin.bytes + slice.len()], slice);
    assert!(!document.map.runs.is_empty());
    let mut covered = 0;
    for run in &document.map.runs {
        let text = &document.text[run.text..run.text + run.text_len];
        let bytes = &slice[run.source..run.source + run.source_len];
        match run.grain {
            Grain::Verbatim => assert_eq!(bytes, text.as_bytes()),
            Grain::Characters { .. } => assert_eq!(decoded(bytes), text.as_bytes(), "{run:?}"),
            Grain::Whole => {
                let meaning = decoded(bytes);
                let found = memchr::memmem::find(&meaning, text.as_bytes());
                assert!(found.is_some(), "{run:?} {text:?} {}", String::from_utf8_lossy(&meaning));
            }
        }
        let place = document.locate(run.text..run.text + run.text_len);
        let before = &file[..origin.bytes + run.source];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(place.lines.unwrap().0, line, "{text:?}");
        covered += run.text_len;
    }
    let separators = document.blocks.len() * 2;
    assert!(covered + separators >= document.text.len(), "{covered} of {}", document.text.len());
}

/// Decodes quoted-printable the simple way.
fn unquoted(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).replace("=\r\n", "").replace("=\n", "");
    let mut out = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('=') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        match u8::from_str_radix(&rest[at + 1..at + 3], 16) {
            Ok(byte) => out.push(byte),
            Err(_) => out.extend_from_slice(&rest.as_bytes()[at..at + 3]),
        }
        rest = &rest[at + 3..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

fn base64(bytes: &[u8], width: usize) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0u8; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for place in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            out.push(if place <= chunk.len() { sign } else { '=' });
        }
    }
    let wrapped: Vec<String> = out
        .as_bytes()
        .chunks(width)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    wrapped.join("\n")
}

/// Decodes base64 the simple way, from any place where a group begins.
fn unbase64(bytes: &[u8]) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let signs: Vec<u8> = bytes.iter().copied().filter(|byte| SIGNS.contains(byte)).collect();
    let mut out = Vec::new();
    for group in signs.chunks(4) {
        let value = |at: usize| {
            group.get(at).map_or(0, |sign| SIGNS.iter().position(|s| s == sign).unwrap() as u32)
        };
        let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
        out.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    out
}

#[test]
fn encodings_for_transport_keep_their_places() {
    let head = "From: a@example.org\nSubject: S\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ";
    let printable = format!(
        "{head}quoted-printable\n\nCaf=C3=A9 au lait, written =\nover lines   \nwith =3D signs and an odd =ZZ one.\n\nДругое: =D0=B6=D0=B7 end=\n\n> quoted =E2=80=94 dash\n"
    );
    for mail in [printable.clone(), lines(&printable)] {
        let all = read_all("m.eml", mail.as_bytes());
        prove_mail(mail.as_bytes(), &all.documents[0], unquoted);
        let text = all.documents[0].0.text.replace('\r', "");
        assert_eq!(
            text,
            "Café au lait, written over lines\nwith = signs and an odd =ZZ one.\n\nДругое: жз end\n\nquoted — dash"
        );
    }
    let content = "Первый абзац, который довольно длинный и занимает несколько строк.\n\nSecond one.\n\n> third\n";
    for width in [76, 60, 10_000, 5] {
        let mail = format!("{head}base64\n\n{}\n", base64(content.as_bytes(), width));
        let all = read_all("m.eml", mail.as_bytes());
        let document = &all.documents[0].0;
        assert_eq!(
            document.text,
            "Первый абзац, который довольно длинный и занимает несколько строк.\n\nSecond one.\n\nthird"
        );
        prove_mail(mail.as_bytes(), &all.documents[0], unbase64);
    }
    // What is said to be base64 and is none is text.
    let mail = format!("{head}base64\n\nThis is plain text, whatever the header says.\n");
    let all = read_all("m.eml", mail.as_bytes());
    assert_eq!(all.documents[0].0.text, "This is plain text, whatever the header says.");
}

#[test]
fn charsets_of_mail_are_believed_when_they_can_be() {
    let mail = |charset: &str, body: &[u8]| {
        let mut mail =
            format!("Subject: S\nContent-Type: text/plain; charset={charset}\n\n").into_bytes();
        mail.extend_from_slice(body);
        let all = read_all("m.eml", mail.as_slice());
        all.documents[0].0.text.clone()
    };
    let koi = encoding_rs::KOI8_R.encode("Торговля людьми").0;
    assert_eq!(mail("koi8-r", &koi), "Торговля людьми");
    let japanese = encoding_rs::ISO_2022_JP.encode("人身売買は問題").0;
    assert_eq!(mail("ISO-2022-JP", &japanese), "人身売買は問題");
    assert_eq!(mail("us-ascii", "Café".as_bytes()), "Café");
    assert_eq!(mail("iso-8859-1", b"Caf\xe9"), "Café");
    assert_eq!(mail("bogus", "Café".as_bytes()), "Café");
}

#[test]
fn what_is_attached_is_a_document_of_its_own() {
    let png = base64(b"\x89PNG\r\n\x1a\n0000", 76);
    let notes = base64("Notes, and more.\n".as_bytes(), 76);
    let archive = base64(&zipped(&[("inner.md", b"# In\n\nInner words.")]), 76);
    let mail = format!(
        "From: a@example.org\nTo: b@example.org\nSubject: With files\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_out\"\n\nPreamble.\n--=_out\nContent-Type: multipart/alternative; boundary=alt\n\n--alt\nContent-Type: text/plain; charset=utf-8\n\nThe text.\n--alt\nContent-Type: text/html\n\n<p>The text.</p>\n--alt--\n--=_out\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n{png}\n--=_out\nContent-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''%D0%B0.txt\nContent-Transfer-Encoding: base64\n\n{notes}\n--=_out\nContent-Type: application/zip; name=\"files.zip\"\nContent-Transfer-Encoding: base64\n\n{archive}\n--=_out\nContent-Type: message/rfc822\n\nFrom: c@example.org\nSubject: Inner\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\nInner text.\n--in\nContent-Disposition: attachment; filename=../../x.txt\n\nDeep file.\n--in--\n--=_out\n\nText after.\n--=_out\nContent-Type: application/pgp-signature\n\nxxxx\n--=_out--\nEpilogue.\n"
    );
    check_list(
        "m.eml",
        &mail,
        expect![[r#"
        m.eml: The text.⏎⏎Text after.
        m.eml#a.png is a picture
        m.eml#а.txt: Notes, and more.
        m.eml#files.zip#inner.md: Inner words.
        m.eml#part-4.eml: Inner text.
        m.eml#part-4.eml#x.txt: Deep file.
        Container
    "#]],
    );
    check_list(
        "m.eml",
        lines(&mail),
        expect![[r#"
        m.eml: The text.⏎⏎Text after.
        m.eml#a.png is a picture
        m.eml#а.txt: Notes, and more.
        m.eml#files.zip#inner.md: Inner words.
        m.eml#part-4.eml: Inner text.
        m.eml#part-4.eml#x.txt: Deep file.
        Container
    "#]],
    );
}

#[test]
fn parts_have_roles() {
    let body = |parts: &str| {
        let mail = format!("From: a@example.org\nSubject: S\nMIME-Version: 1.0\n{parts}");
        listed("m.eml", mail)
    };
    let alternative = |first: &str, second: &str| {
        body(&format!(
            "Content-Type: multipart/alternative; boundary=b\n\n--b\n{first}\n--b\n{second}\n--b--\n"
        ))
    };
    // An empty plain text is no text.
    assert_eq!(
        alternative("Content-Type: text/plain\n\n  \n", "Content-Type: text/plain\n\nWords."),
        "m.eml: Words.\nDocument\n"
    );
    // Apple's programs put what is attached beside the HTML.
    let mixed = "Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>Words.</p>\n--c\nContent-Type: text/plain; name=n.txt\n\nNotes.\n--c--";
    assert_eq!(
        alternative("Content-Type: text/plain\n\nWords.", mixed),
        "m.eml: Words.\nm.eml#n.txt: Notes.\nContainer\n"
    );
    assert_eq!(
        body(
            "Content-Type: multipart/signed; boundary=b\n\n--b\n\nSigned.\n--b\nContent-Type: application/pgp-signature\n\nxx\n--b--\n"
        ),
        "m.eml: Signed.\nDocument\n"
    );
    // Names that come again keep their format.
    let twice = "--b\nContent-Disposition: attachment; filename=a.md\n\n# A\n\nWords.\n".repeat(2);
    assert_eq!(
        body(&format!("Content-Type: multipart/mixed; boundary=b\n\n{twice}--b--\n")),
        "m.eml: \nm.eml#a.md: Words.\nm.eml#a.md (2): Words.\nContainer\n"
    );
    // A digest is made of messages.
    assert_eq!(
        body(
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: One\n\nFirst.\n--b\n\nSubject: Two\n\nSecond.\n--b--\n"
        ),
        "m.eml: \nm.eml#part-1.eml: First.\nm.eml#part-2.eml: Second.\nContainer\n"
    );
    // The end never comes, and neither does the next boundary.
    assert_eq!(
        body("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nWords.\n"),
        "m.eml: Words.\nDocument\n"
    );
    assert_eq!(
        body("Content-Type: multipart/mixed; boundary=b\n\nWords.\n"),
        "m.eml: Words.\nDocument\n"
    );
    assert_eq!(body("Content-Type: multipart/mixed\n\nWords.\n"), "m.eml: Words.\nDocument\n");
    let encrypted = read_all("m.eml", &b"Subject: S\nContent-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n"[..]);
    assert_eq!(encrypted.documents[0].0.warnings[0].message, "a part of the message is encrypted");
}

#[test]
fn mailboxes_are_messages_one_after_another() {
    let mailbox = "From a@example.org Tue Jul  1 10:52:37 2014\nFrom: a@example.org\nSubject: One\n\nFirst words.\n\n>From the start of a line.\n>>From deeper.\nFrom now on it is text: 10 of them.\n\nFrom b@example.org Wed Jul  2 10:52:37 2014\nFrom: b@example.org\nSubject: Two\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSecond words.\n--b\nContent-Disposition: attachment; filename=n.txt\n\nNotes.\n--b--\n\nFrom - Thu Jul  3 10:52:37 2014\nFrom: c@example.org\nSubject: Three\n\nThird.";
    check_list(
        "box.mbox",
        mailbox,
        expect![[r#"
        box.mbox#1: First words.⏎⏎From the start of a line.⏎
        box.mbox#2: Second words.
        box.mbox#2#n.txt: Notes.
        box.mbox#3: Third.
        Container
    "#]],
    );
    for mailbox in [mailbox.to_owned(), lines(mailbox)] {
        let unnamed = listed("box", &mailbox);
        assert_eq!(unnamed, listed("box.mbox", &mailbox).replace("box.mbox", "box"));
        let all = read_all("box.mbox", mailbox.as_bytes());
        for found in all.documents.iter().filter(|(document, _)| !document.id.ends_with(".txt")) {
            prove_mail(mailbox.as_bytes(), found, |bytes| bytes.to_vec());
        }
        let text = all.documents[0].0.text.replace('\r', "");
        let expected = "First words.\n\nFrom the start of a line.\n\nFrom deeper.\n\nFrom now on it is text: 10 of them.";
        assert_eq!(text, expected);
    }
    check_list(
        "box.mbox",
        "no mail",
        expect![[r#"
        Failed("no message begins in it")
    "#]],
    );
    // A message of one that was saved with the line before it stays a message.
    let one = "From a@example.org Tue Jul  1 10:52:37 2014\nFrom: a@example.org\n\nWords.\n";
    assert_eq!(listed("m.eml", one), "m.eml: Words.\nDocument\n");
}

/// Messages that go over the window's edge, whatever their lengths.
#[test]
fn long_mailboxes_are_streamed() {
    let mut mailbox = String::new();
    for number in 0..300 {
        let _ = write!(
            mailbox,
            "From a@example.org Tue Jul  1 10:52:37 2014\nSubject: {number}\nMessage-ID: <{number}@example.org>\n\n{}\n\n",
            "Words of it.\n".repeat(number * 3)
        );
    }
    let all = read_all("box.mbox", mailbox.as_bytes());
    assert_eq!(all.documents.len(), 300);
    for (number, (document, slice)) in all.documents.iter().enumerate() {
        assert_eq!(document.title, number.to_string());
        let origin = document.origin;
        assert_eq!(&mailbox.as_bytes()[origin.bytes..origin.bytes + slice.len()], slice);
        let lines = mailbox[..origin.bytes].matches('\n').count();
        assert_eq!(origin.lines, lines);
    }
}

#[test]
fn mail_without_a_telling_name_is_known_by_its_header() {
    use tipsearch::read::format::{Format, format_of};
    let mail = "Return-Path: <a@example.org>\nReceived: by x\n\twith y\nFrom: a@example.org\nTo: b@example.org\nSubject: S\n\nWords.\n";
    assert_eq!(format_of(mail.as_bytes(), "m"), Format::Mail);
    assert_eq!(format_of(lines(mail).as_bytes(), "m.txt"), Format::Mail);
    let memo = "From: the office\nTo: all\nDate: today\nSubject: coffee\n\nThere is none.\n";
    assert_eq!(format_of(memo.as_bytes(), "memo.txt"), Format::Plain);
    assert_eq!(format_of(b"From here on it is text.\nNote: so.\n", "a.txt"), Format::Plain);
    assert_eq!(format_of(b"", "a.txt"), Format::Plain);
}

#[test]
fn samples_of_mail_are_read() {
    let Some(folder) = shared("formats/email") else { return };
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut count = 0;
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "eml")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = std::fs::read(path).unwrap();
        let all = read_all(&name, file.as_slice());
        assert!(all.end.is_ok(), "{name}: {:?}", all.end);
        let (document, bytes) = &all.documents[0];
        assert_eq!((document.id.as_str(), bytes), (name.as_str(), &file));
        assert!(!document.title.is_empty());
        for run in document.map.runs.iter().filter(|run| run.grain == Grain::Verbatim) {
            let text = &document.text.as_bytes()[run.text..run.text + run.text_len];
            assert_eq!(&bytes[run.source..run.source + run.source_len], text, "{name}");
        }
        count += 1;
    }
    assert!(count >= 25, "{count} samples");
}

/// The end of reading, as a text; every hostile file must come to one, and soon.
fn end_of(name: &str, content: &[u8]) -> String {
    let start = std::time::Instant::now();
    let all = read_all(name, content);
    let seconds = start.elapsed().as_secs();
    assert!(seconds < 30, "{name} took {seconds} s");
    match all.end {
        Ok(content) => format!("{content:?}"),
        Err(refusal) => format!("{refusal:?}"),
    }
}

#[test]
fn bombs_of_one_file_end_at_the_ratio() {
    let letters = vec![b'a'; 40 << 20];
    let expected = "Failed(\"it inflates to more than 100 times its size\")";
    assert_eq!(end_of("a.txt.gz", &gzipped(&letters)), expected);
    assert_eq!(end_of("a.txt.bz2", &bzipped(&letters)), expected);
    assert_eq!(end_of("a.txt.xz", &xzipped(&letters)), expected);
    assert_eq!(end_of("a.txt.zst", &zstandard(&letters)), expected);
    // A bomb in a bomb, in a bomb.
    let packed = gzipped(&gzipped(&gzipped(&letters)));
    assert_eq!(end_of("a.txt.gz.gz.gz", &packed), expected);
    assert_eq!(
        end_of("a.gz", &gzipped(&packed)),
        "Failed(\"it is compressed more than 3 times over\")"
    );
    // A dump and a tar archive that are read as streams, too.
    let head = b"<mediawiki><page><title>A</title><revision><text>";
    let dump = [&head[..], &letters].concat();
    assert_eq!(end_of("a.xml.gz", &gzipped(&dump)), expected);
    assert_eq!(
        end_of("a.tgz", &gzipped(&tarred(&[("a.png", &letters), ("b.png", &letters)]))),
        expected
    );
}

/// As 42.zip: archives of archives of large members, each of them the same.
#[test]
fn a_bomb_of_archives_ends_at_the_ratio() {
    let letters = vec![b'a'; 4 << 20];
    let names: Vec<String> = (0..16).map(|number| format!("{number}.zip")).collect();
    let mut archive = zipped(&[("letters.txt", &letters)]);
    for _ in 0..2 {
        let members: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), archive.as_slice())).collect();
        archive = zipped(&members);
    }
    assert_eq!(
        end_of("42.zip", &archive),
        "Failed(\"it inflates to more than 100 times its size\")"
    );
}

#[test]
fn an_archive_of_too_much_gives_what_comes_first() {
    let noise: Vec<u8> =
        (0..60u32 << 20).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let members: Vec<(&str, &[u8])> = std::iter::once(("first.txt", &b"First."[..]))
        .chain(["a.zip", "b.zip", "c.zip", "d.zip", "e.zip"].map(|name| (name, noise.as_slice())))
        .chain([("last.txt", &b"Last."[..])])
        .collect();
    let expected = "x.tar#first.txt: First.";
    let list = listed("x.tar", tarred(&members));
    assert!(list.starts_with(expected), "{list}");
    assert!(list.ends_with("Failed(\"it inflates to more than 250 MiB\")\n"), "{list}");
    let large = [noise.as_slice(), noise.as_slice()].concat();
    let list = listed("x.tar", tarred(&[("large.zip", &large), ("last.txt", b"Last.")]));
    assert_eq!(
        list,
        "x.tar#large.zip failed: a member of it has more than 100 MiB\nx.tar#last.txt: Last.\nContainer\n"
    );
}

#[test]
fn an_archive_of_many_members_gives_the_first() {
    let names: Vec<String> = (0..12_000).map(|number| format!("{number}.txt")).collect();
    let members: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &b"Words."[..])).collect();
    for (name, archive) in [("x.zip", zipped(&members)), ("x.tar", tarred(&members))] {
        let all = read_all(name, archive.as_slice());
        assert_eq!(all.documents.len(), 10_000, "{name}");
        let reason = "it has more than 10000 members; the rest is not read".to_owned();
        assert_eq!(all.end, Err(Refusal::Failed(reason)));
    }
}

#[test]
fn what_a_directory_says_of_sizes_is_not_believed() {
    let text = "Words and words. ".repeat(2000);
    let archive = zipped(&[("a.txt", text.as_bytes()), ("b.txt", b"Well.")]);
    let directory = memchr::memmem::find(&archive, b"PK\x01\x02").unwrap();
    for size in [1u32, 0, u32::MAX - 1] {
        let mut lying = archive.clone();
        lying[directory + 24..directory + 28].copy_from_slice(&size.to_le_bytes());
        let list = listed("x.zip", &lying);
        assert!(list.contains("x.zip#b.txt: Well."), "{size}: {list}");
        // Members that overlap: both are the first.
        let second = memchr::memmem::rfind(&lying, b"PK\x01\x02").unwrap();
        lying[second + 42..second + 46].copy_from_slice(&0u32.to_le_bytes());
        let list = listed("x.zip", &lying);
        assert!(list.lines().count() <= 3, "{list}");
    }
    // A size of petabytes in a tar archive, and one that is no number.
    for size in
        [&b"\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff"[..], b"77777777777\0", b"xyz\0"]
    {
        let mut archive = tarred(&[("a.txt", b"Words."), ("b.txt", b"More.")]);
        archive[124..124 + size.len()].copy_from_slice(size);
        let sum: u32 = archive[..512]
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        archive[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let list = listed("x.tar", &archive);
        assert!(
            list.contains("failed") || list.contains("Failed") || list.contains("x.tar#a.txt: "),
            "{list}"
        );
    }
}

#[test]
fn hostile_dumps_come_to_an_end() {
    let page = |text: &str| {
        format!(
            "<mediawiki><page><title>A</title><revision><text>{text}</text></revision></page></mediawiki>"
        )
    };
    assert_eq!(end_of("a.xml", page(&"<a>".repeat(1_000_000)).as_bytes()), "Container");
    assert_eq!(
        end_of("a.xml", format!("<mediawiki>{}", "<page>".repeat(1_000_000)).as_bytes()),
        "Container"
    );
    assert_eq!(
        end_of(
            "a.xml",
            format!("<mediawiki>{}", "<page><title>A</title>".repeat(100_000)).as_bytes()
        ),
        "Container"
    );
    assert_eq!(
        end_of("a.xml", format!("<mediawiki><page>{}</page>", "<".repeat(2_000_000)).as_bytes()),
        "Container"
    );
    assert_eq!(
        end_of("a.xml", format!("<mediawiki><page>{}</page>", "<!--".repeat(500_000)).as_bytes()),
        "Container"
    );
    assert_eq!(end_of("a.xml", page(&"&".repeat(1_000_000)).as_bytes()), "Container");
    assert_eq!(end_of("a.xml", page(&"<![CDATA[".repeat(300_000)).as_bytes()), "Container");
    assert_eq!(
        end_of("a.xml", page(&"&#0;&#xFFFFFFFF;&#xD800;&#;&#x;".repeat(30_000)).as_bytes()),
        "Container"
    );
    let same = "<page><title>A</title><revision><text>x</text></revision></page>".repeat(30_000);
    assert_eq!(end_of("a.xml", format!("<mediawiki>{same}").as_bytes()), "Container");
    // Entities of a document type stay as they stand.
    let mut laughs = "<?xml version=\"1.0\"?><!DOCTYPE mediawiki [<!ENTITY a \"lol\">".to_owned();
    for level in 0..9 {
        let _ = write!(laughs, "<!ENTITY a{level} \"{}\">", "&a;".repeat(10));
    }
    let laughs = laughs + "]>" + &page("Ha &a8; ha");
    check_list(
        "a.xml",
        laughs,
        expect![[r#"
        a.xml#A: Ha &a8; ha
        Container
    "#]],
    );
}

#[test]
fn a_page_that_is_too_large_costs_itself_only() {
    let small = "<page><title>Small</title><revision><text>Words.</text></revision></page>";
    let large = |size: usize| {
        format!(
            "<page><title>Large</title><revision><text>{}</text></revision></page>",
            "a ".repeat(size / 2)
        )
    };
    let dump = |size: usize| {
        format!("<mediawiki>{small}{}{}</mediawiki>", large(size), small.replace("Small", "After"))
    };
    check_list(
        "d.xml",
        dump(9 << 20),
        expect![[r#"
        d.xml#Small: Words.
        d.xml#Large failed: its text has more than 8 MiB
        d.xml#After: Words.
        Container
    "#]],
    );
    check_list(
        "d.xml",
        dump(101 << 20),
        expect![[r#"
        d.xml#Small: Words.
        d.xml#Large failed: the page has more than 100 MiB
        d.xml#After: Words.
        Container
    "#]],
    );
}

#[test]
fn hostile_mail_comes_to_an_end() {
    let head = "From: a@example.org\nSubject: S\nMIME-Version: 1.0\n";
    let mail = |rest: String| end_of("m.eml", format!("{head}{rest}").as_bytes());
    // Parts that name a boundary which never comes.
    let part = "--b\nContent-Type: multipart/mixed; boundary=never\n\n";
    let never = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", part.repeat(60_000));
    assert_eq!(mail(never), "Container");
    // Parts in parts in parts.
    let mut nested = String::new();
    for level in 0..20_000 {
        let _ = write!(nested, "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
    }
    assert_eq!(mail(nested), "Container");
    // Messages in messages.
    assert_eq!(mail("Content-Type: message/rfc822\n\n".repeat(20_000)), "Container");
    let boundary = "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
    assert_eq!(mail(boundary.repeat(20_000)), "Container");
    // Base64 that is none, or never ends.
    let garbage: String = "=A=B==/+ \u{7f}".repeat(100_000);
    mail(format!("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{garbage}"));
    mail(format!("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n{garbage}"));
    mail(format!("Content-Transfer-Encoding: quoted-printable\n\n{}", "=".repeat(1_000_000)));
    mail(format!("Content-Transfer-Encoding: quoted-printable\n\n{}", "= \t".repeat(300_000)));
    mail(format!("Content-Transfer-Encoding: quoted-printable\n\n{}", "   \n".repeat(300_000)));
    mail(format!("\n{}", ">".repeat(1_000_000)));
    mail(format!("\n{}", "> \n".repeat(300_000)));
    mail(format!("\n{}", "-- \n".repeat(300_000)));
    // Headers that never end, or hold too much.
    mail("X: y\n".repeat(300_000));
    mail(format!("To: {}\n\nx", "a@example.org, ".repeat(50_000)));
    mail(format!("To: {}\n\nx", "(".repeat(500_000)));
    mail(format!("Subject: {}\n\nx", "=?utf-8?q?=41?= ".repeat(50_000)));
    mail(format!("Content-Type: text/plain; {}\n\nx", "a*0*=x; ".repeat(50_000)));
    let boxes = "From a 10:00:00 2000\nX: y\n\n".repeat(20_000);
    assert_eq!(end_of("box.mbox", boxes.as_bytes()), "Container");
    assert_eq!(
        end_of("box.mbox", "From ".repeat(500_000).as_bytes()),
        "Failed(\"no message begins in it\")"
    );
    end_of("box.mbox", "From a 10:00\n".repeat(100_000).as_bytes());
}

#[test]
fn names_that_are_not_unicode_are_code_page_437() {
    let mut archive = zipped(&[("caf_.txt", b"Words.")]);
    let places: Vec<usize> = memchr::memmem::find_iter(&archive, b"caf_").collect();
    assert_eq!(places.len(), 2);
    places.iter().for_each(|place| archive[place + 3] = 0x82);
    check_list(
        "x.zip",
        archive,
        expect![[r#"
        x.zip#café.txt: Words.
        Container
    "#]],
    );
}

/// Damage anywhere: no panic, and every place that is given still holds what it is said to hold.
#[test]
fn damaged_containers_keep_the_laws_of_places() {
    let mail = "From a@example.org Tue Jul  1 10:52:37 2014\nFrom: a@example.org\nSubject: =?utf-8?q?J=C3=B6rg?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\nSecond =C3=A9 w=\nords.\n\n> quoted\n--b\nContent-Transfer-Encoding: base64\n\nV29yZHMgaW4gYmFzZTY0LCBhbmQgbW9yZSBvZiB0aGVtLg==\n--b\nContent-Disposition: attachment; filename=n.txt\n\nNotes.\n--b--\n\n";
    let xml = dump(&[
        ("A", "0", "Some ''text'' & <b>more</b> &mdash; \u{436}\n\n== H ==\n* item"),
        ("B", "0", "Text."),
    ]);
    let archive = zipped(&[
        ("a.txt", "Words and words. ".repeat(20).as_bytes()),
        ("b.md!", b"# B\n\nWords."),
    ]);
    let files: [(&str, Vec<u8>); 7] = [
        ("m.eml", mail.as_bytes().to_vec()),
        ("b.mbox", mail.repeat(3).into_bytes()),
        ("d.xml", xml.clone().into_bytes()),
        ("w.xml", utf_16(&xml, u16::to_le_bytes)),
        ("x.tar", tarred(&[("a.txt", b"Words."), ("b.txt", b"More.")])),
        ("x.txt.gz", gzipped(&archive)),
        ("x.zip", archive),
    ];
    let mut seed = 2008u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    for (name, file) in files {
        for _ in 0..400 {
            let mut damaged = file.clone();
            for _ in 0..1 + random(4) {
                let at = random(damaged.len());
                match random(4) {
                    0 => damaged.truncate(at.max(1)),
                    1 if damaged.len() > 1 => drop(damaged.remove(at)),
                    2 => damaged.insert(at, random(256) as u8),
                    _ => damaged[at] = b"\n<>&;=-:\x00\xFF/P"[random(12)],
                }
            }
            let all = read_all(name, damaged.as_slice());
            for (document, slice) in &all.documents {
                for run in &document.map.runs {
                    let text = &document.text.as_bytes()[run.text..run.text + run.text_len];
                    let bytes = &slice[run.source..run.source + run.source_len];
                    assert!(run.grain != Grain::Verbatim || bytes == text, "{name}: {run:?}");
                }
                for section in document.sections.iter().filter_map(|section| section.source.clone())
                {
                    assert!(section.end <= slice.len() && section.start <= section.end, "{name}");
                }
            }
        }
    }
}

/// Pages, and what stands between them, go over the window's edge; the places stay true.
#[test]
fn long_dumps_are_streamed_in_every_encoding() {
    let texts: Vec<String> =
        (0..60).map(|number| "Words \u{436} of it.\r\n\n".repeat(number * 40 + 1)).collect();
    let pages: Vec<(&str, &str, &str)> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| ("Page", if number % 3 == 0 { "0" } else { "1" }, text.as_str()))
        .collect();
    let gap = format!("</page>\n<!-- {} -->\n", "gap\n".repeat(20_001));
    let xml = dump(&pages).replacen("</page>\n", &gap, 9);
    for (encoding, file) in [
        ("UTF-8", xml.clone().into_bytes()),
        ("UTF-16LE", utf_16(&format!("\u{FEFF}{xml}"), u16::to_le_bytes)),
        ("UTF-16BE", utf_16(&xml, u16::to_be_bytes)),
    ] {
        let all = read_all("d.xml", file.as_slice());
        assert_eq!(all.documents.len(), 20, "{encoding}");
        for (document, slice) in &all.documents {
            let origin = document.origin;
            assert_eq!(&file[origin.bytes..origin.bytes + slice.len()], slice);
            let before = meant(&file[..origin.bytes], encoding);
            assert_eq!(origin.lines, before.matches('\n').count(), "{encoding} {}", document.id);
            assert!(meant(slice, encoding).starts_with("<page>"));
        }
    }
}
