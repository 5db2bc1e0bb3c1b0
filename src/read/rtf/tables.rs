//! The tables at the beginning: fonts and styles.

use std::collections::HashMap;

use super::charset::Charset;
use crate::read::flow::Role;
use crate::read::style_names::{is_contents, is_plain, role_of_name};

/// A style is based on at most so many others.
const LONGEST_CHAIN: usize = 32;

/// A font.
#[derive(Clone, Debug, Default)]
pub struct Font {
    pub name: String,
    /// The character set; `None` for that of the document.
    pub charset: Option<Charset>,
}

/// A style of paragraphs.
#[derive(Clone, Debug, Default)]
pub struct Style {
    pub name: String,
    pub based_on: Option<i32>,
    pub outline: Option<i32>,
    pub list: Option<i32>,
    /// What becomes of its paragraphs, resolved when it is first asked for.
    role: Option<Option<Role>>,
    is_contents: bool,
}

/// Fonts and styles by their numbers.
#[derive(Default)]
pub struct Tables {
    pub fonts: HashMap<i32, Font>,
    pub styles: HashMap<i32, Style>,
}

impl Tables {
    /// What a style makes of a paragraph, and whether it is for lines of a table of contents.
    pub fn role(&mut self, style: i32) -> (Option<Role>, bool) {
        let found = self.styles.get(&style);
        if let Some(Style { role: Some(role), is_contents, .. }) = found {
            return (*role, *is_contents);
        }
        let (role, is_contents) = self.resolve(style);
        if let Some(style) = self.styles.get_mut(&style) {
            style.role = Some(role);
            style.is_contents = is_contents;
        }
        (role, is_contents)
    }

    fn resolve(&self, style: i32) -> (Option<Role>, bool) {
        let (mut role, mut outline) = (None, None);
        let mut next = Some(style);
        for _ in 0..LONGEST_CHAIN {
            let Some(found) = next.and_then(|style| self.styles.get(&style)) else { break };
            if is_contents(&found.name) {
                return (None, true);
            }
            role = role.or_else(|| role_of_name(&found.name));
            outline = outline.or(found.outline);
            if is_plain(&found.name) {
                break;
            }
            next = found.based_on;
        }
        match outline {
            Some(level @ 0..9) if role != Some(Role::Title) => {
                (Some(Role::Heading(level as u8 + 1)), false)
            }
            Some(_) if matches!(role, Some(Role::Heading(_))) => (None, false),
            _ => (role, false),
        }
    }
}
