//! `tipsearch outline`: the headings of a document, with roles and places.

use super::FOUND;
use super::args::{Common, OutlineArgs};
use super::output::Output;
use super::session::Session;
use super::show::{not_found, read_file};
use crate::engine::Engine;
use crate::error::Result;
use crate::render::outline;

/// Runs the command.
pub fn run(arguments: &OutlineArgs, common: &Common, output: &Output) -> Result<u8> {
    let passages = match read_file(&arguments.what, &arguments.file, output)? {
        Some(passages) => passages,
        None => {
            let session = Session::open(common, output)?;
            let found = session.searcher.engine().document(&arguments.what)?;
            if found.is_empty() {
                return Err(not_found(session.searcher.engine(), &arguments.what));
            }
            session.leave(common, output);
            found
        }
    };
    match common.json {
        true => output.json(&outline::json(&passages))?,
        false => output.print(&outline::text(&passages))?,
    }
    Ok(FOUND)
}
