//! A slide, layout or master as shapes with text.

use crate::read::drawing::Drawing;
use crate::read::equation::Equation;
use crate::read::languages::Languages;
use crate::read::numbers::{Numerals, Pattern};
use crate::read::raised::{LEAST_PERCENT, raised};
use crate::read::xml::{Tag, Token, Xml};

/// Levels of text.
const LEVELS: usize = 9;

/// What stands before a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bullet {
    /// Nothing: it is no item.
    None,
    /// A sign or a picture.
    Sign,
    /// The number of the first item, and how it is printed.
    Number(Pattern, i64),
}

/// What stands before paragraphs of each level, where it is said.
pub type Bullets = [Option<Bullet>; LEVELS];

/// What a shape is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The title of the slide.
    Title,
    /// The text of the slide.
    Body,
    /// Number, date, header and footer of the slide.
    Margin,
    /// Anything else.
    #[default]
    Other,
}

/// A paragraph or a row of a table.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Text {
        /// Its text.
        text: String,
        /// Its level, from 0 on.
        level: usize,
        /// Its bullet or number, where it is said.
        bullet: Option<Bullet>,
        /// Its ordinal in the part.
        ordinal: usize,
    },
    /// The cells of a row, and the ordinal of its first paragraph.
    Row(Vec<String>, usize),
}

/// Where a shape stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub left: i64,
    pub top: i64,
    pub right: i64,
    pub bottom: i64,
}

/// A shape or a group of shapes.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub kind: Kind,
    /// What ties a placeholder to that of the layout: type and index.
    placeholder: Option<(String, String)>,
    pub frame: Option<Frame>,
    offset: Option<(i64, i64)>,
    bullets: Bullets,
    pub blocks: Vec<Block>,
    /// Relationships to parts whose text stands here.
    pub parts: Vec<String>,
}

/// A slide, layout or master.
#[derive(Default)]
pub struct Slide {
    pub shapes: Vec<Shape>,
    /// The bullets of body text, on a master.
    body: Bullets,
    /// Relationships to the targets of links.
    pub links: Vec<String>,
    /// Why reading ended before the end, if it did.
    pub fault: Option<String>,
}

impl Slide {
    /// Reads a part.
    pub fn parse(text: &str, languages: &mut Languages) -> Slide {
        let mut xml = Xml::new(text);
        let mut parser = Parser::default();
        while let Some(token) = xml.token() {
            match token {
                Token::Open(tag) => parser.open(&tag, &mut xml, languages),
                Token::Close(end) => parser.close(end.name()),
                Token::Text(_) => {}
            }
        }
        parser.slide.shapes.extend(parser.shape);
        parser.slide.fault = xml.fault().map(str::to_owned);
        parser.slide
    }

    /// Completes the placeholders by those of the layout, and these by the master.
    pub fn inherit(&mut self, layout: &Slide, master: &Slide) {
        let is_designed = !layout.shapes.is_empty() || !master.shapes.is_empty();
        for shape in &mut self.shapes {
            let Some(placeholder) = shape.placeholder.clone() else { continue };
            let found = [layout.placeholder(&placeholder), master.of_type(&placeholder.0)];
            for inherited in found.into_iter().flatten() {
                shape.frame = shape.frame.or(inherited.frame);
                merge(&mut shape.bullets, &inherited.bullets);
            }
            if shape.kind == Kind::Body {
                merge(&mut shape.bullets, &master.body);
                if !is_designed {
                    merge(&mut shape.bullets, &[const { Some(Bullet::Sign) }; LEVELS]);
                }
            }
        }
    }

    fn placeholder(&self, (kind, index): &(String, String)) -> Option<&Shape> {
        let tied = |shape: &&Shape| {
            shape.placeholder.as_ref().is_some_and(|(_, own)| own == index && !index.is_empty())
        };
        self.shapes.iter().find(tied).or_else(|| self.of_type(kind))
    }

    fn of_type(&self, kind: &str) -> Option<&Shape> {
        let simple = |kind: &str| match kind {
            "ctrTitle" => "title".to_owned(),
            "obj" | "subTitle" => "body".to_owned(),
            kind => kind.to_owned(),
        };
        let is_alike = |shape: &&Shape| {
            shape.placeholder.as_ref().is_some_and(|(own, _)| simple(own) == simple(kind))
        };
        self.shapes.iter().find(is_alike)
    }
}

fn merge(own: &mut Bullets, inherited: &Bullets) {
    for (own, inherited) in own.iter_mut().zip(inherited) {
        *own = own.take().or_else(|| inherited.clone());
    }
}

