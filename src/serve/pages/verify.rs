//! The verify page: a draft whose quotations are coloured by what was found out about them, with their sources.

use std::ops::Range;

use maud::{Markup, html};

use super::marks::{excerpt, message};
use super::question::Question;
use super::{ANSWER, Made, answered, indexes, layout, reading_address};
use crate::passage::Passage;
use crate::render::terminal::count;
use crate::render::verify::{Checked, CheckedFigure, LONGEST_HINT, Report, not_closed, sentence};
use crate::render::{cut, short_citation};
use crate::serve::answers;
use crate::serve::operations::{INDEX, Open};
use crate::serve::parameters::{Kind, Parameter, Values};
use crate::serve::problem::Problem;
use crate::verify::{Attribution, Edit, FigureMatch, FigureVerdict, Match, Stands, Verdict};

/// Places of a quotation that are named.
const MOST_PLACES: usize = 5;

/// So much of a quotation is marked in its report, in bytes: addresses stay short.
const LONGEST_PHRASE: usize = 400;

/// What the page may be given.
pub const PARAMETERS: &[Parameter] =
    &[Parameter::new("draft", Kind::Text(1 << 20), "a text with quotations, in Markdown"), INDEX];

/// The page.
pub fn page(open: &Open, values: &Values) -> Result<Made, Problem> {
    let draft = values.text("draft");
    let checked = match values.has("draft") {
        true => {
            let mut given = serde_json::Map::new();
            given.insert("draft".to_owned(), draft.into());
            let given = answers::verify_values(&given, values);
            Some(given.and_then(|given| answers::checked(open, &given)))
        }
        false => None,
    };
    let is_refused = matches!(checked, Some(Err(_)));
    let answer = match checked {
        None => html! {},
        Some(Ok(report)) => html! {
            (summary(&report))
            (coloured(draft, &report))
            (results(open, &report.quotations))
            (figures(open, &report.figures))
        },
        Some(Err(problem)) if problem.status == 400 => {
            html! { p.notice role="alert" { (message(&problem.text())) } }
        }
        Some(Err(problem)) => return Err(problem),
    };
    let content = html! {
        h1 { "Verify quotations" }
        form.verify action="/verify" method="post" {
            label for="draft" { "A draft with quotations and figures, or one quotation in quotation marks" }
            textarea id="draft" name="draft" rows="8" dir="auto" required aria-describedby="draft-help" { (draft) }
            p.quiet id="draft-help" {
                "Checked are what stands between quotation marks, block quotations, and figures stated without quoting. Name the source \
                 behind a quotation in brackets, as in (Albania, 2016), and whether it is from there is checked too."
            }
            (indexes(open))
            button type="submit" { "Verify" }
        }
        section id=(ANSWER) aria-label="Answer" tabindex="-1" { (answer) }
    };
    let made = match values.has("draft") {
        true => answered("Verify quotations", "/verify", open, ANSWER, &content),
        false => layout("Verify quotations", "/verify", Some(open), &content),
    };
    Ok(if is_refused { Made::refusing(made) } else { made.into() })
}

/// What is said of a draft that is too long to be sent: it is not there to be shown again.
pub fn told_of_draft(problem: Problem) -> Problem {
    match problem.status {
        413 => Problem::new(
            413,
            "body_too_large",
            "the draft is too long: as it is sent it has more than 1 MiB",
        )
        .hint("go back to where it still stands, and give it in parts"),
        _ => problem,
    }
}

/// A verdict in words, its colour, and a sign that needs none.
fn told(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Verbatim => ("good", "✓", "verbatim"),
        Verdict::Normalized => ("good", "✓", "the same words"),
        Verdict::Near => ("doubtful", "≈", "near: something is written otherwise"),
        Verdict::TooShort => ("doubtful", "?", "too short to tell"),
        Verdict::Stitched => ("bad", "✗", "put together from several places"),
        Verdict::Absent => ("bad", "✗", "not in the reports"),
    }
}

/// The same of a figure. None of them is called good: a number that stands with some words is no quotation.
fn told_of_figure(verdict: FigureVerdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        FigureVerdict::Found => {
            ("doubtful", "=", "stands with these words; read whether it says so")
        }
        FigureVerdict::Differs => ("bad", "✗", "the reports have it otherwise"),
        FigureVerdict::Absent => ("bad", "✗", "not in the reports with these words"),
    }
}

/// The colour of a quotation in the draft: one that is true but from elsewhere is not to be passed over.
fn colour(checked: &Checked) -> &'static str {
    let found = &checked.verification;
    match found.verdict.is_verified() && !found.is_good() {
        true => "doubtful",
        false => told(found.verdict).0,
    }
}

