//! Numbers for Prometheus: how many requests, how long they took, what answers. No label has words of a query.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::engine::Engine;
use crate::serve::Server;
use crate::serve::shelf::Shelf;

/// The upper ends of the classes of times, in seconds.
const CLASSES: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// What is told of an index: its name, its kind, what it is, how much it is.
type OfIndex = (&'static str, &'static str, &'static str, fn(&Shelf) -> u64);

const OF_INDEX: [OfIndex; 5] = [
    ("tipsearch_reloads_total", "counter", "States that were taken over.", Shelf::reloads),
    ("tipsearch_index_generation", "gauge", "The generation that answers.", |shelf| {
        shelf.now().engine().summary().generation
    }),
    ("tipsearch_index_documents", "gauge", "Its documents.", |shelf| {
        shelf.now().engine().summary().documents
    }),
    ("tipsearch_index_passages", "gauge", "Its passages.", |shelf| {
        shelf.now().engine().summary().passages
    }),
    (
        "tipsearch_index_stuck",
        "gauge",
        "1 where the index as it stands cannot be opened, and the state before it answers.",
        |shelf| u64::from(shelf.is_stuck()),
    ),
];

#[derive(Default)]
struct Route {
    statuses: BTreeMap<u16, u64>,
    classes: [u64; CLASSES.len()],
    count: u64,
    seconds: f64,
}

/// What has been counted.
#[derive(Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<String, Route>>,
    /// Connections that are open.
    pub connections: AtomicUsize,
    /// Connections that were turned away because there were too many.
    pub refused: AtomicU64,
}

impl Metrics {
    /// Counts an answered request. `route`: the pattern of the address, of which there are few.
    pub fn count(&self, route: &str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), Route::default());
        }
        let Some(counted) = routes.get_mut(route) else { return };
        *counted.statuses.entry(status).or_default() += 1;
        counted.count += 1;
        counted.seconds += seconds;
        let class = CLASSES.iter().position(|end| seconds <= *end);
        if let Some(class) = class.and_then(|class| counted.classes.get_mut(class)) {
            *class += 1;
        }
    }

    /// All of it in the text format of Prometheus.
    pub fn text(&self, server: &Server) -> String {
        let mut out = String::new();
        self.write_requests(&mut out);
        let mut write = |name: &str, kind: &str, about: &str, value: u64| {
            let _ = writeln!(out, "# HELP {name} {about}\n# TYPE {name} {kind}\n{name} {value}");
        };
        let open = self.connections.load(Ordering::Relaxed) as u64;
        write("tipsearch_connections", "gauge", "Connections that are open.", open);
        let refused = self.refused.load(Ordering::Relaxed);
        write(
            "tipsearch_connections_refused_total",
            "counter",
            "Connections beyond the limit.",
            refused,
        );
        let waiting = server.pool.waiting() as u64;
        write("tipsearch_waiting", "gauge", "Requests that wait for a thread.", waiting);
        for (name, kind, about, value) in OF_INDEX {
            let _ = writeln!(out, "# HELP {name} {about}\n# TYPE {name} {kind}");
            for shelf in &server.shelves {
                let _ = writeln!(out, "{name}{{index=\"{}\"}} {}", shelf.name, value(shelf));
            }
        }
        out
    }

    fn write_requests(&self, out: &mut String) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        out.push_str("# HELP tipsearch_requests_total Answered requests.\n");
        out.push_str("# TYPE tipsearch_requests_total counter\n");
        for (route, counted) in routes.iter() {
            for (status, count) in &counted.statuses {
                let labels = format!("route=\"{route}\",status=\"{status}\"");
                let _ = writeln!(out, "tipsearch_requests_total{{{labels}}} {count}");
            }
        }
        let name = "tipsearch_request_seconds";
        let _ = writeln!(out, "# HELP {name} Time to answer.\n# TYPE {name} histogram");
        for (route, counted) in routes.iter() {
            let mut sum = 0;
            for (end, count) in CLASSES.iter().zip(counted.classes) {
                sum += count;
                let _ = writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"{end}\"}} {sum}");
            }
            let (count, seconds) = (counted.count, counted.seconds);
            let _ = writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "{name}_sum{{route=\"{route}\"}} {seconds}");
            let _ = writeln!(out, "{name}_count{{route=\"{route}\"}} {count}");
        }
    }
}
