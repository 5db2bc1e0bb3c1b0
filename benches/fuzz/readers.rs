//! The readers, each as a function of bytes that says what is wrong with what it made of them.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tipsearch::document::{Document, Grain};
use tipsearch::error::Error;
use tipsearch::passage::{PassageSize, cut};
use tipsearch::query::{Fields, Query};
use tipsearch::read::corpus::Corpus;
use tipsearch::read::csv;
use tipsearch::read::format::HEAD;
use tipsearch::read::source::Source;
use tipsearch::read::{Input, Record, read, records};

use crate::dictionaries::*;
use crate::places::{Meaning, checked_places};
use crate::samples::template;

/// A reader under test.
pub struct Reader {
    pub name: &'static str,
    /// What its inputs are made of.
    pub tokens: [&'static [&'static str]; 2],
    /// Folders of samples under `TIPSEARCH_SHARED`, and the endings of their names.
    pub samples: &'static [(&'static str, &'static str)],
    /// Whether its inputs are bytes, and not text.
    pub is_binary: bool,
    /// The number that a sign of what the reader made of an input is, so that new ones are seen; or
    /// what is wrong.
    pub check: fn(&[u8]) -> Result<u64, String>,
}

const fn text(
    name: &'static str,
    tokens: &'static [&'static str],
    samples: &'static [(&'static str, &'static str)],
    check: fn(&[u8]) -> Result<u64, String>,
) -> Reader {
    Reader { name, tokens: [tokens, &[]], samples, is_binary: false, check }
}

const fn binary(
    name: &'static str,
    tokens: &'static [&'static str],
    samples: &'static [(&'static str, &'static str)],
    check: fn(&[u8]) -> Result<u64, String>,
) -> Reader {
    Reader { name, tokens: [tokens, &[]], samples, is_binary: true, check }
}

/// A reader of packages: zip archives of XML.
const fn package(
    name: &'static str,
    tokens: &'static [&'static str],
    samples: &'static [(&'static str, &'static str)],
    check: fn(&[u8]) -> Result<u64, String>,
) -> Reader {
    Reader { tokens: [tokens, PACKAGE], ..binary(name, tokens, samples, check) }
}

/// All readers.
pub const READERS: &[Reader] = &[
    text("markdown", MARKDOWN, &[("formats", "md"), ("report", "md")], |b| {
        one("a.md", b, Meaning::Known)
    }),
    text("wikitext", WIKITEXT, &[("formats/wikitext", "txt")], |b| {
        one("a.wiki", b, Meaning::Known)
    }),
    text("plain", PLAIN, &[("report", "md"), ("formats/wikitext", "txt")], |b| {
        one("a.txt", b, Meaning::Known)
    }),
    text("html", HTML, &[("formats/html", "html")], |b| one("a.html", b, Meaning::Open)),
    text("rtf", RTF, &[("formats/rtf", "rtf")], |b| one("a.rtf", b, Meaning::Open)),
    text("rst", RST, &[("formats/rst", "rst")], |b| one("a.rst", b, Meaning::Open)),
    text("asciidoc", ASCIIDOC, &[("formats/asciidoc", "adoc")], |b| {
        one("a.adoc", b, Meaning::Open)
    }),
    text("org", ORG, &[("formats/org", "org")], |b| one("a.org", b, Meaning::Open)),
    text("latex", LATEX, &[("formats/latex", "tex")], |b| one("a.tex", b, Meaning::Open)),
    text("typst", TYPST, &[("formats/typst", "typ")], |b| one("a.typ", b, Meaning::Open)),
    text("csv", CSV, &[("formats", "csv")], |b| one("a.csv", b, Meaning::Made)),
    text("jsonl", JSONL, &[("collections", "jsonl")], |b| many("a.jsonl", b)),
    text("mail", MAIL, &[("formats/email", "eml")], |b| many("a.eml", b)),
    text("mbox", MAIL, &[("formats/email", "eml")], |b| many("a.mbox", &boxed(b))),
    text("dump", DUMP, &[("formats/mediawiki-xml", "xml")], |b| many("a.xml", &dumped(b))),
    text("front-matter", FRONT_MATTER, &[], |b| one("a.md", &fronted(b), Meaning::Known)),
    text("corpus.toml", CORPUS, &[], configuration),
    text("query", QUERY, &[], query),
    binary("encodings", PLAIN, &[("formats/encodings", "txt")], |b| {
        one("a.txt", b, Meaning::Known)
    }),
    binary("pdf", PDF, &[("formats/pdf-broken", "pdf"), ("formats/pdf", "pdf")], |b| {
        many("a.pdf", b)
    }),
    package("docx", DOCX, &[("formats/docx", "docx")], |b| many("a.docx", &packed("docx", b))),
    package("odt", ODT, &[("formats/odt", "odt")], |b| many("a.odt", &packed("odt", b))),
    package("pptx", PPTX, &[("formats/pptx", "pptx")], |b| many("a.pptx", &packed("pptx", b))),
    package("xlsx", XLSX, &[("formats/xlsx", "xlsx")], |b| many("a.xlsx", &packed("xlsx", b))),
    package("epub", EPUB, &[("formats/epub", "epub")], |b| many("a.epub", &packed("epub", b))),
    binary("zip", ZIP, &[], |b| many("a.zip", &packed("zip", b))),
    binary("tar", ZIP, &[], |b| many("a.tar", b)),
    binary("gzip", ZIP, &[], |b| many("a.txt.gz", b)),
    binary("bzip2", ZIP, &[], |b| many("a.txt.bz2", b)),
    binary("xz", ZIP, &[], |b| many("a.txt.xz", b)),
    binary("zstd", ZIP, &[], |b| many("a.txt.zst", b)),
];

