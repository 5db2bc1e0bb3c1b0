//! Numbers that Word puts before headings and items of lists: `1.2`, `Article 5`, `(a)`, `II.`.

use std::collections::HashMap;

use crate::read::numbers::Numerals;
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

/// A list: an abstract one, which others may be of too.
#[derive(Default)]
struct Instance {
    list: String,
    /// The numbers that its levels begin anew with, until they have.
    restarts: [Option<usize>; LEVELS],
}

/// The lists of a document.
#[derive(Default)]
pub struct Numbering {
    /// The levels of each abstract list.
    lists: HashMap<String, Vec<Level>>,
    instances: HashMap<String, Instance>,
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
                    numbering.instances.insert(id, Instance::parse(&mut xml));
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
        let levels = self.instances.get(list).and_then(|it| self.lists.get(&it.list));
        let own = levels.and_then(|levels| levels.get(level));
        own.is_some_and(|own| own.format == "bullet" && own.text.trim().is_empty())
    }

    /// Counts a paragraph of a list; gives its number as it is printed, where it is more than a bullet.
    pub fn count(&mut self, list: &str, level: usize) -> Option<String> {
        let instance = self.instances.get_mut(list)?;
        let levels = self.lists.get(&instance.list)?;
        let own = levels.get(level)?;
        let counters = self.counters.entry(instance.list.clone()).or_default();
        let restart = instance.restarts.get_mut(level).and_then(Option::take);
        for (place, counter) in counters.iter_mut().enumerate() {
            let start = levels.get(place).map_or(1, |level| level.start);
            match place.cmp(&level) {
                std::cmp::Ordering::Less => *counter = counter.or(Some(start)),
                std::cmp::Ordering::Equal => {
                    let next = || counter.map_or(start, |count| count.saturating_add(1));
                    *counter = Some(restart.unwrap_or_else(next));
                }
                std::cmp::Ordering::Greater => *counter = None,
            }
        }
        print(own, levels, counters)
    }
}

impl Instance {
    /// Reads the element `num` that has just begun.
    fn parse(xml: &mut Xml<'_>) -> Instance {
        let mut instance = Instance::default();
        let mut level = 0;
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            match tag.name() {
                "abstractNumId" => instance.list = tag.value().unwrap_or_default(),
                "lvlOverride" => level = tag.number("ilvl").unwrap_or(LEVELS),
                "startOverride" => {
                    if let Some(restart) = instance.restarts.get_mut(level) {
                        *restart = tag.number("val");
                    }
                }
                _ => {}
            }
        }
        instance
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

/// A number in one of the formats of Latin letters and digits; `None` for others.
fn number(count: usize, format: &str) -> Option<String> {
    let numerals = match format {
        "" | "decimal" => Numerals::Decimal,
        "decimalZero" => return Some(format!("{count:02}")),
        "upperRoman" => Numerals::UpperRoman,
        "lowerRoman" => Numerals::LowerRoman,
        "upperLetter" => Numerals::UpperDoubled,
        "lowerLetter" => Numerals::LowerDoubled,
        _ => return None,
    };
    Some(numerals.print(i64::try_from(count).unwrap_or(i64::MAX)))
}
