//! "Did you mean": the query with the spellings that the index has.

use crate::query::{ExpansionSource, Query};

/// The query with its misspelled words replaced.
pub fn did_you_mean(query: &Query) -> Option<String> {
    let mut text = query.text.clone();
    for expansion in &query.expansions {
        if let (ExpansionSource::Spelling, [near]) = (expansion.by, expansion.to.as_slice()) {
            text = replace_word(&text, &expansion.from, near);
        }
    }
    (text != query.text).then_some(text)
}

/// Replaces a word where it stands as one.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let stands = |&(at, _): &(usize, &str)| {
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + word.len()..].chars().next())
    };
    match text.match_indices(word).find(stands) {
        Some((at, _)) => format!("{}{by}{}", &text[..at], &text[at + word.len()..]),
        None => text.to_owned(),
    }
}
