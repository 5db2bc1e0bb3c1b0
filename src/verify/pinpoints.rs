//! The lines and the headings that a draft names with a report: `line 96`, `Ghana_2021.md:96-98`, `under “Legal Framework,”`.
//! A quotation is held to them.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::gaps::is_quote;
use super::given::{counted, pages};
use super::marks::quoted;
use super::sources::years;
use super::words::Words;
use super::{Match, Quotation, Verifier};
use crate::countries::folded_words;
use crate::error::Result;
use crate::passage::{Passage, sentence_ends};

/// Of so many documents that a hint names the headings are looked at.
const MOST_DOCUMENTS: usize = 20;

/// The lines of files that a hint names.
#[derive(Default)]
pub struct Lines {
    /// First and last of each.
    pub asked: Vec<(usize, usize)>,
    /// Others are named behind a page, and counted on it: `p. 45, lines 20–24`.
    pub has_of_page: bool,
}

/// The lines that a hint names, by a word for them or behind the name of a file; `names`: where it has such. A number that is a
/// year is none by itself: `Hold the Line 2021`.
pub fn lines(hint: &str, names: &[Range<usize>]) -> Lines {
    let is_of_name = |at: usize| names.iter().any(|name| name.contains(&at));
    let bare: String =
        hint.char_indices().map(|(at, c)| if is_of_name(at) { ' ' } else { c }).collect();
    let mut lines = Lines::default();
    for (at, numbers) in numbered(&bare) {
        if !pages(bare.get(..at).unwrap_or_default()).is_empty() {
            lines.has_of_page = true;
            continue;
        }
        let named = counted(&format!("line {}", numbers.replace(" to ", "–")), &["line"]);
        let is_year = |(first, last): &(usize, usize)| first == last && YEARS.contains(first);
        lines.asked.extend(named.into_iter().filter(|it| !is_year(it)));
    }
    for name in names {
        let behind = hint.get(name.end..).and_then(|it| it.strip_prefix([':', '#']));
        let behind = behind.map(|it| it.trim_start_matches('L')).unwrap_or_default();
        let is_of_lines = |c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | 'L');
        let end = behind.find(|c| !is_of_lines(c)).unwrap_or(behind.len());
        let span = behind.get(..end).unwrap_or_default().replace('L', "");
        lines.asked.extend(counted(&format!("line {span}"), &["line"]));
    }
    lines
}

/// What may be a year.
const YEARS: Range<usize> = 1900..2100;

