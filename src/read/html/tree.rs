//! The tree of a page: its elements and texts in the order of the source, by the rules of the WHATWG
//! tree construction (HTML Living Standard, section 13.2.6) that change which block a text is in.
//!
//! A node's descendants follow it up to its `end`: walks need neither pointers nor recursion. For each
//! tag the depths at which it is open are kept, so that no tag searches the stack of open elements.

use std::borrow::Cow;
use std::ops::Range;

use super::hints::{Hints, flags_of};
use super::tags::Tag;
use super::tokenize::{RawText, Token, Tokenizer, attributes_at};
use crate::read::builder::collapse;
use crate::read::raised::raised;

/// An element or a text.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub tag: Tag,
    /// The level of a heading: from the tag, or from `role=heading` and `aria-level`; 0 of no heading.
    pub level: u8,
    /// What its attributes say: see [`super::hints`].
    pub flags: u16,
    pub hints: Hints,
    pub parent: u32,
    /// The index after its last descendant.
    pub end: u32,
    /// The bytes of the start tag or the text.
    pub from: u32,
    pub to: u32,
}

impl Node {
    /// Whether its attributes say this.
    pub fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// The bytes of the start tag or the text.
    pub fn range(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// A page.
#[derive(Debug)]
pub struct Tree<'a> {
    pub source: &'a str,
    /// The first is the root.
    pub nodes: Vec<Node>,
}

impl<'a> Tree<'a> {
    /// Reads a page. `is_xml`: tags may close themselves.
    pub fn parse(source: &'a str, is_xml: bool) -> Tree<'a> {
        let mut builder = TreeBuilder::new(source, is_xml);
        while let Some(token) = builder.tokenizer.next_token() {
            builder.token(token);
        }
        builder.pop_to(0);
        Tree { source, nodes: builder.nodes }
    }

    /// The value of an element's attribute.
    pub fn attribute(&self, node: usize, name: &str) -> Option<Cow<'a, str>> {
        let node =
            self.nodes.get(node).filter(|node| !node.tag.is_text() && node.from < node.to)?;
        let source = self.source;
        let found = attributes_at(source, node.from as usize)
            .into_iter()
            .find(|attribute| source[attribute.name.clone()].eq_ignore_ascii_case(name))?;
        Some(htmlize::unescape_attribute(&source[found.value]))
    }

    /// The indices of a node's descendants.
    pub fn inside(&self, node: usize) -> Range<usize> {
        node + 1..self.nodes.get(node).map_or(0, |found| found.end as usize).max(node + 1)
    }

    /// The text in a node, white space collapsed.
    pub fn text(&self, node: usize) -> String {
        self.text_without(node, |_, _| false)
    }

    /// The text of a heading: without buttons, what is left out, and the sign that links to it.
    pub fn heading(&self, node: usize) -> String {
        self.text_without(node, |at, inside| {
            inside.tag.is_never_shown()
                || inside.tag == Tag::Button
                || inside.has(flags_of::DROPPED)
                || inside.hints.has(Hints::EDIT)
                || inside.tag == Tag::A && self.is_sign(at)
        })
    }

    /// Whether a link in a heading is `¶`, `§`, `#` or a picture: no letter.
    fn is_sign(&self, link: usize) -> bool {
        let inside = self.nodes.get(self.inside(link)).unwrap_or_default();
        let mut texts = inside.iter().filter(|node| node.tag.is_text());
        texts.all(|text| {
            let text = &self.source[text.range()];
            text.len() <= 8 && !htmlize::unescape(text).contains(char::is_alphanumeric)
        })
    }

