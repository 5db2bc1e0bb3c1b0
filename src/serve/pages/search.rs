//! The search page: hits with their headings and honest marks, facets as filters, sorting, pages, what was understood.

use maud::{Markup, html};

use super::chosen::{self, chips, is_same, no_filters};
use super::compare::counting;
use super::facets::{Facet, Facets, facets};
use super::hits::{HITS_ID, hits, pager};
use super::language::help;
use super::marks::message;
use super::question::{FILTERS, LIKE, LITERAL, QUERY, Question, SYNONYMS};
use super::start::start;
use super::total::{counted, total};
use super::{Made, address, answered, indexes, layout, reading_address};
use crate::engine::Engine;
use crate::error::Error;
use crate::query::Expansion;
use crate::rank::{self, Deadline};
use crate::render::terminal::grouped;
use crate::search::{SearchRequest, SearchResponse, Sort};
use crate::serve::operations::{INDEX, Open, PER_DOCUMENT};
use crate::serve::parameters::{Kind, Parameter, Values};
use crate::serve::problem::Problem;

/// The orders of hits, with what they are called on a page.
const ORDERS: [(&str, &str); 4] = [
    ("score", "best first"),
    ("recent", "newer preferred"),
    ("date", "latest first"),
    ("document", "by report"),
];

/// What all hits are exported as, with what that is called on a page.
const EXPORTS: [(&str, &str); 6] = [
    ("csv", "CSV"),
    ("xlsx", "Excel"),
    ("markdown", "quotations (Markdown)"),
    ("bibtex", "BibTeX"),
    ("ris", "RIS"),
    ("jsonl", "lines of JSON"),
];

/// Values of a filter that are in sight; the others open.
const VALUES: usize = 12;

/// Hits on a page, and the last page.
pub const HITS: usize = 10;
pub const LAST_PAGE: usize = 100;

/// What the page may be given.
pub const PARAMETERS: &[Parameter] = &[
    QUERY,
    FILTERS,
    Parameter::new(
        "sort",
        Kind::Choice(&["score", "recent", "date", "document"]),
        "the order of hits",
    )
    .or("score"),
    LITERAL,
    SYNONYMS,
    LIKE,
    PER_DOCUMENT,
    Parameter::new(
        "page",
        Kind::Number(1, 1 << 31),
        "the page, from 1; the last for one behind it",
    )
    .or("1"),
    INDEX,
];

/// What was asked, to be asked again with something changed.
#[derive(Clone)]
pub struct Asked<'v> {
    pub open: &'v Open,
    pub question: Question<'v>,
    pub chosen: &'v [String],
    sort: &'v str,
    /// The most passages of one report, 0 for all, where that is said.
    per_document: Option<usize>,
    pub page: usize,
    until: &'v Deadline,
}

impl<'v> Asked<'v> {
    fn of(open: &'v Open, values: &'v Values) -> Asked<'v> {
        Asked {
            open,
            question: Question::of(values),
            chosen: values.list("f"),
            sort: values.text("sort"),
            per_document: values.some_number("per_document"),
            page: values.number("page").min(LAST_PAGE),
            until: &values.until,
        }
    }

    /// The first page of another question, in the same order.
    fn address(&self, question: &Question<'_>) -> String {
        self.sorted(question, 1, self.sort)
    }

    fn sorted(&self, question: &Question<'_>, page: usize, sort: &str) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let sort = if sort == ORDERS[0].0 { "" } else { sort };
        let most = self.per_document.map(|most| most.to_string()).unwrap_or_default();
        let more = [("sort", sort), ("page", page.as_str()), ("per_document", most.as_str())];
        question.address(self.open, "/", &more)
    }

    /// What is like a passage, in the same order and what the filters leave.
    pub fn like(&self, id: &str) -> String {
        self.address(&Question { query: "", like: id, ..self.question.clone() })
    }

    /// The first page with so many passages of a report.
    pub fn with_most(&self, per_document: Option<usize>) -> String {
        Asked { per_document, ..self.clone() }.at_page(1)
    }

    pub fn at_page(&self, page: usize) -> String {
        self.sorted(&self.question, page, self.sort)
    }

    /// With a filter chosen, or no longer.
    pub fn toggled(&self, filter: &str) -> String {
        let mut chosen = self.question.chosen.clone();
        match chosen.iter().position(|other| *other == filter) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(filter),
        }
        self.address(&Question { chosen, ..self.question.clone() })
    }

    /// How many hits there are up to the end of this page.
    pub fn shown(&self, response: &SearchResponse) -> u64 {
        ((self.page - 1) * HITS + response.hits.len()) as u64
    }

    fn request(&self) -> SearchRequest {
        let request = SearchRequest {
            limit: HITS,
            per_document: self.per_document,
            sort: Sort::named(self.sort).unwrap_or_default(),
            ..self.question.request(self.until)
        };
        let passages = self.open.engine().summary().passages as usize;
        let before = ((self.page - 1) * HITS).min(passages);
        let cursor = (before > 0).then(|| self.open.cursor(&request, before));
        SearchRequest { cursor, ..request }
    }
}

