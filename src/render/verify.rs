//! What was found out about quotations, for a terminal and as JSON.

mod figures;

pub use figures::sentence;

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::json::{passage, place_of, summary};
use super::terminal::{HEADING, Look, NONE, QUIET, Span, count, paint, wrap};
use super::text::{clean, cut, location_text, place_text};
use crate::engine::Summary;
use crate::passage::Passage;
use crate::verify::{
    Attribution, Claim, Differences, Edit, FigureVerdict, Finding, Match, Quotation, Source,
    Stands, Verdict, Verification,
};

/// A quotation with what was found out about it.
pub struct Checked {
    /// What was found out.
    pub verification: Verification,
    /// Where it stands, if in a draft.
    pub drafted: Option<Quotation>,
}

/// A figure of a draft with what was found out about it.
pub struct CheckedFigure {
    /// The figure.
    pub claim: Claim,
    /// What was found out.
    pub finding: Finding,
}

/// All that was checked.
#[derive(Default)]
pub struct Report {
    /// The quotations.
    pub quotations: Vec<Checked>,
    /// The figures of a draft that are not quoted.
    pub figures: Vec<CheckedFigure>,
    /// The draft's name, if there is one.
    pub draft: Option<String>,
    /// For so many quotations and figures, the last ones, there was not enough time.
    pub unchecked: usize,
    /// So many quotations of the draft are too short to be checked.
    pub short: usize,
    /// So many quotations of the draft are opened and not closed, and not checked.
    pub open: usize,
}

impl Report {
    /// Whether all quotations are verified and where the draft says, and all figures are found.
    pub fn is_good(&self) -> bool {
        self.unchecked == 0
            && self.open == 0
            && self.quotations.iter().all(|checked| checked.verification.is_good())
            && self.figures.iter().all(|it| it.finding.verdict == FigureVerdict::Found)
    }

    /// What is to be said of what was not checked.
    pub fn warning(&self) -> Option<String> {
        let all = self.quotations.len() + self.figures.len() + self.unchecked;
        let left = self.unchecked;
        match left {
            0 => None,
            left if left == all => Some(format!(
                "the time was over before any of {all} quotations and figures was checked, which says nothing of them: ask for fewer at \
                 once, for shorter ones, or with the report that they are from (`doc`)"
            )),
            left => Some(format!(
                "the time was over: the last {left} of {all} quotations and figures were not checked; ask for them by themselves"
            )),
        }
    }
}

/// What is to be said of so many quotations that are too short to be checked.
pub fn too_short(count: usize) -> Option<String> {
    let told = match count {
        0 => return None,
        1 => "1 quotation of two or three words was".to_owned(),
        count => format!("{count} quotations of two or three words were"),
    };
    Some(format!("{told} not checked"))
}

/// What is to be said of so many quotations that are opened and not closed.
pub fn not_closed(count: usize) -> Option<String> {
    let told = match count {
        0 => return None,
        1 => "1 quotation that is opened and not closed was".to_owned(),
        count => format!("{count} quotations that are opened and not closed were"),
    };
    Some(format!("{told} not checked"))
}

/// All that was checked, `tipsearch.verify/1`. Figures stand apart from quotations: what is found of them is
/// no quotation.
pub fn json(report: &Report, index: &Summary) -> Value {
    let warnings = report.warning().into_iter();
    let warnings = warnings.chain(not_closed(report.open)).chain(too_short(report.short));
    let mut value = json!({
        "schema": "tipsearch.verify/1",
        "index": summary(index),
        "summary": counts(&report.quotations),
        "results": report.quotations.iter().map(result).collect::<Vec<_>>(),
        "truncated": report.unchecked > 0,
        "unchecked": report.unchecked,
        "warnings": warnings.collect::<Vec<_>>(),
    });
    if let Some(draft) = &report.draft {
        value["draft"] = json!(draft);
        value["figures"] = report.figures.iter().map(figures::json).collect();
    }
    value
}

/// How many quotations have each verdict.
fn counts(checked: &[Checked]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for checked in checked {
        *counts.entry(checked.verification.verdict.name()).or_default() += 1;
    }
    counts
}

fn result(checked: &Checked) -> Value {
    let found = &checked.verification;
    let mut value = json!({
        "quote": found.quote,
        "verdict": found.verdict.name(),
        "differs": found.matches.first().map(|found| names(&found.differences)).unwrap_or_default(),
        "matches": found.matches.iter().map(match_value).collect::<Vec<_>>(),
        "total": {"matches": found.total, "relation": if found.has_more { "gte" } else { "eq" }},
        "diff": match found.diff.is_empty() {
            true => Value::Null,
            false => found.diff.iter().map(edit).collect(),
        },
    });
    if let Some(drafted) = &checked.drafted {
        value["draft"] = place_of(&drafted.location);
        value["draft"]["block"] = json!(drafted.is_block);
    }
    if let Some(given) = &found.attribution {
        value["source"] = json!({
            "hint": cut(&given.hint, LONGEST_HINT),
            "documents": given.documents,
            "stands": given.stands.name(),
        });
        if !given.sources.is_empty() {
            value["source"]["sources"] = given.sources.iter().map(one_source).collect();
        }
        if let Some(is_checked) = given.is_page_checked {
            value["source"]["page_checked"] = json!(is_checked);
        }
        if let Some(is_checked) = given.is_line_checked {
            value["source"]["line_checked"] = json!(is_checked);
        }
    }
    value
}

