//! Which question marks at the edge of a word stand for a letter, and which ask.

use super::chunk::{is_hyphen, is_ideograph, is_quotation_mark};
use super::lex::{Piece, PieceKind};
use super::pattern::is_wild;
use crate::analyze::{folded, is_stop_word, is_unspaced};

/// So many words that end with a question mark are a question.
const FEWEST_ASKING: usize = 3;

/// So many are one though what follows does not begin as a sentence does.
const FEWEST_GOING_ON: usize = 5;

/// A quotation of so many words may be a sentence, which ends as one.
const FEWEST_OF_SENTENCE: usize = 4;

/// What ends a sentence, or a part of it.
const PUNCTUATION: [char; 6] = ['?', ',', ';', ':', '.', '!'];

/// What becomes of the question marks at the edges of a word.
enum Edge {
    Letter,
    /// Punctuation, as anybody can see.
    Asks,
    /// Punctuation, though a letter might have been meant.
    Dropped,
}

/// A word with question marks at its edges.
struct Edged<'t> {
    /// With them, as a pattern.
    pattern: &'t str,
    /// Without.
    word: &'t str,
    is_before: bool,
}

/// Leaves question marks at the edges of words only where they stand for a letter; says where one does not that could, or
/// does and could ask.
pub fn without_questions(pieces: &mut [Piece], has_operators: bool, notes: &mut Vec<String>) {
    let texts = texts(pieces);
    let is_alone = texts.len() == 1;
    for (place, &index) in texts.iter().enumerate() {
        let settled = match &pieces[index].kind {
            PieceKind::Quoted(text) if text.contains(is_wild) => {
                let is_last = place + 1 == texts.len() && !has_operators;
                let asks = is_last && !is_alone && asks(pieces, &texts[..=place], FEWEST_ASKING);
                of_quotation(text, asks, is_alone, notes)
            }
            PieceKind::Word(word) => {
                let Some(edged) = Edged::of(word) else { continue };
                let next = texts.get(place + 1).map(|&next| &pieces[next].kind);
                let ends = next.is_none_or(is_beginning);
                let fewest = if ends { FEWEST_ASKING } else { FEWEST_GOING_ON };
                let asks = !edged.is_before && asks(pieces, &texts[..=place], fewest);
                let edge = match () {
                    // A whole question without a blank.
                    () if edged.word.contains(is_without_blanks) => Edge::Asks,
                    () if is_alone => Edge::Letter,
                    () if has_operators => beside_operators(&edged, pieces, index, next.is_none()),
                    // What asks for `section 201?` is not told from what asks for a decade.
                    () if edged.is_year() && asks && ends && !edged.is_doubled() => Edge::Dropped,
                    () if edged.is_year() => Edge::Letter,
                    () if asks || !edged.is_pattern() => Edge::Asks,
                    () => Edge::Dropped,
                };
                edged.settled(&edge, is_alone, notes)
            }
            _ => continue,
        };
        if let PieceKind::Word(own) | PieceKind::Quoted(own) = &mut pieces[index].kind {
            *own = settled;
        }
    }
}

/// What becomes of a mark where operators tell that it is no prose, but for the last word of several: a question may have
/// an operator in it.
fn beside_operators(edged: &Edged<'_>, pieces: &[Piece], index: usize, is_last: bool) -> Edge {
    let before = index.checked_sub(1).and_then(|before| pieces.get(before));
    let is_beside_word = before.is_some_and(|before| matches!(before.kind, PieceKind::Word(_)));
    match is_last && is_beside_word && !edged.is_before && !edged.is_year() {
        true => Edge::Asks,
        false => Edge::Letter,
    }
}

/// Whether a letter is of a script without blanks between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
fn is_without_blanks(c: char) -> bool {
    is_ideograph(c) || is_unspaced(c)
}

/// Where words and quotations stand that are no values of fields.
fn texts(pieces: &[Piece]) -> Vec<usize> {
    let is_text = |index: &usize| {
        let before = index.checked_sub(1).and_then(|before| pieces.get(before));
        let is_value = before.is_some_and(|before| matches!(before.kind, PieceKind::Field(_)));
        !is_value && matches!(pieces[*index].kind, PieceKind::Word(_) | PieceKind::Quoted(_))
    };
    (0..pieces.len()).filter(is_text).collect()
}

/// Whether a sentence may begin with a piece.
fn is_beginning(kind: &PieceKind) -> bool {
    match kind {
        PieceKind::Word(word) => word.starts_with(|c: char| !c.is_lowercase() && !c.is_numeric()),
        _ => false,
    }
}

