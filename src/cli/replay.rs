//! `tipsearch replay`: asks again what a receipt says was asked, and tells what has changed since.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::args::{Common, SynonymArgs};
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::error::{Error, Result};
use crate::receipt::{self, Receipt};
use crate::render::receipt as render;

/// A receipt of all passages of an index of a million has a gigabyte; more is none.
const LARGEST: u64 = 2 << 30;

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// A receipt, as `tipsearch QUERY --receipt FILE` writes it
    #[arg(value_name = "FILE")]
    receipt: PathBuf,
    /// Print only what a methods section says of the search as it was
    #[arg(long)]
    methods: bool,
    #[command(flatten)]
    synonyms: SynonymArgs,
}

/// Runs the command: 0 where the results are the same, 1 where they are not.
pub fn run(arguments: &ReplayArgs, common: &Common, output: &Output) -> Result<u8> {
    let before = read(&arguments.receipt)?;
    if arguments.methods {
        let text = format!("{}\n", crate::render::clean(&render::methods(&before)));
        return output.print(&text).map(|()| FOUND);
    }
    let query = before.request.query.clone();
    let session = Session::searching(&arguments.synonyms, common, output, &query)?;
    let replay = receipt::replay(&session.searcher, before)?;
    match common.json {
        true => output.json(&render::replay_json(&replay))?,
        false => {
            output.print(&render::replay_terminal(&replay, &output.look(Vec::new(), false)))?
        }
    }
    session.leave(common, output);
    Ok(if replay.is_same() { FOUND } else { NOTHING_FOUND })
}

fn read(path: &Path) -> Result<Receipt> {
    let failed = |error| Error::io("read", path, error);
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(Error::usage(format!("`{}` is too large for a receipt", path.display())));
    }
    Receipt::parse(&fs::read_to_string(path).map_err(failed)?)
}

/// Writes a receipt.
pub fn write(path: &Path, receipt: &Receipt) -> Result<()> {
    let value: Value = render::kept(receipt);
    fs::write(path, format!("{value:#}\n")).map_err(|error| Error::io("write", path, error))
}
