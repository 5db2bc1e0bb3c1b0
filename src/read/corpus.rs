//! `corpus.toml`: where reports come from, their licence, metadata by path, roles of sections.
//!
//! ```toml
//! [[files]]
//! pattern = "{country}_{year}.md"          # what stands in braces becomes metadata
//! source = "U.S. Department of Labor"      # any other key is metadata of the files it fits
//!
//! [read]
//! keep_all = true                          # web pages whole, with their menus
//! ocr = "eng+rus"                          # pages that are pictures, by tesseract; or true for English
//!
//! [search]
//! thesaurus = "thesaurus.toml"             # synonyms of this corpus; a file in its folder
//!
//! [jsonl]
//! title = "headline"                       # fields of JSON lines; several as a list
//!
//! [roles]
//! prosecution = ["prosecution", "law enforcement efforts"]
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::jsonl::Mapping;
use super::metadata::may_be;
use super::ocr::DEFAULT_LANGUAGES;
use super::roles::Roles;
use super::source::Source;
use super::title::entitle;
use crate::document::{Document, Metadata};
use crate::error::{Error, Result};

/// The name of the file in the root of a corpus.
pub const CONFIG_NAME: &str = "corpus.toml";

/// How the reports of a corpus are to be understood.
#[derive(Clone, Debug)]
pub struct Corpus {
    rules: Vec<FileRule>,
    roles: Roles,
    /// The whole of each web page, with menus and whatever else stands round its article.
    pub keep_all: bool,
    /// The languages in which words are recognized in pages that are pictures; `None`: such pages have
    /// no text.
    pub ocr: Option<String>,
    /// The file with the synonyms of this corpus, under its folder.
    pub thesaurus: Option<String>,
    /// Which fields of JSON lines hold what.
    pub jsonl: Mapping,
    /// The configuration as it was written.
    pub text: String,
    /// SHA-256 of the configuration: another one means other passages.
    pub digest: String,
}

/// What holds for the files whose path fits a pattern.
#[derive(Clone, Debug)]
struct FileRule {
    /// The pattern as it is written.
    written: String,
    pattern: Vec<PatternPart>,
    title: Option<String>,
    lang: Option<String>,
    metadata: Metadata,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternPart {
    Text(String),
    /// `{name}`: at least one character, none of them `/`.
    Field(String),
    /// `*`: any characters but `/`.
    Any,
}

impl Default for Corpus {
    /// The built-in configuration.
    fn default() -> Corpus {
        Corpus {
            rules: Vec::new(),
            roles: Roles::built_in(),
            keep_all: false,
            ocr: None,
            thesaurus: None,
            jsonl: Mapping::default(),
            text: String::new(),
            digest: String::new(),
        }
    }
}

impl Corpus {
    /// The configuration of the corpus in this folder, or of the folder of this file; the built-in one
    /// where there is none.
    ///
    /// # Errors
    /// `Config` when the file is malformed: what, where, and what was expected.
    pub fn of(root: &Path) -> Result<Corpus> {
        let (path, text) = config(root)?;
        Corpus::parse(&text, &path)
    }

    /// [`Corpus::digest`] of a folder, without understanding the configuration.
    pub fn digest_of(root: &Path) -> Result<String> {
        config(root).map(|(_, text)| digest(&text))
    }

    /// The thesaurus that the corpus of a folder names, as a path that exists and is inside the folder.
    ///
    /// # Errors
    /// `Config` when the configuration is malformed, or names a file that is not there or elsewhere.
    pub fn thesaurus_of(root: &Path) -> Result<Option<PathBuf>> {
        let (path, text) = config(root)?;
        if !text.contains("thesaurus") {
            return Ok(None);
        }
        let Some(name) = Corpus::parse(&text, &path)?.thesaurus else { return Ok(None) };
        let folder = path.parent().unwrap_or(root);
        let inside = || -> Option<PathBuf> {
            let found = folder.join(&name).canonicalize().ok()?;
            found.starts_with(folder.canonicalize().ok()?).then_some(found)
        };
        inside().map(Some).ok_or_else(|| Error::Config {
            message: format!("`search.thesaurus` must be a file in this folder; `{name}` is none"),
            path,
        })
    }

