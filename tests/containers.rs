//! Files that hold documents, on a shelf: indexed, proved, changed and removed record by record.

use std::io::{Cursor, Write};

use crate::support::{Shelf, guard};

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const DUMP: &str = r#"<mediawiki xml:lang="fr">
  <siteinfo><sitename>x</sitename></siteinfo>
  <page><title>One &amp; all</title><ns>0</ns><revision><timestamp>2019-01-02T03:04:05Z</timestamp>
    <text xml:space="preserve">Old.</text></revision><revision><timestamp>2020-01-02T03:04:05Z</timestamp>
    <text xml:space="preserve">Guards &lt;b&gt;left&lt;/b&gt; &quot;Almaty&quot;.

== Law &amp; order ==
Article 5.</text></revision></page>
  <page><title>Talk:One</title><ns>1</ns><revision><text>No.</text></revision></page>
  <page><title>Away</title><ns>0</ns><redirect title="One" /><revision><text>#REDIRECT [[One]]</text></revision></page>
  <page><title>One &amp; all</title><revision><text>Twice.</text></revision></page>
</mediawiki>"#;

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
fn lines_of_json_are_records_that_stand_where_they_say() {
    let shelf = Shelf::empty();
    let lines = "{\"_id\": \"a\", \"title\": \"One\", \"text\": \"Guards \\u201cleft\\u201d.\", \"year\": 2019}\n\
                 {\"docno\": \"b\", \"body\": \"Police came.\"}\nnot JSON\n";
    shelf.write("r.jsonl", lines.as_bytes());
    shelf
        .write("corpus.toml", b"[jsonl]\nid = [\"_id\", \"docno\"]\ntext = [\"text\", \"body\"]\n");
    let report = shelf.index();
    assert_eq!((report.documents, report.failed.len()), (2, 1), "{report:?}");
    assert_eq!(report.failed[0].0, "r.jsonl#line 3");
    let examination = tipsearch::examine::examine(&shelf.engine(), &guard()).unwrap();
    assert_eq!((examination.faults, examination.located), (vec![], examination.passages));
    let response = shelf.search("year:2019 guards");
    let passage = &response.hits[0].passage;
    assert_eq!(
        (passage.report.doc_id.as_str(), passage.text.as_str()),
        ("r.jsonl#a", "Guards “left”.")
    );
    let police = &shelf.search("police").hits[0].passage;
    assert_eq!(police.location.lines, Some((2, 2)));
    assert_eq!(&lines[police.location.bytes.clone().unwrap()], "Police came.");
}
