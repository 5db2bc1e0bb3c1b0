//! The outline of a document (bookmarks), and the pages that its entries lead to.

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use hayro_syntax::xref::XRef;

use super::objects::text_of;

/// Entries of an outline, and names of a document.
const MOST_ENTRIES: usize = 50_000;
const DEEPEST: usize = 32;

/// An entry of the outline.
#[derive(Clone, Debug)]
pub struct Entry {
    pub title: String,
    /// 1 for the outermost.
    pub level: u8,
    /// From 0.
    pub page: Option<usize>,
}

/// Reads the outline of a document, in its order. Bookmarks that an editor makes for itself are none.
pub fn outline<'a>(
    catalog: &Dict<'a>,
    xref: &'a XRef,
    pages: &HashMap<ObjectIdentifier, usize>,
) -> Vec<Entry> {
    let Some(root) = catalog.get::<Dict<'a>>(b"Outlines") else { return Vec::new() };
    let names = Names { catalog, xref, pages, named: None };
    let mut walk = Walk { names, seen: HashSet::new(), entries: Vec::new() };
    walk.run(&root);
    walk.entries
}

struct Walk<'a, 'p> {
    names: Names<'a, 'p>,
    seen: HashSet<ObjectIdentifier>,
    entries: Vec<Entry>,
}

impl<'a> Walk<'a, '_> {
    fn run(&mut self, root: &Dict<'a>) {
        let mut left: Vec<(Dict<'a>, u8)> = Vec::new();
        left.extend(self.next(root, b"First").map(|first| (first, 1)));
        while let Some((entry, level)) = left.pop() {
            if self.entries.len() >= MOST_ENTRIES {
                return;
            }
            left.extend(self.next(&entry, b"Next").map(|next| (next, level)));
            if usize::from(level) < DEEPEST {
                left.extend(self.next(&entry, b"First").map(|first| (first, level + 1)));
            }
            let page = self.names.page_of(&entry);
            if let Some(title) = text_of(&entry, b"Title").filter(|title| !is_bookmark(title)) {
                self.entries.push(Entry { title, level, page });
            }
        }
    }

    fn next(&mut self, entry: &Dict<'a>, key: &[u8]) -> Option<Dict<'a>> {
        let id = entry.get_ref(key).map(ObjectIdentifier::from)?;
        if !self.seen.insert(id) {
            return None;
        }
        self.names.xref.get::<Dict<'a>>(id)
    }
}

/// Names that Word gives to places of its own: `_Toc123`, `OLE_LINK1`, `_ENREF_12`.
fn is_bookmark(title: &str) -> bool {
    title.starts_with('_') || title.starts_with("OLE_LINK") || !title.chars().any(char::is_alphanumeric)
}

struct Names<'a, 'p> {
    catalog: &'a Dict<'a>,
    xref: &'a XRef,
    pages: &'p HashMap<ObjectIdentifier, usize>,
    named: Option<HashMap<Vec<u8>, usize>>,
}

impl<'a> Names<'a, '_> {
    fn page_of(&mut self, entry: &Dict<'a>) -> Option<usize> {
        let action = entry.get::<Dict<'a>>(b"A");
        let target = entry.get::<Object<'a>>(b"Dest").or_else(|| action?.get::<Object<'a>>(b"D"))?;
        match target {
            Object::Array(array) => self.page_in(&array),
            Object::String(name) => self.named(name.as_bytes()),
            Object::Name(name) => self.named(name.as_ref()),
            _ => None,
        }
    }

    fn page_in(&self, target: &Array<'a>) -> Option<usize> {
        match target.raw_iter().next()? {
            MaybeRef::Ref(page) => self.pages.get(&ObjectIdentifier::from(page)).copied(),
            MaybeRef::NotRef(Object::Number(page)) => usize::try_from(page.as_i64()).ok(),
            MaybeRef::NotRef(_) => None,
        }
    }

    fn named(&mut self, name: &[u8]) -> Option<usize> {
        if self.named.is_none() {
            self.named = Some(self.all_named());
        }
        self.named.as_ref()?.get(name).copied()
    }

    fn target(&self, object: &Object<'a>) -> Option<usize> {
        match object {
            Object::Array(array) => self.page_in(array),
            Object::Dict(dict) => self.page_in(&dict.get::<Array<'a>>(b"D")?),
            _ => None,
        }
    }

    /// The named places of a document: a dictionary in old files, a tree in others.
    fn all_named(&self) -> HashMap<Vec<u8>, usize> {
        let mut named = HashMap::new();
        if let Some(old) = self.catalog.get::<Dict<'a>>(b"Dests") {
            for key in old.keys().take(MOST_ENTRIES) {
                let page = old.get::<Object<'a>>(key.as_ref()).and_then(|object| self.target(&object));
                named.extend(page.map(|page| (key.as_ref().to_vec(), page)));
            }
        }
        let names = self.catalog.get::<Dict<'a>>(b"Names").unwrap_or_default();
        let mut left: Vec<(Dict<'a>, usize)> = Vec::new();
        left.extend(names.get::<Dict<'a>>(b"Dests").map(|root| (root, 0)));
        let mut visited = 0;
        while let Some((node, depth)) = left.pop() {
            visited += 1;
            if visited > MOST_ENTRIES || named.len() > MOST_ENTRIES {
                break;
            }
            if let Some(kids) = node.get::<Array<'a>>(b"Kids").filter(|_| depth < DEEPEST) {
                left.extend(kids.iter::<Dict<'a>>().take(MOST_ENTRIES).map(|kid| (kid, depth + 1)));
            }
            let Some(pairs) = node.get::<Array<'a>>(b"Names") else { continue };
            let mut pairs = pairs.iter::<Object<'a>>().take(MOST_ENTRIES);
            while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
                if let (Object::String(name), Some(page)) = (name, self.target(&value)) {
                    named.insert(name.as_bytes().to_vec(), page);
                }
            }
        }
        named
    }
}
