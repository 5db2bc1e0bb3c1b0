//! Hits as Markdown: quotations with their marks in bold and numbered sources under them.

use std::fmt::Write;

use super::cite::short_citation;
use super::text::{Lit, lit, location_text};
use crate::highlight::Mark;
use crate::search::{Continuation, Found, SearchResponse};

/// What stands before the hits.
pub fn head(query: &str) -> String {
    format!("# {}\n", escape(query))
}

/// A hit: its heading, its text as a quotation, its source.
pub fn hit(found: &Found) -> String {
    let heading =
        found.passage.trail.iter().map(|part| escape(part)).collect::<Vec<_>>().join(" › ");
    let mut out = format!("\n## {}. {heading}\n\n", found.rank);
    for line in marked(&found.passage.text, &found.marks).lines() {
        let _ = writeln!(out, "> {line}");
    }
    if let Some(Continuation { passage, marks, bytes }) = &found.continuation {
        let text = marked(&passage.text[..bytes.end], marks).replace('\n', " ");
        let _ = write!(out, ">\n> {text} (passage `{}`)\n", passage.id);
    }
    let place = escape(&location_text(&found.passage));
    let citation = escape(&short_citation(&found.passage));
    let _ =
        write!(out, "\n[{}] {citation} ({place}, passage `{}`)\n", found.rank, found.passage.id);
    for passage in &found.copies {
        let citation = escape(&short_citation(passage));
        let _ = write!(out, "\nThe same text: {citation} (passage `{}`)\n", passage.id);
    }
    if !found.missing.is_empty() {
        let missing: Vec<String> = found.missing.iter().map(|word| escape(word)).collect();
        let _ = write!(out, "\nWithout: {}\n", missing.join(", "));
    }
    out
}

/// What stands behind the hits.
pub fn foot(response: &SearchResponse) -> String {
    if response.total.passages == 0 { "\nNothing found.\n".to_owned() } else { String::new() }
}

/// Text with its marks in bold, and what only means what was asked for in italics; escaped first.
fn marked(text: &str, marks: &[Mark]) -> String {
    let mut out = String::with_capacity(text.len() + marks.len() * 4);
    let mut at = 0;
    for Lit { bytes, is_faint } in lit(marks.iter()) {
        let sign = if is_faint { "*" } else { "**" };
        out.push_str(&escape(&text[at..bytes.start]));
        let _ = write!(out, "{sign}{}{sign}", escape(&text[bytes.clone()]));
        at = bytes.end;
    }
    out.push_str(&escape(&text[at..]));
    out
}

/// Text without markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
