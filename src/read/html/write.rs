//! Writes blocks of text: white space folds as CSS folds it, character references become their
//! characters, and each piece keeps its bytes of the source.

use std::ops::Range;

use crate::document::BlockKind;
use crate::read::raised::raised;
use crate::read::unspaced::goes_on;

/// What takes the text of a page: a builder that wants its bytes, or one that does not.
pub trait Sink {
    /// The page's title, where a heading shows it.
    fn title(&mut self, title: &str, source: Range<usize>);
    /// A heading; `anchor`: the id that links to it use.
    fn heading(&mut self, level: u8, heading: &str, anchor: Option<&str>, source: Range<usize>);
    /// A block begins.
    fn begin(&mut self, kind: BlockKind, tight: bool);
    /// Text of the open block.
    fn text(&mut self, text: &str, source: Range<usize>);
    /// Text that is not in the source.
    fn made(&mut self, text: &str);
    /// The next text is that of an item in so many lists with this label, which stands for its tag.
    fn label(&mut self, depth: usize, label: &str, source: Range<usize>);
    /// A list in so many, itself included, ends.
    fn unlabel(&mut self, depth: usize);
    /// The open block ends.
    fn end(&mut self);
    /// Where a link leads.
    fn link(&mut self, target: &str);
    /// A printed page begins.
    fn page(&mut self, label: &str);
    /// Whether text stands under a heading that says this.
    fn is_open(&self, _: &str) -> bool {
        false
    }
    /// What was written so far is followed by the mark of the note of this name.
    fn note_mark(&mut self, name: &str);
    /// The open block, or the next, is the note of this name.
    fn note(&mut self, name: &str);
}

/// White space, or the line break, that the next text comes after.
enum Gap {
    None,
    Blank(Range<usize>),
    Break(Range<usize>),
}

/// How text stands in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// White space folds, and character references count.
    Running,
    /// White space folds, and nothing else is replaced: CDATA.
    Verbatim,
    /// White space stays: `<pre>`.
    Preformatted,
}

/// Writes the text of blocks into a sink.
pub struct Writer<'a, S> {
    source: &'a str,
    pub sink: S,
    gap: Gap,
    /// Whether a block is open, and whether text has come in it.
    is_open: bool,
    has_text: bool,
    /// The kinds of the elements around, the innermost last.
    kinds: Vec<BlockKind>,
    /// For each open list and table, whether an item or row of it has been written.
    groups: Vec<bool>,
    /// Whether the next block is the first of its item or row.
    is_fresh: bool,
    /// In a row: whether the cell has text, and whether its next text comes on a new line.
    in_cell: bool,
    cell_breaks: bool,
    cell_has_text: bool,
    cells: usize,
    /// How many elements are open that raise their text.
    pub raised: usize,
    /// Whether text came since it was last set to false.
    pub wrote: bool,
}

