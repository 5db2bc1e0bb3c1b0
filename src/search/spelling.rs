//! "Did you mean": the query with the spellings that the index has.

use crate::error::Result;
use crate::query::{ExpansionSource, Query, Vocabulary};
use crate::rank::Total;

/// Where so few passages match, words are looked at that the index hardly has.
const FEW: u64 = 100;

/// The query with its misspelled words replaced, or, where few passages match, those that are slips in reports too.
///
/// # Errors
/// Those of the vocabulary.
pub fn did_you_mean(
    query: &Query,
    total: &Total,
    vocabulary: &dyn Vocabulary,
) -> Result<Option<String>> {
    let spelled = spelled(query);
    // Where there are more it is not by much: no word stands in more passages than are known.
    if spelled.is_some() || query.literal || total.passages > FEW {
        return Ok(spelled);
    }
    let mut text = query.text.clone();
    for (word, meant) in query.hardly_known(vocabulary)? {
        text = replace_word(&text, &word, &meant);
    }
    Ok((text != query.text).then_some(text))
}

fn spelled(query: &Query) -> Option<String> {
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
