//! The letters of a word without what only looks different: for quotations, where `detain` and
//! `detained`, `children` and `children's`, `año` and `ano` are different words.

use unicode_normalization::UnicodeNormalization;

/// What is left out of account when the letters of two words are compared. The same letters in another
/// composition (`é` as one character or two) are always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disregard {
    /// Large and small letters.
    pub case: bool,
    /// The forms of the apostrophe.
    pub apostrophes: bool,
    /// Ligatures (`ﬁ`), full-width letters and other characters of compatibility.
    pub ligatures: bool,
    /// Soft hyphens and other characters that are not seen.
    pub invisible: bool,
}

impl Disregard {
    /// All of it.
    pub const ALL: Disregard =
        Disregard { case: true, apostrophes: true, ligatures: true, invisible: true };
}

/// The letters of a word without what is disregarded.
pub fn letters(word: &str, disregard: Disregard) -> String {
    if word.is_ascii() {
        return match disregard.case {
            true => word.to_ascii_lowercase(),
            false => word.to_owned(),
        };
    }
    let seen = word.chars().filter(|&c| !(disregard.invisible && is_invisible(c)));
    let seen: String = match disregard.ligatures {
        true => seen.nfkd().collect(),
        false => seen.collect(),
    };
    let unified = seen.chars().map(|c| match c {
        '’' | '‘' | 'ʼ' | '＇' | '`' | '´' if disregard.apostrophes => '\'',
        c => c,
    });
    match disregard.case {
        // Upper case first: `ß` and `SS`, `ς` and `Σ`, `ı` and `I` differ in case only.
        true if disregard.ligatures => {
            without_dots(unified.flat_map(char::to_uppercase).flat_map(char::to_lowercase))
        }
        // Upper case would take ligatures apart; `ı` is small `I`.
        true => {
            let unified = unified.map(|c| if c == 'ı' { 'i' } else { c });
            without_dots(unified.flat_map(char::to_lowercase))
        }
        false => unified.nfc().collect(),
    }
}

/// Small letters, composed. The dot that `İ` has as a mark of its own when it is made small is that of every small `i`.
fn without_dots(small: impl Iterator<Item = char>) -> String {
    let composed: String = small.nfc().collect();
    if composed.contains('\u{307}') { composed.replace("i\u{307}", "i") } else { composed }
}

/// Where a word may be divided; seen only where it is.
pub const SOFT_HYPHEN: char = '\u{AD}';

/// Whether a character is not seen and changes no word: the soft hyphen, what joins and parts letters
/// without a sign, marks of direction, tags, selectors of a variant.
pub fn is_invisible(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{61C}' | '\u{E0000}'..='\u{E007F}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character is of a script that puts blanks between sentences and none between words, and whose letters are no
/// words by themselves: Thai, Lao, Burmese, Khmer.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}