impl<'a, S: Sink> Writer<'a, S> {
    /// Writes text of this source.
    pub fn new(source: &'a str, sink: S) -> Writer<'a, S> {
        Writer {
            source,
            sink,
            gap: Gap::None,
            is_open: false,
            has_text: false,
            kinds: Vec::new(),
            groups: Vec::new(),
            is_fresh: false,
            in_cell: false,
            cell_breaks: false,
            cell_has_text: false,
            cells: 0,
            raised: 0,
            wrote: false,
        }
    }

    /// What follows are blocks of this kind, up to [`Writer::leave`].
    pub fn enter(&mut self, kind: BlockKind) {
        self.boundary();
        self.kinds.push(kind);
        self.is_fresh = true;
        self.cells = 0;
    }

    /// Ends what [`Writer::enter`] began.
    pub fn leave(&mut self) {
        self.boundary();
        self.kinds.pop();
        self.is_fresh = false;
    }

    /// The kind of the innermost element around that gives its blocks a kind.
    pub fn kind(&self) -> BlockKind {
        self.kinds.last().copied().unwrap_or(BlockKind::Paragraph)
    }

    /// A list or table begins. A list in an item goes on with the list around it.
    pub fn open_group(&mut self, is_list: bool) {
        let goes_on = is_list && self.kind() == BlockKind::ListItem;
        self.boundary();
        self.groups.push(goes_on && self.groups.last().copied().unwrap_or(false));
    }

    /// The innermost list or table ends.
    pub fn close_group(&mut self) {
        self.boundary();
        let was_written = self.groups.pop().unwrap_or(false);
        if let Some(around) = self.groups.last_mut() {
            *around |= was_written;
        }
    }

    /// A cell of a row begins.
    pub fn cell(&mut self) {
        self.gap = Gap::None;
        if self.cells > 0 && self.is_open {
            self.sink.made("\t");
        }
        self.cells += 1;
        (self.in_cell, self.cell_breaks, self.cell_has_text) = (true, false, false);
    }

    /// The row's last cell has ended.
    pub fn end_cells(&mut self) {
        self.in_cell = false;
    }

    /// A block begins or ends here: in a cell, a line does.
    pub fn boundary(&mut self) {
        self.gap = Gap::None;
        if self.in_cell {
            self.cell_breaks = true;
        } else if self.is_open {
            self.sink.end();
            self.is_open = false;
        }
    }

    /// A line break; two of them end a block.
    pub fn line_break(&mut self, source: Range<usize>) {
        if matches!(self.gap, Gap::Break(_)) && !self.in_cell {
            return self.boundary();
        }
        self.gap = Gap::Break(source);
    }

    /// Text at these bytes of the source.
    pub fn write(&mut self, range: Range<usize>, manner: Manner) {
        let bytes = self.source.as_bytes();
        let (mut start, mut at) = (range.start, range.start);
        while at < range.end {
            let byte = bytes[at];
            let is_blank = manner != Manner::Preformatted && byte.is_ascii_whitespace();
            if !is_blank && byte != b'&' && byte != 0 {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            if is_blank {
                let more = bytes[end..range.end].iter();
                end += more.take_while(|byte| byte.is_ascii_whitespace()).count();
                if byte == b' ' && end == at + 1 && at > start && end < range.end {
                    at = end;
                    continue;
                }
                self.piece(start..at);
                self.blank(at..end);
            } else if byte == 0 {
                // HTML ignores them.
                self.piece(start..at);
            } else {
                let reference = (manner != Manner::Verbatim).then(|| self.reference(at, range.end));
                let Some((text, length)) = reference.flatten() else {
                    at += 1;
                    continue;
                };
                self.piece(start..at);
                end = at + length;
                self.referred(&text, at..end, manner);
            }
            (start, at) = (end, end);
        }
        self.piece(start..range.end);
    }

    fn referred(&mut self, text: &str, source: Range<usize>, manner: Manner) {
        let is_blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
        match is_blank && manner != Manner::Preformatted {
            true => self.blank(source),
            false => self.put(text, source),
        }
    }

    fn blank(&mut self, source: Range<usize>) {
        if matches!(self.gap, Gap::None) {
            self.gap = Gap::Blank(source);
        }
    }

    fn piece(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            let source = self.source;
            self.put(&source[range.clone()], range);
        }
    }

    fn put(&mut self, text: &str, source: Range<usize>) {
        if !self.is_open {
            self.begin();
        }
        if self.in_cell && self.cell_breaks && self.cell_has_text {
            self.sink.made("\n");
            self.gap = Gap::None;
        }
        self.cell_breaks = false;
        let follows_text = if self.in_cell { self.cell_has_text } else { self.has_text };
        match std::mem::replace(&mut self.gap, Gap::None) {
            Gap::Blank(gap) if follows_text && !self.is_inside_word(&gap, text) => {
                self.sink.text(" ", gap);
            }
            Gap::Break(gap) if follows_text => self.sink.text("\n", gap),
            _ => {}
        }
        match self.raised > 0 {
            true => self.sink.text(&raised(text), source),
            false => self.sink.text(text, source),
        }
        self.has_text |= !text.trim().is_empty();
        self.cell_has_text = true;
        self.wrote = true;
    }

    /// Whether a line of the source breaks between letters of a script without blanks.
    fn is_inside_word(&self, gap: &Range<usize>, next: &str) -> bool {
        let is_break = self.source.get(gap.clone()).is_some_and(|gap| gap.contains('\n'));
        // Between tags the letter before is not near: `goes_on` finds none there.
        is_break && self.source.get(..gap.start).is_some_and(|line| goes_on(line, next))
    }

    /// Writes the quotation mark that a browser shows for a start tag.
    pub fn open_quote(&mut self, mark: &str, source: Range<usize>) {
        self.put(mark, source);
    }

    /// Writes the one that it shows for an end tag.
    pub fn close_quote(&mut self, mark: &str) {
        if self.is_open {
            self.sink.made(mark);
        }
    }

    fn begin(&mut self) {
        let kind = self.kind();
        let is_first = std::mem::replace(&mut self.is_fresh, false);
        let tight = match kind {
            BlockKind::ListItem | BlockKind::TableRow => match self.groups.last_mut() {
                Some(is_written) => std::mem::replace(is_written, true) || !is_first,
                None => !is_first,
            },
            _ => false,
        };
        self.sink.begin(kind, tight);
        (self.is_open, self.has_text) = (true, false);
    }

    /// The text of the character reference at an offset, and its length in the source; `None` where
    /// the ampersand is one.
    fn reference(&self, at: usize, end: usize) -> Option<(String, usize)> {
        /// The longest name is `CounterClockwiseContourIntegral;`.
        const LONGEST: usize = 33;
        let bytes = self.source.as_bytes().get(at + 1..end)?;
        let is_inside = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'#';
        let mut length = 1 + bytes.iter().take(LONGEST).take_while(is_inside).count();
        length += usize::from(bytes.get(length - 1) == Some(&b';'));
        let written = self.source.get(at..at + length)?;
        let text = htmlize::unescape(written);
        (text != written).then(|| (text.into_owned(), length))
    }
}
