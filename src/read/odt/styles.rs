//! Styles of OpenDocument: what a paragraph or a span of a style is, through its parents.

use std::collections::HashMap;

use crate::read::flow::Role;
use crate::read::numbers::Numerals;
use crate::read::raised::LEAST_PERCENT;
use crate::read::style_names::{is_plain, role_of_name};
use crate::read::xml::{Tag, Token, Xml};

/// A style has at most so many parents.
const LONGEST_CHAIN: usize = 32;

#[derive(Default)]
struct Declared {
    name: String,
    parent: Option<String>,
    outline: Option<usize>,
    is_hidden: bool,
    is_raised: Option<bool>,
    lang: Option<String>,
    list: Option<String>,
}

/// How the headings or items of a level are numbered.
#[derive(Clone, Debug, Default)]
struct Level {
    /// The numerals; `None` where there is no number.
    numerals: Option<Numerals>,
    prefix: String,
    suffix: String,
    /// How many levels are printed, its own the last.
    shown: usize,
    start: usize,
}

/// What a style makes of its text.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Title, quotation, and so on; `None` where the style does not say.
    pub role: Option<Role>,
    /// Whether the text is not shown.
    pub is_hidden: bool,
    /// Whether the text stands above the line, where it is said.
    pub is_raised: Option<bool>,
    /// Its language.
    pub lang: Option<String>,
    /// Whether a heading of this style has no number.
    pub is_unnumbered: bool,
    /// The style of lists that it names.
    pub list: Option<String>,
}

/// The styles of paragraphs and of text, by their names.
#[derive(Default)]
pub struct Styles {
    declared: HashMap<(bool, String), Declared>,
    /// The language of text that does not say it.
    pub lang: Option<String>,
    outline: Vec<Level>,
    /// The levels of each style of lists.
    lists: HashMap<String, Vec<Level>>,
}

impl Styles {
    /// Reads the styles of a part, up to its body.
    pub fn read(&mut self, text: &str) {
        let mut open: Option<(bool, String)> = None;
        let mut is_default = false;
        let mut list = String::new();
        let mut xml = Xml::new(text);
        while let Some(token) = xml.token() {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "body" | "master-styles" => return,
                "default-style" => {
                    is_default = tag.attribute("family").as_deref() == Some("paragraph");
                    open = None;
                }
                "style" => {
                    is_default = false;
                    open = self.declare(&tag);
                }
                "outline-level-style" => level(&tag, &mut self.outline),
                "list-style" => list = tag.attribute("name").unwrap_or_default(),
                "list-level-style-number" | "list-level-style-bullet" => {
                    level(&tag, self.lists.entry(list.clone()).or_default());
                }
                "text-properties" => {
                    if is_default {
                        self.lang = lang(&tag).or(self.lang.take());
                    }
                    let style = open.as_ref().and_then(|key| self.declared.get_mut(key));
                    if let Some(style) = style {
                        style.is_hidden = tag.attribute("display").as_deref() == Some("none");
                        style.is_raised = raises(&tag).or(style.is_raised);
                        style.lang = lang(&tag);
                    }
                }
                _ => {}
            }
        }
    }

    fn declare(&mut self, tag: &Tag<'_>) -> Option<(bool, String)> {
        let is_paragraph = match tag.attribute("family")?.as_str() {
            "paragraph" => true,
            "text" => false,
            _ => return None,
        };
        let name = tag.attribute("name")?;
        let style = Declared {
            name: tag.attribute("display-name").unwrap_or_else(|| unescape(&name)),
            parent: tag.attribute("parent-style-name"),
            outline: tag.number("default-outline-level"),
            list: tag.attribute("list-style-name"),
            ..Declared::default()
        };
        let key = (is_paragraph, name);
        self.declared.insert(key.clone(), style);
        Some(key)
    }

    /// The style of paragraphs of this name.
    pub fn paragraph(&self, name: &str) -> Style {
        self.resolve(true, name)
    }

    /// The style of spans of this name.
    pub fn span(&self, name: &str) -> Style {
        self.resolve(false, name)
    }

    fn resolve(&self, is_paragraph: bool, name: &str) -> Style {
        let mut style = Style::default();
        let mut key = (is_paragraph, name.to_owned());
        let mut list = None;
        for _ in 0..LONGEST_CHAIN {
            let Some(found) = self.declared.get(&key) else {
                // Styles of the program itself need not be declared.
                style.role = style.role.or_else(|| role_of_name(&unescape(&key.1)));
                break;
            };
            style.is_hidden |= found.is_hidden;
            style.is_raised = style.is_raised.or(found.is_raised);
            list = list.or(found.list.as_ref());
            style.lang = style.lang.or_else(|| found.lang.clone());
            let outline = found.outline.filter(|level| (1..=10).contains(level));
            let heading = outline.map(|level| Role::Heading(level as u8));
            style.role = style.role.or_else(|| role_of_name(&found.name)).or(heading);
            if is_plain(&found.name) {
                break;
            }
            match &found.parent {
                Some(parent) => key.1.clone_from(parent),
                None => break,
            }
        }
        style.is_unnumbered = list.is_some_and(String::is_empty);
        style.list = list.filter(|list| !list.is_empty()).cloned();
        style
    }

    /// Counts a heading of a level (from 1 on); gives its number as it is printed.
    pub fn number(&self, level: usize, counts: &mut Vec<Option<usize>>) -> Option<String> {
        count(&self.outline, level, None, counts)
    }

    /// The same for an item of a list of this style; `first`: the number that it has, where it is said.
    pub fn label(
        &self,
        list: &str,
        level: usize,
        first: Option<usize>,
        counts: &mut Vec<Option<usize>>,
    ) -> Option<String> {
        count(self.lists.get(list)?, level, first, counts)
    }
}

