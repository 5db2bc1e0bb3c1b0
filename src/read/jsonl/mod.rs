//! JSON Lines: a container, each line of which is a record that becomes a document.

mod scan;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::builder::{DocumentBuilder, collapse};
use super::metadata::language_tag;
use crate::document::{BlockKind, Document, Origin};
use scan::{Field, Kind, Scan, pieces, text_of};

/// Values of one record that become metadata; a record with more is data rather than a report.
const MOST_VALUES: usize = 1000;

/// The field that holds the text, unless told otherwise, and those that hold it where there is none.
const TEXT: &str = "text";
const OTHER_TEXTS: [&str; 6] = ["contents", "content", "body", "passage", "segment", "abstract"];

/// Which fields of a record hold what. Names of nested fields are joined by `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What names the record: the first that there is.
    pub id: Vec<String>,
    /// The title: the first that there is.
    pub title: Vec<String>,
    /// The text, in this order.
    pub text: Vec<String>,
    /// The heading that the text stands under: the first that there is.
    pub section: Vec<String>,
}

impl Default for Mapping {
    /// The names that BEIR's collections have (Thakur and others 2021), and after them those of other
    /// collections.
    fn default() -> Mapping {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Mapping {
            id: names(&["_id", "id", "doc_id", "docid", "docno", "pid"]),
            title: names(&["title", "headline"]),
            text: names(&[TEXT]),
            section: names(&["section"]),
        }
    }
}

/// What a line holds.
#[derive(Debug)]
pub enum Record<'a> {
    /// A document, and the bytes of its line.
    Document(Box<Document>, &'a str),
    /// The number of a line that is no record (one-based), and the reason.
    Malformed(usize, String),
}

/// Reads the records of a file one after another.
pub fn records<'a>(id: &str, source: &'a str, mapping: &Mapping, each: &mut dyn FnMut(Record<'a>)) {
    let mut lines = Lines::new(id, mapping);
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if let Some(record) = lines.record(content, start) {
            each(record);
        }
        start += line.len();
    }
}

/// Reads lines that come one by one, from a file too large to be held.
#[derive(Debug)]
pub struct Lines<'m> {
    id: String,
    mapping: &'m Mapping,
    number: usize,
    ids: HashSet<String>,
    copies: HashMap<String, usize>,
}

impl<'m> Lines<'m> {
    /// For the lines of a file with this id.
    pub fn new(id: &str, mapping: &'m Mapping) -> Lines<'m> {
        let (ids, copies) = Default::default();
        Lines { id: id.to_owned(), mapping, number: 0, ids, copies }
    }

    /// Reads the next line, which begins at this byte of the file; `None` where it is blank.
    pub fn record<'a>(&mut self, line: &'a str, start: usize) -> Option<Record<'a>> {
        self.number += 1;
        if line.trim().is_empty() {
            return None;
        }
        let fields = match fields(line) {
            Ok(fields) => fields,
            Err(reason) => return Some(Record::Malformed(self.number, reason)),
        };
        let mut document = self.document(line, &fields);
        document.origin = Origin { bytes: start, lines: self.number - 1 };
        document.sha256 = Sha256::digest(line.as_bytes()).into();
        document.line_starts = vec![0];
        Some(Record::Document(Box::new(document), line))
    }

    fn document(&mut self, line: &str, fields: &[Field]) -> Document {
        let name = first(fields, &self.mapping.id).map(|field| collapse(&text_of(line, field)));
        let name = name.filter(|name| !name.is_empty()).unwrap_or(self.number.to_string());
        let name = self.unique(name);
        let id = format!("{}#{name}", self.id);
        let mut builder = DocumentBuilder::new(&id, line);
        if let Some(title) = first(fields, &self.mapping.title) {
            builder.title(&text_of(line, title), Some(title.range.clone()));
        }
        if let Some(section) = first(fields, &self.mapping.section) {
            builder.heading(2, &text_of(line, section), section.range.clone());
        }
        let other = self.other_text(fields);
        for name in self.mapping.text.iter().map(String::as_str).chain(other) {
            for field in fields.iter().filter(|field| field.name == name) {
                paragraphs(line, field, &mut builder);
            }
        }
        self.metadata(line, fields, other, &mut builder);
        let mut document = builder.finish();
        let named = ["lang", "language"].iter().find_map(|key| document.metadata.get(*key));
        document.lang = named.and_then(|values| language_tag(values.first()?));
        document
    }

    /// The field that holds the text of a record without the usual one, where nobody said which does.
    fn other_text(&self, fields: &[Field]) -> Option<&'static str> {
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let is_told = self.mapping.text.iter().any(|name| name != TEXT) || has(TEXT);
        OTHER_TEXTS.into_iter().find(|name| !is_told && has(name))
    }

    fn metadata(
        &self,
        line: &str,
        fields: &[Field],
        other: Option<&str>,
        builder: &mut DocumentBuilder<'_>,
    ) {
        let Mapping { id, title, text, section } = self.mapping;
        let is_mapped = |field: &&Field| {
            [id, title, text, section].iter().any(|names| names.contains(&field.name))
                || other == Some(field.name.as_str())
        };
        for field in fields.iter().filter(|field| !is_mapped(field)).take(MOST_VALUES) {
            builder.metadata(&field.name, &text_of(line, field));
        }
    }

    /// A name that no record has had: `a`, then `a-2`.
    fn unique(&mut self, name: String) -> String {
        let mut unique = name.clone();
        while !self.ids.insert(unique.clone()) {
            let copies = self.copies.entry(name.clone()).or_insert(1);
            *copies += 1;
            unique = format!("{name}-{copies}");
        }
        unique
    }
}

/// The scalars of a line's object. The library checks the grammar, without recursion: any depth will do.
fn fields(line: &str) -> Result<Vec<Field>, String> {
    if !line.trim_start().starts_with('{') {
        return Err("it is not a JSON object".to_owned());
    }
    serde_json::from_str::<serde::de::IgnoredAny>(line).map_err(|error| {
        let message = error.to_string();
        let (reason, _) = message.split_once(" at line ").unwrap_or((&message, ""));
        format!("{reason} at column {}", error.column())
    })?;
    Ok(Scan::new(line).fields())
}

fn first<'f>(fields: &'f [Field], names: &[String]) -> Option<&'f Field> {
    names.iter().find_map(|name| fields.iter().find(|field| &field.name == name))
}

/// The paragraphs of a text: blank lines part them.
fn paragraphs(line: &str, field: &Field, builder: &mut DocumentBuilder<'_>) {
    builder.begin(BlockKind::Paragraph, false);
    if field.kind == Kind::Scalar {
        builder.push(&line[field.range.clone()], field.range.clone());
        return builder.end();
    }
    let mut is_line_blank = true;
    for (text, range) in pieces(line, field.range.clone()) {
        if text == "\n" && is_line_blank {
            builder.begin(BlockKind::Paragraph, false);
            continue;
        }
        is_line_blank = text == "\n" || is_line_blank && text.trim().is_empty();
        push(&text, range, builder);
    }
    builder.end();
}

fn push(text: &str, range: Range<usize>, builder: &mut DocumentBuilder<'_>) {
    // A text may begin with line feeds, which belong to no paragraph.
    if !(builder.ends_blank() && text == "\n") {
        builder.push(text, range);
    }
}
