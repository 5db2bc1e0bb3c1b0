//! Since when the sentences of a passage have stood in the reports of its country.

use super::notes::{highest, without_last_notes, without_notes};
use super::sentences::{FEWEST_WORDS, sentences};
use crate::countries::are_of_one_country;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::verify::{Difference, Differences, Match, Verdict, Verifier};

/// A passage, and the years of its sentences.
#[derive(Clone, Debug)]
pub struct Since {
    /// The passage that was asked about.
    pub passage: Passage,
    /// The country whose reports were looked at; `None`: all reports, as the passage's report names none.
    pub country: Option<String>,
    /// The years that have a report, in order.
    pub years: Vec<i64>,
    /// Its sentences of four words or more, in order.
    pub sentences: Vec<Sentence>,
}

/// A sentence and where it stands.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// As the passage has it.
    pub text: String,
    /// The years in whose reports it stands, verbatim, normalized, or with other commas and the like, in order.
    pub years: Vec<Year>,
}

/// A year in which a sentence stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i64,
    /// Verbatim or normalized; near where only punctuation differs.
    pub verdict: Verdict,
    /// What is written otherwise there.
    pub differences: Differences,
    /// The passage that has it.
    pub id: String,
    /// The document of the passage.
    pub doc_id: String,
}

impl Year {
    /// Whether commas and the like stand elsewhere in it.
    pub fn has_other_punctuation(&self) -> bool {
        self.differences.contains(&Difference::Punctuation)
    }
}

impl Sentence {
    /// The first of the years without a gap before the year of the report: since then it has stood.
    pub fn since(&self, years: &[i64], from: i64) -> Option<i64> {
        let stands = |year: i64| self.years.iter().any(|standing| standing.year == year);
        let before = years.iter().rev().filter(|&&year| year <= from);
        before.copied().take_while(|&year| stands(year)).last()
    }
}

/// Looks every sentence of a passage up in the reports of the same country, year by year.
///
/// # Errors
/// `NotFound` where there is no such passage; `Usage` where its report has no year.
pub fn since(engine: &dyn Engine, id: &str) -> Result<Since> {
    let passage = engine.passage(id)?.ok_or_else(|| Error::NotFound {
        what: "passage",
        name: id.to_owned(),
        hint: Some("the id of a passage stands under each hit of a search".to_owned()),
    })?;
    let has_year = passage.year().is_some();
    if !has_year {
        return Err(Error::Usage {
            message: format!("`{}` has no year", passage.report.doc_id),
            hint: Some("name one in its front matter or in `corpus.toml`".to_owned()),
        });
    }
    let country = passage.metadata("country").map(str::to_owned);
    let reports = reports(engine, country.as_deref())?;
    let document = engine.document(&passage.report.doc_id)?;
    let highest = highest(document.iter().map(|passage| passage.text.as_str()));
    let mut sentences = long_sentences(&passage.text, highest);
    for (year, doc_id) in &reports {
        let mut verifier = Verifier::within(engine, doc_id)?;
        for sentence in &mut sentences {
            let found = in_report(&mut verifier, &sentence.text, highest)?;
            if let Some((verdict, place)) = found
                && sentence.years.last().is_none_or(|last| last.year != *year)
            {
                sentence.years.push(Year {
                    year: *year,
                    verdict,
                    differences: place.differences,
                    id: place.passage.id,
                    doc_id: doc_id.clone(),
                });
            }
        }
    }
    let mut years: Vec<i64> = reports.into_iter().map(|(year, _)| year).collect();
    years.dedup();
    Ok(Since { passage, country, years, sentences })
}

/// Where a sentence stands in a report, if nothing but notes and punctuation differs there. Marks of notes may stand in it;
/// where it is not found with them, it is looked for without.
fn in_report(
    verifier: &mut Verifier<'_>,
    sentence: &str,
    highest: u32,
) -> Result<Option<(Verdict, Match)>> {
    let written = without_last_notes(sentence);
    let bare = without_notes(written, highest);
    for said in [Some(written), Some(&*bare).filter(|bare| *bare != written)].into_iter().flatten()
    {
        let found = verifier.verify(said)?;
        let verdict = found.verdict;
        let is_same = |place: &Match| {
            let has_its_words = verdict == Verdict::Near
                && place.differences.contains(&Difference::Punctuation)
                && signs(&without_notes(said, highest))
                    == signs(&without_notes(&place.text, highest));
            verdict.is_verified() || has_its_words
        };
        if let Some(place) = found.matches.into_iter().next().filter(is_same) {
            return Ok(Some((verdict, place)));
        }
    }
    Ok(None)
}

/// The signs of a text beside its words that say something: `$5` is not `€5`, and what stands between numbers (`12-14`) is
/// part of what they say.
fn signs(text: &str) -> String {
    let bare: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_digit =
        |at: Option<usize>| at.and_then(|at| bare.get(at)).is_some_and(char::is_ascii_digit);
    let says = |at: usize, sign: char| {
        let is_between = is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        !sign.is_alphanumeric() && (is_between || !POINTS.contains(&sign))
    };
    bare.iter().enumerate().filter(|(at, sign)| says(*at, **sign)).map(|(_, sign)| sign).collect()
}

/// Signs that only part the words of a sentence, or quote them.
const POINTS: [char; 17] =
    [',', ';', ':', '.', '-', '‐', '‑', '–', '—', '"', '\'', '“', '”', '‘', '’', '«', '»'];

/// The reports of a country, with their years, in order.
fn reports(engine: &dyn Engine, country: Option<&str>) -> Result<Vec<(i64, String)>> {
    let value = |metadata: &crate::document::Metadata, key: &str| {
        metadata.get(key).and_then(|values| values.first()).cloned()
    };
    let mut reports = Vec::new();
    for listed in engine.documents()?.iter().filter(|listed| listed.is_document()) {
        let own = value(&listed.metadata, "country");
        let is_same =
            country.is_none_or(|country| own.is_some_and(|own| are_of_one_country(&own, country)));
        let year = value(&listed.metadata, "year").and_then(|year| year.trim().parse().ok());
        if let Some(year) = year.filter(|_| is_same && listed.passages > 0) {
            reports.push((year, listed.doc_id.clone()));
        }
    }
    reports.sort_unstable();
    Ok(reports)
}

/// The sentences of a text that are long enough to be told from one another.
fn long_sentences(text: &str, highest: u32) -> Vec<Sentence> {
    let texts = sentences(text, highest).into_iter().filter_map(|bytes| text.get(bytes));
    let long = texts.filter(|sentence| sentence.split_whitespace().count() >= FEWEST_WORDS);
    long.map(|sentence| Sentence { text: sentence.to_owned(), years: Vec::new() }).collect()
}
