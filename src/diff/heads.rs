//! The heads of tables that stand before what a cell says where a page was read line by line: `Activity Fishing, including
//! for tilapia`. Which cell has the head before it changes with each report, and is no news.

use std::ops::Range;

use crate::passage::sentence_ends;

/// What heads of tables say. No other word before a sentence is left out of a comparison: `No`, `Some` or `Former` would turn
/// what it says.
const HEADS: [&str; 17] = [
    "Activities",
    "Activity",
    "Area",
    "Coordinating Body",
    "Description",
    "Legislation",
    "Organization/Agency",
    "Policy",
    "Program",
    "Role",
    "Role & Description",
    "Role and Description",
    "Sector/Industry",
    "Source",
    "Standard",
    "Suggested Action",
    "Suggested Actions",
];

/// How many bytes a text begins with before what a cell says, if it begins with the head of a table: what follows begins
/// with a capital letter, as a sentence does. `is_row`: whether the text is of a table, by its notes. A head of one word
/// with nothing but a blank behind it counts only there: `Program Officers visited the mines.` is a sentence.
pub fn head(text: &str, is_row: bool) -> Option<usize> {
    let behind = |head: &&str| {
        let rest = text.strip_prefix(*head)?;
        let (rest, has_sign) = match rest.strip_prefix([':', '|']).or(rest.strip_prefix(" | ")) {
            Some(rest) => (rest, true),
            None => (rest, rest.starts_with(['\t', '\n'])),
        };
        let cell = rest.trim_start();
        let is_apart =
            has_sign || head.contains(' ') || head.contains('/') || is_cell(cell, is_row);
        let begins = cell.len() < rest.len() && cell.starts_with(char::is_uppercase);
        (begins && is_apart).then_some(cell.len())
    };
    // The shortest rest: `Role & Description` is no `Role`.
    let rest = HEADS.iter().filter_map(behind).min()?;
    Some(text.len() - rest)
}

/// Whether what stands behind a head is a cell of a row: no whole sentence, with notes or with another head behind it.
fn is_cell(text: &str, is_row: bool) -> bool {
    let is_other = |head: &&str| {
        let found = text.match_indices(*head);
        found.into_iter().any(|(at, head)| {
            let after = text.get(at + head.len()..).unwrap_or_default();
            let after = after.strip_prefix([' ', '\t', ':']).unwrap_or_default().trim_start();
            after.starts_with(char::is_uppercase)
                && text.get(..at).is_some_and(|before| before.ends_with(char::is_whitespace))
        })
    };
    let is_sentence = text.trim_end().ends_with(['.', '!', '?']) || !sentence_ends(text).is_empty();
    !is_sentence && (is_row || HEADS.iter().any(is_other))
}

/// Where cells begin behind the heads of tables, at the beginnings of lines; `is_row`: whether what stands there is of a
/// table.
pub fn cells(text: &str, is_row: impl Fn(Range<usize>) -> bool) -> Vec<usize> {
    let mut start = 0;
    let mut cells = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        cells.extend(head(line, is_row(start..end)).map(|length| start + length));
        start = end;
    }
    cells
}
