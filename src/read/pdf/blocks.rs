//! Lines to blocks: paragraphs, list items, rows of tables, notes.

use super::headings::Headings;
use super::lines::{Line, text};
use super::structure::{Role, Tag, Tags};
use super::words::Word;
use crate::document::BlockKind;

/// A line in the order of reading.
#[derive(Debug)]
pub struct FlowLine {
    /// From 0.
    pub page: usize,
    /// The number of its column, counted over all pages.
    pub region: usize,
    /// The edges of that column.
    pub x0: f32,
    pub x1: f32,
    /// Of the page.
    pub height: f32,
    pub line: Line,
}

impl FlowLine {
    /// What the structure tree says of it.
    pub fn tag(&self, tags: &Tags) -> Tag {
        let number = self.line.words.iter().find_map(|word| word.mcid);
        number.and_then(|number| tags.get(&(self.page, number)).copied()).unwrap_or_default()
    }

    /// Its size in half points, whether it is all in capitals, and whether it is bold.
    pub fn look(&self) -> (i32, bool, bool) {
        let text = self.line.text();
        let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
        let is_capitals = letters.peek().is_some() && letters.all(|c| !c.is_lowercase());
        let size = (self.line.size * 2.0).round() as i32;
        (
            size,
            is_capitals && text.chars().filter(|c| c.is_alphabetic()).count() > 3,
            self.line.is_bold(),
        )
    }

    /// Whether it reaches the right edge of its column.
    fn is_full(&self) -> bool {
        self.line.x1 > self.x1 - 0.12 * (self.x1 - self.x0)
    }
}

/// A heading or a block with its pieces.
#[derive(Debug)]
pub enum Piece {
    /// Its level, page and text.
    Heading(u8, usize, String),
    /// Lines that belong together, each with its page.
    Block(BlockKind, Vec<(usize, String)>),
    /// One row of a table: its page and cells. Whether it follows another row of the same table.
    Row(usize, Vec<String>, bool),
}

/// Puts lines together.
pub fn blocks(flow: Vec<FlowLine>, headings: &Headings, tags: &Tags) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open: Option<Open> = None;
    let mut index = 0;
    while let Some(line) = flow.get(index) {
        if let Some(&(level, count)) = headings.at.get(&index) {
            pieces.extend(open.take().map(Open::piece));
            let lines = flow[index..index + count].iter().map(|line| line.line.text());
            pieces.push(Piece::Heading(level, line.page, lines.collect::<Vec<_>>().join(" ")));
            index += count;
            continue;
        }
        let rows = table(&flow[index..], headings, index);
        if rows > 0 {
            pieces.extend(open.take().map(Open::piece));
            table_rows(&flow[index..index + rows], &mut pieces);
            index += rows;
            continue;
        }
        let next = Next { line, tag: line.tag(tags), body: headings.body };
        match open.as_mut().filter(|open| open.takes(&next)) {
            Some(open) => open.add(&next),
            None => {
                pieces.extend(open.take().map(Open::piece));
                open = Some(Open::new(&next));
            }
        }
        index += 1;
    }
    pieces.extend(open.map(Open::piece));
    pieces
}

/// A line that may begin or continue a block.
struct Next<'f> {
    line: &'f FlowLine,
    tag: Tag,
    body: f32,
}

impl Next<'_> {
    fn kind(&self) -> BlockKind {
        let text = self.line.line.text();
        let is_small = self.line.line.size < 0.92 * self.body;
        let is_low = self.line.line.y > 0.55 * self.line.height;
        let is_numbered = text.chars().next().is_some_and(|c| c.is_numeric() || "*†‡§".contains(c));
        match self.tag.role {
            Role::Item => BlockKind::ListItem,
            Role::Note => BlockKind::Note,
            Role::Quotation => BlockKind::Quotation,
            _ if is_item(&text) => BlockKind::ListItem,
            _ if is_small && is_low && is_numbered => BlockKind::Note,
            _ => BlockKind::Paragraph,
        }
    }
}

/// A block that goes on.
struct Open {
    kind: BlockKind,
    lines: Vec<(usize, String)>,
    tag: Tag,
    region: usize,
    page: usize,
    /// Of its last line.
    bottom: f32,
    x0: f32,
    size: f32,
    is_bold: bool,
    is_full: bool,
    /// The distance of its lines, once it has two.
    pitch: Option<f32>,
}

impl Open {
    fn new(next: &Next<'_>) -> Open {
        let line = next.line;
        Open {
            kind: next.kind(),
            lines: vec![(line.page, line.line.text())],
            tag: next.tag,
            region: line.region,
            page: line.page,
            bottom: line.line.bottom(),
            x0: line.line.x0,
            size: line.line.size,
            is_bold: line.line.is_bold(),
            is_full: line.is_full(),
            pitch: None,
        }
    }

    /// Whether a line goes on with it.
    fn takes(&self, next: &Next<'_>) -> bool {
        let line = &next.line.line;
        if (line.size - self.size).abs() > 0.12 * self.size.max(line.size) {
            return false;
        }
        let text = line.text();
        let is_new_item = is_item(&text) || next.kind() == BlockKind::Note;
        if next.line.region != self.region {
            return !is_new_item && self.goes_on_over_a_gap(&text, next);
        }
        if self.tag.block != 0 && next.tag.block != 0 {
            return self.tag.block == next.tag.block;
        }
        let gap = line.top() - self.bottom;
        let usual = self.pitch.unwrap_or(0.45 * self.size);
        let is_near = gap < usual + 0.3 * self.size && gap < 1.1 * self.size;
        let is_indented = line.x0 > self.x0 + 0.8 * self.size && self.lines.len() > 1;
        let ends = self.ends_sentence();
        let is_changed = line.is_bold() != self.is_bold && (ends || !self.is_full);
        let is_broken_off = !self.is_full && ends;
        let is_item = self.kind == BlockKind::ListItem;
        is_near && !is_new_item && !is_changed && !is_broken_off && (is_item || !is_indented)
    }