    fn text_without(&self, node: usize, is_left_out: impl Fn(usize, &Node) -> bool) -> String {
        let (mut text, inside) = (String::new(), self.inside(node));
        let (mut at, mut raised_end) = (inside.start, 0);
        while let Some(node) = self.nodes.get(at).filter(|_| at < inside.end) {
            if is_left_out(at, node) {
                at = self.inside(at).end;
                continue;
            }
            let piece = &self.source[node.range()];
            match node.tag {
                Tag::Text if at < raised_end => text.push_str(&raised(&htmlize::unescape(piece))),
                Tag::Text => text.push_str(&htmlize::unescape(piece)),
                Tag::Sup => raised_end = raised_end.max(node.end as usize),
                Tag::Verbatim => text.push_str(piece),
                tag if tag.is_block() || tag == Tag::Br => text.push(' '),
                _ => {}
            }
            at += 1;
        }
        collapse(&text)
    }
}

struct TreeBuilder<'a> {
    source: &'a str,
    tokenizer: Tokenizer<'a>,
    nodes: Vec<Node>,
    /// The open elements, as indices into `nodes`.
    open: Vec<u32>,
    /// For each tag, the depths (from 1) in `open` at which it is open.
    depths: Vec<Vec<u32>>,
    /// The depths of elements that end tags from outside do not reach into.
    scopes: Vec<u32>,
    /// The depths of blocks, into which the end tags of inline elements do not reach.
    blocks: Vec<u32>,
    /// The depths of blocks beside `<div>`, `<p>` and `<address>`, through which no `<li>` ends one.
    lists: Vec<u32>,
    /// Whether the text belongs to a link.
    in_link: bool,
    has_head: bool,
}

