//! Readers: markup.

use std::fmt::Write;
use std::time::{Duration, Instant};

use expect_test::expect;
use tipsearch::document::{Document, Grain};
use tipsearch::read::corpus::Corpus;
use tipsearch::read::jsonl::{Mapping, Record, records};
use tipsearch::read::read;

use super::{check, outline};

/// What holds of every document: runs that are verbatim equal their source, all lie inside of it and
/// in the order of the text, and blocks do not overlap.
fn lawful(source: &str, document: &Document) {
    let mut end = 0;
    for run in &document.map.runs {
        assert!(run.text >= end, "{run:?}");
        end = run.text + run.text_len;
        let place = source.get(run.source..run.source + run.source_len);
        let text = &document.text[run.text..end];
        match run.grain {
            Grain::Verbatim => assert_eq!(place, Some(text)),
            _ => assert!(place.is_some(), "{run:?}"),
        }
    }
    let mut end = 0;
    for block in &document.blocks {
        let between = &document.text[end..block.range.start];
        assert!(between.chars().all(char::is_whitespace), "{between:?}");
        let text = &document.text[block.range.clone()];
        assert!(!text.is_empty() && text.trim() == text, "{text:?}");
        end = block.range.end;
    }
    for section in document.sections.iter().filter_map(|section| section.source.clone()) {
        assert!(source.get(section.clone()).is_some(), "{section:?}");
    }
}

fn document(name: &str, source: &str) -> Document {
    let document = read(name, source.as_bytes(), &Corpus::default()).unwrap();
    lawful(source, &document);
    document
}

/// Generous, for a debug build on a busy machine: what is quadratic takes minutes.
const LONGEST: Duration = Duration::from_secs(10);

fn hostile(name: &str, source: &str) {
    let start = Instant::now();
    let document = document(name, source);
    assert!(start.elapsed() < LONGEST, "{name}: {:?} for {:.40}", start.elapsed(), source);
    assert!(document.text.len() < 8 * source.len() + 65536, "{name}: {:.40}", source);
}