impl Bullet {
    /// Numbers of this type (ECMA-376, part 1, 20.1.10.61). Those of other scripts are signs.
    fn numbered(tag: &Tag<'_>) -> Bullet {
        let kind = tag.attribute("type").unwrap_or_default();
        const NUMERALS: [(&str, Numerals); 5] = [
            ("arabic", Numerals::Decimal),
            ("alphaLc", Numerals::LowerDoubled),
            ("alphaUc", Numerals::UpperDoubled),
            ("romanLc", Numerals::LowerRoman),
            ("romanUc", Numerals::UpperRoman),
        ];
        let known = NUMERALS.iter().find_map(|(name, it)| Some((*it, kind.strip_prefix(name)?)));
        let (before, numerals, after) = match known {
            Some((numerals, "Period")) => ("", numerals, "."),
            Some((numerals, "ParenR")) => ("", numerals, ")"),
            Some((numerals, "ParenBoth")) => ("(", numerals, ")"),
            Some((numerals, "Plain")) => ("", numerals, ""),
            _ => return Bullet::Sign,
        };
        let first = tag.attribute("startAt").and_then(|first| first.trim().parse().ok());
        Bullet::Number(Pattern::new(before, numerals, after), first.unwrap_or(1))
    }
}

impl Shape {
    /// What stands before a paragraph of this shape, whose own bullet is this.
    pub fn bullet<'s>(&'s self, level: usize, own: &'s Option<Bullet>) -> &'s Bullet {
        let usual = || self.bullets.get(level)?.as_ref();
        own.as_ref().or_else(usual).unwrap_or(&Bullet::None)
    }

    /// Adds the text of a diagram as a list, the data of a chart as a table.
    pub fn add_drawing(&mut self, drawing: Drawing) {
        let bullet = if drawing.rows.is_empty() { Bullet::Sign } else { Bullet::None };
        for text in drawing.paragraphs {
            let bullet = Some(bullet.clone());
            self.blocks.push(Block::Text { text, level: 0, bullet, ordinal: 0 });
        }
        self.blocks.extend(drawing.rows.into_iter().map(|row| Block::Row(row, 0)));
    }
}

/// Reads a part element by element.
#[derive(Default)]
struct Parser {
    slide: Slide,
    shape: Option<Shape>,
    /// Shapes and groups that are open.
    depth: usize,
    ordinal: usize,
    /// The open paragraph: its text, level and bullet.
    text: Option<(String, usize, Option<Bullet>)>,
    /// The open row of a table, whether its open cell counts, and its first paragraph.
    row: Option<(Vec<String>, usize)>,
    is_covered: bool,
    choices: Vec<bool>,
    /// Whether the list style of the body of a master is being read.
    is_body_style: bool,
    /// The level whose style is being read.
    styled: Option<usize>,
    /// The language of the open run.
    lang: Option<String>,
    /// Whether it stands above the line.
    is_raised: bool,
    equations: usize,
    equation: Equation,
}

impl Parser {
    fn open(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>, languages: &mut Languages) {
        match tag.name() {
            "sp" | "grpSp" | "graphicFrame" | "pic" | "cxnSp" => {
                if self.depth == 0 {
                    self.shape = Some(Shape::default());
                }
                self.depth += 1;
            }
            "ph" => self.placeholder(tag),
            "off" | "ext" => self.frame(tag),
            "p" => {
                self.ordinal += 1;
                self.text = Some((String::new(), 0, None));
            }
            "pPr" => {
                if let Some((_, level, _)) = &mut self.text {
                    *level = tag.number("lvl").unwrap_or(0).min(LEVELS - 1);
                }
            }
            "buNone" => self.bullet(Bullet::None),
            "buChar" | "buBlip" => self.bullet(Bullet::Sign),
            "buAutoNum" => self.bullet(Bullet::numbered(tag)),
            "r" => self.is_raised = false,
            "rPr" => {
                self.lang = tag.attribute("lang");
                let baseline = tag.attribute("baseline");
                self.is_raised = baseline.is_some_and(|baseline| raises(&baseline));
            }
            "t" => self.run_text(xml, languages),
            "br" => self.push("\n"),
            "fld" if tag.attribute("type").as_deref() == Some("slidenum") => xml.skip(),
            "hlinkClick" | "hlinkMouseOver" => self.slide.links.extend(tag.relationship()),
            "relIds" => self.part(tag.attribute("dm")),
            "chart" => self.part(tag.relationship()),
            "tr" => self.row = Some((Vec::new(), self.ordinal + 1)),
            "tc" => self.cell(tag),
            "AlternateContent" => self.choices.push(false),
            "Choice" | "Fallback" => {
                let is_taken =
                    self.choices.last_mut().is_some_and(|it| std::mem::replace(it, true));
                if is_taken {
                    xml.skip();
                }
            }
            "bodyStyle" => self.is_body_style = true,
            "oMath" => self.equations += 1,
            "ctrlPr" | "extLst" | "timing" | "transition" => xml.skip(),
            name => self.open_other(name, tag, xml),
        }
    }