/// One of several sources.
fn one_source(source: &Source) -> Value {
    json!({"hint": cut(&source.hint, LONGEST_HINT), "documents": source.documents, "stands": source.stands.name()})
}

fn match_value(found: &Match) -> Value {
    let matched = Passage { text: found.text.clone(), ..found.passage.clone() };
    let mut value = passage(&matched);
    value["similarity"] = json!((found.similarity * 1000.0).round() / 1000.0);
    value["differs"] = json!(names(&found.differences));
    value["bytes"] = json!([found.bytes.start, found.bytes.end]);
    value["quoted"] = json!([found.quoted.start, found.quoted.end]);
    if !found.replaced.is_empty() {
        let replaced = found.replaced.iter();
        let replaced = replaced.map(|it| json!({"quoted": it.quoted, "source": it.source}));
        value["replaced"] = replaced.collect();
    }
    if let Some(part) = found.heading {
        value["heading"] = json!(part);
    }
    if !found.goes_on.is_empty() {
        value["goes_on"] = json!(found.goes_on);
    }
    value
}

/// What is written otherwise, in words.
pub(super) fn names(differences: &Differences) -> Vec<&'static str> {
    differences.iter().map(|difference| difference.name()).collect()
}

fn edit(edit: &Edit) -> Value {
    let (kind, text) = match edit {
        Edit::Same(text) => ("same", text),
        Edit::Removed(text) => ("removed", text),
        Edit::Added(text) => ("added", text),
        Edit::Omitted(text) => ("omitted", text),
    };
    json!({"op": kind, "text": text})
}

const GOOD: Style = AnsiColor::Green.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
/// The style of what is no more.
pub(super) const REMOVED: Style = AnsiColor::Red.on_default();
/// The style of what is new.
pub(super) const ADDED: Style = AnsiColor::Green.on_default();

/// So much of a note is told with each quotation that it is behind, bytes.
pub const LONGEST_HINT: usize = 1000;

/// Under each quotation so many of its places are shown.
const MOST_SHOWN: usize = 5;

/// One block for each quotation and each figure, then how many have which verdict.
pub fn terminal(report: &Report, look: &Look) -> String {
    let mut out = String::new();
    let draft = report.draft.as_deref();
    for checked in &report.quotations {
        block(checked, draft, look, &mut out);
        out.push('\n');
    }
    for figure in &report.figures {
        figures::terminal(figure, draft, look, &mut out);
        out.push('\n');
    }
    let mut totals = vec![total(&report.quotations)];
    totals.extend(figures::total(&report.figures));
    totals.extend(not_closed(report.open));
    totals.extend(too_short(report.short));
    let _ = writeln!(out, "{}", paint(&totals.join("; "), QUIET, look));
    out
}

/// `3 quotations: 2 verbatim, 1 absent`.
fn total(checked: &[Checked]) -> String {
    if checked.is_empty() {
        return "no quotations of four words or more".to_owned();
    }
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for checked in checked {
        *counts.entry(checked.verification.verdict).or_default() += 1;
    }
    let mut counts: Vec<String> =
        counts.iter().map(|(verdict, count)| format!("{count} {}", label(*verdict))).collect();
    let given = checked.iter().filter_map(|checked| checked.verification.attribution.as_ref());
    let elsewhere = given.filter(|given| given.stands == Stands::Elsewhere).count();
    if elsewhere > 0 {
        counts.push(format!("{elsewhere} not where the draft says"));
    }
    format!("{}: {}", count(checked.len() as u64, "quotation"), counts.join(", "))
}

fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::TooShort => "too short",
        verdict => verdict.name(),
    }
}

