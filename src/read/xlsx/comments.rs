//! What readers of a sheet have noted beside its cells: notes, and comments with answers to them.

use std::collections::HashMap;

use super::sheet::row_of;
use super::strings::{rich_text, unescape};
use crate::document::BlockKind;
use crate::read::builder::DocumentBuilder;
use crate::read::opc::Parts;
use crate::read::xml::{Xml, decode};

/// A name has at most so many characters: one name stands before many comments.
const LONGEST_NAME: usize = 100;

/// A comment: the row of its cell, who wrote it, and what.
struct Comment {
    row: usize,
    author: String,
    text: String,
}

/// The names of those who take part in comments, by their ids.
pub fn persons(text: &str) -> HashMap<String, String> {
    let mut persons = HashMap::new();
    let mut xml = Xml::new(text);
    while let Some(tag) = xml.within(0) {
        if let (Some(id), Some(name)) = (tag.attribute("id"), tag.attribute("displayName")) {
            persons.insert(id, name);
        }
    }
    persons
}

/// Writes the comments on a sheet as notes of their rows.
pub fn write(
    parts: &mut Parts<'_>,
    sheet: &str,
    persons: &HashMap<String, String>,
    builder: &mut DocumentBuilder<'_>,
) {
    let relations = parts.relations(sheet);
    let mut part = |kind: &str| match relations.first(kind) {
        Some(part) => parts.optional(part, builder),
        None => Vec::new(),
    };
    let (notes, threads) = (part("comments"), part("threadedComment"));
    let threads = threads_of(&decode(&threads), persons);
    let mut comments = notes_of(&decode(&notes), !threads.is_empty());
    comments.extend(threads);
    comments.sort_by_key(|comment| comment.row);
    for Comment { row, author, text } in comments {
        builder.begin(BlockKind::Note, false);
        builder.paragraph(row);
        // Excel itself puts the name into the text of a note.
        if !author.is_empty() && !text.starts_with(&author) {
            builder.add(&format!("{author}: "));
        }
        builder.add(&text);
    }
    builder.end();
}

/// Notes of cells. Comments with answers are there once more, with words of Excel's own about what it
/// takes to read them: `has_threads` leaves those out.
fn notes_of(text: &str, has_threads: bool) -> Vec<Comment> {
    let mut authors = Vec::new();
    let mut comments = Vec::new();
    let mut xml = Xml::new(text);
    while let Some(tag) = xml.within(0) {
        match tag.name() {
            "author" => authors.push(name(&xml.text())),
            "comment" => {
                let row = row_of(&tag.attribute("ref").unwrap_or_default());
                let author = tag.number("authorId").and_then(|place| authors.get(place));
                let author = author.cloned().unwrap_or_default();
                let text = written(&mut xml);
                let is_thread = author.starts_with("tc=");
                let author = if is_thread { String::new() } else { author };
                let is_double = is_thread && has_threads;
                if !text.is_empty() && !is_double {
                    comments.push(Comment { row, author, text });
                }
            }
            _ => {}
        }
    }
    comments
}

/// Comments with answers, each of them one, in their order.
fn threads_of(text: &str, persons: &HashMap<String, String>) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut xml = Xml::new(text);
    while let Some(tag) = xml.within(0) {
        if tag.name() == "threadedComment" {
            let row = row_of(&tag.attribute("ref").unwrap_or_default());
            let person = tag.attribute("personId").and_then(|id| persons.get(&id));
            let author = person.map(|person| name(person)).unwrap_or_default();
            let depth = xml.depth();
            let mut text = String::new();
            while let Some(tag) = xml.within(depth) {
                if tag.name() == "text" {
                    xml.text_into(&mut text);
                }
            }
            if !text.trim().is_empty() {
                comments.push(Comment { row, author, text: text.trim().to_owned() });
            }
        }
    }
    comments
}

/// The text of the comment that has just begun.
fn written(xml: &mut Xml<'_>) -> String {
    let mut text = String::new();
    rich_text(xml, &mut text);
    unescape(&mut text, 0);
    text.trim().to_owned()
}

fn name(text: &str) -> String {
    text.trim().chars().take(LONGEST_NAME).collect()
}
