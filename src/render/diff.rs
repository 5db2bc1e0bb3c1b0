//! Two reports compared, and the years of a passage's sentences: for a terminal and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::Style;
use serde_json::{Value, json};

use super::json::{passage, summary};
use super::terminal::{HEADING, Look, NONE, QUIET, Span, count, paint, wrap};
use super::text::clean;
use super::verify::{ADDED, REMOVED, names};
use crate::diff::{Change, Edit, Paragraph, Revision, Since, Year};
use crate::engine::Summary;
use crate::passage::{Passage, Report};

/// Two reports compared, `tipsearch.diff/1`.
pub fn json(revision: &Revision) -> Value {
    json!({
        "schema": "tipsearch.diff/1",
        "index": summary(&revision.index),
        "old": report(&revision.old),
        "new": report(&revision.new),
        "summary": counts(revision),
        "changes": revision.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn report(report: &Report) -> Value {
    let year = report.metadata.get("year").and_then(|years| years.first());
    json!({"doc_id": report.doc_id, "title": report.title, "year": year})
}

/// How many paragraphs had each fate.
fn counts(revision: &Revision) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for change in &revision.changes {
        *counts.entry(change.name()).or_default() += 1;
    }
    counts
}

fn change(change: &Change) -> Value {
    let (old, new) = change.sides();
    let mut value = json!({"change": change.name(), "old": old.map(side), "new": new.map(side)});
    if let Change::Edited { edits, similarity, .. } = change {
        value["diff"] = edits.iter().map(edit).collect();
        value["similarity"] = json!((similarity * 1000.0).round() / 1000.0);
    }
    if let Some(paragraph) = alone(change) {
        let sentences = change.sentences().iter().map(|sentence| {
            let text = paragraph.text.get(sentence.bytes.clone());
            let own = &paragraph.passage_at(sentence.bytes.start).id;
            json!({"text": text, "id": own, "stands_in": sentence.id})
        });
        value["sentences"] = sentences.collect();
    }
    value
}

/// The paragraph of a change that has no counterpart.
fn alone(change: &Change) -> Option<&Paragraph> {
    match change.sides() {
        (Some(_), Some(_)) => None,
        (old, new) => new.or(old),
    }
}

/// A paragraph at its place; where it goes over several passages, they are named.
fn side(paragraph: &Paragraph) -> Value {
    let mut value = passage(&paragraph.whole());
    let ids: Vec<&str> = paragraph.passages().map(|passage| passage.id.as_str()).collect();
    if ids.len() > 1 {
        value["passages"] = json!(ids);
    }
    value
}

/// Two reports compared: what is the same in numbers, all else in full, under its headings. `all`: what is the
/// same in full too.
pub fn terminal(revision: &Revision, all: bool, look: &Look) -> String {
    let mut out = String::new();
    for (sign, report) in [("-", &revision.old), ("+", &revision.new)] {
        let line = format!("{sign} {} ({})", clean(&report.title), clean(&report.doc_id));
        let _ = writeln!(out, "{}", paint(&line, HEADING, look));
    }
    let mut heading: Vec<String> = Vec::new();
    let mut unchanged = 0;
    for change in &revision.changes {
        let (old, new) = change.sides();
        if matches!(change, Change::Unchanged(..)) && !all {
            unchanged += 1;
            continue;
        }
        say_unchanged(&mut unchanged, look, &mut out);
        let passage = new.or(old).map(|paragraph| &paragraph.passage);
        let under = passage.and_then(|passage| passage.trail.get(1..)).unwrap_or_default();
        if under != heading.as_slice() {
            heading = under.to_vec();
            let _ = writeln!(out, "\n{}", paint(&clean(&heading.join(" › ")), HEADING, look));
        }
        block(change, look, &mut out);
    }
    say_unchanged(&mut unchanged, look, &mut out);
    let counts: Vec<String> =
        counts(revision).iter().map(|(name, count)| format!("{count} {name}")).collect();
    let total =
        format!("{}: {}", count(revision.changes.len() as u64, "paragraph"), counts.join(", "));
    let _ = writeln!(out, "\n{}", paint(&total, QUIET, look));
    out
}

fn say_unchanged(unchanged: &mut u64, look: &Look, out: &mut String) {
    if *unchanged > 0 {
        let line = format!("\n  = {} unchanged", count(*unchanged, "paragraph"));
        let _ = writeln!(out, "{}", paint(&line, QUIET, look));
        *unchanged = 0;
    }
}

/// A paragraph with its sign and the ids of its passages.
fn block(change: &Change, look: &Look, out: &mut String) {
    let (sign, style) = match change {
        Change::Unchanged(..) => ("=", QUIET),
        Change::Edited { .. } => ("~", NONE),
        Change::Moved(..) | Change::Arrived(..) | Change::Left(..) => (">", QUIET),
        Change::New(..) => ("+", ADDED),
        Change::Dropped(..) => ("-", REMOVED),
    };
    let spans = spans(change, style);
    out.push('\n');
    let lines = wrap(&spans, look.width.saturating_sub(4).max(20), look);
    for (place, line) in lines.iter().enumerate() {
        let sign = if place == 0 { sign } else { " " };
        let _ = writeln!(out, "  {} {line}", paint(sign, style, look));
    }
    for line in places(change) {
        let _ = writeln!(out, "{}", paint(&format!("    {line}"), QUIET, look));
    }
}

/// The text of a paragraph; of what is new or dropped, the sentences apart that stand in the other report.
fn spans(change: &Change, style: Style) -> Vec<Span<'_>> {
    let plain = |text| Span { text, style, is_mark: false };
    let (old, new) = change.sides();
    let text = new.or(old).map_or("", |paragraph| paragraph.text.as_str());
    let (open, close) = match change {
        Change::Edited { edits, .. } => return edits.iter().map(edited).collect(),
        Change::New(..) => ("{=", "=}"),
        Change::Dropped(..) => ("[=", "=]"),
        _ => return vec![plain(text.into())],
    };
    let mut spans = Vec::new();
    let mut done = 0;
    for sentence in change.sentences().iter().filter(|sentence| sentence.id.is_some()) {
        spans.push(plain(text[done..sentence.bytes.start].into()));
        let own = within(open, &text[sentence.bytes.clone()], close);
        spans.push(Span { text: own.into(), style: QUIET, is_mark: false });
        done = sentence.bytes.end;
    }
    spans.push(plain(text[done..].into()));
    spans
}

/// The ids of the passages of a paragraph, and of those that its sentences stand in elsewhere, in lines.
fn places(change: &Change) -> Vec<String> {
    let (old, new) = change.sides();
    let ids = |side: &Paragraph| list(side.passages().map(|passage| passage.id.as_str()));
    let own: Vec<String> = [old, new].into_iter().flatten().map(ids).collect();
    let own = own.join(" → ");
    let (in_old, in_new) = elsewhere(change);
    match change {
        Change::Moved(..) => vec![format!("moved · id {own}")],
        Change::Arrived(..) => vec![format!("moved · id {in_old} → {own}")],
        Change::Left(..) => vec![format!("moved · id {own} → {in_new}")],
        _ => {
            let before = format!("{{=…=}} stands in the older report: id {in_old}");
            let after = format!("[=…=] stands in the newer report: id {in_new}");
            let lines = [(&own, format!("id {own}")), (&in_old, before), (&in_new, after)];
            lines.into_iter().filter(|(ids, _)| !ids.is_empty()).map(|(_, line)| line).collect()
        }
    }
}

/// The passages of the older report in which sentences of the newer paragraph stand that are not in its counterpart,
/// and those of the newer one with sentences of the older, as lists of ids.
fn elsewhere(change: &Change) -> (String, String) {
    let (mut in_old, mut in_new): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    if let Change::Edited { edits, .. } = change {
        for edit in edits {
            match edit {
                Edit::Arrived(_, id) => in_old.push(id),
                Edit::Left(_, id) => in_new.push(id),
                _ => {}
            }
        }
    }
    let ids = change.sentences().iter().filter_map(|sentence| sentence.id.as_deref());
    match change {
        Change::New(..) | Change::Arrived(..) => in_old.extend(ids),
        _ => in_new.extend(ids),
    }
    (list(in_old.into_iter()), list(in_new.into_iter()))
}

/// Ids as a list, each once.
fn list<'i>(ids: impl Iterator<Item = &'i str>) -> String {
    let mut seen = Vec::new();
    for id in ids {
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen.join(", ")
}

pub(super) fn edited(edit: &Edit) -> Span<'_> {
    let (text, style) = match edit {
        Edit::Same(text) => (text.as_str().into(), NONE),
        Edit::Removed(text) => (format!("[-{text}-]").into(), REMOVED),
        Edit::Added(text) => (format!("{{+{text}+}}").into(), ADDED),
        Edit::Left(text, _) => (within("[=", text, "=]").into(), QUIET),
        Edit::Arrived(text, _) => (within("{=", text, "=}").into(), QUIET),
    };
    Span { text, style, is_mark: false }
}

