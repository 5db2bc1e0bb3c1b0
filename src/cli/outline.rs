//! `tipsearch outline`: the headings of a document, with roles and places.

use std::fmt::Write;

use serde_json::json;

use super::FOUND;
use super::args::{Common, OutlineArgs};
use super::output::Output;
use super::session::Session;
use super::show::{not_found, read_file};
use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::render::clean;
use crate::render::terminal::count;

/// A heading with what is under it.
struct Entry<'a> {
    trail: &'a [String],
    anchor: &'a str,
    role: Option<&'a str>,
    passages: Vec<&'a Passage>,
}

/// Runs the command.
pub fn run(arguments: &OutlineArgs, common: &Common, output: &Output) -> Result<u8> {
    let passages = match read_file(&arguments.what, &arguments.file, output)? {
        Some(passages) => passages,
        None => {
            let session = Session::open(common, output)?;
            let found = session.searcher.engine().document(&arguments.what)?;
            if found.is_empty() {
                return Err(not_found(session.searcher.engine(), &arguments.what));
            }
            found
        }
    };
    let entries = entries(&passages);
    if common.json {
        let sections: Vec<_> = entries.iter().map(section).collect();
        let first = passages.first();
        output.json(&json!({
            "schema": "tipsearch.outline/1",
            "doc_id": first.map(|passage| &passage.report.doc_id),
            "title": first.map(|passage| &passage.report.title),
            "lang": first.and_then(|passage| passage.report.lang.as_deref()),
            "metadata": first.map(|passage| &passage.report.metadata),
            "sections": sections,
        }))?;
        return Ok(FOUND);
    }
    output.print(&text(&entries, passages.first()))?;
    Ok(FOUND)
}

/// One entry a heading, in order; headings above the first text of their section get one of their own.
fn entries(passages: &[Passage]) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for passage in passages {
        match entries.last_mut() {
            Some(last) if last.trail == passage.trail && last.anchor == passage.anchor => {
                last.passages.push(passage);
                continue;
            }
            _ => {}
        }
        let known = entries.last().map_or(0, |last| shared(last.trail, &passage.trail));
        for depth in known + 1..passage.trail.len() {
            entries.push(Entry {
                trail: &passage.trail[..depth],
                anchor: "",
                role: None,
                passages: Vec::new(),
            });
        }
        entries.push(Entry {
            trail: &passage.trail,
            anchor: &passage.anchor,
            role: passage.role.as_deref(),
            passages: vec![passage],
        });
    }
    entries
}

fn shared(a: &[String], b: &[String]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn section(entry: &Entry<'_>) -> serde_json::Value {
    let lines = entry.passages.first().and_then(|passage| passage.location.lines);
    let last = entry.passages.last().and_then(|passage| passage.location.lines);
    let pages = entry.passages.first().and_then(|passage| passage.location.pages);
    let last_page = entry.passages.last().and_then(|passage| passage.location.pages);
    json!({
        "path": entry.trail,
        "level": entry.trail.len() - 1,
        "anchor": entry.anchor,
        "role": entry.role,
        "passages": entry.passages.iter().map(|passage| &passage.id).collect::<Vec<_>>(),
        "lines": lines.zip(last).map(|(first, last)| [first.0, last.1]),
        "pages": pages.zip(last_page).map(|(first, last)| [first.0, last.1]),
    })
}

fn text(entries: &[Entry<'_>], first: Option<&Passage>) -> String {
    let mut text = String::new();
    for entry in entries {
        let heading = entry.trail.last().map_or("", String::as_str);
        let indent = "  ".repeat(entry.trail.len() - 1);
        let _ = write!(text, "{indent}{}", clean(heading));
        if let Some(role) = entry.role {
            let _ = write!(text, "  [{}]", clean(role));
        }
        if !entry.passages.is_empty() {
            let _ = write!(text, "  {}", count(entry.passages.len() as u64, "passage"));
        }
        text.push('\n');
    }
    if let Some(first) = first {
        for (key, values) in &first.report.metadata {
            let _ = writeln!(text, "{}", clean(&format!("{key}: {}", values.join(", "))));
        }
    }
    text
}
