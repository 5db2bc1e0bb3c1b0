//! `tipsearch://` addresses of reports and passages: `tipsearch://DOC` and `tipsearch://DOC#ID`, with the name of the index
//! where it is not the first.

use std::fmt::Write;

use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::serve::operations::Open;

const SCHEME: &str = "tipsearch://";

/// What an address stands for.
pub enum Address {
    /// A passage.
    Passage(Box<Passage>),
    /// All passages of a report, or of a section of it.
    Document(Vec<Passage>),
}

/// What stands before the name of an index, where it is not the first: `tipsearch://DOC?index=NAME#ID`.
const INDEX: &str = "?index=";

/// The address of a report or of a passage of it.
pub fn uri(open: &Open, doc_id: &str, id: Option<&str>) -> String {
    let mut uri = format!("{SCHEME}{}", escaped(doc_id));
    if let Some(index) = open.asked_as() {
        let _ = write!(uri, "{INDEX}{index}");
    }
    if let Some(id) = id {
        let _ = write!(uri, "#{id}");
    }
    uri
}

/// An address without the name of its index, and that name.
pub fn without_index(name: &str) -> (String, Option<&str>) {
    let found = name.starts_with(SCHEME).then(|| name.split_once(INDEX)).flatten();
    let Some((doc_id, rest)) = found else { return (name.to_owned(), None) };
    let (index, id) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    (format!("{doc_id}{id}"), Some(index))
}

/// Escapes what may not stand in the path of an address (RFC 3986).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'/' | b'-' | b'.' | b'_' | b'~' | b',' | b'=' | b'+' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
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
    /// What a name stands for: the id of a passage or of a report, or an address, escaped or not.
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
            return Address::document(engine, name, None);
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

    /// A report, or the passage or the section of it that `part` names.
    fn document(engine: &dyn Engine, doc_id: &str, part: Option<&str>) -> Result<Option<Address>> {
        let passages = engine.document(doc_id)?;
        let Some(part) = part.filter(|part| !part.is_empty()) else {
            return Ok((!passages.is_empty()).then_some(Address::Document(passages)));
        };
        if let Some(passage) = passages.iter().find(|passage| passage.id == part) {
            return Ok(Some(Address::Passage(Box::new(passage.clone()))));
        }
        let section: Vec<Passage> =
            passages.into_iter().filter(|passage| passage.anchor == part).collect();
        Ok((!section.is_empty()).then_some(Address::Document(section)))
    }
}
