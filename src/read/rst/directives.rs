//! Explicit markup of reStructuredText: directives, notes, targets, comments.

use std::ops::Range;

use super::inline::inline;
use super::{Element, Reader, marks};
use crate::document::BlockKind;
use crate::read::builder::collapse;
use crate::read::light::{Flat, indent, trimmed};

/// What is made of a directive.
#[derive(Clone, Copy)]
enum Use {
    /// Its arguments and its content are text.
    Text,
    /// Its arguments are a title, above its content.
    Title,
    /// Its content is text, its arguments are not.
    Content,
    Quote,
    Code,
    Picture,
    /// A picture with a text under it.
    Figure,
    CsvTable,
    ListTable,
    Meta,
    Author,
    DocumentTitle,
    DefaultRole,
    /// Another file, which is not read.
    Include,
    /// It says nothing, nor does its content.
    Nothing,
}

const USES: [(&[&str], Use); 15] = [
    (
        &[
            "note",
            "warning",
            "tip",
            "hint",
            "important",
            "caution",
            "danger",
            "error",
            "attention",
            "seealso",
            "todo",
            "replace",
            "line-block",
            "admonition",
            "impl-detail",
        ],
        Use::Text,
    ),
    (
        &[
            "topic",
            "sidebar",
            "rubric",
            "centered",
            "table",
            "versionadded",
            "versionchanged",
            "versionremoved",
            "deprecated",
            "tab",
            "tab-item",
            "dropdown",
            "card",
            "option",
            "envvar",
            "describe",
            "confval",
            "glossary",
            "caption",
            "flat-section",
        ],
        Use::Title,
    ),
    (
        &[
            "container",
            "compound",
            "class",
            "rst-class",
            "only",
            "ifconfig",
            "hlist",
            "highlights",
            "header",
            "footer",
            "tabs",
            "tab-set",
            "grid",
            "grid-item",
            "parsed",
            "cssclass",
            "ifnotconfig",
            "figwidth",
            "subfigure",
        ],
        Use::Content,
    ),
    (&["epigraph", "pull-quote"], Use::Quote),
    (
        &[
            "code",
            "code-block",
            "sourcecode",
            "parsed-literal",
            "math",
            "prompt",
            "doctest",
            "testcode",
            "testsetup",
            "testoutput",
            "productionlist",
            "ipython",
            "literal",
            "console",
            "terminal",
        ],
        Use::Code,
    ),
    (&["image"], Use::Picture),
    (&["figure"], Use::Figure),
    (&["csv-table"], Use::CsvTable),
    (&["list-table", "flat-table"], Use::ListTable),
    (&["meta"], Use::Meta),
    (&["sectionauthor", "moduleauthor", "codeauthor"], Use::Author),
    (&["title"], Use::DocumentTitle),
    (&["default-role"], Use::DefaultRole),
    (&["include", "literalinclude", "kernel-include", "mdinclude"], Use::Include),
    (
        &[
            "raw",
            "contents",
            "toctree",
            "index",
            "highlight",
            "role",
            "sectnum",
            "section-numbering",
            "target-notes",
            "date",
            "unicode",
            "restructuredtext-test-directive",
            "tabularcolumns",
            "currentmodule",
            "module",
            "py:module",
            "py:currentmodule",
            "graphviz",
            "digraph",
            "graph",
            "mermaid",
            "uml",
            "plot",
            "kernel-doc",
            "kernel-figure",
            "kernel-render",
            "bibliography",
            "autosummary",
            "autoclass",
            "automodule",
            "autofunction",
            "automethod",
            "acks",
            "program",
            "default-domain",
            "cmdoption-group",
            "sectiondefault",
            "linenos",
        ],
        Use::Nothing,
    ),
];

/// Options of a directive: names and values, where they stand.
pub type Options = Vec<(String, Range<usize>)>;

