//! Phrases, and words near one another, over the seam of two passages of one section.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use tipsearch::count::{CountRequest, KwicRequest, Order, count, kwic};
use tipsearch::engine::Engine;
use tipsearch::passage::{Passage, PassageSize};
use tipsearch::query::Query;
use tipsearch::search::SearchRequest;

use crate::support::{Shelf, shown};

/// So that each paragraph is a passage.
const SIZE: PassageSize = PassageSize { target: 40, max: 100 };

const REPORT: &str = "\
# Northland

## Prosecution

The police looked for some of the border.

Guards who took bribes were convicted by the border

guards’ court, and the border guards paid.

## Guards

The shelters are at the border.

## Guards of the border

Nobody is there.
";

fn check(query: &str, expected: Expect) {
    expected.assert_eq(&Shelf::of_passages(REPORT, SIZE).answer(query));
}

#[test]
fn a_phrase_may_end_in_the_next_passage() {
    check(
        "\"border guards\"",
        expect![[r#"
        1. Northland > Prosecution
        guards’ court, and the «border guards» paid.
        2. Northland > Prosecution
        The police looked for some of the «border».
        goes on: «Guards» who took bribes were convicted by the border
        3. Northland > Prosecution
        Guards who took bribes were convicted by the «border»
        goes on: «guards»’ court, and the border guards paid.
    "#]],
    );
    check(
        "\"of the border guards who\"",
        expect![[r#"
        1. Northland > Prosecution
        The police looked for some «of the border».
        goes on: «Guards who» took bribes were convicted by the border
    "#]],
    );
    check(
        "\"the border guard* who\"",
        expect![[r#"
        1. Northland > Prosecution
        The police looked for some of «the» «border».
        goes on: «Guards» «who» took bribes were convicted by the border
    "#]],
    );
}

#[test]
fn words_may_be_near_one_another_over_a_seam() {
    check(
        "police NEAR/9 bribes",
        expect![[r#"
        nothing found
    "#]],
    );
    check(
        "police NEAR/10 bribes",
        expect![[r#"
            1. Northland > Prosecution
            The «police» looked for some of the border.
            goes on: Guards who took «bribes» were convicted by the border
        "#]],
    );
    check(
        "bribes NEAR/10 police",
        expect![[r#"
            1. Northland > Prosecution
            The «police» looked for some of the border.
            goes on: Guards who took «bribes» were convicted by the border
        "#]],
    );
    check(
        "\"took guards border\"~1",
        expect![[r#"
        1. Northland > Prosecution
        The police looked for some of the «border».
        goes on: «Guards» who «took» bribes were convicted by the border
    "#]],
    );
    check(
        "bribes PRE/10 police",
        expect![[r#"
        nothing found
    "#]],
    );
    check(
        "police PRE/10 bribes",
        expect![[r#"
            1. Northland > Prosecution
            The «police» looked for some of the border.
            goes on: Guards who took «bribes» were convicted by the border
        "#]],
    );
    check(
        "(\"border guards\") NEAR/3 bribes",
        expect![[r#"
        1. Northland > Prosecution
        The police looked for some of the «border».
        goes on: «Guards» who took «bribes» were convicted by the border
    "#]],
    );
}

#[test]
fn nothing_goes_over_a_heading_or_over_two_seams() {
    check(
        "\"paid the shelters\"",
        expect![[r#"
        warning: no passage has “paid the shelters” as a phrase; these have the words
        1. Northland > Guards
        The «shelters» are at the border.
        without: paid
        2. Northland > Prosecution
        guards’ court, and the border guards «paid».
        without: shelters
    "#]],
    );
    check(
        "\"border nobody\"",
        expect![[r#"
        warning: no passage has “border nobody” as a phrase; these have the words
        1. Northland > Guards of the «border»
        «Nobody» is there.
        2. Northland > Guards
        The shelters are at the «border».
        without: nobody
        3. Northland > Prosecution
        guards’ court, and the «border» guards paid.
        without: nobody
        4. Northland > Prosecution
        The police looked for some of the «border».
        without: nobody
        5. Northland > Prosecution
        Guards who took bribes were convicted by the «border»
        without: nobody
    "#]],
    );
    check(
        "police NEAR/20 court",
        expect![[r#"
        nothing found
    "#]],
    );
    check(
        "\"northland police\"",
        expect![[r#"
        warning: no passage has “northland police” as a phrase; these have the words
        1. «Northland» > Prosecution
        The «police» looked for some of the border.
        2. «Northland» > Guards
        The shelters are at the border.
        without: police
        3. «Northland» > Prosecution
        guards’ court, and the border guards paid.
        without: police
        4. «Northland» > Prosecution
        Guards who took bribes were convicted by the border
        without: police
        5. «Northland» > Guards of the border
        Nobody is there.
        without: police
    "#]],
    );
}

#[test]
fn what_goes_over_a_seam_is_in_the_passage_where_it_begins() {
    check(
        "took -\"border guards\"",
        expect![[r#"
        warning: 1 passage matches otherwise, and has what is excluded, in its text or in the title above it
        nothing found
    "#]],
    );
    check(
        "guards -\"border guards who\"",
        expect![[r#"
        1. Northland > «Guards»
        The shelters are at the border.
        2. Northland > Prosecution
        «guards»’ court, and the border «guards» paid.
        3. Northland > «Guards» of the border
        Nobody is there.
        4. Northland > Prosecution
        «Guards» who took bribes were convicted by the border
    "#]],
    );
    check(
        "police AND \"border guards\"",
        expect![[r#"
        1. Northland > Prosecution
        The «police» looked for some of the «border».
        goes on: «Guards» who took bribes were convicted by the border
    "#]],
    );
    check(
        "bribes AND \"border guards who\"",
        expect![[r#"
        warning: no passage that the rest of the query allows has “border guards who” as a phrase; these have the words
        1. Northland > Prosecution
        «Guards» who took «bribes» were convicted by the «border»
    "#]],
    );
}

fn literal(query: &str) -> String {
    let request = SearchRequest { literal: true, ..SearchRequest::new(query) };
    shown(&Shelf::of_passages(REPORT, SIZE).searcher().search(&request).unwrap())
}

#[test]
fn as_written_a_phrase_goes_over_a_seam_too() {
    expect![[r#"
        1. Northland > Prosecution
        guards’ court, and the «border guards» paid.
        2. Northland > Prosecution
        The police looked for some of the «border».
        goes on: «Guards» who took bribes were convicted by the border
        3. Northland > Prosecution
        Guards who took bribes were convicted by the «border»
        goes on: «guards»’ court, and the border guards paid.
    "#]]
    .assert_eq(&literal("\"border guards\""));
    expect![[r#"
        nothing found
    "#]]
    .assert_eq(&literal("\"border guard\""));
}

#[test]
fn what_goes_over_a_seam_counts_once() {
    let searcher = Shelf::of_passages(REPORT, SIZE).searcher();
    let counts = |query: &str| count(&searcher, &CountRequest::new(query)).unwrap().1;
    let counted = |query| (counts(query).occurrences, counts(query).passages);
    assert_eq!(counted("\"border guards\""), (3, 3));
    // Those words are inside the phrases, but for the borders of the shelters.
    assert_eq!(counted("\"border guards\" OR guards OR border"), (4, 4));
    assert_eq!(counted("border NEAR/1 guards"), (3, 3));
}

#[test]
fn a_line_of_context_goes_over_the_seam() {
    let request = KwicRequest {
        count: CountRequest::new("\"border guards\""),
        limit: None,
        order: Order::Document,
    };
    let concordance = kwic(&Shelf::of_passages(REPORT, SIZE).searcher(), &request).unwrap();
    let lines: Vec<String> = concordance
        .lines
        .iter()
        .map(|line| format!("{}«{}»{}\n", line.left(), line.word(), line.right()))
        .collect();
    expect![[r#"
        The police looked for some of the «border. Guards» who took bribes were convicted by the border
        Guards who took bribes were convicted by the «border guards»’ court, and the border guards paid.
        guards’ court, and the «border guards» paid.
    "#]].assert_eq(&lines.concat());
}

#[test]
fn a_hit_in_json_says_where_it_goes_on() {
    let response = Shelf::of_passages(REPORT, SIZE).search("\"border guards who\"");
    let hit = &tipsearch::render::json::response(&response)["hits"][0];
    let next = &hit["continuation"];
    assert_eq!(next["marks"][0]["kind"], "phrase");
    expect![[r#"
        "Guards who took bribes were convicted by the border"
        [{"bytes":[0,10],"clause":0,"kind":"phrase"}]
    "#]]
    .assert_eq(&format!("{}\n{}\n", next["text"], next["marks"]));
    let marks = hit["marks"].as_array().unwrap();
    assert_eq!(marks.len(), 1);
}

/// The score is that of a phrase in the passage, and `explain` adds up to it.
#[test]
fn the_score_of_what_goes_over_a_seam_is_explained() {
    let shelf = Shelf::of_passages(REPORT, SIZE);
    for query in ["\"border guards\"", "border NEAR/2 guards", "police \"border guards\""] {
        let request = SearchRequest { explain: true, ..SearchRequest::new(query) };
        let response = shelf.searcher().search(&request).unwrap();
        assert_eq!(response.hits.len(), 3, "{query}");
        for hit in response.hits {
            let explained = hit.explanation.unwrap();
            assert!((explained.value - hit.score).abs() < 0.01, "{query}: {explained}");
        }
    }
}

/// What a query with a deadline finds is what one without finds.
#[test]
fn a_deadline_changes_nothing_about_seams() {
    let engine = Shelf::of_passages(REPORT, SIZE).engine();
    for text in ["\"border guards\"", "+police \"border guards\"", "+police +\"border guards\""] {
        let query = Query::parse(text, &engine.summary().fields).unwrap();
        let hurried = Query {
            until: tipsearch::rank::Deadline::after(std::time::Duration::from_secs(3600)),
            ..query.clone()
        };
        let ids = |query| -> Vec<u64> {
            engine.retrieve(query, 10).unwrap().hits.iter().map(|hit| hit.id).collect()
        };
        assert_eq!(ids(&query), ids(&hurried), "{text}");
        assert!(!ids(&query).is_empty(), "{text}");
    }
}

/// The passage behind each one as the engine has it, and as the documents have it.
fn checked_neighbours(shelf: &Shelf) -> usize {
    let engine = shelf.engine();
    let query = Query::parse("*", &engine.summary().fields).unwrap();
    let hits = engine.every(&query).unwrap();
    let mut next_of: BTreeMap<String, Option<String>> = BTreeMap::new();
    for listed in engine.documents().unwrap() {
        let passages = engine.document(&listed.doc_id).unwrap();
        for (place, passage) in passages.iter().enumerate() {
            let goes_on = |next: &&Passage| {
                let is_empty = passage.text.is_empty() || next.text.is_empty();
                next.anchor == passage.anchor && !is_empty
            };
            let next = passages.get(place + 1).filter(goes_on).map(|next| next.id.clone());
            next_of.insert(passage.id.clone(), next);
        }
    }
    let mut seams = 0;
    assert_eq!(hits.len(), next_of.len());
    for (hit, passage) in hits.iter().zip(engine.load(&hits).unwrap()) {
        let next = engine.next_in_section(hit).unwrap().map(|next| next.id);
        seams += usize::from(next.is_some());
        assert_eq!(next, next_of[&passage.id], "behind {}", passage.id);
    }
    seams
}

/// Passages of a document stay side by side whatever is added, replaced and removed, and when segments are merged.
#[test]
fn passages_of_a_document_lie_side_by_side() {
    let shelf = Shelf::empty();
    let mut seams = 0;
    for run in 0..14 {
        for report in run..run + 4 {
            let mut text = format!("# Report {report}\n\n");
            for paragraph in 0..20 + run {
                let heading = if paragraph % 7 == 0 { "## Guards\n\n" } else { "" };
                text.push_str(&format!("{heading}Run {run}, paragraph {paragraph} of guards.\n\n"));
            }
            shelf.write(&format!("{report}.md"), text.as_bytes());
        }
        if run > 2 {
            std::fs::remove_file(shelf.corpus().join(format!("{}.md", run - 2))).unwrap();
        }
        shelf.index_passages(SIZE);
        seams = checked_neighbours(&shelf);
    }
    assert!(seams > 50, "{seams} seams");
    assert!(shelf.engine().storage().unwrap().pieces <= 8, "merged");
}
