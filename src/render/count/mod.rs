//! Counts and comparisons: as tables and lines for a terminal, as JSON and CSV for programs, as pictures.

pub mod collocates;
mod columns;
pub mod data;
pub mod dispersion;
pub mod kwic;
pub mod svg;
pub mod table;

use std::fmt::Write;

use anstyle::Style;
use serde_json::{Value, json};

use super::json::{expansion, summary};
use super::terminal::{Look, QUIET, count, grouped, paint};
use super::text::clean;
use crate::count::{Asked, Cell, Comparison, Counts};

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
fn notes(asked: &Asked) -> Vec<String> {
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

/// Writes text that is about the counts, in lines that fit.
fn write_about(text: &str, style: Style, look: &Look, out: &mut String) {
    for line in columns::wrapped(text, look.width) {
        let _ = writeln!(out, "{}", paint(&line, style, look));
    }
}

/// Writes what the reader must know first.
fn write_notes(asked: &Asked, look: &Look, out: &mut String) {
    for note in notes(asked) {
        write_about(&note, QUIET, look, out);
    }
}

/// The counts in words, or that there is nothing.
fn total(asked: &Asked, total: &Counts) -> String {
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

/// What of a cell is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Occurrences, or passages where there are none to count, for 10,000 words.
    Rate,
    /// Whole matches.
    Occurrences,
    /// Passages.
    Passages,
    /// Documents.
    Documents,
}

impl Measure {
    /// The number of what a query is about.
    pub fn count(has_occurrences: bool) -> Measure {
        if has_occurrences { Measure::Occurrences } else { Measure::Passages }
    }

    fn of(self, cell: &Cell, comparison: &Comparison) -> Option<f64> {
        let counts = &cell.counts;
        let is_there = cell.words > 0 || counts.passages > 0;
        let number = |number: u64| is_there.then_some(number as f64);
        match self {
            Measure::Rate => cell.rate(comparison.has_occurrences),
            Measure::Occurrences => number(counts.occurrences),
            Measure::Passages => number(counts.passages),
            Measure::Documents => number(counts.documents),
        }
    }

    fn name(self, has_occurrences: bool) -> &'static str {
        match self {
            Measure::Rate if has_occurrences => "occurrences per 10,000 words",
            Measure::Rate => "passages per 10,000 words",
            Measure::Occurrences => "occurrences",
            Measure::Passages => "passages",
            Measure::Documents => "documents",
        }
    }

    /// A value in digits: rates to two that count, or whole from 100 on.
    fn text(self, value: f64) -> String {
        match self {
            Measure::Rate if value == 0.0 => "0".to_owned(),
            Measure::Rate if value < 10.0 => format!("{value:.2}"),
            Measure::Rate if value < 100.0 => format!("{value:.1}"),
            _ => grouped(value.round() as u64),
        }
    }
}
