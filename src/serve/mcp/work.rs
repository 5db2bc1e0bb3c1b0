//! What the tools do: the answers of the operations, made compact for a model and kept within its budget.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::address::{Address, uri};
use super::budget::{beginning, cost, excerpt, fit_or_warn, fit_whole, tokens};
use crate::count::{self, CompareRequest, CountRequest, KwicRequest};
use crate::engine::Engine;
use crate::passage::Passage;
use crate::render::count as counted;
use crate::render::json::total;
use crate::render::{outline as headings, short_citation, verify as verified};
use crate::search::{Found, SearchRequest};
use crate::serve::answers::order;
use crate::serve::operations::Open;
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;
use crate::serve::{about, answers};
use crate::verify::Verification;

type Answer = Result<Value, Problem>;

/// The most places that are named for a quotation.
const MOST_PLACES: usize = 3;

/// What is counted, the first first where groups are put in order.
const COUNTS: [&str; 3] = ["occurrences", "passages", "documents"];

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
    value
}

fn found(open: &Open, found: &Found) -> Value {
    let mut value = result(open, &found.passage);
    if !found.missing.is_empty() {
        value["missing"] = json!(found.missing);
    }
    if let Some(next) = &found.continuation {
        let text = next.passage.text.get(next.bytes.clone());
        value["continuation"] = json!({"id": next.passage.id, "text": text});
    }
    if !found.copies.is_empty() {
        value["copies"] = json!(found.copies.len());
    }
    value
}

/// Cuts a hit so that it has at most so many tokens, and says so: of its text what matched is left and what follows, as
/// far as there is room, and the names of the passage in any case. Whether it had to be cut.
fn shorten(item: &mut Value, hit: &Found, room: usize) -> bool {
    // A text of fewer tokens says nothing.
    const LEAST: usize = 16;
    if cost(item) <= room {
        return false;
    }
    item["text"] = json!("");
    item["truncated"] = json!(true);
    let mut spare = |field: &str, least: usize| {
        if let (true, Some(fields)) = (cost(item) + least > room, item.as_object_mut()) {
            fields.remove(field);
        }
    };
    spare("continuation", LEAST);
    // The citation names the nearest heading too.
    spare("section", 0);
    let left = room.saturating_sub(cost(item));
    if left >= LEAST {
        item["text"] = json!(around_marks(hit, left));
    }
    true
}

/// So many tokens of a hit's text, from where the most of what matched stands together.
fn around_marks(hit: &Found, most: usize) -> &str {
    let text = hit.passage.text.as_str();
    // Of several that are equal the first.
    let best = hit.fragments.iter().rev().max_by_key(|fragment| fragment.marks.len());
    let Some(best) = best else { return excerpt(text, 0, most) };
    let mark = best.marks.first().and_then(|mark| hit.marks.get(*mark));
    let shown = excerpt(text, best.bytes.start, most);
    match mark {
        // Where the sentence is too long to reach what matched, it begins there.
        Some(mark) if best.bytes.start + shown.len() < mark.bytes.end => {
            excerpt(text, mark.bytes.start, most)
        }
        _ => shown,
    }
}

