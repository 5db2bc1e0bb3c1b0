//! Indexing: only what changed is read, what cannot be read costs one line, odd files are no trouble.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use tipsearch::engine::local::LocalEngine;
use tipsearch::engine::{Engine, Store, WriterOptions};
use tipsearch::error::{Error, ErrorKind};
use tipsearch::examine::examine;
use tipsearch::index::{IndexReport, IndexRequest, index, is_fresh, staleness};
use tipsearch::passage::Passage;

use crate::support::{Shelf, guard, index_of};

/// What changed in a run: added, changed, removed, renamed, unchanged.
fn changes(report: &IndexReport) -> [usize; 5] {
    [report.added, report.changed, report.removed, report.renamed, report.unchanged]
}

/// Whether an index is taken for up to date by the two ways of looking, which must agree.
fn is_current(shelf: &Shelf) -> bool {
    let (engine, index) = (shelf.engine(), Store::from(shelf.index_path()));
    let changed = staleness(&engine, &index).expect("a comparison");
    let fresh = is_fresh(engine.summary(), &index).expect("a comparison");
    assert_eq!(fresh, changed == 0, "{changed} files changed");
    fresh
}

/// Every passage of the index stands where it says, and nothing else is there.
fn is_proved(shelf: &Shelf) {
    let examination = examine(&shelf.engine(), &guard()).expect("an examination");
    assert_eq!(examination.faults, Vec::<String>::new());
    assert_eq!(examination.located, examination.passages);
    assert!(examination.stale.is_empty(), "{:?}", examination.stale);
}

fn ids(shelf: &Shelf, doc_id: &str) -> Vec<String> {
    let passages = shelf.engine().document(doc_id).expect("a document");
    passages.into_iter().map(|passage| passage.id).collect()
}

fn documents(engine: &LocalEngine) -> Vec<String> {
    engine.documents().expect("documents").iter().map(|listed| listed.doc_id.clone()).collect()
}

/// Indexes these roots, one thread.
fn index_roots(roots: &[PathBuf], index_path: &Path, force: bool) -> IndexReport {
    let request = IndexRequest {
        force,
        options: WriterOptions { threads: 1, ..WriterOptions::default() },
        guard: guard(),
        ..IndexRequest::new(roots.to_vec(), index_path.to_owned())
    };
    index(&request, &AtomicBool::new(false), &|_, _| {}).expect("indexing")
}

const THREE: &str = "\
--- a.md
# A
Police came.
## Prosecution
Guards left.
--- b.md
# B
Police stayed.
--- c.md
# C
Nobody came.
";

#[test]
fn a_second_run_reads_nothing() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice.\n");
    shelf.write("b/c.txt", b"Guards.\n");
    let first = shelf.index();
    assert_eq!((changes(&first), first.bytes_read, first.committed), ([2, 0, 0, 0, 0], 21, true));
    assert_eq!((first.documents, first.passages), (2, 2));
    assert!(is_current(&shelf));
    let second = shelf.index();
    assert_eq!(
        (changes(&second), second.bytes_read, second.committed),
        ([0, 0, 0, 0, 2], 0, false)
    );
    assert_eq!((second.documents, second.passages), (2, 2));
    assert_eq!(shelf.engine().summary().generation, 1);
    is_proved(&shelf);
}

#[test]
fn only_what_changed_is_read() {
    let shelf = Shelf::of(THREE);
    shelf.write("a.md", b"# A\n\nOther words altogether.\n");
    shelf.write("d.md", b"# D\n");
    fs::remove_file(shelf.corpus().join("c.md")).expect("removed");
    assert!(!is_current(&shelf));
    assert_eq!(staleness(&shelf.engine(), &shelf.index_path().into()).expect("a comparison"), 3);
    let report = shelf.index();
    assert_eq!((changes(&report), report.bytes_read), ([1, 1, 1, 0, 1], 33));
    assert!(is_current(&shelf));
    assert_eq!(documents(&shelf.engine()), ["a.md", "b.md", "d.md"]);
    assert_eq!(shelf.answer("guards"), "nowhere: guards\nnothing found\n");
    assert_eq!(shelf.search("altogether").hits.len(), 1);
    is_proved(&shelf);

    fs::rename(shelf.corpus().join("b.md"), shelf.corpus().join("moved.md")).expect("renamed");
    let report = shelf.index();
    assert_eq!(changes(&report), [1, 0, 1, 1, 2]);
    assert_eq!(shelf.search("stayed").hits[0].passage.report.doc_id, "moved.md");
    is_proved(&shelf);

    shelf.write("a.md", &fs::read(shelf.corpus().join("a.md")).expect("a file"));
    let report = shelf.index();
    assert_eq!(changes(&report), [0, 0, 0, 0, 3], "a file that was only touched is unchanged");
    assert!(is_current(&shelf));
    is_proved(&shelf);
}

