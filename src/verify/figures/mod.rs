//! The figures that a draft states without quoting: whether the corpus has them with the words around them.
//!
//! ```text
//! sentence -> figures -> passages with its rarest words -> their sentences -> same value, same words: found
//!                                                                     other value or year, same words: differs
//! ```
//!
//! A figure that is found is no quotation, and nothing is said about whether it is right.

mod about;
mod ages;
mod claims;
mod context;
mod counted;
mod deeds;
mod durations;
mod fit;
mod money;
mod names;
mod notes;
mod sense;
mod spelling;
mod stated;
mod when;
mod years;

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use claims::{Claim, claims, each_claim};
pub(super) use names::is_label;

use super::sources::Sources;
use super::words::Words;
use super::{MOST_MATCHES, Verifier};
use crate::analyze::Analyzer;
use crate::countries::{About, folded_words, has};
use crate::error::Result;
use crate::passage::{Passage, sentences};
use context::Sentence;
use fit::{Before, Fit, Frame, Wanted, Weights};
use stated::Unit;

/// What becomes of a figure of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FigureVerdict {
    /// It stands there with most of the words around it.
    Found,
    /// The words stand there with another figure, for another year, or denied.
    Differs,
    /// Neither stands anywhere. Where the number stands in a row of a table whose words stand in other rows, that is
    /// told.
    Absent,
}

impl FigureVerdict {
    /// The name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            FigureVerdict::Found => "found",
            FigureVerdict::Differs => "differs",
            FigureVerdict::Absent => "absent",
        }
    }
}

/// What was found out about a figure.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The best that can be said of it.
    pub verdict: FigureVerdict,
    /// The words around it that were asked for, as they are written.
    pub context: Vec<String>,
    /// Where it, or what stands in its place, is; those with the most of the words first, then by document:
    /// up to [`MOST_MATCHES`].
    pub matches: Vec<FigureMatch>,
    /// In how many places of the passages that were looked at it is.
    pub total: usize,
    /// Why nothing is found, where that is known.
    pub note: Option<String>,
}

/// A place with the words of a figure.
#[derive(Clone, Debug)]
pub struct FigureMatch {
    /// The passage.
    pub passage: Passage,
    /// Its sentence, as bytes of the passage's text.
    pub bytes: Range<usize>,
    /// The figure there, as it is written.
    pub figure: String,
    /// Its first byte in the sentence.
    pub starts: usize,
    /// What is otherwise: `figure`, `year`, `bound`, `negation`, `direction` (more or less), `action` (something else was
    /// done), `counted` (something else is); none where the figure is found.
    pub differs: Vec<&'static str>,
    /// Words that were asked for and do not stand with it.
    pub missing: Vec<String>,
    share: f64,
}

/// A sentence of a passage with its figures.
pub struct Candidate {
    passage: Rc<Passage>,
    bytes: Range<usize>,
    sentence: Sentence,
    frame: Rc<Frame>,
}

/// What is known of a draft's sentence, kept for its other figures.
pub struct Asked {
    sentence: Arc<str>,
    place: String,
    stated: Rc<Sentence>,
    /// What is asked for of each of its figures.
    wanted: Vec<Wanted>,
    /// Whether all candidates are about countries that are asked for.
    has_country: bool,
    /// What is to be said where nothing is found.
    note: Option<String>,
    candidates: Vec<Candidate>,
}

