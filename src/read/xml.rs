//! XML of office packages: tokens by local names, over quick-xml.
//!
//! Prefixes are free, and Strict documents have namespaces of their own: local names tell enough.
//! Entities that XML does not define stay as they are written; no declaration of any is read.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use super::source::Source;

/// A start tag.
#[derive(Debug)]
pub struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The prefix of the name, empty where there is none.
    pub fn prefix(&self) -> &str {
        self.0.name().prefix().map_or("", |prefix| prefix.into_inner())
    }

    /// The value of the first attribute of this local name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of the attribute `id` that has a prefix: it names a relationship, and stands beside
    /// an `id` of another meaning.
    pub fn relationship(&self) -> Option<String> {
        self.find(|key| key.ends_with(":id"))
    }

    /// The value of the attribute `val`.
    pub fn value(&self) -> Option<String> {
        self.attribute("val")
    }

    /// An attribute as a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Whether a property that is on by its presence is on.
    pub fn is_on(&self) -> bool {
        !matches!(self.value().as_deref(), Some("0" | "false" | "off" | "none"))
    }

    /// Calls with the local name and the value, as it is written, of each attribute.
    pub fn each_attribute(&self, mut call: impl FnMut(&str, &str)) {
        let mut attributes = self.0.attributes();
        for attribute in attributes.with_checks(false).filter_map(Result::ok) {
            call(attribute.key.local_name().into_inner(), &attribute.value);
        }
    }

    fn find(&self, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.0.attributes();
        // The check for double attributes is quadratic in their number.
        let mut known = attributes.with_checks(false).filter_map(Result::ok);
        let attribute = known.find(|attribute| is_wanted(attribute.key.into_inner()))?;
        Some(unescape(&attribute.value))
    }
}

/// Character references and the five entities of XML in the value of an attribute.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        // No reference is longer than `&#x10FFFF;`.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let resolved = end.and_then(|end| Some((resolve(rest.get(1..end)?)?, end + 1)));
        let (piece, length) = resolved.unwrap_or((Cow::Borrowed("&"), 1));
        text.push_str(&piece);
        rest = &rest[length..];
    }
    text.push_str(rest);
    text
}

/// What a reference stands for; `None` for what XML does not define.
fn resolve(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_predefined_entity(name).map(Cow::Borrowed);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    let c = char::from_u32(code)?;
    // XML has no other control characters, and no text needs them.
    let is_text = !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    Some(if is_text { Cow::Owned(c.to_string()) } else { Cow::Borrowed("") })
}

/// The name of an element that ends.
#[derive(Debug)]
pub enum End<'a> {
    /// By an end tag.
    Tag(BytesEnd<'a>),
    /// At once.
    Empty(BytesStart<'a>),
}

impl End<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        match self {
            End::Tag(tag) => tag.local_name().into_inner(),
            End::Empty(tag) => tag.local_name().into_inner(),
        }
    }
}

/// What comes next.
#[derive(Debug)]
pub enum Token<'a> {
    /// An element begins.
    Open(Tag<'a>),
    /// An element ends; empty elements end too.
    Close(End<'a>),
    /// Text, references resolved.
    Text(Cow<'a, str>),
}

/// A reader of tokens.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    /// An empty element that has begun and not yet ended.
    empty: Option<BytesStart<'a>>,
    depth: usize,
    fault: Option<String>,
}

impl<'a> Xml<'a> {
    /// Reads this text.
    pub fn new(text: &'a str) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        Xml { reader, empty: None, depth: 0, fault: None }
    }

    /// The next token; `None` at the end, and where the XML is damaged.
    pub fn token(&mut self) -> Option<Token<'a>> {
        if let Some(tag) = self.end_empty() {
            return Some(Token::Close(End::Empty(tag)));
        }
        loop {
            return Some(match self.event()? {
                Event::Start(tag) => {
                    self.depth += 1;
                    Token::Open(Tag(tag))
                }
                Event::Empty(tag) => {
                    self.depth += 1;
                    self.empty = Some(tag.clone());
                    Token::Open(Tag(tag))
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::Close(End::Tag(tag))
                }
                Event::Text(text) => Token::Text(text.xml10_content()),
                Event::CData(text) => Token::Text(text.xml10_content()),
                Event::GeneralRef(name) => {
                    Token::Text(resolve(&name).unwrap_or_else(|| format!("&{};", &*name).into()))
                }
                Event::Eof => {
                    if self.depth > 0 {
                        self.fault = Some("its XML ends early".to_owned());
                    }
                    return None;
                }
                _ => continue,
            });
        }
    }

    /// Ends the empty element that has begun, if one has.
    fn end_empty(&mut self) -> Option<BytesStart<'a>> {
        let tag = self.empty.take()?;
        self.depth = self.depth.saturating_sub(1);
        Some(tag)
    }

    fn event(&mut self) -> Option<Event<'a>> {
        if self.fault.is_some() {
            return None;
        }
        match self.reader.read_event() {
            Ok(event) => Some(event),
            Err(error) => {
                let at = self.reader.error_position();
                self.fault = Some(format!("its XML is damaged at byte {at}: {error}"));
                None
            }
        }
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The next element that begins, at whatever level, inside the open one of this depth; `None` when
    /// that one ends.
    pub fn within(&mut self, depth: usize) -> Option<Tag<'a>> {
        while self.depth >= depth {
            if let Token::Open(tag) = self.token()? {
                return Some(tag);
            }
        }
        None
    }

    /// Leaves out the rest of the element that began last, its end included.
    pub fn skip(&mut self) {
        if self.end_empty().is_some() {
            return;
        }
        let depth = self.depth;
        while self.depth >= depth {
            match self.event() {
                Some(Event::Start(_)) => self.depth += 1,
                Some(Event::End(_)) => self.depth = self.depth.saturating_sub(1),
                None | Some(Event::Eof) => return,
                Some(_) => {}
            }
        }
    }

    /// All text inside the element that began last.
    pub fn text(&mut self) -> String {
        let mut text = String::new();
        self.text_into(&mut text);
        text
    }

    /// Adds all text inside the element that began last.
    pub fn text_into(&mut self, text: &mut String) {
        let depth = self.depth;
        while self.depth >= depth {
            match self.token() {
                Some(Token::Text(piece)) => text.push_str(&piece),
                Some(_) => {}
                None => return,
            }
        }
    }

    /// Why reading ended before the end, if it did.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }
}

