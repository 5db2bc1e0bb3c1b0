//! What the tools do: the answers of the operations, made compact for a model and kept within its budget.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::address::{Address, is_address, uri};
use super::budget::{beginning, fit, fit_or_warn, fit_whole};
use super::echo::Echo;
use crate::count::{self, CompareRequest, CountRequest, KwicRequest};
use crate::engine::Engine;
use crate::passage::Passage;
use crate::render::count as counted;
use crate::render::{outline as headings, short_citation, verify as verified};
use crate::serve::answers::order;
use crate::serve::operations::Open;
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;
use crate::serve::{about, answers};
use crate::verify::Verification;

/// What a tool gives.
pub type Answer = Result<Value, Problem>;

/// The most places that are named for a quotation.
const MOST_PLACES: usize = 3;

/// What is counted, the first first where groups are put in order.
const COUNTS: [&str; 3] = ["occurrences", "passages", "documents"];

/// What is said where there is nothing to occur.
const NO_WORDS: &str =
    "the query asks for no words of the text: passages are counted, and nothing occurs";

/// Room for the numbers of what was left out, which are known at the end.
const LEFT_OUT: usize = 24;

/// A passage as a result of a search.
pub fn result(open: &Open, passage: &Passage) -> Value {
    let mut value = json!({
        "id": passage.id,
        "title": passage.report.title,
        "url": uri(open, &passage.report.doc_id, Some(&passage.id)),
        "text": passage.text,
        "cite": short_citation(passage),
        "doc_id": passage.report.doc_id,
    });
    if passage.trail.len() > 1 {
        value["section"] = json!(passage.trail.get(1..).unwrap_or_default().join(" › "));
    }
    if let Some(year) = passage.year() {
        value["year"] = json!(year);
    }
    name_index(open, &mut value);
    value
}

/// Names the index, where ids mean nothing without it.
fn name_index(open: &Open, value: &mut Value) {
    if let Some(index) = open.asked_as() {
        value["index"] = json!(index);
    }
}

/// `outline`.
pub fn outline(open: &Open, values: &Values) -> Answer {
    let passages = match Address::find(open.engine(), values.text("doc_id"))? {
        Some(Address::Document(passages)) => passages,
        _ => answers::found_document(open, values.text("doc_id"))?,
    };
    let whole = headings::json(&passages);
    let doc_id = whole["doc_id"].as_str().unwrap_or_default();
    let mut answer =
        json!({"doc_id": doc_id, "title": whole["title"], "url": uri(open, doc_id, None)});
    name_index(open, &mut answer);
    let sections = whole["sections"].as_array().cloned().unwrap_or_default();
    let sections = sections.iter().map(|section| {
        let under = section["passages"].as_array().map_or(0, Vec::len);
        let path = section["path"].as_array();
        let mut value = json!({
            "heading": path.and_then(|path| path.last()).unwrap_or(&Value::Null),
            "level": section["level"],
            "passages": under,
        });
        if section["role"].is_string() {
            value["role"] = section["role"].clone();
        }
        if under > 0 {
            value["first"] = section["passages"][0].clone();
        }
        value
    });
    let sections: Vec<Value> = sections.collect();
    let count = sections.len();
    let shown = fit_whole(&mut answer, "sections", sections, values.number("budget_tokens"));
    leave_out(&mut answer, count - shown);
    Ok(answer)
}

fn counting(values: &Values) -> CountRequest {
    CountRequest {
        filter: values.some_text("filters"),
        until: values.until.clone(),
        ..CountRequest::new(values.text("query"))
    }
}

