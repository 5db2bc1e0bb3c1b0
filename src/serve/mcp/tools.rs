//! The tools: what models may ask, with schemas of what they give and get. Their parameters are checked as those of
//! the operations are.

use serde_json::{Map, Value, json};

use super::{fetch, search, work};
use crate::query::LONGEST_QUERY;
use crate::serve::operations::{
    COUNT_SYNONYMS, FILTER, GROUPS_OFFSET, INDEX, LINES_OFFSET, LONGEST_ID, LONGEST_QUOTE,
    MOST_NEIGHBOURS, MOST_QUOTES, Open, PER_DOCUMENT,
};
use crate::serve::parameters::{Kind, Parameter, Values, object_schema};
use crate::serve::problem::Problem;
use crate::serve::schemas::object;

/// A tool.
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What it may be given.
    pub parameters: &'static [Parameter],
    /// The schema of what it gives.
    output: fn() -> Value,
    /// Answers.
    pub run: fn(&Open, &Values) -> Result<Value, Problem>,
}

const QUERY: Parameter = Parameter::new(
    "query",
    Kind::Text(LONGEST_QUERY),
    "Words, \"phrases\", AND OR NOT, a NEAR/5 b, field:value, prefix*.",
)
.required();
const FILTERS: Parameter = Parameter { name: "filters", alias: Some("filter"), ..FILTER };
/// In fewer tokens there is no room for a passage with what it is called, and a piece of its text.
const LEAST_BUDGET: usize = 300;
const BUDGET: Parameter = Parameter::new(
    "budget_tokens",
    Kind::Number(LEAST_BUDGET, 100_000),
    "The answer has at most about so many tokens; `truncated` says where something was left out.",
)
.or("4000");
const DOC: Parameter = Parameter::new(
    "doc_id",
    Kind::Text(LONGEST_ID),
    "The id of a report, as in `doc_id`, or a tipsearch:// address.",
);

const SEARCH: &[Parameter] = &[
    QUERY,
    FILTERS,
    Parameter::new("limit", Kind::Number(1, 100), "How many passages.").or("8"),
    PER_DOCUMENT,
    BUDGET,
    Parameter::new(
        "cursor",
        Kind::Text(100),
        "`next_cursor` of an earlier answer, for what follows.",
    ),
    Parameter::new(
        "mode",
        Kind::Choice(&["best", "literal", "exhaustive"]),
        "`best` finds other forms of words and synonyms too, also of a \"phrase\"; `literal` only words as written. `exhaustive` \
         finds near spellings of all words too, and requires all of them: ask with the fewest words that name the thing (`bacha \
         bazi`, not a whole question). Where it finds nothing, `near_misses` have all but what their `missing` names; only where \
         they lack what matters and `complete` is true is nothing said of it.",
    )
    .or("best"),
    INDEX,
];

const FETCH: &[Parameter] = &[
    Parameter::new(
        "id",
        Kind::Text(LONGEST_ID),
        "The id of a passage or of a report, `next` of an earlier answer, or a tipsearch:// address.",
    )
    .required(),
    Parameter::new("before", Kind::Number(0, MOST_NEIGHBOURS), "Passages before it.").or("0"),
    Parameter::new("after", Kind::Number(0, MOST_NEIGHBOURS), "Passages after it.").or("0"),
    BUDGET,
    INDEX,
];

const COUNT: &[Parameter] = &[
    QUERY,
    COUNT_SYNONYMS,
    Parameter::new(
        "by",
        Kind::List(2, 100),
        "One field or two: country, year, role, section, lang, doc, title, or a key of metadata.",
    ),
    GROUPS_OFFSET,
    FILTERS,
    BUDGET,
    INDEX,
];

const VERIFY: &[Parameter] = &[
    Parameter::new("quotes", Kind::List(MOST_QUOTES, LONGEST_QUOTE), "Quotations, word for word.")
        .required(),
    DOC,
    BUDGET,
    INDEX,
];

const KWIC: &[Parameter] = &[
    QUERY,
    FILTERS,
    Parameter::new("limit", Kind::Number(1, 200), "How many lines.").or("20"),
    LINES_OFFSET,
    Parameter::new(
        "sort",
        Kind::Choice(&["document", "left", "right"]),
        "By document, or by what stands before or behind the keyword.",
    )
    .or("document"),
    Parameter::new("width", Kind::Number(10, 400), "Columns of text on each side.").or("80"),
    BUDGET,
    INDEX,
];

