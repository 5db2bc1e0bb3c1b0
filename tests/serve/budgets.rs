//! Answers of the tools within a budget of tokens: nothing that does not fit is lost, and what is left out is told.

use serde_json::{Value, json};
use tipsearch::pack::Tokenizer;
use tipsearch::passage::PassageSize;

use super::client::Server;
use super::mcp::given;
use crate::support::Shelf;

/// From the least to more than is needed.
const BUDGETS: [usize; 7] = [300, 333, 400, 650, 1200, 4000, 100_000];

fn tokens(value: &Value) -> usize {
    Tokenizer::get().unwrap().count(&value.to_string())
}

fn texts<'v>(list: &'v Value, field: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

/// Reports whose passages are short and long; the words that are asked for stand far behind in the long ones.
fn guards() -> Shelf {
    let reports: String = (0..12)
        .map(|report| {
            let lead = "The province lies at the river, and those who live there are many. ".repeat(report * 2);
            format!(
                "--- r{report}.md\n# Report {report}\n\n## Part {report}\n\n{lead}Number {report} was seen by the border guards \
                 at dawn.\n"
            )
        })
        .collect();
    Shelf::of_passages(&reports, PassageSize { target: 2000, max: 4000 })
}

#[test]
fn no_hit_is_passed_over_whatever_the_budget() {
    let server = Server::of(guards(), &[]);
    let whole = json!({"query": "border guards", "limit": 100, "budget_tokens": 100_000});
    let whole = given(&server, "search", whole);
    let all: Vec<&str> = texts(&whole["results"], "id");
    assert_eq!(all.len(), 12);
    for budget in BUDGETS {
        let (mut seen, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut arguments =
                json!({"query": "border guards", "limit": 9, "budget_tokens": budget});
            if cursor.is_string() {
                arguments["cursor"] = cursor.take();
            }
            let answer = given(&server, "search", arguments);
            assert!(tokens(&answer) <= budget, "{budget}: {} {answer:#}", tokens(&answer));
            let results = answer["results"].as_array().unwrap();
            assert!(!results.is_empty(), "{budget}: {answer:#}");
            for result in results {
                let text = result["text"].as_str().unwrap();
                let is_cut = result["truncated"] == true;
                // What is left of a text is what matched.
                assert!(text.contains("border guards") || is_cut && text.is_empty(), "{result:#}");
                assert!(!is_cut || answer["truncated"] == true, "{answer:#}");
                seen.push(result["id"].as_str().unwrap().to_owned());
            }
            match &answer["next_cursor"] {
                Value::Null => break,
                next => cursor = next.clone(),
            }
            assert!(seen.len() < 20, "{budget}: {seen:?}");
        }
        assert_eq!(seen, all, "{budget}");
    }
}

#[test]
fn a_hit_whose_names_alone_are_too_long_is_answered_too() {
    let heading = |level: usize| {
        let many = "What was said at length about the northern province ".repeat(4);
        format!("{} {level} {many}\n\n", "#".repeat(level))
    };
    let headings: String = (1..=6).map(heading).collect();
    let report = format!("{headings}The border guards were seen.\n");
    let server = Server::of(Shelf::of(&report), &[]);
    let answer = given(&server, "search", json!({"query": "guards", "budget_tokens": 300}));
    assert_eq!(answer["results"].as_array().unwrap().len(), 1, "{answer:#}");
}
