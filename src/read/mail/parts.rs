//! The parts of a message (MIME, RFC 2046): where each begins and ends in its bytes.
//!
//! One pass over the lines, whatever they are: a part ends at the first line that is a boundary of it or
//! of a part around it, so a boundary that never comes costs nothing. Messages in messages are parts
//! like others, and read when their turn comes.

use std::ops::Range;

use super::header::{Part as Header, Transfer};
use crate::read::format::is_header_line;
use crate::read::limits::MOST_MEMBERS;

/// Parts in parts in parts: mail programs nest four or five.
const DEEPEST_PART: usize = 20;

/// A part of a message.
#[derive(Debug, Default)]
pub struct Part {
    /// What its header says.
    pub header: Header,
    /// Where its header stands.
    pub head: Range<usize>,
    /// Where its content stands, as it was made fit for transport.
    pub body: Range<usize>,
    /// The parts that it is made of, as indices.
    pub children: Vec<usize>,
}

/// The parts of a message that begins at an offset; the first is the whole.
pub fn parts(bytes: &[u8], start: usize) -> Vec<Part> {
    let mut splitter = Splitter { bytes, parts: Vec::new(), open: Vec::new() };
    let mut next = Some((start, None));
    while let Some((at, parent)) = next.filter(|_| splitter.parts.len() < MOST_MEMBERS) {
        next = splitter.part(at, parent);
    }
    splitter.parts
}

struct Splitter<'a> {
    bytes: &'a [u8],
    parts: Vec<Part>,
    /// The parts that are made of parts and have not ended, and what separates those.
    open: Vec<(usize, Vec<u8>)>,
}

/// A line that separates parts.
struct Boundary {
    /// The place in `open` of the part whose parts it separates.
    level: usize,
    is_last: bool,
}

impl Splitter<'_> {
    /// Reads the part that begins at an offset. Returns where the next one begins, and its parent.
    fn part(&mut self, start: usize, parent: Option<usize>) -> Option<(usize, Option<usize>)> {
        let body = self.end_of_header(start);
        let is_digest = parent
            .and_then(|parent| self.parts.get(parent))
            .is_some_and(|parent| parent.header.media == "multipart/digest");
        let media = if is_digest { "message/rfc822" } else { "text/plain" };
        let header = Header::of(self.bytes.get(start..body).unwrap_or_default(), media);
        let index = self.parts.len();
        if let Some(parent) = parent.and_then(|parent| self.parts.get_mut(parent)) {
            parent.children.push(index);
        }
        let boundary = header.boundary.clone().filter(|boundary| {
            let is_made_of_parts = header.media.starts_with("multipart/");
            is_made_of_parts && !boundary.is_empty() && self.open.len() < DEEPEST_PART
        });
        let rest = body..self.bytes.len();
        self.parts.push(Part { header, head: start..body, body: rest, children: Vec::new() });
        self.open.extend(boundary.map(|boundary| (index, boundary)));
        self.seek(index, body)
    }

    /// The first offset after the empty line that ends a header. A header that is cut off by a boundary,
    /// or by what is none, has ended too.
    fn end_of_header(&self, start: usize) -> usize {
        let mut at = start;
        while let Some((line, next)) = self.line(at) {
            if line.is_empty() {
                return next;
            }
            let is_field =
                is_header_line(line) || line.starts_with(b" ") || line.starts_with(b"\t");
            if self.boundary(line).is_some() || !is_field && at == start {
                return at;
            }
            at = next;
        }
        self.bytes.len()
    }

    /// Goes to the next boundary, at which the part ends, and perhaps others around it.
    fn seek(&mut self, index: usize, body: usize) -> Option<(usize, Option<usize>)> {
        let (mut at, mut ending) = (body, Some(index));
        while let Some((line, next)) = self.line(at) {
            let Some(Boundary { level, is_last }) = self.boundary(line) else {
                at = next;
                continue;
            };
            // A part that is made of parts ends with the boundaries of the one around it only.
            let inner = self.open.split_off(level + 1).into_iter().map(|(index, _)| index);
            let end = self.before_line(at);
            for ended in inner.chain(ending.take()) {
                let is_around = self.open.iter().any(|(open, _)| *open == ended);
                if let Some(part) = self.parts.get_mut(ended).filter(|_| !is_around) {
                    part.body.end = end.max(part.body.start);
                }
            }
            if !is_last {
                return Some((next, self.open.get(level).map(|(index, _)| *index)));
            }
            self.open.truncate(level);
            at = next;
        }
        None
    }

    /// The line at an offset without its end, and where the next one begins.
    fn line(&self, at: usize) -> Option<(&[u8], usize)> {
        let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest);
        let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let next = at + length.map_or(rest.len(), |length| length + 1);
        Some((line.strip_suffix(b"\r").unwrap_or(line), next))
    }

    fn boundary(&self, line: &[u8]) -> Option<Boundary> {
        let rest = line.strip_prefix(b"--")?;
        self.open.iter().enumerate().rev().find_map(|(level, (_, boundary))| {
            match rest.strip_prefix(boundary.as_slice())?.trim_ascii() {
                b"" => Some(Boundary { level, is_last: false }),
                // Some programs forget half of it.
                b"--" | b"-" => Some(Boundary { level, is_last: true }),
                _ => None,
            }
        })
    }

    /// The line end before a boundary belongs to the boundary.
    fn before_line(&self, at: usize) -> usize {
        match self.bytes.get(..at) {
            Some([.., b'\r', b'\n']) => at - 2,
            Some([.., b'\n']) => at - 1,
            _ => at,
        }
    }
}

