//! `tipsearch eval`: measures ranking on a judged collection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{Common, EvalArgs};
use super::output::Output;
use super::session::index_path;
use super::{FOUND, NOTHING_FOUND};
use crate::engine::local::LocalEngine;
use crate::error::{Error, Result};
use crate::eval::{self, Collection, Evaluation, Measure};
use crate::render;
use crate::search::Searcher;

/// How many warnings about topics are printed one by one.
const MOST_WARNINGS: usize = 10;

/// Runs the command.
pub fn run(arguments: &EvalArgs, common: &Common, output: &Output) -> Result<u8> {
    if arguments.fail_under.is_some_and(f64::is_nan) {
        return Err(Error::usage("`--fail-under` needs a number"));
    }
    let measures = measures(&arguments.measures)?;
    let evaluation = evaluation(arguments, common, &measures)?;
    warn(&evaluation, output);
    match common.json {
        true => output.json(&render::eval::json(&evaluation))?,
        false => output.print(&render::eval::text(&evaluation))?,
    }
    if let Some(path) = &arguments.run {
        eval::write_run(&evaluation.run, path)?;
    }
    Ok(match (arguments.fail_under, measures.first(), evaluation.means.first()) {
        (Some(least), Some(measure), Some(&mean)) if mean < least => {
            output.note(&format!("{measure} is {mean:.6}, under {least}"));
            NOTHING_FOUND
        }
        _ => FOUND,
    })
}

/// The measures asked for, each once.
fn measures(names: &[String]) -> Result<Vec<Measure>> {
    let mut measures = Vec::new();
    for name in names {
        let measure = name.parse()?;
        if !measures.contains(&measure) {
            measures.push(measure);
        }
    }
    Ok(measures)
}

fn evaluation(arguments: &EvalArgs, common: &Common, measures: &[Measure]) -> Result<Evaluation> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    // Without a handler Ctrl-C still ends the program, but leaves the temporary index behind.
    let _ = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed));
    let qrels = arguments.qrels.as_deref();
    match (&arguments.collection, &arguments.topics, qrels) {
        (Some(folder), _, qrels) => {
            eval::evaluate_until(&Collection::read(folder, qrels)?, measures, &stop)
        }
        (None, Some(topics), Some(qrels)) => {
            let (topics, qrels) = (eval::read_topics(topics)?, eval::read_qrels(qrels)?);
            let searcher = Searcher::new(LocalEngine::open(&index_path(common))?);
            eval::evaluate_index(&searcher, &topics, &qrels, measures, &stop)
        }
        _ => Err(Error::usage("name a folder, or `--topics` and `--qrels`")),
    }
}

fn warn(evaluation: &Evaluation, output: &Output) {
    for warning in evaluation.warnings.iter().take(MOST_WARNINGS) {
        output.warning(warning);
    }
    if evaluation.warnings.len() > MOST_WARNINGS {
        let more = evaluation.warnings.len() - MOST_WARNINGS;
        output.warning(&format!("and {more} more topics are cut or read as plain words"));
    }
}
