//! Hits for a person at a terminal: heading trail, snippet with its marks, place.

use std::fmt::Write;
use std::ops::Range;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::text::{Lit, clean, lit, location_text};
use crate::highlight::{Mark, MarkKind};
use crate::passage::Passage;
use crate::query::{Expansion, ExpansionSource};
use crate::search::{Found, SearchResponse};

/// So many reports with the same text are named.
const MOST_COPIES: usize = 5;

/// How to write for this terminal.
#[derive(Clone, Debug)]
pub struct Look {
    /// Escape sequences for colour; without them marks stand in «guillemets», ‹single› ones where they only mean what was asked for.
    pub color: bool,
    /// Columns.
    pub width: usize,
    /// Where reports lie, to link to them; empty for no links.
    pub roots: Vec<PathBuf>,
    /// Show scores.
    pub scores: bool,
}

impl Look {
    /// No colour, no links, eighty columns.
    pub fn plain() -> Look {
        Look { color: false, width: 80, roots: Vec::new(), scores: false }
    }
}

/// The style of what matched.
pub const MARK: Style = AnsiColor::Yellow.on_default().bold();
/// The style of what did not match, but means what was asked for.
const MEANT: Style = Style::new().underline();
/// The style of headings.
pub const HEADING: Style = Style::new().bold();
const TITLE: Style = AnsiColor::Cyan.on_default();
/// The style of what stands beside the matter.
pub const QUIET: Style = Style::new().dimmed();
pub(super) const NONE: Style = Style::new();

/// A stretch of text in one style.
pub(super) struct Span<'a> {
    pub text: std::borrow::Cow<'a, str>,
    pub style: Style,
    pub is_mark: bool,
}

