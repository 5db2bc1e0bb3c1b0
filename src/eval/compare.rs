//! Two evaluations of the same topics, compared: how much they differ, and whether chance could do that.

use std::collections::BTreeMap;

use super::{Evaluation, Measure};

/// How many random assignments the test draws where there are too many to go through. Smucker, Allan
/// and Carterette draw as many: a p of 0.05 is then within 0.0014.
pub const ASSIGNMENTS: u64 = 100_000;

/// Up to so many topics that differ, all assignments of signs are gone through: a million takes 10 ms.
const MOST_EXACT: usize = 20;

/// Differences below this are of rounding, not of ranking.
const NO_DIFFERENCE: f64 = 1e-9;

/// Where the random numbers begin: the same two evaluations always give the same p.
const SEED: u64 = 2007;

/// An evaluation beside another of the same topics and measures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// In the order of the measures.
    pub measures: Vec<ComparedMeasure>,
    /// Every topic whose value of the first measure differs, most first; ties in order of the topics.
    pub changed: Vec<ChangedTopic>,
}

/// A measure of both evaluations.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedMeasure {
    /// The measure.
    pub measure: Measure,
    /// The mean of this evaluation.
    pub this: f64,
    /// The mean of the other.
    pub other: f64,
    /// How probable a difference of means at least so large is, in either direction, where both are
    /// equally good. See [`randomization_test`].
    pub p: f64,
    /// Topics where this evaluation is better.
    pub wins: usize,
    /// Topics where both are the same.
    pub ties: usize,
    /// Topics where the other is better.
    pub losses: usize,
}

/// A topic on which two evaluations differ.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedTopic {
    /// The topic's id.
    pub id: String,
    /// The value in this evaluation.
    pub this: f64,
    /// The value in the other.
    pub other: f64,
}

/// Compares two evaluations over the topics that both have, which are all where the judgments are the
/// same.
pub fn compare(this: &Evaluation, other: &Evaluation) -> Comparison {
    let others: BTreeMap<&str, &[f64]> =
        other.topics.iter().map(|topic| (topic.id.as_str(), topic.values.as_slice())).collect();
    let mut comparison = Comparison::default();
    for (index, &measure) in this.measures.iter().enumerate() {
        let pairs: Vec<ChangedTopic> = this
            .topics
            .iter()
            .filter_map(|topic| {
                let (this, other) = (topic.values.get(index)?, others.get(topic.id.as_str())?);
                Some(ChangedTopic { id: topic.id.clone(), this: *this, other: *other.get(index)? })
            })
            .collect();
        comparison.measures.push(compared(measure, &pairs));
        if index == 0 {
            comparison.changed = changed(pairs);
        }
    }
    comparison
}

/// What to know where one of both was cut off before the ranks that are measured and the other goes on: then the
/// measures differ although the systems may not.
pub fn shallower(this: &Evaluation, other: &Evaluation) -> Option<String> {
    let deepest = this.measures.iter().map(|measure| measure.ranks()).max()?;
    let (mine, others) = (longest(this).min(deepest), longest(other).min(deepest));
    let (name, less, more, is_cut) = match mine < others {
        true => ("the run", mine, others, cut_at(mine, this, other)),
        false => ("the run that is compared with", others, mine, cut_at(others, other, this)),
    };
    let beyond = this.measures.iter().filter(|measure| measure.ranks() > less);
    let beyond: Vec<String> = beyond.map(Measure::to_string).collect();
    (is_cut && less < more).then(|| {
        format!(
            "{name} has at most {less} documents for a topic and the other {more}, so that a difference in {} may be of depth \
             alone",
            beyond.join(", ")
        )
    })
}

/// The most documents that were found for a topic.
fn longest(evaluation: &Evaluation) -> usize {
    evaluation.run.topics.iter().map(|topic| topic.documents.len()).max().unwrap_or(0)
}