/// `count`.
pub fn count(open: &Open, values: &Values) -> Answer {
    let request = CountRequest { synonyms: values.flag("synonyms"), ..counting(values) };
    let (whole, groups) = match values.list("by") {
        [] => {
            let (asked, counts) = count::count(open, &request)?;
            let total = json!({
                "occurrences": counts.occurrences,
                "passages": counts.passages,
                "documents": counts.documents,
            });
            let query = json!({"parsed": asked.parsed, "unknown": asked.unknown});
            (json!({"query": query, "total": total, "warnings": asked.warnings}), Vec::new())
        }
        by => {
            let request = CompareRequest { count: request, by: by.to_vec() };
            let whole = counted::data::comparison(&count::compare(open, &request)?);
            let cells = whole["cells"].as_array().cloned().unwrap_or_default();
            let is_there = |cell: &Value| cell["passages"] != json!(0);
            (whole, cells.into_iter().filter(is_there).map(without_words).collect())
        }
    };
    let total = &whole["total"];
    let mut answer = json!({
        "total": {
            "occurrences": total["occurrences"],
            "passages": total["passages"],
            "documents": total["documents"],
        },
    });
    if let Some(of) = whole["rate"]["of"].as_str() {
        answer["rate_of"] = json!(of);
    }
    let mut warnings = texts(&whole["warnings"]);
    if total["occurrences"] == json!(0) && total["passages"] != json!(0) {
        warnings.push(NO_WORDS.to_owned());
    }
    let is_cut = echoed(&mut answer, &whole["query"], &warnings, values);
    put_groups(&mut answer, groups, values);
    truncate_if(&mut answer, is_cut);
    Ok(answer)
}

/// Puts groups into an answer: in their order where all have room, else those with the most, from an offset on.
fn put_groups(answer: &mut Value, mut groups: Vec<Value>, values: &Values) {
    let (budget, offset) = (values.number("budget_tokens"), values.number("offset"));
    let all = groups.len();
    let first = if offset == 0 { groups.clone() } else { Vec::new() };
    let mut shown = fit_whole(answer, "groups", first, budget);
    if shown < all {
        groups.sort_by_key(|group| Reverse(COUNTS.map(|name| group[name].as_u64())));
        groups.drain(..offset.min(all));
        let groups: Vec<Vec<Value>> = groups.into_iter().map(|group| vec![group]).collect();
        let most = if offset == 0 { ", those with the most" } else { "" };
        let told = |shown| {
            format!(
                "{shown} of {all} groups are here{most}; `next_offset` leads to the others, and so does a larger `budget_tokens`"
            )
        };
        shown = fit_or_warn(answer, "groups", &groups, budget.saturating_sub(2 * LEFT_OUT), told);
    }
    let next = offset.saturating_add(shown);
    leave_out(answer, all.saturating_sub(next));
    if next < all {
        answer["next_offset"] = json!(next);
    }
}

/// Says how the question was understood, and what to know of the answer. Whether something of that was cut.
fn echoed(answer: &mut Value, query: &Value, warnings: &[String], values: &Values) -> bool {
    let mut echo = Echo::within(values.number("budget_tokens"));
    echo.texts(answer, "warnings", warnings);
    echo.texts(answer, "unknown", &texts(&query["unknown"]));
    echo.text(answer, "parsed", query["parsed"].as_str().unwrap_or_default());
    echo.is_cut
}