fn verdict(colour: &str, sign: &str, words: &str) -> Markup {
    html! { span class={ "verdict " (colour) } { span.sign aria-hidden="true" { (sign) } (words) } }
}

fn summary(report: &Report) -> Markup {
    let checked = &report.quotations;
    let stand = checked.iter().filter(|one| one.verification.verdict.is_verified());
    let elsewhere = stand.clone().filter(|one| !one.verification.is_good()).count();
    let (good, all) = (stand.count(), checked.len());
    let found = |one: &&CheckedFigure| one.finding.verdict == FigureVerdict::Found;
    let found = report.figures.iter().filter(found).count();
    html! {
        h2 { "Result" }
        p {
            @match (good, all) {
                (_, 0) => "There is no quotation of four words or more between quotation marks.",
                (1, 1) => "The quotation stands in the reports.",
                (_, 1) => "The quotation does not stand in the reports.",
                _ => { (good) " of " (all) " quotations stand in the reports." }
            }
            @if elsewhere > 0 { " Not where the draft says: " (elsewhere) "." }
        }
        @if !report.figures.is_empty() {
            p { (found) " of " (count(report.figures.len() as u64, "figure")) " in the reports with the words around it." }
        }
        @if let Some(warning) = report.warning() { p.notice role="alert" { (warning) } }
        @if let Some(warning) = not_closed(report.open) { p.notice role="alert" { (warning) } }
    }
}

/// Something of a draft that was checked: where it stands, its colour, where its verdict is.
struct Span {
    bytes: Range<usize>,
    colour: &'static str,
    link: String,
}

/// What was checked of a draft, in its order.
fn spans(draft: &str, report: &Report) -> Vec<Span> {
    let quotations = report.quotations.iter().enumerate().filter_map(|(at, one)| {
        let bytes = one.drafted.as_ref()?.location.bytes.clone()?;
        Some(Span { bytes, colour: colour(one), link: format!("#quote-{}", at + 1) })
    });
    let figures = report.figures.iter().enumerate().filter_map(|(at, one)| {
        let sentence = one.claim.location.bytes.clone()?;
        let start = sentence.start + one.claim.starts;
        let bytes = start..start + one.claim.figure.len();
        // Where markup stands in the sentence, its bytes are not those of the draft.
        let is_there = draft.get(bytes.clone()) == Some(one.claim.figure.as_str());
        let colour = told_of_figure(one.finding.verdict).0;
        is_there.then(|| Span { bytes, colour, link: format!("#figure-{}", at + 1) })
    });
    let mut spans: Vec<Span> = quotations.chain(figures).collect();
    spans.sort_by_key(|span| span.bytes.start);
    spans
}

/// The draft, what was checked in its colour and with a link to what is known of it.
fn coloured(draft: &str, report: &Report) -> Markup {
    let mut pieces = Vec::new();
    let mut at = 0;
    for Span { bytes, colour, link } in spans(draft, report) {
        if bytes.start < at {
            continue;
        }
        let (Some(before), Some(inside)) = (draft.get(at..bytes.start), draft.get(bytes.clone()))
        else {
            continue;
        };
        pieces.push(html! { (before) a class=(colour) href=(link) { (inside) } });
        at = bytes.end;
    }
    html! {
        @if !pieces.is_empty() {
            div.draft dir="auto" tabindex="0" role="region" aria-label="The draft" {
                @for piece in &pieces { (piece) } (draft.get(at..).unwrap_or_default())
            }
        }
    }
}

fn results(open: &Open, checked: &[Checked]) -> Markup {
    html! {
        ol.quotes {
            @for (number, one) in checked.iter().enumerate() {
                @let found = &one.verification;
                @let (colour, sign, words) = told(found.verdict);
                li id={ "quote-" (number + 1) } data-hit tabindex="-1" {
                    p { (verdict(colour, sign, words)) @if let Some(given) = &found.attribution { " " (attribution(given)) } }
                    blockquote dir="auto" { (found.quote) }
                    @if !found.diff.is_empty() { p.diff dir="auto" { @for edit in &found.diff { (edited(edit)) " " } } }
                    ul.sources { @for place in found.matches.iter().take(MOST_PLACES) { li { (source(open, place)) } } }
                    @if found.total > MOST_PLACES { p { "and " (found.total - MOST_PLACES) " more places" } }
                }
            }
        }
    }
}

