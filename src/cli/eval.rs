//! `tipsearch eval`: measures ranking on a judged collection.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{Common, EvalArgs};
use super::output::Output;
use super::session::store;
use super::thesaurus::thesaurus;
use super::{FOUND, NOTHING_FOUND};
use crate::dense::Model;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::eval::{
    self, Asking, Collection, Comparison, Evaluation, GivenModel, Measure, Qrels, Run, Topic,
};
use crate::query::Thesaurus;
use crate::render;
use crate::search::Searcher;

/// How many warnings about topics are printed one by one.
const MOST_WARNINGS: usize = 10;

/// What is measured.
enum Subject {
    /// A collection, indexed for this.
    Collection { collection: Collection, thesaurus: Arc<Thesaurus> },
    /// The index of a shelf, with topics to ask.
    Index { searcher: Searcher<Arc<dyn Engine>>, topics: Vec<Topic>, qrels: Qrels },
    /// What has been found before.
    Run { run: Run, qrels: Qrels },
}

/// Runs the command.
pub fn run(arguments: &EvalArgs, common: &Common, output: &Output) -> Result<u8> {
    if arguments.fail_under.is_some_and(f64::is_nan) {
        return Err(Error::usage("`--fail-under` needs a number"));
    }
    let measures = measures(&arguments.measures)?;
    let subject = Subject::of(arguments, common)?;
    let other = arguments.compare.as_deref().map(|path| subject.other(path)).transpose()?;
    let (evaluation, qrels) = subject.evaluate(&measures, arguments)?;
    let comparison = other.map(|run| compared(&evaluation, run, &qrels, output)).transpose()?;
    warn(&evaluation.warnings, "", output);
    match common.json {
        true => output.json(&render::eval::json(&evaluation, comparison.as_ref()))?,
        false => print(&evaluation, comparison.as_ref(), arguments, output)?,
    }
    if let Some(path) = arguments.run.as_deref().filter(|_| !arguments.reads_run()) {
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

impl Subject {
    fn of(arguments: &EvalArgs, common: &Common) -> Result<Subject> {
        let qrels = arguments.qrels.as_deref();
        match (&arguments.collection, &arguments.topics, qrels, &arguments.run) {
            (Some(folder), ..) => {
                let collection = Collection::read(folder, qrels)?;
                Ok(Subject::Collection {
                    collection,
                    thesaurus: thesaurus(&arguments.synonyms, &[], None)?,
                })
            }
            (None, Some(topics), Some(qrels), _) => {
                let (topics, qrels) = (eval::read_topics(topics)?, eval::read_qrels(qrels)?);
                let engine = store(common)?.open()?;
                let thesaurus = thesaurus(&arguments.synonyms, &engine.summary().roots, None)?;
                let searcher = Searcher::new(engine).with_thesaurus(thesaurus);
                Ok(Subject::Index { searcher, topics, qrels })
            }
            (None, None, Some(qrels), Some(run)) => {
                Ok(Subject::Run { run: eval::read_run(run)?, qrels: eval::read_qrels(qrels)? })
            }
            _ => Err(Error::usage(
                "name a folder, or `--topics` and `--qrels`, or `--qrels` and a stored `--run`",
            )),
        }
    }

    /// A stored run to compare with, checked against what is known.
    fn other(&self, path: &Path) -> Result<Run> {
        let mut run = eval::read_run(path)?;
        match self {
            Subject::Collection { collection, .. } => {
                let ids: Vec<&str> =
                    collection.documents.iter().map(|document| document.id.as_str()).collect();
                eval::check_run(&mut run, &collection.topics, &ids, &|_| Ok(false))?;
            }
            Subject::Index { searcher, topics, .. } => {
                let engine = searcher.engine();
                let documents = engine.documents()?;
                let ids: Vec<&str> =
                    documents.iter().map(|listed| listed.doc_id.as_str()).collect();
                let is_passage = |id: &str| Ok(engine.passage(id)?.is_some());
                eval::check_run(&mut run, topics, &ids, &is_passage)?;
            }
            Subject::Run { .. } => {}
        }
        Ok(run)
    }

    fn evaluate(self, measures: &[Measure], arguments: &EvalArgs) -> Result<(Evaluation, Qrels)> {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        // Without a handler Ctrl-C still ends the program, but leaves the temporary index behind.
        let _ = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed));
        let (feedback, lexical) = (arguments.feedback, arguments.lexical);
        let given = |folder: &PathBuf| {
            let model = Model::open(folder)?;
            Ok(GivenModel { model, vectors: arguments.vectors.clone() })
        };
        let given = arguments.model.as_ref().map(given).transpose()?;
        let asking = Asking { feedback, lexical, model: given.as_ref(), stop: &stop };
        match self {
            Subject::Collection { collection, thesaurus } => {
                let evaluation = eval::evaluate_until(&collection, measures, thesaurus, asking)?;
                Ok((evaluation, collection.qrels))
            }
            Subject::Index { searcher, topics, qrels } => {
                let evaluation =
                    eval::evaluate_index(&searcher, &topics, &qrels, measures, asking)?;
                Ok((evaluation, qrels))
            }
            Subject::Run { run, qrels } => Ok((eval::evaluate_run(run, &qrels, measures)?, qrels)),
        }
    }
}

fn compared(
    evaluation: &Evaluation,
    run: Run,
    qrels: &Qrels,
    output: &Output,
) -> Result<Comparison> {
    let other = eval::evaluate_run(run, qrels, &evaluation.measures)?;
    warn(&other.warnings, "compared with: ", output);
    if let Some(told) = eval::shallower(evaluation, &other) {
        output.warning(&told);
    }
    Ok(eval::compare(evaluation, &other))
}

fn print(
    evaluation: &Evaluation,
    comparison: Option<&Comparison>,
    arguments: &EvalArgs,
    output: &Output,
) -> Result<()> {
    let mut text = String::new();
    if arguments.per_topic {
        text.push_str(&render::eval::topics(evaluation));
        text.push('\n');
    }
    text.push_str(&render::eval::text(evaluation));
    if let Some(comparison) = comparison {
        text.push('\n');
        text.push_str(&render::eval::comparison(comparison));
    }
    output.print(&render::clean(&text))
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

fn warn(warnings: &[String], about: &str, output: &Output) {
    for warning in warnings.iter().take(MOST_WARNINGS) {
        output.warning(&format!("{about}{warning}"));
    }
    if warnings.len() > MOST_WARNINGS {
        let more = warnings.len() - MOST_WARNINGS;
        output.warning(&format!("{about}and {more} more topics are cut or read as plain words"));
    }
}