/// Whether a run ends at this rank for at least half of the topics for which another goes on. One that found fewer
/// of itself ends here and there.
fn cut_at(depth: usize, run: &Evaluation, other: &Evaluation) -> bool {
    let lengths: BTreeMap<&str, usize> =
        run.run.topics.iter().map(|topic| (topic.topic.as_str(), topic.documents.len())).collect();
    let longer = other.run.topics.iter().filter(|topic| topic.documents.len() > depth);
    let of_longer: Vec<usize> =
        longer.filter_map(|topic| lengths.get(topic.topic.as_str()).copied()).collect();
    let cut = of_longer.iter().filter(|&&length| length == depth).count();
    cut > 0 && 2 * cut >= of_longer.len()
}

fn compared(measure: Measure, pairs: &[ChangedTopic]) -> ComparedMeasure {
    let differences: Vec<f64> = pairs.iter().map(ChangedTopic::difference).collect();
    let topics = pairs.len().max(1) as f64;
    let (wins, losses) = (
        differences.iter().filter(|&&difference| difference > NO_DIFFERENCE).count(),
        differences.iter().filter(|&&difference| difference < -NO_DIFFERENCE).count(),
    );
    ComparedMeasure {
        measure,
        this: pairs.iter().map(|pair| pair.this).sum::<f64>() / topics,
        other: pairs.iter().map(|pair| pair.other).sum::<f64>() / topics,
        p: randomization_test(&differences),
        wins,
        ties: pairs.len() - wins - losses,
        losses,
    }
}

fn changed(mut pairs: Vec<ChangedTopic>) -> Vec<ChangedTopic> {
    pairs.retain(|pair| pair.difference().abs() > NO_DIFFERENCE);
    pairs.sort_by(|a, b| b.difference().abs().total_cmp(&a.difference().abs()));
    pairs
}

impl ChangedTopic {
    /// How much better this evaluation is; below 0 where it is worse.
    pub fn difference(&self) -> f64 {
        self.this - self.other
    }
}

/// Fisher's paired randomization test, two-sided: were both systems the same, each topic's difference
/// could as well have the other sign; p is the share of all such assignments whose sum is at least as
/// far from 0 as the one observed (Smucker, Allan and Carterette 2007, "A comparison of statistical
/// significance tests for information retrieval evaluation"). Up to 20 topics that differ, every
/// assignment is counted; otherwise 100,000 are drawn, always the same ones, and the observed one
/// counts among them (Phipson and Smyth 2010), so that p is never 0.
///
/// ```
/// use tipsearch::eval::randomization_test;
/// // Of the 8 assignments of signs only + + + and - - - are as far from 0.
/// assert_eq!(randomization_test(&[0.1, 0.2, 0.4, 0.0]), 0.25);
/// ```
pub fn randomization_test(differences: &[f64]) -> f64 {
    let differences: Vec<f64> =
        differences.iter().copied().filter(|difference| difference.abs() > NO_DIFFERENCE).collect();
    let observed = differences.iter().sum::<f64>().abs() - NO_DIFFERENCE;
    match differences.len() {
        0..=MOST_EXACT => exact(&differences, observed),
        _ => drawn(&differences, observed),
    }
}

/// Goes through the assignments so that each differs from the one before in one sign (Gray's code).
fn exact(differences: &[f64], observed: f64) -> f64 {
    let all = 1u64 << differences.len();
    let mut signed = differences.to_vec();
    let mut sum: f64 = signed.iter().sum();
    let mut extreme = 1;
    for step in 1..all {
        if let Some(value) = signed.get_mut(step.trailing_zeros() as usize) {
            *value = -*value;
            sum += 2.0 * *value;
        }
        extreme += u64::from(sum.abs() >= observed);
    }
    extreme as f64 / all as f64
}

fn drawn(differences: &[f64], observed: f64) -> f64 {
    let mut state = SEED;
    let mut extreme = 0u64;
    for _ in 0..ASSIGNMENTS {
        let mut sum = 0.0;
        for part in differences.chunks(64) {
            let mut signs = random(&mut state);
            for &difference in part {
                // The lowest bit becomes the sign's.
                sum += f64::from_bits(difference.to_bits() ^ (signs << 63));
                signs >>= 1;
            }
        }
        extreme += u64::from(sum.abs() >= observed);
    }
    (extreme + 1) as f64 / (ASSIGNMENTS + 1) as f64
}

/// SplitMix64 (Steele, Lea and Flood 2014).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
