//! Deadlines: wherever a search is stopped, what it answers with matches, and it says that there may be more. Time is
//! counted by looks at the clock, so that each place is tried, and the same each time.

use std::collections::BTreeSet;

use tipsearch::count::{self, CountRequest, KwicRequest, Order};
use tipsearch::error::{Error, ErrorKind};
use tipsearch::rank::Deadline;
use tipsearch::search::{SearchRequest, SearchResponse, Sort};
use tipsearch::verify::Verifier;

use crate::support::Shelf;

/// Two hundred passages in twenty reports.
fn shelf() -> Shelf {
    let mut corpus = String::new();
    for report in 0..20 {
        let year = 1990 + report;
        corpus.push_str(&format!("--- r{year}.md\n# Report {year}\n"));
        for part in 0..10 {
            let order = if part % 3 == 0 { "border guards" } else { "guards at the border" };
            let noted = if part % 2 == 0 { "Police took note." } else { "Nobody took note." };
            corpus
                .push_str(&format!("## Part {part}\n\nThe {order} left post {report}. {noted}\n"));
        }
    }
    Shelf::of(&corpus)
}

fn ids(response: &SearchResponse) -> BTreeSet<String> {
    response.hits.iter().map(|found| found.passage.id.clone()).collect()
}

/// Each of the first few, then fewer and fewer.
fn looks() -> impl Iterator<Item = u32> {
    std::iter::successors(Some(0), |looks| Some(looks + 1 + looks / 8))
}

fn requests() -> Vec<SearchRequest> {
    let queries = [
        "border guards police",
        "\"border guards\" OR \"guards at\"",
        "border NEAR/3 guards",
        "guards NOT \"border guards\"",
        "guards NOT (post NEAR/4 guards)",
        "bord* AND \"took note\"",
        "\"guards of the border\"",
    ];
    let plain = |query: &&str| SearchRequest {
        limit: 1000,
        per_document: Some(0),
        exact_total: true,
        ..SearchRequest::new(*query)
    };
    let mut requests: Vec<SearchRequest> = queries.iter().map(plain).collect();
    requests.push(SearchRequest { explain: true, limit: 5, ..requests[2].clone() });
    requests.push(SearchRequest { literal: true, ..requests[0].clone() });
    requests.push(SearchRequest { sort: Sort::Date, ..requests[0].clone() });
    requests.push(SearchRequest { exhaustive: true, ..requests[1].clone() });
    requests
}

#[test]
fn a_search_that_is_stopped_answers_with_what_it_has_and_says_so() {
    let shelf = shelf();
    let searcher = shelf.searcher();
    for request in requests() {
        let whole = searcher.search(&request).expect("an answer");
        assert!(!whole.truncated && !whole.hits.is_empty(), "{}", request.query);
        let every = SearchRequest { limit: 1000, ..request.clone() };
        let (all, mut parts) = (ids(&searcher.search(&every).expect("an answer")), 0);
        for looks in looks() {
            let until = Deadline::after_looks(looks);
            let answer = searcher.search(&SearchRequest { until, ..request.clone() });
            let response = match answer {
                Ok(response) => response,
                // What is found by then is nothing, which is not an answer.
                Err(Error::TimedOut) => continue,
                Err(error) => panic!("{}: {error}", request.query),
            };
            assert!(!response.hits.is_empty());
            // No fewer than are shown, whatever was counted.
            assert!(response.total.passages >= response.hits.len() as u64, "{}", request.query);
            assert!(ids(&response).is_subset(&all), "{} after {looks}", request.query);
            if !response.truncated {
                assert_eq!((ids(&response), response.total), (ids(&whole), whole.total));
                break;
            }
            assert!(response.warnings.iter().any(|warning| warning.contains("time was over")));
            assert!(
                response.exhaustive.is_none_or(|said| !said.is_complete()),
                "{}",
                request.query
            );
            parts += 1;
        }
        assert!(parts > 0, "nothing stops `{}`", request.query);
    }
}

#[test]
fn a_count_that_is_stopped_is_no_count() {
    let shelf = shelf();
    let searcher = shelf.searcher();
    for query in ["guards", "\"border guards\" OR \"guards at\"", "border NEAR/3 guards"] {
        let whole = count::count(&searcher, &CountRequest::new(query)).expect("a count").1;
        let mut stopped = 0;
        for looks in looks() {
            let until = Deadline::after_looks(looks);
            let request = CountRequest { until, ..CountRequest::new(query) };
            match count::count(&searcher, &request) {
                Err(Error::TimedOut) => stopped += 1,
                counted => {
                    assert_eq!(counted.expect("a count").1, whole);
                    break;
                }
            }
        }
        assert!(stopped > 0, "nothing stops `{query}`");
    }
    let until = Deadline::after_looks(0);
    let request = CountRequest { until, ..CountRequest::new("guards") };
    let request = KwicRequest { count: request, limit: None, order: Order::Document };
    let Err(error) = count::kwic(&searcher, &request) else { panic!("lines") };
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[test]
fn a_quotation_that_was_not_wholly_looked_for_has_no_verdict() {
    let engine = shelf().engine();
    for quote in [
        "The border guards left post 3. Police took note.",
        "The border guards left post 3. Nobody ever took note of it.",
        "Police took note. … Nobody took note.",
        "Inspectors were never seen at the border of the province.",
    ] {
        let whole = Verifier::new(&engine).verify(quote).expect("a verdict");
        let mut stopped = 0;
        for looks in looks() {
            let mut verifier = Verifier::new(&engine).until(Deadline::after_looks(looks));
            match verifier.verify(quote) {
                Err(Error::TimedOut) => {
                    stopped += 1;
                    // The time stays over for whatever is asked next.
                    assert!(matches!(verifier.verify(quote), Err(Error::TimedOut)));
                }
                verified => {
                    let verified = verified.expect("a verdict");
                    assert_eq!(format!("{verified:?}"), format!("{whole:?}"), "after {looks}");
                    break;
                }
            }
        }
        assert!(stopped > 0, "nothing stops `{quote}`");
    }
}
