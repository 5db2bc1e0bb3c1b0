//! Scripts that put no blank between words: where a line of the source breaks between two letters of them, it breaks
//! inside of a word or a phrase, and a blank there would be none of the text.

use crate::analyze;

/// Whether a line that ends so goes on in the next without a blank.
pub fn goes_on(line: &str, next: &str) -> bool {
    let last = line.trim_end().chars().next_back();
    last.is_some_and(is_letter) && next.trim_start().chars().next().is_some_and(is_letter)
}

/// Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese; the signs that end their sentences are none.
fn is_letter(c: char) -> bool {
    let is_of_east = matches!(u32::from(c), 0x3005..0x3008 | 0x3040..0x3100 | 0x3400..0x4DC0 | 0x4E00..0xA000
        | 0xF900..0xFB00 | 0x20000..0x32000);
    (is_of_east || analyze::is_unspaced(c)) && (c.is_alphabetic() || is_mark(c))
}

/// Signs of vowels and tones that stand at the end of a syllable and are no letters to Unicode.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0xE46..0xE4F | 0xEC8..0xECE | 0x1037..0x103B | 0x17C6..0x17D4)
}
