//! Answers of the tools within a budget of tokens: nothing that does not fit is lost, and what is left out is told.

use std::fmt::Write;

use serde_json::{Value, json};
use tipsearch::pack::Tokenizer;
use tipsearch::passage::PassageSize;

use super::client::{Server, get};
use super::mcp::given;
use super::shelf;
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
    let id = answer["results"][0]["id"].clone();
    let read = given(&server, "fetch", json!({"id": id, "budget_tokens": 300}));
    assert!(read["text"].as_str().unwrap().contains("guards"), "{read:#}");
}

/// A report with all that may stand in the way: sections without text, long passages, a word without end.
fn long() -> String {
    let mut report =
        String::from("---\ncountry: Benin\n---\n\n# A long report\n\nIt begins here.\n\n");
    for section in 0..6 {
        let _ = writeln!(report, "## Part {section}\n\n### What is “so” of part {section}\n");
        for sentence in 0..section * 5 {
            let _ = write!(
                report,
                "What is said in sentence {sentence} of part {section} is said once.\n\n"
            );
        }
    }
    let _ =
        writeln!(report, "## Names\n\nhttps://example.org/{}\n", "0123456789abcdef/".repeat(60));
    let _ =
        writeln!(report, "## Elsewhere\n\n{}\n\n## The end", "強制労働の報告は続く。".repeat(60));
    report
}

/// The text of a reading, and the text of each passage in it in order.
#[derive(Default)]
struct Read {
    text: String,
    passages: Vec<(String, String)>,
}

impl Read {
    fn add(&mut self, answer: &Value) {
        let text = answer["text"].as_str().unwrap();
        for (at, part) in answer["parts"].as_array().unwrap().iter().enumerate() {
            let bytes = [0, 1].map(|at| part["bytes"][at].as_u64().unwrap() as usize);
            let (id, piece) = (part["id"].as_str().unwrap(), &text[bytes[0]..bytes[1]]);
            match self.passages.last_mut() {
                Some((last, so_far)) if at == 0 && last == id => so_far.push_str(piece),
                last => {
                    if at == 0 && last.is_some() && !self.text.ends_with("\n\n") {
                        self.text.push_str("\n\n");
                    }
                    self.passages.push((id.to_owned(), piece.to_owned()));
                }
            }
        }
        self.text.push_str(text);
    }

    /// Reads from an answer on.
    fn follow(&mut self, server: &Server, first: Value, budget: usize) {
        let mut answer = first;
        for _ in 0..1000 {
            self.add(&answer);
            let Some(next) = answer["next"].as_str() else {
                assert_eq!(answer["truncated"], answer["previous"].is_string(), "{answer:#}");
                return;
            };
            assert_eq!(answer["truncated"], true, "{answer:#}");
            answer = fetched(server, json!({"id": next, "budget_tokens": budget}));
        }
        panic!("no end with {budget}");
    }
}

fn fetched(server: &Server, arguments: Value) -> Value {
    let budget = arguments["budget_tokens"].as_u64().unwrap() as usize;
    let answer = given(server, "fetch", arguments);
    assert!(tokens(&answer) <= budget, "{budget}: {} {answer:#}", tokens(&answer));
    assert!(!answer["parts"].as_array().unwrap().is_empty(), "{answer:#}");
    answer
}

/// The passages of a report with their texts, as HTTP has them.
fn passages(server: &Server, doc_id: &str) -> Vec<(String, String)> {
    let all = get(server, &format!("/v1/documents/{doc_id}?limit=1000")).json();
    let all = &all["passages"];
    let owned = |text: &str| text.to_owned();
    texts(all, "id").into_iter().map(owned).zip(texts(all, "text").into_iter().map(owned)).collect()
}

