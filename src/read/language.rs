//! The language of a text, where nothing declares it.

use whatlang::{Detector, Script};

use super::metadata::language_tag;

/// So much of a text is looked at, characters: a detector is right on 99 in 100 texts of 400.
const SAMPLE: usize = 1200;

/// Shorter texts (letters) say too little.
const SHORTEST: usize = 60;

/// Letters that only some languages in Cyrillic have, for those that the detector does not know. Each
/// counts where it is at least one letter in this many.
const RARE: usize = 100;

/// Languages in Cyrillic by their own letters: all of the first must be there, none of the second.
const CYRILLIC: [(&str, &str, &str); 5] = [
    ("kk", "әғқұі", ""),
    ("tg", "ӣҷӯ", ""),
    ("uz", "ўқғ", "ә"),
    ("tt", "әҗө", ""),
    ("ky", "өүң", "әғқ"),
];

/// The BCP 47 tag of a text's language; `None` where it is too short or too mixed to tell.
pub fn detect(text: &str) -> Option<String> {
    let sample = sample(text);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters < SHORTEST {
        return None;
    }
    let found = Detector::new().detect(sample)?;
    if found.script() == Script::Cyrillic
        && let Some(tag) = cyrillic(sample, letters)
    {
        return Some(tag.to_owned());
    }
    found.is_reliable().then(|| language_tag(found.lang().code())).flatten()
}

/// A piece from the middle: the beginning has titles, names and numbers.
fn sample(text: &str) -> &str {
    // Four bytes a character at most.
    let start = text.floor_char_boundary((text.len() / 2).saturating_sub(SAMPLE));
    let rest = &text[start..];
    rest.char_indices().nth(SAMPLE).map_or(rest, |(end, _)| &rest[..end])
}

fn cyrillic(sample: &str, letters: usize) -> Option<&'static str> {
    let lower = sample.to_lowercase();
    let count = |letter: char| lower.chars().filter(|c| *c == letter).count();
    let languages = CYRILLIC.iter().find(|(_, own, others)| {
        let all: usize = own.chars().map(count).sum();
        let has_each = own.chars().all(|letter| count(letter) > 0);
        has_each && all * RARE >= letters && others.chars().all(|letter| count(letter) == 0)
    });
    languages.map(|(tag, ..)| *tag)
}