/// All tools.
pub static TOOLS: [Tool; 7] = [
    Tool {
        name: "search",
        title: "Search reports",
        about: "The passages of the reports that answer a query best, each with its text, place and citation. \
                `missing` names words that a passage lacks, `other_words` what it has in place of words that it has not itself; \
                `parsed` and `expanded` are what was searched for. Where a result is `truncated`, `fetch` its id for the rest.",
        parameters: SEARCH,
        output: found,
        run: search::search,
    },
    Tool {
        name: "fetch",
        title: "Read a passage or report",
        about: "The text of a passage with its neighbours, or of a report from its beginning. Where `next` is set, \
                fetch that id for what follows, until there is none: a report is read to its end. `previous` is \
                what stands before and had no room.",
        parameters: FETCH,
        output: fetched,
        run: fetch::fetch,
    },
    Tool {
        name: "outline",
        title: "Outline of a report",
        about: "The headings of a report, with what each section is about and the passage that it begins with.",
        parameters: &[DOC.required(), BUDGET, INDEX],
        output: outline,
        run: work::outline,
    },
    Tool {
        name: "count",
        title: "Count what is said",
        about: "How often something is said, in how many passages and reports, in all or by country, year and other \
                fields. Words in all of their own forms (`quarrying` counts `quarries` too); synonyms and near spellings \
                count where `synonyms` is true. So 0 does not say that the reports say nothing of it: `search` with `mode` \
                `exhaustive` does where `complete` is true. Where groups are `left_out`, those with the most come first, and \
                `next_offset`, given as `offset`, leads to the others. \
                The query `*` counts all there is: `*` by `country` lists the countries.",
        parameters: COUNT,
        output: count,
        run: work::count,
    },
    Tool {
        name: "verify_quote",
        title: "Verify quotations",
        about: "Whether quotations stand in the reports word for word, and where: verbatim, normalized (white space, \
                quotation marks and the like), near (with what differs), stitched, absent or too_short. `unchecked` \
                of the quotations, from the one at `first_unchecked` on, have no verdict: ask for them again.",
        parameters: VERIFY,
        output: verify,
        run: work::verify,
    },
    Tool {
        name: "kwic",
        title: "Keyword in context",
        about: "Every occurrence of words or a phrase, between what stands before and behind it, some lines at a time: \
                `left_out` says how many follow, and `next_offset`, given as `offset`, leads to them.",
        parameters: KWIC,
        output: kwic,
        run: work::kwic,
    },
    Tool {
        name: "status",
        title: "What is indexed",
        about: "How many reports there are, of which years and countries, and the fields that queries may name.",
        parameters: &[INDEX],
        output: status,
        run: work::status,
    },
];

impl Tool {
    /// The tool of this name.
    pub fn of(name: &str) -> Option<&'static Tool> {
        TOOLS.iter().find(|tool| tool.name == name)
    }

    /// The schema of what it is given.
    pub fn input(&self) -> Map<String, Value> {
        of_object(object_schema(self.parameters.iter()))
    }

    /// The schema of what it gives.
    pub fn output(&self) -> Map<String, Value> {
        of_object((self.output)())
    }
}

fn of_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn text() -> Value {
    json!({"type": "string"})
}

fn number() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

/// What a result is called, where it is, and what it says.
fn result_fields() -> Vec<(&'static str, Value)> {
    vec![
        ("id", text()),
        ("title", text()),
        ("url", text()),
        ("text", text()),
        ("cite", text()),
        ("doc_id", text()),
        ("section?", text()),
        ("year?", json!({"type": "integer"})),
        ("index?", index_name()),
        ("truncated?", flag()),
    ]
}

/// The name of the index where it is not the first.
fn index_name() -> Value {
    explained("Of another index than the first: give it to `fetch` with the id.", text())
}

fn counts() -> Value {
    object("", &[("occurrences", number()), ("passages", number()), ("documents", number())])
}

/// A text with what it means.
fn explained(about: &str, mut schema: Value) -> Value {
    schema["description"] = json!(about);
    schema
}

fn warnings() -> Value {
    list(&text())
}

/// A result of a search.
fn hit() -> Value {
    let mut fields = result_fields();
    let next =
        object("How it goes on where what matched does.", &[("id", text()), ("text", text())]);
    let others = json!({"type": "object", "additionalProperties": list(&text())});
    fields.extend([
        ("missing?", explained("Words of the query that it lacks.", list(&text()))),
        (
            "other_words?",
            explained(
                "Words of the query that it has not itself, with what it says instead.",
                others,
            ),
        ),
        ("copies?", number()),
        ("continuation?", next),
    ]);
    object("", &fields)
}