/// The address of a passage on its report's page where these words of it are marked, as a phrase.
fn marked_in_report(open: &Open, passage: &Passage, words: &str) -> String {
    let mut phrase = String::new();
    for word in words.split(|c: char| c.is_whitespace() || "\"“”\\*?".contains(c)) {
        if phrase.len() + word.len() > LONGEST_PHRASE {
            break;
        }
        if !phrase.is_empty() && !word.is_empty() {
            phrase.push(' ');
        }
        phrase.push_str(word);
    }
    if phrase.is_empty() {
        return reading_address(open, &passage.report.doc_id, Some(&passage.id));
    }
    let question =
        Question { query: &format!("\"{phrase}\""), literal: true, ..Question::default() };
    question.in_report(open, &passage.report.doc_id, Some(&passage.id))
}

/// A place where a quotation stands.
fn source(open: &Open, place: &Match) -> Markup {
    let passage = &place.passage;
    let words = place.heading.is_none().then(|| passage.text.get(place.bytes.clone())).flatten();
    let link = marked_in_report(open, passage, words.unwrap_or_default());
    let differences: Vec<&str> = place.differences.iter().map(|it| it.name()).collect();
    html! {
        a dir="auto" href=(link) { (short_citation(passage)) }
        @if !differences.is_empty() { " – differs in " (differences.join(", ")) }
        @if let Some(note) = place.replaced_note() { " – " (note) }
        @if place.heading.is_none() { (excerpt(&passage.text, &place.bytes)) }
    }
}

/// Whether a quotation is from where its draft says.
fn attribution(given: &Attribution) -> Markup {
    let (colour, words) = match given.stands {
        Stands::There => ("good", "as given: "),
        Stands::Elsewhere => ("bad", "not where the draft says: "),
        Stands::Nowhere => ("doubtful", "given as: "),
        Stands::Unknown => ("doubtful", "given as what names no report here: "),
    };
    let is_of_no_year = given.documents.is_empty() && given.stands != Stands::Unknown;
    html! {
        span class={ "verdict " (colour) } { (words) (cut(&given.hint, LONGEST_HINT)) }
        @if is_of_no_year { " – the index has no report of that year on it" }
        @if let Some(note) = given.sources_note() { " " span.verdict.doubtful { (note) } }
        @if let Some(note) = given.place_note() { " " span.verdict.doubtful { (note) } }
    }
}

/// The figures that the draft states without quoting.
fn figures(open: &Open, checked: &[CheckedFigure]) -> Markup {
    html! {
        @if !checked.is_empty() {
            h2 { "Figures" }
            ol.quotes {
                @for (number, one) in checked.iter().enumerate() {
                    @let (colour, sign, words) = told_of_figure(one.finding.verdict);
                    li id={ "figure-" (number + 1) } data-hit tabindex="-1" {
                        p { (verdict(colour, sign, words)) " " strong { (one.claim.figure) } }
                        p dir="auto" { (sentence(&one.claim).0) }
                        @if let Some(note) = &one.finding.note { p { (note) } }
                        ul.sources { @for place in one.finding.matches.iter().take(MOST_PLACES) { li { (stated(open, place)) } } }
                    }
                }
            }
        }
    }
}

/// A place with the words of a figure, and what is otherwise there.
fn stated(open: &Open, place: &FigureMatch) -> Markup {
    let passage = &place.passage;
    let words = passage.text.get(place.bytes.clone()).unwrap_or_default();
    let link = marked_in_report(open, passage, words);
    let differs = place.differs.iter().map(|&what| match what {
        "figure" => format!("the figure, {}", place.figure),
        "negation" => "what is denied".to_owned(),
        "direction" => "more or less".to_owned(),
        "bound" => "at least or at most".to_owned(),
        "counted" => "what is counted".to_owned(),
        what => format!("the {what}"),
    });
    let differs: Vec<String> = differs.collect();
    html! {
        a dir="auto" href=(link) { (short_citation(passage)) }
        @if !differs.is_empty() { " – otherwise there: " (differs.join("; ")) }
        @if !place.missing.is_empty() { " – without: " (place.missing.join(", ")) }
        (excerpt(&passage.text, &place.bytes))
    }
}

/// What a quotation has otherwise than the report, each with whose it is. What the draft has is to go, and what the report
/// has to come.
fn edited(edit: &Edit) -> Markup {
    match edit {
        Edit::Same(text) => html! { (text) },
        Edit::Removed(text) => html! { ins { span.whose { "report: " } (text) } },
        Edit::Added(text) => html! { del { span.whose { "draft: " } (text) } },
        Edit::Omitted(text) => html! { span.omitted { "[… " (text) " …]" } },
    }
}
