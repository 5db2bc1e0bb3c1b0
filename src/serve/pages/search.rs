//! The search page: hits with their headings and honest marks, facets as filters, sorting, pages, what was understood.

use maud::{Markup, html};

use super::facets::{Facet, Facets, facets};
use super::marks::marked;
use super::{address, indexes, layout, reading_address};
use crate::engine::Engine;
use crate::error::Error;
use crate::passage::Passage;
use crate::query::{Expansion, LONGEST_QUERY};
use crate::rank::Deadline;
use crate::render::terminal::{count, grouped};
use crate::render::{location_text, short_citation};
use crate::search::{Found, SearchRequest, SearchResponse, Sort};
use crate::serve::operations::{INDEX, Open};
use crate::serve::parameters::{Kind, Parameter, Values};
use crate::serve::problem::Problem;

/// Hits on a page, and the last page.
const HITS: usize = 10;
const LAST_PAGE: usize = 100;

/// What the page may be given.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::new("q", Kind::Text(LONGEST_QUERY), "the query"),
    Parameter::new("f", Kind::Many(40, 300), "a filter that is chosen, as in `country:Albania`"),
    Parameter::new(
        "sort",
        Kind::Choice(&["score", "recent", "date", "document"]),
        "the order of hits",
    )
    .or("score"),
    Parameter::new("literal", Kind::Flag, "words as written").or("false"),
    Parameter::new("page", Kind::Number(1, LAST_PAGE), "the page, from 1").or("1"),
    INDEX,
];

/// What was asked, to be asked again with something changed.
struct Asked<'v> {
    open: &'v Open,
    query: &'v str,
    chosen: &'v [String],
    sort: &'v str,
    literal: bool,
    page: usize,
    until: &'v Deadline,
}

impl<'v> Asked<'v> {
    fn of(open: &'v Open, values: &'v Values) -> Asked<'v> {
        Asked {
            open,
            query: values.text("q"),
            chosen: values.list("f"),
            sort: values.text("sort"),
            literal: values.flag("literal"),
            page: values.number("page"),
            until: &values.until,
        }
    }

    fn address(&self, query: &str, chosen: &[&str], page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let sort = if self.sort == "score" { "" } else { self.sort };
        let mut pairs = vec![("q", query), ("sort", sort), ("page", &page)];
        pairs.push(("literal", if self.literal { "true" } else { "" }));
        pairs.extend(chosen.iter().map(|filter| ("f", *filter)));
        address(self.open, "/", &pairs)
    }

    fn chosen(&self) -> Vec<&str> {
        self.chosen.iter().map(String::as_str).collect()
    }

    fn at_page(&self, page: usize) -> String {
        self.address(self.query, &self.chosen(), page)
    }

    /// With a filter chosen, or no longer.
    fn toggled(&self, filter: &str) -> String {
        let mut chosen = self.chosen();
        match chosen.iter().position(|other| *other == filter) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(filter),
        }
        self.address(self.query, &chosen, 1)
    }

    fn request(&self) -> SearchRequest {
        let request = SearchRequest {
            filter: filter_of(self.chosen),
            limit: HITS,
            literal: self.literal,
            sort: Sort::named(self.sort).unwrap_or_default(),
            until: self.until.clone(),
            ..SearchRequest::new(self.query)
        };
        let passages = self.open.engine().summary().passages as usize;
        let before = ((self.page - 1) * HITS).min(passages);
        let cursor = (before > 0).then(|| self.open.cursor(&request, before));
        SearchRequest { cursor, ..request }
    }
}

/// Chosen filters in the query language: values of one field are alternatives.
fn filter_of(chosen: &[String]) -> Option<String> {
    let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
    for (field, value) in chosen.iter().filter_map(|filter| filter.split_once(':')) {
        let value = match field {
            "year" => format!("year:{value}"),
            _ => format!("{field}:\"{}\"", value.replace(['"', '“', '”', '\\'], " ")),
        };
        match fields.iter_mut().find(|(other, _)| *other == field) {
            Some((_, values)) => values.push(value),
            None => fields.push((field, vec![value])),
        }
    }
    let clauses = fields.iter().map(|(_, values)| format!("({})", values.join(" OR ")));
    let filter = clauses.collect::<Vec<_>>().join(" AND ");
    (!filter.is_empty()).then_some(filter)
}

