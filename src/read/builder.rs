//! Assembles a [`Document`] from what a reader finds: headings, blocks, and where each came from.
//!
//! A reader calls [`DocumentBuilder::heading`], and for each block [`DocumentBuilder::begin`],
//! [`DocumentBuilder::push`] as often as needed, and [`DocumentBuilder::end`]. All source offsets
//! given to the builder are byte offsets into the decoded text of the source.
//!
//! A reader of a format that is not text gives no offsets: it says by [`DocumentBuilder::page`],
//! [`DocumentBuilder::part`] and [`DocumentBuilder::paragraph`] where it is, and adds text by
//! [`DocumentBuilder::add`] and headings by [`DocumentBuilder::add_heading`].

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::document::{
    Block, BlockKind, Document, Grain, NoteMark, Place, PlaceMark, Run, Section, Warning, slug,
};

/// An id that is longer (bytes) was made by a program, and nobody links to it.
const LONGEST_ANCHOR: usize = 200;

/// Builds a [`Document`]; see the module's page.
pub struct DocumentBuilder<'a> {
    source: &'a str,
    document: Document,
    /// Heading levels, as the source gave them, of the open sections; parallel to their indices.
    open: Vec<(u8, usize)>,
    block: Option<(BlockKind, bool, usize)>,
    /// The slugs in use, and how often a heading has come so far where more than once.
    slugs: HashSet<String>,
    copies: HashMap<String, usize>,
    /// Where the reader is in a source that is not text, and whether text has been added there.
    place: Place,
    is_marked: bool,
    /// The slug of the next heading, where its source names one.
    anchor: Option<String>,
    /// Where the text refers to notes, and the names that the source has for these.
    marks: Vec<(usize, String)>,
    /// The blocks that notes of these names begin with.
    notes: HashMap<String, usize>,
    /// The labels of open items that have no text yet, the outermost first.
    labels: Vec<Label>,
}

/// What stands before the text of an item: `1.`, `(a)`.
struct Label {
    text: String,
    /// How many lists the item is in.
    depth: usize,
    /// The mark of the item, where the source is text.
    source: Option<Range<usize>>,
}

impl Label {
    /// Whether the source has a number there, and not only a sign that says that one is counted.
    fn is_written(&self, source: &str) -> bool {
        let mark = self.source.clone().and_then(|mark| source.get(mark)).unwrap_or_default();
        mark.starts_with(|c: char| c.is_ascii_digit()) || mark.trim_end() == self.text
    }
}

impl<'a> DocumentBuilder<'a> {
    /// Starts a document with this id over this decoded source.
    pub fn new(id: &str, source: &'a str) -> DocumentBuilder<'a> {
        let root = Section::default();
        let document = Document {
            id: id.to_owned(),
            sections: vec![root],
            text: String::with_capacity(source.len()),
            ..Document::default()
        };
        DocumentBuilder {
            source,
            document,
            open: Vec::new(),
            block: None,
            slugs: HashSet::new(),
            copies: HashMap::new(),
            place: Place::default(),
            is_marked: true,
            anchor: None,
            marks: Vec::new(),
            notes: HashMap::new(),
            labels: Vec::new(),
        }
    }

    /// Starts a document whose source is not text.
    pub fn of_pages(id: &str) -> DocumentBuilder<'static> {
        DocumentBuilder::new(id, "")
    }

    /// What follows stands on this page or slide (one-based), with this label printed on it.
    pub fn page(&mut self, number: usize, label: Option<&str>) {
        self.place.page = Some(number);
        self.place.label = label.map(str::to_owned);
        self.is_marked = false;
    }

    /// What follows stands in this part of a package, of which no paragraph has been read so far.
    pub fn part(&mut self, name: &str) {
        let parts = &mut self.document.parts;
        let known = parts.iter().rposition(|part| part == name);
        self.place.part = known.or_else(|| {
            parts.push(name.to_owned());
            Some(parts.len() - 1)
        });
        self.place.paragraph = None;
        self.is_marked = false;
    }

    /// What follows stands in this paragraph or row (one-based) of the part.
    pub fn paragraph(&mut self, number: usize) {
        self.place.paragraph = Some(number);
        self.is_marked = false;
    }

    /// Adds text that stands at the reader's place to the open block (opens a paragraph if there is
    /// none). White space at the start of a block is dropped.
    pub fn add(&mut self, text: &str) {
        if self.block.is_none() {
            self.begin(BlockKind::Paragraph, false);
        }
        let text = if self.is_block_empty() { text.trim_start() } else { text };
        if text.is_empty() {
            return;
        }
        if !self.is_marked {
            let mark = PlaceMark { text: self.document.text.len(), place: self.place.clone() };
            self.document.places.push(mark);
            self.is_marked = true;
        }
        if !self.labels.is_empty() && !text.trim().is_empty() {
            self.write_labels();
        }
        self.document.text.push_str(text);
    }