impl Verifier<'_> {
    /// Says whether the corpus has a figure of a draft with the words around it, and where.
    ///
    /// # Errors
    /// As those of the engine; `TimedOut`, see [`Verifier::until`]. Finding nothing is not an error.
    pub fn figure(&mut self, claim: &Claim) -> Result<Finding> {
        self.in_time()?;
        let is_known =
            |asked: &Asked| asked.sentence == claim.sentence && asked.place == claim.place;
        let asked = match self.asked.take().filter(is_known) {
            Some(asked) => asked,
            None => self.ask(claim)?,
        };
        let sentence = &asked.stated;
        let at = |figure: &stated::Stated| sentence.words.bytes(figure.words.start).start;
        let figure = sentence.figures.iter().position(|figure| at(figure) == claim.starts);
        let finding = finding(&asked.wanted, figure.unwrap_or_default(), &asked);
        self.asked = Some(asked);
        Ok(finding)
    }

    /// The sentences that may state what a sentence states.
    fn ask(&mut self, claim: &Claim) -> Result<Asked> {
        let only = self.only.clone();
        let known = self.sources()?;
        let about = about::about(claim, &known);
        let mut analyzer = Analyzer::default();
        let sentence = Sentence::of(&claim.sentence, &mut analyzer);
        let mut weights = self.weights(&sentence, &about, &mut analyzer)?;
        weights.headings = year_of_headings(&claim.place, &known);
        let values: Vec<&str> =
            sentence.figures.iter().map(|figure| figure.value.as_str()).collect();
        let passages = match only {
            Some(passages) => passages.to_vec(),
            None => self.candidates.of_figures(&sentence.words, &values, &about.known)?,
        };
        self.in_time()?;
        let of_others = self.about_others(&passages, &about)?;
        let mut years_before = FxHashMap::default();
        for passage in &passages {
            let is_asked = |year: i64| sentence.years.iter().any(|asked| asked.year + 1 == year);
            let doc_id = &passage.report.doc_id;
            if passage.year().is_some_and(is_asked) && !years_before.contains_key(doc_id) {
                let tells = self.tells_of_year_before(passage, &known)?;
                years_before.insert(doc_id.clone(), tells);
            }
        }
        let is_about = |passage: &Passage, headings: &str, text: &str| {
            is_about(passage, headings, text, &about.known)
                && (about.others.is_empty()
                    || of_others.contains(&passage.id)
                    || about.has_other(&folded_words(text)))
        };
        let candidates = candidates(passages, is_about, &years_before, &mut analyzer);
        let stated = Rc::new(sentence);
        let all = 0..stated.figures.len();
        let wanted = all.map(|figure| Wanted::of(Rc::clone(&stated), figure, &weights)).collect();
        let (sentence, place) = (claim.sentence.clone(), claim.place.clone());
        let has_country = !about.known.is_empty();
        Ok(Asked {
            sentence,
            place,
            stated,
            wanted,
            has_country,
            note: about.note(&known),
            candidates,
        })
    }

    /// Whether a report tells of the year before its own, as those do that come out in spring: it names that year
    /// (`in 2020`) more often. One that names both as often does where there is no other report for that year.
    fn tells_of_year_before(&mut self, passage: &Passage, known: &Sources) -> Result<bool> {
        let Some(year) = passage.year() else { return Ok(false) };
        let document = self.document(&passage.report.doc_id)?;
        let texts = document.iter().filter(|it| it.role.as_deref() != Some("references"));
        let (mut own, mut before) = (0, 0);
        for text in texts.map(|it| it.text.as_str()) {
            let mut last = "";
            for word in text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()) {
                // Dates of sources name years too.
                if matches!(last, "In" | "in" | "During" | "during" | "En" | "en") {
                    let named = word.parse::<i64>().ok();
                    own += usize::from(named == Some(year));
                    before += usize::from(named == Some(year - 1));
                }
                last = word;
            }
        }
        Ok(before > own || before == own && !known.has_of_year(&passage.report.metadata, year - 1))
    }

    /// What words and figures of a sentence weigh; the country that it is about weighs nothing, since all candidates
    /// are.
    fn weights(
        &mut self,
        sentence: &Sentence,
        about: &About,
        analyzer: &mut Analyzer,
    ) -> Result<Weights> {
        let mut weights = Weights::default();
        for word in &sentence.content {
            weights.terms.insert(word.term.clone(), self.candidates.weight(&word.term)?);
        }
        for token in about.all().flat_map(|country| analyzer.tokens(country)) {
            weights.terms.insert(token.term, 0.0);
        }
        for figure in &sentence.figures {
            let weight = self.candidates.weight_of_figure(&figure.value)?;
            weights.values.insert(figure.value.clone(), weight);
        }
        Ok(weights)
    }

    /// The documents by what drafts call them.
    pub(super) fn sources(&mut self) -> Result<Rc<Sources>> {
        if let Some(sources) = &self.sources {
            return Ok(Rc::clone(sources));
        }
        let sources = Rc::new(Sources::of(self.engine.documents()?));
        self.sources = Some(Rc::clone(&sources));
        Ok(sources)
    }
}

/// The sentences of passages that state figures and are about what is asked for, by their passage, its headings and their text.
fn candidates(
    passages: Vec<Passage>,
    is_about: impl Fn(&Passage, &str, &str) -> bool,
    years_before: &FxHashMap<String, bool>,
    analyzer: &mut Analyzer,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for passage in passages {
        let headings = passage.trail.join("\n");
        let passage = Rc::new(passage);
        let mut frame = None;
        for bytes in sentences(&passage.text) {
            let text = passage.text.get(bytes.clone()).unwrap_or_default();
            // Most sentences state nothing; looking is cheaper than analyzing.
            if !may_state(text) || !is_about(&passage, &headings, text) {
                continue;
            }
            let sentence = Sentence::of(text, analyzer);
            if sentence.figures.is_empty() {
                continue;
            }
            let frame = frame.get_or_insert_with(|| {
                let is_of_year_before = years_before.get(&passage.report.doc_id) == Some(&true);
                let year_before = passage.year().filter(|_| is_of_year_before).map(|year| year - 1);
                Rc::new(Frame { year_before, ..frame_of(&passage, &headings, analyzer) })
            });
            let (passage, frame) = (Rc::clone(&passage), Rc::clone(frame));
            candidates.push(Candidate { passage, bytes, sentence, frame });
        }
    }
    candidates
}

