//! Environments of LaTeX: lists, tables, quotations, formulas, verbatim text.

use std::ops::Range;

use super::{Reader, Then, groups, lists};
use crate::document::BlockKind;
use crate::read::light::{Flat, trimmed};
use crate::read::numbers::Ordered;

/// What an environment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    List,
    /// A list whose items are numbered.
    Numbered,
    /// A list of terms.
    Terms,
    Table,
    Quotation,
    /// A list of sources.
    Sources,
    /// Text like that around it.
    Other,
}

impl Environment {
    fn is_list(self) -> bool {
        matches!(self, Environment::List | Environment::Numbered | Environment::Terms)
    }
}

/// Environments that are lists, tables or quotations, and how many arguments follow their names.
const KNOWN: [(&str, Environment, usize); 38] = [
    ("itemize", Environment::List, 0),
    ("enumerate", Environment::Numbered, 0),
    ("description", Environment::Terms, 0),
    ("itemize*", Environment::List, 0),
    ("enumerate*", Environment::Numbered, 0),
    ("compactitem", Environment::List, 0),
    ("compactenum", Environment::Numbered, 0),
    ("inparaenum", Environment::Numbered, 0),
    ("list", Environment::List, 2),
    ("trivlist", Environment::List, 0),
    ("labeling", Environment::Terms, 1),
    ("tabular", Environment::Table, 1),
    ("tabular*", Environment::Table, 2),
    ("tabularx", Environment::Table, 2),
    ("tabulary", Environment::Table, 2),
    ("tabu", Environment::Table, 1),
    ("longtable", Environment::Table, 1),
    ("longtable*", Environment::Table, 1),
    ("longtabu", Environment::Table, 1),
    ("xltabular", Environment::Table, 2),
    ("supertabular", Environment::Table, 1),
    ("tblr", Environment::Table, 1),
    ("longtblr", Environment::Table, 1),
    ("array", Environment::Table, 1),
    ("quote", Environment::Quotation, 0),
    ("quotation", Environment::Quotation, 0),
    ("verse", Environment::Quotation, 0),
    ("displayquote", Environment::Quotation, 0),
    ("thebibliography", Environment::Sources, 1),
    ("minipage", Environment::Other, 1),
    ("multicols", Environment::Other, 1),
    ("wrapfigure", Environment::Other, 2),
    ("wraptable", Environment::Other, 2),
    ("subfigure", Environment::Other, 1),
    ("subtable", Environment::Other, 1),
    ("adjustbox", Environment::Other, 1),
    ("spacing", Environment::Other, 1),
    ("otherlanguage", Environment::Other, 1),
];

/// Environments that hold a formula.
const FORMULAS: [&str; 11] = [
    "equation",
    "displaymath",
    "math",
    "align",
    "aligned",
    "alignat",
    "flalign",
    "gather",
    "multline",
    "eqnarray",
    "dmath",
];

/// Environments whose option says where they go on the page.
const FLOATS: [&str; 6] = ["figure", "figure*", "table", "table*", "sidewaystable", "center"];

/// The open environments.
#[derive(Debug, Default)]
pub struct Environments {
    open: Vec<Environment>,
    counts: [usize; 7],
    /// The numbers of the open lists that have some, the innermost last.
    pub lists: Vec<Option<Ordered>>,
    /// How many were open where the note begins that is being read.
    floor: usize,
    notes: usize,
    /// An item outside of any list.
    is_in_item: bool,
}

impl Environments {
    fn count(&self, environment: Environment) -> usize {
        self.counts[environment as usize]
    }

    pub fn in_table(&self) -> bool {
        self.count(Environment::Table) > 0
    }

    fn in_list(&self) -> bool {
        !self.lists.is_empty()
    }

    /// Whether notes wait for the end of a list or table.
    pub fn holds_notes(&self) -> bool {
        self.in_table() || self.in_list() || self.notes > 0
    }

    fn push(&mut self, environment: Environment) {
        if environment.is_list() {
            let is_numbered = environment == Environment::Numbered;
            let depth = self.count(Environment::Numbered);
            self.lists.push(is_numbered.then(|| lists::usual(depth)));
        }
        self.counts[environment as usize] += 1;
        self.open.push(environment);
    }

    fn pop(&mut self) {
        if let Some(environment) = self.open.pop() {
            self.counts[environment as usize] -= 1;
            if environment.is_list() {
                self.lists.pop();
            }
        }
    }

    /// Ends an environment, and those in it that were not ended.
    fn end(&mut self, environment: Environment) {
        let has_it = self.count(environment) > 0;
        if environment == Environment::Other && self.open.last() != Some(&environment) {
            return;
        }
        while has_it && self.open.len() > self.floor {
            let is_last = self.open.last() == Some(&environment);
            self.pop();
            if is_last {
                return;
            }
        }
    }

    pub fn leave_all(&mut self) {
        (self.floor, self.notes) = (0, 0);
        while !self.open.is_empty() {
            self.pop();
        }
    }

    /// Returns the floor of the note around it.
    pub fn enter_note(&mut self) -> usize {
        self.notes += 1;
        std::mem::replace(&mut self.floor, self.open.len())
    }

    pub fn leave_note(&mut self, floor: usize) {
        while self.open.len() > self.floor {
            self.pop();
        }
        self.floor = floor;
        self.notes = self.notes.saturating_sub(1);
    }

