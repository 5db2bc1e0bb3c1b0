//! The log: a line of JSON for each event, on standard error. What was asked for is not in it.

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

fn write(mut line: Value) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    line["time"] = json!((now.as_secs_f64() * 1e3).round() / 1e3);
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A request was answered: by which route, never with which words.
pub fn answered(method: &str, route: &str, status: u16, took: Duration) {
    let ms = (took.as_secs_f64() * 1e6).round() / 1e3;
    write(json!({
        "event": "request", "method": method, "route": route, "status": status, "ms": ms,
    }));
}

/// An export has ended: so many bytes were sent, before they were compressed, and whether that was all.
pub fn exported(format: &str, bytes: u64, is_whole: bool, took: Duration) {
    let ms = (took.as_secs_f64() * 1e6).round() / 1e3;
    write(json!({
        "event": "export", "format": format, "bytes": bytes, "whole": is_whole, "ms": ms,
    }));
}

/// The server takes requests.
pub fn listening(address: &str, generation: u64) {
    write(json!({"event": "listening", "address": address, "generation": generation}));
}

/// Another state of the index answers.
pub fn reloaded(index: &str, generation: u64) {
    write(json!({"event": "reloaded", "index": index, "generation": generation}));
}

/// The index as it stands cannot be taken over; an earlier state answers.
pub fn stuck(index: &str, why: &str) {
    let what = "the index as it stands cannot be opened; the state before it answers";
    write(json!({"event": "fault", "index": index, "what": what, "why": why}));
}

/// What kept the index from being taken over is over.
pub fn mended(index: &str) {
    write(json!({"event": "mended", "index": index}));
}

/// The server stops taking requests.
pub fn stopping() {
    write(json!({"event": "stopping"}));
}
