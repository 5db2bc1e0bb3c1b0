//! `tipsearch status`: what the index holds.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::args::Common;
use super::output::Output;
use super::session::Session;
use super::{FOUND, model};
use crate::engine::{Catalog, Engine, Listed, Outcome, Storage, Store};
use crate::error::Result;
use crate::index;
use crate::read::corpus::Corpus;
use crate::render::clean;
use crate::render::json::{DocumentLine, summary};
use crate::render::terminal::{count, size};

/// So many files that could not be read are named.
const MOST_NAMED: usize = 20;

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
    if let Some(root) = catalog.roots.first().filter(|root| root.exists()) {
        for (name, warning) in index::in_vain(&Corpus::of(root)?, &catalog) {
            output.warning(&format!("`{name}`: {warning}"));
        }
    }
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
    text.push_str(&not_read(&listed));
    if changed > 0 {
        let _ = writeln!(
            text,
            "stale     {} changed since; run `tipsearch index`",
            count(changed as u64, "file")
        );
    }
    text
}

/// What could not be read, the first by name: it may say what no passage says.
fn not_read(listed: &[&Listed]) -> String {
    let mut text = String::new();
    let failed: Vec<_> =
        listed.iter().filter_map(|listed| Some((listed, listed.failure()?))).collect();
    if !failed.is_empty() {
        let _ = writeln!(text, "failed    {}", count(failed.len() as u64, "file"));
    }
    for (listed, reason) in failed.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "          `{}`: {reason}", listed.doc_id);
    }
    if failed.len() > MOST_NAMED {
        text.push_str("          and more: `tipsearch status --json` names them all\n");
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for listed in listed {
        if let Outcome::PassedOver(what) = &listed.outcome {
            *reasons.entry(what).or_default() += 1;
        }
    }
    for (what, number) in reasons {
        let _ = writeln!(text, "skipped   {}: {what}", count(number as u64, "file"));
    }
    text
}

/// The commonest values of a key of metadata, with the number of documents.
fn values(listed: &[&Listed], key: &str) -> String {
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
