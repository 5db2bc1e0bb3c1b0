//! What the attributes of an element say of its text: hidden, navigation, notes, pages, and what class
//! names and ids hint at.

use super::tags::Tag;
use super::tokenize::Attribute;
use super::tree::Node;

/// Flags of a node.
pub mod flags_of {
    /// Not shown to readers.
    pub const HIDDEN: u16 = 1;
    /// Text of a link.
    pub const LINK: u16 = 2;
    /// Shown as a block by an inline style.
    pub const BLOCK: u16 = 4;
    /// A landmark beside the main content: navigation, search, dialogs.
    pub const ASIDE: u16 = 8;
    /// The main content, by its role.
    pub const MAIN: u16 = 16;
    /// A foot- or endnote.
    pub const NOTE: u16 = 32;
    /// Where a page of the printed book begins.
    pub const PAGE: u16 = 64;
    /// A table that is for layout only.
    pub const LAYOUT: u16 = 128;
    /// A table of contents, or a list of pages, of an e-book.
    pub const CONTENTS: u16 = 256;
    /// Has an id (or, for `<a>`, a name).
    pub const ANCHOR: u16 = 512;
    /// The text of an article, by `itemprop`.
    pub const ARTICLE: u16 = 1024;
    /// Left out, by the choice of the content.
    pub const DROPPED: u16 = 2048;
    /// A link to the author.
    pub const AUTHOR: u16 = 4096;
    /// The mark of a note.
    pub const MARK: u16 = 8192;
}

/// What class names and ids hint at, a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints(u16);

impl Hints {
    /// Seldom content.
    pub const UNLIKELY: Hints = Hints(1);
    /// May be content in spite of that.
    pub const MAYBE: Hints = Hints(2);
    /// Often around content.
    pub const POSITIVE: Hints = Hints(4);
    /// Often around what is not.
    pub const NEGATIVE: Hints = Hints(8);
    /// Buttons to share the page.
    pub const SHARE: Hints = Hints(16);
    /// Never content: consent to cookies, subscription to letters.
    pub const BANNER: Hints = Hints(32);
    /// Notes.
    pub const NOTES: Hints = Hints(64);
    /// What readers of the page say.
    pub const COMMENT: Hints = Hints(128);
    /// MediaWiki's links to edit a section.
    pub const EDIT: Hints = Hints(256);

    /// The head of a document that pandoc wrote: title, authors, abstract.
    pub const FRONT: Hints = Hints(512);

    /// Whether all of these are given.
    pub fn has(self, hints: Hints) -> bool {
        self.0 & hints.0 == hints.0
    }

    fn add(&mut self, hints: u16) {
        self.0 |= hints;
    }
}

/// Parts of class names and ids, after the lists of Mozilla's Readability, and what they hint at: 1
/// unlikely, 2 maybe, 4 positive, 8 negative, 16 share, 32 banner, 64 notes, 128 comment, 256 edit, 512 front.
const WORDS: &[(&str, u16)] = &[
    ("-ad-", 1 + 8),
    ("ad-break", 1),
    ("agegate", 1),
    ("ai2html", 1),
    ("and", 2),
    ("article", 2 + 4),
    ("banner", 1 + 8),
    ("blog", 4),
    ("body", 2 + 4),
    ("breadcrumb", 1),
    ("column", 2),
    ("com-", 8),
    ("combx", 1 + 8),
    ("comment", 1 + 8 + 128),
    ("community", 1),
    ("contact", 8),
    ("content", 2 + 4),
    ("cookie", 8 + 32),
    ("consent", 8 + 32),
    ("cover-wrap", 1),
    ("disqus", 1 + 128),
    ("editsection", 256),
    ("endnote", 64),
    ("entry", 4),
    ("extra", 1),
    ("footer", 1 + 8),
    ("footnote", 64),
    ("gdpr", 1 + 8 + 32),
    ("header", 1),
    ("hidden", 8),
    ("legends", 1),
    ("main", 2 + 4),
    ("masthead", 8),
    ("mathjax", 2),
    ("media", 8),
    ("menu", 1),
    ("meta", 8),
    ("newsletter", 8 + 32),
    ("outbrain", 8),
    ("page", 4),
    ("pager", 1),
    ("pagination", 1 + 4),
    ("popup", 1),
    ("post", 4),
    ("promo", 8),
    ("reference", 64),
    ("related", 1 + 8),
    ("remark", 1),
    ("replies", 1 + 128),
    ("rss", 1),
    ("scroll", 8),
    ("shadow", 2),
    ("share", 8 + 16),
    ("shopping", 8),
    ("shoutbox", 1 + 8),
    ("sidebar", 1 + 8),
    ("skip", 8),
    ("skyscraper", 1 + 8),
    ("social", 1 + 16),
    ("sponsor", 1 + 8),
    ("story", 4),
    ("supplemental", 1),
    ("tags", 8),
    ("text", 4),
    ("title-block", 2 + 512),
    ("widget", 8),
    ("yom-remote", 1),
];

