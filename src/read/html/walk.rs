//! Walks the tree of a page in the order of its text, and writes headings and blocks.

use std::collections::{HashMap, HashSet};

use super::hints::{Hints, flags_of};
use super::lists::Lists;
use super::tables::{TableKind, table_kinds};
use super::tags::Tag;
use super::tree::{Node, Tree};
use super::write::{Manner, Sink, Writer};
use crate::document::BlockKind;

/// A heading longer than this (characters) is text that was marked as one.
const LONGEST_HEADING: usize = 250;

/// A heading of more nodes is a part of the page that was marked as one.
const LARGEST_HEADING: usize = 200;

/// A mark of a printed page with more nodes holds more than the page's label.
const LARGEST_PAGE_MARK: usize = 20;

/// The mark of a note is no longer (characters), and has no more nodes.
const LONGEST_MARK: usize = 8;
const LARGEST_MARK: usize = 10;

/// What a walk writes.
#[derive(Debug, Default)]
pub struct Walk {
    /// The title: the heading that shows it opens no section.
    pub title: String,
    /// The labels of printed pages, by the id of the element where each begins.
    pub pages: HashMap<String, String>,
    /// The levels of headings, by their texts in lower case, where a table of contents tells them.
    pub levels: HashMap<String, u8>,
    /// The level of the first heading, where it is told and `levels` has not its text.
    pub first_level: Option<u8>,
    /// Whether tables of contents are left out.
    pub without_contents: bool,
    /// Of a part that no table of contents names: the own level of the last heading before it whose level was told, and
    /// the one told.
    pub told_before: Option<(u8, u8)>,
}

/// What ends with an element.
#[derive(Clone, Copy, Debug)]
enum Ending {
    Block,
    Kind,
    Group,
    List,
    Row,
    Pre,
    Quote,
    Raised,
}

/// Writes the text of a node into a sink.
pub fn walk<S: Sink>(tree: &Tree<'_>, root: usize, options: &Walk, sink: S) -> S {
    walk_part(tree, root, options, sink).0
}

/// The same of a part of a book; and the level of the last heading that was told, for the part after it.
pub fn walk_part<S: Sink>(
    tree: &Tree<'_>,
    root: usize,
    walk: &Walk,
    sink: S,
) -> (S, Option<(u8, u8)>) {
    let mut walker = Walker {
        tree,
        walk,
        writer: Writer::new(tree.source, sink),
        tables: table_kinds(tree),
        endings: Vec::new(),
        lists: Lists::default(),
        anchor: None,
        pre: 0,
        has_sections: false,
        told_level: walk.told_before,
        has_text: false,
        marked: HashSet::new(),
        quotes: 0,
    };
    let end = tree.inside(root).end.min(tree.nodes.len());
    let mut at = root;
    while at < end {
        walker.end_before(at);
        at = walker.node(at);
    }
    walker.end_before(usize::MAX);
    walker.writer.boundary();
    (walker.writer.sink, walker.told_level)
}

struct Walker<'t, 'a, S> {
    tree: &'t Tree<'a>,
    walk: &'t Walk,
    writer: Writer<'a, S>,
    tables: HashMap<u32, TableKind>,
    /// What ends before which node, the innermost last.
    endings: Vec<(u32, Ending)>,
    lists: Lists,
    /// The last element with an id since text was written.
    anchor: Option<usize>,
    pre: usize,
    has_sections: bool,
    /// The last heading whose level was told: its own level, and the one told.
    told_level: Option<(u8, u8)>,
    /// Whether there was text beside headings.
    has_text: bool,
    /// The names of notes that were marked.
    marked: HashSet<String>,
    /// Open quotations.
    quotes: usize,
}

