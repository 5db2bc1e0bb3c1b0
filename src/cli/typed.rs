//! What is typed without a command is a query, and a word with a `-` before it one to exclude, where it is no option.

use std::ffi::OsString;

use clap::ValueEnum;

use super::args::Format;

/// The names of the commands. Listed here because building clap's definition of them to ask would cost
/// each search more than looking through the index; a test compares the two.
pub const COMMANDS: [&str; 27] = [
    "search",
    "index",
    "chunk",
    "show",
    "outline",
    "status",
    "model",
    "doctor",
    "explain",
    "kwic",
    "collocates",
    "related",
    "dispersion",
    "compare",
    "facets",
    "timeline",
    "diff",
    "since",
    "replay",
    "cite",
    "verify",
    "eval",
    "serve",
    "mcp",
    "completions",
    "man",
    "help",
];

/// Options of all commands that have a value.
const WITH_VALUE: [&str; 3] = ["--index", "--engine", "--color"];

/// Letters of a search's options that have no value, as in `-lq`.
const WITHOUT_VALUE: [char; 5] = ['c', 'l', 'q', 'h', 'V'];

/// Puts `search` before a query that is typed without it: `tipsearch border guards`. When the first
/// word is a command, the command wins; `--` before it makes it a query. Words to exclude go to the end, after `--`.
pub fn with_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let at = first_own(&arguments);
    let Some(argument) = arguments.get(at) else { return arguments };
    let text = argument.to_string_lossy();
    let is_help = matches!(text.as_ref(), "-h" | "--help" | "-V" | "--version");
    if text != "search" && (is_help || COMMANDS.contains(&text.as_ref())) {
        return arguments;
    }
    if text != "search" {
        arguments.insert(at, "search".into());
    }
    let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let (mut typed, mut excluded) = (Vec::new(), Vec::new());
    for (place, argument) in arguments.drain(..end).enumerate() {
        let is_excluded = place > at && is_excluding(&argument.to_string_lossy());
        (if is_excluded { &mut excluded } else { &mut typed }).push(argument);
    }
    if !excluded.is_empty() {
        typed.push("--".into());
        typed.extend(excluded);
        arguments.retain(|argument| argument != "--");
    }
    typed.extend(arguments);
    typed
}

/// Where the arguments that follow the options of all commands begin.
fn first_own(arguments: &[OsString]) -> usize {
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        let text = argument.to_string_lossy();
        let is_whole = matches!(text.as_ref(), "--json" | "-q" | "--quiet")
            || WITH_VALUE.iter().any(|name| text.starts_with(&format!("{name}=")));
        match WITH_VALUE.contains(&text.as_ref()) {
            true => at += 2,
            false if is_whole => at += 1,
            false => break,
        }
    }
    at
}

/// Whether an argument is a query that begins with a word to exclude: no option has a blank in its
/// name, and none is a word in lower case (`-smuggling`), but for some together (`-clq`) and a format (`-fjson`).
fn is_excluding(argument: &str) -> bool {
    let Some(word) = argument.strip_prefix('-').filter(|word| !word.starts_with('-')) else {
        return false;
    };
    if word.split('=').next().is_some_and(|name| name.contains(' ')) {
        return true;
    }
    let is_word = word.chars().count() >= 3
        && word.chars().all(|c| c.is_lowercase() || matches!(c, '*' | '?' | '\'' | '’' | '-'));
    let is_format =
        word.strip_prefix('f').is_some_and(|name| Format::from_str(name, false).is_ok());
    is_word && !is_format && !word.chars().all(|c| WITHOUT_VALUE.contains(&c))
}