/// The page.
pub fn page(open: &Open, values: &Values) -> Result<Markup, Problem> {
    let asked = Asked::of(open, values);
    if asked.query.trim().is_empty() {
        return Ok(layout("Search", "/", Some(open), &start(open, &asked)));
    }
    let request = asked.request();
    let response = match open.search(&request) {
        Ok(response) => response,
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status != 400 {
                return Err(problem);
            }
            let content = html! {
                h1.visually-hidden { "The query cannot be understood" }
                (form(&asked))
                (refused(&problem))
            };
            return Ok(layout("Search", "/", Some(open), &content));
        }
    };
    let facets = match response.hits.is_empty() && asked.chosen.is_empty() && asked.page == 1 {
        true => Facets::default(),
        // Without the numbers of the filters the hits are worth showing.
        false => match facets(open, &request) {
            Err(Error::TimedOut) => Facets::default(),
            facets => facets?,
        },
    };
    let content = html! {
        (form(&asked))
        div.columns {
            (filters(&asked, &facets.facets))
            section.answer aria-label="Answer" {
                (summary(&asked, &response, facets.total))
                (hits(&asked, &response))
                (pager(&asked, &response))
            }
        }
    };
    Ok(layout(asked.query, "/", Some(open), &content))
}

fn refused(problem: &Problem) -> Markup {
    html! {
        div.notice role="alert" {
            pre.fault { (problem.detail) }
            @if let Some(hint) = &problem.hint { p { (hint) } }
        }
    }
}

/// The first page: the field, what is indexed, how to ask.
fn start(open: &Open, asked: &Asked<'_>) -> Markup {
    let documents: Vec<_> = open.documents().collect();
    const MOST: usize = 40;
    html! {
        h1.visually-hidden { "Search reports" }
        (form(asked))
        (language(open))
        section {
            h2 { "Reports" }
            ul.plain {
                @for listed in documents.iter().take(MOST) {
                    li { a dir="auto" href=(reading_address(open, &listed.doc_id, "", None)) { (listed.title) } }
                }
            }
            @if documents.len() > MOST { p { "and " (grouped((documents.len() - MOST) as u64)) " more" } }
        }
    }
}

fn form(asked: &Asked<'_>) -> Markup {
    html! {
        form.search role="search" action="/" method="get" {
            label.visually-hidden for="q" { "Search the reports" }
            input id="q" type="search" name="q" value=(asked.query) dir="auto" maxlength="4096"
                placeholder="words, \"a phrase\", country:kazakhstan" autocomplete="off"
                autofocus[asked.query.is_empty()];
            button type="submit" { "Search" }
            @for filter in asked.chosen { input type="hidden" name="f" value=(filter); }
            div.options {
                label { "Order " select name="sort" {
                    @for (value, label) in [("score", "best first"), ("recent", "newer preferred"), ("date", "latest first"), ("document", "by report")] {
                        option value=(value) selected[asked.sort == value] { (label) }
                    }
                } }
                label {
                    input type="checkbox" name="literal" value="true" checked[asked.literal];
                    " Words as written"
                }
                (indexes(asked.open))
            }
        }
    }
}

fn language(open: &Open) -> Markup {
    let rows = [
        (
            "border guards complicity",
            "passages that have most of what the words say; forms and synonyms too",
        ),
        ("\"border guards\"", "these words, one after another"),
        ("police NEAR/5 bribe*", "near one another; words that begin so"),
        ("police AND (bribe* OR complicit*) NOT traffic", "all, any, none"),
        (
            "country:kazakhstan year:2007..2010 trafficking",
            "by field: country, year, title, heading, section, role, lang, doc",
        ),
    ];
    html! {
        section.language {
            h2 { "How to ask" }
            dl {
                @for (query, about) in rows {
                    dt { a href=(address(open, "/", &[("q", query)])) { code { (query) } } }
                    dd { (about) }
                }
            }
        }
    }
}