    /// Reads a configuration; `path` is for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Corpus> {
        let fault = |message: String| Error::Config { path: path.to_owned(), message };
        let table: Table =
            text.parse().map_err(|error: toml::de::Error| fault(error.to_string()))?;
        let mut corpus =
            Corpus { text: text.to_owned(), digest: digest(text), ..Corpus::default() };
        for (key, value) in &table {
            match (key.as_str(), value) {
                ("files", Value::Array(rules)) => {
                    for rule in rules {
                        corpus.rules.push(file_rule(rule).map_err(&fault)?);
                    }
                }
                ("read", Value::Table(options)) => corpus.options(options).map_err(&fault)?,
                ("search", Value::Table(options)) => corpus.searching(options).map_err(&fault)?,
                ("jsonl", Value::Table(fields)) => corpus.fields(fields).map_err(&fault)?,
                ("roles", Value::Table(roles)) => {
                    for (role, patterns) in roles {
                        corpus.roles.put_first(
                            role,
                            &texts(patterns).ok_or_else(|| {
                                fault(format!(
                                    "`roles.{role}` must be a list of headings in quotes"
                                ))
                            })?,
                        );
                    }
                }
                _ => {
                    return Err(fault(format!(
                        "`{key}` is not known here; expected `[[files]]`, `[read]`, `[search]`, `[jsonl]` and `[roles]`"
                    )));
                }
            }
        }
        Ok(corpus)
    }

    /// The table `[read]`.
    fn options(&mut self, options: &Table) -> std::result::Result<(), String> {
        for (key, value) in options {
            match (key.as_str(), value) {
                ("keep_all", Value::Boolean(keep_all)) => self.keep_all = *keep_all,
                ("keep_all", _) => return Err("`read.keep_all` must be true or false".to_owned()),
                ("ocr", Value::Boolean(is_wanted)) => {
                    self.ocr = is_wanted.then(|| DEFAULT_LANGUAGES.to_owned());
                }
                ("ocr", Value::String(languages)) => self.ocr = Some(languages.clone()),
                ("ocr", _) => {
                    return Err("`read.ocr` must be true, false or languages, as in `\"eng+rus\"`"
                        .to_owned());
                }
                _ => {
                    return Err(format!(
                        "`read.{key}` is not known here; expected `keep_all` or `ocr`"
                    ));
                }
            }
        }
        Ok(())
    }

    /// The table `[search]`.
    fn searching(&mut self, options: &Table) -> std::result::Result<(), String> {
        for (key, value) in options {
            match (key.as_str(), value) {
                ("thesaurus", Value::String(name)) => self.thesaurus = Some(name.clone()),
                ("thesaurus", _) => {
                    return Err(
                        "`search.thesaurus` must be the name of a file in quotes".to_owned()
                    );
                }
                _ => {
                    return Err(format!("`search.{key}` is not known here; expected `thesaurus`"));
                }
            }
        }
        Ok(())
    }

    /// The table `[jsonl]`.
    fn fields(&mut self, fields: &Table) -> std::result::Result<(), String> {
        for (key, value) in fields {
            let names = match texts(value) {
                Some(names) if value.is_str() || value.is_array() => names,
                _ => return Err(format!("`jsonl.{key}` must be the name of a field, or a list")),
            };
            match key.as_str() {
                "id" => self.jsonl.id = names,
                "title" => self.jsonl.title = names,
                "text" => self.jsonl.text = names,
                "section" => self.jsonl.section = names,
                _ => {
                    return Err(format!(
                        "`jsonl.{key}` is not known here; expected `id`, `title`, `text` or `section`"
                    ));
                }
            }
        }
        Ok(())
    }

