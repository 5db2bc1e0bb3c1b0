//! Words that were recognized in a picture of a page, as words of that page.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::ObjectIdentifier;
use hayro_syntax::page::Page;

use super::fonts::Fonts;
use super::regions::median;
use super::words::Word;
use super::{MOST_WORDS, Pages, content};
use crate::read::ocr::{Picture, Recognize, RecognizedWord};

/// Words less sure than this, of 100, are specks and lines that were taken for letters.
const LEAST_CONFIDENCE: f32 = 20.0;
/// The height of a capital letter, and that of a small one, as parts of a font's size.
const CAPITAL: f32 = 0.71;
const SMALL: f32 = 0.5;
/// Sizes so near to that of most of the page are that size: boxes of letters are not exact.
const SAME_SIZE: f32 = 0.15;

/// Pages less sure than this have wrong words in most lines.
const LOW_CONFIDENCE: u32 = 70;
/// Fewer letters are no page of text, whichever way up.
const LEAST_LETTERS: f32 = 16.0;
/// So many pages that cannot be recognized end it: the next would fail likewise.
const MOST_FAILURES: usize = 3;

impl Pages {
    /// Reads pages without text as pictures.
    pub(super) fn recognize<'a>(
        &mut self,
        pages: &[Page<'a>],
        fonts: &mut Fonts<'a>,
        off: &HashSet<ObjectIdentifier>,
        recognize: Recognize<'_>,
    ) {
        let mut failures = 0;
        for number in std::mem::take(&mut self.without_text) {
            let page = pages.get(number - 1).filter(|_| failures < MOST_FAILURES);
            let picture = page.and_then(|page| {
                let drawn = AssertUnwindSafe(|| content::picture(page, fonts, off));
                catch_unwind(drawn).unwrap_or_default()
            });
            let found = match picture.map(|picture| upright(picture, recognize)) {
                Some(Ok(found)) => found,
                Some(Err(reason)) => {
                    failures += 1;
                    self.unrecognized.get_or_insert(reason);
                    Found::default()
                }
                None => Found::default(),
            };
            self.take(number, &found);
        }
    }

    /// Takes what was found on a page.
    fn take(&mut self, number: usize, found: &Found) {
        let mut words = words(&found.words, found.dpi);
        words.truncate(MOST_WORDS);
        let confidence = Confidence::of(&found.words);
        let place = self.words.get_mut(number - 1).zip(self.heights.get_mut(number - 1));
        let Some((place, height)) = place.filter(|_| !words.is_empty()) else {
            self.without_text.push(number);
            return;
        };
        (*place, *height) = (words, found.height);
        if confidence.mean().is_some_and(|mean| mean < LOW_CONFIDENCE) {
            self.unsure.push(number);
        }
        self.confidence = self.confidence.and(confidence);
    }
}

/// What was recognized on a page.
#[derive(Default)]
struct Found {
    words: Vec<RecognizedWord>,
    dpi: u32,
    /// The height of the page as it is read, in points.
    height: f32,
}

impl Found {
    /// Whether there is no need to try the page in other ways.
    fn is_well(&self) -> bool {
        let confidence = Confidence::of(&self.words);
        confidence.letters < LEAST_LETTERS
            || self.is_level() && confidence.mean() >= Some(LOW_CONFIDENCE)
    }

    /// Whether long words are wider than high.
    fn is_level(&self) -> bool {
        let long = self.words.iter().filter(|word| word.text.chars().count() > 3);
        let (wide, high): (Vec<_>, Vec<_>) = long.partition(|word| word.width > word.height);
        wide.len() > high.len()
    }

    /// How much was recognized, and how surely.
    fn worth(&self) -> f32 {
        if self.is_level() { Confidence::of(&self.words).sum } else { 0.0 }
    }
}

/// Recognizes a page; where that fails, also turned to each side and upside down.
fn upright(mut picture: Picture, recognize: Recognize<'_>) -> Result<Found, String> {
    let mut best: Option<Found> = None;
    for turn in 0..4 {
        let (dpi, next) = (picture.dpi, picture.turned());
        let height = picture.height as f32 * 72.0 / dpi.max(1) as f32;
        let found = Found { words: recognize(picture)?, dpi, height };
        if turn == 0 && found.is_well() {
            return Ok(found);
        }
        if best.as_ref().is_none_or(|best| found.worth() > best.worth()) {
            best = Some(found);
        }
        picture = next;
    }
    Ok(best.unwrap_or_default())
}

