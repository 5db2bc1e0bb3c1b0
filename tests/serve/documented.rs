//! What `docs/server.md` shows is what happens, and each code of a failure is in the published document.

use std::process::Command;

use super::client::{Server, get, post_json};
use crate::support::Shelf;
use crate::tidy::is_as_shown;

/// The report in `corpus/`.
fn kazakhstan() -> Shelf {
    let shelf = Shelf::empty();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).unwrap() {
        let path = entry.unwrap().path();
        shelf.write(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(&path).unwrap());
    }
    shelf.index();
    shelf
}

#[test]
fn what_the_page_about_the_server_shows_is_what_happens() {
    if Command::new("curl").arg("--version").output().is_err() {
        return eprintln!("skipped: there is no curl");
    }
    let page = include_str!("../../docs/server.md");
    let server = Server::of(kazakhstan(), &[]);
    let mut tried = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for part in block.split("$ curl ").skip(1) {
            let (command, shown) = part.split_once('\n').unwrap();
            let command = command.replace("127.0.0.1:7700", &server.address.to_string());
            let output =
                Command::new("sh").args(["-c", &format!("curl {command}")]).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let printed: Vec<&str> = text.trim_end().lines().collect();
            let shown: Vec<&str> = shown.trim_end().lines().collect();
            assert!(is_as_shown(&shown, &printed), "`curl {command}` prints:\n{text}");
            tried += 1;
        }
    }
    assert!(tried >= 4, "{tried} commands tried");
}

#[test]
fn the_page_names_every_option() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_tipsearch")).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let page = include_str!("../../docs/server.md");
    let is_common =
        |option: &str| ["--index", "--json", "--color", "--quiet", "--help"].contains(&option);
    let options = help.split_whitespace().filter(|word| word.starts_with("--"));
    let mut named = 0;
    for option in options.map(|word| word.trim_end_matches([',', ']', ';', '.'])) {
        assert!(is_common(option) || page.contains(option), "{option} is not in docs/server.md");
        named += 1;
    }
    assert!(named > 10, "{help}");
}

#[test]
fn failures_are_published_with_their_codes() {
    let server = Server::of(kazakhstan(), &[]);
    let published = get(&server, "/openapi.json").text();
    let sources = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve"));
    let mut named = 0;
    for entry in sources.into_iter().map(|entry| entry.unwrap()) {
        let Ok(source) = std::fs::read_to_string(entry.path()) else { continue };
        let failures = source.split("Problem::new(").skip(1).chain(source.split("told(\"").skip(1));
        let codes = failures.filter_map(|rest| {
            rest.split('"').find(|part| {
                part.len() > 3 && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            })
        });
        for code in codes {
            assert!(
                published.contains(&format!("`{code}`")),
                "{code} in {}",
                entry.path().display()
            );
            named += 1;
        }
    }
    assert!(named > 20, "{named} failures");
}

#[test]
fn a_passage_that_is_not_there_is_a_published_failure() {
    let server = Server::of(kazakhstan(), &[]);
    let published = get(&server, "/openapi.json").json();
    let verify = serde_json::json!({"quotes": ["Border guards"], "doc": "0"});
    for (path, method, answer) in [
        ("/v1/search", "get", get(&server, "/v1/search?like=0")),
        ("/v1/verify", "post", post_json(&server, "/v1/verify", &verify)),
    ] {
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        let responses = &published["paths"][path][method]["responses"];
        assert!(responses["404"].is_object(), "{path}: {responses}");
    }
}

#[test]
fn more_like_a_passage_needs_no_query() {
    let server = Server::of(kazakhstan(), &[]);
    let found = get(&server, "/v1/search?query=border+guards&limit=1").json();
    let id = found["hits"][0]["id"].as_str().unwrap();
    let alike = get(&server, &format!("/v1/search?like={id}&limit=3")).json();
    let ids: Vec<&str> =
        alike["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert!(ids.len() == 3 && !ids.contains(&id), "{ids:?}");
    let neither = get(&server, "/v1/search?limit=3");
    assert_eq!(neither.status, 400);
    assert_eq!(neither.json()["detail"], "`query` is missing");
}

/// What the chatbot of the examples says to a question.
fn chatbot(shelf: &Shelf, question: &str) -> String {
    let output = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/chatbot.py"))
        .arg(question)
        .env("TIPSEARCH", env!("CARGO_BIN_EXE_tipsearch"))
        .env("TIPSEARCH_INDEX", shelf.index_path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_chatbot_answers_with_a_verified_quotation() {
    if Command::new("python3").arg("--version").output().is_err() {
        return eprintln!("skipped: there is no python3");
    }
    let shelf = kazakhstan();
    let said = chatbot(&shelf, "Were border guards complicit, and how do we know?");
    assert!(said.contains("complicity of some border guards"), "{said}");
    assert!(said.contains("“Prosecution (2008)”") && said.contains("verified: verbatim"), "{said}");
    // It denies only what it has looked for in every form.
    let said = chatbot(&shelf, "Why is it so?");
    assert!(said.starts_with("I have no sentence") && said.contains("“"), "{said}");
    let said = chatbot(&shelf, "zygomorphic quokkas");
    assert!(
        said.starts_with("The reports do not say: nothing has zygomorphic AND quokkas"),
        "{said}"
    );
}