/// For each first letter, the words of [`WORDS`] that begin with it: first and end index.
const FIRST: [(u8, u8); 128] = {
    let mut table = [(0u8, 0u8); 128];
    let mut at = 0;
    while at < WORDS.len() {
        let letter = WORDS[at].0.as_bytes()[0] as usize;
        if table[letter].1 == 0 {
            table[letter].0 = at as u8;
        }
        table[letter].1 = at as u8 + 1;
        at += 1;
    }
    table
};

/// What a class name or id hints at.
fn hints_of(value: &str, hints: &mut Hints) {
    let value = value.as_bytes();
    for (at, byte) in value.iter().enumerate() {
        let Some(&(first, end)) = FIRST.get(usize::from(byte.to_ascii_lowercase())) else {
            continue;
        };
        for &(word, bits) in WORDS.get(usize::from(first)..usize::from(end)).unwrap_or_default() {
            let is_word = value
                .get(at..at + word.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()));
            if is_word {
                hints.add(bits);
            }
        }
    }
}

/// Notes on an element what its attributes say.
pub fn describe(node: &mut Node, source: &str, attributes: &[Attribute]) {
    let mut level: Option<u8> = None;
    for attribute in attributes {
        let value = &source[attribute.value.clone()];
        let mut name = [0u8; 16];
        let written = &source.as_bytes()[attribute.name.clone()];
        let Some(name) = name.get_mut(..written.len()) else { continue };
        name.copy_from_slice(written);
        name.make_ascii_lowercase();
        match &*name {
            b"class" => hints_of(value, &mut node.hints),
            b"id" | b"xml:id" => {
                hints_of(value, &mut node.hints);
                node.flags |= flags_of::ANCHOR;
            }
            b"name" if node.tag == Tag::A => node.flags |= flags_of::ANCHOR,
            b"hidden" if !value.eq_ignore_ascii_case("until-found") => {
                node.flags |= flags_of::HIDDEN;
            }
            // A caption says the same as the text of its picture, which is not read.
            b"aria-hidden"
                if value.trim().eq_ignore_ascii_case("true") && node.tag != Tag::Figcaption =>
            {
                node.flags |= flags_of::HIDDEN;
            }
            b"style" => node.flags |= style(value),
            b"role" => role(node, value),
            b"rel" if value.split_ascii_whitespace().any(|relation| relation == "author") => {
                node.flags |= flags_of::AUTHOR;
            }
            b"epub:type" => node.flags |= book_type(value),
            b"aria-level" => level = value.trim().parse().ok().filter(|level| *level > 0),
            b"itemprop" if value.eq_ignore_ascii_case("articleBody") => {
                node.flags |= flags_of::ARTICLE;
            }
            _ => {}
        }
    }
    if node.level > 0 {
        node.level = level.unwrap_or(node.level);
    }
    if matches!(node.tag, Tag::Html | Tag::Body) {
        // Shown by a script.
        node.flags &= !flags_of::HIDDEN;
    }
}

fn style(value: &str) -> u16 {
    let mut flags = 0;
    for declaration in value.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.split('!').next().unwrap_or_default().trim();
        if name.trim().eq_ignore_ascii_case("display") {
            let is_block = ["block", "flex", "grid", "list-item", "table"];
            if value.eq_ignore_ascii_case("none") {
                flags |= flags_of::HIDDEN;
            } else if is_block.iter().any(|block| value.eq_ignore_ascii_case(block)) {
                flags |= flags_of::BLOCK;
            }
        } else if name.trim().eq_ignore_ascii_case("visibility")
            && value.eq_ignore_ascii_case("hidden")
        {
            flags |= flags_of::HIDDEN;
        }
    }
    flags
}

fn role(node: &mut Node, value: &str) {
    for role in value.split_ascii_whitespace() {
        match role.to_ascii_lowercase().as_str() {
            // The level where `aria-level` names none (WAI-ARIA 1.2).
            "heading" if node.level == 0 => node.level = 2,
            "main" => node.flags |= flags_of::MAIN,
            "navigation" | "menu" | "menubar" | "complementary" | "search" | "alert"
            | "alertdialog" | "dialog" | "contentinfo" => node.flags |= flags_of::ASIDE,
            "presentation" | "none" => node.flags |= flags_of::LAYOUT,
            "doc-footnote" | "doc-endnote" | "doc-endnotes" => node.flags |= flags_of::NOTE,
            "doc-noteref" => node.flags |= flags_of::MARK,
            "doc-pagebreak" => node.flags |= flags_of::PAGE,
            "doc-toc" | "doc-pagelist" => node.flags |= flags_of::CONTENTS,
            _ => {}
        }
    }
}

fn book_type(value: &str) -> u16 {
    let mut flags = 0;
    for name in value.split_ascii_whitespace() {
        flags |= match name {
            "footnote" | "rearnote" | "endnote" | "note" | "footnotes" | "rearnotes"
            | "endnotes" => flags_of::NOTE,
            "noteref" | "annoref" => flags_of::MARK,
            "pagebreak" => flags_of::PAGE,
            "toc" | "page-list" | "landmarks" | "lot" | "loi" => flags_of::CONTENTS,
            _ => 0,
        };
    }
    flags
}
