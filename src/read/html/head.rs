//! What a page says of itself: title, language, authors, dates, by the vocabularies that pages use
//! (OpenGraph, JSON-LD, Dublin Core, Highwire Press, plain `<meta>`).

use std::collections::HashMap;

use serde_json::Value;

use super::hints::flags_of;
use super::tags::Tag;
use super::tree::Tree;
use crate::read::builder::{DocumentBuilder, collapse};
use crate::read::metadata::language_tag;

/// JSON-LD beyond this size (bytes) is not looked at.
const LONGEST_JSON: usize = 1 << 20;

/// How many first-level headings are looked at for the title.
const MOST_HEADINGS: usize = 20;

/// What the head of a page, and its JSON-LD, say.
#[derive(Debug, Default)]
pub struct Head {
    /// The language of the page, a BCP 47 tag.
    pub lang: Option<String>,
    /// The text of `<title>`.
    title: String,
    /// `<meta>` by name, and the fields of JSON-LD by `ld:` and the field's name.
    values: HashMap<String, Vec<String>>,
}

/// Names of values for each key of the metadata, the most trusted first.
const KEYS: [(&str, &[&str]); 6] = [
    (
        "author",
        &[
            "citation_author",
            "ld:author",
            "dc:creator",
            "dcterms:creator",
            "author",
            "article:author",
            "parsely-author",
            "sailthru:author",
            "byl",
            "rel",
        ],
    ),
    (
        "date",
        &[
            "article:published_time",
            "ld:datepublished",
            "citation_publication_date",
            "citation_date",
            "dcterms:issued",
            "dc:date:issued",
            "dcterms:date",
            "dc:date",
            "dcterms:created",
            "date",
            "pubdate",
            "publishdate",
            "publish-date",
            "parsely-pub-date",
            "sailthru:date",
            "datepublished",
            "time",
            "dcterms:modified",
            "article:modified_time",
            "ld:datemodified",
        ],
    ),
    (
        "publisher",
        &[
            "ld:publisher",
            "dc:publisher",
            "dcterms:publisher",
            "citation_publisher",
            "publisher",
            "og:site_name",
        ],
    ),
    (
        "description",
        &["description", "og:description", "dc:description", "dcterms:abstract", "ld:description"],
    ),
    ("keywords", &["keywords", "news_keywords", "dc:subject", "article:tag", "ld:keywords"]),
    ("url", &["canonical", "og:url"]),
];

/// Names of values that are titles, the most trusted first.
const TITLES: [&str; 7] = [
    "citation_title",
    "og:title",
    "ld:headline",
    "twitter:title",
    "dc:title",
    "dcterms:title",
    "weibo:article:title",
];

impl Head {
    /// Reads what a page says of itself.
    pub fn of(tree: &Tree<'_>) -> Head {
        let mut head = Head::default();
        for (at, node) in tree.nodes.iter().enumerate() {
            match node.tag {
                Tag::Title if head.title.is_empty() && is_page_title(tree, at) => {
                    head.title = tree.text(at);
                }
                Tag::Meta => head.meta(tree, at),
                Tag::Link => head.link(tree, at),
                Tag::Script => head.script(tree, at),
                Tag::Time => head.time(tree, at),
                Tag::A if node.has(flags_of::AUTHOR) && !head.values.contains_key("rel") => {
                    head.add("rel", &tree.text(at));
                }
                _ => {}
            }
        }
        let body = tree.nodes.iter().position(|node| node.tag == Tag::Body);
        let declared = [Some(0), body].into_iter().flatten().find_map(|at| {
            let value = tree.attribute(at, "lang").or_else(|| tree.attribute(at, "xml:lang"));
            value.and_then(|value| tag_of(&value))
        });
        let named = |name: &str| head.values.get(name).and_then(|values| tag_of(values.first()?));
        head.lang = declared
            .or_else(|| named("content-language"))
            .or_else(|| named("dc:language"))
            .or_else(|| named("dcterms:language"))
            .or_else(|| named("ld:inlanguage"));
        head
    }

    fn add(&mut self, name: &str, value: &str) {
        let value = collapse(value);
        if !value.is_empty() {
            self.values.entry(name.to_owned()).or_default().push(value);
        }
    }

    fn meta(&mut self, tree: &Tree<'_>, at: usize) {
        let Some(content) = tree.attribute(at, "content") else { return };
        for attribute in ["name", "property", "itemprop", "http-equiv"] {
            let names = tree.attribute(at, attribute).unwrap_or_default().to_lowercase();
            for name in names.split_ascii_whitespace() {
                self.add(&name.replace('.', ":"), &content);
            }
        }
    }

