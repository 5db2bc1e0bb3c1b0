//! Delimited blocks and block macros of AsciiDoc.

use std::ops::Range;

use super::{Open, Reader, Style, inline::label};
use crate::document::BlockKind;
use crate::read::light::{Flat, outdented};

impl Reader<'_> {
    pub fn is_delimiter(&self, line: &str) -> bool {
        delimiter(line).is_some() || is_table(line)
    }

    /// A block that begins or ends on the current line.
    pub fn delimited(&mut self, line: &str) -> bool {
        if is_table(line) {
            self.table();
            return true;
        }
        let Some(sign) = delimiter(line) else { return false };
        if matches!(sign, '-' | '.' | '+' | '/' | '`') && line != "--" {
            self.at += 1;
            self.verbatim_block(line, sign);
            return true;
        }
        self.at += 1;
        if let Some(index) = self.open.iter().rposition(|open| open.delimiter == line) {
            let around = self.open.get_mut(index).and_then(|open| open.around.take());
            self.open.truncate(index);
            self.is_attached = false;
            self.is_in_list = around.is_some();
            match around {
                Some(lists) => self.lists = lists,
                None => self.end_list(),
            }
            return true;
        }
        self.open_block(sign);
        true
    }

    fn open_block(&mut self, sign: char) {
        let style = std::mem::take(&mut self.style);
        let is_quote = sign == '_' || style.name == "quote" || style.name == "verse";
        let kind = is_quote.then_some(BlockKind::Quotation);
        if is_quote {
            self.end_list_unless_attached();
            self.attribution(&style);
        }
        let around = self.is_attached.then(|| std::mem::take(&mut self.lists));
        let delimiter = self.line(self.at - 1).trim_end();
        self.end_list();
        self.open.push(Open { delimiter, kind, around });
    }

    fn end_list_unless_attached(&mut self) {
        if !self.is_attached {
            self.end_list();
        }
    }

    /// A block whose lines are not read as markup: up to its end, or that of the file.
    fn verbatim_block(&mut self, delimiter: &str, sign: char) {
        let style = std::mem::take(&mut self.style);
        let end = if sign == '`' { "```" } else { delimiter };
        let start = self.at;
        while self.at < self.lines.len() && self.line(self.at).trim_end() != end {
            self.at += 1;
        }
        let inside = start..self.at;
        self.at += 1;
        self.end_list_unless_attached();
        self.is_attached = false;
        let is_formula = matches!(style.name.as_str(), "stem" | "latexmath" | "asciimath");
        if sign == '/' || sign == '+' && !is_formula || style.name == "comment" {
            return;
        }
        self.code(inside, false);
    }

    /// Lines as they stand; `is_indented`: without the indentation that all of them have.
    pub fn code(&mut self, lines: Range<usize>, is_indented: bool) {
        let source = self.sheet.source;
        let shown = self.lines.get(lines).unwrap_or_default().iter().cloned();
        let shown: Vec<Range<usize>> =
            shown.filter(|line| !is_preprocessor(&source[line.clone()])).collect();
        let mut flat = Flat::default();
        match is_indented {
            true => flat = outdented(source, &shown),
            false => shown.into_iter().for_each(|line| flat.line(source, line)),
        }
        self.sheet.verbatim(BlockKind::Code, &flat);
    }

    /// `image::name[text]`, `include::name[]`, `ifdef::name[]`, and others of their kind.
    pub fn block_macro(&mut self, line: &str) -> bool {
        let Some((name, rest)) = line.split_once("::") else { return false };
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        let open = rest.find('[').filter(|_| is_name && rest.ends_with(']'));
        let Some(open) = open.filter(|open| !rest[..*open].contains(' ')) else { return false };
        let start = self.lines[self.at].start;
        let range = start..start + line.len();
        let inside = start + name.len() + 2 + open + 1..range.end - 1;
        self.at += 1;
        self.style = Style::default();
        match name {
            "include" => {
                let target = &rest[..open];
                self.sheet.warn(format!("`{target}` is included, which is not read"), range);
            }
            "image" => self.shown(label(self.sheet.source, inside)),
            "ifdef" | "ifndef" => self.shown(inside),
            _ => {}
        }
        true
    }

    fn shown(&mut self, range: Range<usize>) {
        let text = &self.sheet.source[range.clone()];
        if !text.trim().is_empty() {
            let kind = self.kind();
            self.text(kind, true, range);
        }
        self.is_attached = false;
    }
}

/// The sign of a line that begins or ends a block.
fn delimiter(line: &str) -> Option<char> {
    let first = line.chars().next()?;
    if line == "--" {
        return Some('-');
    }
    if line.starts_with("```") && !line[3..].contains(['`', ' ']) {
        return Some('`');
    }
    let is_line = line.len() >= 4 && line.bytes().all(|byte| byte == first as u8);
    ("-.+/=*_".contains(first) && is_line).then_some(first)
}

/// Whether a line begins a table.
pub fn is_table(line: &str) -> bool {
    line.len() >= 4
        && line.starts_with(['|', ',', ':', '!'])
        && line[1..].bytes().all(|byte| byte == b'=')
}

/// Lines that are for the program that assembles a document.
pub fn is_preprocessor(line: &str) -> bool {
    let names = ["include::", "ifdef::", "ifndef::", "ifeval::", "endif::"];
    names.iter().any(|name| line.starts_with(name)) && line.trim_end().ends_with(']')
}
