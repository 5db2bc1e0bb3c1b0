//! Looks closely at the passages that may have a phrase and can be among the best with it.

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReader;

use super::collect::Kept;
use super::lists::Opening;
use super::part::Part;
use super::weighed::WeighedPart;
use super::windows::{Hopeful, SLACK, Sum, reaches};

/// Collects those of these passages, which are in their order, that have phrases and can be among the best. They count
/// with what they score in whole.
pub fn collect(
    hopefuls: &[Hopeful],
    parts: &[WeighedPart],
    lengths: &FieldNormReader,
    opening: &Opening<'_>,
    kept: &mut Kept,
) -> tantivy::Result<()> {
    let parts = parts.iter().filter(|part| !part.phrases.is_empty());
    let parts = parts.map(|part| Part::open(part, opening));
    let mut parts = parts.collect::<tantivy::Result<Vec<_>>>()?;
    let mut found = Vec::new();
    for hopeful in hopefuls {
        if kept.is_over() {
            break;
        }
        if hopeful.can_reach(kept.threshold()) {
            let gain = gain(*hopeful, &mut parts, lengths, opening, kept.threshold())?;
            let score = (hopeful.score + gain) as Score;
            found.extend((gain > 0.0).then_some((hopeful.doc, score)));
        }
    }
    kept.improve(&found);
    Ok(())
}

/// What a passage scores more by its phrases; 0 where it is certain to be below the threshold.
fn gain(
    Hopeful { doc, score, most }: Hopeful,
    parts: &mut [Part<'_>],
    lengths: &FieldNormReader,
    opening: &Opening<'_>,
    threshold: Score,
) -> tantivy::Result<Sum> {
    let length = lengths.fieldnorm_id(doc);
    // What phrases may add that have not been looked at.
    let mut hope = most - score;
    let mut gain = 0.0;
    for part in parts {
        let known = part.look(doc, length);
        let part_hope = Sum::from(known.most()) - Sum::from(known.word);
        if part_hope <= 0.0 {
            continue;
        }
        hope -= part_hope;
        // What scores no more changes nothing.
        let needed = Sum::from(threshold) - SLACK - (score + gain + hope);
        let found = part.look_closely(doc, length, known.word.max(needed as Score), opening)?;
        gain += (Sum::from(found) - Sum::from(known.word)).max(0.0);
        if !reaches(score + gain + hope, threshold) {
            return Ok(0.0);
        }
    }
    Ok(gain)
}
