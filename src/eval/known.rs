//! Checks judgments against what there is: an unknown id is an error, never a row of zeros.

use std::collections::BTreeSet;

use super::{Qrels, Topic};
use crate::engine::Engine;
use crate::error::{Error, Result};

/// How many unknown ids an error names.
const MOST_NAMED: usize = 5;

/// What judgments are about, and so what is ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Document,
    Passage,
}

/// What the judgments are about.
///
/// # Errors
/// `Evaluation` when the index is empty, when the judgments name topics or documents that are not
/// there, both documents and passages, or nothing that is relevant.
pub fn unit(engine: &dyn Engine, topics: &[Topic], qrels: &Qrels) -> Result<Unit> {
    if engine.summary().passages == 0 {
        return Err(wrong("the index is empty".to_owned(), "index some documents first"));
    }
    let known: BTreeSet<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
    let unknown: Vec<&str> =
        qrels.topics.keys().map(String::as_str).filter(|id| !known.contains(id)).collect();
    if !unknown.is_empty() {
        let message =
            format!("the judgments name {}", named(&unknown, "topic", "among those to be asked"));
        return Err(wrong(message, "topics and judgments must belong together"));
    }
    if !qrels.topics.keys().any(|topic| qrels.is_relevant(topic)) {
        let message = "the judgments hold no relevant document".to_owned();
        return Err(wrong(message, "a grade above 0 says that a document is relevant"));
    }
    unit_of(engine, qrels)
}

fn unit_of(engine: &dyn Engine, qrels: &Qrels) -> Result<Unit> {
    let documents = engine.documents()?;
    let documents: BTreeSet<&str> = documents
        .iter()
        .filter(|listed| listed.is_document())
        .map(|listed| listed.doc_id.as_str())
        .collect();
    let judged: BTreeSet<&str> =
        qrels.topics.values().flat_map(|grades| grades.keys()).map(String::as_str).collect();
    let mut passages = 0;
    let mut unknown = Vec::new();
    for &id in judged.iter().filter(|id| !documents.contains(*id)) {
        match engine.passage(id)? {
            Some(_) => passages += 1,
            None => unknown.push(id),
        }
    }
    if !unknown.is_empty() {
        let message = format!("the judgments name {}", named(&unknown, "document", "indexed"));
        let hint =
            "judgments name documents by `doc_id` or passages by `id`, as `--json` prints them";
        return Err(wrong(message, hint));
    }
    match passages {
        0 => Ok(Unit::Document),
        _ if passages == judged.len() => Ok(Unit::Passage),
        _ => Err(wrong(
            format!(
                "the judgments name documents and passages at once: {passages} of {} ids are \
                 passages",
                judged.len()
            ),
            "judge either documents or passages",
        )),
    }
}

/// `2 documents that are not indexed: a, b`.
fn named(unknown: &[&str], noun: &str, what: &str) -> String {
    let mut names: Vec<String> =
        unknown.iter().take(MOST_NAMED).map(|id| format!("`{id}`")).collect();
    if unknown.len() > MOST_NAMED {
        names.push("...".to_owned());
    }
    let (number, names) = (unknown.len(), names.join(", "));
    match number {
        1 => format!("a {noun} that is not {what}: {names}"),
        _ => format!("{number} {noun}s that are not {what}: {names}"),
    }
}

fn wrong(message: String, hint: &str) -> Error {
    Error::Evaluation { message, hint: Some(hint.to_owned()) }
}
