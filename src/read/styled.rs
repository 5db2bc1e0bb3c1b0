//! How text of Markdown is set where that changes what it says: struck out, which is not said any more, or raised.

use std::borrow::Cow;

use super::raised::raised;

/// What is open where the reader is.
#[derive(Debug, Default)]
pub struct Styled {
    struck: usize,
    raised: usize,
    /// Whether what was struck out has just ended: one of the two blanks around it is enough.
    is_behind: bool,
}

impl Styled {
    /// `~~` begins or ends; a single tilde is none of these.
    pub fn strike(&mut self, is_open: bool) {
        count(&mut self.struck, is_open);
        self.is_behind |= !is_open;
    }

    /// A tag as it is written.
    pub fn tag(&mut self, tag: &str) {
        let Some(name) = tag.strip_prefix('<').map(|it| it.trim_start_matches('/')) else { return };
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let is_open = !tag.starts_with("</");
        match name.get(..length).unwrap_or_default().to_ascii_lowercase().as_str() {
            "del" | "s" | "strike" => self.strike(is_open),
            "sup" => count(&mut self.raised, is_open),
            _ => {}
        }
    }

    /// A block ends, and with it what was never closed: the rest of a report is not struck out for want of a tag.
    pub fn end(&mut self) {
        *self = Styled::default();
    }

    /// Text as it is said; `None` where it is not. `is_after_blank`: whether a blank stands before it.
    pub fn said<'t>(&mut self, text: &'t str, is_after_blank: bool) -> Option<Cow<'t, str>> {
        if self.struck > 0 {
            return None;
        }
        let text = match std::mem::take(&mut self.is_behind) && is_after_blank {
            true => text.trim_start_matches([' ', '\n']),
            false => text,
        };
        Some(if self.raised > 0 { raised(text) } else { Cow::Borrowed(text) })
            .filter(|it| !it.is_empty())
    }
}

fn count(open: &mut usize, is_open: bool) {
    *open = if is_open { *open + 1 } else { open.saturating_sub(1) };
}
