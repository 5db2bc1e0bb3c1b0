//! Numbers that Word puts before headings: `1.2`, `Article 5`, `II.`.

use std::collections::HashMap;

use crate::read::numbers::{letters, roman};
use crate::read::xml::Xml;

/// Levels of a list.
const LEVELS: usize = 9;

#[derive(Clone, Default)]
struct Level {
    start: usize,
    format: String,
    text: String,
    /// Whether all numbers in it are in digits, whatever their own levels say.
    is_legal: bool,
}

/// The lists of a document.
#[derive(Default)]
pub struct Numbering {
    /// The levels of each abstract list.
    lists: HashMap<String, Vec<Level>>,
    /// The abstract list of each list.
    instances: HashMap<String, String>,
    /// Where each abstract list has got to.
    counters: HashMap<String, [Option<usize>; LEVELS]>,
    /// List and level of styles that are tied to one.
    styles: HashMap<String, usize>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub fn parse(text: &str) -> Numbering {
        let mut numbering = Numbering::default();
        let mut xml = Xml::new(text);
        while let Some(tag) = xml.within(0) {
            match tag.name() {
                "abstractNum" => {
                    let id = tag.attribute("abstractNumId").unwrap_or_default();
                    let levels = numbering.levels(&mut xml);
                    numbering.lists.insert(id, levels);
                }
                "num" => {
                    let id = tag.attribute("numId").unwrap_or_default();
                    let depth = xml.depth();
                    while let Some(tag) = xml.within(depth) {
                        if tag.name() == "abstractNumId"
                            && let Some(list) = tag.value()
                        {
                            numbering.instances.insert(id.clone(), list);
                        }
                    }
                }
                _ => {}
            }
        }
        numbering
    }

    fn levels(&mut self, xml: &mut Xml<'_>) -> Vec<Level> {
        let mut levels = vec![Level { start: 1, ..Level::default() }; LEVELS];
        let mut current = 0;
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            if tag.name() == "lvl" {
                current = tag.number("ilvl").unwrap_or(LEVELS);
            }
            let Some(level) = levels.get_mut(current) else { continue };
            let value = || tag.value().unwrap_or_default();
            match tag.name() {
                "start" => level.start = tag.number("val").unwrap_or(1),
                "numFmt" => level.format = value(),
                "lvlText" => level.text = value(),
                "isLgl" => level.is_legal = tag.is_on(),
                "pStyle" => {
                    self.styles.insert(value(), current);
                }
                _ => {}
            }
        }
        levels
    }

    /// The level of its list that a style is tied to.
    pub fn level_of_style(&self, style: &str) -> Option<usize> {
        self.styles.get(style).copied()
    }

    /// Whether the items of a list show nothing before them: they go on with the item before.
    pub fn is_blank(&self, list: &str, level: usize) -> bool {
        let levels = self.instances.get(list).and_then(|list| self.lists.get(list));
        let own = levels.and_then(|levels| levels.get(level));
        own.is_some_and(|own| own.format == "bullet" && own.text.trim().is_empty())
    }

    /// Counts a paragraph of a list; gives its number as it is printed, where it is more than a bullet.
    pub fn count(&mut self, list: &str, level: usize) -> Option<String> {
        let instance = self.instances.get(list)?;
        let levels = self.lists.get(instance)?;
        let own = levels.get(level)?;
        let counters = self.counters.entry(instance.clone()).or_default();
        for (place, counter) in counters.iter_mut().enumerate() {
            let start = levels.get(place).map_or(1, |level| level.start);
            match place.cmp(&level) {
                std::cmp::Ordering::Less => *counter = counter.or(Some(start)),
                std::cmp::Ordering::Equal => {
                    *counter = Some(counter.map_or(start, |count| count.saturating_add(1)));
                }
                std::cmp::Ordering::Greater => *counter = None,
            }
        }
        print(own, levels, counters)
    }
}

/// The text of a level with its numbers filled in.
fn print(own: &Level, levels: &[Level], counters: &[Option<usize>; LEVELS]) -> Option<String> {
    if own.format == "bullet" || own.format == "none" || !own.text.contains('%') {
        return None;
    }
    let mut printed = String::new();
    let mut chars = own.text.chars().take(200).peekable();
    while let Some(c) = chars.next() {
        let place = match (c, chars.peek().and_then(|digit| digit.to_digit(10))) {
            ('%', Some(place @ 1..=9)) => place as usize - 1,
            _ => {
                printed.push(c);
                continue;
            }
        };
        chars.next();
        let format = match levels.get(place) {
            Some(level) if !own.is_legal => level.format.as_str(),
            _ => "decimal",
        };
        printed.push_str(&number(counters[place].unwrap_or(1), format)?);
    }
    Some(printed.trim().to_owned()).filter(|printed| !printed.is_empty())
}

/// A number in one of the formats that headings have; `None` for formats of other scripts.
fn number(count: usize, format: &str) -> Option<String> {
    match format {
        "" | "decimal" => Some(count.to_string()),
        "decimalZero" => Some(format!("{count:02}")),
        "upperRoman" => Some(roman(count)),
        "lowerRoman" => Some(roman(count).to_lowercase()),
        "upperLetter" => Some(letters(count, b'A')),
        "lowerLetter" => Some(letters(count, b'a')),
        _ => None,
    }
}
