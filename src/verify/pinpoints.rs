//! The lines and the headings that a draft names with a report: `line 96`, `Ghana_2021.md:96-98`, `under “Legal Framework,”`.
//! A quotation is held to them.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::gaps::is_quote;
use super::given::counted;
use super::marks::quoted;
use super::sources::years;
use super::{Match, Quotation, Verifier};
use crate::countries::folded_words;
use crate::error::Result;
use crate::passage::Passage;

/// Of so many documents that a hint names the headings are looked at.
const MOST_DOCUMENTS: usize = 20;

/// What lines are called; `L96` behind the address of a file is one too.
const LINES: [&str; 4] = ["l", "line", "lines", "ll"];

/// The lines that a hint names, by a word for them or behind the name of a file; `names`: where it has such.
pub fn lines(hint: &str, names: &[Range<usize>]) -> Vec<(usize, usize)> {
    let mut lines = counted(hint, &LINES);
    for name in names {
        let behind = hint.get(name.end..).and_then(|it| it.strip_prefix([':', '#']));
        let behind = behind.map(|it| it.trim_start_matches('L')).unwrap_or_default();
        let is_of_lines = |c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | 'L');
        let end = behind.find(|c| !is_of_lines(c)).unwrap_or(behind.len());
        let span = behind.get(..end).unwrap_or_default().replace('L', "");
        lines.extend(counted(&format!("line {span}"), &LINES));
    }
    lines
}

impl Verifier<'_> {
    /// Whether a match may stand on one of some lines: on those of the passages that it is in; what has no lines may.
    pub(super) fn is_on_line(&mut self, found: &Match, asked: &[(usize, usize)]) -> Result<bool> {
        if asked.is_empty() {
            return Ok(true);
        }
        let own = self.lines_of(found)?;
        let meets = |(first, last)| asked.iter().any(|(from, to)| *from <= last && first <= *to);
        Ok(own.is_none_or(meets))
    }

    /// The lines of the passages that a match is in; of a heading, those from the passage before it on.
    fn lines_of(&mut self, found: &Match) -> Result<Option<(usize, usize)>> {
        let document = self.document(&found.passage.report.doc_id)?;
        let lines = |at: usize| document.get(at).and_then(|passage| passage.location.lines);
        if let Some(part) = found.heading {
            let trail = found.passage.trail.get(..=part);
            let first = document.iter().position(|it| it.trail.get(..=part) == trail);
            let first = first.unwrap_or_default();
            let before = first.checked_sub(1).and_then(lines).map_or(1, |(_, last)| last);
            return Ok(lines(first).map(|(_, last)| (before, last)));
        }
        let last = found.goes_on.last();
        let last = last.and_then(|id| document.iter().rfind(|passage| passage.id == *id));
        let last = last.unwrap_or(&found.passage).location.lines;
        Ok(found.passage.location.lines.zip(last).map(|(own, last)| (own.0, last.1)))
    }

    /// Whether a match begins or goes on under one of some headings.
    pub(super) fn is_under(&mut self, found: &Match, asked: &[String]) -> Result<bool> {
        let is_asked = |passage: &Passage| headings(passage).any(|it| asked.contains(&it));
        if asked.is_empty() || is_asked(&found.passage) {
            return Ok(true);
        }
        let document = self.document(&found.passage.report.doc_id)?;
        let mut others = document.iter().filter(|passage| found.goes_on.contains(&passage.id));
        Ok(others.any(is_asked))
    }

    /// What of a hint is a heading of one of some documents, as bytes: in quotation marks, with these, or by itself behind the
    /// year.
    pub(super) fn headings_in(
        &mut self,
        hint: &str,
        documents: &[String],
    ) -> Result<Vec<Range<usize>>> {
        let quoted = quoted(hint, false).ranges;
        let mut ranges: Vec<Range<usize>> = behind_year(hint);
        ranges.retain(|it| !quoted.iter().any(|own| own.start < it.end && it.start < own.end));
        ranges.extend(quoted);
        if ranges.is_empty() {
            return Ok(ranges);
        }
        let mut known: FxHashSet<String> = FxHashSet::default();
        for doc_id in documents.iter().take(MOST_DOCUMENTS) {
            known.extend(self.document(doc_id)?.iter().flat_map(headings));
        }
        ranges.retain(|it| known.contains(&folded_words(hint.get(it.clone()).unwrap_or_default())));
        // `Table 2 (Cont.)` is not `Table 2`.
        ranges.sort_unstable_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        ranges.dedup_by(|next, before| next.start < before.end);
        Ok(ranges.into_iter().map(|it| with_marks(hint, &it)).collect())
    }

    /// Whether what is quoted is a heading, or the title, of a document that is cited there: it says where something stands,
    /// and quotes nothing.
    pub(super) fn is_cited_heading(&mut self, quotation: &Quotation) -> Result<bool> {
        let Some(citation) = &quotation.citation else { return Ok(false) };
        let own = folded_words(&quotation.text);
        let parts = self.given(citation)?;
        let documents = parts.iter().flat_map(|(_, given)| &given.documents);
        for doc_id in documents.take(MOST_DOCUMENTS) {
            let document = self.document(doc_id)?;
            let mut all = document.iter().flat_map(|passage| &passage.trail);
            if all.any(|heading| folded_words(heading) == own) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What stands in a hint behind its first year from a comma or bracket to any later one or to the end, without a word that
/// says that it is a section: headings have such signs too.
fn behind_year(hint: &str) -> Vec<Range<usize>> {
    const LEADS: [&str; 4] = ["section ", "sec. ", "under ", "chapter "];
    let is_between = |c: char| matches!(c, ',' | ';' | '(' | ')' | '[' | ']');
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    let (mut at, mut has_year) = (0, false);
    for part in hint.split_inclusive(is_between).take(MOST_PARTS) {
        let own = part.trim_start();
        let lead = LEADS.iter().find(|lead| own.starts_with(**lead)).map_or(0, |lead| lead.len());
        if has_year && own.contains(char::is_alphabetic) {
            starts.push(at + part.len() - own.len() + lead);
        }
        has_year |= !years(part).is_empty();
        at += part.len();
        ends.push(
            at - part.chars().next_back().filter(|c| is_between(*c)).map_or(0, char::len_utf8),
        );
    }
    let to_ends =
        |&start: &usize| ends.iter().filter(move |end| start < **end).map(move |end| start..*end);
    starts.iter().flat_map(to_ends).collect()
}

/// So many parts of a hint are looked at.
const MOST_PARTS: usize = 32;

/// The headings over a passage below the title, folded.
fn headings(passage: &Passage) -> impl Iterator<Item = String> {
    passage.trail.iter().skip(1).map(|heading| folded_words(heading))
}

/// What is quoted, with the quotation marks around it.
pub(super) fn with_marks(text: &str, quoted: &Range<usize>) -> Range<usize> {
    let before = text.get(..quoted.start).and_then(|it| it.chars().next_back());
    let after = text.get(quoted.end..).and_then(|it| it.chars().next());
    let length = |mark: Option<char>| mark.filter(|c| is_quote(*c)).map_or(0, char::len_utf8);
    quoted.start - length(before)..quoted.end + length(after)
}
