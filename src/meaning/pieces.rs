//! Word pieces: a word is cut from its beginning into the longest pieces that the table has (WordPiece; Schuster and
//! Nakajima 2012, "Japanese and Korean voice search").

/// What pieces begin with that do not begin a word.
const INSIDE: &str = "##";

/// Longer words (bytes) are data, not language.
const LONGEST_WORD: usize = 100;

/// The pieces, sorted by their bytes. Nothing is made of them when they are opened: a search has a few words.
#[derive(Default)]
pub struct Pieces {
    /// One after another.
    text: &'static [u8],
    /// Where each begins, and where the last one ends; little endian.
    starts: &'static [[u8; 4]],
    /// Those inside words: from the first to behind the last.
    inside: (usize, usize),
}

impl Pieces {
    /// Pieces that stand one after another in a text, sorted, and where each begins.
    pub fn new(text: &'static [u8], starts: &'static [[u8; 4]]) -> Pieces {
        let mut pieces = Pieces { text, starts, inside: (0, 0) };
        let all = (0, pieces.len());
        let first = partition(all, |piece| pieces.piece(piece) < INSIDE.as_bytes());
        let is_inside = |piece| pieces.piece(piece).starts_with(INSIDE.as_bytes());
        pieces.inside = (first, partition((first, all.1), is_inside));
        pieces
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn piece(&self, number: usize) -> &[u8] {
        let start =
            |number| self.starts.get(number).map(|bytes| u32::from_le_bytes(*bytes) as usize);
        let piece = start(number).zip(start(number + 1));
        piece.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    /// Appends the numbers of a word's pieces; of a word that cannot be cut so, nothing. The word is folded.
    pub fn cut(&self, word: &str, out: &mut Vec<u16>) {
        let before = out.len();
        let mut rest = word.as_bytes();
        while !rest.is_empty() {
            let longest = match rest.len() == word.len() {
                true => self.longest(rest, (0, self.len()), 0),
                false => self.longest(rest, self.inside, INSIDE.len()),
            };
            match longest.filter(|_| word.len() <= LONGEST_WORD) {
                Some((piece, length)) => {
                    out.push(piece);
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => return out.truncate(before),
            }
        }
    }

    /// The longest piece of a range that a text begins with, and its length. `skipped` bytes of each piece are no text.
    fn longest(
        &self,
        text: &[u8],
        mut range: (usize, usize),
        skipped: usize,
    ) -> Option<(u16, usize)> {
        let mut longest = None;
        for (at, &byte) in text.iter().enumerate() {
            let own = |piece| self.piece(piece).get(skipped + at).copied();
            // All of these have the same bytes before it; one that ends here comes first.
            let first = partition(range, |piece| own(piece).is_none_or(|own| own < byte));
            range = (first, partition((first, range.1), |piece| own(piece) == Some(byte)));
            if range.0 == range.1 {
                break;
            }
            if self.piece(first).len() == skipped + at + 1 {
                longest = Some((first as u16, at + 1));
            }
        }
        longest
    }
}

/// The first number of a range that something does not hold for, where it holds for all before it.
fn partition((mut low, mut high): (usize, usize), holds: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low.midpoint(high);
        match holds(middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}