    /// Whether it goes on in the next column or on the next page.
    fn goes_on_over_a_gap(&self, text: &str, next: &Next<'_>) -> bool {
        let is_next_page = next.line.page <= self.page + 1;
        let is_lower =
            text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_uppercase());
        let is_same = self.tag.block != 0 && self.tag.block == next.tag.block;
        let is_text =
            matches!(self.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Note);
        is_next_page && is_text && (is_same || !self.ends_sentence() && (is_lower || self.is_full))
    }

    fn ends_sentence(&self) -> bool {
        let text = self.lines.last().map_or("", |(_, text)| text.as_str());
        let text =
            text.trim_end_matches(|c: char| "”\"’')]».0123456789,- ".contains(c) && c != '.');
        text.ends_with(['.', '!', '?', ':', ';'])
    }

    fn add(&mut self, next: &Next<'_>) {
        let line = &next.line.line;
        if next.line.region == self.region {
            let gap = line.top() - self.bottom;
            self.pitch = Some(self.pitch.map_or(gap, |pitch| pitch.min(gap)));
        }
        self.lines.push((next.line.page, line.text()));
        (self.region, self.page) = (next.line.region, next.line.page);
        (self.bottom, self.x0) = (line.bottom(), line.x0);
        (self.is_bold, self.is_full) = (line.is_bold(), next.line.is_full());
    }

    fn piece(self) -> Piece {
        Piece::Block(self.kind, self.lines)
    }
}

/// Whether a line begins with a bullet, or with a letter or number as an item of a list does.
fn is_item(text: &str) -> bool {
    const BULLETS: &str = "•▪▫■□●○◦‣⁃∙·➢➤✓✔–—\u{f0b7}\u{f0a7}\u{f076}";
    let mut words = text.split_whitespace();
    let (Some(first), Some(_)) = (words.next(), words.next()) else { return false };
    let mut letters = first.chars();
    let is_bullet = letters.next().is_some_and(|c| BULLETS.contains(c));
    if is_bullet {
        return true;
    }
    let inner = first.strip_prefix('(').unwrap_or(first);
    let Some(inner) = inner.strip_suffix(')') else { return false };
    inner.len() <= 4
        && !inner.is_empty()
        && inner.chars().all(|c| c.is_ascii_alphanumeric())
        && (inner.len() == 1 || inner.chars().all(|c| c.is_ascii_digit() || "ivx".contains(c)))
}

/// How far apart cells of a row stand, in sizes of their letters.
const CELL_GAP: f32 = 1.6;

/// How many lines from the first on are a table: at least two with cells side by side. A line with one
/// cell belongs to it where it stands under a cell of the line before.
fn table(flow: &[FlowLine], headings: &Headings, index: usize) -> usize {
    let Some(first) = flow.first() else { return 0 };
    let (mut count, mut wide) = (0, 0);
    for (offset, line) in flow.iter().enumerate() {
        let cells = line.line.chunks(CELL_GAP * line.line.size).len();
        let is_heading = headings.at.contains_key(&(index + offset));
        if line.region != first.region
            || is_heading
            || (cells < 2 && (offset == 0 || !is_under(&flow[offset - 1], line)))
        {
            break;
        }
        wide += usize::from(cells > 1);
        if cells > 1 {
            count = offset + 1;
        }
    }
    if wide >= 2 { count } else { 0 }
}

/// Whether a line with one cell stands close under the line before and to the right of its beginning,
/// or is as short as a cell.
fn is_under(before: &FlowLine, line: &FlowLine) -> bool {
    let gap = line.line.top() - before.line.bottom();
    let is_short = line.line.x1 - line.line.x0 < 0.6 * (line.x1 - line.x0);
    gap < 1.2 * line.line.size && (line.line.x0 > before.line.x0 + line.line.size || is_short)
}

/// The rows of a table. A line that begins to the right of the first cell goes on with the cells above.
fn table_rows(lines: &[FlowLine], pieces: &mut Vec<Piece>) {
    let left = lines.iter().map(|line| line.line.x0).fold(f32::MAX, f32::min);
    let mut row: Option<(usize, Vec<(f32, String)>)> = None;
    let mut is_first = true;
    let mut end = |row: Option<(usize, Vec<(f32, String)>)>, pieces: &mut Vec<Piece>| {
        if let Some((page, cells)) = row {
            let cells = cells.into_iter().map(|(_, text)| text).collect();
            pieces.push(Piece::Row(page, cells, !std::mem::take(&mut is_first)));
        }
    };
    for line in lines {
        let chunks = line.line.chunks(CELL_GAP * line.line.size);
        let cells: Vec<(f32, String)> =
            chunks.iter().map(|words| (edge(words), text(words))).collect();
        let begins = line.line.x0 <= left + line.line.size;
        match &mut row {
            Some((_, open)) if !begins => {
                for (x0, text) in cells {
                    let near = open
                        .iter_mut()
                        .min_by(|a, b| (a.0 - x0).abs().total_cmp(&(b.0 - x0).abs()));
                    if let Some((_, cell)) = near {
                        cell.push(' ');
                        cell.push_str(&text);
                    }
                }
            }
            _ => {
                end(row.take(), pieces);
                row = Some((line.page, cells));
            }
        }
    }
    end(row, pieces);
}

fn edge(words: &[Word]) -> f32 {
    words.iter().map(|word| word.x0).fold(f32::MAX, f32::min)
}
