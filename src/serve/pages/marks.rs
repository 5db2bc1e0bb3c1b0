//! Text as HTML: escaped first, marked after.

use std::fmt::Write;
use std::ops::Range;

use maud::{Escaper, Markup, PreEscaped};

/// Text with what matched in `<mark>`. Ranges that begin inside another are left out.
pub fn marked(text: &str, marks: impl Iterator<Item = Range<usize>>) -> Markup {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for mark in marks.filter(|mark| !mark.is_empty()) {
        let (Some(before), Some(marked)) = (text.get(at..mark.start), text.get(mark.clone()))
        else {
            continue;
        };
        escape(&mut out, before);
        out.push_str("<mark>");
        escape(&mut out, marked);
        out.push_str("</mark>");
        at = mark.end;
    }
    escape(&mut out, text.get(at..).unwrap_or_default());
    PreEscaped(out)
}

fn escape(out: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = Escaper::new(out).write_str(text);
}
