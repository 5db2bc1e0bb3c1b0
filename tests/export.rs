//! Result sets for other programs: every form over a corpus in a string, all hits of any number, and what must
//! not be taken for a formula, a tag or an escape.

use std::fmt::Write;
use std::process::Command;

use proptest::prelude::*;
use serde_json::Value;
use tipsearch::search::{SearchRequest, Sort};

use super::cli::{Ran, program, ran};
use super::support::{Shelf, cases};

const CORPUS: &str = "\
--- atlantis_2017.md
---
country: =Atlantis
year: 2017
---
# Atlantis &amp; &lt;b&gt;others&lt;/b&gt;

## Prosecution

Police took bribes, \"gifts\" &amp; &lt;script&gt;alert(1)&lt;/script&gt; from smugglers.

## Protection

The police of the north
guarded a shelter.
--- lemuria_2021.md
---
country: Lemuria
year: 2021
---
# Lemuria

-police of Lemuria arrested nobody.
";

fn search(shelf: &Shelf, words: &[&str]) -> Ran {
    let mut command: Command = program(&shelf.corpus());
    ran(command.args(words).arg("--index").arg(shelf.index_path()))
}

/// The rows of a table with separators of one byte, by a reader that knows nothing of how it was written.
fn rows(table: &str, separator: u8) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = table.chars().peekable();
    let mut is_quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if separator == b',' => is_quoted = !is_quoted,
            c if !is_quoted && c == char::from(separator) => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !is_quoted, "{table}");
    rows
}

#[test]
fn a_table_has_a_row_for_each_hit_and_no_formula() {
    let shelf = Shelf::of(CORPUS);
    for (format, separator) in [("csv", b','), ("tsv", b'\t')] {
        let found = search(&shelf, &["search", "police", "--all", "-f", format]);
        assert_eq!(found.code, 0, "{}", found.err);
        let table = rows(&found.out, separator);
        let column = |name: &str| table[0].iter().position(|it| it == name).unwrap();
        assert_eq!(table.len(), 4, "{}", found.out);
        for row in &table[1..] {
            assert_eq!(row.len(), table[0].len());
            let is_formula = |cell: &&String| cell.starts_with(['=', '+', '-', '@']);
            assert_eq!(row.iter().find(is_formula), None);
        }
        let of = |doc: &str, text: &str| {
            let is_it = |row: &&Vec<String>| {
                row[column("doc_id")] == doc && row[column("text")].contains(text)
            };
            table.iter().find(is_it).unwrap()
        };
        assert_eq!(of("atlantis_2017.md", "bribes")[column("country")], "'=Atlantis");
        assert_eq!(
            of("lemuria_2021.md", "arrested")[column("text")],
            "'-police of Lemuria arrested nobody."
        );
        let lines = &of("atlantis_2017.md", "guarded")[column("text")];
        let expected = match format {
            "csv" => "The police of the north\nguarded a shelter.",
            _ => "The police of the north guarded a shelter.",
        };
        assert_eq!(lines, expected);
    }
}