/// Which parts are the text of the message, and which are files of their own.
#[derive(Debug, Default)]
pub struct Roles {
    /// Parts that are text, one after another.
    pub text: Vec<usize>,
    /// Parts that were attached.
    pub attached: Vec<usize>,
    /// Whether something is encrypted.
    pub is_encrypted: bool,
}

impl Roles {
    /// Decides what each part is for.
    pub fn of(parts: &[Part], bytes: &[u8]) -> Roles {
        let mut roles = Roles::default();
        roles.take(parts, bytes, 0, true);
        // Text in HTML beside text that is not: the one is read, the other attached.
        let is_html = |index: &usize| parts.get(*index).is_some_and(|part| part.is("text/html"));
        if !roles.text.iter().all(is_html) {
            let (html, plain): (Vec<usize>, _) =
                std::mem::take(&mut roles.text).into_iter().partition(is_html);
            roles.text = plain;
            roles.attached.extend(html);
        }
        roles
    }

    /// `is_read`: whether texts in it belong to the text of the message. Depth is bounded by that of
    /// parts.
    fn take(&mut self, parts: &[Part], bytes: &[u8], index: usize, is_read: bool) {
        let Some(part) = parts.get(index) else { return };
        let children = part.children.as_slice();
        let kind = part.header.media.as_str();
        match (kind.strip_prefix("multipart/"), children) {
            (Some(_), []) if index == 0 => self.text.push(index),
            (None, _) | (Some(_), []) => self.leaf(part, index, is_read),
            (Some("alternative"), _) => self.alternative(parts, bytes, children, is_read),
            (Some("signed"), [first, ..]) => self.take(parts, bytes, *first, is_read),
            (Some("encrypted"), _) => self.is_encrypted = true,
            (Some("related" | "report"), [first, rest @ ..]) => {
                self.take(parts, bytes, *first, is_read);
                rest.iter().for_each(|child| self.take(parts, bytes, *child, false));
            }
            _ => children.iter().for_each(|child| self.take(parts, bytes, *child, is_read)),
        }
    }

    fn leaf(&mut self, part: &Part, index: usize, is_read: bool) {
        let is_text = part.is("text/plain") || part.is("text/html") || part.is("text/enriched");
        let is_apart = part.header.is_attachment || part.header.name.is_some() && index > 0;
        match part.header.media.as_str() {
            "application/pgp-signature"
            | "application/pkcs7-signature"
            | "application/x-pkcs7-signature" => {}
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => self.is_encrypted = true,
            _ if is_text && !is_apart && is_read => self.text.push(index),
            // The text of the message in another form.
            _ if is_text && !is_apart => {}
            _ => self.attached.push(index),
        }
    }

    /// The same text in several forms: plain, if there is any, else the last that can be read (RFC 2046,
    /// section 5.1.4: the best comes last). What is attached to the others is attached still.
    fn alternative(&mut self, parts: &[Part], bytes: &[u8], children: &[usize], is_read: bool) {
        let is_plain = |index: &&usize| {
            parts.get(**index).is_some_and(|part| part.is("text/plain") && !part.is_blank(bytes))
        };
        let is_other = |index: &&usize| {
            let part = parts.get(**index);
            part.is_some_and(|part| part.is("text/html") || !part.children.is_empty())
        };
        let last = children.iter().rfind(is_other).or(children.first());
        let chosen = children.iter().find(is_plain).or(last);
        for child in children {
            let is_made_of_parts = parts.get(*child).is_some_and(|part| !part.children.is_empty());
            if Some(child) == chosen || is_made_of_parts {
                self.take(parts, bytes, *child, is_read && Some(child) == chosen);
            }
        }
    }
}

impl Part {
    /// Whether it is of a media type.
    pub fn is(&self, media: &str) -> bool {
        self.header.media == media
    }

    fn is_blank(&self, bytes: &[u8]) -> bool {
        let body = bytes.get(self.body.clone()).unwrap_or_default();
        let is_blank = |byte: &u8| byte.is_ascii_whitespace();
        match self.header.transfer {
            Transfer::QuotedPrintable => body.iter().all(|byte| is_blank(byte) || *byte == b'='),
            _ => body.iter().all(is_blank),
        }
    }
}
