//! A server that is started, and a client that says exactly what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Shelf;

/// How long anything may take before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A server that ends with the test.
pub struct Server {
    child: Option<Child>,
    pub address: SocketAddr,
    // A closed pipe would be a difference to a real start.
    _stdout: BufReader<ChildStdout>,
    log: Option<std::thread::JoinHandle<String>>,
    _shelf: Option<Shelf>,
}

impl Server {
    /// Starts a server over a shelf that goes away with it.
    pub fn of(shelf: Shelf, options: &[&str]) -> Server {
        let mut server = Server::start(&shelf, options);
        server._shelf = Some(shelf);
        server
    }

    /// Starts a server over a shelf on a free port.
    pub fn start(shelf: &Shelf, options: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tipsearch"))
            .args(["serve", "--listen", "127.0.0.1:0", "--index"])
            .arg(shelf.index_path())
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut stderr = child.stderr.take().expect("a log");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut stdout = BufReader::new(child.stdout.take().expect("a first line"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a first line");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("no address in `{line}`"));
        let address = address.parse().expect("an address");
        Server { child: Some(child), address, _stdout: stdout, log: Some(log), _shelf: None }
    }

    pub fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        Connection { stream: BufReader::new(stream) }
    }

    /// Sends bytes on a connection of its own and reads one answer.
    pub fn raw(&self, request: &str) -> Answer {
        let mut connection = self.connect();
        connection.send(request);
        connection.answer()
    }

    pub fn terminate(&self) {
        let id = self.child.as_ref().expect("a running server").id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        assert!(killed.success());
    }

    /// Waits until it has ended, and returns its log.
    pub fn wait(mut self) -> String {
        let mut child = self.child.take().expect("a running server");
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a status") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "the server ended with {status}");
        self.log.take().expect("a log").join().expect("a log")
    }

    /// Stops it as a system does, and returns its log.
    pub fn stop(self) -> String {
        self.terminate();
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// One connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn send(&mut self, text: &str) {
        // A server that has refused already need not read on.
        let _ = self.stream.get_mut().write_all(text.as_bytes());
    }

    /// Reads an answer with its body, whole or in chunks.
    pub fn answer(&mut self) -> Answer {
        let head = self.line();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status in `{head}`"));
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            match line.split_once(": ").or_else(|| line.split_once(':')) {
                Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
                None => break,
            }
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        if answer.header("transfer-encoding").is_some() {
            loop {
                let size = usize::from_str_radix(self.line().trim(), 16).expect("a chunk");
                let mut chunk = vec![0; size + 2];
                self.stream.read_exact(&mut chunk).expect("a chunk");
                answer.body.extend(&chunk[..size]);
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = length {
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body).expect("a body");
        }
        answer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The stable code of a failure.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let value = self.json();
        assert_eq!(value["status"], self.status);
        value["code"].as_str().expect("a code").to_owned()
    }
}

/// `GET` as a browser asks.
pub fn get(server: &Server, address: &str) -> Answer {
    get_with(server, address, "")
}

/// `GET` with more headers, each with its line end.
pub fn get_with(server: &Server, address: &str, headers: &str) -> Answer {
    server.raw(&format!("GET {address} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", server.address))
}

/// `POST` of a body of a type.
pub fn post(server: &Server, address: &str, content_type: &str, body: &str) -> Answer {
    server.raw(&format!(
        "POST {address} HTTP/1.1\r\nHost: {}\r\nContent-Type: {content_type}\r\n\
         Accept: application/json, text/event-stream\r\nContent-Length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    ))
}

/// `POST` of JSON.
pub fn post_json(server: &Server, address: &str, body: &Value) -> Answer {
    post(server, address, "application/json", &body.to_string())
}
