//! Commands of LaTeX: what each shows, and what becomes of its arguments.

use std::ops::Range;

use super::{Reader, Then, groups, symbols};
use crate::read::light::trimmed;

/// The level of a section; parts and chapters stand above it.
pub const SECTION: u8 = 4;

const HEADINGS: [(&str, u8); 8] = [
    ("part", 2),
    ("chapter", 3),
    ("section", SECTION),
    ("subsection", 5),
    ("subsubsection", 6),
    ("paragraph", 7),
    ("subparagraph", 8),
    ("addsec", SECTION),
];

/// Commands whose argument is a note.
const NOTES: [&str; 8] = [
    "footnote",
    "footnotetext",
    "endnote",
    "thanks",
    "marginpar",
    "marginnote",
    "sidenote",
    "todo",
];

/// Commands some of whose arguments are not shown: how many, from the first.
const HIDDEN: [(&str, usize); 70] = [
    ("label", 1),
    ("vspace", 1),
    ("hspace", 1),
    ("textcolor", 1),
    ("color", 1),
    ("colorbox", 1),
    ("pagecolor", 1),
    ("rowcolor", 1),
    ("cellcolor", 1),
    ("columncolor", 1),
    ("definecolor", 3),
    ("fontsize", 2),
    ("fontfamily", 1),
    ("includegraphics", 1),
    ("graphicspath", 1),
    ("multicolumn", 2),
    ("multirow", 2),
    ("cline", 1),
    ("cmidrule", 1),
    ("pagestyle", 1),
    ("thispagestyle", 1),
    ("pagenumbering", 1),
    ("bibliographystyle", 1),
    ("bibliography", 1),
    ("addbibresource", 1),
    ("nocite", 1),
    ("bibitem", 1),
    ("addcontentsline", 3),
    ("addtocontents", 2),
    ("addtocounter", 2),
    ("stepcounter", 1),
    ("refstepcounter", 1),
    ("newcounter", 1),
    ("setlength", 2),
    ("addtolength", 2),
    ("newlength", 1),
    ("raisebox", 1),
    ("scalebox", 1),
    ("resizebox", 2),
    ("rotatebox", 1),
    ("parbox", 1),
    ("rule", 2),
    ("phantom", 1),
    ("hphantom", 1),
    ("vphantom", 1),
    ("index", 1),
    ("glossary", 1),
    ("hyphenation", 1),
    ("usetikzlibrary", 1),
    ("tikzset", 1),
    ("lstset", 1),
    ("lstdefinestyle", 2),
    ("captionsetup", 1),
    ("geometry", 1),
    ("markboth", 2),
    ("markright", 1),
    ("inst", 1),
    ("selectlanguage", 1),
    ("foreignlanguage", 1),
    ("hypertarget", 1),
    ("hyperlink", 1),
    ("theoremstyle", 1),
    ("newtheorem", 2),
    ("bookmark", 1),
    ("pdfbookmark", 2),
    ("fancyhead", 1),
    ("fancyfoot", 1),
    ("titleformat", 5),
    ("arabic", 1),
    // What follows is the same in plain letters.
    ("texorpdfstring", 1),
];

/// Commands whose argument is shown as it stands, as a reference is by its key.
const SHOWN: [&str; 12] = [
    "ref",
    "eqref",
    "pageref",
    "autoref",
    "cref",
    "Cref",
    "nameref",
    "vref",
    "fref",
    "url",
    "path",
    "nolinkurl",
];

/// Commands that read another file.
const INCLUDED: [&str; 6] = ["input", "include", "subfile", "import", "subimport", "includeonly"];

/// Commands that define others.
pub const DEFINED: [&str; 8] = [
    "newcommand",
    "renewcommand",
    "providecommand",
    "DeclareRobustCommand",
    "DeclareMathOperator",
    "NewDocumentCommand",
    "newenvironment",
    "renewenvironment",
];

/// A length stands directly after these.
const LENGTHS: [&str; 4] = ["vskip", "hskip", "kern", "baselineskip"];

