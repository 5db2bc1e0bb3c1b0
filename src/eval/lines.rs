//! Files of lines, read one line at a time, with a cap on its length.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The longest line that is read, in bytes: a file without line ends must not fill the memory.
pub const LONGEST_LINE: usize = 16 << 20;

/// A line of a file, without its end.
pub struct Line {
    /// One-based.
    pub number: usize,
    pub text: String,
}

/// The lines of a file that are not blank. A byte order mark is dropped.
pub struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    number: usize,
}

impl Lines {
    /// Opens a file.
    ///
    /// # Errors
    /// `Io` when it cannot be opened. The lines themselves are errors when they cannot be read, are
    /// longer than [`LONGEST_LINE`], or are not UTF-8.
    pub fn open(path: &Path) -> Result<Lines> {
        let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
        Ok(Lines { path: path.to_owned(), reader: BufReader::new(file), number: 0 })
    }

    /// The next line, blank or not; `None` at the end.
    fn read(&mut self) -> Result<Option<Line>> {
        self.number += 1;
        let mut bytes = Vec::new();
        let mut limited = self.reader.by_ref().take(LONGEST_LINE as u64 + 1);
        limited
            .read_until(b'\n', &mut bytes)
            .map_err(|error| Error::io("read", &self.path, error))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.len() > LONGEST_LINE {
            let message = format!("the line is longer than {LONGEST_LINE} bytes");
            return Err(fault(&self.path, self.number, message));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| fault(&self.path, self.number, "the line is not UTF-8"))?;
        let text = text.trim_end_matches(['\n', '\r']);
        let text = if self.number == 1 { text.trim_start_matches('\u{FEFF}') } else { text };
        Ok(Some(Line { number: self.number, text: text.to_owned() }))
    }
}

impl Iterator for Lines {
    type Item = Result<Line>;

    fn next(&mut self) -> Option<Result<Line>> {
        loop {
            match self.read().transpose()? {
                Ok(line) if line.text.trim().is_empty() => {}
                line => return Some(line),
            }
        }
    }
}

/// Parses a line of JSON; the message of a failure says what was expected and the column.
pub fn json<T: DeserializeOwned>(line: &str, expected: &str) -> std::result::Result<T, String> {
    if line.trim_start().starts_with('[') {
        let told = "this is an array, and each object must have a line of its own without brackets and \
                    commas around it";
        return Err(format!("{expected}; {told}: `jq -c '.[]' FILE` writes them so"));
    }
    serde_json::from_str(line).map_err(|error| {
        let message = error.to_string();
        // serde_json counts lines too, but a line is all it was given.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text);
        format!("{expected}; {message} at column {}", error.column())
    })
}

/// A file without what it should hold.
pub fn empty(path: &Path, what: &str, expected: &str) -> Error {
    Error::Evaluation {
        message: format!("`{}` holds no {what}", path.display()),
        hint: Some(format!("expected {expected}")),
    }
}

/// A fault of a file at a line (one-based).
pub fn fault(path: &Path, line: usize, message: impl AsRef<str>) -> Error {
    let message = format!("`{}`, line {line}: {}", path.display(), message.as_ref());
    Error::Evaluation { message, hint: None }
}
