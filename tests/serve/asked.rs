//! What an answer for a model says of the question: how it was understood, in what other words a hit says it, what comes
//! near where nothing has all of it, and where lines go on.

use serde_json::{Value, json};
use tipsearch::pack::Tokenizer;

use super::client::{Server, get};
use super::mcp::{call, given, over_http, request};
use super::{shelf, small_passages};
use crate::support::Shelf;

/// `bribe` is what `bribery` is also called.
const BRIBES: &str = "\
--- said.md
# Said

## One

The courts convicted the guards of bribery.
--- otherwise.md
# Otherwise

## One

The guards asked for a bribe, and took a Bribe twice.
";

fn warnings(answer: &Value) -> String {
    answer["warnings"].to_string()
}

#[test]
fn a_hit_says_what_it_has_in_place_of_the_words() {
    let server = Server::of(Shelf::of(BRIBES), &[]);
    let found = given(&server, "search", json!({"query": "\"bribery\""}));
    assert_eq!(found["parsed"], "bribery", "{found:#}");
    assert_eq!(found["expanded"][0]["from"], "bribery");
    assert_eq!(found["expanded"][0]["by"], "thesaurus");
    assert!(found["expanded"][0]["to"].to_string().contains("\"bribe\""), "{found:#}");
    let others = |doc: &str| {
        let results = found["results"].as_array().unwrap().iter();
        let hit = results.clone().find(|hit| hit["doc_id"] == doc).unwrap();
        hit["other_words"].clone()
    };
    assert_eq!(others("said.md"), Value::Null);
    assert_eq!(others("otherwise.md"), json!({"bribery": ["bribe"]}));
    assert!(!warnings(&found).contains("as such"), "{found:#}");
    // Where none has the words themselves, that is said first.
    let filtered = json!({"query": "\"bribery\"", "filters": "doc:otherwise.md"});
    let found = given(&server, "search", filtered);
    let warning = found["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("no result here has “bribery” as such"), "{warning}");
    let literal = json!({"query": "\"bribery\"", "filters": "doc:otherwise.md", "mode": "literal"});
    let found = given(&server, "search", literal);
    assert_eq!((&found["results"], &found["expanded"]), (&json!([]), &json!([])));
}

#[test]
fn a_question_that_nothing_answers_wholly_is_no_denial() {
    let server = Server::of(shelf(), &[]);
    let question = "Were there reports of complicity of border guards today?";
    let found = given(&server, "search", json!({"query": question, "mode": "exhaustive"}));
    assert_eq!(found["results"], json!([]), "{found:#}");
    let near = &found["near_misses"][0];
    assert_eq!(near["doc_id"], "kazakhstan-2008.md", "{found:#}");
    assert_eq!(near["missing"], json!(["today"]));
    assert!(near["text"].as_str().unwrap().contains("border guards"), "{near:#}");
    let warning = found["warnings"][0].as_str().unwrap();
    for piece in ["no passage has all of ", "border, guards, today;", "lacks only today"] {
        assert!(warning.contains(piece), "{warning}");
    }
    assert!(found["parsed"].as_str().unwrap().contains("border AND guards"), "{found:#}");
    // What is found has nothing near it, and a best answer needs none.
    let asked = json!({"query": "border guards", "mode": "exhaustive"});
    assert_eq!(given(&server, "search", asked)["near_misses"], json!([]));
    assert_eq!(given(&server, "search", json!({"query": "border"}))["near_misses"], Value::Null);
    // Words that are all there, but not so.
    let asked = json!({"query": "\"guards border\"", "mode": "exhaustive"});
    let found = given(&server, "search", asked);
    assert_eq!(found["results"], json!([]), "{found:#}");
    assert!(warnings(&found).contains("not together so"), "{found:#}");
    // So the tool and the instructions have it asked.
    let tools = over_http(&server, &request("tools/list", json!({})));
    let mode = &tools["result"]["tools"][0]["inputSchema"]["properties"]["mode"];
    assert!(mode["description"].as_str().unwrap().contains("fewest words"), "{mode}");
    assert!(get(&server, "/llms.txt").text().contains("the fewest that name it"));
}

#[test]
fn what_comes_near_fits_into_any_budget() {
    let server = Server::of(shelf(), &[]);
    for budget in [300, 400, 650, 4000] {
        let asked = json!({"query": "border guards convicted today zebra", "mode": "exhaustive", "budget_tokens": budget});
        let found = given(&server, "search", asked);
        let tokens = Tokenizer::get().unwrap().count(&found.to_string());
        assert!(tokens <= budget, "{budget}: {tokens} {found:#}");
        assert!(!found["near_misses"].as_array().unwrap().is_empty(), "{found:#}");
    }
}

/// A question may be longer than the answer to it.
#[test]
fn a_long_question_leaves_room_for_the_answer() {
    let server = Server::of(shelf(), &[]);
    let words: Vec<String> = (0..200).map(|n| format!("unheardof{n}")).collect();
    let query = format!("border {}", words.join(" "));
    for budget in [300, 500, 1000] {
        for (tool, list) in [("search", "results"), ("count", "groups"), ("kwic", "lines")] {
            let mut asked = json!({"query": query, "budget_tokens": budget});
            if tool == "count" {
                asked["by"] = json!(["country"]);
            }
            let answer = given(&server, tool, asked);
            let tokens = Tokenizer::get().unwrap().count(&answer.to_string());
            assert!(tokens <= budget, "{tool}, {budget}: {tokens} {answer:#}");
            assert!(!answer[list].as_array().unwrap().is_empty(), "{tool}: {answer:#}");
            assert_eq!(answer["truncated"], true, "{tool}: {answer:#}");
            let unknown = answer["unknown"].as_array().unwrap();
            let last = unknown.last().unwrap().as_str().unwrap();
            assert!(last.starts_with("… and ") && last.ends_with(" more"), "{last}");
        }
    }
}

#[test]
fn how_many_reports_match_is_told_where_it_is_known() {
    let sections: String =
        (0..600).map(|n| format!("## Part {n}\n\nBorder {n} was closed.\n\n")).collect();
    let server = Server::of(Shelf::of(&format!("# Borders\n\n{sections}")), &[]);
    let total = |mode: &str| {
        given(&server, "search", json!({"query": "border", "mode": mode}))["total"].clone()
    };
    let least = total("literal");
    assert_eq!((&least["relation"], &least["documents"]), (&json!("gte"), &Value::Null));
    let all = total("exhaustive");
    assert_eq!(all, json!({"relation": "eq", "passages": 600, "documents": 1}));
    let tools = over_http(&server, &request("tools/list", json!({})));
    let total = &tools["result"]["tools"][0]["outputSchema"]["properties"]["total"];
    let about = total["properties"]["relation"]["description"].as_str().unwrap();
    assert!(about.contains("`gte`") && about.contains("`count`"), "{about}");
}

#[test]
fn every_line_can_be_had() {
    let server = Server::of(small_passages(), &[]);
    let whole = given(&server, "kwic", json!({"query": "border OR police", "sort": "right"}));
    let all = whole["lines"].as_array().unwrap();
    assert_eq!(all.len(), 6, "{whole:#}");
    assert_eq!((&whole["next_offset"], &whole["left_out"]), (&Value::Null, &Value::Null));
    for (limit, budget) in [(1, 4000), (2, 4000), (4, 4000), (20, 300)] {
        let (mut lines, mut offset) = (Vec::new(), json!(0));
        while !offset.is_null() {
            let asked = json!({
                "query": "border OR police", "sort": "right", "limit": limit, "offset": offset,
                "budget_tokens": budget,
            });
            let page = given(&server, "kwic", asked);
            let shown = page["lines"].as_array().unwrap();
            assert!(!shown.is_empty(), "{page:#}");
            lines.extend(shown.iter().cloned());
            let left = page["left_out"].as_u64().unwrap_or(0);
            assert_eq!((left as usize, &page["total"]), (6 - lines.len(), &whole["total"]));
            offset = page["next_offset"].clone();
        }
        assert_eq!(&lines, all, "{limit} {budget}");
    }
    let page = get(&server, "/v1/kwic?query=border+OR+police&limit=4&sort=right").json();
    assert_eq!(page["next_offset"], 4);
    let last = get(&server, "/v1/kwic?query=border+OR+police&limit=4&sort=right&offset=4").json();
    assert_eq!(last["next_offset"], Value::Null);
    assert_eq!(last["lines"][1]["id"], all[5]["id"], "{last:#}");
    let beyond = get(&server, "/v1/kwic?query=border&offset=100").json();
    assert_eq!((&beyond["lines"], &beyond["next_offset"]), (&json!([]), &Value::Null));
}

#[test]
fn rates_say_what_they_are_of() {
    let server = Server::of(shelf(), &[]);
    let of_all = given(&server, "count", json!({"query": "*", "by": ["country"]}));
    assert_eq!(of_all["rate_of"], "passages", "{of_all:#}");
    assert!(warnings(&of_all).contains("asks for no words"), "{of_all:#}");
    let of_words = given(&server, "count", json!({"query": "border", "by": ["country"]}));
    assert_eq!((&of_words["rate_of"], warnings(&of_words).as_str()), (&json!("occurrences"), "[]"));
    let of_field = given(&server, "count", json!({"query": "country:albania"}));
    assert!(warnings(&of_field).contains("asks for no words"), "{of_field:#}");
    assert_eq!(warnings(&given(&server, "count", json!({"query": "zebra"}))), "[]");
}

#[test]
fn a_list_written_as_a_text_is_a_list() {
    let server = Server::of(shelf(), &[]);
    let quotes =
        r#" ["complicity of some border guards", "trained police officers, to find them"]"#;
    let asked = call("verify_quote", json!({"quotes": quotes}));
    let answer = &over_http(&server, &asked)["result"]["structuredContent"];
    assert_eq!(answer["results"].as_array().unwrap().len(), 2, "{answer:#}");
    assert_eq!(answer["results"][0]["verdict"], "verbatim");
    // What only begins so is a quotation.
    let asked = call("verify_quote", json!({"quotes": "[complicity of some border guards"}));
    let answer = &over_http(&server, &asked)["result"]["structuredContent"];
    assert_eq!(answer["results"].as_array().unwrap().len(), 1, "{answer:#}");
}

#[test]
fn a_report_is_named_by_its_address_wherever_it_is_named() {
    let server = Server::of(shelf(), &[]);
    let quotes = json!(["complicity of some border guards"]);
    let verdict = |doc: &str| {
        let asked = json!({"quotes": quotes, "doc_id": doc});
        given(&server, "verify_quote", asked)["results"][0]["verdict"].clone()
    };
    let found = given(&server, "search", json!({"query": "complicity"}));
    let passage = found["results"][0]["url"].as_str().unwrap();
    for (doc, expected) in [
        ("kazakhstan-2008.md", "verbatim"),
        ("tipsearch://kazakhstan-2008.md", "verbatim"),
        (passage, "verbatim"),
        ("tipsearch://albania-2008.md", "absent"),
    ] {
        assert_eq!(verdict(doc), expected, "{doc}");
    }
    let nowhere = call("verify_quote", json!({"quotes": quotes, "doc_id": "tipsearch://lost.md"}));
    assert_eq!(over_http(&server, &nowhere)["result"]["isError"], true);
}

#[test]
fn a_report_is_cited_as_what_is_shown_of_it() {
    let server = Server::of(small_passages(), &[]);
    let fetch = |id: &str, budget: usize| {
        given(&server, "fetch", json!({"id": id, "budget_tokens": budget}))
    };
    let whole = fetch("kazakhstan-2008.md", 4000);
    assert_eq!(whole["cite"], "Kazakhstan 2008, lines 11-15", "{whole:#}");
    assert_eq!(whole["section"], Value::Null);
    // Under one heading, with it.
    let section = fetch("tipsearch://kazakhstan-2008.md#prosecution", 4000);
    assert!(section["parts"].as_array().unwrap().len() > 1, "{section:#}");
    assert_eq!(section["cite"], "Kazakhstan 2008, “Prosecution”, line 11", "{section:#}");
    assert_eq!(section["section"], "Prosecution");
    let found = given(&server, "search", json!({"query": "complicity"}));
    let passage = fetch(found["results"][0]["id"].as_str().unwrap(), 4000);
    assert_eq!(passage["cite"], found["results"][0]["cite"]);
}

#[test]
fn years_are_told_as_they_are() {
    let report =
        |year: i64| format!("--- r{year}.md\n---\nyear: {year}\n---\n\n# R {year}\n\nSaid.\n");
    let told = |years: &[i64]| {
        let reports: String = years.iter().map(|year| report(*year)).collect();
        let server = Server::of(Shelf::of(&reports), &[]);
        given(&server, "status", json!({}))["about"].as_str().unwrap().to_owned()
    };
    let about = told(&[2021, 2013, 2014, 2016, 2017, 2019, 2020]);
    assert!(about.contains(" Years: 2013-2014, 2016-2017, 2019-2021."), "{about}");
    assert!(told(&[2013]).contains(" Year: 2013."));
    let gaps: Vec<i64> = (0..14).map(|n| 1980 + 2 * n).collect();
    assert!(told(&gaps).contains(" Years: 14 of those from 1980 to 2006."));
}

#[test]
fn who_names_some_countries_says_how_to_list_all() {
    let reports: String = (0..14)
        .map(|n| format!("--- r{n}.md\n---\ncountry: Country {n:02}\n---\n\n# R {n}\n\nSaid.\n"))
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    let about = given(&server, "status", json!({}))["about"].as_str().unwrap().to_owned();
    assert!(about.contains("and 2 more (`count` of `*` by `country` lists all;"), "{about}");
    let all = given(&server, "count", json!({"query": "*", "by": ["country"]}));
    assert_eq!(all["groups"].as_array().unwrap().len(), 14);
    let llms = get(&server, "/llms.txt").text();
    assert!(llms.contains("(`GET /v1/facets?limit=1000&by=country` lists all)"), "{llms}");
    let all = get(&server, "/v1/facets?limit=1000&by=country").json();
    assert_eq!(all["facets"][0]["values"].as_array().unwrap().len(), 14);
}
