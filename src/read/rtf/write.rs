//! Writes the paragraphs and rows that were read, each piece with its place in the source.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::read::builder::DocumentBuilder;
use crate::read::flow::Role;

/// A heading longer than this (characters) is a paragraph that was styled as one.
const LONGEST_HEADING: usize = 250;

/// A piece of text: what it is, and what it came from.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Bytes of the texts that are not in the source; `None` where the source has it as it is.
    pub made: Option<Range<usize>>,
    /// Bytes of the source.
    pub source: Range<usize>,
    /// The note whose mark stands here, by its number: there is no text then.
    pub note: Option<usize>,
}

/// The pieces of a paragraph.
pub type Pieces = Vec<Piece>;

/// A paragraph or a row of a table, and the notes that it refers to.
#[derive(Clone, Debug)]
pub struct Block {
    pub content: Content,
    pub notes: Vec<usize>,
}

/// What a block holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A paragraph.
    Paragraph(Role, Pieces),
    /// The cells of a row.
    Row(Vec<Pieces>),
}

/// Everything that was read.
pub struct Writer<'a> {
    pub source: &'a str,
    pub builder: DocumentBuilder<'a>,
    /// The texts that are not in the source, one after the other.
    pub made: String,
    /// The notes that have not been written.
    pub notes: Vec<Pieces>,
    pub pending: Vec<usize>,
    pub last: Option<BlockKind>,
    pub last_role: Option<Role>,
}

impl Writer<'_> {
    /// Writes blocks. `title`: what the document says its title is; a paragraph that is styled as one
    /// counts more.
    pub fn write(mut self, blocks: Vec<Block>, title: Option<String>) -> Document {
        let level = |block: &Block| match &block.content {
            Content::Paragraph(Role::Heading(level), _) => Some(*level),
            _ => None,
        };
        let is_title = |block: &Block| matches!(&block.content, Content::Paragraph(Role::Title, _));
        let first = blocks.first().and_then(level);
        let is_only = |first: u8| {
            blocks.iter().filter_map(level).filter(|&level| level <= first).count() == 1
        };
        let mut own = blocks.iter().position(is_title);
        if own.is_none() && title.is_none() && first.is_some_and(is_only) {
            own = Some(0);
        }
        if let (None, Some(title)) = (own, title) {
            self.builder.title(&title, None);
        }
        if blocks.is_empty() && self.pending.is_empty() {
            self.builder.warn("there is no text in it", None);
        }
        let rows: Vec<bool> =
            blocks.iter().map(|block| matches!(block.content, Content::Row(_))).collect();
        let is_row = |place: Option<usize>| {
            place.and_then(|place| rows.get(place)).copied().unwrap_or(false)
        };
        // Notes of a text without paragraphs stand at its end.
        let rest = std::mem::take(&mut self.pending);
        for (place, block) in blocks.into_iter().enumerate() {
            match &block.content {
                Content::Paragraph(_, pieces) if own == Some(place) => {
                    let line = line(pieces);
                    let text = self.text(pieces);
                    self.builder.title(&text, line);
                    self.last = None;
                }
                Content::Paragraph(role, pieces) => self.paragraph(*role, pieces),
                // A table of a single cell is a frame around text.
                Content::Row(cells)
                    if cells.len() == 1
                        && !is_row(place.checked_sub(1))
                        && !is_row(place.checked_add(1)) =>
                {
                    self.begin(BlockKind::Paragraph, false);
                    cells.iter().for_each(|cell| self.push(cell));
                }
                Content::Row(cells) => self.row(cells),
            }
            self.pending.extend(block.notes);
        }
        self.pending.extend(rest);
        self.write_notes();
        self.builder.finish()
    }

    fn text(&self, pieces: &Pieces) -> String {
        pieces.iter().map(|piece| self.piece(piece)).collect()
    }

    fn piece(&self, piece: &Piece) -> &str {
        let text = match &piece.made {
            Some(made) => self.made.get(made.clone()),
            None => self.source.get(piece.source.clone()),
        };
        text.unwrap_or_default()
    }

    fn paragraph(&mut self, role: Role, pieces: &Pieces) {
        let (kind, is_next) = match role {
            Role::Title => return self.heading(1, pieces),
            Role::Heading(level) => return self.heading(level, pieces),
            Role::Paragraph => (BlockKind::Paragraph, false),
            Role::Quotation => (BlockKind::Quotation, false),
            Role::Item(_) => (BlockKind::ListItem, self.last_role == Some(role)),
            Role::Code => (BlockKind::Code, false),
        };
        if role == Role::Code && self.last_role == Some(Role::Code) && self.pending.is_empty() {
            self.builder.push_made("\n");
            return self.push(pieces);
        }
        self.begin(kind, is_next);
        self.last_role = Some(role);
        self.push(pieces);
    }

    fn begin(&mut self, kind: BlockKind, is_next: bool) {
        if !is_next {
            self.write_notes();
        }
        self.builder.begin(kind, is_next);
        self.last = Some(kind);
        self.last_role = None;
    }

    fn heading(&mut self, level: u8, pieces: &Pieces) {
        let text = self.text(pieces);
        let Some(line) = line(pieces) else { return };
        if text.chars().nth(LONGEST_HEADING).is_some() {
            self.begin(BlockKind::Paragraph, false);
            return self.push(pieces);
        }
        self.write_notes();
        self.builder.heading(level, &text, line);
        self.last = None;
        self.last_role = None;
    }

    fn row(&mut self, cells: &[Pieces]) {
        self.begin(BlockKind::TableRow, self.last == Some(BlockKind::TableRow));
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.builder.push_made("\t");
            }
            self.push(cell);
        }
    }

    fn push(&mut self, pieces: &Pieces) {
        for piece in pieces {
            if let Some(number) = piece.note {
                self.builder.note_mark(&number.to_string(), 0);
                continue;
            }
            let text = match &piece.made {
                Some(made) => self.made.get(made.clone()),
                None => self.source.get(piece.source.clone()),
            };
            self.builder.push(text.unwrap_or_default(), piece.source.clone());
        }
    }

    fn write_notes(&mut self) {
        for number in std::mem::take(&mut self.pending) {
            let Some(pieces) = self.notes.get_mut(number).map(std::mem::take) else { continue };
            self.builder.note(&number.to_string());
            self.builder.begin(BlockKind::Note, false);
            self.push(&pieces);
            self.last = None;
            self.last_role = None;
        }
        self.builder.end();
    }
}

/// The source of a heading.
fn line(pieces: &Pieces) -> Option<Range<usize>> {
    let start = pieces.iter().map(|piece| piece.source.start).min()?;
    let end = pieces.iter().map(|piece| piece.source.end).max()?;
    Some(start..end)
}
