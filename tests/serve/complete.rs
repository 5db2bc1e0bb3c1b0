//! What a server says of what it has not looked at: files that have changed, synonyms that it has not, reports that nobody
//! has counted; and that no answer is taken for that of a server with other options.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::client::{Server, get, get_with, post_json};
use super::mcp::{call, given};
use super::shelf;
use crate::support::Shelf;

const NOWHERE: &str = "/v1/search?query=zeppelin&exhaustive=true";

#[test]
fn a_file_that_has_changed_since_indexing_may_say_it() {
    let shelf = shelf();
    let server = Server::start(&shelf, &[]);
    let fresh = get(&server, NOWHERE);
    let (tag, fresh) = (fresh.header("etag").map(str::to_owned), fresh.json());
    let said = &fresh["exhaustive"];
    assert_eq!((&said["is_complete"], &said["changed_files"]), (&json!(true), &json!(0)));
    assert_eq!(fresh["warnings"], json!([]));
    let told = given(&server, "search", json!({"query": "zeppelin", "mode": "exhaustive"}));
    assert_eq!(told["complete"], true, "{told:#}");

    shelf.write("new.md", b"# New\n\nA zeppelin was seen.\n");
    for stale in [
        get(&server, NOWHERE),
        post_json(&server, "/v1/search", &json!({"query": "zeppelin", "exhaustive": true})),
    ] {
        let stale = stale.json();
        let said = &stale["exhaustive"];
        assert_eq!(
            (&said["is_complete"], &said["changed_files"]),
            (&json!(false), &json!(1)),
            "{said}"
        );
        let warnings = stale["warnings"].to_string();
        assert!(warnings.contains("1 file has changed since indexing"), "{warnings}");
    }
    let told = given(&server, "search", json!({"query": "zeppelin", "mode": "exhaustive"}));
    assert_eq!(told["complete"], false, "{told:#}");
    assert!(told["warnings"].to_string().contains("1 file has changed since indexing"), "{told:#}");
    // Nobody keeps the answer from when nothing had changed.
    assert_eq!(tag, None);
    // Other questions are not about all there is.
    let plain = get(&server, "/v1/search?query=zeppelin").json();
    assert!(!plain["warnings"].to_string().contains("changed"), "{plain}");

    std::fs::rename(shelf.corpus(), shelf.folder.path().join("elsewhere")).unwrap();
    let elsewhere = get(&server, NOWHERE).json();
    let said = &elsewhere["exhaustive"];
    assert_eq!((&said["is_complete"], &said["changed_files"]), (&json!(true), &Value::Null));
}

#[test]
fn every_form_and_as_written_exclude_one_another() {
    let server = Server::of(shelf(), &[]);
    for format in ["", "&format=csv"] {
        let refused = get(&server, &format!("{NOWHERE}&literal=true{format}"));
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_parameter"), "{format}");
        let detail = refused.json()["detail"].to_string();
        assert!(detail.contains("`exhaustive`") && detail.contains("`literal`"), "{detail}");
    }
    let without = get(&server, &format!("{NOWHERE}&synonyms=false")).json();
    assert_eq!(without["exhaustive"]["is_complete"], false, "{without}");
    assert!(
        without["warnings"].to_string().contains("synonyms were not searched for"),
        "{without}"
    );
}

#[test]
fn a_server_without_synonyms_has_not_looked_for_every_form() {
    let shelf = shelf();
    let server = Server::start(&shelf, &["--no-synonyms"]);
    let without = get(&server, NOWHERE).json();
    assert_eq!(without["exhaustive"]["is_complete"], false, "{without}");
    assert!(
        without["warnings"].to_string().contains("synonyms were not searched for"),
        "{without}"
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_tipsearch"))
        .args(["mcp", "--no-synonyms", "--index"])
        .arg(shelf.index_path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked = call("search", json!({"query": "zeppelin", "mode": "exhaustive"}));
    let hello = super::mcp::hello("2025-11-25");
    let lines = format!("{hello}\n{asked}\n");
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let answer: Value = serde_json::from_str(output.lines().last().unwrap()).unwrap();
    let answer = &answer["result"]["structuredContent"];
    assert_eq!(answer["complete"], false, "{answer:#}");
    assert!(answer["warnings"].to_string().contains("synonyms were not"), "{answer:#}");
}

#[test]
fn of_how_many_reports_is_told_where_all_were_counted() {
    let reports: String = (0..60)
        .map(|n| {
            let sections: String = (0..20)
                .map(|part| format!("## Part {part}\n\nBorder {n} was closed.\n\n"))
                .collect();
            format!("--- r{n}.md\n# Report {n}\n\n{sections}")
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    let least = get(&server, "/v1/search?query=border&literal=true").json();
    assert_eq!(
        (&least["total"]["relation"], &least["total"]["documents"]),
        (&json!("gte"), &Value::Null)
    );
    let all = get(&server, "/v1/search?query=border&literal=true&exact=true").json();
    assert_eq!(all["total"], json!({"relation": "eq", "passages": 1200, "documents": 60}));
}

#[test]
fn a_server_with_other_options_gives_its_own_answers() {
    let shelf = shelf();
    let synonyms = shelf.folder.path().join("synonyms.toml");
    std::fs::write(&synonyms, "groups = [[\"zeppelin\", \"airship\"]]\n").unwrap();
    let tag = |options: &[&str]| {
        let server = Server::start(&shelf, options);
        let answer = get(&server, "/v1/search?query=bribery");
        let tag = answer.header("etag").unwrap().to_owned();
        let again =
            get_with(&server, "/v1/search?query=bribery", &format!("If-None-Match: {tag}\r\n"));
        assert_eq!(again.status, 304);
        tag
    };
    let tags = [
        tag(&[]),
        tag(&["--no-synonyms"]),
        tag(&["--thesaurus", synonyms.to_str().unwrap()]),
        tag(&["--also", &format!("more={}", shelf.index_path().display())]),
    ];
    assert_eq!(tags[0], tag(&[]), "the same options, the same answers");
    let distinct: std::collections::BTreeSet<&String> = tags.iter().collect();
    assert_eq!(distinct.len(), tags.len(), "{tags:?}");
}
