//! The items of lists that a line with a colon leads to. Readers drop the signs before them, so that lines are all that is known.

use super::predicates::{is_determiner, is_preposition};
use super::words::Words;

/// An item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its first word.
    pub first: usize,
    /// The last word of the line that leads to its list.
    pub lead: usize,
}

/// Nobody wraps lines more narrowly (characters).
const NARROWEST: usize = 60;

/// A list that a line leads to.
struct List {
    lead: usize,
    /// Whether it is a paragraph by itself, so that its lines can hardly be those of a wrapped one.
    is_apart: bool,
    /// The width of its widest line.
    widest: usize,
}

/// The items of all lists, in order; a list goes to the end of its paragraph.
pub fn items(source: &Words) -> Vec<Item> {
    let mut items = Vec::new();
    let mut list: Option<List> = None;
    for at in 1..source.len() {
        let gap = source.gap(at);
        let Some((before, _)) = gap.split_once('\n') else { continue };
        if before.trim_end().ends_with(':') {
            let widest = widest(source, at);
            list = Some(List { lead: at - 1, is_apart: gap.contains("\n\n"), widest });
        } else if gap.contains("\n\n") {
            list = None;
        }
        if let Some(list) = list.as_ref().filter(|list| begins(source, at, before, list)) {
            items.push(Item { first: at, lead: list.lead });
        }
    }
    items
}

/// Whether a line of a list is an item, and not the rest of the one before, which had no room for its first word.
fn begins(source: &Words, at: usize, before: &str, list: &List) -> bool {
    let last = source.key(at - 1).unwrap_or_default();
    let is_first = list.lead + 1 == at;
    let is_told = list.is_apart || source.written(at).starts_with(char::is_uppercase);
    let width = line_before(source, at).chars().count() + source.written(at).chars().count();
    let is_open = is_preposition(last) || is_determiner(last) || before.ends_with('-');
    is_first || before.contains(';') || is_told && width < list.widest && !is_open
}

/// The line that ends before a word.
fn line_before(source: &Words, at: usize) -> &str {
    let text = source.text.get(..source.bytes(at).start).unwrap_or_default().trim_end();
    text.rsplit('\n').next().unwrap_or_default()
}

/// The width of the widest line of a paragraph from a word on.
fn widest(source: &Words, at: usize) -> usize {
    let text = source.text.get(source.bytes(at).start..).unwrap_or_default();
    let lines = text.split("\n\n").next().unwrap_or_default().lines();
    lines.map(|line| line.trim_end().chars().count()).max().unwrap_or(0).max(NARROWEST)
}
