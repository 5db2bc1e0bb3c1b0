//! The server as it is: the program itself on a free port, and what it answers.

mod addresses;
mod asked;
mod budgets;
mod choices;
mod client;
mod complete;
mod documented;
mod hardened;
mod mcp;
mod pages;
mod readable;
mod reload;
mod routes;
mod safety;

use tipsearch::passage::PassageSize;

use crate::support::Shelf;
use client::{Server, get};

/// Two countries, two years, a quotation, hostile titles.
const REPORTS: &str = "\
--- kazakhstan-2008.md
---
title: Kazakhstan 2008
country: Kazakhstan
year: 2008
---

# Kazakhstan 2008

## Prosecution

There were reports of complicity of some border guards in trafficking. The government prosecuted two officials.

## Protection

The government opened shelters for victims and trained police officers to find them.
--- kazakhstan-2010.md
---
title: Kazakhstan 2010
country: Kazakhstan
year: 2010
---

# Kazakhstan 2010

## Prosecution

Police investigated border guards, and courts convicted three of them of bribery.
--- albania-2008.md
---
title: Albania 2008
country: Albania
year: 2008
---

# Albania 2008

## Prosecution

Police arrested officials at the border for bribery. Their trials had not begun.
--- hostile.md
---
title: <script>alert(1)</script> & \"co\"
country: Nowhere
year: 2009
---

# <script>alert(1)</script> & \"co\"

## <img src=x onerror=alert(2)>

Markup such as `<b onclick=\"x()\">bold</b>` stands in this text about pirates & smugglers.
";

fn shelf() -> Shelf {
    Shelf::of(REPORTS)
}

/// The same with a passage for each sentence or two.
fn small_passages() -> Shelf {
    Shelf::of_passages(REPORTS, PassageSize { target: 40, max: 100 })
}

#[test]
fn the_first_line_says_where_it_listens_and_the_log_has_no_words_of_queries() {
    let shelf = shelf();
    let server = Server::start(&shelf, &[]);
    assert_eq!(get(&server, "/v1/search?query=unheardofword").status, 200);
    assert_eq!(get(&server, "/v1/documents/kazakhstan-2008.md").status, 200);
    let log = server.stop();
    assert!(log.contains(r#""route":"/v1/search","status":200"#), "{log}");
    assert!(!log.contains("unheardofword"), "{log}");
    assert!(!log.contains("kazakhstan"), "{log}");
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["event"].is_string(), "{line}");
    }
}

#[test]
fn the_log_has_what_was_sent_of_an_export() {
    let reports: String = (0..3000)
        .map(|n| {
            format!(
                "## Part {n}\n\nThe border of province {n} was closed. {}\n\n",
                "Long. ".repeat(90)
            )
        })
        .collect();
    let server = Server::of(Shelf::of(&format!("# Borders\n\n{reports}")), &[]);
    let whole = get(&server, "/v1/search?query=border&format=csv");
    let mut connection = server.connect();
    connection.send("GET /v1/search?query=border&format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n");
    std::thread::sleep(std::time::Duration::from_millis(300));
    drop(connection);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let log = server.stop();
    let exports: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|event: &serde_json::Value| event["event"] == "export")
        .collect();
    assert_eq!(exports.len(), 2, "{log}");
    assert_eq!(
        (&exports[0]["format"], &exports[0]["whole"]),
        (&"csv".into(), &true.into()),
        "{log}"
    );
    assert_eq!(exports[0]["bytes"], whole.body.len(), "{log}");
    assert_eq!(
        (&exports[1]["format"], &exports[1]["whole"]),
        (&"jsonl".into(), &false.into()),
        "{log}"
    );
}

#[test]
fn a_request_that_is_being_answered_is_answered_when_the_server_is_stopped() {
    let shelf = shelf();
    let server = Server::start(&shelf, &[]);
    let mut connection = server.connect();
    connection.send("POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n{\"quotes\":");
    std::thread::sleep(std::time::Duration::from_millis(200));
    server.terminate();
    std::thread::sleep(std::time::Duration::from_millis(200));
    connection.send("[\"nothing of the kind\"]");
    connection.send("}");
    let answer = connection.answer();
    assert_eq!(answer.status, 200, "{}", answer.text());
    server.wait();
}
