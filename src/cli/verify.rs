//! `tipsearch verify`: whether quotations, or all those of a draft, stand in the corpus.

use std::io::{Read, Write};

use super::args::{Common, FileArgs, VerifyArgs};
use super::output::Output;
use super::session::Session;
use super::show::read_documents;
use super::{FOUND, NOTHING_FOUND};
use crate::document::Document;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::read::LARGEST_FILE;
use crate::render::verify::{Checked, CheckedFigure, Report, json, terminal};
use crate::verify::{Verifier, check_draft};

/// Runs the command.
pub fn run(arguments: &VerifyArgs, common: &Common, output: &Output) -> Result<u8> {
    let (name, drafts) = match &arguments.draft {
        Some(draft) => {
            let (name, found) = read_draft(draft, output)?;
            (Some(name), found)
        }
        None => (None, Vec::new()),
    };
    let session = Session::open(common, output)?;
    let engine: &dyn Engine = session.searcher.engine();
    let mut verifier = match &arguments.doc {
        Some(doc_id) => Verifier::within(engine, doc_id)?,
        None => Verifier::new(engine),
    };
    let mut report = Report { draft: name, ..Report::default() };
    for quote in &arguments.quote {
        let verification = verifier.verify(quote)?;
        report.quotations.push(Checked { verification, drafted: None });
    }
    let draft = check_draft(engine, &drafts, arguments.doc.as_deref(), !arguments.no_figures)?;
    (report.short, report.open) = (draft.short, draft.open);
    for (quotation, verification) in draft.quotations {
        report.quotations.push(Checked { verification, drafted: Some(quotation) });
    }
    for (claim, finding) in draft.figures {
        report.figures.push(CheckedFigure { claim, finding });
    }
    match common.json {
        true => output.json(&json(&report, engine.summary()))?,
        false => {
            let look = output.look(engine.summary().roots.clone(), false);
            output.print(&terminal(&report, &look))?;
        }
    }
    drop(verifier);
    session.leave(common, output);
    Ok(if report.is_good() { FOUND } else { NOTHING_FOUND })
}

/// What a draft's file holds, and its name. `-` is standard input, read as a file of its kind, and so is a pipe.
fn read_draft(draft: &str, output: &Output) -> Result<(String, Vec<Document>)> {
    let options = FileArgs { keep_all: true, ocr: None, format: None };
    // What a shell gives a pipe's name (`<(…)`) is read as standard input is.
    let is_pipe = std::fs::metadata(draft).is_ok_and(|file| !file.is_file() && !file.is_dir());
    if draft != "-" && !is_pipe {
        let documents = read_documents(draft, &options, output)?;
        let documents = documents.ok_or_else(|| Error::NotFound {
            what: "file",
            name: draft.to_owned(),
            hint: Some("write `--quote TEXT` to check a quotation by itself".to_owned()),
        })?;
        return Ok((draft.to_owned(), documents));
    }
    let name = if is_pipe { draft } else { "standard input" };
    let failed = |error| Error::io("read", name, error);
    let mut file = tempfile::Builder::new().suffix(".md").tempfile().map_err(failed)?;
    let mut bytes = Vec::new();
    let mut source: Box<dyn Read> = match is_pipe {
        true => Box::new(std::fs::File::open(draft).map_err(failed)?),
        false => Box::new(std::io::stdin().lock()),
    };
    source.by_ref().take(LARGEST_FILE).read_to_end(&mut bytes).map_err(failed)?;
    file.write_all(&bytes).and_then(|()| file.flush()).map_err(failed)?;
    let documents = read_documents(&file.path().to_string_lossy(), &options, output)?;
    Ok((name.to_owned(), documents.unwrap_or_default()))
}
