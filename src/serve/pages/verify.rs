//! The verify page: a draft whose quotations are coloured by what was found out about them, with their sources.

use maud::{Markup, html};

use super::marks::marked;
use super::{indexes, layout, reading_address};
use crate::render::short_citation;
use crate::render::verify::{Checked, CheckedFigure};
use crate::serve::answers;
use crate::serve::operations::{INDEX, Open};
use crate::serve::parameters::{Kind, Parameter, Values};
use crate::serve::problem::Problem;
use crate::verify::{Attribution, Edit, FigureVerdict, Stands, Verdict};

/// Places of a quotation that are named.
const MOST_PLACES: usize = 5;

/// What the page may be given.
pub const PARAMETERS: &[Parameter] =
    &[Parameter::new("draft", Kind::Text(1 << 20), "a text with quotations, in Markdown"), INDEX];

/// The page.
pub fn page(open: &Open, values: &Values) -> Result<Markup, Problem> {
    let draft = values.text("draft");
    let checked = match values.has("draft") {
        true => {
            let mut given = serde_json::Map::new();
            given.insert("draft".to_owned(), draft.into());
            Some(answers::verify_values(&given).and_then(|values| answers::checked(open, &values)))
        }
        false => None,
    };
    let answer = match checked {
        None => html! {},
        Some(Ok(checked)) => {
            html! {
                (summary(&checked.quotations))
                (coloured(draft, &checked.quotations))
                (results(open, &checked.quotations))
                (figures(open, &checked.figures))
            }
        }
        Some(Err(problem)) if problem.status == 400 => {
            html! { p.notice role="alert" { (problem.text()) } }
        }
        Some(Err(problem)) => return Err(problem),
    };
    let content = html! {
        h1 { "Verify quotations" }
        form.verify action="/verify" method="post" {
            label for="draft" { "A draft with quotations, or one quotation in quotation marks" }
            textarea id="draft" name="draft" rows="8" dir="auto" required { (draft) }
            (indexes(open))
            button type="submit" { "Verify" }
        }
        (answer)
    };
    Ok(layout("Verify quotations", "/verify", Some(open), &content))
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

fn summary(checked: &[Checked]) -> Markup {
    let good = checked.iter().filter(|one| one.verification.verdict.is_verified()).count();
    html! {
        h2 { "Result" }
        p {
            @if checked.is_empty() { "There is no quotation of four words or more between quotation marks." }
            @else { (good) " of " (checked.len()) " quotations stand in the reports." }
        }
    }
}

/// The draft, each quotation in its colour and with a link to what is known of it.
fn coloured(draft: &str, checked: &[Checked]) -> Markup {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (number, one) in checked.iter().enumerate() {
        let bytes = one.drafted.as_ref().and_then(|drafted| drafted.location.bytes.clone());
        let Some(bytes) = bytes.filter(|bytes| bytes.start >= at) else { continue };
        let (Some(before), Some(quote)) = (draft.get(at..bytes.start), draft.get(bytes.clone()))
        else {
            continue;
        };
        let (colour, _, _) = told(one.verification.verdict);
        pieces
            .push(html! { (before) a class=(colour) href={ "#quote-" (number + 1) } { (quote) } });
        at = bytes.end;
    }
    html! {
        @if !pieces.is_empty() {
            div.draft dir="auto" { @for piece in &pieces { (piece) } (draft.get(at..).unwrap_or_default()) }
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
                    p { span class={ "verdict " (colour) } { span aria-hidden="true" { (sign) " " } (words) } }
                    blockquote dir="auto" { (found.quote) }
                    @if let Some(given) = &found.attribution { (attribution(given)) }
                    @if !found.diff.is_empty() { p.diff dir="auto" { @for edit in &found.diff { (edited(edit)) " " } } }
                    ul.sources {
                        @for place in found.matches.iter().take(MOST_PLACES) {
                            li {
                                a dir="auto" href=(reading_address(open, &place.passage.report.doc_id, "", Some(&place.passage.id))) {
                                    (short_citation(&place.passage))
                                }
                                @if !place.differences.is_empty() {
                                    " – differs in "
                                    @for (at, difference) in place.differences.iter().enumerate() {
                                        @if at > 0 { ", " } (difference.name())
                                    }
                                }
                                @if place.heading.is_none() {
                                    p.text dir="auto" { (marked(&place.passage.text, std::iter::once(place.bytes.clone()))) }
                                }
                            }
                        }
                    }
                    @if found.total > MOST_PLACES { p { "and " (found.total - MOST_PLACES) " more places" } }
                }
            }
        }
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
    html! { p { span class={ "verdict " (colour) } { (words) } (given.hint) } }
}

/// The figures that the draft states without quoting. None of them is called good: a number that stands
/// with some words is no quotation.
fn figures(open: &Open, checked: &[CheckedFigure]) -> Markup {
    html! {
        @if !checked.is_empty() {
            h2 { "Figures" }
            ol.quotes {
                @for one in checked {
                    @let (colour, sign, words) = match one.finding.verdict {
                        FigureVerdict::Found => ("doubtful", "=", "stands with these words; read whether it says so"),
                        FigureVerdict::Differs => ("bad", "≠", "the reports have it otherwise"),
                        FigureVerdict::Absent => ("bad", "✗", "not in the reports with these words"),
                    };
                    li {
                        p {
                            span class={ "verdict " (colour) } { span aria-hidden="true" { (sign) " " } (words) }
                            " " strong { (one.claim.figure) }
                        }
                        p dir="auto" { (one.claim.sentence) }
                        ul.sources {
                            @for place in one.finding.matches.iter().take(MOST_PLACES) {
                                li {
                                    a dir="auto" href=(reading_address(open, &place.passage.report.doc_id, "", Some(&place.passage.id))) {
                                        (short_citation(&place.passage))
                                    }
                                    p.text dir="auto" { (marked(&place.passage.text, std::iter::once(place.bytes.clone()))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn edited(edit: &Edit) -> Markup {
    match edit {
        Edit::Same(text) => html! { (text) },
        Edit::Removed(text) => html! { del { span.visually-hidden { "in the report: " } (text) } },
        Edit::Added(text) => html! { ins { span.visually-hidden { "in the quotation: " } (text) } },
        Edit::Omitted(text) => html! { span.omitted { "[… " (text) " …]" } },
    }
}
