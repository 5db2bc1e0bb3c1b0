//! The tree of a report: sections, blocks, metadata, and the way from its text back to its source.
//!
//! A reader that runs in a child process hands its document over as bytes: that is why these types
//! serialize. It is no format that anything stores.

mod location;
mod names;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use location::{Grain, Location, Origin, Place, PlaceMark, Run, SourceMap};
pub use names::{name_text, path_of};

/// Metadata of a report: a lower-case key (`country`, `year`, `source`, ...) and its values in order.
pub type Metadata = BTreeMap<String, Vec<String>>;

/// One report: a title, metadata, a tree of sections, and the text of its blocks.
///
/// `text` holds the words of the blocks only, without headings and markup. The blocks lie in it in
/// order, without overlap; between two blocks stands only the white space that separates them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The path under the root of the corpus, with `/`, plus `#record` inside a container.
    pub id: String,
    /// The title; never empty: where a report has none it is made from the file name.
    pub title: String,
    /// BCP 47 language tag, where known.
    pub lang: Option<String>,
    /// What is known of it: keys and their values.
    pub metadata: Metadata,
    /// The sections in the order of the text, parents before their children; the first is the whole
    /// report, and its heading is the title.
    pub sections: Vec<Section>,
    /// The blocks in the order of the text.
    pub blocks: Vec<Block>,
    /// The words of the blocks, with white space between blocks only.
    pub text: String,
    /// Where the text refers to notes, as far as the source says so, in the order of the text.
    pub note_marks: Vec<NoteMark>,
    /// Where the text links to something, as far as readers keep that, in the order of the text.
    pub links: Vec<Link>,
    /// Where each part of `text` stands in a source that is text.
    pub map: SourceMap,
    /// Where each part of `text` stands in a source that is not: pages, slides, parts, paragraphs, in
    /// the order of the text.
    pub places: Vec<PlaceMark>,
    /// The names of the parts of a package that `places` speak of.
    pub parts: Vec<String>,
    /// Where the source begins in its file: not at 0 for a record of a larger file.
    pub origin: Origin,
    /// SHA-256 of the source: the file, the member of an archive, or the record.
    pub sha256: [u8; 32],
    /// Byte offsets in the source at which its lines begin; the first is 0 (or the end of a byte
    /// order mark). A line ends with LF, CR LF or CR.
    pub line_starts: Vec<usize>,
    /// What was odd about the source; reading never fails on content.
    pub warnings: Vec<Warning>,
}

/// A heading and what is under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Index of the enclosing section in `Document::sections`; `None` for the first, the report.
    pub parent: Option<usize>,
    /// Depth in the tree: 0 for the report itself, 1 for its sections, whatever the source called
    /// them (a heading of level 4 directly under the title has depth 1).
    pub depth: usize,
    /// The heading as text, markup gone, white space collapsed.
    pub heading: String,
    /// Unique within the report, made from the heading: `prosecution-2008`, then `prosecution-2008-2`.
    pub slug: String,
    /// What the section is about in the field's terms (`prosecution`, `protection`, ...), where known.
    pub role: Option<String>,
    /// Source bytes of the heading's line, where it has one.
    pub source: Option<Range<usize>>,
    /// Where the heading stands in a source that is not text.
    pub place: Option<Place>,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// One row of a table, cells separated by a tab.
    TableRow,
    /// Text quoted as a block.
    Quotation,
    /// A footnote, endnote or reference note.
    Note,
    /// Preformatted text.
    Code,
}

/// A paragraph, list item, table row, quotation or note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Index into `Document::sections`.
    pub section: usize,
    /// Bytes of `Document::text`; never empty, begins and ends with a character that is not white space.
    pub range: Range<usize>,
    /// Whether it continues the list or table of the block before it: then one line feed separates
    /// the two, otherwise two.
    pub tight: bool,
}

/// Where running text refers to a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteMark {
    /// Offset in `Document::text`: what stands before it is what the note is about. The mark itself is no
    /// text.
    pub text: usize,
    /// Index into `Document::blocks` of the note, or of its first paragraph.
    pub block: usize,
}

/// A link of running text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The linked words in `Document::text`.
    pub text: Range<usize>,
    /// What it leads to, as it is written.
    pub target: String,
}

/// Something odd about a source, with its place where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What is odd, in a few words.
    pub message: String,
    /// Source bytes.
    pub source: Option<Range<usize>>,
    /// Whether the source may say what the document does not: a page without text, a table cut off, letters that are none.
    pub hides_text: bool,
}

