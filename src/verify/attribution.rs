//! Whether a quotation is from where its draft says.

use super::given::Given;
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
        let given = self.given(hint)?;
        let stands = match (given.documents.is_empty(), found.verdict) {
            (true, _) => Stands::Unknown,
            (_, Verdict::Absent | Verdict::TooShort) => Stands::Nowhere,
            (_, Verdict::Stitched) => {
                match self.are_as_given(&found.matches, &given)?.contains(&false) {
                    true => Stands::Elsewhere,
                    false => Stands::There,
                }
            }
            _ => self.where_it_stands(&mut found, &given)?,
        };
        let documents = given.documents;
        found.attribution = Some(Attribution { hint: hint.clone(), documents, stands });
        Ok(found)
    }

    /// Of each match whether it stands where a hint says.
    fn are_as_given(&mut self, found: &[Match], given: &Given) -> Result<Vec<bool>> {
        found.iter().map(|it| self.is_as_given(it, given)).collect()
    }

    /// The place that a hint names, its documents by their names or by the id of a passage.
    fn given(&mut self, hint: &str) -> Result<Given> {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        for word in
            hint.split(|c| !is_part(c)).filter(|word| crate::passage::id_number(word).is_some())
        {
            if let Some(passage) = self.engine.passage(word)? {
                let documents = vec![passage.report.doc_id.clone()];
                return Ok(Given { documents, ..Given::default() });
            }
        }
        Ok(self.sources()?.named(hint))
    }

    /// Whether a quotation that stands somewhere, or nearly, stands so where a hint says.
    fn where_it_stands(&mut self, found: &mut Verification, given: &Given) -> Result<Stands> {
        let are_as_given = self.are_as_given(&found.matches, given)?;
        let mut are_as_given = are_as_given.into_iter();
        let (mut matches, others): (Vec<Match>, Vec<Match>) = std::mem::take(&mut found.matches)
            .into_iter()
            .partition(|_| are_as_given.next() == Some(true));
        let there = matches.first().map(Match::verdict);
        matches.extend(others);
        found.matches = matches;
        if let Some(verdict) = there {
            if found.verdict.is_verified() {
                found.verdict = verdict;
            }
            return Ok(Stands::There);
        }
        // Of a quotation that is only near, the nearest place is known; of others, the first places.
        let are_all_known = found.total <= found.matches.len() && !found.has_more;
        if found.verdict.is_verified() && are_all_known {
            return Ok(Stands::Elsewhere);
        }
        for doc_id in given.documents.iter().take(MOST_NAMED) {
            self.only = Some(self.document(doc_id)?);
            let within = self.verify(&found.quote);
            self.only = None;
            let within = within?;
            let is_so = within.verdict <= found.verdict.max(Verdict::Normalized);
            let are_as_given = self.are_as_given(&within.matches, given)?;
            let place = are_as_given.iter().position(|is| *is).filter(|_| is_so);
            if let Some(place) = place.and_then(|at| within.matches.into_iter().nth(at)) {
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
