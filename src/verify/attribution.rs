//! Whether a quotation is from where its draft says.

use std::ops::Range;

use super::addresses::addresses;
use super::given::Given;
use super::pinpoints::{Lines, lines};
use super::{Match, Quotation, Verdict, Verification, Verifier};
use crate::countries::folded_words;
use crate::error::Result;
use crate::passage::Passage;

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
    /// The same of the line. The lines of a page are not known.
    pub is_line_checked: Option<bool>,
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
    pub fn place_note(&self) -> Option<&'static str> {
        let notes = [
            (self.is_page_checked, "the page is not checked, as the file has none"),
            (self.is_line_checked, "the line is not checked, as its number is not known"),
        ];
        let mut unknown = notes.into_iter().filter(|(is_checked, _)| *is_checked == Some(false));
        unknown.next().map(|(_, note)| note).filter(|_| self.stands == Stands::There)
    }
}

impl Verifier<'_> {
    /// Says of a draft's quotation whether it stands in the corpus, and whether where the draft says so. Places
    /// in documents that the draft names come first. `None` where it is the heading of a document in a citation of that.
    ///
    /// # Errors
    /// As those of the engine. Finding nothing is not an error.
    pub fn check(&mut self, quotation: &Quotation) -> Result<Option<Verification>> {
        self.in_time()?;
        if self.is_cited_heading(quotation)? {
            return Ok(None);
        }
        let mut found = self.verify(&quotation.text)?;
        if self.only.is_none()
            && let Some((hint, given)) = self.said_to_be_from(quotation, found.verdict)?
        {
            found.attribution = Some(self.attribution(&mut found, hint, &given)?);
        }
        Ok(Some(found))
    }

    /// Whether what was found stands where a hint says.
    fn attribution(
        &mut self,
        found: &mut Verification,
        hint: String,
        given: &Parts,
    ) -> Result<Attribution> {
        let mut sources = Vec::new();
        // Places of what comes later are put first: so those of the first source are.
        for (hint, given) in given.iter().rev() {
            sources.insert(0, self.source(found, hint, given)?);
        }
        let stands = of_sources(&sources);
        let mut documents: Vec<String> =
            sources.iter().flat_map(|source| &source.documents).cloned().collect();
        documents.sort_unstable();
        documents.dedup();
        let meant = || {
            let all = given.iter().zip(&sources);
            all.filter(|(_, source)| source.stands == stands).map(|((_, given), _)| given)
        };
        let place = found.matches.first().map(|it| &it.passage.location);
        let has_page = meant().any(|given| !given.pages.is_empty());
        let has_line = meant().any(|given| !given.lines.is_empty());
        let has_of_page = meant().any(|given| given.has_lines_of_page);
        let is_page_checked = has_page.then(|| place.is_some_and(|it| it.pages.is_some()));
        let is_line_checked = (has_line || has_of_page)
            .then(|| has_line && place.is_some_and(|it| it.lines.is_some()));
        if sources.len() < 2 {
            sources.clear();
        }
        Ok(Attribution { hint, documents, stands, sources, is_page_checked, is_line_checked })
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
    pub(super) fn given(&mut self, hint: &str) -> Result<Parts> {
        let named: Vec<&str> = addresses(hint).into_iter().filter_map(|it| hint.get(it)).collect();
        if !named.is_empty() {
            let parts = named.into_iter();
            return parts.map(|it| Ok((it.to_owned(), self.given_by_address(it)?))).collect();
        }
        let mut parts: Vec<(Range<usize>, Given)> = Vec::new();
        let sources = self.sources()?;
        for part in sources.parts(hint) {
            let own = hint.get(part.clone()).unwrap_or_default();
            let given = self.given_by_one(own)?;
            // By other words another source may be meant: `Department of Labor 2021, and Kenya 2021`.
            let is_sure = given.passage.is_some() || !sources.names_in(own).is_empty();
            match parts.last_mut() {
                Some(last) if is_sure && goes_on(hint, last, &(part.clone(), given.clone())) => {
                    let whole = last.0.start..part.end;
                    let given = self.given_by_one(hint.get(whole.clone()).unwrap_or_default())?;
                    *last = (whole, given);
                }
                _ => parts.push((part, given)),
            }
        }
        let text = |part: Range<usize>| hint.get(part).unwrap_or_default().to_owned();
        Ok(parts.into_iter().map(|(part, given)| (text(part), given)).collect())
    }

    /// The place that a source is, its documents by their names or by the id of a passage. A heading of theirs that it names
    /// tells nothing of who published them.
    fn given_by_one(&mut self, hint: &str) -> Result<Given> {
        let named = match self.passage_in(hint)? {
            Some(passage) => {
                let (documents, id) = (vec![passage.report.doc_id.clone()], passage.id);
                Given { documents, passage: Some(id), ..Given::default() }
            }
            None => self.sources()?.named(hint),
        };
        let names = self.sources()?.names_in(hint);
        let Lines { asked: lines, has_of_page: has_lines_of_page } = lines(hint, &names);
        let ranges = self.headings_in(hint, &named.documents)?;
        let mut bare = hint.to_owned();
        for range in ranges.iter().rev() {
            bare.replace_range(range.clone(), " ");
        }
        let headings = ranges.into_iter().filter_map(|it| hint.get(it)).map(folded_words).collect();
        let is_by_words = named.passage.is_none() && bare.len() < hint.len();
        let without = if is_by_words { self.sources()?.named(&bare) } else { Given::default() };
        // Without the heading nothing else may be meant.
        let is_own = without.documents.iter().all(|it| named.documents.contains(it));
        let given = if without.documents.is_empty() || !is_own { named } else { without };
        Ok(Given { lines, has_lines_of_page, headings, ..given })
    }

    /// The passage whose id a hint has.
    fn passage_in(&mut self, hint: &str) -> Result<Option<Passage>> {
        let words = hint.split(|c: char| !c.is_ascii_alphanumeric());
        for word in words.filter(|word| crate::passage::id_number(word).is_some()) {
            if let Some(passage) = self.engine.passage(word)? {
                return Ok(Some(passage));
            }
        }
        Ok(None)
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

/// Whether a part of a hint that names a file or a passage says more of the source before it: `Ghana — 2021 Findings, line 5 (2021/Ghana_2021.md:5)` is one,
/// since the file is that report.
fn goes_on(hint: &str, last: &(Range<usize>, Given), next: &(Range<usize>, Given)) -> bool {
    let between = hint.get(last.0.end..next.0.start).unwrap_or_default();
    let is_of_last = |doc_id: &String| last.1.documents.contains(doc_id);
    !next.1.documents.is_empty()
        && next.1.documents.iter().all(is_of_last)
        && !between.contains(';')
}

/// Where a quotation stands, seen from several sources: there where it is in one of them.
fn of_sources(sources: &[Source]) -> Stands {
    let ranked = [Stands::There, Stands::Elsewhere, Stands::Nowhere];
    let has = |stands: &Stands| sources.iter().any(|source| source.stands == *stands);
    ranked.into_iter().find(has).unwrap_or(Stands::Unknown)
}
