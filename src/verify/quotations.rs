//! The quotations of a draft: what stands between quotation marks of any kind, and block quotations.

use std::ops::Range;

use super::hints::{attribution, hint};
use crate::analyze::word_ranges;
use crate::document::{BlockKind, Document, Location};

/// What stands between quotation marks and has fewer words is a term or a title, not a quotation.
const FEWEST_WORDS: usize = 4;

/// A quotation in a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// What is quoted, without its quotation marks.
    pub text: String,
    /// Where it stands in the draft.
    pub location: Location,
    /// It is set off as a block.
    pub is_block: bool,
    /// What the draft says it is from: the text of the note marked behind it, or a name in brackets.
    pub hint: Option<String>,
}

/// The quotations of a draft with at least four words, in order. Code is passed over; of quotations within
/// quotations the outer one counts.
pub fn quotations(draft: &Document) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    let mut last_hint = None;
    for (index, block) in draft.blocks.iter().enumerate() {
        let text = draft.text.get(block.range.clone()).unwrap_or_default();
        let is_block = block.kind == BlockKind::Quotation;
        for range in quoted_in(draft, index) {
            let after = text.get(range.end..).and_then(|after| after.chars().next());
            let end = if is_block {
                block_end(text.get(..range.end).unwrap_or(text))
            } else {
                range.end + after.map_or(0, char::len_utf8)
            };
            let hint = hint(draft, index, end).map(|hint| match is_same_again(&hint) {
                true => last_hint.clone().unwrap_or(hint),
                false => hint,
            });
            last_hint = hint.clone().or(last_hint);
            let text = text.get(range.clone()).unwrap_or_default().trim();
            if word_ranges(text).len() >= FEWEST_WORDS {
                let start = block.range.start;
                let location = draft.locate(start + range.start..start + range.end);
                found.push(Quotation { text: text.to_owned(), location, is_block, hint });
            }
        }
    }
    found
}

/// Where the words of a block quotation end: behind them may stand the mark of a note.
fn block_end(text: &str) -> usize {
    word_ranges(text).last().map_or(text.len(), |last| last.end)
}

/// Whether a note names the source of the one before.
fn is_same_again(hint: &str) -> bool {
    let hint = hint.trim_start().to_lowercase();
    hint.starts_with("ibid") || hint.starts_with("id.")
}

/// What is quoted in a block of a draft: byte ranges of its text, however short.
pub fn quoted_in(draft: &Document, index: usize) -> Vec<Range<usize>> {
    let Some(block) = draft.blocks.get(index) else { return Vec::new() };
    let text = draft.text.get(block.range.clone()).unwrap_or_default();
    match block.kind {
        BlockKind::Code => Vec::new(),
        BlockKind::Quotation => {
            let end = attribution(text).unwrap_or(text.len());
            (end > 0).then_some(0..end).into_iter().collect()
        }
        _ => {
            let next = draft.blocks.get(index + 1);
            let next = next.and_then(|next| draft.text.get(next.range.clone()));
            quoted(text, next.is_some_and(|next| next.starts_with('“')))
        }
    }
}

/// What stands between quotation marks in a paragraph. One that is not closed goes on to its end where
/// the next paragraph opens it again.
fn quoted(text: &str, goes_on: bool) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&(offset, c)) = chars.get(at) {
        let Some(closers) = closers(&chars, at) else {
            at += 1;
            continue;
        };
        let start = offset + c.len_utf8();
        let end = match matches!(c, '\'' | '‘') {
            true => single_end(&chars, at, closers),
            false => (at + 1..chars.len()).find(|&end| closes(&chars, end, closers)),
        };
        match end {
            Some(end) => {
                found.push(start..chars.get(end).map_or(start, |&(offset, _)| offset));
                at = end + 1;
            }
            None if c == '“' && goes_on => {
                found.push(start..text.len());
                break;
            }
            None => at += 1,
        }
    }
    found
}

/// The characters that close a quotation, where a character opens one.
fn closers(chars: &[(usize, char)], at: usize) -> Option<&'static [char]> {
    let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).map(|&(_, c)| c);
    let before = near(at.checked_sub(1));
    let after = near(Some(at + 1))?;
    let is_free = before.is_none_or(|c| {
        c.is_whitespace()
            || matches!(c, '(' | '[' | '{' | '—' | '–' | '-' | '/' | '¿' | '¡' | '“' | '"' | '«')
    });
    let begins = is_free && !after.is_whitespace();
    match near(Some(at))? {
        '"' | '＂' if begins => Some(&['"', '”', '＂']),
        '″' if begins => Some(&['″']),
        '“' => Some(&['”', '"']),
        '„' | '‟' => Some(&['“', '”', '"']),
        '”' if begins && after.is_alphanumeric() => Some(&['”']),
        '«' => Some(&['»']),
        '»' if begins && after.is_alphanumeric() => Some(&['«', '»']),
        '‹' => Some(&['›']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        '‚' => Some(&['‘', '’']),
        // `’90s` and `'tis` open nothing that is closed; `boys' best` closes nothing that is open.
        '‘' if begins => Some(&['’', '\'']),
        '\'' if begins
            && (after.is_alphabetic() || after == '[' || after == '.' || after == '…') =>
        {
            Some(&['\'', '’'])
        }
        _ => None,
    }
}

/// Where a quotation in single quotation marks ends. What may be the apostrophe of a plural ends it where nothing
/// else does before the next quotation: `‘the cases of minors’ in 2021, and ‘the boys’ home’`.
fn single_end(chars: &[(usize, char)], open: usize, closers: &[char]) -> Option<usize> {
    let is_long = |end: usize| {
        let inside = chars.get(open + 1..end).unwrap_or_default();
        inside.iter().filter(|(_, c)| c.is_whitespace()).count() + 1 >= FEWEST_WORDS
    };
    let mut perhaps = None;
    for at in open + 1..chars.len() {
        let Some(&(_, c)) = chars.get(at) else { break };
        if closes(chars, at, closers) {
            return Some(at);
        }
        if closers.contains(&c) && is_plural_possessive(chars, at) && is_long(at) {
            perhaps = perhaps.or(Some(at));
        }
        let opens = matches!(c, '\'' | '‘') && self::closers(chars, at).is_some();
        if opens && perhaps.is_some() {
            break;
        }
    }
    perhaps
}

/// Whether an apostrophe may stand behind a plural: `the boys’ home`.
fn is_plural_possessive(chars: &[(usize, char)], at: usize) -> bool {
    let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).map(|&(_, c)| c);
    near(at.checked_sub(1)).is_some_and(|c| matches!(c, 's' | 'S'))
        && near(Some(at + 1)) == Some(' ')
        && near(Some(at + 2)).is_some_and(char::is_lowercase)
}

/// Whether a character closes a quotation: an apostrophe does not.
fn closes(chars: &[(usize, char)], at: usize, closers: &[char]) -> bool {
    let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).map(|&(_, c)| c);
    let Some(c) = near(Some(at)).filter(|c| closers.contains(c)) else { return false };
    let (before, after) = (near(at.checked_sub(1)), near(Some(at + 1)));
    let is_in_word = after.is_some_and(char::is_alphanumeric);
    match c {
        '\'' | '’' => {
            !is_in_word
                && !is_plural_possessive(chars, at)
                && before.is_some_and(|c| !c.is_whitespace())
        }
        '"' | '＂' | '″' => !is_in_word && before.is_some_and(|c| !c.is_whitespace()),
        _ => true,
    }
}
