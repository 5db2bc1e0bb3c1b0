//! A quotation with what stands before and behind it, so that it is found again.

use std::ops::Range;

use crate::passage::Passage;

/// So many characters before and behind make a quotation one of its kind.
const CONTEXT: usize = 32;

/// What is quoted from a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What stands before it.
    pub prefix: String,
    /// What is quoted, as it stands in the text.
    pub exact: String,
    /// What stands behind it.
    pub suffix: String,
}

impl Quote {
    /// A quotation from a passage, or all of it, with its context from the passages of the document around it. `None`
    /// where the passage does not have it, white space aside.
    pub fn of(passage: &Passage, quote: Option<&str>, document: &[Passage]) -> Option<Quote> {
        let text = &passage.text;
        let range = match quote {
            None => 0..text.len(),
            Some(quote) => find(text, quote)?,
        };
        let at = document.iter().position(|other| other.id == passage.id);
        let beside = |at: Option<usize>| at.and_then(|at| document.get(at));
        let before = beside(at.and_then(|at| at.checked_sub(1)));
        let after = beside(at.map(|at| at + 1));
        let own =
            |other: Option<&Passage>| other.map_or("", |other| other.text.as_str()).to_owned();
        let prefix = own(before) + "\n\n" + text.get(..range.start)?;
        let suffix = text.get(range.end..)?.to_owned() + "\n\n" + &own(after);
        let start = prefix.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
        let end = suffix.char_indices().nth(CONTEXT).map_or(suffix.len(), |(at, _)| at);
        Some(Quote {
            prefix: prefix.get(start..)?.trim_start().to_owned(),
            exact: text.get(range)?.to_owned(),
            suffix: suffix.get(..end)?.trim_end().to_owned(),
        })
    }
}

/// Where a quotation stands in a text, any white space for any other.
fn find(text: &str, quote: &str) -> Option<Range<usize>> {
    let words: Vec<&str> = quote.split_whitespace().collect();
    let first = words.first()?;
    text.match_indices(first).find_map(|(start, _)| {
        let mut end = start + first.len();
        for word in words.iter().skip(1) {
            let rest = text.get(end..)?;
            let next = rest.trim_start();
            if next.len() == rest.len() || !next.starts_with(word) {
                return None;
            }
            end += rest.len() - next.len() + word.len();
        }
        Some(start..end)
    })
}