/// How sure all words of some pages are together, of 100; each counts by its letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confidence {
    sum: f32,
    letters: f32,
}

impl Confidence {
    /// That of these words.
    pub fn of(words: &[RecognizedWord]) -> Confidence {
        let kept = words.iter().filter(|word| is_word(word));
        kept.fold(Confidence::default(), |sum, word| {
            let letters = word.text.chars().count() as f32;
            sum.and(Confidence { sum: word.confidence * letters, letters })
        })
    }

    /// Both together.
    pub fn and(self, other: Confidence) -> Confidence {
        Confidence { sum: self.sum + other.sum, letters: self.letters + other.letters }
    }

    /// The mean; nothing where there are no words.
    pub fn mean(self) -> Option<u32> {
        (self.letters > 0.0).then(|| (self.sum / self.letters).clamp(0.0, 100.0).round() as u32)
    }
}

fn is_word(word: &RecognizedWord) -> bool {
    word.confidence >= LEAST_CONFIDENCE && word.text.chars().any(char::is_alphanumeric)
        || word.confidence >= 2.0 * LEAST_CONFIDENCE
}

/// The words of a page, in points; `dpi` is that of the picture.
pub fn words(recognized: &[RecognizedWord], dpi: u32) -> Vec<Word> {
    let scale = 72.0 / dpi.max(1) as f32;
    let mut words = Vec::new();
    for line in recognized.chunk_by(|a, b| a.line == b.line) {
        let kept: Vec<&RecognizedWord> = line.iter().filter(|word| is_word(word)).collect();
        let Some((y, size)) = measure(&kept) else { continue };
        words.extend(kept.iter().enumerate().map(|(index, word)| Word {
            text: if index == 0 { marked(&word.text) } else { word.text.clone() },
            x0: word.left * scale,
            x1: (word.left + word.width) * scale,
            y: y * scale,
            size: (size * scale * 2.0).round() / 2.0,
            after_blank: true,
            paragraph: Some(word.paragraph),
            ..Word::default()
        }));
    }
    let letters =
        words.iter().flat_map(|word: &Word| std::iter::repeat_n(word.size, word.text.len()));
    let usual = median(letters.collect());
    for word in words.iter_mut().filter(|word| (word.size - usual).abs() < SAME_SIZE * usual) {
        word.size = usual;
    }
    words
}

/// The first word of a line: what stands alone there and looks like a bullet is one.
fn marked(text: &str) -> String {
    match text {
        "¢" | "©" | "®" | "°" | "*" => "•".to_owned(),
        _ => text.to_owned(),
    }
}

/// The base line and the font size of a line, in pixels.
fn measure(line: &[&RecognizedWord]) -> Option<(f32, f32)> {
    let hangs = |c: char| {
        matches!(c, 'g' | 'j' | 'p' | 'q' | 'y' | 'Q' | 'J' | '(' | ')' | '[' | ']')
            || matches!(
                c,
                ',' | ';' | '|' | '/' | '@' | '$' | '_' | '“' | '”' | '"' | '\'' | '’' | '-'
            )
    };
    let rises = |c: char| {
        c.is_uppercase() || c.is_ascii_digit() || matches!(c, 'b' | 'd' | 'f' | 'h' | 'k' | 'l')
    };
    let bottom = |word: &&RecognizedWord| word.top + word.height;
    let standing = line.iter().filter(|word| !word.text.contains(hangs)).map(bottom);
    let standing: Vec<f32> = standing.collect();
    let y = match standing.is_empty() {
        true => median(line.iter().map(|word| word.top + 0.78 * word.height).collect()),
        false => median(standing),
    };
    let sizes = line.iter().filter(|word| word.text.chars().any(char::is_alphanumeric));
    let sizes = sizes.map(|word| {
        let part = if word.text.contains(rises) { CAPITAL } else { SMALL };
        (y - word.top).max(1.0) / part
    });
    let sizes: Vec<f32> = sizes.collect();
    (!sizes.is_empty()).then(|| (y, median(sizes)))
}
