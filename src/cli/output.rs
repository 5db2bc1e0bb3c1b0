//! Standard output for results, standard error for everything else, and how both may look.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::args::{ColorChoice, Common};
use crate::error::{Error, Result};
use crate::render::cite::Styled;
use crate::render::terminal::Look;

/// The streams of one run.
pub struct Output {
    color: bool,
    error_color: bool,
    /// No notes.
    pub quiet: bool,
    /// Errors as JSON too.
    json: bool,
}

/// The narrowest and the widest a text is set, in columns: longer lines tire the eye.
const NARROWEST: usize = 40;
const WIDEST: usize = 100;

/// As narrow and as wide as tables and aligned lines are set, in columns.
const NARROWEST_TABLE: usize = 20;
const WIDEST_TABLE: usize = 1000;

/// The columns of the terminal; 80 where there is none.
fn columns() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    match (io::stdout().is_terminal(), columns) {
        (_, Some(columns)) => columns,
        (true, None) => {
            terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
        }
        (false, None) => 80,
    }
}

impl Output {
    /// Looks at the terminal and the environment once.
    pub fn new(common: &Common) -> Output {
        let by_environment = |is_terminal: bool| match common.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                is_terminal && !is_set("NO_COLOR") && !is_dumb
            }
        };
        Output {
            color: by_environment(io::stdout().is_terminal()),
            error_color: by_environment(io::stderr().is_terminal()),
            quiet: common.quiet,
            json: common.json,
        }
    }

    /// How hits are to look; `roots` for links, which only a terminal gets.
    pub fn look(&self, roots: Vec<PathBuf>, scores: bool) -> Look {
        let roots = if io::stdout().is_terminal() && self.color { roots } else { Vec::new() };
        Look { color: self.color, width: columns().clamp(NARROWEST, WIDEST), roots, scores }
    }

    /// How tables and aligned lines are to look: as wide as the terminal, or as was asked.
    pub fn wide_look(&self, width: Option<usize>) -> Look {
        let width = width.unwrap_or_else(columns).clamp(NARROWEST_TABLE, WIDEST_TABLE);
        Look { color: self.color, width, roots: Vec::new(), scores: false }
    }

    /// Whether a progress bar has someone to look at it.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Prints results. A closed pipe is not an error: nobody wants the rest.
    pub fn print(&self, text: &str) -> Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::io("write", "standard output", error))
            }
            _ => Ok(()),
        }
    }

    /// Prints a text for other programs as it is; a terminal gets it cleaned.
    pub fn document(&self, text: &str) -> Result<()> {
        match io::stdout().is_terminal() {
            true => self.print(&crate::render::clean(text)),
            false => self.print(text),
        }
    }

    /// Where results are written piece by piece. A terminal gets each piece cleaned.
    ///
    /// # Errors
    /// `Usage` where the results are no text and would come to a terminal.
    pub fn sink(&self, is_binary: bool) -> Result<Box<dyn Write>> {
        let stdout = io::stdout();
        match (stdout.is_terminal(), is_binary) {
            (true, true) => Err(Error::Usage {
                message: "this format cannot be shown on a terminal".to_owned(),
                hint: Some("name a file: `--output FILE`".to_owned()),
            }),
            (true, false) => Ok(Box::new(Cleaned(stdout))),
            (false, _) => Ok(Box::new(io::BufWriter::new(stdout))),
        }
    }

    /// A line with italics where there are colours, cleaned.
    pub fn styled(&self, line: &Styled) -> String {
        let line = line.clean();
        if self.color { line.ansi() } else { line.plain() }
    }

    /// Prints a value as indented JSON.
    pub fn json(&self, value: &Value) -> Result<()> {
        self.print(&format!("{value:#}\n"))
    }

    /// A note on standard error.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.to_stderr(text, "note", AnsiColor::Cyan.on_default());
        }
    }

    /// A warning on standard error.
    pub fn warning(&self, text: &str) {
        if !self.quiet {
            self.to_stderr(text, "warning", AnsiColor::Yellow.on_default());
        }
    }

    /// A failure and its hint on standard error; with `--json` as an object.
    pub fn error(&self, error: &Error) {
        if self.json {
            let value = serde_json::json!({
                "error": {
                    "kind": format!("{:?}", error.kind()),
                    "message": error.to_string(),
                    "hint": error.hint(),
                }
            });
            let _ = writeln!(io::stderr(), "{value}");
            return;
        }
        self.to_stderr(&error.to_string(), "error", AnsiColor::Red.on_default().bold());
        if let Some(hint) = error.hint() {
            self.to_stderr(&hint, "hint", AnsiColor::Green.on_default());
        }
    }

    fn to_stderr(&self, text: &str, label: &str, style: Style) {
        let style = if self.error_color { style } else { Style::new() };
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "{style}{label}{style:#}: {}", crate::render::clean(text));
    }
}

/// A terminal that gets only text that is safe for it.
struct Cleaned(io::Stdout);

impl Write for Cleaned {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(crate::render::clean(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
