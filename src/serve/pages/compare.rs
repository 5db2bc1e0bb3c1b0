//! The compare page: how often something is said by country, year or another field, as a picture and as a table whose
//! numbers lead to the passages.

use maud::{Markup, PreEscaped, html};

use super::chosen::{called, chips, filters, is_of, no_filters, parts};
use super::folded::folded;
use super::marks::message;
use super::question::{FILTERS, LITERAL, QUERY, Question};
use super::search::{filter_of, refused};
use super::{ANSWER, Made, address, answered, indexes, layout};
use crate::count::{self, Cell, CompareRequest, Comparison, CountRequest, Group, GroupField};
use crate::query::fold_value;
use crate::render::count::{Measure, svg};
use crate::render::terminal::{count as count_of, grouped};
use crate::serve::operations::{COUNT_SYNONYMS, INDEX, Open};
use crate::serve::parameters::{Kind, Parameter, Values};
use crate::serve::problem::Problem;

/// The most rows and columns of a table on a page.
const MOST_ROWS: usize = 300;
const MOST_COLUMNS: usize = 40;

/// What the page may be given.
pub const PARAMETERS: &[Parameter] = &[
    QUERY,
    Parameter::new("by", Kind::Text(100), "the field of the rows").or("country"),
    Parameter::new("and", Kind::Text(100), "the field of the columns"),
    Parameter::new(
        "show",
        Kind::Choice(&["rate", "occurrences", "passages", "documents"]),
        "what is shown",
    )
    .or("rate"),
    FILTERS,
    LITERAL,
    COUNT_SYNONYMS,
    INDEX,
];

/// Fields of which a passage has one value.
const OF_ONE_VALUE: [&str; 5] = ["year", "lang", "doc", "title", "role"];

/// The address of a count of what a question asks for, in what its filters leave. What is counted is what is typed.
pub fn counting(open: &Open, question: &Question<'_>, by: &str) -> String {
    let literal = if question.literal { "true" } else { "" };
    let mut pairs = vec![("q", question.query), ("by", by), ("literal", literal)];
    pairs.extend(question.chosen.iter().map(|filter| ("f", *filter)));
    address(open, "/compare", &pairs)
}

/// The same page, or its picture, with another question.
fn same(open: &Open, values: &Values, path: &str, question: &Question<'_>) -> String {
    let wanted = |wanted: bool| if wanted { "true" } else { "" };
    let show = Some(values.text("show")).filter(|show| *show != "rate").unwrap_or_default();
    let mut pairs = vec![
        ("q", question.query),
        ("by", values.text("by")),
        ("and", values.text("and")),
        ("show", show),
        ("literal", wanted(question.literal)),
        ("synonyms", wanted(question.synonyms)),
    ];
    pairs.extend(question.chosen.iter().map(|filter| ("f", *filter)));
    address(open, path, &pairs)
}

fn compared(open: &Open, values: &Values) -> Result<Comparison, Problem> {
    let (by, and) = (values.text("by"), values.text("and"));
    let request = CountRequest {
        filter: filter_of(values.list("f")),
        literal: values.flag("literal"),
        synonyms: values.flag("synonyms"),
        until: values.until.clone(),
        ..CountRequest::new(values.text("q"))
    };
    // Years in which nothing was written are part of a line of time.
    let mut comparison = if by == "year" && and.is_empty() {
        count::timeline(open, &request)?
    } else {
        let by = [by, and].into_iter().filter(|field| !field.is_empty()).map(str::to_owned);
        folded(open, count::compare(open, &CompareRequest { count: request, by: by.collect() })?)
    };
    for field in &mut comparison.by {
        field.name = called(&field.name).to_owned();
    }
    Ok(comparison)
}

fn measure(values: &Values) -> Measure {
    match values.text("show") {
        "occurrences" => Measure::Occurrences,
        "passages" => Measure::Passages,
        "documents" => Measure::Documents,
        _ => Measure::Rate,
    }
}

/// The picture alone.
pub fn picture(open: &Open, values: &Values) -> Result<String, Problem> {
    Ok(drawn(values, &compared(open, values)?))
}

fn drawn(values: &Values, comparison: &Comparison) -> String {
    let is_timeline = values.text("by") == "year" && values.text("and").is_empty();
    match is_timeline {
        true => svg::timeline(comparison, measure(values)),
        false => svg::comparison(comparison, measure(values)),
    }
}

