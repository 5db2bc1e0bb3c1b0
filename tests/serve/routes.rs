//! Each route: what it answers, what it refuses, and that answers are as the OpenAPI document says.

use serde_json::{Value, json};

use super::client::{Answer, Server, get, get_with, post, post_json};
use super::{shelf, small_passages};

/// The answer, which must be of the schema of this name in the published document.
fn valid(server: &Server, schema: &str, answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let published = get(server, "/openapi.json").json();
    let root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{schema}"),
        "components": published["components"],
    });
    let validator = jsonschema::validator_for(&root).unwrap();
    let value = answer.json();
    let faults: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{schema}: {faults:#?}\n{value:#}");
    value
}

/// A phrase that begins in one passage and ends in the next.
#[test]
fn where_a_match_goes_on_is_as_the_schemas_say() {
    let server = Server::of(small_passages(), &[]);
    let query = "%22trafficking+the+government%22";
    let hits = valid(&server, "hits", &get(&server, &format!("/v1/search?q={query}")));
    let next = &hits["hits"][0]["continuation"];
    assert_eq!(next["text"], "The government prosecuted two officials.");
    assert_eq!(next["marks"][0]["bytes"], json!([0, 14]));
    let kwic = valid(&server, "kwic", &get(&server, &format!("/v1/kwic?query={query}")));
    assert_eq!(kwic["lines"][0]["keyword"], "trafficking. The government");
    assert_eq!(kwic["lines"][0]["continuation"]["id"], next["id"]);
    for page in ["/", "/d/kazakhstan-2008.md"] {
        let page = get(&server, &format!("{page}?q={query}")).text();
        assert!(page.contains("<mark>trafficking</mark>"), "{page}");
        assert!(page.contains("<mark>The government</mark> prosecuted"), "{page}");
    }
}

#[test]
fn every_operation_answers_by_its_schema() {
    let server = Server::of(shelf(), &[]);
    let hits = valid(
        &server,
        "hits",
        &get(
            &server,
            "/v1/search?q=border+guards&filter=country:kazakhstan&explain=true&context=1",
        ),
    );
    assert_eq!(hits["hits"][0]["country"], "Kazakhstan");
    let id = hits["hits"][0]["id"].as_str().unwrap().to_owned();
    let none = get(&server, "/v1/search?q=zeppelin+guards&exhaustive=true");
    let none = valid(&server, "hits", &none);
    assert_eq!(
        (&none["exhaustive"]["is_complete"], &none["total"]["passages"]),
        (&true.into(), &0.into())
    );
    assert!(none["exhaustive"]["near_misses"][0]["text"].is_string(), "{none}");
    valid(&server, "hits", &get(&server, "/v1/search?q=border&feedback=true"));
    let passages = valid(&server, "passages", &get(&server, &format!("/v1/passages/{id}?after=1")));
    assert_eq!(passages["passages"][0]["id"], id.as_str());
    let all = valid(&server, "documents", &get(&server, "/v1/documents?limit=3"));
    assert_eq!((all["total"].as_u64(), all["next_offset"].as_u64()), (Some(4), Some(3)));
    let document = get(&server, "/v1/documents/kazakhstan-2008.md?limit=1");
    let document = valid(&server, "passages", &document);
    assert_eq!((document["total"].as_u64(), document["next_offset"].as_u64()), (Some(2), Some(1)));
    let outline = get(&server, "/v1/documents/kazakhstan-2008.md/outline");
    assert_eq!(valid(&server, "outline", &outline)["sections"][1]["path"][1], "Prosecution");
    let facets = valid(&server, "facets", &get(&server, "/v1/facets?by=country,year&limit=2"));
    assert_eq!(facets["facets"][0]["values"][0]["value"], "Kazakhstan");
    let kwic = valid(&server, "kwic", &get(&server, "/v1/kwic?query=border&sort=right"));
    assert_eq!(kwic["lines"][0]["keyword"], "border");
    let compare =
        valid(&server, "compare", &get(&server, "/v1/compare?query=police&by=country&by=year"));
    assert_eq!(compare["total"]["documents"], 3);
    let status = valid(&server, "status", &get(&server, "/v1/status"));
    assert_eq!(status["index"]["documents"], 4);
}

