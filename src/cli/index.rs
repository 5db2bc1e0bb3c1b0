//! `tipsearch index`: brings the index up to date with the reports.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{Common, IndexArgs};
use super::output::Output;
use super::session::{guard, index_path};
use super::{FOUND, NOTHING_FOUND};
use crate::engine::local::{LocalEngine, WriterOptions};
use crate::error::{Error, Result};
use crate::index::{IndexReport, IndexRequest, index};
use crate::render::terminal::count;

/// How many odd files are named one by one.
const MOST_NAMED: usize = 20;

/// Runs the command.
pub fn run(arguments: &IndexArgs, common: &Common, output: &Output) -> Result<u8> {
    let path = index_path(common);
    let defaults = WriterOptions::default();
    let request = IndexRequest {
        force: arguments.force,
        ocr: arguments.ocr.clone(),
        options: WriterOptions {
            threads: arguments.threads.unwrap_or(defaults.threads),
            memory: arguments
                .memory
                .map_or(defaults.memory, |megabytes| megabytes.saturating_mul(1_000_000)),
            ..defaults
        },
        guard: guard(),
        ..IndexRequest::new(roots(arguments, &path)?, path)
    };
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    // Without a handler Ctrl-C still ends the program, and the last commit is kept all the same.
    let _ = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed));
    let bar = output.shows_progress().then(progress_bar);
    let report = index(&request, &stop, &|done, all| {
        if let Some(bar) = &bar {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let report = report?;
    print(&report, common, output)?;
    Ok(if report.documents == 0 { NOTHING_FOUND } else { FOUND })
}

/// What to index: what was named, else `corpus/`, else what the index was made of.
fn roots(arguments: &IndexArgs, index: &Path) -> Result<Vec<PathBuf>> {
    if !arguments.paths.is_empty() {
        return Ok(arguments.paths.clone());
    }
    let is_there = index.join("current.json").exists();
    match LocalEngine::summary_of(index) {
        Some(summary) if !summary.roots.is_empty() => Ok(summary.roots),
        _ if is_there => Err(Error::Usage {
            message: format!("the index at `{}` does not say what it was made of", index.display()),
            hint: Some("name the folder: `tipsearch index PATH`".to_owned()),
        }),
        _ if Path::new("corpus").is_dir() => Ok(vec![PathBuf::from("corpus")]),
        _ => Err(Error::Usage {
            message: "there is no `corpus` here to index".to_owned(),
            hint: Some("name a folder or a file: `tipsearch index PATH`".to_owned()),
        }),
    }
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn print(report: &IndexReport, common: &Common, output: &Output) -> Result<()> {
    if common.json {
        return output.json(&json!({
            "documents": report.documents,
            "passages": report.passages,
            "bytes_read": report.bytes_read,
            "added": report.added,
            "changed": report.changed,
            "removed": report.removed,
            "renamed": report.renamed,
            "unchanged": report.unchanged,
            "failed": report.failed,
            "skipped": report.skipped,
            "warnings": report.warnings,
            "committed": report.committed,
            "seconds": report.took.as_secs_f64(),
        }));
    }
    for (name, reason) in report.failed.iter().take(MOST_NAMED) {
        output.warning(&format!("`{name}` could not be read: {reason}"));
    }
    for (name, what) in report.warnings.iter().take(MOST_NAMED) {
        output.warning(&format!("`{name}`: {what}"));
    }
    let unnamed =
        [&report.failed, &report.warnings].map(|list| list.len().saturating_sub(MOST_NAMED));
    if unnamed.iter().sum::<usize>() > 0 {
        output.warning("there are more of these; `tipsearch status --json` names them all");
    }
    skipped(report, output);
    output.print(&summary(report))
}

/// Passed-over files by reason: a shelf may hold many.
fn skipped(report: &IndexReport, output: &Output) {
    let mut reasons = std::collections::BTreeMap::new();
    for (name, reason) in &report.skipped {
        let (number, first) = reasons.entry(reason).or_insert((0u64, name));
        *number += 1;
        *first = name.min(first);
    }
    for (reason, (number, first)) in reasons {
        output.note(&format!("passed over {}: {reason} (`{first}`)", count(number, "file")));
    }
}

fn summary(report: &IndexReport) -> String {
    let mut text =
        format!("{} in {}", count(report.passages, "passage"), count(report.documents, "document"));
    let changes = [
        (report.added, "added"),
        (report.changed, "changed"),
        (report.removed, "removed"),
        (report.renamed, "of these renamed"),
        (report.unchanged, "unchanged"),
        (report.failed.len(), "failed"),
    ];
    let changes: Vec<String> = changes
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    if !changes.is_empty() {
        let _ = write!(text, " ({})", changes.join(", "));
    }
    let megabytes = report.bytes_read as f64 / 1e6;
    let _ = writeln!(text, "; read {megabytes:.1} MB in {:.2} s", report.took.as_secs_f64());
    text
}