/// The page.
pub fn page(open: &Open, values: &Values) -> Result<Made, Problem> {
    let query = values.text("q");
    let mut is_refused = false;
    let answer = match query.trim().is_empty() {
        true => {
            html! { p { "Words or a phrase are counted in every group of reports, and for 10,000 words of it." } }
        }
        false => match compared(open, values) {
            Ok(comparison) => counted(open, values, &comparison),
            Err(problem) if problem.status == 400 => {
                is_refused = true;
                refused(&problem)
            }
            Err(problem) => return Err(problem),
        },
    };
    let content = html! {
        h1 { "Compare" }
        (form(open, values))
        (chosen(open, values))
        section id=(ANSWER) aria-label="Answer" tabindex="-1" { (answer) }
    };
    let made = match query.trim().is_empty() {
        true => layout("Compare", "/compare", Some(open), &content),
        false => answered(query, "/compare", open, ANSWER, &content),
    };
    Ok(if is_refused { Made::refusing(made) } else { made.into() })
}

/// What is chosen beside the words, each to be given up.
fn chosen(open: &Open, values: &Values) -> Markup {
    let question = Question::of(values);
    let mut given = filters(&question);
    if question.literal {
        let without = Question { literal: false, ..question.clone() };
        given.push(("Words as written".to_owned(), without));
    }
    if question.synonyms {
        let without = Question { synonyms: false, ..question.clone() };
        given.push(("Synonyms too".to_owned(), without));
    }
    let given = given.into_iter();
    let given: Vec<(String, String)> =
        given.map(|(told, without)| (told, same(open, values, "/compare", &without))).collect();
    html! { (chips(&given)) (no_filters(&question)) }
}

fn form(open: &Open, values: &Values) -> Markup {
    use crate::engine::Engine;

    let mut fields = vec!["country", "year", "role", "section", "lang", "doc", "title"];
    let metadata = open.engine().summary().fields.metadata.iter().map(String::as_str);
    let named: Vec<&str> = fields.iter().map(|field| called(field)).collect();
    fields.extend(metadata.filter(|key| !named.contains(&called(key))));
    let choices = |chosen: &str| {
        html! {
            @for field in &fields { option value=(field) selected[*field == chosen] { (called(field)) } }
        }
    };
    html! {
        form.compare action="/compare" method="get" autocomplete="off" {
            label for="q" { "Words or a phrase" }
            input id="q" type="search" name="q" value=(values.text("q")) dir="auto" placeholder="\"border guards\"";
            label { "by " select name="by" { (choices(values.text("by"))) } }
            label { "and " select name="and" { option value="" { "nothing" } (choices(values.text("and"))) } }
            label { "show " select name="show" {
                @for (value, label) in [
                    ("rate", "per 10,000 words"), ("occurrences", "occurrences"),
                    ("passages", "passages"), ("documents", "reports"),
                ] { option value=(value) selected[values.text("show") == value] { (label) } }
            } }
            @for filter in values.list("f") { input type="hidden" name="f" value=(filter); }
            (indexes(open))
            button type="submit" { "Count" }
            div.options {
                label {
                    input type="checkbox" name="literal" value="true" checked[values.flag("literal")];
                    " Words as written: no other forms"
                }
                label {
                    input type="checkbox" name="synonyms" value="true" checked[values.flag("synonyms")];
                    " Synonyms too, as a search finds them"
                }
            }
        }
    }
}

fn counted(open: &Open, values: &Values, comparison: &Comparison) -> Markup {
    let total = comparison.total.counts;
    let picture = same(open, values, "/compare.svg", &Question::of(values));
    let about = format!(
        "{} in {} of {}",
        count_of(total.occurrences, "occurrence"),
        count_of(total.passages, "passage"),
        count_of(total.documents, "report")
    );
    html! {
        p.total { (about) }
        @let unknown = &comparison.asked.unknown;
        @if !unknown.is_empty() { p.notice { "Nowhere in the reports: " strong { (unknown.join(", ")) } } }
        @for warning in &comparison.asked.warnings { p.notice { (message(warning)) } }
        @if total.passages > 0 {
            p.to-table { a href="#table" { "To the table" } }
            figure tabindex="0" role="group" aria-label="Picture of the table below" {
                (within_page(&drawn(values, comparison)))
            }
            p.quiet {
                a href=(picture) { "The picture as a file (SVG)" } ". "
                @if !comparison.columns.is_empty() { "In the table 0 means that it is not said, and an empty field that there is no report. " }
                (led_to(comparison, values))
            }
            div.wide id="table" tabindex="0" role="region" aria-label="Table" { (table(open, values, comparison)) }
        }
    }
}

/// A picture as a part of a page, where it needs no name of its language; its text has been escaped. On dark paper what
/// is more is lighter.
fn within_page(svg: &str) -> Markup {
    let svg = svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    PreEscaped(svg.replace(">the darker, the more;", ">the stronger the blue, the more;"))
}

