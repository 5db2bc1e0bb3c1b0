//! The OpenAPI 3.1 document, made from the table of operations.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::export;
use crate::serve::operations::{INDEX, OPERATIONS, Operation};
use crate::serve::parameters::{Kind, Parameter, body_schema};
use crate::serve::problem::{CODES, title};
use crate::serve::schemas;

/// What can go wrong with any request.
const ALWAYS: [u16; 8] = [400, 401, 403, 405, 422, 429, 500, 503];

/// What the indexes of a server have, which its parameters may name.
pub struct Named {
    /// The indexes.
    pub indexes: Vec<String>,
    /// Fields that passages can be grouped by.
    pub fields: Vec<String>,
}

/// The document of a server.
pub fn document(named: &Named) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for operation in &OPERATIONS {
        let path = paths.entry(operation.path).or_default();
        if operation.by_get {
            path.insert("get".to_owned(), by_get(operation, named));
        }
        if operation.by_post {
            path.insert("post".to_owned(), by_post(operation, named));
        }
    }
    for (path, about, content_type) in [
        ("/healthz", "Whether the server is there.", "text/plain"),
        ("/readyz", "Whether it can answer, and from which generation of the index.", "text/plain"),
        ("/metrics", "Numbers for Prometheus.", "text/plain"),
        ("/llms.txt", "What is here, for models.", "text/plain"),
        ("/openapi.json", "This document.", "application/json"),
    ] {
        let id = path.trim_start_matches('/').replace('.', "_");
        let mut responses = failures(&[]);
        let content = json!({content_type: {}});
        responses.insert("200".to_owned(), json!({"description": about, "content": content}));
        let get = json!({"operationId": id, "summary": about, "responses": responses});
        paths.entry(path).or_default().insert("get".to_owned(), get);
    }
    paths.entry("/mcp").or_default().insert("post".to_owned(), by_protocol());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "tipsearch",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Ranked passages from long reports: exact words, under their headings, with their place.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

/// The Model Context Protocol, which has schemas of its own.
fn by_protocol() -> Value {
    let message = json!({"application/json": {"schema": {"type": "object"}}});
    let mut responses = failures(&[406, 408, 413, 415]);
    responses["400"]["content"]["application/json"] = message["application/json"].clone();
    responses.insert("200".to_owned(), json!({"description": "Its answer.", "content": message}));
    responses.insert("202".to_owned(), json!({"description": "It needs no answer."}));
    json!({
        "operationId": "mcp",
        "summary": "The Model Context Protocol: a message of JSON-RPC 2.0.",
        "requestBody": {"required": true, "content": message},
        "responses": responses,
    })
}

fn by_get(operation: &Operation, named: &Named) -> Value {
    let parameters = operation.parameters.iter();
    let parameters: Vec<Value> = parameters.map(|described| parameter(described, named)).collect();
    json!({
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": parameters,
        "responses": responses(operation, true),
    })
}

fn by_post(operation: &Operation, named: &Named) -> Value {
    let id = match operation.by_get {
        true => format!("{}_by_post", operation.name),
        false => operation.name.to_owned(),
    };
    let mut schema = body_schema(operation.parameters.iter());
    let properties = schema["properties"].as_object_mut();
    for (name, property) in properties.into_iter().flatten() {
        name_values(name, property, named);
    }
    if let Some(names) = schema["properties"][INDEX.name]["enum"].as_array_mut() {
        names.push(Value::Null);
    }
    // One of several must say something.
    let said =
        |name: &str, schema: Value| json!({"required": [name], "properties": {name: schema}});
    if operation.name == "search" {
        let text = json!({"minLength": 1, "type": "string"});
        schema["anyOf"] = ["query", "q", "like"].map(|name| said(name, text.clone())).into();
    }
    if operation.name == "verify" {
        schema["anyOf"] = json!([
            said("quotes", json!({"minItems": 1, "minLength": 1, "type": ["array", "string"]})),
            said("quote", json!({"minItems": 1, "minLength": 1, "type": ["array", "string"]})),
            said("draft", json!({"minLength": 1, "type": "string"})),
        ]);
    }
    json!({
        "operationId": id,
        "summary": operation.about,
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
        "responses": responses(operation, false),
    })
}

fn parameter(parameter: &Parameter, named: &Named) -> Value {
    let mut value = json!({
        "name": parameter.name,
        "in": if parameter.is_in_path { "path" } else { "query" },
        "required": parameter.is_required,
        "description": match parameter.alias {
            Some(alias) => format!("{}; also called `{alias}`", parameter.about),
            None => parameter.about.to_owned(),
        },
        "schema": parameter.schema(),
    });
    if matches!(parameter.kind, Kind::List(..)) {
        value["style"] = json!("form");
        value["explode"] = json!(false);
    }
    name_values(parameter.name, &mut value["schema"], named);
    value
}

/// Names the values that a parameter may have in the indexes of this server.
fn name_values(name: &str, schema: &mut Value, named: &Named) {
    if name == INDEX.name {
        // Forms send fields that nobody filled in.
        let names = named.indexes.iter().map(String::as_str).chain([""]);
        schema["enum"] = names.map(Value::from).collect();
    }
    if name == "by" {
        schema["items"]["enum"] = json!(named.fields);
        schema["uniqueItems"] = json!(true);
    }
}

fn responses(operation: &Operation, is_get: bool) -> Map<String, Value> {
    let mut more = vec![409];
    // What names a document or a passage may name one that is not there.
    let is_name = |it: &Parameter| it.is_in_path || matches!(it.name, "doc" | "like");
    if operation.parameters.iter().any(is_name) {
        more.push(404);
    }
    if !is_get {
        more.extend([408, 413, 415]);
    }
    let mut responses = failures(&more);
    let schema = json!({"$ref": format!("#/components/schemas/{}", operation.schema)});
    let mut content = json!({"application/json": {"schema": schema}});
    if operation.name == "search" {
        for (_, _, media_type, _) in export::FORMS {
            let media_type = media_type.split(';').next().unwrap_or_default();
            let schema = match media_type.ends_with("+json") {
                true => json!({"type": "array", "items": {"type": "object"}}),
                false => json!({"type": "string"}),
            };
            content[media_type] = json!({"schema": schema});
        }
    }
    responses.insert("200".to_owned(), json!({"description": "The answer.", "content": content}));
    if is_get {
        let text = "The client has this answer already: its `If-None-Match` has the `ETag`.";
        responses.insert("304".to_owned(), json!({"description": text}));
        let text = "The address and the headers have more than 48 KiB.";
        responses.insert("431".to_owned(), json!({"description": text}));
    }
    responses
}

fn failures(more: &[u16]) -> Map<String, Value> {
    let statuses = ALWAYS.iter().chain(more);
    let described = statuses.map(|&status| {
        let codes = CODES.iter().filter(|(of, _, _)| *of == status);
        let codes: Vec<String> =
            codes.map(|(_, code, about)| format!("`{code}`: {about}")).collect();
        let schema = json!({"$ref": "#/components/schemas/problem"});
        let mut response = json!({
            "description": format!("{}. {}", title(status), codes.join(" ")),
            "content": {"application/problem+json": {"schema": schema}},
        });
        if matches!(status, 429 | 503) {
            let about = "Seconds to wait.";
            response["headers"] =
                json!({"Retry-After": {"description": about, "schema": {"type": "integer"}}});
        }
        (status.to_string(), response)
    });
    described.collect()
}
