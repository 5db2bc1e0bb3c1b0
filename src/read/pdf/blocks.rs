//! Lines to blocks: paragraphs, items of lists, notes; and paragraphs that go on in the next column.

use super::lines::Line;
use super::regions::Region;
use super::structure::{Role, Tag, Tags};
use super::tables;
use super::words::Word;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Title,
    Heading(u8),
    Paragraph,
    Item,
    Row,
    Note,
    Quotation,
}

/// A line of a block, or a cell of a row (then `is_cell`).
#[derive(Clone, Debug)]
pub struct Piece {
    pub page: usize,
    pub text: String,
    pub is_cell: bool,
}

/// A block of text.
#[derive(Clone, Debug)]
pub struct Block {
    pub kind: Kind,
    pub pieces: Vec<Piece>,
    /// Continues the list or table before it.
    pub tight: bool,
    pub size: f32,
    pub bold: bool,
    pub italic: bool,
    /// Its paragraph in the structure tree.
    pub tag: Tag,
    /// Its last line runs to the end of the column, and so it may go on.
    pub is_full: bool,
    /// How far down the page its last line stands, as a part of the page's height.
    pub depth: f32,
    /// The last line, and the left edge of the first.
    pub y: f32,
    pub x0: f32,
    /// Text of the page's own direction; labels along an axis are not.
    pub is_upright: bool,
}

impl Block {
    pub fn text(&self) -> String {
        let pieces: Vec<&str> = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        pieces.join(" ")
    }

    pub fn page(&self) -> usize {
        self.pieces.first().map_or(0, |piece| piece.page)
    }
}

/// What all pages of a document have in common.
pub struct Setting<'t> {
    pub tags: &'t Tags,
    /// The size of running text.
    pub body: f32,
    pub height: f32,
}

/// The blocks of a region of a page.
pub fn blocks(
    region: &Region,
    page: usize,
    is_upright: bool,
    setting: &Setting<'_>,
    rules: &[super::content::Rule],
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let tag = |line: &Line| tag_of(line, page, setting.tags);
    let cell = |word: &Word| {
        let tag = word.mcid.and_then(|mcid| setting.tags.get(&(page, mcid)));
        tag.map_or((0, 0), |tag| (tag.row, tag.cell))
    };
    for part in tables::parts(&region.lines, rules, tag, cell) {
        match part {
            tables::Part::Lines(lines) => {
                let mut text = Text::new(region, page, is_upright, setting, lines);
                text.run(lines);
                blocks.append(&mut text.blocks);
            }
            tables::Part::Table(rows) => {
                for (index, row) in rows.into_iter().enumerate() {
                    blocks.push(row_block(row, index > 0, page, is_upright, setting));
                }
            }
        }
    }
    blocks
}

fn row_block(
    row: tables::Row,
    tight: bool,
    page: usize,
    is_upright: bool,
    setting: &Setting<'_>,
) -> Block {
    let pieces = row.cells.into_iter().flat_map(|cell| {
        let pieces = cell.into_iter().enumerate();
        pieces.map(move |(index, text)| Piece { page, text, is_cell: index == 0 })
    });
    Block {
        kind: Kind::Row,
        pieces: pieces.collect(),
        tight,
        size: setting.body,
        bold: false,
        italic: false,
        tag: Tag::default(),
        is_full: false,
        depth: row.y / setting.height.max(1.0),
        y: row.y,
        x0: 0.0,
        is_upright,
    }
}

/// What the structure tree says of a line: what it says of its first tagged word.
fn tag_of(line: &Line, page: usize, tags: &Tags) -> Tag {
    if tags.is_empty() {
        return Tag::default();
    }
    let mut tagged = line.words.iter().filter_map(|word| tags.get(&(page, word.mcid?)));
    tagged.find(|tag| tag.block > 0).copied().unwrap_or_default()
}