/// Whether words up to a question mark are a question: so many, or with a common word in front, as questions have.
fn asks(pieces: &[Piece], texts: &[usize], fewest: usize) -> bool {
    let is_common = |index: &usize| match &pieces[*index].kind {
        PieceKind::Word(word) => is_stop_word(&folded(word.trim_matches(PUNCTUATION))),
        _ => false,
    };
    texts.len() >= fewest || texts.first().is_some_and(is_common)
}

/// A quotation with question marks only where they stand for letters. `asks`: what asks may stand before the mark that
/// closes it.
fn of_quotation(text: &str, asks: bool, is_alone: bool, notes: &mut Vec<String>) -> String {
    let text = text.replace(is_quotation_mark, " ");
    let chunks: Vec<&str> = text.split_whitespace().collect();
    let words = chunks.iter().filter(|chunk| chunk.contains(char::is_alphanumeric)).count();
    let is_sentence = words >= FEWEST_OF_SENTENCE || text.contains('¿');
    let mut settled: Vec<String> = Vec::with_capacity(chunks.len());
    for (place, chunk) in chunks.iter().enumerate() {
        let next = chunks.get(place + 1);
        let ends = next.is_none_or(|next| next.starts_with(char::is_uppercase));
        settled.push(match Edged::of(chunk) {
            None => (*chunk).to_owned(),
            Some(edged) if !edged.is_pattern() => edged.pattern.to_owned(),
            Some(edged) => {
                // Who quotes a single word with a mark means the mark.
                let asks = asks && next.is_none() && chunks.len() > 1;
                let may_ask = is_sentence && ends || asks;
                let asks = may_ask && !edged.is_before && !edged.is_year();
                let edge = if asks { Edge::Asks } else { Edge::Letter };
                let is_told = next.is_none() && words > 1 && is_alone;
                edged.settled(&edge, is_told, notes)
            }
        });
    }
    settled.join(" ")
}

impl Edged<'_> {
    /// A word with a question mark at an edge; `None` for others.
    fn of(text: &str) -> Option<Edged<'_>> {
        let word = text.trim_end_matches(PUNCTUATION);
        let behind = text[word.len()..].chars().take_while(|c| *c == '?').count();
        let is_before = word.starts_with('?');
        let has_behind = text[word.len()..].contains('?');
        (is_before || has_behind).then(|| Edged {
            pattern: &text[..word.len() + behind],
            word: word.trim_start_matches('?'),
            is_before,
        })
    }

    /// Whether it can be a pattern: two letters and no signs.
    fn is_pattern(&self) -> bool {
        let is_of_word = |c: char| c.is_alphanumeric() || is_wild(c) || is_hyphen(c);
        let letters = self.word.chars().filter(|c| c.is_alphanumeric()).count();
        letters >= 2
            && !self.word.contains(is_ideograph)
            && self.word.chars().all(|c| is_of_word(c) || matches!(c, '\'' | '’'))
    }

    /// Whether it is a year some of whose figures are open: `201?`, `20??`. A whole year may end a question.
    fn is_year(&self) -> bool {
        let year = self.pattern.rsplit(is_hyphen).next().unwrap_or_default();
        let figures = year.trim_end_matches('?');
        let is_of_figures = figures.bytes().all(|byte| byte.is_ascii_digit());
        year.len() == 4
            && (2..4).contains(&figures.len())
            && is_of_figures
            && (year.starts_with("19") || year.starts_with("20"))
    }

    fn is_doubled(&self) -> bool {
        self.pattern.ends_with("??")
    }

    fn settled(&self, edge: &Edge, is_told: bool, notes: &mut Vec<String>) -> String {
        let Edged { pattern, word, is_before } = self;
        let kept = match edge {
            Edge::Letter => pattern,
            Edge::Asks | Edge::Dropped => word,
        };
        let is_one_more = pattern.len() == word.len() + 1 && !word.contains(is_wild);
        match edge {
            Edge::Letter if is_told && is_one_more && !is_before && self.ends_with_letter() => {
                notes.push(format!("the `?` of `{pattern}` stands for one more letter; without it the word itself is asked for"));
            }
            Edge::Dropped => notes.push(format!(
                "the `?` of `{pattern}` is left out; in quotes it stands for a letter: `\"{pattern}\"`"
            )),
            _ => {}
        }
        (*kept).to_owned()
    }

    fn ends_with_letter(&self) -> bool {
        self.is_pattern() && self.word.ends_with(char::is_alphabetic)
    }
}
