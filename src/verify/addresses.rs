//! The addresses that the server hands out to cite with, in the text of a draft: `tipsearch://2019/Ghana_2019.md#dfw5bqp9jj8jf`.

use std::ops::Range;

use super::Verifier;
use super::given::Given;
use crate::error::Result;
use crate::passage::id_number;

/// What an address begins with.
const SCHEME: &str = "tipsearch://";

/// What an address names.
struct Address {
    doc_id: String,
    /// The id of a passage of it.
    passage: Option<String>,
}

/// Where addresses stand in a text, as bytes.
pub fn addresses(text: &str) -> Vec<Range<usize>> {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”' | '】' | ')' | ']');
    let whole = |(at, _): (usize, &str)| {
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.find(is_end).unwrap_or(rest.len());
        let address = rest.get(..length).unwrap_or_default();
        at..at + address.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']).len()
    };
    let found = text.match_indices(SCHEME).map(whole);
    found.filter(|bytes| bytes.len() > SCHEME.len()).collect()
}

/// The parts of an address: `tipsearch://DOC?index=NAME#ID`.
fn address(text: &str) -> Option<Address> {
    let rest = text.strip_prefix(SCHEME)?;
    let (path, part) = rest.split_once('#').unwrap_or((rest, ""));
    let path = path.split('?').next().unwrap_or(path);
    let id = part.split(':').next().filter(|id| id_number(id).is_some());
    Some(Address { doc_id: unescaped(path), passage: id.map(str::to_owned) })
}

/// A path without its escapes: `C%C3%B4te` is `Côte`.
fn unescaped(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.filter(|_| first == b'%').and_then(|it| u8::from_str_radix(it, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Verifier<'_> {
    /// The place that an address names: its document, and its passage where it has one.
    pub(super) fn given_by_address(&mut self, text: &str) -> Result<Given> {
        let Some(Address { doc_id, passage }) = address(text) else { return Ok(Given::default()) };
        // What the hint of a file in a folder calls it may be only the name.
        let documents = match self.document(&doc_id)?.is_empty() {
            true => self.sources()?.named(&doc_id).documents,
            false => vec![doc_id],
        };
        Ok(Given { documents, passage, ..Given::default() })
    }
}