struct Text<'r, 's> {
    region: &'r Region,
    page: usize,
    is_upright: bool,
    setting: &'s Setting<'s>,
    /// The usual distance of base lines.
    pitch: f32,
    blocks: Vec<Block>,
}

impl<'r, 's> Text<'r, 's> {
    fn new(
        region: &'r Region,
        page: usize,
        is_upright: bool,
        setting: &'s Setting<'s>,
        lines: &[Line],
    ) -> Self {
        let mut pitches: Vec<f32> = lines
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if (a.size - b.size).abs() < 0.3 => Some((b.y - a.y) / b.size.max(1.0)),
                _ => None,
            })
            .filter(|pitch| (0.8..2.2).contains(pitch))
            .collect();
        pitches.sort_by(f32::total_cmp);
        // The lower third: distances within paragraphs, not between them.
        let pitch = pitches.get(pitches.len() / 3).copied().unwrap_or(1.25);
        Text { region, page, is_upright, setting, pitch, blocks: Vec::new() }
    }

    fn run(&mut self, lines: &[Line]) {
        let mut previous: Option<&Line> = None;
        for line in lines {
            let tag = tag_of(line, self.page, self.setting.tags);
            let text = line.text();
            let is_next =
                previous.is_some_and(|previous| self.continues(previous, line, &text, tag));
            match self.blocks.last_mut().filter(|_| is_next) {
                Some(block) => {
                    block.pieces.push(Piece { page: self.page, text, is_cell: false });
                    block.bold &= line.is_bold();
                    block.italic &= line.is_italic();
                }
                None => self.begin(line, text, tag),
            }
            let (right, height) = (self.region.x1, self.setting.height.max(1.0));
            if let Some(block) = self.blocks.last_mut() {
                block.is_full = line.x1 > right - 4.0 * line.size;
                block.y = line.y;
                block.depth = line.y / height;
            }
            previous = Some(line);
        }
    }

    fn begin(&mut self, line: &Line, text: String, tag: Tag) {
        let is_item = item_marker(&text).is_some() || line.is_numbered();
        let kind = match tag.role {
            Role::Heading(level) => Kind::Heading(level),
            Role::Item => Kind::Item,
            Role::Note => Kind::Note,
            Role::Quotation => Kind::Quotation,
            Role::Text if self.is_note(line, &text) => Kind::Note,
            Role::Text if is_item => Kind::Item,
            Role::Text => Kind::Paragraph,
        };
        let tight =
            kind == Kind::Item && self.blocks.last().is_some_and(|block| block.kind == Kind::Item);
        self.blocks.push(Block {
            kind,
            pieces: vec![Piece { page: self.page, text, is_cell: false }],
            tight,
            size: line.size,
            bold: line.is_bold(),
            italic: line.is_italic(),
            tag,
            is_full: false,
            depth: 0.0,
            y: line.y,
            x0: line.x0,
            is_upright: self.is_upright,
        });
    }

    /// A line smaller than the text that begins with a mark, in the lower part of the page, or with
    /// the dagger that notes to tables have.
    fn is_note(&self, line: &Line, text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or_default();
        let is_small = line.size < 0.93 * self.setting.body;
        let is_sign =
            text.starts_with(['†', '‡', '*', '§', '¹', '²', '³']) && !text.starts_with("**");
        let digits = first.chars().take_while(char::is_ascii_digit).count();
        let is_number = (1..=3).contains(&digits)
            && line.y > 0.4 * self.setting.height
            && text.chars().nth(digits).is_some_and(|c| c == ' ' || c.is_alphabetic())
            && line
                .words
                .first()
                .is_some_and(|word| word.size < 0.9 * line.size || line.words.len() > 3);
        is_small && (is_sign || is_number)
    }

    /// Whether a line goes on with the block of the line before it.
    fn continues(&self, previous: &Line, line: &Line, text: &str, tag: Tag) -> bool {
        let Some(block) = self.blocks.last() else { return false };
        let distance = line.y - previous.y;
        if distance > 3.0 * line.size.max(previous.size) || distance <= 0.0 {
            return false;
        }
        if tag.block > 0 && block.tag.block > 0 {
            // What the tree names one paragraph is one, but for lists that it does not know.
            return tag.block == block.tag.block
                && !(tag.role == Role::Text && item_marker(text).is_some_and(is_bullet));
        }
        if let (Some(before), Some(own)) = (paragraph(previous), paragraph(line)) {
            // Boxes of letters waver by more than the white between paragraphs.
            let in_list = block.kind == Kind::Item || ends_sentence(&previous.text());
            return before == own && !(in_list && item_marker(text).is_some());
        }
        let is_like = (line.size - block.size).abs() < 0.08 * block.size
            && line.is_bold() == block.bold_of(previous)
            && (line.is_italic() == previous.is_italic() || !self.is_short(previous));
        let size = line.size.max(previous.size);
        // Headings over several lines are set as wide as they like.
        let pitch = match line.size > 1.12 * self.setting.body {
            true => self.pitch.max(1.25),
            false => self.pitch,
        };
        let is_near = distance < (pitch * 1.22).max(1.0) * size + 0.5;
        let is_large = line.size > 1.12 * self.setting.body && item_marker(text).is_none();
        is_like && is_near && (is_large || !self.begins(previous, line, text, block))
    }

    /// A line that ends well before the column does.
    fn is_short(&self, line: &Line) -> bool {
        line.x1 < self.region.x1 - 0.15 * (self.region.x1 - self.region.x0)
    }

    /// Whether a line near the one before it begins something of its own all the same.
    fn begins(&self, previous: &Line, line: &Line, text: &str, block: &Block) -> bool {
        let ends = ends_sentence(&previous.text());
        if let Some(marker) = item_marker(text) {
            let in_list = block.kind == Kind::Item;
            let is_out = line.x0 < previous.x0 - 0.5 * line.size;
            if is_bullet(marker) || is_out || ends || in_list && self.is_short(previous) {
                return true;
            }
        }
        if line.is_numbered() && line.x0 <= block.x0 + line.size {
            return true;
        }
        if block.kind == Kind::Note && self.is_note(line, text) {
            return true;
        }
        let indent = line.x0 - previous.x0;
        let is_first_line = block.pieces.len() == 1;
        match block.kind {
            // What hangs under a marker belongs to it; what comes back out does not.
            Kind::Item => {
                let is_out = line.x0 < block.x0 - 0.5 * line.size;
                indent < -0.5 * line.size && (is_out || !is_first_line)
            }
            _ => {
                let is_indented = indent > 0.8 * line.size
                    && indent < 6.0 * line.size
                    && (ends || !self.is_short(previous))
                    && line.x0 > self.region.x0 + 0.8 * line.size
                    && !is_first_line;
                // Nothing breaks a line so early but the end of a paragraph.
                let has_room = self.region.x1 - previous.x1
                    > line.words.first().map_or(0.0, |word| word.x1 - word.x0) + line.size;
                is_indented || ends && has_room && self.is_short(previous)
            }
        }
    }
}

