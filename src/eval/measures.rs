//! Measures: from the grades of what was found, in the order found, to a number between 0 and 1.
//!
//! The formulas are those of the program trec_eval (National Institute of Standards and Technology,
//! version 9; pytrec_eval computes the same), and for `judged` that of ir_measures. Grades above 0 are
//! relevant; whatever has no judgment, or a grade of 0 or less, is not. `benches/check_measures.py`
//! compares every value with theirs.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The deepest rank that can be measured.
pub const DEEPEST: usize = 10_000;

/// How many ranks a measure without a rank sees, whatever else is measured: as many as runs have in TREC.
pub const WITHOUT_RANK: usize = 1000;

const KNOWN: &str = "known are `nDCG@10`, `R@100`, `MRR@10`, `MAP@100`, `P@5` and `judged@10`, \
                     each with any rank; `nDCG`, `MRR` and `MAP` do without one too";

/// A measure down to a rank.
///
/// ```
/// use tipsearch::eval::Measure;
/// let measure: Measure = "ndcg@3".parse()?;
/// assert_eq!(measure.to_string(), "nDCG@3");
/// // No judgment and grade 2 were found, 2 and 1 are judged: (2 / log2 3) / (2 / log2 2 + 1 / log2 3).
/// assert!((measure.value(&[None, Some(2)], &[2, 1]) - 0.4796).abs() < 0.0001);
/// # Ok::<(), tipsearch::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The formula.
    pub kind: MeasureKind,
    /// How many ranks count; `None`: the first [`WITHOUT_RANK`].
    pub depth: Option<usize>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// Normalized discounted cumulative gain (Järvelin and Kekäläinen 2002): the gain is the grade,
    /// the discount log2(rank + 1), and the ideal is made of all judged documents.
    Ndcg,
    /// The share of the relevant documents that was found.
    Recall,
    /// One over the rank of the first relevant document (Voorhees 1999).
    Mrr,
    /// Average precision at the ranks of the relevant documents (Buckley and Voorhees 2000).
    Map,
    /// The share of the ranks that hold a relevant document; ranks not filled count as wrong.
    Precision,
    /// The share of what was found that has a judgment, relevant or not: how far the other measures
    /// can be trusted.
    Judged,
}

impl MeasureKind {
    const ALL: [MeasureKind; 6] = [
        MeasureKind::Ndcg,
        MeasureKind::Recall,
        MeasureKind::Mrr,
        MeasureKind::Map,
        MeasureKind::Precision,
        MeasureKind::Judged,
    ];

    /// The name, without a rank.
    pub fn name(self) -> &'static str {
        match self {
            MeasureKind::Ndcg => "nDCG",
            MeasureKind::Recall => "R",
            MeasureKind::Mrr => "MRR",
            MeasureKind::Map => "MAP",
            MeasureKind::Precision => "P",
            MeasureKind::Judged => "judged",
        }
    }

    /// Whether it makes no sense without a rank.
    fn needs_depth(self) -> bool {
        matches!(self, MeasureKind::Recall | MeasureKind::Precision | MeasureKind::Judged)
    }
}

impl Measure {
    /// How many ranks count.
    pub fn ranks(self) -> usize {
        self.depth.unwrap_or(WITHOUT_RANK)
    }

    /// The value for one topic. `found`: the grades of what was found, in order, `None` where there is
    /// no judgment; `ideal`: the grades above 0 of all judged documents, highest first. Where nothing
    /// is relevant it is 0, but for the share that is judged.
    pub fn value(&self, found: &[Option<i32>], ideal: &[i32]) -> f64 {
        let depth = self.ranks();
        let found = found.get(..depth).unwrap_or(found);
        let judged = found.iter().flatten().count() as f64;
        // Nothing relevant makes every other measure 0, and none divides by zero.
        let relevant = ideal.len().max(1) as f64;
        let best = gain(ideal.get(..depth).unwrap_or(ideal)).max(f64::MIN_POSITIVE);
        let found: Vec<i32> = found.iter().map(|grade| grade.unwrap_or(0)).collect();
        let hits = found.iter().filter(|&&grade| grade > 0).count() as f64;
        match self.kind {
            MeasureKind::Ndcg => gain(&found) / best,
            MeasureKind::Recall => hits / relevant,
            MeasureKind::Mrr => found
                .iter()
                .position(|&grade| grade > 0)
                .map_or(0.0, |index| 1.0 / (index + 1) as f64),
            MeasureKind::Map => precisions(&found) / relevant,
            MeasureKind::Precision => hits / depth as f64,
            MeasureKind::Judged => judged / found.len().max(1) as f64,
        }
    }
}

/// Discounted cumulative gain.
fn gain(grades: &[i32]) -> f64 {
    let discounted = |(index, &grade): (usize, &i32)| {
        let discount = ((index + 2) as f64).log2();
        f64::from(grade.max(0)) / discount
    };
    // The sum of no numbers is -0.0, which would be shown so.
    grades.iter().enumerate().map(discounted).fold(0.0, |sum, gain| sum + gain)
}

/// The sum of the precisions at the ranks of the relevant documents.
fn precisions(grades: &[i32]) -> f64 {
    let relevant = grades.iter().enumerate().filter(|&(_, &grade)| grade > 0);
    let precision = |((index, _), count)| f64::from(count) / (index + 1) as f64;
    relevant.zip(1u32..).map(precision).fold(0.0, |sum, precision| sum + precision)
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.depth {
            Some(depth) => write!(f, "{}@{depth}", self.kind.name()),
            None => write!(f, "{}", self.kind.name()),
        }
    }
}

impl FromStr for Measure {
    type Err = Error;

    /// Parses a name such as `nDCG@10`, in any case.
    fn from_str(name: &str) -> Result<Measure> {
        let name = name.trim();
        let wrong = |message: String| Error::Usage { message, hint: Some(KNOWN.to_owned()) };
        let (kind, depth) = match name.split_once('@') {
            Some((kind, depth)) => (kind, Some(depth)),
            None => (name, None),
        };
        let kind = MeasureKind::ALL
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(kind))
            .ok_or_else(|| wrong(format!("there is no measure `{name}`")))?;
        let Some(depth) = depth else {
            return match kind.needs_depth() {
                true => Err(wrong(format!("`{name}` needs a rank, as in `{name}@10`"))),
                false => Ok(Measure { kind, depth: None }),
            };
        };
        match depth.parse() {
            Ok(depth @ 1..=DEEPEST) => Ok(Measure { kind, depth: Some(depth) }),
            _ => Err(wrong(format!("the rank of `{name}` must be from 1 to {DEEPEST}"))),
        }
    }
}
