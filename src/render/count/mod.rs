//! Counts and comparisons: as tables and lines for a terminal, as JSON and CSV for programs, as pictures.

pub mod kwic;
mod columns;

use serde_json::{Value, json};

use super::json::{expansion, summary};
use super::terminal::count;
use super::text::clean;
use crate::count::{Asked, Counts};

/// What every answer in JSON begins with.
fn answer(schema: &str, asked: &Asked, total: &Counts) -> Value {
    json!({
        "schema": schema,
        "query": {
            "text": asked.query,
            "parsed": asked.parsed,
            "expanded": asked.expansions.iter().map(expansion).collect::<Vec<_>>(),
            "unknown": asked.unknown,
        },
        "index": summary(&asked.index),
        "total": counts(total),
        "warnings": asked.warnings,
    })
}

fn counts(counts: &Counts) -> Value {
    json!({
        "occurrences": counts.occurrences,
        "passages": counts.passages,
        "documents": counts.documents,
    })
}

/// What the reader must know before the counts, a line each.
pub fn notes(asked: &Asked) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    if !asked.unknown.is_empty() {
        let words: Vec<String> =
            asked.unknown.iter().map(|word| format!("“{}”", clean(word))).collect();
        notes.push(format!("nowhere in the index: {}", words.join(", ")));
    }
    notes.extend(asked.expansions.iter().map(|expansion| {
        let (from, to) = (clean(&expansion.from), clean(&expansion.to.join("”, “")));
        format!("counted “{from}” also as “{to}”")
    }));
    notes.extend(asked.warnings.iter().map(|warning| clean(warning)));
    notes
}

/// The counts in words, or that there is nothing.
pub fn total(asked: &Asked, total: &Counts) -> String {
    if total.passages == 0 {
        return format!(
            "nothing found in {} and {}",
            count(asked.index.documents, "document"),
            count(asked.index.passages, "passage")
        );
    }
    let places =
        format!("{} of {}", count(total.passages, "passage"), count(total.documents, "document"));
    match total.occurrences {
        0 => places,
        occurrences => format!("{} in {places}", count(occurrences, "occurrence")),
    }
}
