//! Styles of Word: what a paragraph of a style is, through what the style is based on.

use std::borrow::Cow;
use std::collections::HashMap;

use super::properties::raises;
use crate::read::flow::Role;
use crate::read::style_names::{is_contents, is_list, is_plain, role_of_name};
use crate::read::xml::{Tag, Xml};

/// A style is based on at most so many others; Word allows 10.
const LONGEST_CHAIN: usize = 32;

/// What a style makes of a paragraph.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Heading, quotation, and so on; `None` where the style does not say.
    pub role: Option<Role>,
    /// The list and its level.
    pub list: Option<(String, usize)>,
    /// Whether it is for the lines of a table of contents.
    pub is_contents: bool,
    /// The language of its text.
    pub lang: Option<String>,
    /// Whether its text is shown, where it is said.
    pub hidden: Option<bool>,
    /// Whether its letters are bold, where it is said.
    pub bold: Option<bool>,
    /// Whether they stand above the line, where it is said.
    pub raised: Option<bool>,
}

#[derive(Default)]
struct Declared {
    hidden: Option<bool>,
    bold: Option<bool>,
    raised: Option<bool>,
    name: String,
    based_on: Option<String>,
    outline: Option<usize>,
    list: (Option<String>, Option<usize>),
    lang: Option<String>,
}

/// The styles of a document, by their ids.
#[derive(Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    /// The language of text that does not say it.
    pub lang: Option<String>,
    default: Style,
}

impl Styles {
    /// Reads `styles.xml`.
    pub fn parse(text: &str) -> Styles {
        let mut styles = Styles::default();
        let mut declared: HashMap<String, Declared> = HashMap::new();
        let mut default = None;
        let mut xml = Xml::new(text);
        while let Some(tag) = xml.within(0) {
            match tag.name() {
                "lang" => styles.lang = styles.lang.or(tag.value()),
                "style" => {
                    let id = tag.attribute("styleId").unwrap_or_default();
                    let is_paragraph = tag.attribute("type").is_none_or(|kind| kind == "paragraph");
                    let style = Declared::parse(&mut xml);
                    if is_paragraph && tag.attribute("default").as_deref() == Some("1") {
                        default = Some(id.clone());
                    }
                    declared.insert(id, style);
                }
                _ => {}
            }
        }
        for id in declared.keys() {
            styles.styles.insert(id.clone(), resolve(id, &declared));
        }
        let named = default.and_then(|id| styles.styles.get(&id).cloned());
        styles.default = named.unwrap_or_default();
        styles
    }

    /// The style of this id, or the one of paragraphs without.
    pub fn get(&self, id: Option<&str>) -> Cow<'_, Style> {
        let Some(id) = id else { return Cow::Borrowed(&self.default) };
        if let Some(style) = self.styles.get(id) {
            return Cow::Borrowed(style);
        }
        // Some programs refer to Word's own styles without declaring them.
        Cow::Owned(Style {
            role: role_of_name(id),
            is_contents: is_contents(id),
            list: is_list(id).then(|| (id.to_owned(), 0)),
            ..Style::default()
        })
    }

    /// Whether a style, if there is one, makes letters bold or not.
    pub fn is_bold(&self, id: Option<&str>) -> Option<bool> {
        self.styles.get(id?)?.bold
    }

    /// Whether a style, if there is one, sets letters above the line or on it.
    pub fn raises(&self, id: Option<&str>) -> Option<bool> {
        self.styles.get(id?)?.raised
    }

    /// Whether a style, if there is one, hides its text or shows it.
    pub fn hides(&self, id: Option<&str>) -> Option<bool> {
        self.styles.get(id?)?.hidden
    }
}

impl Declared {
    /// Reads the element `style` that has just begun.
    fn parse(xml: &mut Xml<'_>) -> Declared {
        let mut style = Declared::default();
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            style.property(&tag);
        }
        style
    }

    fn property(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "name" => self.name = tag.value().unwrap_or_default(),
            "basedOn" => self.based_on = tag.value(),
            "outlineLvl" => self.outline = tag.number("val"),
            "numId" => self.list.0 = tag.value(),
            "ilvl" => self.list.1 = tag.number("val"),
            "lang" => self.lang = tag.value(),
            "vanish" => self.hidden = Some(tag.is_on()),
            "b" => self.bold = Some(tag.is_on()),
            "vertAlign" | "position" => self.raised = raises(tag),
            _ => {}
        }
    }
}

/// A style with what it has from those it is based on.
fn resolve(id: &str, declared: &HashMap<String, Declared>) -> Style {
    let mut style = Style::default();
    let (mut outline, mut level) = (None, None);
    let mut next = Some(id.to_owned());
    for _ in 0..LONGEST_CHAIN {
        let Some(name) = next.take() else { break };
        let Some(found) = declared.get(&name) else { break };
        outline = outline.or(found.outline);
        level = level.or(found.list.1);
        if style.list.is_none() {
            style.list = found.list.0.clone().map(|list| (list, 0));
        }
        style.lang = style.lang.or_else(|| found.lang.clone());
        style.hidden = style.hidden.or(found.hidden);
        style.bold = style.bold.or(found.bold);
        style.raised = style.raised.or(found.raised);
        // What the names say counts from the style nearest to the paragraph.
        let is_decided = style.role.is_some() || style.is_contents;
        if !is_decided {
            let names = [found.name.as_str(), name.as_str()];
            style.is_contents = names.iter().any(|name| is_contents(name));
            style.role = names.iter().find_map(|name| role_of_name(name));
        }
        if is_plain(&found.name) && !style.is_contents {
            break;
        }
        next = found.based_on.clone();
    }
    if let Some((_, own)) = &mut style.list {
        *own = level.unwrap_or(0);
    }
    match outline {
        Some(level) if level < 9 && style.role != Some(Role::Title) => {
            style.role = Some(Role::Heading(level as u8 + 1));
        }
        // Level 10 is body text, whatever the style is based on.
        Some(_) if matches!(style.role, Some(Role::Heading(_))) => style.role = None,
        _ => {}
    }
    style
}