    /// What the configuration asks for in vain, given the ids of all there is: patterns that nothing fits, and synonyms
    /// that are not there.
    pub fn in_vain<'d>(&self, root: &Path, ids: impl Iterator<Item = &'d String>) -> Vec<String> {
        let mut idle: Vec<&FileRule> = self.rules.iter().collect();
        for id in ids {
            idle.retain(|rule| matched(&rule.pattern, id).is_none());
        }
        let idle = idle.iter().map(|rule| format!("the pattern `{}` fits no file", rule.written));
        let thesaurus = Corpus::thesaurus_of(root).err();
        let thesaurus = thesaurus.map(|error| match error {
            Error::Config { message, .. } => message,
            other => other.to_string(),
        });
        idle.chain(thesaurus).collect()
    }

    /// Adds what the configuration says of a document, and the roles of its sections. What the
    /// report says of itself stands before what its path says.
    pub fn complete(&self, document: &mut Document) {
        for rule in &self.rules {
            let Some(fields) = matched(&rule.pattern, &document.id) else { continue };
            if let Some(title) = &rule.title {
                entitle(document, title);
            }
            if document.lang.is_none() {
                document.lang = rule.lang.clone();
            }
            for (key, values) in &rule.metadata {
                document.metadata.entry(key.clone()).or_insert_with(|| values.clone());
            }
            for (key, value) in fields {
                let value = value.replace('_', " ");
                document.metadata.entry(key).or_insert_with(|| vec![value]);
            }
        }
        if let Some(years) = document.metadata.get_mut("year") {
            *years = years.iter().flat_map(|years| each_year(years)).collect();
        }
        self.roles.assign(document);
    }
}

/// The longest span of years that is taken for all of them.
const LONGEST_SPAN: i64 = 30;

/// The years that a value means: `2019-2020`, `2019/20` and `2019–2021` each of the span, `2019-05-06` and `2009-12` that of
/// the date. Anything else stands as it is.
fn each_year(value: &str) -> Vec<String> {
    let value = value.trim();
    let number = |text: &str| {
        let is_number = matches!(text.len(), 2 | 4) && text.bytes().all(|it| it.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| is_number)
    };
    let mut parts = value.split(['-', '–', '/', '_', ' ']).filter(|part| !part.is_empty());
    let first = parts.next().filter(|first| first.len() == 4).and_then(number);
    let (Some(first), Some(second)) = (first, parts.next().map(number)) else {
        return vec![value.to_owned()];
    };
    let last = second.and_then(|second| match second - first % 100 {
        _ if second >= 100 => Some(second),
        1 | -99 => Some(first + 1),
        // A month.
        _ if second <= 12 => None,
        _ => Some(first / 100 * 100 + second),
    });
    match last.filter(|last| (first..=first + LONGEST_SPAN).contains(last)) {
        Some(last) if parts.next().is_none() => (first..=last).map(|it| it.to_string()).collect(),
        _ if second.is_some() => vec![first.to_string()],
        _ => vec![value.to_owned()],
    }
}

