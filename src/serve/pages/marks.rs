//! Text with its marks, for a page.

use std::ops::Range;

use maud::{Markup, PreEscaped};

use crate::render::html;

/// Text with what matched in `<mark>`.
pub fn marked(text: &str, marks: impl Iterator<Item = Range<usize>>) -> Markup {
    PreEscaped(html::marked(text, marks))
}
