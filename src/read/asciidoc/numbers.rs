//! The numbers of ordered lists of AsciiDoc: those that are written, or by marks of dots and what stands above them.

use super::{Reader, Style, lists};
use crate::read::numbers::{Numerals, Ordered, Pattern, Written};

/// Lists whose marks are dots, by how many.
const DOTS: [Numerals; 5] = [
    Numerals::Decimal,
    Numerals::LowerLetter,
    Numerals::LowerRoman,
    Numerals::UpperLetter,
    Numerals::UpperRoman,
];

/// Names of numerals above a list.
const STYLES: [(&str, Numerals); 6] = [
    ("arabic", Numerals::Decimal),
    ("decimal", Numerals::Decimal),
    ("loweralpha", Numerals::LowerLetter),
    ("upperalpha", Numerals::UpperLetter),
    ("lowerroman", Numerals::LowerRoman),
    ("upperroman", Numerals::UpperRoman),
];

/// The largest number whose Roman signs are looked for.
const LARGEST_ROMAN: i64 = 40;

/// An open list.
pub struct List {
    /// What its marks have in common.
    kind: String,
    /// What counts its items, where it is ordered.
    numbers: Option<Ordered>,
    /// Whether all of its items say `1.`
    is_counted: bool,
    /// Whether what stands above it says how its numbers are written.
    is_styled: bool,
}

impl List {
    /// The label of an item with this mark: the mark itself where it is a number.
    fn label(&mut self, mark: &str) -> String {
        let Some(numbers) = &mut self.numbers else { return String::new() };
        self.is_counted &= mark == "1.";
        let written = inside(mark).filter(|it| *it != "." && !self.is_counted);
        if let Some(inside) = written {
            numbers.next = value(inside, mark, &self.kind).unwrap_or(numbers.next);
        }
        let label = numbers.count();
        if written.is_some() && !self.is_styled { mark.to_owned() } else { label }
    }
}

impl Reader<'_> {
    /// The label of an item whose mark begins at `start`. A mark of another kind begins a list inside the open one, or
    /// goes on with one around it.
    pub fn label(&mut self, start: usize, mark: &str) {
        let kind = kind(mark);
        match self.lists.iter().rposition(|list| list.kind == kind) {
            Some(place) => self.lists.truncate(place + 1),
            None => {
                let list = self.list(mark, kind);
                self.lists.push(list);
            }
        }
        let label = self.lists.last_mut().map(|list| list.label(mark)).unwrap_or_default();
        self.sheet.builder.label(self.lists.len(), &label, Some(start..start + mark.len()));
    }

    /// The list that an item with this mark is the first of, as the attributes above it want it. The current line is
    /// the one behind it.
    fn list(&mut self, mark: &str, kind: String) -> List {
        let mut numbers = ordered(mark, &kind);
        let Style { name, list: attributes } = &self.style;
        let style = STYLES.iter().find(|(known, _)| known == name);
        if let (Some(list), Some((_, numerals))) = (&mut numbers, style) {
            list.pattern = Pattern::new("", *numerals, ".");
        }
        let attributes = attributes.clone().and_then(|range| self.sheet.source.get(range));
        let mut named =
            attributes.unwrap_or_default().split(',').filter_map(|it| it.split_once('='));
        let start = named.find(|(name, _)| name.trim() == "start");
        let first = start.and_then(|(_, first)| first.trim().trim_matches('"').parse().ok());
        if let (Some(list), Some(first)) = (&mut numbers, first) {
            list.next = first;
        }
        let is_counted = mark == "1." && self.all_are_ones();
        List { kind, numbers, is_counted, is_styled: style.is_some() }
    }

    /// Whether further items of a list that begins with `1.` follow, and all say the same. What has been looked at
    /// for a list before is not looked at again.
    fn all_are_ones(&mut self) -> bool {
        let (end, are_ones) = self.looked;
        if self.at < end {
            return are_ones && (self.at..end).any(|index| number(self.line(index)).is_some());
        }
        let mut numbers = Written::default();
        numbers.add("1");
        let mut is_behind_blank = false;
        let mut index = self.at;
        while index < self.lines.len() && numbers.are_ones() {
            let line = self.line(index).trim();
            if is_behind_blank && !line.is_empty() && lists::sign(line).is_none() {
                break;
            }
            if let Some(number) = number(line) {
                numbers.add(number);
            }
            is_behind_blank = line.is_empty();
            index += 1;
        }
        self.looked = (index, numbers.are_ones());
        numbers.are_counted()
    }
}

/// Marks of the same kind belong to the same list: `2.` goes on with `1.`
fn kind(mark: &str) -> String {
    let Some(inside) = inside(mark) else { return mark.to_owned() };
    let like = match inside.chars().next() {
        Some('0'..='9') => "1",
        Some('a'..='z') => {
            if mark.ends_with(')') {
                "i"
            } else {
                "a"
            }
        }
        Some('A'..='Z') => {
            if mark.ends_with(')') {
                "I"
            } else {
                "A"
            }
        }
        _ => "1",
    };
    mark.replacen(inside, like, 1)
}

/// What is counted in a mark that is not made of signs only: `<.>` counts by itself.
fn inside(mark: &str) -> Option<&str> {
    let inside = mark.trim_matches(['<', '>', ')']);
    let inside = if mark.starts_with('<') { inside } else { inside.trim_end_matches('.') };
    let is_counted =
        mark.starts_with('<') || inside.starts_with(|c: char| c.is_ascii_alphanumeric());
    (is_counted && !inside.is_empty()).then_some(inside)
}

/// What counts the items of a list whose first one has this mark, of this kind, where it is ordered.
fn ordered(mark: &str, kind: &str) -> Option<Ordered> {
    if mark.starts_with('.') {
        let numerals = DOTS.get(mark.len() - 1).copied().unwrap_or_default();
        return Some(Ordered::new(Pattern::new("", numerals, "."), 1));
    }
    let first = value(inside(mark)?, mark, kind).unwrap_or(1);
    Some(Ordered::new(Pattern::like(kind)?, first))
}

/// The digits of a line that begins an item with `1.`
fn number(line: &str) -> Option<&str> {
    let line = line.trim();
    let mark = line.get(..lists::sign(line)?)?.trim_end().strip_suffix('.')?;
    (!mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_digit())).then_some(mark)
}

/// The number that a mark says.
fn value(inside: &str, mark: &str, kind: &str) -> Option<i64> {
    let pattern = Pattern::like(kind)?;
    let is_same = |number: &i64| pattern.label(*number) == mark;
    inside.parse().ok().or_else(|| (1..LARGEST_ROMAN).find(is_same))
}
