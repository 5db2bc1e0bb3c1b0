//! Which of a query's pieces are syntax: an operator at an end is none, a colon in prose and capitals all over are
//! words.

use super::fields::Fields;
use super::lex::{Piece, PieceKind};
use super::pattern::no_pattern;
use crate::analyze::{Analyzer, folded, is_stop_word};
use crate::error::Result;

/// Fields of other programs: who writes them means one.
const ELSEWHERE: [&str; 9] =
    ["author", "date", "file", "filetype", "id", "name", "path", "site", "type"];

/// Turns what only looks like syntax into words: `AND` where all is in capitals, a colon after what is no field; leaves
/// out operators that have nothing to join; and drops brackets where there is no operator.
pub fn meant(
    text: &str,
    fields: &Fields,
    mut pieces: Vec<Piece>,
    notes: &mut Vec<String>,
) -> Result<Vec<Piece>> {
    let is_shouted = is_shouted(&pieces);
    let dated = dated(&pieces);
    for (at, piece) in pieces.iter_mut().enumerate() {
        let word = match &piece.kind {
            PieceKind::And if is_shouted => "and".to_owned(),
            PieceKind::Or if is_shouted => "or".to_owned(),
            PieceKind::Not if is_shouted => "not".to_owned(),
            PieceKind::Field(name) => match word_for_field(name, fields) {
                Some(word) => {
                    if dated.contains(&at) || ELSEWHERE.contains(&name.as_str()) {
                        notes.push(format!("there is no field `{name}`; it is taken as a word"));
                    }
                    word
                }
                None if fields.canonical(name).is_some() => continue,
                None => return Err(fields.unknown(text, piece.column, name)),
            },
            _ => continue,
        };
        piece.kind = PieceKind::Word(word);
    }
    let mut pieces = joined(with_right_sides(with_words(pieces, notes), notes), notes);
    let is_bracket = |piece: &Piece| matches!(piece.kind, PieceKind::Open | PieceKind::Close);
    let is_word = |piece: &Piece| matches!(piece.kind, PieceKind::Word(_) | PieceKind::Quoted(_));
    // Brackets with nothing else that is syntax are punctuation.
    if pieces.iter().all(|piece| is_bracket(piece) || is_word(piece)) {
        pieces.retain(is_word);
    }
    Ok(pieces)
}

/// The places of names in small letters before a colon and a year, or a range of them (`published:2019..2020`): who writes
/// them means a field.
fn dated(pieces: &[Piece]) -> Vec<usize> {
    let is_date = |kind: &PieceKind| match kind {
        PieceKind::Word(value) => {
            let is_year = |year: &&str| {
                year.starts_with(['1', '2']) && year.bytes().all(|it| it.is_ascii_digit())
            };
            let year = value.get(..4).filter(is_year);
            let rest = value.get(4..).unwrap_or_default();
            year.is_some() && (rest.is_empty() || rest.starts_with(['.', '-', '–']))
        }
        _ => false,
    };
    let is_named = |kind: &PieceKind| match kind {
        PieceKind::Field(name) => name.chars().all(char::is_lowercase),
        _ => false,
    };
    let pairs = pieces.windows(2).enumerate();
    let dated = pairs.filter(|(_, pair)| is_named(&pair[0].kind) && is_date(&pair[1].kind));
    dated.map(|(at, _)| at).collect()
}

/// The word that stands before a colon, where it names no field; `None` where it does or is meant to.
fn word_for_field(name: &str, fields: &Fields) -> Option<String> {
    // Only a name in lower case that is near a field's is meant as one: `Note:` begins a
    // sentence, and `localhost:8080` is an address.
    let is_meant = name.chars().all(|c| !c.is_uppercase()) && fields.nearest(name).is_some();
    if fields.canonical(name).is_some() || is_meant {
        return None;
    }
    Some(name.to_owned())
}

/// Pieces without words that have no letter, as a dash: nothing can be asked of them.
fn with_words(pieces: Vec<Piece>, notes: &mut Vec<String>) -> Vec<Piece> {
    let mut analyzer = Analyzer::default();
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let is_value = kept.last().is_some_and(|last| matches!(last.kind, PieceKind::Field(_)));
        let is_kept = match &piece.kind {
            PieceKind::Word(word) => is_value || word == "*" || !analyzer.tokens(word).is_empty(),
            _ => true,
        };
        match &piece.kind {
            PieceKind::Word(word) if !is_kept => notes.extend(no_pattern(word)),
            _ => kept.push(piece),
        }
    }
    kept
}

/// Leaves out operators and signs that have nothing behind them, and brackets with nothing inside: `police AND`,
/// `NOT NOT army`. From the end, as one may stand before another.
fn with_right_sides(mut pieces: Vec<Piece>, notes: &mut Vec<String>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    while let Some(piece) = pieces.pop() {
        let next = kept.last().map(|piece| &piece.kind);
        let is_before_operand = next.is_some_and(begins_operand);
        match piece.kind {
            // `NOT +police` excludes it.
            PieceKind::Not if next == Some(&PieceKind::Plus) => {
                kept.pop();
            }
            PieceKind::Plus | PieceKind::Minus | PieceKind::Not
                if !is_before_operand || next.is_some_and(is_sign) =>
            {
                note(notes, &piece.kind, "behind it");
                continue;
            }
            PieceKind::And | PieceKind::Or | PieceKind::Near { .. } if !is_before_operand => {
                note(notes, &piece.kind, "on one of its sides");
                continue;
            }
            PieceKind::Open if next.is_none_or(|next| *next == PieceKind::Close) => {
                let is_value =
                    pieces.last().is_some_and(|last| matches!(last.kind, PieceKind::Field(_)));
                if !is_value {
                    kept.pop();
                    kept.pop_if(|next| matches!(next.kind, PieceKind::Boost(_)));
                    continue;
                }
            }
            _ => {}
        }
        kept.push(piece);
    }
    kept.reverse();
    kept
}

