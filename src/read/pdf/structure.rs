//! The structure tree: which content is a heading, a list item, a cell, a note.

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use hayro_syntax::xref::XRef;

use super::objects::name_of;

/// Elements of a tree: more than a report of a thousand pages has.
const MOST_ELEMENTS: usize = 1_000_000;
/// Elements in elements, and roles that stand for roles.
const DEEPEST: usize = 200;
const LONGEST_CHAIN: usize = 8;

/// What a stretch of content is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Text,
    /// With its level; 0 where the tree gives none.
    Heading(u8),
    Item,
    Note,
    Quotation,
}

/// What the tree says of a stretch of content. Elements are numbered; 0: there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    pub role: Role,
    /// The paragraph, heading or item it is part of.
    pub block: u32,
    pub table: u32,
    pub row: u32,
    pub cell: u32,
}

/// Tags by page (from 1) and number of the content.
pub type Tags = HashMap<(usize, i32), Tag>;

struct Walk<'a, 'p> {
    xref: &'a XRef,
    pages: &'p HashMap<ObjectIdentifier, usize>,
    roles: Dict<'a>,
    seen: HashSet<ObjectIdentifier>,
    left: Vec<(Object<'a>, Option<usize>, Tag, usize)>,
    tags: Tags,
    count: u32,
}

/// Reads the structure tree of a document.
pub fn tags<'a>(
    catalog: &Dict<'a>,
    xref: &'a XRef,
    pages: &HashMap<ObjectIdentifier, usize>,
) -> Tags {
    let Some(root) = catalog.get::<Dict<'a>>(b"StructTreeRoot") else { return Tags::new() };
    let roles = root.get::<Dict<'a>>(b"RoleMap").unwrap_or_default();
    let mut walk = Walk {
        xref,
        pages,
        roles,
        seen: HashSet::new(),
        left: Vec::new(),
        tags: Tags::new(),
        count: 0,
    };
    walk.kids(&root, None, Tag::default(), 0);
    while let Some((object, page, tag, depth)) = walk.left.pop() {
        match object {
            Object::Number(number) => {
                if let (Some(page), Ok(mcid)) = (page, i32::try_from(number.as_i64())) {
                    walk.tags.insert((page + 1, mcid), tag);
                }
            }
            Object::Dict(dict) => walk.element(&dict, page, tag, depth),
            _ => {}
        }
    }
    walk.tags
}

impl<'a> Walk<'a, '_> {
    fn element(&mut self, dict: &Dict<'a>, page: Option<usize>, tag: Tag, depth: usize) {
        self.count += 1;
        if self.count as usize > MOST_ELEMENTS || depth > DEEPEST {
            return;
        }
        let own = dict.get_ref(b"Pg").map(ObjectIdentifier::from);
        let page = own.and_then(|page| self.pages.get(&page).copied()).or(page);
        if let Some(mcid) = dict.get::<i32>(b"MCID") {
            if let Some(page) = page {
                self.tags.insert((page + 1, mcid), tag);
            }
            return;
        }
        let Some(role) = name_of(dict, b"S") else { return };
        let tag = self.tag(&self.standard(role), tag);
        self.kids(dict, page, tag, depth);
    }

    fn standard(&self, mut role: String) -> String {
        for _ in 0..LONGEST_CHAIN {
            match name_of(&self.roles, role.as_bytes()) {
                Some(other) if other != role => role = other,
                _ => break,
            }
        }
        role
    }

    fn tag(&self, role: &str, mut tag: Tag) -> Tag {
        let number = self.count;
        match role {
            "Table" => tag = Tag { table: number, ..Tag::default() },
            "TR" => tag.row = number,
            "TD" | "TH" => (tag.cell, tag.block) = (number, number),
            "LI" | "TOCI" => (tag.role, tag.block) = (Role::Item, number),
            "Note" | "FENote" => (tag.role, tag.block) = (Role::Note, number),
            "BlockQuote" => (tag.role, tag.block) = (Role::Quotation, number),
            "Title" => (tag.role, tag.block) = (Role::Heading(1), number),
            "H" => (tag.role, tag.block) = (Role::Heading(0), number),
            "P" | "Caption" if tag.role == Role::Text && tag.cell == 0 => tag.block = number,
            _ => {
                let level = role.strip_prefix('H').and_then(|level| level.parse::<u8>().ok());
                if let Some(level) = level.filter(|level| (1..=9).contains(level)) {
                    (tag.role, tag.block) = (Role::Heading(level), number);
                }
            }
        }
        tag
    }

    fn kids(&mut self, dict: &Dict<'a>, page: Option<usize>, tag: Tag, depth: usize) {
        let Some(kids) = dict.get_raw::<Object<'a>>(b"K") else { return };
        match kids {
            MaybeRef::NotRef(Object::Array(array)) => self.array(&array, page, tag, depth),
            MaybeRef::Ref(reference) => {
                let array = self.xref.get::<Array<'a>>(reference.into());
                match array {
                    Some(array) => self.array(&array, page, tag, depth),
                    None => self.kid(MaybeRef::Ref(reference), page, tag, depth),
                }
            }
            kid => self.kid(kid, page, tag, depth),
        }
    }

    fn array(&mut self, array: &Array<'a>, page: Option<usize>, tag: Tag, depth: usize) {
        for kid in array.raw_iter() {
            if self.left.len() > MOST_ELEMENTS {
                return;
            }
            self.kid(kid, page, tag, depth);
        }
    }

    fn kid(&mut self, kid: MaybeRef<Object<'a>>, page: Option<usize>, tag: Tag, depth: usize) {
        let object = match kid {
            MaybeRef::NotRef(object) => Some(object),
            MaybeRef::Ref(reference) => {
                let id = ObjectIdentifier::from(reference);
                if !self.seen.insert(id) {
                    return;
                }
                self.xref.get::<Object<'a>>(id)
            }
        };
        self.left.extend(object.map(|object| (object, page, tag, depth + 1)));
    }
}