#[test]
fn quotations_and_drafts_are_verified() {
    let server = Server::of(shelf(), &[]);
    let quotes = json!({"quotes": ["complicity of some border guards in trafficking", "it never says this at all"]});
    let answer = valid(&server, "verify", &post_json(&server, "/v1/verify", &quotes));
    assert_eq!(answer["results"][0]["verdict"], "verbatim");
    assert_eq!(answer["results"][1]["verdict"], "absent");
    let draft = json!({"draft": "%PDF-1.7 The report says that \"police arrested officials at the border for bribery\"."});
    let answer = valid(&server, "verify", &post_json(&server, "/v1/verify", &draft));
    assert_eq!(answer["results"][0]["verdict"], "normalized");
    let many: String = (0..201).map(|n| format!("\"the words of quotation {n}\" ")).collect();
    let refused = post_json(&server, "/v1/verify", &json!({"draft": many}));
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_parameter"));
    assert!(refused.json()["detail"].to_string().contains("201 quotations; 200 are the most"));
    let published = get(&server, "/openapi.json").text();
    assert!(published.contains("200 of each at most"), "{published}");
    for nothing in [json!({}), json!({"quotes": ""}), json!({"quotes": [], "draft": " "})] {
        assert_eq!(post_json(&server, "/v1/verify", &nothing).code(), "bad_parameter", "{nothing}");
    }
    let nowhere = json!({"quotes": ["a b c d"], "doc": "nowhere.md"});
    assert_eq!(post_json(&server, "/v1/verify", &nowhere).code(), "not_found");
}

#[test]
fn a_draft_that_takes_too_long_is_answered_for_as_far_as_time_went() {
    let words =
        ["border", "guards", "police", "courts", "shelters", "officials", "province", "river"];
    let reports: String = (0..400)
        .map(|n: usize| {
            let text: Vec<&str> = (0..300).map(|at| words[(at * (n + 3) + at / 7) % 8]).collect();
            format!("--- r{n}.md\n# Report {n}\n\n## Part\n\n{}.\n", text.join(" "))
        })
        .collect();
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    let long = |n: usize| -> String {
        let text: Vec<&str> = (0..2000).map(|at| words[(at * (n + 5) + at / 11) % 8]).collect();
        text.join(" ")
    };
    let quotes: Vec<String> = (0..60).map(long).collect();
    let answer = post_json(&server, "/v1/verify", &json!({"quotes": quotes}));
    // However fast it is, nothing is left out without a word.
    let answer = valid(&server, "verify", &answer);
    let (results, unchecked) = (&answer["results"], answer["unchecked"].as_u64().unwrap());
    assert_eq!(results.as_array().unwrap().len() as u64 + unchecked, 60);
    assert_eq!(answer["truncated"], unchecked > 0);
    let warned = answer["warnings"][0].as_str().is_some_and(|it| it.contains("time was over"));
    assert_eq!(warned, unchecked > 0, "{}", answer["warnings"]);
}

#[test]
fn get_and_post_are_answered_alike() {
    let server = Server::of(shelf(), &[]);
    let mut by_get = get(&server, "/v1/search?query=police&limit=2&sort=document").json();
    let body = json!({"query": "police", "limit": 2, "sort": "document"});
    let mut by_post = post_json(&server, "/v1/search", &body).json();
    by_get["took_ms"] = json!(0);
    by_post["took_ms"] = json!(0);
    assert_eq!(by_get, by_post);
}

