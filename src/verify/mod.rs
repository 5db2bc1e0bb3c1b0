//! Whether a quotation stands in the corpus: word by word, with what a quotation may change, nearly, in
//! pieces, or not at all. No model guesses; the same question has the same answer.
//!
//! ```text
//! quotation -> words -> candidates (rarest words side by side) -> exact: every word in its place
//!                                     |  nowhere
//!                                     +-> pieces of it, its rarest words -> near (fewest changes), stitched
//! ```

mod attribution;
mod candidates;
mod diff;
mod draft;
mod exact;
mod figures;
mod gaps;
mod given;
mod hints;
mod labels;
mod near;
mod negation;
mod numbers;
mod pieces;
mod quotations;
mod sources;
mod stretch;
mod words;

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use attribution::{Attribution, Stands};
pub use diff::Edit;
pub use draft::{Draft, check_draft};
pub use figures::{Claim, FigureMatch, FigureVerdict, Finding, claims};
pub use gaps::{Difference, Differences};
pub use labels::labels;
pub use quotations::{Quotation, quotations};
pub use words::is_list_of_notes;

use crate::analyze::is_stop_word;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::rank::Deadline;
use candidates::{Candidates, MOST_CANDIDATES};
use diff::Comparison;
use stretch::Stretch;
use words::Words;

/// What becomes of a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It stands there letter by letter.
    Verbatim,
    /// It stands there but for what a quotation may change; what that is, is said.
    Normalized,
    /// Something like it stands there in one place.
    Near,
    /// Pieces of it stand in different places.
    Stitched,
    /// It stands nowhere.
    Absent,
    /// It has too few words for an answer to mean anything.
    TooShort,
}

impl Verdict {
    /// The name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Verbatim => "verbatim",
            Verdict::Normalized => "normalized",
            Verdict::Near => "near",
            Verdict::Stitched => "stitched",
            Verdict::Absent => "absent",
            Verdict::TooShort => "too_short",
        }
    }

    /// Whether the quotation is one: verbatim or normalized.
    pub fn is_verified(self) -> bool {
        matches!(self, Verdict::Verbatim | Verdict::Normalized)
    }
}

/// What was found out about a quotation.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The quotation, without white space and quotation marks around it.
    pub quote: String,
    /// The best that can be said of it.
    pub verdict: Verdict,
    /// Where it stands, best first, then by document: up to [`MOST_MATCHES`]. For `Stitched` its pieces, in
    /// their order.
    pub matches: Vec<Match>,
    /// In how many places it stands.
    pub total: usize,
    /// There may be more places: it was found in as many passages as are looked at.
    pub has_more: bool,
    /// For `Near`, what the quotation says otherwise than the first match.
    pub diff: Vec<Edit>,
    /// Whether it is from where its draft says, where that is known.
    pub attribution: Option<Attribution>,
}

impl Verification {
    /// Whether it is a quotation, and none that is given to a report that does not say so.
    pub fn is_good(&self) -> bool {
        let is_elsewhere =
            |given: &Attribution| matches!(given.stands, Stands::Elsewhere | Stands::Nowhere);
        self.verdict.is_verified() && !self.attribution.as_ref().is_some_and(is_elsewhere)
    }
}

/// The most places that are told.
pub const MOST_MATCHES: usize = 20;

/// A place where a quotation stands.
#[derive(Clone, Debug)]
pub struct Match {
    /// The passage that it begins in.
    pub passage: Passage,
    /// The ids of the passages after that which it goes on over.
    pub goes_on: Vec<String>,
    /// Where it stands in a heading, its index in the passage's trail; 0 is the title.
    pub heading: Option<usize>,
    /// Half-open byte range in the passage's text (or in the heading), as far as it is in there.
    pub bytes: Range<usize>,
    /// What the source says; passages that follow one another are put together with an empty line.
    pub text: String,
    /// 1 where all words and signs are the same; see `Comparison::similarity` in `verify/diff.rs`.
    pub similarity: f64,
    /// What is written otherwise there.
    pub differences: Differences,
    /// The words of the quotation that stand there: a byte range in it.
    pub quoted: Range<usize>,
}

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
    until: Deadline,
}

