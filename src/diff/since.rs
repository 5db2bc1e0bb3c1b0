//! Since when the sentences of a passage have stood in the reports of its country.

use super::notes::without_last_notes;
use super::sentences::{FEWEST_WORDS, sentences};
use crate::countries::are_of_one_country;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::verify::{Verdict, Verifier};

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
    /// The years in whose reports it stands, verbatim or normalized, in order.
    pub years: Vec<Year>,
}

/// A year in which a sentence stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i64,
    /// Verbatim or normalized.
    pub verdict: Verdict,
    /// The passage that has it.
    pub id: String,
    /// The document of the passage.
    pub doc_id: String,
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
    let mut sentences = long_sentences(&passage.text);
    for (year, doc_id) in &reports {
        let mut verifier = Verifier::within(engine, doc_id)?;
        for sentence in &mut sentences {
            let found = verifier.verify(without_last_notes(&sentence.text))?;
            let first = found.matches.first().filter(|_| found.verdict.is_verified());
            if let Some(place) = first
                && sentence.years.last().is_none_or(|last| last.year != *year)
            {
                sentence.years.push(Year {
                    year: *year,
                    verdict: found.verdict,
                    id: place.passage.id.clone(),
                    doc_id: doc_id.clone(),
                });
            }
        }
    }
    let mut years: Vec<i64> = reports.into_iter().map(|(year, _)| year).collect();
    years.dedup();
    Ok(Since { passage, country, years, sentences })
}

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
fn long_sentences(text: &str) -> Vec<Sentence> {
    let texts = sentences(text).into_iter().filter_map(|bytes| text.get(bytes));
    let long = texts.filter(|sentence| sentence.split_whitespace().count() >= FEWEST_WORDS);
    long.map(|sentence| Sentence { text: sentence.to_owned(), years: Vec::new() }).collect()
}
