//! `search`: what was found, how the question was understood, and where nothing was found what comes near.

use serde_json::{Value, json};

use super::budget::{cost, excerpt, fit, fit_whole, tokens};
use super::echo::{Echo, first_of};
use super::words::{lacked_by_all, other_words};
use super::work::{Answer, result};
use crate::rank::Total;
use crate::render::json;
use crate::search::{Exhaustive, Found, SearchRequest, SearchResponse};
use crate::serve::operations::Open;
use crate::serve::parameters::Values;

/// Room for the cursor, which is known at the end.
const CURSOR: usize = 40;

/// A text of fewer tokens says nothing.
const LEAST: usize = 16;

/// So many tokens of a hit are for the words that it lacks.
const MISSING: usize = 40;

/// So many tokens of what comes near are told before the rest of any of it.
const NEAR: usize = 80;

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
    let budget = values.number("budget_tokens").saturating_sub(CURSOR);
    let mut answer = json!({"total": total(&response.total)});
    let mut is_cut = echoed(&mut answer, &response, values.number("budget_tokens"));
    let mut items: Vec<Value> =
        response.hits.iter().map(|hit| found(open, &response, hit)).collect();
    if let (Some(first), Some(hit)) = (items.first_mut(), response.hits.first()) {
        // The frame, in which the list is empty yet.
        fit_whole(&mut answer, "results", Vec::new(), budget);
        let room = budget.saturating_sub(tokens(&answer.to_string()));
        is_cut |= shorten(first, hit, room);
    }
    let shown = fit_whole(&mut answer, "results", items, budget);
    is_cut |= answer["truncated"] == json!(true);
    if let Some(exhaustive) = &response.exhaustive {
        let near = exhaustive.near_misses.iter().map(|hit| near(open, &response, hit));
        fit(&mut answer, "near_misses", &near.collect::<Vec<_>>(), budget);
        is_cut |= answer["truncated"] == json!(true);
    }
    answer["truncated"] = json!(response.truncated || is_cut);
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

/// How much matches: where that is not all, nobody knows of how many reports it is.
fn total(total: &Total) -> Value {
    let mut value = json::total(total);
    if let (false, Some(fields)) = (total.is_exact, value.as_object_mut()) {
        fields.remove("documents");
    }
    value
}

/// Says what was searched for, and what to know of it. Whether something of that was cut.
fn echoed(answer: &mut Value, response: &SearchResponse, budget: usize) -> bool {
    let mut warnings: Vec<String> = lacked_by_all(response).into_iter().collect();
    if let Some(exhaustive) = &response.exhaustive {
        answer["complete"] = json!(exhaustive.is_complete());
        // Until it is known what has room.
        answer["near_misses"] = json!([]);
        warnings.extend(nearest(exhaustive));
    }
    warnings.extend(response.all_warnings());
    let mut echo = Echo::within(budget);
    echo.texts(answer, "warnings", &warnings);
    echo.texts(answer, "unknown", &response.unknown);
    echo.text(answer, "parsed", &response.parsed);
    if let Some(meant) = &response.did_you_mean {
        echo.whole(answer, "did_you_mean", meant);
    }
    echo.expansions(answer, &response.expansions);
    echo.is_cut
}

/// What the passages lack that come nearest, where none has all: a question as people ask it has words that no report
/// needs to say the same.
fn nearest(exhaustive: &Exhaustive) -> Option<String> {
    let near = &exhaustive.near_misses;
    let missing = &near.iter().min_by_key(|hit| hit.missing.len())?.missing;
    if missing.is_empty() {
        let told = "no passage says it as asked; those in `near_misses` have the words, but not together so";
        return Some(told.to_owned());
    }
    let count = near.iter().filter(|hit| hit.missing == *missing).count();
    let lack = match count {
        1 => "the nearest lacks".to_owned(),
        count => format!("the {count} nearest lack"),
    };
    let words: Vec<String> = exhaustive.forms.iter().map(|word| word.written.clone()).collect();
    Some(format!(
        "no passage has all of {}; {lack} only {} (`near_misses`): ask with only the words that matter before denying it",
        first_of(&words, MISSING).join(", "),
        first_of(missing, MISSING).join(", "),
    ))
}

fn found(open: &Open, response: &SearchResponse, hit: &Found) -> Value {
    let mut value = result(open, &hit.passage);
    if !hit.missing.is_empty() {
        value["missing"] = json!(first_of(&hit.missing, MISSING));
    }
    let others = other_words(response, hit);
    if !others.is_empty() {
        value["other_words"] = json!(others);
    }
    if let Some(next) = &hit.continuation {
        let text = next.passage.text.get(next.bytes.clone());
        value["continuation"] = json!({"id": next.passage.id, "text": text});
    }
    if !hit.copies.is_empty() {
        value["copies"] = json!(hit.copies.len());
    }
    value
}

/// What comes near, from its names alone to all of it.
fn near(open: &Open, response: &SearchResponse, hit: &Found) -> Vec<Value> {
    let whole = found(open, response, hit);
    let cut = |text: &str| {
        let mut cut = whole.clone();
        cut["text"] = json!(text);
        cut["truncated"] = json!(true);
        cut
    };
    let text = around_marks(hit, NEAR);
    match text.len() < hit.passage.text.len() {
        true => vec![cut(""), cut(text), whole],
        false => vec![cut(""), whole],
    }
}

/// Cuts a hit so that it has at most so many tokens, and says so: of its text what matched is left and what follows, as
/// far as there is room, and the names of the passage in any case. Whether it had to be cut.
fn shorten(item: &mut Value, hit: &Found, room: usize) -> bool {
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
