//! Mail: one message (EML, RFC 5322) or a mailbox of them (mbox, RFC 4155).
//!
//! A message keeps the file's id; the files attached to it are documents of their own, `mail.eml#a.pdf`,
//! read by the readers of their formats. Without attachments, a message is one document. In a mailbox,
//! messages are numbered: `box.mbox#1`, and `box.mbox#1#a.pdf`.
//!
//! Text that stands in the file as it is, or in quoted-printable, has its exact place there; text in
//! base64 the place of the line that it came from.

mod body;
mod header;
mod mailbox;
mod parts;
mod transfer;

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::container::{Names, Place, clean, give, report};
use super::decode::Offsets;
use super::limits::{Budget, MOST_MEMBERS};
use super::metadata::Dated;
use super::source::place as placed;
use super::title::entitle;
use super::{Content, Each, Input, LARGEST_FILE, Record, Refusal, finish, html, metadata};
use crate::document::{Document, Grain, Origin, Run, SourceMap, Warning};
use header::About;
pub use mailbox::read_box;
use parts::{Part, Roles};

/// The longest text of a message, bytes as they stand: nobody writes so much, and each character of it
/// may have a place of its own.
const LONGEST_TEXT: usize = 16 * 1024 * 1024;

/// Reads one message and what is attached to it.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn read(
    id: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let bytes = input.bytes(LARGEST_FILE).map_err(Refusal::Failed)?;
    let message = Message::of(&bytes, Origin::default(), false);
    message.give(id, place, each)
}

/// Reads one message without what is attached to it.
/// Every text is a message, if only the body of one.
pub fn message(id: &str, bytes: &[u8]) -> Document {
    Message::of(bytes, Origin::default(), false).document(id)
}

/// A message, taken apart.
struct Message<'a> {
    bytes: &'a [u8],
    origin: Origin,
    /// Whether it stands in a mailbox, which quotes lines that begin with `From `.
    is_boxed: bool,
    parts: Vec<Part>,
    roles: Roles,
}

impl<'a> Message<'a> {
    fn of(bytes: &'a [u8], origin: Origin, is_boxed: bool) -> Message<'a> {
        // The line that separates it from others is no part of its header.
        let start = match bytes.starts_with(b"From ") {
            true => memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1),
            false => 0,
        };
        let parts = parts::parts(bytes, start);
        let roles = Roles::of(&parts, bytes);
        Message { bytes, origin, is_boxed, parts, roles }
    }

    /// Gives the message, then what is attached to it.
    fn give(&self, id: &str, place: &Place<'_>, each: Each<'_>) -> Result<Content, Refusal> {
        let document = finish(self.document(id), self.bytes, Dated::ByItself, place.corpus);
        give(Record::Document(Box::new(document), self.bytes), each)?;
        if self.roles.attached.is_empty() {
            return Ok(Content::Document);
        }
        let inside = place.inside(Budget::new(u64::MAX));
        let mut names = Names::default();
        for (number, index) in self.roles.attached.iter().enumerate() {
            let Some(part) = self.parts.get(*index) else { continue };
            let name = name_of(part, number + 1);
            let id = format!("{id}#{}", names.unique(&name));
            match (&inside, kept_from_reading(&part.header.media)) {
                (_, Some(what)) => report(&id, Err(Refusal::PassedOver(what.to_owned())), each)?,
                (Err(refusal), _) => report(&id, Err(refusal.clone()), each)?,
                (Ok(inside), None) => {
                    inside.next_member()?;
                    let bytes = self.received(part, part.body.clone()).0;
                    let is_message = part.is("message/rfc822");
                    let name = if is_message { "message.eml" } else { &name };
                    inside.member(&id, name, bytes.as_slice(), each)?;
                }
            }
        }
        Ok(Content::Container)
    }

    fn received(&self, part: &Part, body: Range<usize>) -> (Vec<u8>, Offsets, bool) {
        let bytes = self.bytes.get(body.clone()).unwrap_or_default();
        transfer::received(bytes, body.start, part.header.transfer, self.is_boxed)
    }

    /// The message itself.
    fn document(&self, id: &str) -> Document {
        let mut text = String::new();
        let mut segments = Vec::new();
        let chosen = self.roles.text.iter().filter_map(|index| self.parts.get(*index));
        let mut left = LONGEST_TEXT;
        for part in chosen.clone() {
            let length = part.body.len().min(left);
            left -= length;
            let body = part.body.start..part.body.start + length;
            let (bytes, outer, is_exact) = self.received(part, body);
            let (content, inner) = transfer::text(&bytes, part.header.charset.as_deref());
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let range = text.len()..text.len() + content.len();
            text.push_str(&content);
            segments.push(Segment::new(range, inner, outer, is_exact));
        }
        let is_html = !segments.is_empty() && chosen.clone().all(|part| part.is("text/html"));
        let read = match is_html {
            // A message is all article: what looks like a menu in it was written too.
            true => html::read(id, &text, true),
            false => {
                let starts: FxHashSet<usize> =
                    segments.iter().map(|segment: &Segment| segment.range.start).collect();
                body::read(id, &text, &starts)
            }
        };
        let mut document = self.located(read, &text, &segments);
        if left == 0 {
            let message =
                format!("its text has more than {} MiB; the rest is not read", LONGEST_TEXT >> 20);
            document.warnings.push(Warning { message, source: None, hides_text: true });
        }
        self.describe(&mut document);
        document
    }

