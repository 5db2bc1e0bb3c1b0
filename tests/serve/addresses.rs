//! The address of a passage: one wherever it is asked for, valid whatever a file is called, and with its index.

use serde_json::{Value, json};

use super::client::{Server, get, post_json};
use super::mcp::given;
use crate::support::Shelf;

const NAMES: [&str; 6] = [
    "a b (2).md",
    "part#2.md",
    "two\nlines.md",
    "50%.md",
    "Curaçao “x”?index=no.md",
    "plain/eng.md",
];

fn shelf() -> Shelf {
    let shelf = Shelf::empty();
    for name in NAMES {
        shelf.write(
            name,
            format!(
                "# About {}\n\n## Part\n\nZebras graze here. Zebras rest there.\n",
                name.replace('\n', " ")
            )
            .as_bytes(),
        );
    }
    shelf.index();
    shelf
}

/// The addresses in an answer.
fn uris(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| uris(value, found)),
        Value::Object(fields) => {
            found.extend(fields.get("uri").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| uris(value, found));
        }
        _ => {}
    }
}

fn is_uri(uri: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#,=+%".contains(c);
    let escapes = uri.split('%').skip(1);
    let are_hex =
        escapes.map(|rest| rest.get(..2).is_some_and(|two| u8::from_str_radix(two, 16).is_ok()));
    uri.chars().all(is_allowed)
        && are_hex.into_iter().all(|is_hex| is_hex)
        && uri.matches('#').count() == 1
}

#[test]
fn addresses_are_valid_and_the_same_for_programs_and_models() {
    let shelf = shelf();
    let also = format!("laws={}", shelf.index_path().display());
    let server = Server::start(&shelf, &["--also", &also]);
    for index in ["default", "laws"] {
        let by_tool =
            given(&server, "search", json!({"query": "zebras", "index": index, "per_document": 0}));
        let of_tool: Vec<&str> = by_tool["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["url"].as_str().unwrap())
            .collect();
        assert_eq!(of_tool.len(), NAMES.len(), "{by_tool:#}");
        let search = get(
            &server,
            &format!("/v1/search?query=zebras&index={index}&per_document=0&context=1"),
        )
        .json();
        let lines =
            get(&server, &format!("/v1/search?query=zebras&index={index}&format=jsonl")).text();
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let verify = json!({"quotes": ["Zebras graze here. Zebras rest there."], "index": index});
        for answer in [
            search,
            json!(lines),
            get(&server, &format!("/v1/kwic?query=zebras&index={index}")).json(),
            post_json(&server, "/v1/verify", &verify).json(),
        ] {
            let mut found = Vec::new();
            uris(&answer, &mut found);
            assert!(found.len() >= NAMES.len(), "{answer:#}");
            for uri in found {
                assert!(is_uri(&uri), "{uri}");
                assert!(of_tool.contains(&uri.as_str()), "{uri} is none of {of_tool:?}");
            }
        }
        for uri in of_tool {
            assert_eq!(uri.contains("?index=laws#"), index == "laws", "{uri}");
            let read = given(&server, "fetch", json!({"id": uri}));
            assert!(read["text"].as_str().unwrap().contains("Zebras graze"), "{read}");
        }
    }
}

#[test]
fn addresses_on_the_command_line_are_valid_too() {
    let shelf = shelf();
    for hit in shelf.search("zebras").hits {
        let id = hit.passage.id;
        let cite = |style: &str| {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_tipsearch"))
                .args(["cite", &id, "--style", style, "--index"])
                .arg(shelf.index_path())
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let link = cite("link");
        assert!(is_uri(link.trim_end()) && link.trim_end().ends_with(&format!("#{id}")), "{link}");
        let w3c: Value = serde_json::from_str(&cite("w3c")).unwrap();
        assert!(is_uri(&format!("{}#", w3c["source"].as_str().unwrap())), "{w3c}");
    }
}
