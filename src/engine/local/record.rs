//! A passage as it is stored in the local index: one compact record, and the terms it is found by.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::TantivyDocument;

use super::schema::Schemas;
use crate::analyze::PART_SEPARATOR;
use crate::document::Location;
use crate::error::{Error, Result};
use crate::passage::{Passage, Report, id_text};
use crate::query::fold_value;

/// Words of a value of metadata are terms of their own up to so many: names of countries and titles
/// of laws, not sentences, which would cost every passage a posting for each word.
const MOST_VALUE_WORDS: usize = 6;

/// What is stored; the id is in a column. Borrowed from the passage when written, from the store when
/// read.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    ordinal: usize,
    doc_id: &'a str,
    title: &'a str,
    lang: Option<&'a str>,
    #[serde(borrow)]
    metadata: Vec<(&'a str, Vec<&'a str>)>,
    sha256: [u8; 32],
    trail: Vec<&'a str>,
    role: Option<&'a str>,
    anchor: &'a str,
    bytes: Option<(usize, usize)>,
    lines: Option<(usize, usize)>,
    pages: Option<(usize, usize)>,
    page_labels: Option<(&'a str, &'a str)>,
    part: Option<&'a str>,
    paragraphs: Option<(usize, usize)>,
    text: &'a str,
}

/// The terms that all passages of a report share, as one text for the field `meta`.
pub fn meta_text(report: &Report) -> String {
    let mut terms = vec![doc_term(&report.doc_id)];
    let name = report.doc_id.rsplit('/').next().unwrap_or(&report.doc_id);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    for part in [report.doc_id.as_str(), name, stem] {
        terms.push(meta_term("doc", &fold_value(part)));
    }
    if let Some(lang) = &report.lang {
        terms.push(meta_term("lang", &fold_value(lang)));
    }
    for (key, values) in &report.metadata {
        for value in values {
            let folded = fold_value(value);
            let words: Vec<&str> = folded.split(' ').collect();
            if (2..=MOST_VALUE_WORDS).contains(&words.len()) {
                terms.extend(words.iter().map(|word| meta_term(key, word)));
            }
            terms.push(meta_term(key, &folded));
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms.join(&PART_SEPARATOR.to_string())
}

/// The term of a value of metadata.
pub fn meta_term(key: &str, folded: &str) -> String {
    let mut term = format!("{key}={folded}");
    // tantivy refuses longer terms; nobody types a longer filter.
    if let Some(end) = (0..=500).rev().find(|&end| term.is_char_boundary(end)) {
        term.truncate(end);
    }
    term
}

/// The term by which the passages of a document are found and deleted.
pub fn doc_term(doc_id: &str) -> String {
    match doc_id.len() {
        0..=400 => format!("#{doc_id}"),
        _ => format!("#{:x}", doc_number(doc_id)),
    }
}

/// A number for a document's id: 64 bits of its SHA-256.
pub fn doc_number(doc_id: &str) -> u64 {
    let digest = Sha256::digest(doc_id.as_bytes());
    digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The passage as tantivy indexes it. `meta` is [`meta_text`] of its report.
pub fn to_tantivy(passage: &Passage, meta: &str, schemas: &Schemas) -> Result<TantivyDocument> {
    let mut document = TantivyDocument::new();
    document.add_text(schemas.main, main_text(passage));
    document.add_text(schemas.title, &passage.report.title);
    if passage.trail.len() > 1 {
        document.add_text(schemas.heading, heading_text(&passage.trail));
    }
    match &passage.role {
        Some(role) => {
            let folded = fold_value(role);
            let role = meta_term("role", &folded);
            document.add_text(schemas.meta, format!("{meta}{PART_SEPARATOR}{role}"));
        }
        None => document.add_text(schemas.meta, meta),
    }
    document.add_u64(schemas.id, id_number(&passage.id)?);
    document.add_u64(schemas.doc, doc_number(&passage.report.doc_id));
    if let Some(year) = passage.year() {
        document.add_i64(schemas.year, year);
    }
    document.add_bytes(schemas.record, &encode(passage)?);
    Ok(document)
}

/// Body, title and nearest heading: the parts of the field `main`, which weighs them by their number.
fn main_text(passage: &Passage) -> String {
    let heading = if passage.trail.len() > 1 { passage.trail.last() } else { None };
    let mut main = String::with_capacity(passage.text.len() + 160);
    main.push_str(&passage.text);
    for part in [Some(&passage.report.title), heading].into_iter().flatten() {
        main.push(PART_SEPARATOR);
        main.push_str(part);
    }
    main
}

fn heading_text(trail: &[String]) -> String {
    trail.get(1..).unwrap_or_default().join(&PART_SEPARATOR.to_string())
}

/// The number that a passage's id spells; see [`crate::passage::id_number`].
fn id_number(id: &str) -> Result<u64> {
    crate::passage::id_number(id)
        .ok_or_else(|| Error::Internal { message: format!("`{id}` is not an id of a passage") })
}

fn encode(passage: &Passage) -> Result<Vec<u8>> {
    let report = &passage.report;
    let pair = |range: &Range<usize>| (range.start, range.end);
    let metadata = report.metadata.iter();
    let record = Record {
        ordinal: passage.ordinal,
        doc_id: &report.doc_id,
        title: &report.title,
        lang: report.lang.as_deref(),
        metadata: metadata
            .map(|(key, values)| (key.as_str(), values.iter().map(String::as_str).collect()))
            .collect(),
        sha256: report.sha256,
        trail: passage.trail.iter().map(String::as_str).collect(),
        role: passage.role.as_deref(),
        anchor: &passage.anchor,
        bytes: passage.location.bytes.as_ref().map(pair),
        lines: passage.location.lines,
        pages: passage.location.pages,
        page_labels: passage.location.page_labels.as_ref().map(|(a, b)| (a.as_str(), b.as_str())),
        part: passage.location.part.as_deref(),
        paragraphs: passage.location.paragraphs,
        text: &passage.text,
    };
    postcard::to_allocvec(&record)
        .map_err(|error| Error::Internal { message: format!("cannot store a passage: {error}") })
}

/// The passage of a stored record; `None` when the bytes are not one.
pub fn decode(id: u64, bytes: &[u8]) -> Option<Passage> {
    let record: Record<'_> = postcard::from_bytes(bytes).ok()?;
    let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let metadata = record.metadata.into_iter();
    Some(Passage {
        id: id_text(id),
        ordinal: record.ordinal,
        report: Arc::new(Report {
            doc_id: record.doc_id.to_owned(),
            title: record.title.to_owned(),
            lang: record.lang.map(str::to_owned),
            metadata: metadata.map(|(key, values)| (key.to_owned(), owned(values))).collect(),
            sha256: record.sha256,
        }),
        trail: owned(record.trail),
        role: record.role.map(str::to_owned),
        anchor: record.anchor.to_owned(),
        text: record.text.to_owned(),
        location: Location {
            bytes: record.bytes.map(|(start, end)| start..end),
            lines: record.lines,
            pages: record.pages,
            page_labels: record.page_labels.map(|(a, b)| (a.to_owned(), b.to_owned())),
            part: record.part.map(str::to_owned),
            paragraphs: record.paragraphs,
        },
    })
}
