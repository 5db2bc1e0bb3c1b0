//! Whether a quotation is from where its draft says.

use super::addresses::addresses;
use super::given::Given;
use super::{Match, Quotation, Verdict, Verification, Verifier};
use crate::error::Result;

/// Where a quotation stands, seen from what its draft says it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In a document that the draft names.
    There,
    /// In other documents only; the index may have none for the year that is named.
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
    /// The text of the note, what stands in brackets, or what the sentence says before the quotation.
    pub hint: String,
    /// The ids of the documents that this names, sorted.
    pub documents: Vec<String>,
    /// Whether the quotation stands there.
    pub stands: Stands,
    /// Where it names several sources, each of them.
    pub sources: Vec<Source>,
    /// Whether the page was looked at; `None` where the draft gives none. Many files have no pages.
    pub is_page_checked: Option<bool>,
}

/// One of several sources of a quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As much of the hint as names it.
    pub hint: String,
    /// The ids of the documents that this names, sorted.
    pub documents: Vec<String>,
    /// Whether the quotation stands there.
    pub stands: Stands,
}

/// What a hint names, source by source, each with as much of the hint as names it.
type Parts = Vec<(String, Given)>;

/// A quotation that stands in many documents is looked for in so many of those that are named.
const MOST_NAMED: usize = 200;

/// What is only near is looked for in no more documents that a sentence names before it.
const MOST_LED: usize = 20;

impl Attribution {
    /// Of several sources where it stands in one, which have it and which do not: `in Ghana, 2016; not in Mali, 2020`.
    pub fn sources_note(&self) -> Option<String> {
        let is_told = self.stands == Stands::There && !self.sources.is_empty();
        let told = self.sources.iter().map(|source| match source.stands {
            Stands::There => format!("in {}", source.hint),
            Stands::Elsewhere | Stands::Nowhere => format!("not in {}", source.hint),
            Stands::Unknown => format!("{} names no document of the index", source.hint),
        });
        is_told.then(|| told.collect::<Vec<_>>().join("; "))
    }

    /// What is to be said where it stands as given, as far as is known.
    pub fn page_note(&self) -> Option<&'static str> {
        let is_unknown = self.stands == Stands::There && self.is_page_checked == Some(false);
        is_unknown.then_some("the page is not checked, as the file has none")
    }
}

impl Verifier<'_> {
    /// Says of a draft's quotation whether it stands in the corpus, and whether where the draft says so. Places
    /// in documents that the draft names come first.
    ///
    /// # Errors
    /// As those of the engine. Finding nothing is not an error.
    pub fn check(&mut self, quotation: &Quotation) -> Result<Verification> {
        let mut found = self.verify(&quotation.text)?;
        if self.only.is_some() {
            return Ok(found);
        }
        let Some((hint, given)) = self.said_to_be_from(quotation, found.verdict)? else {
            return Ok(found);
        };
        let mut sources = Vec::new();
        // Places of what comes later are put first: so those of the first source are.
        for (hint, given) in given.iter().rev() {
            sources.insert(0, self.source(&mut found, hint, given)?);
        }
        let stands = of_sources(&sources);
        let mut documents: Vec<String> =
            sources.iter().flat_map(|source| &source.documents).cloned().collect();
        documents.sort_unstable();
        documents.dedup();
        let is_meant = |source: &Source| source.stands == stands;
        let meant = given.iter().zip(&sources).filter(|(_, source)| is_meant(source));
        let has_page = meant.into_iter().any(|((_, given), _)| !given.pages.is_empty());
        let has_pages =
            || found.matches.first().is_some_and(|it| it.passage.location.pages.is_some());
        let is_page_checked = has_page.then(has_pages);
        if sources.len() < 2 {
            sources.clear();
        }
        found.attribution = Some(Attribution { hint, documents, stands, sources, is_page_checked });
        Ok(found)
    }

    /// Whether a quotation stands where one source is.
    fn source(&mut self, found: &mut Verification, hint: &str, given: &Given) -> Result<Source> {
        let stands = match (given.documents.is_empty(), found.verdict) {
            (true, _) if !given.is_of_no_year => Stands::Unknown,
            (_, Verdict::Absent | Verdict::TooShort) => Stands::Nowhere,
            (_, Verdict::Stitched) => {
                match self.are_as_given(&found.matches, given)?.contains(&false) {
                    true => Stands::Elsewhere,
                    false => Stands::There,
                }
            }
            _ => self.where_it_stands(found, given)?,
        };
        let hint = hint.to_owned();
        // What another has published may stand here too, but this is not what the draft names.
        if given.is_of_another && stands != Stands::Elsewhere {
            return Ok(Source { hint, documents: Vec::new(), stands: Stands::Unknown });
        }
        Ok(Source { hint, documents: given.documents.clone(), stands })
    }

    /// What a draft says a quotation is from, and the place that this means: what is given behind it, else what its sentence
    /// says before it, else what is given behind a later quotation of the sentence, if that names no other country.
    fn said_to_be_from(
        &mut self,
        quotation: &Quotation,
        verdict: Verdict,
    ) -> Result<Option<(String, Parts)>> {
        if let Some(hint) = &quotation.hint {
            return Ok(Some((hint.clone(), self.given(hint)?)));
        }
        let sources = self.sources()?;
        if let Some(led) = sources.led(&quotation.lead) {
            // To look for something near in each report of a year would take long.
            let is_asked = led.given.documents.len() <= MOST_LED || verdict.is_verified();
            return Ok(is_asked.then(|| (led.hint.clone(), vec![(led.hint, led.given)])));
        }
        let Some(shared) = &quotation.shared else { return Ok(None) };
        let given = self.given(&shared.hint)?;
        let documents: Vec<String> =
            given.iter().flat_map(|(_, given)| &given.documents).cloned().collect();
        let is_meant = !documents.is_empty() && sources.is_about_only(&shared.lead, &documents);
        Ok(is_meant.then(|| (shared.hint.clone(), given)))
    }

    /// Of each match whether it stands where a hint says.
    fn are_as_given(&mut self, found: &[Match], given: &Given) -> Result<Vec<bool>> {
        found.iter().map(|it| self.is_as_given(it, given)).collect()
    }

    /// The places of the sources that a hint names, each with as much of the hint as names it.
    fn given(&mut self, hint: &str) -> Result<Parts> {
        let named: Vec<&str> = addresses(hint).into_iter().filter_map(|it| hint.get(it)).collect();
        if !named.is_empty() {
            let parts = named.into_iter();
            return parts.map(|it| Ok((it.to_owned(), self.given_by_address(it)?))).collect();
        }
        let parts = self.sources()?.parts(hint);
        let texts = parts.into_iter().filter_map(|part| hint.get(part));
        texts.map(|part| Ok((part.to_owned(), self.given_by_one(part)?))).collect()
    }

    /// The place that a source is, its documents by their names or by the id of a passage.
    fn given_by_one(&mut self, hint: &str) -> Result<Given> {
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

/// Where a quotation stands, seen from several sources: there where it is in one of them.
fn of_sources(sources: &[Source]) -> Stands {
    let ranked = [Stands::There, Stands::Elsewhere, Stands::Nowhere];
    let has = |stands: &Stands| sources.iter().any(|source| source.stands == *stands);
    ranked.into_iter().find(has).unwrap_or(Stands::Unknown)
}
