//! Word: Office Open XML, transitional and strict.

mod body;
mod fields;
mod numbering;
mod properties;
mod styles;

use std::collections::HashMap;

use super::builder::DocumentBuilder;
use super::drawing::Drawing;
use super::flow::Flow;
use super::opc::{Parts, Relations};
use super::xml::decode;
use crate::document::Document;
use body::Body;
use numbering::Numbering;
use styles::Styles;

/// Reads Word.
///
/// # Errors
/// The reason, when the package or its main part cannot be read.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let mut parts = Parts::open(bytes)?;
    let mut builder = DocumentBuilder::of_pages(id);
    let (name, main) = parts.main("word/document.xml")?;
    let relations = parts.relations(&name);
    let mut optional = |kind: &str| {
        let usual = format!("word/{kind}.xml");
        let part = relations.first(kind).unwrap_or(&usual).to_owned();
        let bytes = parts.optional(&part, &mut builder);
        (part, bytes)
    };
    let styles = Styles::parse(&decode(&optional("styles").1));
    let numbering = Numbering::parse(&decode(&optional("numbering").1));
    let notes = [optional("footnotes"), optional("endnotes"), optional("comments")];
    let properties = parts.properties(&mut builder);

    let mut body = Body::new(Flow::new(builder, &name), &styles, numbering);
    for (place, (part, bytes)) in notes.iter().enumerate() {
        body.read_notes(place, part, &decode(bytes), parts.relations(part));
    }
    let drawings = drawings(&mut parts, &relations);
    body.read(&decode(&main), relations, drawings);
    // LibreOffice says English of every document, whatever its text says of itself.
    let lang = body.languages.most();
    let declared = properties.lang.filter(|lang| body.languages.is_plausible(lang));
    let mut document = body.flow.finish(properties.title.as_deref());
    document.lang = lang.or(declared);
    Ok(document)
}

/// The text of the parts that hold diagrams (SmartArt) and charts, by the ids of their relationships.
fn drawings(parts: &mut Parts<'_>, relations: &Relations) -> HashMap<String, Drawing> {
    let mut drawings = HashMap::new();
    for (id, target) in relations.of_kind("diagramData").chain(relations.of_kind("chart")) {
        let bytes = parts.part(target).ok().flatten().unwrap_or_default();
        drawings.insert(id.to_owned(), Drawing::parse(&decode(&bytes)));
    }
    drawings
}
