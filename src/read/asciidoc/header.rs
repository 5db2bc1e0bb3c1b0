//! The header of an AsciiDoc document: title, authors, revision, attributes.

use std::ops::Range;

use super::Reader;
use crate::read::builder::collapse;

/// Attributes that tell how a document looks, not what it is.
const LAYOUT: [&str; 30] = [
    "toc",
    "toclevels",
    "toc-title",
    "icons",
    "sectnums",
    "sectnumlevels",
    "numbered",
    "doctype",
    "source-highlighter",
    "imagesdir",
    "idprefix",
    "idseparator",
    "experimental",
    "sectanchors",
    "sectlinks",
    "stem",
    "data-uri",
    "stylesheet",
    "stylesdir",
    "linkcss",
    "nofooter",
    "noheader",
    "highlightjsdir",
    "pdf-theme",
    "compat-mode",
    "figure-caption",
    "table-caption",
    "hardbreaks",
    "reproducible",
    "partnums",
];

/// Values longer than this (bytes) are texts, and are not put in for their names.
const LONGEST_VALUE: usize = 2000;

/// The name and value of a line `:name: value`; `None` for one that is none.
pub fn entry(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(':')?;
    let end = rest.find(':')?;
    let (name, value) = (&rest[..end], &rest[end + 1..]);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '!' | '@');
    let fits = !name.is_empty() && name.chars().all(is_name);
    (fits && (value.is_empty() || value.starts_with([' ', '\t']))).then_some((name, value.trim()))
}

impl Reader<'_> {
    /// Reads the header, if there is one: it ends with a blank line.
    pub fn header(&mut self) {
        self.entries();
        while self.is_blank(self.at) && self.at < self.lines.len() {
            self.at += 1;
            self.entries();
        }
        let line = self.line(self.at).trim_end();
        let is_title = ["= ", "# "].iter().any(|mark| line.starts_with(mark));
        let under = self.line(self.at + 1).trim_end();
        let is_underlined = under.len() >= 3
            && under.bytes().all(|byte| byte == b'=')
            && line.starts_with(|c: char| c.is_alphanumeric())
            && line.chars().count().abs_diff(under.len()) <= 1;
        if !is_title && !is_underlined {
            return;
        }
        let start = self.lines[self.at].start;
        let skip = if is_title { 2 } else { 0 };
        self.at += if is_title { 1 } else { 2 };
        self.add_heading(1, start + skip..start + line.len());
        self.entries();
        self.people();
        self.entries();
        self.revision();
        self.entries();
    }

    /// Comments and attributes.
    fn entries(&mut self) {
        loop {
            let line = self.line(self.at).trim_end();
            if line == "////" {
                self.at += 1;
                while self.at < self.lines.len() && self.line(self.at).trim_end() != "////" {
                    self.at += 1;
                }
                self.at += 1;
            } else if line.starts_with("//") {
                self.at += 1;
            } else if entry(line).is_some() {
                self.attribute_entry();
            } else {
                return;
            }
        }
    }

    /// `:name: value`, which a backslash at its end continues.
    pub fn attribute_entry(&mut self) {
        let Some((name, first)) = entry(self.line(self.at).trim_end()) else { return };
        let name = name.to_lowercase();
        let mut value = first.to_owned();
        self.at += 1;
        while value.ends_with('\\') && self.at < self.lines.len() {
            value.truncate(value.trim_end_matches(['\\', ' ', '+']).len());
            value.push(' ');
            value.push_str(self.line(self.at).trim());
            self.at += 1;
        }
        if let Some(unset) = name.strip_prefix('!').or(name.strip_suffix('!')) {
            self.attributes.values.remove(unset);
            return;
        }
        let name = name.trim_end_matches('@').to_owned();
        if !self.sheet.has_body && !LAYOUT.contains(&name.as_str()) && !value.contains('{') {
            match name.as_str() {
                "revdate" => self.sheet.metadata("date", &value),
                "revnumber" => self.sheet.metadata("version", &value),
                _ => self.sheet.metadata(&name, &value),
            }
        }
        if value.len() <= LONGEST_VALUE {
            self.attributes.values.insert(name, value);
        }
    }

    fn header_line(&self) -> Option<Range<usize>> {
        let line = self.lines.get(self.at)?;
        let text = self.line(self.at).trim_end();
        (!text.is_empty()).then(|| line.start..line.start + text.len())
    }

    /// `Ann Lee <ann@example.org>; Bo Li`.
    fn people(&mut self) {
        let Some(range) = self.header_line() else { return };
        let line = &self.sheet.source[range];
        let starts_so = line.starts_with(|c: char| c.is_alphabetic() || c == '{');
        let looks_so = |person: &str| {
            let name = person.split('<').next().unwrap_or_default();
            let words = name.split_whitespace().count();
            (1..=5).contains(&words) && !name.contains([':', '.', '[', '=', '|'])
                || person.contains('@')
        };
        if !starts_so || !line.split(';').all(looks_so) {
            return;
        }
        self.at += 1;
        for person in line.split(';') {
            let name = collapse(&person.split('<').next().unwrap_or_default().replace('_', " "));
            self.sheet.metadata("author", &name);
            self.attributes.values.entry("author".to_owned()).or_insert(name);
        }
    }

    /// `v1.0, 2025-11-24: remark`, or parts of it.
    fn revision(&mut self) {
        let Some(range) = self.header_line() else { return };
        let line = &self.sheet.source[range];
        let is_revision = line.len() <= 200
            && line.chars().any(|c| c.is_ascii_digit())
            && (line.starts_with(['v', 'V', '$', '{'])
                || line.starts_with(|c: char| c.is_ascii_digit())
                || line.contains(','));
        if !is_revision || line.starts_with("video") || line.contains("::") {
            return;
        }
        self.at += 1;
        let (rest, remark) =
            line.split_once(": ").map_or((line, ""), |(rest, remark)| (rest, remark));
        let (version, date) = match rest.split_once(',') {
            Some((version, date)) if version.chars().any(|c| c.is_ascii_digit()) => (version, date),
            _ if rest.starts_with(['v', 'V']) => (rest, ""),
            _ => ("", rest),
        };
        let version = version.trim().trim_start_matches(['v', 'V']);
        for (key, name, value) in [
            ("version", "revnumber", version),
            ("date", "revdate", date),
            ("remark", "revremark", remark),
        ] {
            self.sheet.metadata(key, value);
            if !value.trim().is_empty() {
                self.attributes.values.insert(name.to_owned(), value.trim().to_owned());
            }
        }
    }
}