/// A whole response. Notes about the query come first, then the hits, then how many there are.
pub fn response(response: &SearchResponse, look: &Look) -> String {
    let mut out = String::new();
    for note in notes(response) {
        let _ = writeln!(out, "{}", paint(&note, QUIET, look));
    }
    for found in &response.hits {
        if !out.is_empty() {
            out.push('\n');
        }
        hit(found, look, &mut out);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{}", paint(&footer(response), QUIET, look));
    if let Some(exhaustive) = &response.exhaustive {
        out.push_str(&super::exhaustive::terminal(exhaustive, response, look));
    }
    out
}

/// What the reader must know before the hits: words that are nowhere, spellings that were used.
fn notes(response: &SearchResponse) -> Vec<String> {
    let mut notes = Vec::new();
    if !response.unknown.is_empty() {
        notes.push(nowhere(response));
    }
    if let Some(meant) = &response.did_you_mean {
        notes.push(format!("did you mean: {}", clean(meant)));
    }
    let shows_synonym = |number: usize| {
        let texts = response.hits.iter().flat_map(|hit| &hit.marks);
        let headings = response.hits.iter().flat_map(|hit| &hit.section_marks);
        let mut marks = texts.chain(headings.map(|mark| &mark.mark));
        marks.any(|mark| mark.kind == MarkKind::Synonym && mark.clause == number)
    };
    for expansion in &response.expansions {
        // A synonym that no passage here has explains nothing.
        if expansion.by == ExpansionSource::Thesaurus && !shows_synonym(expansion.number) {
            continue;
        }
        notes.extend(searched_as(expansion, response));
    }
    let fed = response.expansions.iter().filter(|it| it.by == ExpansionSource::Feedback);
    let fed: Vec<String> = fed.flat_map(|it| &it.to).map(|word| clean(word)).collect();
    if !fed.is_empty() {
        notes.push(format!("also searched for what the best passages have: {}", fed.join(", ")));
    }
    notes.extend(response.warnings.iter().map(|warning| clean(warning)));
    notes
}

/// Which words of a query are nowhere in the index.
pub fn nowhere(response: &SearchResponse) -> String {
    let words = response.unknown.iter().map(|word| format!("“{}”", clean(word)));
    format!("nowhere in the index: {}", words.collect::<Vec<_>>().join(", "))
}

/// What was searched for beside or in place of what was typed, where that is worth a note: a word that is written apart or
/// together as well is the same word, unless it is nowhere as typed.
pub fn searched_as(expansion: &Expansion, response: &SearchResponse) -> Option<String> {
    let is_nowhere = response.unknown.contains(&expansion.from);
    let also = match expansion.by {
        ExpansionSource::Spelling | ExpansionSource::Compound if is_nowhere => "",
        ExpansionSource::Spelling | ExpansionSource::Thesaurus => "also ",
        ExpansionSource::Compound | ExpansionSource::Feedback | ExpansionSource::Inflection => {
            return None;
        }
    };
    let (from, to) = (clean(&expansion.from), clean(&expansion.to.join("”, “")));
    Some(format!("searched for “{from}” {also}as “{to}”"))
}

/// How much there is, and how to see more.
fn footer(response: &SearchResponse) -> String {
    if response.hits.is_empty() {
        return format!(
            "nothing found in {} and {}",
            count(response.index.documents, "document"),
            count(response.index.passages, "passage")
        );
    }
    let (first, last) = (response.hits.first(), response.hits.last());
    let shown = format!(
        "{}-{} of {}",
        first.map_or(0, |hit| hit.rank),
        last.map_or(0, |hit| hit.rank),
        told(response.total.passages, response.total.documents, response.total.is_exact)
    );
    let took = format!("{:.1} ms", response.took.as_secs_f64() * 1000.0);
    match (&response.next_cursor, response.capped) {
        (Some(cursor), _) => format!("{shown}, {took}; more: --cursor {cursor}"),
        (None, Some(most)) => {
            format!("{shown}, {took}; at most {most} of each report: --per-document 0 shows all")
        }
        (None, None) => format!("{shown}, {took}"),
    }
}

/// `12 passages in 3 documents`; where not all were counted, `at least 12 passages`, which may stand in any number of
/// documents.
pub fn told(passages: u64, documents: u64, is_exact: bool) -> String {
    let passages = count(passages, "passage");
    match is_exact {
        true => format!("{passages} in {}", count(documents, "document")),
        false => format!("at least {passages}"),
    }
}

/// `1 passage`, `2 passages`.
pub fn count(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A number of bytes, as `6 KB`, `28.6 MB` or `1.25 GB`: thousands, millions and milliards of them.
pub fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

/// A number with a comma between each three of its digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub(super) fn hit(found: &Found, look: &Look, out: &mut String) {
    let indent = 4;
    let width = look.width.saturating_sub(indent).max(20);
    let mut heading = wrap(&trail(found), width, look);
    let rank = format!("{:>2}. ", found.rank);
    if let Some(first) = heading.first_mut() {
        *first = format!("{}{first}", paint(&rank, QUIET, look));
    }
    for (index, line) in heading.iter().enumerate() {
        let _ = writeln!(out, "{}{line}", if index == 0 { "" } else { "    " });
    }
    for passage in &found.before {
        block(&passage.text, &[], QUIET, width, look, out);
    }
    if !found.before.is_empty() || !found.after.is_empty() {
        block(&found.passage.text, &found.marks, NONE, width, look, out);
    } else {
        for line in wrap(&snippet(found), width, look) {
            let _ = writeln!(out, "    {line}");
        }
        for line in wrap(&continuation(found), width, look) {
            let _ = writeln!(out, "    {line}");
        }
    }
    for passage in &found.after {
        let next = found.continuation.as_ref().filter(|next| next.passage.id == passage.id);
        let marks = next.map_or(&[][..], |next| &next.marks);
        block(&passage.text, marks, QUIET, width, look, out);
    }
    let _ = writeln!(out, "    {}", place(found, look));
    if !found.copies.is_empty() {
        let copies = format!("same text in: {}", copies(&found.copies));
        let spans = [Span { text: copies.into(), style: QUIET, is_mark: false }];
        wrap(&spans, width, look).iter().for_each(|line| {
            let _ = writeln!(out, "    {line}");
        });
    }
    if !found.missing.is_empty() {
        let missing = format!("without: {}", clean(&found.missing.join(", ")));
        let _ = writeln!(out, "    {}", paint(&missing, AnsiColor::Red.on_default(), look));
    }
    if let Some(explanation) = &found.explanation {
        for line in explanation.to_string().lines() {
            let _ = writeln!(out, "    {}", paint(line, QUIET, look));
        }
    }
}

/// The heading trail with its marks.
fn trail(found: &Found) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    for (part, heading) in found.passage.trail.iter().enumerate() {
        if part > 0 {
            spans.push(Span { text: " › ".into(), style: QUIET, is_mark: false });
        }
        let marks: Vec<Mark> = found
            .section_marks
            .iter()
            .filter(|mark| mark.part == part)
            .map(|mark| mark.mark.clone())
            .collect();
        let style = if part + 1 == found.passage.trail.len() { HEADING } else { TITLE };
        spans.extend(marked(heading, 0..heading.len(), &marks, style));
    }
    spans
}

/// The fragments with their marks; what is left out between them is an ellipsis.
fn snippet(found: &Found) -> Vec<Span<'_>> {
    let text = &found.passage.text;
    let mut spans = Vec::new();
    let mut end = 0;
    for fragment in &found.fragments {
        let skipped = text[end..fragment.bytes.start].trim();
        if !skipped.is_empty() {
            let gap = if end == 0 { "… " } else { " … " };
            spans.push(Span { text: gap.into(), style: QUIET, is_mark: false });
        } else if end > 0 {
            spans.push(Span { text: " ".into(), style: NONE, is_mark: false });
        }
        spans.extend(marked(text, fragment.bytes.clone(), &found.marks, NONE));
        end = fragment.bytes.end;
    }
    if !text[end..].trim().is_empty() && !found.fragments.is_empty() {
        spans.push(Span { text: " …".into(), style: QUIET, is_mark: false });
    }
    spans
}

