//! Glyphs to words: what stands on one base line without a gap.

use std::collections::BTreeMap;

use super::content::{Content, Glyph};
use super::fonts::Face;

/// Gaps wider than this part of the font size part words; what `pdftotext` uses too.
const WORD_GAP: f32 = 0.1;
/// A base line may waver by this part of the font size within a word.
const SAME_LINE: f32 = 0.2;

/// A word with its place and look.
#[derive(Clone, Debug, Default)]
pub struct Word {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    /// Its base line.
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    pub italic: bool,
    /// The number by which the structure tree names it.
    pub mcid: Option<i32>,
    pub is_pagination: bool,
    /// The number of its paragraph, where it was recognized in a picture.
    pub paragraph: Option<u32>,
    /// White space was written before it: it is no part of the word to its left.
    pub after_blank: bool,
}

impl Word {
    pub fn top(&self) -> f32 {
        self.y - 0.75 * self.size
    }

    pub fn bottom(&self) -> f32 {
        self.y + 0.22 * self.size
    }

    /// Whether it is read from right to left.
    pub fn is_rtl(&self) -> bool {
        let (mut rtl, mut ltr) = (0, 0);
        for c in self.text.chars() {
            match is_rtl(c) {
                true => rtl += 1,
                false if c.is_alphabetic() => ltr += 1,
                false => {}
            }
        }
        rtl > ltr
    }
}

/// Letters of the scripts that run from right to left.
pub fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !('\u{660}'..='\u{669}').contains(&c)
}

/// The words of a page, apart by the direction of their lines: the one with most text first.
pub fn words(content: &Content, faces: &[Face]) -> Vec<Vec<Word>> {
    let mut builders: BTreeMap<i16, Builder<'_>> = BTreeMap::new();
    for glyph in &content.glyphs {
        let builder = builders.entry(glyph.turn).or_insert_with(|| Builder {
            content,
            faces,
            glyphs: Vec::new(),
            is_blank: true,
            words: Vec::new(),
        });
        builder.glyph(*glyph);
    }
    let mut turns: Vec<Vec<Word>> = builders.into_values().map(Builder::finish).collect();
    turns.sort_by_key(|words| std::cmp::Reverse(words.len()));
    turns
}

struct Builder<'c> {
    content: &'c Content,
    faces: &'c [Face],
    glyphs: Vec<Glyph>,
    is_blank: bool,
    words: Vec<Word>,
}

impl Builder<'_> {
    fn text(&self, glyph: &Glyph) -> &str {
        let start = glyph.start as usize;
        self.content.text.get(start..start + usize::from(glyph.len)).unwrap_or_default()
    }

    fn glyph(&mut self, glyph: Glyph) {
        let text = self.text(&glyph);
        if glyph.len > 0 && text.chars().all(char::is_whitespace) {
            self.end();
            self.is_blank = true;
            return;
        }
        if self.glyphs.last().is_some_and(|last| !self.continues(last, &glyph)) {
            self.end();
        }
        self.glyphs.push(glyph);
    }

    fn continues(&self, last: &Glyph, next: &Glyph) -> bool {
        let size = last.size.max(next.size);
        if (last.y - next.y).abs() > SAME_LINE * size
            || last.mark != next.mark && self.is_other_part(last, next)
        {
            return false;
        }
        let room = WORD_GAP * size;
        let rightwards = next.x0 - last.x1;
        let leftwards = last.x0 - next.x1;
        let is_backwards = |glyph| self.text(glyph).chars().any(is_rtl);
        if is_backwards(next) && is_backwards(last) && leftwards.abs() <= room + 0.1 * size {
            return true;
        }
        // Kerning may pull a glyph back, but not before the one it follows.
        rightwards <= room && rightwards >= -0.6 * size && next.x0 >= last.x0 - 0.3 * size
    }

    fn is_other_part(&self, last: &Glyph, next: &Glyph) -> bool {
        let mark = |glyph: &Glyph| {
            self.content.marks.get(glyph.mark as usize).copied().unwrap_or_default()
        };
        mark(last).is_pagination != mark(next).is_pagination
    }

    fn end(&mut self) {
        let glyphs = std::mem::take(&mut self.glyphs);
        let (Some(first), Some(last)) = (glyphs.first(), glyphs.last()) else { return };
        let mut text: String = glyphs.iter().map(|glyph| self.text(glyph)).collect();
        let is_visual = last.x0 > first.x0;
        if is_visual && text.chars().any(is_rtl) {
            text = glyphs.iter().rev().map(|glyph| self.text(glyph)).collect();
        }
        if text.trim().is_empty() {
            self.glyphs = glyphs;
            self.glyphs.clear();
            return;
        }
        let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f32::max);
        let bold =
            glyphs.iter().filter(|glyph| self.face(glyph).is_some_and(|face| face.bold)).count();
        let italic =
            glyphs.iter().filter(|glyph| self.face(glyph).is_some_and(|face| face.italic)).count();
        let mark = self.content.marks.get(first.mark as usize).copied().unwrap_or_default();
        self.words.push(Word {
            text,
            x0: glyphs.iter().map(|glyph| glyph.x0).fold(f32::MAX, f32::min),
            x1: glyphs.iter().map(|glyph| glyph.x1).fold(f32::MIN, f32::max),
            y: first.y,
            size,
            bold: bold * 2 > glyphs.len(),
            italic: italic * 2 > glyphs.len(),
            mcid: mark.mcid,
            paragraph: None,
            is_pagination: mark.is_pagination,
            after_blank: self.is_blank,
        });
        self.is_blank = false;
        self.glyphs = glyphs;
        self.glyphs.clear();
    }

    fn face(&self, glyph: &Glyph) -> Option<&Face> {
        self.faces.get(usize::from(glyph.font))
    }

    fn finish(mut self) -> Vec<Word> {
        self.end();
        self.words
    }
}
