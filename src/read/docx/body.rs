//! The text of Word: the elements of the main part and of the notes, as a flow.

use std::collections::HashMap;

use super::fields::Field;
use super::numbering::Numbering;
use super::properties::{ParagraphProperties, RunProperties};
use super::styles::{Style, Styles};
use crate::read::drawing::Drawing;
use crate::read::equation::Equation;
use crate::read::flow::{Flow, Item, Role, Text};
use crate::read::languages::Languages;
use crate::read::opc::Relations;
use crate::read::raised::raised;
use crate::read::symbol::symbol;
use crate::read::xml::{Tag, Token, Xml};

/// So many lists inside each other are told from lists that follow on each other.
const LONGEST_RUN: usize = 12;
/// Where the notes of a document are comments.
const COMMENTS: usize = 2;

/// A paragraph that has begun and not yet ended.
#[derive(Default)]
pub struct Paragraph {
    properties: ParagraphProperties,
    pub ordinal: usize,
    pub text: String,
    /// Where in the text notes are referred to, and their numbers.
    notes: Vec<(usize, usize)>,
    /// What the text boxes in it hold: it follows.
    boxes: Vec<Item>,
    /// How many bytes of the text are in bold letters.
    bold: usize,
}

/// Reads parts into a flow.
pub struct Body<'s> {
    /// What has been read.
    pub flow: Flow,
    styles: &'s Styles,
    numbering: Numbering,
    relations: Relations,
    drawings: HashMap<String, Drawing>,
    /// The numbers of footnotes, endnotes and comments by their ids.
    notes: [HashMap<String, usize>; 3],
    /// The open note: place in `notes`, id.
    note: Option<(usize, String)>,
    /// Who wrote the open comment.
    author: Option<String>,
    part: String,
    /// Paragraphs of the part so far.
    count: usize,
    pub paragraphs: Vec<Paragraph>,
    /// A paragraph whose end is deleted: the next one goes on with it.
    carried: Option<Paragraph>,
    pub fields: Vec<Field>,
    /// Fields whose instruction has not ended.
    pub instructions: usize,
    run: RunProperties,
    is_hidden: bool,
    is_bold: bool,
    is_raised: bool,
    /// For each open choice of contents, whether one has been taken.
    choices: Vec<bool>,
    /// For each open content control, whether it holds a table of contents.
    controls: Vec<bool>,
    /// For each open cell, whether it counts.
    cells: Vec<bool>,
    /// For each open row, whether it is deleted.
    rows: Vec<bool>,
    /// The lists of the items before, back to the last paragraph that is none; the first is what they
    /// all count for.
    items: Vec<u64>,
    lists: HashMap<String, u64>,
    /// How many equations are open; more than one in damaged files only.
    equations: usize,
    /// Whether it holds parts in other formats.
    has_chunks: bool,
    equation: Equation,
    /// What the text says of its language.
    pub languages: Languages,
}

impl<'s> Body<'s> {
    /// A body without text.
    pub fn new(flow: Flow, styles: &'s Styles, numbering: Numbering) -> Body<'s> {
        Body {
            flow,
            styles,
            numbering,
            relations: Relations::default(),
            drawings: HashMap::new(),
            notes: Default::default(),
            note: None,
            author: None,
            part: String::new(),
            count: 0,
            paragraphs: Vec::new(),
            carried: None,
            fields: Vec::new(),
            instructions: 0,
            run: RunProperties::default(),
            is_hidden: false,
            is_bold: false,
            is_raised: false,
            choices: Vec::new(),
            controls: Vec::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            items: Vec::new(),
            lists: HashMap::new(),
            equations: 0,
            has_chunks: false,
            equation: Equation::default(),
            languages: Languages::default(),
        }
    }

    /// Reads the notes of a part; `place` 0 is for footnotes, 1 for endnotes, 2 for comments.
    pub fn read_notes(&mut self, place: usize, part: &str, text: &str, relations: Relations) {
        self.note = Some((place, String::new()));
        self.part = part.to_owned();
        self.read(text, relations, HashMap::new());
        self.note = None;
    }

    /// Reads a part.
    pub fn read(&mut self, text: &str, relations: Relations, drawings: HashMap<String, Drawing>) {
        self.relations = relations;
        self.drawings = drawings;
        self.count = 0;
        let mut xml = Xml::new(text);
        while let Some(token) = xml.token() {
            match token {
                Token::Open(tag) => self.open(&tag, &mut xml),
                Token::Close(end) => self.close(end.name()),
                Token::Text(_) => {}
            }
        }
        // Only damaged parts leave something open.
        while !self.paragraphs.is_empty() {
            self.close_paragraph();
        }
        self.end_carried();
        self.fields.clear();
        self.instructions = 0;
        if let Some(fault) = xml.fault() {
            self.flow.builder.warn(fault, None);
        }
        if std::mem::take(&mut self.has_chunks) {
            self.flow.builder.warn("what it holds in other formats is not read", None);
        }
    }

    fn open(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>) {
        match tag.name() {
            "p" => self.open_paragraph(),
            "pPr" => {
                let properties = ParagraphProperties::parse(xml);
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties = properties;
                }
            }
            "r" => self.open_run(RunProperties::default()),
            "rPr" => {
                let properties = RunProperties::parse(xml);
                self.open_run(properties);
            }
            "t" => self.text(xml),
            "tab" | "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => self.symbol(tag),
            "fldChar" => self.field(tag.attribute("fldCharType").as_deref().unwrap_or_default()),
            "instrText" => self.instruction(xml),
            "fldSimple" => self.simple_field(tag),
            "hyperlink" => self.hyperlink(tag),
            "footnoteReference" => self.note_reference(0, tag),
            "endnoteReference" => self.note_reference(1, tag),
            "commentReference" => self.note_reference(COMMENTS, tag),
            "relIds" => self.drawing(tag.attribute("dm")),
            "chart" => self.drawing(tag.relationship()),
            _ => self.open_container(tag, xml),
        }
    }