/// What the next passage begins with, where what matches goes on there.
fn continuation(found: &Found) -> Vec<Span<'_>> {
    let Some(next) = &found.continuation else { return Vec::new() };
    let note = |text: String| Span { text: text.into(), style: QUIET, is_mark: false };
    let mut spans = vec![note(format!("→ {} ", next.passage.id))];
    spans.extend(marked(&next.passage.text, next.bytes.clone(), &next.marks, NONE));
    if next.bytes.end < next.passage.text.len() {
        spans.push(note(" …".to_owned()));
    }
    spans
}

/// A range of a text, cut at its marks.
fn marked<'a>(text: &'a str, range: Range<usize>, marks: &[Mark], style: Style) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    let mut at = range.start;
    for Lit { bytes, is_faint } in lit(marks.iter()) {
        let (start, end) = (bytes.start.max(range.start), bytes.end.min(range.end));
        if start >= end {
            continue; // outside
        }
        spans.push(Span { text: text[at..start].into(), style, is_mark: false });
        let mark = if is_faint { MEANT } else { MARK };
        spans.push(Span { text: text[start..end].into(), style: mark, is_mark: true });
        at = end;
    }
    spans.push(Span { text: text[at..range.end].into(), style, is_mark: false });
    spans
}

/// A whole text, paragraph by paragraph, indented like a snippet.
fn block(text: &str, marks: &[Mark], style: Style, width: usize, look: &Look, out: &mut String) {
    let mut start = 0;
    for line in text.split('\n') {
        let range = start..start + line.len();
        start = range.end + 1;
        for line in wrap(&marked(text, range, marks, style), width, look) {
            let _ = writeln!(out, "    {line}");
        }
    }
}

/// Place, role, year and id of a hit on one line.
fn place(found: &Found, look: &Look) -> String {
    let passage = &found.passage;
    let mut parts = vec![link(passage, look)];
    parts.extend(passage.role.as_deref().map(clean));
    if let Some(year) =
        passage.metadata("year").filter(|year| !passage.report.title.contains(*year))
    {
        parts.push(clean(year));
    }
    if look.scores {
        parts.push(format!("score {:.2}", found.score));
    }
    parts.push(format!("id {}", passage.id));
    paint(&parts.join(" · "), QUIET, look)
}

/// The reports that have the same text, the first few by their titles.
fn copies(copies: &[Passage]) -> String {
    let mut titles: Vec<String> = Vec::new();
    for passage in copies {
        let title = clean(&passage.report.title);
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let more = titles.len().saturating_sub(MOST_COPIES);
    titles.truncate(MOST_COPIES);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    titles.join("; ") + &more
}

/// The place in the source, as a link (OSC 8) where the terminal can follow one.
fn link(passage: &Passage, look: &Look) -> String {
    // A name may have a line break.
    let place = clean(&location_text(passage)).replace(['\n', '\r'], " ");
    let [root] = look.roots.as_slice() else { return place };
    let path = if root.is_dir() { root.join(&passage.report.doc_id) } else { root.clone() };
    let path = path.to_string_lossy();
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("\x1b]8;;file://{encoded}\x1b\\{place}\x1b]8;;\x1b\\")
}

/// Text in a style, where there are colours.
pub fn paint(text: &str, style: Style, look: &Look) -> String {
    match look.color {
        true => format!("{style}{text}{style:#}"),
        false => text.to_owned(),
    }
}

/// Breaks spans into lines at blanks; white space collapses, and text is cleaned. Widths are those of
/// Unicode Standard Annex #11.
pub(super) fn wrap(spans: &[Span<'_>], width: usize, look: &Look) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    let mut blank = false;
    for word in words(spans, look) {
        let wide: usize = word.pieces.iter().map(|(text, _)| text.width()).sum();
        let gap = usize::from(blank || word.after_blank);
        if used > 0 && gap == 1 && used + gap + wide > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if used > 0 && gap == 1 {
            line.push(' ');
            used += 1;
        }
        blank = false;
        for (text, span) in &word.pieces {
            write_span(text, span, look, &mut line);
        }
        used += wide;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word: pieces of spans without white space between them.
struct Word<'s> {
    pieces: Vec<(String, &'s Span<'s>)>,
    after_blank: bool,
}

fn words<'s>(spans: &'s [Span<'s>], look: &Look) -> Vec<Word<'s>> {
    let mut words: Vec<Word<'s>> = Vec::new();
    let mut after_blank = false;
    for span in spans {
        let text = match span.is_mark && !look.color {
            true if span.style == MEANT => format!("‹{}›", clean(&span.text)),
            true => format!("«{}»", clean(&span.text)),
            false => clean(&span.text),
        };
        for (index, piece) in text.split(char::is_whitespace).enumerate() {
            after_blank |= index > 0;
            if piece.is_empty() {
                continue;
            }
            match words.last_mut() {
                Some(word) if !after_blank => word.pieces.push((piece.to_owned(), span)),
                _ => words.push(Word { pieces: vec![(piece.to_owned(), span)], after_blank }),
            }
            after_blank = false;
        }
    }
    words
}

fn write_span(text: &str, span: &Span<'_>, look: &Look, line: &mut String) {
    line.push_str(&paint(text, span.style, look));
}