/// Where names and numbers lead, and why as many passages may not be found there.
fn led_to(comparison: &Comparison, values: &Values) -> Markup {
    let is_by_section = comparison.by.iter().any(GroupField::is_section);
    html! {
        @if comparison.columns.is_empty() { "Names lead to the passages, " }
        @else { "Names and numbers lead to the passages, " }
        "found as they are counted: " @if values.flag("synonyms") { "synonyms too. " } @else { "without synonyms. " }
        @if comparison.has_occurrences {
            "Only the text of passages is counted; a search also finds those that have the words in title or heading. "
        }
        @if is_by_section {
            "A passage counts under its nearest heading; a search finds it under every heading above it too, and under \
             headings that have more words than these. "
        }
    }
}

/// The search for the passages of some groups, asked as they are counted; what has no value cannot be asked for.
fn drill(open: &Open, values: &Values, groups: &[(&str, &Group)]) -> Option<String> {
    let question = Question::of(values);
    let mut chosen: Vec<String> =
        question.chosen.iter().map(|filter| (*filter).to_owned()).collect();
    for (field, group) in groups {
        if **group == Group::None {
            return None;
        }
        // In a search values of one field are alternatives: that of the group takes the place of those that are chosen.
        let (of_field, mut others): (Vec<String>, Vec<String>) =
            chosen.into_iter().partition(|filter| is_of(filter, field));
        let is_narrower = OF_ONE_VALUE.contains(field)
            || of_field.iter().any(|filter| is_allowed(filter, &group.label()));
        if !of_field.is_empty() && !is_narrower {
            return None;
        }
        others.push(format!("{field}:{}", group.label()));
        chosen = others;
    }
    let chosen = chosen.iter().map(String::as_str).collect();
    Some(Question { chosen, ..question.clone() }.address(open, "/", &[]))
}

/// Whether what has this value passes a filter of its field.
fn is_allowed(filter: &str, value: &str) -> bool {
    let asked = parts(filter).map(|(_, asked)| fold_value(asked)).unwrap_or_default();
    let value = fold_value(value);
    value == asked || value.split(' ').any(|word| word == asked)
}

/// Text that leads somewhere, where there is something to lead to.
fn leading(text: &str, link: Option<String>) -> Markup {
    html! { @match link { Some(link) => a href=(link) { (text) }, None => (text) } }
}

fn number(cell: &Cell, comparison: &Comparison, values: &Values) -> String {
    let counts = cell.counts;
    match values.text("show") {
        "occurrences" => grouped(counts.occurrences),
        "passages" => grouped(counts.passages),
        "documents" => grouped(counts.documents),
        _ => cell
            .rate(comparison.has_occurrences)
            .map_or_else(|| "–".to_owned(), |rate| format!("{rate:.2}")),
    }
}

fn table(open: &Open, values: &Values, comparison: &Comparison) -> Markup {
    let by = values.text("by");
    let rows: Vec<&(Group, Cell)> =
        comparison.rows.iter().filter(|(_, cell)| cell.counts.passages > 0).collect();
    let columns: Vec<&Group> =
        comparison.columns.iter().map(|(group, _)| group).take(MOST_COLUMNS).collect();
    let (more_rows, more_columns) =
        (rows.len().saturating_sub(MOST_ROWS), comparison.columns.len() - columns.len());
    html! {
        table {
            thead { tr {
                th scope="col" { (called(by)) }
                @if columns.is_empty() {
                    @for name in ["per 10,000 words", "occurrences", "passages", "reports"] { th scope="col" { (name) } }
                }
                @for column in &columns { th scope="col" dir="auto" { (column.label()) } }
            } }
            tbody {
                @for (row, cell) in rows.iter().take(MOST_ROWS) {
                    tr {
                        th scope="row" dir="auto" { (leading(&row.label(), drill(open, values, &[(by, row)]))) }
                        @if columns.is_empty() {
                            td { (cell.rate(comparison.has_occurrences).map_or_else(|| "–".to_owned(), |rate| format!("{rate:.2}"))) }
                            td { (grouped(cell.counts.occurrences)) }
                            td { (grouped(cell.counts.passages)) }
                            td { (grouped(cell.counts.documents)) }
                        }
                        @for column in &columns { td { (place(open, values, comparison, row, column)) } }
                    }
                }
            }
        }
        @if more_rows > 0 { p { "and " (count_of(more_rows as u64, "more row")) } }
        @if more_columns > 0 { p { "and " (count_of(more_columns as u64, "more column")) } }
    }
}

fn place(
    open: &Open,
    values: &Values,
    comparison: &Comparison,
    row: &Group,
    column: &Group,
) -> Markup {
    let Some(cell) = comparison.cells.get(&(row.clone(), column.clone())) else { return html! {} };
    let link = drill(open, values, &[(values.text("by"), row), (values.text("and"), column)]);
    html! {
        @if cell.counts.passages > 0 { (leading(&number(cell, comparison, values), link)) } @else { "0" }
    }
}
