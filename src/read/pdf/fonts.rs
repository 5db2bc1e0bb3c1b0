//! The fonts of a document: what text a code stands for, how far it moves, and how the font looks.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use hayro_cmap::BfString;
use hayro_font::{Font, FontCache, FontGlyph, StandardFont};
use hayro_syntax::object::{Array, Dict};
use unicode_normalization::UnicodeNormalization;

use super::objects::{name_of, numbers};

/// The bit of a font descriptor's flags that says the font is drawn bold.
const FORCE_BOLD: i32 = 1 << 18;
/// The bit that says the font is italic.
const ITALIC: i32 = 1 << 6;
/// A weight from which on a font is bold to the eye: semi-bold.
const BOLD_WEIGHT: f32 = 600.0;

/// How a font looks.
#[derive(Clone, Debug, Default)]
pub struct Face {
    pub bold: bool,
    pub italic: bool,
    /// The size of letters at a font size of one; only fonts drawn by content streams differ from one.
    pub scale: f32,
}

/// What a code of a font stands for.
#[derive(Clone, Debug)]
pub struct Code {
    /// Empty where nothing says what it is.
    pub text: Rc<str>,
    /// Horizontal and vertical advance at a font size of one.
    pub advance: (f32, f32),
}

/// A font with what was learned of its codes.
struct Loaded<'a> {
    font: Option<Font<'a>>,
    codes: HashMap<u32, Code>,
    /// The widths that the document gives, by code, at a font size of one.
    widths: Vec<f32>,
    /// What the embedded font program says of its glyphs, where nothing else does.
    glyphs: Option<HashMap<u32, char>>,
}

/// All fonts that have been used so far.
#[derive(Default)]
pub struct Fonts<'a> {
    cache: FontCache<'a>,
    /// By the place of the dictionary in the file.
    known: HashMap<(usize, usize), u16>,
    loaded: Vec<Loaded<'a>>,
    pub faces: Vec<Face>,
    standard: Option<u16>,
}

impl<'a> Fonts<'a> {
    /// The number of the font that a dictionary describes.
    pub fn font(&mut self, dict: &Dict<'a>) -> u16 {
        let data = dict.data();
        let key = (data.as_ptr() as usize, data.len());
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        if !has_bounded_widths(dict) {
            let number = self.add(None, face(dict), Vec::new());
            self.known.insert(key, number);
            return number;
        }
        let font = self.cache.font(
            dict,
            &(Arc::new(resolve) as hayro_font::FontResolverFn),
            &(Arc::new(hayro_cmap::load_embedded) as hayro_font::CMapResolverFn),
        );
        let number = match font {
            Some(font) => self.add(Some(font), face(dict), widths(dict)),
            None => self.standard(),
        };
        self.known.insert(key, number);
        number
    }

    /// The font for text without one: what other viewers show it in.
    pub fn standard(&mut self) -> u16 {
        if let Some(standard) = self.standard {
            return standard;
        }
        let resolver = Arc::new(resolve) as hayro_font::FontResolverFn;
        let font = self.cache.standard_font(StandardFont::Helvetica, &resolver);
        let number = self.add(font, Face { scale: 1.0, ..Face::default() }, Vec::new());
        self.standard = Some(number);
        number
    }

    fn add(&mut self, font: Option<Font<'a>>, face: Face, widths: Vec<f32>) -> u16 {
        let number = u16::try_from(self.loaded.len()).unwrap_or(u16::MAX);
        if number < u16::MAX {
            self.loaded.push(Loaded { font, codes: HashMap::new(), widths, glyphs: None });
            self.faces.push(face);
        }
        number.min(self.loaded.len().saturating_sub(1) as u16)
    }

    /// Whether a font runs along the line, not down it.
    pub fn is_horizontal(&self, font: u16) -> bool {
        let loaded = self.loaded.get(usize::from(font)).and_then(|loaded| loaded.font.as_ref());
        loaded.is_none_or(Font::is_horizontal)
    }

    /// The codes of a string, and whether each is the blank of one byte that word spacing widens.
    pub fn codes(&mut self, font: u16, bytes: &[u8], mut with: impl FnMut(bool, &Code)) {
        let Some(loaded) = self.loaded.get_mut(usize::from(font)) else { return };
        let Some(font) = &loaded.font else { return };
        let mut at = 0;
        while at < bytes.len() {
            let (code, length) = font.read_code(bytes, at);
            let length = length.max(1);
            let known = loaded
                .codes
                .entry(code)
                .or_insert_with(|| learn(font, code, &loaded.widths, &mut loaded.glyphs));
            with(code == 32 && length == 1, known);
            at += length;
        }
    }
}

fn resolve(query: &hayro_font::FontQuery) -> Option<(hayro_font::FontData, u32)> {
    match query {
        hayro_font::FontQuery::Standard(standard) => Some(standard.get_font_data()),
        hayro_font::FontQuery::Fallback(fallback) => {
            Some(fallback.pick_standard_font().get_font_data())
        }
    }
}

