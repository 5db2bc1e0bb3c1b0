//! Comparisons, facets and timelines for programs: JSON and CSV.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{answer, counts};
use crate::count::{Cell, Comparison, Facets, Group, GroupField, RATE_WORDS};

/// A comparison as JSON, `tipsearch.compare/1`.
pub fn comparison(comparison: &Comparison) -> Value {
    table("tipsearch.compare/1", comparison)
}

/// A timeline as JSON, `tipsearch.timeline/1`.
pub fn timeline(comparison: &Comparison) -> Value {
    table("tipsearch.timeline/1", comparison)
}

fn table(schema: &str, comparison: &Comparison) -> Value {
    let mut value = answer(schema, &comparison.asked, &comparison.total.counts);
    let has_occurrences = comparison.has_occurrences;
    value["by"] = comparison.by.iter().map(|field| field.name.as_str()).collect();
    value["rate"] = json!({
        "of": if has_occurrences { "occurrences" } else { "passages" },
        "words": RATE_WORDS,
    });
    add_words(&mut value["total"], &comparison.total, has_occurrences);
    value["cells"] = cells(comparison)
        .map(|(groups, cell)| cell_json(&comparison.by, &groups, &cell, has_occurrences))
        .collect();
    if !comparison.columns.is_empty() {
        let totals = |field: &[GroupField], groups: &[(Group, Cell)]| -> Value {
            let cells = groups.iter();
            cells.map(|(group, cell)| cell_json(field, &[group], cell, has_occurrences)).collect()
        };
        value["rows"] = totals(comparison.by.get(..1).unwrap_or_default(), &comparison.rows);
        value["columns"] = totals(comparison.by.get(1..).unwrap_or_default(), &comparison.columns);
    }
    value
}

/// Every place of a table that has passages, in order, with its groups.
fn cells(comparison: &Comparison) -> impl Iterator<Item = (Vec<&Group>, Cell)> {
    let is_one = comparison.columns.is_empty();
    let rows = comparison.rows.iter().filter(move |_| is_one);
    let rows = rows.map(|(group, cell)| (vec![group], *cell));
    rows.chain(comparison.cells.iter().map(|((row, column), cell)| (vec![row, column], *cell)))
}

fn cell_json(by: &[GroupField], groups: &[&Group], cell: &Cell, has_occurrences: bool) -> Value {
    let named = by.iter().zip(groups).map(|(field, group)| (field.name.clone(), group_json(group)));
    let mut value = counts(&cell.counts);
    value["group"] = Value::Object(named.collect::<Map<_, _>>());
    add_words(&mut value, cell, has_occurrences);
    value
}

fn add_words(value: &mut Value, cell: &Cell, has_occurrences: bool) {
    value["words"] = json!(cell.words);
    value["per_10000_words"] = json!(cell.rate(has_occurrences).map(rounded));
}

/// To four decimals: more would say more than is known.
pub(super) fn rounded(rate: f64) -> f64 {
    (rate * 1e4).round() / 1e4
}

fn group_json(group: &Group) -> Value {
    match group {
        Group::Number(number) => json!(number),
        Group::Text(text) => json!(text),
        Group::None => Value::Null,
    }
}

/// Facets as JSON, `tipsearch.facets/1`.
pub fn facets(facets: &Facets) -> Value {
    let mut value = answer("tipsearch.facets/1", &facets.asked, &facets.total);
    let facets = facets.facets.iter().map(|facet| {
        let values = facet.values.iter().map(|(group, numbers)| {
            let mut value = counts(numbers);
            value["value"] = group_json(group);
            value
        });
        json!({
            "field": facet.field.name,
            "distinct": facet.distinct,
            "values": values.collect::<Vec<_>>(),
        })
    });
    value["facets"] = facets.collect();
    value
}

/// A comparison as CSV (RFC 4180, lines end with LF): a line for each place of the table, without totals, as
/// programs that read it make their own.
pub fn csv(comparison: &Comparison) -> String {
    let mut out = String::new();
    for field in &comparison.by {
        let _ = write!(out, "{},", csv_cell(&field.name));
    }
    out.push_str("occurrences,passages,documents,words,per_10000_words\n");
    for (groups, cell) in cells(comparison) {
        for group in groups {
            let _ = write!(out, "{},", csv_cell(&group.label()));
        }
        let rate = cell.rate(comparison.has_occurrences);
        let rate = rate.map_or_else(String::new, |rate| rounded(rate).to_string());
        let counts = cell.counts;
        let _ = writeln!(
            out,
            "{},{},{},{},{rate}",
            counts.occurrences, counts.passages, counts.documents, cell.words
        );
    }
    out
}

/// A cell of a table in CSV, quoted where it must be.
pub fn csv_cell(text: &str) -> String {
    let safe = safe_cell(text);
    match safe.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", safe.replace('"', "\"\"")),
        false => safe.into_owned(),
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, *CSV Injection*): an apostrophe stands before one that
/// begins like one.
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@']);
    if is_formula { format!("'{text}").into() } else { text.into() }
}
