//! The operations, one table: routes, checks of parameters, the OpenAPI document and the tools are made from it.

use serde_json::Value;

use super::answers;
use super::parameters::{Kind, Parameter, Values};
use super::problem::Problem;
pub use super::shelf::Open;
use crate::query::LONGEST_QUERY;
use crate::search::MOST_HITS;

/// Something that can be asked.
pub struct Operation {
    /// Its name in documents.
    pub name: &'static str,
    /// The pattern of its address.
    pub path: &'static str,
    /// Whether its parameters may stand in the address.
    pub by_get: bool,
    /// Whether they may come as a JSON object.
    pub by_post: bool,
    /// What it is for.
    pub about: &'static str,
    /// What it may be given.
    pub parameters: &'static [Parameter],
    /// The name of the schema of its answers.
    pub schema: &'static str,
    /// Answers.
    pub run: fn(&Open, &Values) -> Result<Value, Problem>,
}

/// The longest id of a document or passage, in bytes.
pub const LONGEST_ID: usize = 1024;
/// The longest filter or heading.
const LONGEST_FILTER: usize = 1024;
/// The most neighbours that are shown on each side.
pub const MOST_NEIGHBOURS: usize = 20;
/// The most documents, passages or lines at once.
pub const MOST_LISTED: usize = 1000;
/// So many lines may be passed over: those before them are found again for each answer.
pub const MOST_PASSED: usize = 100_000;
/// The most quotations that are checked at once, and the longest of them.
pub const MOST_QUOTES: usize = 100;
/// The longest quotation in bytes.
pub const LONGEST_QUOTE: usize = 20_000;
/// The longest draft in bytes; the body has 1 MiB at most.
const LONGEST_DRAFT: usize = 1 << 20;

/// The query.
pub const QUERY: Parameter = Parameter::new(
    "query",
    Kind::Text(LONGEST_QUERY),
    "words, \"phrases\", AND OR NOT + -, a NEAR/5 b, field:value, prefix*",
)
.also("q");
/// Restrictions by field.
pub const FILTER: Parameter = Parameter::new(
    "filter",
    Kind::Text(LONGEST_FILTER),
    "restrictions by field, as in `year:2020..2024 country:kazakhstan`",
)
.also("filters");
const SECTION: Parameter = Parameter::new(
    "section",
    Kind::Text(LONGEST_FILTER),
    "only sections under a heading with these words",
);
const LITERAL: Parameter = Parameter::new(
    "literal",
    Kind::Flag,
    "words as written: no other forms, no near spellings, no synonyms",
)
.or("false");
/// Whether to count what words are also called.
pub const COUNT_SYNONYMS: Parameter = Parameter::new(
    "synonyms",
    Kind::Flag,
    "count what a search finds: synonyms, words written apart or together, near spellings too",
)
.or("false");
/// The id of a document.
pub const DOCUMENT: Parameter =
    Parameter::new("id", Kind::Text(LONGEST_ID), "the id of a document, as in `doc_id` of a hit");
const OFFSET: Parameter =
    Parameter::new("offset", Kind::Number(0, 1 << 31), "how many to pass over first").or("0");
/// Where lines begin.
pub const LINES_OFFSET: Parameter = Parameter::new(
    "offset",
    Kind::Number(0, MOST_PASSED),
    "how many lines to pass over first: `next_offset` of an earlier answer, for what follows",
)
.or("0");
/// Where groups begin.
pub const GROUPS_OFFSET: Parameter = Parameter::new(
    "offset",
    Kind::Number(0, MOST_PASSED),
    "how many groups to pass over first, those with the most: `next_offset` of an earlier answer",
)
.or("0");
/// The most passages of one report.
pub const PER_DOCUMENT: Parameter = Parameter::new(
    "per_document",
    Kind::Number(0, MOST_HITS),
    "the most passages of one report, 0 for all; 3 where nothing is said and there are several reports",
);

/// One of several indexes.
pub const INDEX: Parameter = Parameter::new(
    "index",
    Kind::Text(64),
    "the name of an index, where the server has several; the first if nothing is said",
);