    fn link(&mut self, tree: &Tree<'_>, at: usize) {
        let relation = tree.attribute(at, "rel").unwrap_or_default().to_lowercase();
        if relation.split_ascii_whitespace().any(|relation| relation == "canonical")
            && let Some(target) = tree.attribute(at, "href")
        {
            self.add("canonical", &target);
        }
    }

    /// The date in the markup itself, where it is marked as that of the page.
    fn time(&mut self, tree: &Tree<'_>, at: usize) {
        let is_marked = tree.attribute(at, "pubdate").is_some()
            || tree.attribute(at, "itemprop").is_some_and(|name| name.contains("datePublished"))
            || tree.attribute(at, "class").is_some_and(|name| name.contains("publish"));
        if let Some(date) = tree.attribute(at, "datetime").filter(|_| is_marked) {
            self.add("time", &date);
        }
    }

    fn script(&mut self, tree: &Tree<'_>, at: usize) {
        let kind = tree.attribute(at, "type").unwrap_or_default();
        if !kind.trim().eq_ignore_ascii_case("application/ld+json") {
            return;
        }
        let text = tree.nodes.get(at + 1).filter(|node| node.tag.is_text());
        let Some(json) = text.map(|node| tree.source[node.range()].trim()) else { return };
        if json.len() <= LONGEST_JSON
            && let Ok(value) = serde_json::from_str::<Value>(json)
        {
            self.linked_data(&value);
        }
    }

    /// The fields of the objects that stand for the page itself.
    fn linked_data(&mut self, value: &Value) {
        let graph = value.get("@graph").and_then(Value::as_array);
        let objects = value.as_array().or(graph).map_or(std::slice::from_ref(value), Vec::as_slice);
        for object in objects.iter().take(100) {
            let kinds = names(object.get("@type")).join(" ");
            let is_page = ["Article", "Report", "Posting", "WebPage", "Book", "Work", "Dataset"];
            if !is_page.iter().any(|kind| kinds.contains(kind)) {
                continue;
            }
            for field in [
                "headline",
                "author",
                "datePublished",
                "dateModified",
                "publisher",
                "description",
                "keywords",
                "inLanguage",
            ] {
                for name in names(object.get(field)) {
                    self.add(&format!("ld:{}", field.to_lowercase()), &name);
                }
            }
        }
    }

    /// Tells the builder what is known.
    pub fn tell(&self, builder: &mut DocumentBuilder<'_>) {
        for (key, names) in KEYS {
            let given = names.iter().filter_map(|name| self.values.get(*name)).map(|values| {
                values
                    .iter()
                    .map(String::as_str)
                    .filter(|value| is_fit(key, value))
                    .collect::<Vec<_>>()
            });
            let Some(values) = given.into_iter().find(|values| !values.is_empty()) else {
                continue;
            };
            match key {
                "author" => values.iter().take(100).for_each(|value| builder.metadata(key, value)),
                "keywords" => {
                    let all = values.iter().flat_map(|value| value.split([',', ';'])).take(100);
                    all.for_each(|word| builder.metadata(key, word));
                }
                "date" => {
                    let date = values.first().copied().unwrap_or_default();
                    builder.metadata(key, day_of(date));
                    if let Some(year) = year_of(date) {
                        builder.metadata("year", year);
                    }
                }
                _ => builder.metadata(key, values.first().copied().unwrap_or_default()),
            }
        }
    }

    /// The title of the page: a first-level heading of its content where the head says the same, else
    /// what the head says, without the name of the site.
    pub fn title(&self, tree: &Tree<'_>, root: usize) -> String {
        let told = TITLES.iter().find_map(|name| self.values.get(*name)?.first());
        let site = self.values.get("og:site_name").and_then(|names| names.first());
        let told = told.map(|title| without_site(title, site.map(String::as_str)));
        let headings = headings(tree, root);
        let all = if root == 0 { headings.clone() } else { self::headings(tree, 0) };
        let is_told = |heading: &&String| {
            is_similar(heading, &self.title)
                || told.as_ref().is_some_and(|told| is_similar(heading, told))
        };
        // Beside the content, the name of the site is often such a heading.
        let is_most = |heading: &&String| {
            let is_longer = |title: &String| title.len() < heading.len() * 2;
            is_told(heading) && (is_longer(&self.title) || told.as_ref().is_some_and(is_longer))
        };
        if let Some(heading) = headings.iter().find(is_told).or_else(|| all.iter().find(is_most)) {
            return heading.clone();
        }
        let only = if headings.len() == 1 { headings.into_iter().next() } else { None };
        match (told, only) {
            (Some(told), _) => told,
            (None, Some(heading)) => heading,
            (None, None) => without_site(&self.title, site.map(String::as_str)),
        }
    }
}