#[test]
fn an_emptied_folder_empties_the_index() {
    let shelf = Shelf::of(THREE);
    for name in ["a.md", "b.md", "c.md"] {
        fs::remove_file(shelf.corpus().join(name)).expect("removed");
    }
    let report = shelf.index();
    assert_eq!((changes(&report), report.documents, report.passages), ([0, 0, 3, 0, 0], 0, 0));
    assert_eq!(shelf.answer("police"), "nowhere: police\nnothing found\n");
    assert!(is_current(&shelf));
    assert!(!shelf.index().committed);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_costs_nothing_else() {
    let shelf = Shelf::of(THREE);
    shelf.write("b.md", b"%PDF-1.7 a PDF by another name");
    shelf.write("noise.txt", &[0, 1, 2, 3, 0, 5, 6, 14]);
    let report = shelf.index();
    let named: Vec<&str> = report.failed.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named, ["b.md", "noise.txt"]);
    assert!(report.failed[0].1.contains("PDF"), "{:?}", report.failed);
    assert_eq!(report.documents, 2);
    assert_eq!(shelf.search("stayed").hits.len(), 0, "what it said before is gone");
    assert_eq!(shelf.search("police").hits.len(), 1);
    assert!(is_current(&shelf), "a file that cannot be read is not for ever stale");
    let again = shelf.index();
    assert_eq!((again.committed, again.failed), (false, report.failed));
    is_proved(&shelf);
    shelf.write("b.md", b"# B\n\nPolice stayed.\n");
    assert!(!is_current(&shelf));
    let report = shelf.index();
    assert_eq!((report.failed.len(), report.documents), (1, 3));
    assert_eq!(shelf.search("stayed").hits.len(), 1);
    is_proved(&shelf);
}

#[test]
fn what_is_not_read_is_told() {
    let shelf = Shelf::of(THREE);
    shelf.write("map.png", b"\x89PNG");
    shelf.write(".hidden.md", b"# Hidden\n");
    shelf.write(".git/config.md", b"# Hidden\n");
    // What Word and LibreOffice leave beside a report that is open.
    shelf.write("~$draft.docx", b"\x03Ann");
    shelf.write(".~lock.draft.odt#", b",ann,host,;");
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.md"), "# Secret\n\nzebra\n").expect("a file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path(), shelf.corpus().join("out")).expect("a link");
        let secret = outside.path().join("secret.md");
        std::os::unix::fs::symlink(secret, shelf.corpus().join("z.md")).expect("a link");
        let round = shelf.corpus().join("round");
        std::os::unix::fs::symlink(shelf.corpus(), round).expect("a link");
    }
    let report = shelf.index();
    assert_eq!((report.documents, report.failed.len()), (3, 0));
    let skipped: Vec<&str> = report.skipped.iter().map(|(name, _)| name.as_str()).collect();
    assert!(skipped.contains(&"map.png"), "{skipped:?}");
    if cfg!(unix) {
        assert!(["out", "round", "z.md"].iter().all(|link| skipped.contains(link)), "{skipped:?}");
    }
    assert_eq!(shelf.search("zebra").hits.len(), 0);
    assert!(is_current(&shelf));
    assert!(!shelf.index().committed);
}

#[test]
fn another_configuration_reads_everything_again() {
    let shelf = Shelf::of(THREE);
    let before = ids(&shelf, "a.md");
    shelf.write("corpus.toml", b"[[files]]\npattern = \"{letter}.md\"\npublisher = \"Somebody\"\n");
    assert!(!is_current(&shelf));
    let report = shelf.index();
    assert!(report.committed);
    assert_eq!(report.bytes_read, 81, "{report:?}");
    assert_eq!(shelf.search("police letter:a publisher:somebody").hits.len(), 1);
    assert_eq!(ids(&shelf, "a.md"), before);
    assert!(is_current(&shelf));
    assert!(!shelf.index().committed);
    is_proved(&shelf);
    shelf.write("corpus.toml", b"[roles]\nprevention = [\"Prosecution\"]\n");
    assert!(!is_current(&shelf));
    shelf.index();
    assert_eq!(shelf.search("guards role:prevention").hits.len(), 1);
    assert_eq!(shelf.search("guards role:prosecution").hits.len(), 0);
    fs::remove_file(shelf.corpus().join("corpus.toml")).expect("removed");
    assert!(!is_current(&shelf));
    shelf.index();
    assert_eq!(shelf.search("guards role:prosecution").hits.len(), 1);
    is_proved(&shelf);
}

