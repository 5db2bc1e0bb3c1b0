//! The indexes that tipsearch makes on a cluster: their fields, and what says which version of tipsearch they fit.
//!
//! Words come analyzed: one analyzer makes the terms of index, query and marks, here as on one machine. The cluster
//! cuts them at spaces, and at `|` where several stand in one place.

use serde_json::{Value, json};

use crate::analyze::FINGERPRINT;
use crate::engine::local::FORMAT;
use crate::meaning::{DIGEST, PLANE};
use crate::rank::{BM25_B, BM25_K1};

/// The version of these fields. Changes when another program could not read what this one writes.
const SCHEMA: u32 = 1;

/// Between terms that stand in one place.
pub const SAME_PLACE: char = '|';

/// Between the parts of a text that is indexed as one: wider than the widest nearness that can be asked for.
const GAP: u32 = crate::analyze::PART_GAP;

/// The columns of the signs of vectors.
pub fn sign(number: usize) -> String {
    format!("sign{number}")
}

/// The settings and fields of a new index with so many shards.
pub fn body(shards: u32) -> Value {
    json!({
        "settings": {
            "number_of_shards": shards,
            // As many as there are nodes for, up to one beside the first.
            "auto_expand_replicas": "0-1",
            // What is written is seen when a commit says so.
            "refresh_interval": "-1",
            "analysis": {
                "filter": { "places": {
                    "type": "pattern_capture", "preserve_original": false, "patterns": ["([^|]+)"],
                } },
                "analyzer": { "terms": {
                    "type": "custom", "tokenizer": "whitespace", "filter": ["places"],
                } },
            },
            "similarity": { "words": {
                "type": "BM25", "k1": BM25_K1, "b": BM25_B, "discount_overlaps": false,
            } },
        },
        "mappings": {
            "dynamic": "strict",
            // Terms can be made again from the text.
            "_source": { "excludes": ["main", "title", "heading", "seam"] },
            "_meta": { "tipsearch": meta() },
            "properties": properties(),
        },
    })
}

/// What an index must agree with.
fn meta() -> Value {
    json!({ "schema": SCHEMA, "format": FORMAT, "analyzer": FINGERPRINT, "meaning": DIGEST })
}

fn properties() -> Value {
    let column = |kind: &str| json!({ "type": kind, "index": false });
    let words = json!({
        "type": "text", "analyzer": "terms", "search_analyzer": "whitespace", "similarity": "words",
        "norms": false, "index_options": "docs",
    });
    let places = |norms: bool| {
        json!({
            "type": "text", "analyzer": "terms", "search_analyzer": "whitespace", "similarity": "words",
            "norms": norms, "index_options": "positions", "position_increment_gap": GAP,
        })
    };
    let kept = json!({ "type": "object", "enabled": false });
    let mut properties = json!({
        // `passage`, or what the index knows of itself.
        "kind": { "type": "keyword" },
        // The id of a passage, which decides between equals: as text they are in the order of their numbers.
        "id": { "type": "keyword", "index": false },
        // Title, nearest heading and body, the first two by their weight: what is ranked.
        "main": places(true),
        "title": words,
        "heading": words,
        // The last words of the text and the first of the next of its section, which begin with `>`.
        "seam": places(false),
        "meta": { "type": "keyword" },
        // The document, as `#` and its id, and its number.
        "document": { "type": "keyword" },
        "number": column("long"),
        // The place in it.
        "ordinal": { "type": "integer" },
        // The id of the passage behind it, where it is of the same section.
        "next": { "type": "keyword", "index": false, "doc_values": false },
        // How many words the text has, and how many tokens the ranked fields.
        "words": column("integer"),
        "main_length": column("integer"),
        "title_length": column("integer"),
        "heading_length": column("integer"),
        // For showing: the text, and what else there is.
        "text": kept,
        "record": { "type": "binary" },
        "meaning": { "type": "binary" },
        "state": kept,
    });
    for number in 0..PLANE {
        properties[sign(number)] = column("long");
    }
    properties
}

/// Why an index with these mappings cannot be used by this program; `None` where it can.
pub fn refusal(mappings: &Value) -> Option<String> {
    let own = &mappings["_meta"]["tipsearch"];
    let expected = meta();
    if own.is_null() {
        return Some("tipsearch did not make it".to_owned());
    }
    let differs = |key: &str| own[key] != expected[key];
    if differs("schema") || differs("format") {
        return Some(format!(
            "its format is {}.{}, this program reads {}.{}",
            own["format"], own["schema"], expected["format"], expected["schema"]
        ));
    }
    let texts = [
        ("analyzer", "its words were made by another analyzer"),
        ("meaning", "its vectors were made by another table of meaning"),
    ];
    texts.into_iter().find(|(key, _)| differs(key)).map(|(_, why)| why.to_owned())
}
