//! `tipsearch kwic`, `collocates`, `dispersion`, `compare`, `facets` and `timeline`: counting and comparing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{Common, SynonymArgs};
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::count::{
    self, CollocatesRequest, CompareRequest, CountRequest, Counts, DispersionRequest,
    FacetsRequest, KwicRequest, Order,
};
use crate::error::{Error, Result};
use crate::render::count::{self as render, Measure};

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

#[derive(Debug, Args)]
pub struct CollocatesArgs {
    /// Words, "phrases", AND OR NOT + -, field:value, prefix*; of several plain words, each
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// How many words on each side
    #[arg(long, default_value_t = 5, value_name = "WORDS")]
    window: usize,
    /// Leave out what is beside less often
    #[arg(long, default_value_t = 3, value_name = "N")]
    fewest: u64,
    /// How many words
    #[arg(short = 'n', long, default_value_t = 20, value_name = "N")]
    limit: usize,
    /// Words such as "the" too
    #[arg(long)]
    stop_words: bool,
    #[command(flatten)]
    count: CountArgs,
}

#[derive(Debug, Args)]
pub struct DispersionArgs {
    /// Words, "phrases", AND OR NOT + -, field:value, prefix*; of several plain words, each
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// How many reports, 0 for all
    #[arg(short = 'n', long, default_value_t = 20, value_name = "N")]
    limit: usize,
    /// Columns of a line [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,
    #[command(flatten)]
    count: CountArgs,
}

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Words, "phrases", AND OR NOT + -, field:value, prefix*; of several plain words, each
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// One field or two: country, year, role, section, lang, doc, title, or a key of metadata
    #[arg(long, required = true, value_delimiter = ',', value_name = "FIELD,FIELD")]
    by: Vec<String>,
    /// What a table of two fields and a picture show [default: rate]
    #[arg(long, value_enum, default_value_t = Show::Rate, value_name = "WHAT", hide_default_value = true)]
    show: Show,
    /// Print CSV: a line for each group
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    picture: PictureArgs,
    #[command(flatten)]
    count: CountArgs,
}

#[derive(Debug, Args)]
pub struct FacetsArgs {
    /// What is counted [default: everything]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Fields: country, year, role, section, lang, doc, title, or keys of metadata
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "country,year,role,lang,doc",
        value_name = "FIELD,..."
    )]
    by: Vec<String>,
    /// How many values of each, 0 for all
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Columns of the table [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,
    #[command(flatten)]
    count: CountArgs,
}

#[derive(Debug, Args)]
pub struct TimelineArgs {
    /// Words, "phrases", AND OR NOT + -, field:value, prefix*; of several plain words, each
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    picture: PictureArgs,
    #[command(flatten)]
    count: CountArgs,
}

/// How tables and charts are drawn.
#[derive(Debug, Args)]
struct PictureArgs {
    /// Write a picture as well
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Columns of the table [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    Rate,
    Occurrences,
    Passages,
    Documents,
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
            filter: self.filter.clone(),
            section: self.section.clone(),
            literal: self.literal,
            synonyms: self.synonyms || self.thesaurus.is_some(),
            ..CountRequest::new(query)
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
    session.leave(common, output);
    Ok(code(&concordance.total))
}

/// Runs `collocates`.
pub fn collocates(arguments: &CollocatesArgs, common: &Common, output: &Output) -> Result<u8> {
    let query = arguments.query.join(" ");
    let session = arguments.count.session(common, output, &query)?;
    let request = CollocatesRequest {
        count: arguments.count.request(&query),
        window: arguments.window,
        fewest: arguments.fewest,
        limit: arguments.limit,
        stop_words: arguments.stop_words,
    };
    let collocates = count::collocates(&session.searcher, &request)?;
    match common.json {
        true => output.json(&render::collocates::json(&collocates))?,
        false => output.print(&render::collocates::text(&collocates, &output.wide_look(None)))?,
    }
    session.leave(common, output);
    Ok(code(&collocates.total))
}

/// Runs `dispersion`.
pub fn dispersion(arguments: &DispersionArgs, common: &Common, output: &Output) -> Result<u8> {
    let query = arguments.query.join(" ");
    let session = arguments.count.session(common, output, &query)?;
    let limit = (arguments.limit > 0).then_some(arguments.limit);
    let request = DispersionRequest { count: arguments.count.request(&query), limit };
    let dispersion = count::dispersion(&session.searcher, &request)?;
    match common.json {
        true => output.json(&render::dispersion::json(&dispersion))?,
        false => {
            let look = output.wide_look(arguments.width);
            output.print(&render::dispersion::text(&dispersion, &look))?;
        }
    }
    session.leave(common, output);
    Ok(code(&dispersion.total))
}

/// Runs `compare`.
pub fn compare(arguments: &CompareArgs, common: &Common, output: &Output) -> Result<u8> {
    let query = arguments.query.join(" ");
    let session = arguments.count.session(common, output, &query)?;
    let request =
        CompareRequest { count: arguments.count.request(&query), by: arguments.by.clone() };
    let comparison = count::compare(&session.searcher, &request)?;
    let measure = match arguments.show {
        Show::Rate => Measure::Rate,
        Show::Occurrences => Measure::Occurrences,
        Show::Passages => Measure::Passages,
        Show::Documents => Measure::Documents,
    };
    arguments.picture.write(output, || render::svg::comparison(&comparison, measure))?;
    match (common.json, arguments.csv) {
        (true, _) => output.json(&render::data::comparison(&comparison))?,
        (_, true) => output.document(&render::data::csv(&comparison))?,
        _ => {
            let look = output.wide_look(arguments.picture.width);
            output.print(&render::table::comparison(&comparison, measure, &look))?;
        }
    }
    session.leave(common, output);
    Ok(code(&comparison.total.counts))
}

/// Runs `facets`.
pub fn facets(arguments: &FacetsArgs, common: &Common, output: &Output) -> Result<u8> {
    let query = arguments.query.join(" ");
    let session = arguments.count.session(common, output, &query)?;
    let request = FacetsRequest {
        count: arguments.count.request(&query),
        by: arguments.by.clone(),
        limit: (arguments.limit > 0).then_some(arguments.limit),
    };
    let facets = count::facets(&session.searcher, &request)?;
    match common.json {
        true => output.json(&render::data::facets(&facets))?,
        false => {
            let look = output.wide_look(arguments.width);
            output.print(&render::table::facets(&facets, &look))?;
        }
    }
    session.leave(common, output);
    Ok(code(&facets.total))
}

/// Runs `timeline`.
pub fn timeline(arguments: &TimelineArgs, common: &Common, output: &Output) -> Result<u8> {
    let query = arguments.query.join(" ");
    let session = arguments.count.session(common, output, &query)?;
    let timeline = count::timeline(&session.searcher, &arguments.count.request(&query))?;
    let measure = Measure::count(timeline.has_occurrences);
    arguments.picture.write(output, || render::svg::timeline(&timeline, measure))?;
    match common.json {
        true => output.json(&render::data::timeline(&timeline))?,
        false => {
            let look = output.wide_look(arguments.picture.width);
            output.print(&render::table::timeline(&timeline, &look))?;
        }
    }
    session.leave(common, output);
    Ok(code(&timeline.total.counts))
}

impl PictureArgs {
    /// Writes the picture, where one is asked for.
    fn write(&self, output: &Output, picture: impl FnOnce() -> String) -> Result<()> {
        let Some(path) = &self.svg else { return Ok(()) };
        std::fs::write(path, picture()).map_err(|error| Error::io("write", path, error))?;
        output.note(&format!("the picture is in `{}`", path.display()));
        Ok(())
    }
}
