//! The shapes of answers as JSON Schemas (2020-12). Fields may be added; those that are here stay.

use serde_json::{Map, Value, json};

/// A reference to another of these schemas.
fn of(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

/// An object with these fields; those whose name ends with `?` may be absent.
pub fn object(about: &str, fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        let bare = name.trim_end_matches('?');
        properties.insert(bare.to_owned(), schema.clone());
        if bare == *name {
            required.push(bare);
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    if !about.is_empty() {
        schema["description"] = json!(about);
    }
    schema
}

fn text() -> Value {
    json!({"type": "string"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn or_null(kind: &str) -> Value {
    json!({"type": [kind, "null"]})
}

fn pair() -> Value {
    json!({"type": "array", "items": count(), "minItems": 2, "maxItems": 2})
}

/// A whole answer: it says by its `schema` what it is.
fn answer(name: &str, about: &str, fields: &[(&str, Value)]) -> Value {
    let mut schema = object(about, fields);
    schema["properties"]["schema"] = json!({"const": format!("tipsearch.{name}/1")});
    if let Some(required) = schema["required"].as_array_mut() {
        required.insert(0, json!("schema"));
    }
    schema
}

/// All schemas by name.
pub fn all() -> Map<String, Value> {
    let mut all = Map::new();
    let mut add = |name: &str, schema| all.insert(name.to_owned(), schema);
    add("problem", problem());
    add("index", index());
    add("place", place());
    add("mark", mark());
    add("passage", passage());
    add("hit", hit());
    add("asked", asked());
    add("counts", counts());
    add("document", document());
    add("hits", hits());
    add("passages", passages());
    add("documents", documents());
    add("outline", outline());
    add("facets", facets());
    add("kwic", kwic());
    add("compare", compare());
    add("verify", verify());
    add("status", status());
    all
}

fn problem() -> Value {
    let about = "What went wrong (RFC 9457).";
    let fields = [
        ("type", text()),
        ("title", text()),
        ("status", count()),
        (
            "code",
            json!({"type": "string", "description": "Stays the same from version to version."}),
        ),
        ("detail", text()),
        ("hint?", json!({"type": "string", "description": "What to do about it."})),
        ("nearest?", text()),
        ("column?", count()),
    ];
    object(about, &fields)
}

fn index() -> Value {
    let fields = [
        ("generation", count()),
        ("digest", text()),
        ("documents", count()),
        ("passages", count()),
    ];
    object("The state of the index that answered.", &fields)
}

fn place() -> Value {
    let about = "Where text stands in its source: half-open bytes and lines of a text, pages and their printed labels, \
                 or part and paragraphs.";
    let labels = json!({"type": "array", "items": text(), "minItems": 2, "maxItems": 2});
    let fields = [
        ("sha256?", text()),
        ("bytes?", pair()),
        ("lines?", pair()),
        ("pages?", pair()),
        ("page_labels?", labels),
        ("part?", text()),
        ("paragraphs?", pair()),
    ];
    object(about, &fields)
}

fn mark() -> Value {
    let about = "What matched, in half-open UTF-8 bytes of the text.";
    let fields = [("bytes", pair()), ("kind", text()), ("clause", count()), ("part?", count())];
    object(about, &fields)
}

/// The fields of a passage, which hits have too.
fn passage_fields() -> Vec<(&'static str, Value)> {
    let section = [("path", list(&text())), ("role", or_null("string")), ("anchor", text())];
    let cite = [("short", text()), ("uri", text()), ("link?", text()), ("text_fragment?", text())];
    vec![
        ("id", text()),
        ("doc_id", text()),
        ("title", text()),
        ("ordinal", count()),
        ("section", object("The headings above it.", &section)),
        ("location", of("place")),
        (
            "text",
            json!({"type": "string", "description": "As it stands in the report, never altered."}),
        ),
        ("cite", object("How to cite it.", &cite)),
        ("year?", json!({"type": "integer"})),
        ("country?", text()),
        ("lang?", text()),
        ("source?", text()),
    ]
}

fn passage() -> Value {
    object("A passage of a report.", &passage_fields())
}

fn hit() -> Value {
    let mut fields = passage_fields();
    let snippet = [("text", or_null("string")), ("bytes", pair()), ("marks", list(&of("mark")))];
    let continuation = [vec![("id", text())], snippet.to_vec()].concat();
    let snippet = object("", &snippet);
    fields.extend([
        ("rank", count()),
        ("score", json!({"type": "number"})),
        ("missing", list(&text())),
        ("marks", list(&of("mark"))),
        ("section_marks", list(&of("mark"))),
        ("snippet", json!({"anyOf": [snippet.clone(), {"type": "null"}]})),
        ("fragments", list(&snippet)),
        ("continuation?", object("Where what matched goes on: the next passage.", &continuation)),
        ("merged?", list(&text())),
        ("copies?", list(&json!({"type": "object"}))),
        ("before?", list(&of("passage"))),
        ("after?", list(&of("passage"))),
        ("explanation?", json!({"type": "object"})),
    ]);
    object("A passage that answers, with what matched.", &fields)
}

fn asked() -> Value {
    let expansion = [("from", text()), ("to", list(&text())), ("by", text()), ("clause", count())];
    let fields = [
        ("text", text()),
        ("parsed", text()),
        ("expanded", list(&object("", &expansion))),
        ("unknown", list(&text())),
        ("did_you_mean?", or_null("string")),
        (
            "relaxed?",
            json!({"type": "boolean", "description": "No passage has what was asked for: the hits and their number are those of the words of its phrases, as `parsed` says."}),
        ),
    ];
    object("The query as it was understood.", &fields)
}

fn hits() -> Value {
    let about = "`eq`: so many match. `gte`: so many or more, in nobody knows how many reports; `exact` counts all.";
    let total = [
        ("passages", count()),
        ("documents?", or_null("integer")),
        ("relation", json!({"enum": ["eq", "gte"], "description": about})),
    ];
    let fields = [
        ("query", of("asked")),
        ("index", of("index")),
        ("total", object("How much matches.", &total)),
        ("took_ms", json!({"type": "number"})),
        ("truncated", json!({"type": "boolean"})),
        ("next_cursor", or_null("string")),
        ("warnings", list(&text())),
        ("hits", list(&of("hit"))),
        ("exhaustive?", exhaustive()),
    ];
    answer("hits", "The hits of a search.", &fields)
}

fn exhaustive() -> Value {
    let forms = [("word", text()), ("forms", list(&text())), ("spellings", list(&text()))];
    let not_read = [("doc_id", text()), ("reason", text())];
    let complete = "All that there is was searched for every form, so that nothing found means that nothing is said: all \
                    files could be read, none has changed since indexing, synonyms were searched for.";
    let mut changed = or_null("integer");
    changed["description"] =
        json!("Files that have changed since indexing; null where they are not beside the server.");
    let mut left_out = text();
    left_out["description"] = json!("Text that is left out of documents of this kind by design.");
    let searched = object(
        "What there was to search: all that fields and headings leave.",
        &[("passages", count()), ("documents", count())],
    );
    let mut doubts = list(&json!({"type": "string"}));
    doubts["description"] = json!("Why it is not complete, in words.");
    let fields = [
        ("is_complete", json!({"type": "boolean", "description": complete})),
        ("forms", list(&object("What a word was searched for as.", &forms))),
        ("searched", searched),
        ("near_misses", list(&of("hit"))),
        ("not_read", list(&object("A file that could not be read.", &not_read))),
        ("changed_files", changed),
        ("doubts", doubts),
        ("left_out", list(&left_out)),
    ];
    object(
        "What was searched for in every form, what comes near, and what could not be read.",
        &fields,
    )
}

fn passages() -> Value {
    let fields = [
        ("index", of("index")),
        ("passages", list(&of("passage"))),
        ("warnings?", list(&text())),
        ("doc_id?", text()),
        ("title?", text()),
        ("metadata?", json!({"type": "object"})),
        ("total?", count()),
        ("next_offset?", or_null("integer")),
    ];
    answer("passages", "Passages in the order of their document.", &fields)
}

fn document() -> Value {
    let fields = [
        ("doc_id", text()),
        ("title", text()),
        ("lang?", text()),
        ("metadata", json!({"type": "object"})),
        ("bytes", count()),
        ("passages", count()),
        ("warnings?", list(&text())),
        ("failure?", text()),
    ];
    object("A report.", &fields)
}

fn documents() -> Value {
    let fields = [
        ("index", of("index")),
        ("total", count()),
        ("next_offset", or_null("integer")),
        ("documents", list(&of("document"))),
    ];
    answer("documents", "The documents of the index.", &fields)
}

fn outline() -> Value {
    let span = json!({"anyOf": [pair(), {"type": "null"}]});
    let section = [
        ("path", list(&text())),
        ("level", count()),
        ("anchor", text()),
        ("role", or_null("string")),
        ("passages", list(&text())),
        ("lines", span.clone()),
        ("pages", span),
    ];
    let fields = [
        ("doc_id", text()),
        ("title", text()),
        ("lang", or_null("string")),
        ("metadata", json!({"type": "object"})),
        ("sections", list(&object("", &section))),
    ];
    answer("outline", "The headings of a document.", &fields)
}

/// The numbers of counts, which cells have too.
fn count_fields() -> Vec<(&'static str, Value)> {
    vec![("occurrences", count()), ("passages", count()), ("documents", count())]
}

fn counts() -> Value {
    object("How much there is.", &count_fields())
}

/// What every answer that counts begins with.
fn counted(name: &str, about: &str, more: Vec<(&str, Value)>) -> Value {
    let mut fields = vec![
        ("query", of("asked")),
        ("index", of("index")),
        ("total", of("counts")),
        ("warnings", list(&text())),
    ];
    fields.extend(more);
    answer(name, about, &fields)
}

fn facets() -> Value {
    let mut value = count_fields();
    value.push(("value", json!({"type": ["string", "integer", "null"]})));
    let facet = [("field", text()), ("distinct", count()), ("values", list(&object("", &value)))];
    let facets = ("facets", list(&object("", &facet)));
    counted("facets", "The values of fields, the most frequent first.", vec![facets])
}

fn kwic() -> Value {
    let mut line: Vec<_> =
        passage_fields().into_iter().filter(|(name, _)| *name != "text").collect();
    line.extend([("left", text()), ("keyword", text()), ("right", text()), ("bytes", pair())]);
    let next = object(
        "The next passage, where the keyword ends there.",
        &[("id", text()), ("bytes", pair())],
    );
    line.push(("continuation?", next));
    let more = vec![("lines", list(&object("", &line))), ("next_offset?", or_null("integer"))];
    counted("kwic", "Every occurrence in its context.", more)
}

fn compare() -> Value {
    let mut cell = count_fields();
    cell.push(("group", json!({"type": "object"})));
    cell.push(("words", count()));
    cell.push(("per_10000_words", or_null("number")));
    let cells = list(&object("", &cell));
    let rate = object("What rates are of.", &[("of", text()), ("words", count())]);
    let more = vec![
        ("by", list(&text())),
        ("rate", rate),
        ("cells", cells.clone()),
        ("rows?", cells.clone()),
        ("columns?", cells),
    ];
    counted("compare", "Counts and rates by group.", more)
}

fn verify() -> Value {
    let verdicts = ["verbatim", "normalized", "near", "stitched", "absent", "too_short"];
    let edit = [("op", text()), ("text", text())];
    let stands = json!({"enum": ["there", "elsewhere", "nowhere", "unknown"]});
    let one = [("hint", text()), ("documents", list(&text())), ("stands", stands.clone())];
    let source = [
        ("hint", text()),
        ("documents", list(&text())),
        ("stands", stands),
        ("sources?", list(&object("One of several sources.", &one))),
        ("page_checked?", json!({"type": "boolean"})),
        ("line_checked?", json!({"type": "boolean"})),
    ];
    let result = [
        ("quote", text()),
        ("verdict", json!({"enum": verdicts})),
        ("differs", list(&text())),
        ("matches", list(&json!({"allOf": [of("passage"), {"required": ["similarity"]}]}))),
        ("total", json!({"type": "object"})),
        ("diff", json!({"anyOf": [list(&object("", &edit)), {"type": "null"}]})),
        ("draft?", json!({"type": "object"})),
        ("source?", object("What the draft says it is from, and whether it is.", &source)),
    ];
    let fields = [
        ("index", of("index")),
        ("summary", json!({"type": "object", "additionalProperties": count()})),
        ("results", list(&object("", &result))),
        ("truncated", json!({"type": "boolean"})),
        ("unchecked", count()),
        ("warnings", list(&text())),
        ("figures?", list(&figure())),
        ("draft?", text()),
    ];
    answer("verify", "What was found out about quotations.", &fields)
}

/// A figure that a draft states without quoting. What is found of it is no quotation.
fn figure() -> Value {
    let fields = [
        ("kind", json!({"enum": ["figure"]})),
        ("figure", text()),
        ("sentence", text()),
        ("bytes", list(&count())),
        ("verdict", json!({"enum": ["found", "differs", "absent"]})),
        ("context", list(&text())),
        ("matches", list(&json!({"allOf": [of("passage"), {"required": ["figure"]}]}))),
        ("total", json!({"type": "object"})),
        ("draft", json!({"type": "object"})),
        ("note?", text()),
    ];
    object("A figure of the draft: whether it stands with the words around it.", &fields)
}

fn status() -> Value {
    let fields = [
        ("version", text()),
        ("index", of("index")),
        ("format", count()),
        ("analyzer", text()),
        ("meaning", text()),
        ("segments", count()),
        ("bytes", count()),
        ("failed_files", count()),
        ("fields", list(&text())),
    ];
    answer("status", "What the index holds.", &fields)
}
