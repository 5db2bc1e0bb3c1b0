//! The headings of a document with what is under them: for a terminal, and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::terminal::count;
use super::text::clean;
use crate::document::Location;
use crate::passage::Passage;

/// A heading with what is under it.
struct Entry<'a> {
    trail: &'a [String],
    anchor: &'a str,
    role: Option<&'a str>,
    passages: Vec<&'a Passage>,
}

/// The outline of a document that has these passages, `tipsearch.outline/1`.
pub fn json(passages: &[Passage]) -> Value {
    let first = passages.first();
    json!({
        "schema": "tipsearch.outline/1",
        "doc_id": first.map(|passage| &passage.report.doc_id),
        "title": first.map(|passage| &passage.report.title),
        "lang": first.and_then(|passage| passage.report.lang.as_deref()),
        "metadata": first.map(|passage| &passage.report.metadata),
        "sections": entries(passages).iter().map(section).collect::<Vec<_>>(),
    })
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

fn section(entry: &Entry<'_>) -> Value {
    let first = entry.passages.first().map(|passage| &passage.location);
    let last = entry.passages.last().map(|passage| &passage.location);
    let span = |place: fn(&Location) -> Option<(usize, usize)>| {
        let (first, last) = (place(first?)?, place(last?)?);
        Some([first.0, last.1])
    };
    let labels = || {
        let (first, last) = (first?.page_labels.clone()?, last?.page_labels.clone()?);
        Some([first.0, last.1])
    };
    json!({
        "path": entry.trail,
        "level": entry.trail.len() - 1,
        "anchor": entry.anchor,
        "role": entry.role,
        "passages": entry.passages.iter().map(|passage| &passage.id).collect::<Vec<_>>(),
        "lines": span(|location| location.lines),
        "pages": span(|location| location.pages),
        "page_labels": labels(),
        "part": first.and_then(|location| location.part.as_deref()),
        "paragraphs": span(|location| location.paragraphs),
    })
}

/// The headings for a terminal: a line each, with what the section is about and how much is under it.
pub fn text(passages: &[Passage]) -> String {
    let (entries, first) = (entries(passages), passages.first());
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
