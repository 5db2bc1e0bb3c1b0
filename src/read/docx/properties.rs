//! Properties of paragraphs and runs of Word.

use crate::read::raised::LEAST_HALF_POINTS;
use crate::read::xml::{Tag, Xml};

/// What matters of `w:pPr`.
#[derive(Clone, Debug, Default)]
pub struct ParagraphProperties {
    /// The id of the style.
    pub style: Option<String>,
    /// The outline level, 0 to 8; 9 is body text.
    pub outline: Option<usize>,
    /// The list; `0` takes the paragraph out of the list of its style.
    pub list: Option<String>,
    /// The level in the list.
    pub level: Option<usize>,
    /// Whether the end of the paragraph is deleted: it goes on in the next one.
    pub is_open: bool,
}

impl ParagraphProperties {
    /// Reads the element `pPr` that has just begun.
    pub fn parse(xml: &mut Xml<'_>) -> ParagraphProperties {
        let mut properties = ParagraphProperties::default();
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            match tag.name() {
                "pStyle" => properties.style = tag.value(),
                "outlineLvl" => properties.outline = tag.number("val"),
                "numId" => properties.list = tag.value(),
                "ilvl" => properties.level = tag.number("val"),
                // A drop cap is a frame of its own before the rest of its word.
                "framePr" => {
                    properties.is_open = tag.attribute("dropCap").is_some_and(|kind| kind != "none")
                }
                "del" | "moveFrom" => {
                    properties.is_open = true;
                    xml.skip();
                }
                "pPrChange" | "rPrChange" | "sectPr" | "numberingChange" => xml.skip(),
                _ => {}
            }
        }
        properties
    }
}

/// What matters of `w:rPr`.
#[derive(Clone, Debug, Default)]
pub struct RunProperties {
    /// Whether the text is not shown, where it is said.
    pub hidden: Option<bool>,
    /// Whether its letters are bold, where it is said.
    pub bold: Option<bool>,
    /// Whether it stands above the line, where it is said.
    pub raised: Option<bool>,
    /// The id of the style of its letters.
    pub style: Option<String>,
    /// Its language.
    pub lang: Option<String>,
}

impl RunProperties {
    /// Reads the element `rPr` that has just begun.
    pub fn parse(xml: &mut Xml<'_>) -> RunProperties {
        let mut properties = RunProperties::default();
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            match tag.name() {
                "vanish" => properties.hidden = Some(tag.is_on()),
                "rStyle" => properties.style = tag.value(),
                "b" => properties.bold = Some(tag.is_on()),
                "vertAlign" | "position" => properties.raised = raises(&tag),
                "lang" => properties.lang = tag.value(),
                "rPrChange" => xml.skip(),
                _ => {}
            }
        }
        properties
    }
}

/// Whether `w:vertAlign` or `w:position` sets letters above the line.
pub fn raises(tag: &Tag<'_>) -> Option<bool> {
    let value = tag.value()?;
    Some(value == "superscript" || value.parse::<i32>().is_ok_and(|it| it >= LEAST_HALF_POINTS))
}
