//! What was searched for in every form, what comes near, and what could not be read: for a terminal and as JSON.

use std::fmt::Write;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::json::hit as hit_json;
use super::terminal::{HEADING, Look, NONE, QUIET, Span, count, hit, paint, wrap};
use super::text::clean;
use crate::query::WordForms;
use crate::search::{Exhaustive, SearchResponse};

/// So many words are named on a terminal; data has them all.
const MOST_WORDS: usize = 24;

/// As JSON.
pub fn json(exhaustive: &Exhaustive) -> Value {
    let forms = exhaustive.forms.iter().map(
        |word| json!({"word": word.written, "forms": word.forms, "spellings": word.spellings}),
    );
    let not_read = exhaustive
        .not_read
        .iter()
        .map(|(doc_id, reason)| json!({"doc_id": doc_id, "reason": reason}));
    json!({
        "is_complete": exhaustive.is_complete(),
        "forms": forms.collect::<Vec<_>>(),
        "searched": {
            "passages": exhaustive.searched.passages,
            "documents": exhaustive.searched.documents,
        },
        "near_misses": exhaustive.near_misses.iter().map(hit_json).collect::<Vec<_>>(),
        "not_read": not_read.collect::<Vec<_>>(),
        "changed_files": exhaustive.changed_files,
        "doubts": exhaustive.doubts(),
        "left_out": exhaustive.left_out,
    })
}

/// For a terminal, below the hits.
pub fn terminal(exhaustive: &Exhaustive, response: &SearchResponse, look: &Look) -> String {
    let mut out = String::new();
    let searched = format!(
        "searched {} and {} for {}",
        count(exhaustive.searched.documents, "document"),
        count(exhaustive.searched.passages, "passage"),
        clean(&response.parsed)
    );
    out.push('\n');
    let spans = [Span { text: searched.into(), style: HEADING, is_mark: false }];
    for line in wrap(&spans, look.width, look) {
        let _ = writeln!(out, "{line}");
    }
    for word in &exhaustive.forms {
        forms(word, look, &mut out);
    }
    for expansion in &response.expansions {
        let to = format!("“{}”", clean(&expansion.to.join("”, “")));
        line(&format!("{}, also as ", clean(&expansion.from)), &to, look, &mut out);
    }
    if !exhaustive.near_misses.is_empty() {
        let _ = writeln!(out, "\n{}", paint("nearest to it", HEADING, look));
        for found in &exhaustive.near_misses {
            hit(found, look, &mut out);
        }
    }
    not_read(exhaustive, look, &mut out);
    if !exhaustive.left_out.is_empty() {
        out.push('\n');
        line("not searched, by design: ", &exhaustive.left_out.join("; "), look, &mut out);
    }
    for doubt in exhaustive.doubts() {
        let _ = writeln!(out, "\n{}", paint(&doubt, AnsiColor::Red.on_default(), look));
    }
    out
}

fn forms(word: &WordForms, look: &Look, out: &mut String) {
    let written = clean(&word.written);
    if word.forms.is_empty() && word.spellings.is_empty() {
        line(
            &format!("{written}: "),
            "nowhere in the index, nor anything spelled like it",
            look,
            out,
        );
        return;
    }
    let known = if word.forms.is_empty() { "nowhere".to_owned() } else { some(&word.forms) };
    line(&format!("{written}: "), &known, look, out);
    if !word.spellings.is_empty() {
        line(&format!("{written}, spelled nearly so: "), &some(&word.spellings), look, out);
    }
}

/// The first words of a list, and how many more there are.
fn some(words: &[String]) -> String {
    let first: Vec<String> = words.iter().take(MOST_WORDS).map(|word| clean(word)).collect();
    match words.len().saturating_sub(MOST_WORDS) {
        0 => first.join(", "),
        more => format!("{}, and {more} more", first.join(", ")),
    }
}

fn line(what: &str, text: &str, look: &Look, out: &mut String) {
    let spans = [
        Span { text: what.into(), style: NONE, is_mark: false },
        Span { text: text.into(), style: QUIET, is_mark: false },
    ];
    for line in wrap(&spans, look.width.saturating_sub(2).max(20), look) {
        let _ = writeln!(out, "  {line}");
    }
}

fn not_read(exhaustive: &Exhaustive, look: &Look, out: &mut String) {
    if exhaustive.not_read.is_empty() {
        return;
    }
    let files = count(exhaustive.not_read.len() as u64, "file");
    let heading = format!("{files} could not be read, or not to the end, and may say it");
    let _ = writeln!(out, "\n{}", paint(&heading, AnsiColor::Red.on_default(), look));
    for (doc_id, reason) in &exhaustive.not_read {
        line(&format!("{}: ", clean(doc_id)), &clean(reason), look, out);
    }
}