#[test]
fn a_page_shows_text_as_text_with_its_marks() {
    let shelf = Shelf::of(CORPUS);
    let found = search(&shelf, &["search", "police \"took bribes\"", "--all", "-f", "html"]);
    assert_eq!(found.code, 0, "{}", found.err);
    let page = found.out;
    assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");
    assert!(page.contains("<mark>Police</mark>"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(page.contains("Atlantis &amp; &lt;b&gt;others&lt;/b&gt; › Prosecution"), "{page}");
    assert_eq!(page.matches("<article").count(), page.matches("</article>").count());
}

#[test]
fn a_run_is_one_that_trec_reads() {
    let shelf = Shelf::of(CORPUS);
    let found = search(&shelf, &["search", "police", "--all", "-f", "trec"]);
    let mut before = f64::INFINITY;
    for (place, line) in found.out.lines().enumerate() {
        let fields: Vec<&str> = line.split(' ').collect();
        assert_eq!((fields.len(), fields[0], fields[1]), (6, "1", "Q0"), "{line}");
        assert_eq!(fields[3].parse(), Ok(place + 1));
        let score: f64 = fields[4].parse().unwrap();
        assert!(score <= before, "{line}");
        before = score;
    }
    assert_eq!(found.out.lines().count(), 3);
    let sorted = search(&shelf, &["search", "police", "--all", "-f", "trec", "--sort", "date"]);
    assert_eq!(sorted.code, 2);
    assert!(sorted.err.contains("ordered by score"), "{}", sorted.err);
}

#[test]
fn a_workbook_is_read_back_as_it_was_written() {
    let shelf = Shelf::of(CORPUS);
    let book = shelf.folder.path().join("hits.xlsx");
    let name = book.to_str().unwrap();
    let found = search(&shelf, &["search", "police", "--all", "-o", name]);
    assert_eq!((found.code, found.out.as_str()), (0, ""), "{}", found.err);
    let shown = ran(program(&shelf.corpus()).args(["show", name]));
    for text in [
        "Police took bribes, \"gifts\" & <script>alert(1)</script> from smugglers.",
        "=Atlantis",
        "-police of Lemuria arrested nobody.",
        "query",
        "passages in the index",
    ] {
        assert!(shown.out.contains(text), "{text}: {} {}", shown.out, shown.err);
    }
}

#[test]
fn one_document_and_lines_hold_the_same_hits() {
    let shelf = Shelf::of(CORPUS);
    let document = search(&shelf, &["search", "police", "--all", "-f", "json"]);
    let document: Value = serde_json::from_str(&document.out).unwrap();
    assert_eq!(document["schema"], "tipsearch.hits/1");
    assert_eq!(document["total"]["relation"], "eq");
    let lines = search(&shelf, &["search", "police", "--all", "-f", "jsonl"]);
    let lines: Vec<Value> =
        lines.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(document["hits"], Value::Array(lines));
    assert_eq!(document["total"]["passages"], 3);
}

#[test]
fn what_fails_leaves_the_file_as_it_was() {
    let shelf = Shelf::of(CORPUS);
    let file = shelf.folder.path().join("hits.csv");
    std::fs::write(&file, "before").unwrap();
    let name = file.to_str().unwrap();
    let wrong = search(&shelf, &["search", "police", "--filter", "border guards", "-o", name]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
    let none = search(&shelf, &["search", "zeppelin", "--all", "-o", name]);
    assert_eq!(none.code, 1, "{}", none.err);
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("rank,"));
    let formless = search(&shelf, &["search", "police", "--all"]);
    assert!(formless.code == 2 && formless.err.contains("-f csv"), "{}", formless.err);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases.min(40), ..cases() })]

    /// All hits come, once, as a search with the greatest limit gives them.
    #[test]
    fn all_is_what_a_search_finds(
        texts in prop::collection::vec(
            prop::collection::vec(prop::sample::select(vec!["police", "guards", "law", "cotton"]), 1..9),
            1..30,
        ),
        query in prop::sample::select(vec!["police", "police guards", "\"police guards\"", "guard* law", "*"]),
        sort in prop::sample::select(vec![Sort::Score, Sort::Recent, Sort::Date, Sort::Document]),
        most in 0usize..3,
    ) {
        let mut corpus = String::new();
        for (place, words) in texts.iter().enumerate() {
            let (year, words) = (2000 + place % 4, words.join(" "));
            let _ = write!(
                corpus,
                "--- d{place}.md\n---\nyear: {year}\n---\n# D{place}\n\n{words} {place}.\n\n## Again\n\n{words}.\n\n## More\n\nMore {words}.\n"
            );
        }
        let shelf = Shelf::of(&corpus);
        let searcher = shelf.searcher();
        let request = SearchRequest {
            sort, copies: true, per_document: Some(most), relax: false, limit: 1000, ..SearchRequest::new(query)
        };
        let mut streamed = Vec::new();
        let answer = searcher.stream(&request, |found| {
            streamed.push((found.rank, found.passage.id.clone(), found.score.to_bits()));
            Ok(())
        }).unwrap();
        let searched: Vec<(usize, String, u32)> = searcher.search(&request).unwrap().hits.into_iter()
            .map(|found| (found.rank, found.passage.id, found.score.to_bits())).collect();
        prop_assert!(answer.total.passages as usize >= streamed.len());
        prop_assert!(most > 0 || answer.total.passages as usize == streamed.len());
        prop_assert_eq!(streamed, searched);
    }
}

#[test]
fn what_is_kept_has_no_other_spelling_than_was_asked_for() {
    let shelf = Shelf::of("# Report\n\nDebt bondage is a crime.\n");
    assert_eq!(search(&shelf, &["\"debt bondge\""]).code, 0);
    for words in
        [["\"debt bondge\"", "--all", "-f", "csv"], ["\"debt bondge\"", "-n", "5", "--count"]]
    {
        let ran = search(&shelf, &words);
        assert_eq!(ran.code, 1, "{words:?}: {}", ran.out);
        assert!(!ran.out.contains("bondage"), "{}", ran.out);
    }
    // A number for programs, without hits.
    let ran = search(&shelf, &["bondage", "--count", "--json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&told["total"]["passages"], &told["hits"]), (&1.into(), &Value::Array(Vec::new())));
    // What was taken for something else is said beside a number too.
    let ran = search(&shelf, &["published:2019 bondage", "--count"]);
    assert!(ran.err.contains("there is no field `published`"), "{}", ran.err);
}
