//! Files that hold documents: what comes out, where it stands, and what is refused.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;

use tipsearch::read::corpus::Corpus;
use tipsearch::read::source::Source;
use tipsearch::read::{Input, Record, Refusal, records};

use crate::support::{Shelf, guard, shared};

/// What comes out of a file, a line each: documents with their text, failures, what is passed over.
fn read(name: &str, bytes: &[u8]) -> String {
    let corpus = Corpus::parse("", Path::new("corpus.toml")).unwrap();
    let mut lines = Vec::new();
    let mut each = |record: Record<'_>| {
        lines.push(match record {
            Record::Document(document, source) => {
                // Every verbatim run stands in the source that is handed over.
                let source = Source::decode(source);
                for run in &document.map.runs {
                    let text = &document.text[run.text..run.text + run.text_len];
                    let standing = source.slice(run.source..run.source + run.source_len).unwrap();
                    let once = htmlize::unescape(standing);
                    let is_meant = once.contains(text) || htmlize::unescape(&*once).contains(text);
                    assert!(is_meant, "{standing} {text}");
                }
                let shown: String = document.text.chars().take(60).collect();
                format!("{}: {}", document.id, shown.replace('\n', " "))
            }
            Record::Failed(id, reason) => format!("{id} failed: {reason}"),
            Record::PassedOver(id, what) => format!("{id} is {what}"),
        });
        ControlFlow::Continue(())
    };
    let outcome = records(name, Input::new(bytes).unwrap(), &corpus, &mut each);
    if let Err(refusal) = outcome {
        lines.push(match refusal {
            Refusal::Failed(reason) => format!("failed: {reason}"),
            other => format!("{other:?}"),
        });
    }
    lines.join("\n")
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        archive.append_data(&mut header, name, *content).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn members_of_archives_are_documents() {
    let members: [(&str, &[u8]); 5] = [
        ("a/one.md", b"# One\n\nGuards."),
        ("two.txt", b"Police."),
        ("__MACOSX/._two.txt", b"x"),
        ("map.png", b"\x89PNG\r\n"),
        ("noise.txt", &[0, 1, 2, 3, 0, 5, 6, 14]),
    ];
    let expected = "\
x#a/one.md: Guards.
x#two.txt: Police.
x#map.png is a picture
x#noise.txt failed: it is not text, and of no format that is read";
    assert_eq!(read("x", &zip(&members)), expected);
    assert_eq!(read("x", &tar(&members)), expected);
    assert_eq!(read("x", &gzip(&tar(&members))), expected);
}

#[test]
fn a_compressed_file_is_what_is_in_it() {
    let text = b"# One\n\nGuards.";
    assert_eq!(read("one.md.gz", &gzip(text)), "one.md.gz: Guards.");
    let twice = [gzip(b"# One\n\nGuards "), gzip(b"left.")].concat();
    assert_eq!(read("one.md.gz", &twice), "one.md.gz: Guards left.");
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(text).unwrap();
    assert_eq!(read("one.md.bz2", &encoder.finish().unwrap()), "one.md.bz2: Guards.");
    let zstd = zstd::encode_all(text.as_slice(), 1).unwrap();
    assert_eq!(read("one.md.zst", &zstd), "one.md.zst: Guards.");
    let xz = [
        0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x01, 0x69, 0x22, 0xde, 0x36, 0x02, 0x00, 0x21,
        0x01, 0x16, 0x00, 0x00, 0x00, 0x74, 0x2f, 0xe5, 0xa3, 0x01, 0x00, 0x0d, 0x23, 0x20, 0x4f,
        0x6e, 0x65, 0x0a, 0x0a, 0x47, 0x75, 0x61, 0x72, 0x64, 0x73, 0x2e, 0x00, 0x00, 0x00, 0x85,
        0x06, 0x88, 0x88, 0x00, 0x01, 0x22, 0x0e, 0x0c, 0xde, 0x8c, 0x60, 0x90, 0x42, 0x99, 0x0d,
        0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x59, 0x5a,
    ];
    assert_eq!(read("one.md.xz", &xz), "one.md.xz: Guards.");
    let cut = &gzip(&b"# One\n\nGuards. ".repeat(100))[..40];
    assert!(read("one.md.gz", cut).starts_with("failed: "), "{}", read("one.md.gz", cut));
}

#[test]
fn names_in_archives_lead_nowhere() {
    let members: [(&str, &[u8]); 2] = [("../../etc/x.md", b"One."), ("/abs/y.md", b"Two.")];
    assert_eq!(read("x", &zip(&members)), "x#etc/x.md: One.\nx#abs/y.md: Two.");
}

#[test]
fn archives_in_archives_have_an_end() {
    let mut archive = zip(&[("a.md", b"Guards.")]);
    for _ in 0..2 {
        archive = zip(&[("in.zip", &archive)]);
    }
    assert_eq!(read("x", &archive), "x#in.zip#in.zip#a.md: Guards.");
    archive = zip(&[("in.zip", &archive)]);
    let refused = "x#in.zip#in.zip#in.zip failed: it lies in archives in archives, deeper than 3";
    assert_eq!(read("x", &archive), refused);
}

