//! A run as TREC's tools read it: `topic Q0 document rank score tag`.

use crate::search::Found;

/// The line of a hit. Scores are multiples of 1/1024, which ten decimals hold.
pub fn line(found: &Found) -> String {
    format!("1 Q0 {} {} {:.10} tipsearch", found.passage.id, found.rank, found.score)
}