    /// As [`DocumentBuilder::heading`], for a heading that stands at the reader's place.
    pub fn add_heading(&mut self, level: u8, heading: &str) {
        let place = self.place.clone();
        self.open_section(level, heading, None, Some(place));
    }

    /// As [`DocumentBuilder::title`], for a title that stands at the reader's place.
    pub fn add_title(&mut self, title: &str) {
        self.document.sections[0].place = Some(self.place.clone());
        self.title(title, None);
    }

    /// Sets the title, and with it the heading of the root; the last call wins.
    /// `source`: the bytes of the line it stands on, where it has one.
    pub fn title(&mut self, title: &str, source: Option<Range<usize>>) {
        self.document.title = collapse(title);
        self.document.sections[0].source = source;
    }

    /// Whether nothing but metadata has been read so far: no heading, no block, no title.
    pub fn is_untouched(&self) -> bool {
        self.document.sections.len() == 1
            && self.document.blocks.is_empty()
            && self.document.title.is_empty()
    }

    /// Opens a section. `level`: as the source gives it (1 to 6 in Markdown); deeper levels nest
    /// under shallower ones whatever the numbers. Ends an open block. An empty heading is ignored.
    pub fn heading(&mut self, level: u8, heading: &str, source: Range<usize>) {
        self.open_section(level, heading, Some(source), None);
    }

    /// The source links to the next heading by this id: it becomes the section's slug. An id with white
    /// space in it, or a very long one, is no anchor.
    pub fn anchor(&mut self, id: &str) {
        let is_anchor = (1..=LONGEST_ANCHOR).contains(&id.len())
            && !id.contains(|c: char| c.is_whitespace() || c.is_control());
        self.anchor = is_anchor.then(|| id.to_owned());
    }

    fn open_section(
        &mut self,
        level: u8,
        heading: &str,
        source: Option<Range<usize>>,
        place: Option<Place>,
    ) {
        self.end();
        let anchor = self.anchor.take();
        let heading = collapse(heading);
        if heading.is_empty() {
            return;
        }
        if self.labels.iter().any(|label| label.is_written(self.source)) {
            self.write_bare_labels();
        }
        let is_bare = self.document.sections.len() == 1 && self.document.blocks.is_empty();
        if level == 1 && is_bare && heading == self.document.title {
            // The title of the front matter, once more where readers see it.
            self.document.sections[0].source = source;
            self.document.sections[0].place = place;
            return;
        }
        while self.open.last().is_some_and(|&(open, _)| open >= level) {
            self.open.pop();
        }
        let parent = self.section();
        let slug = self.unique(anchor.unwrap_or_else(|| slug(&heading)));
        let depth = self.document.sections[parent].depth + 1;
        let section =
            Section { parent: Some(parent), depth, heading, slug, role: None, source, place };
        self.open.push((level, self.document.sections.len()));
        self.document.sections.push(section);
    }

    /// Whether the current section, or one around it, has this heading.
    pub fn is_open(&self, heading: &str) -> bool {
        let mut open = self.open.iter().filter_map(|&(_, at)| self.document.sections.get(at));
        open.any(|section| section.heading.eq_ignore_ascii_case(heading))
    }

    /// Begins a block in the current section. `tight`: continues the list or table of the block
    /// before it. Ends an open block.
    pub fn begin(&mut self, kind: BlockKind, tight: bool) {
        self.end();
        let separator = match (self.document.blocks.last(), tight) {
            (None, _) => "",
            (Some(_), true) => "\n",
            (Some(_), false) => "\n\n",
        };
        self.document.text.push_str(separator);
        let tight = tight && !self.document.blocks.is_empty();
        self.block = Some((kind, tight, self.document.text.len()));
    }

    /// What has been added so far is followed by the mark of the note of this name; of `back` bytes that
    /// were added last it is not.
    pub fn note_mark(&mut self, name: &str, back: usize) {
        self.marks.push((self.document.text.len().saturating_sub(back), name.to_owned()));
    }

    /// How long the text is so far.
    pub fn text_len(&self) -> usize {
        self.document.text.len()
    }

    /// The text from here on, as it is so far.
    pub fn text_from(&self, start: usize) -> &str {
        self.document.text.get(start..).unwrap_or_default()
    }

    /// The last mark of a note is none.
    pub fn unmark_note(&mut self) {
        self.marks.pop();
    }

    /// The next block is the note of this name, or its first paragraph.
    pub fn note(&mut self, name: &str) {
        self.end();
        self.notes.entry(name.to_owned()).or_insert(self.document.blocks.len());
    }