const SEARCH: &[Parameter] = &[
    QUERY.unless("like"),
    FILTER,
    SECTION,
    Parameter::new("limit", Kind::Number(1, MOST_HITS), "how many hits").or("10"),
    Parameter::new(
        "cursor",
        Kind::Text(100),
        "`next_cursor` of an earlier answer, for the next hits",
    ),
    PER_DOCUMENT,
    Parameter::new("merge", Kind::Flag, "join hits that follow one another").or("false"),
    Parameter::new("copies", Kind::Flag, "every passage, also where several have the same text, as `sort` `date` and `document` have it always")
        .or("false"),
    Parameter::new(
        "context",
        Kind::Number(0, MOST_NEIGHBOURS),
        "how many passages to show before and after each hit",
    )
    .or("0"),
    Parameter::new(
        "sort",
        Kind::Choice(&["score", "recent", "date", "document"]),
        "the order of hits: best first, the same where older reports count less, latest first, or by document",
    )
    .or("score"),
    LITERAL,
    Parameter::new("synonyms", Kind::Flag, "search for what the words are also called").or("true"),
    Parameter::new(
        "exhaustive",
        Kind::Flag,
        "every form: near spellings of all words too, and all words required; says what was searched for, what comes \
         near, what could not be read, and whether files have changed since, so that nothing found is a finding; not with `literal`",
    )
    .or("false"),
    Parameter::new(
        "lexical",
        Kind::Flag,
        "rank by words alone; prose is otherwise ranked by what it means too",
    )
    .or("false"),
    Parameter::new(
        "like",
        Kind::Text(LONGEST_ID),
        "the id of a passage: more like it, beside what the query asks for, which may be left out",
    ),
    Parameter::new(
        "feedback",
        Kind::Flag,
        "search again for the words that the best passages have in common as well",
    )
    .or("false"),
    Parameter::new("exact", Kind::Flag, "count all matches, whatever it takes").or("false"),
    Parameter::new("explain", Kind::Flag, "say how each score came about").or("false"),
    Parameter::new(
        "format",
        Kind::Choice(&[
            "json", "jsonl", "csv", "tsv", "xlsx", "markdown", "bibtex", "csl-json", "ris",
        ]),
        "`json`: an answer with some hits. All hits: lines of JSON (`jsonl`, which `Accept: application/x-ndjson` asks for too \
         where nothing is said here), tables, quotations, references of the reports; then `limit`, `cursor` and `merge` mean nothing, and copies are not joined",
    )
    .or("json"),
    INDEX,
];

const PASSAGE: &[Parameter] = &[
    Parameter::new("id", Kind::Text(LONGEST_ID), "the id of a passage, as in `id` of a hit")
        .in_path(),
    Parameter::new("before", Kind::Number(0, MOST_NEIGHBOURS), "passages to show before it")
        .or("0"),
    Parameter::new("after", Kind::Number(0, MOST_NEIGHBOURS), "passages to show after it").or("0"),
    INDEX,
];

const DOCUMENTS: &[Parameter] = &[
    Parameter::new("limit", Kind::Number(1, MOST_LISTED), "how many documents").or("100"),
    OFFSET,
    INDEX,
];

const DOCUMENT_PASSAGES: &[Parameter] = &[
    DOCUMENT.in_path(),
    Parameter::new("limit", Kind::Number(1, MOST_LISTED), "how many passages").or("100"),
    OFFSET,
    INDEX,
];

const FACETS: &[Parameter] = &[
    QUERY,
    FILTER,
    SECTION,
    Parameter::new(
        "by",
        Kind::List(8, 100),
        "fields: country, year, role, section, lang, doc, title, or keys of metadata",
    )
    .or("country,year,role,lang,doc"),
    Parameter::new("limit", Kind::Number(1, MOST_LISTED), "how many values of each").or("10"),
    LITERAL,
    COUNT_SYNONYMS,
    INDEX,
];