    /// Turns places in the text into places in the bytes of the message.
    fn located(&self, mut document: Document, text: &str, segments: &[Segment]) -> Document {
        let segment = |at: usize| {
            let after = segments.partition_point(|segment| segment.range.start <= at);
            segments.get(after.saturating_sub(1))
        };
        let mut map = SourceMap::default();
        for run in &document.map.runs {
            if let Some(segment) = segment(run.source) {
                segment.locate(run, (self.bytes, text), &mut map);
            }
        }
        document.map = map;
        let sections = document.sections.iter_mut().filter_map(|section| section.source.as_mut());
        let warnings = document.warnings.iter_mut().filter_map(|warning| warning.source.as_mut());
        for range in sections.chain(warnings) {
            if let Some(segment) = segment(range.start) {
                *range = segment.cover(range.clone());
            }
        }
        document.line_starts = line_starts(self.bytes);
        document.origin = self.origin;
        document
    }

    fn describe(&self, document: &mut Document) {
        let head = self.parts.first().map_or(0..0, |part| part.head.clone());
        let about = About::of(self.bytes.get(head).unwrap_or_default());
        for (key, value) in about.metadata {
            let values = document.metadata.entry(key.to_owned()).or_default();
            if !value.trim().is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
        document.metadata.retain(|_, values| !values.is_empty());
        let subject = super::builder::collapse(about.subject.as_deref().unwrap_or_default());
        if !subject.is_empty() {
            entitle(document, &subject);
        }
        let language = about.language.as_deref().and_then(metadata::language_tag);
        document.lang = document.lang.take().or(language);
        let mut warn = |message: String| {
            document.warnings.push(Warning { message, source: None, hides_text: true })
        };
        if self.roles.is_encrypted {
            warn("a part of the message is encrypted".to_owned());
        }
        if self.parts.len() >= MOST_MEMBERS {
            warn(format!("it has more than {MOST_MEMBERS} parts; the rest is not read"));
        }
    }
}

/// The text of a part within the text of the message.
struct Segment {
    range: Range<usize>,
    /// From its text to the bytes before transport, and from those to the bytes of the message.
    inner: Offsets,
    outer: Offsets,
    /// From its text to the bytes of the message, where characters stand for characters.
    exact: Option<Offsets>,
}

/// How much text in base64 is located as a unit, bytes: what a line of it holds.
const COARSE: usize = 57;

impl Segment {
    fn new(range: Range<usize>, inner: Offsets, outer: Offsets, is_exact: bool) -> Segment {
        let exact = is_exact.then(|| inner.through(&outer));
        Segment { range, inner, outer, exact }
    }

    /// The bytes of the message that a range of the text came from.
    fn cover(&self, text: Range<usize>) -> Range<usize> {
        let within = |at: usize| at.saturating_sub(self.range.start).min(self.range.len());
        let text = within(text.start)..within(text.end);
        match &self.exact {
            Some(exact) => exact.cover(text),
            None => self.outer.cover(self.inner.cover(text)),
        }
    }

    fn locate(&self, run: &Run, (bytes, text): (&[u8], &str), map: &mut SourceMap) {
        let whole = |text: usize, text_len: usize, source: Range<usize>| {
            let (grain, source) = (Grain::Whole, self.cover(source));
            Run { text, text_len, source: source.start, source_len: source.len(), grain }
        };
        if run.grain == Grain::Whole {
            return map.push(whole(
                run.text,
                run.text_len,
                run.source..run.source + run.source_len,
            ));
        }
        if let Some(exact) = &self.exact {
            let own = text.get(self.range.clone()).unwrap_or_default();
            let run = Run { source: run.source.saturating_sub(self.range.start), ..*run };
            return placed(&run, exact, (bytes, own), map);
        }
        let mut done = 0;
        while done < run.text_len {
            let start = run.source + done;
            let end = text.floor_char_boundary((start + COARSE).min(run.source + run.source_len));
            if end <= start {
                break;
            }
            map.push(whole(run.text + done, end - start, start..end));
            done += end - start;
        }
    }
}

/// Where lines begin: after LF, CR LF, or CR.
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let is_first_of_two = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if !is_first_of_two && at + 1 < bytes.len() {
            starts.push(at + 1);
        }
    }
    starts
}

/// What a media type is, where it is not for reading.
fn kept_from_reading(media: &str) -> Option<&'static str> {
    match media.split('/').next() {
        Some("image") => Some("a picture"),
        Some("audio" | "video") => Some("sound or film"),
        Some("font") => Some("a font"),
        _ => None,
    }
}

/// The name of an attached file; one from its number and media type, where it has none.
fn name_of(part: &Part, number: usize) -> String {
    const ENDINGS: [(&str, &str); 6] = [
        ("message/rfc822", "eml"),
        ("text/html", "html"),
        ("text/csv", "csv"),
        ("text/markdown", "md"),
        ("application/pdf", "pdf"),
        ("application/zip", "zip"),
    ];
    let given = part.header.name.as_deref().map(clean).filter(|name| !name.is_empty());
    given.unwrap_or_else(|| {
        let known = ENDINGS.iter().find(|(media, _)| part.is(media)).map(|(_, ending)| *ending);
        let (kind, subtype) = part.header.media.split_once('/').unwrap_or_default();
        let own = matches!(kind, "image" | "audio" | "video").then_some(subtype);
        clean(&format!("part-{number}.{}", known.or(own).unwrap_or("txt")))
    })
}
