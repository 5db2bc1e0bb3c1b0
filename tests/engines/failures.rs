//! A cluster that fails: what is told, and that nothing is lost or doubled by trying again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tipsearch::engine::opensearch::{Access, Address};
use tipsearch::engine::{Store, WriterOptions};
use tipsearch::error::Error;
use tipsearch::passage::PassageSize;

use super::{REPORT, cluster, ids, indexed};
use crate::support::Shelf;

/// A request as it came: its first line, and all of it.
pub struct Request {
    pub line: String,
    head: Vec<String>,
    pub body: Vec<u8>,
}

/// What becomes of a request.
pub enum Fate {
    /// A status, and what is said with it.
    Answer(u16, String),
    /// The connection is closed without an answer.
    Cut,
    /// It goes on to the cluster; cut: the answer does not come back.
    Forward { is_cut: bool },
}

/// Listens on a port of this machine and decides about each request by its number, counted from 0.
pub fn between(
    upstream: Option<String>,
    decide: impl Fn(usize, &Request) -> Fate + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (decide, number) = (Arc::new(decide), Arc::new(AtomicUsize::new(0)));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (decide, number, upstream) =
                (Arc::clone(&decide), Arc::clone(&number), upstream.clone());
            std::thread::spawn(move || {
                let Some(request) = read(&stream) else { return };
                let fate = decide(number.fetch_add(1, Ordering::SeqCst), &request);
                answer(stream, &request, fate, upstream.as_deref());
            });
        }
    });
    format!("http://{address}")
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut field = String::new();
        reader.read_line(&mut field).ok()?;
        if field.trim().is_empty() {
            break;
        }
        if let Some(value) = field.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        head.push(field.trim().to_owned());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { line: line.trim().to_owned(), head, body })
}

fn answer(mut stream: TcpStream, request: &Request, fate: Fate, upstream: Option<&str>) {
    match fate {
        Fate::Cut => {}
        Fate::Answer(status, says) => {
            let length = says.len();
            let head = format!(
                "HTTP/1.1 {status} Told\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let _ =
                stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(says.as_bytes()));
        }
        Fate::Forward { is_cut } => {
            let host =
                upstream.unwrap().split(',').next().unwrap().strip_prefix("http://").unwrap();
            let Ok(mut other) = TcpStream::connect(host) else { return };
            // What is compressed does not say how long it is.
            let is_own = |field: &str| {
                let field = field.to_lowercase();
                field.starts_with("connection:") || field.starts_with("accept-encoding:")
            };
            let kept = |field: &&String| !is_own(field);
            let fields: String =
                request.head.iter().filter(kept).map(|field| format!("{field}\r\n")).collect();
            let head = format!("{}\r\n{fields}connection: close\r\n\r\n", request.line);
            other.write_all(head.as_bytes()).unwrap();
            other.write_all(&request.body).unwrap();
            // Its head tells how long it is; the cluster may keep the connection.
            let Some(Request { line, head, body }) = read(&other) else { return };
            let fields: String = head.iter().map(|field| format!("{field}\r\n")).collect();
            let mut told = format!("{line}\r\n{fields}connection: close\r\n\r\n").into_bytes();
            told.extend(body);
            if !is_cut {
                let _ = stream.write_all(&told);
            }
        }
    }
}

fn address(hosts: &str) -> Store {
    let access =
        Access { user: Some(("anna".to_owned(), "verysecret".to_owned())), ..Access::default() };
    let address = format!("opensearch+{hosts}/tipsearch-test-failures");
    Store::Cluster(Address::parse(&address, access).unwrap())
}

/// What opening an index ends with, where the cluster answers everything so.
fn told(status: u16, says: &str) -> String {
    let says = says.to_owned();
    let hosts = between(None, move |_, _| Fate::Answer(status, says.clone()));
    let error = address(&hosts).open().map(|_| ()).expect_err("no index");
    let text = format!("{error}\n{}", error.hint().unwrap_or_default());
    assert!(!text.contains("verysecret"), "{text}");
    text.replace(&hosts, "HOST")
}

