//! The same text in many reports or years: shown once, with the others named.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::rank::{Hit, Ranking, Total};

/// A text of fewer words is no copy: that two reports both say `None.` are two findings.
const FEWEST_WORDS: usize = 15;

/// Hits whose texts all differ, and the passages that were left out for each.
#[derive(Debug, Default)]
pub struct Distinct {
    pub ranking: Ranking,
    /// Those of the hits, in their order; none where no passage has been looked at.
    pub passages: Vec<Passage>,
    /// By the id of the hit that stands for them; the newest first.
    pub copies: FxHashMap<u64, Vec<Passage>>,
    /// How many match, where all of them have been met.
    pub all: Option<Total>,
    /// How many passages of a report there are at most, where that left some out.
    pub capped: Option<usize>,
    /// How many of the best were put in order, where others match too.
    pub ordered: Option<usize>,
}

impl Distinct {
    /// Goes through hits until `needed` of them differ. The best of those with one text stands for all that were
    /// met so far; there may be more.
    ///
    /// # Errors
    /// When a passage cannot be loaded.
    pub fn of(engine: &impl Engine, hits: &[Hit], needed: usize) -> Result<Distinct> {
        let mut distinct = Distinct::default();
        let mut known: FxHashMap<String, u64> = FxHashMap::default();
        let mut rest = hits;
        while !rest.is_empty() && distinct.ranking.hits.len() < needed {
            let (chunk, others) =
                rest.split_at(rest.len().min(needed - distinct.ranking.hits.len()));
            for (passage, hit) in engine.load(chunk)?.into_iter().zip(chunk) {
                let words: Vec<&str> = passage.text.split_whitespace().collect();
                let text = if words.len() < FEWEST_WORDS { String::new() } else { words.join(" ") };
                match known.get(&text).copied().filter(|_| !text.is_empty()) {
                    Some(first) => distinct.copies.entry(first).or_default().push(passage),
                    None => {
                        known.insert(text, hit.id);
                        distinct.ranking.hits.push(*hit);
                        distinct.passages.push(passage);
                    }
                }
            }
            rest = others;
        }
        // Only their titles and headings score, which say nothing of which is wanted.
        for copies in distinct.copies.values_mut() {
            copies.sort_by_cached_key(|copy| (Reverse(copy.year()), copy.report.doc_id.clone()));
        }
        Ok(distinct)
    }
}