#[test]
fn a_malformed_configuration_says_where() {
    let shelf = Shelf::of(THREE);
    for (text, expected) in [
        ("[[files]\n", &["line 1"][..]),
        ("[roles]\nprosecution = [\"a\",\n\"b\"\nprotection = 3", &["line"]),
        ("[[files]]\ntitle = \"x\"\n", &["`[[files]]`", "`pattern`"]),
        ("[[files]]\npattern = \"{country.md\"\n", &["`{country.md`", "`}`"]),
        ("[[files]]\npattern = \"*.md\"\nsource = { a = 1 }\n", &["`source`", "`*.md`"]),
        ("[[files]]\npattern = 3\n", &["`pattern`"]),
        ("files = \"*.md\"\n", &["`files`"]),
        ("[roles]\nprosecution = { a = 1 }\n", &["`roles.prosecution`"]),
        ("[rolse]\n", &["`rolse`", "`[roles]`"]),
    ] {
        shelf.write("corpus.toml", text.as_bytes());
        let error = index_of(&shelf.corpus(), &shelf.index_path()).expect_err(text);
        assert!(matches!(&error, Error::Config { .. }), "{text}: {error}");
        assert_eq!(error.kind(), ErrorKind::BadRequest);
        let message = error.to_string();
        for part in [&["corpus.toml`"], expected].concat() {
            assert!(message.contains(part), "{text}: no `{part}` in {message}");
        }
        assert_eq!(shelf.search("police").hits.len(), 2, "the last commit is kept");
    }
    shelf.write("corpus.toml", b"\xff\xfe\x00");
    let error = index_of(&shelf.corpus(), &shelf.index_path()).expect_err("not UTF-8");
    assert!(error.to_string().contains("corpus.toml`"), "{error}");
}

#[test]
fn an_index_made_anew_goes_on_counting_generations() {
    let shelf = Shelf::of(THREE);
    let before = ids(&shelf, "a.md");
    for generation in 2..5 {
        let report = index_roots(&[shelf.corpus()], &shelf.index_path(), true);
        assert_eq!((changes(&report), report.bytes_read), ([3, 0, 0, 0, 0], 81));
        assert_eq!(shelf.engine().summary().generation, generation);
        assert_eq!(ids(&shelf, "a.md"), before);
    }
    let folders = fs::read_dir(shelf.index_path()).expect("a folder");
    let folders = folders.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_dir()));
    assert_eq!(folders.count(), 1, "folders of earlier generations are gone");
    shelf.write("a.md", b"# A\n\nNew.\n");
    shelf.index();
    assert_eq!(shelf.engine().summary().generation, 5);
}

#[test]
fn an_index_inside_the_folder_is_not_indexed() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice.\n");
    let inside = shelf.corpus().join("index");
    for round in 0..3 {
        let report = index_of(&shelf.corpus(), &inside).expect("indexing");
        assert_eq!((report.documents, report.failed.len()), (1, 0), "round {round}: {report:?}");
        assert_eq!((report.skipped.len(), report.committed), (0, round == 0));
    }
    let engine = LocalEngine::open(&inside).expect("an index");
    let index = inside.into();
    assert_eq!(staleness(&engine, &index).expect("a comparison"), 0);
    assert!(is_fresh(engine.summary(), &index).expect("a comparison"));
}

