//! Words of a text: Unicode Standard Annex #29 for every script, with a fast path for ASCII and our
//! own rules for what joins a word inside: initials, apostrophes, digits, legal references.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::PART_SEPARATOR;

/// What the scanner reports.
#[derive(Debug, PartialEq, Eq)]
pub enum Word {
    /// A word, by its byte range.
    Plain(Range<usize>),
    /// A legal reference (`125(3)(b)`) as one word, reported just before its first part.
    Joined(Range<usize>),
    /// The boundary between two parts of a text.
    Gap,
}

/// Reports the words of a text from left to right, in linear time.
pub fn scan(text: &str, mut sink: impl FnMut(Word)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() {
            let end = ascii_run(bytes, at);
            at = match bytes.get(end) {
                Some(next) if !next.is_ascii() && punctuation(bytes, end) == 0 => {
                    chunk(text, at, &mut sink)
                }
                _ => ascii_word(text, at, end, &mut sink),
            };
        } else if byte.is_ascii() {
            if byte == PART_SEPARATOR as u8 {
                sink(Word::Gap);
            }
            at += 1;
        } else {
            at = match punctuation(bytes, at) {
                0 => chunk(text, at, &mut sink),
                length => at + length,
            };
        }
    }
}

/// The end of the ASCII letters and digits from `start` on. Eight bytes at a time: where a word ends is
/// what a processor cannot guess, and one look at eight needs no guess.
fn ascii_run(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let length = leading_alphanumeric(u64::from_le_bytes(*eight));
        at += length;
        if length < 8 {
            return at;
        }
    }
    let tail = bytes.get(at..).unwrap_or_default();
    at + tail.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(tail.len())
}

/// How many of eight bytes, the first being the lowest, are letters or digits of ASCII before the first
/// that is none. The high bit of each byte tells a comparison of its low seven bits (Hacker's Delight 6-1).
fn leading_alphanumeric(eight: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let low = eight & !HIGH;
    let is_from = |bytes: u64, least: u8| bytes + (0x80 - u64::from(least)) * EACH;
    let within =
        |bytes: u64, least: u8, most: u8| is_from(bytes, least) & !is_from(bytes, most + 1);
    let is_letter = within(low | (0x20 * EACH), b'a', b'z');
    let is_digit = within(low, b'0', b'9');
    let others = !(is_letter | is_digit) & HIGH | eight & HIGH;
    others.trailing_zeros() as usize / 8
}

/// The length of a common typographic character at `at` that never belongs to a word's letters
/// (quotes, dashes, bullets, signs of currency, the no-break space), or 0.
fn punctuation(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([0xE2, 0x80, 0x93 | 0x94 | 0x98..=0x9D | 0xA2 | 0xA6, ..]) => 3,
        Some([0xE2, 0x82, 0xAC, ..]) => 3,
        Some([0xC2, 0xA0..=0xA9 | 0xAB | 0xAE | 0xB0 | 0xB1 | 0xB6 | 0xBB | 0xBF, ..]) => 2,
        Some([lead @ 0xE2..=0xF4, ..]) => symbol(bytes, at, if *lead < 0xF0 { 3 } else { 4 }),
        _ => 0,
    }
}

/// The length of a sign (`№`, an arrow, an emoji) at `at`, or 0 for what belongs to words: letters,
/// digits, marks, and the invisible characters that join.
fn symbol(bytes: &[u8], at: usize, length: usize) -> usize {
    let text = bytes.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let is_joiner = |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{203F}' | '\u{2027}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '․' | '﹒' | '＇' | '．' | '，' | '\u{2040}' | '\u{2054}' | '\u{FE33}' | '\u{FE34}' | '\u{FE4D}'..='\u{FE4F}' | '\u{FF3F}');
    match text.and_then(|text| text.chars().next()) {
        Some(c) if !c.is_alphanumeric() && !is_combining_mark(c) && !is_joiner(c) => length,
        _ => 0,
    }
}

/// The length of an apostrophe at `at`, straight or curly, or 0.
fn apostrophe(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\'', ..]) => 1,
        Some([0xE2, 0x80, 0x99, ..]) => 3,
        _ => 0,
    }
}

