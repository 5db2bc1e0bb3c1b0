//! The flow of a word processor's text: paragraphs of a kind, tables in tables, text boxes, notes.
//!
//! A reader tells what it meets in the order of its XML; the flow keeps it as a tree of bounded depth
//! and, at the end, writes it into a [`DocumentBuilder`]: only then is it known what the title is,
//! which cells a table has, and where a note may stand.

use super::builder::DocumentBuilder;
use crate::document::{BlockKind, Document};

/// Tables inside tables beyond this depth are text of the cell around them: Word itself stops at 32.
const DEEPEST_TABLE: usize = 32;

/// Text boxes inside text boxes; programs allow none.
const DEEPEST_BOX: usize = 8;

/// A heading longer than this (characters) is a paragraph that was styled as one.
const LONGEST_HEADING: usize = 250;

/// How many link targets are kept.
const MOST_LINKS: usize = 1000;

/// A cell stands for so many at most, else for itself alone, if it is not longer than this (bytes); all together for so many more.
const WIDEST_REPEAT: usize = 64;
const LONGEST_REPEATED: usize = 1000;
const MOST_REPEATS: usize = 10_000;

/// What a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    #[default]
    Paragraph,
    /// The title of the document.
    Title,
    /// A heading of this level, from 1 on.
    Heading(u8),
    /// An item of a list; the number tells lists apart.
    Item(u64),
    /// Text quoted as a block.
    Quotation,
    /// A line of preformatted text.
    Code,
}

/// A paragraph.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// What it is.
    pub role: Role,
    /// What stands before its text, where it is an item that is numbered.
    pub label: Option<String>,
    /// Its text.
    pub text: String,
    /// Its ordinal in its part.
    pub paragraph: usize,
    /// The notes that it refers to: where in its text, and their numbers.
    pub notes: Vec<(usize, usize)>,
    /// Whether all its letters are bold.
    pub is_bold: bool,
}

/// What a cell, a text box or the body holds.
#[derive(Clone, Debug)]
pub enum Item {
    /// A paragraph.
    Text(Text),
    /// A table: rows of cells.
    Table(Vec<Row>),
}

type Row = Vec<Vec<Item>>;

/// A footnote, endnote or comment.
#[derive(Clone, Debug)]
struct Note {
    part: String,
    items: Vec<Item>,
    /// Whether it is said of the text, and no source of it.
    is_remark: bool,
}

enum Level {
    Items(Vec<Item>),
    Box(Vec<Item>),
    Table(Vec<Row>),
}

/// See the module's page.
pub struct Flow {
    /// What the document says of itself goes here while it is read.
    pub builder: DocumentBuilder<'static>,
    part: String,
    levels: Vec<Level>,
    /// Open tables and boxes that are too deep to be kept apart.
    ignored_tables: usize,
    ignored_boxes: usize,
    notes: Vec<Note>,
    links: usize,
    /// For each open cell, how many stand for it; and how many more may stand for others.
    repeats: Vec<usize>,
    repeats_left: usize,
}

impl Flow {
    /// The flow of the main part of a package.
    pub fn new(builder: DocumentBuilder<'static>, part: &str) -> Flow {
        Flow {
            builder,
            part: part.to_owned(),
            levels: vec![Level::Items(Vec::new())],
            ignored_tables: 0,
            ignored_boxes: 0,
            notes: Vec::new(),
            links: 0,
            repeats: Vec::new(),
            repeats_left: MOST_REPEATS,
        }
    }

    /// Adds a paragraph.
    pub fn add(&mut self, text: Text) {
        if !text.text.trim().is_empty() || !text.notes.is_empty() {
            self.items().push(Item::Text(text));
        }
    }

    /// Adds what a text box held.
    pub fn add_all(&mut self, mut items: Vec<Item>) {
        self.items().append(&mut items);
    }

    /// Where paragraphs go now: text between the cells of a table goes to the last of them.
    fn items(&mut self) -> &mut Vec<Item> {
        if self.levels.is_empty() {
            self.levels.push(Level::Items(Vec::new()));
        }
        let top = self.levels.len() - 1;
        match &mut self.levels[top] {
            Level::Items(items) | Level::Box(items) => items,
            Level::Table(rows) => {
                if rows.is_empty() {
                    rows.push(Row::new());
                }
                let last = rows.len() - 1;
                if rows[last].is_empty() {
                    rows[last].push(Vec::new());
                }
                let cell = rows[last].len() - 1;
                &mut rows[last][cell]
            }
        }
    }

