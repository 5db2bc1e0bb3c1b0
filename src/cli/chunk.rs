//! `tipsearch chunk`: reads and cuts a part of the reports, for `tipsearch index --from`.

use std::path::PathBuf;

use serde_json::json;

use super::FOUND;
use super::args::{ChunkArgs, Common};
use super::index::{odd, watched};
use super::output::Output;
use super::session::{guard, index_path};
use crate::error::Result;
use crate::index::{ChunkReport, ChunkRequest, chunk};
use crate::render::terminal::{count, size};

/// Runs the command: exit code 0 also where the part has no files.
pub fn run(arguments: &ChunkArgs, common: &Common, output: &Output) -> Result<u8> {
    let roots = match arguments.paths.is_empty() {
        true => vec![PathBuf::from("corpus")],
        false => arguments.paths.clone(),
    };
    let defaults = ChunkRequest::new(roots, arguments.output.clone());
    let request = ChunkRequest {
        part: arguments.shard,
        index: index_path(common),
        force: arguments.force,
        ocr: arguments.ocr.clone(),
        guard: guard(),
        threads: arguments.threads.map_or(defaults.threads, |threads| threads as usize),
        ..defaults
    };
    let report = watched("files", output, |stop, progress| chunk(&request, stop, progress))?;
    if common.json {
        output.json(&json!({
            "shard": arguments.shard.number,
            "of": arguments.shard.of,
            "output": arguments.output.to_string_lossy(),
            "kept": report.is_kept,
            "files": report.counts.files,
            "documents": report.counts.documents,
            "passages": report.counts.passages,
            "failed": report.counts.failed,
            "bytes": report.bytes,
            "seconds": report.took.as_secs_f64(),
        }))?;
        return Ok(FOUND);
    }
    let more = "failures stand in the file beside the shard";
    odd(&report.failed, &report.warnings, more, output);
    output.print(&summary(arguments, &report))?;
    Ok(FOUND)
}

fn summary(arguments: &ChunkArgs, report: &ChunkReport) -> String {
    let counts = &report.counts;
    let failed = match counts.failed {
        0 => String::new(),
        failed => format!(" ({failed} failed)"),
    };
    let end = match report.is_kept {
        true => "; it was finished before, and its files have not changed".to_owned(),
        false => format!(" in {:.2} s", report.took.as_secs_f64()),
    };
    format!(
        "shard {}: {} in {} of {}{failed}, {}{end}\n",
        arguments.shard,
        count(counts.passages, "passage"),
        count(counts.documents, "document"),
        count(counts.files, "file"),
        size(report.bytes),
    )
}
