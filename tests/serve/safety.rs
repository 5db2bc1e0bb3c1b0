//! The safety list, each point against the running server.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use super::client::{Server, get, get_with, post, post_json};
use super::shelf;

/// Tries to start a server that must refuse; what it says.
fn refusal(arguments: &[&str]) -> String {
    let shelf = shelf();
    let output = Command::new(env!("CARGO_BIN_EXE_tipsearch"))
        .args(["serve", "--index"])
        .arg(shelf.index_path())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn another_address_than_loopback_needs_a_token_file() {
    let said = refusal(&["--listen", "0.0.0.0:0"]);
    assert!(said.contains("needs a token") && said.contains("--token-file"), "{said}");
    let said = refusal(&["--listen", "[::]:0"]);
    assert!(said.contains("needs a token"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_token_is_read_from_a_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;

    let shelf = shelf();
    let path = shelf.folder.path().join("token");
    let name = path.to_str().unwrap();
    std::fs::write(&path, "0123456789abcdef0123\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = refusal(&["--listen", "127.0.0.1:0", "--token-file", name]);
    assert!(said.contains("chmod 600"), "{said}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();

    let server = Server::start(&shelf, &["--token-file", name]);
    let refused = get(&server, "/v1/status");
    assert_eq!((refused.status, refused.code().as_str()), (401, "unauthorized"));
    assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer"));
    for wrong in
        ["Bearer 0123456789abcdef012", "Bearer 0123456789abcdef01234", "Bearer ", "Basic !!", "x"]
    {
        let answer = get_with(&server, "/v1/status", &format!("Authorization: {wrong}\r\n"));
        assert_eq!(answer.status, 401, "{wrong}");
    }
    let right = "Authorization: Bearer 0123456789abcdef0123\r\n";
    assert_eq!(get_with(&server, "/v1/status", right).status, 200);
    // `any:0123456789abcdef0123`, as a browser sends it.
    let basic = "Authorization: Basic YW55OjAxMjM0NTY3ODlhYmNkZWYwMTIz\r\n";
    assert_eq!(get_with(&server, "/v1/status", basic).status, 200);
    assert_eq!(post(&server, "/mcp", "application/json", "{}").status, 401);
    assert_eq!(get(&server, "/healthz").status, 200, "whether it is there is no secret");

    std::fs::write(&path, "short").unwrap();
    let said = refusal(&["--listen", "127.0.0.1:0", "--token-file", name]);
    assert!(said.contains("holds no token"), "{said}");
}

#[test]
fn host_is_checked_on_every_route_before_routing() {
    let server = Server::of(shelf(), &["--allow-host", "reports.example"]);
    for path in
        ["/", "/v1/search?query=a", "/healthz", "/metrics", "/mcp", "/nowhere", "/v1/search?x=1"]
    {
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost:x", "", "[::1", "localhost@evil"]
        {
            let answer = server.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "host_refused"),
                "{path} {host}"
            );
        }
        let twice = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n");
        assert_eq!(server.raw(&twice).status, 403, "{path}");
    }
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:7700", "reports.example"] {
        let answer = server.raw(&format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{host}");
    }
    let elsewhere = "GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(server.raw(elsewhere).status, 403);
}

#[test]
fn origin_is_checked_on_every_route_before_routing() {
    let server = Server::of(shelf(), &["--allow-origin", "https://notes.example"]);
    for path in ["/", "/v1/search?query=a", "/healthz", "/mcp", "/nowhere"] {
        for origin in [
            "https://evil.example",
            "null",
            "http://localhost:1",
            "https://notes.example.evil",
            "file://",
        ] {
            let answer = get_with(&server, path, &format!("Origin: {origin}\r\n"));
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "origin_refused"),
                "{path} {origin}"
            );
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    let own = format!("Origin: http://{}\r\n", server.address);
    let answer = get_with(&server, "/v1/search?query=police", &own);
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));
    let listed = "Origin: https://notes.example\r\n";
    let answer = get_with(&server, "/v1/search?query=police", listed);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://notes.example"));
    let preflight = server.raw(
        "OPTIONS /v1/search HTTP/1.1\r\nHost: localhost\r\nOrigin: https://notes.example\r\n\
         Access-Control-Request-Method: POST\r\n\r\n",
    );
    assert_eq!(preflight.status, 204);
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("authorization"));
}

/// A page that may ask must be able to read that it asked too often, or without its token.
#[cfg(unix)]
#[test]
fn pages_that_may_ask_may_read_refusals_too() {
    use std::os::unix::fs::PermissionsExt;

    let shelf = shelf();
    let path = shelf.folder.path().join("token");
    std::fs::write(&path, "0123456789abcdef0123\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let token = path.to_str().unwrap();
    let origin = "http://app.example";
    let options = ["--allow-origin", origin, "--token-file", token, "--rate", "2"];
    let server = Server::start(&shelf, &options);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let answer = get_with(&server, "/v1/status", &format!("Origin: {origin}\r\n"));
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{answer:?}");
        seen.insert(answer.status);
    }
    assert!(seen.contains(&401) && seen.contains(&429), "{seen:?}");
    let answer = get_with(&server, "/v1/status", "Origin: http://other.example\r\n");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None));
}