/// Reports the word that begins with the ASCII letters and digits `start..end` and returns where to
/// go on.
fn ascii_word(text: &str, start: usize, end: usize, sink: &mut impl FnMut(Word)) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(end) {
        Some(b'.') if end - start == 1 && bytes[start].is_ascii_alphabetic() => {
            if let Some(end) = initials(bytes, start) {
                sink(Word::Plain(start..end));
                return end;
            }
        }
        Some(b',' | b'.') if bytes[end - 1].is_ascii_digit() => {
            let end = number(bytes, start, end);
            reference(bytes, start, end, sink);
            sink(Word::Plain(start..end));
            return end;
        }
        Some(b'(') => reference(bytes, start, end, sink),
        Some(b'\'' | 0xE2) => return apostrophized(text, start, end, sink),
        _ => {}
    }
    sink(Word::Plain(start..end));
    end
}

/// `U.A.E.`: single letters with full stops between them; at least two letters. The last full stop
/// is not part of the word.
fn initials(bytes: &[u8], start: usize) -> Option<usize> {
    let mut end = start + 1;
    while let Some([b'.', letter, rest @ ..]) = bytes.get(end..)
        && letter.is_ascii_alphabetic()
        && !rest.first().is_some_and(|next| {
            next.is_ascii_alphanumeric() || !next.is_ascii() && punctuation(bytes, end + 2) == 0
        })
    {
        end += 2;
    }
    (end > start + 1).then(|| past_possessive(bytes, end))
}

/// `U.A.E.’s`: initials take their possessive with them.
fn past_possessive(bytes: &[u8], end: usize) -> usize {
    let stop = end + usize::from(bytes.get(end) == Some(&b'.'));
    let mark = apostrophe(bytes, stop);
    let is_s = mark > 0 && matches!(bytes.get(stop + mark), Some(b's' | b'S'));
    let next = bytes.get(stop + mark + 1);
    if is_s && !next.is_some_and(u8::is_ascii_alphanumeric) { stop + mark + 1 } else { end }
}

/// `35,000`, `1,250,000.50`, `3.2`: the end of a number whose first digits are `start..end`. A comma
/// joins only groups of exactly three digits (`1,2,6` is three numbers); a full stop joins digits, but for those of a date.
fn number(bytes: &[u8], start: usize, end: usize) -> usize {
    if is_date(bytes, start, end) {
        return end;
    }
    let mut end = end;
    let lead = bytes[start..end].iter().all(u8::is_ascii_digit) && end - start <= 3;
    while lead && bytes.get(end) == Some(&b',') && ascii_digits(bytes, end + 1) == 3 {
        end += 4;
    }
    while bytes.get(end) == Some(&b'.') && ascii_digits(bytes, end + 1) > 0 {
        end += 1 + ascii_digits(bytes, end + 1);
    }
    end
}

/// Whether digits are the day, or the month, of a date with full stops (`24.01.2017`): its year is a word of its own.
fn is_date(bytes: &[u8], start: usize, end: usize) -> bool {
    let next = |at: usize| match bytes.get(at) {
        Some(b'.') => (ascii_digits(bytes, at + 1), at + 1),
        _ => (0, at),
    };
    let (one, at) = next(end);
    let (two, behind) = next(at + one);
    let is_short = |digits: usize| matches!(digits, 1 | 2);
    let is_year = |digits: usize, at: usize| {
        digits == 4 && bytes.get(at).is_some_and(|first| matches!(first, b'1' | b'2'))
    };
    let ends =
        |at: usize| bytes.get(at..at + 2).is_none_or(|it| it[0] != b'.' || !it[1].is_ascii_digit());
    let is_day =
        is_short(end - start) && is_short(one) && is_year(two, behind) && ends(behind + two);
    let is_behind = start > 1 && bytes[start - 1] == b'.' && bytes[start - 2].is_ascii_digit();
    is_day || is_behind && is_short(end - start) && is_year(one, at) && ends(at + one)
}

/// How many ASCII digits stand at `at`, with no letter after them; 0 when there is one.
fn ascii_digits(bytes: &[u8], at: usize) -> usize {
    let Some(tail) = bytes.get(at..) else { return 0 };
    let count = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if tail.get(count).is_some_and(u8::is_ascii_alphabetic) { 0 } else { count }
}

