//! What a LaTeX file defines, and what it says of itself in its preamble.

use std::collections::HashMap;

use super::{Reader, commands::DEFINED, groups};
use crate::read::builder::collapse;
use crate::read::light::Sheet;

/// What a file defines.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Commands that stand for text.
    pub commands: HashMap<String, String>,
    /// Environments, and the known one that each begins with.
    pub environments: HashMap<String, String>,
    /// Languages among the options of the class.
    pub language: Option<String>,
    /// Bytes that commands may still put into the text.
    pub budget: usize,
}

/// A command's text is no longer than this (bytes).
const LONGEST_TEXT: usize = 200;

/// Options of `babel` and of classes, and the languages that they mean.
const LANGUAGES: [(&str, &str); 22] = [
    ("american", "en"),
    ("british", "en"),
    ("usenglish", "en"),
    ("ukenglish", "en"),
    ("australian", "en"),
    ("canadian", "en"),
    ("ngerman", "de"),
    ("german", "de"),
    ("austrian", "de"),
    ("naustrian", "de"),
    ("francais", "fr"),
    ("frenchb", "fr"),
    ("acadian", "fr"),
    ("brazil", "pt"),
    ("brazilian", "pt"),
    ("portuges", "pt"),
    ("magyar", "hu"),
    ("bahasa", "id"),
    ("indonesian", "id"),
    ("norsk", "nb"),
    ("nynorsk", "nn"),
    ("farsi", "fa"),
];

/// The language that an option names.
fn language(option: &str) -> Option<String> {
    let name = option.trim().to_lowercase();
    let name = name.strip_prefix("main=").unwrap_or(&name);
    let known = LANGUAGES.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, tag)) => Some((*tag).to_owned()),
        // `a4paper` and the like are no languages.
        None => crate::read::metadata::language_tag(name).filter(|tag| tag != name),
    }
}

/// The names in `\author`: between `\and`, each on the first line.
pub fn authors(text: &str, sheet: &mut Sheet<'_>) {
    for author in text.split('\u{1}') {
        let lines = author.split('\n').map(collapse);
        if let Some(name) =
            lines.map(|line| line.trim_matches(',').to_owned()).find(|name| !name.is_empty())
        {
            sheet.metadata("author", &name);
        }
    }
}

