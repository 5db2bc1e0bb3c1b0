//! Code of Typst: passed over up to where it ends, but for the content in it.

use super::calls::Call;
use super::literals::{comment, name};
use super::{Open, Reader, Then, What};
use crate::read::light::trimmed;

/// Words that begin a statement, which goes up to the end of its line.
const STATEMENTS: [&str; 11] = [
    "let", "set", "show", "import", "include", "if", "for", "while", "return", "break", "continue",
];

/// Texts that have names: how long they are (bytes), and how many.
const LONGEST_TEXT: usize = 200;
const MOST_TEXTS: usize = 1000;

impl Reader<'_> {
    /// `#` in markup begins code.
    pub fn hash(&mut self) {
        let rest = &self.rest()[1..];
        let length = name(rest, "");
        let word = &rest[..length];
        self.ended = 0;
        self.pending = None;
        if STATEMENTS.contains(&word) {
            self.statement(word, length);
        } else if word == "context" {
            self.at += 1 + length;
            self.enter(What::Statement);
            self.show_in_statement();
        } else if let Some(text) = self.texts.get(word).filter(|text| {
            text.len() <= self.budget && !rest[length..].starts_with(['(', '[', '.'])
        }) {
            let range = self.at..self.at + 1 + length;
            self.at = range.end;
            self.budget -= text.len();
            self.stream.put(text, range);
        } else if length > 0 || rest.starts_with(['(', '{', '[', '"', '$', '`']) {
            self.at += 1;
            self.enter(What::Expression);
            self.first_of_expression();
        } else {
            self.keep(1);
        }
    }

    fn statement(&mut self, word: &str, length: usize) {
        let start = self.at;
        self.at += 1 + length;
        if word == "include" {
            let window = self.rest().trim_start();
            if window.starts_with('"') {
                let at = self.source.len() - window.len();
                if let Some(inside) = self.literals.quoted(self.source, at) {
                    let message = format!(
                        "`{}` is included, which is not read",
                        &self.source[inside.clone()]
                    );
                    self.stream.sheet.warn(message, start..inside.end + 1);
                }
            }
        }
        if word == "let" {
            self.number();
        }
        self.enter(What::Statement);
        if matches!(word, "if" | "for" | "while") {
            self.show_in_statement();
        }
    }

    fn show_in_statement(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.shows = true;
        }
    }

    /// `#let name = 5`: columns may be named so. `#let name = "text"`: the text is shown by its name.
    fn number(&mut self) {
        let rest = self.rest().trim_start_matches(' ');
        let (named, after) = rest.split_at(name(rest, ""));
        let value = after
            .trim_start_matches(' ')
            .strip_prefix('=')
            .map(|rest| rest.trim_start_matches(' '));
        let digits =
            value.map_or(0, |value| value.bytes().take(9).take_while(u8::is_ascii_digit).count());
        if let Some(number) = value.and_then(|value| value[..digits].parse().ok()) {
            self.numbers.insert(named.to_owned(), number);
        }
        if let Some(value) = value.filter(|value| value.starts_with('"') && !named.is_empty()) {
            let at = self.source.len() - value.len();
            let inside = self.literals.quoted(self.source, at);
            let inside = inside.filter(|inside| inside.len() <= LONGEST_TEXT);
            if let Some(inside) = inside
                && self.texts.len() < MOST_TEXTS
            {
                let text = self.plain(inside);
                self.texts.insert(named.to_owned(), text);
            }
        }
    }

    /// The first token of an expression.
    fn first_of_expression(&mut self) {
        if self.rest().starts_with('"') {
            let Some(inside) = self.literals.quoted(self.source, self.at) else {
                return self.keep(1);
            };
            self.at = inside.end + 1;
            self.stream.text(inside);
            return;
        }
        if self.rest().starts_with(['$', '`']) {
            self.value();
            return;
        }
        self.code();
    }

    /// One token of code.
    pub fn code(&mut self) {
        let byte = self.source.as_bytes()[self.at];
        let is_expression = matches!(self.open.last(), Some(Open { what: What::Expression, .. }));
        if is_expression && !self.goes_on(byte) {
            return self.close();
        }
        if comment(self.source, self.at).is_some() {
            return self.comment();
        }
        match byte {
            b'\n' | b'\r' => self.code_line_end(),
            b' ' | b'\t' => {
                self.at += 1;
                self.pending = None;
            }
            b'"' => self.string(),
            b'$' | b'`' => self.value(),
            b'[' => self.content(),
            b'(' => self.parenthesis(),
            b'{' => {
                self.at += 1;
                self.token(b'{');
                self.enter(What::Braces);
            }
            b')' | b'}' | b']' => self.closing(byte),
            b',' => self.next_argument(),
            b';' if matches!(self.open.last(), Some(Open { what: What::Statement, .. })) => {
                self.at += 1;
                self.close();
            }
            _ => self.word(byte),
        }
    }

    /// Whether an expression in markup goes on with this byte.
    fn goes_on(&self, byte: u8) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.source.as_bytes().get(at));
        let is_first = before == Some(&b'#');
        let is_name = |text: &str| name(text, "") > 0;
        match byte {
            b'(' | b'[' => {
                is_first || self.pending.is_some() || matches!(before, Some(b')' | b']'))
            }
            b'.' => is_name(&self.rest()[1..]),
            b'{' => is_first,
            _ => (is_first || before == Some(&b'.')) && is_name(self.rest()),
        }
    }

    /// The end of a line ends a statement, unless more must come.
    fn code_line_end(&mut self) {
        self.pending = None;
        let goes_on = b"=+,:>*/".contains(&self.ended);
        let is_statement = matches!(self.open.last(), Some(Open { what: What::Statement, .. }));
        if is_statement && !goes_on {
            return self.close();
        }
        self.at += 1;
        self.line = self.at;
    }

    /// A token of an argument has been read.
    pub fn token(&mut self, byte: u8) {
        self.ended = byte;
        if let Some(Open { what: What::Call(call), .. }) = self.open.last_mut() {
            call.has_value = true;
        }
    }

    /// A formula or raw text is content.
    fn value(&mut self) {
        self.token(b'$');
        self.pending = None;
        let shows = self.open.last().is_some_and(|open| open.shows) && self.shows_argument();
        let is_formula = self.rest().starts_with('$');
        match (shows, is_formula) {
            (true, true) => self.formula(),
            (true, false) => self.raw(),
            (false, true) => {
                let end = self.literals.quoted(self.source, self.at);
                self.at = end.map_or(self.at, |inside| inside.end) + 1;
            }
            (false, false) => {
                let ticks = self.rest().bytes().take_while(|byte| *byte == b'`').count();
                let end = self.literals.raw(self.source, self.at);
                self.at = end.map_or(self.at + ticks, |(_, after)| after);
            }
        }
        if shows {
            self.stream.gap(self.at..self.at);
        }
    }

    fn string(&mut self) {
        self.token(b'"');
        self.pending = None;
        let Some(inside) = self.literals.quoted(self.source, self.at) else {
            self.at += 1;
            return;
        };
        self.at = inside.end + 1;
        self.string_argument(inside);
    }

    /// Content in code.
    fn content(&mut self) {
        self.token(b'[');
        let start = self.at;
        self.at += 1;
        let then = match self.pending.take() {
            Some(call) => call.content(start),
            None => self.content_argument(start),
        };
        self.enter(What::Markup(then));
    }

    fn parenthesis(&mut self) {
        self.token(b'(');
        self.at += 1;
        let call = match self.pending.take() {
            Some(call) => call,
            None => self.group(),
        };
        self.begin_call(&call);
        self.enter(What::Call(call));
    }

    /// A closing sign ends what it opens, and the statements in it; one too many is passed over.
    fn closing(&mut self, byte: u8) {
        let fits = |what: &What| match what {
            What::Call(_) => byte == b')',
            What::Braces => byte == b'}',
            What::Markup(_) | What::Line(_) => byte == b']',
            What::Statement | What::Expression => false,
        };
        let is_inner = |what: &What| matches!(what, What::Statement | What::Expression);
        while self.open.last().is_some_and(|open| is_inner(&open.what)) {
            self.close();
        }
        match self.open.last() {
            Some(open) if matches!(open.what, What::Markup(_) | What::Line(_)) => {
                // What it closes is markup's to say.
                if byte != b']' {
                    self.keep(1);
                }
            }
            Some(open) if fits(&open.what) => {
                self.at += 1;
                self.close();
            }
            _ => self.at += 1,
        }
        self.ended = byte;
    }

    /// Names, numbers, operators.
    fn word(&mut self, byte: u8) {
        let length = name(self.rest(), ".");
        if length == 0 {
            let width = self.rest().chars().next().map_or(1, char::len_utf8);
            if byte.is_ascii_digit() {
                return self.digits();
            }
            self.token(byte);
            if byte != b'.' {
                self.pending = None;
            }
            self.at += width;
            return;
        }
        let word = self.rest()[..length].trim_end_matches('.');
        let after = self.source.get(self.at + word.len()..).unwrap_or_default();
        let is_argument = matches!(self.open.last(), Some(Open { what: What::Call(call), .. }) if !call.has_value);
        let is_named = after.trim_start_matches(' ').starts_with(':');
        self.at += word.len();
        if is_argument && is_named {
            self.at += after.len() - after.trim_start_matches(' ').len() + 1;
            return self.name_argument(word);
        }
        self.token(b'a');
        self.word_argument(word);
        self.pending = Some(match self.is_template(word.len()) {
            true => Call::template(),
            false => Call::of(word),
        });
    }

    /// Whether the word that ends here is the function that shows the whole file: `#show: it => word(`.
    fn is_template(&self, length: usize) -> bool {
        let before = self.source.get(self.line..self.at - length).unwrap_or_default();
        let parameter =
            before.strip_prefix("#show:").and_then(|rest| rest.trim_end().strip_suffix("=>"));
        parameter.is_some_and(|parameter| name(parameter.trim(), "") == parameter.trim().len())
    }

    fn digits(&mut self) {
        self.token(b'0');
        self.pending = None;
        let length = self.rest().bytes().take_while(u8::is_ascii_alphanumeric).count();
        let digits = self.rest().bytes().take(9).take_while(u8::is_ascii_digit).count();
        if let Ok(number) = self.rest()[..digits].parse() {
            self.number_argument(number);
        }
        self.at += length;
    }

    /// The source of a string, for metadata.
    pub fn plain(&self, inside: std::ops::Range<usize>) -> String {
        self.source[trimmed(self.source, inside)].replace("\\\"", "\"").replace("\\\\", "\\")
    }

    /// What content among arguments is.
    fn content_argument(&self, start: usize) -> Then {
        match self.open.last() {
            Some(Open { what: What::Call(call), .. }) => call.argument_content(start),
            _ => Then::Text,
        }
    }
}
