//! Which bracket closes which, found in one pass: arguments of commands end where their groups do.

use std::ops::Range;

use memchr::memmem;

/// Environments whose content is not LaTeX.
pub const VERBATIM: [&str; 11] = [
    "verbatim",
    "verbatim*",
    "Verbatim",
    "lstlisting",
    "minted",
    "alltt",
    "comment",
    "filecontents",
    "filecontents*",
    "tikzpicture",
    "picture",
];

/// Commands whose argument is taken as it stands.
const ADDRESSES: [&str; 4] = ["url", "href", "path", "nolinkurl"];

/// The brackets of a source: where each opens and closes, in order.
#[derive(Debug, Default)]
pub struct Groups {
    pairs: Vec<(u32, u32)>,
}

impl Groups {
    /// Finds the pairs of braces and brackets. Files are below 4 GiB.
    pub fn of(source: &str) -> Groups {
        let mut scan =
            Scan { source, at: 0, open: Vec::new(), pairs: Vec::new(), is_line_empty: true };
        while scan.at < source.len() {
            scan.step();
        }
        scan.pairs.sort_unstable();
        Groups { pairs: scan.pairs }
    }

    /// What stands in the group that opens here.
    pub fn inside(&self, open: usize) -> Option<Range<usize>> {
        let wanted = u32::try_from(open).ok()?;
        let index = self.pairs.binary_search_by_key(&wanted, |(open, _)| *open).ok()?;
        let (_, close) = self.pairs.get(index)?;
        Some(open + 1..*close as usize)
    }
}

struct Scan<'a> {
    source: &'a str,
    at: usize,
    open: Vec<(u32, bool)>,
    pairs: Vec<(u32, u32)>,
    is_line_empty: bool,
}

impl Scan<'_> {
    fn step(&mut self) {
        let bytes = self.source.as_bytes();
        let byte = bytes[self.at];
        match byte {
            b'\\' => self.command(),
            b'%' => self.at = line_end(bytes, self.at),
            b'{' | b'[' => self.open.push((self.at as u32, byte == b'{')),
            b']' if self.open.last().is_some_and(|(_, is_brace)| !is_brace) => self.close(),
            b'}' => {
                self.drop_brackets();
                self.close();
            }
            b'\n' if self.is_line_empty => self.drop_brackets(),
            _ => {}
        }
        self.is_line_empty = byte == b'\n' || self.is_line_empty && byte.is_ascii_whitespace();
        self.at += 1;
    }

    fn close(&mut self) {
        if let Some((open, _)) = self.open.pop() {
            self.pairs.push((open, self.at as u32));
        }
    }

    /// Brackets do not go over the end of a group or paragraph.
    fn drop_brackets(&mut self) {
        while self.open.last().is_some_and(|(_, is_brace)| !is_brace) {
            self.open.pop();
        }
    }

    /// Goes to the last byte of a command.
    fn command(&mut self) {
        let rest = &self.source[self.at + 1..];
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name = &rest[..length];
        let after = self.at + 1 + length;
        if length == 0 {
            self.at += rest.chars().next().map_or(0, char::len_utf8);
        } else if let Some(end) = literal(self.source, name, after) {
            self.at = end - 1;
        } else if ADDRESSES.contains(&name)
            && let Some(end) = address(self.source, after)
        {
            self.pairs.push((after as u32, end as u32));
            self.at = end;
        } else {
            self.at += length;
        }
    }
}

/// The end of the line on which an offset stands.
pub fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |found| at + found)
}

/// Where text that is not LaTeX ends, after a command of this name that ends at `after`: `\verb|x|`, or
/// an environment up to its end, or the file's.
fn literal(source: &str, name: &str, after: usize) -> Option<usize> {
    if name == "begin" {
        let (environment, start) = environment(source, after)?;
        VERBATIM.contains(&environment).then_some(())?;
        return Some(content(source, environment, start).1);
    }
    (name == "verb" || name == "lstinline")
        .then(|| verb(source, after))?
        .map(|inside| inside.end + 1)
}

/// The name of an environment in braces, and where its content starts.
pub fn environment(source: &str, at: usize) -> Option<(&str, usize)> {
    let name = window(source, at, LONGEST_NAME).strip_prefix('{')?;
    let end = name.find('}')?;
    Some((&name[..end], at + end + 2))
}

/// Names of environments are no longer than this (bytes).
const LONGEST_NAME: usize = 60;

/// Where the content of an environment ends, and where the text goes on.
pub fn content(source: &str, environment: &str, start: usize) -> (usize, usize) {
    let end = format!("\\end{{{environment}}}");
    let rest = source.as_bytes().get(start..).unwrap_or_default();
    let found = memmem::find(rest, end.as_bytes());
    found.map_or((source.len(), source.len()), |at| (start + at, start + at + end.len()))
}

/// What stands between the two signs of `\verb|x|`, on one line.
pub fn verb(source: &str, after: usize) -> Option<Range<usize>> {
    let rest = source.get(after..)?;
    let star = usize::from(rest.starts_with('*'));
    let sign = rest[star..].chars().next().filter(|sign| !sign.is_alphanumeric())?;
    let sign = if sign == '{' { '}' } else { sign };
    let start = after + star + rest[star..].chars().next()?.len_utf8();
    let inside = window(source, start, LONGEST_VERB);
    let end = inside.find([sign, '\n', '\r']).filter(|end| inside[*end..].starts_with(sign))?;
    (sign.is_ascii() && !sign.is_whitespace()).then_some(start..start + end)
}

/// The brace that closes the one of an address: percent signs in it begin no comment.
fn address(source: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, byte) in window(source, open, LONGEST_ADDRESS).bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'\n' | b'\r' => return None,
            _ => {}
        }
        if depth == 0 {
            return (index > 0).then_some(open + index);
        }
    }
    None
}

/// What stands at an offset, up to so many bytes of it.
pub fn window(source: &str, at: usize, length: usize) -> &str {
    let rest = source.get(at..).unwrap_or_default();
    &rest[..rest.floor_char_boundary(rest.len().min(length))]
}

/// Addresses, and what `\verb` shows, are no longer than this (bytes).
const LONGEST_ADDRESS: usize = 4096;
const LONGEST_VERB: usize = 1000;