/// The paragraph that whoever recognized a line has put it into.
fn paragraph(line: &Line) -> Option<u32> {
    line.words.first()?.paragraph
}

impl Block {
    fn bold_of(&self, previous: &Line) -> bool {
        self.bold && previous.is_bold()
    }
}

/// Whether a text ends as a sentence does; references in parentheses may follow its stop.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        matches!(c, ')' | ']' | '"' | '”' | '’' | '»')
            || c.is_whitespace()
            || c.is_numeric()
            || matches!(c, '(' | '[' | ',')
    });
    text.ends_with(['.', '!', '?', ':', ';', '。', '؟', '۔', '।'])
}

/// The marker of a list's item at the start of a text.
pub fn item_marker(text: &str) -> Option<&str> {
    let first = text.split_whitespace().next()?;
    let rest = text.get(first.len()..)?.trim_start();
    if is_bullet(first) {
        return (!rest.is_empty() && rest.chars().any(char::is_alphanumeric)).then_some(first);
    }
    let inside = first.strip_prefix('(').unwrap_or(first);
    let inside = inside.strip_suffix(')').or_else(|| inside.strip_suffix('.'))?;
    let is_number = inside.len() <= 3 && inside.chars().all(|c| c.is_ascii_digit());
    let is_letter = inside.len() == 1 && inside.chars().all(|c| c.is_ascii_lowercase());
    let is_roman = inside.len() <= 5 && inside.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let is_marker = !inside.is_empty() && (is_number || is_letter || is_roman);
    (is_marker
        && rest
            .chars()
            .next()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '“' | '"' | '‘' | '('))
        && !rest.starts_with(|c: char| c.is_ascii_digit()))
    .then_some(first)
}

