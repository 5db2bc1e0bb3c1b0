//! The reading page: a report with its outline, the marks of a query, its page numbers, and its neighbours across
//! years.

use std::ops::Range;

use maud::{Markup, html};

use super::chosen::{chips, filters, no_filters};
use super::hits::cite;
use super::lit::{Evaluated, Part, Shown, evaluated, heading_marks};
use super::marks::{marked, message};
use super::question::{FILTERS, LIKE, LITERAL, QUERY, Question, SYNONYMS, report_path};
use super::{Made, address_at, layout, reading_address, same_index, text};
use crate::engine::Listed;
use crate::passage::Passage;
use crate::render::terminal::count;
use crate::render::{is_deck, location_text};
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
    QUERY,
    FILTERS,
    LITERAL,
    SYNONYMS,
    LIKE,
    Parameter::new("at", Kind::Text(100), "the passage that is wanted"),
    Parameter::new("from", Kind::Number(0, 1 << 31), "the passage that the page begins with"),
    INDEX,
];

/// A report, and what is asked of it.
struct Reading<'r> {
    open: &'r Open,
    id: &'r str,
    question: Question<'r>,
    /// All its passages, and where the page begins among them.
    passages: &'r [Passage],
    from: usize,
    /// Where its hits stand among them.
    hits: Vec<usize>,
}

/// The page.
pub fn page(open: &Open, values: &Values) -> Result<Made, Problem> {
    let id = values.text("id");
    let passages = found_document(open, id)?;
    let Some(first) = passages.first() else {
        return Err(Problem::not_found("document", id, None));
    };
    let wanted = values.text("at");
    let at = passages.iter().position(|passage| passage.id == wanted);
    let from = values.some_number("from").or(at.map(part_of)).unwrap_or(0);
    let from = from.min(passages.len().saturating_sub(1));
    let here = from..(from + PASSAGES).min(passages.len());
    let question = Question::of(values);
    let part = Part { passages: &passages, here, wanted };
    let (Evaluated { shown, hits, mut warnings }, is_known) =
        match evaluated(open, &question, &part, &values.until) {
            Ok(evaluated) => (evaluated, true),
            Err(error) => {
                let warnings = vec![Problem::from(error).text()];
                (Evaluated { warnings, ..part.plain() }, false)
            }
        };
    let reading = Reading { open, id, question, passages: &passages, from, hits };
    if is_known && values.until.has_cut() {
        warnings.push(CUT.to_owned());
    }
    if !wanted.is_empty() && at.is_none() {
        warnings.insert(0, not_here(wanted));
    }
    let content = html! {
        div.columns {
            (outline(&reading))
            article.report lang=[first.report.lang.as_deref()] {
                (head(&reading, first, &shown))
                @for warning in &warnings { p.notice role="alert" { (message(warning)) } }
                (find(&reading, is_known))
                @if has_no_text(&passages) { p.notice { "This file has no text." } }
                (parts(&reading, "Parts of this report"))
                @for at in 0..shown.len() { (passage(&reading, &shown, at)) }
                (parts(&reading, "Parts of this report, at its end"))
            }
        }
    };
    Ok(layout(&first.report.title, "", Some(open), &content).into())
}

/// What is said to who was led to a passage that the report has not: it must not be taken for what is there.
fn not_here(wanted: &str) -> String {
    format!(
        "the passage `{wanted}` is not in this report, or not any more: its words may have changed since it was cited. This is \
         the report as it is now"
    )
}

fn has_no_text(passages: &[Passage]) -> bool {
    passages.iter().all(|passage| passage.text.trim().is_empty() && passage.trail.len() < 2)
}

/// Where the page begins that has a passage.
fn part_of(at: usize) -> usize {
    at / PASSAGES * PASSAGES
}