impl Reader<'_> {
    /// Commands that define, set or load something, and those that the file has defined.
    pub fn definition(&mut self, name: &str) -> bool {
        match name {
            _ if DEFINED.contains(&name) => self.define(name),
            "def" | "gdef" | "edef" => self.define_plainly(),
            "let" => self.skip_let(),
            "documentclass" => {
                let language = self.language_option();
                self.definitions.language = language;
                self.skip_arguments(1);
            }
            "usepackage" | "RequirePackage" => {
                let language = self.language_option();
                let package = self.argument().map(|inside| &self.source[inside]);
                if package.is_some_and(|package| package.contains("babel")) {
                    let language = language.or_else(|| self.definitions.language.clone());
                    self.set_language(language);
                }
            }
            "setmainlanguage" | "setdefaultlanguage" | "setotherlanguage" => {
                self.skip_options();
                let language = self.argument().and_then(|inside| language(&self.source[inside]));
                self.set_language(language.filter(|_| name != "setotherlanguage"));
            }
            "hypersetup" => self.hypersetup(),
            _ => return self.expand(name),
        }
        true
    }

    fn set_language(&mut self, language: Option<String>) {
        if let Some(language) = language {
            self.stream.sheet.metadata("language", &language);
        }
    }

    /// The last language among the options in brackets: the main one of `babel`.
    fn language_option(&mut self) -> Option<String> {
        let inside = self.groups.inside(self.at).filter(|_| self.byte(self.at) == Some(b'['))?;
        self.at = inside.end + 1;
        let options = groups::window(self.source, inside.start, inside.len().min(1000)).split(',');
        let main = options.clone().find(|option| option.trim().starts_with("main="));
        main.and_then(language).or_else(|| options.filter_map(language).next_back())
    }

    /// The name of a command, in braces or not.
    fn defined_name(&mut self) -> Option<String> {
        let range = match self.argument() {
            Some(inside) => inside,
            None => {
                self.skip_blanks();
                let rest = self.source[self.at..].strip_prefix('\\')?;
                let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'@';
                let length = rest.bytes().take_while(is_letter).count();
                let start = self.at;
                self.at += 1 + length;
                start..self.at
            }
        };
        let name = self.source.get(range)?.trim();
        (name.len() <= LONGEST_TEXT).then(|| name.trim_start_matches('\\').to_owned())
    }

    /// `\newcommand{\name}[1][default]{text}`, `\newenvironment{name}{begin}{end}`.
    fn define(&mut self, command: &str) {
        let name = self.defined_name();
        self.skip_blanks();
        let has_arguments = self.byte(self.at) == Some(b'[') || command == "NewDocumentCommand";
        self.skip_options();
        if command == "NewDocumentCommand" {
            self.argument();
        }
        let Some(body) = self.argument() else { return };
        let Some(name) = name else { return };
        let text = groups::window(self.source, body.start, body.len().min(LONGEST_TEXT));
        if command.ends_with("environment") {
            let begin = text.find("\\begin{").and_then(|at| groups::environment(text, at + 6));
            if let Some((known, _)) = begin {
                self.definitions.environments.insert(name, known.to_owned());
            }
            self.argument();
        } else if !has_arguments && body.len() <= LONGEST_TEXT && command != "DeclareMathOperator" {
            self.add_text(name, body);
        }
    }

    /// `\def\name{text}`.
    fn define_plainly(&mut self) {
        let Some(name) = self.defined_name() else { return };
        let window = groups::window(self.source, self.at, LONGEST_TEXT);
        let parameters = window.find('{').unwrap_or(0);
        if window[..parameters].contains('\n') {
            return;
        }
        self.at += parameters;
        if let Some(body) =
            self.argument().filter(|body| parameters == 0 && body.len() <= LONGEST_TEXT)
        {
            self.add_text(name, body);
        }
    }

    fn add_text(&mut self, name: String, body: std::ops::Range<usize>) {
        if let Some(text) = plain(&self.source[body]) {
            self.definitions.commands.insert(name, text);
        }
    }

    /// `\let\a=\b`
    fn skip_let(&mut self) {
        self.skip_arguments(1);
        if self.byte(self.at) == Some(b'=') {
            self.at += 1;
        }
        self.skip_arguments(1);
    }

    /// A command that the file defines as text.
    fn expand(&mut self, name: &str) -> bool {
        let Some(text) = self.definitions.commands.get(name) else { return false };
        if text.len() > self.definitions.budget {
            return true;
        }
        self.definitions.budget -= text.len();
        let text = text.clone();
        let range = self.at - name.len() - 1..self.at;
        if self.source[self.at..].starts_with("{}") {
            self.at += 2;
        }
        if !text.trim().is_empty() {
            self.stream.put(text.trim(), range);
        }
        if text.ends_with(' ') {
            self.stream.gap(self.at..self.at);
        }
        true
    }

    /// `\hypersetup{pdfauthor={Ann Lee}, ...}`.
    fn hypersetup(&mut self) {
        const KEYS: [(&str, &str); 4] = [
            ("pdfauthor", "author"),
            ("pdfkeywords", "keywords"),
            ("pdfsubject", "subject"),
            ("pdflang", "language"),
        ];
        let Some(inside) = self.argument() else { return };
        let (mut start, end) = (inside.start, inside.end);
        while start < end {
            let key_end = self.source[start..end].find(['=', ',']).map_or(end, |at| start + at);
            let key = self.source[start..key_end].trim();
            let mut value_start = (key_end + 1).min(end);
            if self.byte(key_end) == Some(b',') || key_end == end {
                start = value_start;
                continue;
            }
            value_start += self.source[value_start..end].len()
                - self.source[value_start..end].trim_start().len();
            let group = self.groups.inside(value_start).filter(|group| group.end <= end);
            let bare = self.source[value_start..end].find(',').map_or(end, |at| value_start + at);
            let value = group.unwrap_or(value_start..bare);
            if let Some((_, name)) = KEYS.iter().find(|(known, _)| *known == key) {
                let parts = if *name == "author" { ';' } else { '\0' };
                for part in self.source[value.clone()].split(parts) {
                    self.stream.sheet.metadata(name, &collapse(part));
                }
            }
            let rest = value.end.max(value_start);
            start = self.source[rest..end].find(',').map_or(end, |at| rest + at + 1);
        }
    }
}

/// The text of a definition that is nothing but text, in a font or not.
fn plain(body: &str) -> Option<String> {
    let mut text = body.to_owned();
    for font in
        ["\\xspace", "\\textsc", "\\textit", "\\textbf", "\\emph", "\\mbox", "\\texttt", "\\textrm"]
    {
        text = text.replace(font, "");
    }
    let text = text.replace(['{', '}'], "").replace("\\ ", " ");
    let is_plain = !text.contains(['\\', '#', '$', '%', '&', '~', '^', '_']);
    is_plain.then_some(text)
}
