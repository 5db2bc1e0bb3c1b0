//! The language of a document whose pieces say theirs: the one that most of the text has, unless its
//! script gives it the lie (programs mark all text as English unless told otherwise).

use std::collections::HashMap;

use super::metadata::language_tag;

/// More languages than this in one document are noise.
const MOST_LANGUAGES: usize = 100;

/// Languages that are written in other scripts than Latin.
const NOT_LATIN: [&str; 40] = [
    "am", "ar", "as", "be", "bg", "bn", "bo", "dv", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka",
    "kk", "km", "kn", "ko", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "ps", "ru",
    "si", "ta", "te", "tg", "th", "uk", "ur", "zh",
];

/// Counts of letters by language and script.
#[derive(Default)]
pub struct Languages {
    counts: HashMap<String, usize>,
    latin: usize,
    other: usize,
}

impl Languages {
    /// Counts a piece of text in this language.
    pub fn count(&mut self, lang: Option<&str>, text: &str) {
        let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
        // Greek and what comes after it in Unicode: two bytes from 0xCD on, or more bytes.
        let other = text.bytes().filter(|&byte| byte >= 0xCD && byte != 0xE2).count();
        self.latin += latin;
        self.other += other;
        let Some(lang) = lang else { return };
        if let Some(count) = self.counts.get_mut(lang) {
            *count += latin + other;
        } else if self.counts.len() < MOST_LANGUAGES {
            self.counts.insert(lang.to_owned(), latin + other);
        }
    }

    /// The language of most of the text.
    pub fn most(&self) -> Option<String> {
        let most = self.counts.iter().max_by_key(|(lang, count)| (**count, (*lang).clone()))?;
        language_tag(most.0).filter(|lang| self.is_plausible(lang))
    }

    /// Whether the letters are of the script of a language.
    pub fn is_plausible(&self, lang: &str) -> bool {
        let primary = lang.split('-').next().unwrap_or_default();
        match NOT_LATIN.contains(&primary) {
            true => self.other * 4 >= self.latin,
            false => self.latin >= self.other || ["sr", "uz", "az", "bs", "sh"].contains(&primary),
        }
    }
}