#[test]
fn what_is_wrong_with_a_cluster_is_told() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = address(&format!("http://{nobody}")).open().map(|_| ()).expect_err("nobody");
    assert!(error.to_string().contains("cannot be reached"), "{error}");
    assert!(error.hint().unwrap().contains("is the cluster running"));
    for (status, says, expected) in [
        (401, "{}", "does not know who is asking (401)"),
        (
            403,
            r#"{"error": {"reason": "no permissions for [indices:data/read]"}}"#,
            "does not allow that (403): no permissions",
        ),
        (500, "it\nbroke", "answers 500 to GET /tipsearch-test-failures/_mapping: it broke"),
        (404, "{}", "there is no index at"),
        (200, "<html>", "there is no index at"),
        (200, r#"{"reports-1": {"mappings": {}}}"#, "tipsearch did not make it"),
        (
            200,
            r#"{"reports-1": {"mappings": {"_meta": {"tipsearch": {"schema": 99, "format": 9}}}}}"#,
            "its format is 9.99",
        ),
        (
            200,
            r#"{"a": {"mappings": {}}, "b": {"mappings": {}}}"#,
            "several indexes behind the name: a, b",
        ),
        (200, r#"{"tipsearch-test-failures": {"mappings": {}}}"#, "an index of that very name"),
    ] {
        let text = told(status, says);
        assert!(text.contains(expected), "{status} {says}: {text}");
    }
}

#[test]
fn another_program_or_an_old_one_is_not_written_to() {
    for (says, expected) in [
        (r#"{"version": {"number": "8.15.0"}}"#, "another program 8.15.0"),
        (r#"{"version": {"number": "2.3.0", "distribution": "opensearch"}}"#, "opensearch 2.3.0"),
    ] {
        let hosts = between(None, move |_, _| Fate::Answer(200, says.to_owned()));
        let error =
            address(&hosts).writer(WriterOptions::default()).map(|_| ()).expect_err("no writer");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn what_a_node_was_lost_from_is_asked_again() {
    let lost = r#"{"error": {"root_cause": [{"type": "node_disconnected_exception", "reason": "[n2] disconnected"}]}}"#;
    let hosts = between(None, move |number, _| match number {
        0 => Fate::Answer(500, lost.to_owned()),
        _ => Fate::Answer(404, "{}".to_owned()),
    });
    let error = address(&hosts).open().map(|_| ()).expect_err("no index");
    assert!(matches!(error, Error::IndexMissing { .. }), "{error}");
}

#[test]
fn the_next_host_is_asked_where_one_is_gone() {
    let hosts = between(None, |_, _| Fate::Answer(404, "{}".to_owned()));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let both = address(&format!("http://{nobody},{}", hosts.strip_prefix("http://").unwrap()));
    let error = both.open().map(|_| ()).expect_err("no index");
    assert!(matches!(error, Error::IndexMissing { .. }), "{error}");
}

#[test]
fn a_busy_cluster_and_a_bad_network_lose_and_double_nothing() {
    let Some(plain) = cluster("storm") else { return };
    let hosts = std::env::var("TIPSEARCH_OPENSEARCH").unwrap();
    let shelf = Shelf::of(REPORT);
    for number in 0..40 {
        let report = REPORT.replace("Northland", &format!("Land {number}"));
        shelf.write(&format!("land{number}.md"), report.as_bytes());
    }
    let seen = Arc::new(std::sync::Mutex::new(BTreeMap::<&str, usize>::new()));
    let counted = Arc::clone(&seen);
    let between = between(Some(hosts), move |number, request| {
        let (name, fate) = match number % 5 {
            1 => (
                "busy",
                Fate::Answer(429, r#"{"error": {"reason": "rejected execution"}}"#.to_owned()),
            ),
            2 => ("cut", Fate::Cut),
            3 if request.line.contains("_bulk") => ("lost", Fate::Forward { is_cut: true }),
            _ => ("passed", Fate::Forward { is_cut: false }),
        };
        *counted.lock().unwrap().entry(name).or_default() += 1;
        fate
    });
    let stormy =
        Address::parse(&format!("opensearch+{between}/tipsearch-test-storm"), Access::default());
    let stormy = Store::Cluster(stormy.unwrap());
    let size = PassageSize { target: 40, max: 100 };
    let report = indexed(&[shelf.corpus()], &stormy, size, true, 1);
    let engine = plain.open().unwrap();
    assert_eq!((engine.summary().passages, report.documents), (report.passages, 41));
    assert!(engine.damage().unwrap().is_empty());
    assert!(!ids(&stormy.open().unwrap(), "border").is_empty());
    let seen = seen.lock().unwrap();
    assert!(["busy", "cut", "passed"].iter().all(|name| seen.contains_key(name)), "{seen:?}");
}

#[test]
fn a_block_against_writing_is_told_and_the_index_stays() {
    let Some(store) = cluster("blocked") else { return };
    let host = std::env::var("TIPSEARCH_OPENSEARCH").unwrap();
    let host = host.split(',').next().unwrap().to_owned();
    let shelf = Shelf::of(REPORT);
    let size = PassageSize { target: 40, max: 100 };
    let before = indexed(&[shelf.corpus()], &store, size, true, 1);
    let block = |is_on: &str| {
        let body = format!(r#"{{"index.blocks.read_only_allow_delete": {is_on}}}"#);
        request(&host, "PUT", "/tipsearch-test-blocked/_settings", &body);
    };
    block("true");
    shelf.write("more.md", b"# Southland\n\nThe border is open.\n");
    let failed =
        super::try_indexed(&[shelf.corpus()], &store, size, false, 1).expect_err("a block");
    block("null");
    let text = format!("{failed} {}", failed.hint().unwrap_or_default());
    assert!(text.contains("does not take") && text.contains("disk"), "{text}");
    assert_eq!(store.open().unwrap().summary().passages, before.passages);
    let after = indexed(&[shelf.corpus()], &store, size, false, 1);
    assert_eq!((after.added, store.open().unwrap().damage().unwrap().len()), (1, 0));
}

/// Asks the cluster for something that must be done; what it says.
pub fn request(host: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(host.strip_prefix("http://").unwrap()).unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: cluster\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).unwrap();
    assert!(told.starts_with("HTTP/1.1 20"), "{told}");
    told.split_once("\r\n\r\n").unwrap().1.to_owned()
}
