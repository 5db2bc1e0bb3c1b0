//! `tipsearch show`: a passage with its neighbours, or all of a document.

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;

use super::args::{Common, FileArgs, ShowArgs};
use super::output::Output;
use super::session::{Session, guard};
use super::{FOUND, NOTHING_FOUND};
use crate::diff::{Known, fate};
use crate::document::{Document, name_text};
use crate::engine::{Engine, around};
use crate::error::{Error, Result};
use crate::passage::{Passage, PassageSize, passages};
use crate::read::corpus::Corpus;
use crate::read::guard::Worker;
use crate::read::{Record, Refusal};
use crate::render::{clean, fate as render, json, location_text};

/// Runs the command.
pub fn run(arguments: &ShowArgs, common: &Common, output: &Output) -> Result<u8> {
    let passages = match read_file(&arguments.what, &arguments.file, output)? {
        Some(passages) => passages,
        None => {
            let session = Session::open(common, output)?;
            let engine = session.searcher.engine();
            let Some(passages) = indexed(engine, &arguments.what)? else {
                return retired(engine, &arguments.what, common, output);
            };
            session.leave(common, output);
            passages
        }
    };
    if common.json {
        let values: Vec<_> = passages.iter().map(json::passage).collect();
        output.json(&json!({"schema": "tipsearch.passages/1", "passages": values}))?;
        return Ok(FOUND);
    }
    let mut text = String::new();
    let mut trail: &[String] = &[];
    for passage in &passages {
        if passage.trail != trail {
            trail = &passage.trail;
            text.push_str(&format!("{}\n\n", clean(&trail.join(" › "))));
        }
        if !passage.text.is_empty() {
            text.push_str(&format!("{}\n\n", clean(&passage.text)));
        }
        text.push_str(&format!("  [{} · id {}]\n\n", clean(&location_text(passage)), passage.id));
    }
    output.print(&text)?;
    Ok(FOUND)
}

/// The passages of a file, when the argument names one: of each document in it, in order.
///
/// # Errors
/// Where nothing in it can be read: why.
pub fn read_file(name: &str, options: &FileArgs, output: &Output) -> Result<Option<Vec<Passage>>> {
    let documents = read_documents(name, options, output)?;
    Ok(documents.map(|documents| {
        documents.iter().flat_map(|document| passages(document, PassageSize::default())).collect()
    }))
}

/// The documents of a file, when the argument names one.
///
/// # Errors
/// Where nothing in it can be read: why.
pub fn read_documents(
    name: &str,
    options: &FileArgs,
    output: &Output,
) -> Result<Option<Vec<Document>>> {
    let path = Path::new(name);
    if !path.is_file() {
        return Ok(None);
    }
    let id = path.file_name().map_or_else(|| name.to_owned(), |name| name_text(name).into_owned());
    let mut corpus = Corpus::of(path)?;
    corpus.keep_all |= options.keep_all;
    corpus.ocr = options.ocr.clone().or(corpus.ocr);
    let guard = guard();
    guard.can_recognize(&corpus)?;
    let mut found = Vec::new();
    let mut each = |record: Record<'_>| {
        match record {
            Record::Document(document, _) => {
                for warning in &document.warnings {
                    output.warning(&format!("`{}`: {}", document.id, warning.message));
                }
                found.push(*document);
            }
            Record::Failed(id, reason) => {
                output.warning(&format!("`{id}` could not be read: {reason}"));
            }
            Record::PassedOver(id, what) => output.note(&format!("`{id}` is {what}")),
        }
        ControlFlow::Continue(())
    };
    let outcome = Worker::new(&guard).read(&id, path, &corpus, false, &mut each);
    match outcome {
        Ok(_) | Err(Refusal::Stopped) => Ok(Some(found)),
        Err(Refusal::PassedOver(what)) => Err(Error::Usage {
            message: format!("`{name}` is {what}, which is not read"),
            hint: None,
        }),
        Err(Refusal::Failed(reason)) if found.is_empty() => {
            Err(Error::Usage { message: format!("`{name}` cannot be read: {reason}"), hint: None })
        }
        Err(Refusal::Failed(reason)) => {
            output.warning(&format!("`{name}` could not be read to its end: {reason}"));
            Ok(Some(found))
        }
    }
}

/// What became of a passage that the index had: exit code 1, as what was asked for is not there.
fn retired(engine: &dyn Engine, what: &str, common: &Common, output: &Output) -> Result<u8> {
    let id = what.split(':').next().unwrap_or_default();
    let retired = engine.retired(id)?.ok_or_else(|| not_found(engine, what))?;
    let known = Known {
        id: id.to_owned(),
        doc_id: retired.doc_id,
        trail: retired.trail,
        text: retired.text,
    };
    let fate = fate(engine, &known)?;
    match common.json {
        true => output.json(&render::known_json(&known, retired.generation, &fate))?,
        false => {
            let look = output.look(Vec::new(), false);
            output.print(&render::known_terminal(&known, retired.generation, &fate, &look))?;
        }
    }
    Ok(NOTHING_FOUND)
}

/// A passage of the index with its neighbours (`ID:before:after`), or the passages of a document.
fn indexed(engine: &dyn Engine, what: &str) -> Result<Option<Vec<Passage>>> {
    let document = engine.document(what)?;
    if !document.is_empty() {
        return Ok(Some(document));
    }
    let mut parts = what.split(':');
    let id = parts.next().unwrap_or_default();
    let mut number = |name: &str| -> Result<usize> {
        parts.next().map_or(Ok(0), |text| {
            text.parse().map_err(|_| Error::Usage {
                message: format!("`{text}` is not a number of passages {name}"),
                hint: Some("write `ID:before:after`, as in `ID:1:1`".to_owned()),
            })
        })
    };
    let Some(passage) = engine.passage(id)? else { return Ok(None) };
    let (before, after) = (number("before")?, number("after")?);
    around(engine, &passage, before, after).map(Some)
}

/// The failure for a name that is neither, with a document whose id holds it as a hint.
pub fn not_found(engine: &dyn Engine, name: &str) -> Error {
    let documents = engine.documents().unwrap_or_default();
    let near = documents.iter().find(|listed| listed.doc_id.contains(name));
    Error::NotFound {
        what: "passage, document or file",
        name: name.to_owned(),
        hint: near.map(|listed| format!("did you mean `{}`?", listed.doc_id)),
    }
}