/// A corpus that says the language: guessing it takes longer than reading so little text.
static CORPUS_IN_ENGLISH: LazyLock<Corpus> = LazyLock::new(|| {
    let text = "[[files]]\npattern = \"*\"\nlang = \"en\"\n";
    Corpus::parse(text, Path::new("corpus.toml")).unwrap_or_default()
});

/// Reads a file that is one document, by the door that every file comes through.
fn one(name: &str, bytes: &[u8], meaning: Meaning) -> Result<u64, String> {
    let document = match read(name, bytes, &CORPUS_IN_ENGLISH) {
        Ok(document) => document,
        Err(reason) => return Ok(hash(&reason)),
    };
    // A law costs more than linear time in the number of passages; so do not what is measured for time.
    if bytes.len() <= LONGEST_PROVED {
        proving(|| {
            let source = Source::decode(bytes);
            // Whatever its name, rows of values have the names of their columns again.
            let is_table = csv::is_table(&source.text);
            let meaning = if is_table { Meaning::Made } else { meaning };
            sound(&document)?;
            checked_places(&document, &source, bytes, meaning).map_err(|fault| fault.to_string())
        })?;
    }
    Ok(sign(&document))
}

thread_local! {
    /// The time that went into proofs of one input, which is not the reader's.
    pub static PROVING: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Proves something, and counts the time that it takes.
fn proving<T>(prove: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let proved = prove();
    PROVING.set(PROVING.get() + start.elapsed());
    proved
}

/// Longer inputs are read, and not proved.
const LONGEST_PROVED: usize = 6000;

/// Reads a file that may hold many documents.
fn many(name: &str, bytes: &[u8]) -> Result<u64, String> {
    let (head, rest) = bytes.split_at(bytes.len().min(HEAD));
    let input = Input::with_head(head.to_vec(), rest);
    let (mut signs, mut fault, mut count) = (0u64, None, 0);
    let mut each = |record: Record<'_>| {
        count += 1;
        match record {
            Record::Document(document, source) => {
                signs ^= sign(&document).rotate_left(count.min(8));
                let result = proving(|| sound(&document).and_then(|()| within(&document, source)));
                fault = fault.take().or(result.err());
            }
            Record::Failed(_, reason) | Record::PassedOver(_, reason) => {
                signs ^= hash(&reason).rotate_left(count.min(8));
            }
        }
        ControlFlow::Continue(())
    };
    let outcome = records(name, input, &CORPUS_IN_ENGLISH, &mut each);
    fault.map_or(Ok(signs ^ hash(&format!("{outcome:?}"))), Err)
}

/// What holds for every document: it is a tree, and its passages tile its text.
fn sound(document: &Document) -> Result<(), String> {
    if let Some(fault) = document.fault() {
        return Err(fault.to_owned());
    }
    let mut end = 0;
    for cut in cut(document, PassageSize { target: 60, max: 90 }) {
        let between = document.text.get(end..cut.range.start);
        if between.is_none_or(|between| !between.trim().is_empty()) {
            return Err(format!("passages do not tile the text at {:?}", cut.range));
        }
        end = cut.range.end;
    }
    match document.text.get(end..).is_some_and(|rest| rest.trim().is_empty()) {
        true => Ok(()),
        false => Err("text is in no passage".to_owned()),
    }
}

