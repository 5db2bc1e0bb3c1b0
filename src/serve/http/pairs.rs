//! Pairs of names and values, as the query of an address and the body of a form have them
//! (`application/x-www-form-urlencoded`). What is not UTF-8 is refused: read as something like it, it would be another
//! question.

use axum::http::Uri;

use crate::serve::problem::Problem;

/// So many characters of what is wrong are shown.
const LONGEST_SHOWN: usize = 80;

/// The pairs of an address's query, decoded.
///
/// # Errors
/// `bad_request` for what is not UTF-8.
pub fn of_address(uri: &Uri) -> Result<Vec<(String, String)>, Problem> {
    of_bytes(uri.query().unwrap_or_default().as_bytes(), "the query of the address")
}

/// The pairs of a form's body, decoded.
///
/// # Errors
/// `bad_request` for what is not UTF-8.
pub fn of_form(body: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    of_bytes(body, "the form")
}

fn of_bytes(bytes: &[u8], whose: &str) -> Result<Vec<(String, String)>, Problem> {
    let pieces = bytes.split(|&byte| byte == b'&').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let at = piece.iter().position(|&byte| byte == b'=').unwrap_or(piece.len());
            let (name, value) =
                (piece.get(..at).unwrap_or_default(), piece.get(at + 1..).unwrap_or_default());
            let pair =
                String::from_utf8(decoded(name)).ok().zip(String::from_utf8(decoded(value)).ok());
            pair.ok_or_else(|| not_utf8(piece, whose))
        })
        .collect()
}

fn not_utf8(piece: &[u8], whose: &str) -> Problem {
    let shown: String = String::from_utf8_lossy(piece).chars().take(LONGEST_SHOWN).collect();
    Problem::new(400, "bad_request", format!("{whose} is not UTF-8 in `{shown}`"))
        .hint("escape the bytes of UTF-8: `ç` is `%C3%A7`, not `%E7`")
}

/// Text without its escapes, as browsers write them; a `%` that begins none stands for itself.
fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let escaped = digit(at + 1).zip(digit(at + 2)).filter(|_| byte == b'%');
        at += if escaped.is_some() { 3 } else { 1 };
        bytes.push(match (escaped, byte) {
            // Two digits are a byte.
            (Some((high, low)), _) => (high * 16 + low) as u8,
            (None, b'+') => b' ',
            (None, byte) => byte,
        });
    }
    bytes
}