#[test]
fn csv_rows_name_their_columns() {
    check(
        "cases.csv",
        "Country,Year,\"Remarks, if any\"\r\nKenya,2019,\"Said \"\"no\"\",\r\nthen left\"\r\nPeru,,\r\n\r\nMali,2020, trimmed ,extra\r\n",
        expect![[r#"
            cases
            TableRow: Country: Kenya | Year: 2019 | Remarks, if any: Said "no",␍⏎then left
            TableRow: Country: Peru
            TableRow: Country: Mali | Year: 2020 | Remarks, if any: trimmed | extra
        "#]],
    );
    let source = "a,b\nsaid \"x\",\"he \"\"y\"\" z\"\n";
    let document = document("a.csv", source);
    let at = document.text.find("y").unwrap();
    assert_eq!(document.locate(at..at + 1).bytes, Some(19..20));
    assert_eq!(document.locate(at - 1..at).bytes, Some(17..19));
}

#[test]
fn csv_delimiters_titles_and_comments() {
    check(
        "a.csv",
        "Table 5. Cases by country\n# source: police, 2020\nCountry;Cases;Share\nKenya;5;1,5\nPeru;7;2,5\n",
        expect![[r#"
            Table 5. Cases by country
            Paragraph: source: police, 2020
            TableRow: Country: Kenya | Cases: 5 | Share: 1,5
            TableRow: Country: Peru | Cases: 7 | Share: 2,5
        "#]],
    );
    check(
        "a.tsv",
        "Kenya\t5\t\"quoted\"\nPeru\t7\tplain, with comma\n",
        expect![[r#"
            a
            TableRow: Kenya | 5 | quoted
            TableRow: Peru | 7 | plain, with comma
        "#]],
    );
    check(
        "a.csv",
        "sep=|\nCountry|2019|2020\nKenya|1|2\nPeru|3|4\n",
        expect![[r#"
            a
            TableRow: Country: Kenya | 2019: 1 | 2020: 2
            TableRow: Country: Peru | 2019: 3 | 2020: 4
        "#]],
    );
}

#[test]
fn csv_without_a_header_or_with_nothing_else() {
    check(
        "a.csv",
        "1,Kenya\n2,Peru\n",
        expect![[r#"
            a
            TableRow: 1 | Kenya
            TableRow: 2 | Peru
        "#]],
    );
    check(
        "a.csv",
        "Country,Year\n",
        expect![[r#"
            a
            TableRow: Country | Year
        "#]],
    );
    check(
        "a.csv",
        "one line\nanother \"line\"\n\"open, never closed\n",
        expect![[r#"
            a
            TableRow: one line
            TableRow: another "line"
            TableRow: "open | never closed
        "#]],
    );
}

#[test]
fn csv_that_is_hostile() {
    hostile("a.csv", &format!("a,b\n{}", "x".repeat(2_000_000)));
    hostile("a.csv", &"\"".repeat(1_000_001));
    hostile("a.csv", &"\"a\"b".repeat(200_000));
    hostile("a.csv", &format!("{}\n{}", "abcdefghij,".repeat(20_000), ",x".repeat(200_000)));
    hostile("a.csv", &",\n".repeat(200_000));
    hostile("a.csv", &format!("{},b\n{}", "n".repeat(99), "1,2\n".repeat(200_000)));
}

/// The records of a JSON Lines file as outlines, with where each begins.
fn jsonl(source: &str, mapping: &Mapping) -> String {
    let mut out = String::new();
    records("a.jsonl", source, mapping, &mut |record| match record {
        Record::Document(document, line) => {
            lawful(line, &document);
            let origin = document.origin;
            assert_eq!(source.get(origin.bytes..origin.bytes + line.len()), Some(line));
            let _ = writeln!(out, "{} after {} lines", document.id, origin.lines);
            out.push_str(&outline(&document));
        }
        Record::Malformed(line, reason) => {
            let _ = writeln!(out, "line {line}: {reason}");
        }
    });
    out
}

#[test]
fn jsonl_lines_are_documents() {
    let source = concat!(
        "{\"_id\": \"d1\", \"title\": \"The \\\"law\\\"\", \"text\": \"One\\u00e9 \\ud83d\\ude00.\\n\\nTwo\u{2028}still\\ttwo.\", \"section\": \"Protection\", \"year\": 2019, \"tags\": [\"a\", \"b\"], \"meta\": {\"lang\": \"en\", \"none\": null}}\n",
        "\r\n",
        "{\"_id\": \"d1\", \"text\": [\"first\", \"\\n second\"], \"language\": \"French\"}\r\n",
        "{\"text\": \"open\n",
        "[1, 2]\n",
        "{\"id\": 7, \"body\": \"kept as metadata\"}\n",
        "{\"text\": \"last\\uD800\"}",
    );
    expect![[r#"
        a.jsonl#d1 after 0 lines
        The "law"
        @meta_lang: en
        @tags: a | b
        @year: 2019
        = Protection
        Paragraph: Oneé 😀.
        Paragraph: Two still | two.
        a.jsonl#d1-2 after 2 lines
        d1 2
        @language: French
        lang fr
        Paragraph: first
        Paragraph: second
        line 4: EOF while parsing a string at column 14
        line 5: it is not a JSON object
        a.jsonl#7 after 5 lines
        7
        @body: kept as metadata
        a.jsonl#7-2 after 6 lines
        7 2
        Paragraph: last�
    "#]]
    .assert_eq(&jsonl(source, &Mapping::default()));
}

#[test]
fn jsonl_fields_are_mapped() {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    let mapping = Mapping {
        id: names(&["docno"]),
        title: names(&["head_line"]),
        text: names(&["summary", "body"]),
        section: names(&["part"]),
    };
    let source = r#"{"docno":"x y","head":{"line":"T"},"body":"B","part":"P","summary":"S"}"#;
    expect![[r#"
        a.jsonl#x y after 0 lines
        T
        = P
        Paragraph: S
        Paragraph: B
    "#]]
    .assert_eq(&jsonl(source, &mapping));
}

#[test]
fn jsonl_that_is_hostile() {
    let start = Instant::now();
    let deep = format!("{{\"text\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(jsonl(&deep, &Mapping::default()).starts_with("a.jsonl#1 after 0 lines"));
    let broken = format!("{{\"text\": {}", "[{\"a\":".repeat(100_000));
    assert!(jsonl(&broken, &Mapping::default()).starts_with("line 1: EOF"));
    let many = format!("{{\"text\": \"x\", \"a\": [{}0]}}", "\"v\",".repeat(200_000));
    assert!(jsonl(&many, &Mapping::default()).contains("@a: v"));
    let escapes = format!("{{\"text\": \"{}\"}}", "\\n\\u0041".repeat(200_000));
    assert!(jsonl(&escapes, &Mapping::default()).contains("A"));
    jsonl(&"{\"_id\":\"a\"}\n".repeat(20_000), &Mapping::default());
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
}
