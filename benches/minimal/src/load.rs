//! Asks a server over so many connections for so long, each as fast as it is answered.
//!
//! ```text
//! load ADDRESS:PORT PATH QUERIES.txt CONNECTIONS SECONDS      PATH as in /v1/search?query=
//! ```
//!
//! Prints as JSON how many were answered, how many failed, and how long they took. Connections take turns through the
//! queries.

#![forbid(unsafe_code)]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all connections share.
struct Load {
    address: String,
    path: String,
    queries: Vec<String>,
    next: AtomicUsize,
    end: Instant,
}

/// What became of the requests of a connection.
#[derive(Default)]
struct Outcome {
    micros: Vec<u64>,
    failed: usize,
    bytes: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &[String]) -> Result<()> {
    let [address, path, queries, connections, seconds] = arguments else {
        return Err("usage: load ADDRESS:PORT PATH QUERIES.txt CONNECTIONS SECONDS".into());
    };
    let queries = std::fs::read_to_string(queries)?;
    let encoded = |query: &str| form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let seconds: f64 = seconds.parse()?;
    let start = Instant::now();
    let load = Arc::new(Load {
        address: address.clone(),
        path: path.clone(),
        queries: queries.lines().map(encoded).collect(),
        next: AtomicUsize::new(0),
        end: start + Duration::from_secs_f64(seconds),
    });
    let tasks: Vec<_> =
        (0..connections.parse()?).map(|_| tokio::spawn(ask(Arc::clone(&load)))).collect();
    let mut all = Outcome::default();
    for task in tasks {
        let outcome = task.await?;
        all.micros.extend(outcome.micros);
        all.failed += outcome.failed;
        all.bytes += outcome.bytes;
    }
    print(all, start.elapsed().as_secs_f64());
    Ok(())
}

fn print(mut outcome: Outcome, seconds: f64) {
    outcome.micros.sort_unstable();
    let at = |share: f64| {
        let place = (outcome.micros.len() as f64 * share) as usize;
        outcome.micros.get(place).copied().unwrap_or_default()
    };
    let answered = outcome.micros.len();
    println!(
        "{}",
        serde_json::json!({
            "answered": answered,
            "failed": outcome.failed,
            "a_second": (answered as f64 / seconds).round(),
            "bytes": outcome.bytes.checked_div(answered),
            "p50_us": at(0.5),
            "p99_us": at(0.99),
            "most_us": outcome.micros.last(),
        })
    );
}

/// One connection, opened again where it breaks.
async fn ask(load: Arc<Load>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut body = Vec::new();
    while Instant::now() < load.end {
        let Ok(stream) = TcpStream::connect(&load.address).await else {
            outcome.failed += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let mut stream = BufReader::with_capacity(64 << 10, stream);
        while Instant::now() < load.end {
            let at = load.next.fetch_add(1, Ordering::Relaxed) % load.queries.len();
            let start = Instant::now();
            let answer = timeout(PATIENCE, one(&mut stream, &load, &load.queries[at], &mut body));
            if !matches!(answer.await, Ok(Ok(200))) {
                outcome.failed += 1;
                break;
            }
            outcome.micros.push(start.elapsed().as_micros() as u64);
            outcome.bytes += body.len();
        }
    }
    outcome
}

/// Asks once; reads the body and gives the status.
async fn one(
    stream: &mut BufReader<TcpStream>,
    load: &Load,
    query: &str,
    body: &mut Vec<u8>,
) -> Result<u16> {
    let request = format!("GET {}{query} HTTP/1.1\r\nHost: {}\r\n\r\n", load.path, load.address);
    stream.get_mut().write_all(request.as_bytes()).await?;
    let (mut line, mut status, mut length) = (String::new(), None, None);
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let header = line.trim_end().to_ascii_lowercase();
        match (status, header.split_once(": ")) {
            (None, _) => status = Some(header.get(9..12).unwrap_or_default().parse()?),
            (_, Some(("content-length", number))) => length = Some(number.parse::<usize>()?),
            _ if header.is_empty() => break,
            _ => {}
        }
    }
    body.resize(length.ok_or("an answer without a length")?, 0);
    stream.read_exact(body).await?;
    Ok(status.unwrap_or_default())
}
