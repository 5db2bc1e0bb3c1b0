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

/// Words that make up a third of English and that no other language has as many of.
const ENGLISH: [&str; 14] = [
    "the", "and", "of", "to", "for", "that", "with", "by", "from", "were", "are", "this", "which",
    "their",
];

/// Where one word in this many is one of [`ENGLISH`], and `the` and `and` are among them, a text is
/// English: so said the detector too of every one of 3,000 reports and pages. It takes forty times as
/// long, which was a twenty-fifth of indexing.
const ENGLISH_SHARE: usize = 6;

/// The BCP 47 tag of a text's language; `None` where it is too short or too mixed to tell.
pub fn detect(text: &str) -> Option<String> {
    let sample = sample(text);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters < SHORTEST {
        return None;
    }
    if is_plainly_english(sample) {
        return Some("en".to_owned());
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

fn is_plainly_english(sample: &str) -> bool {
    let (mut words, mut known, mut the, mut and) = (0, 0, false, false);
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        known += usize::from(ENGLISH.contains(&word));
        the |= word == "the";
        and |= word == "and";
    }
    the && and && known * ENGLISH_SHARE >= words
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