fn total() -> Value {
    let relation = "`eq`: so many match. `gte`: so many or more, in nobody knows how many reports; `count` counts exactly.";
    let relation = explained(relation, json!({"enum": ["eq", "gte"]}));
    let fields = [
        ("passages", number()),
        ("documents?", json!({"type": ["integer", "null"], "minimum": 0})),
        ("relation", relation),
    ];
    object("How much matches.", &fields)
}

fn found() -> Value {
    let expansion = [("from", text()), ("to", list(&text())), ("by", text())];
    let expanded = list(&object("", &expansion));
    let near = "With `exhaustive`, where nothing has all words: what has the most of them.";
    let fields = [
        ("results", list(&hit())),
        ("total", total()),
        ("parsed", explained("The query as it was understood.", text())),
        ("expanded", explained("What was searched for beside the words as typed.", expanded)),
        ("unknown", explained("Words that are nowhere in the reports.", list(&text()))),
        ("did_you_mean?", text()),
        (
            "complete?",
            explained(
                "With `exhaustive`: all reports could be read, as they are now, and synonyms were searched for.",
                flag(),
            ),
        ),
        ("near_misses?", explained(near, list(&hit()))),
        ("warnings", warnings()),
        ("next_cursor?", text()),
        ("truncated", flag()),
    ];
    object("", &fields)
}

fn fetched() -> Value {
    let part = [("id", text()), ("cite", text()), ("bytes", list(&number()))];
    let mut fields = result_fields();
    fields.extend([
        (
            "metadata?",
            explained("Left out where there is no room for it.", json!({"type": "object"})),
        ),
        ("parts", list(&object("A passage within `text`.", &part))),
        ("next?", text()),
        ("previous?", text()),
        ("warnings?", warnings()),
    ]);
    object("", &fields)
}

fn outline() -> Value {
    let section = [
        ("heading", text()),
        ("level", number()),
        ("role?", text()),
        ("passages", number()),
        ("first?", text()),
    ];
    let fields = [
        ("doc_id", text()),
        ("title", text()),
        ("url", text()),
        ("index?", index_name()),
        ("sections", list(&object("", &section))),
        ("truncated", flag()),
        ("left_out?", number()),
    ];
    object("", &fields)
}

fn count() -> Value {
    let group = [
        ("group", json!({"type": "object"})),
        ("occurrences", number()),
        ("passages", number()),
        ("documents", number()),
        ("per_10000_words", json!({"anyOf": [{"type": "number"}, {"type": "null"}]})),
    ];
    let rate = json!({"enum": ["occurrences", "passages"]});
    let fields = [
        ("parsed", text()),
        ("total", counts()),
        ("rate_of?", explained("What `per_10000_words` counts.", rate)),
        ("groups", list(&object("", &group))),
        ("unknown", list(&text())),
        ("warnings", warnings()),
        ("truncated", flag()),
        ("left_out?", number()),
        ("next_offset?", explained("Where the groups that are left out begin.", number())),
    ];
    object("", &fields)
}

fn verify() -> Value {
    let mut place = result_fields();
    place.push(("similarity", json!({"type": "number"})));
    let edit = [("op", text()), ("text", text())];
    let result = [
        ("quote", text()),
        ("verdict", text()),
        ("differs", list(&text())),
        ("matches", list(&object("", &place))),
        ("places", number()),
        ("diff?", list(&object("", &edit))),
        ("truncated?", flag()),
    ];
    let first =
        json!({"type": "integer", "minimum": 0, "description": "Its place in `quotes`, from 0."});
    let fields = [
        ("results", list(&object("", &result))),
        ("unchecked", number()),
        ("first_unchecked?", first),
        ("warnings", warnings()),
        ("truncated", flag()),
    ];
    object("", &fields)
}

fn kwic() -> Value {
    let line = [
        ("id", text()),
        ("left", text()),
        ("keyword", text()),
        ("right", text()),
        ("cite", text()),
    ];
    let fields = [
        ("parsed", text()),
        ("total", counts()),
        ("index?", index_name()),
        ("lines", list(&object("", &line))),
        ("unknown", list(&text())),
        ("warnings", warnings()),
        ("truncated", flag()),
        ("left_out?", explained("How many lines follow these.", number())),
        ("next_offset?", explained("Where they begin.", number())),
    ];
    object("", &fields)
}

fn status() -> Value {
    let fields = [
        ("about", text()),
        ("documents", number()),
        ("passages", number()),
        ("generation", number()),
        ("fields", list(&text())),
        ("version", text()),
    ];
    object("", &fields)
}
