//! Folding: what spellings of one word have in common. Case, diacritics, width, apostrophes,
//! possessives, full stops in initials, commas in numbers.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Writes the folded form of a word (as `words` cuts it) into `out`.
pub fn fold(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        return fold_ascii(word, out);
    }
    match strip_possessive(word) {
        stem if stem.is_ascii() => fold_ascii(stem, out),
        stem => fold_unicode(stem, out),
    }
}

fn fold_ascii(word: &str, out: &mut String) {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        out.push_str(word);
        out.make_ascii_lowercase();
        if word == "US" {
            unite_states(out);
        }
        return;
    }
    let stem = strip_possessive(word);
    let is_number = stem.starts_with(|c: char| c.is_ascii_digit());
    for c in stem.chars() {
        match c {
            '.' if is_number => out.push('.'),
            // Article 18(2) is not 182.
            '(' => out.push('('),
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    unite_states(out);
}

/// `U.S.` and `US` are one term, apart from the pronoun `us`.
fn unite_states(out: &mut String) {
    if out == "us" {
        out.clear();
        out.push_str("u.s");
    }
}

fn strip_possessive(word: &str) -> &str {
    ["'s", "’s", "'S", "’S"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

fn fold_unicode(word: &str, out: &mut String) {
    let initials = word.contains('.') && !word.contains(|c: char| c.is_numeric());
    let mut base = '\0';
    for c in word.nfkd().flat_map(char::to_lowercase) {
        if is_combining_mark(c) {
            if !is_dropped(base, c) {
                out.push(c);
            }
            continue;
        }
        base = c;
        match c {
            '.' if initials => {}
            // What a lone accent decomposes to.
            ' ' => {}
            '\''
            | '’'
            | 'ʼ'
            | '＇'
            | '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2060}'
            | '\u{FEFF}'
            | 'ـ' => {}
            c => match digit(c) {
                Some(digit) => out.push(digit),
                None => push_letter(c, out),
            },
        }
    }
    if out.chars().any(is_combining_mark) {
        // What was kept apart is put together again: й, ї, the vowels of Indic scripts.
        *out = out.nfc().collect();
    }
}

/// The zeros of scripts whose ten digits follow one another (Unicode, general category Nd); those of full width are digits
/// by their decomposition.
const ZEROS: [char; 20] = [
    '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}',
    '\u{BE6}', '\u{C66}', '\u{CE6}', '\u{D66}', '\u{E50}', '\u{ED0}', '\u{F20}', '\u{1040}',
    '\u{1090}', '\u{17E0}', '\u{1810}', '\u{1946}',
];

/// The digit that one of another script is: `२०१९` is 2019.
fn digit(c: char) -> Option<char> {
    let at = ZEROS.partition_point(|&zero| zero <= c).checked_sub(1)?;
    let value = u32::from(c) - u32::from(*ZEROS.get(at)?);
    char::from_digit(value, 10)
}

/// Letters that have no decomposition but are written without their stroke or as two letters.
fn push_letter(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ł' => out.push('l'),
        'ı' => out.push('i'),
        'þ' => out.push_str("th"),
        'ħ' => out.push('h'),
        'ς' => out.push('σ'),
        c => out.push(c),
    }
}

/// Whether a combining mark is an accent that readers leave out: any on Latin and Greek letters; on
/// Cyrillic the stress mark and the dots of ё (й and ї are letters of their own); the vowel signs of
/// Arabic and Hebrew. The marks of other scripts are letters.
fn is_dropped(base: char, mark: char) -> bool {
    match mark {
        '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0591}'..='\u{05C7}' => true,
        '\u{0300}'..='\u{036F}' => match base {
            'е' => true,
            '\u{0400}'..='\u{052F}' => !matches!(mark, '\u{0306}' | '\u{0308}'),
            _ => true,
        },
        _ => false,
    }
}
