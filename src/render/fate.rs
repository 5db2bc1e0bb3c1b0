//! What became of a passage whose id the index no longer has: for a terminal and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::diff::{edit, edited};
use super::terminal::{HEADING, Look, NONE, QUIET, Span, paint, wrap};
use super::text::{clean, location_text};
use crate::diff::{Fate, Known};

/// As JSON: `fate`, the passage that is there now, and for a changed text the difference.
pub fn json(fate: &Fate) -> Value {
    let mut value =
        json!({"fate": fate.name(), "passage": fate.passage().map(super::json::passage)});
    if let Fate::Changed { edits, similarity, .. } = fate {
        value["diff"] = edits.iter().map(edit).collect();
        value["similarity"] = json!((similarity * 1000.0).round() / 1000.0);
    }
    value
}

/// A passage that was, and what became of it, `tipsearch.fate/1`.
pub fn known_json(known: &Known, generation: u64, fate: &Fate) -> Value {
    let mut value = json(fate);
    value["schema"] = json!("tipsearch.fate/1");
    value["id"] = json!(known.id);
    value["was"] = json!({
        "doc_id": known.doc_id,
        "section": known.trail,
        "text": known.text,
        "generation": generation,
    });
    value
}

/// What became of a passage, in a few words.
pub fn said(fate: &Fate) -> String {
    let id = fate.passage().map_or("", |passage| passage.id.as_str());
    match fate {
        Fate::Unchanged(_) => "it stands unchanged".to_owned(),
        Fate::Moved(_) => format!("moved: now id {id}"),
        Fate::Changed { .. } => format!("its text changed: now id {id}"),
        Fate::Gone { has_document: true } => "gone from its document".to_owned(),
        Fate::Gone { has_document: false } => "gone with its document".to_owned(),
    }
}

/// What is other in a changed text, in lines behind an indent; nothing for other fates.
pub fn difference(fate: &Fate, indent: &str, look: &Look) -> String {
    let Fate::Changed { edits, .. } = fate else { return String::new() };
    let spans: Vec<Span<'_>> = edits.iter().map(edited).collect();
    lines(&spans, indent, look)
}

fn lines(spans: &[Span<'_>], indent: &str, look: &Look) -> String {
    let lines = wrap(spans, look.width.saturating_sub(indent.len()).max(20), look);
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}

/// A passage that was, and what became of it, for a terminal.
pub fn known_terminal(known: &Known, generation: u64, fate: &Fate, look: &Look) -> String {
    let indent = "  ";
    let mut out = format!("{}\n", paint(&clean(&known.trail.join(" › ")), HEADING, look));
    let was = format!("passage {} of {}, last in generation {generation}", known.id, known.doc_id);
    let _ = writeln!(out, "{}\n", paint(&clean(&was), QUIET, look));
    match fate {
        Fate::Changed { .. } => out.push_str(&difference(fate, indent, look)),
        _ => {
            let span = Span { text: known.text.as_str().into(), style: NONE, is_mark: false };
            out.push_str(&lines(&[span], indent, look));
        }
    }
    let place = fate
        .passage()
        .map_or_else(String::new, |passage| format!(" ({})", clean(&location_text(passage))));
    let _ = writeln!(out, "\n{}{place}", said(fate));
    out
}