fn texts(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn truncate_if(answer: &mut Value, is_cut: bool) {
    if is_cut {
        answer["truncated"] = json!(true);
    }
}

/// Says how many items of a list were left out.
fn leave_out(answer: &mut Value, count: usize) {
    if count > 0 {
        answer["left_out"] = json!(count);
    }
}

fn without_words(mut cell: Value) -> Value {
    if let Some(fields) = cell.as_object_mut() {
        fields.remove("words");
    }
    cell
}

/// As much of a quotation as tells it from others.
fn start(quote: &str) -> String {
    const TOKENS: usize = 16;
    match beginning(quote, TOKENS) {
        start if start == quote => quote.to_owned(),
        start => format!("{} …", start.trim_end()),
    }
}

/// What was found out about a quotation, from its verdict alone to all that is told of it.
fn verdict(open: &Open, value: &Value, checked: &Verification) -> Vec<Value> {
    let places = checked.matches.iter().take(MOST_PLACES).map(|found| {
        let mut place =
            result(open, &Passage { text: found.text.clone(), ..found.passage.clone() });
        place["similarity"] = json!((found.similarity * 1000.0).round() / 1000.0);
        place
    });
    let places: Vec<Value> = places.collect();
    let quote = value["quote"].as_str().unwrap_or_default();
    let mut shortest = json!({
        "quote": start(quote),
        "verdict": value["verdict"],
        "differs": value["differs"],
        "matches": [],
        "places": checked.total,
    });
    let mut forms = vec![shortest.clone()];
    shortest["quote"] = json!(quote);
    if value["diff"].is_array() {
        shortest["diff"] = value["diff"].clone();
    }
    forms.extend([0, 1, places.len()].map(|count| {
        let mut longer = shortest.clone();
        longer["matches"] = places.iter().take(count).cloned().collect();
        longer
    }));
    forms.dedup();
    if let Some((_, shorter)) = forms.split_last_mut() {
        shorter.iter_mut().for_each(|form| form["truncated"] = json!(true));
    }
    forms
}

/// The id of the report that an address is of; what is none stays as it is.
fn report_of(open: &Open, name: String) -> Result<String, Problem> {
    if !is_address(&name) {
        return Ok(name);
    }
    let found = Address::find(open.engine(), &name)?;
    let passage = found.as_ref().and_then(Address::first);
    Ok(passage.map_or(name, |passage| passage.report.doc_id.clone()))
}

/// `verify_quote`.
pub fn verify(open: &Open, values: &Values) -> Answer {
    let quotes = values.list("quotes");
    let mut wanted = serde_json::Map::new();
    wanted.insert("quotes".to_owned(), json!(quotes));
    if let Some(doc) = values.some_text("doc_id") {
        wanted.insert("doc".to_owned(), json!(report_of(open, doc)?));
    }
    let report = answers::checked(open, &answers::verify_values(&wanted, values)?)?;
    let whole = verified::json(&report, open.engine().summary());
    let results = whole["results"].as_array().into_iter().flatten().zip(&report.quotations);
    let results: Vec<Vec<Value>> =
        results.map(|(value, checked)| verdict(open, value, &checked.verification)).collect();
    let warnings = report.warning().into_iter().chain(answers::looked_in(open, &report));
    let mut answer = json!({"warnings": warnings.collect::<Vec<_>>()});
    let budget = values.number("budget_tokens").saturating_sub(LEFT_OUT);
    let shown = fit_or_warn(&mut answer, "results", &results, budget, |shown| {
        let (left, all) = (results.len() - shown, quotes.len());
        let first = quotes.get(shown).map(|quote| start(quote)).unwrap_or_default();
        format!(
            "there is no room for {left} of {all} quotations, from “{first}” on; ask for them by themselves or with a \
             larger `budget_tokens`"
        )
    });
    answer["unchecked"] = json!(quotes.len() - shown);
    if shown < quotes.len() {
        answer["truncated"] = json!(true);
        answer["first_unchecked"] = json!(shown);
    }
    Ok(answer)
}

/// `kwic`.
pub fn kwic(open: &Open, values: &Values) -> Answer {
    let (order, offset) = (order(values), values.number("offset"));
    let request =
        KwicRequest { count: counting(values), limit: values.some_number("limit"), order };
    let page = answers::lines(open, request, offset)?;
    let whole = counted::kwic::json(&page, values.some_number("width"));
    let lines = whole["lines"].as_array().into_iter().flatten().map(|line| {
        json!({
            "id": line["id"],
            "left": line["left"],
            "keyword": line["keyword"],
            "right": line["right"],
            "cite": line["cite"]["short"],
        })
    });
    let mut answer = json!({"total": whole["total"]});
    name_index(open, &mut answer);
    let is_cut = echoed(&mut answer, &whole["query"], &texts(&whole["warnings"]), values);
    // Where to go on is known at the end.
    let budget = values.number("budget_tokens").saturating_sub(2 * LEFT_OUT);
    let lines: Vec<Vec<Value>> = lines.map(|line| vec![line]).collect();
    let shown = fit(&mut answer, "lines", &lines, budget);
    let (next, left) = answers::lines_after(&page, offset, shown);
    if let Some(next) = next {
        answer["next_offset"] = json!(next);
    }
    leave_out(&mut answer, left);
    truncate_if(&mut answer, is_cut);
    Ok(answer)
}

/// `status`.
pub fn status(open: &Open, _: &Values) -> Answer {
    let summary = open.engine().summary();
    Ok(json!({
        "about": about::indexed(open),
        "documents": summary.documents,
        "passages": summary.passages,
        "generation": summary.generation,
        "fields": summary.fields.metadata,
        "version": env!("CARGO_PKG_VERSION"),
    }))
}