const KWIC: &[Parameter] = &[
    QUERY.required(),
    FILTER,
    SECTION,
    Parameter::new("limit", Kind::Number(1, MOST_LISTED), "how many lines").or("20"),
    LINES_OFFSET,
    Parameter::new(
        "sort",
        Kind::Choice(&["document", "left", "right"]),
        "the order of lines: by document, or by what stands before or behind the keyword",
    )
    .or("document"),
    Parameter::new("width", Kind::Number(10, 1000), "columns of text on each side").or("100"),
    LITERAL,
    COUNT_SYNONYMS,
    INDEX,
];

const COMPARE: &[Parameter] = &[
    QUERY.required(),
    Parameter::new(
        "by",
        Kind::List(2, 100),
        "one field or two: country, year, role, section, lang, doc, title, or a key of metadata",
    )
    .required(),
    FILTER,
    SECTION,
    LITERAL,
    COUNT_SYNONYMS,
    INDEX,
];

/// The parameters of `verify`.
pub const VERIFY: &[Parameter] = &[
    Parameter::new(
        "quotes",
        Kind::List(MOST_QUOTES, LONGEST_QUOTE),
        "quotations to check, each by itself",
    )
    .also("quote"),
    Parameter::new(
        "draft",
        Kind::Text(LONGEST_DRAFT),
        "a text in Markdown of which all quotations and figures are checked: 200 of each at most, longer drafts in parts",
    ),
    Parameter::new("doc", Kind::Text(LONGEST_ID), "only this document").also("doc_id"),
    INDEX,
];

/// Everything that can be asked.
pub static OPERATIONS: [Operation; 10] = [
    Operation {
        name: "search",
        path: "/v1/search",
        by_get: true,
        by_post: true,
        about: "The passages that answer a query best, with their place, marks and citation.",
        parameters: SEARCH,
        schema: "hits",
        run: answers::search,
    },
    Operation {
        name: "passage",
        path: "/v1/passages/{id}",
        by_get: true,
        by_post: false,
        about: "A passage with its neighbours.",
        parameters: PASSAGE,
        schema: "passages",
        run: answers::passage,
    },
    Operation {
        name: "documents",
        path: "/v1/documents",
        by_get: true,
        by_post: false,
        about: "The documents of the index, by id.",
        parameters: DOCUMENTS,
        schema: "documents",
        run: answers::documents,
    },
    Operation {
        name: "document",
        path: "/v1/documents/{id}",
        by_get: true,
        by_post: false,
        about: "A document and its passages, in order.",
        parameters: DOCUMENT_PASSAGES,
        schema: "passages",
        run: answers::document,
    },
    Operation {
        name: "outline",
        path: "/v1/documents/{id}/outline",
        by_get: true,
        by_post: false,
        about: "The headings of a document, with what each section is about and its passages.",
        parameters: &[DOCUMENT.in_path(), INDEX],
        schema: "outline",
        run: answers::outline,
    },
    Operation {
        name: "facets",
        path: "/v1/facets",
        by_get: true,
        by_post: true,
        about: "The countries, years, roles, languages and documents there are, and how much of each matches.",
        parameters: FACETS,
        schema: "facets",
        run: answers::facets,
    },
    Operation {
        name: "kwic",
        path: "/v1/kwic",
        by_get: true,
        by_post: true,
        about: "Every occurrence in its context, a line each; `next_offset` leads on.",
        parameters: KWIC,
        schema: "kwic",
        run: answers::kwic,
    },
    Operation {
        name: "compare",
        path: "/v1/compare",
        by_get: true,
        by_post: true,
        about: "How often something is said in each group of reports, and for 10,000 words.",
        parameters: COMPARE,
        schema: "compare",
        run: answers::compare,
    },
    Operation {
        name: "verify",
        path: "/v1/verify",
        by_get: false,
        by_post: true,
        about: "Whether quotations, or those of a draft, stand in the reports, and where.",
        parameters: VERIFY,
        schema: "verify",
        run: answers::verify,
    },
    Operation {
        name: "status",
        path: "/v1/status",
        by_get: true,
        by_post: false,
        about: "What the index holds.",
        parameters: &[INDEX],
        schema: "status",
        run: answers::status,
    },
];