#[test]
fn bombs_are_refused_before_they_fill_the_memory() {
    let zeros = vec![b'a'; 64 << 20];
    let ratio = "it inflates to more than 100 times its size";
    let zip_bomb = zip(&[("a.txt", &zeros), ("b.txt", &zeros)]);
    assert_eq!(read("x", &zip_bomb), format!("x#a.txt failed: {ratio}\nfailed: {ratio}"));
    assert_eq!(read("a.txt.gz", &gzip(&zeros)), format!("failed: {ratio}"));
    let bomb_in_bomb = gzip(&gzip(&zeros));
    assert_eq!(read("a.txt.gz.gz", &bomb_in_bomb), format!("failed: {ratio}"));
}

#[test]
fn more_members_than_are_read() {
    let names: Vec<String> = (0..10_010).map(|number| format!("{number}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let out = read("x", &zip(&members));
    assert_eq!(out.lines().count(), 10_001);
    assert!(out.ends_with("failed: only the first 10000 of its members are read"));
}

const DUMP: &str = r#"<mediawiki xml:lang="fr">
  <siteinfo><sitename>x</sitename></siteinfo>
  <page><title>One &amp; all</title><ns>0</ns><revision><timestamp>2019-01-02T03:04:05Z</timestamp>
    <text xml:space="preserve">Old.</text></revision><revision>
    <text xml:space="preserve">Guards &lt;b&gt;left&lt;/b&gt; &quot;Almaty&quot;.

== Law &amp; order ==
Article 5.</text></revision></page>
  <page><title>Talk:One</title><ns>1</ns><revision><text>No.</text></revision></page>
  <page><title>Away</title><ns>0</ns><redirect title="One" /><revision><text>#REDIRECT [[One]]</text></revision></page>
  <page><title>One &amp; all</title><revision><text>Twice.</text></revision></page>
</mediawiki>"#;

#[test]
fn pages_of_a_dump_are_documents() {
    let expected = "\
d.xml#One & all: Guards left \"Almaty\".  Article 5.
d.xml#One & all: Twice.";
    assert_eq!(read("d.xml", DUMP.as_bytes()), expected);
    assert_eq!(read("d.xml", &gzip(DUMP.as_bytes())), expected);
    let cut = read("d.xml", &DUMP.as_bytes()[..DUMP.len() - 60]);
    assert!(cut.ends_with("failed: it ends within a page"), "{cut}");
}

#[test]
fn pages_of_a_dump_stand_where_they_say() {
    let shelf = Shelf::empty();
    shelf.write("d.xml", DUMP.as_bytes());
    shelf.write("z.zip", &zip(&[("in/a.md", b"# A\n\nGuards came.")]));
    let report = shelf.index();
    assert_eq!((report.documents, report.failed), (3, vec![]));
    let examination = tipsearch::examine::examine(&shelf.engine(), &guard()).unwrap();
    assert_eq!((examination.faults, examination.located), (vec![], examination.passages));
    let response = shelf.search("article 5");
    let passage = &response.hits[0].passage;
    assert_eq!(
        (passage.report.doc_id.as_str(), passage.location.lines),
        ("d.xml#One & all", Some((8, 8)))
    );
    let bytes = passage.location.bytes.clone().unwrap();
    assert_eq!(&DUMP[bytes], "Article 5.");
    assert_eq!(passage.report.lang.as_deref(), Some("fr"));
    let again = shelf.index();
    assert_eq!((again.committed, again.unchanged), (false, 3));
    // A page that changes is read again, and what is gone from the dump is gone from the index.
    let changed = DUMP.replace("Twice.", "Thrice.").replace("Article 5", "Article 6");
    shelf.write("d.xml", changed.split("  <page><title>Talk").next().unwrap().as_bytes());
    let report = shelf.index();
    assert_eq!((report.changed, report.removed, report.documents), (1, 1, 2), "{report:?}");
    assert_eq!(shelf.search("twice").hits.len(), 0);
    assert_eq!(shelf.search("\"article 6\"").hits.len(), 1);
}

#[test]
fn the_dump_of_the_samples_has_its_five_pages() {
    let Some(path) = shared("formats/mediawiki-xml/enwiki-table-markup.xml") else { return };
    let out = read("d.xml", &std::fs::read(path).unwrap());
    let titles: Vec<&str> =
        out.lines().filter_map(|line| line.strip_prefix("d.xml#")?.split(": ").next()).collect();
    let expected = [
        "Constructive vote of no confidence",
        "List of Prison Break characters",
        "Academy Award for Best Production Design",
        "Economy of Estonia",
        "Brahui language",
    ];
    assert_eq!(titles, expected);
}
