//! Hands arguments and streams to [`tipsearch::cli::run`] and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    tipsearch::cli::run(std::env::args_os())
}