impl<S: Sink> Walker<'_, '_, S> {
    fn end_before(&mut self, at: usize) {
        while let Some(&(end, ending)) = self.endings.last() {
            if end as usize > at {
                return;
            }
            self.endings.pop();
            match ending {
                Ending::Block => self.writer.boundary(),
                Ending::Kind => self.writer.leave(),
                Ending::Group => self.writer.close_group(),
                Ending::List => {
                    self.writer.sink.unlabel(self.lists.depth());
                    self.lists.close();
                }
                Ending::Row => {
                    self.writer.end_cells();
                    self.writer.leave();
                }
                Ending::Pre => {
                    self.pre -= 1;
                    self.writer.leave();
                }
                Ending::Quote => {
                    self.quotes -= 1;
                    self.writer.close_quote(quotation_marks(self.quotes).1);
                }
                Ending::Raised => self.writer.raised -= 1,
            }
        }
    }

    /// Writes what begins with a node; the node to go on with.
    fn node(&mut self, at: usize) -> usize {
        let node = self.tree.nodes[at];
        let after = self.tree.inside(at).end;
        if node.tag.is_text() {
            let manner = match node.tag {
                _ if self.pre > 0 => Manner::Preformatted,
                Tag::Verbatim => Manner::Verbatim,
                _ => Manner::Running,
            };
            self.writer.write(node.range(), manner);
            self.has_text |= self.writer.wrote;
            return after;
        }
        if self.is_left_out(&node) {
            if node.tag == Tag::Li && !node.has(flags_of::HIDDEN) {
                self.lists.label(self.tree, at);
            }
            return after;
        }
        if let Some(note) = self.note_mark(at, &node) {
            if !note.is_empty() {
                self.writer.sink.note_mark(&note);
                self.marked.insert(note);
            }
            return after;
        }
        if std::mem::replace(&mut self.writer.wrote, false) {
            self.anchor = None;
        }
        if self.is_page(at, &node) {
            return after;
        }
        if node.has(flags_of::ANCHOR) {
            self.anchor = Some(at);
        }
        if node.level > 0 && self.heading(at, &node) {
            return after;
        }
        self.element(at, &node);
        if !self.marked.is_empty() && node.has(flags_of::ANCHOR) {
            self.note(at);
        }
        at + 1
    }

    /// Tells the sink where a note is that was marked.
    fn note(&mut self, at: usize) {
        let name = |name| self.tree.attribute(at, name).map(|id| id.to_lowercase());
        let names = [name("id"), name("name")].into_iter().flatten();
        for name in names.filter(|name| self.marked.contains(name)).collect::<Vec<_>>() {
            self.writer.sink.note(&name);
        }
    }

    fn is_left_out(&self, node: &Node) -> bool {
        node.tag.is_never_shown()
            || node.has(flags_of::DROPPED)
            || self.walk.without_contents && node.has(flags_of::CONTENTS)
    }