#[test]
fn roots_of_the_same_name_share_it() {
    let shelf = Shelf::empty();
    shelf.write("x/reports/one.md", b"# One\n\nPolice.\n");
    shelf.write("x/reports/both.md", b"# Both\n\nGuards of x.\n");
    shelf.write("y/reports/two.md", b"# Two\n\nPolice.\n");
    shelf.write("y/reports/both.md", b"# Both\n\nGuards of y.\n");
    let roots = [shelf.corpus().join("x/reports"), shelf.corpus().join("y/reports")];
    for round in 0..2 {
        let report = index_roots(&roots, &shelf.index_path(), false);
        assert_eq!(report.committed, round == 0);
        assert_eq!(report.failed.len(), 1, "{:?}", report.failed);
        let (name, reason) = &report.failed[0];
        assert!(name.contains("both.md") && reason.contains("same name"), "{name}: {reason}");
        let engine = shelf.engine();
        let listed = engine.documents().expect("documents").iter();
        let (read, not_read): (Vec<_>, Vec<_>) = listed.partition(|listed| listed.is_document());
        let read: Vec<&str> = read.iter().map(|listed| listed.doc_id.as_str()).collect();
        assert_eq!(read, ["reports/both.md", "reports/one.md", "reports/two.md"]);
        assert!(not_read.len() == 1 && not_read[0].lacks().is_some(), "{not_read:?}");
        assert!(is_current(&shelf));
    }
    is_proved(&shelf);
}

#[test]
fn a_single_file_can_be_indexed() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice.\n");
    shelf.write("b.md", b"# B\n\nPolice.\n");
    let file = [shelf.corpus().join("a.md")];
    assert_eq!(index_roots(&file, &shelf.index_path(), false).documents, 1);
    assert_eq!(documents(&shelf.engine()), ["a.md"]);
    assert!(is_current(&shelf));
    shelf.write("a.md", b"# A\n\nPolice came.\n");
    assert!(!is_current(&shelf));
    let both = [shelf.corpus().join("b.md"), shelf.corpus().join("a.md")];
    assert_eq!(index_roots(&both, &shelf.index_path(), false).documents, 2);
    is_proved(&shelf);
}

#[test]
fn ids_outlive_changes_elsewhere() {
    let shelf = Shelf::of(THREE);
    let (a, c) = (ids(&shelf, "a.md"), ids(&shelf, "c.md"));
    shelf.write("b.md", b"# B\n\nQuite other words.\n");
    shelf.write("0.md", b"# Earlier\n\nPolice came.\n");
    shelf.index();
    assert_eq!((ids(&shelf, "a.md"), ids(&shelf, "c.md")), (a.clone(), c.clone()));
    fs::rename(shelf.corpus().join("b.md"), shelf.corpus().join("z.md")).expect("renamed");
    shelf.index();
    assert_eq!((ids(&shelf, "a.md"), ids(&shelf, "c.md")), (a.clone(), c));
    // In the same report, passages whose section and text stay keep their ids.
    shelf.write("a.md", b"# A\nPolice came.\n\n## New\nWords.\n\n## Prosecution\nGuards left.\n");
    shelf.index();
    let now = ids(&shelf, "a.md");
    assert_eq!([&now[0], &now[2]], [&a[0], &a[1]]);
    is_proved(&shelf);
}

#[test]
fn equal_passages_have_ids_of_their_own() {
    let section = "## Part\n\nThe same words.\n\n".repeat(50);
    let shelf = Shelf::of(&format!("--- a.md\n{section}\n--- b.md\n{section}"));
    let mut all = [ids(&shelf, "a.md"), ids(&shelf, "b.md")].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 100);
    is_proved(&shelf);
}

#[test]
fn odd_little_files() {
    let shelf = Shelf::empty();
    let files: [(&str, &[u8], &str); 9] = [
        ("empty.md", b"", ""),
        ("mark.md", b"\xef\xbb\xbf", ""),
        ("mark16.txt", b"\xff\xfe", ""),
        ("blank.txt", b" \n\n\t\r\n", ""),
        ("heading.md", b"# Heading", ""),
        ("line.txt", b"One line without an end", "One line without an end"),
        ("marked.txt", b"\xef\xbb\xbfOne line", "One line"),
        (
            "plain.md",
            b"Without headings.\n\nTwo paragraphs.\n",
            "Without headings.\n\nTwo paragraphs.",
        ),
        ("old.md", b"One\rline\r", "One\nline"),
    ];
    for (name, bytes, _) in files {
        shelf.write(name, bytes);
    }
    let report = shelf.index();
    assert_eq!((report.failed.len(), report.documents), (0, 9), "{:?}", report.failed);
    for (name, _, text) in files {
        let passages = shelf.engine().document(name).expect("a document");
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(texts, [text], "{name}");
        assert_eq!(passages[0].trail.len(), 1, "{name}: {:?}", passages[0].trail);
        assert!(!passages[0].report.title.is_empty());
    }
    assert_eq!(shelf.search("paragraphs").hits.len(), 1);
    is_proved(&shelf);
}