#[test]
fn what_is_unknown_or_wrong_is_said_with_what_is_right() {
    let server = Server::of(shelf(), &[]);
    let refused = |path: &str| {
        let answer = get(&server, path);
        (
            answer.status,
            answer.code(),
            answer.json()["hint"].as_str().unwrap_or_default().to_owned(),
        )
    };
    for path in ["/v1/search?query=a&limti=3", "/v1/facets?limti=3", "/v1/documents?limti=1"] {
        let (status, code, hint) = refused(path);
        assert_eq!((status, code.as_str()), (400, "unknown_parameter"), "{path}");
        assert!(hint.starts_with("did you mean `limit`?"), "{hint}");
    }
    for path in [
        "/v1/search",
        "/v1/search?query=",
        "/v1/search?query=a&limit=",
        "/v1/search?query=a&merge=",
        "/v1/search?query=a&limit=0",
        "/v1/search?query=a&limit=x",
        "/v1/search?query=a&limit=99999999999999999999",
        "/v1/search?query=a&query=b",
        "/v1/search?query=a&sort=best",
        "/v1/search?query=a&literal=maybe",
        "/v1/search?query=a&filter=words",
        "/v1/compare?query=a&by=a,b,c",
        "/v1/compare?query=a&by=nonsense",
        "/v1/facets?by=,,,,,,,,",
    ] {
        let (status, code, _) = refused(path);
        assert_eq!((status, code.as_str()), (400, "bad_parameter"), "{path}");
    }
    let answer = get(&server, "/v1/search?query=contry:x");
    assert_eq!((answer.code().as_str(), answer.json()["column"].as_u64()), ("bad_query", Some(1)));
    let (status, code, hint) = refused("/v1/documents/kazakhstan");
    assert_eq!((status, code.as_str()), (404, "not_found"));
    assert_eq!(hint, "did you mean `kazakhstan-2008.md`?");
    assert_eq!(refused("/v1/search?query=police&cursor=1-2-3").1, "cursor_stale");
    assert_eq!(refused("/nowhere").0, 404);
    let answer = server.raw("DELETE /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((answer.status, answer.code().as_str()), (405, "method_not_allowed"));
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
    assert_eq!(post(&server, "/v1/search", "text/plain", "{}").code(), "not_json");
    assert_eq!(post(&server, "/v1/search", "application/json", "{").code(), "bad_request");
    assert_eq!(post(&server, "/v1/search", "application/json", "[]").code(), "bad_request");
    let wrong = json!({"query": "a", "limit": "many"});
    assert_eq!(post_json(&server, "/v1/search", &wrong).code(), "bad_parameter");
}

#[test]
fn cursors_lead_through_all_hits() {
    let server = Server::of(shelf(), &[]);
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer =
            get(&server, &format!("/v1/search?query=border+police&limit=1&cursor={cursor}")).json();
        ids.extend(answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].clone()));
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let all = get(&server, "/v1/search?query=border+police&limit=100").json();
    let all: Vec<Value> =
        all["hits"].as_array().unwrap().iter().map(|hit| hit["id"].clone()).collect();
    assert_eq!(ids, all);
    assert_eq!(all.len(), 4);
}

#[test]
fn the_same_question_is_not_answered_twice() {
    let server = Server::of(shelf(), &[]);
    let first = get(&server, "/v1/search?query=police");
    let tag = first.header("etag").unwrap().to_owned();
    assert!(tag.starts_with("W/\"1-"), "{tag}");
    let again =
        get_with(&server, "/v1/search?q=police&limit=10", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), Some(tag.as_str()));
    let other = get_with(&server, "/v1/search?query=border", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(other.status, 200);
}

#[test]
fn answers_are_compressed_for_who_asks_for_it() {
    let server = Server::of(shelf(), &[]);
    let plain = get(&server, "/openapi.json");
    let small = get_with(&server, "/openapi.json", "Accept-Encoding: gzip\r\n");
    assert_eq!(small.header("content-encoding"), Some("gzip"));
    assert!(small.body.len() * 2 < plain.body.len());
    assert_eq!(plain.header("content-encoding"), None);
}

