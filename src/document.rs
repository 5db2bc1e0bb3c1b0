//! The tree of a report: sections, blocks, metadata, and the map from its text back to its source.

use std::collections::BTreeMap;
use std::ops::Range;

/// Metadata of a report: a lower-case key (`country`, `year`, `source`, ...) and its values in order.
pub type Metadata = BTreeMap<String, Vec<String>>;

/// One report: a title, metadata, a tree of sections, and the text of its blocks.
///
/// `text` holds the words of the blocks only, without headings and markup. The blocks lie in it in
/// order, without overlap; between two blocks stands only the white space that separates them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Where each part of `text` stands in the source.
    pub map: SourceMap,
    /// SHA-256 of the source file.
    pub sha256: [u8; 32],
    /// Byte offsets in the source at which its lines begin; the first is 0 (or the end of a byte
    /// order mark). A line ends with LF, CR LF or CR.
    pub line_starts: Vec<usize>,
    /// What was odd about the source; reading never fails on content.
    pub warnings: Vec<Warning>,
}

/// A heading and what is under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Something odd about a source, with its place where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is odd, in a few words.
    pub message: String,
    /// Source bytes.
    pub source: Option<Range<usize>>,
}

/// Where a piece of text came from in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Offset of the first byte in `Document::text`.
    pub text: usize,
    /// Length in `Document::text`, bytes.
    pub text_len: usize,
    /// Offset of the first byte in the source.
    pub source: usize,
    /// Length in the source, bytes.
    pub source_len: usize,
    /// How the two correspond inside the run.
    pub grain: Grain,
}

/// How offsets inside a run of text correspond to offsets in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// The text equals the bytes of the source.
    Verbatim,
    /// The source is in another encoding: each character has `text` bytes here and `source` bytes
    /// there.
    Characters {
        /// Bytes of each character in the text.
        text: u8,
        /// Bytes of each character in the source.
        source: u8,
    },
    /// The run stands for its source as a whole: an entity, folded white space.
    Whole,
}

impl Run {
    /// The source offset of the character that holds this offset of the text; the end of the source
    /// for the end of the text.
    fn start_of(&self, text: usize) -> usize {
        let within = text.saturating_sub(self.text);
        match self.grain {
            Grain::Verbatim => self.source + within,
            Grain::Characters { text, source } => {
                self.source + within / usize::from(text) * usize::from(source)
            }
            Grain::Whole => self.source,
        }
    }

    /// The source offset just after the character that ends at or holds this offset of the text.
    fn end_of(&self, text: usize) -> usize {
        let within = (text - self.text).min(self.text_len);
        match self.grain {
            Grain::Verbatim => self.source + within,
            Grain::Characters { text, source } => {
                self.source + within.div_ceil(usize::from(text)) * usize::from(source)
            }
            Grain::Whole => self.source + self.source_len,
        }
    }
}

/// The map from text to source: runs in the order of the text, without overlap. Text between runs
/// (separators of blocks) was put there by the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// The runs, in order.
    pub runs: Vec<Run>,
}

impl SourceMap {
    /// The source bytes of a range of text: the least range that holds the sources of all its mapped
    /// bytes (a table inside a table is read after it, so sources need not be in order). `None` when
    /// nothing in the range came from the source.
    pub fn locate(&self, text: Range<usize>) -> Option<Range<usize>> {
        let first = self.runs.partition_point(|run| run.text + run.text_len <= text.start);
        let end = self.runs.partition_point(|run| run.text < text.end);
        let touched = self.runs.get(first..end)?;
        let start = touched.iter().map(|run| run.start_of(text.start)).min()?;
        let stop = touched.iter().map(|run| run.end_of(text.end)).max()?;
        (start < stop).then_some(start..stop)
    }

    /// Appends a run, merging it with the last one where the two adjoin and correspond alike.
    pub fn push(&mut self, run: Run) {
        if run.text_len == 0 {
            return;
        }
        if let Some(last) = self.runs.last_mut()
            && last.grain == run.grain
            && last.grain != Grain::Whole
            && last.text + last.text_len == run.text
            && last.source + last.source_len == run.source
        {
            last.text_len += run.text_len;
            last.source_len += run.source_len;
            return;
        }
        self.runs.push(run);
    }
}

/// Where text stands in its source. The digest of the source is kept once, with the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Half-open byte range in the source file.
    pub bytes: Option<Range<usize>>,
    /// First and last line, one-based, both included.
    pub lines: Option<(usize, usize)>,
    /// First and last physical page, one-based, both included.
    pub pages: Option<(usize, usize)>,
    /// The printed labels of those pages.
    pub page_labels: Option<(String, String)>,
}

impl Document {
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
        let bytes = self.map.locate(text);
        let lines = bytes.as_ref().map(|bytes| self.lines_of(bytes));
        Location { bytes, lines, ..Location::default() }
    }

    /// First and last line (one-based) of a range of source bytes.
    pub fn lines_of(&self, bytes: &Range<usize>) -> (usize, usize) {
        let line =
            |offset: usize| self.line_starts.partition_point(|&start| start <= offset).max(1);
        (line(bytes.start), line(bytes.end.saturating_sub(1).max(bytes.start)))
    }
}
