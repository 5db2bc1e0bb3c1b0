//! Pages that are pictures: drawn by the child, recognized by tesseract or by what stands in for it here.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use tipsearch::document::Document;
use tipsearch::index::{IndexRequest, index};
use tipsearch::read::Record;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::guard::{Guard, Worker};

use crate::cli::{Ran, program, ran};
#[cfg(target_os = "linux")]
use crate::guard::SMALL;
use crate::support::{Shelf, guard, shared};

/// Letters of five by seven, the rows of each from the top.
const LETTERS: [(char, [u8; 7]); 13] = [
    ('A', [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11]),
    ('B', [0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e]),
    ('C', [0x0f, 0x10, 0x10, 0x10, 0x10, 0x10, 0x0f]),
    ('D', [0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e]),
    ('E', [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f]),
    ('H', [0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11]),
    ('I', [0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e]),
    ('L', [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f]),
    ('N', [0x11, 0x19, 0x19, 0x15, 0x13, 0x13, 0x11]),
    ('O', [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e]),
    ('R', [0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11]),
    ('S', [0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e]),
    ('T', [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04]),
];
/// A point of a letter is a square of so many pixels.
const SCALE: usize = 5;

/// A picture of lines of letters: its width, its height, and its bits, of which 0 is black.
fn picture(lines: &[&str]) -> (usize, usize, Vec<u8>) {
    let longest = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    let (width, height) = ((longest * 6 + 12) * SCALE, (lines.len() * 12 + 12) * SCALE);
    let is_black = |x: usize, y: usize| {
        let (x, y) = ((x / SCALE).checked_sub(6)?, (y / SCALE).checked_sub(6)?);
        let letter = lines.get(y / 12)?.chars().nth(x / 6)?;
        let (_, rows) = LETTERS.iter().find(|(known, _)| *known == letter)?;
        Some(x % 6 < 5 && rows.get(y % 12)? >> (4 - x % 6) & 1 == 1)
    };
    // Strokes are bolder than their distance is wide.
    let is_drawn = |x: usize, y: usize| {
        is_black(x, y) == Some(true) || is_black(x.saturating_sub(2), y) == Some(true)
    };
    let mut bits = vec![0; width.div_ceil(8) * height];
    for (y, row) in bits.chunks_mut(width.div_ceil(8)).enumerate() {
        for x in (0..width).filter(|&x| !is_drawn(x, y)) {
            row[x / 8] |= 0x80 >> (x % 8);
        }
    }
    (width, height, bits)
}

/// A PDF with a page for each of these pictures, which is drawn by this matrix.
fn scan(pictures: &[(&[&str], &str)]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec()];
    let kids: Vec<String> =
        (0..pictures.len()).map(|page| format!("{} 0 R", 3 + 3 * page)).collect();
    objects.push(
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), pictures.len()).into_bytes(),
    );
    for (page, (lines, matrix)) in pictures.iter().enumerate() {
        let (content, image) = (4 + 3 * page, 5 + 3 * page);
        let (width, height, bits) = picture(lines);
        objects.push(
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {content} 0 R/Resources<</XObject<</I {image} 0 R>>>>>>")
                .into_bytes(),
        );
        let draw = format!("q {matrix} cm /I Do Q");
        objects.push(format!("<</Length {}>>stream\n{draw}\nendstream", draw.len()).into_bytes());
        let mut object = format!(
            "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 1/ColorSpace/DeviceGray/Length {}>>stream\n",
            bits.len()
        )
        .into_bytes();
        object.extend(bits);
        object.extend(b"\nendstream");
        objects.push(object);
    }
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let (start, size) = (out.len(), objects.len() + 1);
    out.extend(
        format!("{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF")
            .into_bytes(),
    );
    out
}

/// Over most of the page, upright.
const UPRIGHT: &str = "500 0 0 110 50 500";

/// A scan of two pages.
fn two_pages() -> Vec<u8> {
    scan(&[(&["THE SHERIFF CALLED", "THE CHILDREN"], UPRIGHT), (&["THREE CARDS"], UPRIGHT)])
}