    /// How many items the innermost container holds.
    pub fn count(&mut self) -> usize {
        self.items().len()
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    /// Drops the items of the innermost container from this one on.
    pub fn truncate(&mut self, count: usize) {
        self.items().truncate(count);
    }

    /// A table begins.
    pub fn open_table(&mut self) {
        let depth = self.levels.iter().filter(|level| matches!(level, Level::Table(_))).count();
        if self.ignored_tables > 0 || depth >= DEEPEST_TABLE {
            self.ignored_tables += 1;
            return;
        }
        self.levels.push(Level::Table(Vec::new()));
    }

    /// A row of the table begins.
    pub fn open_row(&mut self) {
        if let (0, Some(Level::Table(rows))) = (self.ignored_tables, self.levels.last_mut()) {
            rows.push(Row::new());
        }
    }

    /// A cell of the row begins; as many as it says stand beside one another and say the same.
    pub fn open_cell(&mut self, times: usize) {
        if let (0, Some(Level::Table(_))) = (self.ignored_tables, self.levels.last()) {
            self.levels.push(Level::Items(Vec::new()));
            self.repeats.push(if times <= WIDEST_REPEAT { times.max(1) } else { 1 });
        }
    }

    /// The cell ends. `is_kept`: whether its content counts; it does not where the cell is covered by
    /// another.
    pub fn close_cell(&mut self, is_kept: bool) {
        let count = self.levels.len();
        let is_cell = count >= 2
            && matches!(self.levels[count - 1], Level::Items(_))
            && matches!(self.levels[count - 2], Level::Table(_));
        if self.ignored_tables > 0 || !is_cell {
            return;
        }
        let Some(Level::Items(items)) = self.levels.pop() else { return };
        let items = if is_kept { items } else { Vec::new() };
        let times = self.repeats.pop().unwrap_or(1);
        let is_small =
            |item: &Item| matches!(item, Item::Text(text) if text.text.len() <= LONGEST_REPEATED);
        let times = match items.len() <= 1 && items.iter().all(is_small) {
            true => times.min(self.repeats_left.saturating_add(1)),
            false => 1,
        };
        self.repeats_left = self.repeats_left.saturating_sub(times - 1);
        let Some(Level::Table(rows)) = self.levels.last_mut() else { return };
        if rows.is_empty() {
            rows.push(Row::new());
        }
        if let Some(row) = rows.last_mut() {
            row.extend(std::iter::repeat_n(items, times));
        }
    }

    /// The row ends. `is_deleted`: it leaves nothing.
    pub fn close_row(&mut self, is_deleted: bool) {
        if let (0, true, Some(Level::Table(rows))) =
            (self.ignored_tables, is_deleted, self.levels.last_mut())
        {
            rows.pop();
        }
    }

    /// The table ends.
    pub fn close_table(&mut self) {
        if self.ignored_tables > 0 {
            self.ignored_tables -= 1;
            return;
        }
        if matches!(self.levels.last(), Some(Level::Table(_)))
            && let Some(Level::Table(rows)) = self.levels.pop()
        {
            self.items().push(Item::Table(rows));
        }
    }

    /// A text box, or the text of a note, begins.
    pub fn open_box(&mut self) {
        let depth = self.levels.iter().filter(|level| matches!(level, Level::Box(_))).count();
        if self.ignored_boxes > 0 || depth >= DEEPEST_BOX {
            self.ignored_boxes += 1;
            return;
        }
        self.levels.push(Level::Box(Vec::new()));
    }

    /// The box ends: what it held.
    pub fn close_box(&mut self) -> Vec<Item> {
        if self.ignored_boxes > 0 {
            self.ignored_boxes -= 1;
            return Vec::new();
        }
        while self.levels.len() > 1 {
            match self.levels.pop() {
                Some(Level::Box(items)) => return items,
                // Only damaged files leave a table open here.
                Some(Level::Table(rows)) => self.items().push(Item::Table(rows)),
                Some(Level::Items(mut items)) => self.items().append(&mut items),
                None => {}
            }
        }
        Vec::new()
    }

    /// Keeps a note; gives its number.
    pub fn note(&mut self, part: &str, items: Vec<Item>) -> usize {
        self.keep(Note { part: part.to_owned(), items, is_remark: false })
    }

    /// Keeps what somebody has remarked on the text, if anything; gives its number. It is told beside what it is on, and is
    /// no source of what stands there.
    pub fn remark_of(
        &mut self,
        part: &str,
        author: Option<&str>,
        mut items: Vec<Item>,
    ) -> Option<usize> {
        if let (Some(author), Some(Item::Text(first))) = (author, items.first_mut()) {
            first.text = format!("{}: {}", author.trim(), first.text.trim_start());
        }
        let is_said = !items.is_empty();
        is_said.then(|| self.keep(Note { part: part.to_owned(), items, is_remark: true }))
    }

    fn keep(&mut self, note: Note) -> usize {
        self.notes.push(note);
        self.notes.len() - 1
    }

    /// Keeps the target of a link.
    pub fn link(&mut self, target: &str) {
        if self.links < MOST_LINKS && !target.is_empty() && !target.starts_with('#') {
            self.links += 1;
            self.builder.metadata("links", target);
        }
    }

    /// Writes everything. `title`: what the document says its title is; a paragraph that is styled as
    /// one counts more.
    pub fn finish(mut self, title: Option<&str>) -> Document {
        while self.levels.len() > 1 {
            // Only damaged files end inside a table or a box.
            match self.levels.pop() {
                Some(Level::Table(rows)) => self.items().push(Item::Table(rows)),
                Some(Level::Items(mut items) | Level::Box(mut items)) => {
                    self.items().append(&mut items);
                }
                None => {}
            }
        }
        let items = std::mem::take(self.items());
        self.builder.part(&self.part);
        let mut writer = Writer {
            builder: self.builder,
            part: self.part,
            notes: self.notes.into_iter().map(Some).collect(),
            pending: Vec::new(),
            last: None,
        };
        if items.is_empty() {
            writer.builder.warn("there is no text in it", None);
        }
        writer.write(items, title);
        writer.builder.finish()
    }
}

/// Writes items into the builder.
struct Writer {
    builder: DocumentBuilder<'static>,
    part: String,
    /// The notes that have not been written.
    notes: Vec<Option<Note>>,
    /// Notes that were referred to since the last place where notes may stand.
    pending: Vec<usize>,
    /// What was written last, while nothing has come between.
    last: Option<Role>,
}

impl Writer {
    fn write(&mut self, framed: Vec<Item>, title: Option<&str>) {
        let mut items = Vec::with_capacity(framed.len());
        framed.into_iter().for_each(|item| unframe(item, &mut items));
        super::bold::headings(&mut items, title.is_some());
        let own = own_title(&items);
        let first = items.iter().find_map(|item| match item {
            Item::Text(text) => Some(text.role),
            Item::Table(_) => None,
        });
        match own {
            Some((range, text, paragraph)) => {
                self.builder.paragraph(paragraph);
                self.builder.add_title(&text);
                for item in items.drain(range) {
                    if let Item::Text(text) = item {
                        self.pending.extend(numbers(&text));
                    }
                }
            }
            None => match (title, first) {
                (Some(title), _) => self.builder.title(title, None),
                (None, Some(Role::Heading(level))) if is_only(&items, level) => {
                    if let Some(Item::Text(text)) = items.first() {
                        self.builder.paragraph(text.paragraph);
                        self.builder.add_title(&text.text);
                        self.pending.extend(numbers(text));
                        items.remove(0);
                    }
                }
                _ => {}
            },
        }
        self.items(items);
        self.write_notes();
    }

