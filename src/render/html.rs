//! Text as HTML: escaped first, marked after.

use super::text::{Lit, entity, lit};

/// Text in which HTML sees nothing but text, between tags and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match entity(c) {
            Some(entity) => out.push_str(entity),
            None if c == '\0' => out.push('\u{FFFD}'),
            None => out.push(c),
        }
    }
    out
}

/// A text with these ranges of it in `<mark>`, escaped; those that overlap are one.
pub fn marked(text: &str, marks: impl Iterator<Item = impl Into<Lit>>) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut at = 0;
    for Lit { bytes, is_faint } in lit(marks) {
        let (Some(before), Some(inside)) = (text.get(at..bytes.start), text.get(bytes.clone()))
        else {
            continue;
        };
        out.push_str(&escape(before));
        out.push_str(if is_faint { "<mark class=\"meant\">" } else { "<mark>" });
        out.push_str(&escape(inside));
        out.push_str("</mark>");
        at = bytes.end;
    }
    out.push_str(&escape(text.get(at..).unwrap_or_default()));
    out
}
