//! Web pages: a tokenizer and a tree of its own that keep the bytes of every text, the choice of the main
//! content, and a walk that writes blocks. E-books and mail are read by the same walk.

mod clean;
mod content;
mod head;
mod hints;
mod lists;
mod measure;
mod sinks;
mod tables;
mod tags;
mod tokenize;
mod tree;
mod walk;
mod write;

use super::builder::{DocumentBuilder, collapse};
use crate::document::Document;
use head::Head;
use hints::flags_of;
pub use sinks::Tally;
use sinks::{Located, Placed};
use std::collections::HashMap;
use tags::Tag;
pub(in crate::read) use tokenize::{Token, Tokenizer};
use tree::{Node, Tree};
use walk::{Walk, walk, walk_part};

/// Reads Web pages. Without `keep_all`, navigation and what else is not the page's main content is
/// left out.
pub fn read(id: &str, source: &str, keep_all: bool) -> Document {
    let mut builder = DocumentBuilder::new(id, source);
    let mut tree = Tree::parse(source, source.trim_start().starts_with("<?xml"));
    let head = Head::of(&tree);
    let root = if keep_all { 0 } else { content::choose(&mut tree) };
    let title = head.title(&tree, root);
    if !title.is_empty() {
        builder.title(&title, None);
    }
    head.tell(&mut builder);
    let options = Walk { title, ..Walk::default() };
    walk(&tree, root, &options, Located::new(&mut builder));
    let mut document = builder.finish();
    document.lang = head.lang;
    document
}

/// Adds a page in full, without its bytes, to a document of another format: the HTML of a message.
pub fn add(builder: &mut DocumentBuilder<'_>, html: &str) {
    let mut tree = Tree::parse(html, false);
    drop_hidden(&mut tree);
    walk(&tree, 0, &Walk::default(), Placed::new(builder, &mut Tally::default(), false));
}

/// What the contents of an e-book tell of a chapter.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The labels of printed pages, by the id of the element where each begins.
    pub pages: HashMap<String, String>,
    /// The levels of headings, by their texts in lower case.
    pub levels: HashMap<String, u8>,
    /// The level of the chapter.
    pub first_level: Option<u8>,
}

/// A chapter of an e-book.
#[derive(Debug)]
pub struct Chapter<'a> {
    tree: Tree<'a>,
}

impl<'a> Chapter<'a> {
    /// Reads a chapter.
    pub fn parse(xhtml: &'a str) -> Chapter<'a> {
        let mut tree = Tree::parse(xhtml, true);
        drop_hidden(&mut tree);
        Chapter { tree }
    }

    /// Whether it has a heading.
    pub fn has_heading(&self) -> bool {
        self.tree.nodes.iter().any(|node| node.level > 0)
    }

    /// How much text it has beside links, in characters.
    pub fn text_beside_links(&self) -> u32 {
        let dropped: Vec<bool> = self
            .tree
            .nodes
            .iter()
            .map(|node| node.tag == Tag::Head || node.has(flags_of::DROPPED | flags_of::CONTENTS))
            .collect();
        let own = measure::measure_texts(&self.tree);
        let all = measure::measure(&self.tree, &own, &dropped);
        all.first().map_or(0, |all| all.text.saturating_sub(all.link))
    }

    /// Adds its text to a document whose builder stands at its part.
    pub fn add(&self, builder: &mut DocumentBuilder<'_>, told: Told, tally: &mut Tally) {
        let Told { pages, levels, first_level } = told;
        let told_before = tally.level.filter(|_| levels.is_empty());
        let options = Walk {
            pages,
            levels,
            first_level,
            without_contents: true,
            told_before,
            ..Walk::default()
        };
        let (_, level) = walk_part(&self.tree, 0, &options, Placed::new(builder, tally, true));
        tally.level = level.or(tally.level);
    }

    /// Whether a text stands in an item directly, or in a span of it.
    fn is_bare_entry(&self, at: usize) -> bool {
        let parent = |at: usize| self.tree.nodes.get(at).map_or(0, |node| node.parent as usize);
        let tag = |at: usize| self.tree.nodes.get(at).map(|node| node.tag);
        let around = parent(at);
        let item = if tag(around) == Some(Tag::Span) { parent(around) } else { around };
        let own = self.tree.nodes.get(at).map_or(0..0, Node::range);
        tag(item) == Some(Tag::Li) && !self.tree.source[own].trim().is_empty()
    }

    /// Whether a heading in it says this, in lower case.
    pub fn shows(&self, title: &str) -> bool {
        let mut headings = (0..self.tree.nodes.len()).filter(|&at| self.tree.nodes[at].level > 0);
        headings.any(|at| {
            // A large one is no heading, and may hold thousands like itself.
            self.tree.inside(at).len() <= 40 && self.tree.heading(at).to_lowercase() == title
        })
    }

    /// The links of its lists of contents or pages: how deep each is in the list, its target, its text. What
    /// leads nowhere itself has the target of the first link under it.
    pub fn contents(&self, kind: &str) -> Vec<(usize, String, String)> {
        let tree = &self.tree;
        let is_list = |at: &usize| {
            tree.nodes[*at].tag == Tag::Nav
                && tree
                    .attribute(*at, "epub:type")
                    .is_some_and(|kinds| kinds.split_ascii_whitespace().any(|named| named == kind))
        };
        let Some(list) = (0..tree.nodes.len()).find(is_list) else { return Vec::new() };
        let (mut links, mut open) = (Vec::<(usize, String, String)>::new(), Vec::new());
        let mut without_target = None;
        for at in tree.inside(list) {
            open.retain(|&end| end > at);
            let Some(node) = tree.nodes.get(at) else { break };
            match Some(node.tag) {
                Some(Tag::Ol) if open.len() < DEEPEST_CONTENTS => open.push(tree.inside(at).end),
                Some(Tag::A) => {
                    let target = tree.attribute(at, "href").unwrap_or_default().into_owned();
                    if let Some((depth, title)) = without_target.take()
                        && depth < open.len()
                    {
                        links.push((depth, target.clone(), title));
                    }
                    links.push((open.len(), target, tree.text(at)));
                }
                Some(tag) if tag.is_text() && self.is_bare_entry(at) => {
                    without_target = Some((open.len(), collapse(&tree.source[node.range()])));
                }
                _ => {}
            }
        }
        links
    }
}

/// Lists of contents are not followed deeper.
const DEEPEST_CONTENTS: usize = 20;

fn drop_hidden(tree: &mut Tree<'_>) {
    for node in &mut tree.nodes {
        if node.has(flags_of::HIDDEN) {
            node.flags |= flags_of::DROPPED;
        }
    }
}
