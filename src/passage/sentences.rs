//! Where sentences end: the boundaries of Unicode Standard Annex #29, less those after abbreviations,
//! initials and numbers, and with the reference marks of reports (`labor. (2,4,7)`) on the right side.

use std::ops::Range;

/// The byte offsets just after each sentence of a paragraph, before the white space that follows. The
/// end of the text is not among them. Line feeds are white space: a paragraph may be hard-wrapped.
pub fn sentence_ends(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut ends = Vec::new();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(may_begin)) {
        at += next;
        let stop = terminator(bytes, at);
        if stop == 0 {
            at += 1;
            continue;
        }
        let end = past_closers(text, at + stop);
        let is_wide = !bytes[at].is_ascii();
        if end < text.len() && ends_here(text, at, end, is_wide) {
            let end = past_references(bytes, end);
            if end < text.len() {
                ends.push(end);
            }
            at = end;
        } else {
            at = end.max(at + 1);
        }
    }
    ends
}

/// The sentences of a text, trimmed. A row of a table is one, and so is an item of a list, where its lines are
/// no lines of a hard-wrapped paragraph; nothing goes over the end of a paragraph.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut ends = sentence_ends(text);
    let mut start = 0;
    for paragraph in text.split_inclusive("\n\n") {
        line_ends(paragraph, start, &mut ends);
        start += paragraph.len();
        ends.push(start);
    }
    ends.push(text.len());
    ends.sort_unstable();
    let mut start = 0;
    let mut sentences = Vec::new();
    for end in ends {
        let piece = &text[start..end];
        let lead = piece.len() - piece.trim_start().len();
        let sentence = start + lead..start + piece.trim_end().len();
        if sentence.start < sentence.end {
            sentences.push(sentence);
        }
        start = end;
    }
    sentences
}

/// Nobody wraps lines more narrowly (characters).
const NARROWEST: usize = 60;

/// The ends of the lines of a paragraph that are rows or items by themselves, as offsets after `start`. A line
/// that was wrapped ends where the next word had no room.
fn line_ends(paragraph: &str, start: usize, ends: &mut Vec<usize>) {
    let paragraph = paragraph.trim_end();
    if !paragraph.contains('\n') {
        return;
    }
    let width = |line: &str| line.trim_end().chars().count();
    let widest = paragraph.lines().map(width).max().unwrap_or(0).max(NARROWEST);
    let mut end = start;
    let mut lines = paragraph.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        end += line.len();
        let Some(next) = lines.peek() else { return };
        let is_row = line.contains('\t') || next.contains('\t');
        let word = next.split_whitespace().next().unwrap_or_default();
        let has_room = width(line) + 1 + width(word) <= widest;
        if is_row || has_room && begins_item(next) && !goes_on(line) {
            ends.push(end);
        }
    }
}

fn begins_item(line: &str) -> bool {
    let first = line.trim_start().chars().next();
    first.is_some_and(|c| {
        c.is_uppercase() || c.is_numeric() || matches!(c, '•' | '·' | '–' | '-' | '*')
    })
}

/// Whether what a line ends with wants something after it.
fn goes_on(line: &str) -> bool {
    let line = line.trim_end();
    let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    line.ends_with([',', '-', '‐', '–', '—', '(', '/', '&'])
        || OPEN_WORDS.contains(&word.to_lowercase().as_str())
}

/// Words that stand before another.
const OPEN_WORDS: [&str; 32] = [
    "a", "against", "an", "and", "as", "at", "between", "but", "by", "during", "for", "from", "in",
    "into", "is", "its", "nor", "of", "on", "or", "over", "that", "the", "their", "to", "under",
    "was", "were", "which", "with", "within", "without",
];

/// Whether a terminator may begin with this byte.
fn may_begin(byte: &u8) -> bool {
    matches!(byte, b'!' | b'.' | b'?' | 0xD8 | 0xDB | 0xE0 | 0xE2 | 0xE3 | 0xEF)
}

/// The length of the full stop, question mark or exclamation mark at `at`, or 0.
fn terminator(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'.' | b'!' | b'?', ..]) => 1,
        Some([0xD8, 0x9F, ..] | [0xDB, 0x94, ..]) => 2, // Arabic question mark, Urdu full stop
        Some([0xE0, 0xA5, 0xA4, ..]) => 3,              // danda
        Some([0xE2, 0x80, 0xA6, ..] | [0xE3, 0x80, 0x82, ..]) => 3, // ellipsis, ideographic full stop
        Some([0xEF, 0xBC, 0x81 | 0x9F, ..]) => 3,                   // full-width ! and ?
        _ => 0,
    }
}