/// What prose denies is left out of it with other common words: `not` before a word is said, with the quotation that asks
/// for both. `No. 182` has a number, and denies nothing.
pub fn denials(pieces: &[Piece]) -> Vec<String> {
    let mut notes = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        let is_value = before.is_some_and(|it| matches!(it.kind, PieceKind::Field(_)));
        let PieceKind::Word(word) = &piece.kind else { continue };
        if is_value || notes.len() >= MOST_DENIALS {
            continue;
        }
        let Some(denial) = DENIALS.iter().find(|denial| word.eq_ignore_ascii_case(denial)) else {
            continue;
        };
        // `no labor inspectors`, but `not ratified`: what follows that is another matter.
        let most = if *denial == "no" { 2 } else { 1 };
        let is_content = |word: &String| {
            word.chars().all(char::is_alphabetic) && !word.is_empty() && !is_stop_word(word)
        };
        let denied: Vec<String> =
            pieces[at + 1..].iter().map_while(word_of).take_while(is_content).take(most).collect();
        if !denied.is_empty() {
            let quoted = format!("{denial} {}", denied.join(" "));
            let note = format!(
                "`{denial}` is not searched for outside of quotes; in them it is: `\"{quoted}\"`"
            );
            notes.extend((!notes.contains(&note)).then_some(note));
        }
    }
    notes
}

/// So many are said.
const MOST_DENIALS: usize = 3;

/// The common words that deny what follows.
const DENIALS: [&str; 2] = ["no", "not"];

/// A word folded, without the signs round it.
fn word_of(piece: &Piece) -> Option<String> {
    match &piece.kind {
        PieceKind::Word(word) => Some(folded(word.trim_matches(|c: char| !c.is_alphanumeric()))),
        _ => None,
    }
}

/// Leaves out operators that have nothing before them, and brackets that close nothing.
fn joined(pieces: Vec<Piece>, notes: &mut Vec<String>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut depth = 0usize;
    for piece in pieces {
        let is_behind_operand = kept.last().is_some_and(|last| ends_operand(&last.kind));
        match piece.kind {
            PieceKind::And | PieceKind::Or | PieceKind::Near { .. } if !is_behind_operand => {
                note(notes, &piece.kind, "on one of its sides");
                continue;
            }
            PieceKind::Open => depth += 1,
            PieceKind::Close if depth == 0 => continue,
            PieceKind::Close => depth -= 1,
            _ => {}
        }
        kept.push(piece);
    }
    kept
}

fn is_sign(kind: &PieceKind) -> bool {
    matches!(kind, PieceKind::Plus | PieceKind::Minus | PieceKind::Not)
}

fn begins_operand(kind: &PieceKind) -> bool {
    let is_text = matches!(
        kind,
        PieceKind::Word(_) | PieceKind::Quoted(_) | PieceKind::Field(_) | PieceKind::Regex(_)
    );
    is_text || is_sign(kind) || *kind == PieceKind::Open
}

fn ends_operand(kind: &PieceKind) -> bool {
    let is_suffix = matches!(kind, PieceKind::Window(_) | PieceKind::Boost(_));
    is_suffix
        || *kind == PieceKind::Close
        || begins_operand(kind) && !is_sign(kind) && *kind != PieceKind::Open
}

/// Says that an operator is left out.
fn note(notes: &mut Vec<String>, kind: &PieceKind, place: &str) {
    let written = match kind {
        PieceKind::And => "AND".to_owned(),
        PieceKind::Or => "OR".to_owned(),
        PieceKind::Not => "NOT".to_owned(),
        PieceKind::Plus => "+".to_owned(),
        PieceKind::Near { ordered: true, distance } => format!("PRE/{distance}"),
        PieceKind::Near { distance, .. } => format!("NEAR/{distance}"),
        _ => "-".to_owned(),
    };
    notes.push(format!("`{written}` has no word {place}; it is left out"));
}

/// Whether capitals are just how the query is typed, so that `AND` in it is a word: no small letter,
/// and more than one word beside another.
fn is_shouted(pieces: &[Piece]) -> bool {
    let text = |piece: &Piece| match &piece.kind {
        PieceKind::Word(text) | PieceKind::Quoted(text) => Some(text.clone()),
        _ => None,
    };
    let texts: Vec<Option<String>> = pieces.iter().map(text).collect();
    let all = || texts.iter().flatten().flat_map(|text| text.chars());
    let adjoins = texts.windows(2).any(|pair| pair[0].is_some() && pair[1].is_some());
    all().any(char::is_uppercase) && !all().any(char::is_lowercase) && adjoins
}