/// The path and the text of a corpus's configuration; no text where there is no file.
fn config(root: &Path) -> Result<(PathBuf, String)> {
    let folder = if root.is_dir() { root } else { root.parent().unwrap_or(root) };
    let path = folder.join(CONFIG_NAME);
    match fs::read(&path) {
        // Editors write it in as many encodings as reports.
        Ok(bytes) => Ok((path, Source::decode(&bytes).text.into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((path, String::new())),
        Err(error) => Err(Error::io("read", path, error)),
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn file_rule(value: &Value) -> std::result::Result<FileRule, String> {
    let table = value.as_table().ok_or("`files` must be a list of tables")?;
    let pattern = table.get("pattern").and_then(Value::as_str);
    let pattern = pattern
        .ok_or("each of `[[files]]` needs a `pattern`, such as `\"{country}_{year}.md\"`")?;
    let mut rule = FileRule {
        written: pattern.to_owned(),
        pattern: pattern_parts(pattern)?,
        title: None,
        lang: None,
        metadata: BTreeMap::new(),
    };
    for (key, value) in table {
        let values = texts(value).ok_or_else(|| {
            format!("`{key}` of `{pattern}` must be a text, a number, or a list of them")
        })?;
        match key.as_str() {
            "pattern" => {}
            "title" => rule.title = values.into_iter().next(),
            "lang" => rule.lang = values.into_iter().next(),
            _ => {
                rule.metadata.insert(key.to_lowercase(), values);
            }
        }
    }
    Ok(rule)
}

/// A scalar or a list of scalars as texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Boolean(truth) => Some(vec![truth.to_string()]),
        Value::Datetime(date) => Some(vec![date.to_string()]),
        Value::Array(values) => {
            values.iter().map(|value| texts(value)?.into_iter().next()).collect()
        }
        Value::Table(_) => None,
    }
}

fn pattern_parts(pattern: &str) -> std::result::Result<Vec<PatternPart>, String> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '*']) {
        if at > 0 {
            parts.push(PatternPart::Text(rest[..at].to_owned()));
        }
        if let Some(tail) = rest[at..].strip_prefix('*') {
            parts.push(PatternPart::Any);
            rest = tail;
            continue;
        }
        let end =
            rest[at..].find('}').ok_or_else(|| format!("`{pattern}` has a `{{` without `}}`"))?;
        let name = rest[at + 1..at + end].trim();
        if name.is_empty() || name.contains(['{', '/', '*']) {
            return Err(format!("`{pattern}`: `{{{name}}}` is no field; each is a name in `{{}}`"));
        }
        parts.push(PatternPart::Field(name.to_lowercase()));
        rest = &rest[at + end + 1..];
    }
    if !rest.is_empty() {
        parts.push(PatternPart::Text(rest.to_owned()));
    }
    Ok(parts)
}

/// Matches a pattern against the end of a path, from a `/` or `#` on: what its fields stand for, or `None`.
/// A field takes as much as it can be, so in `Korea_South_2021.md` the country is `Korea_South`.
fn matched(pattern: &[PatternPart], path: &str) -> Option<Vec<(String, String)>> {
    let starts = std::iter::once(0).chain(path.match_indices(['/', '#']).map(|(at, _)| at + 1));
    starts.into_iter().find_map(|start| {
        let mut fields = Vec::new();
        fits(pattern, &path[start..], &mut fields).then(|| {
            fields.reverse();
            fields
        })
    })
}

/// Whether a piece of a path may stand for a field: `app` is no year, and `2014_Report` no country.
fn is_value_of(field: &str, piece: &str) -> bool {
    let is_year = || {
        let mut years = piece.split(['-', '–', '_']);
        let digits = |year: &str| year.bytes().all(|byte| byte.is_ascii_digit());
        years.next().is_some_and(|year| year.len() == 4 && digits(year))
            && years.all(|year| matches!(year.len(), 2 | 4) && digits(year))
    };
    match field {
        "year" => is_year(),
        _ => may_be(field, &piece.replace('_', " ")),
    }
}

/// Whether the whole of `text` fits; fields are pushed last first. Patterns are short and written by
/// the owner of the corpus, so trying every length is cheap.
fn fits(pattern: &[PatternPart], text: &str, fields: &mut Vec<(String, String)>) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
    let least = match first {
        PatternPart::Text(literal) => {
            return text
                .strip_prefix(literal.as_str())
                .is_some_and(|tail| fits(rest, tail, fields));
        }
        PatternPart::Field(_) => 1,
        PatternPart::Any => 0,
    };
    let reach = text.find('/').unwrap_or(text.len());
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut ends: Vec<usize> = ends.filter(|&end| end >= least && end <= reach).collect();
    ends.reverse();
    ends.into_iter().any(|end| {
        if let PatternPart::Field(name) = first
            && !is_value_of(name, &text[..end])
        {
            return false;
        }
        let fit = fits(rest, &text[end..], fields);
        if let (true, PatternPart::Field(name)) = (fit, first) {
            fields.push((name.clone(), text[..end].to_owned()));
        }
        fit
    })
}