/// Reads how a level is numbered.
fn level(tag: &Tag<'_>, levels: &mut Vec<Level>) {
    let Some(place @ 0..10) = tag.number("level").and_then(|level| level.checked_sub(1)) else {
        return;
    };
    let format = tag.attribute("num-format").unwrap_or_default();
    let numerals = format.chars().next().map(|first| Numerals::like(first).unwrap_or_default());
    let is_doubled = tag.attribute("num-letter-sync").as_deref() == Some("true");
    levels.resize_with(levels.len().max(place + 1), Level::default);
    levels[place] = Level {
        numerals: numerals.map(|it| if is_doubled { it.doubled() } else { it }),
        prefix: tag.attribute("num-prefix").unwrap_or_default(),
        suffix: tag.attribute("num-suffix").unwrap_or_default(),
        shown: tag.number("display-levels").unwrap_or(1),
        start: tag.number("start-value").unwrap_or(1),
    };
}

/// Counts a heading or an item of a level (from 1 on); gives its number as it is printed.
fn count(
    levels: &[Level],
    level: usize,
    first: Option<usize>,
    counts: &mut Vec<Option<usize>>,
) -> Option<String> {
    let own = levels.get(level.checked_sub(1)?)?;
    counts.resize(level, None);
    for (count, level) in counts.iter_mut().zip(levels) {
        *count = count.or(Some(level.start.max(1) - 1));
    }
    if let Some(count) = counts.last_mut() {
        *count = first.or(count.map(|count| count.saturating_add(1)));
    }
    own.numerals?;
    let shown = level.saturating_sub(own.shown.max(1));
    let printed = counts.iter().zip(levels).skip(shown).filter_map(|(count, level)| {
        let number = i64::try_from(count.unwrap_or(1)).unwrap_or(i64::MAX);
        Some(level.numerals?.print(number))
    });
    let numbers: Vec<String> = printed.collect();
    Some(format!("{}{}{}", own.prefix, numbers.join("."), own.suffix))
}

/// Whether the position of text is above the line: `super 58%`, or so much of its height.
fn raises(tag: &Tag<'_>) -> Option<bool> {
    let position = tag.attribute("text-position")?;
    let height = position.split_whitespace().next()?;
    let share = height.strip_suffix('%').and_then(|share| share.parse::<f32>().ok());
    Some(height == "super" || share.is_some_and(|share| share >= LEAST_PERCENT))
}

fn lang(tag: &Tag<'_>) -> Option<String> {
    let language = tag.attribute("language").filter(|it| !it.is_empty() && it.len() <= 3)?;
    let country = tag.attribute("country").filter(|it| !it.is_empty() && it != "none");
    match language.as_str() {
        // No linguistic content.
        "zxx" | "und" => None,
        _ => Some(country.map_or(language.clone(), |country| format!("{language}-{country}"))),
    }
}

/// `Text_20_body` as it was before it became a name of XML.
fn unescape(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(start) = rest.find('_') {
        let (before, after) = rest.split_at(start);
        text.push_str(before);
        let code = after.get(1..).and_then(|it| it.split_once('_'));
        let c = code.and_then(|(digits, rest)| {
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 5)?;
            Some((char::from_u32(code)?, rest))
        });
        match c {
            Some((c, after)) => {
                text.push(c);
                rest = after;
            }
            None => {
                text.push('_');
                rest = &after[1..];
            }
        }
    }
    text.push_str(rest);
    text
}
