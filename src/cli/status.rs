//! `tipsearch status`: what the index holds.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::args::Common;
use super::output::Output;
use super::session::Session;
use super::{FOUND, model};
use crate::engine::{Catalog, Engine, Storage, Store};
use crate::error::Result;
use crate::index;
use crate::render::clean;
use crate::render::json::{DocumentLine, summary};
use crate::render::terminal::{count, size};

/// Runs the command.
pub fn run(common: &Common, output: &Output) -> Result<u8> {
    let session = Session::unwatched(common, output)?;
    let engine = session.searcher.engine();
    let catalog = engine.catalog()?;
    let storage = engine.storage()?;
    let changed = index::staleness(engine, &session.store)?;
    let listed: Vec<_> = catalog.documents.values().map(|(listed, _)| listed).collect();
    if common.json {
        let documents: Vec<DocumentLine<'_>> = listed.iter().map(|&listed| listed.into()).collect();
        output.json(&json!({
            "index": summary(engine.summary()),
            "path": session.store.to_string(),
            "roots": catalog.roots.iter().map(|root| root.to_string_lossy()).collect::<Vec<_>>(),
            "format": crate::engine::local::FORMAT,
            "analyzer": crate::analyze::fingerprint(),
            "meaning": crate::meaning::DIGEST,
            "model": model::json_of(&session.store),
            "segments": storage.pieces,
            "bytes": storage.bytes,
            "differences": storage.differences,
            "changed_files": changed,
            "fields": engine.summary().fields.metadata,
            "documents": documents,
            "skipped": catalog.skipped,
        }))?;
        return Ok(FOUND);
    }
    output.print(&clean(&text(engine, &session.store, &catalog, &storage, changed)))?;
    Ok(FOUND)
}

/// The same for people.
fn text(
    engine: &dyn Engine,
    store: &Store,
    catalog: &Catalog,
    storage: &Storage,
    changed: usize,
) -> String {
    let listed: Vec<_> = catalog.documents.values().map(|(listed, _)| listed).collect();
    let mut text = format!(
        "{} in {}, generation {}\n",
        count(engine.summary().passages, "passage"),
        count(engine.summary().documents, "document"),
        engine.summary().generation
    );
    for root in &catalog.roots {
        let _ = writeln!(text, "from      {}", root.display());
    }
    let _ = writeln!(
        text,
        "size      {} in {}",
        size(storage.bytes),
        count(storage.pieces as u64, storage.piece)
    );
    for difference in &storage.differences {
        let _ = writeln!(text, "engine    {difference}");
    }
    let _ = writeln!(text, "digest    {}", engine.summary().digest);
    let _ = writeln!(text, "fields    {}", engine.summary().fields.metadata.join(", "));
    for key in ["country", "year"] {
        let _ = writeln!(text, "{key:<9} {}", values(&listed, key));
    }
    let _ = write!(text, "{}", model::line_of(store));
    let failed = listed.iter().filter(|listed| listed.failure().is_some()).count();
    if failed > 0 {
        let _ = writeln!(text, "failed    {}", count(failed as u64, "file"));
    }
    if changed > 0 {
        let _ = writeln!(
            text,
            "stale     {} changed since; run `tipsearch index`",
            count(changed as u64, "file")
        );
    }
    text
}

/// The commonest values of a key of metadata, with the number of documents.
fn values(listed: &[&crate::engine::Listed], key: &str) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in listed.iter().filter_map(|listed| listed.metadata.get(key)).flatten() {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let shown: Vec<String> =
        counts.iter().take(8).map(|(value, number)| format!("{value} ({number})")).collect();
    let more =
        if counts.len() > 8 { format!(", and {} more", counts.len() - 8) } else { String::new() };
    if shown.is_empty() { "none".to_owned() } else { format!("{}{more}", shown.join(", ")) }
}