/// Title, what is known of the report, and its neighbours.
fn head(reading: &Reading<'_>, first: &Passage, shown: &[Shown<'_>]) -> Markup {
    let neighbours = neighbours(reading.open, first);
    let title = &first.report.title;
    let is_in_trail = first.trail.first() == Some(title);
    html! {
        h1 dir="auto" { (marked(title, heading_marks(shown, 0).filter(|_| is_in_trail))) }
        dl.metadata {
            @for (key, values) in &first.report.metadata {
                div { dt { (key) } dd dir="auto" { (values.join(", ")) } }
            }
        }
        @if neighbours.len() > 1 {
            nav.neighbours aria-label="Years" {
                span.quiet aria-hidden="true" { "Years:" }
                @for (year, listed) in neighbours {
                    a href=(reading.question.in_report(reading.open, &listed.doc_id, None))
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

/// The field to find something in this report, what is chosen beside it, and how often it is there. `is_known`: whether the
/// question could be asked.
fn find(reading: &Reading<'_>, is_known: bool) -> Markup {
    let Reading { open, id, question, .. } = reading;
    html! {
        form.find action=(reading_address(open, id, None)) method="get" autocomplete="off" {
            label.visually-hidden for="q" { "Find in this report" }
            input id="q" type="search" name="q" value=(question.query) dir="auto" placeholder="Find in this report";
            @for (name, value) in question.pairs().into_iter().filter(|(name, value)| *name != "q" && !value.is_empty()) {
                input type="hidden" name=(name) value=(value);
            }
            (same_index(open))
            button type="submit" { "Find" }
            @if !question.is_nothing() {
                @if is_known { (how_often(reading)) }
                a href=(question.address(open, "/", &[])) { "Search all reports" }
            }
            (restrictions(reading))
        }
    }
}

/// How many hits the report has, and how many of them this part of it, with the way to the first.
fn how_often(reading: &Reading<'_>) -> Markup {
    let hits = &reading.hits;
    let is_here = |at: &&usize| reading.here().contains(*at);
    let here = hits.iter().filter(is_here).count();
    let first = hits.iter().find(is_here).or(hits.first());
    html! {
        span.found {
            @if let Some(&first) = first {
                a href=(reading.link(first)) { (count(hits.len() as u64, "hit")) }
                @if reading.passages.len() > PASSAGES {
                    ", " @if here == 0 { "none" } @else { (here) } " on this page"
                }
            } @else { "not in this report" }
        }
    }
}

/// What is chosen beside the words, each to be given up.
fn restrictions(reading: &Reading<'_>) -> Markup {
    let question = &reading.question;
    if question.is_nothing() {
        return html! {};
    }
    let mut given = filters(question);
    let mut also = |told: &str, without| given.push((told.to_owned(), without));
    if question.literal {
        also("Words as written", Question { literal: false, ..question.clone() });
    }
    if !question.synonyms {
        also("No synonyms", Question { synonyms: true, ..question.clone() });
    }
    if !question.like.is_empty() {
        also("More like a passage", Question { like: "", ..question.clone() });
    }
    let given = given.into_iter();
    let given: Vec<(String, String)> = given
        .map(|(told, without)| (told, without.in_report(reading.open, reading.id, None)))
        .collect();
    html! { (chips(&given)) (no_filters(question)) }
}

/// Links to the other pages of a long report, under a name that stands once on a page.
fn parts(reading: &Reading<'_>, name: &str) -> Markup {
    let (from, all) = (reading.from, reading.passages.len());
    html! {
        @if all > PASSAGES {
            nav.pager aria-label=(name) {
                @if from > 0 { a rel="prev" href=(reading.part(from.saturating_sub(PASSAGES))) { "Before" } }
                span { "Passages " (from + 1) " to " ((from + PASSAGES).min(all)) " of " (all) }
                @if from + PASSAGES < all { a rel="next" href=(reading.part(from + PASSAGES)) { "After" } }
            }
        }
    }
}

impl Reading<'_> {
    /// The passages that the page shows.
    fn here(&self) -> Range<usize> {
        self.from..self.from + PASSAGES
    }

    /// The address of a passage, which may be on another page.
    fn link(&self, at: usize) -> String {
        let anchor = self.passages.get(at).map_or("", |passage| passage.id.as_str());
        match self.here().contains(&at) {
            true => format!("#p-{anchor}"),
            false => address_at(self.part(part_of(at)), Some(anchor)),
        }
    }

    /// The address of the page that begins with a passage, asked the same.
    fn part(&self, from: usize) -> String {
        let from = from.to_string();
        self.question.address(self.open, &report_path(self.id), &[("from", &from)])
    }
}

/// The headings as a list of links, where there are some.
fn outline(reading: &Reading<'_>) -> Markup {
    let entries = entries(reading.passages);
    html! {
        @if !entries.is_empty() {
            aside.outline aria-label="Outline" {
                details open {
                    summary { "Outline" }
                    ul {
                        @for (level, heading, at) in entries {
                            li class={ "level-" (level.min(4)) } dir="auto" { a href=(reading.link(at)) { (heading) } }
                        }
                    }
                }
            }
        }
    }
}

/// The headings below the title, each with its level and the passage that it begins before.
fn entries(passages: &[Passage]) -> Vec<(usize, &str, usize)> {
    let mut entries: Vec<(usize, &str, usize)> = Vec::new();
    let mut trail: &[String] = &[];
    for (at, passage) in passages.iter().enumerate() {
        let shared = trail.iter().zip(&passage.trail).take_while(|(a, b)| a == b).count();
        for (level, heading) in passage.trail.iter().enumerate().skip(shared.max(1)) {
            entries.push((level, heading, at));
        }
        trail = &passage.trail;
    }
    entries
}

/// A passage with the headings that begin before it.
fn passage(reading: &Reading<'_>, shown: &[Shown<'_>], at: usize) -> Markup {
    let Some(one) = shown.get(at) else { return html! {} };
    let before = at.checked_sub(1).and_then(|at| shown.get(at));
    let passage = one.passage;
    let last_page = before.and_then(|before| before.passage.location.pages);
    let page =
        passage.location.pages.filter(|pages| last_page.is_none_or(|last| last.1 != pages.0));
    html! {
        @if let Some((number, _)) = page { p.page-number { (page_name(passage, number)) } }
        (headings(shown.get(at..).unwrap_or_default(), before))
        div.passage id={ "p-" (passage.id) } data-hit[one.hit.is_some()] tabindex=[one.hit.map(|_| "-1")] {
            (steps(reading, one))
            (text::shown(&passage.text, one.marks().iter()))
            div.about {
                a href={ "#p-" (passage.id) } { bdi { (location_text(passage)) } }
                (cite(reading.open, passage))
            }
        }
    }
}

/// What a page is called: by the number that is printed on it, and in a deck as a slide.
fn page_name(passage: &Passage, number: usize) -> String {
    let label = passage.location.page_labels.as_ref().map(|labels| labels.0.as_str());
    match label {
        Some(label) => format!("Page {label}"),
        None if is_deck(&passage.report.doc_id) => format!("Slide {number}"),
        None => format!("Page {number}"),
    }
}

/// The headings that begin before the first of these passages.
fn headings(from_here: &[Shown<'_>], before: Option<&Shown<'_>>) -> Markup {
    let trail = from_here.first().map_or(&[][..], |first| &first.passage.trail);
    let last = before.map_or(&[][..], |before| &before.passage.trail);
    let shared = last.iter().zip(trail).take_while(|(a, b)| a == b).count();
    html! {
        @for (level, heading) in trail.iter().enumerate().skip(shared.max(1)) {
            @let heading = marked(heading, heading_marks(from_here, level));
            @match level {
                1 => h2 dir="auto" { (heading) },
                2 => h3 dir="auto" { (heading) },
                3 => h4 dir="auto" { (heading) },
                _ => h5 dir="auto" { (heading) },
            }
        }
    }
}

/// Which of the hits a passage is, with the ways to those before and after it, which may be on another page.
fn steps(reading: &Reading<'_>, one: &Shown<'_>) -> Markup {
    let Some(hit) = one.hit else { return html! {} };
    let link = |number: usize| {
        let at = number.checked_sub(1).and_then(|at| reading.hits.get(at));
        at.map(|&at| reading.link(at))
    };
    html! {
        p.steps id={ "hit-" (hit) } {
            @if let Some(before) = link(hit - 1) { a href=(before) { "↑ previous" } }
            span { "hit " (hit) " of " (reading.hits.len()) @if let Some(by) = one.found_by() { ", " (by) } }
            @if let Some(next) = link(hit + 1) { a href=(next) { "next ↓" } }
        }
    }
}