    /// The same of the open block; of the next where none is open.
    pub fn note_here(&mut self, name: &str) {
        self.notes.entry(name.to_owned()).or_insert(self.document.blocks.len());
    }

    /// The marks whose notes there are.
    fn note_marks(&mut self) -> Vec<NoteMark> {
        let (blocks, end) = (self.document.blocks.len(), self.document.text.len());
        let notes = std::mem::take(&mut self.notes);
        let mut marks: Vec<NoteMark> = std::mem::take(&mut self.marks)
            .into_iter()
            .filter_map(|(text, name)| {
                let block = *notes.get(&name)?;
                (block < blocks).then_some(NoteMark { text: text.min(end), block })
            })
            .collect();
        marks.sort_by_key(|mark| mark.text);
        marks
    }

    /// The next text is that of an item of an ordered list, and this is its label; `depth`: how many lists it is
    /// in, itself included. `source`: the mark of the item, for which the label stands unless it is the same. An
    /// item in this one may have a label too; the next one of its depth takes its place.
    pub fn label(&mut self, depth: usize, label: &str, source: Option<Range<usize>>) {
        self.unlabel(depth);
        if !label.trim().is_empty() {
            self.labels.push(Label { text: label.trim().to_owned(), depth, source });
        }
    }

    /// The items of a list in so many lists, itself included, have ended: one without text leaves its label only
    /// where the source has it, in place of a text that is missing.
    pub fn unlabel(&mut self, depth: usize) {
        let is_over = |label: &Label| label.depth >= depth;
        if self.labels.iter().any(|label| is_over(label) && label.is_written(self.source)) {
            return self.write_bare_labels();
        }
        while self.labels.last().is_some_and(is_over) {
            self.labels.pop();
        }
    }

    /// Labels as a text of their own.
    fn write_bare_labels(&mut self) {
        let is_alone = !self.in_block();
        if is_alone {
            let before = self.document.blocks.last();
            let section = self.section();
            let goes_on =
                before.is_some_and(|it| it.kind == BlockKind::ListItem && it.section == section);
            self.begin(BlockKind::ListItem, goes_on);
        }
        self.write_labels();
        if is_alone {
            self.end();
        }
    }

    fn write_labels(&mut self) {
        for Label { text: mut label, source, .. } in std::mem::take(&mut self.labels) {
            let text = self.document.text.len();
            label.push(' ');
            if let Some(source) = source {
                let as_written = [source.start..source.end + 1, source.clone()];
                let own = as_written.into_iter().find(|bytes| {
                    let written = self.source.get(bytes.clone());
                    written.is_some_and(|it| it == label || it == label.trim_end())
                });
                let grain = if own.is_some() { Grain::Verbatim } else { Grain::Whole };
                let source = own.unwrap_or(source);
                let text_len = match grain {
                    Grain::Verbatim => source.len(),
                    _ => label.len() - 1,
                };
                let (source, source_len) = (source.start, source.len());
                self.document.map.push(Run { text, text_len, source, source_len, grain });
            }
            self.document.text.push_str(&label);
        }
    }

    /// Whether a block is open.
    pub fn in_block(&self) -> bool {
        self.block.is_some()
    }

    /// Adds text to the open block (opens a paragraph if there is none). `source`: what it came
    /// from; verbatim when the decoded source there equals `text`. White space at the start of a
    /// block is dropped.
    pub fn push(&mut self, text: &str, source: Range<usize>) {
        if self.block.is_none() {
            self.begin(BlockKind::Paragraph, false);
        }
        let verbatim = self.source.get(source.clone()) == Some(text);
        let (mut text, mut source) = (text, source);
        if self.is_block_empty() {
            let trimmed = text.trim_start();
            if verbatim {
                source.start += text.len() - trimmed.len();
            }
            text = trimmed;
        }
        if !self.labels.is_empty() && !text.trim().is_empty() {
            self.write_labels();
        }
        let run = Run {
            text: self.document.text.len(),
            text_len: text.len(),
            source: source.start,
            source_len: source.len(),
            grain: if verbatim { Grain::Verbatim } else { Grain::Whole },
        };
        self.document.map.push(run);
        self.document.text.push_str(text);
    }

    /// Adds text that is not in the source (a tab between the cells of a table, a blank where
    /// markup stood for one). Dropped at the start of a block.
    pub fn push_made(&mut self, text: &str) {
        if self.block.is_some() && !self.is_block_empty() {
            self.document.text.push_str(text);
        }
    }

    /// Whether the open block ends with white space, or is empty.
    pub fn ends_blank(&self) -> bool {
        self.is_block_empty() || self.document.text.ends_with(char::is_whitespace)
    }