/// A program that stands in for tesseract: it takes the picture and answers with this table, in which
/// `|` parts the cells.
#[cfg(unix)]
fn stand_in(shelf: &Shelf, rows: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = shelf.folder.path().join("tesseract");
    let table = rows.trim().replace('|', "\t").replace("            ", "");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = --list-langs ]; then printf 'Languages (2):\\neng\\nrus\\n'; exit; fi\n\
         head -c 20 | head -n 1 >> '{0}.seen'; cat > /dev/null\ncat <<'END'\n{table}\nEND\n",
        path.display()
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Two lines of one paragraph, of which one word is a speck, and another paragraph.
const TABLE: &str = "
    1|1|0|0|0|0|0|0|2500|3334|-1|
    5|1|1|1|1|1|300|1000|300|50|90.5|Guards
    5|1|1|1|1|2|640|1000|300|50|95|took
    5|1|1|1|2|1|300|1080|300|50|91|bribes.
    5|1|1|1|2|2|900|1080|10|50|3|~
    5|1|1|2|1|1|300|1400|300|50|85|Elsewhere
    5|1|1|2|1|2|640|1400|300|50|85|also.
";

fn table(rows: &str) -> String {
    rows.trim().lines().map(|line| line.trim().to_owned() + "\n").collect()
}

/// Reads a file with this program as tesseract.
fn read(bytes: &[u8], tesseract: &Path, guard: Guard) -> Document {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.pdf");
    fs::write(&path, bytes).unwrap();
    let mut corpus = Corpus::parse("[read]\nocr = true", Path::new("corpus.toml")).unwrap();
    corpus.keep_all = false;
    let mut worker = Worker::new(&Guard { tesseract: tesseract.to_owned(), ..guard });
    let mut found = None;
    let mut each = |record: Record<'_>| {
        if let Record::Document(document, _) = record {
            found = Some(*document);
        }
        ControlFlow::Continue(())
    };
    worker.read("scan.pdf", &path, &corpus, false, &mut each).unwrap();
    found.unwrap()
}

fn blocks(document: &Document) -> Vec<(&str, Option<(usize, usize)>)> {
    let each = document.blocks.iter();
    each.map(|block| {
        (&document.text[block.range.clone()], document.locate(block.range.clone()).pages)
    })
    .collect()
}

