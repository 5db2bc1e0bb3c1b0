//! The hit shape and its relatives as JSON: one definition for the terminal, HTTP and MCP.
//!
//! `json!` copies what it is given, whole trees too: what is large is put in behind it. That is a seventh of a search.

use serde::Serialize;
use serde_json::{Value, json};

use super::cite::uri::{INDEX, uri};
use super::cite::{link, short_citation, text_fragment};
use crate::cite::{Date, Reference};
use crate::document::Location;
use crate::engine::{Listed, Summary};
use crate::highlight::{Fragment, Mark};
use crate::passage::Passage;
use crate::query::Expansion;
use crate::rank::{Explanation, Total};
use crate::search::{Continuation, Found, SearchResponse};

/// A whole response, `tipsearch.hits/1`.
pub fn response(response: &SearchResponse) -> Value {
    let mut value = json!({
        "schema": "tipsearch.hits/1",
        "query": query(response),
        "index": summary(&response.index),
        "total": total(&response.total),
        "took_ms": (response.took.as_secs_f64() * 1e6).round() / 1e3,
        "truncated": response.truncated,
        "next_cursor": response.next_cursor,
        "warnings": response.all_warnings(),
    });
    value["hits"] = response.hits.iter().map(hit).collect();
    if let Some(exhaustive) = &response.exhaustive {
        value["exhaustive"] = super::exhaustive::json(exhaustive);
    }
    value
}

/// A query as it was understood.
pub fn query(response: &SearchResponse) -> Value {
    json!({
        "text": response.query,
        "parsed": response.parsed,
        "expanded": response.expansions.iter().map(expansion).collect::<Vec<_>>(),
        "unknown": response.unknown,
        "did_you_mean": response.did_you_mean,
        "relaxed": response.is_relaxed,
    })
}

/// How much matches. Where not all was counted, nobody knows of how many reports it is.
pub fn total(total: &Total) -> Value {
    json!({
        "passages": total.passages,
        "documents": total.is_exact.then_some(total.documents),
        "relation": if total.is_exact { "eq" } else { "gte" },
    })
}

/// An index in short.
pub fn summary(summary: &Summary) -> Value {
    json!({
        "generation": summary.generation,
        "digest": summary.digest,
        "documents": summary.documents,
        "passages": summary.passages,
    })
}

/// What was added to a query.
pub fn expansion(expansion: &Expansion) -> Value {
    let by = expansion.by.name();
    json!({"from": expansion.from, "to": expansion.to, "by": by, "clause": expansion.number})
}

/// One hit.
pub fn hit(found: &Found) -> Value {
    let mut value = passage(&found.passage);
    let text = &found.passage.text;
    let section_marks = found.section_marks.iter().map(|section_mark| {
        let mut value = mark_at(&section_mark.mark, 0);
        value["part"] = json!(section_mark.part);
        value
    });
    value["rank"] = json!(found.rank);
    value["score"] = json!(found.score);
    value["missing"] = json!(found.missing);
    value["marks"] = found.marks.iter().map(|mark| mark_at(mark, 0)).collect();
    value["section_marks"] = section_marks.collect();
    let fragments = found.fragments.iter().map(|fragment| snippet(text, fragment, &found.marks));
    let fragments: Value = fragments.collect();
    value["snippet"] = fragments.get(0).cloned().unwrap_or(Value::Null);
    value["fragments"] = fragments;
    if let Some(Continuation { passage, marks, bytes }) = &found.continuation {
        value["continuation"] = json!({
            "id": passage.id,
            "text": passage.text.get(bytes.clone()),
            "bytes": [bytes.start, bytes.end],
        });
        value["continuation"]["marks"] = marks.iter().map(|mark| mark_at(mark, 0)).collect();
    }
    if !found.merged.is_empty() {
        value["merged"] = json!(found.merged);
    }
    if !found.copies.is_empty() {
        value["copies"] = found.copies.iter().map(copy).collect();
    }
    if !found.before.is_empty() || !found.after.is_empty() {
        value["before"] = found.before.iter().map(passage).collect();
        value["after"] = found.after.iter().map(passage).collect();
    }
    if let Some(explanation) = &found.explanation {
        value["explanation"] = explained(explanation);
    }
    value
}

/// A passage whose text stands elsewhere.
fn copy(passage: &Passage) -> Value {
    json!({
        "id": passage.id,
        "doc_id": passage.report.doc_id,
        "title": passage.report.title,
        "year": passage.year(),
        "cite": {"short": short_citation(passage)},
    })
}

