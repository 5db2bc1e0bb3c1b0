//! `tipsearch doctor`: proves that every passage stands where it says, and that the index is whole.

use serde_json::json;

use super::args::Common;
use super::output::Output;
use super::session::{Session, guard};
use super::{FOUND, NOTHING_FOUND};
use crate::error::Result;
use crate::examine::{Examination, examine};
use crate::render::terminal::count;

/// How many faults are named one by one.
const MOST_NAMED: usize = 50;

/// Runs the command: exit code 0 when all is well, 1 when something is not, or could not be proved as files have changed.
pub fn run(common: &Common, output: &Output) -> Result<u8> {
    let session = Session::unwatched(common, output)?;
    let examination = examine(session.searcher.engine(), &guard())?;
    let is_well = examination.faults.is_empty() && examination.stale.is_empty();
    if common.json {
        output.json(&json!({
            "ok": is_well,
            "documents": examination.documents,
            "passages": examination.passages,
            "located": examination.located,
            "stale": examination.stale,
            "damaged_files": examination.damaged_files,
            "faults": examination.faults,
        }))?;
    } else {
        output.print(&text(&examination))?;
    }
    Ok(if is_well { FOUND } else { NOTHING_FOUND })
}

fn text(examination: &Examination) -> String {
    let mut text = String::new();
    for fault in examination.faults.iter().take(MOST_NAMED) {
        text.push_str(&format!("fault: {}\n", crate::render::clean(fault)));
    }
    if examination.faults.len() > MOST_NAMED {
        text.push_str(&format!("... and {} more\n", examination.faults.len() - MOST_NAMED));
    }
    for stale in examination.stale.iter().take(MOST_NAMED) {
        text.push_str(&format!(
            "changed or gone since indexing: {}\n",
            crate::render::clean(stale)
        ));
    }
    text.push_str(&match examination.damaged_files.len() {
        0 => format!(
            "{} of {} in {} stand where they say; every file of the index has its checksum\n",
            count(examination.located, "passage"),
            examination.passages,
            count(examination.documents, "document"),
        ),
        // What stands in them means nothing, and was not looked at.
        number => format!(
            "{} in the index; `tipsearch index --force` makes it anew from the reports\n",
            count(number as u64, "damaged file")
        ),
    });
    text
}
