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

/// Commands that take a query.
const WITH_QUERY: [&str; 8] =
    ["search", "explain", "kwic", "collocates", "dispersion", "compare", "facets", "timeline"];

/// Letters of their options that have no value, as in `-lq`, and of those that have one.
const WITHOUT_VALUE: [char; 5] = ['c', 'l', 'q', 'h', 'V'];
const OTHERS: [char; 5] = ['n', 'f', 'o', 's', 'C'];

/// The arguments as they are meant, and what is to be said of them.
pub struct Typed {
    pub arguments: Vec<OsString>,
    pub notes: Vec<String>,
}

/// Puts `search` before a query that is typed without it: `tipsearch border guards`. When the first
/// word is a command, the command wins; `--` before it makes it a query. Words to exclude go to the end, after `--`.
pub fn with_command(mut arguments: Vec<OsString>) -> Typed {
    let mut notes = Vec::new();
    let at = first_own(&arguments);
    let first = arguments.get(at).map(|first| first.to_string_lossy().into_owned());
    let Some(first) = first else { return Typed { arguments, notes } };
    let is_help = matches!(first.as_str(), "-h" | "--help" | "-V" | "--version");
    let is_command = COMMANDS.contains(&first.as_str());
    if is_help || is_command && !WITH_QUERY.contains(&first.as_str()) {
        return Typed { arguments, notes };
    }
    if !is_command {
        arguments.insert(at, "search".into());
    }
    let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let mut behind = arguments.split_off(end);
    let (mut typed, mut excluded) = (Vec::new(), Vec::new());
    for (place, argument) in arguments.into_iter().enumerate() {
        let text = argument.to_string_lossy();
        let is_excluded = place > at && is_excluding(&text);
        if is_excluded && let Some(value) = text.strip_prefix("-s").or(text.strip_prefix("-o")) {
            let option = text.get(..2).unwrap_or_default();
            notes.push(format!("`{text}` is a word to exclude; the option is `{option} {value}`"));
        }
        (if is_excluded { &mut excluded } else { &mut typed }).push(argument);
    }
    if !excluded.is_empty() {
        typed.push("--".into());
        typed.extend(excluded);
        behind.retain(|argument| argument != "--");
    }
    typed.extend(behind);
    Typed { arguments: typed, notes }
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

/// Whether an argument is a query that begins with a word to exclude. No option has a blank in its name or begins with
/// another letter than those; of what may be one, a word of three letters or more, small but for the first, is to be
/// excluded (`-smuggling`), but for options together (`-clq`) and a format (`-fjson`).
fn is_excluding(argument: &str) -> bool {
    let Some(word) = argument.strip_prefix('-').filter(|word| !word.starts_with('-')) else {
        return false;
    };
    if word.split('=').next().is_some_and(|name| name.contains(' ')) {
        return true;
    }
    let Some(first) = word.chars().next() else { return false };
    if !WITHOUT_VALUE.contains(&first) && !OTHERS.contains(&first) {
        return first.is_alphabetic() || first == '*';
    }
    let is_in_word = |c: char| c.is_lowercase() || matches!(c, '*' | '?' | '\'' | '’' | '-');
    let is_word = word.chars().count() >= 3 && word.chars().skip(1).all(is_in_word);
    let is_format =
        word.strip_prefix('f').is_some_and(|name| Format::from_str(name, false).is_ok());
    is_word && !is_format && !word.chars().all(|c| WITHOUT_VALUE.contains(&c))
}