fn learn(
    font: &Font<'_>,
    code: u32,
    widths: &[f32],
    glyphs: &mut Option<HashMap<u32, char>>,
) -> Code {
    let advance = font.code_advance(code);
    let advance = ((advance.x / 1000.0) as f32, (advance.y / 1000.0) as f32);
    let glyph = font.map_code(code);
    let glyph = font.glyph(glyph, code);
    let unicode = match &glyph {
        FontGlyph::Outline(outline) => outline.as_unicode(),
        FontGlyph::Type3(type3) => type3.as_unicode(),
    };
    let text = match (unicode, &glyph) {
        (Some(BfString::Char(c)), _) => c.to_string(),
        (Some(BfString::String(text)), _) => text,
        (None, FontGlyph::Outline(outline)) => {
            let known = glyphs.get_or_insert_with(|| {
                let data = outline.font_data();
                data.map_or_else(HashMap::new, |data| super::cmap::glyphs((*data.data).as_ref()))
            });
            known.get(&outline.glyph_id().to_u32()).map(char::to_string).unwrap_or_default()
        }
        (None, FontGlyph::Type3(_)) => String::new(),
    };
    let text = readable(&text);
    // The font that stands in for one that is not in the file may lack the letter, and its width.
    let is_letter = text.chars().any(char::is_alphanumeric);
    let advance = match advance {
        (0.0, 0.0) if is_letter => (widths.get(code as usize).copied().unwrap_or(0.0), 0.0),
        known => known,
    };
    Code { text: text.into(), advance }
}

/// The widths of a simple font, by code.
fn widths(dict: &Dict<'_>) -> Vec<f32> {
    let Some(array) = dict.get::<Array<'_>>(b"Widths") else { return Vec::new() };
    let first = dict.get::<u32>(b"FirstChar").unwrap_or(0).min(255) as usize;
    let own = array.iter::<f32>().take(256).map(|width| width / 1000.0);
    std::iter::repeat_n(0.0, first).chain(own).collect()
}

/// Text without what stands for nothing: control characters and private codes. Presentation forms, those of
/// Latin ligatures and of Arabic, are their letters.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            'ﬅ' | 'ﬆ' => out.push_str("st"),
            // The bullet of the Symbol font, and what Word makes of it.
            '\u{f0a0}'..='\u{f0ff}' => out.push('•'),
            '\t' | '\n' | '\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => out.push(' '),
            '\u{fffd}' | '\u{feff}' | '\u{200b}' | '\u{e000}'..='\u{f8ff}' => {}
            // Letters of Arabic in the form that their neighbours give them.
            '\u{fb50}'..='\u{fdf9}' | '\u{fe80}'..='\u{fefc}' => {
                out.extend(std::iter::once(c).nfkc())
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Widths that a font may give to ranges of codes: four for each of the 65,536 that there are.
const MOST_WIDTHS: u64 = 1 << 18;

/// Whether a font gives widths to no more codes than there are: `hayro_font` puts each into a table, and a range
/// of all numbers of 32 bits is soon written.
fn has_bounded_widths(dict: &Dict<'_>) -> bool {
    let Some(font) = descendant(dict) else { return true };
    let mut count = 0;
    for (key, is_vertical) in [(b"W".as_slice(), false), (b"W2".as_slice(), true)] {
        let Some(widths) = font.get::<Array<'_>>(key) else { continue };
        let mut entries = widths.flex_iter();
        loop {
            if entries.next::<(u32, Array<'_>)>().is_some() {
                continue;
            }
            let range = match is_vertical {
                false => entries.next::<(u32, u32, f32)>().map(|range| (range.0, range.1)),
                true => {
                    let range = entries.next::<(u32, u32, f32, f32, f32)>();
                    range.map(|range| (range.0, range.1))
                }
            };
            let Some((first, last)) = range else { break };
            count += u64::from(last.saturating_sub(first)) + 1;
        }
    }
    count <= MOST_WIDTHS
}

/// The font of glyphs that a composite font has.
fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Array<'_>>(b"DescendantFonts")?.iter::<Dict<'_>>().next()
}

fn face(dict: &Dict<'_>) -> Face {
    let descendant = descendant(dict);
    let holder = descendant.as_ref().unwrap_or(dict);
    let descriptor = holder.get::<Dict<'_>>(b"FontDescriptor").unwrap_or_default();
    let name = name_of(dict, b"BaseFont")
        .or_else(|| name_of(&descriptor, b"FontName"))
        .unwrap_or_default()
        .to_lowercase();
    let flags = descriptor.get::<i32>(b"Flags").unwrap_or(0);
    let weight = descriptor.get::<f32>(b"FontWeight").unwrap_or(0.0);
    let is_named_bold =
        ["bold", "black", "heavy", "demi", "-bd", "-sb"].iter().any(|word| name.contains(word));
    Face {
        bold: is_named_bold || flags & FORCE_BOLD != 0 || weight >= BOLD_WEIGHT,
        italic: name.contains("italic") || name.contains("oblique") || flags & ITALIC != 0,
        scale: scale_of_drawn(dict),
    }
}

/// Fonts whose glyphs are content streams have units of their own: the height of their box tells what
/// a size of one means. A box that is many times as high as its widest glyph is wide was never measured; then
/// this width does.
fn scale_of_drawn(dict: &Dict<'_>) -> f32 {
    let numbers_of = |key: &[u8]| dict.get::<Array<'_>>(key).map(|array| numbers(&array));
    let (Some(matrix), Some(bounds)) = (numbers_of(b"FontMatrix"), numbers_of(b"FontBBox")) else {
        return 1.0;
    };
    let unit = |place| matrix.get(place).copied().map_or(0.001, f64::abs);
    let height = match bounds.as_slice() {
        [_, low, _, high] => unit(3) * (high - low).abs(),
        _ => 0.0,
    };
    let widths = numbers_of(b"Widths").unwrap_or_default();
    let widest = unit(0) * widths.into_iter().fold(0.0, f64::max);
    let is_measured = widest == 0.0 || height <= HIGHEST_BOX * widest;
    let scale = if is_measured { height } else { widest } as f32;
    if scale > 0.0 && scale.is_finite() { scale } else { 1.0 }
}

/// The box of a font of narrow digits is three times as high as these are wide.
const HIGHEST_BOX: f64 = 4.0;