#[test]
fn a_report_is_read_to_its_end_whatever_the_budget() {
    let size = PassageSize { target: 400, max: 700 };
    let shelf = Shelf::of_passages(&format!("--- long.md\n{}", long()), size);
    let other = Shelf::of_passages(&format!("--- other.md\n{}", long()), size);
    let also = format!("other={}", other.index_path().display());
    let server = Server::of(shelf, &["--also", &also]);
    let all = passages(&server, "long.md");
    let whole = fetched(&server, json!({"id": "long.md", "budget_tokens": 100_000}));
    assert_eq!(whole["truncated"], false);
    // With headings that have nothing but headings under them.
    assert!(
        whole["text"]
            .as_str()
            .unwrap()
            .contains("\n\n## Part 3\n\n### What is “so” of part 3\n\nWhat")
    );
    for budget in BUDGETS {
        // `next` names the index where it is not the first.
        for id in ["long.md", "tipsearch://other.md?index=other"] {
            let mut read = Read::default();
            let first = fetched(&server, json!({"id": id, "budget_tokens": budget}));
            read.follow(&server, first, budget);
            assert_eq!(read.text, whole["text"].as_str().unwrap(), "{budget}");
            let (texts, expected): (Vec<_>, Vec<_>) =
                read.passages.iter().zip(&all).map(|(one, other)| (&one.1, &other.1)).unzip();
            assert_eq!((texts, read.passages.len()), (expected, all.len()), "{budget}");
        }
    }
}

#[test]
fn metadata_that_has_no_room_is_not_said_to_be_none() {
    let keys: String = (0..40).map(|n| format!("key{n}: value {n}\n")).collect();
    let server = Server::of(Shelf::of(&format!("---\n{keys}---\n\n# Report\n\nSaid.\n")), &[]);
    let fetch = |budget: usize| {
        given(&server, "fetch", json!({"id": "report.md", "budget_tokens": budget}))
    };
    assert_eq!(fetch(10_000)["metadata"]["key39"], json!(["value 39"]));
    let small = fetch(300);
    assert!(small.get("metadata").is_none() && small["text"] == "Said.", "{small:#}");
}

#[test]
fn a_passage_comes_before_its_neighbours() {
    let size = PassageSize { target: 100, max: 400 };
    let server = Server::of(Shelf::of_passages(&format!("--- long.md\n{}", long()), size), &[]);
    let all = passages(&server, "long.md");
    let at = all.len() / 2;
    let range = &all[at - 9..at + 15];
    for budget in BUDGETS {
        let near = json!({"id": all[at].0, "before": 9, "after": 14, "budget_tokens": budget});
        let first = fetched(&server, near);
        assert_eq!(first["id"], all[at].0);
        assert!(texts(&first["parts"], "id").contains(&all[at].0.as_str()), "{first:#}");
        let mut read = Read::default();
        if let Some(previous) = first["previous"].as_str() {
            let earlier = fetched(&server, json!({"id": previous, "budget_tokens": budget}));
            read.follow(&server, earlier, budget);
        }
        read.follow(&server, first, budget);
        assert_eq!(read.passages, range, "{budget}");
    }
}

#[test]
fn what_is_left_of_a_reading_is_a_resource() {
    let server = Server::of(Shelf::of(&format!("--- long.md\n{}", long())), &[]);
    let all = passages(&server, "long.md");
    let last = &all[all.len() - 1].0;
    for (id, message) in [
        (format!("{}:3..{last}", all[0].0), None),
        (format!("{}:99999..{last}", all[0].0), Some("no passage or report")),
        (format!("{last}:0..{}", all[0].0), Some("no passage or report")),
        (format!("{}:0..0000000000000", all[0].0), Some("no passage or report")),
    ] {
        let call = super::mcp::call("fetch", json!({"id": id}));
        let answer = super::mcp::over_http(&server, &call);
        let text = answer["result"]["content"][0]["text"].as_str().unwrap();
        assert_eq!(answer["result"]["isError"], message.is_some(), "{answer}");
        assert!(text.contains(message.unwrap_or("begins here")), "{text}");
    }
    let uri = format!("tipsearch://long.md#{}:3..{last}", all[0].0);
    let read = super::mcp::request("resources/read", json!({"uri": uri}));
    let read = super::mcp::over_http(&server, &read);
    let text = read["result"]["contents"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("begins here.\n\n## Part 0\n\n"), "{text}");
    assert!(text.ends_with("## The end\n\n"), "{text}");
}

