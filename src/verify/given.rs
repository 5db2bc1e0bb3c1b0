//! What a draft says of the place that a quotation is from: which documents, of which year, on which page or line, under
//! which heading.

use super::sources::years;
use super::{Match, Verifier};
use crate::countries::folded_words;
use crate::error::Result;
use crate::passage::Passage;

/// No report has so many pages.
const MOST_PAGES: usize = 1_000_000;

/// The place that a hint names.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The ids of the documents, sorted; none where it names none, or one that there is not.
    pub documents: Vec<String>,
    /// Its years; those of a file's name are none.
    pub years: Vec<i64>,
    /// The id of its passage.
    pub passage: Option<String>,
    /// First and last of its pages.
    pub pages: Vec<(usize, usize)>,
    /// First and last of its lines.
    pub lines: Vec<(usize, usize)>,
    /// It names lines of a page, which nothing tells.
    pub has_lines_of_page: bool,
    /// The headings of its documents that it names, folded.
    pub headings: Vec<String>,
    /// It names a publisher beside the documents that they are not of.
    pub is_of_another: bool,
    /// It names none of the documents, as those of its country or title are of other years.
    pub is_of_no_year: bool,
}

impl Verifier<'_> {
    /// Whether a match stands where a hint says: in one of its documents, under its year and heading, on its page and line,
    /// as far as these are known.
    pub(super) fn is_as_given(&mut self, found: &Match, given: &Given) -> Result<bool> {
        let passage = &found.passage;
        let is_in = given.documents.binary_search(&passage.report.doc_id).is_ok();
        let is_passage = given.passage.as_ref().is_none_or(|id| is_in_passage(found, id));
        Ok(is_in
            && is_passage
            && is_on_page(found, &given.pages)
            && self.is_on_line(found, &given.lines)?
            && self.is_under(found, &given.headings)?
            && self.is_of_year(passage, &given.years)?)
    }

    /// Whether a passage is of one of some years. A report of one year is known by that. In others the nearest heading
    /// that is a year says so, else one of the years of the report; where there is none, the year must stand
    /// somewhere in it.
    fn is_of_year(&mut self, passage: &Passage, asked: &[i64]) -> Result<bool> {
        let metadata = &passage.report.metadata;
        let own: Vec<i64> =
            metadata.get("year").into_iter().flatten().flat_map(|it| years(it)).collect();
        let is_asked = |year: &i64| asked.contains(year);
        if asked.is_empty() {
            return Ok(true);
        }
        if let [only] = own.as_slice() {
            return Ok(is_asked(only));
        }
        if let Some(dated) = passage.trail.iter().skip(1).rev().find_map(|it| dated(it)) {
            return Ok(dated.iter().any(is_asked));
        }
        let named =
            metadata.values().flatten().chain(&passage.trail).chain([&passage.report.doc_id]);
        if named.flat_map(|text| years(text)).any(|year| is_asked(&year)) {
            return Ok(true);
        }
        let document = self.document(&passage.report.doc_id)?;
        let mut texts = document.iter().map(|passage| passage.text.as_str());
        Ok(own.is_empty() && texts.any(|text| years(text).iter().any(is_asked)))
    }
}

/// The years of a heading that is one, or that ends with one in brackets: `2011`, `Prosecution (2008)`.
fn dated(heading: &str) -> Option<Vec<i64>> {
    let last = heading.trim().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let text = last.map_or(heading, |(_, inside)| inside);
    let named = years(text);
    let is_all = folded_words(text).split_whitespace().count() == named.len();
    (is_all && !named.is_empty()).then_some(named)
}

/// Whether a match begins in a passage or goes on in it.
fn is_in_passage(found: &Match, id: &str) -> bool {
    found.passage.id == id || found.goes_on.iter().any(|other| other == id)
}

/// Whether a match may stand on one of some pages, by their numbers or by what is printed on them; what has no pages
/// may.
fn is_on_page(found: &Match, asked: &[(usize, usize)]) -> bool {
    let location = &found.passage.location;
    let Some((first, last)) = location.pages.filter(|_| !asked.is_empty()) else { return true };
    // A quotation that goes on over other passages may go on over a page for each.
    let more = found.goes_on.len();
    let meets = |from: usize, to: usize| {
        asked.iter().any(|(first, last)| *first <= to + more && from <= *last)
    };
    let labels = location.page_labels.as_ref();
    let printed = labels.and_then(|(from, to)| from.parse().ok().zip(to.parse().ok()));
    meets(first, last) || printed.is_some_and(|(from, to)| meets(from, to))
}

/// The pages that a hint names: `p. 3`, `pp. 3–5, 9`, `page 12`.
pub fn pages(hint: &str) -> Vec<(usize, usize)> {
    counted(hint, &["p", "pp", "page", "pages"])
}

/// The first and last of what a hint counts by one of some words, in small letters.
pub(super) fn counted(hint: &str, units: &[&str]) -> Vec<(usize, usize)> {
    let mut pages: Vec<(usize, usize)> = Vec::new();
    // Whether a number may be one of a page; and whether it is the last of those before.
    let (mut is_open, mut goes_on) = (false, false);
    for word in hint.split_inclusive(|c: char| !c.is_alphanumeric()) {
        if word.trim().is_empty() {
            continue;
        }
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let letters = bare.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = bare.get(letters.len()..).and_then(|digits| digits.parse().ok());
        let is_page = units.contains(&letters.to_lowercase().as_str());
        let is_joining = matches!(letters, "" | "and" | "f" | "ff") && number.is_none();
        match (number, pages.last_mut()) {
            (Some(page), Some((first, last))) if goes_on && letters.is_empty() => {
                *last = last_page(*first, page, bare.len());
            }
            // `112 f.`, `112 ff.`
            (None, Some((first, last))) if is_open && letters == "f" => {
                *last = first.saturating_add(1)
            }
            (None, Some((_, last))) if is_open && letters == "ff" => *last = MOST_PAGES,
            (Some(page), _) if is_page || is_open && letters.is_empty() => pages.push((page, page)),
            _ => {}
        }
        is_open = is_page || is_open && (is_joining || number.is_some() && letters.is_empty());
        let is_dash = word.ends_with(['-', '–', '—']);
        goes_on = is_open && is_dash && (number.is_some() || bare.is_empty() && !pages.is_empty());
    }
    pages
}

/// The last of some pages, of which only the digits may be written that differ: `112–14`.
fn last_page(first: usize, page: usize, digits: usize) -> usize {
    let unit = 10_usize.saturating_pow(digits as u32);
    if page < first { (first / unit * unit).saturating_add(page) } else { page }
}
