//! `tipsearch index`: brings the index up to date with the reports.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{Common, IndexArgs};
use super::output::Output;
use super::session::{guard, store};
use super::{FOUND, NOTHING_FOUND};
use crate::engine::{Store, WriterOptions};
use crate::error::{Error, Result};
use crate::index::{FromRequest, IndexReport, IndexRequest, Progress, index, index_from};
use crate::render::clean_name;
use crate::render::terminal::{count, size};

/// How many odd files are named one by one.
const MOST_NAMED: usize = 20;

/// How many are named of those that were passed over for one reason.
const MOST_EXAMPLES: usize = 5;

/// Runs the command.
pub fn run(arguments: &IndexArgs, common: &Common, output: &Output) -> Result<u8> {
    let store = store(common)?;
    let kept = store.clone();
    let defaults = WriterOptions::default();
    let options = WriterOptions {
        threads: arguments.threads.unwrap_or(defaults.threads),
        memory: arguments
            .memory
            .map_or(defaults.memory, |megabytes| megabytes.saturating_mul(1_000_000)),
        #[cfg(feature = "opensearch")]
        shards: arguments.shards,
        #[cfg(feature = "opensearch")]
        keep_old: arguments.keep_old,
        ..defaults
    };
    let report = if arguments.from.is_empty() {
        let request = IndexRequest {
            force: arguments.force,
            ocr: arguments.ocr.clone(),
            options,
            guard: guard(),
            ..IndexRequest::new(roots(arguments, &store)?, store)
        };
        watched("files", output, |stop, progress| index(&request, stop, progress))
    } else {
        let (shards, force) = (arguments.from.clone(), arguments.force);
        let request = FromRequest { shards, store, force, options };
        watched("shards", output, |stop, progress| index_from(&request, stop, progress))
    }?;
    print(&report, common, output)?;
    super::model::encode_after(&kept, common, output)?;
    Ok(if report.documents == 0 { NOTHING_FOUND } else { FOUND })
}

/// Runs something long that Ctrl-C stops, with a bar of how many of its files, or whatever they are, are done.
pub fn watched<T>(
    of: &str,
    output: &Output,
    run: impl FnOnce(&AtomicBool, Progress<'_>) -> Result<T>,
) -> Result<T> {
    // One for all that is watched: a program has one handler.
    static STOP: AtomicBool = AtomicBool::new(false);
    // Without a handler Ctrl-C still ends the program, and what was there before is kept all the same.
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    let bar = output.shows_progress().then(|| progress_bar(of));
    let done = run(&STOP, &|done, all| {
        if let Some(bar) = &bar {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done
}

/// What to index: what was named, else `corpus/`, else what the index was made of.
fn roots(arguments: &IndexArgs, store: &Store) -> Result<Vec<PathBuf>> {
    if !arguments.paths.is_empty() {
        return Ok(arguments.paths.clone());
    }
    let is_there = store.folder().is_some_and(|folder| folder.join("current.json").exists());
    match store.summary() {
        Some(summary) if !summary.roots.is_empty() => Ok(summary.roots),
        _ if is_there => Err(Error::Usage {
            message: format!("the index at `{store}` does not say what it was made of"),
            hint: Some("name the folder: `tipsearch index PATH`".to_owned()),
        }),
        _ if Path::new("corpus").is_dir() => Ok(vec![PathBuf::from("corpus")]),
        _ => Err(Error::Usage {
            message: "there is no `corpus` here to index".to_owned(),
            hint: Some("name a folder or a file: `tipsearch index PATH`".to_owned()),
        }),
    }
}

fn progress_bar(of: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = format!("{{bar:30}} {{pos}}/{{len}} {of}, {{eta}} left");
    if let Ok(style) = ProgressStyle::with_template(&template) {
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
            "resumed": report.resumed,
            "failed": report.failed,
            "skipped": report.skipped,
            "warnings": report.warnings,
            "committed": report.committed,
            "seconds": report.took.as_secs_f64(),
        }));
    }
    let more = "`tipsearch status --json` names them all";
    odd(&report.failed, &report.warnings, more, output);
    skipped(report, output);
    output.print(&summary(report))
}

/// Says what could not be read and what was odd, the first of each; `more`: where to find the rest.
pub fn odd(
    failed: &[(String, String)],
    warnings: &[(String, String)],
    more: &str,
    output: &Output,
) {
    for (name, reason) in failed.iter().take(MOST_NAMED) {
        output.warning(&format!("`{}` could not be read: {reason}", clean_name(name)));
    }
    for (name, what) in warnings.iter().take(MOST_NAMED) {
        output.warning(&format!("`{}`: {what}", clean_name(name)));
    }
    if failed.len().max(warnings.len()) > MOST_NAMED {
        output.warning(&format!("there are more of these; {more}"));
    }
}

/// Passed-over files by reason, the first of each: a shelf may hold many. They are sorted by name.
fn skipped(report: &IndexReport, output: &Output) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, reason) in &report.skipped {
        reasons.entry(reason).or_default().push(name);
    }
    for (reason, names) in reasons {
        let shown: Vec<String> =
            names.iter().take(MOST_EXAMPLES).map(|name| format!("`{name}`")).collect();
        let more = match names.len() > MOST_EXAMPLES {
            true => " and more: `tipsearch status --json` names them all",
            false => "",
        };
        let files = count(names.len() as u64, "file");
        output.note(&format!("passed over {files}: {reason} ({}{more})", shown.join(", ")));
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
        (report.resumed, "of these from a run that was interrupted"),
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
    let _ =
        writeln!(text, "; read {} in {:.2} s", size(report.bytes_read), report.took.as_secs_f64());
    text
}
