//! Readers: markup.

use std::time::{Duration, Instant};

use expect_test::expect;
use tipsearch::document::{Document, Grain};
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;

use super::check;

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
