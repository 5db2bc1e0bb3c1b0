//! The element `<page>` of a dump: its title, its namespace, and its last revision.

use std::ops::Range;

use super::xml::{tag, unescaped};

/// What is read of a page. Ranges are of its XML.
#[derive(Default)]
pub struct Page<'a> {
    /// Where its title stands.
    pub title: Range<usize>,
    /// The number of its namespace: 0 for the encyclopedia itself.
    pub namespace: Option<&'a str>,
    /// The number of the page.
    pub id: Option<&'a str>,
    /// Whether it only leads to another page.
    pub is_redirect: bool,
    /// Its last revision.
    pub revision: Revision<'a>,
}

/// What is read of a revision.
#[derive(Clone, Default)]
pub struct Revision<'a> {
    /// Its number.
    pub id: Option<&'a str>,
    /// When it was written, in ISO 8601: later ones compare as greater.
    pub timestamp: Option<&'a str>,
    /// What its text is: `wikitext`, or data of some kind.
    pub model: Option<&'a str>,
    /// Where its text stands, escaped.
    pub text: Option<Range<usize>>,
}

impl<'a> Page<'a> {
    /// Reads the XML of a page.
    pub fn of(xml: &'a str) -> Page<'a> {
        let mut page = Page::default();
        let mut revision: Option<Revision<'a>> = None;
        let (mut at, mut is_about_person) = (0, false);
        while let Some(tag) = tag(xml, at) {
            at = tag.end;
            match tag.name {
                "revision" if !tag.is_end => revision = Some(Revision::default()),
                "revision" => page.keep(revision.take()),
                "contributor" => is_about_person = !tag.is_end && !tag.is_empty,
                "redirect" => page.is_redirect = true,
                _ if tag.is_end || tag.is_empty || is_about_person => {}
                name => {
                    let Some(content) = content(xml, tag.end, name) else { continue };
                    at = content.end;
                    page.element(name, xml, content, revision.as_mut());
                }
            }
        }
        page.keep(revision);
        let text = page.revision.text.clone().and_then(|text| xml.get(text)).unwrap_or_default();
        // Dumps of before 2009 have no element for it.
        let begin = text.trim_start().as_bytes().get(..9).unwrap_or_default();
        page.is_redirect |= begin.eq_ignore_ascii_case(b"#redirect");
        page
    }

    /// The title as it is meant.
    pub fn title(&self, xml: &str) -> String {
        unescaped(xml, self.title.clone()).0.trim().to_owned()
    }

    fn element(
        &mut self,
        name: &str,
        xml: &'a str,
        content: Range<usize>,
        revision: Option<&mut Revision<'a>>,
    ) {
        let text = xml.get(content.clone()).map(str::trim);
        match (name, revision) {
            ("title", None) => self.title = content,
            ("ns", None) => self.namespace = text,
            ("id", None) => self.id = text,
            ("id", Some(revision)) => revision.id = text,
            ("timestamp", Some(revision)) => revision.timestamp = text,
            ("model", Some(revision)) => revision.model = text,
            ("text", Some(revision)) => revision.text = Some(content),
            _ => {}
        }
    }

    /// Keeps a revision that is not older than the last: they come in order, mostly.
    fn keep(&mut self, revision: Option<Revision<'a>>) {
        if let Some(revision) = revision
            && revision.timestamp >= self.revision.timestamp
        {
            self.revision = revision;
        }
    }
}

/// The content of an element that has no elements in it; `None` for other elements.
fn content(xml: &str, start: usize, name: &str) -> Option<Range<usize>> {
    if !matches!(name, "title" | "ns" | "id" | "timestamp" | "model" | "text") {
        return None;
    }
    let rest = xml.get(start..)?.as_bytes();
    let length = match name {
        // CDATA may hold anything but the tag that ends the element.
        "text" => memchr::memmem::find(rest, b"</text"),
        _ => memchr::memchr(b'<', rest),
    };
    Some(start..start + length.unwrap_or(rest.len()))
}
