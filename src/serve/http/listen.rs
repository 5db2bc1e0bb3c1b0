//! Connections: so many at once, each with limits on its headers and on the time that they take; at the end those
//! that are being answered are answered.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::Http;
use crate::serve::log;

/// The most bytes of a request's head; an address with the longest query, escaped, fits three times.
const LARGEST_HEAD: usize = 48 << 10;
/// The most headers.
const MOST_HEADERS: usize = 64;
/// How long a head may take, and a connection be idle.
const LONGEST_HEAD: Duration = Duration::from_secs(15);
/// How long a new connection may say nothing: it takes the place of one that would.
const LONGEST_SILENCE: Duration = Duration::from_secs(5);
/// How long the end waits for what is being answered.
const LONGEST_END: Duration = Duration::from_secs(5);

/// What a connection beyond the limit is told.
const TOO_MANY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\
Content-Type: application/problem+json\r\nContent-Length: 108\r\n\r\n\
{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"code\":\"overloaded\",\"detail\":\"connections\"}";

/// Takes connections until `stop`.
pub async fn listen(
    http: Arc<Http>,
    router: Router,
    listener: TcpListener,
    most: usize,
    stop: impl Future<Output = ()>,
) {
    let slots = Arc::new(Semaphore::new(most.max(1)));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, client) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Too many open files, or a connection that is gone already: others wait to be taken.
                Err(_) => { sleep(Duration::from_millis(20)).await; continue }
            },
            () = &mut stop => break,
        };
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            http.metrics.refused.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(turn_away(stream));
            continue;
        };
        let connection =
            connect(Arc::clone(&http), router.clone(), stream, client, graceful.watcher());
        http.metrics.connections.fetch_add(1, Ordering::Relaxed);
        let http = Arc::clone(&http);
        tokio::spawn(async move {
            connection.await;
            http.metrics.connections.fetch_sub(1, Ordering::Relaxed);
            drop(slot);
        });
    }
    log::stopping();
    drop(listener);
    let _ = timeout(LONGEST_END, graceful.shutdown()).await;
}

/// Answers the requests of one connection.
fn connect(
    http: Arc<Http>,
    router: Router,
    stream: TcpStream,
    client: SocketAddr,
    graceful: Watcher,
) -> impl Future<Output = ()> + Send + 'static {
    // Answers go out at once; where that cannot be had they go out a little later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let (http, router) = (Arc::clone(&http), router.clone());
        async move { Ok::<_, Infallible>(http.handle(router, client.ip(), request).await) }
    });
    async move {
        if !matches!(timeout(LONGEST_SILENCE, stream.peek(&mut [0])).await, Ok(Ok(1..))) {
            return;
        }
        let connection = Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(LONGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        // A client that goes away, or sends what is no HTTP, concerns nobody else.
        drop(graceful.watch(connection).await);
    }
}

async fn turn_away(mut stream: TcpStream) {
    let tell = async { drop(stream.write_all(TOO_MANY).await) };
    let _ = timeout(Duration::from_secs(1), tell).await;
}
