//! The Model Context Protocol by plain JSON-RPC, over standard streams and over HTTP.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::client::{Server, post, post_json};
use super::{shelf, small_passages};
use crate::support::Shelf;

const TOOLS: [&str; 7] = ["search", "fetch", "outline", "count", "verify_quote", "kwic", "status"];

pub fn hello(version: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
    }})
}

pub fn request(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

pub fn call(tool: &str, arguments: Value) -> Value {
    request("tools/call", json!({"name": tool, "arguments": arguments}))
}

/// `tipsearch mcp` over the index of a shelf.
fn over(shelf: &Shelf) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tipsearch"))
        .args(["mcp", "--index"])
        .arg(shelf.index_path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends messages to `tipsearch mcp`, closes its input, and returns its answers by id.
fn over_streams(shelf: &Shelf, messages: &[Value]) -> Vec<Value> {
    let mut child = over(shelf);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut answers = Vec::new();
    for message in messages {
        writeln!(stdin, "{message}").unwrap();
        if message.get("id").is_some() {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            answers.push(serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}")));
        }
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    answers
}

/// Sends lines as they are to `tipsearch mcp`, closes its input, and returns all that it answers.
fn lines_over_streams(shelf: &Shelf, lines: &str) -> Vec<Value> {
    let mut child = over(shelf);
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What JavaScript writes where it has cut an emoji in half.
const HALF: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"border \ud83d \udc6e \ud83d\udc6e \\ud83d"}}}"#;
/// A whole emoji, and a backslash before what looks like half of one, stay.
const WHOLE: &str = "border \u{fffd} \u{fffd} \u{1f46e} \\ud83d";

#[test]
fn half_a_character_is_no_fault() {
    let shelf = shelf();
    let server = Server::start(&shelf, &[]);
    let expected = over_http(&server, &call("search", json!({"query": WHOLE})));
    assert!(!expected["result"]["structuredContent"]["results"].as_array().unwrap().is_empty());
    let over_http = post(&server, "/mcp", "application/json", HALF);
    assert_eq!((over_http.status, over_http.json()), (200, expected.clone()));
    let done = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let answers = lines_over_streams(&shelf, &format!("{}\n{done}\n{HALF}\n", hello("2025-11-25")));
    assert_eq!(answers.len(), 2, "{answers:#?}");
    assert_eq!(answers[1], expected);
    // The routes take JSON as it is defined.
    let body = r#"{"query": "border \ud83d"}"#;
    let refused = post(&server, "/v1/search", "application/json", body);
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_request"));
}

/// What is no message, with the code and the id of the answer; `None` where there is none.
const FAULTY: [(&str, Option<i32>, &str); 7] = [
    ("garbage", Some(-32700), "null"),
    (r#"{"jsonrpc":"2.0","id":7,"method":"#, Some(-32700), "null"),
    (r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":[]}"#, Some(-32600), "7"),
    (r#"{"jsonrpc":"1.0","id":"b","method":"ping"}"#, Some(-32600), "\"b\""),
    ("[1, 2]", Some(-32600), "null"),
    ("\u{feff}  \"\u{ff}", Some(-32700), "null"),
    (r#"{"jsonrpc":"2.0","method":"$/ofNobody"}"#, None, ""),
];

#[test]
fn what_is_no_message_is_told_so_and_the_next_is_answered() {
    let shelf = shelf();
    let mut lines = format!("garbage before all\n{}\n\n", hello("2025-11-25"));
    for (line, ..) in FAULTY {
        lines += &format!("{line}\r\n");
    }
    let long = format!("\"{}\"", "x".repeat(17 << 20));
    let answers =
        lines_over_streams(&shelf, &format!("{lines}{long}\n{}", request("ping", json!({}))));
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    // What can be answered at once may be answered before what has to be looked for.
    let mut codes: Vec<Option<i64>> = answers.iter().map(code).collect();
    codes.sort_unstable();
    let mut expected = vec![None, None];
    expected.extend([Some(-32700); 5]);
    expected.extend([Some(-32600); 3]);
    assert_eq!(codes, expected, "{answers:#?}");
    let ids = answers.iter().filter(|answer| code(answer) == Some(-32600));
    let ids: Vec<String> = ids.map(|answer| answer["id"].to_string()).collect();
    assert_eq!(ids, ["7", "\"b\"", "null"]);
    assert_eq!(answers.last().unwrap()["result"], json!({}));

    let server = Server::start(&shelf, &[]);
    for (body, expected, id) in FAULTY {
        let answer = post(&server, "/mcp", "application/json", body);
        let Some(expected) = expected else {
            assert!(answer.status < 500, "{body}: {answer:?}");
            continue;
        };
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(code(&answer.json()), Some(expected.into()), "{body}");
        assert_eq!(answer.json()["id"].to_string(), id);
    }
}

/// Requests with parameters that cannot be, and what their answers say is to be changed.
#[test]
fn parameters_that_cannot_be_are_told_so() {
    let shelf = shelf();
    let server = Server::start(&shelf, &[]);
    let cases = [
        (
            "tools/call",
            json!({"name": "search", "arguments": "{\"query\": \"border\"}"}),
            "`params.arguments` is a text; send an object",
        ),
        ("tools/call", json!({"name": "search", "arguments": []}), "`params.arguments` is a list"),
        ("tools/call", json!({"arguments": {"query": "border"}}), "`params.name` is missing"),
        ("tools/call", json!({"name": 3}), "`params.name` is missing"),
        ("resources/read", json!({}), "`params.uri` is missing"),
    ];
    let mut lines = format!("{}\n", hello("2025-11-25"));
    for (method, parameters, says) in &cases {
        let answer = over_http(&server, &request(method, parameters.clone()));
        assert_eq!(answer["error"]["code"], -32602, "{method} {parameters}: {answer}");
        let told = answer["error"]["message"].as_str().unwrap();
        assert!(told.contains(says), "{told}");
        lines += &format!("{}\n", request(method, parameters.clone()));
    }
    let over_streams = lines_over_streams(&shelf, &lines);
    let codes = over_streams.iter().filter_map(|answer| answer["error"]["code"].as_i64());
    assert_eq!(codes.collect::<Vec<_>>(), [-32602; 5], "{over_streams:#?}");
    // What there is not stays so, and a tool may be called without arguments.
    let unheard = over_http(&server, &request("tools/cell", json!({"name": 3})));
    assert_eq!(unheard["error"]["code"], -32601, "{unheard}");
    let status = over_http(&server, &request("tools/call", json!({"name": "status"})));
    assert_eq!(status["result"]["isError"], false, "{status}");
}

/// Sends a message over HTTP.
pub fn over_http(server: &Server, message: &Value) -> Value {
    let answer = post_json(server, "/mcp", message);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// What a tool gives, which must be of its schema and stand as a text beside.
pub fn given(server: &Server, tool: &str, arguments: Value) -> Value {
    let listed = over_http(server, &request("tools/list", json!({})));
    let listed = listed["result"]["tools"].as_array().unwrap();
    let definition = listed.iter().find(|other| other["name"] == tool).unwrap();
    let input = jsonschema::validator_for(&definition["inputSchema"]).unwrap();
    assert!(input.is_valid(&arguments), "{tool}: {arguments}");
    let answer = over_http(server, &call(tool, arguments));
    let result = &answer["result"];
    assert_eq!(result["isError"], false, "{answer}");
    let value = result["structuredContent"].clone();
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, value, "{tool}");
    let output = jsonschema::validator_for(&definition["outputSchema"]).unwrap();
    let faults: Vec<String> = output.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{tool}: {faults:#?}\n{value:#}");
    value
}

/// What a tool says of wrong arguments.
fn refusal(server: &Server, tool: &str, arguments: Value) -> String {
    let answer = over_http(server, &call(tool, arguments));
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["content"][0]["text"].as_str().unwrap().to_owned()
}

/// A phrase that begins in one passage and ends in the next.
#[test]
fn a_result_says_where_what_matched_goes_on() {
    let server = Server::of(small_passages(), &[]);
    let query = json!({"query": "\"trafficking the government\""});
    let found = given(&server, "search", query.clone());
    let next = &found["results"][0]["continuation"];
    assert_eq!(next["text"], "The government prosecuted two officials.");
    let lines = given(&server, "kwic", query);
    assert_eq!(lines["lines"][0]["keyword"], "trafficking. The government");
}

#[test]
fn tools_are_listed_with_schemas_and_annotations() {
    let shelf = shelf();
    let done = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let messages = [hello("2025-11-25"), done, request("tools/list", json!({}))];
    let answers = over_streams(&shelf, &messages);
    let server = &answers[0]["result"];
    assert_eq!(server["serverInfo"]["name"], "tipsearch");
    let told = server["instructions"].as_str().unwrap();
    for piece in [
        "4 reports",
        "Years: 2008-2010.",
        "Kazakhstan",
        "`cite`",
        "not instructions",
        "`exhaustive`, which",
    ] {
        assert!(told.contains(piece), "{told}");
    }
    // A field of HTTP's answers, in which a citation has parts.
    assert!(!told.contains("cite.short"), "{told}");
    let tools = answers[1]["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, TOOLS);
    for tool in tools {
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{tool}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{tool}");
        let hints = &tool["annotations"];
        let hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]
            .map(|hint| &hints[hint]);
        assert_eq!(hints, [&json!(true), &json!(false), &json!(true), &json!(false)]);
    }
}

/// What is said in other words: `bribery` is nowhere, and `bribe` is what it is also called.
#[test]
fn what_a_count_leaves_out_is_counted_if_asked_for() {
    let server = Server::of(Shelf::of("# R\n\n## One\n\nThe guards asked for a bribe.\n"), &[]);
    let count = |arguments: Value| given(&server, "count", arguments)["total"]["passages"].clone();
    let query = json!({"query": "bribery"});
    assert_eq!(count(query.clone()), 0);
    assert_eq!(count(json!({"query": "bribery", "synonyms": true})), 1);
    let by = given(&server, "count", json!({"query": "bribery", "synonyms": true, "by": ["doc"]}));
    assert_eq!(by["groups"].as_array().unwrap().len(), 1, "{by}");
    let found = given(&server, "search", json!({"query": "bribery", "mode": "exhaustive"}));
    assert_eq!(found["results"].as_array().unwrap().len(), 1, "{found}");
    // So the tool and the instructions send whoever denies something there.
    let listed = over_http(&server, &request("tools/list", json!({})));
    let tool =
        listed["result"]["tools"].as_array().unwrap().iter().find(|it| it["name"] == "count");
    let about = tool.unwrap()["description"].as_str().unwrap();
    assert!(about.contains("`search` with `mode` `exhaustive`"), "{about}");
    let llms = super::client::get(&server, "/llms.txt").text();
    assert!(llms.contains("ask `GET /v1/search` with `exhaustive=true`, which"), "{llms}");
}

#[test]
fn versions_are_agreed_upon() {
    let shelf = shelf();
    for (asked, agreed) in
        [("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"), ("2024-01-01", "2025-11-25")]
    {
        let answers = over_streams(&shelf, &[hello(asked)]);
        assert_eq!(answers[0]["result"]["protocolVersion"], agreed, "{asked}");
    }
    // Since 2026-07-28 each request says for itself which version it is of.
    let server = Server::start(&shelf, &[]);
    let meta = json!({"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }});
    let body = request("server/discover", meta).to_string();
    let answer = server.raw(&format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n\
         Mcp-Method: server/discover\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let versions = &answer.json()["result"]["supportedVersions"];
    assert_eq!(versions, &json!(["2025-06-18", "2025-11-25", "2026-07-28"]), "{}", answer.text());
}

#[test]
fn every_tool_answers_by_its_schema() {
    let server = Server::of(shelf(), &[]);
    let found = given(&server, "search", json!({"query": "border guards complicity"}));
    let first = &found["results"][0];
    for field in ["id", "title", "url", "text"] {
        assert!(!first[field].as_str().unwrap().is_empty(), "{first}");
    }
    let id = first["id"].as_str().unwrap();
    let read = given(&server, "fetch", json!({"id": id}));
    assert_eq!((&read["id"], &read["text"]), (&first["id"], &first["text"]));
    assert_eq!(given(&server, "fetch", json!({"id": first["url"]}))["text"], first["text"]);
    let whole = given(&server, "fetch", json!({"id": "kazakhstan-2008.md"}));
    assert!(whole["text"].as_str().unwrap().contains("## Protection"), "{whole}");
    assert_eq!(whole["metadata"]["country"], json!(["Kazakhstan"]));
    let outline = given(&server, "outline", json!({"doc_id": "kazakhstan-2008.md"}));
    assert_eq!(outline["sections"][1]["heading"], "Prosecution");
    let counted = given(&server, "count", json!({"query": "police", "by": ["country"]}));
    assert_eq!(counted["total"]["documents"], 3);
    assert_eq!(given(&server, "count", json!({"query": "zebra"}))["total"]["passages"], 0);
    let quotes =
        json!({"quotes": ["complicity of some border guards", "words that are nowhere at all"]});
    let verified = given(&server, "verify_quote", quotes);
    assert_eq!(verified["results"][0]["verdict"], "verbatim");
    assert_eq!(verified["results"][1]["verdict"], "absent");
    let lines = given(&server, "kwic", json!({"query": "border", "filters": "year:2008"}));
    assert_eq!(lines["total"]["occurrences"], 2);
    assert_eq!(given(&server, "status", json!({}))["documents"], 4);
}

#[test]
fn wrong_arguments_are_answers_that_say_what_to_change() {
    let server = Server::of(shelf(), &[]);
    for (tool, arguments, says) in [
        ("search", json!({"query": "a", "filtres": "x"}), "did you mean `filters`?"),
        ("search", json!({"qery": "a"}), "did you mean `query`?"),
        ("search", json!({}), "`query` is missing"),
        ("search", json!({"query": 3}), "`query` is a text"),
        ("search", json!({"query": "a", "limit": 1000}), "from 1 to 100"),
        ("search", json!({"query": "a".repeat(5000)}), "4096"),
        ("search", json!({"query": "contry:x"}), "did you mean `country:`"),
        ("fetch", json!({"id": "nothing"}), "there is no passage or report `nothing`"),
        ("outline", json!({"doc_id": "kazakhstan"}), "did you mean `kazakhstan-2008.md`?"),
        ("count", json!({"query": "a", "by": ["contry"]}), "did you mean `country`?"),
        ("verify_quote", json!({"quotes": []}), "`quotes` is missing"),
        ("status", json!({"verbose": true}), "there is no parameter `verbose`"),
    ] {
        let said = refusal(&server, tool, arguments);
        assert!(said.contains(says), "{tool}: {said}");
    }
    let answer = over_http(&server, &call("serach", json!({})));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
}

#[test]
fn answers_stay_within_their_budget_and_go_on_from_there() {
    let words = "The border guards of the northern province stood at the river and counted those who crossed it. ";
    let reports: String = (0..8)
        .map(|report| {
            format!(
                "--- r{report}.md\n# Report {report}\n\n## Part {report}\n\nNumber {report}. {}\n",
                words.repeat(4)
            )
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let mut arguments = json!({"query": "border guards", "limit": 4, "budget_tokens": 500});
        if let Some(cursor) = &cursor {
            arguments["cursor"] = json!(cursor);
        }
        let answer = given(&server, "search", arguments);
        // No tokenizer in use has more than one token for two bytes of English JSON.
        assert!(answer.to_string().len() <= 500 * 5, "{}", answer.to_string().len());
        let results = answer["results"].as_array().unwrap();
        seen.extend(results.iter().map(|result| result["id"].as_str().unwrap().to_owned()));
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
        assert!(seen.len() < 20);
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (8, 8));
}

#[test]
fn a_report_is_fetched_in_parts() {
    let sections: String = (0..30)
        .map(|section| format!("## Part {section}\n\nWhat is said in part {section} is said in so many words, and no more.\n\n"))
        .collect();
    let server = Server::of(Shelf::of(&format!("--- long.md\n# Long\n\n{sections}")), &[]);
    let (mut id, mut parts) = ("long.md".to_owned(), 0);
    let first = given(&server, "fetch", json!({"id": id, "budget_tokens": 600}));
    parts += first["parts"].as_array().unwrap().len();
    id = first["next"].as_str().unwrap().to_owned();
    while parts < 30 {
        let more = given(&server, "fetch", json!({"id": id, "after": 20, "budget_tokens": 600}));
        let shown = more["parts"].as_array().unwrap();
        for part in shown {
            let bytes = (part["bytes"][0].as_u64().unwrap() as usize)
                ..(part["bytes"][1].as_u64().unwrap() as usize);
            assert!(more["text"].as_str().unwrap()[bytes].starts_with("What is said"), "{more}");
        }
        assert!(!shown.is_empty());
        parts += shown.len();
        match more["next"].as_str() {
            Some(next) => id = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(parts, 30);
}

#[test]
fn resources_are_listed_and_read() {
    let server = Server::of(shelf(), &[]);
    let listed = over_http(&server, &request("resources/list", json!({})));
    let listed = listed["result"]["resources"].as_array().unwrap();
    assert_eq!(listed.len(), 4);
    let read = |uri: &str| over_http(&server, &request("resources/read", json!({"uri": uri})));
    for resource in listed {
        let answer = read(resource["uri"].as_str().unwrap());
        let text = answer["result"]["contents"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("# ") || text.starts_with("## "), "{answer}");
    }
    let section = read("tipsearch://kazakhstan-2008.md#protection");
    let text = section["result"]["contents"][0]["text"].as_str().unwrap();
    assert!(text.contains("shelters") && !text.contains("complicity"), "{section}");
    assert!(read("tipsearch://nowhere.md")["error"]["code"].is_i64());
    let templates = over_http(&server, &request("resources/templates/list", json!({})));
    assert_eq!(templates["result"]["resourceTemplates"][0]["uriTemplate"], "tipsearch://{+doc}");
}

#[test]
fn reports_of_all_indexes_are_resources() {
    let other = Shelf::of("# Laws\n\n## Article 1\n\nZebras are protected.\n");
    let also = format!("laws={}", other.index_path().display());
    let server = Server::of(shelf(), &["--also", &also]);
    let listed = over_http(&server, &request("resources/list", json!({})));
    let listed = listed["result"]["resources"].as_array().unwrap();
    assert_eq!(listed.len(), 5);
    let uri = "tipsearch://report.md?index=laws";
    assert_eq!(listed[4]["uri"], uri);
    let read = over_http(&server, &request("resources/read", json!({"uri": uri})));
    assert!(read["result"]["contents"][0]["text"].as_str().unwrap().contains("Zebras"), "{read}");
    let lost = json!({"uri": "tipsearch://report.md?index=lows"});
    assert!(over_http(&server, &request("resources/read", lost))["error"]["code"].is_i64());
    let found = given(&server, "search", json!({"query": "zebras", "index": "laws"}));
    let url = found["results"][0]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("tipsearch://report.md?index=laws#"), "{url}");
    let fetched = given(&server, "fetch", json!({"id": url}));
    assert!(fetched["text"].as_str().unwrap().contains("Zebras"), "{fetched}");
}

#[test]
fn ids_of_another_index_come_with_its_name() {
    let other = Shelf::of("# Laws\n\n## Article 1\n\nZebras are protected.\n");
    let also = format!("laws={}", other.index_path().display());
    let server = Server::of(shelf(), &["--also", &also]);
    let in_laws = |tool: &str, mut arguments: Value| {
        arguments["index"] = json!("laws");
        given(&server, tool, arguments)
    };
    let found = in_laws("search", json!({"query": "zebras"}));
    let (id, index) = (&found["results"][0]["id"], &found["results"][0]["index"]);
    assert_eq!(index, "laws", "{found:#}");
    assert_eq!(given(&server, "fetch", json!({"id": id, "index": index}))["index"], "laws");
    assert_eq!(in_laws("kwic", json!({"query": "zebras"}))["index"], "laws");
    assert_eq!(in_laws("outline", json!({"doc_id": "report.md"}))["index"], "laws");
    let quotes = in_laws("verify_quote", json!({"quotes": ["Zebras are protected."]}));
    assert_eq!(quotes["results"][0]["matches"][0]["index"], "laws", "{quotes:#}");
    let lost = refusal(&server, "fetch", json!({"id": id}));
    assert!(lost.contains("`index`") && lost.contains("laws"), "{lost}");
    let own = given(&server, "search", json!({"query": "border"}));
    assert_eq!(own["results"][0]["index"], Value::Null, "{own:#}");
}

/// What of `/mcp` is no message of the protocol is told as on every other route.
#[test]
fn what_takes_json_is_answered_and_refusals_are_problems() {
    let server = Server::of(shelf(), &[]);
    let body = request("ping", json!({})).to_string();
    let asked = |head: &str| {
        server.raw(&format!(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{head}\r\n{body}",
            body.len()
        ))
    };
    let json = "Content-Type: application/json\r\n";
    for accept in [
        "",
        "Accept: */*\r\n",
        "Accept: application/json\r\n",
        "Accept: text/html, application/*;q=0.5\r\n",
        "Accept: application/json, text/event-stream\r\n",
    ] {
        let answer = asked(&format!("{json}{accept}"));
        assert_eq!((answer.status, &answer.json()["result"]), (200, &json!({})), "{accept}");
    }
    for (head, status, code) in [
        (format!("{json}Accept: text/event-stream\r\n"), 406, "not_acceptable"),
        (format!("{json}Accept: */*;q=0\r\n"), 406, "not_acceptable"),
        ("Accept: */*\r\nContent-Type: text/plain\r\n".to_owned(), 415, "not_json"),
    ] {
        let answer = asked(&head);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{head}");
    }
    let answer = super::client::get(&server, "/mcp");
    assert_eq!((answer.status, answer.code().as_str()), (405, "method_not_allowed"));
    assert!(answer.header("allow").is_some(), "{answer:?}");
}

#[test]
fn both_ways_lead_to_the_same_answer() {
    let shelf = shelf();
    let server = Server::start(&shelf, &[]);
    let ask = call("search", json!({"query": "police bribery", "limit": 3}));
    let done = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let answers = over_streams(&shelf, &[hello("2025-11-25"), done, ask.clone()]);
    assert_eq!(answers[1]["result"], over_http(&server, &ask)["result"]);
}

#[test]
fn it_leaves_when_its_input_ends() {
    assert!(over_streams(&shelf(), &[]).is_empty());
}
