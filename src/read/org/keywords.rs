//! Lines `#+NAME: value` of Org: metadata, definitions, captions.

use super::{Reader, inline::inline};
use crate::document::BlockKind;
use crate::read::light::{Flat, trimmed};

/// Keywords for programs, not for readers.
const SETTINGS: [&str; 42] = [
    "options",
    "startup",
    "property",
    "header",
    "headers",
    "name",
    "results",
    "call",
    "setupfile",
    "select_tags",
    "exclude_tags",
    "export_file_name",
    "latex",
    "latex_class",
    "latex_class_options",
    "latex_compiler",
    "latex_header",
    "latex_header_extra",
    "beamer",
    "beamer_theme",
    "html",
    "html_head",
    "html_head_extra",
    "html_doctype",
    "html_container",
    "html_link_home",
    "html_link_up",
    "infojs_opt",
    "tblfm",
    "plot",
    "toc",
    "tags",
    "link",
    "bind",
    "archive",
    "category",
    "columns",
    "constants",
    "priorities",
    "bibliography",
    "cite_export",
    "print_bibliography",
];

/// Keywords that speak of the file wherever they stand.
const OF_THE_FILE: [&str; 6] = ["author", "date", "language", "keywords", "description", "email"];

/// A macro's text is no longer than this (bytes).
const LONGEST_MACRO: usize = 2000;

/// The name and value of a keyword.
fn entry(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("#+")?;
    let (name, value) = rest.split_once(':')?;
    let name = name.split('[').next().unwrap_or_default();
    let fits = !name.is_empty() && !name.contains(char::is_whitespace);
    fits.then_some((name, value.trim()))
}

impl Reader<'_> {
    /// A keyword on the current line.
    pub fn keyword(&mut self, text: &str) -> bool {
        let Some((name, value)) = entry(text) else { return false };
        let name = name.to_lowercase();
        if name.starts_with("begin_") || name.starts_with("end_") {
            return false;
        }
        let line = self.lines[self.at].clone();
        self.at += 1;
        match name.as_str() {
            "title" => self.add_title(line),
            "caption" => {
                let end = trimmed(self.sheet.source, line).end;
                self.sheet.end_list();
                let flat = Flat::of(self.sheet.source, end - value.len()..end);
                let kind = if self.is_in_note { BlockKind::Note } else { BlockKind::Paragraph };
                self.text(kind, &flat);
            }
            "include" => {
                let name = value.split('"').find(|part| !part.is_empty()).unwrap_or(value);
                self.sheet.warn(format!("`{name}` is included, which is not read"), line);
            }
            "todo" | "seq_todo" | "typ_todo" => self.states(value),
            "macro" => self.define(value),
            "filetags" => value
                .split(':')
                .filter(|tag| !tag.trim().is_empty())
                .for_each(|tag| self.sheet.metadata("tags", tag)),
            "author" => value.split(';').for_each(|name| self.sheet.metadata("author", name)),
            "date" => {
                let date = value.trim_matches(['<', '>', '[', ']']);
                // `<2018-03-04 Sun>`
                let (day, rest) = date.split_once(' ').unwrap_or((date, ""));
                let is_day = day.len() == 10
                    && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                let is_weekday = rest.chars().all(char::is_alphabetic);
                self.sheet.metadata("date", if is_day && is_weekday { day } else { date });
            }
            _ if SETTINGS.contains(&name.as_str()) || name.starts_with("attr_") => {}
            _ if !self.sheet.has_body || OF_THE_FILE.contains(&name.as_str()) => {
                self.sheet.metadata(&name, value);
            }
            _ => {}
        }
        self.known_by_macros(&name, value);
        true
    }

    /// A title over several keywords is one.
    fn add_title(&mut self, line: std::ops::Range<usize>) {
        let start = line.start + self.sheet.source[line.clone()].find(':').map_or(0, |at| at + 1);
        let flat = Flat::of(self.sheet.source, start..line.end);
        let pieces = inline(&flat.text, &mut self.definitions);
        // Endless titles would be copied again and again.
        if self.title.len() <= LONGEST_MACRO {
            self.title.push(' ');
            self.title.push_str(&pieces.text(&flat));
            self.sheet.builder.title(&self.title, Some(line));
        }
    }

    fn states(&mut self, value: &str) {
        let words = value.split_whitespace().filter(|word| *word != "|");
        let names = words.map(|word| word.split('(').next().unwrap_or_default().to_owned());
        // No file has more; each is compared with every headline.
        let room = 50usize.saturating_sub(self.definitions.states.len());
        self.definitions.states.extend(names.take(room));
    }

    fn define(&mut self, value: &str) {
        let (name, text) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
        if text.len() <= LONGEST_MACRO {
            self.definitions.macros.insert(name.to_lowercase(), text.trim().to_owned());
        }
    }

    /// `{{{title}}}` and its like.
    fn known_by_macros(&mut self, name: &str, value: &str) {
        let is_known = matches!(name, "title" | "author" | "date" | "email");
        if is_known && value.len() <= LONGEST_MACRO {
            self.definitions.macros.insert(name.to_owned(), value.to_owned());
        }
    }
}