    /// What a text here is; `is_block`: a caption, whatever it stands in.
    pub fn kind(&self, is_block: bool) -> BlockKind {
        match () {
            () if self.notes > 0 => BlockKind::Note,
            () if is_block => BlockKind::Paragraph,
            () if self.in_table() => BlockKind::TableRow,
            () if self.in_list() || self.is_in_item => BlockKind::ListItem,
            () if self.count(Environment::Sources) > 0 => BlockKind::Note,
            () if self.count(Environment::Quotation) > 0 => BlockKind::Quotation,
            () => BlockKind::Paragraph,
        }
    }
}

impl Reader<'_> {
    /// `\begin`, which ends here.
    pub fn begin(&mut self, start: usize) {
        let Some((name, content)) = groups::environment(self.source, self.at) else { return };
        self.at = content;
        if name == "document" {
            self.stream.is_muted = false;
            return self.stream.end_block();
        }
        if groups::VERBATIM.contains(&name) {
            return self.verbatim(name, content);
        }
        if FORMULAS.contains(&name.trim_end_matches('*')) {
            let (end, after) = match self.find(content, &format!("\\end{{{name}}}")) {
                Some(end) => (end, end + name.len() + 6),
                None => return,
            };
            self.stream.gap(content..content);
            self.math(trimmed(self.source, content..end), after);
            return self.stream.gap(end..after);
        }
        self.stream.end_block();
        self.environments.is_in_item = false;
        if self.stream.is_capturing() || self.stream.is_muted {
            return;
        }
        match name {
            "abstract" => self.named_section("Abstract", start..content),
            "thebibliography" => self.named_section("References", start..content),
            _ => {}
        }
        self.open_environment(name);
    }

    fn named_section(&mut self, heading: &str, range: Range<usize>) {
        self.stream.end_list();
        self.stream.sheet.heading(super::commands::SECTION, heading, range);
    }

    fn open_environment(&mut self, name: &str) {
        let (environment, arguments) = self.environment(name);
        let is_outermost = !self.environments.in_list() && !self.environments.in_table();
        let is_list = environment.is_list();
        let is_series = is_list || environment == Environment::Table;
        if is_series && (is_outermost || !is_list) {
            self.stream.end_list();
        }
        self.environments.push(environment);
        self.number_list();
        if is_series || arguments > 0 || FLOATS.contains(&name) || self.is_setting() {
            self.skip_options();
        }
        self.skip_arguments(arguments);
        self.set_kind();
    }

    /// Whether the option here sets something. That of a theorem is its name.
    fn is_setting(&self) -> bool {
        let option = self.groups.inside(self.at).filter(|_| self.byte(self.at) == Some(b'['));
        option.is_some_and(|range| {
            let option = groups::window(self.source, range.start, range.len().min(1000));
            option.contains('=') || range.is_empty()
        })
    }

    fn environment(&self, name: &str) -> (Environment, usize) {
        let known = |name: &str| {
            let found = KNOWN.iter().find(|(known, ..)| *known == name);
            found.map(|(_, environment, arguments)| (*environment, *arguments))
        };
        let alias = || Some((known(self.definitions.environments.get(name)?)?.0, 0));
        known(name).or_else(alias).unwrap_or((Environment::Other, 0))
    }

    /// `\end`, which ends here.
    pub fn end(&mut self) {
        let Some((name, after)) = groups::environment(self.source, self.at) else { return };
        self.at = after;
        self.stream.end_block();
        self.environments.is_in_item = false;
        if name == "document" && self.frames.is_empty() {
            self.at = self.source.len();
            return;
        }
        if self.stream.is_capturing() || self.stream.is_muted {
            return;
        }
        let (environment, _) = self.environment(name);
        self.environments.end(environment);
        self.stream.sheet.builder.unlabel(self.environments.lists.len() + 1);
        let is_list = environment.is_list();
        if is_list && !self.environments.in_list() || environment == Environment::Table {
            self.stream.end_list();
        }
        self.set_kind();
    }

    /// Text that is not LaTeX.
    fn verbatim(&mut self, name: &str, start: usize) {
        let (end, after) = groups::content(self.source, name, start);
        self.at = after.min(self.limit());
        let is_dropped = matches!(name.trim_end_matches('*'), "comment" | "filecontents");
        if is_dropped || self.stream.is_muted || self.stream.is_capturing() {
            return;
        }
        if name == "tikzpicture" || name == "picture" {
            return self.stream.end_block();
        }
        // Options stand on the line of `\begin`.
        let line = groups::line_end(self.source.as_bytes(), start).min(end);
        let first = self.source[start..line].trim_start();
        let start = if first.starts_with(['[', '{']) { line } else { start };
        self.stream.end_list();
        let blank = self.source[start..end].len()
            - self.source[start..end].trim_start_matches(['\n', '\r']).len();
        let flat = Flat::of(self.source, start + blank..end);
        self.stream.sheet.verbatim(BlockKind::Code, &flat);
    }

    /// `\item`, with its label.
    pub fn item(&mut self, start: usize) {
        let end = self.at;
        self.stream.end_block();
        if !self.environments.in_list() && !self.environments.in_table() {
            self.environments.is_in_item = true;
        }
        self.set_kind();
        self.skip_blanks();
        let label = self.groups.inside(self.at).filter(|_| self.byte(self.at) == Some(b'['));
        self.label_item(start..end, label.is_some());
        if let Some(label) = label {
            let is_term = self.environments.open.last() == Some(&Environment::Terms);
            let after = label.end + 1;
            self.enter(label, after, if is_term { Then::Term } else { Then::Text });
        }
    }
}
