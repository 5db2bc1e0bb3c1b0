//! The reading page: a report with its outline, the marks of a query, its page numbers, and its neighbours across
//! years.

use std::convert::Infallible;

use maud::{Markup, html};

use super::marks::{marked, message};
use super::search::cite;
use super::{address, layout, reading_address, same_index};
use crate::engine::Listed;
use crate::highlight::{Marker, Passed};
use crate::passage::Passage;
use crate::query::LONGEST_QUERY;
use crate::rank::Deadline;
use crate::render::location_text;
use crate::search::SearchRequest;
use crate::serve::answers::found_document;
use crate::serve::operations::{INDEX, LONGEST_ID, Open};
use crate::serve::parameters::{Kind, Parameter, Values};
use crate::serve::problem::Problem;

/// Passages on a page: a report of usual length is whole.
const PASSAGES: usize = 400;
/// The most neighbours that are named.
const MOST_NEIGHBOURS: usize = 30;

/// What is said where there was not enough time to mark all passages.
const CUT: &str = "the time was over before all passages were marked: there may be more hits";

/// What the page may be given.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::new("id", Kind::Text(LONGEST_ID), "the id of the report").required(),
    Parameter::new("q", Kind::Text(LONGEST_QUERY), "a query whose marks are shown"),
    Parameter::new("at", Kind::Text(100), "the passage that is wanted"),
    Parameter::new("from", Kind::Number(0, 1 << 31), "the passage that the page begins with"),
    INDEX,
];

/// A passage with what matched in it.
struct Shown<'p> {
    passage: &'p Passage,
    passed: Option<Passed>,
    /// Its number among the hits of the page, from 1.
    hit: Option<usize>,
}

/// The page.
pub fn page(open: &Open, values: &Values) -> Result<Markup, Problem> {
    let id = values.text("id");
    let passages = found_document(open, id)?;
    let query = values.text("q");
    let wanted = passages.iter().position(|passage| passage.id == values.text("at"));
    let from =
        values.some_number("from").or(wanted.map(|at| at / PASSAGES * PASSAGES)).unwrap_or(0);
    let from = from.min(passages.len().saturating_sub(1));
    let here = passages.get(from..(from + PASSAGES).min(passages.len())).unwrap_or_default();
    let (shown, fault) = match evaluated(open, here, query, &values.until) {
        Ok(shown) if values.until.has_cut() => (shown, Some(CUT.to_owned())),
        Ok(shown) => (shown, None),
        Err(problem) => (evaluated(open, here, "", &values.until)?, Some(problem.text())),
    };
    let Some(first) = passages.first() else {
        return Err(Problem::not_found("document", id, None));
    };
    let content = html! {
        div.columns {
            aside.outline aria-label="Outline" {
                details open { summary { "Outline" } (outline(open, &passages, id, query, from)) }
            }
            article.report lang=[first.report.lang.as_deref()] {
                (head(open, first, query))
                @if let Some(fault) = fault { p.notice role="alert" { (message(&fault)) } }
                (find(open, first, query, &shown))
                (parts(open, id, query, from, passages.len()))
                @for (at, one) in shown.iter().enumerate() {
                    (passage(open, one, at.checked_sub(1).and_then(|at| shown.get(at)), &shown))
                }
                (parts(open, id, query, from, passages.len()))
            }
        }
    };
    Ok(layout(&first.report.title, "", Some(open), &content))
}

/// Marks a query in passages.
fn evaluated<'p>(
    open: &Open,
    passages: &'p [Passage],
    text: &str,
    until: &Deadline,
) -> Result<Vec<Shown<'p>>, Problem> {
    if text.trim().is_empty() {
        let shown = passages.iter().map(|passage| Shown { passage, passed: None, hit: None });
        return Ok(shown.collect());
    }
    let query = open.query(&SearchRequest { until: until.clone(), ..SearchRequest::new(text) })?;
    let mut marker = Marker::new(&query);
    let mut hits = 0;
    let mut shown: Vec<Shown<'p>> = Vec::with_capacity(passages.len());
    // What began in the passage before.
    let mut begun = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        let next = passages.get(at + 1).filter(|next| next.anchor == passage.anchor);
        let text = || Ok::<_, Infallible>(next.map(|next| next.text.clone()));
        let passed = match until.is_over() {
            true => None,
            false => {
                let Ok(passed) = marker.mark_with_next(&passage.trail, &passage.text, text);
                passed
            }
        };
        let mut passed = passed.filter(|passed| !passed.marks.is_empty());
        hits += usize::from(passed.is_some());
        let hit = passed.is_some().then_some(hits);
        let going_on = passed.as_mut().map(|passed| std::mem::take(&mut passed.next_marks));
        if !begun.is_empty() {
            passed.get_or_insert_default().marks.append(&mut begun);
        }
        begun = going_on.unwrap_or_default();
        shown.push(Shown { passage, passed, hit });
    }
    Ok(shown)
}

/// Title, what is known of the report, and its neighbours.
fn head(open: &Open, first: &Passage, query: &str) -> Markup {
    let neighbours = neighbours(open, first);
    html! {
        h1 dir="auto" { (first.report.title) }
        dl.metadata {
            @for (key, values) in &first.report.metadata {
                div { dt { (key) } dd dir="auto" { (values.join(", ")) } }
            }
        }
        @if neighbours.len() > 1 {
            nav.neighbours aria-label="Years" {
                span.quiet aria-hidden="true" { "Years:" }
                @for (year, listed) in neighbours {
                    a href=(reading_address(open, &listed.doc_id, query, None))
                        aria-current=[(listed.doc_id == first.report.doc_id).then_some("page")]
                        title=(listed.title) { (year) }
                }
            }
        }
    }
}