    fn open_container(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>) {
        match tag.name() {
            "tbl" => {
                self.end_carried();
                self.flow.open_table();
            }
            "tr" => {
                self.rows.push(false);
                self.flow.open_row();
            }
            "trPr" => self.row_properties(xml),
            "tc" => {
                self.cells.push(true);
                self.flow.open_cell(1);
            }
            "tcPr" => self.cell_properties(xml),
            "txbxContent" => self.flow.open_box(),
            "AlternateContent" => self.choices.push(false),
            "Choice" | "Fallback" => {
                let is_taken =
                    self.choices.last_mut().is_some_and(|it| std::mem::replace(it, true));
                if is_taken {
                    self.skip(xml);
                }
            }
            "sdt" => self.controls.push(false),
            "sdtPr" => self.control_properties(xml),
            "sdtContent" if self.controls.last() == Some(&true) => self.skip(xml),
            "footnote" | "endnote" | "comment" => self.open_note(tag, xml),
            "altChunk" => self.has_chunks = true,
            "oMath" => self.equations += 1,
            // What is deleted or was moved, phonetic letters, and properties without text.
            "del" | "moveFrom" | "delText" | "delInstrText" | "rt" | "sectPr" | "tblPr"
            | "tblPrEx" | "tblGrid" | "ctrlPr" | "pPrChange" | "rPrChange" => self.skip(xml),
            _ if self.equations > 0 => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    self.equation.open(tag, xml, &mut paragraph.text);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => self.close_paragraph(),
            "r" => self.open_run(RunProperties::default()),
            "fldSimple" => self.end_field(),
            "tbl" => self.flow.close_table(),
            "tr" => {
                let is_deleted = self.rows.pop().unwrap_or(false);
                self.flow.close_row(is_deleted);
            }
            "tc" => {
                self.end_carried();
                let is_kept = self.cells.pop().unwrap_or(true);
                self.flow.close_cell(is_kept);
            }
            "txbxContent" => self.close_box(),
            "AlternateContent" => {
                self.choices.pop();
            }
            "sdt" => {
                self.controls.pop();
            }
            "footnote" | "endnote" | "comment" => self.close_note(),
            "oMath" => self.end_equation(),
            _ if self.equations > 0 => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    self.equation.close(name, &mut paragraph.text);
                }
            }
            _ => {}
        }
    }

    fn end_equation(&mut self) {
        self.equations = self.equations.saturating_sub(1);
        if self.equations == 0 {
            self.equation = Equation::default();
        }
    }

    /// Leaves out an element; its paragraphs count.
    fn skip(&mut self, xml: &mut Xml<'_>) {
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            self.count += usize::from(tag.name() == "p");
        }
    }

    fn open_paragraph(&mut self) {
        self.count += 1;
        let carried = self.carried.take().unwrap_or_default();
        self.paragraphs.push(Paragraph { ordinal: self.count, ..carried });
    }

    fn close_paragraph(&mut self) {
        // An instruction ends with its paragraph at the latest: damaged files do not end it at all.
        let Some(mut paragraph) = self.paragraphs.pop() else { return };
        let open = self.fields.iter_mut().rev().filter(|field| !field.is_result);
        open.take(self.instructions).for_each(|field| field.is_result = true);
        self.instructions = 0;
        if paragraph.properties.is_open {
            paragraph.properties = ParagraphProperties::default();
            self.carried = Some(paragraph);
            return;
        }
        self.end(paragraph);
    }

    /// A paragraph that would go on has nothing to go on in.
    fn end_carried(&mut self) {
        if let Some(paragraph) = self.carried.take() {
            self.end(paragraph);
        }
    }

    fn end(&mut self, paragraph: Paragraph) {
        let Paragraph { properties, ordinal, mut text, notes, boxes, bold, .. } = paragraph;
        let is_bold = bold > 0 && bold >= text.trim().len();
        let style = self.styles.get(properties.style.as_deref());
        let list = self.list_of(&properties, &style);
        let number = list.as_ref().and_then(|(list, level)| self.numbering.count(list, *level));
        let role = self.role(&properties, &style, list);
        let is_heading = matches!(role, Role::Title | Role::Heading(_));
        if let (Role::Heading(_), Some(number)) = (role, &number)
            && !text.trim().is_empty()
            && !text.trim_start().starts_with(number)
        {
            text.insert_str(0, &format!("{number} "));
        }
        if !style.is_contents || self.note.is_some() {
            let label = number.filter(|_| !is_heading);
            self.flow.add(Text { role, label, text, paragraph: ordinal, notes, is_bold });
        }
        self.flow.add_all(boxes);
    }

    /// The list that a paragraph is in, and its level.
    fn list_of(&self, properties: &ParagraphProperties, style: &Style) -> Option<(String, usize)> {
        let own = properties.list.clone();
        if own.as_deref() == Some("0") {
            return None;
        }
        let tied = properties.style.as_deref().and_then(|id| self.numbering.level_of_style(id));
        let inherited = style.list.clone();
        let level = inherited.as_ref().map(|(_, level)| *level).filter(|&level| level > 0);
        let level = properties.level.or(tied).or(level).unwrap_or(0);
        own.or(inherited.map(|(list, _)| list)).filter(|list| list != "0").map(|list| (list, level))
    }

    fn role(
        &mut self,
        properties: &ParagraphProperties,
        style: &Style,
        list: Option<(String, usize)>,
    ) -> Role {
        let role = match (properties.outline, style.role) {
            (Some(level @ 0..9), _) => Some(Role::Heading(level as u8 + 1)),
            (Some(_), Some(Role::Heading(_))) => None,
            (_, role) => role,
        };
        let (None, Some((list, level))) = (role, list) else {
            self.items.clear();
            return role.unwrap_or_default();
        };
        let goes_on = level > 0 || self.numbering.is_blank(&list, level);
        let next = self.lists.len() as u64;
        let own = *self.lists.entry(list).or_insert(next);
        // A list inside a list, or inside an item, may be one of its own.
        let first = self.items.first().copied();
        if goes_on || self.items.contains(&own) {
            self.items.insert(first.map_or(0, |_| 1), own);
            self.items.truncate(LONGEST_RUN);
            return Role::Item(first.unwrap_or(own));
        }
        self.items.clear();
        self.items.push(own);
        Role::Item(own)
    }

    /// What holds for the text that follows: what it says itself, else its style, else its paragraph's.
    fn open_run(&mut self, properties: RunProperties) {
        let own = properties.style.as_deref();
        let around = self.paragraphs.last().and_then(|it| it.properties.style.as_deref());
        let styles = self.styles;
        let holds = |said: Option<bool>, styled: fn(&Styles, Option<&str>) -> Option<bool>| {
            let around = || styled(styles, around);
            said.or_else(|| styled(styles, own)).or_else(around).unwrap_or(false)
        };
        let is_hidden = holds(properties.hidden, Styles::hides);
        let is_bold = holds(properties.bold, Styles::is_bold);
        let is_raised = holds(properties.raised, Styles::raises);
        (self.is_hidden, self.is_bold, self.is_raised) = (is_hidden, is_bold, is_raised);
        self.run = properties;
    }

    fn text(&mut self, xml: &mut Xml<'_>) {
        let is_shown = self.instructions == 0 && !self.is_hidden;
        let (true, Some(paragraph)) = (is_shown, self.paragraphs.last_mut()) else {
            return self.skip(xml);
        };
        let start = paragraph.text.len();
        xml.text_into(&mut paragraph.text);
        if self.is_raised {
            let text = paragraph.text.split_off(start);
            paragraph.text.push_str(&raised(&text));
        }
        let piece = paragraph.text.get(start..).unwrap_or_default();
        paragraph.bold += if self.is_bold { piece.len() } else { 0 };
        let lang = self.run.lang.as_deref().or(self.styles.lang.as_deref());
        self.languages.count(lang, piece);
    }

    fn push(&mut self, text: &str) {
        if self.instructions == 0
            && !self.is_hidden
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.text.push_str(text);
        }
    }

    fn symbol(&mut self, tag: &Tag<'_>) {
        let font = tag.attribute("font").unwrap_or_default();
        let code = tag.attribute("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
        if let Some(c) = code.and_then(|code| symbol(&font, code)) {
            self.push(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn hyperlink(&mut self, tag: &Tag<'_>) {
        let relation = tag.relationship().and_then(|id| self.relations.get(&id).cloned());
        if let Some(relation) = relation.filter(|relation| relation.is_external) {
            self.flow.link(&relation.target);
        }
    }

    fn note_reference(&mut self, place: usize, tag: &Tag<'_>) {
        let number = tag.attribute("id").and_then(|id| self.notes[place].get(&id).copied());
        if let (Some(number), Some(paragraph)) = (number, self.paragraphs.last_mut()) {
            paragraph.notes.push((paragraph.text.len(), number));
        }
    }

    fn open_note(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>) {
        let kind = tag.attribute("type").unwrap_or_default();
        let Some(note) = &mut self.note else { return };
        if matches!(kind.as_str(), "separator" | "continuationSeparator" | "continuationNotice") {
            return self.skip(xml);
        }
        note.1 = tag.attribute("id").unwrap_or_default();
        self.author = tag.attribute("author").filter(|author| !author.trim().is_empty());
        self.flow.open_box();
    }

    fn close_note(&mut self) {
        self.end_carried();
        let Some((place, id)) = &self.note else { return };
        let items = self.flow.close_box();
        let author = self.author.take();
        let number = match *place {
            COMMENTS => self.flow.remark_of(&self.part, author.as_deref(), items),
            _ if items.is_empty() => None,
            _ => Some(self.flow.note(&self.part, items)),
        };
        if let Some(number) = number {
            self.notes[*place].insert(id.clone(), number);
        }
    }

    fn close_box(&mut self) {
        self.end_carried();
        let mut items = self.flow.close_box();
        match self.paragraphs.last_mut() {
            Some(paragraph) => paragraph.boxes.append(&mut items),
            None => self.flow.add_all(items),
        }
    }

    /// The text of a diagram or chart.
    fn drawing(&mut self, id: Option<String>) {
        let drawing = id.and_then(|id| self.drawings.remove(&id));
        let (Some(drawing), Some(paragraph)) = (drawing, self.paragraphs.last_mut()) else {
            return;
        };
        let ordinal = paragraph.ordinal;
        let item = |text| Item::Text(Text { text, paragraph: ordinal, ..Text::default() });
        paragraph.boxes.extend(drawing.paragraphs.into_iter().map(item));
        let row = |row: Vec<String>| row.into_iter().map(|cell| vec![item(cell)]).collect();
        paragraph.boxes.push(Item::Table(drawing.rows.into_iter().map(row).collect()));
    }

    fn row_properties(&mut self, xml: &mut Xml<'_>) {
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            if let ("del", Some(row)) = (tag.name(), self.rows.last_mut()) {
                *row = true;
            }
        }
    }

    /// Cells that are merged into the one above or before them do not count.
    fn cell_properties(&mut self, xml: &mut Xml<'_>) {
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            let is_covered = match tag.name() {
                "vMerge" | "hMerge" => tag.value().is_none_or(|value| value == "continue"),
                "cellDel" => true,
                _ => false,
            };
            if let (true, Some(cell)) = (is_covered, self.cells.last_mut()) {
                *cell = false;
            }
        }
    }

    fn control_properties(&mut self, xml: &mut Xml<'_>) {
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            let is_contents = tag.name() == "docPartGallery"
                && tag.value().is_some_and(|value| value.eq_ignore_ascii_case("Table of Contents"));
            if let (true, Some(control)) = (is_contents, self.controls.last_mut()) {
                *control = true;
            }
        }
    }
}
