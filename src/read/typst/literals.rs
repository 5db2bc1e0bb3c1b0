//! Literals and comments of Typst: where each ends.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

/// Finds the ends of literals; remembers which are never closed.
#[derive(Debug, Default)]
pub struct Literals {
    /// From where a closing mark was searched for in vain.
    dead: HashMap<String, usize>,
}

impl Literals {
    /// What stands between backticks that begin here, and where the text goes on.
    pub fn raw(&mut self, source: &str, at: usize) -> Option<(Range<usize>, usize)> {
        let ticks = source[at..].bytes().take_while(|byte| *byte == b'`').count();
        if ticks == 2 {
            return Some((at + 2..at + 2, at + 2));
        }
        let mark = "`".repeat(ticks);
        if self.dead.get(&mark).is_some_and(|dead| *dead <= at) {
            return None;
        }
        let start = at + ticks;
        match memmem::find(&source.as_bytes()[start..], mark.as_bytes()) {
            Some(length) => Some((start..start + length, start + length + ticks)),
            None => {
                self.dead.insert(mark, at);
                None
            }
        }
    }

    /// What stands between two signs, of which the first is here; backslashes escape.
    pub fn quoted(&mut self, source: &str, at: usize) -> Option<Range<usize>> {
        let sign = *source.as_bytes().get(at)?;
        let mark = char::from(sign).to_string();
        if self.dead.get(&mark).is_some_and(|dead| *dead <= at) {
            return None;
        }
        let mut from = at + 1;
        let rest = |from: usize| source.as_bytes().get(from..).unwrap_or_default();
        while let Some(found) = memchr::memchr2(sign, b'\\', rest(from)) {
            if source.as_bytes()[from + found] == sign {
                return Some(at + 1..from + found);
            }
            from += found + 2;
        }
        self.dead.insert(mark, at);
        None
    }
}

/// Where a comment ends that begins here: at the end of its line, or where it is closed. Comments in
/// comments count.
pub fn comment(source: &str, at: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    match bytes.get(at..at + 2)? {
        b"//" => {
            let end = memchr::memchr2(b'\n', b'\r', &bytes[at..]);
            Some(end.map_or(source.len(), |end| at + end))
        }
        b"/*" => {
            let (mut depth, mut from) = (1usize, at + 2);
            while let Some(found) =
                memchr::memchr2(b'/', b'*', bytes.get(from..).unwrap_or_default())
            {
                let here = from + found;
                from = here + 1;
                match bytes.get(here..here + 2) {
                    Some(b"*/") => depth -= 1,
                    Some(b"/*") => depth += 1,
                    _ => continue,
                }
                from = here + 2;
                if depth == 0 {
                    return Some(from);
                }
            }
            Some(source.len())
        }
        _ => None,
    }
}

/// The length of a name: letters, digits, `_` and `-`; `more`: other signs that it may hold.
pub fn name(text: &str, more: &str) -> usize {
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    if !text.starts_with(is_first) {
        return 0;
    }
    let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || more.contains(c);
    text.find(|c| !fits(c)).unwrap_or(text.len())
}
