//! Excel: each sheet a section, each row a record with the names of its columns.

mod comments;
mod format;
mod pattern;
mod sheet;
mod strings;

use super::builder::DocumentBuilder;
use super::drawing::Drawing;
use super::opc::Parts;
use super::xml::{Xml, decode};
use crate::document::{BlockKind, Document};
use format::Formats;
use sheet::Sheet;
use strings::Strings;

/// A workbook may say so many times more than its parts have bytes: cells share strings, and records
/// repeat the names of columns. Beyond it, it was made to do harm.
const MOST_EXPANSION: usize = 10;

/// What may be written in any case, bytes.
const LEAST_ROOM: usize = 1024 * 1024;

/// Reads Excel.
///
/// # Errors
/// The reason, when the package or its main part cannot be read.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let mut parts = Parts::open(bytes)?;
    let mut builder = DocumentBuilder::of_pages(id);
    let (name, main) = parts.main("xl/workbook.xml")?;
    let relations = parts.relations(&name);
    let properties = parts.properties(&mut builder);
    let book = Book::parse(&decode(&main));
    let mut optional = |kind: &str, usual: &str| {
        let part = relations.first(kind).unwrap_or(usual).to_owned();
        parts.optional(&part, &mut builder)
    };
    let formats = Formats::parse(&decode(&optional("styles", "xl/styles.xml")), book.is_1904);
    let shared = optional("sharedStrings", "xl/sharedStrings.xml");
    let strings = Strings::parse(&decode(&shared));
    let persons = optional("person", "xl/persons/person.xml");
    let persons = comments::persons(&decode(&persons));
    if let Some(title) = &properties.title {
        builder.title(title, None);
    }
    let mut room = LEAST_ROOM.saturating_add(shared.len().saturating_mul(MOST_EXPANSION));
    for (name, relation) in &book.sheets {
        let target = relations.get(relation).map(|relation| relation.target.clone());
        let Some(target) = target else { continue };
        match parts.part(&target) {
            Ok(Some(bytes)) => {
                room = room.saturating_add(bytes.len().saturating_mul(MOST_EXPANSION));
                builder.part(name);
                builder.add_heading(1, name);
                let mut sheet = Sheet::new(&mut builder, &strings, &formats, &mut room);
                sheet.read(&decode(&bytes));
                builder.part(name);
                drawings(&mut parts, &target, &mut builder);
                comments::write(&mut parts, &target, &persons, &mut builder);
            }
            Ok(None) => {}
            Err(reason) => {
                // What goes beyond the limits goes on to do so.
                builder.warn(reason, None);
                break;
            }
        }
    }
    let mut document = builder.finish();
    document.lang = properties.lang;
    Ok(document)
}

/// The sheets of a workbook in their order, by name and relationship.
#[derive(Default)]
struct Book {
    sheets: Vec<(String, String)>,
    /// Whether dates are counted from 1904 on.
    is_1904: bool,
}

impl Book {
    fn parse(text: &str) -> Book {
        let mut book = Book::default();
        let mut xml = Xml::new(text);
        while let Some(tag) = xml.within(0) {
            match tag.name() {
                "workbookPr" => {
                    let value = tag.attribute("date1904");
                    book.is_1904 = matches!(value.as_deref(), Some("1" | "true"));
                }
                "sheet" => {
                    let name = tag.attribute("name").unwrap_or_default();
                    let relation = tag.relationship();
                    // Each part is read once.
                    if let Some(relation) = relation
                        && book.sheets.last().is_none_or(|(_, last)| *last != relation)
                    {
                        book.sheets.push((name, relation));
                    }
                }
                _ => {}
            }
        }
        book
    }
}

/// The text of the boxes and charts that lie on a sheet.
fn drawings(parts: &mut Parts<'_>, sheet: &str, builder: &mut DocumentBuilder<'_>) {
    let Some(target) = parts.relations(sheet).first("drawing").map(str::to_owned) else { return };
    let relations = parts.relations(&target);
    let charts: Vec<String> =
        relations.of_kind("chart").map(|(_, chart)| chart.to_owned()).collect();
    for part in std::iter::once(target).chain(charts) {
        let bytes = parts.optional(&part, builder);
        for text in Drawing::parse(&decode(&bytes)).paragraphs {
            builder.begin(BlockKind::Paragraph, false);
            builder.add(&text);
        }
    }
    builder.end();
}
