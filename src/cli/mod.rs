//! The command line: one command a file.

mod args;
mod chunk;
mod cite;
mod counting;
mod diff;
mod doctor;
mod eval;
mod explain;
mod export;
mod fresh;
mod index;
mod model;
mod outline;
mod output;
mod pack;
mod related;
mod replay;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod session;
mod show;
mod status;
mod thesaurus;
mod typed;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::engine::local::is_guarded;
use crate::error::{Error, Result};
use crate::read::guard::{self, COMMAND};
use args::{Cli, Command};
use output::Output;
use typed::Typed;

/// The exit code when something was found, done, or right.
const FOUND: u8 = 0;
/// The exit code when nothing was found.
const NOTHING_FOUND: u8 = 1;

/// Runs the program with these arguments; the first is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == COMMAND) {
        return read_in_child(arguments.get(2));
    }
    silence_guarded_panics();
    let Typed { arguments, notes } = typed::with_command(arguments);
    let matches = match Cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let is_help = !error.use_stderr();
            // A closed pipe is no reason to complain.
            let _ = error.print();
            return ExitCode::from(if is_help { 0 } else { 2 });
        }
    };
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(2);
        }
    };
    cli.common.json |= cli.command.wants_json();
    let output = Output::new(&cli.common);
    notes.iter().for_each(|note| output.note(note));
    match dispatch(cli, &output) {
        Ok(code) => ExitCode::from(code),
        // Nobody wants the rest.
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::from(FOUND)
        }
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// What panics over a damaged file of the index is told as an error; the report of the panic would only
/// be in the way.
fn silence_guarded_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_guarded() {
            report(panic);
        }
    }));
}

/// Serves as the reader of another process; see [`crate::read::guard`].
fn read_in_child(memory: Option<&OsString>) -> ExitCode {
    let memory = memory.and_then(|text| text.to_str()?.parse().ok());
    match memory.map(guard::serve) {
        Some(Ok(())) => ExitCode::from(FOUND),
        _ => ExitCode::from(2),
    }
}

fn dispatch(cli: Cli, output: &Output) -> Result<u8> {
    let common = cli.common;
    match cli.command {
        Command::Search(arguments) => search::run(&arguments, &common, output),
        Command::Index(arguments) => index::run(&arguments, &common, output),
        Command::Model(arguments) => model::run(&arguments, &common, output),
        Command::Chunk(arguments) => chunk::run(&arguments, &common, output),
        Command::Show(arguments) => show::run(&arguments, &common, output),
        Command::Outline(arguments) => outline::run(&arguments, &common, output),
        Command::Status => status::run(&common, output),
        Command::Doctor => doctor::run(&common, output),
        Command::Explain(arguments) => explain::run(&arguments, &common, output),
        Command::Kwic(arguments) => counting::kwic(&arguments, &common, output),
        Command::Related(arguments) => related::run(&arguments, &common, output),
        Command::Collocates(arguments) => counting::collocates(&arguments, &common, output),
        Command::Dispersion(arguments) => counting::dispersion(&arguments, &common, output),
        Command::Compare(arguments) => counting::compare(&arguments, &common, output),
        Command::Facets(arguments) => counting::facets(&arguments, &common, output),
        Command::Timeline(arguments) => counting::timeline(&arguments, &common, output),
        Command::Replay(arguments) => replay::run(&arguments, &common, output),
        Command::Diff(arguments) => diff::run(&arguments, &common, output),
        Command::Since(arguments) => diff::run_since(&arguments, &common, output),
        Command::Cite(arguments) => cite::run(&arguments, &common, output),
        Command::Verify(arguments) => verify::run(&arguments, &common, output),
        Command::Eval(arguments) => eval::run(&arguments, &common, output),
        #[cfg(feature = "serve")]
        Command::Serve(arguments) => serve::run(&arguments, &common, output),
        #[cfg(feature = "serve")]
        Command::Mcp(arguments) => serve::mcp(&arguments, &common, output),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "tipsearch", &mut text);
            output.print(&String::from_utf8_lossy(&text)).map(|()| FOUND)
        }
        Command::Man => man(output),
    }
}

/// The manual page, from the same definition as `--help`.
fn man(output: &Output) -> Result<u8> {
    let mut page = Vec::new();
    let render = clap_mangen::Man::new(Cli::command()).render(&mut page);
    render.map_err(|error| Error::Internal { message: error.to_string() })?;
    output.print(&String::from_utf8_lossy(&page)).map(|()| FOUND)
}
