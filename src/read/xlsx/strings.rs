//! The strings that the cells of a workbook share.

use crate::read::raised::raised;
use crate::read::xml::{Token, Xml};

/// Strings, one after the other.
#[derive(Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Reads `sharedStrings.xml`.
    pub fn parse(text: &str) -> Strings {
        let mut strings = Strings::default();
        let mut xml = Xml::new(text);
        while let Some(tag) = xml.within(0) {
            if tag.name() == "si" {
                let start = strings.text.len();
                rich_text(&mut xml, &mut strings.text);
                unescape(&mut strings.text, start);
                strings.ends.push(strings.text.len());
            }
        }
        strings
    }

    /// A string by its place.
    pub fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(Some(0), |last| self.ends.get(last).copied())?;
        self.text.get(start..end)
    }
}

/// Adds the text of the element that has just begun: runs of rich text, without phonetic letters.
pub fn rich_text(xml: &mut Xml<'_>, text: &mut String) {
    let depth = xml.depth();
    let mut is_raised = false;
    while xml.depth() >= depth {
        let Some(token) = xml.token() else { return };
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "r" => is_raised = false,
            "vertAlign" => is_raised = tag.value().as_deref() == Some("superscript"),
            "t" => {
                let start = text.len();
                xml.text_into(text);
                if is_raised {
                    let own = text.split_off(start);
                    text.push_str(&raised(&own));
                }
            }
            "rPh" => xml.skip(),
            _ => {}
        }
    }
}

/// `_x000D_` stands for a character that XML does not have; resolves those from a place on.
pub fn unescape(text: &mut String, start: usize) {
    let Some(first) = text.get(start..).and_then(|text| text.find("_x")) else { return };
    let escaped = text.split_off(start + first);
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find("_x") {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let digits = rest.get(2..6).filter(|_| rest.get(6..7) == Some("_"));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let length = match code.and_then(char::from_u32) {
            Some('\r') => 7,
            Some(c) => {
                text.push(c);
                7
            }
            None => {
                text.push_str("_x");
                2
            }
        };
        rest = &rest[length..];
    }
    text.push_str(rest);
}
