//! As much XML as dumps need: tags, attributes, and text with its escapes taken back.

use std::ops::Range;

use crate::read::decode::{Offsets, Stretches};

/// A tag.
pub struct Tag<'a> {
    /// The name of its element.
    pub name: &'a str,
    /// The whole tag.
    pub text: &'a str,
    /// Whether it ends the element, as `</a>` does.
    pub is_end: bool,
    /// Whether the element has no content, as that of `<a/>`.
    pub is_empty: bool,
    /// Where the XML goes on after it.
    pub end: usize,
}

/// The next tag from an offset on. Comments, declarations and CDATA are none.
pub fn tag(xml: &str, from: usize) -> Option<Tag<'_>> {
    let mut from = from;
    loop {
        let start = from + memchr::memchr(b'<', xml.as_bytes().get(from..)?)?;
        let rest = xml.get(start..)?;
        let apart = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
        if let Some((begin, end)) = apart.iter().find(|(begin, _)| rest.starts_with(begin)) {
            let length = memchr::memmem::find(&rest.as_bytes()[begin.len()..], end.as_bytes())?;
            from = start + begin.len() + length + end.len();
            continue;
        }
        let length = memchr::memchr(b'>', rest.as_bytes())? + 1;
        let text = rest.get(..length)?;
        let is_end = text.starts_with("</");
        let inside = text.trim_start_matches(['<', '/']).trim_end_matches('>');
        let name = inside.split(|c: char| c.is_whitespace() || c == '/').next()?;
        let is_empty = inside.ends_with('/');
        return Some(Tag { name, text, is_end, is_empty, end: start + length });
    }
}

/// All tags.
pub fn tags(xml: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let tag = tag(xml, at)?;
        at = tag.end;
        Some(tag)
    })
}

/// The value of an attribute of a tag, as it stands.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.find(&format!("{name}="))?;
    let rest = tag.get(at + name.len() + 1..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

/// The longest reference to a character that is taken for one, bytes: `&#x0010FFFF;`.
const LONGEST_REFERENCE: usize = 12;

/// A range of XML as the text that it means, and the way back. Only what XML itself defines is taken
/// back: an entity of a document type stays as it stands, whatever it is said to expand to.
pub fn unescaped(xml: &str, range: Range<usize>) -> (String, Offsets) {
    let (start, xml) = (range.start, xml.get(range).unwrap_or_default());
    let mut text = String::with_capacity(xml.len());
    let mut offsets = Stretches::new();
    let mut at = 0;
    let equal = |text: &mut String, offsets: &mut Stretches, range: Range<usize>| {
        let piece = xml.get(range.clone()).unwrap_or_default();
        text.push_str(piece);
        offsets.equal(piece.len(), start + range.start);
    };
    for found in memchr::memchr2_iter(b'&', b'<', xml.as_bytes()) {
        if found < at {
            continue;
        }
        let rest = xml.get(found..).unwrap_or_default();
        if let Some(content) = rest.strip_prefix("<![CDATA[") {
            equal(&mut text, &mut offsets, at..found);
            let length = content.find("]]>").unwrap_or(content.len());
            let inside = found + rest.len() - content.len();
            equal(&mut text, &mut offsets, inside..inside + length);
            at = (inside + length + 3).min(xml.len());
        } else if let Some((c, length)) = reference(rest) {
            equal(&mut text, &mut offsets, at..found);
            text.push(c);
            offsets.unit(c.len_utf8(), start + found..start + found + length);
            at = found + length;
        }
    }
    equal(&mut text, &mut offsets, at..xml.len());
    (text, offsets.finish())
}

/// The character that a text begins with a reference to, and the length of that.
fn reference(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes().get(..text.len().min(LONGEST_REFERENCE))?;
    let end = memchr::memchr(b';', bytes)?;
    let name = text.get(1..end).filter(|_| bytes.starts_with(b"&"))?;
    let number = |digits: &str, radix: u32| {
        let number = u32::from_str_radix(digits, radix).ok()?;
        char::from_u32(number).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
    };
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => match name.strip_prefix("#x").or(name.strip_prefix("#X")) {
            Some(digits) => number(digits, 16)?,
            None => number(name.strip_prefix('#')?, 10)?,
        },
    };
    Some((c, end + 1))
}