/// Places of a record lie in its source, and what is verbatim stands there.
fn within(document: &Document, source: &[u8]) -> Result<(), String> {
    for run in &document.map.runs {
        let found = source.get(run.source..run.source + run.source_len);
        let text = document.text.get(run.text..run.text + run.text_len);
        let (Some(found), Some(text)) = (found, text) else {
            return Err(format!("{run:?} is outside of {} bytes", source.len()));
        };
        if run.grain == Grain::Verbatim && found != text.as_bytes() {
            return Err(format!("{run:?}: {text:?} is not {:?}", String::from_utf8_lossy(found)));
        }
    }
    Ok(())
}

/// A number that is another one where a document is of another shape.
fn sign(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    for block in document.blocks.iter().take(6) {
        (block.kind, block.tight, block.section.min(3)).hash(&mut hasher);
    }
    let depth = document.sections.iter().map(|section| section.depth).max();
    (document.sections.len().min(6), depth.map(|depth| depth.min(5))).hash(&mut hasher);
    for warning in document.warnings.iter().take(4) {
        hash(&warning.message).hash(&mut hasher);
    }
    let whole = document.map.runs.iter().filter(|run| run.grain == Grain::Whole).count();
    (whole.min(3), document.map.runs.len().min(5)).hash(&mut hasher);
    document.metadata.len().min(8).hash(&mut hasher);
    hasher.finish()
}

/// The hash of a message without its numbers and names.
fn hash(message: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let letters = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    for word in message.split(' ').filter(letters).take(12) {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

/// What follows the sign of a separator.
fn boxed(bytes: &[u8]) -> Vec<u8> {
    [b"From a@example.org Sat Jan  3 01:05:34 1996\n", bytes].concat()
}

/// A page of a dump.
fn dumped(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(b"<mediawiki") {
        return bytes.to_vec();
    }
    let start = "<mediawiki><page><title>A</title><ns>0</ns><revision><text>";
    [start.as_bytes(), bytes, b"</text></revision></page></mediawiki>"].concat()
}

/// Front matter, of the kind that the first byte says.
fn fronted(bytes: &[u8]) -> Vec<u8> {
    let fence: &[u8] = if bytes.len().is_multiple_of(2) { b"---\n" } else { b"+++\n" };
    [fence, bytes, b"\n", fence, b"# Head\n\nText.\n"].concat()
}

fn configuration(bytes: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(bytes);
    match Corpus::parse(&text, Path::new("corpus.toml")) {
        Ok(corpus) => {
            let read = read("a/Kazakhstan_2008.md", b"# Prosecution\n\nText.\n", &corpus);
            let document = read.map_err(|reason| format!("a report is refused: {reason}"))?;
            sound(&document).map(|()| sign(&document))
        }
        Err(error) => Ok(hash(&error.to_string())),
    }
}

/// What a query is printed as is a query again, or too large for one.
fn query(bytes: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(bytes);
    let fields = Fields { metadata: vec!["country".to_owned(), "source".to_owned()] };
    let query = match Query::parse(&text, &fields) {
        Ok(query) => query,
        Err(error) => return Ok(hash(&error.to_string())),
    };
    match Query::parse(&query.to_string(), &fields) {
        Ok(_) | Err(Error::Query { .. } | Error::QueryTooLarge { .. }) => {}
        Err(error) => return Err(error.to_string()),
    }
    let mut hasher = DefaultHasher::new();
    query.clause.visit(&mut |clause| std::mem::discriminant(clause).hash(&mut hasher));
    Ok(hasher.finish())
}

/// Begins a member in the written form of a package: `=== name`, then its content.
pub const MEMBER: &str = "=== ";

/// A package from its written form. What is one already is left as it is, and what has not this form
/// is a piece of the main part.
pub fn packed(format: &str, bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(b"PK") {
        return bytes.to_vec();
    }
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if !text.starts_with(MEMBER)
        && let Some((template, mark)) = template(format)
        && let Some(at) = template.find(mark)
    {
        text.insert_str(0, &template[..at + mark.len()]);
        text.push_str(&template[at + mark.len()..]);
    }
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for member in text.strip_prefix(MEMBER).unwrap_or(&text).split("\n=== ") {
        let (name, content) = member.split_once('\n').unwrap_or((member, ""));
        let name = &name[..name.floor_char_boundary(LONGEST_NAME)];
        // A name that comes again is not written.
        if archive.start_file(name, stored).is_ok() {
            let _ = archive.write_all(content.as_bytes());
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// Longer names cannot be written in every archive, bytes.
const LONGEST_NAME: usize = 200;