fn warnings(document: &Document) -> Vec<&str> {
    document.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

#[cfg(unix)]
#[test]
fn words_become_paragraphs_of_their_page_and_tell_how_sure_they_are() {
    let shelf = Shelf::empty();
    let tesseract = stand_in(&shelf, &table(TABLE));
    // In a child, which asks, and in this process.
    for guard in [guard(), Guard::default()] {
        let document = read(&two_pages(), &tesseract, guard);
        let expected = ["Guards took bribes.", "Elsewhere also."];
        let expected: Vec<_> = [1, 2]
            .iter()
            .flat_map(|&page| expected.map(|text| (text, Some((page, page)))))
            .collect();
        assert_eq!(blocks(&document), expected);
        assert_eq!(document.metadata["ocr"], ["tesseract, mean confidence 89"]);
        assert_eq!(warnings(&document), [""; 0]);
    }
    let seen = fs::read_to_string(shelf.folder.path().join("tesseract.seen")).unwrap();
    assert_eq!(seen, "P5\n".repeat(4), "a plain map of greys for each page");
}

/// A text too large for the memory of the child, and scans after it. Where words are recognized the child holds
/// all of the archive.
#[cfg(target_os = "linux")]
#[test]
fn scans_after_a_member_that_ended_the_child_are_recognized() {
    let shelf = Shelf::empty();
    let tesseract = stand_in(&shelf, &table(TABLE));
    let mut builder = tar::Builder::new(Vec::new());
    let (pages, large) = (two_pages(), vec![b'a'; SMALL.1]);
    for (name, content) in [("large.txt", &large), ("a.pdf", &pages), ("b.pdf", &pages)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    shelf.write("all.tar", &builder.into_inner().unwrap());
    let corpus = Corpus::parse("[read]\nocr = true", Path::new("corpus.toml")).unwrap();
    let mut worker = Worker::new(&Guard { tesseract, memory: SMALL.0, ..guard() });
    let mut records = Vec::new();
    let mut each = |record: Record<'_>| {
        records.push(match record {
            Record::Document(document, _) => format!("{}: {}", document.id, document.text),
            Record::Failed(id, reason) => format!("{id} failed: {reason}"),
            Record::PassedOver(id, what) => format!("{id} is {what}"),
        });
        ControlFlow::Continue(())
    };
    let path = shelf.corpus().join("all.tar");
    worker.read("all.tar", &path, &corpus, false, &mut each).unwrap();
    let text = ["Guards took bribes.\n\nElsewhere also."; 2].join("\n\n");
    let expected = [
        "all.tar#large.txt failed: reading it takes more than 260 MiB of memory".to_owned(),
        format!("all.tar#a.pdf: {text}"),
        format!("all.tar#b.pdf: {text}"),
    ];
    assert_eq!(records, expected);
}

#[cfg(unix)]
#[test]
fn what_is_recognized_badly_is_said_to_be() {
    let shelf = Shelf::empty();
    let words =
        (1..9).map(|word| format!("5|1|1|1|1|{word}|{}|1000|200|50|41|gibberish", word * 220));
    let tesseract = stand_in(&shelf, &words.collect::<Vec<_>>().join("\n"));
    let document = read(&scan(&[(&["LEARN"], UPRIGHT)]), &tesseract, guard());
    let expected = ["page 1 has words recognized with low confidence: they may be wrong"];
    assert_eq!(warnings(&document), expected);
    // It was tried in four ways.
    let seen = fs::read_to_string(shelf.folder.path().join("tesseract.seen")).unwrap();
    assert_eq!(seen.lines().count(), 4);
}

#[cfg(unix)]
#[test]
fn tesseract_that_is_absent_fails_or_says_nothing_costs_the_text_only() {
    let shelf = Shelf::empty();
    let none = "pages 1-2 have no text: they may be scanned";
    for guard in [guard(), Guard::default()] {
        let document = read(&two_pages(), Path::new("no/such/tesseract"), guard);
        let why = "pages could not be recognized: tesseract is not installed";
        assert_eq!((document.text.as_str(), warnings(&document)), ("", vec![none, why]));
    }
    let path = stand_in(&shelf, "");
    assert_eq!(warnings(&read(&two_pages(), &path, guard())), [none]);
    fs::write(&path, "#!/bin/sh\nexit 3\n").unwrap();
    let why = "pages could not be recognized: tesseract failed on it";
    assert_eq!(warnings(&read(&two_pages(), &path, guard())), [none, why]);
}

/// Indexes a shelf with this program as tesseract: how many passages there are, and whether any were made.
#[cfg(unix)]
fn indexed(shelf: &Shelf, tesseract: &Path, ocr: bool, force: bool) -> Result<(u64, bool), String> {
    let request = IndexRequest {
        ocr: ocr.then(|| "eng".to_owned()),
        force,
        guard: Guard { tesseract: tesseract.to_owned(), ..guard() },
        ..IndexRequest::new(vec![shelf.corpus()], shelf.index_path())
    };
    let report = index(&request, &std::sync::atomic::AtomicBool::new(false), &|_, _| {});
    report.map(|report| (report.passages, report.committed)).map_err(|error| error.to_string())
}

#[cfg(unix)]
#[test]
fn an_index_is_made_anew_with_recognized_words_and_goes_on_so() {
    let shelf = Shelf::empty();
    shelf.write("scan.pdf", &two_pages());
    shelf.write("a.md", b"# A\n\nText.\n");
    let (there, absent) = (stand_in(&shelf, &table(TABLE)), Path::new("no/such/tesseract"));
    let without = indexed(&shelf, absent, false, false).unwrap().0;
    let refusal = indexed(&shelf, absent, true, false).unwrap_err();
    assert_eq!(refusal, "pages that are pictures cannot be read: tesseract is not installed");
    assert_eq!(indexed(&shelf, absent, false, false), Ok((without, false)), "nothing was changed");
    assert!(indexed(&shelf, &there, true, false).unwrap().1);
    assert_eq!(shelf.search("bribes").hits[0].passage.location.pages, Some((1, 2)));
    assert!(!indexed(&shelf, &there, true, false).unwrap().1);
    // The next run is not told again; what need not be read needs no tesseract.
    assert!(!indexed(&shelf, absent, false, false).unwrap().1);
    shelf.write("b.md", b"# B\n\nText.\n");
    assert!(indexed(&shelf, &there, false, false).unwrap().1);
    assert_eq!(shelf.search("bribes").hits.len(), 1);
    let with = Guard { tesseract: there.clone(), ..guard() };
    let examination = tipsearch::examine::examine(&shelf.engine(), &with).unwrap();
    assert_eq!((examination.faults, examination.located), (vec![], examination.passages));
    indexed(&shelf, absent, false, true).unwrap();
    assert_eq!(shelf.search("bribes").hits.len(), 0, "begun anew without");
}

#[cfg(unix)]
#[test]
fn what_follows_a_scan_in_an_archive_is_read_too() {
    let shelf = Shelf::empty();
    let tesseract = stand_in(&shelf, &table(TABLE));
    let mut archive = tar::Builder::new(Vec::new());
    // More follows than the way to the child holds.
    let text = "# Long\n\nA line of text that says nothing.\n".repeat(50_000);
    let members = [("a.pdf", two_pages()), ("long.md", text.into_bytes()), ("z.pdf", two_pages())];
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    shelf.write("all.tar", &archive.into_inner().unwrap());
    indexed(&shelf, &tesseract, true, false).unwrap();
    let found = shelf.search("bribes").hits;
    let mut ids: Vec<&str> = found.iter().map(|hit| hit.passage.report.doc_id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["all.tar#a.pdf", "all.tar#z.pdf"]);
    assert!(!shelf.search("\"says nothing\"").hits.is_empty());
}

#[test]
fn the_program_says_what_is_missing() {
    let shelf = Shelf::empty();
    shelf.write("scan.pdf", &two_pages());
    let run = |arguments: &[&str]| -> Ran {
        // Nowhere to find tesseract.
        ran(program(shelf.folder.path()).env("PATH", shelf.corpus()).args(arguments))
    };
    let file = shelf.corpus().join("scan.pdf").display().to_string();
    let why = "pages that are pictures cannot be read: tesseract is not installed";
    for arguments in
        [["show", &file, "--ocr"], ["outline", &file, "--ocr=rus"], ["index", "corpus", "--ocr"]]
    {
        let Ran { code, out, err } = run(&arguments);
        assert!(code == 2 && out.is_empty() && err.contains(why), "{code} {out} {err}");
        assert!(err.contains("tesseract-ocr"), "how to get it: {err}");
    }
    assert_eq!(run(&["show", &file]).code, 0);
}

/// Whether tesseract is here; else says that a test skips.
fn has_tesseract() -> bool {
    let is_there = Command::new("tesseract").arg("--list-langs").output().is_ok();
    if !is_there {
        eprintln!("skipped: tesseract is not installed");
    }
    is_there
}

#[test]
fn tesseract_reads_pages_whichever_way_they_lie() {
    if !has_tesseract() {
        return;
    }
    let pages: [&[&str]; 2] = [
        &["THE CHILDREN TOLD THE TRIBE", "THE OLD SOLDIERS STORIES"],
        &["THE CIDER IS IN THE BARREL", "NO ONE DARES TO ORDER IT"],
    ];
    let matrices = [UPRIGHT, "0 500 -110 0 400 100"];
    let pictures: Vec<_> = pages.into_iter().zip(matrices).collect();
    let document = read(&scan(&pictures), Path::new("tesseract"), guard());
    for (page, lines) in (1..).zip(pages) {
        let is_on = |pages: Option<(usize, usize)>| {
            pages.is_some_and(|(first, last)| (first..=last).contains(&page))
        };
        let blocks = blocks(&document).into_iter().filter(|(_, pages)| is_on(*pages));
        let headings = (0..document.sections.len())
            .filter(|&section| is_on(document.locate_heading(section).pages))
            .map(|section| document.sections[section].heading.as_str());
        let text: Vec<&str> = blocks.map(|(text, _)| text).chain(headings).collect();
        let words: Vec<&str> = text.iter().flat_map(|text| text.split_whitespace()).collect();
        let expected = lines.iter().flat_map(|line| line.split(' '));
        let (count, found) = expected.fold((0, 0), |(count, found), word| {
            (count + 1, found + usize::from(words.contains(&word)))
        });
        assert!(found * 5 >= count * 4, "page {page}: {found} of {count} in {words:?}");
    }
    assert!(document.metadata["ocr"][0].starts_with("tesseract, mean confidence "));
}

#[test]
fn scanned_samples_are_read() {
    let Some(sample) = shared("formats/pdf/cardinal.pdf").filter(|_| has_tesseract()) else {
        return;
    };
    let document = read(&fs::read(sample).unwrap(), Path::new("tesseract"), guard());
    for page in 1..=4 {
        let on_page = |(_, pages): &&(&str, Option<(usize, usize)>)| *pages == Some((page, page));
        let blocks = blocks(&document);
        let text: Vec<&str> = blocks.iter().filter(on_page).map(|(text, _)| *text).collect();
        let sentence = "To erase a wrong note, simply hold ERASE and press the note to be erased";
        assert!(text.iter().any(|text| text.contains(sentence)), "page {page}: {text:?}");
    }
    let headings = document.sections.iter().filter(|section| section.heading == "Creating a Song");
    assert_eq!(headings.count(), 4);
}