/// A text between signs, with the white space around it outside.
fn within(open: &str, text: &str, close: &str) -> String {
    let inner = text.trim();
    text.replacen(inner, &format!("{open}{inner}{close}"), 1)
}

pub(super) fn edit(edit: &Edit) -> Value {
    match edit {
        Edit::Same(text) => json!({"op": "same", "text": text}),
        Edit::Removed(text) => json!({"op": "removed", "text": text}),
        Edit::Added(text) => json!({"op": "added", "text": text}),
        Edit::Left(text, id) => json!({"op": "removed", "text": text, "stands_in": id}),
        Edit::Arrived(text, id) => json!({"op": "added", "text": text, "stands_in": id}),
    }
}

/// The years of a passage's sentences, `tipsearch.since/1`.
pub fn since_json(since: &Since, index: &Summary) -> Value {
    let from = since.passage.year().unwrap_or(0);
    let sentences = since.sentences.iter().map(|sentence| {
        let years = sentence.years.iter().map(|year| {
            json!({
                "year": year.year,
                "verdict": year.verdict.name(),
                "differs": names(&year.differences),
                "id": year.id,
                "doc_id": year.doc_id,
            })
        });
        json!({
            "text": sentence.text,
            "since": sentence.since(&since.years, from),
            "years": years.collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": "tipsearch.since/1",
        "index": summary(index),
        "passage": passage(&since.passage),
        "country": since.country,
        "years": since.years,
        "sentences": sentences.collect::<Vec<_>>(),
    })
}

/// The years of a passage's sentences: each with the first of them, and those it stands in.
pub fn since_terminal(since: &Since, look: &Look) -> String {
    let from = since.passage.year().unwrap_or(0);
    let mut out = heading_of(&since.passage, look);
    for sentence in &since.sentences {
        let first = match sentence.since(&since.years, from) {
            Some(year) if year == from && sentence.years.iter().any(|it| it.year < from) => {
                format!("again in {from}")
            }
            Some(year) if year == from => format!("new in {from}"),
            Some(year) => format!("since {year}"),
            None => format!("not found in {from}"),
        };
        let spans = [
            Span { text: first.into(), style: HEADING, is_mark: false },
            Span { text: "  ".into(), style: NONE, is_mark: false },
            Span { text: sentence.text.as_str().into(), style: NONE, is_mark: false },
        ];
        out.push('\n');
        for line in wrap(&spans, look.width.saturating_sub(4).max(20), look) {
            let _ = writeln!(out, "  {line}");
        }
        let years: Vec<String> = sentence.years.iter().map(in_year).collect();
        let _ = writeln!(out, "{}", paint(&format!("    in {}", years.join(", ")), QUIET, look));
    }
    let whose = since
        .country
        .as_deref()
        .map_or("all reports".to_owned(), |country| format!("the reports of {}", clean(country)));
    let range = match (since.years.first(), since.years.last()) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        _ => String::new(),
    };
    let sentences = count(since.sentences.len() as u64, "sentence");
    let years = count(since.years.len() as u64, "year");
    let line = format!("{sentences} in {whose}: {years}{range}");
    let _ = writeln!(out, "\n{}", paint(&line, QUIET, look));
    out
}

/// A year, and that commas and the like stand elsewhere in it.
fn in_year(year: &Year) -> String {
    match year.has_other_punctuation() {
        true => format!("{} with other punctuation", year.year),
        false => year.year.to_string(),
    }
}

fn heading_of(passage: &Passage, look: &Look) -> String {
    format!("{}\n", paint(&clean(&passage.trail.join(" › ")), HEADING, look))
}
