//! Collocates and dispersion: against counts by hand, and what the commands print.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;
use tipsearch::count::{
    CollocatesRequest, CountRequest, DispersionRequest, collocates, dispersion,
};

use super::cli::{program, ran};
use super::support::{Shelf, cases};

fn request(query: &str, window: usize) -> CollocatesRequest {
    CollocatesRequest {
        count: CountRequest::new(query),
        window,
        fewest: 1,
        limit: 1000,
        stop_words: true,
    }
}

const CORPUS: &str = "\
--- a.md
# A

## One

Border guards took bribes. Corrupt border guards took bribes again.

## Two

The corrupt guards of the border slept.
--- b.md
# B

Nothing at all is told of a cotton harvest in this report, which is long enough to be a report.
";

#[test]
fn what_stands_beside_is_counted_on_its_side() {
    let shelf = Shelf::of(CORPUS);
    let found = collocates(&shelf.searcher(), &request("guards", 1)).unwrap();
    let told: Vec<String> = found
        .words
        .iter()
        .map(|word| format!("{} {} {} {}", word.word, word.left, word.right, word.everywhere))
        .collect();
    let mut sorted = told.clone();
    sorted.sort();
    assert_eq!(sorted, ["border 2 0 3", "corrupt 1 0 2", "of 0 1 2", "took 0 2 2"], "{told:?}");
    assert_eq!((found.beside, found.total.occurrences), (6, 3));
    let without = CollocatesRequest { stop_words: false, ..request("guards", 1) };
    let without = collocates(&shelf.searcher(), &without).unwrap();
    assert!(without.words.iter().all(|word| word.word != "of"));
    assert!(collocates(&shelf.searcher(), &request("guards", 0)).is_err());
    assert!(collocates(&shelf.searcher(), &request("guards", 51)).is_err());
}

#[test]
fn what_stands_elsewhere_is_counted_however_it_is_asked() {
    let shelf = Shelf::of(CORPUS);
    let everywhere = |count: CountRequest| {
        let asked = CollocatesRequest { count, ..request("guards", 1) };
        let found = collocates(&shelf.searcher(), &asked).unwrap();
        let words = found.words.iter().map(|word| format!("{} {}", word.word, word.everywhere));
        let mut words: Vec<String> = words.collect();
        words.sort();
        words
    };
    let guards = || CountRequest::new("guards");
    let all = ["border 3", "corrupt 2", "of 2", "took 2"];
    assert_eq!(everywhere(CountRequest { literal: true, ..guards() }), all);
    // What must be looked at is no list of the index.
    let one = CountRequest { section: Some("one".to_owned()), ..guards() };
    assert_eq!(everywhere(one), ["border 2", "took 2"]);
}

#[test]
fn the_ratio_is_that_of_the_table() {
    // Two by two: 2 of 6 beside, 1 of the 31 others; by hand, with natural logarithms.
    let shelf = Shelf::of(CORPUS);
    let found = collocates(&shelf.searcher(), &request("guards", 1)).unwrap();
    let border = found.words.iter().find(|word| word.word == "border").unwrap();
    let all = found.everywhere as f64;
    let g =
        |observed: f64, row: f64, column: f64| observed * (observed * all / (row * column)).ln();
    let expected = 2.0
        * (g(2.0, 3.0, 6.0)
            + g(1.0, 3.0, all - 6.0)
            + g(4.0, all - 3.0, 6.0)
            + g(all - 7.0, all - 3.0, all - 6.0));
    assert!((border.log_likelihood - expected).abs() < 1e-9, "{border:?} {expected}");
    assert!((border.expected - 18.0 / all).abs() < 1e-9);
}

#[test]
fn a_filter_restricts_what_it_is_compared_with() {
    let shelf = Shelf::of(CORPUS);
    let all = collocates(&shelf.searcher(), &request("guards", 2)).unwrap();
    let mut only = request("guards", 2);
    only.count.filter = Some("doc:a.md".to_owned());
    let only = collocates(&shelf.searcher(), &only).unwrap();
    assert!(only.everywhere < all.everywhere);
    assert_eq!(only.beside, all.beside);
}

#[test]
fn a_report_is_a_bar() {
    let shelf = Shelf::of(CORPUS);
    let request = DispersionRequest { count: CountRequest::new("guards"), limit: None };
    let found = dispersion(&shelf.searcher(), &request).unwrap();
    assert_eq!(found.reports.len(), 1);
    let report = &found.reports[0];
    assert_eq!((report.doc_id.as_str(), report.places.len()), ("a.md", 3));
    assert!(report.places.iter().all(|place| (0.0..1.0).contains(place)));
    assert!(report.places[1] < 0.5 && report.places[2] > 0.5, "{report:?}");
    // All of it in the report with 17 of 36 words.
    let deviation = found.deviation.unwrap();
    assert!((0.4..0.7).contains(&deviation), "{deviation}");
    let run = |words: &[&str]| {
        ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()))
    };
    let shown = run(&["dispersion", "guards", "--width", "40"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("A 3 ") && shown.out.contains("deviation of proportions"));
    let shown = run(&["collocates", "guards", "--fewest", "1", "--window", "1"]);
    assert!(shown.out.contains("within 1 word of guards"), "{}", shown.out);
    let none = run(&["collocates", "zeppelin"]);
    assert_eq!((none.code, none.err.as_str()), (1, ""), "{}", none.out);
    for command in ["collocates", "dispersion"] {
        let data = run(&[command, "guards", "--json"]);
        let data: serde_json::Value = serde_json::from_str(&data.out).unwrap();
        assert_eq!(data["schema"], format!("tipsearch.{command}/1"));
        assert_eq!(data["total"]["occurrences"], 3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases.min(40), ..cases() })]

    /// What is counted is what a look at each word finds.
    #[test]
    fn counts_are_those_of_a_look_at_each_word(
        texts in prop::collection::vec(
            prop::collection::vec(prop::sample::select(vec!["cat", "dog", "sun", "map", "red"]), 1..40), 1..6),
        window in 1usize..6,
    ) {
        let mut corpus = String::new();
        for (place, words) in texts.iter().enumerate() {
            let _ = write!(corpus, "--- d{place}.md\n# T\n\n{}\n", words.join(" "));
        }
        let shelf = Shelf::of(&corpus);
        let found = collocates(&shelf.searcher(), &request("cat", window)).unwrap();
        let (mut beside, mut everywhere) = (BTreeMap::<&str, u64>::new(), BTreeMap::<&str, u64>::new());
        for words in &texts {
            for (place, word) in words.iter().enumerate() {
                *everywhere.entry(word).or_default() += 1;
                let from = place.saturating_sub(window);
                let near = &words[from..(place + window + 1).min(words.len())];
                if *word != "cat" && near.contains(&"cat") {
                    *beside.entry(word).or_default() += 1;
                }
            }
        }
        prop_assert_eq!(found.beside, beside.values().sum::<u64>());
        prop_assert_eq!(found.everywhere, texts.iter().map(Vec::len).sum::<usize>() as u64);
        for word in &found.words {
            prop_assert_eq!(Some(&(word.left + word.right)), beside.get(word.word.as_str()));
            prop_assert_eq!(Some(&word.everywhere), everywhere.get(word.word.as_str()));
            prop_assert!(word.log_likelihood >= -1e-9);
        }
    }
}