/// Chosen filters in the query language: values of one field are alternatives.
pub fn filter_of(chosen: &[String]) -> Option<String> {
    let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
    let says = |(_, value): &(&str, &str)| value.contains(char::is_alphanumeric);
    let parts = chosen.iter().filter_map(|filter| filter.split_once(':'));
    // Of signs alone no filter can be made.
    for (field, value) in parts.filter(says) {
        let value = match field {
            "year" => format!("year:{value}"),
            // What is chosen is what it says: its signs are no patterns, and no words either.
            _ => format!("{field}:\"{}\"", value.replace(['"', '“', '”', '\\', '*', '?'], " ")),
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
pub fn page(open: &Open, values: &Values) -> Result<Made, Problem> {
    let asked = Asked::of(open, values);
    if asked.question.is_nothing() {
        return Ok(layout("Search", "/", Some(open), &start(&asked)).into());
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
                (chosen(&asked))
                (refused(&problem))
                (help(open, true))
            };
            return Ok(Made::refusing(layout("Search", "/", Some(open), &content)));
        }
    };
    let facets = match response.hits.is_empty() && asked.chosen.is_empty() && asked.page == 1 {
        true => Facets::default(),
        // Without the numbers of the filters the hits are worth showing.
        false => match facets(open, &request, asked.chosen, response.is_relaxed) {
            Err(Error::TimedOut) => Facets::default(),
            facets => facets?,
        },
    };
    let content = html! {
        (form(&asked))
        (help(open, false))
        div.columns {
            section.answer aria-label="Answer" {
                (summary(&asked, &response, &facets))
                (hits(&asked, &response, &facets))
                (pager(&asked, &response, &facets))
            }
            (filters(&asked, &facets.facets))
        }
    };
    let title =
        if asked.question.has_words() { asked.question.query } else { "More like a passage" };
    let made = match response.hits.is_empty() {
        true => layout(title, "/", Some(open), &content),
        false => answered(title, "/", open, HITS_ID, &content),
    };
    Ok(made.into())
}

/// What is chosen beside the words, each to be given up.
pub fn chosen(asked: &Asked<'_>) -> Markup {
    let given = chosen::filters(&asked.question).into_iter();
    let given: Vec<(String, String)> =
        given.map(|(told, without)| (told, asked.address(&without))).collect();
    html! { (chips(&given)) (no_filters(&asked.question)) }
}

/// What is wrong with a question.
pub fn refused(problem: &Problem) -> Markup {
    html! {
        div.notice role="alert" {
            @if problem.code == "query_too_large" {
                p { "This is too long to be searched for: " (problem.detail) ". Shorten it, or give a whole text to the page Verify." }
            } @else { pre.fault { (problem.detail) } }
            @if let Some(hint) = &problem.hint { p { (message(hint)) } }
        }
    }
}

/// The field to ask in. What was chosen beside the words stays chosen.
pub fn form(asked: &Asked<'_>) -> Markup {
    let sort = Some(asked.sort).filter(|sort| *sort != ORDERS[0].0);
    html! {
        form.search role="search" action="/" method="get" autocomplete="off" {
            label.visually-hidden for="q" { "Search the reports" }
            input id="q" type="search" name="q" value=(asked.question.query) dir="auto"
                placeholder="words, \"a phrase\", country:kazakhstan" autofocus[asked.question.is_nothing()];
            button type="submit" { "Search" }
            @for filter in asked.chosen { input type="hidden" name="f" value=(filter); }
            @if let Some(sort) = sort { input type="hidden" name="sort" value=(sort); }
            @if let Some(most) = asked.per_document { input type="hidden" name="per_document" value=(most); }
            @if !asked.question.like.is_empty() { input type="hidden" name="like" value=(asked.question.like); }
            div.options {
                label {
                    input type="checkbox" name="literal" value="true" checked[asked.question.literal];
                    " Words as written: no other forms, no synonyms"
                }
                label {
                    input type="checkbox" name="synonyms" value="false" checked[!asked.question.synonyms];
                    " No synonyms: words in their own forms only"
                }
                (indexes(asked.open))
            }
        }
    }
}

/// What can be chosen. It stands behind the answer, and beside it where there is room.
pub fn filters(asked: &Asked<'_>, facets: &[Facet]) -> Markup {
    html! {
        @if !facets.is_empty() {
            aside.filters id="filters" aria-label="Filters" {
                @if !facets.iter().all(|facet| facet.is_exact) {
                    p.quiet { "≤: at most so many. The text of the passages decides, and there are too many to look at them all." }
                }
                @for facet in facets { (choices(asked, facet)) }
            }
        }
    }
}

/// The way to the filters where they stand behind the answer.
pub fn to_filters(facets: &[Facet]) -> Markup {
    html! { @if !facets.is_empty() { a.to-filters href="#filters" { "Filters" } } }
}

/// The values of a field that are not chosen.
fn choices(asked: &Asked<'_>, facet: &Facet) -> Markup {
    let values = facet
        .values
        .iter()
        .map(|(value, number)| (format!("{}:{value}", facet.field), value.as_str(), *number));
    let values: Vec<(String, &str, u64)> = values
        .filter(|(filter, ..)| !asked.chosen.iter().any(|other| is_same(other, filter)))
        .collect();
    let list = |values: &[(String, &str, u64)]| {
        html! {
            ul {
                @for (filter, value, number) in values {
                    li { a href=(asked.toggled(filter)) rel="nofollow" {
                        span dir="auto" { (value) } " " span.count { @if !facet.is_exact { "≤ " } (grouped(*number)) }
                    } }
                }
            }
        }
    };
    let (first, more) = values.split_at(values.len().min(VALUES));
    html! {
        @if !first.is_empty() {
            details open {
                summary { (facet.label) }
                (list(first))
                @if !more.is_empty() {
                    details.more { summary { (grouped(more.len() as u64)) " more" } (list(more)) }
                }
            }
        }
    }
}

fn summary(asked: &Asked<'_>, response: &SearchResponse, facets: &Facets) -> Markup {
    let nothing = response.hits.is_empty();
    html! {
        @if !asked.question.like.is_empty() { (likened(asked)) }
        h1.total {
            @if nothing && asked.page > 1 { "No more hits" }
            @else if nothing { "Nothing found" }
            @else if facets.is_of_other { "Nothing has the phrase" @if !asked.chosen.is_empty() { " in what the filters leave" } }
            @else { (total(response, facets, asked.shown(response))) }
        }
        (chosen(asked))
        @if !response.unknown.is_empty() {
            p.notice {
                "Nowhere in the reports: "
                @for (at, word) in response.unknown.iter().enumerate() { @if at > 0 { ", " } strong { (word) } }
            }
        }
        @if let Some(meant) = &response.did_you_mean {
            p { "Did you mean " a href=(asked.address(&Question { query: meant, ..asked.question.clone() })) { (meant) } "?" }
        }
        @for warning in &response.warnings { p.notice { (message(warning)) } }
        @if facets.is_of_other && !nothing { (of_words(asked, response, facets)) }
        @if nothing && asked.page == 1 && !asked.chosen.is_empty() {
            p { a href=(asked.address(&Question { chosen: Vec::new(), ..asked.question.clone() })) { "Search without the filters" } }
        }
        @if !nothing { (orders(asked)) (to_filters(&facets.facets)) }
        details.understood {
            summary { "How the query was understood" }
            p { code { (response.parsed) } }
            @if !response.expansions.is_empty() {
                ul { @for expansion in &response.expansions { li { (expanded(expansion)) } } }
            }
        }
        @if !nothing && !facets.is_of_other { (exports(asked)) }
    }
}

/// What follows where a phrase is nowhere, and the way to the same as an answer of its own.
fn of_words(asked: &Asked<'_>, response: &SearchResponse, facets: &Facets) -> Markup {
    let query = asked.question.query;
    let words = query.replace(['"', '“', '”'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    // Of a value, quotation marks are a part.
    let can_be_asked = words != query && !query.contains(':');
    html! {
        p {
            "Passages with its words: " (counted(response, facets)) ". "
            @if can_be_asked {
                a href=(asked.address(&Question { query: &words, ..asked.question.clone() })) {
                    "Search for the words without quotation marks"
                }
                " to filter, count and export them."
            }
        }
    }
}

/// The passage that hits are like, to be given up.
fn likened(asked: &Asked<'_>) -> Markup {
    let passage = asked.open.engine().passage(asked.question.like).ok().flatten();
    let Some(passage) = passage else { return html! {} };
    let link = reading_address(asked.open, &passage.report.doc_id, Some(&passage.id));
    let without = Question { like: "", ..asked.question.clone() };
    html! {
        p.notice {
            "More like " a href=(link) dir="auto" { (passage.trail.join(" › ")) } " · "
            a href=(asked.address(&without)) { "Search without it" }
        }
    }
}

/// The orders that the hits can have.
fn orders(asked: &Asked<'_>) -> Markup {
    html! {
        nav.orders aria-label="Order" {
            span { "Order: " }
            @for (sort, label) in ORDERS {
                a href=(asked.sorted(&asked.question, 1, sort)) rel="nofollow"
                    aria-current=[(sort == asked.sort).then_some("true")] { (label) }
            }
            @if asked.per_document == Some(0) {
                span { "Of each report all passages: " }
                a href=(asked.with_most(None)) rel="nofollow" { "at most " (rank::PER_DOCUMENT) }
            }
        }
    }
}

/// What can be done with all hits.
fn exports(asked: &Asked<'_>) -> Markup {
    let filter = filter_of(asked.chosen).unwrap_or_default();
    let Question { query, like, .. } = asked.question;
    let literal = if asked.question.literal { "true" } else { "" };
    let (synonyms, lexical) = if asked.question.synonyms { ("", "") } else { ("false", "true") };
    let to = |format: &str| {
        let pairs = [
            ("query", query),
            ("filter", &filter),
            ("sort", asked.sort),
            ("literal", literal),
            ("synonyms", synonyms),
            ("lexical", lexical),
            ("like", like),
            ("format", format),
        ];
        address(asked.open, "/v1/search", &pairs)
    };
    let compare = |by: &str| counting(asked.open, &asked.question, by);
    let counted = ["country", "year", "role"];
    html! {
        details.exports id="exports" {
            summary { "Export and count" }
            p {
                "Export all hits: "
                @for (at, (format, label)) in EXPORTS.iter().enumerate() {
                    @if at > 0 { " · " }
                    // Browsers show lines of JSON where nothing names a file.
                    a href=(to(format)) rel="nofollow" download=[(*format == "jsonl").then_some("tipsearch.jsonl")] { (label) }
                }
            }
            // What is like a passage is not found by its words, which are what is counted.
            @if asked.question.has_words() && like.is_empty() {
                p {
                    "Count the words as typed by: "
                    @for (at, by) in counted.iter().enumerate() {
                        @if at > 0 { " · " }
                        a href=(compare(by)) { (chosen::called(by)) }
                    }
                }
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
