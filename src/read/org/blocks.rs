//! Blocks, drawers and formulas of Org.

use std::ops::Range;

use super::{Reader, headline};
use crate::document::BlockKind;
use crate::read::light::{Flat, indent, outdented, trimmed};

/// The name of a drawer, or `END`.
pub fn drawer_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix(':')?.strip_suffix(':')?;
    let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// The rest of a line after a mark in any case.
fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let start = text.get(..mark.len())?;
    start.eq_ignore_ascii_case(mark).then(|| &text[mark.len()..])
}

impl Reader<'_> {
    /// A block that begins or ends on the current line; lines of fixed width.
    pub fn block(&mut self, text: &str) -> bool {
        if text == ":" || text.starts_with(": ") {
            self.fixed_width();
            return true;
        }
        if let Some(name) = after(text, "#+end_") {
            self.at += 1;
            if name.trim().eq_ignore_ascii_case("quote") {
                self.quotes = self.quotes.saturating_sub(1);
            }
            self.end_list_outside();
            return true;
        }
        let Some(rest) = after(text, "#+begin_") else {
            return text.starts_with("#+") && self.skip();
        };
        let name = rest.split_whitespace().next().unwrap_or_default().to_lowercase();
        self.at += 1;
        self.end_list_outside();
        match name.as_str() {
            "quote" => self.quotes += 1,
            "src" | "example" => {
                let inside = self.inside(&name);
                self.code(inside);
            }
            "comment" | "export" | "html" | "latex" | "ascii" | "beamer" | "odt" | "texinfo" => {
                self.inside(&name);
            }
            "verse" => {
                let inside = self.inside(&name);
                self.verse(inside);
            }
            _ => {}
        }
        true
    }

    /// `#+` that is nothing known.
    fn skip(&mut self) -> bool {
        self.at += 1;
        true
    }

    fn end_list_outside(&mut self) {
        if self.items.is_empty() {
            self.sheet.end_list();
        }
    }

    /// The lines up to the end of a block; a headline ends it too.
    fn inside(&mut self, name: &str) -> Range<usize> {
        let start = self.at;
        while self.at < self.lines.len() {
            let line = self.line(self.at);
            let ends = after(line.trim(), "#+end_")
                .is_some_and(|rest| rest.trim().eq_ignore_ascii_case(name));
            if ends || headline::stars(line).is_some() {
                let inside = start..self.at;
                self.at += usize::from(ends);
                return inside;
            }
            self.at += 1;
        }
        start..self.at
    }

    /// Lines as they stand. A comma at the start of a line keeps what follows from being a headline.
    fn code(&mut self, inside: Range<usize>) {
        let source = self.sheet.source;
        let lines = self.lines.get(inside).unwrap_or_default();
        let has_commas = lines.iter().any(|line| comma(&source[line.clone()]).is_some());
        let flat = match has_commas {
            false => outdented(source, lines),
            true => {
                let mut flat = Flat::default();
                for line in lines {
                    match comma(&source[line.clone()]) {
                        Some(at) => flat.line(source, line.start + at + 1..line.end),
                        None => flat.line(source, line.clone()),
                    }
                }
                flat
            }
        };
        self.sheet.verbatim(BlockKind::Code, &flat);
    }

    fn verse(&mut self, inside: Range<usize>) {
        let source = self.sheet.source;
        let mut flat = Flat::default();
        for line in self.lines.get(inside).unwrap_or_default() {
            flat.line(source, trimmed(source, line.clone()));
        }
        self.text(BlockKind::Quotation, &flat);
    }

    /// `: text`.
    fn fixed_width(&mut self) {
        let source = self.sheet.source;
        let mut flat = Flat::default();
        while self.at < self.lines.len() {
            let line = self.lines[self.at].clone();
            let (_, skip) = indent(&source[line.clone()]);
            let Some(rest) = source[line.clone()][skip..].strip_prefix(':') else { break };
            if !rest.trim_end().is_empty() && !rest.starts_with(' ') {
                break;
            }
            let mark = skip + 1 + usize::from(rest.starts_with(' '));
            flat.line(source, line.start + mark..line.end);
            self.at += 1;
        }
        self.sheet.verbatim(BlockKind::Code, &flat);
    }

    /// A drawer: of properties, which are metadata before the first text, or of a log; others hold text.
    pub fn drawer(&mut self, text: &str) -> bool {
        let Some(name) = drawer_name(text) else { return false };
        let is_dropped =
            ["properties", "logbook", "clock"].iter().any(|known| name.eq_ignore_ascii_case(known));
        let end = if is_dropped { self.drawer_end() } else { None };
        let start = self.at + 1;
        self.at = end.map_or(start, |end| end + 1);
        let is_of_file = !self.sheet.has_body;
        for index in start..end.unwrap_or(start) {
            let property =
                self.line(index).trim().strip_prefix(':').and_then(|p| p.split_once(':'));
            let is_own = |(key, _): &(&str, &str)| is_of_file && !key.eq_ignore_ascii_case("id");
            if let Some((key, value)) = property.filter(is_own) {
                self.sheet.metadata(key.trim_end_matches('+'), value);
            }
        }
        true
    }

    /// The line that ends the drawer on the current line, before the next headline.
    fn drawer_end(&mut self) -> Option<usize> {
        if self.at < self.open_drawers {
            return None;
        }
        for index in self.at + 1..self.lines.len() {
            let line = self.line(index);
            if line.trim().eq_ignore_ascii_case(":END:") {
                return Some(index);
            }
            if headline::stars(line).is_some() {
                self.open_drawers = index;
                return None;
            }
        }
        self.open_drawers = self.lines.len();
        None
    }

    /// `\begin{name}` to `\end{name}` on lines of their own: a formula or table of LaTeX, as it stands.
    pub fn environment(&mut self, text: &str) -> bool {
        let Some(rest) = text.strip_prefix("\\begin{") else { return false };
        let Some((name, _)) = rest.split_once('}') else { return false };
        let end = format!("\\end{{{name}}}");
        let start = self.at;
        // A blank line or a headline ends it, closed or not: no formula holds one.
        let mut last = start;
        while last < self.lines.len() && !self.line(last).trim().is_empty() {
            let line = self.line(last);
            if headline::stars(line).is_some() {
                break;
            }
            last += 1;
            if line.trim_end().ends_with(&end) {
                break;
            }
        }
        self.at = last.max(start + 1);
        let flat = outdented(self.sheet.source, self.lines.get(start..self.at).unwrap_or_default());
        self.sheet.verbatim(BlockKind::Code, &flat);
        true
    }
}

/// Where the comma of a line stands that a program has put before a mark.
fn comma(line: &str) -> Option<usize> {
    let (_, skip) = indent(line);
    let rest = line[skip..].strip_prefix(',')?.trim_start_matches(',');
    (rest.starts_with('*') || rest.starts_with("#+")).then_some(skip)
}