#[test]
fn five_hundred_headings_inside_one_another() {
    let (mut markdown, mut wikitext) = (String::new(), String::new());
    for depth in 1..=500 {
        let (hashes, signs) = ("#".repeat(depth.min(6)), "=".repeat(depth));
        markdown.push_str(&format!("{hashes} Heading h{depth}\n\nWords w{depth}.\n\n"));
        wikitext.push_str(&format!("{signs} Heading h{depth} {signs}\n\nWords w{depth}.\n\n"));
    }
    let shelf = Shelf::empty();
    shelf.write("deep.md", markdown.as_bytes());
    shelf.write("deep.wiki", wikitext.as_bytes());
    shelf.write("quote.md", format!("{}deep\n", "> ".repeat(500)).as_bytes());
    shelf.write(
        "list.md",
        (0..500).fold(String::new(), |text, i| text + &" ".repeat(2 * i) + "- x\n").as_bytes(),
    );
    assert_eq!(shelf.index().failed, Vec::new());
    for doc_id in ["deep.md", "deep.wiki"] {
        for depth in [1, 7, 250, 500] {
            let hits = shelf.search(&format!("w{depth} doc:{doc_id}")).hits;
            assert_eq!(hits.len(), 1, "{doc_id} {depth}");
            let heading = hits[0].passage.trail.last().expect("a heading");
            assert!(heading.contains(&format!("h{depth}")), "{heading}");
        }
    }
    is_proved(&shelf);
}

/// The passages of a one-line file cover its words: in order, with blanks between them only.
fn covers(passages: &[Passage], source: &str) {
    let mut at = 0;
    for passage in passages {
        let bytes = passage.location.bytes.clone().expect("a place");
        assert!(source[at..bytes.start].trim().is_empty(), "bytes {at}..{}", bytes.start);
        assert_eq!(source[bytes.clone()], passage.text);
        assert_eq!(passage.location.lines, Some((1, 1)));
        at = bytes.end;
    }
    assert!(source[at..].trim().is_empty());
}

#[test]
fn one_line_of_fifty_megabytes() {
    const LENGTH: usize = 50_000_000;
    const SENTENCES: [&str; 3] = [
        "Border guards took bribes at the northern gate of the city, it was reported. ",
        "The police of the U.A.E. arrested No. 5 of Art. 125(3)(b) and nobody else! ",
        "In 2007 a court convicted forty traffickers (of whom two fled) in all. ",
    ];
    let mut line = String::with_capacity(LENGTH + 100);
    while line.len() < LENGTH {
        line.push_str(SENTENCES[line.len() % 3]);
    }
    line.push_str("The needle.");
    let shelf = Shelf::empty();
    shelf.write("line.txt", line.as_bytes());
    let report = shelf.index();
    assert_eq!((report.failed.len(), report.documents), (0, 1));
    let hits = shelf.search("needle").hits;
    assert_eq!(hits.len(), 1);
    assert!(hits[0].passage.text.ends_with("The needle."));
    covers(&shelf.engine().document("line.txt").expect("a document"), &line);
}

#[test]
fn one_word_of_megabytes() {
    let shelf = Shelf::empty();
    shelf.write("word.txt", "a".repeat(3_000_000).as_bytes());
    shelf.write("marks.md", "*_[`<".repeat(200_000).as_bytes());
    shelf.write("marks.wiki", "[[{{'''<".repeat(100_000).as_bytes());
    shelf.write("han.txt", "人口贩运".repeat(100_000).as_bytes());
    let report = shelf.index();
    assert_eq!((report.failed.len(), report.documents), (0, 4), "{:?}", report.failed);
    is_proved(&shelf);
}

#[test]
fn a_title_in_the_front_matter_and_the_same_heading_are_one() {
    let text = "---\ntitle: Northland 2020\n---\n# Northland 2020\n\nWords.\n\n## Part\n\nMore.\n";
    let shelf = Shelf::empty();
    shelf.write("a.md", text.as_bytes());
    shelf.index();
    let passages = shelf.engine().document("a.md").expect("a document");
    let trails: Vec<String> = passages.iter().map(|passage| passage.trail.join(" > ")).collect();
    assert_eq!(trails, ["Northland 2020", "Northland 2020 > Part"]);
}
