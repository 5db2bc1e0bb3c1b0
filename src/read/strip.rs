//! Takes inline markup out of a text from left to right: what is dropped, what is kept, what stands for
//! what, and which marks close markup further on.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem;

use super::light::{Pieces, address_end};

/// A bracket that closes further away (bytes) is not looked for by counting.
const FARTHEST_BRACKET: usize = 2048;

/// A text from which markup is being taken.
pub struct Stripped<'t> {
    pub text: &'t str,
    pub pieces: Pieces,
    /// Up to here text has been kept or dropped.
    kept: usize,
    /// Closing marks ahead, which go when they are reached.
    closings: BTreeMap<usize, usize>,
    /// What has been searched for: without it, many starts would each be searched an end for in vain.
    known: Vec<Known>,
}

/// A mark that was searched for: from where, and where it was found.
struct Known {
    mark: &'static str,
    has_condition: bool,
    from: usize,
    found: Option<usize>,
}

impl<'t> Stripped<'t> {
    pub fn new(text: &'t str) -> Stripped<'t> {
        let (pieces, closings) = (Pieces::default(), BTreeMap::new());
        Stripped { text, pieces, kept: 0, closings, known: Vec::new() }
    }

    /// What is left of the text.
    pub fn finish(mut self) -> Pieces {
        self.pieces.keep(self.kept..self.text.len());
        self.pieces
    }

    /// What stands at an offset and after it.
    pub fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// What stands at an offset, up to so many bytes of it.
    pub fn window(&self, at: usize, length: usize) -> &'t str {
        let rest = self.rest(at);
        &rest[..rest.floor_char_boundary(rest.len().min(length))]
    }

    /// Whether markup has just been taken here.
    pub fn is_after_mark(&self, at: usize) -> bool {
        self.kept == at
    }

    /// Keeps the text before a mark, drops the mark, and goes on after it.
    pub fn drop(&mut self, mark: Range<usize>) -> Option<usize> {
        self.pieces.keep(self.kept..mark.start.max(self.kept));
        self.kept = mark.end.max(self.kept);
        Some(self.kept)
    }

    /// Keeps a range as it is, without looking for markup in it.
    pub fn keep(&mut self, range: Range<usize>) -> Option<usize> {
        self.drop(range.start..range.start);
        self.pieces.keep(range.clone());
        self.kept = range.end.max(self.kept);
        Some(self.kept)
    }

    /// Other text stands for a range.
    pub fn put(&mut self, range: Range<usize>, text: impl Into<String>) -> Option<usize> {
        self.drop(range.clone());
        self.pieces.put(range, text);
        Some(self.kept)
    }

    /// A mark further on will be dropped when it is reached.
    pub fn closing(&mut self, mark: Range<usize>) {
        self.closings.insert(mark.start, mark.end);
    }

    /// Drops two marks; what is between them is read as it comes. A mark closes but one other.
    pub fn pair(&mut self, open: Range<usize>, close: Range<usize>) -> Option<usize> {
        if self.closings.contains_key(&close.start) {
            return None;
        }
        self.closing(close);
        self.drop(open)
    }

    /// Drops two marks and keeps what is between them as it is.
    pub fn literal(&mut self, open: Range<usize>, close: Range<usize>) -> Option<usize> {
        self.drop(open.clone());
        self.keep(open.end..close.start);
        self.drop(close)
    }

    /// Drops a closing mark that has been reached; passes over those that other markup has taken.
    pub fn close(&mut self, at: usize) -> Option<usize> {
        while let Some((&start, &end)) = self.closings.first_key_value() {
            if start > at {
                return None;
            }
            self.closings.remove(&start);
            if start == at {
                return self.drop(at..end);
            }
        }
        None
    }

    /// `<https://address>` keeps the address.
    pub fn angled_address(&mut self, at: usize) -> Option<usize> {
        let end = address_end(self.text, at + 1)?;
        let address = self.text.get(at + 1..end).filter(|_| self.rest(end).starts_with('>'))?;
        self.pieces.links.push(address.to_owned());
        self.literal(at..at + 1, end..end + 1)
    }

    /// The bracket that closes the one at an offset, where it is not far away.
    pub fn balanced(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (index, byte) in self.window(open, FARTHEST_BRACKET).bytes().enumerate() {
            match byte {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Some(open + index);
            }
        }
        None
    }

    /// Where a mark stands at or after an offset.
    pub fn find(&mut self, from: usize, mark: &'static str) -> Option<usize> {
        let bytes = self.text.as_bytes();
        self.search(from, mark, false, |from| next(bytes, from, mark))
    }

    /// Where a mark stands at or after an offset that fulfils a condition; for one mark, always the
    /// same.
    pub fn find_where(
        &mut self,
        from: usize,
        mark: &'static str,
        fits: impl Fn(&str, usize) -> bool,
    ) -> Option<usize> {
        let text = self.text;
        self.search(from, mark, true, |from| {
            let mut from = from;
            loop {
                let at = next(text.as_bytes(), from, mark)?;
                if fits(text, at) {
                    return Some(at);
                }
                from = at + 1;
            }
        })
    }

    fn search(
        &mut self,
        from: usize,
        mark: &'static str,
        has_condition: bool,
        search: impl FnOnce(usize) -> Option<usize>,
    ) -> Option<usize> {
        let same = |known: &Known| known.mark == mark && known.has_condition == has_condition;
        let index = self.known.iter().position(same);
        if let Some(known) = index.and_then(|index| self.known.get(index))
            && known.from <= from
            && known.found.is_none_or(|found| from <= found)
        {
            return known.found;
        }
        let found = search(from);
        let known = Known { mark, has_condition, from, found };
        match index.and_then(|index| self.known.get_mut(index)) {
            Some(place) => *place = known,
            None => self.known.push(known),
        }
        found
    }
}

fn next(bytes: &[u8], from: usize, mark: &str) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = match mark.as_bytes() {
        [byte] => memchr::memchr(*byte, rest),
        mark => memmem::find(rest, mark),
    };
    found.map(|found| from + found)
}