fn block(checked: &Checked, draft: Option<&str>, look: &Look, out: &mut String) {
    let found = &checked.verification;
    let style = match found.verdict {
        Verdict::Verbatim | Verdict::Normalized => GOOD,
        Verdict::Near | Verdict::TooShort => DOUBTFUL,
        Verdict::Stitched | Verdict::Absent => BAD,
    };
    let mut head = vec![
        Span { text: label(found.verdict).into(), style, is_mark: false },
        Span { text: "  ".into(), style: NONE, is_mark: false },
        Span {
            text: format!("“{}”", shortened(&found.quote)).into(), style: NONE, is_mark: false
        },
    ];
    if let (Some(drafted), Some(draft)) = (&checked.drafted, draft) {
        let place = format!("  {}", place_text(draft, &drafted.location));
        head.push(Span { text: place.into(), style: QUIET, is_mark: false });
    }
    for line in wrap(&head, look.width, look) {
        let _ = writeln!(out, "{line}");
    }
    if let Some(given) = &found.attribution {
        attribution(given, look, out);
    }
    if !found.diff.is_empty() {
        for line in wrap(&diff(&found.diff), look.width.saturating_sub(4).max(20), look) {
            let _ = writeln!(out, "    {line}");
        }
    }
    let most = if found.verdict == Verdict::Stitched { found.matches.len() } else { MOST_SHOWN };
    for place in found.matches.iter().take(most) {
        place_lines(found, place, look, out);
    }
    let more = found.total.saturating_sub(most);
    if more > 0 {
        let least = if found.has_more { "at least " } else { "" };
        let text = format!("    and {least}{}", count(more as u64, "more place"));
        let _ = writeln!(out, "{}", paint(&text, QUIET, look));
    }
}

/// Whether a quotation is from where its draft says.
fn attribution(given: &Attribution, look: &Look, out: &mut String) {
    let hint = shortened(&given.hint);
    let documents: Vec<&str> =
        given.documents.iter().map(String::as_str).take(MOST_SHOWN).collect();
    let mut documents = documents.join(", ");
    if given.documents.len() > MOST_SHOWN {
        let _ = write!(documents, " and {} more", given.documents.len() - MOST_SHOWN);
    }
    if documents.is_empty() {
        documents.push_str("the index has no report of that year on it");
    }
    let (text, style) = match given.stands {
        Stands::There => {
            let note = given.place_note().map_or(String::new(), |note| format!("; {note}"));
            let sources = given.sources_note().map_or(String::new(), |note| format!(" ({note})"));
            (format!("as given: {hint}{sources}{note}"), QUIET)
        }
        Stands::Elsewhere => (format!("not where the draft says: {hint} ({documents})"), BAD),
        Stands::Nowhere => (format!("given as: {hint} ({documents})"), QUIET),
        Stands::Unknown => {
            (format!("given as: {hint}, which names no document of the index"), QUIET)
        }
    };
    let span = Span { text: clean(&text).into(), style, is_mark: false };
    for line in wrap(&[span], look.width.saturating_sub(4).max(20), look) {
        let _ = writeln!(out, "    {line}");
    }
}

/// Trail, place and id of a match, and what is written otherwise there.
fn place_lines(found: &Verification, place: &Match, look: &Look, out: &mut String) {
    let trail =
        Span { text: place.passage.trail.join(" › ").into(), style: HEADING, is_mark: false };
    for line in wrap(&[trail], look.width.saturating_sub(4).max(20), look) {
        let _ = writeln!(out, "    {line}");
    }
    let mut parts = vec![clean(&location_text(&place.passage)), format!("id {}", place.passage.id)];
    if place.heading.is_some() {
        parts.push("in a heading".to_owned());
    }
    if found.verdict == Verdict::Stitched {
        let piece = found.quote.get(place.quoted.clone()).unwrap_or_default();
        parts.push(format!("“{}”", shortened(piece)));
    }
    if found.verdict == Verdict::Near {
        parts.push(format!("similarity {:.2}", place.similarity));
    }
    if !place.differences.is_empty() {
        parts.push(format!("differs in {}", names(&place.differences).join(", ")));
    }
    parts.extend(place.replaced_note().map(|note| clean(&note)));
    let place = Span { text: parts.join(" · ").into(), style: QUIET, is_mark: false };
    for line in wrap(&[place], look.width.saturating_sub(4).max(20), look) {
        let _ = writeln!(out, "    {line}");
    }
}

/// `[-what the source says-]{+what the quotation says+}`.
fn diff(edits: &[Edit]) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    for edit in edits {
        let (text, style) = match edit {
            Edit::Same(text) => (text.clone(), NONE),
            Edit::Removed(text) => (format!("[-{text}-]"), REMOVED),
            Edit::Added(text) => (format!("{{+{text}+}}"), ADDED),
            Edit::Omitted(text) => (format!("[… {} …]", shortened(text)), QUIET),
        };
        if !spans.is_empty() {
            spans.push(Span { text: " ".into(), style: NONE, is_mark: false });
        }
        spans.push(Span { text: text.into(), style, is_mark: false });
    }
    spans
}

/// The beginning and the end of a long text.
fn shortened(text: &str) -> String {
    const WORDS_AT_END: usize = 4;
    const MOST_WORDS: usize = 16;
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= MOST_WORDS {
        return words.join(" ");
    }
    let (start, end) = (MOST_WORDS - WORDS_AT_END, words.len() - WORDS_AT_END);
    let part = |range: Option<&[&str]>| range.unwrap_or_default().join(" ");
    format!("{} … {}", part(words.get(..start)), part(words.get(end..)))
}