    fn items(&mut self, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Text(text) => self.text(text),
                Item::Table(rows) => self.table(rows),
            }
        }
    }

    fn text(&mut self, text: Text) {
        let is_long = || text.text.chars().nth(LONGEST_HEADING).is_some();
        match text.role {
            Role::Title => self.heading(1, &text),
            Role::Heading(level) if !is_long() => self.heading(level, &text),
            Role::Heading(_) | Role::Paragraph => self.block(BlockKind::Paragraph, false, &text),
            Role::Quotation => self.block(BlockKind::Quotation, false, &text),
            Role::Item(_) => {
                // Items of lists that follow on each other have different numbers where they nest.
                let is_next = self.last == Some(text.role);
                self.block(BlockKind::ListItem, is_next, &text);
            }
            Role::Code if self.last == Some(Role::Code) => {
                self.builder.paragraph(text.paragraph);
                self.builder.add("\n");
                self.builder.add(&text.text);
            }
            Role::Code => self.block(BlockKind::Code, false, &text),
        }
        self.last = Some(text.role);
        self.pending.extend(numbers(&text));
    }

    fn heading(&mut self, level: u8, text: &Text) {
        self.write_notes();
        self.builder.paragraph(text.paragraph);
        self.builder.add_heading(level, &text.text);
    }

    fn block(&mut self, kind: BlockKind, tight: bool, text: &Text) {
        if !tight {
            self.write_notes();
        }
        self.builder.begin(kind, tight);
        self.builder.paragraph(text.paragraph);
        self.add(text.label.as_deref(), &text.text);
        for (at, number) in &text.notes {
            self.builder.note_mark(&number.to_string(), text.text.len().saturating_sub(*at));
        }
    }

    /// Adds text after its label.
    fn add(&mut self, label: Option<&str>, text: &str) {
        self.builder.label(1, label.unwrap_or_default(), None);
        self.builder.add(text);
        self.builder.unlabel(1);
    }

    fn table(&mut self, rows: Vec<Row>) {
        self.write_notes();
        let mut is_next = false;
        rows.into_iter().for_each(|row| self.row(row, &mut is_next));
        self.last = None;
    }

    /// A row, then the rows of the tables inside it.
    fn row(&mut self, row: Row, is_next: &mut bool) {
        let mut inner = Vec::new();
        let mut has_text = false;
        self.builder.begin(BlockKind::TableRow, *is_next);
        for (place, cell) in row.into_iter().enumerate() {
            let mut separator = if place == 0 { "" } else { "\t" };
            let mut is_empty = true;
            for item in cell {
                match item {
                    Item::Text(text) => {
                        self.builder.push_made(separator);
                        separator = "\n";
                        self.cell_text(text);
                        is_empty = false;
                    }
                    Item::Table(rows) => inner.extend(rows),
                }
            }
            if is_empty {
                self.builder.push_made(separator);
            }
            has_text |= !is_empty;
        }
        *is_next |= has_text;
        self.builder.end();
        inner.into_iter().for_each(|row| self.row(row, is_next));
    }

    fn cell_text(&mut self, text: Text) {
        self.builder.paragraph(text.paragraph);
        let shown = text.text.trim();
        match shown.contains('\t') {
            true => self.add(text.label.as_deref(), &shown.replace('\t', " ")),
            false => self.add(text.label.as_deref(), shown),
        }
        self.pending.extend(numbers(&text));
    }

    /// Writes the notes that wait for a place between blocks that are not tight.
    fn write_notes(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        self.last = None;
        // Notes may refer to notes; each is written once.
        while !self.pending.is_empty() {
            for number in std::mem::take(&mut self.pending) {
                let note = self.notes.get_mut(number).and_then(Option::take);
                let Some(note) = note else { continue };
                // The mark of a note that has no name is none.
                if !note.is_remark {
                    self.builder.note(&number.to_string());
                }
                self.builder.begin(BlockKind::Note, false);
                self.builder.part(&note.part);
                let mut is_first = true;
                self.note_items(note.items, &mut is_first);
            }
        }
        self.builder.end();
        self.builder.part(&self.part);
    }

    fn note_items(&mut self, items: Vec<Item>, is_first: &mut bool) {
        for item in items {
            match item {
                Item::Text(text) => {
                    if !std::mem::replace(is_first, false) {
                        self.builder.push_made("\n");
                    }
                    self.builder.paragraph(text.paragraph);
                    self.add(text.label.as_deref(), text.text.trim());
                    self.pending.extend(numbers(&text));
                }
                Item::Table(rows) => {
                    let cells = rows.into_iter().flatten();
                    cells.for_each(|cell| self.note_items(cell, is_first));
                }
            }
        }
    }
}