/// Past further terminators, closing quotes and closing brackets.
fn past_closers(text: &str, start: usize) -> usize {
    let closes = |c: char| {
        matches!(c, '.' | '!' | '?' | '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '…' | '。')
    };
    start + text[start..].find(|c| !closes(c)).unwrap_or(text.len() - start)
}

/// Past reference marks: `(1-8)` directly after the sentence, or `(2,4,7)` after a blank.
fn past_references(bytes: &[u8], end: usize) -> usize {
    let mut end = end;
    loop {
        let open = end + usize::from(bytes.get(end) == Some(&b' '));
        if bytes.get(open) != Some(&b'(') {
            return end;
        }
        let inside = bytes[open + 1..].iter().take(60);
        let length = inside
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-' | b';' | b' '))
            .count();
        let close = open + 1 + length;
        let has_digit = bytes[open + 1..close].iter().any(u8::is_ascii_digit);
        if !has_digit || bytes.get(close) != Some(&b')') {
            return end;
        }
        end = close + 1;
    }
}

/// Whether the terminator at `at`, whose closers end at `end`, ends a sentence.
fn ends_here(text: &str, at: usize, end: usize, is_wide: bool) -> bool {
    let after = &text[end..];
    let follows = after.trim_start();
    let is_reference = after.starts_with('(') && past_references(text.as_bytes(), end) > end;
    if !(is_wide || is_reference || after.starts_with(char::is_whitespace)) {
        return false;
    }
    if text.as_bytes().get(at) != Some(&b'.') {
        return true;
    }
    let next = follows.chars().find(|c| c.is_alphanumeric());
    if next.is_some_and(char::is_lowercase) {
        return false;
    }
    let before = &text[..at];
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '—' | '–'))
        .next();
    let word = word.unwrap_or(before);
    if is_label(before, word) {
        return false;
    }
    let starts_anew = starts_sentence(follows);
    match kind_of(word) {
        WordKind::Abbreviation => false,
        WordKind::MayEnd => starts_anew,
        WordKind::BeforeNumber => !next.is_some_and(char::is_numeric),
        // `1. The first item`: the number of an item, not a sentence.
        WordKind::Number => before.len() > word.len(),
        WordKind::Word => true,
    }
}

/// Whether a word is the number of an item, which begins a line: `iv. The fourth`.
fn is_label(before: &str, word: &str) -> bool {
    let line = &before[..before.len() - word.len()];
    let begins = line.is_empty() || line.ends_with('\n') && !goes_on(line);
    let all = |signs: &str| word.chars().all(|c| signs.contains(c));
    let is_letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_number =
        word.len() <= 3 && all("0123456789") || word.len() <= 5 && (all("ivxl") || all("IVXL"));
    begins && !word.is_empty() && (is_letter || is_number)
}

enum WordKind {
    /// Never ends a sentence: `Dr.`
    Abbreviation,
    /// Ends one where what follows begins one: `U.S. The`, `etc. However`
    MayEnd,
    /// Does not end one before a number: `No. 5`, `Art. 125`
    BeforeNumber,
    Number,
    Word,
}

fn kind_of(word: &str) -> WordKind {
    if word.is_ascii() && word.len() > LONGEST_ABBREVIATION && !word.contains('.') {
        return WordKind::Word;
    }
    let lower = word.to_lowercase();
    let is_initials = lower
        .split('.')
        .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    if is_initials {
        return if word.contains('.') || !word.contains(char::is_uppercase) {
            WordKind::MayEnd
        } else {
            WordKind::Abbreviation
        };
    }
    if word.len() <= 4 && !word.is_empty() && word.chars().all(char::is_numeric) {
        return WordKind::Number;
    }
    if NEVER_LAST.contains(&lower.as_str()) {
        WordKind::Abbreviation
    } else if MAY_BE_LAST.contains(&lower.as_str()) {
        WordKind::MayEnd
    } else if BEFORE_NUMBERS.contains(&lower.as_str()) {
        WordKind::BeforeNumber
    } else {
        WordKind::Word
    }
}

/// The longest of the abbreviations below without full stops, in bytes.
const LONGEST_ABBREVIATION: usize = 6;

/// Titles and names of ranks stand before a name; the others before what they shorten.
const NEVER_LAST: [&str; 34] = [
    "dr", "mr", "mrs", "ms", "messrs", "prof", "st", "hon", "rev", "gov", "gen", "sen", "rep",
    "col", "capt", "lt", "sgt", "cf", "vs", "v", "e.g", "i.e", "approx", "ca", "mme", "mlle", "sr",
    "sra", "dra", "им", "г", "ул", "см", "т.е",
];

/// Abbreviations that also stand at the end of sentences.
const MAY_BE_LAST: [&str; 22] = [
    "etc", "inc", "ltd", "co", "corp", "al", "jr", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec", "a.m", "p.m", "т.д",
];

/// Abbreviations of what is numbered.
const BEFORE_NUMBERS: [&str; 26] = [
    "no", "nos", "art", "arts", "sec", "secs", "para", "paras", "p", "pp", "vol", "vols", "ch",
    "fig", "figs", "ed", "eds", "ann", "app", "pt", "cl", "núm", "art", "ст", "п", "№",
];

/// Words that begin sentences and are rarely part of a name.
const STARTERS: [&str; 44] = [
    "The",
    "In",
    "It",
    "Its",
    "This",
    "These",
    "Those",
    "That",
    "However",
    "A",
    "An",
    "Of",
    "On",
    "At",
    "As",
    "For",
    "From",
    "During",
    "After",
    "Although",
    "While",
    "If",
    "When",
    "There",
    "Their",
    "They",
    "He",
    "She",
    "We",
    "Some",
    "Many",
    "Most",
    "No",
    "According",
    "Under",
    "But",
    "And",
    "Children",
    "Additionally",
    "Moreover",
    "To",
    "By",
    "With",
    "Since",
];

fn starts_sentence(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    STARTERS.contains(&word)
}
