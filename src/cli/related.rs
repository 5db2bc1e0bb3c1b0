//! `tipsearch related`: words of the index that mean something like others.

use clap::Args;
use serde_json::json;

use super::args::Common;
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::error::Result;
use crate::render::clean;
use crate::search::{SearchRequest, known_words};

#[derive(Debug, Args)]
pub struct RelatedArgs {
    /// Words of English
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// How many
    #[arg(short = 'n', long, default_value_t = 15, value_name = "N")]
    limit: usize,
}

/// Runs the command.
pub fn run(arguments: &RelatedArgs, common: &Common, output: &Output) -> Result<u8> {
    let words = arguments.words.join(" ");
    let session = Session::open(common, output)?;
    let related = session.searcher.related(&words, arguments.limit)?;
    let unknown = session.searcher.query(&SearchRequest::new(&words))?.unknown();
    if !unknown.is_empty() {
        let unknown: Vec<String> = unknown.iter().map(|it| format!("“{}”", clean(it))).collect();
        output.note(&format!("nowhere in the index: {}", unknown.join(", ")));
    }
    let (whole, in_pieces) = known_words(&words);
    if whole.is_empty() && !in_pieces.is_empty() && !related.is_empty() {
        let in_pieces: Vec<String> =
            in_pieces.iter().map(|it| format!("“{}”", clean(it))).collect();
        let in_pieces = in_pieces.join(", ");
        output
            .note(&format!("{in_pieces}: known by pieces only; these may be like it in spelling"));
    }
    let code = if related.is_empty() { NOTHING_FOUND } else { FOUND };
    if common.json {
        let related = related
            .iter()
            .map(|it| json!({"word": it.word, "likeness": it.likeness, "passages": it.passages}));
        output.json(&json!({
            "schema": "tipsearch.related/1",
            "words": words,
            "related": related.collect::<Vec<_>>(),
        }))?;
        return Ok(code);
    }
    let widest = related.iter().map(|it| it.word.chars().count()).max().unwrap_or(0);
    let lines = related.iter().map(|it| {
        let (word, likeness, passages) = (clean(&it.word), it.likeness, it.passages);
        format!("{word:<widest$}  {likeness:.2}  {passages:>7}\n")
    });
    output.print(&lines.collect::<String>())?;
    if related.is_empty() {
        output.note("no word of the index means anything like it");
    }
    session.leave(common, output);
    Ok(code)
}