#[test]
fn what_every_server_has() {
    let server = Server::of(shelf(), &[]);
    assert_eq!(get(&server, "/healthz").text(), "ok\n");
    assert_eq!(get(&server, "/readyz").text(), "ready, generation 1\n");
    let llms = get(&server, "/llms.txt").text();
    assert!(llms.contains("4 reports") && llms.contains("GET /v1/search"), "{llms}");
    get(&server, "/v1/search?query=secretword");
    let metrics = get(&server, "/metrics").text();
    assert!(
        metrics.contains("tipsearch_requests_total{route=\"/v1/search\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(
        metrics.contains("tipsearch_index_documents{index=\"default\"} 4")
            && !metrics.contains("secretword")
    );
}

#[test]
fn the_openapi_document_names_what_there_is() {
    let server = Server::of(shelf(), &[]);
    let document = get(&server, "/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    for path in
        ["/v1/search", "/v1/passages/{id}", "/v1/documents/{id}/outline", "/v1/verify", "/healthz"]
    {
        assert!(paths.iter().any(|other| *other == path), "{path} is not in {paths:?}");
    }
    let mut ids = Vec::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            ids.push(operation["operationId"].as_str().unwrap());
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert!(body.is_null() || jsonschema::draft202012::meta::is_valid(body), "{body:#}");
        }
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:?}");
    // What a schema allows is answered: an index that there is, at least one field that is not empty.
    // Other names of parameters are there too, each for its own.
    let body = |path: &str| {
        let body = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        jsonschema::validator_for(&body["schema"]).unwrap()
    };
    for (path, asked, is_valid) in [
        ("/v1/verify", json!({"quote": ["complicity of some border guards"]}), true),
        ("/v1/verify", json!({"quotes": ["a b c d"], "quote": ["a b c d"]}), false),
        ("/v1/verify", json!({"doc_id": "hostile.md", "quotes": ["a b c d e"]}), true),
        ("/v1/kwic", json!({"q": "border"}), true),
        ("/v1/kwic", json!({"q": "border", "query": "border"}), false),
        ("/v1/kwic", json!({}), false),
        ("/v1/search", json!({"q": "border", "filters": "year:2008"}), true),
        ("/v1/search", json!({}), false),
        ("/v1/search", json!({"query": null}), false),
        ("/v1/search", json!({"query": ""}), false),
        ("/v1/search", json!({"limit": 3}), false),
    ] {
        assert_eq!(body(path).is_valid(&asked), is_valid, "{path} {asked}");
        let answer = post_json(&server, path, &asked);
        // Two lists under two names are one.
        assert!(
            (answer.status == 200) == is_valid || path == "/v1/verify",
            "{path} {asked}: {}",
            answer.text()
        );
    }
    for status in ["200", "202", "400", "406", "415"] {
        assert!(document["paths"]["/mcp"]["post"]["responses"][status].is_object(), "{status}");
    }
    let compare = &document["paths"]["/v1/compare"];
    let index = compare["get"]["parameters"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&index["name"], &index["schema"]["enum"]),
        (&json!("index"), &json!(["default", ""]))
    );
    let by = &compare["get"]["parameters"][1];
    assert_eq!(by["name"], "by");
    assert!(by["schema"]["items"]["enum"].as_array().unwrap().contains(&json!("country")), "{by}");
    let body = &compare["post"]["requestBody"]["content"]["application/json"]["schema"];
    let body = jsonschema::validator_for(body).unwrap();
    for (by, index, is_valid) in [
        (json!(["country"]), json!("default"), true),
        (json!("country"), Value::Null, true),
        (json!(["country"]), json!("laws"), false),
        (json!(["nonsense"]), Value::Null, false),
        (json!(["year", "year"]), Value::Null, false),
        (json!(""), Value::Null, false),
        (json!([""]), Value::Null, false),
        (json!([]), Value::Null, false),
    ] {
        let asked = json!({"query": "border", "by": by, "index": index});
        assert_eq!(body.is_valid(&asked), is_valid, "{asked}");
        let answer = post_json(&server, "/v1/compare", &asked);
        assert_eq!(answer.status == 200, is_valid, "{asked}: {}", answer.text());
    }
}

#[test]
fn all_hits_are_exported_as_lines() {
    let reports: String = (0..150)
        .map(|n| {
            format!(
                "--- r{n}.md\n# Report {n}\n\n## Part\n\nThe border of province {n} was closed.\n"
            )
        })
        .collect();
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    for answer in [
        get(&server, "/v1/search?query=border&format=jsonl"),
        get_with(&server, "/v1/search?query=border", "Accept: application/x-ndjson\r\n"),
        post_json(&server, "/v1/search", &json!({"query": "border", "format": "jsonl"})),
    ] {
        assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
        let lines: Vec<Value> =
            answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 150);
        let ranks: Vec<u64> = lines.iter().map(|hit| hit["rank"].as_u64().unwrap()).collect();
        assert_eq!(ranks, (1..=150).collect::<Vec<_>>());
    }
    let refused = get(&server, "/v1/search?query=contry:x&format=jsonl");
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_query"));
    assert_eq!(get(&server, "/v1/search?query=zebra&format=jsonl").text(), "");
}

