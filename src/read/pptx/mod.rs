//! PowerPoint: the slides in their order, each a page, its title a heading.

mod order;
mod slide;
mod write;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::builder::DocumentBuilder;
use super::drawing::Drawing;
use super::languages::Languages;
use super::opc::{Parts, Properties, Relations};
use super::xml::{Xml, decode};
use crate::document::Document;
use slide::Slide;
use write::Writer;

/// Reads PowerPoint.
///
/// # Errors
/// The reason, when the package or its main part cannot be read.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let mut parts = Parts::open(bytes)?;
    let mut builder = DocumentBuilder::of_pages(id);
    let (name, main) = parts.main("ppt/presentation.xml")?;
    let relations = parts.relations(&name);
    let properties = parts.properties(&mut builder);
    let slides = slides(&decode(&main), &relations);
    let mut deck = Deck {
        parts,
        designs: HashMap::new(),
        writer: Writer::new(builder),
        languages: Languages::default(),
    };
    for (place, slide) in slides.iter().enumerate() {
        if let Err(reason) = deck.slide(place + 1, slide, &properties) {
            // What goes beyond the limits goes on to do so.
            deck.writer.builder.warn(reason, None);
            break;
        }
    }
    let lang = deck.languages.most();
    let mut document = deck.writer.finish(properties.title.as_deref());
    let declared = properties.lang.filter(|lang| deck.languages.is_plausible(lang));
    document.lang = lang.or(declared);
    Ok(document)
}

/// The parts of the slides in the order of the presentation, each once.
fn slides(main: &str, relations: &Relations) -> Vec<String> {
    let mut xml = Xml::new(main);
    let mut slides = Vec::new();
    while let Some(tag) = xml.within(0) {
        if tag.name() == "sldId" {
            let relation = tag.relationship().and_then(|id| relations.get(&id));
            slides.extend(relation.map(|relation| relation.target.clone()));
        }
    }
    if slides.is_empty() {
        slides = relations.of_kind("slide").map(|(_, target)| target.to_owned()).collect();
    }
    let mut seen = HashSet::new();
    slides.retain(|slide| seen.insert(slide.clone()));
    slides
}

/// A layout and the master behind it.
#[derive(Default)]
struct Design {
    layout: Slide,
    master: Slide,
}

struct Deck<'a> {
    parts: Parts<'a>,
    designs: HashMap<String, Rc<Design>>,
    writer: Writer,
    languages: Languages,
}

impl Deck<'_> {
    fn slide(&mut self, page: usize, name: &str, properties: &Properties) -> Result<(), String> {
        let Some(bytes) = self.parts.part(name)? else { return Ok(()) };
        let relations = self.parts.relations(name);
        let mut slide = Slide::parse(&decode(&bytes), &mut self.languages);
        if let Some(fault) = slide.fault.take() {
            self.writer.builder.warn(format!("slide {page}: {fault}"), None);
        }
        self.writer.links(&slide.links, &relations);
        self.diagrams(&mut slide, &relations);
        let design = self.design(relations.first("slideLayout"))?;
        slide.inherit(&design.layout, &design.master);
        order::arrange(&mut slide.shapes);
        self.writer.slide(page, name, slide, properties);
        if let Some(notes) = relations.first("notesSlide").map(str::to_owned)
            && let Some(bytes) = self.parts.part(&notes)?
        {
            let slide = Slide::parse(&decode(&bytes), &mut self.languages);
            self.writer.notes(&notes, slide);
        }
        Ok(())
    }

    fn design(&mut self, layout: Option<&str>) -> Result<Rc<Design>, String> {
        let name = layout.unwrap_or_default().to_owned();
        if let Some(design) = self.designs.get(&name) {
            return Ok(design.clone());
        }
        // The language of what is not shown does not count.
        let mut languages = Languages::default();
        let mut design = Design::default();
        if let Some(bytes) = self.parts.part(&name)? {
            design.layout = Slide::parse(&decode(&bytes), &mut languages);
        }
        let master =
            self.parts.relations(&name).first("slideMaster").unwrap_or_default().to_owned();
        if let Some(bytes) = self.parts.part(&master)? {
            design.master = Slide::parse(&decode(&bytes), &mut languages);
        }
        let design = Rc::new(design);
        self.designs.insert(name, design.clone());
        Ok(design)
    }

    /// Puts the text of diagrams (SmartArt) and charts where they stand.
    fn diagrams(&mut self, slide: &mut Slide, relations: &Relations) {
        for shape in &mut slide.shapes {
            for id in std::mem::take(&mut shape.parts) {
                let target = relations.get(&id).map(|relation| relation.target.clone());
                let bytes = target.and_then(|target| self.parts.part(&target).ok().flatten());
                let text = bytes.unwrap_or_default();
                shape.add_drawing(Drawing::parse(&decode(&text)));
            }
        }
    }
}
