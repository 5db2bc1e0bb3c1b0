//! `tipsearch kwic`: counting and comparing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{Common, SynonymArgs};
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::count::{self, CountRequest, Counts, KwicRequest, Order};
use crate::error::Result;
use crate::render::count as render;

/// What is counted.
#[derive(Debug, Args)]
pub struct CountArgs {
    /// Restrict by fields: 'year:2020..2024 country:kazakhstan'
    #[arg(long, value_name = "FIELDS")]
    filter: Option<String>,
    /// Only sections under a heading with these words
    #[arg(short, long, value_name = "HEADING")]
    section: Option<String>,
    /// Words as written: no other forms
    #[arg(long)]
    literal: bool,
    /// Count what a search finds: synonyms, words written apart or together, near spellings too
    #[arg(long)]
    synonyms: bool,
    /// With synonyms beside those in the program: a TOML or CSV file, or SKOS in Turtle
    #[arg(long, value_name = "FILE")]
    thesaurus: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct KwicArgs {
    /// Words, "phrases", AND OR NOT + -, field:value, prefix*; of several plain words, each
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// How many lines, 0 for all
    #[arg(short = 'n', long, default_value_t = 20, value_name = "N")]
    limit: usize,
    /// The order of the lines: by what stands before the keyword, by what follows, by document
    #[arg(long, value_enum, default_value_t = SortLines::Document, value_name = "ORDER")]
    sort: SortLines,
    /// Columns of a line [default: those of the terminal]; with --json, of text on each side
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,
    #[command(flatten)]
    count: CountArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SortLines {
    Left,
    Right,
    Document,
}

impl CountArgs {
    fn request(&self, query: &str) -> CountRequest {
        CountRequest {
            query: query.to_owned(),
            filter: self.filter.clone(),
            section: self.section.clone(),
            literal: self.literal,
            synonyms: self.synonyms || self.thesaurus.is_some(),
        }
    }

    fn session(&self, common: &Common, output: &Output, query: &str) -> Result<Session> {
        let no_synonyms = !self.synonyms && self.thesaurus.is_none();
        let synonyms = SynonymArgs { thesaurus: self.thesaurus.clone(), no_synonyms };
        Session::searching(&synonyms, common, output, query)
    }
}

fn code(total: &Counts) -> u8 {
    if total.passages > 0 { FOUND } else { NOTHING_FOUND }
}

/// Runs `kwic`.
pub fn kwic(arguments: &KwicArgs, common: &Common, output: &Output) -> Result<u8> {
    let query = arguments.query.join(" ");
    let session = arguments.count.session(common, output, &query)?;
    let order = match arguments.sort {
        SortLines::Left => Order::Left,
        SortLines::Right => Order::Right,
        SortLines::Document => Order::Document,
    };
    let limit = (arguments.limit > 0).then_some(arguments.limit);
    let request = KwicRequest { count: arguments.count.request(&query), limit, order };
    let concordance = count::kwic(&session.searcher, &request)?;
    match common.json {
        true => output.json(&render::kwic::json(&concordance, arguments.width))?,
        false => {
            let look = output.wide_look(arguments.width);
            output.print(&render::kwic::text(&concordance, &look))?;
        }
    }
    session.leave();
    Ok(code(&concordance.total))
}
