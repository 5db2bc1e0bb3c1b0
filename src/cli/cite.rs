//! `tipsearch cite`: a passage or a document as a citation, as data for programs that manage references, as a
//! selector, or as a link.

use serde_json::{Value, json};

use super::FOUND;
use super::args::{CiteArgs, CiteStyle, Common};
use super::output::Output;
use super::session::Session;
use super::show::not_found;
use crate::cite::{Date, Quote, Reference};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::render::cite::{Style, Styled, bibtex, csl, link, ris, selector, styled};

/// Runs the command.
pub fn run(arguments: &CiteArgs, common: &Common, output: &Output) -> Result<u8> {
    let accessed = match &arguments.accessed {
        None => Date::today(),
        Some(text) => Date::day(text).ok_or_else(|| Error::Usage {
            message: format!("`{text}` is not a day"),
            hint: Some("write it as `2026-01-31`".to_owned()),
        })?,
    };
    let session = Session::open(common, output)?;
    let engine: &dyn Engine = session.searcher.engine();
    let (reference, passage) = reference(engine, &arguments.what, accessed)?;
    let quote = quote(engine, arguments, passage.as_ref())?;
    let style = match arguments.style {
        CiteStyle::Chicago => Style::Chicago,
        CiteStyle::Apa => Style::Apa,
        CiteStyle::Mla => Style::Mla,
        CiteStyle::Bluebook => Style::Bluebook,
        data => {
            print_data(data, &reference, quote.as_ref(), common, output)?;
            session.leave(common, output);
            return Ok(FOUND);
        }
    };
    let lines = styled(&reference, style);
    match common.json {
        true => output.json(&styled_json(&arguments.what, &lines))?,
        false => {
            let lines: Vec<String> = lines.iter().map(|line| output.styled(line) + "\n").collect();
            output.print(&lines.concat())?;
        }
    }
    session.leave(common, output);
    Ok(FOUND)
}

fn reference(
    engine: &dyn Engine,
    what: &str,
    accessed: Date,
) -> Result<(Reference, Option<Passage>)> {
    if let Some(passage) = engine.passage(what)? {
        return Ok((Reference::of_passage(&passage, accessed), Some(passage)));
    }
    let documents = engine.documents()?;
    match documents.iter().find(|listed| listed.doc_id == what && listed.failure().is_none()) {
        Some(listed) => Ok((Reference::of_document(listed, accessed), None)),
        None => Err(not_found(engine, what)),
    }
}

/// What is quoted: words of the passage, or all of it.
fn quote(
    engine: &dyn Engine,
    arguments: &CiteArgs,
    passage: Option<&Passage>,
) -> Result<Option<Quote>> {
    let words = arguments.quote.as_deref();
    let is_at_words = matches!(arguments.style, CiteStyle::W3c | CiteStyle::Link);
    let usage = |message: &str, hint: String| {
        Err(Error::Usage { message: message.to_owned(), hint: Some(hint) })
    };
    match (passage, words) {
        (_, Some(_)) if !is_at_words => usage(
            "a quotation is for a selector or a link",
            "add `--style w3c` or `--style link`, or leave out `--quote`".to_owned(),
        ),
        (_, Some(words)) if words.trim().is_empty() => {
            usage("the quotation is empty", "write words of the passage".to_owned())
        }
        (None, None) if arguments.style != CiteStyle::W3c => Ok(None),
        (None, _) => usage(
            "words are quoted from a passage, not from a document",
            "`tipsearch verify --quote TEXT` has the id of the passage".to_owned(),
        ),
        (Some(passage), words) => {
            let document = engine.document(&passage.report.doc_id)?;
            match Quote::of(passage, words, &document) {
                Some(quote) => Ok(Some(quote)),
                None => usage(
                    "the passage does not have these words",
                    "`tipsearch verify --quote TEXT` tells where they stand, or what differs"
                        .to_owned(),
                ),
            }
        }
    }
}

fn print_data(
    style: CiteStyle,
    reference: &Reference,
    quote: Option<&Quote>,
    common: &Common,
    output: &Output,
) -> Result<()> {
    let text = match (style, quote) {
        (CiteStyle::CslJson, _) => return output.json(&json!([csl(reference)])),
        (CiteStyle::W3c, Some(quote)) => return output.json(&selector(reference, quote)),
        (CiteStyle::Bibtex, _) => bibtex(reference),
        (CiteStyle::Ris, _) => ris(reference),
        _ => link(reference, quote) + "\n",
    };
    match common.json {
        true => output.json(&json!({"schema": "tipsearch.cite/1", "text": text})),
        false => output.document(&text),
    }
}

fn styled_json(what: &str, lines: &[Styled]) -> Value {
    let one = |line: &Styled| json!({"text": line.plain(), "markdown": line.markdown()});
    let mut value = json!({"schema": "tipsearch.cite/1", "id": what, "reference": null});
    if let Some(entry) = lines.first() {
        value["reference"] = one(entry);
    }
    if let Some(pointer) = lines.get(1) {
        value["pointer"] = one(pointer);
    }
    value
}