impl Reader<'_> {
    /// What stands after `..`.
    pub fn explicit(&mut self, start: usize, column: usize) {
        let end = self.lines[self.at].end;
        let text = &self.sheet.source[start.min(end)..end];
        if let Some(label) = note_label(text) {
            self.sheet.end_list();
            let name = text.get(1..label).and_then(|label| label.split(']').next());
            self.sheet.builder.note(name.unwrap_or_default());
            self.enter(Element::Note, column, None);
            let body = start + label;
            if self.sheet.source[body..end].trim().is_empty() {
                self.at += 1;
                return;
            }
            return self.elements_after(body, column + 3 + label);
        }
        if text.starts_with('_') || text.starts_with("_ ") {
            return self.target(start, column);
        }
        if text.starts_with('|') {
            self.skip(column);
            return;
        }
        match marks::directive(text) {
            Some((name, arguments)) => {
                let name = name.to_lowercase();
                self.directive(&name, start + arguments..end, column);
            }
            // A comment; an empty one ends with its line.
            None if text.trim().is_empty() && self.is_blank(self.at + 1) => self.at += 1,
            None => drop(self.skip(column)),
        }
    }

    fn elements_after(&mut self, start: usize, column: usize) {
        let flat = self.gather(start, column, true);
        let pieces = inline(&flat.text, &mut self.definitions);
        let kind = self.kind();
        self.sheet.block(kind, true, &flat, &pieces);
    }

    /// Leaves out the current line and what stands deeper under it.
    fn skip(&mut self, column: usize) -> Range<usize> {
        self.at += 1;
        self.region(column)
    }

    /// `.. _name: address`; without an address it names the next heading.
    fn target(&mut self, start: usize, column: usize) {
        let end = self.lines[self.at].end;
        let region = self.skip(column);
        let text = &self.sheet.source[start..end];
        let rest = text.trim_start_matches('_');
        let parted = match rest.strip_prefix('`') {
            Some(quoted) => quoted.split_once("`:"),
            None => {
                rest.split_once(": ").or(rest.trim_end().strip_suffix(':').map(|name| (name, "")))
            }
        };
        let Some((name, address)) = parted else { return };
        let mut address = address.trim().to_owned();
        for line in self.lines.get(region).unwrap_or_default() {
            address.push_str(self.sheet.source[line.clone()].trim());
        }
        match address.is_empty() {
            true => self.sheet.builder.anchor(name.trim()),
            // An address that ends so is another name.
            false if !address.ends_with('_') => self.sheet.link(&address.replace('\\', "")),
            false => {}
        }
    }

    fn directive(&mut self, name: &str, arguments: Range<usize>, column: usize) {
        let known = USES.iter().find(|(names, _)| names.contains(&name));
        let is_automatic = name.starts_with("auto") || name.starts_with("doxygen");
        let how = match known {
            Some((_, how)) => *how,
            None if is_automatic => Use::Nothing,
            None => Use::Title,
        };
        match how {
            Use::Text => self.directive_text(arguments, column),
            Use::Title => self.directive_text(arguments, column),
            Use::Content => self.directive_content(Element::Content, column),
            Use::Quote => self.directive_content(Element::Quote, column),
            Use::Code => self.directive_code(name, arguments, column),
            Use::Picture | Use::Figure => self.picture(column, matches!(how, Use::Figure)),
            Use::CsvTable => self.csv_table(arguments, column),
            Use::ListTable => self.list_table(arguments, column),
            Use::Meta => self.meta(column),
            _ => self.directive_about(how, arguments, column),
        }
    }

    /// Directives that tell of the document, or say nothing.
    fn directive_about(&mut self, how: Use, arguments: Range<usize>, column: usize) {
        let argument = collapse(&self.sheet.source[arguments.clone()]);
        self.skip(column);
        match how {
            Use::Author => self.sheet.metadata("author", &argument),
            Use::DocumentTitle => self.sheet.builder.title(&argument, Some(arguments)),
            Use::DefaultRole => self.definitions.default_role = argument,
            Use::Include => {
                let arguments = trimmed(self.sheet.source, arguments);
                self.sheet.warn(format!("`{argument}` is included, which is not read"), arguments);
            }
            _ => {}
        }
    }

    fn enter_directive(&mut self, element: Element, column: usize) {
        self.sheet.end_list();
        self.enter(element, column, None);
    }

    fn directive_text(&mut self, arguments: Range<usize>, column: usize) {
        self.enter_directive(Element::Content, column);
        if self.sheet.source[arguments.clone()].trim().is_empty() {
            self.at += 1;
            self.options(column);
            return;
        }
        self.arguments(arguments, column);
    }

    /// Arguments go on up to a blank line or the options.
    fn arguments(&mut self, arguments: Range<usize>, column: usize) {
        let source = self.sheet.source;
        let mut flat = Flat::of(source, arguments);
        self.at += 1;
        while !self.is_blank(self.at) && self.column(self.at) > column {
            let line = trimmed(source, self.lines[self.at].clone());
            if marks::field(&source[line.clone()]).is_some() {
                break;
            }
            flat.line(source, line);
            self.at += 1;
        }
        self.text(&flat);
        self.options(column);
    }

    fn directive_content(&mut self, element: Element, column: usize) {
        self.at += 1;
        self.options(column);
        self.enter_directive(element, column);
    }

    /// The options of a directive: fields on the lines after its name.
    pub fn options(&mut self, column: usize) -> Options {
        let mut options = Options::new();
        while !self.is_blank(self.at) && self.column(self.at) > column {
            let line = trimmed(self.sheet.source, self.lines[self.at].clone());
            let text = &self.sheet.source[line.clone()];
            let Some((name, marker)) = marks::field(text) else { break };
            let value = line.start + marker.min(text.len())..line.end;
            let depth = self.column(self.at);
            options.push((text[1..1 + name].to_lowercase(), value));
            self.at += 1;
            while !self.is_blank(self.at) && self.column(self.at) > depth {
                let end = trimmed(self.sheet.source, self.lines[self.at].clone()).end;
                if let Some((_, value)) = options.last_mut() {
                    value.end = end;
                }
                self.at += 1;
            }
        }
        options
    }

    fn directive_code(&mut self, name: &str, arguments: Range<usize>, column: usize) {
        let argument = trimmed(self.sheet.source, arguments);
        self.at += 1;
        self.options(column);
        if name == "math" && !argument.is_empty() {
            let flat = Flat::of(self.sheet.source, argument);
            self.sheet.verbatim(BlockKind::Code, &flat);
        }
        let region = self.region(column);
        self.code(region);
    }

    /// A picture's text, and what stands under a figure.
    fn picture(&mut self, column: usize, is_figure: bool) {
        self.at += 1;
        let options = self.options(column);
        self.sheet.end_list();
        for (name, value) in options {
            match name.as_str() {
                "alt" => {
                    let flat = Flat::of(self.sheet.source, value);
                    self.text(&flat);
                }
                "target" => {
                    let target = self.sheet.source[value].to_owned();
                    if !target.ends_with('_') {
                        self.sheet.link(&target);
                    }
                }
                _ => {}
            }
        }
        match is_figure {
            true => self.enter_directive(Element::Content, column),
            false => drop(self.region(column)),
        }
    }

    /// `.. meta::` names what search engines read.
    fn meta(&mut self, column: usize) {
        self.at += 1;
        while self.is_blank(self.at) && self.at < self.lines.len() {
            self.at += 1;
        }
        for (name, value) in self.options(column) {
            let value = collapse(&self.sheet.source[value]);
            self.sheet.metadata(&name, &value);
        }
        self.region(column);
    }
}

/// The length of the label of a note or citation, with the blanks after it: `[1] `, `[#name] `.
fn note_label(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('[')?;
    let is_label = |c: char| c.is_alphanumeric() || "#*-._+:".contains(c);
    let length = rest.find(|c| !is_label(c)).filter(|&length| length > 0)?;
    let after = rest.get(length..)?.strip_prefix(']')?;
    let blanks = indent(after).1;
    (blanks > 0 || after.is_empty()).then_some(length + 2 + blanks)
}