    /// A link to a note, by its number or sign: no part of the word or number that it stands after. The name of the
    /// note in small letters; empty of the arrow that leads back from a note.
    fn note_mark(&self, at: usize, node: &Node) -> Option<String> {
        if node.tag != Tag::A || self.tree.inside(at).len() > LARGEST_MARK {
            return None;
        }
        let text = self.tree.text(at);
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_MARK {
            return None;
        }
        let is_arrow =
            text.chars().all(|c| matches!(c, '↩' | '↑' | '^' | '\u{fe0e}' | '\u{fe0f}' | '⏎'));
        let target = self.tree.attribute(at, "href").unwrap_or_default().to_lowercase();
        let (_, fragment) = target.split_once('#')?;
        if is_arrow {
            return Some(String::new());
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let is_sign =
            |c: char| c.is_alphanumeric() || c.is_whitespace() || "[]()*†‡§¶#.,^".contains(c);
        let is_short =
            letters <= 1 || letters <= 5 && text.chars().all(|c| "ivxlc[]()".contains(c));
        let class = || self.tree.attribute(at, "class").unwrap_or_default().to_lowercase();
        let is_named = node.has(flags_of::MARK)
            || is_note_name(fragment)
            || self.is_raised(node)
            || class().split_ascii_whitespace().any(|name| {
                matches!(
                    name,
                    "footnote-ref" | "footnoteref" | "noteref" | "endnote-ref" | "fn-ref"
                )
            });
        (is_named && is_short && text.chars().all(is_sign)).then(|| decoded(fragment))
    }

    /// Whether a link begins what is raised, or what is raised begins it. The tree leaves out elements that only change
    /// how text looks.
    fn is_raised(&self, node: &Node) -> bool {
        let source = self.tree.source;
        let is_sup = |tag: &str| {
            let name = tag.get(..4).unwrap_or_default();
            name.eq_ignore_ascii_case("<sup")
                && !tag[4..].starts_with(|c: char| c.is_alphanumeric())
        };
        let before = source.get(..node.from as usize).unwrap_or_default().trim_end();
        let tag = before.ends_with('>').then(|| before.rfind('<').and_then(|at| before.get(at..)));
        let after = source.get(node.to as usize..).unwrap_or_default();
        tag.flatten().is_some_and(is_sup) || is_sup(after.trim_start())
    }

    /// A mark of a page's beginning: its label is no text.
    fn is_page(&mut self, at: usize, node: &Node) -> bool {
        let by_id = || {
            if self.walk.pages.is_empty() || !node.has(flags_of::ANCHOR) {
                return None;
            }
            self.walk.pages.get(self.tree.attribute(at, "id")?.as_ref()).cloned()
        };
        let is_mark = node.has(flags_of::PAGE);
        // A large one was never closed, and may hold thousands like itself.
        let is_small = self.tree.inside(at).len() <= LARGEST_PAGE_MARK;
        let named = |name| self.tree.attribute(at, name).map(|label| label.trim().to_owned());
        let label = match is_mark {
            true => by_id()
                .or_else(|| named("title").filter(|label| !label.is_empty()))
                .or_else(|| named("aria-label").filter(|label| !label.is_empty()))
                .or_else(|| is_small.then(|| self.tree.text(at))),
            false => by_id(),
        };
        let is_short = |label: &String| !label.is_empty() && label.chars().count() <= 20;
        if let Some(label) = label.filter(is_short) {
            self.writer.sink.page(label.trim_start_matches("Page ").trim());
            return is_mark;
        }
        false
    }

    /// Writes a heading, if the node is one.
    fn heading(&mut self, at: usize, node: &Node) -> bool {
        let inside = self.tree.inside(at);
        // A large one is not looked into: it may hold thousands like itself.
        if inside.len() > LARGEST_HEADING || self.writer.kind() == BlockKind::TableRow {
            return false;
        }
        let nodes = self.tree.nodes.get(inside.clone()).unwrap_or_default();
        let texts = nodes.iter().filter(|node| node.tag.is_text());
        let length: usize = texts.map(|node| node.range().len()).sum();
        let holds_blocks =
            nodes.iter().any(|node| matches!(node.tag, Tag::Table | Tag::Li) || node.level > 0);
        if holds_blocks || length > 8 * LONGEST_HEADING {
            return false;
        }
        let heading = self.tree.heading(at);
        if heading.chars().count() > LONGEST_HEADING {
            return false;
        }
        self.writer.boundary();
        let shown = || {
            nodes.iter().filter(|node| {
                node.tag.is_text() && !self.tree.source[node.range()].trim().is_empty()
            })
        };
        let (Some(first), Some(last)) = (shown().next(), shown().next_back()) else { return true };
        let lead = &self.tree.source[first.range()];
        let start = first.from as usize + lead.len() - lead.trim_start().len();
        let source = start..last.from as usize + self.tree.source[last.range()].trim_end().len();
        if node.level == 1 && !self.has_sections && heading == self.walk.title {
            self.writer.sink.title(&heading, source);
            return true;
        }
        let own = [at].into_iter().chain(inside);
        let anchor = own
            .chain(self.anchor)
            .find(|&node| self.tree.nodes.get(node).is_some_and(|n| n.has(flags_of::ANCHOR)))
            .and_then(|node| {
                self.tree.attribute(node, "id").or_else(|| self.tree.attribute(node, "name"))
            });
        self.anchor = None;
        self.has_sections |= !heading.is_empty();
        let level = self.level(node.level, &heading);
        // Pages of a book have the heading of their chapter over them.
        let goes_on = self.walk.told_before.is_some() && !self.has_text;
        if goes_on && self.writer.sink.is_open(&heading) {
            return true;
        }
        self.writer.sink.heading(level, &heading, anchor.as_deref(), source);
        true
    }

    /// The level of a heading: as the table of contents tells it, or beside or under the last that is
    /// in it.
    fn level(&mut self, own: u8, heading: &str) -> u8 {
        if self.walk.levels.is_empty() && self.told_level.is_none() {
            return own;
        }
        let first = self.walk.first_level.filter(|_| self.told_level.is_none());
        if let Some(told) = self.walk.levels.get(&heading.to_lowercase()).copied().or(first) {
            self.told_level = Some((own, told));
            return told;
        }
        let Some((own_of_told, told)) = self.told_level else { return own };
        (told.saturating_add(own)).saturating_sub(own_of_told).max(1)
    }

    fn element(&mut self, at: usize, node: &Node) {
        let end = node.end;
        let in_row = self.writer.kind() == BlockKind::TableRow;
        self.count(at, node);
        match node.tag {
            Tag::Br => return self.writer.line_break(node.range()),
            Tag::A => self.link(at),
            Tag::Q => {
                self.writer.open_quote(quotation_marks(self.quotes).0, node.range());
                self.quotes += 1;
                return self.endings.push((end, Ending::Quote));
            }
            Tag::Sup => {
                self.writer.raised += 1;
                return self.endings.push((end, Ending::Raised));
            }
            Tag::Pre | Tag::Listing | Tag::Xmp | Tag::Plaintext if !in_row => {
                self.writer.enter(BlockKind::Code);
                self.pre += 1;
                return self.endings.push((end, Ending::Pre));
            }
            Tag::Ul | Tag::Ol | Tag::Dl | Tag::Menu if !in_row => {
                self.writer.open_group(true);
                self.endings.push((end, Ending::Group));
            }
            Tag::Table if !in_row => self.table(at, node),
            Tag::Tr if !in_row && self.in_rows(at) => {
                self.writer.enter(BlockKind::TableRow);
                return self.endings.push((end, Ending::Row));
            }
            Tag::Td | Tag::Th if in_row => return self.writer.cell(),
            _ => {}
        }
        if in_row {
            if is_shown_as_block(node) {
                self.writer.boundary();
                self.endings.push((end, Ending::Block));
            }
            return;
        }
        match self.own_kind(at, node) {
            Some(kind) => {
                self.writer.enter(kind);
                self.endings.push((end, Ending::Kind));
            }
            None if is_shown_as_block(node) => {
                self.writer.boundary();
                self.endings.push((end, Ending::Block));
            }
            None => {}
        }
    }

    /// Counts the items of lists.
    fn count(&mut self, at: usize, node: &Node) {
        match node.tag {
            Tag::Ul | Tag::Ol | Tag::Menu => {
                self.lists.open(self.tree, at);
                self.endings.push((node.end, Ending::List));
            }
            Tag::Li => {
                let label = self.lists.label(self.tree, at).unwrap_or_default();
                self.writer.sink.label(self.lists.depth(), &label, node.range());
            }
            _ => {}
        }
    }

    fn table(&mut self, at: usize, node: &Node) {
        if self.tables.get(&(at as u32)) == Some(&TableKind::Data) {
            self.writer.open_group(false);
            self.endings.push((node.end, Ending::Group));
        }
    }

    /// Whether a row belongs to a table of data.
    fn in_rows(&self, at: usize) -> bool {
        let table = self.tree.nodes.get(at).map(|node| node.parent as usize).and_then(|parent| {
            let body = self.tree.nodes.get(parent)?;
            Some(if body.tag == Tag::Table { parent as u32 } else { body.parent })
        });
        table.is_some_and(|table| self.tables.get(&table) == Some(&TableKind::Data))
    }

    /// The kind that an element gives to the blocks in it.
    fn own_kind(&self, at: usize, node: &Node) -> Option<BlockKind> {
        let is_note = node.has(flags_of::NOTE) && is_shown_as_block(node)
            || node.hints.has(Hints::NOTES) && self.is_named_note(at, node)
            || node.tag == Tag::Li && self.is_note_item(at, node);
        if is_note || self.writer.kind() == BlockKind::Note && node.tag == Tag::Li {
            return Some(BlockKind::Note);
        }
        match node.tag {
            Tag::Li | Tag::Dt | Tag::Dd => Some(BlockKind::ListItem),
            Tag::Blockquote => Some(BlockKind::Quotation),
            _ => None,
        }
    }

    /// Whether a class or the id is one that notes have.
    fn is_named_note(&self, at: usize, node: &Node) -> bool {
        const NAMES: [&str; 14] = [
            "footnote",
            "footnotes",
            "endnote",
            "endnotes",
            "references",
            "reference-list",
            "msofootnotetext",
            "msoendnotetext",
            "wp-block-footnotes",
            "footnote-text",
            "footnote-item",
            "footnote-definition",
            "footnotes-list",
            "footnotes_list",
        ];
        use Tag::*;
        let may_be = matches!(node.tag, Ol | Ul | Li | P | Div | Section | Aside | Dl | Dd);
        let names = |name| self.tree.attribute(at, name).unwrap_or_default();
        may_be
            && ["class", "id"].iter().any(|attribute| {
                let names = names(attribute).to_lowercase();
                names.split_ascii_whitespace().any(|name| NAMES.contains(&name))
            })
    }

    /// An item whose id is that of a note: `fn1`, `cite_note-3`, `footnote-2`.
    fn is_note_item(&self, at: usize, node: &Node) -> bool {
        if !node.has(flags_of::ANCHOR) {
            return false;
        }
        is_note_name(&self.tree.attribute(at, "id").unwrap_or_default().to_lowercase())
    }

    fn link(&mut self, at: usize) {
        let Some(target) = self.tree.attribute(at, "href") else { return };
        let target = target.trim();
        let scheme = target.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !target.is_empty()
            && !target.starts_with('#')
            && !matches!(scheme.as_str(), "javascript" | "data")
        {
            self.writer.sink.link(target);
        }
    }
}

/// What a browser shows around a quotation in a paragraph, and around one inside that.
fn quotation_marks(depth: usize) -> (&'static str, &'static str) {
    if depth.is_multiple_of(2) { ("“", "”") } else { ("‘", "’") }
}

/// A name in an address, where `%3A` stands for a colon.
fn decoded(name: &str) -> String {
    let Some((start, rest)) = name.split_once('%') else { return name.to_owned() };
    let mut bytes = start.as_bytes().to_vec();
    for part in rest.split('%') {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.as_bytes().get(2..).unwrap_or_default());
            }
            None => {
                bytes.push(b'%');
                bytes.extend(part.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).to_lowercase()
}

/// Whether an id, in lower case, is one that notes have: `fn1`, `_ftn2`, `cite_note-3`.
fn is_note_name(id: &str) -> bool {
    const STARTS: [&str; 9] = [
        "fn",
        "ftn",
        "_ftn",
        "_edn",
        "cite_note",
        "sdfootnote",
        "footnote",
        "endnote",
        "user-content-fn",
    ];
    let rest = STARTS.iter().find_map(|start| id.strip_prefix(start));
    rest.is_some_and(|rest| {
        let rest = rest.trim_start_matches(['-', '_', ':', '.']);
        rest.starts_with(|c: char| c.is_ascii_digit()) || id.starts_with("cite_note")
    })
}

fn is_shown_as_block(node: &Node) -> bool {
    node.tag.is_block() || node.has(flags_of::BLOCK) || node.level > 0
}
