//! What stands between quotation marks of any kind in a paragraph.

use std::ops::Range;

use super::quotations::FEWEST_WORDS;
use super::words::is_superscript;

/// What a paragraph quotes.
#[derive(Default)]
pub struct Quoted {
    /// What stands between quotation marks, in order.
    pub ranges: Vec<Range<usize>>,
    /// How many marks open a quotation of several words that nothing closes.
    pub open: usize,
}

/// What stands between quotation marks in a paragraph. One that is not closed goes on to its end where
/// the next paragraph opens it again.
pub fn quoted(text: &str, goes_on: bool) -> Quoted {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Quoted::default();
    // Kinds of closing marks of which none follows: each of many that open would look for one to the end.
    let mut missing: Vec<&[char]> = Vec::new();
    let few_from = few_words_from(text);
    let mut at = 0;
    while let Some(&(offset, c)) = chars.get(at) {
        let Some(closers) = closers(&chars, at) else {
            at += 1;
            continue;
        };
        let start = offset + c.len_utf8();
        let end = match c {
            _ if missing.contains(&closers) => None,
            '\'' | '‘' => single_end(&chars, at, closers),
            _ => (at + 1..chars.len()).find(|&end| closes(&chars, end, closers)),
        };
        match end {
            Some(end) => {
                found.ranges.push(start..chars.get(end).map_or(start, |&(offset, _)| offset));
                at = end + 1;
            }
            None if c == '“' && goes_on => {
                found.ranges.push(start..text.len());
                break;
            }
            None => {
                if !missing.contains(&closers) {
                    missing.push(closers);
                }
                found.open += usize::from(is_sure(c) && start < few_from);
                at += 1;
            }
        }
    }
    found
}

/// Whether a mark opens a quotation by itself: what may be an apostrophe or a sign of measure does not.
fn is_sure(mark: char) -> bool {
    matches!(mark, '"' | '＂' | '“' | '„' | '«')
}

/// From where on a text has fewer words than a quotation.
fn few_words_from(text: &str) -> usize {
    let mut rest = text.trim_end();
    for _ in 1..FEWEST_WORDS {
        rest = rest.trim_end_matches(|c: char| !c.is_whitespace()).trim_end();
    }
    rest.len()
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
    let mut words = 1;
    let mut perhaps = None;
    for at in open + 1..chars.len() {
        let Some(&(_, c)) = chars.get(at) else { break };
        if closes(chars, at, closers) {
            return Some(at);
        }
        let is_long = words >= FEWEST_WORDS;
        if is_long && closers.contains(&c) && is_plural_possessive(chars, at) {
            perhaps = perhaps.or(Some(at));
        }
        words += usize::from(c.is_whitespace());
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
    let is_in_word = after.is_some_and(char::is_alphanumeric) && !is_before_note(chars, at);
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

/// Whether the number of a note follows a mark: `"…"1 The`, `'…'²`. Of feet and minutes (`5'2"`, `35°15'30"`) one or two
/// digits stand before the mark.
fn is_before_note(chars: &[(usize, char)], at: usize) -> bool {
    let after = chars.get(at + 1..).unwrap_or_default();
    if after.first().is_some_and(|&(_, c)| is_superscript(c)) {
        return true;
    }
    let digits = after.iter().take_while(|(_, c)| c.is_ascii_digit()).count();
    let is_alone = after.get(digits).is_none_or(|(_, c)| !c.is_alphanumeric() && *c != '%');
    let before = chars.get(..at).unwrap_or_default().iter().rev();
    let measured = before.take_while(|(_, c)| c.is_ascii_digit()).count();
    let is_single = chars.get(at).is_some_and(|(_, c)| matches!(c, '\'' | '’'));
    (1..=3).contains(&digits) && is_alone && !(is_single && (1..=2).contains(&measured))
}
