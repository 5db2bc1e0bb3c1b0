//! `tipsearch diff` and `since`: what became of a report from year to year.

use clap::Args;

use super::args::Common;
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::diff::{Change, DiffRequest, diff, since};
use crate::engine::Engine;
use crate::error::Result;
use crate::render::diff as render;

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The older report: a year, or a document's id
    #[arg(value_name = "OLD")]
    old: String,
    /// The newer one
    #[arg(value_name = "NEW")]
    new: String,
    /// Of which country the reports of the two years are
    #[arg(long, value_name = "NAME")]
    country: Option<String>,
    /// Which reports of the two years: 'country:kazakhstan source:...'
    #[arg(long, value_name = "FIELDS")]
    filter: Option<String>,
    /// Only sections with this role (prosecution, protection, ...), or under a heading with these words
    #[arg(short, long, value_name = "SECTION")]
    section: Option<String>,
    /// Show what has not changed too
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
pub struct SinceArgs {
    /// A passage's id
    #[arg(value_name = "ID")]
    id: String,
}

impl DiffArgs {
    fn request(&self) -> DiffRequest {
        let country =
            self.country.as_ref().map(|name| format!("country:\"{}\"", name.replace('"', " ")));
        let filter: Vec<String> = country.into_iter().chain(self.filter.clone()).collect();
        DiffRequest {
            old: self.old.clone(),
            new: self.new.clone(),
            filter: (!filter.is_empty()).then(|| filter.join(" ")),
            section: self.section.clone(),
        }
    }
}

/// Runs `tipsearch diff`: exit code 1 where the two say the same, as nothing is found then.
pub fn run(arguments: &DiffArgs, common: &Common, output: &Output) -> Result<u8> {
    let session = Session::open(common, output)?;
    let revision = diff(&session.searcher, &arguments.request())?;
    match common.json {
        true => output.json(&render::json(&revision))?,
        false => {
            let look = output.look(Vec::new(), false);
            output.print(&render::terminal(&revision, arguments.all, &look))?;
        }
    }
    let is_same = revision.changes.iter().all(|change| matches!(change, Change::Unchanged(..)));
    session.leave(common, output);
    Ok(if is_same { NOTHING_FOUND } else { FOUND })
}

/// Runs `tipsearch since`.
pub fn run_since(arguments: &SinceArgs, common: &Common, output: &Output) -> Result<u8> {
    let session = Session::open(common, output)?;
    let engine = session.searcher.engine();
    let found = since(engine, &arguments.id)?;
    match common.json {
        true => output.json(&render::since_json(&found, engine.summary()))?,
        false => output.print(&render::since_terminal(&found, &output.look(Vec::new(), false)))?,
    }
    session.leave(common, output);
    Ok(FOUND)
}