impl Document {
    /// What does not hold together, if anything: a reader's fault, or a document that came from a
    /// process that was led astray. Everything after reading relies on it.
    pub fn fault(&self) -> Option<&'static str> {
        let is_tree = self.sections.iter().enumerate().all(|(index, section)| {
            section.parent.map_or(index == 0, |parent| parent < index)
                && index.min(1) <= section.depth
        });
        if self.sections.is_empty() || !is_tree {
            return Some("its sections are no tree");
        }
        let (mut end, mut section) = (0, 0);
        for block in &self.blocks {
            let is_text = self.text.get(block.range.clone()).is_some_and(|text| !text.is_empty());
            let is_next = block.range.start >= end && block.section >= section;
            if !is_text || !is_next || block.section >= self.sections.len() {
                return Some("its blocks are out of order");
            }
            (end, section) = (block.range.end, block.section);
        }
        let is_noted =
            |mark: &NoteMark| mark.block < self.blocks.len() && mark.text <= self.text.len();
        if !self.note_marks.iter().all(is_noted) {
            return Some("its marks of notes lead nowhere");
        }
        if !self.links.iter().all(|link| self.text.get(link.text.clone()).is_some()) {
            return Some("its links are out of its text");
        }
        let is_sorted = self.places.is_sorted_by_key(|mark| mark.text)
            && self.line_starts.is_sorted()
            && self.map.runs.is_sorted_by(|a, b| a.text.checked_add(a.text_len) <= Some(b.text));
        if !is_sorted || self.map.runs.iter().any(|run| run.is_unsound()) {
            return Some("its places are out of order");
        }
        None
    }

    /// The headings from the title down to a section.
    pub fn trail(&self, section: usize) -> Vec<String> {
        let mut trail = Vec::new();
        let mut next = Some(section);
        while let Some(section) = next.and_then(|index| self.sections.get(index)) {
            trail.push(section.heading.clone());
            next = section.parent;
        }
        trail.reverse();
        trail
    }

    /// The place in the source of a range of `text`.
    pub fn locate(&self, text: Range<usize>) -> Location {
        let mut location = match self.map.locate(text.clone()) {
            Some(bytes) => self.at_bytes(bytes),
            None => Location::default(),
        };
        let first = self.places.partition_point(|mark| mark.text <= text.start);
        let end = self.places.partition_point(|mark| mark.text < text.end.max(text.start + 1));
        let places = self.places.get(first.max(1) - 1..end.max(1)).unwrap_or_default();
        let places: Vec<&Place> = places.iter().map(|mark| &mark.place).collect();
        self.at_places(&places, &mut location);
        location
    }

    /// The place in the source of a section's heading.
    pub fn locate_heading(&self, section: usize) -> Location {
        let Some(section) = self.sections.get(section) else { return Location::default() };
        let mut location = match section.source.clone() {
            Some(bytes) => self.at_bytes(bytes),
            None => Location::default(),
        };
        if let Some(place) = &section.place {
            self.at_places(&[place], &mut location);
        }
        location
    }

    fn at_bytes(&self, bytes: Range<usize>) -> Location {
        let (first, last) = self.lines_of(&bytes);
        let Origin { bytes: skip, lines } = self.origin;
        Location {
            bytes: Some(skip + bytes.start..skip + bytes.end),
            lines: Some((lines + first, lines + last)),
            ..Location::default()
        }
    }

    fn at_places(&self, places: &[&Place], location: &mut Location) {
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
        let label = |place: &Place| place.label.clone().or(place.page.map(|page| page.to_string()));
        location.pages = first.page.zip(last.page);
        if first.label.is_some() || last.label.is_some() {
            location.page_labels = label(first).zip(label(last));
        }
        location.part = first.part.and_then(|part| self.parts.get(part).cloned());
        // The shapes of a slide are read as they stand on it, and numbered as they stand in the file.
        let of_part = places.iter().filter(|place| place.part == first.part);
        let paragraphs = of_part.filter_map(|place| place.paragraph);
        location.paragraphs = paragraphs.clone().min().zip(paragraphs.max());
    }

    /// First and last line (one-based) of a range of source bytes, counted from the start of the source.
    pub fn lines_of(&self, bytes: &Range<usize>) -> (usize, usize) {
        let line =
            |offset: usize| self.line_starts.partition_point(|&start| start <= offset).max(1);
        (line(bytes.start), line(bytes.end.saturating_sub(1).max(bytes.start)))
    }
}

/// A heading as an anchor: letters and digits in lower case, everything else one hyphen. Indexes hold what differs
/// from it: with this the format changes (`engine::local::FORMAT`).
pub fn slug(heading: &str) -> String {
    let mut slug = String::with_capacity(heading.len());
    let mut add = |c: char| {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') && !matches!(c, '\'' | '’') {
            slug.push('-');
        }
    };
    heading.chars().for_each(|c| match c.is_ascii() {
        true => add(c.to_ascii_lowercase()),
        false => c.to_lowercase().for_each(&mut add),
    });
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() { "section".to_owned() } else { slug }
}