/// A passage with its place and citation, without what a search adds.
pub fn passage(passage: &Passage) -> Value {
    let sha256: String = passage.report.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut place = place_of(&passage.location);
    place["sha256"] = json!(sha256);
    let uri = uri(&passage.report.doc_id, None, Some(&passage.id));
    let mut value = json!({
        "id": passage.id,
        "doc_id": passage.report.doc_id,
        "title": passage.report.title,
        "ordinal": passage.ordinal,
        "section": {"path": passage.trail, "role": passage.role, "anchor": passage.anchor},
        "text": passage.text,
        "cite": {"short": short_citation(passage), "uri": uri},
    });
    value["location"] = place;
    for key in ["source", "country"] {
        if let Some(known) = passage.metadata(key) {
            value[key] = json!(known);
        }
    }
    if let Some(year) = passage.year() {
        value["year"] = json!(year);
    }
    if let Some(lang) = &passage.report.lang {
        value["lang"] = json!(lang);
    }
    let reference = Reference::of_passage(passage, Date::today());
    if reference.url.is_some() {
        value["cite"]["link"] = json!(link(&reference, None));
    }
    if let Some(fragment) = text_fragment(&passage.text) {
        value["cite"]["text_fragment"] = json!(fragment);
    }
    value
}

/// Names an index in the addresses of all passages of an answer: whoever has several of them at hand needs it to read on.
pub fn name_index(value: &mut Value, index: &str) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| name_index(value, index)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value.get_mut("uri")) {
                    ("cite", Some(Value::String(uri))) => {
                        // What comes before is escaped: the first sign is the one of the passage.
                        let at = uri.find('#').unwrap_or(uri.len());
                        uri.insert_str(at, &format!("{INDEX}{index}"));
                    }
                    _ => name_index(value, index),
                }
            }
        }
        _ => {}
    }
}

/// Where text stands in its source.
pub fn place_of(location: &Location) -> Value {
    let mut place = json!({});
    if let Some(bytes) = &location.bytes {
        place["bytes"] = json!([bytes.start, bytes.end]);
    }
    if let Some((first, last)) = location.lines {
        place["lines"] = json!([first, last]);
    }
    if let Some((first, last)) = location.pages {
        place["pages"] = json!([first, last]);
    }
    if let Some((first, last)) = &location.page_labels {
        place["page_labels"] = json!([first, last]);
    }
    if let Some(part) = &location.part {
        place["part"] = json!(part);
    }
    if let Some((first, last)) = location.paragraphs {
        place["paragraphs"] = json!([first, last]);
    }
    place
}

fn mark_at(mark: &Mark, origin: usize) -> Value {
    json!({
        "bytes": [mark.bytes.start - origin, mark.bytes.end - origin],
        "kind": mark.kind.name(),
        "clause": mark.clause,
    })
}

/// A fragment; its marks are relative to its own text.
fn snippet(text: &str, fragment: &Fragment, marks: &[Mark]) -> Value {
    let inside = fragment.marks.iter().filter_map(|&index| marks.get(index));
    let mut value = json!({
        "text": text.get(fragment.bytes.clone()),
        "bytes": [fragment.bytes.start, fragment.bytes.end],
    });
    value["marks"] = inside.map(|mark| mark_at(mark, fragment.bytes.start)).collect();
    value
}

/// An explanation as a tree.
pub fn explained(explanation: &Explanation) -> Value {
    json!({
        "value": explanation.value,
        "description": explanation.description,
        "parts": explanation.parts.iter().map(explained).collect::<Vec<_>>(),
    })
}

/// A document as `status` and `outline` list it.
#[derive(Serialize)]
pub struct DocumentLine<'a> {
    doc_id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    metadata: &'a crate::document::Metadata,
    bytes: u64,
    passages: u64,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a str>,
}

impl<'a> From<&'a Listed> for DocumentLine<'a> {
    fn from(listed: &'a Listed) -> DocumentLine<'a> {
        DocumentLine {
            doc_id: &listed.doc_id,
            title: &listed.title,
            lang: listed.lang.as_deref(),
            metadata: &listed.metadata,
            bytes: listed.bytes,
            passages: listed.passages,
            warnings: &listed.warnings,
            failure: listed.failure(),
        }
    }
}