#[test]
fn bodies_have_a_mebibyte_at_most() {
    let server = Server::of(shelf(), &[]);
    let large = json!({"draft": "a ".repeat(600_000)});
    let answer = post_json(&server, "/v1/verify", &large);
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    // Without a length it is counted as it comes.
    let mut connection = server.connect();
    connection.send(
        "POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
    );
    let chunk = format!("20000\r\n{}\r\n", " ".repeat(0x20000));
    (0..9).for_each(|_| connection.send(&chunk));
    assert_eq!(connection.answer().status, 413);
    let answer = post(&server, "/mcp", "application/json", &"[".repeat((1 << 20) + 1));
    assert_eq!(answer.status, 413);
}

#[test]
fn heads_have_a_limit() {
    let server = Server::of(shelf(), &[]);
    let many = "X-A: b\r\n".repeat(100);
    assert_eq!(get_with(&server, "/healthz", &many).status, 431);
    let long = format!("X-A: {}\r\n", "b".repeat(100_000));
    assert_eq!(get_with(&server, "/healthz", &long).status, 431);
    assert_eq!(get(&server, "/healthz").status, 200);
}

#[test]
fn connections_have_a_limit() {
    let server = Server::of(shelf(), &["--connections", "3"]);
    let mut open: Vec<_> = (0..3).map(|_| server.connect()).collect();
    for connection in &mut open {
        connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!(connection.answer().status, 200);
    }
    let answer = server.connect().answer();
    assert_eq!((answer.status, answer.code().as_str()), (503, "overloaded"));
    assert!(answer.header("retry-after").is_some());
    drop(open);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(get(&server, "/healthz").status, 200);
}

#[test]
fn each_client_has_so_many_requests() {
    let server = Server::of(shelf(), &["--rate", "5"]);
    let statuses: Vec<u16> = (0..30).map(|_| get(&server, "/v1/status").status).collect();
    assert!(statuses.starts_with(&[200; 10]), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    for path in ["/healthz", "/readyz"] {
        assert!((0..30).all(|_| get(&server, path).status == 200), "{path}");
    }
    let refused = (0..30).map(|_| get(&server, "/v1/status")).find(|answer| answer.status == 429);
    let refused = refused.unwrap();
    assert_eq!(refused.code(), "too_many_requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    std::thread::sleep(Duration::from_secs(wait));
    assert_eq!(get(&server, "/v1/status").status, 200);
}

#[test]
fn behind_a_proxy_each_client_has_its_own_requests() {
    let asked = |server: &Server, client: &str| {
        let header = format!("X-Forwarded-For: 203.0.113.9, {client}\r\n");
        get_with(server, "/v1/status", &header).status
    };
    let server = Server::of(shelf(), &["--rate", "2", "--trusted-proxy", "127.0.0.1"]);
    let statuses: Vec<u16> = (0..30).map(|_| asked(&server, "198.51.100.1")).collect();
    assert!(statuses.starts_with(&[200; 4]) && statuses.contains(&429), "{statuses:?}");
    assert_eq!(asked(&server, "198.51.100.2"), 200, "another client");
    assert_eq!(asked(&server, "[2001:db8::1]:4711"), 200, "with its port");
    // Who is no proxy of ours may say what it likes.
    let server = Server::of(shelf(), &["--rate", "2", "--trusted-proxy", "192.0.2.1"]);
    let statuses: Vec<u16> = (0..30).map(|n| asked(&server, &format!("198.51.100.{n}"))).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let said = refusal(&["--listen", "127.0.0.1:0", "--trusted-proxy", "proxy"]);
    assert!(said.contains("--trusted-proxy"), "{said}");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for (option, value, hint) in [
        ("--allow-host", "https://example.org", "without scheme"),
        ("--allow-host", "*", "without scheme"),
        ("--allow-host", "example.org:80", "without scheme"),
        ("--allow-host", "[::1", "without scheme"),
        ("--allow-host", "büro.example", "xn--"),
        ("--allow-host", "", "without scheme"),
        ("--connections", "0", "at least 1"),
        ("--threads", "0", "at least 1"),
        ("--queue", "0", "at least 1"),
    ] {
        let said = refusal(&["--listen", "127.0.0.1:0", option, value]);
        assert!(said.contains(hint) && said.contains(value), "{option} {value}: {said}");
    }
    let server = Server::of(
        shelf(),
        &["--allow-host", "[2001:db8::1]", "--allow-host", "xn--bro-hoa.example"],
    );
    let answer = server.raw("GET /healthz HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n");
    assert_eq!(answer.status, 200);
}

#[test]
fn what_is_not_utf_8_is_no_other_question() {
    let server = Server::of(shelf(), &[]);
    for path in
        ["/v1/search?query=Cura%e7ao", "/v1/search?query=a&%ff=b", "/v1/documents/Cura%e7ao"]
    {
        let refused = get(&server, path);
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_request"), "{path}");
        assert!(refused.json()["detail"].to_string().contains("is not UTF-8"), "{path}");
    }
    let told = get(&server, "/v1/search?query=Cura%e7ao").json();
    assert!(told["detail"].to_string().contains("query=Cura%e7ao"), "{told}");
    for path in [
        "/?q=Cura%e7ao",
        "/compare?q=Cura%e7ao",
        "/d/kazakhstan-2008.md?q=%ff",
        "/d/%ff",
        "/verify?draft=%ff",
    ] {
        let refused = get(&server, path);
        assert_eq!(refused.status, 400, "{path}");
        assert!(
            refused.text().contains("is not UTF-8")
                && refused.text().starts_with("<!DOCTYPE html>"),
            "{path}"
        );
    }
    let form = post(&server, "/verify", super::pages::FORM, "draft=%22Cura%e7ao%22");
    assert!(form.status == 400 && form.text().contains("is not UTF-8"), "{}", form.text());
    // What is UTF-8, escaped or a sign by itself, stays as it is.
    for (query, text) in
        [("Cura%C3%A7ao", "Cura\u{e7}ao"), ("%EF%BF%BD", "\u{fffd}"), ("100%+a%2", "100% a%2")]
    {
        let answer = get(&server, &format!("/v1/search?query={query}&literal=true&&"));
        assert_eq!(answer.json()["query"]["text"], text, "{query}");
    }
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let server = Server::of(shelf(), &[]);
    for body in [
        r#"{"query": "border", "query": "police"}"#,
        r#"{"query": "border", "limit": 1, "\u006cimit": 2}"#,
    ] {
        let refused = post(&server, "/v1/search", "application/json", body);
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_parameter"), "{body}");
        assert!(
            refused.json()["detail"].to_string().contains("is given twice at line 1"),
            "{body}"
        );
    }
    let message = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","arguments":{"query":"border","query":"police"}}}"#;
    let answer = post(&server, "/mcp", "application/json", message).json();
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(7), &json!(-32602)), "{answer}");
    assert!(answer["error"]["message"].to_string().contains("`query` is given twice"), "{answer}");
}