fn is_bullet(marker: &str) -> bool {
    let mut signs = marker.chars();
    let is_sign = |c: char| {
        matches!(
            c,
            '•' | '●'
                | '○'
                | '◦'
                | '▪'
                | '▫'
                | '■'
                | '□'
                | '◆'
                | '◇'
                | '‣'
                | '⁃'
                | '∙'
                | '·'
                | '►'
                | '▶'
                | '▸'
                | '➢'
                | '➤'
                | '»'
                | '›'
                | '→'
                | '❖'
                | '✓'
                | '✔'
                | '–'
                | '—'
                | '-'
                | '*'
        )
    };
    matches!((signs.next(), signs.next()), (Some(sign), None) if is_sign(sign))
}

/// Joins paragraphs that a column or page divides. Notes between the two go before the first half, so
/// that pages stay in order.
pub fn join(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        let before = joined.iter().rposition(|block| block.kind != Kind::Note);
        let head = before.and_then(|index| joined.get(index)).filter(|head| goes_on(head, &block));
        let (Some(index), true) = (before, head.is_some()) else {
            joined.push(block);
            continue;
        };
        let mut head = joined.remove(index);
        head.pieces.extend(block.pieces);
        (head.is_full, head.depth, head.y) = (block.is_full, block.depth, block.y);
        joined.push(head);
    }
    joined
}

/// Whether a block is the second half of another.
fn goes_on(head: &Block, tail: &Block) -> bool {
    let is_text = matches!(head.kind, Kind::Paragraph | Kind::Item | Kind::Quotation)
        && tail.kind == Kind::Paragraph;
    let is_same = (head.size - tail.size).abs() < 0.06 * head.size && head.bold == tail.bold;
    let last = head.pieces.last().map(|piece| piece.page).unwrap_or_default();
    if head.tag.block > 0 && tail.tag.block > 0 {
        return head.tag.block == tail.tag.block
            && matches!(head.kind, Kind::Paragraph | Kind::Item | Kind::Note)
            && (tail.kind == head.kind)
            && tail.page() <= last + 1;
    }
    if !is_text || !is_same || tail.page() > last + 1 || !head.is_upright || !tail.is_upright {
        return false;
    }
    // In one column, what stands apart is apart.
    let is_elsewhere = tail.page() > last || tail.y < head.y;
    let text = head.text();
    if !is_elsewhere && (!head.is_full || ends_sentence(&text)) {
        return false;
    }
    let first = tail.pieces.first().map(|piece| piece.text.as_str()).unwrap_or_default();
    let is_broken = text.ends_with(['-', '\u{ad}', ',']) && text.len() > 2;
    let is_lower = first.trim_start_matches(['“', '"', '(', '‘']).starts_with(char::is_lowercase);
    let is_long = head.pieces.len() > 1 || text.split_whitespace().count() > 6;
    !ends_sentence(&text) && is_long && (is_broken || is_lower || head.is_full)
}
