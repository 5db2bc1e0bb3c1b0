//! Web pages: a tokenizer and a tree of its own that keep the bytes of every text, the choice of the main
//! content, and a walk that writes blocks. E-books and mail are read by the same walk.

mod clean;
mod content;
mod head;
mod hints;
mod measure;
mod sinks;
mod tables;
mod tags;
mod tokenize;
mod tree;
mod walk;
mod write;

use super::builder::DocumentBuilder;
use crate::document::Document;
use head::Head;
use hints::flags_of;
use sinks::{Located, Placed};
use tree::Tree;
use walk::{Walk, walk};

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
    for node in &mut tree.nodes {
        if node.has(flags_of::HIDDEN) {
            node.flags |= flags_of::DROPPED;
        }
    }
    walk(&tree, 0, &Walk::default(), Placed::new(builder, 0, false));
}
