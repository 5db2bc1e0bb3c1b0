//! Whether a quotation is put together from pieces that stand in different places.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::stretch::Stretch;
use super::words::Words;
use crate::analyze::is_stop_word;
use crate::passage::sentence_ends;

/// A piece of the quotation that stands somewhere word by word.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The words of the quotation, by index.
    pub quoted: Range<usize>,
    /// The stretch it stands in, by index.
    pub stretch: usize,
    /// Its words there, by index.
    pub source: Range<usize>,
}

/// Shorter pieces stand somewhere by chance; where a sentence of the quotation begins and ends with the
/// piece, one word less is enough.
const SHORTEST_PIECE: usize = 5;

/// So much of the quotation must be covered by pieces, in hundredths.
const LEAST_COVERED: usize = 80;

/// Two pieces are from the same place where no more than so many words of the source lie between them,
/// in order, unless they are whole sentences.
const SAME_PLACE: usize = 12;

/// The pieces that the quotation is put together from, longest first from its beginning on; `None` where
/// they do not cover it, or are from one place.
pub fn stitched(quote: &Words, stretches: &[Stretch]) -> Option<Vec<Piece>> {
    let sentences = sentence_starts(quote);
    let positions: Vec<_> = stretches.iter().map(|stretch| positions(&stretch.words)).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < quote.len() {
        let longest = longest(quote, at, stretches, &positions);
        match longest.filter(|piece| is_telling(quote, piece, &sentences)) {
            Some(piece) => {
                at = piece.quoted.end;
                pieces.push(piece);
            }
            None => at += 1,
        }
    }
    let covered: usize = pieces.iter().map(|piece| piece.quoted.len()).sum();
    let is_covered = covered * 100 >= quote.len() * LEAST_COVERED;
    let is_apart = pieces.windows(2).any(|pair| match pair {
        [one, other] => !is_same_place(one, other, quote, stretches),
        _ => false,
    });
    (is_covered && is_apart).then_some(pieces)
}

/// Where each word stands in a text.
fn positions(words: &Words) -> FxHashMap<String, Vec<usize>> {
    let mut positions: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, key) in words.keys().enumerate() {
        positions.entry(key.to_owned()).or_default().push(at);
    }
    positions
}

/// The longest piece that begins with a word of the quotation; of equal ones the first.
fn longest(
    quote: &Words,
    at: usize,
    stretches: &[Stretch],
    positions: &[FxHashMap<String, Vec<usize>>],
) -> Option<Piece> {
    let mut best: Option<Piece> = None;
    for (index, (stretch, positions)) in stretches.iter().zip(positions).enumerate() {
        let starts = quote.key(at).and_then(|key| positions.get(key));
        for &start in starts.into_iter().flatten() {
            let same = |length: &usize| {
                let own = quote.key(at + length);
                own.is_some()
                    && own == stretch.words.key(start + length)
                    && !(*length > 0 && quote.has_break(at + length))
            };
            let length = (0..).take_while(same).count();
            if best.as_ref().is_none_or(|best| length > best.quoted.len()) {
                best = Some(Piece {
                    quoted: at..at + length,
                    stretch: index,
                    source: start..start + length,
                });
            }
        }
    }
    best
}

/// Whether a piece is long enough, and says enough, not to stand somewhere by chance.
fn is_telling(quote: &Words, piece: &Piece, sentences: &[usize]) -> bool {
    let is_sentence =
        sentences.contains(&piece.quoted.start) && sentences.contains(&piece.quoted.end);
    let content =
        piece.quoted.clone().filter_map(|at| quote.key(at)).filter(|key| !is_stop_word(key));
    piece.quoted.len() + usize::from(is_sentence) >= SHORTEST_PIECE && content.count() >= 2
}

/// The indexes of words that begin a sentence of the quotation or a piece of it, and its end.
pub fn sentence_starts(words: &Words) -> Vec<usize> {
    let ends = sentence_ends(&words.text);
    let is_start = |at: &usize| {
        let gap_start = at.checked_sub(1).map_or(0, |before| words.bytes(before).end);
        *at == 0
            || *at == words.len()
            || words.has_break(*at)
            || words.has_seam(*at)
            || ends
                .get(ends.partition_point(|&end| end < gap_start))
                .is_some_and(|&end| end <= words.bytes(*at).start)
    };
    (0..=words.len()).filter(is_start).collect()
}

fn is_same_place(one: &Piece, other: &Piece, quote: &Words, stretches: &[Stretch]) -> bool {
    let (Some(first), Some(second)) = (stretches.get(one.stretch), stretches.get(other.stretch))
    else {
        return false;
    };
    // The number of a word in its document would be better; passages that follow one another are near.
    let place = |stretch: &Stretch, word: usize| {
        let passage = stretch.passages.get(stretch.passage_at(stretch.words.bytes(word).start));
        passage.map(|passage| {
            ((passage.report.doc_id.clone(), passage.anchor.clone()), passage.ordinal)
        })
    };
    let last = one.source.end.saturating_sub(1);
    let (Some(left), Some(right)) = (place(first, last), place(second, other.source.start)) else {
        return false;
    };
    if left.0 != right.0 {
        return false;
    }
    if one.stretch == other.stretch {
        let between = other.source.start.checked_sub(one.source.end);
        let has_sentence = between.is_some_and(|between| between >= 4) && {
            let starts = sentence_starts(&first.words);
            starts.contains(&one.source.end) && starts.contains(&other.source.start)
        };
        let is_marked = quote.has_break(other.quoted.start);
        return between.is_some_and(|between| between <= SAME_PLACE || is_marked)
            && (!has_sentence || is_marked);
    }
    let to_end = first.words.len() - one.source.end;
    right.1 == left.1 + 1 && to_end + other.source.start <= SAME_PLACE
}