/// Where a text has a word for lines right before a number, with what stands from that number to the next such word. The
/// short form is small and begins a part: `Pub. L. 109` and `A/HRC/47/L.12` are laws and papers.
fn numbered(text: &str) -> Vec<(usize, &str)> {
    let small = text.to_ascii_lowercase();
    let number = |at: usize| {
        let (before, own) = (text.get(..at)?, small.get(at..)?);
        let long = ["lines", "line"].iter().find_map(|word| own.strip_prefix(word));
        let long = long.filter(|rest| rest.starts_with(char::is_whitespace));
        let begins = before.trim().is_empty() || before.ends_with(", ");
        let short = || ["ll.", "l."].iter().find_map(|word| text.get(at..)?.strip_prefix(word));
        let rest = long.or_else(|| short().filter(|_| begins))?.trim_start();
        let is_word = !before.ends_with(char::is_alphanumeric);
        let is_number = is_word && rest.starts_with(|c: char| c.is_ascii_digit());
        is_number.then(|| text.len() - rest.len())
    };
    let cut = |(at, _): (usize, &str)| {
        let (start, rest) = (number(at)?, text.get(number(at)?..)?);
        let end = small.get(start..)?.find("line").unwrap_or(rest.len());
        Some((at, rest.get(..end)?))
    };
    small.match_indices('l').filter_map(cut).collect()
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
        let mut known: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for doc_id in documents.iter().take(MOST_DOCUMENTS) {
            let document = self.document(doc_id)?;
            for heading in document.iter().flat_map(|passage| passage.trail.iter().skip(1)) {
                let written = known.entry(folded_words(heading)).or_default();
                if !written.contains(heading) {
                    written.push(heading.clone());
                }
            }
        }
        let sources = self.sources()?;
        ranges.retain(|it| {
            let own = hint.get(it.clone()).unwrap_or_default();
            let written = known.get(&folded_words(own));
            written.is_some_and(|all| all.iter().any(|heading| has_capitals_of(own, heading)))
                && stands_apart(hint, it)
                && goes_with_source(hint, it, |text| !sources.named(text).documents.is_empty())
        });
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
        let words = Words::of(quotation.text.clone(), Vec::new());
        // To know what is cited takes longer than to know that no report has such a heading.
        if self.candidates.of_headings(&words)?.is_empty() {
            return Ok(false);
        }
        for doc_id in self.cited(citation)? {
            let document = self.document(&doc_id)?;
            let mut all = document.iter().flat_map(|passage| &passage.trail);
            if all.any(|heading| folded_words(heading) == own) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The documents that a citation names; those of the last one are kept, as it may have many headings.
    fn cited(&mut self, citation: &str) -> Result<Vec<String>> {
        if let Some((_, documents)) = self.cited.as_ref().filter(|(last, _)| last == citation) {
            return Ok(documents.clone());
        }
        let parts = self.given(citation)?;
        let documents = parts.into_iter().flat_map(|(_, given)| given.documents);
        let documents: Vec<String> = documents.take(MOST_DOCUMENTS).collect();
        self.cited = Some((citation.to_owned(), documents.clone()));
        Ok(documents)
    }
}

/// Whether words are written with the capitals of a heading: `“forced labor”` is a term, though `Forced Labor` is a heading.
/// What is all in capitals may be cited without them, but for the first.
fn has_capitals_of(text: &str, heading: &str) -> bool {
    fn capitals(text: &str) -> impl Iterator<Item = bool> {
        text.chars().filter(|c| c.is_alphabetic()).map(char::is_uppercase)
    }
    let is_loud = capitals(heading).all(|is_capital| is_capital);
    capitals(text).eq(capitals(heading)) || is_loud && capitals(text).next() == Some(true)
}

/// Whether what may be a heading stands between commas or brackets, or behind a word that leads to one: it is no word of what
/// else a note tells.
fn stands_apart(hint: &str, heading: &Range<usize>) -> bool {
    let whole = with_marks(hint, heading);
    let before = hint.get(..whole.start).unwrap_or_default().trim_end();
    let after = hint.get(whole.end..).unwrap_or_default().trim_start();
    let own = hint.get(heading.clone()).unwrap_or_default().trim_end();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let next = after.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let begins = before.is_empty() || before.ends_with([',', ';', ':', '.', '(', '[', '—', '–']);
    let ends = after.is_empty()
        || after.starts_with([',', ';', ':', '.', ')', ']', '(', '['])
        || matches!(next, "section" | "accessed");
    (begins || LEADS.contains(&word.trim_start_matches(['(', '['])))
        && (ends || own.ends_with([',', '.', ';']))
}

/// Whether a heading stands in the sentence that names its source, or makes one by itself; `names`: whether a text names a
/// source. What a further sentence of a note tells is no place.
fn goes_with_source(hint: &str, heading: &Range<usize>, names: impl Fn(&str) -> bool) -> bool {
    let start = with_marks(hint, heading).start;
    let ends = sentence_ends(hint);
    let Some(begin) = ends.into_iter().take_while(|end| *end <= start).last() else { return true };
    let text = |range: Range<usize>| hint.get(range).unwrap_or_default();
    text(begin..start).trim().is_empty() || !names(text(0..begin)) || names(text(begin..start))
}

/// Words that lead to a heading, in small letters.
const LEADS: [&str; 6] = ["under", "section", "sec.", "chapter", "in", "at"];

/// What stands in a hint behind its first year from a comma or bracket to any later one or to the end, without a word that
/// says that it is a section: headings have such signs too.
fn behind_year(hint: &str) -> Vec<Range<usize>> {
    let is_between = |c: char| matches!(c, ',' | ';' | '(' | ')' | '[' | ']');
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    let (mut at, mut has_year) = (0, false);
    for part in hint.split_inclusive(is_between).take(MOST_PARTS) {
        let own = part.trim_start();
        let (word, rest) = own.split_once(' ').unwrap_or((own, ""));
        let lead = if LEADS.contains(&word) { own.len() - rest.len() } else { 0 };
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