    /// Ends the open block: white space at its end is dropped, and an empty block leaves no trace.
    pub fn end(&mut self) {
        let Some((kind, tight, start)) = self.block.take() else { return };
        let end = start + self.document.text[start..].trim_end().len();
        if end == start {
            self.cut(self.document.blocks.last().map_or(0, |block| block.range.end));
            return;
        }
        self.cut(end);
        let section = self.section();
        self.document.blocks.push(Block { kind, section, range: start..end, tight });
    }

    /// Adds a value to a key of the metadata; key and value are trimmed, the key in lower case with
    /// `_` for blanks. Empty values are ignored.
    pub fn metadata(&mut self, key: &str, value: &str) {
        let key = key.trim().to_lowercase().replace([' ', '-'], "_");
        let value = value.trim();
        if !key.is_empty() && !value.is_empty() {
            let values = self.document.metadata.entry(key).or_default();
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
    }

    /// Notes something odd about the source, which may therefore say what is not read.
    pub fn warn(&mut self, message: impl Into<String>, source: Option<Range<usize>>) {
        let message = message.into();
        self.document.warnings.push(Warning { message, source, hides_text: true });
    }

    /// The finished tree. Without a title, the only first section of depth 1 is *not* promoted:
    /// readers decide that by calling [`DocumentBuilder::title`]; the fallback is the file name.
    pub fn finish(mut self) -> Document {
        self.end();
        self.unlabel(0);
        self.document.note_marks = self.note_marks();
        if self.document.title.is_empty() {
            self.document.title = title_from_id(&self.document.id);
        }
        self.document.sections[0].heading = self.document.title.clone();
        let title = self.document.title.clone();
        self.document.sections[0].slug = self.unique(slug(&title));
        self.document
    }

    fn section(&self) -> usize {
        self.open.last().map_or(0, |&(_, index)| index)
    }

    fn is_block_empty(&self) -> bool {
        self.block.is_none_or(|(_, _, start)| start == self.document.text.len())
    }

    /// Shortens the text, and the map with it.
    fn cut(&mut self, end: usize) {
        self.document.text.truncate(end);
        // The mark of a note behind a blank stands at the end of what is left.
        for (text, _) in self.marks.iter_mut().rev().take_while(|(text, _)| *text > end) {
            *text = end;
        }
        while self.document.places.last().is_some_and(|mark| mark.text >= end) {
            self.document.places.pop();
            self.is_marked = false;
        }
        let runs = &mut self.document.map.runs;
        while runs.last().is_some_and(|run| run.text >= end) {
            runs.pop();
        }
        if let Some(run) = runs.last_mut()
            && run.text + run.text_len > end
        {
            run.text_len = end - run.text;
            if run.grain == Grain::Verbatim {
                run.source_len = run.text_len;
            }
        }
    }

    fn unique(&mut self, base: String) -> String {
        if self.slugs.insert(base.clone()) {
            return base;
        }
        let mut unique = base.clone();
        // "Foo" twice may meet "Foo 2": count on until the slug is free.
        while !self.slugs.insert(unique.clone()) {
            let copies = self.copies.entry(base.clone()).or_insert(1);
            *copies += 1;
            unique = format!("{base}-{copies}");
        }
        unique
    }
}

/// Whether a heading names a chapter, as chapters of many reports are named, and so is no title where other
/// headings are of its level.
pub fn names_a_chapter(heading: &str) -> bool {
    const NAMES: [&str; 16] = [
        "abstract",
        "acknowledgements",
        "acknowledgments",
        "background",
        "contents",
        "executive summary",
        "foreword",
        "introduction",
        "key findings",
        "methodology",
        "overview",
        "preface",
        "resumen ejecutivo",
        "résumé",
        "summary",
        "введение",
    ];
    let heading = collapse(heading).to_lowercase();
    let number = heading.split([' ', '.', ')']).next().unwrap_or_default();
    let is_numbered = !number.is_empty()
        && number.len() <= 4
        && heading.len() > number.len()
        && (number.chars().all(|c| c.is_ascii_digit())
            || heading[number.len()..].starts_with('.')
                && number.chars().all(|c| matches!(c, 'i' | 'v' | 'x')));
    let is_chapter =
        ["chapter ", "part ", "section ", "chapitre ", "capítulo ", "глава ", "kapitel "]
            .iter()
            .any(|word| heading.starts_with(word));
    is_numbered && number.len() < 3 || is_chapter || NAMES.contains(&heading.as_str())
}

/// White space collapsed to single blanks and trimmed.
pub fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `reports/human-trafficking_in-Kazakhstan.wiki` gives `human trafficking in Kazakhstan`.
fn title_from_id(id: &str) -> String {
    let name = id.rsplit(['/', '#']).next().unwrap_or(id);
    let stem =
        name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    let title = collapse(&stem.replace(['_', '-'], " "));
    if title.is_empty() { id.to_owned() } else { title }
}