#[test]
fn a_body_is_taken_only_as_it_is() {
    let server = Server::of(shelf(), &[]);
    let sent = |path: &str, content_type: &str, encoding: &str| {
        server.raw(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n\
             Content-Encoding: {encoding}\r\nContent-Length: 19\r\n\r\n{{\"query\": \"police\"}}"
        ))
    };
    for (path, content_type) in [("/v1/search", "application/json"), ("/mcp", "application/json")] {
        let refused = sent(path, content_type, "gzip");
        assert_eq!((refused.status, refused.code().as_str()), (415, "body_encoded"), "{path}");
    }
    let form = sent("/verify", super::pages::FORM, "gzip");
    assert!(form.status == 415 && form.text().contains("compressed"), "{}", form.text());
}

#[test]
fn queries_have_caps_and_refusals_say_so() {
    let server = Server::of(shelf(), &[]);
    let query = |query: String| post_json(&server, "/v1/search", &json!({"query": query}));
    for (name, long) in [
        ("bytes", "a".repeat(5000)),
        ("clauses", "a OR ".repeat(300) + "a"),
        ("depth", "(a OR (b AND ".repeat(40) + "c" + &"))".repeat(40)),
    ] {
        let answer = query(long);
        assert_eq!(answer.status, 400, "{name}");
        let code = answer.code();
        assert!(
            matches!(code.as_str(), "bad_parameter" | "query_too_large" | "bad_query"),
            "{name} {code}"
        );
        assert!(answer.json()["detail"].as_str().unwrap().len() > 10, "{name}");
    }
    assert_eq!(query("/(a{1,1000}){1,1000}/".to_owned()).status, 400);
}

#[test]
fn what_is_indexed_is_all_that_is_served() {
    let server = Server::of(shelf(), &[]);
    for path in [
        "/v1/documents/..%2f..%2fetc%2fpasswd",
        "/v1/documents/%2fetc%2fpasswd",
        "/v1/documents/..%2Findex%2Fcurrent.json",
        "/v1/passages/..%2f..%2fx",
    ] {
        let answer = get(&server, path);
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
    }
    let status = get(&server, "/v1/status").text();
    assert!(!status.contains(std::env::temp_dir().to_str().unwrap()), "{status}");
}

#[test]
fn answers_carry_the_headers_that_keep_browsers_safe() {
    let server = Server::of(shelf(), &[]);
    for path in ["/v1/search?query=pirates", "/nowhere", "/metrics", "/healthz"] {
        let answer = get(&server, path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
    }
}
