//! Every failure: its message, its hint, its kind.
//!
//! Messages are in lower case, name things in backticks, say where, and end without a full stop; what
//! to do about it is the hint. The kind decides how an edge reports it: see [`ErrorKind`].

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The result of everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure, in the user's terms.
#[derive(Debug)]
#[expect(missing_docs, reason = "the text of each variant says what its fields are")]
pub enum Error {
    /// An argument or option makes no sense.
    Usage { message: String, hint: Option<String> },
    /// A query in explicit syntax is malformed. `column`: one-based, in characters.
    Query { query: String, column: usize, message: String, hint: Option<String> },
    /// A query goes beyond a cap.
    QueryTooLarge { message: String, hint: String },
    /// No passage, document or section has this name.
    NotFound { what: &'static str, name: String, hint: Option<String> },
    /// There is no index at this path.
    IndexMissing { path: PathBuf },
    /// The index was made by another version or analyzer, or by another program.
    IndexRefused { path: PathBuf, reason: String },
    /// The index cannot be read: files are missing or damaged.
    IndexDamaged { path: PathBuf, reason: String },
    /// Another process is writing the index.
    IndexLocked { path: PathBuf },
    /// A cursor belongs to another query or another state of the index.
    CursorStale { reason: String },
    /// A configuration file is malformed.
    Config { path: PathBuf, message: String },
    /// A shard of passages is damaged, not finished, or does not fit the others. `line`: of its data, one-based.
    Shard { path: PathBuf, line: Option<u64>, message: String, hint: Option<String> },
    /// A model or its vectors are missing, damaged, or not what is known.
    Model { path: PathBuf, message: String, hint: Option<String> },
    /// A file of an evaluation (topics, qrels, run, corpus) is malformed or does not fit.
    Evaluation { message: String, hint: Option<String> },
    /// The system refused: a path, and what was tried there.
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    /// A cluster cannot be reached, or refuses.
    Engine { engine: String, message: String, hint: Option<String> },
    /// Interrupted by the user.
    Interrupted,
    /// The time that was given was over before there was anything to answer with.
    TimedOut,
    /// A fault of this program or of the engine under it.
    Internal { message: String },
}

/// What a failure is to a caller. One table: exit code, HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is at fault.
    BadRequest,
    /// The thing asked for does not exist.
    NotFound,
    /// The state of the index does not allow it now.
    Conflict,
    /// The machine or this program is at fault.
    Fault,
    /// The user stopped it.
    Interrupted,
    /// It took longer than it may.
    TimedOut,
}

impl ErrorKind {
    /// The exit code of a command that ends so.
    pub fn exit_code(self) -> u8 {
        match self {
            ErrorKind::Interrupted => 130,
            _ => 2,
        }
    }

    /// The HTTP status of a request that ends so.
    pub fn http_status(self) -> u16 {
        match self {
            ErrorKind::BadRequest => 400,
            ErrorKind::NotFound => 404,
            ErrorKind::Conflict => 409,
            ErrorKind::Fault => 500,
            ErrorKind::Interrupted | ErrorKind::TimedOut => 503,
        }
    }
}