fn tag_of(value: &str) -> Option<String> {
    let value = value.split(',').next().unwrap_or_default().trim().replace('_', "-");
    if value.eq_ignore_ascii_case("x-default") {
        return None;
    }
    language_tag(&value)
}

/// The title of the page, and not of a drawing in it.
fn is_page_title(tree: &Tree<'_>, at: usize) -> bool {
    let parent = tree.nodes.get(at).and_then(|node| tree.nodes.get(node.parent as usize));
    parent.is_some_and(|parent| matches!(parent.tag, Tag::Head | Tag::Html | Tag::Body))
}

/// The texts of a field of JSON-LD: a text, a thing with a name, or several.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(values)) => {
            let simple = values.iter().take(100).filter(|value| !value.is_array());
            simple.flat_map(|value| names(Some(value))).collect()
        }
        Some(Value::Object(fields)) => match fields.get("name") {
            Some(Value::String(name)) => vec![name.clone()],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Addresses are no names of authors, and what is not filled in is no value.
fn is_fit(key: &str, value: &str) -> bool {
    let is_address = value.starts_with("http://") || value.starts_with("https://");
    match key {
        "author" => !is_address && value.chars().count() <= 200,
        "date" => value.contains(|c: char| c.is_ascii_digit()),
        _ => true,
    }
}

/// `2019-03-04T10:00:00Z` gives `2019-03-04`.
fn day_of(date: &str) -> &str {
    let is_day = |day: &&str| {
        day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    date.get(..10).filter(is_day).unwrap_or(date)
}

/// The first number of four digits that is a year.
fn year_of(date: &str) -> Option<&str> {
    let numbers = date.split(|c: char| !c.is_ascii_digit());
    let day = date.get(..4).filter(|_| date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()));
    day.or_else(|| numbers.into_iter().find(|n| n.len() == 4))
        .filter(|year| year.starts_with("19") || year.starts_with("20"))
}

/// The first-level headings in a node that are not left out.
fn headings(tree: &Tree<'_>, root: usize) -> Vec<String> {
    let inside = tree.inside(root);
    let mut found = Vec::new();
    let mut at = inside.start;
    while at < inside.end && found.len() < MOST_HEADINGS {
        let Some(node) = tree.nodes.get(at) else { break };
        if node.has(flags_of::DROPPED) && root != 0 {
            at = tree.inside(at).end;
            continue;
        }
        if node.level == 1 && tree.inside(at).len() < 200 {
            found.push(tree.heading(at));
            at = tree.inside(at).end;
            continue;
        }
        at += 1;
    }
    found.retain(|heading| !heading.is_empty());
    found
}

/// Whether a heading says what a title says, which may name the site too.
fn is_similar(heading: &str, title: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.take(60).map(str::to_lowercase).collect()
    };
    let (heading, title) = (words(heading), words(title));
    if heading.is_empty() || title.is_empty() {
        return false;
    }
    let shared = heading.iter().filter(|word| title.contains(word)).count();
    // A heading that is one word of a long title may be the name of the site.
    shared * 4 >= heading.len() * 3 && (shared * 2 >= title.len() || shared >= 4)
}

/// `The report | The site` without its last part, or its first where the last is longer.
fn without_site(title: &str, site: Option<&str>) -> String {
    let mut title = collapse(title);
    // `The report | The section | The site`.
    for _ in 0..3 {
        let Some(shorter) = without_last(&title, site) else { break };
        title = shorter;
    }
    title
}

fn without_last(title: &str, site: Option<&str>) -> Option<String> {
    for separator in [" | ", " – ", " — ", " - ", " :: ", " » ", " · ", " • "] {
        if let Some((start, end)) = title.rsplit_once(separator) {
            let is_site =
                |part: &str| site.is_some_and(|site| part.trim().eq_ignore_ascii_case(site));
            let words = |part: &str| part.split_whitespace().count();
            if is_site(start) {
                return Some(end.trim().to_owned());
            }
            let is_bar = !matches!(separator, " - " | " – " | " — ");
            if is_site(end) || words(start) >= 3 && (is_bar || words(end) <= 4) {
                return Some(start.trim().to_owned());
            }
        }
    }
    None
}