/// `search`.
pub fn search(open: &Open, values: &Values) -> Answer {
    let request = SearchRequest {
        filter: values.some_text("filters"),
        limit: values.number("limit"),
        per_document: values.some_number("per_document"),
        cursor: values.some_text("cursor"),
        literal: values.text("mode") == "literal",
        exhaustive: values.text("mode") == "exhaustive",
        until: values.until.clone(),
        ..SearchRequest::new(values.text("query"))
    };
    let response = open.search(&request)?;
    let mut answer = json!({
        "total": total(&response.total),
        "unknown": response.unknown,
        "warnings": response.all_warnings(),
    });
    if let Some(meant) = &response.did_you_mean {
        answer["did_you_mean"] = json!(meant);
    }
    if let Some(exhaustive) = &response.exhaustive {
        answer["complete"] = json!(exhaustive.is_complete());
    }
    // Room for the cursor, which is known at the end.
    const CURSOR: usize = 40;
    let mut items: Vec<Value> = response.hits.iter().map(|hit| found(open, hit)).collect();
    let budget = values.number("budget_tokens").saturating_sub(CURSOR);
    let mut is_cut = false;
    if let (Some(first), Some(hit)) = (items.first_mut(), response.hits.first()) {
        // The frame, in which the list is empty yet.
        fit_whole(&mut answer, "results", Vec::new(), budget);
        let room = budget.saturating_sub(tokens(&answer.to_string()));
        is_cut = shorten(first, hit, room);
    }
    let shown = fit_whole(&mut answer, "results", items, budget);
    if response.truncated || is_cut {
        answer["truncated"] = json!(true);
    }
    let cursor = match response.hits.get(shown) {
        // What did not fit comes next.
        Some(next) => Some(open.cursor(&request, next.rank - 1)),
        None => response.next_cursor,
    };
    if let Some(cursor) = cursor {
        answer["next_cursor"] = json!(cursor);
    }
    Ok(answer)
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
    let (whole, mut groups) = match values.list("by") {
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
        "parsed": whole["query"]["parsed"],
        "total": {
            "occurrences": total["occurrences"],
            "passages": total["passages"],
            "documents": total["documents"],
        },
        "unknown": whole["query"]["unknown"],
        "warnings": whole["warnings"],
    });
    let budget = values.number("budget_tokens");
    let all = groups.len();
    let mut shown = fit_whole(&mut answer, "groups", groups.clone(), budget);
    if shown < all {
        groups.sort_by_key(|group| Reverse(COUNTS.map(|name| group[name].as_u64())));
        let groups: Vec<Vec<Value>> = groups.into_iter().map(|group| vec![group]).collect();
        shown = fit_or_warn(
            &mut answer,
            "groups",
            &groups,
            budget.saturating_sub(LEFT_OUT),
            |shown| {
                format!(
                    "{shown} of {all} groups are here, those with the most; a larger `budget_tokens` or `filters` that fewer \
                 pass show the others"
                )
            },
        );
    }
    leave_out(&mut answer, all - shown);
    Ok(answer)
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

/// `verify_quote`.
pub fn verify(open: &Open, values: &Values) -> Answer {
    let quotes = values.list("quotes");
    let mut wanted = serde_json::Map::new();
    wanted.insert("quotes".to_owned(), json!(quotes));
    if let Some(doc) = values.some_text("doc_id") {
        wanted.insert("doc".to_owned(), json!(doc));
    }
    let report = answers::checked(open, &answers::verify_values(&wanted, values)?)?;
    let whole = verified::json(&report, open.engine().summary());
    let results = whole["results"].as_array().into_iter().flatten().zip(&report.quotations);
    let results: Vec<Vec<Value>> =
        results.map(|(value, checked)| verdict(open, value, &checked.verification)).collect();
    let mut answer = json!({"warnings": report.warning().into_iter().collect::<Vec<_>>()});
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
    let (limit, order) = (values.some_number("limit"), order(values));
    let request = KwicRequest { count: counting(values), limit, order };
    let whole = counted::kwic::json(&count::kwic(open, &request)?, values.some_number("width"));
    let lines = whole["lines"].as_array().cloned().unwrap_or_default();
    let lines = lines.iter().map(|line| {
        json!({
            "id": line["id"],
            "left": line["left"],
            "keyword": line["keyword"],
            "right": line["right"],
            "cite": line["cite"]["short"],
        })
    });
    let mut answer = json!({
        "total": whole["total"],
        "unknown": whole["query"]["unknown"],
        "warnings": whole["warnings"],
    });
    fit_whole(&mut answer, "lines", lines.collect(), values.number("budget_tokens"));
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