#[test]
fn all_hits_are_sent_to_who_would_rather_have_lines() {
    let server = Server::of(shelf(), &[]);
    for (accept, format, is_lines) in [
        ("application/x-ndjson", "", true),
        ("Application/X-NDJSON; charset=utf-8", "", true),
        ("application/x-ndjson, */*", "", true),
        ("application/json;q=0.5, application/x-ndjson;q=0.9", "", true),
        ("application/json, application/x-ndjson;q=0.1", "", false),
        ("application/json, application/x-ndjson", "", false),
        ("application/x-ndjson;q=0, application/json", "", false),
        ("application/x-ndjson; Q=0.000", "", false),
        ("*/*", "", false),
        ("application/x-ndjson", "&format=json", false),
        ("application/json", "&format=jsonl", true),
    ] {
        let address = format!("/v1/search?query=border{format}");
        let answer = get_with(&server, &address, &format!("Accept: {accept}\r\n"));
        let given = answer.header("content-type") == Some("application/x-ndjson");
        assert_eq!((answer.status, given), (200, is_lines), "{accept} {format}");
    }
}

#[test]
fn all_hits_are_exported_as_tables_and_references() {
    let server = Server::of(shelf(), &[]);
    for (format, content_type, file, begins, has) in [
        ("csv", "text/csv; charset=utf-8", "csv", "rank,score,title", "Kazakhstan 2008"),
        ("tsv", "text/tab-separated-values; charset=utf-8", "tsv", "rank\tscore", "Albania 2008"),
        ("markdown", "text/markdown; charset=utf-8", "md", "# border", "some **border** guards"),
        ("bibtex", "application/x-bibtex; charset=utf-8", "bib", "@", "Albania 2008"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "json", "[", "Albania 2008"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "ris", "TY  - ", "Albania"),
    ] {
        let answer = get(&server, &format!("/v1/search?query=border&format={format}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)));
        let name = format!("attachment; filename=\"tipsearch.{file}\"");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
        let text = answer.text();
        assert!(text.starts_with(begins) && text.contains(has), "{format}: {text}");
        let published = get(&server, "/openapi.json").json();
        let published = &published["paths"]["/v1/search"]["get"]["responses"]["200"]["content"];
        let media_type = content_type.split(';').next().unwrap();
        let is_json = published[media_type]["schema"]["type"] == "array";
        assert_eq!(serde_json::from_str::<Vec<Value>>(&text).is_ok(), is_json, "{format}");
        let refused = get(&server, &format!("/v1/search?query=contry:x&format={format}"));
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_query"), "{format}");
    }
    let book = get(&server, "/v1/search?query=border&format=xlsx");
    assert!(book.status == 200 && book.body.starts_with(b"PK"), "{:?}", book.headers);
    // A title that a spreadsheet would take for a formula.
    let formula = crate::support::Shelf::of("# =1+2\n\n## Part\n\nThe border was closed.\n");
    let table = get(&Server::of(formula, &[]), "/v1/search?query=border&format=csv").text();
    assert!(table.contains("'=1+2"), "{table}");
}

#[test]
fn several_indexes_are_asked_by_name() {
    let other = crate::support::Shelf::of("# Laws\n\n## Article 1\n\nZebras are protected.\n");
    let also = format!("laws={}", other.index_path().display());
    let server = Server::of(shelf(), &["--also", &also]);
    assert_eq!(get(&server, "/v1/search?query=zebras").json()["total"]["passages"], 0);
    assert_eq!(get(&server, "/v1/search?query=zebras&index=laws").json()["total"]["passages"], 1);
    assert_eq!(get(&server, "/v1/status?index=laws").json()["index"]["documents"], 1);
    let refused = get(&server, "/v1/search?query=zebras&index=lows");
    assert_eq!(refused.code(), "bad_parameter");
    assert!(refused.json()["hint"].as_str().unwrap().starts_with("did you mean `laws`?"));
}
