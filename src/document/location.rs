//! Where text stands in its source: bytes of a source that is text, pages, parts and paragraphs of one
//! that is not.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Where a piece of text came from in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whether its numbers make no sense.
    pub(super) fn is_unsound(&self) -> bool {
        let is_far = |start: usize, length: usize| {
            start.checked_add(length).is_none_or(|end| end > isize::MAX as usize)
        };
        is_far(self.text, self.text_len)
            || is_far(self.source, self.source_len)
            || matches!(self.grain, Grain::Characters { text: 0, .. })
    }

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Where a source begins in its file: bytes, and whole lines before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Bytes of the file before the source.
    pub bytes: usize,
    /// Lines of the file before the one that the source begins on.
    pub lines: usize,
}

/// A place in a source that is not text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The physical page or slide, one-based.
    pub page: Option<usize>,
    /// The label printed on that page.
    pub label: Option<String>,
    /// The part of a package, as an index into `Document::parts`: a chapter's file, a sheet.
    pub part: Option<usize>,
    /// The paragraph or row of that part, one-based.
    pub paragraph: Option<usize>,
}

/// From this offset of the text on, up to the next mark, text stands at this place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceMark {
    /// Offset in `Document::text`.
    pub text: usize,
    /// The place.
    pub place: Place,
}

/// Where text stands in its source. The digest of the source is kept once, with the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Half-open byte range in the source file.
    pub bytes: Option<Range<usize>>,
    /// First and last line, one-based, both included.
    pub lines: Option<(usize, usize)>,
    /// First and last physical page or slide, one-based, both included.
    pub pages: Option<(usize, usize)>,
    /// The printed labels of those pages.
    pub page_labels: Option<(String, String)>,
    /// The part of a package: a chapter's file, a sheet. Where text goes over several, the first.
    pub part: Option<String>,
    /// First and last paragraph or row of that part, one-based, both included.
    pub paragraphs: Option<(usize, usize)>,
}

impl Location {
    /// From the beginning of this place to the end of a later one of the same source.
    pub fn to(&self, last: &Location) -> Location {
        let is_one_part = self.part == last.part;
        let (from, to) = (self.clone(), last.clone());
        let span = |from: Option<(usize, usize)>, to: Option<(usize, usize)>| {
            from.zip(to).map(|(from, to)| (from.0, to.1))
        };
        Location {
            bytes: from.bytes.zip(to.bytes).map(|(from, to)| from.start..to.end),
            lines: span(from.lines, to.lines),
            pages: span(from.pages, to.pages),
            page_labels: from.page_labels.zip(to.page_labels).map(|(from, to)| (from.0, to.1)),
            part: from.part.filter(|_| is_one_part),
            paragraphs: span(from.paragraphs, to.paragraphs).filter(|_| is_one_part),
        }
    }
}
