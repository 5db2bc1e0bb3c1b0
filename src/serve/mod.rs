//! The server: the same search for browsers, programs and models, over HTTP and the Model Context Protocol.
//!
//! ```text
//! connection - door (Host, Origin, rate, token) - routes - parameters - pool - answers - JSON
//!                                                       - mcp: tools, resources
//!                                                       - pages: HTML
//! ```
//!
//! One table of operations (`operations.rs`) gives the routes, the checks and the OpenAPI document. Searching blocks,
//! and is done by a pool of threads with an end to its queue; the index is looked at again twice a second, and a new
//! commit is taken over between two requests.

mod about;
mod answers;
mod http;
mod log;
mod mcp;
mod operations;
mod options;
mod pages;
mod parameters;
mod pool;
mod problem;
mod repeated;
mod schemas;
mod shelf;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::engine::{Engine, Store};
use crate::error::{Error, Result};
use crate::query::{Thesaurus, edit_distance};
use http::Http;
use operations::Open;
pub use options::{Options, RATE};
use parameters::Values;
use pool::Pool;
use problem::Problem;
use shelf::Shelf;

/// How often the index is looked at for a new commit.
const REFRESH: Duration = Duration::from_millis(500);

/// How long a request is worked on. A search ends then with what it has found; a count, which would be wrong, with
/// nothing.
pub const LONGEST_SEARCH: Duration = Duration::from_secs(2);

/// How long a request is waited for: time to load and to mark what has been found is left. What goes on for longer is
/// answered for.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(3);

/// An index that is served.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it is called by who asks for it.
    pub name: String,
    /// Where it is kept.
    pub store: Store,
    /// What words are also called.
    pub thesaurus: Arc<Thesaurus>,
}

/// What answers, whoever asks.
pub struct Server {
    /// The first answers who names none.
    shelves: Vec<Shelf>,
    pool: Pool,
}

impl Server {
    fn open(shown: &[Shown], threads: usize, queue: usize) -> Result<Arc<Server>> {
        let names: Arc<[String]> = shown.iter().map(|shown| shown.name.clone()).collect();
        let mut shelves: Vec<Shelf> = Vec::new();
        for shown in shown {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let is_plain = !shown.name.is_empty() && shown.name.chars().all(is_name);
            if !is_plain || shelves.iter().any(|shelf| shelf.name == shown.name) {
                return Err(Error::Usage {
                    message: format!("`{}` cannot be the name of an index here", shown.name),
                    hint: Some("each has its own, of letters, digits, `-`, `_` and `.`".into()),
                });
            }
            shelves.push(Shelf::open(shown, &names)?);
        }
        if shelves.is_empty() {
            return Err(Error::usage("there is no index to serve"));
        }
        Ok(Arc::new(Server { shelves, pool: Pool::new(threads, queue, LONGEST_ANSWER) }))
    }

    /// The first index as it is now.
    fn now(&self) -> Arc<Open> {
        self.shelves[0].now()
    }

    /// The index that a request names, as it is now.
    fn named(&self, values: &Values) -> std::result::Result<Arc<Open>, Problem> {
        self.called(values.some_text("index").as_deref())
    }

    /// The index of a name; the first where there is none.
    fn called(&self, name: Option<&str>) -> std::result::Result<Arc<Open>, Problem> {
        let Some(name) = name else { return Ok(self.now()) };
        let names = || self.shelves.iter().map(|shelf| shelf.name.as_str());
        if let Some(shelf) = self.shelves.iter().find(|shelf| shelf.name == name) {
            return Ok(shelf.now());
        }
        let nearest = names().min_by_key(|other| edit_distance(other, name)).unwrap_or_default();
        let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        let problem = Problem::new(400, "bad_parameter", format!("there is no index `{name}`"));
        Err(problem.hint(format!("did you mean `{nearest}`? there are {}", all.join(", "))))
    }

    /// The fields that passages of its indexes can be grouped by.
    fn fields(&self) -> Vec<String> {
        let mut fields: Vec<String> =
            ["country", "year", "role", "section", "lang", "doc", "title"]
                .map(str::to_owned)
                .into();
        for shelf in &self.shelves {
            for field in &shelf.now().engine().summary().fields.metadata {
                if !fields.contains(field) {
                    fields.push(field.clone());
                }
            }
        }
        fields
    }

    /// Looks for new commits for as long as the server is there. On a thread of its own: memory that one state of the
    /// index has left is used for the next only where the same thread asks for it.
    fn watch(self: &Arc<Server>) {
        let server = Arc::downgrade(self);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(REFRESH);
                let Some(server) = server.upgrade() else { return };
                // A panic over a damaged index must not end the watch.
                let refresh = || server.shelves.iter().for_each(Shelf::refresh);
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(refresh));
            }
        });
    }
}

/// So many threads as are wanted, or as there are processors.
fn threads_of(threads: Option<usize>) -> usize {
    threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from))
}

fn runtime(threads: usize) -> Result<Runtime> {
    let built = Builder::new_multi_thread()
        .worker_threads(threads_of(None).clamp(2, 8))
        // Those of the pool, those of exports and of standard streams.
        .max_blocking_threads(threads + 8)
        .enable_all()
        .build();
    built.map_err(|error| Error::Internal { message: format!("no runtime: {error}") })
}

/// Serves over HTTP until it is told to stop. `started` gets the address.
///
/// # Errors
/// For options that make no sense or are not safe, an address that cannot be had, an index that cannot be opened.
pub fn serve(shown: &[Shown], options: &Options, started: impl FnOnce(SocketAddr)) -> Result<()> {
    let door = options.door()?;
    let threads = threads_of(options.threads);
    let server = Server::open(shown, threads, options.queue)?;
    let http = Arc::new(Http::new(server, door));
    let runtime = runtime(threads)?;
    let served = runtime.block_on(run(http, options, started));
    // What is still going on is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn run(http: Arc<Http>, options: &Options, started: impl FnOnce(SocketAddr)) -> Result<()> {
    let fault = |error: std::io::Error| Error::Usage {
        message: format!("cannot listen on {}: {error}", options.listen),
        hint: Some("choose another address with `--listen 127.0.0.1:PORT`; port 0 is any".into()),
    };
    let stop = stopped()?;
    let listener = TcpListener::bind(options.listen).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    http.server.watch();
    started(address);
    log::listening(&address.to_string(), http.server.now().engine().summary().generation);
    let router = http::router(&http);
    http::listen(http, router, listener, options.connections, stop).await;
    Ok(())
}

/// Waits until the program is told to stop. What has been told before is kept.
fn stopped() -> Result<impl Future<Output = ()>> {
    let fault = |error: std::io::Error| Error::Internal { message: error.to_string() };
    #[cfg(unix)]
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(fault)?;
    #[cfg(unix)]
    let mut interrupt =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map_err(fault)?;
    #[cfg(unix)]
    return Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    });
    #[cfg(not(unix))]
    return Ok(async move { drop(tokio::signal::ctrl_c().await.map_err(fault)) });
}

/// Serves the Model Context Protocol over the standard streams until the input ends.
///
/// # Errors
/// For an index that cannot be opened, and streams that cannot be used.
pub fn serve_streams(shown: &[Shown]) -> Result<()> {
    let threads = threads_of(None);
    let server = Server::open(shown, threads, 64)?;
    let runtime = runtime(threads)?;
    let served = runtime.block_on(async {
        server.watch();
        mcp::over_streams(Arc::clone(&server)).await
    });
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}
