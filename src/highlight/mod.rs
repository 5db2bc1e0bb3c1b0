//! Marks: the query evaluated over one passage, so that what is lit is what matched, and nothing else.
//!
//! Laws, tested as properties: remove every marked word and the query no longer matches; keep only
//! the marked ones and it does.

mod evaluate;
mod parts;
mod snippet;

use std::ops::Range;

pub use evaluate::{Marker, Occurrence, Passed};
pub use snippet::{Fragment, SNIPPET_CHARACTERS, beginning, fragments};

/// A range of a passage's text that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Half-open byte range in the passage's text (or in the heading that it marks).
    pub bytes: Range<usize>,
    /// What it is.
    pub kind: MarkKind,
    /// The number of the query's clause that it matched, counted from 0.
    pub clause: usize,
}

/// A mark in a heading of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionMark {
    /// Index into the trail; 0 is the title.
    pub part: usize,
    /// The mark, relative to that heading.
    pub mark: Mark,
}

/// How a marked range matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// The word as typed, apart from case, accents and punctuation.
    Term,
    /// Another form of the word.
    Stem,
    /// Words one after another as asked.
    Phrase,
    /// A word that stands near others as asked.
    Near,
    /// A word that begins as asked.
    Prefix,
    /// A word that a wildcard means.
    Wildcard,
    /// A word that a regular expression means.
    Regex,
    /// A near spelling.
    Fuzzy,
    /// What a thesaurus says the words are also called.
    Synonym,
    /// A word that the best passages have in common.
    Semantic,
}

impl MarkKind {
    /// The kind's name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            MarkKind::Term => "term",
            MarkKind::Stem => "stem",
            MarkKind::Phrase => "phrase",
            MarkKind::Near => "near",
            MarkKind::Prefix => "prefix",
            MarkKind::Wildcard => "wildcard",
            MarkKind::Regex => "regex",
            MarkKind::Fuzzy => "fuzzy",
            MarkKind::Synonym => "synonym",
            MarkKind::Semantic => "semantic",
        }
    }
}
