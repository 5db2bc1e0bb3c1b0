//! The speed of readers beside the bare libraries that parse for them.
//!
//! ```text
//! reading FOLDER...    median milliseconds per megabyte of each reader and each library, as JSON; the
//!                      folders hold reports in Markdown (.md) and wikitext (.txt)
//! ```

#![forbid(unsafe_code)]
// A program of its own: what it measures goes to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::Instant;

use pulldown_cmark::{Options, Parser};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;
use tipsearch::read::{markdown, odt, wikitext, xlsx};

/// Both sides of a ratio are run in turn, so often.
const ROUNDS: usize = 15;

/// So much of a shelf is enough, bytes.
const MOST: usize = 8 << 20;

/// Paragraphs and rows of the office documents: 3 MB of XML and more.
const PARAGRAPHS: usize = 12_000;

fn main() {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    if folders.is_empty() {
        return eprintln!("usage: reading FOLDER...; `benches/run.sh` calls it");
    }
    let (mut markdowns, mut wikitexts) = (Vec::new(), Vec::new());
    for folder in &folders {
        collect(Path::new(folder), "md", &mut markdowns);
        collect(Path::new(folder), "txt", &mut wikitexts);
    }
    let body = odt_body();
    let document = package(&[("content.xml", &body)]);
    let sheet = sheet();
    let workbook = workbook(&sheet);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let (markdown, cmark) = pair(
        &|| markdowns.iter().for_each(|text| drop(black_box(markdown::read("a.md", text)))),
        &|| {
            for text in &markdowns {
                black_box(Parser::new_ext(text, options).into_offset_iter().count());
            }
        },
    );
    let (wiki, _) = pair(
        &|| wikitexts.iter().for_each(|text| drop(black_box(wikitext::read("a.wiki", text)))),
        &|| {},
    );
    let (odt, odt_xml) = pair(&|| drop(black_box(odt::read("a.odt", &document))), &|| parse(&body));
    let (xlsx, xlsx_xml) =
        pair(&|| drop(black_box(xlsx::read("a.xlsx", &workbook))), &|| parse(&sheet));
    let per_mb = |ms: f64, length: usize| ms / (length.max(1) as f64 / 1e6);
    let sizes = [&markdowns, &wikitexts].map(|texts| texts.iter().map(String::len).sum::<usize>());
    println!(
        "{}",
        json!({
            "markdown": [per_mb(markdown, sizes[0]), per_mb(cmark, sizes[0])],
            "wikitext": [per_mb(wiki, sizes[1])],
            "odt": [per_mb(odt, body.len()), per_mb(odt_xml, body.len())],
            "xlsx": [per_mb(xlsx, sheet.len()), per_mb(xlsx_xml, sheet.len())],
        })
    );
}

/// The texts of a folder whose names end so, up to a size.
fn collect(folder: &Path, ending: &str, texts: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, ending, texts);
        } else if path.extension().is_some_and(|end| end == ending)
            && texts.iter().map(String::len).sum::<usize>() < MOST
        {
            texts.extend(fs::read_to_string(&path));
        }
    }
}

/// The median times of two pieces of work that are done in turn, milliseconds.
fn pair(ours: &dyn Fn(), other: &dyn Fn()) -> (f64, f64) {
    let clocked = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e3
    };
    let (mut left, mut right): (Vec<f64>, Vec<f64>) =
        (0..ROUNDS).map(|_| (clocked(ours), clocked(other))).unzip();
    (median(&mut left), median(&mut right))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What the bare library does with XML.
fn parse(text: &str) {
    let mut reader = Reader::from_str(text);
    while let Ok(event) = reader.read_event() {
        if matches!(black_box(event), Event::Eof) {
            return;
        }
    }
}

/// Headings, paragraphs with spans, and tables.
fn odt_body() -> String {
    let mut body = "<office:document-content><office:body><office:text>".to_owned();
    for number in 0..PARAGRAPHS {
        let _ = match number % 10 {
            0 => write!(
                body,
                r#"<text:h text:style-name="H" text:outline-level="2">Part {number}</text:h>"#
            ),
            1 => write!(
                body,
                r#"<table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><text:p text:style-name="P1">Country {number}</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p text:style-name="P1">Cases</text:p></table:table-cell></table:table-row></table:table>"#
            ),
            _ => write!(
                body,
                r#"<text:p text:style-name="P{}">The government <text:span text:style-name="T1">convicted</text:span> {number} traffickers<text:s/>under article 125(3)(b) of its penal code, and <text:span text:style-name="T2">border guards</text:span> were among them.</text:p>"#,
                number % 7
            ),
        };
    }
    body + "</office:text></office:body></office:document-content>"
}

/// Rows of words and numbers.
fn sheet() -> String {
    let mut rows = "<worksheet><sheetData>".to_owned();
    for number in 1..=PARAGRAPHS {
        let _ = write!(
            rows,
            r#"<row r="{number}" spans="1:5"><c r="A{number}" t="s"><v>{}</v></c><c r="B{number}" t="inlineStr"><is><t>border guards of {number}</t></is></c><c r="C{number}"><v>{number}.5</v></c><c r="D{number}" s="1"><v>0.30000000000000004</v></c><c r="E{number}" t="s"><v>2</v></c></row>"#,
            number % 3
        );
    }
    rows + "</sheetData></worksheet>"
}

fn workbook(sheet: &str) -> Vec<u8> {
    let relations = r#"<Relationships><Relationship Id="rId1" Type="http://a/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://a/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    package(&[
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>"#,
        ),
        ("xl/_rels/workbook.xml.rels", relations),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>Country</t></si><si><t>Kazakhstan</t></si><si><t>Year</t></si></sst>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn package(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in members {
        if archive.start_file(*name, stored).is_ok() {
            let _ = archive.write_all(content.as_bytes());
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}
