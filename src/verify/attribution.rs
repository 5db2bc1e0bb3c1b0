//! Whether a quotation is from where its draft says.

use super::{Match, Quotation, Verdict, Verification, Verifier};
use crate::error::Result;

/// Where a quotation stands, seen from what its draft says it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In a document that the draft names.
    There,
    /// In other documents only.
    Elsewhere,
    /// In no document.
    Nowhere,
    /// The draft names nothing that the index has.
    Unknown,
}

impl Stands {
    /// The name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            Stands::There => "there",
            Stands::Elsewhere => "elsewhere",
            Stands::Nowhere => "nowhere",
            Stands::Unknown => "unknown",
        }
    }
}

/// What a draft says a quotation is from, and whether it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// The text of the note, or what stands in brackets.
    pub hint: String,
    /// The ids of the documents that this names, sorted.
    pub documents: Vec<String>,
    /// Whether the quotation stands there.
    pub stands: Stands,
}

/// A quotation that stands in many documents is looked for in so many of those that are named.
const MOST_NAMED: usize = 200;

impl Verifier<'_> {
    /// Says of a draft's quotation whether it stands in the corpus, and whether where the draft says so. Places
    /// in documents that the draft names come first.
    ///
    /// # Errors
    /// As those of the engine. Finding nothing is not an error.
    pub fn check(&mut self, quotation: &Quotation) -> Result<Verification> {
        let mut found = self.verify(&quotation.text)?;
        let Some(hint) = quotation.hint.as_ref().filter(|_| self.only.is_none()) else {
            return Ok(found);
        };
        let documents = self.documents_of(hint)?;
        let stands = match (documents.is_empty(), found.verdict) {
            (true, _) => Stands::Unknown,
            (_, Verdict::Absent | Verdict::TooShort) => Stands::Nowhere,
            (_, Verdict::Stitched) => match found.matches.iter().all(|it| is_in(it, &documents)) {
                true => Stands::There,
                false => Stands::Elsewhere,
            },
            _ => self.where_it_stands(&mut found, &documents)?,
        };
        found.attribution = Some(Attribution { hint: hint.clone(), documents, stands });
        Ok(found)
    }

    /// The documents that a hint names, by their names or by the id of a passage.
    fn documents_of(&mut self, hint: &str) -> Result<Vec<String>> {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        for word in
            hint.split(|c| !is_part(c)).filter(|word| crate::passage::id_number(word).is_some())
        {
            if let Some(passage) = self.engine.passage(word)? {
                return Ok(vec![passage.report.doc_id.clone()]);
            }
        }
        Ok(self.sources()?.named(hint))
    }

    /// Whether a quotation that stands somewhere, or nearly, stands so in one of these documents.
    fn where_it_stands(
        &mut self,
        found: &mut Verification,
        documents: &[String],
    ) -> Result<Stands> {
        found.matches.sort_by_key(|it| !is_in(it, documents));
        if let Some(place) = found.matches.first().filter(|it| is_in(it, documents)) {
            if found.verdict.is_verified() {
                found.verdict = place.verdict();
            }
            return Ok(Stands::There);
        }
        // Of a quotation that is only near, the nearest place is known; of others, the first places.
        let are_all_known = found.total <= found.matches.len() && !found.has_more;
        if found.verdict.is_verified() && are_all_known {
            return Ok(Stands::Elsewhere);
        }
        for doc_id in documents.iter().take(MOST_NAMED) {
            self.only = Some(self.document(doc_id)?);
            let within = self.verify(&found.quote);
            self.only = None;
            let within = within?;
            let is_so = within.verdict <= found.verdict.max(Verdict::Normalized);
            if is_so && let Some(place) = within.matches.into_iter().next() {
                found.diff = within.diff;
                found.verdict = within.verdict;
                found.matches.insert(0, place);
                found.matches.truncate(super::MOST_MATCHES);
                return Ok(Stands::There);
            }
        }
        Ok(Stands::Elsewhere)
    }
}

fn is_in(found: &Match, documents: &[String]) -> bool {
    documents.binary_search(&found.passage.report.doc_id).is_ok()
}
