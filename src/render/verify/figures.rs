//! What was found out about the figures of a draft.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{BAD, CheckedFigure, DOUBTFUL, MOST_SHOWN};
use crate::passage::Passage;
use crate::render::json::{passage, place_of};
use crate::render::terminal::{HEADING, Look, NONE, QUIET, Span, count, paint, wrap};
use crate::render::text::{clean, cut_around, location_text, place_text};
use crate::verify::{Claim, FigureMatch, FigureVerdict};

/// A figure; `matches` have the sentence of the corpus as their text.
pub fn json(checked: &CheckedFigure) -> Value {
    let (claim, found) = (&checked.claim, &checked.finding);
    let (sentence, starts) = sentence(claim);
    let mut value = json!({
        "kind": "figure",
        "figure": claim.figure,
        "sentence": sentence,
        "bytes": [starts, starts + claim.figure.len()],
        "verdict": found.verdict.name(),
        "context": found.context,
        "matches": found.matches.iter().map(match_value).collect::<Vec<_>>(),
        "total": {"matches": found.total},
        "draft": place_of(&claim.location),
    });
    if let Some(note) = &found.note {
        value["note"] = json!(note);
    }
    value
}

/// The sentence of a figure, and where it stands in that; of a long one what stands around it, since each of its figures
/// has it.
pub fn sentence(claim: &Claim) -> (String, usize) {
    const AROUND: usize = 400;
    cut_around(&claim.sentence, &(claim.starts..claim.starts + claim.figure.len()), AROUND)
}

fn match_value(found: &FigureMatch) -> Value {
    let matched = Passage { text: said(found).to_owned(), ..found.passage.clone() };
    let mut value = passage(&matched);
    value["figure"] = json!(found.figure);
    value["differs"] = json!(found.differs);
    value["missing"] = json!(found.missing);
    value["bytes"] = json!([found.bytes.start, found.bytes.end]);
    value
}

/// The sentence of the corpus.
fn said(found: &FigureMatch) -> &str {
    found.passage.text.get(found.bytes.clone()).unwrap_or_default()
}

/// A figure, and what the corpus has.
pub fn terminal(checked: &CheckedFigure, draft: Option<&str>, look: &Look, out: &mut String) {
    let (claim, found) = (&checked.claim, &checked.finding);
    let style = match found.verdict {
        FigureVerdict::Found => NONE.bold(),
        FigureVerdict::Differs => DOUBTFUL,
        FigureVerdict::Absent => BAD,
    };
    let sentence = format!(": {}", around(&claim.sentence, claim.starts));
    let mut head = vec![
        Span { text: told(found.verdict).into(), style, is_mark: false },
        Span { text: "  ".into(), style: NONE, is_mark: false },
        Span { text: claim.figure.as_str().into(), style: NONE.bold(), is_mark: false },
        Span { text: sentence.into(), style: NONE, is_mark: false },
    ];
    if let Some(draft) = draft {
        let place = format!("  {}", place_text(draft, &claim.location));
        head.push(Span { text: place.into(), style: QUIET, is_mark: false });
    }
    for line in wrap(&head, look.width, look) {
        let _ = writeln!(out, "{line}");
    }
    if let Some(note) = &found.note {
        let span = Span { text: note.as_str().into(), style: QUIET, is_mark: false };
        for line in wrap(&[span], look.width.saturating_sub(4).max(20), look) {
            let _ = writeln!(out, "    {line}");
        }
    }
    for place in found.matches.iter().take(MOST_SHOWN) {
        place_lines(place, look, out);
    }
    let more = found.total.saturating_sub(MOST_SHOWN);
    if more > 0 {
        let text = format!("    and {}", count(more as u64, "more place"));
        let _ = writeln!(out, "{}", paint(&text, QUIET, look));
    }
}

/// What stands around a byte of a sentence.
fn around(sentence: &str, at: usize) -> String {
    const BEFORE: usize = 12;
    const AFTER: usize = 14;
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let first = sentence.get(..at).unwrap_or_default().split_whitespace().count();
    let start = if first <= BEFORE + 2 { 0 } else { first - BEFORE };
    let end = if words.len() <= first + AFTER + 2 { words.len() } else { first + AFTER };
    let lead = if start > 0 { "… " } else { "" };
    let tail = if end < words.len() { " …" } else { "" };
    format!("{lead}{}{tail}", words.get(start..end).unwrap_or_default().join(" "))
}

fn told(verdict: FigureVerdict) -> &'static str {
    match verdict {
        FigureVerdict::Found => "figure found",
        FigureVerdict::Differs => "figure differs",
        FigureVerdict::Absent => "figure absent",
    }
}

/// The sentence of the corpus, then where it stands and what is otherwise.
fn place_lines(place: &FigureMatch, look: &Look, out: &mut String) {
    let sentence = around(said(place), place.starts);
    let mut parts = vec![clean(&location_text(&place.passage)), format!("id {}", place.passage.id)];
    if place.differs.contains(&"figure") {
        parts.push(format!("has {}", place.figure));
    }
    if place.differs.contains(&"counted") {
        parts.push("counts something else".to_owned());
    }
    let is_told = |what: &str| matches!(what, "figure" | "counted");
    let others: Vec<&str> = place.differs.iter().copied().filter(|it| !is_told(it)).collect();
    if !others.is_empty() {
        parts.push(format!("differs in {}", others.join(", ")));
    }
    if !place.missing.is_empty() {
        parts.push(format!("without: {}", place.missing.join(", ")));
    }
    let lines = [
        (place.passage.trail.join(" › "), HEADING),
        (format!("“{sentence}”"), NONE),
        (parts.join(" · "), QUIET),
    ];
    for (text, style) in lines {
        let span = Span { text: clean(&text).into(), style, is_mark: false };
        for line in wrap(&[span], look.width.saturating_sub(4).max(20), look) {
            let _ = writeln!(out, "    {line}");
        }
    }
}

/// `2 figures: 1 found, 1 differs`; nothing where there are none.
pub fn total(figures: &[CheckedFigure]) -> Option<String> {
    let mut counts: BTreeMap<FigureVerdict, usize> = BTreeMap::new();
    for checked in figures {
        *counts.entry(checked.finding.verdict).or_default() += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
    let figures = count(figures.len() as u64, "figure");
    (!counts.is_empty()).then(|| format!("{figures}: {}", counts.join(", ")))
}
