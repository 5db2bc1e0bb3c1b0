//! What is said of a quotation: a verdict, and the places where it stands.

use std::ops::Range;

use super::attribution::{Attribution, Stands};
use super::brackets::Replaced;
use super::diff::Edit;
use super::gaps::{Difference, Differences};
use crate::passage::Passage;

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
    /// What words in brackets stand for there.
    pub replaced: Vec<Replaced>,
    /// The words of the quotation that stand there: a byte range in it.
    pub quoted: Range<usize>,
}

impl Match {
    /// What words in brackets stand for: `[its] for “the government’s”`.
    pub fn replaced_note(&self) -> Option<String> {
        let notes = self.replaced.iter().map(|it| format!("{} for “{}”", it.quoted, it.source));
        (!self.replaced.is_empty()).then(|| notes.collect::<Vec<_>>().join(", "))
    }

    pub(super) fn verdict(&self) -> Verdict {
        if self.differences.is_empty() {
            Verdict::Verbatim
        } else if self.differences.contains(&Difference::Punctuation) {
            Verdict::Near
        } else {
            Verdict::Normalized
        }
    }

    pub(super) fn is_verified(&self) -> bool {
        self.verdict().is_verified()
    }
}

/// A verification without an attribution: the places in their order, as many as are told.
pub(super) fn verification(quote: &str, verdict: Verdict, mut matches: Vec<Match>) -> Verification {
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
pub(super) fn told(quote: &str, mut matches: Vec<Match>) -> Verification {
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