/// The bytes of a part as text: UTF-8 or UTF-16 as the standard demands, else what the declaration or
/// the content says.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let is_wide = matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, ..] | [_, 0, ..]);
    let unmarked = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !is_wide && let Ok(text) = std::str::from_utf8(unmarked) {
        return Cow::Borrowed(text);
    }
    let declared = declared_encoding(bytes).and_then(encoding_rs::Encoding::for_label);
    match declared.filter(|encoding| !is_wide && *encoding != encoding_rs::UTF_8) {
        Some(encoding) => encoding.decode_without_bom_handling(unmarked).0,
        None => Source::decode(bytes).text,
    }
}

fn declared_encoding(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(200))?;
    let head = &head[..memchr::memchr(b'>', head)?];
    let start = memchr::memmem::find(head, b"encoding=")? + b"encoding=".len();
    let quote = *head.get(start)?;
    let value = head.get(start + 1..)?;
    value.get(..memchr::memchr(quote, value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of a text, one a word.
    fn tokens(text: &str) -> String {
        let mut xml = Xml::new(text);
        let mut words = Vec::new();
        while let Some(token) = xml.token() {
            words.push(match token {
                Token::Open(tag) => format!("<{}", tag.name()),
                Token::Close(end) => format!("{}>", end.name()),
                Token::Text(text) => text.into_owned(),
            });
        }
        if xml.fault().is_some() {
            words.push("damaged".to_owned());
        }
        words.join(" ")
    }

    #[test]
    fn names_have_no_prefixes_and_empty_elements_end() {
        assert_eq!(tokens("<w:p a='1'><w:br/>x</w:p>"), "<p <br br> x p>");
    }

    #[test]
    fn entities_are_never_expanded() {
        let text = "<!DOCTYPE a [<!ENTITY l 'lol'>]><a>&l; &amp; &#65;&#1; A&B</a>";
        assert_eq!(tokens(text), "<a &l;   &   A   A &B a>");
        let mut xml = Xml::new("<a b='&l;&lt;&#x41;&'/>");
        let value = xml.within(0).and_then(|tag| tag.attribute("b"));
        assert_eq!(value.as_deref(), Some("&l;<A&"));
    }

    #[test]
    fn damaged_xml_gives_what_stands_before_the_damage() {
        assert_eq!(tokens("<a>x</b>y"), "<a x damaged");
    }

    #[test]
    fn an_element_is_left_out_to_its_end() {
        let mut xml = Xml::new("<a><b><c/><b>x</b></b><d/><e/></a>");
        let mut names = Vec::new();
        while let Some(token) = xml.token() {
            let Token::Open(tag) = token else { continue };
            names.push(tag.name().to_owned());
            if tag.name() == "b" || tag.name() == "d" {
                xml.skip();
            }
        }
        assert_eq!(names, ["a", "b", "d", "e"]);
    }

    #[test]
    fn parts_are_decoded_by_mark_declaration_or_content() {
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>"), "<a/>");
        let wide: Vec<u8> =
            "<?xml version='1.0'?><a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide), "<?xml version='1.0'?><a>é</a>");
        let declared = b"<?xml version='1.0' encoding='windows-1251'?><a>\xCF</a>";
        assert!(decode(declared).ends_with("<a>П</a>"));
    }
}
