//! Whether a quotation stands in the corpus: word by word, with what a quotation may change, nearly, in
//! pieces, or not at all. No model guesses; the same question has the same answer.
//!
//! ```text
//! quotation -> words -> candidates (rarest words side by side) -> exact: every word in its place
//!                                     |  nowhere
//!                                     +-> pieces of it, its rarest words -> near (fewest changes), stitched
//! ```

mod addresses;
mod attribution;
mod blocks;
mod brackets;
mod candidates;
mod diff;
mod draft;
mod exact;
mod figures;
mod gaps;
mod given;
mod hints;
mod items;
mod labels;
mod leads;
mod marks;
mod near;
mod negation;
mod numbers;
mod omissions;
mod pieces;
mod pinpoints;
mod places;
mod predicates;
mod publishers;
mod quotations;
mod several;
mod sources;
mod stretch;
mod titles;
mod verdict;
mod words;
mod written;

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use attribution::{Attribution, Source, Stands};
pub use brackets::Replaced;
pub use diff::Edit;
pub use draft::{Draft, check_draft};
pub use figures::{Claim, FigureMatch, FigureVerdict, Finding, claims, each_claim};
pub use gaps::{Difference, Differences};
pub use labels::labels;
pub use quotations::{Quotation, Quotations, quotations, quotations_within};
pub use verdict::{MOST_MATCHES, Match, Verdict, Verification};
pub use words::is_list_of_notes;

use crate::analyze::is_stop_word;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::rank::Deadline;
use candidates::{Candidates, MOST_CANDIDATES};
use diff::Comparison;
use places::{MOST_NEAR, found_in, in_headings, match_of, piece_match};
use stretch::Stretch;
use verdict::{told, verification};
use words::Words;

/// Fewer words than this, or no word that says anything, and an answer would mean nothing.
const FEWEST_WORDS: usize = 3;

/// Longer quotations are not compared word by word with what is near them: that takes time and memory by
/// the square.
const LONGEST_COMPARED: usize = 2000;

/// Below this similarity two texts have no more than their common words in common.
const LEAST_SIMILARITY: f64 = 0.6;

/// A quotation with ellipses goes on in the passages around those with its longest piece; where that stands
/// in many, so many are looked at.
const MOST_AROUND: usize = 60;

/// So many passages that have the most words in common with a quotation are compared with it, and then the
/// nearest of them with the passages around them.
const MOST_COMPARED_ALONE: usize = 48;
const MOST_COMPARED: usize = 4;

/// So many documents are kept in memory, which a draft that quotes one report many times asks for.
const MOST_KEPT: usize = 64;

/// Words of the quotation in a row that are not in what is near: they may be from elsewhere.
const LONGEST_ADDED: usize = 4;

/// Words of the source in a row that are left out without a sign: what remains is not one place.
const LONGEST_REMOVED: usize = 12;

/// Checks quotations against an engine.
pub struct Verifier<'e> {
    engine: &'e dyn Engine,
    candidates: Candidates<'e>,
    /// Only the passages of this document count.
    only: Option<Arc<Vec<Passage>>>,
    kept: FxHashMap<String, Arc<Vec<Passage>>>,
    /// The documents by what drafts call them, once that is asked.
    sources: Option<Rc<sources::Sources>>,
    /// The sentence of a draft whose figures were asked for last.
    asked: Option<figures::Asked>,
    /// The citation that was asked for last, and the documents that it names.
    cited: Option<(String, Vec<String>)>,
    until: Deadline,
}

impl<'e> Verifier<'e> {
    /// Against all documents.
    pub fn new(engine: &'e dyn Engine) -> Verifier<'e> {
        let candidates = Candidates::new(engine);
        let kept = FxHashMap::default();
        let until = Deadline::default();
        let (only, sources, asked, cited) = (None, None, None, None);
        Verifier { engine, candidates, only, kept, sources, asked, cited, until }
    }

    /// The same with an end to its time. What is not wholly looked at by then has no verdict, since what is missing could
    /// be where it stands: it fails with `TimedOut`, and so does all that is asked after it.
    pub fn until(mut self, until: Deadline) -> Verifier<'e> {
        self.candidates.until = until.clone();
        Verifier { until, ..self }
    }