/// The numbers of the notes that a paragraph refers to.
fn numbers(text: &Text) -> impl Iterator<Item = usize> + '_ {
    text.notes.iter().map(|&(_, number)| number)
}

/// A table of a single cell is a frame around text: adds what it holds.
fn unframe(item: Item, items: &mut Vec<Item>) {
    match item {
        Item::Table(rows) if rows.iter().map(Vec::len).sum::<usize>() == 1 => {
            let cells = rows.into_iter().flatten();
            cells.flatten().for_each(|item| unframe(item, items));
        }
        item => items.push(item),
    }
}

/// The paragraphs that are styled as the title, from the first on, and their text.
fn own_title(items: &[Item]) -> Option<(std::ops::Range<usize>, String, usize)> {
    let title = |item: &Item| match item {
        Item::Text(text) if text.role == Role::Title => Some((text.text.clone(), text.paragraph)),
        _ => None,
    };
    let start = items.iter().position(|item| title(item).is_some())?;
    // A title of several lines is several paragraphs; more than a few are a misused style.
    let lines: Vec<(String, usize)> = items[start..].iter().map_while(title).take(4).collect();
    let paragraph = lines.first()?.1;
    let texts: Vec<&str> = lines.iter().map(|(text, _)| text.trim()).collect();
    Some((start..start + lines.len(), texts.join(" "), paragraph))
}

/// Whether the first item is a heading, and no other is of its level or above.
fn is_only(items: &[Item], level: u8) -> bool {
    let is_above = |item: &&Item| matches!(item, Item::Text(Text { role: Role::Heading(other), .. }) if *other <= level);
    matches!(items.first(), Some(Item::Text(_))) && items.iter().filter(is_above).count() == 1
}
