//! Headings of a text whose styles name none: short paragraphs in bold letters, with text under them.

use super::flow::{Item, Role, Text};

/// So many of them at least, in a text of so many bytes: else they are emphasis.
const FEWEST: usize = 3;
const SHORTEST_TEXT: usize = 1500;

/// A heading has at most so many characters.
const LONGEST: usize = 120;

/// Makes headings of what looks so, where no paragraph is one by its style. `has_title`: the document says
/// what its title is.
pub fn headings(items: &mut [Item], has_title: bool) {
    let texts = || items.iter().filter_map(text_of);
    let is_styled = texts().any(|text| matches!(text.role, Role::Heading(_)));
    if is_styled || texts().map(|text| text.text.len()).sum::<usize>() < SHORTEST_TEXT {
        return;
    }
    let found: Vec<usize> = (0..items.len()).filter(|&at| heads(items, at)).collect();
    if found.len() < FEWEST || found.len() * 2 > texts().count() {
        return;
    }
    let has_capitals =
        found.iter().any(|&at| items.get(at).and_then(text_of).is_some_and(is_capitals));
    let title =
        items.iter().position(|item| text_of(item).is_some_and(|text| text.role == Role::Title));
    let first = items.first().and_then(text_of).filter(|text| looks(text)).is_some();
    for &at in &found {
        let Some(Item::Text(text)) = items.get_mut(at) else { continue };
        let level = match number_depth(&text.text) {
            Some(depth) => depth,
            None if has_capitals && !is_capitals(text) => 2,
            None => 1,
        };
        text.role = Role::Heading(level);
    }
    if let (None, false, true, false, Some(Item::Text(text))) =
        (title, has_title, first, found.first() == Some(&0), items.first_mut())
    {
        text.role = Role::Title;
    }
}

fn text_of(item: &Item) -> Option<&Text> {
    match item {
        Item::Text(text) => Some(text),
        Item::Table(_) => None,
    }
}

/// Whether what stands here heads what follows.
fn heads(items: &[Item], at: usize) -> bool {
    let is_heading = items.get(at).and_then(text_of).is_some_and(looks);
    is_heading
        && match items.get(at + 1) {
            Some(Item::Text(next)) => !next.is_bold || looks(next) && at > 0,
            Some(Item::Table(_)) => true,
            None => false,
        }
}

fn looks(text: &Text) -> bool {
    let shown = text.text.trim();
    text.is_bold
        && matches!(text.role, Role::Paragraph | Role::Item(_))
        && shown.chars().count() <= LONGEST
        && shown.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !shown.ends_with(['.', ',', ';', ':'])
}

fn is_capitals(text: &Text) -> bool {
    !text.text.chars().any(char::is_lowercase)
}

/// How deep a number before a heading is: `2.1 Victims`.
fn number_depth(text: &str) -> Option<u8> {
    let number = text.split_whitespace().next()?.trim_end_matches(['.', ')']);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| (number.split('.').count() as u8).min(6))
}