/// Reports `125(3)(b)` as one word where the word `start..end` has a digit and is followed directly
/// by parenthesized parts. Its parts are reported as words of their own as well.
fn reference(bytes: &[u8], start: usize, end: usize, sink: &mut impl FnMut(Word)) {
    if !bytes[start..end].iter().any(u8::is_ascii_digit) {
        return;
    }
    let mut stop = end;
    while bytes.get(stop) == Some(&b'(') {
        let part = ascii_run(bytes, stop + 1);
        // Longer parts are words in brackets, not the letters and numbers of paragraphs.
        if part == stop + 1 || part > stop + 6 || bytes.get(part) != Some(&b')') {
            break;
        }
        stop = part + 1;
    }
    if stop > end {
        sink(Word::Joined(start..stop));
    }
}

/// `don't`, `children's`, `O’Brien`: letters joined by an apostrophe are one word, except the
/// elisions of French and Italian (`l'homme`), which are two.
fn apostrophized(text: &str, start: usize, end: usize, sink: &mut impl FnMut(Word)) -> usize {
    let bytes = text.as_bytes();
    let mut end = end;
    let mut start = start;
    loop {
        let mark = apostrophe(bytes, end);
        let next = end + mark;
        let joins = mark > 0 && bytes.get(next).is_some_and(u8::is_ascii_alphabetic);
        if !joins {
            sink(Word::Plain(start..end));
            return end;
        }
        let run = ascii_run(bytes, next);
        if bytes.get(run).is_some_and(|byte| !byte.is_ascii()) && punctuation(bytes, run) == 0 {
            return chunk(text, start, sink);
        }
        if is_elision(&text[start..end]) && run - next > 1 {
            sink(Word::Plain(start..end));
            start = next;
        }
        end = run;
    }
}

fn is_elision(word: &str) -> bool {
    const ELIDED: [&str; 12] =
        ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "dell", "nell", "all"];
    ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

/// The way for every script: the words of Annex #29 up to the next white space, hyphen, bracket or
/// other sign over which no word goes, with our own rules inside them. Returns the end of the chunk.
fn chunk(text: &str, start: usize, sink: &mut impl FnMut(Word)) -> usize {
    let tail = &text[start..];
    let end = tail
        .find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !"'.,:;_".contains(c))
        .map_or(text.len(), |length| start + length);
    let chunk = &text[start..end];
    for (offset, word) in chunk.unicode_word_indices() {
        split(text, start + offset..start + offset + word.len(), sink);
    }
    end
}

/// Splits a word of Annex #29 where ours end: at full stops and commas that join neither initials
/// nor digits, at underscores, colons and the like.
fn split(text: &str, word: Range<usize>, sink: &mut impl FnMut(Word)) {
    let raw = &text[word.clone()];
    let single = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    if raw.contains('.') && raw.split('.').all(single) {
        return sink(Word::Plain(word));
    }
    let mut start: Option<usize> = None;
    for (offset, c) in raw.char_indices() {
        let at = word.start + offset;
        if is_inside(raw, offset, c) {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            sink(Word::Plain(start..at));
        }
    }
    if let Some(start) = start {
        sink(Word::Plain(start..word.end));
    }
}

/// Whether a character belongs to the word it stands in: a letter, digit or mark does; an
/// apostrophe does between letters, except after an elision.
fn is_inside(raw: &str, offset: usize, c: char) -> bool {
    match c {
        '\'' | '’' => {
            let before = &raw[..offset];
            let before = before.rsplit(['\'', '’']).next().unwrap_or(before);
            let after = &raw[offset + c.len_utf8()..];
            let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            is_letter(before.chars().next_back())
                && is_letter(after.chars().next())
                && !(is_elision(before) && after.chars().nth(1).is_some_and(char::is_alphabetic))
        }
        '.' => {
            let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
            is_digit(raw[..offset].chars().next_back())
                && is_digit(raw[offset + 1..].chars().next())
        }
        ',' => {
            // As in `number`: a comma joins groups of exactly three digits, up to the first full stop.
            let lead = raw[..offset].split(',').next().unwrap_or_default();
            let is_lead = (1..=3).contains(&lead.len()) && lead.bytes().all(|b| b.is_ascii_digit());
            is_lead && ascii_digits(raw.as_bytes(), offset + 1) == 3
        }
        _ => !matches!(c, '_' | ':' | ';' | '·' | '‿' | '․' | '﹒' | '＇' | '．' | '，'),
    }
}