impl<'a> TreeBuilder<'a> {
    fn new(source: &'a str, is_xml: bool) -> TreeBuilder<'a> {
        let mut builder = TreeBuilder {
            source,
            tokenizer: Tokenizer::new(source, is_xml),
            nodes: Vec::with_capacity(source.len() / 64),
            open: Vec::new(),
            depths: vec![Vec::new(); Tag::COUNT],
            scopes: Vec::new(),
            blocks: Vec::new(),
            lists: Vec::new(),
            in_link: false,
            has_head: false,
        };
        builder.push(Tag::Html, 0..0);
        builder
    }

    fn token(&mut self, token: Token) {
        match token {
            Token::Start { name, whole, self_closing } => {
                let tag = Tag::of(&self.source[name.clone()]);
                self.start(tag, name, whole, self_closing);
            }
            Token::End { name, whole } => {
                let tag = Tag::of(&self.source[name.clone()]);
                self.end(tag, name, whole);
            }
            Token::Text(range) => self.text(Tag::Text, range),
            Token::Verbatim(range) => self.text(Tag::Verbatim, range),
        }
    }

    fn text(&mut self, tag: Tag, range: Range<usize>) {
        if self.top() == Tag::Head {
            if self.source[range.clone()].trim().is_empty() {
                return;
            }
            self.pop();
        }
        let flags = if self.in_link { flags_of::LINK } else { 0 };
        self.leaf(tag, range, flags);
    }

    /// Adds a node that has no descendants.
    fn leaf(&mut self, tag: Tag, range: Range<usize>, flags: u16) {
        let parent = self.open.last().copied().unwrap_or(0);
        let end = self.nodes.len() as u32 + 1;
        let (from, to) = (range.start as u32, range.end as u32);
        let hints = Hints::default();
        self.nodes.push(Node { tag, level: 0, flags, hints, parent, end, from, to });
    }

    fn top(&self) -> Tag {
        let top = self.open.last().and_then(|&node| self.nodes.get(node as usize));
        top.map_or(Tag::Html, |node| node.tag)
    }

    /// The depth of the innermost open element of a tag; 0 where none is open.
    fn depth(&self, tag: Tag) -> u32 {
        self.depths[tag as usize].last().copied().unwrap_or(0)
    }

    fn is_foreign(&self) -> bool {
        let outer = self.depth(Tag::Svg).max(self.depth(Tag::Math));
        outer > 0 && outer > self.depth(Tag::ForeignObject).max(self.depth(Tag::AnnotationXml))
    }

    fn push(&mut self, tag: Tag, range: Range<usize>) {
        let node = self.nodes.len() as u32;
        self.leaf(tag, range, 0);
        self.open.push(node);
        let depth = self.open.len() as u32;
        self.depths[tag as usize].push(depth);
        if tag.is_scope() {
            self.scopes.push(depth);
        }
        if tag.is_block() || tag.is_scope() {
            self.blocks.push(depth);
            if !matches!(tag, Tag::Div | Tag::P | Tag::Address | Tag::Li | Tag::Dd | Tag::Dt) {
                self.lists.push(depth);
            }
        }
        self.in_link |= tag == Tag::A;
        self.tokenizer.is_foreign = self.is_foreign();
    }

    fn pop(&mut self) {
        let depth = self.open.len() as u32;
        let Some(index) = self.open.pop() else { return };
        let end = self.nodes.len() as u32;
        let Some(node) = self.nodes.get_mut(index as usize) else { return };
        node.end = end;
        let tag = node.tag;
        self.depths[tag as usize].pop();
        for depths in [&mut self.scopes, &mut self.blocks, &mut self.lists] {
            if depths.last() == Some(&depth) {
                depths.pop();
            }
        }
        self.in_link &= tag != Tag::A;
        if matches!(tag, Tag::Svg | Tag::Math | Tag::ForeignObject | Tag::AnnotationXml) {
            self.tokenizer.is_foreign = self.is_foreign();
        }
    }

    /// Closes elements until so many are open.
    fn pop_to(&mut self, depth: u32) {
        while self.open.len() > depth as usize {
            self.pop();
        }
    }

    /// Closes an element, unless it is not open inside the innermost of `barriers`.
    fn close(&mut self, depth: u32, barrier: u32) {
        if depth > barrier {
            self.pop_to(depth - 1);
        }
    }

    fn scope(&self) -> u32 {
        self.scopes.last().copied().unwrap_or(0)
    }

    fn start(&mut self, tag: Tag, name: Range<usize>, whole: Range<usize>, self_closing: bool) {
        let is_closed = self_closing && (self.tokenizer.is_xml || self.is_foreign());
        match tag {
            Tag::Html => {
                if let Some(root) = self.nodes.first_mut().filter(|root| root.to == 0) {
                    (root.from, root.to) = (whole.start as u32, whole.end as u32);
                }
                return;
            }
            Tag::Head if std::mem::replace(&mut self.has_head, true) => return,
            Tag::Body if self.depth(Tag::Body) > 0 => return,
            Tag::Body => self.has_head = true,
            Tag::Form if matches!(self.top(), Tag::Table | Tag::Tbody | Tag::Tr) => return,
            _ => {}
        }
        if tag.is_plain_style() && self.tokenizer.attributes.is_empty() {
            return;
        }
        self.imply_ends(tag);
        if tag.is_void() || is_closed {
            self.leaf(tag, whole, 0);
            let node = self.nodes.len() - 1;
            return self.describe(node);
        }
        self.push(tag, whole);
        self.describe(self.nodes.len() - 1);
        if let Some(raw) = self.raw_text(tag) {
            self.tokenizer.expect_raw(raw, name);
        }
    }

    fn raw_text(&self, tag: Tag) -> Option<RawText> {
        if self.is_foreign() {
            return None;
        }
        match tag {
            Tag::Script => Some(RawText::Script),
            Tag::Style => Some(RawText::Plain),
            // In XML they hold markup as other elements do.
            _ if self.tokenizer.is_xml => None,
            Tag::Title | Tag::Textarea => Some(RawText::References),
            Tag::Plaintext => Some(RawText::Endless),
            Tag::Xmp | Tag::Iframe | Tag::Noembed | Tag::Noframes => Some(RawText::Plain),
            _ => None,
        }
    }

    /// Notes on the node what the attributes of the tag that came last say.
    fn describe(&mut self, node: usize) {
        let (source, attributes) = (self.source, &self.tokenizer.attributes);
        if let Some(node) = self.nodes.get_mut(node) {
            node.level = node.tag.level().unwrap_or(0);
            if !attributes.is_empty() {
                super::hints::describe(node, source, attributes);
            }
        }
    }

    /// Closes what a start tag ends without an end tag.
    fn imply_ends(&mut self, tag: Tag) {
        if self.depth(Tag::Head) > 0 && !belongs_in_head(tag) {
            self.pop_to(self.depth(Tag::Head) - 1);
        }
        if tag.is_block() && self.is_foreign() {
            // HTML after an SVG that was never closed.
            let outer = self.depths[Tag::Svg as usize].first().into_iter();
            let outer = outer.chain(self.depths[Tag::Math as usize].first()).min().copied();
            self.pop_to(outer.unwrap_or(1) - 1);
        }
        match tag {
            Tag::Li => self.close(self.depth(Tag::Li), self.lists.last().copied().unwrap_or(0)),
            Tag::Dd | Tag::Dt => {
                let depth = self.depth(Tag::Dd).max(self.depth(Tag::Dt));
                self.close(depth, self.lists.last().copied().unwrap_or(0));
            }
            Tag::Option | Tag::Optgroup => self.close(self.depth(Tag::Option), self.scope()),
            Tag::Rt | Tag::Rp => {
                let depth = self.depth(Tag::Rt).max(self.depth(Tag::Rp));
                self.close(depth, self.blocks.last().copied().unwrap_or(0));
            }
            Tag::A => {
                self.close(self.depth(Tag::A), self.blocks.last().copied().unwrap_or(0));
                self.in_link = false;
            }
            Tag::Button => self.close(self.depth(Tag::Button), self.scope()),
            Tag::Select | Tag::Input | Tag::Textarea => {
                self.close(self.depth(Tag::Select), self.scope());
            }
            _ => {}
        }
        if tag.level().is_some() && self.top().level().is_some() {
            self.pop();
        }
        if tag.closes_paragraph() {
            self.close(self.depth(Tag::Select), self.scope());
            self.close(self.depth(Tag::P), self.scope().max(self.depth(Tag::Button)));
        }
        self.imply_table_ends(tag);
    }

    fn imply_table_ends(&mut self, tag: Tag) {
        let table = self.depth(Tag::Table);
        if table == 0 {
            return;
        }
        let innermost = |tags: &[Tag]| {
            tags.iter()
                .map(|&tag| self.depth(tag))
                .min_by_key(|&depth| if depth > table { depth } else { u32::MAX })
        };
        let outermost = match tag {
            Tag::Td | Tag::Th => innermost(&[Tag::Td, Tag::Th, Tag::Caption]),
            Tag::Tr => innermost(&[Tag::Tr, Tag::Td, Tag::Th, Tag::Caption]),
            Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Caption | Tag::Colgroup => innermost(&[
                Tag::Tbody,
                Tag::Thead,
                Tag::Tfoot,
                Tag::Tr,
                Tag::Td,
                Tag::Th,
                Tag::Caption,
            ]),
            Tag::Table if matches!(self.top(), Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tr) => {
                // A table stands in a cell only: elsewhere it ends the one before it.
                return self.pop_to(table - 1);
            }
            _ => None,
        };
        if let Some(depth) = outermost {
            self.close(depth, table);
        }
        let is_outside_rows =
            matches!(self.top(), Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tfoot);
        if matches!(tag, Tag::Td | Tag::Th) && is_outside_rows {
            self.push(Tag::Tr, 0..0);
        }
    }

    fn end(&mut self, tag: Tag, name: Range<usize>, whole: Range<usize>) {
        let block = self.blocks.last().copied().unwrap_or(0);
        match tag {
            Tag::Html | Tag::Body => {}
            // `</br>` is a line break in HTML, and the end of one in XML.
            Tag::Br if !self.tokenizer.is_xml => self.leaf(Tag::Br, whole, 0),
            Tag::Other => self.end_other(&name),
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                let all = [Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6];
                let depth = all.into_iter().map(|tag| self.depth(tag)).max().unwrap_or(0);
                self.close(depth, self.scope());
            }
            Tag::Table | Tag::Template | Tag::Svg | Tag::Math => {
                self.close(
                    self.depth(tag),
                    self.depth(Tag::Template) * u32::from(tag == Tag::Table),
                );
            }
            Tag::Td | Tag::Th | Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Caption => {
                self.close(self.depth(tag), self.depth(Tag::Table));
            }
            Tag::A => {
                self.close(self.depth(Tag::A), block);
                self.in_link = false;
            }
            _ if tag.is_block() || tag.is_scope() => {
                // An element that is a scope itself is looked for up to the next scope outside.
                let scope = match tag.is_scope() {
                    true => self.depth(tag).min(self.scope()).saturating_sub(1),
                    false => self.scope(),
                };
                self.close(self.depth(tag), scope);
            }
            _ => self.close(self.depth(tag), block),
        }
    }

    /// Elements of other names are compared by name, the innermost few of them.
    fn end_other(&mut self, name: &Range<usize>) {
        let block = self.blocks.last().copied().unwrap_or(0);
        let name = &self.source[name.clone()];
        let depths = self.depths[Tag::Other as usize].iter().rev().take(8);
        let found = depths.copied().take_while(|&depth| depth > block).find(|&depth| {
            let node =
                self.open.get(depth as usize - 1).and_then(|&at| self.nodes.get(at as usize));
            node.is_some_and(|node| {
                let start =
                    self.source.as_bytes().get(node.from as usize + 1..).unwrap_or_default();
                start
                    .get(..name.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            })
        });
        if let Some(depth) = found {
            self.pop_to(depth - 1);
        }
    }
}

fn belongs_in_head(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        Base | Link | Meta | Noscript | Script | Style | Template | Title | Object | Other
    )
}