/// The reports of other years about the same country, or with the same title but for the year.
fn neighbours<'l>(open: &'l Open, first: &Passage) -> Vec<(String, &'l Listed)> {
    let country = first.metadata("country");
    let name = without_years(&first.report.title);
    let mut found: Vec<(String, &Listed)> = open
        .documents()
        .filter(|listed| {
            let of = listed.metadata.get("country").and_then(|values| values.first());
            match (country, of) {
                (Some(country), Some(of)) => country == of,
                (None, None) => without_years(&listed.title) == name,
                _ => false,
            }
        })
        .filter_map(|listed| Some((listed.metadata.get("year")?.first()?.clone(), listed)))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.doc_id.cmp(&b.1.doc_id)));
    // The report itself stays in sight where there are many.
    let own =
        found.iter().position(|(_, listed)| listed.doc_id == first.report.doc_id).unwrap_or(0);
    let start = own.saturating_sub(MOST_NEIGHBOURS / 2);
    found.into_iter().skip(start).take(MOST_NEIGHBOURS).collect()
}

fn without_years(title: &str) -> String {
    title.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase()
}

/// The field to find something in this report, and how often it is there.
fn find(open: &Open, first: &Passage, query: &str, shown: &[Shown<'_>]) -> Markup {
    let hits = shown.iter().filter(|one| one.hit.is_some()).count();
    html! {
        form.find action=(reading_address(open, &first.report.doc_id, "", None)) method="get" {
            label.visually-hidden for="q" { "Find in this report" }
            input id="q" type="search" name="q" value=(query) dir="auto" placeholder="Find in this report";
            (same_index(open))
            button type="submit" { "Find" }
            @if !query.trim().is_empty() {
                span.found {
                    @if hits == 0 { "not on this page" }
                    @else { a href="#hit-1" { (hits) @if hits == 1 { " hit" } @else { " hits" } } }
                }
                a href=(address(open, "/", &[("q", query)])) { "Search all reports" }
            }
        }
    }
}

/// Links to the other pages of a long report.
fn parts(open: &Open, id: &str, query: &str, from: usize, all: usize) -> Markup {
    let link = |from: usize| {
        address(
            open,
            &format!("/d/{}", crate::serve::mcp::escaped(id)),
            &[("q", query), ("from", &from.to_string())],
        )
    };
    html! {
        @if all > PASSAGES {
            nav.pager aria-label="Parts of this report" {
                @if from > 0 { a rel="prev" href=(link(from.saturating_sub(PASSAGES))) { "Before" } }
                span { "Passages " (from + 1) " to " ((from + PASSAGES).min(all)) " of " (all) }
                @if from + PASSAGES < all { a rel="next" href=(link(from + PASSAGES)) { "After" } }
            }
        }
    }
}

/// The headings as a list of links.
fn outline(open: &Open, passages: &[Passage], id: &str, query: &str, from: usize) -> Markup {
    let mut entries: Vec<(usize, &str, usize)> = Vec::new();
    let mut trail: &[String] = &[];
    for (at, passage) in passages.iter().enumerate() {
        let shared = trail.iter().zip(&passage.trail).take_while(|(a, b)| a == b).count();
        for (level, heading) in passage.trail.iter().enumerate().skip(shared.max(1)) {
            entries.push((level, heading, at));
        }
        trail = &passage.trail;
    }
    let link = |at: usize| {
        let anchor = passages.get(at).map_or("", |passage| passage.id.as_str());
        match (from..from + PASSAGES).contains(&at) {
            true => format!("#p-{anchor}"),
            false => reading_address(open, id, query, Some(anchor)),
        }
    };
    html! {
        ul {
            @for (level, heading, at) in entries {
                li class={ "level-" (level.min(4)) } { a dir="auto" href=(link(at)) { (heading) } }
            }
        }
    }
}

/// A passage with the headings that begin before it.
fn passage(open: &Open, one: &Shown<'_>, before: Option<&Shown<'_>>, all: &[Shown<'_>]) -> Markup {
    let passage = one.passage;
    let trail = before.map_or(&[][..], |before| &before.passage.trail);
    let shared = trail.iter().zip(&passage.trail).take_while(|(a, b)| a == b).count();
    let last_page = before.and_then(|before| before.passage.location.pages);
    let page =
        passage.location.pages.filter(|pages| last_page.is_none_or(|last| last.1 != pages.0));
    let label = passage.location.page_labels.as_ref().map(|labels| labels.0.as_str());
    let marks = one.passed.as_ref().map(|passed| passed.marks.as_slice()).unwrap_or_default();
    let hits = all.iter().filter(|one| one.hit.is_some()).count();
    html! {
        @for (level, heading) in passage.trail.iter().enumerate().skip(shared.max(1)) {
            @match level {
                1 => h2 dir="auto" { (heading) },
                2 => h3 dir="auto" { (heading) },
                3 => h4 dir="auto" { (heading) },
                _ => h5 dir="auto" { (heading) },
            }
        }
        @if let Some((page, _)) = page {
            p.page-number { "Page " @match label { Some(label) => (label), None => (page) } }
        }
        div.passage id={ "p-" (passage.id) } data-hit[one.hit.is_some()] tabindex=[one.hit.map(|_| "-1")] {
            @if let Some(hit) = one.hit {
                p.steps id={ "hit-" (hit) } {
                    @if hit > 1 { a href={ "#hit-" (hit - 1) } { "↑ previous" } }
                    span { "hit " (hit) " of " (hits) }
                    @if hit < hits { a href={ "#hit-" (hit + 1) } { "next ↓" } }
                }
            }
            p.text dir="auto" { (marked(&passage.text, marks.iter())) }
            div.about {
                a href={ "#p-" (passage.id) } { bdi { (location_text(passage)) } }
                (cite(open, passage))
            }
        }
    }
}
