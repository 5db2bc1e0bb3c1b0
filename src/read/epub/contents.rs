//! The table of contents of an e-book and its list of printed pages: from the navigation document
//! (EPUB 3) or the NCX (EPUB 2).

use std::collections::HashMap;

use super::xml::{elements, resolve};
use crate::read::builder::collapse;
use crate::read::html::{Chapter, Told};

/// What a book says of its chapters and pages.
#[derive(Debug, Default)]
pub struct Contents {
    /// For the path of a chapter, its level and title.
    chapters: HashMap<String, (u8, String)>,
    /// For the path of a chapter, the levels and titles of the parts that begin with it.
    parts: HashMap<String, Vec<(u8, String)>>,
    /// For the path of a chapter, the levels of the headings in it by their texts in lower case.
    levels: HashMap<String, HashMap<String, u8>>,
    /// For the path of a chapter, the labels of pages by the id of the element where each begins.
    pages: HashMap<String, HashMap<String, String>>,
    /// Where the entry that was added last leads.
    last: Option<(String, String)>,
}

impl Contents {
    /// Reads a navigation document.
    pub fn of_navigation(text: &str, path: &str) -> Contents {
        let chapter = Chapter::parse(text);
        let mut contents = Contents::default();
        for (depth, target, title) in chapter.contents("toc") {
            contents.add_chapter(resolve(path, &target), depth, &title);
        }
        for (_, target, label) in chapter.contents("page-list") {
            contents.add_page(resolve(path, &target), &label);
        }
        contents
    }

    /// Reads an NCX.
    pub fn of_ncx(text: &str, path: &str) -> Contents {
        let mut contents = Contents::default();
        let elements = elements(text);
        let mut open: Vec<usize> = Vec::new();
        // A label comes before the target that it belongs to.
        let (mut label, mut is_page) = (String::new(), false);
        for element in &elements {
            while open.pop_if(|end| *end <= element.place).is_some() {}
            match element.name.as_str() {
                "navpoint" | "pagetarget" => {
                    open.push(element.end);
                    is_page = element.name == "pagetarget";
                    label.clear();
                }
                "text" if label.is_empty() => label = collapse(&element.text),
                "content" if !open.is_empty() => {
                    let target = resolve(path, element.attribute("src").unwrap_or_default());
                    match is_page {
                        true => contents.add_page(target, &label),
                        false => contents.add_chapter(target, open.len(), &label),
                    }
                }
                _ => {}
            }
        }
        contents
    }

    fn add_chapter(&mut self, target: (String, String), depth: usize, title: &str) {
        if title.is_empty() {
            return;
        }
        if let Some(label) = page_label(title) {
            return self.add_page(target, label);
        }
        let level = depth.clamp(1, 20) as u8;
        let is_same_place = self.last.as_ref() == Some(&target);
        self.last = Some(target.clone());
        let (path, _) = target;
        let levels = self.levels.entry(path.clone()).or_default();
        levels.entry(title.to_lowercase()).or_insert(level);
        // A part has the place of its first chapter.
        match self.chapters.get_mut(&path) {
            Some(part) if is_same_place && part.0 < level => {
                let part = std::mem::replace(part, (level, title.to_owned()));
                self.parts.entry(path).or_default().push(part);
            }
            Some(_) => {}
            None => {
                self.chapters.insert(path, (level, title.to_owned()));
            }
        }
    }

    /// The levels and titles of the parts that begin with the chapter at a path.
    pub fn parts(&self, path: &str) -> &[(u8, String)] {
        self.parts.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    fn add_page(&mut self, (path, fragment): (String, String), label: &str) {
        if !label.is_empty() {
            self.pages.entry(path).or_default().insert(fragment, label.to_owned());
        }
    }

    /// The label of the page that begins with a part.
    pub fn page(&self, path: &str) -> Option<&str> {
        self.pages.get(path)?.get("").map(String::as_str)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.chapters.is_empty() && self.pages.is_empty()
    }

    /// The level and title of the chapter at a path.
    pub fn chapter(&self, path: &str) -> Option<(u8, &str)> {
        self.chapters.get(path).map(|(level, title)| (*level, title.as_str()))
    }

    /// What is known of the headings and pages in a chapter.
    pub fn told(&self, path: &str) -> Told {
        Told {
            pages: self.pages.get(path).cloned().unwrap_or_default(),
            levels: self.levels.get(path).cloned().unwrap_or_default(),
            first_level: self.chapter(path).map(|(level, _)| level),
        }
    }
}

/// The label of an entry that names a page and no chapter: `Page 12`.
fn page_label(title: &str) -> Option<&str> {
    let (word, label) = title.split_once(' ')?;
    let is_page = ["page", "p.", "seite", "página", "pagina", "страница"]
        .iter()
        .any(|name| word.to_lowercase() == *name);
    let is_label = label.len() <= 6
        && (label.bytes().all(|byte| byte.is_ascii_digit())
            || label.bytes().all(|byte| b"ivxlcdmIVXLCDM".contains(&byte)));
    (is_page && is_label).then_some(label)
}
