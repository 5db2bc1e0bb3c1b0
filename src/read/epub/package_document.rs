//! The package document (OPF): what the book is, its files, and the order of its chapters.

use std::collections::HashMap;

use super::xml::{Element, elements, resolve};
use crate::read::builder::{DocumentBuilder, collapse};
use crate::read::metadata::language_tag;

/// A file of the book.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its path in the package.
    pub path: String,
    media_type: String,
    properties: String,
}

impl Item {
    /// Whether it is a page of text.
    pub fn is_page(&self) -> bool {
        let by_type = ["xhtml", "html", "oeb1", "xml"].iter().any(|k| self.media_type.contains(k));
        by_type && !self.media_type.contains("svg") || self.media_type.is_empty()
    }

    fn has_property(&self, name: &str) -> bool {
        self.properties.split_ascii_whitespace().any(|property| property == name)
    }
}

/// See the module's page.
#[derive(Debug)]
pub struct PackageDocument {
    elements: Vec<Element>,
    items: HashMap<String, Item>,
    /// The ids of the chapters.
    spine: Vec<String>,
    /// The id of the NCX.
    ncx: Option<String>,
    /// The paths of pages that list the contents, by the guide of EPUB 2.
    contents: Vec<String>,
}

/// What each element of the metadata is called here.
const KEYS: [(&str, &str); 8] = [
    ("creator", "author"),
    ("publisher", "publisher"),
    ("subject", "subject"),
    ("description", "description"),
    ("identifier", "identifier"),
    ("rights", "rights"),
    ("source", "source"),
    ("language", "language"),
];

/// How many values of each key are kept.
const MOST_VALUES: usize = 100;

impl PackageDocument {
    /// Reads a package document that stands at this path.
    pub fn parse(text: &str, path: &str) -> PackageDocument {
        let elements = elements(text);
        let named = |name: &'static str| elements.iter().filter(move |found| found.name == name);
        let items = named("item").filter_map(|item| {
            let value = |name| item.attribute(name).unwrap_or_default().to_owned();
            let path = resolve(path, item.attribute("href")?).0;
            let media_type = value("media-type").to_lowercase();
            Some((value("id"), Item { path, media_type, properties: value("properties") }))
        });
        let chapters = named("itemref").filter_map(|chapter| chapter.attribute("idref"));
        let lists = named("reference").filter(|page| page.attribute("type") == Some("toc"));
        PackageDocument {
            items: items.collect(),
            spine: chapters.map(str::to_owned).collect(),
            ncx: named("spine").next().and_then(|spine| spine.attribute("toc")).map(str::to_owned),
            contents: lists
                .filter_map(|page| Some(resolve(path, page.attribute("href")?).0))
                .collect(),
            elements,
        }
    }

    /// The chapters in their order; each file once.
    pub fn spine(&self) -> Vec<&Item> {
        let mut seen = std::collections::HashSet::new();
        let chapters = self.spine.iter().filter_map(|id| self.items.get(id));
        chapters.filter(|item| seen.insert(item.path.as_str())).collect()
    }

    /// The navigation document of EPUB 3.
    pub fn navigation(&self) -> Option<&Item> {
        self.items.values().find(|item| item.has_property("nav"))
    }

    /// The table of contents of EPUB 2.
    pub fn ncx(&self) -> Option<&Item> {
        let named = self.ncx.as_ref().and_then(|id| self.items.get(id));
        named.or_else(|| self.items.values().find(|item| item.media_type.contains("dtbncx")))
    }

    /// Whether a chapter only lists the contents of the book.
    pub fn lists_contents(&self, item: &Item) -> bool {
        item.has_property("nav") || self.contents.contains(&item.path)
    }

    fn metadata(&self) -> impl Iterator<Item = &Element> {
        let around = self.elements.iter().find(|element| element.name == "metadata");
        let range = around.map_or(0..0, |around| around.place + 1..around.end);
        self.elements.get(range).unwrap_or_default().iter()
    }

    fn values<'d>(&'d self, name: &'d str) -> impl Iterator<Item = (&'d Element, String)> {
        let named = self.metadata().filter(move |element| element.name == name);
        named.map(|element| (element, collapse(&element.text))).take(MOST_VALUES)
    }

    /// The language, a BCP 47 tag.
    pub fn language(&self) -> Option<String> {
        self.values("language").find_map(|(_, name)| language_tag(&name.replace('_', "-")))
    }

    /// Tells the builder the title and the metadata.
    pub fn tell(&self, builder: &mut DocumentBuilder<'_>) {
        if let Some((_, title)) = self.values("title").find(|(_, title)| !title.is_empty()) {
            builder.title(&title, None);
        }
        for (name, key) in KEYS {
            for (_, value) in self.values(name) {
                builder.metadata(key, &value);
            }
        }
        let is_publication = |element: &Element| element.attribute("event") == Some("publication");
        let dates: Vec<_> = self.values("date").collect();
        let published = dates.iter().find(|(element, _)| is_publication(element));
        if let Some((_, date)) = published.or(dates.first()) {
            let day = date.split('T').next().unwrap_or(date);
            builder.metadata("date", day);
            let year = date.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
            builder.metadata("year", year.unwrap_or_default());
        }
    }
}
