//! The numbers of ordered lists of AsciiDoc: by their marks, and by what stands above them.

use super::{Reader, Style};
use crate::read::numbers::{Numerals, Ordered, Pattern};

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

impl Reader<'_> {
    /// The label of an item whose mark begins at `start`. A mark of another kind begins a list inside the open one, or
    /// goes on with one around it.
    pub fn label(&mut self, start: usize, mark: &str) {
        let kind = kind(mark);
        match self.lists.iter().rposition(|(known, _)| *known == kind) {
            Some(place) => self.lists.truncate(place + 1),
            None => {
                let list = list(mark, &kind).map(|list| self.styled(list));
                self.lists.push((kind, list));
            }
        }
        let list = self.lists.last_mut().and_then(|(_, list)| list.as_mut());
        let label = list.map(Ordered::count).unwrap_or_default();
        self.sheet.builder.label(self.lists.len(), &label, Some(start..start + mark.len()));
    }

    /// A list as the attributes above it want it.
    fn styled(&self, mut list: Ordered) -> Ordered {
        let Style { name, list: attributes } = &self.style;
        if let Some((_, numerals)) = STYLES.iter().find(|(known, _)| known == name) {
            list.pattern = Pattern::new("", *numerals, ".");
        }
        let attributes = attributes.clone().and_then(|range| self.sheet.source.get(range));
        let mut named =
            attributes.unwrap_or_default().split(',').filter_map(|it| it.split_once('='));
        let start = named.find(|(name, _)| name.trim() == "start");
        let first = start.and_then(|(_, first)| first.trim().trim_matches('"').parse().ok());
        Ordered { next: first.unwrap_or(list.next), ..list }
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

/// The list that an item with this mark, of this kind, is the first of, where it is ordered.
fn list(mark: &str, kind: &str) -> Option<Ordered> {
    if mark.starts_with('.') {
        let numerals = DOTS.get(mark.len() - 1).copied().unwrap_or_default();
        return Some(Ordered::new(Pattern::new("", numerals, "."), 1));
    }
    let inside = inside(mark)?;
    let pattern = Pattern::like(kind)?;
    let is_first = |number: &i64| pattern.label(*number) == mark;
    let first = inside.parse().ok().or_else(|| (1..LARGEST_ROMAN).find(is_first)).unwrap_or(1);
    Some(Ordered::new(pattern, first))
}
