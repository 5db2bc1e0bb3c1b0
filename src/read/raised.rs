//! What is raised: the number of a note, or a power, which must not be read as the end of the number or word that it
//! stands behind. `12` with a raised `3` is `12³`, and not `123`.

use std::borrow::Cow;

/// The longest number of a note (digits); a longer one that is raised says something itself, as a year does.
const LONGEST: usize = 3;

/// Letters that stand so many half-points above the line are raised; fewer are how a printed page is set.
pub const LEAST_HALF_POINTS: i32 = 4;

/// The same in percent of their height.
pub const LEAST_PERCENT: f32 = 15.0;

/// Raised text as it is written on the line: its digits as raised ones, which quotations and searches know as marks of
/// notes. What is raised of words (`1st`, `Mme`, a whole sentence) stays as it is, and so do numbers in brackets, which
/// are marks without that.
pub fn raised(text: &str) -> Cow<'_, str> {
    let has_brackets = text.contains(['[', ']', '(', ')']);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let mut numbers = text.split(|c: char| digit(c).is_none());
    let is_mark = letters <= 1 && !has_brackets && numbers.all(|it| it.chars().count() <= LONGEST);
    match is_mark && text.contains(|c: char| digit(c).is_some()) {
        true => Cow::Owned(text.chars().map(|c| digit(c).unwrap_or(c)).collect()),
        false => Cow::Borrowed(text),
    }
}

/// The raised form of a digit of any of the scripts that reports are written in.
fn digit(c: char) -> Option<char> {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    /// The zeros of Latin, Arabic, Persian, Devanagari, Bengali, Thai, Lao, Burmese, Khmer and full-width digits.
    const ZEROS: [u32; 10] =
        [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x1040, 0x17E0, 0xFF10];
    let values = ZEROS.iter().map(|zero| u32::from(c).wrapping_sub(*zero));
    values.filter_map(|value| RAISED.get(value as usize)).next().copied()
}
