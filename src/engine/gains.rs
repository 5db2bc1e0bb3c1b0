//! What passages gain beside what they score by their words, whichever engine found them; and how scores are rounded.

use crate::error::Result;
use crate::meaning::{Pair, pairs};
use crate::passage::Passage;
use crate::query::{Query, TextField, Vocabulary};
use crate::rank::{BM25_K1, Explanation, LIKE_SCALE, rarity};

/// Scores are rounded to this. tantivy adds the scores of a passage's terms in an order that depends
/// on what it may skip, so that the last bits of equal scores differ; rounded, they are equal, and
/// the id decides. A power of two: rounding is exact.
pub const GRAIN: f32 = 1.0 / 1024.0;

/// From here on an `f32` has no halves.
const GREATEST_COUNT: f32 = 8_388_608.0;

/// So many pairs of words are named in an explanation of what a passage gains by its meaning.
const SHOWN_PAIRS: usize = 8;

/// A score, which is not negative, without the bits that depend on the order of adding.
pub fn rounded(score: f32) -> f32 {
    // `round` is a call where the processor is not known to have it.
    let grains = score / GRAIN;
    if grains < GREATEST_COUNT { (grains + 0.5) as u32 as f32 * GRAIN } else { score }
}

/// What meaning adds to a score: a weighted sum of the two on one scale ranks better than a fusion of ranks (Bruch, Gai
/// and Ingber 2023, "An analysis of fusion functions for hybrid retrieval").
pub fn by_meaning(likeness: f32, scale: f32) -> f32 {
    scale * likeness.max(0.0)
}

/// What a passage would score that consists of the words of a query. What the best one scores would be another
/// measure; but where no passage has more than one of the words, that is little, and meaning should count then.
///
/// # Errors
/// Where the words cannot be counted.
pub fn scale(vocabulary: &dyn Vocabulary, query: &Query, highest: f32) -> Result<f32> {
    if query.words.is_empty() {
        return Ok(highest * LIKE_SCALE);
    }
    let passages = vocabulary.passages();
    let mut scale = 0.0;
    for word in &query.words {
        let with = vocabulary.passages_with(TextField::Main, &word.term)?;
        scale += rarity(with, passages) * (1.0 + BM25_K1);
    }
    Ok(scale)
}

/// How much of what a passage gains by its meaning comes from which words of it and of the query.
pub fn pairs_of_words(query: &Query, passage: &Passage, gain: f32) -> Vec<Explanation> {
    let title = passage.report.title.as_str();
    let texts = [Some(title), passage.heading(), Some(passage.text.as_str())];
    let mut pairs =
        pairs(query.prose.as_deref().unwrap_or(&query.text), texts.into_iter().flatten());
    let others: f32 = pairs.split_off(pairs.len().min(SHOWN_PAIRS)).iter().map(|it| it.share).sum();
    let part = |share: f32, description| Explanation {
        value: gain * share,
        description,
        parts: Vec::new(),
    };
    let pairs = pairs.into_iter();
    let words = |pair: Pair| part(pair.share, format!("`{}` and `{}`", pair.asked, pair.found));
    let mut parts: Vec<Explanation> = pairs.map(words).collect();
    parts.push(part(others, "other pairs of words".to_owned()));
    parts
}
