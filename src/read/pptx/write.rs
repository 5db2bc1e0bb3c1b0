//! Writes slides into a document.

use super::slide::{Block, Bullet, Kind, Shape, Slide};
use crate::document::{BlockKind, Document};
use crate::read::builder::{DocumentBuilder, collapse};
use crate::read::numbers::Ordered;
use crate::read::opc::{Properties, Relations};

/// How many link targets are kept.
const MOST_LINKS: usize = 1000;

/// The numbers of the paragraphs of a shape, by their levels.
#[derive(Default)]
struct Numbers(Vec<Option<(Bullet, Ordered)>>);

impl Numbers {
    /// Counts a paragraph; gives its label. Numbers of another kind begin anew, and so do those of a deeper level after
    /// each paragraph.
    fn count(&mut self, level: usize, bullet: &Bullet) -> Option<String> {
        self.0.resize(level + 1, None);
        let list = self.0.last_mut()?;
        let Bullet::Number(pattern, first) = bullet else {
            *list = None;
            return None;
        };
        if list.as_ref().is_none_or(|(known, _)| known != bullet) {
            *list = Some((bullet.clone(), Ordered::new(pattern.clone(), *first)));
        }
        list.as_mut().map(|(_, numbers)| numbers.count())
    }
}

/// Writes slides.
pub struct Writer {
    pub builder: DocumentBuilder<'static>,
    links: usize,
    /// The title of the first slide that has one.
    first_title: Option<String>,
    has_headings: bool,
}

impl Writer {
    /// A writer of no slides.
    pub fn new(builder: DocumentBuilder<'static>) -> Writer {
        Writer { builder, links: 0, first_title: None, has_headings: false }
    }

    /// The finished document.
    pub fn finish(mut self, title: Option<&str>) -> Document {
        let title = title.map(str::to_owned).or(self.first_title.take());
        if let Some(title) = title {
            self.builder.title(&title, None);
        }
        self.builder.finish()
    }

    /// Keeps the targets of links.
    pub fn links(&mut self, ids: &[String], relations: &Relations) {
        let targets = ids.iter().filter_map(|id| relations.get(id));
        for target in targets.filter(|target| target.is_external) {
            if self.links < MOST_LINKS {
                self.links += 1;
                self.builder.metadata("links", &target.target);
            }
        }
    }

    /// Writes a slide whose shapes are in the order of reading.
    pub fn slide(&mut self, page: usize, part: &str, slide: Slide, properties: &Properties) {
        self.builder.page(page, None);
        self.builder.part(part);
        let (titles, shapes): (Vec<Shape>, Vec<Shape>) =
            slide.shapes.into_iter().partition(|shape| shape.kind == Kind::Title);
        self.title(page, &titles, !shapes.is_empty(), properties);
        shapes.iter().for_each(|shape| self.shape(shape));
        self.builder.end();
    }

    fn title(&mut self, page: usize, titles: &[Shape], has_text: bool, properties: &Properties) {
        let blocks = titles.iter().flat_map(|shape| &shape.blocks);
        let texts: Vec<(&str, usize)> = blocks
            .filter_map(|block| match block {
                Block::Text { text, ordinal, .. } => Some((text.as_str(), *ordinal)),
                Block::Row(..) => None,
            })
            .collect();
        let title = collapse(&texts.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(" "));
        if title.is_empty() {
            // Without a heading, its text would stand under that of the slide before.
            if self.has_headings && has_text {
                self.builder.add_heading(1, &format!("Slide {page}"));
            }
            return;
        }
        self.builder.paragraph(texts.first().map_or(1, |(_, ordinal)| *ordinal));
        let is_first = self.first_title.is_none();
        let is_same = properties.title.as_deref().is_none_or(|known| collapse(known) == title);
        if is_first {
            self.first_title = Some(title.clone());
        }
        if is_first && is_same && !self.has_headings {
            self.builder.add_title(&title);
            return;
        }
        self.has_headings = true;
        self.builder.add_heading(1, &title);
    }

    fn shape(&mut self, shape: &Shape) {
        let rows = shape.blocks.iter().filter(|block| matches!(block, Block::Row(..))).count();
        let mut last = None;
        let mut numbers = Numbers::default();
        for block in &shape.blocks {
            let (kind, ordinal) = match block {
                Block::Row(cells, ordinal) if rows == 1 && cells.len() == 1 => {
                    (BlockKind::Paragraph, *ordinal)
                }
                Block::Row(_, ordinal) => (BlockKind::TableRow, *ordinal),
                Block::Text { level, bullet, ordinal, .. }
                    if *shape.bullet(*level, bullet) != Bullet::None =>
                {
                    (BlockKind::ListItem, *ordinal)
                }
                Block::Text { ordinal, .. } => (BlockKind::Paragraph, *ordinal),
            };
            let is_next = last == Some(kind) && kind != BlockKind::Paragraph;
            self.builder.begin(kind, is_next);
            if ordinal > 0 {
                self.builder.paragraph(ordinal);
            }
            match block {
                Block::Text { text, level, bullet, .. } => {
                    let label = numbers.count(*level, shape.bullet(*level, bullet));
                    self.builder.label(1, &label.unwrap_or_default(), None);
                    self.builder.add(text);
                }
                Block::Row(cells, _) => self.row(cells),
            }
            last = Some(kind);
        }
    }

    fn row(&mut self, cells: &[String]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.builder.push_made("\t");
            }
            self.builder.add(&cell.replace('\t', " "));
        }
    }

    /// Writes the speaker's notes to the slide that was written last.
    pub fn notes(&mut self, part: &str, slide: Slide) {
        let bodies = slide.shapes.iter().filter(|shape| shape.kind == Kind::Body);
        let texts = bodies.flat_map(|shape| &shape.blocks);
        self.builder.begin(BlockKind::Note, false);
        self.builder.part(part);
        let mut separator = "";
        for block in texts {
            if let Block::Text { text, ordinal, .. } = block {
                self.builder.push_made(separator);
                self.builder.paragraph(*ordinal);
                self.builder.add(text.trim());
                separator = "\n";
            }
        }
        self.builder.end();
    }
}