    fn in_time(&self) -> Result<()> {
        if self.until.is_over() { Err(Error::TimedOut) } else { Ok(()) }
    }

    /// Against one document.
    ///
    /// # Errors
    /// `NotFound` where the index has no document of that id.
    pub fn within(engine: &'e dyn Engine, doc_id: &str) -> Result<Verifier<'e>> {
        let passages = engine.document(doc_id)?;
        if passages.is_empty() {
            let documents = engine.documents()?;
            let near = documents.iter().find(|listed| listed.doc_id.contains(doc_id));
            return Err(Error::NotFound {
                what: "document",
                name: doc_id.to_owned(),
                hint: near.map(|listed| format!("did you mean `{}`?", listed.doc_id)),
            });
        }
        Ok(Verifier { only: Some(Arc::new(passages)), ..Verifier::new(engine) })
    }

    /// Says whether a quotation stands in the corpus, and where.
    ///
    /// # Errors
    /// As those of the engine; `TimedOut`, see [`Verifier::until`]. Finding nothing is not an error.
    pub fn verify(&mut self, quote: &str) -> Result<Verification> {
        let quote = bare(quote);
        let words = Words::of(quote.to_owned(), Vec::new());
        let says_something = words.keys().any(|key| !is_stop_word(key));
        if words.len() < FEWEST_WORDS || !says_something {
            return Ok(verification(quote, Verdict::TooShort, Vec::new()));
        }
        let passages = match &self.only {
            Some(passages) => passages.to_vec(),
            None => self.candidates.of_whole(&words)?,
        };
        let has_more = self.only.is_none() && passages.len() >= MOST_CANDIDATES;
        let mut seen = Seen::default();
        let mut matches = self.exact(&words, &passages, &mut seen)?;
        if !matches.iter().any(|found| found.is_verified()) {
            let more = match &self.only {
                Some(_) => Vec::new(),
                None => self.more(&words)?,
            };
            matches.extend(self.exact(&words, &more, &mut seen)?);
        }
        if matches.iter().any(|found| found.is_verified()) {
            matches.retain(Match::is_verified);
            return Ok(Verification { has_more, ..told(quote, matches) });
        }
        self.otherwise(&words, matches, &seen.stretches)
    }

    /// The passages that hold pieces of a quotation, or its words in a heading.
    fn more(&mut self, quote: &Words) -> Result<Vec<Passage>> {
        let mut more = self.candidates.of_pieces(quote)?;
        more.extend(self.candidates.of_headings(quote)?);
        Ok(more)
    }

    /// Where all words of a quotation stand in some passages and around them.
    fn exact(
        &mut self,
        quote: &Words,
        passages: &[Passage],
        seen: &mut Seen,
    ) -> Result<Vec<Match>> {
        let mut matches = Vec::new();
        let has_breaks = (1..quote.len()).any(|at| quote.has_break(at));
        let mut keep = |found: Vec<Match>, seen: &mut Seen| {
            matches.extend(found.into_iter().filter(|found| seen.is_new(found)));
        };
        for passage in passages {
            if !seen.passages.insert(passage.id.clone()) {
                continue;
            }
            self.in_time()?;
            let stretch = Stretch::of(std::slice::from_ref(passage));
            let places = exact::places(quote, &stretch);
            let is_here = !places.found.is_empty();
            keep(found_in(quote, &stretch, places.found), seen);
            seen.stretches.push(stretch);
            keep(in_headings(quote, passage, &mut seen.headings), seen);
            let may_be_around = has_breaks && !is_here && seen.around < MOST_AROUND;
            seen.around += usize::from(may_be_around);
            if places.crosses_edge || may_be_around {
                let stretch = self.around(passage, quote.len(), has_breaks)?;
                let places = exact::places(quote, &stretch);
                keep(found_in(quote, &stretch, places.found), seen);
            }
        }
        Ok(matches)
    }

    /// A passage with as many before and after it as a quotation may go over.
    fn around(&mut self, passage: &Passage, words: usize, has_breaks: bool) -> Result<Stretch> {
        /// A passage has rarely fewer words, and an ellipsis may stand for several passages.
        const WORDS_OF_PASSAGE: usize = 40;
        let reach = 2 + words / WORDS_OF_PASSAGE + if has_breaks { 8 } else { 0 };
        let document = self.document(&passage.report.doc_id)?;
        let at = document.iter().position(|other| other.id == passage.id).unwrap_or(0);
        let end = (at + reach + 1).min(document.len());
        Ok(Stretch::of(document.get(at.saturating_sub(reach)..end).unwrap_or_default()))
    }

    fn document(&mut self, doc_id: &str) -> Result<Arc<Vec<Passage>>> {
        if let Some(only) = &self.only {
            return Ok(Arc::clone(only));
        }
        if let Some(kept) = self.kept.get(doc_id) {
            return Ok(Arc::clone(kept));
        }
        let passages = Arc::new(self.engine.document(doc_id)?);
        if self.kept.len() >= MOST_KEPT {
            self.kept.clear();
        }
        self.kept.insert(doc_id.to_owned(), Arc::clone(&passages));
        Ok(passages)
    }

    /// What can be said of a quotation that stands nowhere as it is: `matches` have its words with other
    /// punctuation.
    fn otherwise(
        &mut self,
        quote: &Words,
        mut matches: Vec<Match>,
        stretches: &[Stretch],
    ) -> Result<Verification> {
        let mut compared = None;
        if quote.len() <= LONGEST_COMPARED {
            compared = self.nearest(quote, stretches)?;
        }
        let may_be_stitched =
            compared.as_ref().is_none_or(|(_, comparison)| has_gap(quote, comparison));
        if may_be_stitched
            && matches.is_empty()
            && let Some(pieces) = pieces::stitched(quote, stretches)
        {
            let found = pieces.iter().filter_map(|piece| piece_match(quote, piece, stretches));
            return Ok(verification(&quote.text, Verdict::Stitched, found.collect()));
        }
        let near = compared.filter(|(_, comparison)| is_near(quote, comparison));
        let diff =
            near.as_ref().map(|(_, comparison)| comparison.edits.clone()).unwrap_or_default();
        if matches.is_empty() {
            matches.extend(near.map(|(found, _)| found));
        }
        let verdict = if matches.is_empty() { Verdict::Absent } else { Verdict::Near };
        Ok(Verification { diff, ..verification(&quote.text, verdict, matches) })
    }

    /// The place that comes nearest to a quotation.
    fn nearest(
        &mut self,
        quote: &Words,
        stretches: &[Stretch],
    ) -> Result<Option<(Match, Comparison)>> {
        let keys: FxHashSet<&str> = quote.keys().filter(|key| !is_stop_word(key)).collect();
        let mut order: Vec<(usize, usize)> = stretches
            .iter()
            .enumerate()
            .map(|(index, stretch)| {
                let shared: FxHashSet<&str> =
                    stretch.words.keys().filter(|key| keys.contains(key)).collect();
                (shared.len(), index)
            })
            .filter(|(shared, _)| *shared > 0)
            .collect();
        order.sort_by_key(|&(shared, index)| (std::cmp::Reverse(shared), index));
        let mut alone: Vec<(usize, usize, &Passage)> = Vec::new();
        for (_, index) in order.into_iter().take(MOST_COMPARED_ALONE) {
            self.in_time()?;
            let Some(stretch) = stretches.get(index) else { continue };
            let Some(passage) = stretch.passages.first() else { continue };
            alone.push((near::fewest_changes(quote, &stretch.words), index, passage));
        }
        alone.sort_by_key(|&(changes, index, _)| (changes, index));
        let mut best: Option<(usize, Stretch, Range<usize>)> = None;
        for (_, _, passage) in alone.into_iter().take(MOST_COMPARED) {
            self.in_time()?;
            let stretch = self.around(passage, quote.len(), false)?.same_section(passage);
            let (words, changes) = near::nearest(quote, &stretch.words);
            if best.as_ref().is_none_or(|(fewest, _, _)| changes < *fewest) && !words.is_empty() {
                best = Some((changes, stretch, words));
            }
        }
        Ok(best.and_then(|(_, stretch, words)| {
            let text = stretch.words.text.get(stretch.words.span(&words)).unwrap_or_default();
            let comparison = diff::compare(quote, &Words::of(text.to_owned(), Vec::new()));
            let found = match_of(quote, &stretch, words, Differences::new())?;
            let similarity = comparison.similarity.min(MOST_NEAR);
            Some((Match { similarity, ..found }, comparison))
        }))
    }
}

/// The passages and matches that there were.
#[derive(Default)]
struct Seen {
    passages: FxHashSet<String>,
    /// How many passages were looked at with those around them for the sake of an ellipsis.
    around: usize,
    /// Each passage as a text.
    stretches: Vec<Stretch>,
    /// Documents with their headings.
    headings: FxHashSet<String>,
    matches: FxHashSet<(String, usize)>,
}

impl Seen {
    fn is_new(&mut self, found: &Match) -> bool {
        let report = &found.passage.report.doc_id;
        // A heading stands over many passages and is looked at once.
        found.heading.is_some()
            || self.matches.insert((format!("{report}\n{}", found.passage.id), found.bytes.start))
    }
}

/// A quotation without white space and quotation marks around it.
fn bare(quote: &str) -> &str {
    let quote = quote.trim();
    let mut chars = quote.chars();
    match (chars.next(), chars.next_back()) {
        (Some(first), Some(last)) if gaps::is_quote(first) && gaps::is_quote(last) => {
            chars.as_str().trim()
        }
        _ => quote,
    }
}

/// Whether a comparison leaves so much of the quotation or of the source aside that the rest may be from
/// elsewhere.
fn has_gap(quote: &Words, comparison: &Comparison) -> bool {
    let parts = comparison.edits.iter().zip(comparison.quoted.iter().zip(&comparison.source));
    let starts = pieces::sentence_starts(quote);
    let (mut added, mut removed) = (0, 0);
    parts.into_iter().any(|(edit, (quoted, source))| {
        match edit {
            Edit::Added(_) => added += quoted.len(),
            Edit::Removed(_) => removed += source.len(),
            // A few words are the same by chance.
            Edit::Same(_) if quoted.len() < FEWEST_WORDS => {}
            Edit::Same(_) | Edit::Omitted(_) => (added, removed) = (0, 0),
        }
        added >= LONGEST_ADDED
            || removed > LONGEST_REMOVED
            || removed >= LONGEST_ADDED && starts.contains(&quoted.start)
    })
}

/// Whether what is near has enough of the quotation, and of the words in it that say something.
fn is_near(quote: &Words, comparison: &Comparison) -> bool {
    let says_something = |at: &usize| quote.key(*at).is_some_and(|key| !is_stop_word(key));
    let same = comparison.edits.iter().zip(&comparison.quoted);
    let same = same.filter(|(edit, _)| matches!(edit, Edit::Same(_)));
    let same: usize = same.map(|(_, words)| words.clone().filter(says_something).count()).sum();
    let all = (0..quote.len()).filter(says_something).count();
    comparison.similarity >= LEAST_SIMILARITY && 2 * same >= all
}