#[test]
fn every_verdict_comes_before_any_place() {
    let server = Server::of(shelf(), &[]);
    let mut quotes = vec!["complicity of some border guards in trafficking".to_owned()];
    quotes.extend((0..28).map(|number| {
        format!("quotation {number} of words that are nowhere at all, and of many of them")
    }));
    quotes.push("Police arrested officials at the border for bribery".to_owned());
    let ask = |budget: usize| {
        let answer =
            given(&server, "verify_quote", json!({"quotes": quotes, "budget_tokens": budget}));
        assert!(tokens(&answer) <= budget, "{budget}: {} {answer:#}", tokens(&answer));
        answer
    };
    let whole = ask(100_000);
    assert_eq!((&whole["truncated"], &whole["unchecked"]), (&json!(false), &json!(0)));
    let mut told = 0;
    for budget in BUDGETS {
        let answer = ask(budget);
        let verdicts = texts(&answer["results"], "verdict");
        assert!(verdicts.len() >= told.max(1), "{budget}: {answer:#}");
        told = verdicts.len();
        assert_eq!(verdicts, texts(&whole["results"], "verdict")[..told], "{budget}");
        assert_eq!(answer["unchecked"], quotes.len() - told, "{budget}");
        if told < quotes.len() {
            assert_eq!(answer["first_unchecked"], told, "{budget}");
            let warning = answer["warnings"][0].as_str().unwrap();
            let says =
                format!("no room for {} of 30 quotations, from “quotation {}", 30 - told, told - 1);
            assert!(warning.contains(&says), "{warning}");
        }
    }
    // Verdicts of all before places of any, and what is shortened says so.
    let answer = ask(1500);
    assert_eq!(answer["unchecked"], 0, "{answer:#}");
    let results = answer["results"].as_array().unwrap();
    for (short, whole) in results.iter().zip(whole["results"].as_array().unwrap()) {
        assert_eq!(short["truncated"] == true, short != whole, "{short:#}");
    }
    assert_eq!(answer["truncated"], results.iter().any(|result| result["truncated"] == true));
}

#[test]
fn the_largest_groups_come_first_and_the_others_are_numbered() {
    let reports: String = (0..40)
        .map(|country| {
            let said = "The police came. ".repeat(1 + country * 7 % 40);
            format!("--- r{country}.md\n---\ncountry: Country {country:02}\n---\n\n# Report {country}\n\n{said}\n")
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    let ask = |budget: usize| {
        let ask = json!({"query": "police", "by": ["country"], "budget_tokens": budget});
        let answer = given(&server, "count", ask);
        assert!(tokens(&answer) <= budget, "{budget}: {} {answer:#}", tokens(&answer));
        answer
    };
    let whole = ask(100_000);
    let all = whole["groups"].as_array().unwrap();
    assert_eq!((all.len(), &whole["left_out"]), (40, &Value::Null));
    // As ever where all are there.
    assert_eq!(all[1]["group"]["country"], "Country 01");
    for budget in BUDGETS {
        let answer = ask(budget);
        let groups = answer["groups"].as_array().unwrap();
        if groups.len() == 40 {
            assert_eq!(groups, all, "{budget}");
            continue;
        }
        assert_eq!(answer["left_out"], 40 - groups.len(), "{budget}");
        let warning = answer["warnings"][0].as_str().unwrap();
        assert!(warning.starts_with(&format!("{} of 40 groups", groups.len())), "{warning}");
        let counts: Vec<u64> =
            groups.iter().map(|group| group["occurrences"].as_u64().unwrap()).collect();
        let largest: Vec<u64> = (0..groups.len() as u64).map(|rank| 40 - rank).collect();
        assert_eq!(counts, largest, "{budget}");
    }
}

#[test]
fn each_way_names_its_own_fields() {
    let server = Server::of(shelf(), &[]);
    let llms = get(&server, "/llms.txt").text();
    for name in ["`cite.short`", "`POST /v1/verify`", "`GET /v1/facets`"] {
        assert!(llms.contains(name), "{llms}");
    }
    let hit = &get(&server, "/v1/search?query=border").json()["hits"][0];
    assert!(hit["cite"]["short"].is_string(), "{hit:#}");
    let found = given(&server, "search", json!({"query": "border"}));
    assert!(found["results"][0]["cite"].is_string(), "{found:#}");
}
