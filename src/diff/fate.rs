//! What became of a passage that was known by its id: whether it stands, where it stands now, what it says now.

use super::align::most_alike;
use super::edits::{Edit, edits};
use super::paragraphs::words;
use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::verify::{Verdict, Verifier};

/// A passage as it was known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// The document that it was of.
    pub doc_id: String,
    /// The headings that it stood under, the title first.
    pub trail: Vec<String>,
    /// What it said.
    pub text: String,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Fate {
    /// The same text in the same section of the same document.
    Unchanged(Box<Passage>),
    /// The same text in another passage: of another section, document or length.
    Moved(Box<Passage>),
    /// The document says something like it.
    Changed {
        /// Where.
        passage: Box<Passage>,
        /// What is in both, what was, what is.
        edits: Vec<Edit>,
        /// The share of the words that both have, from 0 to 1.
        similarity: f32,
    },
    /// Nothing like it is there.
    Gone {
        /// Whether its document still is.
        has_document: bool,
    },
}

impl Fate {
    /// A word for it, in every interface.
    pub fn name(&self) -> &'static str {
        match self {
            Fate::Unchanged(_) => "unchanged",
            Fate::Moved(_) => "moved",
            Fate::Changed { .. } => "text_changed",
            Fate::Gone { .. } => "gone",
        }
    }

    /// The passage that is there now.
    pub fn passage(&self) -> Option<&Passage> {
        match self {
            Fate::Unchanged(passage) | Fate::Moved(passage) | Fate::Changed { passage, .. } => {
                Some(passage)
            }
            Fate::Gone { .. } => None,
        }
    }
}

/// Says what became of a passage. An id is made of document, section and text: where it is there, so are they.
///
/// # Errors
/// Those of the engine.
pub fn fate(engine: &dyn Engine, known: &Known) -> Result<Fate> {
    if let Some(passage) = engine.passage(&known.id)? {
        return Ok(Fate::Unchanged(Box::new(passage)));
    }
    let passages = engine.document(&known.doc_id)?;
    let is_same =
        |passage: &&Passage| passage.text.split_whitespace().eq(known.text.split_whitespace());
    if let Some(passage) = passages.iter().find(is_same) {
        return Ok(Fate::Moved(Box::new(passage.clone())));
    }
    let mut verification = Verifier::new(engine).verify(&known.text)?;
    if verification.verdict == Verdict::Verbatim {
        // In its own document before others.
        let own =
            verification.matches.iter().position(|at| at.passage.report.doc_id == known.doc_id);
        let found = verification.matches.swap_remove(own.unwrap_or(0));
        return Ok(Fate::Moved(Box::new(found.passage)));
    }
    let has_document = !passages.is_empty();
    // A document that is gone may have another name now.
    let candidates = match has_document {
        true => passages,
        false => verification.matches.into_iter().map(|at| at.passage).collect(),
    };
    let texts: Vec<Vec<String>> = candidates.iter().map(|passage| words(&passage.text)).collect();
    let nearest = most_alike(&words(&known.text), &texts).and_then(|place| candidates.get(place));
    Ok(match nearest {
        Some(passage) => {
            let (edits, similarity) = edits(&known.text, &passage.text);
            Fate::Changed { passage: Box::new(passage.clone()), edits, similarity }
        }
        None => Fate::Gone { has_document },
    })
}