/// Whether a text has a digit or a word of a number.
fn may_state(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        || text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| super::numbers::is_number_word(&word.to_ascii_lowercase()))
}

fn is_about(passage: &Passage, headings: &str, text: &str, countries: &[String]) -> bool {
    let names = |text: &str| {
        let folded = folded_words(text);
        countries.iter().any(|country| has(&folded, country))
    };
    let known = passage.report.metadata.get("country");
    countries.is_empty()
        || known.is_some_and(|known| known.iter().any(|known| names(known)))
        || names(headings)
        || names(text)
}

fn frame_of(passage: &Passage, headings: &str, analyzer: &mut Analyzer) -> Frame {
    let words = Words::of(headings.to_owned(), Vec::new());
    let mut years = years_of(&words);
    years.extend(passage.year());
    let terms = analyzer.tokens(headings).into_iter().map(|token| token.term).collect();
    Frame { terms, years, year_before: None }
}

/// A sentence begins with a year behind so many words at most: `In the summer of 2020 …`.
const MOST_BEFORE_YEAR: usize = 5;

/// What the sentences before a candidate's say in its passage: `These checks found 18`.
fn before(candidate: &Candidate) -> Before {
    let text = candidate.passage.text.get(..candidate.bytes.start).unwrap_or_default();
    let mut analyzer = Analyzer::default();
    let terms = analyzer.tokens(text).into_iter().map(|token| token.term).collect();
    for (between, bytes) in sentences(text).into_iter().rev().enumerate() {
        let words = Words::of(text.get(bytes).unwrap_or_default().to_owned(), Vec::new());
        let years = years_of(&words);
        if !years.is_empty() {
            let begins = (0..MOST_BEFORE_YEAR).any(|at| stated::year(&words, at).is_some());
            return Before { terms, years, goes_on: between == 0 || begins };
        }
    }
    Before { terms, ..Before::default() }
}

/// The year of the headings over a claim: the only one that the lowest heading with any names, if there are reports of it.
fn year_of_headings(headings: &str, known: &Sources) -> Vec<i64> {
    let years = |line: &str| years_of(&Words::of(line.to_owned(), Vec::new()));
    let years = headings.lines().rev().map(years).find(|it| !it.is_empty()).unwrap_or_default();
    match years.as_slice() {
        [year] if known.has_year(*year) => years,
        _ => Vec::new(),
    }
}

fn years_of(words: &Words) -> Vec<i64> {
    let years = (0..words.len()).filter(|&at| !names::is_of_law(words, at));
    years.filter_map(|at| stated::year(words, at)).collect()
}

/// What candidates say about one of the figures of a sentence.
fn finding(all: &[Wanted], figure: usize, asked: &Asked) -> Finding {
    let candidates = &asked.candidates;
    let Some(wanted) = all.get(figure) else {
        let (verdict, context, matches) = (FigureVerdict::Absent, Vec::new(), Vec::new());
        return Finding { verdict, context, matches, total: 0, note: None };
    };
    let mut matches: Vec<FigureMatch> =
        candidates.iter().flat_map(|candidate| stated_in(all, figure, candidate)).collect();
    let mut verdict = FigureVerdict::Differs;
    if matches.iter().any(|found| found.differs.is_empty()) {
        verdict = FigureVerdict::Found;
        matches.retain(|found| found.differs.is_empty());
    } else {
        // Where the number itself may be what is meant, another contradicts nothing.
        let rows: Vec<FigureMatch> =
            candidates.iter().flat_map(|it| rows_of(wanted, it, asked.has_country)).collect();
        if !rows.is_empty() || matches.is_empty() {
            verdict = FigureVerdict::Absent;
            matches = rows;
        }
    }
    matches.sort_by(|a, b| {
        let place = |found: &FigureMatch| {
            (found.passage.report.doc_id.clone(), found.passage.ordinal, found.bytes.start)
        };
        b.share.total_cmp(&a.share).then_with(|| place(a).cmp(&place(b)))
    });
    let context = wanted.words().map(str::to_owned).collect();
    let total = matches.len();
    matches.truncate(MOST_MATCHES);
    let note = asked.note.clone().filter(|_| verdict == FigureVerdict::Absent);
    Finding { verdict, context, matches, total, note }
}

