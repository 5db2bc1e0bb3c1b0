//! E-books: EPUB 2 and 3. The package document names the chapters in their order; each is read as a
//! web page in full, at its part of the package.

mod contents;
mod package_document;
mod xml;

use std::collections::{HashMap, HashSet};

use super::builder::DocumentBuilder;
use super::html::{Chapter, Tally};
use super::package::Package;
use super::source::Source;
use crate::document::Document;
use contents::Contents;
use package_document::{Item, PackageDocument};
use xml::elements;

/// After so many warnings no more are given.
const MOST_WARNINGS: usize = 20;

/// A page that lists the contents has less text beside its links than this (characters).
const CONTENTS_PAGE: u32 = 500;

/// Reads an e-book.
///
/// # Errors
/// The reason, in a few words: it is no package, it is encrypted, or none of its chapters can be read.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let mut book = Book::open(bytes)?;
    let path = book.package_path()?;
    let text = book.text(&path)?.ok_or("its package document is missing")?;
    let package = PackageDocument::parse(&text, &path);
    book.refuse_encrypted(&package)?;
    let contents = book.contents(&package);
    let mut builder = DocumentBuilder::of_pages(id);
    package.tell(&mut builder);
    let chapters = book.chapters(&package, &contents, &mut builder);
    if chapters == 0 {
        return Err(book.warnings.into_iter().next().unwrap_or("it has no chapters".to_owned()));
    }
    book.warnings.truncate(MOST_WARNINGS);
    book.warnings.into_iter().for_each(|warning| builder.warn(warning, None));
    let mut document = builder.finish();
    document.lang = package.language();
    Ok(document)
}

/// An open e-book.
struct Book<'a> {
    package: Package<'a>,
    /// The names of members by the same in lower case: some makers write them otherwise.
    names: HashMap<String, String>,
    warnings: Vec<String>,
}

impl<'a> Book<'a> {
    fn open(bytes: &'a [u8]) -> Result<Book<'a>, String> {
        let package = Package::open(bytes)?;
        let names = package.names().into_iter().map(|name| (name.to_lowercase(), name)).collect();
        Ok(Book { package, names, warnings: Vec::new() })
    }

    /// The text of a member.
    fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        let mut bytes = self.package.part(name)?;
        if bytes.is_none()
            && let Some(written) = self.names.get(&name.to_lowercase())
        {
            bytes = self.package.part(written)?;
        }
        Ok(bytes.map(|bytes| Source::decode(&bytes).text.into_owned()))
    }

    /// The text of a member whose absence is only odd.
    fn text_or_warning(&mut self, name: &str) -> Option<String> {
        let warning = match self.text(name) {
            Ok(Some(text)) => return Some(text),
            Ok(None) => format!("`{name}` is missing"),
            Err(reason) => reason,
        };
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(warning);
        }
        None
    }

    /// Where the package document is: as the container says, else where one is found.
    fn package_path(&mut self) -> Result<String, String> {
        let container = self.text("META-INF/container.xml").ok().flatten().unwrap_or_default();
        let named = elements(&container)
            .into_iter()
            .filter(|element| element.name == "rootfile")
            .filter_map(|element| element.attribute("full-path").map(str::to_owned))
            .find(|path| path.to_lowercase().ends_with(".opf") || self.has(path));
        let is_package = |name: &&String| name.to_lowercase().ends_with(".opf");
        let found = named.map(|path| xml::decoded(&path)).filter(|path| self.has(path));
        found
            .or_else(|| self.names.values().filter(is_package).min().cloned())
            .ok_or("it has no package document, which names its chapters".to_owned())
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains_key(&name.trim_start_matches('/').to_lowercase())
    }

    /// Fonts may be obfuscated: text that is encrypted needs a key.
    fn refuse_encrypted(&mut self, package: &PackageDocument) -> Result<(), String> {
        const OBFUSCATIONS: [&str; 2] =
            ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];
        let Ok(Some(text)) = self.text("META-INF/encryption.xml") else { return Ok(()) };
        let (elements, chapters) = (elements(&text), package.spine());
        let chapters: HashSet<&str> = chapters.iter().map(|item| item.path.as_str()).collect();
        for data in elements.iter().filter(|element| element.name == "encrypteddata") {
            // What it says takes a few elements: one that is never closed holds all that follow.
            let inside = || elements.iter().skip(data.place + 1).take(20);
            let find = |name: &str, attribute: &str| {
                let element = inside().find(|element| element.name == name);
                element.and_then(|element| element.attribute(attribute)).unwrap_or_default()
            };
            let path = xml::decoded(find("cipherreference", "URI"));
            let is_obfuscated = OBFUSCATIONS.contains(&find("encryptionmethod", "Algorithm"));
            if !is_obfuscated && chapters.contains(path.as_str()) {
                return Err("it is encrypted (digital rights management), and opens with the key \
                            of its buyer only"
                    .to_owned());
            }
        }
        Ok(())
    }

    /// The table of contents and the list of pages: of the navigation document, else of the NCX.
    fn contents(&mut self, package: &PackageDocument) -> Contents {
        if let Some(navigation) = package.navigation()
            && let Some(text) = self.text_or_warning(&navigation.path)
        {
            let contents = Contents::of_navigation(&text, &navigation.path);
            if !contents.is_empty() {
                return contents;
            }
        }
        match package.ncx().and_then(|ncx| Some((self.text_or_warning(&ncx.path)?, ncx))) {
            Some((text, ncx)) => Contents::of_ncx(&text, &ncx.path),
            None => Contents::default(),
        }
    }

    /// Reads the chapters in their order. Returns how many there were.
    fn chapters(
        &mut self,
        package: &PackageDocument,
        contents: &Contents,
        builder: &mut DocumentBuilder<'_>,
    ) -> usize {
        let mut tally = Tally::default();
        let mut read = 0;
        for item in package.spine() {
            if !item.is_page() {
                continue;
            }
            let Some(text) = self.text_or_warning(&item.path) else { continue };
            read += 1;
            chapter(&text, item, package, contents, builder, &mut tally);
        }
        read
    }
}

fn chapter(
    text: &str,
    item: &Item,
    package: &PackageDocument,
    contents: &Contents,
    builder: &mut DocumentBuilder<'_>,
    tally: &mut Tally,
) {
    let chapter = Chapter::parse(text);
    let beside_links = chapter.text_beside_links();
    if package.lists_contents(item) && beside_links < CONTENTS_PAGE {
        return;
    }
    builder.part(&item.path);
    if let Some(label) = contents.page(&item.path) {
        tally.pages += 1;
        builder.page(tally.pages, Some(label));
    }
    for (level, title) in contents.parts(&item.path) {
        if !chapter.shows(&title.to_lowercase()) {
            builder.add_heading(*level, title);
        }
    }
    let label = contents.chapter(&item.path).filter(|_| beside_links > 0 && !chapter.has_heading());
    if let Some((level, label)) = label {
        builder.add_heading(level, label);
    }
    chapter.add(builder, contents.told(&item.path), tally);
}
