//! Headings: what the structure tree names so, what the outline names on that page, and what looks so.

use std::collections::HashMap;

use super::blocks::{Block, Kind, ends_sentence, item_marker};
use super::outline::Entry;

/// A heading has at most so many letters, and stands on so many lines.
const LONGEST: usize = 200;
const MOST_LINES: usize = 4;
/// From so many headings on that the tree or the outline names, looks are not asked: the document says
/// what its headings are. One on every third page at least, else it names chapters only.
const ENOUGH: usize = 3;
/// A size that stands out from running text.
const LARGER: f32 = 1.12;

/// Finds the headings among the blocks of a document. `body`: the size of running text, and whether it
/// is bold.
pub fn find(blocks: &mut [Block], outline: &[Entry], body: (f32, bool), pages: usize) {
    plausible_tags(blocks);
    let named = by_outline(blocks, outline);
    let tagged =
        blocks.iter().filter(|block| matches!(block.kind, Kind::Heading(_))).count() - named;
    let is_enough = |count: usize| count >= ENOUGH && count * 3 >= pages;
    if !is_enough(tagged) && !is_enough(named) {
        by_look(blocks, body);
    }
    level(blocks);
    merge(blocks);
}

/// What the tree calls a heading but runs on like text is text.
fn plausible_tags(blocks: &mut [Block]) {
    for block in blocks.iter_mut().filter(|block| matches!(block.kind, Kind::Heading(_))) {
        let text = block.text();
        let is_long = text.chars().count() > LONGEST * 2;
        if is_long || is_caption(&text) || !text.chars().any(char::is_alphanumeric) {
            block.kind = Kind::Paragraph;
        }
    }
}

/// Letters and digits only, in lower case: how titles are compared.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Blocks that an entry of the outline names, on the page it leads to. Returns how many.
fn by_outline(blocks: &mut [Block], outline: &[Entry]) -> usize {
    let mut wanted: HashMap<(usize, String), u8> = HashMap::new();
    for entry in outline {
        let title = key(&entry.title);
        if let Some(page) = entry.page.filter(|_| !title.is_empty()) {
            wanted.entry((page + 1, title)).or_insert(entry.level);
        }
    }
    if wanted.is_empty() {
        return 0;
    }
    // A table of contents on the page of the heading itself says the same in smaller letters; what the
    // tree names a heading needs no other.
    let mut named: HashMap<(usize, String), usize> = HashMap::new();
    for (index, block) in blocks.iter().enumerate() {
        if block.kind == Kind::Row || block.pieces.len() > MOST_LINES || is_caption(&block.text()) {
            continue;
        }
        let own = key(&block.text());
        // An entry may leave the number out that the page shows, or the other way round.
        let bare = own.trim_start_matches(|c: char| c.is_numeric()).to_owned();
        let entry = [own, bare].into_iter().map(|title| (block.page(), title));
        let Some(entry) = entry.into_iter().find(|entry| wanted.contains_key(entry)) else {
            continue;
        };
        let weight = |block: &Block| {
            (matches!(block.kind, Kind::Heading(_)), block.bold, (block.size * 2.0).round() as i32)
        };
        let before = named.get(&entry).and_then(|&before| blocks.get(before));
        if before.is_none_or(|before| weight(before) < weight(block)) {
            named.insert(entry, index);
        }
    }
    let mut found = 0;
    for (entry, index) in named {
        let Some(block) = blocks.get_mut(index) else { continue };
        let Some(level) = wanted.get(&entry) else { continue };
        if !matches!(block.kind, Kind::Heading(_)) {
            block.kind = Kind::Heading((*level).clamp(1, 9));
            block.tight = false;
            found += 1;
        }
    }
    found
}

/// How a block looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    /// In half points, so that styles that differ by rounding are one.
    size: i32,
    is_capitals: bool,
    bold: bool,
    is_upright: bool,
}

fn look(block: &Block, text: &str) -> Look {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let upper = letters().filter(|c| c.is_uppercase()).count();
    let lower = letters().filter(|c| c.is_lowercase()).count();
    Look {
        size: (block.size * 2.0).round() as i32,
        is_capitals: upper >= 4 && lower * 8 < upper,
        bold: block.bold,
        is_upright: !block.italic,
    }
}

