//! Checks judgments against what there is: an unknown id is an error, never a row of zeros.

use std::collections::BTreeSet;

use super::{Qrels, Run, Topic, TopicRun, trec};
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

/// Checks a stored run against what there is, and gives its topics and documents the names that they
/// have there. `is_passage` tells whether an id that no document has is that of a passage.
///
/// # Errors
/// `Evaluation` when it names topics or documents that are not there; what `is_passage` fails with.
pub fn check_run(
    run: &mut Run,
    topics: &[Topic],
    documents: &[&str],
    is_passage: &dyn Fn(&str) -> Result<bool>,
) -> Result<()> {
    let topics: BTreeSet<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
    let documents: BTreeSet<&str> = documents.iter().copied().collect();
    trec::rename(run, &topics, &documents);
    let asked = run.topics.iter().map(|topic| topic.topic.as_str());
    let unknown: Vec<&str> = asked.filter(|id| !topics.contains(id)).collect();
    if !unknown.is_empty() {
        let message =
            format!("the run names {}", named(&unknown, "topic", "among those to be asked"));
        return Err(wrong(message, "run and topics must belong together"));
    }
    let found = run.topics.iter().flat_map(|topic| &topic.documents);
    let found: BTreeSet<&str> = found.map(|ranked| ranked.id.as_str()).collect();
    let mut unknown = Vec::new();
    for &id in found.difference(&documents) {
        if !is_passage(id)? {
            unknown.push(id);
        }
    }
    if !unknown.is_empty() {
        let message = format!("the run names {}", named(&unknown, "document", "indexed"));
        return Err(wrong(message, "run and documents must belong together"));
    }
    Ok(())
}

/// Checks a stored run against the judgments alone; gives what is odd about it. A topic that only the
/// judgments have is added and has found nothing; one that they do not have stays and is not measured.
///
/// # Errors
/// `Evaluation` when no document is judged for the topic it is found for.
pub fn check_judged(run: &mut Run, qrels: &Qrels) -> Result<Vec<String>> {
    let judged = |topic: &TopicRun| {
        let grades = qrels.topics.get(&topic.topic);
        grades.is_some_and(|grades| {
            topic.documents.iter().any(|found| grades.contains_key(&found.id))
        })
    };
    if !run.topics.iter().any(judged) {
        let message = "the run has no document that is judged for its topic".to_owned();
        return Err(wrong(message, "run and judgments must name topics and documents alike"));
    }
    let asked: BTreeSet<&str> = run.topics.iter().map(|topic| topic.topic.as_str()).collect();
    let missing: Vec<TopicRun> = qrels
        .topics
        .keys()
        .filter(|id| !asked.contains(id.as_str()))
        .map(|id| TopicRun { topic: id.clone(), ..TopicRun::default() })
        .collect();
    let unjudged = asked.iter().filter(|id| !qrels.topics.contains_key(**id)).count();
    let mut warnings = Vec::new();
    if !missing.is_empty() {
        let number = missing.len();
        warnings.push(format!("judged topics that the run lacks, which count as 0: {number}"));
    }
    if unjudged > 0 {
        warnings
            .push(format!("topics of the run without judgments, which do not count: {unjudged}"));
    }
    run.topics.extend(missing);
    Ok(warnings)
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
