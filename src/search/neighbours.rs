//! Hits that follow one another in a section, as one.

use super::Found;

/// Joins hits that follow one another in the same section into the best of them.
pub fn merge_neighbours(found: Vec<Found>) -> Vec<Found> {
    let mut merged: Vec<Found> = Vec::new();
    for hit in found {
        let neighbour = merged.iter_mut().find(|known| {
            let (a, b) = (&known.passage, &hit.passage);
            let length = known.merged.len() + 1;
            a.report.doc_id == b.report.doc_id
                && a.trail == b.trail
                && a.anchor == b.anchor
                && (a.ordinal + length == b.ordinal || b.ordinal + 1 == a.ordinal)
        });
        match neighbour {
            Some(known) => join(known, hit),
            None => merged.push(hit),
        }
    }
    merged
}

fn join(known: &mut Found, hit: Found) {
    let is_after = hit.passage.ordinal > known.passage.ordinal;
    let (first, second) =
        if is_after { (&known.passage, &hit.passage) } else { (&hit.passage, &known.passage) };
    let gap = first.location.bytes.as_ref().zip(second.location.bytes.as_ref());
    // One byte apart: the two are pieces of one paragraph.
    let is_same_block = gap.is_some_and(|(first, second)| first.end + 1 == second.start);
    let between = if is_same_block { " " } else { "\n\n" };
    let text = format!("{}{between}{}", first.text, second.text);
    let mut location = first.location.clone();
    if let (Some(own), Some(other)) = (&mut location.bytes, &second.location.bytes) {
        own.end = other.end.max(own.end);
    }
    if let (Some(own), Some(other)) = (&mut location.lines, &second.location.lines) {
        own.1 = other.1.max(own.1);
    }
    let ordinal = first.ordinal;
    if is_after {
        known.last = hit.last;
    }
    known.passage.text = text;
    known.passage.location = location;
    known.passage.ordinal = ordinal;
    known.merged.push(hit.passage.id);
}