impl<'e> Verifier<'e> {
    /// Against all documents.
    pub fn new(engine: &'e dyn Engine) -> Verifier<'e> {
        let candidates = Candidates::new(engine);
        let kept = FxHashMap::default();
        let until = Deadline::default();
        Verifier { engine, candidates, only: None, kept, sources: None, asked: None, until }
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

/// What is only near is never wholly the same.
const MOST_NEAR: f64 = 0.99;

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

impl Match {
    fn verdict(&self) -> Verdict {
        if self.differences.is_empty() {
            Verdict::Verbatim
        } else if self.differences.contains(&Difference::Punctuation) {
            Verdict::Near
        } else {
            Verdict::Normalized
        }
    }

    fn is_verified(&self) -> bool {
        self.verdict().is_verified()
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

fn verification(quote: &str, verdict: Verdict, mut matches: Vec<Match>) -> Verification {
    let total = matches.len();
    matches.truncate(MOST_MATCHES);
    let quote = quote.to_owned();
    Verification {
        quote,
        verdict,
        matches,
        total,
        has_more: false,
        diff: Vec::new(),
        attribution: None,
    }
}

/// A quotation that stands somewhere: the best places first, then by document and place.
fn told(quote: &str, mut matches: Vec<Match>) -> Verification {
    matches.sort_by(|a, b| {
        let place = |found: &Match| {
            (
                found.verdict(),
                found.heading.is_some(),
                found.differences.len(),
                found.passage.report.doc_id.clone(),
                found.passage.ordinal,
                found.bytes.start,
            )
        };
        place(a).cmp(&place(b))
    });
    let verdict = matches.first().map_or(Verdict::Absent, Match::verdict);
    verification(quote, verdict, matches)
}

fn found_in(quote: &Words, stretch: &Stretch, found: Vec<exact::Found>) -> Vec<Match> {
    let of = |found: exact::Found| match_of(quote, stretch, found.words, found.differences);
    found.into_iter().filter_map(of).collect()
}

/// A quotation so many times as long as a heading does not stand in it, however it is written.
const SHORTEST_HEADING: usize = 3;

/// The matches in the headings over a passage that have not been looked at.
fn in_headings(quote: &Words, passage: &Passage, seen: &mut FxHashSet<String>) -> Vec<Match> {
    let mut matches = Vec::new();
    let mut trail = passage.report.doc_id.clone();
    for (part, heading) in passage.trail.iter().enumerate() {
        trail.push('\n');
        trail.push_str(heading);
        let is_too_short = heading.len() * SHORTEST_HEADING < quote.text.len();
        if is_too_short || !seen.insert(trail.clone()) {
            continue;
        }
        let alone = Passage { text: heading.clone(), ..passage.clone() };
        let stretch = Stretch::of(&[alone]);
        for found in exact::places(quote, &stretch).found {
            if let Some(found) = match_of(quote, &stretch, found.words, found.differences) {
                matches.push(Match { heading: Some(part), passage: passage.clone(), ..found });
            }
        }
    }
    matches
}

fn match_of(
    quote: &Words,
    stretch: &Stretch,
    words: Range<usize>,
    differences: Differences,
) -> Option<Match> {
    let source = &stretch.words;
    let mut bytes = source.span(&words);
    // With the punctuation around it, where that is the same.
    let (before, after) = (quote.gap(0), quote.gap(quote.len()));
    if source.gap(words.start).ends_with(before) {
        bytes.start -= before.len();
    }
    if source.gap(words.end).starts_with(after) {
        bytes.end += after.len();
    }
    let first = stretch.passage_at(bytes.start);
    let last = stretch.passage_at(bytes.end.saturating_sub(1));
    let goes_on = stretch.passages.get(first + 1..=last).unwrap_or_default();
    Some(Match {
        passage: stretch.passages.get(first)?.clone(),
        goes_on: goes_on.iter().map(|passage| passage.id.clone()).collect(),
        heading: None,
        text: source.text.get(bytes.clone()).unwrap_or_default().to_owned(),
        bytes: stretch.within_first(&bytes),
        similarity: match differences.contains(&Difference::Punctuation) {
            true => MOST_NEAR,
            false => 1.0,
        },
        differences,
        quoted: 0..quote.text.len(),
    })
}

fn piece_match(quote: &Words, piece: &pieces::Piece, stretches: &[Stretch]) -> Option<Match> {
    let stretch = stretches.get(piece.stretch)?;
    let quoted = quote.span(&piece.quoted);
    let part = Words::of(quote.text.get(quoted.clone())?.to_owned(), Vec::new());
    let found = match_of(&part, stretch, piece.source.clone(), Differences::new())?;
    Some(Match { quoted, ..found })
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