impl Reader<'_> {
    /// The command at a backslash.
    pub fn command(&mut self) {
        let start = self.at;
        let rest = &self.source[start + 1..];
        let in_preamble = self.stream.is_muted;
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'@' && in_preamble;
        let length = rest.bytes().take_while(is_letter).count();
        if length == 0 {
            return self.sign_command(start);
        }
        let name = &rest[..length];
        self.at = (start + 1 + length).min(self.limit());
        if let Some(mark) = symbols::accent(name)
            && self.accent(start, mark)
        {
            return;
        }
        if let Some(text) = symbols::symbol(name) {
            return self.symbol(start, text);
        }
        if self.byte(self.at) == Some(b'*') {
            self.at += 1;
        }
        if !self.structure(start, name) && !self.definition(name) && !self.shown(start, name) {
            self.skip_hidden(name);
        }
    }

    /// A backslash before a sign.
    fn sign_command(&mut self, start: usize) {
        let Some(sign) = self.source[start + 1..].chars().next() else {
            self.at = self.source.len();
            return;
        };
        let end = start + 1 + sign.len_utf8();
        self.at = end.min(self.limit());
        match sign {
            '\\' => self.line_break(start..end),
            '(' | '[' => {
                let close = if sign == '(' { "\\)" } else { "\\]" };
                if let Some(found) = self.find(end, close) {
                    self.stream.gap(start..end);
                    self.math(end..found, found + 2);
                }
            }
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => self.stream.text(start + 1..end),
            ' ' | '\t' | '\n' | '\r' | ',' | ';' | ':' => self.stream.gap(start..end),
            '-' | '/' | '!' | '@' | ')' | ']' => {}
            _ => {
                let name = &self.source[start + 1..end];
                if let Some(mark) = symbols::accent(name) {
                    self.accent(start, mark);
                }
            }
        }
    }

    /// `\\` ends a row; elsewhere it is a blank.
    fn line_break(&mut self, range: Range<usize>) {
        if self.byte(self.at) == Some(b'*') {
            self.at += 1;
        }
        if self.byte(self.at) == Some(b'[') {
            self.skip_options();
        }
        if self.environments.in_table() && !self.stream.is_capturing() {
            return self.stream.end_block();
        }
        if matches!(self.frames.last().map(|frame| &frame.then), Some(Then::Authors)) {
            return self.stream.made("\n");
        }
        self.stream.gap(range);
    }

    /// A letter with an accent, where a letter follows.
    fn accent(&mut self, start: usize, mark: char) -> bool {
        let is_word = self.source[start + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
        let mut at = self.at;
        while self.byte(at) == Some(b' ') {
            at += 1;
        }
        if is_word && at == self.at && self.byte(at) != Some(b'{') && self.byte(at) != Some(b'\\') {
            return false;
        }
        let group = self.groups.inside(at).filter(|_| self.byte(at) == Some(b'{'));
        let (inside, after) = match group {
            Some(inside) => (inside.clone(), inside.end + 1),
            None => (at..self.limit(), self.limit()),
        };
        let letters = groups::window(self.source, inside.start, inside.len().min(LONGEST_LETTER));
        let dotless = ["\\i", "\\j"].iter().position(|name| letters.starts_with(name));
        let (letter, length) = match (dotless, letters.chars().next()) {
            (Some(index), _) => (['ı', 'ȷ'][index], 2),
            (None, Some(letter)) if letter.is_alphabetic() => (letter, letter.len_utf8()),
            _ => return false,
        };
        let is_whole = letters[length..].trim().is_empty();
        self.at = if after < self.limit() && is_whole { after } else { inside.start + length };
        if dotless.is_some() {
            self.skip_blanks();
        }
        self.stream.put(&symbols::accented(letter, mark), start..self.at);
        true
    }

    /// A command that stands for text. Blanks after it belong to it, unless `{}` ends it.
    fn symbol(&mut self, start: usize, text: &str) {
        let end = self.at;
        if self.source[end..self.limit()].starts_with("{}") {
            self.at = end + 2;
        } else {
            self.skip_blanks();
        }
        self.stream.put(text, start..end);
    }

    /// Blanks, and one end of a line.
    pub fn skip_blanks(&mut self) {
        let mut has_line_end = false;
        let limit = self.limit();
        while let Some(byte) = self.byte(self.at).filter(|_| self.at < limit) {
            match byte {
                b' ' | b'\t' | b'\r' => {}
                b'\n' if !has_line_end => has_line_end = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    /// Options in brackets that begin here.
    pub fn skip_options(&mut self) {
        while self.byte(self.at) == Some(b'[')
            && let Some(inside) = self.groups.inside(self.at)
        {
            self.at = (inside.end + 1).min(self.limit());
        }
    }

    /// What stands in the braces that begin here. The text goes on after them.
    pub fn argument(&mut self) -> Option<Range<usize>> {
        let before = self.at;
        self.skip_blanks();
        let inside = self.groups.inside(self.at).filter(|_| self.byte(self.at) == Some(b'{'));
        let Some(inside) = inside.filter(|inside| inside.end < self.limit()) else {
            self.at = before;
            return None;
        };
        self.at = inside.end + 1;
        Some(inside)
    }

    /// Arguments that are not shown: groups, or commands.
    pub fn skip_arguments(&mut self, count: usize) {
        for _ in 0..count {
            self.skip_options();
            if self.argument().is_some() {
                continue;
            }
            let before = self.at;
            self.skip_blanks();
            let rest = &self.source[self.at..self.limit()];
            let name = rest
                .strip_prefix('\\')
                .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_alphabetic).count());
            self.at = if name > 0 { self.at + 1 + name } else { before };
        }
    }

    /// A note; what stands at the margin, or names who has helped, says nothing of the words before it.
    fn note(&mut self, name: &str) {
        self.skip_options();
        let is_capturing = self.stream.is_capturing();
        let note = self.argument().filter(|_| !self.stream.is_muted || is_capturing);
        let Some(note) = note else { return };
        let is_mark = matches!(name, "footnote" | "endnote" | "sidenote") && !is_capturing;
        if is_mark && !self.source[note.clone()].trim().is_empty() {
            self.stream.sheet.builder.note_mark(&note.start.to_string(), 0);
        }
        self.notes.push_back(note);
    }

    /// Headings, environments, notes, captions; what the file says of itself.
    fn structure(&mut self, start: usize, name: &str) -> bool {
        if let Some((_, level)) = HEADINGS.iter().find(|(known, _)| *known == name) {
            self.capture(start, |range| Then::Heading(*level, range));
            return true;
        }
        if NOTES.contains(&name) {
            self.note(name);
            return true;
        }
        match name {
            "begin" => self.begin(start),
            "end" => self.end(),
            "item" => self.item(start),
            "setcounter" => self.set_counter(),
            "par" => self.stream.end_block(),
            "title" => self.capture(start, Then::Title),
            "author" => self.capture(start, |_| Then::Authors),
            "date" => self.capture(start, |_| Then::Metadata("date")),
            "subtitle" => self.capture(start, |_| Then::Metadata("subtitle")),
            "keywords" => self.capture(start, |_| Then::Metadata("keywords")),
            "publishers" => self.capture(start, |_| Then::Metadata("publisher")),
            "and" | "And" | "AND" if self.stream.is_capturing() => self.stream.made("\u{1}"),
            "caption" | "captionof" => {
                self.skip_arguments(usize::from(name == "captionof"));
                self.skip_options();
                self.stream.end_block();
                if let Some(inside) = self.argument() {
                    self.enter(inside, self.at, Then::Block);
                }
            }
            "enquote" | "textquote" => {
                self.skip_options();
                let open = start..self.at;
                if let Some(inside) = self.argument() {
                    self.stream.put("“", open);
                    let end = inside.end..inside.end + 1;
                    self.enter(inside, self.at, Then::Quoted(end));
                }
            }
            "bibitem" => {
                self.stream.end_block();
                self.skip_options();
                self.skip_arguments(1);
            }
            "tabularnewline" => self.line_break(start..self.at),
            // The head of a table once more, for further pages; what stands under each page but the last.
            "endfirsthead" => {
                self.skip_repeated("\\endhead");
                self.skip_repeated("\\endfoot");
            }
            "endhead" => self.skip_repeated("\\endfoot"),
            "newline" | "quad" | "qquad" | "enspace" | "thinspace" | "space" | "hfill" => {
                self.stream.gap(start..self.at);
            }
            _ => return false,
        }
        true
    }

    /// Passes over rows of a long table that end with this command.
    fn skip_repeated(&mut self, end: &str) {
        let (Some(at), Some(close)) = (self.find(self.at, end), self.find(self.at, "\\end{"))
        else {
            return;
        };
        if at < close {
            self.at = at + end.len();
            self.stream.end_block();
        }
    }

    /// Reads the argument of a command as a string.
    fn capture(&mut self, start: usize, then: impl FnOnce(Range<usize>) -> Then) {
        self.skip_options();
        let before = self.at;
        let Some(inside) = self.argument() else { return };
        let then = then(start..self.at);
        if matches!(then, Then::Heading(..)) {
            self.stream.end_list();
        }
        match self.stream.capture() {
            true => self.enter(inside, self.at, then),
            false => self.at = before,
        }
    }

    /// References, links, citations, verbatim text.
    fn shown(&mut self, start: usize, name: &str) -> bool {
        if name == "verb" || name == "lstinline" {
            let after = if name == "verb" { start + 1 + name.len() } else { self.at };
            if let Some(inside) = groups::verb(self.source, after) {
                self.at = inside.end + 1;
                self.stream.text(inside);
            }
            return true;
        }
        if SHOWN.contains(&name) {
            if let Some(inside) = self.argument() {
                if matches!(name, "url" | "nolinkurl") {
                    self.stream.sheet.link(&self.source[inside.clone()]);
                }
                self.stream.text(inside);
            }
            return true;
        }
        if name == "href" {
            self.skip_options();
            if let Some(address) = self.argument() {
                self.stream.sheet.link(&self.source[address]);
            }
            return true;
        }
        if INCLUDED.contains(&name) {
            self.include(start);
            return true;
        }
        let is_citation = name != "nocite" && name.to_ascii_lowercase().contains("cite");
        if is_citation {
            self.citation(start);
        }
        is_citation
    }

    /// `\cite[p. 5]{key}` shows the option and the key in brackets.
    fn citation(&mut self, start: usize) {
        let mut shown = Vec::new();
        while self.byte(self.at) == Some(b'[')
            && let Some(inside) = self.groups.inside(self.at)
        {
            self.at = (inside.end + 1).min(self.limit());
            shown.push(inside);
        }
        shown.extend(self.argument());
        shown.retain(|range| !self.source[range.clone()].trim().is_empty());
        let mut before = start;
        for range in shown {
            let inside = trimmed(self.source, range.clone());
            self.stream.put(if before == start { "[" } else { ", " }, before..range.start);
            let text = &self.source[inside.clone()];
            match text.contains('~') {
                true => self.stream.put(&text.replace('~', "\u{a0}"), inside),
                false => self.stream.text(inside),
            }
            before = range.end;
        }
        if before > start {
            self.stream.put("]", before..before + 1);
        }
    }

    fn include(&mut self, start: usize) {
        let name = match self.argument() {
            Some(inside) => &self.source[inside],
            None => {
                // `\input file`
                self.skip_blanks();
                let window = groups::window(self.source, self.at, LONGEST_FILE_NAME);
                let stop = |c: char| c.is_whitespace() || "\\{}%".contains(c);
                let name = &window[..window.find(stop).unwrap_or(window.len())];
                self.at = (self.at + name.len()).min(self.limit());
                name
            }
        };
        let message = format!("`{}` is included, which is not read", name.trim());
        self.stream.sheet.warn(message, start..self.at);
    }

    /// A command that shows nothing of its own: arguments that are not for reading go, others are text.
    fn skip_hidden(&mut self, name: &str) {
        if LENGTHS.contains(&name) {
            return self.skip_length();
        }
        if let Some((_, count)) = HIDDEN.iter().find(|(known, _)| *known == name) {
            if name == "cmidrule" && self.byte(self.at) == Some(b'(') {
                let window = groups::window(self.source, self.at, LONGEST_LETTER);
                self.at += window.find(')').map_or(0, |end| end + 1);
            }
            if matches!(name, "multirow") {
                self.skip_arguments(1);
                self.skip_options();
                if self.byte(self.at) == Some(b'*') {
                    self.at += 1;
                    return self.skip_options();
                }
                return self.skip_arguments(1);
            }
            return self.skip_arguments(*count);
        }
        if name == "iffalse" {
            if let Some(end) = self.find(self.at, "\\fi") {
                self.at = end + 3;
            }
            return;
        }
        self.skip_options();
    }

    /// `-1.5cm plus 2pt`
    fn skip_length(&mut self) {
        self.skip_blanks();
        let window = groups::window(self.source, self.at, LONGEST_LETTER);
        let is_number = |c: char| c.is_ascii_digit() || "+-.,".contains(c);
        let digits = window.len() - window.trim_start_matches(is_number).len();
        let unit = window[digits..].bytes().take(2).take_while(u8::is_ascii_lowercase).count();
        if digits > 0 {
            self.at = (self.at + digits + unit).min(self.limit());
        }
    }
}

/// A letter in braces, and a length, are no longer than this (bytes).
const LONGEST_LETTER: usize = 24;
const LONGEST_FILE_NAME: usize = 200;