/// Where a sentence of the corpus states a figure or what stands in its place.
fn stated_in(all: &[Wanted], figure: usize, candidate: &Candidate) -> Vec<FigureMatch> {
    let Some(wanted) = all.get(figure) else { return Vec::new() };
    let fits = (0..candidate.sentence.figures.len()).filter_map(|at| {
        let fit = fit(wanted, candidate, at)?;
        let differs = differs(&fit)?;
        // Another figure of the same sentence is what stands there.
        let is_other = |other: &Wanted| {
            fit_of_same(other, candidate, at).is_some_and(|fit| differs_in(&fit).is_empty())
        };
        let mut others = all.iter().enumerate().filter(|(other, _)| *other != figure);
        let is_told = !fit.is_same && others.any(|(_, other)| is_other(other));
        (!is_told).then_some((at, fit, differs))
    });
    let fits: Vec<(usize, Fit, Vec<&'static str>)> = fits.collect();
    // Of what stands in its place in a sentence, the figure with its words nearest.
    let closest = |differs: &[&str]| {
        let alike = fits.iter().filter(|(_, _, other)| other == differs);
        alike.map(|(_, fit, _)| fit.closeness).fold(0.0, f64::max)
    };
    let best: Vec<f64> = fits.iter().map(|(_, _, differs)| closest(differs)).collect();
    let fits = fits
        .into_iter()
        .zip(best)
        .filter(|((_, fit, differs), best)| differs.is_empty() || fit.closeness >= *best);
    let place = |(at, fit, differs): (usize, Fit, Vec<&'static str>)| FigureMatch {
        differs,
        missing: fit.missing,
        share: fit.share,
        ..place(candidate, at)
    };
    fits.map(|(fit, _)| place(fit)).collect()
}

/// Where the number of a figure stands in a row of a table without its words.
fn rows_of(wanted: &Wanted, candidate: &Candidate, has_country: bool) -> Vec<FigureMatch> {
    let Candidate { sentence, frame, .. } = candidate;
    let rows = (0..sentence.figures.len())
        .filter(|&at| wanted.is_in_row(sentence, at, frame, has_country, || before(candidate)));
    let missing: Vec<String> = wanted.words().map(str::to_owned).collect();
    rows.map(|at| FigureMatch { missing: missing.clone(), ..place(candidate, at) }).collect()
}

/// The place of a figure of the corpus.
fn place(candidate: &Candidate, figure: usize) -> FigureMatch {
    FigureMatch {
        passage: (*candidate.passage).clone(),
        bytes: candidate.bytes.clone(),
        figure: written(&candidate.sentence, figure),
        starts: starts(&candidate.sentence, figure),
        differs: Vec::new(),
        missing: Vec::new(),
        share: 0.0,
    }
}

fn fit(wanted: &Wanted, candidate: &Candidate, figure: usize) -> Option<Fit> {
    wanted.fit(&candidate.sentence, figure, &candidate.frame, || before(candidate))
}

fn fit_of_same(wanted: &Wanted, candidate: &Candidate, figure: usize) -> Option<Fit> {
    fit(wanted, candidate, figure).filter(|fit| fit.is_same)
}

/// What a figure of the corpus says otherwise; `None` where it says something else altogether: another
/// figure for another year contradicts nothing.
fn differs(fit: &Fit) -> Option<Vec<&'static str>> {
    let differs = differs_in(fit);
    (differs.len() < 2).then_some(differs)
}

fn differs_in(fit: &Fit) -> Vec<&'static str> {
    let kinds = [
        ("figure", fit.is_same),
        ("year", fit.is_of_year),
        ("bound", fit.is_of_side),
        ("negation", fit.is_of_sense),
        ("direction", fit.is_of_direction),
        ("action", fit.is_of_deed),
        ("counted", fit.is_of_thing),
    ];
    kinds.into_iter().filter(|(_, is)| !is).map(|(name, _)| name).collect()
}

fn starts(sentence: &Sentence, figure: usize) -> usize {
    sentence.figures.get(figure).map_or(0, |figure| sentence.words.bytes(figure.words.start).start)
}

/// A figure as it is written, with its sign.
fn written(sentence: &Sentence, figure: usize) -> String {
    let Some(figure) = sentence.figures.get(figure) else { return String::new() };
    let mut bytes = sentence.words.span(&figure.words);
    let text = &sentence.words.text;
    if matches!(figure.unit, Unit::Money(_))
        && let Some(sign) = text.get(..bytes.start).and_then(|before| before.chars().next_back())
        && !sign.is_alphanumeric()
        && !sign.is_whitespace()
    {
        bytes.start -= sign.len_utf8();
    }
    if text.get(bytes.end..).is_some_and(|after| after.starts_with('%')) {
        bytes.end += 1;
    }
    text.get(bytes).unwrap_or_default().to_owned()
}