fn by_look(blocks: &mut [Block], (body, is_body_bold): (f32, bool)) {
    for index in 0..blocks.len() {
        let follows = blocks.get(index + 1).is_some();
        let Some(block) = blocks.get_mut(index) else { break };
        let text = block.text();
        let is_numbered_item =
            block.kind == Kind::Item && !block.text().starts_with(|c: char| !c.is_alphanumeric());
        let is_text = block.kind == Kind::Paragraph || is_numbered_item && !block.tight;
        if !is_text || !block.is_upright || !follows || !could_be(&text, block.pieces.len()) {
            continue;
        }
        let look = look(block, &text);
        let is_larger = block.size >= LARGER * body;
        let is_level = block.size >= 0.93 * body;
        let stands_out = look.bold && !is_body_bold || look.is_capitals;
        let is_small_capitals = look.bold && look.is_capitals && block.size >= 0.75 * body;
        let is_box = ["Box ", "Annex "].iter().any(|word| text.starts_with(word)) && look.bold;
        let is_plain_item = block.kind == Kind::Item && !look.bold && !look.is_capitals;
        if is_larger && !is_plain_item && block.size > 0.0
            || is_level && stands_out
            || is_small_capitals
            || is_box && block.size >= 0.8 * body
        {
            block.kind = Kind::Heading(0);
            block.tight = false;
        }
    }
}

/// `Article 5.`
fn is_short_number(text: &str) -> bool {
    text.len() <= 14 && text.contains(|c: char| c.is_ascii_digit())
}

/// A text that ends with a date, as the lines under a title do.
fn is_dated(text: &str) -> bool {
    let mut words = text.split_whitespace().rev();
    let year = words
        .next()
        .is_some_and(|word| word.len() == 4 && word.chars().all(|c| c.is_ascii_digit()));
    year && words
        .next()
        .is_some_and(|word| word.ends_with(',') && word.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a text names a table or figure, or its source. What follows it is the table and then running
/// text again, which does not belong under it: a caption heads nothing.
fn is_caption(text: &str) -> bool {
    const WORDS: [&str; 9] =
        ["Table ", "Figure ", "Fig. ", "Map ", "Map. ", "Source", "Graph ", "Chart ", "Note:"];
    WORDS.iter().any(|word| text.starts_with(word))
}

/// Whether a text reads as a heading may.
fn could_be(text: &str, lines: usize) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let length = text.chars().count();
    // A remark in parentheses ends no sentence: `Table 2. Overview (Cont.)`.
    let bare = match text.rfind(" (") {
        Some(at)
            if text.ends_with(')')
                && text.get(at..).is_some_and(|end| end.chars().any(char::is_alphabetic)) =>
        {
            text.get(..at).unwrap_or(text)
        }
        _ => text,
    };
    let ends_as_text = text.ends_with([',', ';', '…'])
        || ends_sentence(bare) && !text.ends_with(['?', '!', ':']) && !is_short_number(text);
    let is_numbered_only = item_marker(text).is_none()
        && letters * 2 < length.saturating_sub(text.split_whitespace().count());
    let is_figure = is_caption(text);
    lines <= MOST_LINES
        && length <= LONGEST
        && letters >= 3
        && text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase())
        && !ends_as_text
        && !is_numbered_only
        && !is_figure
        && !is_dated(text)
        && !text.split_whitespace().any(|word| word.ends_with('%'))
}

