//! Citations: in the styles of manuals, as data for programs that manage references, as selector and link.
//!
//! Titles stand as they are in the report: whether a word of a title is a name, no program knows.

mod apa;
mod bibtex;
mod bluebook;
mod chicago;
mod csl;
mod link;
mod mla;
mod ris;
mod short;
mod styled;
pub mod uri;

pub use bibtex::bibtex;
pub use csl::csl;
pub use link::{link, selector, text_fragment};
pub use ris::ris;
pub use short::short_citation;
pub use styled::Styled;

use crate::cite::Reference;

/// A style of a manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// *The Chicago Manual of Style*, notes and bibliography: the entry, then the note.
    Chicago,
    /// The American Psychological Association: the entry, then the citation in the text.
    Apa,
    /// The Modern Language Association: the entry, then the citation in the text.
    Mla,
    /// *The Bluebook*: the citation, as in documents of courts.
    Bluebook,
}

/// A reference in a style: the entry of a list of references, then, for a passage, what points to its place.
pub fn styled(reference: &Reference, style: Style) -> Vec<Styled> {
    let (entry, pointer) = match style {
        Style::Chicago => (chicago::entry(reference), chicago::note(reference)),
        Style::Apa => (apa::entry(reference), apa::in_text(reference)),
        Style::Mla => (mla::entry(reference), mla::in_text(reference)),
        Style::Bluebook => return vec![bluebook::citation(reference)],
    };
    match reference.pinpoint {
        Some(_) => vec![entry, pointer],
        None => vec![entry],
    }
}