impl Error {
    /// The kind, which decides exit code and status.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Usage { .. }
            | Error::Query { .. }
            | Error::QueryTooLarge { .. }
            | Error::Config { .. }
            | Error::Shard { .. }
            | Error::Model { .. }
            | Error::Evaluation { .. } => ErrorKind::BadRequest,
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::IndexMissing { .. }
            | Error::IndexRefused { .. }
            | Error::IndexLocked { .. }
            | Error::CursorStale { .. } => ErrorKind::Conflict,
            Error::IndexDamaged { .. }
            | Error::Io { .. }
            | Error::Engine { .. }
            | Error::Internal { .. } => ErrorKind::Fault,
            Error::Interrupted => ErrorKind::Interrupted,
            Error::TimedOut => ErrorKind::TimedOut,
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let rebuild =
            |path: &Path| format!("run `tipsearch index --force {}` to rebuild it", named(path));
        match self {
            Error::Usage { hint, .. }
            | Error::Query { hint, .. }
            | Error::NotFound { hint, .. }
            | Error::Shard { hint, .. }
            | Error::Engine { hint, .. }
            | Error::Model { hint, .. }
            | Error::Evaluation { hint, .. } => hint.clone(),
            Error::QueryTooLarge { hint, .. } => Some(hint.clone()),
            Error::IndexMissing { path } => Some(format!(
                "run `tipsearch index PATH {}` to build one from the reports in PATH",
                named(path)
            )),
            Error::IndexRefused { path, .. } | Error::IndexDamaged { path, .. } => {
                Some(rebuild(path))
            }
            Error::IndexLocked { .. } => {
                Some("wait until it has finished; searching goes on meanwhile".to_owned())
            }
            Error::TimedOut => {
                Some("ask for less: fewer wildcards, a filter, a lower limit".to_owned())
            }
            Error::Io { source, .. }
                if matches!(
                    source.kind(),
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
                ) =>
            {
                Some(
                    "the disk is full: make room and run it again; the last index is kept"
                        .to_owned(),
                )
            }
            Error::CursorStale { .. } => Some("search again without `--cursor`".to_owned()),
            _ => None,
        }
    }

    /// An input or output failure at a path.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Error {
        Error::Io { doing, path: path.into(), source }
    }

    /// What is wrong with a shard, which is to be made anew.
    pub fn shard(path: impl Into<PathBuf>, line: Option<u64>, message: impl Into<String>) -> Error {
        let hint = "make it anew with `tipsearch chunk`; the index stays as it was".to_owned();
        Error::Shard { path: path.into(), line, message: message.into(), hint: Some(hint) }
    }

    /// A usage error without a hint.
    pub fn usage(message: impl Into<String>) -> Error {
        Error::Usage { message: message.into(), hint: None }
    }
}

/// The option that names where an index is kept.
fn named(store: &Path) -> String {
    let option =
        if store.to_string_lossy().starts_with("opensearch+") { "--engine" } else { "--index" };
    format!("{option} {}", quoted(store))
}

/// A path as it can be pasted into a shell.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=~".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage { message, .. }
            | Error::QueryTooLarge { message, .. }
            | Error::Evaluation { message, .. } => write!(f, "{message}"),
            Error::Query { query, column, message, .. } => {
                let indent = " ".repeat(column.saturating_sub(1));
                write!(f, "{message} at column {column} of the query\n  {query}\n  {indent}^")
            }
            Error::NotFound { what, name, .. } => write!(f, "there is no {what} `{name}`"),
            Error::IndexMissing { path } => write!(f, "there is no index at `{}`", path.display()),
            Error::IndexRefused { path, reason } => {
                write!(f, "the index at `{}` cannot be used: {reason}", path.display())
            }
            Error::IndexDamaged { path, reason } => {
                write!(f, "the index at `{}` is damaged: {reason}", path.display())
            }
            Error::IndexLocked { path } => {
                write!(f, "another process is writing the index at `{}`", path.display())
            }
            Error::CursorStale { reason } => write!(f, "the cursor no longer fits: {reason}"),
            Error::Shard { path, line: Some(line), message, .. } => {
                write!(f, "`{}`, line {line}: {message}", path.display())
            }
            Error::Config { path, message }
            | Error::Shard { path, message, .. }
            | Error::Model { path, message, .. } => {
                write!(f, "`{}`: {message}", path.display())
            }
            Error::Io { doing, path, source } => {
                write!(f, "cannot {doing} `{}`: {source}", path.display())
            }
            Error::Engine { engine, message, .. } => write!(f, "`{engine}` {message}"),
            Error::Interrupted => write!(f, "interrupted; the last commit is kept"),
            Error::TimedOut => write!(f, "no answer in the time there was"),
            Error::Internal { message } => write!(f, "internal fault: {message}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
