//! `tipsearch://` addresses of reports and passages: `tipsearch://DOC` and `tipsearch://DOC#ID`, with the name of the index
//! where it is not the first.

use std::ops::Range;

use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::render::cite::uri::{self as cite, INDEX, SCHEME};
use crate::serve::operations::Open;

/// What an address stands for.
pub enum Address {
    /// A passage.
    Passage(Box<Passage>),
    /// All passages of a report, or of a section of it.
    Document(Vec<Passage>),
    /// What is left of a reading.
    Stretch(Box<Stretch>),
}

/// Passages of a report that follow one another, from a byte of the first to the end of the last. Its address is
/// `ID:BYTE..LAST`, with the ids of the first and the last passage.
pub struct Stretch {
    /// The passages.
    pub passages: Vec<Passage>,
    /// Where in the first it begins.
    offset: usize,
    /// The passage under whose headings it begins.
    above: Option<Passage>,
}

impl Stretch {
    /// Whole passages; the headings of the first are known.
    pub fn of(passages: Vec<Passage>) -> Stretch {
        let above = passages.first().cloned();
        Stretch { passages, offset: 0, above }
    }

    /// Whole passages, as a text of their own with all its headings.
    pub fn alone(passages: Vec<Passage>) -> Stretch {
        Stretch { passages, offset: 0, above: None }
    }

    /// The id of the passage with which it begins, where a name is an address of a stretch.
    fn first_of(name: &str) -> Option<&str> {
        name.split_once("..")?.0.split_once(':').map(|(first, _)| first)
    }

    /// The stretch of a report that a name stands for.
    fn within(mut passages: Vec<Passage>, name: &str) -> Option<Stretch> {
        let (first, last) = name.split_once("..")?;
        let (first, offset) = first.split_once(':')?;
        let offset: usize = offset.parse().ok()?;
        let place = |id: &str| passages.iter().position(|passage| passage.id == id);
        let (start, end) = (place(first)?, place(last)? + 1);
        // A passage that goes on has had its heading.
        let before = if offset > 0 { Some(start) } else { start.checked_sub(1) };
        let above = before.and_then(|before| passages.get(before)).or(passages.first()).cloned();
        passages.get(start)?.text.get(offset..)?;
        passages.get(start..end)?;
        Some(Stretch { passages: passages.drain(start..end).collect(), offset, above })
    }

    /// Where the text of a passage begins that belongs to it.
    pub fn begins(&self, at: usize) -> usize {
        if at == 0 { self.offset } else { 0 }
    }

    /// The text of a passage, as far as it belongs to it.
    pub fn text(&self, at: usize) -> &str {
        let passage = self.passages.get(at);
        passage.and_then(|passage| passage.text.get(self.begins(at)..)).unwrap_or_default()
    }

    /// The headings of a passage as Markdown, as far as the passage before is not under them too.
    pub fn lead(&self, at: usize) -> String {
        let Some(passage) = self.passages.get(at) else { return String::new() };
        let before = at.checked_sub(1).and_then(|before| self.passages.get(before));
        let before = before.or(self.above.as_ref());
        if before.is_some_and(|before| before.anchor == passage.anchor) {
            return String::new();
        }
        let above = before.map_or(&[][..], |before| &before.trail);
        let shared = above.iter().zip(&passage.trail).take_while(|(one, other)| one == other);
        // Two sections may be called the same.
        let shared = shared.count().min(passage.trail.len().saturating_sub(1));
        let new = passage.trail.iter().enumerate().skip(shared);
        new.map(|(level, heading)| format!("{} {heading}\n\n", "#".repeat((level + 1).min(6))))
            .collect()
    }

    /// The address of some of its passages, from a byte of the first on; nothing where there are none.
    pub fn address(&self, open: &Open, part: Range<usize>, offset: usize) -> Option<String> {
        let passages = self.passages.get(part)?;
        let (first, last) = (passages.first()?, passages.last()?);
        let name = format!("{}:{offset}..{}", first.id, last.id);
        // Who reads on names no index.
        Some(match open.asked_as() {
            Some(_) => uri(open, &first.report.doc_id, Some(&name)),
            None => name,
        })
    }
}

/// The address of a report or of a passage of it.
pub fn uri(open: &Open, doc_id: &str, id: Option<&str>) -> String {
    cite::uri(doc_id, open.asked_as(), id)
}

/// Whether a name is an address.
pub fn is_address(name: &str) -> bool {
    name.starts_with(SCHEME)
}

/// An address without the name of its index, and that name.
pub fn without_index(name: &str) -> (String, Option<&str>) {
    let found = is_address(name).then(|| name.split_once(INDEX)).flatten();
    let Some((doc_id, rest)) = found else { return (name.to_owned(), None) };
    let (index, id) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    (format!("{doc_id}{id}"), Some(index))
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        rest = others;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let (digits, others) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = others;
    }
    String::from_utf8(bytes).ok()
}

impl Address {
    /// The first passage of what it stands for.
    pub fn first(&self) -> Option<&Passage> {
        match self {
            Address::Passage(passage) => Some(passage),
            Address::Document(passages) => passages.first(),
            Address::Stretch(stretch) => stretch.passages.first(),
        }
    }

    /// What a name stands for: the id of a passage or of a report, a stretch of one, or an address, escaped or not.
    ///
    /// # Errors
    /// As [`Engine::retrieve`].
    pub fn find(engine: &dyn Engine, name: &str) -> Result<Option<Address>> {
        let (name, _) = without_index(name);
        let name = name.as_str();
        let Some(rest) = name.strip_prefix(SCHEME) else {
            if let Some(passage) = engine.passage(name)? {
                return Ok(Some(Address::Passage(Box::new(passage))));
            }
            if let Some(document) = Address::document(engine, name, None)? {
                return Ok(Some(document));
            }
            let Some(first) = Stretch::first_of(name) else { return Ok(None) };
            let Some(first) = engine.passage(first)? else { return Ok(None) };
            return Address::document(engine, &first.report.doc_id, Some(name));
        };
        let plain = Some(rest.to_owned());
        for rest in [plain.clone(), unescaped(rest).filter(|other| plain.as_ref() != Some(other))] {
            let Some(rest) = rest else { continue };
            // The ids of records in containers have a `#` themselves.
            if let Some(found) = Address::document(engine, &rest, None)? {
                return Ok(Some(found));
            }
            if let Some((doc_id, part)) = rest.rsplit_once('#')
                && let Some(found) = Address::document(engine, doc_id, Some(part))?
            {
                return Ok(Some(found));
            }
            if let Some((doc_id, part)) = rest.rsplit_once('#')
                && let Some(doc_id) = unescaped(doc_id)
                && let Some(found) = Address::document(engine, &doc_id, Some(part))?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// A report, or the passage, the section or the stretch of it that `part` names.
    fn document(engine: &dyn Engine, doc_id: &str, part: Option<&str>) -> Result<Option<Address>> {
        let passages = engine.document(doc_id)?;
        let Some(part) = part.filter(|part| !part.is_empty()) else {
            return Ok((!passages.is_empty()).then_some(Address::Document(passages)));
        };
        if let Some(passage) = passages.iter().find(|passage| passage.id == part) {
            return Ok(Some(Address::Passage(Box::new(passage.clone()))));
        }
        let section: Vec<Passage> =
            passages.iter().filter(|passage| passage.anchor == part).cloned().collect();
        Ok(match section.is_empty() {
            true => Stretch::within(passages, part).map(Box::new).map(Address::Stretch),
            false => Some(Address::Document(section)),
        })
    }
}
