//! Which of a query's pieces are syntax: an operator at an end, a colon in prose and capitals all over are
//! words.

use super::fields::Fields;
use super::lex::{Piece, PieceKind};
use crate::error::Result;

/// Fields of other programs: who writes them means one.
const ELSEWHERE: [&str; 9] =
    ["author", "date", "file", "filetype", "id", "name", "path", "site", "type"];

/// Turns operators that cannot be meant into words: `AND` at an end or beside another operator, a
/// colon after what only looks like a field; and drops brackets where there is no operator.
pub fn meant(
    text: &str,
    fields: &Fields,
    mut pieces: Vec<Piece>,
    notes: &mut Vec<String>,
) -> Result<Vec<Piece>> {
    let is_shouted = is_shouted(&pieces);
    for index in 0..pieces.len() {
        let is_operand = |piece: Option<&Piece>, ends: bool| {
            piece.is_some_and(|piece| match piece.kind {
                PieceKind::And | PieceKind::Or | PieceKind::Near { .. } => false,
                PieceKind::Open | PieceKind::Plus | PieceKind::Minus | PieceKind::Not => !ends,
                PieceKind::Close => ends,
                _ => true,
            })
        };
        let before = index.checked_sub(1).and_then(|before| pieces.get(before));
        let stands_between =
            is_operand(before, true) && is_operand(pieces.get(index + 1), false) && !is_shouted;
        let word = match &pieces[index].kind {
            PieceKind::And if !stands_between => "and".to_owned(),
            PieceKind::Or if !stands_between => "or".to_owned(),
            PieceKind::Not if is_shouted || !is_operand(pieces.get(index + 1), false) => {
                "not".to_owned()
            }
            PieceKind::Near { ordered, distance } if !stands_between => {
                let written = format!("{}/{distance}", if *ordered { "PRE" } else { "NEAR" });
                notes.push(format!(
                    "`{written}` has no word on one of its sides; it is taken as a word"
                ));
                written
            }
            PieceKind::Field(name) => match fields.canonical(name) {
                Some(_) => continue,
                // Only a name in lower case that is near a field's is meant as one: `Note:` begins a
                // sentence, and `localhost:8080` is an address.
                None if name.chars().all(|c| !c.is_uppercase())
                    && fields.nearest(name).is_some() =>
                {
                    return Err(fields.unknown(text, pieces[index].column, name));
                }
                None => {
                    if ELSEWHERE.contains(&name.as_str()) {
                        notes.push(format!("there is no field `{name}`; it is taken as a word"));
                    }
                    name.clone()
                }
            },
            _ => continue,
        };
        pieces[index].kind = PieceKind::Word(word);
    }
    let is_bracket = |piece: &Piece| matches!(piece.kind, PieceKind::Open | PieceKind::Close);
    let is_word = |piece: &Piece| matches!(piece.kind, PieceKind::Word(_) | PieceKind::Quoted(_));
    // Brackets with nothing else that is syntax are punctuation.
    if pieces.iter().all(|piece| is_bracket(piece) || is_word(piece)) {
        pieces.retain(is_word);
    }
    Ok(pieces)
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
