//! The lists of a page: how a browser labels their items.

use super::hints::flags_of;
use super::tags::Tag;
use super::tree::Tree;
use crate::read::numbers::{Numerals, Ordered, Pattern};

/// The open lists, the innermost last.
#[derive(Debug, Default)]
pub struct Lists {
    /// The numbers of each, and the signs that they are written in; `None` where its items have none.
    open: Vec<(Ordered, Option<Numerals>)>,
}

impl Lists {
    /// How many are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// A list begins.
    pub fn open(&mut self, tree: &Tree<'_>, at: usize) {
        let is_ordered = tree.nodes.get(at).is_some_and(|node| node.tag == Tag::Ol);
        let usual = is_ordered.then_some(Numerals::Decimal);
        let is_reversed = is_ordered && tree.attribute(at, "reversed").is_some();
        let start = tree.attribute(at, "start").filter(|_| is_ordered);
        let first = start.and_then(|start| integer(&start));
        let first = first.unwrap_or_else(|| if is_reversed { items(tree, at) } else { 1 });
        let numbers = Ordered { is_reversed, ..Ordered::new(Pattern::default(), first) };
        self.open.push((numbers, numerals(tree, at).unwrap_or(usual)));
    }

    /// The innermost ends.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// Counts an item of the innermost list; gives its label, if it has one.
    pub fn label(&mut self, tree: &Tree<'_>, item: usize) -> Option<String> {
        let (numbers, usual) = self.open.last_mut()?;
        let value = tree.attribute(item, "value").and_then(|value| integer(&value));
        numbers.next = value.unwrap_or(numbers.next);
        let numerals = numerals(tree, item).unwrap_or(*usual);
        numbers.pattern = Pattern::new("", numerals.unwrap_or_default(), ".");
        let label = numbers.count();
        numerals.map(|_| label)
    }
}

/// How many items a list has: one that is reversed begins with this number.
fn items(tree: &Tree<'_>, list: usize) -> i64 {
    let inside = tree.inside(list);
    let mut at = inside.start;
    let mut items = 0;
    while let Some(node) = tree.nodes.get(at).filter(|_| at < inside.end) {
        items += i64::from(node.tag == Tag::Li && !node.has(flags_of::HIDDEN));
        at = tree.inside(at).end.max(at + 1);
    }
    items
}

/// What the element itself says of the numerals: by its style, else by its type. `Some(None)`: there are none.
fn numerals(tree: &Tree<'_>, at: usize) -> Option<Option<Numerals>> {
    let styled = tree.attribute(at, "style").and_then(|style| styled(&style));
    styled.or_else(|| {
        let kind = tree.attribute(at, "type")?;
        let mut chars = kind.trim().chars();
        match (chars.next().and_then(Numerals::like), chars.next()) {
            (Some(numerals), None) => Some(Some(numerals)),
            _ => named(kind.trim()),
        }
    })
}

fn styled(style: &str) -> Option<Option<Numerals>> {
    let mut said = None;
    for declaration in style.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let name = name.trim().to_ascii_lowercase();
        if matches!(name.as_str(), "list-style" | "list-style-type") {
            let value = value.split('!').next().unwrap_or_default();
            said = value.split_ascii_whitespace().find_map(named).or(said);
        }
    }
    said
}

/// What a name of CSS says.
fn named(name: &str) -> Option<Option<Numerals>> {
    match name.to_ascii_lowercase().as_str() {
        "none" | "disc" | "circle" | "square" => Some(None),
        "decimal" => Some(Some(Numerals::Decimal)),
        "lower-alpha" | "lower-latin" => Some(Some(Numerals::LowerLetter)),
        "upper-alpha" | "upper-latin" => Some(Some(Numerals::UpperLetter)),
        "lower-roman" => Some(Some(Numerals::LowerRoman)),
        "upper-roman" => Some(Some(Numerals::UpperRoman)),
        _ => None,
    }
}

/// A number as HTML reads them: what follows its digits does not count.
fn integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    text.get(..text.len() - digits.len() + end)?.parse().ok()
}
