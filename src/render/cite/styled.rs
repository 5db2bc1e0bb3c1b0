//! A line with words in italics, and how manuals join and quote.

use anstyle::Style;

/// Text with parts in italics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styled {
    parts: Vec<(bool, String)>,
}

impl Styled {
    /// Adds text as it is.
    pub fn text(mut self, text: impl AsRef<str>) -> Styled {
        self.parts.push((false, text.as_ref().to_owned()));
        self
    }

    /// Adds text in italics.
    pub fn italic(mut self, text: impl AsRef<str>) -> Styled {
        self.parts.push((true, text.as_ref().to_owned()));
        self
    }

    /// Adds text where there is some.
    pub fn maybe(self, text: Option<String>) -> Styled {
        match text {
            Some(text) => self.text(text),
            None => self,
        }
    }

    /// Adds a full stop, unless what stands there ends a sentence.
    pub fn stop(self) -> Styled {
        let plain = self.plain();
        match plain.trim_end_matches(['”', '’']).ends_with(['.', '?', '!']) {
            true => self,
            false => self.text("."),
        }
    }

    /// Without italics.
    pub fn plain(&self) -> String {
        self.parts.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// Without what a terminal must not get from a document.
    pub fn clean(&self) -> Styled {
        let clean = super::super::clean;
        let parts = self.parts.iter();
        Styled { parts: parts.map(|(is_italic, text)| (*is_italic, clean(text))).collect() }
    }

    /// With italics for a terminal.
    pub fn ansi(&self) -> String {
        let italic = Style::new().italic();
        let parts = self.parts.iter().map(|(is_italic, text)| match is_italic {
            true => format!("{italic}{text}{italic:#}"),
            false => text.clone(),
        });
        parts.collect()
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let escape = super::super::markdown::escape;
        let parts = self.parts.iter().map(|(is_italic, text)| match is_italic {
            true => format!("*{}*", escape(text)),
            false => escape(text),
        });
        parts.collect()
    }
}

/// Text in quotation marks; those in it become single ones. `inside` is the comma or full stop that stands before
/// the closing mark in American usage, unless the text ends with such.
pub fn quoted(text: &str, inside: &str) -> String {
    let mut out = String::from("“");
    let mut before = ' ';
    for c in text.chars() {
        out.push(match c {
            '“' | '„' | '«' => '‘',
            '”' | '»' => '’',
            '"' if before.is_whitespace() || before == '(' => '‘',
            '"' => '’',
            c => c,
        });
        before = c;
    }
    let has_own = text.ends_with(['?', '!', '.', ',']);
    out + if has_own { "" } else { inside } + "”"
}

/// Names as a list: `A`, `A and B`, `A, B, and C`. Where `inverted` the first has its family name first, so that a
/// comma stands before the `and` also of two.
pub fn listed(names: &[String], and: &str, inverted: bool) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] if !inverted => format!("{first} {and} {second}"),
        [others @ .., last] => format!("{}, {and} {last}", others.join(", ")),
    }
}