fn filters(asked: &Asked<'_>, facets: &[Facet]) -> Markup {
    let is_chosen = |filter: &str| asked.chosen.iter().any(|other| other == filter);
    html! {
        aside.filters aria-label="Filters" {
            @if !asked.chosen.is_empty() {
                h2 { "Chosen" }
                ul.chosen {
                    @for filter in asked.chosen {
                        li { a href=(asked.toggled(filter)) {
                            span.visually-hidden { "Remove the filter " }
                            span dir="auto" { (filter) } span aria-hidden="true" { " ×" }
                        } }
                    }
                }
            }
            @for facet in facets {
                details open {
                    summary { (facet.label) }
                    ul {
                        @for (value, number) in &facet.values {
                            @let filter = format!("{}:{value}", facet.field);
                            @if !is_chosen(&filter) {
                                li { a href=(asked.toggled(&filter)) rel="nofollow" {
                                    span dir="auto" { (value) } " " span.count { (grouped(*number)) }
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn summary(asked: &Asked<'_>, response: &SearchResponse, known: Option<(u64, u64)>) -> Markup {
    let total = response.total;
    let (passages, documents) = known.unwrap_or((total.passages, total.documents));
    let least = if total.is_exact || known.is_some() { "" } else { "At least " };
    let export = |path: &str| {
        address(
            asked.open,
            path,
            &[
                ("query", asked.query),
                ("filter", &filter_of(asked.chosen).unwrap_or_default()),
                ("sort", asked.sort),
                ("literal", if asked.literal { "true" } else { "" }),
                ("limit", "100"),
            ],
        )
    };
    let all = |path: &str| format!("{}&format=jsonl", export(path));
    html! {
        h1.total {
            @if response.hits.is_empty() && asked.page > 1 { "No more hits" }
            @else if response.hits.is_empty() { "Nothing found" }
            @else { (least) (count(passages, "passage")) " in " (count(documents, "report")) }
        }
        @if !response.unknown.is_empty() {
            p.notice {
                "Nowhere in the reports: "
                @for (at, word) in response.unknown.iter().enumerate() { @if at > 0 { ", " } strong { (word) } }
            }
        }
        @if let Some(meant) = &response.did_you_mean {
            p { "Did you mean " a href=(asked.address(meant, &asked.chosen(), 1)) { (meant) } "?" }
        }
        @for warning in &response.warnings { p.notice { (warning) } }
        details.understood {
            summary { "How the query was understood" }
            p { code { (response.parsed) } }
            @if !response.expansions.is_empty() {
                ul { @for expansion in &response.expansions { li { (expanded(expansion)) } } }
            }
            p {
                "Export: " a href=(export("/v1/search")) { "JSON" } " · "
                a href=(all("/v1/search")) { "all as lines of JSON" } " · "
                a href=(address(asked.open, "/compare", &[("q", asked.query), ("by", "country")])) { "counts by country" } " · "
                a href=(address(asked.open, "/compare", &[("q", asked.query), ("by", "year")])) { "by year" }
            }
        }
    }
}

fn expanded(expansion: &Expansion) -> Markup {
    let by = expansion.by.name();
    html! {
        "“" (expansion.from) "” also as “" (expansion.to.join("”, “")) "” (" (by) ")"
    }
}

fn hits(asked: &Asked<'_>, response: &SearchResponse) -> Markup {
    let first = (asked.page - 1) * HITS;
    html! {
        ol.hits start=(first + 1) {
            @for found in &response.hits { li { (hit(asked, found)) } }
        }
    }
}

fn hit(asked: &Asked<'_>, found: &Found) -> Markup {
    let passage = &found.passage;
    let link = reading_address(asked.open, &passage.report.doc_id, asked.query, Some(&passage.id));
    html! {
        article data-hit lang=[passage.report.lang.as_deref()] {
            h2.trail { a href=(link) dir="auto" { (trail(found)) } }
            @for fragment in &found.fragments {
                p.text dir="auto" {
                    @let text = passage.text.get(fragment.bytes.clone()).unwrap_or_default();
                    @let inside = fragment.marks.iter().filter_map(|&at| found.marks.get(at));
                    (marked(text, inside.map(|mark| {
                        mark.bytes.start - fragment.bytes.start..mark.bytes.end - fragment.bytes.start
                    })))
                }
            }
            @if let Some(next) = &found.continuation {
                p.text dir="auto" {
                    "→ "
                    @let text = next.passage.text.get(next.bytes.clone()).unwrap_or_default();
                    (marked(text, next.marks.iter().map(|mark| mark.bytes.clone())))
                }
            }
            div.about {
                bdi { (location_text(passage)) }
                @if let Some(year) = passage.year() { " · " (year) }
                @if !found.missing.is_empty() { " · without: " (found.missing.join(", ")) }
                @if !found.copies.is_empty() { " · the same text in " (found.copies.len()) " more" }
                (cite(asked.open, passage))
            }
        }
    }
}

/// The headings from the title down, with what matched in them.
fn trail(found: &Found) -> Markup {
    html! {
        @for (part, heading) in found.passage.trail.iter().enumerate() {
            @if part > 0 { span.step { " › " } }
            @let inside = found.section_marks.iter().filter(|mark| mark.part == part);
            (marked(heading, inside.map(|mark| mark.mark.bytes.clone())))
        }
    }
}

/// The citation, to be read or copied, and the address of the passage.
pub fn cite(open: &Open, passage: &Passage) -> Markup {
    let link = reading_address(open, &passage.report.doc_id, "", Some(&passage.id));
    let citation = short_citation(passage);
    html! {
        details.cite {
            summary { "Cite" }
            span dir="auto" { (citation) }
            button type="button" hidden data-copy=(citation) { "Copy citation" }
            button type="button" hidden data-link=(link) { "Copy link" }
        }
    }
}

fn pager(asked: &Asked<'_>, response: &SearchResponse) -> Markup {
    let has_next = response.next_cursor.is_some() && asked.page < LAST_PAGE;
    html! {
        nav.pager aria-label="Pages" {
            @if asked.page > 1 { a rel="prev" href=(asked.at_page(asked.page - 1)) { "Previous" } }
            @if asked.page > 1 || has_next { span { "Page " (asked.page) } }
            @if has_next { a rel="next" href=(asked.at_page(asked.page + 1)) { "Next" } }
        }
    }
}