    fn open_other(&mut self, name: &str, tag: &Tag<'_>, xml: &mut Xml<'_>) {
        let level = name.strip_prefix("lvl").and_then(|rest| rest.strip_suffix("pPr"));
        if let Some(level) = level.and_then(|level| level.parse::<usize>().ok()) {
            self.styled = level.checked_sub(1).filter(|&level| level < LEVELS);
        } else if let (true, Some((text, ..))) = (self.equations > 0, &mut self.text) {
            self.equation.open(tag, xml, text);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "sp" | "grpSp" | "graphicFrame" | "pic" | "cxnSp" => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.slide.shapes.extend(self.shape.take());
                }
            }
            "p" => self.end_paragraph(),
            "tr" => {
                if let (Some((cells, first)), Some(shape)) = (self.row.take(), &mut self.shape) {
                    shape.blocks.push(Block::Row(cells, first));
                }
            }
            "AlternateContent" => drop(self.choices.pop()),
            "bodyStyle" => self.is_body_style = false,
            "oMath" => {
                self.equations = self.equations.saturating_sub(1);
                self.equation = Equation::default();
            }
            _ if name.starts_with("lvl") => self.styled = None,
            _ => {
                if let (true, Some((text, ..))) = (self.equations > 0, &mut self.text) {
                    self.equation.close(name, text);
                }
            }
        }
    }

    fn placeholder(&mut self, tag: &Tag<'_>) {
        let Some(shape) = &mut self.shape else { return };
        let kind = tag.attribute("type").unwrap_or_else(|| "obj".to_owned());
        shape.kind = match kind.as_str() {
            "title" | "ctrTitle" => Kind::Title,
            "body" | "obj" => Kind::Body,
            "sldNum" | "dt" | "ftr" | "hdr" | "sldImg" => Kind::Margin,
            _ => Kind::Other,
        };
        shape.placeholder = Some((kind, tag.attribute("idx").unwrap_or_default()));
    }

    /// The first offset and extent are those of the shape, or of the outermost group.
    fn frame(&mut self, tag: &Tag<'_>) {
        let number = |name| tag.attribute(name).and_then(|value| value.parse::<i64>().ok());
        let Some(shape) = self.shape.as_mut().filter(|shape| shape.frame.is_none()) else { return };
        if let (Some(left), Some(top)) = (number("x"), number("y")) {
            shape.offset = shape.offset.or(Some((left, top)));
        }
        if let (Some(width), Some(height), Some((left, top))) =
            (number("cx"), number("cy"), shape.offset)
        {
            let (right, bottom) = (left.saturating_add(width), top.saturating_add(height));
            shape.frame = Some(Frame { left, top, right, bottom });
        }
    }

    fn bullet(&mut self, bullet: Bullet) {
        if let Some((_, _, own)) = &mut self.text {
            *own = Some(bullet);
            return;
        }
        let Some(level) = self.styled else { return };
        let bullets = match &mut self.shape {
            _ if self.is_body_style => &mut self.slide.body,
            Some(shape) => &mut shape.bullets,
            None => return,
        };
        bullets[level] = Some(bullet);
    }

    fn run_text(&mut self, xml: &mut Xml<'_>, languages: &mut Languages) {
        let Some((text, ..)) = &mut self.text else { return xml.skip() };
        let start = text.len();
        xml.text_into(text);
        if self.is_raised {
            let own = text.split_off(start);
            text.push_str(&raised(&own));
        }
        languages.count(self.lang.as_deref(), text.get(start..).unwrap_or_default());
    }

    fn push(&mut self, piece: &str) {
        if let Some((text, ..)) = &mut self.text {
            text.push_str(piece);
        }
    }

    fn part(&mut self, id: Option<String>) {
        if let Some(shape) = &mut self.shape {
            shape.parts.extend(id);
        }
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        let is_set = |name| matches!(tag.attribute(name).as_deref(), Some("1" | "true"));
        self.is_covered = is_set("hMerge") || is_set("vMerge");
        if let Some((cells, _)) = &mut self.row {
            cells.push(String::new());
        }
    }

    fn end_paragraph(&mut self) {
        let Some((text, level, bullet)) = self.text.take() else { return };
        if text.trim().is_empty() {
            return;
        }
        if let Some((cells, _)) = &mut self.row {
            if let Some(cell) = cells.last_mut().filter(|_| !self.is_covered) {
                if !cell.is_empty() {
                    cell.push('\n');
                }
                cell.push_str(text.trim());
            }
            return;
        }
        if let Some(shape) = &mut self.shape {
            shape.blocks.push(Block::Text { text, level, bullet, ordinal: self.ordinal });
        }
    }
}

/// Whether a baseline, in percent or in thousandths of one, is that of raised letters and not how a printed page is set.
fn raises(baseline: &str) -> bool {
    let number = |text: &str| text.parse::<f32>().ok();
    let percent = match baseline.strip_suffix('%') {
        Some(percent) => number(percent),
        None => number(baseline).map(|thousandths| thousandths / 1000.0),
    };
    percent.is_some_and(|percent| percent >= LEAST_PERCENT)
}