/// Gives headings without a level the one of their look: the larger, the higher; then capitals, bold.
fn level(blocks: &mut [Block]) {
    let own = blocks.iter().filter_map(|block| match block.kind {
        Kind::Heading(level) => Some(level),
        _ => None,
    });
    let highest = own.filter(|&level| level > 0).max().unwrap_or(0);
    let mut looks: Vec<Look> = Vec::new();
    for block in blocks.iter().filter(|block| block.kind == Kind::Heading(0)) {
        looks.push(look_of(block));
    }
    looks.sort_unstable_by(|a, b| b.cmp(a));
    looks.dedup();
    for block in blocks.iter_mut().filter(|block| block.kind == Kind::Heading(0)) {
        let rank = looks.iter().position(|&other| other == look_of(block)).unwrap_or(0);
        // Under what the document itself ranks, but for larger styles there are no more than six.
        let base = if highest > 0 { usize::from(highest) } else { 0 };
        block.kind = Kind::Heading((base + rank + 1).min(9) as u8);
    }
}

fn look_of(block: &Block) -> Look {
    look(block, &block.text())
}

/// Two headings of one look, one under the other, are one over two lines.
fn merge(blocks: &mut [Block]) {
    for index in (1..blocks.len()).rev() {
        let (before, after) = blocks.split_at_mut(index);
        let (Some(head), Some(tail)) = (before.last_mut(), after.first_mut()) else { continue };
        let (Kind::Heading(a), Kind::Heading(b)) = (head.kind, tail.kind) else { continue };
        let distance = tail.y - head.y;
        let is_next = distance > 0.0 && distance < 1.45 * head.size && head.page() == tail.page();
        let is_one = head.tag.block > 0 && head.tag.block == tail.tag.block;
        let is_numbered = tail.text().starts_with(|c: char| c.is_ascii_digit());
        if a == b
            && (is_one
                || is_next
                    && (head.size - tail.size).abs() < 0.3
                    && !is_numbered
                    && head.tag.block == tail.tag.block
                    && head.pieces.len() + tail.pieces.len() <= MOST_LINES)
        {
            head.pieces.append(&mut tail.pieces);
            head.y = tail.y;
        }
    }
}

/// The title of a document without one in its properties: the largest text of the first page, where it
/// stands out and stands near the top.
pub fn title(blocks: &mut [Block], body: f32) -> Option<usize> {
    let first: Vec<usize> = (0..blocks.len().min(12))
        .filter(|&index| {
            blocks.get(index).is_some_and(|block| block.page() == 1 && block.is_upright)
        })
        .collect();
    let size = |index: usize| blocks.get(index).map_or(0.0, |block| block.size);
    let best = first.into_iter().filter(|&index| {
        blocks.get(index).is_some_and(|block| {
            let text = block.text();
            block.kind != Kind::Row
                && could_be(&text, block.pieces.len())
                && block.size >= 1.3 * body
        })
    });
    let best = best.fold(None, |best: Option<usize>, index| match best {
        Some(other) if size(other) >= size(index) => Some(other),
        _ => Some(index),
    })?;
    // What looks like other headings is one of them.
    let rivals = blocks.iter().enumerate().filter(|(index, block)| {
        *index != best && matches!(block.kind, Kind::Heading(_)) && block.size > size(best) * 0.97
    });
    let is_chapter = rivals.count() > 1;
    let is_numbered = blocks.get(best).is_some_and(|block| {
        item_marker(&block.text()).is_some()
            || block.text().starts_with(|c: char| c.is_ascii_digit())
            || is_roman_numbered(&block.text())
    });
    // One that stands above everything, with no text of its own, heads the whole document.
    let is_first =
        best == 0 && blocks.get(1).is_some_and(|next| matches!(next.kind, Kind::Heading(_)));
    ((!is_chapter || is_first) && !is_numbered).then_some(best)
}

fn is_roman_numbered(text: &str) -> bool {
    text.split_once(". ")
        .is_some_and(|(number, _)| number.len() <= 5 && number.chars().all(|c| "IVX".contains(c)))
}

/// Takes the title out of the first page where it is a heading there: it stands above everything already.
pub fn drop_title(blocks: &mut Vec<Block>, title: &str) {
    let title = key(title);
    let is_title = |block: &Block| {
        let own = key(&block.text());
        block.page() == 1
            && matches!(block.kind, Kind::Heading(_))
            && own.len() >= 3
            && title.contains(&own)
    };
    let last = blocks.iter().take(6).position(|block| !is_title(block)).unwrap_or(0);
    blocks.drain(..last);
}
